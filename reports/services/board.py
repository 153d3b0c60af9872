"""The board of a half-year: every unit that owes it, its state, whether in time, how complete."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.permissions import Permission
from reports.figures import DatedTree, Place
from reports.models import Submission
from reports.services.submissions import units_owing

State = Submission.State


@dataclass(frozen=True)
class BoardRow:
    """A unit that owes the half-year, with what it has sent (None: not begun)."""

    place: Place
    submission: Submission | None
    filled: int
    due: dt.date
    today: dt.date

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
    def is_late(self) -> bool:
        """Whether it is overdue or was sent too late."""
        sent = self.submission.submitted_at if self.submission and not self.is_open else None
        return self.is_overdue or bool(sent and timezone.localtime(sent).date() > self.due)


def board_of(user: User, half: HalfYear, tree: DatedTree, due: dt.date) -> list[BoardRow]:
    """Return a row for every unit that owes the half-year and that the person may see."""
    seen = set(Unit.objects.covered_by(user, Permission.VIEW_SUBMISSION).values_list("pk", flat=True))
    places = [place for place in units_owing(half, tree) if place.unit_id in seen]
    owed = Submission.objects.of(half).filter(unit_id__in=[place.unit_id for place in places])
    found = {one.unit_id: one for one in owed.annotate(filled=Count("values")).select_related("submitted_by")}
    today = timezone.localdate()
    return [BoardRow(place, one := found.get(place.unit_id), one.filled if one else 0, due, today) for place in places]


def count_states(rows: list[BoardRow]) -> Counter[str]:
    """Return how many rows are in each state, and how many are "late"."""
    counts: Counter[str] = Counter(row.state for row in rows)
    counts["late"] = sum(row.is_late for row in rows)
    return counts
