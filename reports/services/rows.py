"""The rows behind a figure, in the units whose facts make it up, with the same sum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from members.models import (
    LearningTitle,
    Membership,
    MembershipBefore,
    TitleBefore,
    counts_at_end_of,
    joins_in,
    stage_counts_in,
)
from news.models import Article
from portal.lib.periods import HalfYear, Period
from portal.models import UnitCount, counting_at
from portal.models.unit import unit_name
from reports.figures import INDICATORS, DatedTree, Indicator, OverTime
from reports.figures.rollup import Population
from reports.models import ApprovedValue
from scholarships.models import Disbursement, Donation, LedgerEntry, Programme, TopUp
from scholarships.models.disbursement import DisbursementQuerySet
from scholarships.services.topups import AMOUNT, POLICY, topup_figures


@dataclass(frozen=True)
class Rows:
    """What is behind a figure: the kind of its rows (`reports.tables` shows them), their query, and their sum."""

    kind: str
    lines: QuerySet[Any]
    total: int


def rows_behind(
    indicator: Indicator, period: Period, units: list[int], *, as_of: dt.datetime | None = None
) -> Rows | None:
    """Return the rows of the units for a figure; None for one that has no rows of its own (a share).

    Of a year they are the rows of both half-years, or of the one that the figure is of (`OverTime`).

    With `as_of` those that were paid, posted or recorded by then, and what was taken back in the same half-year since.
    """
    code = indicator.code
    if indicator.recorded:
        return _find_counts(period, units, as_of)
    if code in {POLICY, AMOUNT}:
        return _find_topups(code, period.last_half, units, as_of)
    if indicator.declared:
        return _find_declared(indicator, period, units, as_of)
    if code.startswith("disbursements.") and not indicator.share_of:
        return _find_disbursements(code, period, units, as_of)
    if code.startswith("recipients.turns."):
        rows = _find_received(period, as_of).with_person(as_of)
        rows = rows.filter(unit_id__in=units, person_kind=code.removeprefix("recipients.turns."))
        return Rows("disbursements", rows.select_related("programme", "recipient", "batch"), rows.count())
    if code.startswith("recipients."):
        return _find_recipients(code, period, units, as_of)
    if code.startswith("funds.in_kind"):
        return _find_goods(code, period, units, as_of)
    if code.startswith("funds.") and not indicator.share_of:
        return _find_entries(code, period, units, as_of)
    if code.startswith("members."):
        return _find_members(code, period, units, as_of)
    if code.startswith("titles.") and not indicator.share_of:
        return _find_titles(code, period, units, as_of)
    if code == "communication.articles":
        return _find_articles(period, units, as_of)
    return None


def _sum(rows: QuerySet[Any], counted: Any) -> int:
    total: int = rows.aggregate(total=Coalesce(Sum(counted), 0))["total"]
    return total


def _join(period: Period, find: Callable[[HalfYear], Any]) -> Any:
    """Return what is found of each half-year, in one query, or what holds in one of them."""
    return reduce(or_, map(find, period.halves))


def _find_received(period: Period, as_of: dt.datetime | None) -> DisbursementQuerySet:
    """Return the turns that count in the half-year or year, or that counted at a moment."""
    if as_of is None:
        return Disbursement.objects.received_in(period)
    paid = Disbursement.objects.filter(half__in=_codes(period), paid_at__lte=as_of)
    return paid.exclude(reversed_half=F("half"), reversed_at__lte=as_of)


def _codes(period: Period) -> list[str]:
    return [half.code for half in period.halves]


def _find_disbursements(code: str, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    _start, what, *part = code.split(".")
    if what == "recalled":
        rows, what, part = _join(period, Disbursement.objects.recalled_in), part[0], []
        rows = rows if as_of is None else rows.filter(reversed_at__lte=as_of)
    else:
        rows = _find_received(period, as_of)
    rows = rows.filter(unit_id__in=units)
    if part and part[0] in Programme.Kind.values:
        rows = rows.filter(programme__kind=part[0])
    elif part and part[0] in Disbursement.Source.values:
        rows = rows.filter(source=part[0])
    elif part:
        rows = rows.filter(is_hardship=True)
    total = _sum(rows, "amount") if what == "amount" else rows.count()
    return Rows("disbursements", rows.select_related("programme", "recipient", "batch"), total)


def _find_recipients(code: str, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    kind = code.split(".")[1]
    rows = _find_received(period, as_of).with_person(as_of).filter(home_id__in=units)
    if kind != "distinct":
        rows = rows.filter(person_kind=kind)
    names = {
        f"person_{name}": Coalesce(f"joining__kept__{name}", f"recipient__{name}")
        for name in ("full_name", "sort_key", "school")
    }
    people = rows.order_by().annotate(**names).values("person_id", *names).annotate(given=Sum("amount"))
    return Rows("recipients", people, people.count())


def _find_entries(code: str, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    sign = -1 if code in {"funds.spending", "funds.refunded", "funds.passed_on"} else 1
    rows = _find_lines(code.removeprefix("funds."), period).filter(fund__unit_id__in=units)
    rows = rows if as_of is None else rows.filter(created_at__lte=as_of)
    rows = rows.annotate(signed=sign * F("amount"))
    return Rows("ledger", rows.select_related("fund", "batch"), _sum(rows, "signed"))


def _find_lines(column: str, period: Period) -> Any:
    lines = LedgerEntry.objects
    if column == "closing":
        return lines.behind(column, period.last_half)
    if column == "opening":
        first, *later = period.halves
        return reduce(or_, [lines.behind(column, first), *(lines.behind("opened", half) for half in later)])
    return _join(period, lambda half: lines.behind(column, half))


def _find_goods(code: str, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    giver = code.removeprefix("funds.in_kind").removeprefix(".")
    rows = Donation.objects.in_kind().filter(unit_id__in=units, **({"source": giver} if giver else {}))
    if as_of is None:
        rows = _join(period, rows.counted_in)
    else:
        rows = rows.filter(half__in=_codes(period), recorded_at__lte=as_of)
        rows = rows.exclude(reversed_half=F("half"), reversed_at__lte=as_of)
    return Rows("goods", rows.select_related("fund"), _sum(rows, "amount"))


def _find_members(code: str, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    counts = _join(period, joins_in) if code == "members.new" else counts_at_end_of(period.last_half)
    counts &= Q(unit_id__in=units)
    rows: Any
    if as_of is None:
        rows = Membership.objects.filter(counts)
    else:
        rows = counting_at(Membership.objects.filter(recorded_at__lte=as_of), MembershipBefore, as_of, counts)
    return Rows("members", rows.with_unit_name(period.last_day).select_related("member"), rows.count())


def _find_titles(code: str, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    _start, model, _listed, stage = code.split(".")
    counts = Q(unit_id__in=units, model=model) & _join(period, lambda half: stage_counts_in(stage, half))
    rows: Any
    if as_of is None:
        rows = LearningTitle.objects.filter(counts)
    else:
        rows = counting_at(LearningTitle.objects.filter(entered_at__lte=as_of), TitleBefore, as_of, counts)
    return Rows("titles", rows.with_unit_name(period.last_day).select_related("subject"), rows.count())


def _find_articles(period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    rows = _join(period, lambda half: Article.objects.published_in(half, as_of)).filter(unit_id__in=units)
    return Rows("articles", rows.select_related("category"), rows.count())


def _find_counts(period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    """Return the numbers on pages of the units that make up the population of the topmost of them."""
    tree = DatedTree(period.last_day)
    population, inside = Population(tree, as_of), set(units)
    tops = [place for place in map(tree.places.__getitem__, inside) if place.in_force and place.parent_id not in inside]
    found = [one for top in tops for one in population.find(top.unit_id) if one.unit_id in inside]
    rows = UnitCount.versions.filter(pk__in=[one.pk for one in found])
    rows = rows.annotate(unit_name=unit_name("unit", period.last_day)).select_related("unit")
    return Rows("counts", rows, sum(one.value for one in found))


def _find_topups(code: str, half: HalfYear, units: list[int], as_of: dt.datetime | None) -> Rows:
    """Return what the register says; what half-years declared before there was one stands as it was declared."""
    rows = TopUp.objects.counting_in(half, as_of).filter(unit_id__in=units)
    if not rows.exists():
        return _find_declared(INDICATORS[code], half, units, as_of)
    total = sum(value for (_unit, what), value in topup_figures(half, units, as_of=as_of).items() if what == code)
    return Rows("topups", rows.with_unit_name(half.last_day).select_related("unit", "entered_by"), total)


def _find_declared(indicator: Indicator, period: Period, units: list[int], as_of: dt.datetime | None) -> Rows:
    """Return what was declared; of a year what counts in it: both half-years', the second's, or the latest of each."""
    said = ApprovedValue.objects.standing(as_of).filter(indicator=indicator.code, submission__unit_id__in=units)
    last = said.filter(submission__half=period.last_half.code)
    if indicator.over_time is OverTime.SUM:
        rows = said.filter(submission__half__in=_codes(period))
    elif indicator.over_time is OverTime.LATEST:
        earlier = said.filter(
            submission__half__in=_codes(period), submission__unit__versions__valid__contains=period.last_day
        ).exclude(submission__unit__in=last.values("submission__unit"))
        rows = said.filter(Q(pk__in=last.values("pk")) | Q(pk__in=earlier.values("pk")))
    else:
        rows = last
    rows = rows.annotate(unit_name=unit_name("submission__unit", period.last_day))
    return Rows("declared", rows.select_related("submission__unit", "submission__submitted_by"), _sum(rows, "value"))
