"""Letters (e-mail) to editors: guides and documents whose day has come to be checked again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import BigIntegerField, F, Func, Value
from django.urls import reverse

from news.models import Recheck
from portal.lib.vietnamese import short_date
from portal.models import Posting, SiteProfile, Unit
from portal.vocabulary import Role


def remind_editors(today: dt.date) -> dict[str, int]:
    """Write to who must act of everything that is due and of which no letter went yet: one letter for all of it.

    Returns {"rechecks", "letters"}. Nobody is written to where the site sends no reminders. What nobody with an
    address may decide on stays on the home of the staff alone. What could be sent to nobody is tried again the next
    time. When all others are written, the OSError of a letter that was refused is raised.
    """
    sent = {"rechecks": 0, "letters": 0}
    if not SiteProfile.objects.filter(remind_days__gt=0).exists():
        return sent
    due = Recheck.objects.read_now().filter(due_on__lte=today).exclude(reminded_of=F("due_on"))
    rows = list(due.select_related("article__category", "document").prefetch_related("article__category__editors"))
    failed: OSError | None = None
    for addresses, group in _by_addresses(rows, today).items():
        try:
            with transaction.atomic():
                for row in group:
                    Recheck.objects.filter(pk=row.pk, due_on=row.due_on).update(reminded_of=row.due_on)
                refused = _send(group, addresses)
                if len(refused) == len(addresses):
                    raise refused[-1]
        except OSError as error:  # an address that is refused keeps no letter from the others
            failed = error
        else:
            sent["rechecks"] += len(group)
            sent["letters"] += len(addresses) - len(refused)
            failed = refused[-1] if refused else failed
    if failed is not None:
        raise failed
    return sent


def _by_addresses(rows: Iterable[Recheck], today: dt.date) -> dict[tuple[str, ...], list[Recheck]]:
    """Return what is due by the addresses of those who may decide on it; what nobody is written of is left out.

    Where a section has no editors of its own it is the nearest who hold the unit: its own, else its successor's (of
    one that has ended) or those above.
    """
    postings = Posting.objects.in_force(today).filter(role=Role.EDITOR, user__is_active=True).exclude(user__email="")
    known: dict[int, dict[int, str]] = defaultdict(dict)  # by the unit of their posting
    for unit_id, user_id, address in postings.values_list("unit_id", "user_id", "user__email"):
        known[unit_id][user_id] = address
    reach: dict[int, set[int]] = defaultdict(set)
    held = Func(F("pk"), Value(today), function="unit_reach", output_field=BigIntegerField())
    for unit_id, held_id in Unit.objects.filter(pk__in=known).annotate(held=held).values_list("pk", "held"):
        reach[unit_id].add(held_id)
    found: dict[tuple[str, ...], list[Recheck]] = defaultdict(list)
    for row in rows:
        own = {one.pk for one in row.article.category.editors.all()} if row.article else set()
        subject = row.article or row.document
        holding = [unit_id for unit_id in reach if subject and subject.unit_id in reach[unit_id]]
        nearest = min((len(reach[unit_id]) for unit_id in holding), default=0)
        people = {
            address
            for unit_id in holding if own or len(reach[unit_id]) == nearest
            for user_id, address in known[unit_id].items() if not own or user_id in own
        }  # fmt: skip
        if people:
            found[tuple(sorted(people))].append(row)
    return found


def _send(rows: list[Recheck], addresses: Iterable[str]) -> list[OSError]:
    """Write to each address; return what was said of those that were refused."""
    named = "\n".join(f"- {row} (hạn xem lại: {short_date(row.due_on)})" for row in rows)
    text = (
        f"Kính gửi biên tập viên,\n\nCác bài viết và văn bản sau đã đến hạn xem lại:\n\n{named}\n\n"
        "Đề nghị đọc lại, ghi “Vẫn đúng” hoặc sửa tại địa chỉ:\n\n"
        f"{settings.SITE_URL}{reverse('recheck_list')}?when=late\n\nTrân trọng cảm ơn."
    )
    refused: list[OSError] = []
    for address in addresses:
        try:
            send_mail(f"Nhắc xem lại {len(rows)} bài viết, văn bản", text, None, [address])
        except OSError as error:
            refused.append(error)
    return refused
