"""What is given to funds: money, which is posted to the fund's book, and goods with their value, which are not."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib.periods import HalfYear
from portal.models import ProposedChange, Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import LONG_REASON, entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission
from portal.vocabulary import DonorKind
from scholarships.models.fund import Fund

#: From here on no receipt can spell the amount.
GIFT_LIMIT = 10**15
#: What stands for the name of a giver who wishes to be anonymous, on paper and on screen.
NAMELESS = "Nhà hảo tâm ẩn danh"


class DonationQuerySet(UnitScopedQuerySet["Donation"]):
    """Gifts."""

    view_permission = Permission.VIEW_FUND

    def standing(self) -> Self:
        """Gifts that have not been cancelled."""
        return self.filter(reversed_at__isnull=True)

    def named_in_public(self) -> Self:
        """Standing gifts whose givers agreed to be named."""
        return self.standing().filter(may_be_named=True)

    def in_kind(self) -> Self:
        """Gifts of goods: they have a value and a receipt, and stand in no fund's book."""
        return self.exclude(goods="")

    def equal_to(self, *, fund: Fund, donor_name: str, amount: int, received_on: object) -> Self:
        """Standing gifts of the same giver, amount and day to the same fund: perhaps the same gift."""
        same = self.standing().filter(fund=fund, amount=amount, received_on=received_on)
        return same.filter(donor_name__iexact=donor_name)

    def counted_in(self, half: HalfYear) -> Self:
        """Gifts that the half-year counts: those cancelled within it are out, those cancelled later stay."""
        return self.filter(half=half.code).exclude(reversed_half=half.code)

    def value_in_kind_by_unit(self, half: HalfYear) -> models.QuerySet[Donation, tuple[int, str, int]]:
        """Rows of (unit's id, kind of giver, value of the goods received in the half-year)."""
        rows = self.in_kind().counted_in(half).order_by()
        return rows.values("unit_id", "source").annotate(value=Sum("amount")).values_list("unit_id", "source", "value")

    def called(self, words: str) -> Self:
        """Gifts whose giver's name holds the words, accents or not."""
        return self.alias(key=SearchKey("donor_name")).filter(holding(words))


class Donation(models.Model):
    """A gift to a fund, with its receipt; its number is gapless within unit and year, given by the database.

    `goods` says what was given in kind; `amount` is then its value, which is counted and stands in no fund's book.
    """

    Source = DonorKind

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="donations", verbose_name=_("fund"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    donor_name = models.CharField(_("donor"), max_length=160)
    is_anonymous = models.BooleanField(_("wishes to be anonymous"), default=False)
    may_be_named = models.BooleanField(_("agrees to be named in public"), default=False)
    source = entry_field(_("source"), DonorKind, max_length=20)
    programme = models.ForeignKey(
        "Programme", on_delete=models.PROTECT, related_name="gifts", null=True, blank=True,
        verbose_name=_("only for the programme"),
    )  # fmt: skip
    goods = models.CharField(_("what was given in kind"), max_length=200, blank=True, default="", db_default="")
    amount = models.BigIntegerField(_("amount"))
    received_on = models.DateField(_("received on"))
    half = half_field()
    receipt_year = models.PositiveSmallIntegerField()
    receipt_number = models.PositiveIntegerField(_("receipt number"), default=0)  # given by the trigger
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    request_key = models.UUIDField(null=True, blank=True, unique=True)  # a request sent twice is one gift
    proposal = models.OneToOneField(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    reversed_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    reversed_half = half_field(blank=True, default="", db_default="")
    reversal_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    reversal = models.OneToOneField(ProposedChange, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "donation_only_cancelled": _("A gift stays as it was recorded; it can only be cancelled, by two persons."),
        "donation_before_fund": _("The fund was not open yet on this day. Correct the day, or choose another fund."),
        "donation_of_its_programme": _("The fund does not pay for this programme, so the gift could never be spent."),
        "donation_in_its_unit": _(
            "The fund's unit did not exist on this day. Correct the day, or choose a fund of the unit that took over."
        ),
        "donation_of_its_fund": _("A gift belongs to the unit of its fund."),
    }

    objects = DonationQuerySet.as_manager()

    class Meta:
        ordering = ("-received_on", "-id")
        indexes = [
            models.Index(fields=["fund", "-received_on", "-id"], name="donation_of_fund"),
            models.Index(fields=["half", "unit"], name="donation_half_unit"),
            models.Index(fields=["fund"], condition=Q(programme__isnull=False), name="donation_restricted"),
        ]
        constraints = [
            days_check("donation_days", days=("received_on",), moments=("recorded_at", "reversed_at")),
            half_check("donation_half"),
            seen_check("donation_donor_seen", "donor_name"),
            models.CheckConstraint(
                name="donation_positive",
                condition=Q(amount__gt=0, amount__lt=GIFT_LIMIT),
                violation_error_message=_("A gift is above zero and below a million billion đồng."),
            ),
            models.CheckConstraint(
                name="donation_anonymous_unnamed",
                condition=Q(is_anonymous=False) | Q(may_be_named=False, donor_name=NAMELESS),
                violation_error_message=_("Who wishes to be anonymous is not named in public."),
            ),
            models.UniqueConstraint(fields=["unit", "receipt_year", "receipt_number"], name="donation_receipt_once"),
            entry_check("donation_source", "source", DonorKind),
            models.CheckConstraint(
                name="donation_cancelled_whole",
                condition=Q(reversed_at__isnull=True, reversal_reason="", reversed_half="", reversal__isnull=True)
                | Q(
                    reversed_at__isnull=False, reversal__isnull=False, reversed_half__gte=F("half"),
                    reversal_reason__regex=LONG_REASON,
                ),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.receipt_number}/{self.receipt_year}"

    @property
    def is_in_kind(self) -> bool:
        """Whether goods were given, which stand in no fund's book."""
        return bool(self.goods)
