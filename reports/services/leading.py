"""What a leader asks first of a half-year: better or worse than a year ago, why, who leads, who is late."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money, short_date
from reports.figures import INDICATORS, FigureSet, Measure, unit_kind
from reports.services.contents import HEADLINE
from reports.services.wording import compare_counts, write_share

_TOLD = ("disbursements.turns", "disbursements.amount", "members.new", "titles.family.recognised", "funds.income")
MOST_POINTS, MOST_GAPS = 3, 3
DECLARED_TOTAL = "members.declared_total"
MOST_RANKED = 2  # so many who gave most, and so many who gave least
_RANKED_BY = "disbursements.turns"


@dataclass(frozen=True)
class Trend:
    """A figure beside the same one of a year ago, as it was issued: the arrow and the words; `before` None without."""

    code: str
    text: str  # "" where it is not reported
    before: int | None
    change: str
    arrow: str  # "up", "down", "same", "" where nothing is there to compare

    @property
    def label(self) -> str:
        """What the figure is called."""
        return str(INDICATORS[self.code].label)


@dataclass(frozen=True)
class Bar:
    """A unit in the ranking: its figure, and its length in hundredths of the greatest."""

    name: str
    code: str
    value: int
    length: int


@dataclass(frozen=True)
class Gap:
    """A unit whose declared head count and list by name differ; the two are never added."""

    name: str
    code: str
    declared: int
    named: int

    @property
    def size(self) -> int:
        """By how many."""
        return abs(self.declared - self.named)


def find_gaps(figures: FigureSet) -> list[Gap]:
    """Return the units whose declared and named members differ most, the widest gap first; none without a count."""
    gaps = [
        Gap(figures.names[code], code, own[DECLARED_TOTAL], own.get("members.total", 0))
        for code, own in figures.by_unit.items()
        if own.get(DECLARED_TOTAL) is not None
    ]
    wide = sorted((gap for gap in gaps if gap.size), key=lambda gap: (-gap.size, gap.code))
    return wide[:MOST_GAPS]


def find_trends(figures: FigureSet, before: FigureSet | None) -> list[Trend]:
    """Return the headline figures, each with how it moved against the figures issued for the same half a year ago."""
    trends = []
    for code in HEADLINE:
        now, was = figures.get(code), before.get(code) if before else None
        text = "" if now is None else _write(code, now)
        if now is None or was is None or was <= 0 or now < 0:
            trends.append(Trend(code, text, was, "", ""))
            continue
        arrow = "same" if now == was else "up" if now > was else "down"
        trends.append(Trend(code, text, was, compare_counts(now, was), arrow))
    return trends


def _write(code: str, value: int) -> str:
    return format_money(value) if INDICATORS[code].measure is Measure.MONEY else format_int(value)


@official_language()
def talking_points(
    figures: FigureSet, before: FigureSet | None, reporting: tuple[int, int], *, names_lagging: bool = True
) -> list[str]:
    """Return three sentences to open a meeting with: the biggest changes with what made them, else what stands out.

    `reporting`: how many units have reported, of how many. `names_lagging`: whether who made a figure fall is named.
    """
    points = [
        sentence for _size, sentence in sorted(_tell_changes(figures, before, names_lagging), key=lambda pair: -pair[0])
    ]
    points += _tell_what_stands_out(figures, reporting)
    return points[:MOST_POINTS]


def _tell_changes(figures: FigureSet, before: FigureSet | None, names_lagging: bool) -> Iterator[tuple[float, str]]:
    if before is None or not before.has_data:
        return
    for code in _TOLD:
        now, was = figures.get(code), before.get(code)
        if now is None or was is None or was <= 0 or now < 0 or now == was:
            continue
        label = str(INDICATORS[code].label)
        moved = f"({_write(code, was)} → {_write(code, now)})"
        text = f"{label} {compare_counts(now, was)} so với {_name_before(before)} {moved}"
        cause = _tell_cause(code, figures, before, now - was) if now > was or names_lagging else ""
        yield abs(now - was) / was, f"{text}{cause}."


def _name_before(before: FigureSet) -> str:
    return "cùng kỳ" if isinstance(before.period, HalfYear) else "năm trước"


def _tell_cause(code: str, figures: FigureSet, before: FigureSet, change: int) -> str:
    """Return which unit made most of a change; "" where the units are other ones than a year ago."""
    moved = {
        unit: values.get(code, 0) - before.by_unit[unit].get(code, 0)
        for unit, values in figures.by_unit.items()
        if unit in before.by_unit and code in values and code in before.by_unit[unit]
    }
    if not moved:
        return ""
    unit = max(moved, key=lambda one: moved[one] * (1 if change > 0 else -1))
    if moved[unit] * change <= 0:
        return ""
    sign = "+" if moved[unit] > 0 else "−"
    return f"; nhiều nhất do {_lower(figures.names[unit])} ({sign}{_write(code, abs(moved[unit]))})"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:] if unit_kind(name) else name


def _tell_what_stands_out(figures: FigureSet, reporting: tuple[int, int]) -> Iterator[str]:
    numbers = figures.figures
    ranked = rank_units(figures)
    if ranked:
        first = ranked[0]
        yield f"{first.name} trao nhiều nhất: {format_int(first.value)} lượt."
    turns, hardship = numbers.get("disbursements.turns", 0), numbers.get("disbursements.turns.hardship")
    if turns > 0 and hardship:
        share = write_share(hardship, turns)
        yield f"{format_int(hardship)}/{format_int(turns)} lượt trao ({share}) có hoàn cảnh khó khăn."
    income, spending = numbers.get("funds.income"), numbers.get("funds.spending")
    if income is not None and spending is not None:
        yield f"Quỹ thu {format_money(income)}, chi {format_money(spending)} trong kỳ."
    sent, owing = reporting
    if owing and sent == owing:
        yield f"Cả {format_int(owing)} đơn vị đã có số liệu được duyệt."
    elif owing:
        yield f"{format_int(sent)}/{format_int(owing)} đơn vị đã có số liệu được duyệt; còn {format_int(owing - sent)}."


def rank_units(figures: FigureSet) -> list[Bar]:
    """Return the units that gave most and least, the most first; who has no figure is not ranked."""
    values = [(figure[_RANKED_BY], unit) for unit, figure in figures.by_unit.items() if figure.get(_RANKED_BY)]
    ranked = sorted(values, key=lambda pair: (-pair[0], pair[1]))
    if not ranked:
        return []
    chosen = ranked if len(ranked) <= 2 * MOST_RANKED else ranked[:MOST_RANKED] + ranked[-MOST_RANKED:]
    most = ranked[0][0]
    return [Bar(figures.names[unit], unit, value, max(1, 100 * value // most)) for value, unit in chosen]


def as_public(figures: FigureSet, payload: dict[str, Any]) -> FigureSet:
    """Return the figure set as far as a report's payload says it."""
    return replace(figures, figures=payload["figures"], by_unit=payload["by_unit"], own=payload["own"])


def say_compared(before: FigureSet | None) -> str:
    """Return with what the figures are compared, or that nothing was issued."""
    if before is None:
        return gettext("No report of the same half of last year was issued, so nothing can be compared.")
    said = {"half": before.period.screen_label, "day": short_date(before.period.last_day)}
    return gettext("Compared with the issued figures: %(half)s (through %(day)s).") % said
