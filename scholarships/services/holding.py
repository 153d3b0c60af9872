"""What of a fund may be spent: gifts for one programme only are held for it, and no half-year may end below zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_money
from portal.vocabulary import BatchState
from scholarships.models import Batch, Disbursement, Donation, Fund, Programme
from scholarships.services.effects import BookLine, ListEffect


@dataclass(frozen=True)
class HeldGift:
    """Money that only one programme may spend."""

    programme: Programme
    amount: int


def payable_from(fund: Fund) -> QuerySet[Programme]:
    """Return the programmes that the fund pays for, so that a gift may be given for one of them only."""
    own = Q(fund=fund)
    if fund.is_main:
        usable = Programme.objects.usable_by(fund.unit, timezone.localdate()).filter(fund__isnull=True)
        own |= Q(pk__in=usable.values("pk"))
    found: QuerySet[Programme] = Programme.objects.filter(own, is_active=True).order_by("kind", "name")
    return found


def with_needs(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Annotate `needed`: what batches that are sent or approved and not paid yet would take."""
    asked_for = set(BatchState.those("is_unsettled")) - set(BatchState.those("is_editable"))
    waiting = Disbursement.objects.standing().filter(fund=OuterRef("pk"), batch__state__in=sorted(asked_for))
    summed = waiting.order_by().values("fund_id").annotate(total=Sum("amount")).values("total")
    return funds.annotate(needed=Coalesce(Subquery(summed), 0, output_field=BigIntegerField()))


def find_low(funds: QuerySet[Fund]) -> QuerySet[Fund]:
    """Return the funds that hold less than they say is enough, or than waiting batches need."""
    return with_needs(funds).filter(Q(balance__lt=F("low_below")) | Q(balance__lt=F("needed")))


def say_low(fund: Fund, left: int | None = None) -> str:
    """Return the sentence for a fund (of `with_needs`) that is low, or would be with so much left; else ""."""
    held = fund.balance if left is None else left
    words = {"fund": fund.name, "held": format_money(held)}
    if left is None and fund.balance < fund.needed:  # type: ignore[attr-defined]  # annotated
        needed = {"needed": format_money(fund.needed)}  # type: ignore[attr-defined]  # annotated
        return _("The fund “%(fund)s” holds %(held)s; the batches that wait need %(needed)s.") % (words | needed)
    if fund.low_below and held < fund.low_below:
        low = {"low": format_money(fund.low_below)}
        sentence = _("The fund “%(fund)s” is low: %(held)s, less than %(low)s.")
        coming = _("The fund “%(fund)s” would be low: %(held)s would be left, less than %(low)s.")
        return (sentence if left is None else coming) % (words | low)
    return ""


def list_held(fund: Fund, coming: Batch | None = None) -> list[HeldGift]:
    """Return what of the fund is held for single programmes; with `coming`, as if that list was paid."""
    if not Donation.objects.filter(fund=fund, programme__isnull=False).exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT programme, held FROM fund_restricted(%s, NULL, %s) WHERE held > 0 ORDER BY programme",
            [fund.pk, coming.pk if coming else None],
        )
        held = dict(cursor.fetchall())
    programmes = Programme.objects.in_bulk(held)
    return [HeldGift(programmes[pk], amount) for pk, amount in held.items()]


def foresee_shortage(batch: Batch, effect: ListEffect) -> list[str]:
    """Return why the books would refuse what the list takes, though its funds hold enough in all.

    What is held for other programmes, and half-years that would end below zero.
    """
    by_fund: dict[int, list[BookLine]] = defaultdict(list)
    for line in effect.lines:
        by_fund[line.fund].append(line)
    funds = Fund.objects.in_bulk(by_fund)
    said: list[str] = []
    for pk, lines in by_fund.items():
        if lines[-1].balance_after < 0 or not any(line.amount < 0 for line in lines):
            continue
        said += refuse_restricted(funds[pk], lines[-1].balance_after, batch)
        said += _refuse_early(funds[pk], lines)
    return said


def refuse_restricted(fund: Fund, left: int, coming: Batch | None = None) -> list[str]:
    """Return the sentence for a fund in which less is left than is held for single programmes; else []."""
    held = list_held(fund, coming)
    together = sum(one.amount for one in held)
    if left >= together:
        return []
    names = ", ".join(f"“{one.programme.name}”" for one in held)
    sentence = _(
        "%(left)s would be left in the fund “%(fund)s”, but %(held)s of it were given for %(programmes)s only: "
        "%(missing)s are missing."
    )
    return [
        sentence
        % {
            "left": format_money(left), "fund": fund.name, "held": format_money(together), "programmes": names,
            "missing": format_money(together - left),
        }
    ]  # fmt: skip


def _refuse_early(fund: Fund, lines: Iterable[BookLine]) -> list[str]:
    """Return the first half-year that would end below zero: money that came later cannot have been spent before."""
    moves: dict[str, int] = defaultdict(int)
    for half, amount in fund.entries.order_by().values_list("half").annotate(total=Sum("amount")):
        moves[half] += amount
    before = dict(moves)
    first = min(line.half for line in lines if line.amount < 0)
    for line in lines:
        moves[line.half] += line.amount
    held = 0
    for half in sorted(moves):
        held += moves[half]
        if half >= first and held < 0:
            words = {
                "fund": fund.name, "half": HalfYear.parse(half).screen_label, "amount": format_money(-held),
                "held": format_money(_sum_through(before, half)),
            }  # fmt: skip
            return [
                _(
                    "At the end of %(half)s the book of the fund “%(fund)s” would be %(amount)s below zero: until then "
                    "it had %(held)s. What came in later cannot have been spent before."
                )
                % words
            ]
    return []


def _sum_through(moves: Mapping[str, int], last: str) -> int:
    return sum(amount for half, amount in moves.items() if half <= last)
