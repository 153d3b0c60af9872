"""Reminders by e-mail to officers whose unit still owes a half-year: soon due, or late."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from news.services import remind_editors
from portal.lib.periods import HalfYear, half_to_report
from portal.lib.vietnamese import short_date
from portal.lib.vietnamese.dates import weekday_name
from portal.models import Posting, SiteProfile
from portal.vocabulary import Role
from reports.figures import DatedTree, Place, due_on
from reports.models import Reminder, Submission
from reports.services.heads import name_issuer
from reports.services.submissions import units_owing

_ONCE_A_DAY = 24 * 60 * 60


def remind_officers(today: dt.date) -> dict[str, int]:
    """Write to the officers of every unit that owes the half-year and was not reminded of this deadline yet.

    Returns {"units", "letters"}. The site's profile says how many days before the deadline it begins; once more when
    the deadline has passed. A unit whose officers have no address is left for whoever rings. A unit of which nobody
    could be written to is tried again the next time. When all others are written, the OSError of a letter that was
    refused is raised.
    """
    half = half_to_report(today)
    days = SiteProfile.objects.values_list("remind_days", flat=True).first() or 0
    due, sent = due_on(half), {"units": 0, "letters": 0}
    if not days or today < due - dt.timedelta(days=days):
        return sent
    owing = _find_owing(half, due, is_late=today > due)
    addresses = _find_addresses([place.unit_id for place, _state in owing], today)
    failed: OSError | None = None
    for place, state in owing:
        if letters := addresses[place.unit_id]:
            try:
                with transaction.atomic():
                    _made, is_new = Reminder.objects.get_or_create(
                        unit_id=place.unit_id, half=half.code, due_on=due, is_late=today > due
                    )
                    refused = _send(place, state, half, due, today, letters) if is_new else []
                    if len(refused) == len(letters):
                        raise refused[-1]
            except OSError as error:  # an address that is refused keeps no letter from the others
                failed = error
            else:
                sent["units"] += is_new
                sent["letters"] += len(letters) - len(refused) if is_new else 0
                failed = refused[-1] if refused else failed
    if failed is not None:
        raise failed
    return sent


def count_reminded(half: HalfYear, due: dt.date) -> int:
    """Return how many units were reminded by e-mail of the deadline."""
    return Reminder.objects.filter(half=half.code, due_on=due).values("unit").distinct().count()


def _find_owing(half: HalfYear, due: dt.date, *, is_late: bool) -> list[tuple[Place, str]]:
    """Return the units that still write on the half-year, with its state; whoever was listed as missing is left out."""
    told = set(Reminder.objects.filter(half=half.code, due_on=due, is_late=is_late).values_list("unit_id", flat=True))
    tree, states = DatedTree(half.last_day), dict(Submission.objects.of(half).values_list("unit_id", "state"))
    owing = [(place, states.get(place.unit_id, Submission.State.DRAFT)) for place in units_owing(half, tree)]
    writing = {Submission.State.DRAFT, Submission.State.RETURNED}
    return [(place, state) for place, state in owing if state in writing and place.unit_id not in told]


def _find_addresses(units: Iterable[int], today: dt.date) -> dict[int, list[str]]:
    """Return where the units' officers are written to: accounts that have not ended, posted there today."""
    postings = Posting.objects.in_force(today).filter(unit_id__in=units, role=Role.OFFICER, user__is_active=True)
    found: dict[int, list[str]] = defaultdict(list)
    for unit_id, address in postings.exclude(user__email="").order_by("pk").values_list("unit_id", "user__email"):
        if address not in found[unit_id]:
            found[unit_id].append(address)
    return found


def _send(place: Place, state: str, half: HalfYear, due: dt.date, today: dt.date, letters: list[str]) -> list[OSError]:
    """Write to each address; return what was said of those that were refused."""
    left = (due - today).days
    when = f"còn {left} ngày" if left > 0 else "hôm nay là ngày cuối" if left == 0 else f"đã quá hạn {-left} ngày"
    mended = " Số liệu đã được trả lại, cần sửa rồi gửi lại." if state == Submission.State.RETURNED else ""
    subject = f"Nhắc gửi số liệu {half.label}: {place.name}"
    text = (
        f"Kính gửi: {name_issuer(place.name)},\n\n"
        f"Hạn gửi số liệu {half.label} là {weekday_name(due)}, ngày {short_date(due)} ({when}).{mended} "
        "Đề nghị đơn vị sớm nhập và gửi tại địa chỉ:\n\n"
        f"{settings.SITE_URL}{reverse('submission_detail', args=[half, place.code])}\n\nTrân trọng cảm ơn."
    )
    refused: list[OSError] = []
    for address in letters:
        try:
            send_mail(subject, text, None, [address])
        except OSError as error:
            refused.append(error)
    return refused


@task()
def send_reminders() -> dict[str, int]:
    """Do it in the worker; done again, nobody is written to twice."""
    return remind_all(timezone.localdate())


def remind_all(today: dt.date) -> dict[str, int]:
    """Write to officers and to editors (what is due to be checked again); one refused letter keeps none back."""
    try:
        officers = remind_officers(today)
    finally:
        editors = remind_editors(today)
    return {**officers, "rechecks": editors["rechecks"], "letters": officers["letters"] + editors["letters"]}


def ask_for_reminders() -> None:
    """Let the worker see whom to remind, once a day at most."""
    if cache.add("reports.reminders", 1, _ONCE_A_DAY):
        transaction.on_commit(send_reminders.enqueue)
