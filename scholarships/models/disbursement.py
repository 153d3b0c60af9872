"""Disbursements ("lượt"): the facts every figure is made of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Self

from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import BrinIndex
from django.db import connection, models
from django.db.models import Count, F, FilteredRelation, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import vocabulary
from portal.lib.periods import CODE_PATTERN, HalfYear, Period
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission
from scholarships.models.batch import Batch, BatchFile
from scholarships.models.fund import Fund
from scholarships.models.programme import Programme
from scholarships.models.recipient import Recipient, RecipientVerdict

_FROM_FUND = vocabulary.Source.those("from_fund")
_STATE = "SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM scholarships_givingchange WHERE half IN (%s, '')"
_UNSENT = vocabulary.BatchState.those("is_editable")


def _of_the_same_person(rows: Any) -> Any:
    """The rows whose person may be the outer row's: the same name, and births that agree in what both say."""
    births = Q()
    for part in ("year", "month", "day"):
        known = f"recipient__birth_{part}"
        births &= Q(**{known: Coalesce(OuterRef(known), F(known))}) | Q(**{f"{known}__isnull": True})
    return rows.filter(births, recipient__name_key=OuterRef("recipient__name_key"))


def _is_one_of(others: Any) -> IsNull:
    """Whether one of the others is there, looked up for each row by itself.

    A join of two lists that have just been written goes wrong: their statistics are still those of empty tables, and
    1,163 rows beside 1,163 took minutes.
    """
    return IsNull(Subquery(others.order_by().values("pk")[:1]), False)


class DisbursementQuerySet(UnitScopedQuerySet):
    """Disbursements."""

    view_permission = Permission.VIEW_BATCH

    def with_person(self, as_of: datetime.datetime | None = None) -> Self:
        """Annotate `person_id`, the recipient or who it is known to be, and that one's `home_id` and `person_kind`.

        Whoever counts people counts these: who is joined with another is one person with that one. With `as_of` as it
        was known at that moment.
        """
        holds = Q(recipient__verdicts_other__undone_at__isnull=True)
        if as_of is not None:
            holds = Q(recipient__verdicts_other__decided_at__lte=as_of) & (
                holds | Q(recipient__verdicts_other__undone_at__gt=as_of)
            )
        joining = FilteredRelation(
            "recipient__verdicts_other", condition=holds & Q(recipient__verdicts_other__is_same=True)
        )
        return self.annotate(joining=joining).annotate(
            person_id=Coalesce("joining__kept_id", "recipient_id"),
            home_id=Coalesce("joining__kept__unit_id", "recipient__unit_id"),
            person_kind=Coalesce("joining__kept__kind", "recipient__kind"),
        )

    def count_people(self, *parts: Any, **named: Any) -> models.QuerySet[Any, dict[str, Any]]:
        """Return the parts (columns, or expressions by name) with `people`: the distinct persons of each."""
        rows: models.QuerySet[Any, Any] = self.with_person().order_by().values(*parts, **named)
        found: models.QuerySet[Any, dict[str, Any]] = rows.annotate(people=Count("person_id", distinct=True))
        return found

    def standing(self) -> Self:
        """Rows neither reversed nor withdrawn."""
        return self.filter(reversed_at__isnull=True)

    def not_taken_out(self) -> Self:
        """Rows of lists without those that were taken out while the list was written: these never counted."""
        return self.filter(taken_out=False)

    def taken_out_again(self) -> Self:
        """Rows that were taken out of a list while it was written, the last ones first; they may be put back."""
        return self.filter(taken_out=True).order_by("-reversed_at", "-id")

    def of_people_called(self, words: str) -> Self:
        """Rows whose recipient's name holds the words, accents or not."""
        return self.alias(key=SearchKey("recipient__full_name")).filter(holding(words))

    def _of_person_among(self, others: Any, alike: Any) -> Self:
        """Rows with an `alike` one, or whose person is known to be that of one of the others."""
        kept = RecipientVerdict.objects.joining().values("kept")
        same = _is_one_of(others.with_person().filter(person_id=OuterRef("person_id")))
        known = (Q(joining__isnull=False) | Q(recipient__in=kept)) & Q(same)
        return self.with_person().filter(Q(_is_one_of(alike)) | known)

    def twice_in_a_list(self) -> Self:
        """Rows whose person stands in the same list once more: joined, or the same name and births that may be one."""
        other = self.model.objects.standing().filter(batch=OuterRef("batch")).exclude(pk=OuterRef("pk"))
        return self._of_person_among(other, _of_the_same_person(other))

    def given_before(self) -> Self:
        """Rows whose person has had the same programme of the same unit in the half-year, on another list."""
        same = {name: OuterRef(name) for name in ("unit", "half", "programme")}
        other = self.model.objects.standing().exclude(batch=OuterRef("batch")).exclude(batch__state__in=_UNSENT)
        other = other.filter(**same)
        return self._of_person_among(other, _of_the_same_person(other)).filter(replaces__isnull=True)

    def also_elsewhere(self) -> Self:
        """Rows whose person, by name and a birth that is known, stands in another unit's list of this half-year."""
        sent = self.model.objects.standing().exclude(unit=OuterRef("unit")).exclude(batch__state__in=_UNSENT)
        sent = sent.filter(half=OuterRef("half"))
        alike = _of_the_same_person(sent.filter(recipient__birth_year=OuterRef("recipient__birth_year")))
        return self._of_person_among(sent, alike)

    def paid_elsewhere(self) -> Self:
        """Rows that are those of another unit's paid list: the same day, amount, and person (or name and birth)."""
        parts = {part: Coalesce(f"recipient__birth_{part}", 0) for part in ("month", "day")}
        mine = {part: Coalesce(OuterRef(f"recipient__birth_{part}"), 0) for part in parts}
        paid = self.model.objects.standing().exclude(unit=OuterRef("unit")).filter(paid_at__isnull=False)
        paid = paid.filter(**{name: OuterRef(name) for name in ("given_on", "amount")})
        called = {name: OuterRef(name) for name in ("recipient__name_key", "recipient__birth_year")}
        return self._of_person_among(paid, paid.alias(**parts).filter(**called, **mine))

    def remarked_last_time(self) -> Self:
        """Rows of which an approver has said something with a return."""
        return self.filter(remarks__event__isnull=False).distinct()

    def sums(self) -> dict[str, int]:
        """Return {"turns", "amount"} of what stands."""
        return self.standing().order_by().aggregate(turns=Count("id"), amount=Sum("amount", default=0))

    def sums_of(self, batches: Any) -> dict[str, int]:
        """Return {"turns", "amount"} of what stands in the batches."""
        return self.filter(batch__in=batches.order_by()).sums()

    def sums_by_kind(self) -> list[dict[str, Any]]:
        """Rows of {"kind", "turns", "amount", "hardship_turns", "hardship_amount"} of what stands."""
        hard = Q(is_hardship=True)
        summed = (
            self.standing()
            .order_by()
            .values(kind=F("programme__kind"))
            .annotate(
                hardship_amount=Sum("amount", filter=hard, default=0),
                hardship_turns=Count("id", filter=hard),
                turns=Count("id"),
                amount=Sum("amount"),
            )
        )
        return [dict(row) for row in summed.order_by("kind")]

    def sums_by_fund(self) -> list[dict[str, Any]]:
        """What the rows take from each fund, if they were paid: {"fund_id", "name", "balance", "amount", "left"}."""
        rows = (
            self.standing()
            .filter(source__in=_FROM_FUND)
            .order_by()
            .values("fund_id", name=F("fund__name"), balance=F("fund__balance"))
            .annotate(amount=Sum("amount"))
        )
        return [row | {"left": row["balance"] - row["amount"]} for row in rows.order_by("name")]

    def given_in(self, half: HalfYear) -> Self:
        """Rows that count in the half-year: paid and not reversed."""
        return self.filter(half=half.code, paid_at__isnull=False, reversed_at__isnull=True)

    def recalled_in(self, half: HalfYear) -> Self:
        """The rows of other half-years that were taken back in this one."""
        return self.filter(reversed_half=half.code, paid_at__isnull=False).exclude(half=half.code)

    def received_in(self, period: Period) -> Self:
        """The rows behind the turns and people of a half-year or year: paid in a half-year and not taken back in it."""
        codes = [half.code for half in period.halves]
        return self.filter(half__in=codes, paid_at__isnull=False).exclude(reversed_half=F("half"))

    def received_by_unit(self, period: Period) -> Received:
        """Return who received and how often, by unit and kind of person: distinct persons, each with their own unit.

        A turn is of the unit that gave it. In a year who received in both half-years is one person. What a later
        half-year takes back does not change how many received in this one. To count them takes the longest of all that
        a report asks, so a process keeps what it has counted until somebody else has received (`GivingChange`).
        """
        states = [GivingChange.objects.state_of(half) for half in period.halves]
        return _count_received_kept(period, "/".join(states)) if all(states) else _count_received(period)


class Received(NamedTuple):
    """Rows of {"home_id", "person_kind", "people"} and of {"unit_id", "person_kind", "turns"}."""

    people: Sequence[Mapping[str, Any]]
    turns: Sequence[Mapping[str, Any]]


def _count_received(period: Period, _state: str = "") -> Received:
    rows = Disbursement.objects.received_in(period)
    turns = rows.with_person().order_by().values("unit_id", "person_kind").annotate(turns=Count("pk"))
    return Received(tuple(rows.count_people("home_id", "person_kind")), tuple(turns))


_count_received_kept = lru_cache(maxsize=16)(_count_received)


class Disbursement(models.Model):
    """One lượt: a recipient given an amount under a programme on a day, counted in one half-year.

    A paid row is never changed but for its reversal, never deleted: the database refuses both, and TRUNCATE.
    """

    Circumstance = vocabulary.Circumstance
    Source = vocabulary.Source

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="disbursements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="disbursements", verbose_name=_("unit"))
    half = half_field()
    late_for = half_field(blank=True)  # a late row counts in the next open half-year and says for which it was meant
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="disbursements", verbose_name=_("programme")
    )
    recipient = models.ForeignKey(
        Recipient, on_delete=models.PROTECT, related_name="disbursements", verbose_name=_("recipient")
    )
    amount = models.BigIntegerField(_("amount"))  # whole đồng
    given_on = models.DateField(_("given on"))
    circumstance = entry_field(_("circumstance"), vocabulary.Circumstance, max_length=12, blank=True)
    circumstance_text = models.CharField(max_length=120, blank=True)  # as the list says it
    is_hardship = models.BooleanField(default=False)
    school = models.CharField(_("school"), max_length=160, blank=True)
    school_class = models.CharField(_("class"), max_length=40, blank=True)
    source = entry_field(_("source"), vocabulary.Source, max_length=8, default=vocabulary.Source.FUND)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    sheet = models.CharField(max_length=80, blank=True)
    row_number = models.PositiveIntegerField(null=True, blank=True)
    repeat_no = models.PositiveSmallIntegerField(default=1)  # 2 and more: really given again the same day
    repeat_reason = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="replacements", null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_half = half_field(blank=True, default="", db_default="")
    reversal_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    taken_out = models.BooleanField(default=False, db_default=False)  # of a list that was still being written
    # Rows of a file are found with their list's: an index of their own would only slow their taking in.
    file = models.ForeignKey(
        BatchFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    left_with = models.ForeignKey(  # the corrected file that took the row out
        BatchFile, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "disbursement_replaces": _(
            "Only a paid row of the same person, programme and day can be replaced: correct the recorded one "
            "in its own batch."
        ),
        "disbursement_in_its_unit": _("A row lies outside the days of its unit. Correct its day."),
    }

    objects = DisbursementQuerySet.as_manager()

    class Meta:
        ordering = ("batch", "id")
        indexes = [
            models.Index(fields=["unit", "half", "programme"], include=["amount"], name="disbursement_sums"),
            models.Index(fields=["batch"], name="disbursement_batch"),
            # rows of a half-year come together: some kB lead to where they lie, and cost next to nothing to keep
            BrinIndex(fields=["half"], autosummarize=True, name="disbursement_half"),
        ]
        constraints = [
            days_check("disbursement_days", days=("given_on",), moments=("created_at", "paid_at", "reversed_at")),
            models.UniqueConstraint(
                fields=["unit", "half", "programme", "recipient", "given_on", "amount", "repeat_no"],
                condition=Q(reversed_at__isnull=True),
                nulls_distinct=False,
                name="disbursement_key",
                violation_error_message=_("One of the rows has been recorded in the meantime. Check the batch again."),
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(replaces__isnull=False, reversed_at__isnull=True),
                name="disbursement_replaced_once",
                violation_error_message=_("Another row corrects the same gift already. Check the batch again."),
            ),
            half_check("disbursement_half"),
            entry_check("disbursement_circumstance", "circumstance", vocabulary.Circumstance, blank=True),
            entry_check("disbursement_source", "source", vocabulary.Source),
            models.CheckConstraint(name="disbursement_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="disbursement_fund",
                condition=Q(source__in=_FROM_FUND, fund__isnull=False)
                | Q(~Q(source__in=_FROM_FUND), fund__isnull=True),
            ),
            models.CheckConstraint(
                name="disbursement_repeat_reason",
                condition=Q(repeat_no=1) | (Q(repeat_no__gt=1) & ~Q(repeat_reason="")),
            ),
            models.CheckConstraint(
                name="disbursement_taken_out_unpaid",
                condition=Q(taken_out=False) | Q(reversed_at__isnull=False, paid_at__isnull=True),
            ),
            models.CheckConstraint(
                name="disbursement_reversal_whole",
                condition=Q(reversed_at__isnull=True, reversed_half="", reversal_reason="")
                | (Q(reversed_at__isnull=False, reversed_half__regex=r"^\d{4}-H[12]$") & ~Q(reversal_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.amount}"


class GivingChangeQuerySet(models.QuerySet["GivingChange"]):
    """Changes of who received."""

    def state_of(self, half: HalfYear) -> str:
        """Return a digest of all changes of the half-year that are there; "" where there are none.

        It is read before the rows that are counted: what is kept under it may be newer, and is never older, for a state
        that was left does not come back.
        """
        with connection.cursor() as cursor:
            cursor.execute(_STATE, [half.code])
            state: str | None = cursor.fetchone()[0]
        return state or ""


class GivingChange(models.Model):
    """That somebody else received in a half-year than before, or belongs elsewhere ("": in any half-year).

    Triggers add one for each statement that pays, takes back or joins; nothing else is in it. The ids are drawn at
    random, so that no two states are alike, whatever was rolled back or restored.
    """

    id = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)
    half = half_field(blank=True)

    objects = GivingChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["half", "id"], name="giving_change_of_half")]
        constraints = [
            models.CheckConstraint(name="giving_change_half", condition=Q(half="") | Q(half__regex=CODE_PATTERN))
        ]

    def __str__(self) -> str:
        return f"{self.half}"


class DisbursementSumQuerySet(models.QuerySet["DisbursementSum"]):
    """Stored sums."""

    def of(self, half: HalfYear) -> Self:
        """Sums of the half-year."""
        return self.filter(half=half.code)

    def moved(self) -> Self:
        """Sums of what was given or taken back: not those of lists that were paid and taken back within a half-year."""
        return self.filter(Q(turns__gt=0) | Q(recalled_turns__gt=0))

    def totals_by_unit(self, half: HalfYear) -> models.QuerySet[DisbursementSum, dict[str, Any]]:
        """Rows of {"unit_id", "kind", "source"} with turns and amount: in all, "hardship_*", "recalled_*".

        What a later half-year takes back is a line of its own there.
        """
        rows: models.QuerySet[DisbursementSum, Any] = (
            self.of(half)
            .order_by()
            .values("unit_id", "source", kind=F("programme__kind"))
            .annotate(
                turns=Sum("turns"), amount=Sum("amount"),
                hardship_turns=Sum("hardship_turns"), hardship_amount=Sum("hardship_amount"),
                recalled_turns=Sum("recalled_turns"), recalled_amount=Sum("recalled_amount"),
            )
        )  # fmt: skip
        return rows


class DisbursementSum(models.Model):
    """Turns and đồng by unit, half-year, programme and source, kept by a trigger; `verify_ledger` proves them."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=8)
    turns = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0)
    hardship_turns = models.BigIntegerField(default=0)
    hardship_amount = models.BigIntegerField(default=0)
    recalled_turns = models.BigIntegerField(default=0)  # rows of other half-years that were reversed in this one
    recalled_amount = models.BigIntegerField(default=0)

    objects = DisbursementSumQuerySet.as_manager()

    class Meta:
        constraints = [
            # a half-year's sums are read from it alone
            models.UniqueConstraint(
                fields=["half", "unit", "programme", "source"], include=["turns", "amount"], name="disbursement_sum_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half} {self.turns}"
