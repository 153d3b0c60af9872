"""Letters (e-mail) to editors: guides and documents whose day has come to be checked again."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.urls import reverse

from news.models import Recheck
from portal.lib.vietnamese import short_date
from portal.models import Posting, SiteProfile
from portal.vocabulary import Role


def remind_editors(today: dt.date) -> dict[str, int]:
    """Write to who must act of everything that is due and of which no letter went yet: one letter for all of it.

    Returns {"rechecks", "letters"}. Nobody is written to where the site sends no reminders. What nobody with an
    address may decide on stays on the home of the staff alone. A letter that cannot be sent is tried again the next
    time; when all others are written, its OSError is raised.
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
                _send(group, addresses)
        except OSError as error:  # an address that is refused keeps no letter from the others
            failed = error
        else:
            sent["rechecks"] += len(group)
            sent["letters"] += len(addresses)
    if failed is not None:
        raise failed
    return sent


def _by_addresses(rows: Iterable[Recheck], today: dt.date) -> dict[tuple[str, ...], list[Recheck]]:
    """Return what is due by the addresses of those who may decide on it; what nobody is written of is left out."""
    postings = Posting.objects.in_force(today).filter(role=Role.EDITOR, user__is_active=True)
    known = dict(postings.exclude(user__email="").values_list("user_id", "user__email"))
    of_unit: dict[int, list[int]] = defaultdict(list)
    for unit_id, user_id in postings.order_by("user_id").values_list("unit_id", "user_id"):
        of_unit[unit_id].append(user_id)
    found: dict[tuple[str, ...], list[Recheck]] = defaultdict(list)
    for row in rows:
        own = [one.pk for one in row.article.category.editors.all()] if row.article else []
        subject = row.article or row.document
        people = own or (of_unit[subject.unit_id] if subject else [])
        if addresses := tuple(sorted({known[pk] for pk in people if pk in known})):
            found[addresses].append(row)
    return found


def _send(rows: list[Recheck], addresses: Iterable[str]) -> None:
    named = "\n".join(f"- {row} (xem lại trước ngày {short_date(row.due_on)})" for row in rows)
    text = (
        f"Kính gửi biên tập viên,\n\nCác bài viết và văn bản sau đã đến hạn xem lại:\n\n{named}\n\n"
        "Đề nghị đọc lại, ghi “Vẫn đúng” hoặc sửa tại địa chỉ:\n\n"
        f"{settings.SITE_URL}{reverse('recheck_list')}?when=late\n\nTrân trọng cảm ơn."
    )
    for address in addresses:
        send_mail(f"Nhắc xem lại {len(rows)} bài viết, văn bản", text, None, [address])
