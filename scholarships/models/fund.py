"""Funds and their book.

A balance is never below zero and is changed by ledger entries alone: the database holds both.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.models import ProposedChange, Unit, UnitScopedQuerySet, UnitVersion, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import LONG_REASON, entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission
from portal.vocabulary import DonorKind, EntryKind

_OPENING, _DONATION, _PAYOUT, _REVERSAL = (
    kind.value for kind in (EntryKind.OPENING, EntryKind.DONATION, EntryKind.PAYOUT, EntryKind.REVERSAL)
)
_HAND_OVERS = [EntryKind.TAKEN_OVER.value, EntryKind.PASSED_ON.value]


class FundQuerySet(UnitScopedQuerySet):
    """Funds."""

    view_permission = Permission.VIEW_FUND

    def public(self) -> Self:
        """Funds shown to the public."""
        return self.filter(is_public=True)

    def called(self, words: str) -> Self:
        """Funds whose name, or a name of whose unit, holds the words, accents or not."""
        units = UnitVersion.objects.filter(holding(words, "search_name")).values("unit_id")
        return self.alias(key=SearchKey("name")).filter(holding(words) | Q(unit_id__in=units))

    def ranked(self) -> Self:
        """Annotate `rank`, by which the funds of the highest units stand first."""
        versions = UnitVersion.objects.filter(unit_id=OuterRef("unit_id")).order_by("level__rank")
        return self.annotate(rank=Subquery(versions.values("level__rank")[:1]))


class Fund(models.Model):
    """A fund of a unit ("Quỹ khuyến học"). Its opening balance is its first ledger entry."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="funds", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=160)
    purpose = models.TextField(_("purpose"), blank=True)
    balance = models.BigIntegerField(_("balance"), default=0, editable=False)  # đồng; kept by the ledger's trigger
    opened_on = models.DateField(_("opened on"))
    bank_bin = models.CharField(_("bank"), max_length=6, blank=True)
    bank_account = models.CharField(_("account number"), max_length=19, blank=True)
    bank_account_name = models.CharField(_("account holder"), max_length=120, blank=True)
    low_below = models.BigIntegerField(
        _("said to be low below"), null=True, blank=True,
        help_text=_("Below it the home page says so; it also does when waiting batches need more than there is."),
    )  # fmt: skip
    is_main = models.BooleanField(_("main fund of the unit"), default=True)
    is_public = models.BooleanField(_("shown to the public"), default=False)

    UNVERSIONED = ("balance",)  # payments go on while somebody changes what the fund is called

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "fund_account_in_history": _("A bank account is changed by two persons: one proposes it, another agrees."),
        "fund_in_its_unit": _("The unit does not exist on the day the fund is opened. Correct the day."),
    }

    objects = FundQuerySet.as_manager()

    class Meta:
        ordering = ("unit", "name")
        constraints = [
            days_check("fund_days", days=("opened_on",)),
            seen_check("fund_name_seen", "name"),
            models.CheckConstraint(
                name="fund_low_below",
                condition=Q(low_below__isnull=True) | Q(low_below__gt=0),
                violation_error_message=_("Write an amount above zero, or leave it empty."),
            ),
            models.CheckConstraint(
                name="fund_not_negative",
                condition=Q(balance__gte=0),
                violation_error_message=_("The fund does not hold enough money for this."),
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(is_main=True),
                name="fund_one_main_per_unit",
                violation_error_message=_("The unit has a main fund already. Change that one first."),
            ),
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="fund_name_once",
                violation_error_message=_("The unit has a fund of this name already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def account_in_force(self) -> FundAccount | None:
        """The account as the history has it: since when, by whom; None for a fund that never had one."""
        return self.accounts.order_by("-id").first()


class FundAccount(models.Model):
    """A bank account that a fund has had: since when, who proposed it and who agreed. Append-only; the last one counts.

    `decided_by` is empty only for what the server itself set up. Blank numbers: from then on the fund had no account.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="accounts", verbose_name=_("fund"))
    bank_bin = models.CharField(_("bank"), max_length=6, blank=True)
    bank_account = models.CharField(_("account number"), max_length=19, blank=True)
    bank_account_name = models.CharField(_("account holder"), max_length=120, blank=True)
    since = models.DateTimeField(_("in force since"), auto_now_add=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    proposal = models.OneToOneField(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("fund_account_days", moments=("since",)),
            models.CheckConstraint(
                name="fund_account_two_persons",
                condition=Q(decided_by__isnull=True, proposal__isnull=True)
                | (Q(decided_by__isnull=False, proposal__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.bank_account}"


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    """Entries of the fund book."""

    def of(self, half: HalfYear) -> Self:
        """Entries counted in the half-year."""
        return self.filter(half=half.code)

    def before(self, line: LedgerEntry) -> int:
        """Return what the line's fund holds before it, by half-year and day, not in the order of writing."""
        earlier = (
            Q(half__lt=line.half)
            | Q(half=line.half, occurred_on__lt=line.occurred_on)
            | Q(half=line.half, occurred_on=line.occurred_on, id__lt=line.pk)
        )
        found = self.filter(earlier, fund_id=line.fund_id).aggregate(total=Sum("amount", default=0))
        return int(found["total"])

    def behind(self, column: str, half: HalfYear) -> Self:
        """The entries that make a column of `sums_by_unit`.

        Their amounts add up to it (to its negative, for spending).
        """
        return self.filter(_counted_in(column, half))

    def opened_by_unit(self, half: HalfYear) -> models.QuerySet[LedgerEntry, tuple[int, int]]:
        """Tuples of (unit's id, opening balances of funds opened in the half-year)."""
        rows = self.behind("opened", half).order_by().values_list("fund__unit_id")
        return rows.annotate(total=Sum("amount"))

    def sums_by_unit(self, half: HalfYear) -> models.QuerySet[LedgerEntry, dict[str, Any]]:
        """Rows of {"unit_id", "opening", "income", "income_people" (and of each kind of giver), ..., "closing"}.

        All are positive, in đồng. A reversal within its half-year counts against what it reverses; of what an earlier
        half-year paid or received it is a line of its own: `recalled` came back, `refunded` was given back. An opening
        balance is no income, whenever its fund was opened, nor is a hand-over between funds: `taken_over`, `passed_on`.
        Opening + income + taken_over + recalled - spending - passed_on - refunded = closing.
        """
        columns = ("opening", "income", *(f"income.{giver}" for giver in DonorKind))
        sums = {
            column.replace(".", "_"): Sum("amount", filter=_counted_in(column, half), default=0) for column in columns
        }
        rows: models.QuerySet[LedgerEntry, Any] = (
            self.filter(half__lte=half.code)
            .order_by()
            .values(unit_id=F("fund__unit_id"))
            .annotate(
                **sums,
                spending=-Sum("amount", filter=_counted_in("spending", half), default=0),
                recalled=Sum("amount", filter=_counted_in("recalled", half), default=0),
                refunded=-Sum("amount", filter=_counted_in("refunded", half), default=0),
                taken_over=Sum("amount", filter=_counted_in("taken_over", half), default=0),
                passed_on=-Sum("amount", filter=_counted_in("passed_on", half), default=0),
                closing=Sum("amount", default=0),
            )
        )
        return rows


def _counted_in(column: str, half: HalfYear) -> Q:
    """Which entries a column of the half-year's sums counts; KeyError for an unknown column."""

    def of(kind: EntryKind) -> Q:
        return Q(kind=kind) | Q(kind=LedgerEntry.Kind.REVERSAL, reverses__kind=kind, reverses__half=half.code)

    def taken_back(kind: EntryKind) -> Q:
        undone = Q(kind=LedgerEntry.Kind.REVERSAL, reverses__kind=kind)
        return here & undone & ~Q(reverses__half=half.code)

    here = Q(half=half.code)
    income = here & of(LedgerEntry.Kind.DONATION)
    by_giver = {
        f"income.{giver}": income & (Q(donation__source=giver) | Q(reverses__donation__source=giver))
        for giver in DonorKind
    }
    return {
        "opening": Q(half__lt=half.code) | (here & of(LedgerEntry.Kind.OPENING)),
        "opened": here & of(LedgerEntry.Kind.OPENING),
        "recalled": taken_back(LedgerEntry.Kind.PAYOUT),
        "refunded": taken_back(LedgerEntry.Kind.DONATION) | taken_back(LedgerEntry.Kind.OPENING),
        "income": income,
        **by_giver,
        "spending": here & of(LedgerEntry.Kind.PAYOUT),
        "taken_over": here & Q(kind=LedgerEntry.Kind.TAKEN_OVER),
        "passed_on": here & Q(kind=LedgerEntry.Kind.PASSED_ON),
        "closing": Q(half__lte=half.code),
    }[column]


class LedgerEntry(models.Model):
    """One line of the fund book: append-only; a mistake is mended by a reversal with a reason."""

    Kind = EntryKind

    #: By day; a line that came late stands in the half-year that counts it, so that what was closed stays as it was.
    BY_DAY = ("half", "occurred_on", "id")

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries", verbose_name=_("fund"))
    half = half_field()
    kind = entry_field(_("kind"), EntryKind, max_length=10)
    amount = models.BigIntegerField(_("amount"))  # đồng, signed: what it does to the balance
    balance_after = models.BigIntegerField(default=0, editable=False)  # written by the ledger's trigger
    occurred_on = models.DateField(_("date"))
    batch = models.ForeignKey("Batch", on_delete=models.PROTECT, related_name="entries", null=True, blank=True)
    donation = models.ForeignKey("Donation", on_delete=models.PROTECT, related_name="entries", null=True, blank=True)
    hand_over = models.ForeignKey("HandOver", on_delete=models.PROTECT, related_name="entries", null=True, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, related_name="reversals", null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    request_key = models.UUIDField(default=uuid.uuid4, unique=True)  # a request sent twice is posted once
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "reversal_must_mirror": _("More would be taken back than was paid."),
        "fund_restricted": _("What is left in the fund was given for other programmes only."),
        "ledger_as_its_gift": _("The line of the book does not say what the gift says."),
        "ledger_as_its_hand_over": _("The line of the book does not say what the hand-over says."),
    }

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["fund", "half"], include=["amount", "kind"], name="ledger_fund_half"),
            models.Index(fields=["fund", "half", "occurred_on", "id"], include=["amount"], name="ledger_fund_by_day"),
            models.Index(fields=["fund", "-id"], name="ledger_fund_newest"),  # pages of the fund book begin here
        ]
        constraints = [
            days_check("ledger_days", days=("occurred_on",), moments=("created_at",)),
            half_check("ledger_half"),
            entry_check("ledger_kind", "kind", EntryKind),
            models.CheckConstraint(
                name="ledger_sign",
                condition=Q(kind__in=EntryKind.those("adds"), amount__gt=0)
                | Q(kind__in=[_PAYOUT, EntryKind.PASSED_ON.value], amount__lt=0)
                | (Q(kind=_REVERSAL) & ~Q(amount=0)),
            ),
            models.CheckConstraint(
                name="ledger_reversal_names_entry",
                condition=Q(kind=_REVERSAL, reverses__isnull=False) | (~Q(kind=_REVERSAL) & Q(reverses__isnull=True)),
            ),
            models.CheckConstraint(
                name="ledger_reversal_reason", condition=~Q(kind=_REVERSAL) | Q(reason__regex=LONG_REASON)
            ),
            models.CheckConstraint(name="ledger_payout_batch", condition=~Q(kind=_PAYOUT) | Q(batch__isnull=False)),
            models.CheckConstraint(name="ledger_donation", condition=~Q(kind=_DONATION) | Q(donation__isnull=False)),
            models.CheckConstraint(
                name="ledger_hand_over",
                condition=Q(kind__in=_HAND_OVERS, hand_over__isnull=False)
                | (~Q(kind__in=_HAND_OVERS) & Q(hand_over__isnull=True)),
            ),
            models.UniqueConstraint(fields=["hand_over", "kind"], name="ledger_hand_over_once"),
            models.UniqueConstraint(fields=["fund"], condition=Q(kind=_OPENING), name="ledger_one_opening"),
            models.UniqueConstraint(fields=["donation"], condition=Q(kind=_DONATION), name="ledger_donation_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id} {self.kind} {self.amount}"
