"""What a unit discloses of its public funds for a half-year or a year: held, received by source, spent by kind, held.

By 31 March every year a fund makes public what it received and what became of it (Nghị định 03/2026/NĐ-CP).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature
from portal.lib.pdf import render_pdf
from portal.lib.periods import HalfYear, Period, Year
from portal.lib.vietnamese.numbers import money_in_words
from portal.models import Unit
from portal.services.periods import is_closed
from portal.vocabulary import DonorKind, EntryKind, ProgrammeKind
from reports.figures import DatedTree
from reports.figures.pooling import pool_kinds
from reports.models import Report
from reports.services.heads import make_head
from scholarships.models import Disbursement, Donation, Fund, HandOver, LedgerEntry

#: What both halves of a year add up.
_FLOWS = ("income", "spending", "recalled", "refunded", "taken_over", "passed_on")


@dataclass
class Statement:
    """The figures of a unit's public funds for a time, in đồng.

    opening + income + taken_over + recalled - spending - passed_on - refunded = closing. `in_kind` is apart from all.
    """

    unit: Unit
    unit_name: str
    period: Period
    funds: list[Fund]
    is_closed: bool
    sums: dict[str, int] = field(default_factory=dict)
    income: dict[str, int] = field(default_factory=dict)
    in_kind: dict[str, int] = field(default_factory=dict)
    spending: dict[str, int] = field(default_factory=dict)
    pooled: frozenset[str] = frozenset()  # kinds of which only the sum is told: few people
    hand_overs: list[HandOver] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What it is about, as the paper says it."""
        return f"Công khai thu, chi Quỹ khuyến học {self.period.label}"

    @property
    def screen_title(self) -> str:
        """The same in the language of the screen."""
        return _("Income and spending of the scholarship fund: %(span)s") % {"span": self.period.screen_label}

    @property
    def sources(self) -> list[tuple[Any, int, int]]:
        """Who gave: label, money, value of goods."""
        return [(kind.label, self.income.get(kind, 0), self.in_kind.get(kind, 0)) for kind in DonorKind]

    @property
    def kinds(self) -> list[tuple[Any, int]]:
        """For what was spent: label, money; kinds that few people received stand in one sum."""
        told = [(kind.label, self.spending.get(kind, 0)) for kind in ProgrammeKind if kind not in self.pooled]
        if self.pooled:
            labels = ", ".join(str(kind.label) for kind in ProgrammeKind if kind in self.pooled)
            told.append((labels, sum(self.spending.get(kind, 0) for kind in self.pooled)))
        return told

    @property
    def total_in_kind(self) -> int:
        """The value of all goods received."""
        return sum(self.in_kind.values())


def public_funds_of(unit: Unit) -> list[Fund]:
    """Return the unit's funds that are shown to the public, its main fund first."""
    return list(Fund.objects.public().filter(unit=unit).order_by("-is_main", "name", "id"))


def periods_of(funds: Iterable[Fund], today: dt.date | None = None) -> list[Period]:
    """Return the years and half-years that can be stated for funds, newest first, each year before its halves."""
    opened = [fund.opened_on for fund in funds]
    if not opened:
        return []
    first, last = HalfYear.containing(min(opened)), HalfYear.containing(today or timezone.localdate())
    found: list[Period] = []
    for year in range(last.year, first.year - 1, -1):
        found.append(Year(year))
        found += [half for half in reversed(Year(year).halves) if first <= half <= last]
    return found


def state(unit: Unit, period: Period, funds: list[Fund]) -> Statement:
    """Return the statement of the unit's funds; while a half-year is open its figures may still change."""
    halves = period.halves
    made = Statement(
        unit, unit.name_on(period.last_day), period, funds,
        is_closed=all(is_closed(unit=unit, half=half) for half in halves),
    )  # fmt: skip
    by_half = [_sums(funds, half) for half in halves]
    made.sums = {name: sum(one[name] for one in by_half) for name in _FLOWS}
    made.sums["closing"] = by_half[-1]["closing"]
    plus, minus = ("income", "taken_over", "recalled"), ("spending", "passed_on", "refunded")
    # so an opening balance within the year counts among what there was
    moved = sum(made.sums[name] for name in plus) - sum(made.sums[name] for name in minus)
    made.sums["opening"] = made.sums["closing"] - moved
    for half in halves:
        _add(made.income, _income(funds, half))
        _add(made.in_kind, _goods(funds, half))
        spent, people = _spending(funds, half)
        _add(made.spending, spent)
        # of a year whatever a half-year of it does not tell, and what a report withholds, of a half-year also that on
        # its year: the statements of both would add up to it
        is_withheld = any(_is_withheld(unit, one) for one in (half, Year(half.year)))
        made.pooled |= frozenset(people) if is_withheld else pool_kinds(people)
    passed = HandOver.objects.filter(Q(from_fund__in=funds) | Q(to_fund__in=funds), half__in=[h.code for h in halves])
    made.hand_overs = list(passed.select_related("from_fund__unit", "to_fund__unit").order_by("on_date", "id"))
    return made


def _add(sums: dict[str, int], more: dict[str, int]) -> None:
    for name, amount in more.items():
        sums[name] = sums.get(name, 0) + amount


def _sums(funds: list[Fund], half: HalfYear) -> dict[str, int]:
    rows = LedgerEntry.objects.filter(fund__in=funds).sums_by_unit(half)
    return next(iter(rows), dict.fromkeys((*_FLOWS, "closing"), 0))


def _income(funds: list[Fund], half: HalfYear) -> dict[str, int]:
    lines = LedgerEntry.objects.filter(fund__in=funds).behind("income", half).order_by()
    by_source = lines.values(source=Coalesce("donation__source", "reverses__donation__source"))
    return {row["source"]: row["total"] for row in by_source.annotate(total=Sum("amount"))}


def _goods(funds: list[Fund], half: HalfYear) -> dict[str, int]:
    gifts = Donation.objects.filter(fund__in=funds).in_kind().counted_in(half).order_by()
    return {row["source"]: row["value"] for row in gifts.values("source").annotate(value=Sum("amount"))}


def _spending(funds: list[Fund], half: HalfYear) -> tuple[dict[str, int], dict[str, int]]:
    """Return what the half-year's payments gave by kind of programme, less what came back within it; to how many."""
    lines = LedgerEntry.objects.filter(fund__in=funds)
    paid = lines.filter(kind=EntryKind.PAYOUT, half=half.code, batch=OuterRef("batch"), fund=OuterRef("fund"))
    rows = Disbursement.objects.filter(fund__in=funds, paid_at__isnull=False).filter(Exists(paid)).order_by()
    found, people = {}, {}
    for row in rows.count_people("programme__kind").annotate(total=Sum("amount")):
        found[row["programme__kind"]], people[row["programme__kind"]] = row["total"], row["people"]
    for kind, amount in _came_back(lines, half).items():
        found[kind] -= amount
    return found, people


def _is_withheld(unit: Unit, period: Period) -> bool:
    """Whether an issued report of the half-year or year withholds a kind of the unit: its amount would give it back."""
    withheld = Report.objects.of(period).latest_versions().values_list(f"payload__withheld__{unit.code}", flat=True)
    kinds = {f"disbursements.turns.{kind}" for kind in ProgrammeKind}
    return any(kinds.intersection(names or ()) for names in withheld)


def _came_back(lines: Any, half: HalfYear) -> dict[str, int]:
    """Return by kind what was paid and taken back within the half-year.

    A fund may count what comes back in another half-year than the list's unit, so the rows are found through the lines:
    both stand in the order in which they were taken back.
    """
    undone: dict[tuple[int, int], list[tuple[str, int]]] = defaultdict(list)
    reversals = lines.filter(kind=EntryKind.REVERSAL, reverses__kind=EntryKind.PAYOUT, reverses__half=half.code)
    for batch, fund, counted, amount in reversals.order_by("id").values_list(
        "reverses__batch_id", "fund_id", "half", "amount"
    ):
        undone[batch, fund].append((counted, amount))
    found: dict[str, int] = defaultdict(int)
    if not any(counted == half.code for each in undone.values() for counted, _amount in each):
        return found
    rows = Disbursement.objects.filter(
        batch__in={batch for batch, _fund in undone}, fund__in={fund for _batch, fund in undone}, paid_at__isnull=False,
        reversed_at__isnull=False,
    )  # fmt: skip
    taken = rows.order_by("reversed_at", "id").values_list("batch_id", "fund_id", "programme__kind", "amount")
    for batch, fund, kind, amount in taken:
        left = undone.get((batch, fund))
        if not left:
            continue
        counted, rest = left[0]
        if counted == half.code:
            found[kind] += amount
        left[0] = (counted, rest - amount)
        if rest <= amount:
            left.pop(0)
    return found


def print_statement(made: Statement) -> bytes:
    """Return the statement on paper, in the official layout (Nghị định 30/2020/NĐ-CP), to be signed by hand."""
    facts = make_head(made.unit, made.unit_name, DatedTree(made.period.last_day))
    head = Head(
        superior=facts["superior"], issuer=facts["issuer"], symbol="TB-HKH", place=facts["place"], kind="Thông báo",
        date=timezone.localdate(),
        subject=made.title, summary="" if made.is_closed else "(Số liệu chưa khóa, còn có thể thay đổi)",
    )  # fmt: skip
    context = {
        "title": made.title, "lang": "vi", "head": head, "statement": made,
        "words": money_in_words(made.sums["closing"]),
        "closing": Closing(Signature(tuple(facts["authority"]), facts["signer"]), tuple(facts["recipients"])),
    }  # fmt: skip
    with official_language():
        return _print(render_to_string("reports/statement_document.html", context), made.title)


@lru_cache(maxsize=16)
def _print(html: str, title: str) -> bytes:
    """Everybody may ask for the paper, and what says the same is laid out once."""
    return render_pdf(html, title=title, lang="vi", base_url=settings.SITE_URL)
