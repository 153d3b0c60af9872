"""What is worth looking at first in a list that waits for approval: counted and filtered by the database alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import User
from scholarships.models import Batch, Disbursement, DisbursementSum
from scholarships.models.disbursement import DisbursementQuerySet

FAR = 3  # times the norm, or a third of it
LARGEST = 5
SAMPLE = 10
_ENOUGH = 20  # turns before, from which an average says something

_MEDIANS = """
SELECT programme_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY amount)
FROM scholarships_disbursement WHERE batch_id = %s AND reversed_at IS NULL GROUP BY programme_id
"""


@dataclass(frozen=True)
class Kind:
    """One thing to look for: its code in addresses, its words, how grave it is, what it means."""

    code: str
    label: Promise
    means: Promise | str = ""
    is_grave: bool = False


@dataclass(frozen=True)
class Found:
    """How many rows of the list there are of a kind."""

    kind: Kind
    count: int


@dataclass(frozen=True)
class Large:
    """One of the largest rows, beside what is usual under its programme."""

    row: Disbursement
    norm: int
    times: int  # the norm, 1 where it is not far above it


KINDS: tuple[Kind, ...] = (
    Kind("paid", _("Paid already by another unit"), _("the same name, birth, day and amount"), is_grave=True),
    Kind("before", _("Had the same programme this half-year"), _("on another batch of this unit")),
    Kind("twice", _("The same child twice in this batch"), _("the same name, and births that may be one")),
    Kind("elsewhere", _("Also sent by another unit"), _("the same name and birth, this half-year")),
    Kind("far", _("Far from the usual amount"), _("three times what the programme usually gives, or a third of it")),
    Kind("last_day", _("Given on the last day"), _("of the half-year")),
    Kind("late", _("Late rows"), _("meant for an earlier half-year, counted in this one")),
    Kind("again", _("Remarked on before"), _("sent back with a remark, and sent again")),
    Kind("marked", _("Your remarks"), _("these rows go back with a comment each")),
)
SAMPLED = Kind("sample", _("A random sample"), _("ten rows drawn by lot, to call or to look up"))


class Findings:
    """What there is to look at in one list; nothing of it loads the list's rows."""

    def __init__(self, batch: Batch, user: User) -> None:
        self.batch, self.user = batch, user

    def narrow(self, code: str, rows: Any) -> Any:
        """Return those of the list's rows that are of a kind."""
        found: Callable[[Any], Any] = getattr(self, f"_{code}")
        return found(rows)

    def __iter__(self) -> Iterator[Found]:
        """Yield every kind of which there is a row, the gravest first, and the sample."""
        rows = self.batch.disbursements.standing()
        for kind in KINDS:
            if count := self.narrow(kind.code, rows).count():
                yield Found(kind, count)
        if (turns := rows.count()) > SAMPLE:
            yield Found(SAMPLED, min(turns, SAMPLE))

    @cached_property
    def norms(self) -> dict[int, tuple[int, int]]:
        """Programme id -> what a turn of it usually is: the least and the greatest of two ways to tell.

        They are the list's own middle amount, and the average of all units in the two half-years before, where enough
        was given for it to say something. What is far from both is worth a look.
        """
        halves = [self.batch.half_year.previous().code, self.batch.half_year.previous().previous().code]
        with connection.cursor() as cursor:
            cursor.execute(_MEDIANS, [self.batch.pk])
            norms: dict[int, tuple[int, int]] = {programme: (middle, middle) for programme, middle in cursor.fetchall()}
        before = DisbursementSum.objects.filter(half__in=halves, programme_id__in=norms).order_by()
        for row in before.values("programme_id").annotate(all_turns=Sum("turns"), all_amount=Sum("amount")):
            if row["all_turns"] >= _ENOUGH:
                average, middle = round(row["all_amount"] / row["all_turns"]), norms[row["programme_id"]][0]
                norms[row["programme_id"]] = (min(average, middle), max(average, middle))
        return norms

    def times(self, row: Disbursement) -> int:
        """Return how many times the usual amount a row has, rounded down; 1 where it is not far above it."""
        _least, greatest = self.norms.get(row.programme_id, (row.amount, row.amount))
        times = row.amount // max(greatest, 1)
        return times if times >= FAR else 1

    def largest(self) -> list[Large]:
        """Return the largest rows."""
        rows = self.batch.disbursements.standing().select_related("recipient", "programme")
        found = rows.order_by("-amount", "id")[:LARGEST]
        return [Large(row, self.norms[row.programme_id][1], self.times(row)) for row in found]

    def _paid(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.paid_elsewhere()

    def _before(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.given_before()

    def _twice(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.twice_in_a_list()

    def _elsewhere(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.also_elsewhere()

    def _far(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        far = Q(pk__in=[])
        for programme_id, (least, greatest) in self.norms.items():
            far |= Q(programme_id=programme_id) & (Q(amount__gte=FAR * greatest) | Q(amount__lte=least // FAR))
        return rows.filter(far)

    def _last_day(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.filter(given_on=self.batch.half_year.last_day)

    def _late(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.exclude(late_for="")

    def _again(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.remarked_last_time()

    def _marked(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        return rows.filter(remarks__event__isnull=True, remarks__isnull=False)

    def _sample(self, rows: DisbursementQuerySet) -> QuerySet[Disbursement]:
        """Ten rows drawn anew for each person and each sending, the same on every look."""
        return rows.filter(pk__in=self._drawn)

    @cached_property
    def _drawn(self) -> list[int]:
        seed = f"{self.user.pk}:{self.batch.submitted_at}"
        lot = RawSQL("md5(scholarships_disbursement.id::text || %s)", [seed])
        return list(self.batch.disbursements.standing().order_by(lot, "pk").values_list("pk", flat=True)[:SAMPLE])
