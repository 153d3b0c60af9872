"""The board of a half-year: every unit that owes it, its state, whether in time, how complete."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import short_date
from portal.lib.vietnamese.dates import weekday_name
from portal.models import Posting, Unit, User
from portal.permissions import Permission
from portal.vocabulary import Badge, Role
from reports.figures import EXPECTED, DatedTree, Place
from reports.models import Submission
from reports.services.submissions import units_owing

State = Submission.State


@dataclass(frozen=True)
class Contact:
    """Whom to ring about a unit; "" for what is not known."""

    name: str
    phone: str  # E.164


@dataclass(frozen=True)
class BoardRow:
    """A unit that owes the half-year, with what it has sent (None: not begun)."""

    place: Place
    submission: Submission | None
    filled: int
    due: dt.date
    today: dt.date
    contact: Contact = Contact("", "")

    @property
    def state(self) -> str:
        """Its state; one that has not begun is a draft."""
        return self.submission.state if self.submission else State.DRAFT

    @property
    def is_open(self) -> bool:
        """Whether the unit still writes on it."""
        return State(self.state).is_editable

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been sent by now."""
        return self.is_open and self.today > self.due

    @property
    def days_late(self) -> int:
        """How many days it is overdue; 0 when it is not."""
        return (self.today - self.due).days if self.is_overdue else 0

    @property
    def is_sent_late(self) -> bool:
        """Whether it was sent after its deadline."""
        sent = self.submission.submitted_at if self.submission and not self.is_open else None
        return bool(sent and timezone.localtime(sent).date() > self.due)

    @property
    def is_late(self) -> bool:
        """Whether it is overdue or was sent too late."""
        return self.is_overdue or self.is_sent_late

    @property
    def group(self) -> str:
        """Where it is counted, once: Badge.LATE when it is overdue, else its state."""
        return Badge.LATE if self.is_overdue else self.state


def board_of(user: User, half: HalfYear, tree: DatedTree, due: dt.date) -> list[BoardRow]:
    """Return a row for every unit that owes the half-year and that the person may see."""
    seen = set(Unit.objects.covered_by(user, Permission.VIEW_SUBMISSION).values_list("pk", flat=True))
    places = [place for place in units_owing(half, tree) if place.unit_id in seen]
    owed = Submission.objects.of(half).filter(unit_id__in=[place.unit_id for place in places])
    found = {
        one.unit_id: one
        for one in owed.annotate(
            filled=Count("values", filter=Q(values__indicator__in=[one.code for one in EXPECTED]))
        ).select_related("submitted_by")
    }
    today = timezone.localdate()
    contacts = _find_contacts([place.unit_id for place in places], today)
    return [
        BoardRow(place, one := found.get(place.unit_id), one.filled if one else 0, due, today, contacts[place.unit_id])
        for place in places
    ]


def _find_contacts(units: list[int], today: dt.date) -> dict[int, Contact]:
    """Return whom to ring for each unit: the first officer posted to it now, with a phone before one without.

    Where no officer has a phone the unit's own stands in: most units begin without an account.
    """
    postings = Posting.objects.in_force(today).filter(unit_id__in=units, role=Role.OFFICER, user__is_active=True)
    officers: dict[int, User] = {}
    for posting in postings.select_related("user").order_by(F("user__phone").asc(nulls_last=True), "pk"):
        officers.setdefault(posting.unit_id, posting.user)
    return {unit.pk: _find_contact(unit, officers.get(unit.pk)) for unit in Unit.objects.filter(pk__in=units)}


def _find_contact(unit: Unit, officer: User | None) -> Contact:
    if officer is None:
        return Contact(unit.contact, unit.phone)
    return Contact(officer.full_name, officer.phone) if officer.phone else Contact(officer.full_name, unit.phone)


def sort_by_lateness(rows: list[BoardRow]) -> list[BoardRow]:
    """Return the late ones first, those that still write before those that wait, each in the order of the tree."""
    return sorted(rows, key=lambda row: (-row.days_late, not row.is_late, not row.is_open))


@dataclass(frozen=True)
class Tile:
    """A group in the bar: its word, how many units, from where and how wide in thousandths of the bar."""

    state: str
    label: str
    count: int
    start: int
    width: int


def lay_tiles(rows: list[BoardRow]) -> list[Tile]:
    """Return the states that occur, what is late first, laid side by side in a bar of 1000."""
    groups, words = count_groups(rows), word_groups()
    tiles, start = [], 0
    for state in (state for state in words if groups[state]):
        width = 1000 * groups[state] // len(rows)
        tiles.append(Tile(state, words[state], groups[state], start, width))
        start += width
    return tiles


def word_groups() -> dict[str, str]:
    """Return the groups of a board with their words, what is late first; a draft and what has not begun are one."""
    states = {str(state): gettext("Not sent") if state == State.DRAFT else str(state.label) for state in State}
    return {str(Badge.LATE): str(Badge.LATE.label), **states}


def count_groups(rows: list[BoardRow]) -> Counter[str]:
    """Return how many rows are in each group: the bar, the filter and the list say the same number."""
    return Counter(str(row.group) for row in rows)


def write_reminder(rows: list[BoardRow], half: HalfYear, due: dt.date) -> str:
    """Return the message that reminds whoever still owes the half-year, to be sent by Zalo; "" when nobody does."""
    owing = [row for row in rows if row.is_open and row.state != State.MISSING]
    if not owing:
        return ""
    told = [
        f"- {row.place.name}" + (f": quá hạn {row.days_late} ngày" if row.days_late else "")
        + (" (bị trả lại, cần sửa)" if row.state == State.RETURNED else "")
        for row in owing
    ]  # fmt: skip
    head = (
        f"Kính gửi các đơn vị chưa gửi số liệu {half.label}, hạn gửi "
        f"{weekday_name(due)}, ngày {short_date(due)}. Đề nghị các đơn vị sau sớm gửi về Hội:"
    )
    return "\n".join([head, *told, "Trân trọng cảm ơn."])
