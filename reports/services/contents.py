"""What a report says of its own figures, frozen with it: dictionary, tables, headline, who is missing, how much is in.

All of it is Vietnamese and part of the payload, so that nothing of an issued report follows a catalogue of later days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.lib.language import official_language
from portal.lib.official import end_text, name_annexes
from portal.lib.periods import HalfYear, Period, Year
from portal.lib.vietnamese import format_int, format_money, slugify
from reports.figures import INDICATORS, Figures, FigureSet, Indicator, Measure, OverTime, by_annex, checks_of
from reports.models import Submission

Payload = dict[str, Any]

NOT_REPORTED = "chưa báo cáo"
ABSENT_TITLE, ABSENT_OF_YEAR = "Đơn vị chưa báo cáo", "Đơn vị chưa báo cáo đủ hai kỳ"
WITHHELD = "*"  # stands for a figure of fewer than five people, and for the neighbour that would reveal it
#: The figures that a card, the verification of a paper and a leader's home name first.
HEADLINE = (
    "disbursements.turns", "disbursements.amount", "members.new", "titles.family.recognised", "funds.closing",
)  # fmt: skip
_SAID_APART = ("disbursements.turns", "disbursements.amount")


def name_period(period: Period) -> Payload:
    """Return how a payload says what it is about: its half-year ("2025-H1"), or its year (2025)."""
    return {"half": period.code} if isinstance(period, HalfYear) else {"year": period.year}


def period_of(payload: Mapping[str, Any]) -> Period:
    """Return what a payload is about."""
    return HalfYear.parse(payload["half"]) if "half" in payload else Year(payload["year"])


def key_of(heading: str) -> str:
    """Return what a heading is called in an address, whatever its number: "cong-tac-tuyen-truyen"."""
    return slugify(heading.partition(". ")[2] or heading)


def describe(payload: Payload) -> Payload:
    """Return the payload with its dictionary of indicators, the tables it prints and its headline figures."""
    period = period_of(payload)
    with official_language():
        dictionary = {code: define(indicator, period) for code, indicator in INDICATORS.items()}
        described = payload | {"indicators": dictionary, "tables": _choose_tables(payload)}
        return described | {"headline": [_head_line(described, code) for code in HEADLINE]}


def define(indicator: Indicator, period: Period) -> dict[str, Any]:
    """Return what the dictionary says of an indicator in a half-year or a year, in the language that is on."""
    over_time = {} if isinstance(period, HalfYear) else {"over_time": indicator.over_time.value}
    return (
        {
            "label": str(indicator.label),
            "definition": indicator.define(period),
            "measure": indicator.measure.value,
            "unit": "‰" if indicator.measure is Measure.SHARE else indicator.measure_label,
            "origin": "declared" if indicator.declared else "recorded" if indicator.recorded else "computed",
            "roll_up": indicator.roll_up.value,
            "table": indicator.annex.value,
            "reference": indicator.reference,
            "checks": checks_of(indicator.code),
        }
        | over_time
        | ({"share_of": list(indicator.share_of)} if indicator.share_of else {})
    )


def _choose_tables(payload: Payload) -> list[dict[str, Any]]:
    """Return title and indicators of the tables that have any figure; a rare indicator only where there is one.

    An amount per head is a column only where a unit has one: that of the total alone stands in the text.
    """
    tables: list[dict[str, Any]] = []
    units = list(payload["by_unit"].values())
    rows = [payload["figures"], payload["own"], *units]
    for annex, indicators in by_annex().items():
        codes = [
            one.code
            for one in indicators
            if not one.is_rare or any(row.get(one.code) for row in (units if one.is_per_head else rows))
        ]
        if any(payload["figures"].get(code) for code in codes):
            tables.append({"title": f"Biểu {len(tables) + 1}. {annex}", "codes": codes})
    return tables


def _head_line(payload: Payload, code: str) -> dict[str, Any]:
    value = payload["figures"].get(code)
    return {
        "code": code,
        "label": payload["indicators"][code]["label"],
        "text": write_figure(payload, code, value),
        "units": payload["coverage"]["with_figure"].get(code, 0),
    }


def write_figure(payload: Payload, code: str, value: int | None) -> str:
    """Return a figure of the report's total as it is read: "10.426.900.000 đồng", "chưa báo cáo", "*" if withheld."""
    if value is None:
        return WITHHELD if code in payload["withheld"].get(payload["unit"], ()) else NOT_REPORTED
    return format_money(value) if payload["indicators"][code]["measure"] == Measure.MONEY else format_int(value)


def without_silence(by_unit: Mapping[str, Figures], silent: Iterable[str]) -> dict[str, Figures]:
    """Return the figures by unit; of units that did not report a 0 is no figure, but that nothing was said.

    What they gave through lists stays: it was recorded, and counts in the totals.
    """
    quiet = set(silent)
    return {
        code: {name: value for name, value in figures.items() if value} if code in quiet else figures
        for code, figures in by_unit.items()
    }


def silent_units(names: Iterable[str], submissions: Mapping[str, Submission]) -> list[str]:
    """Return the units (of those that owe a half-year) of which no approved half-year stands."""
    return [code for code in names if code not in submissions or not submissions[code].was_approved]


@dataclass(frozen=True)
class Reporting:
    """Of a half-year which units owe it (code -> name), and the half-years that they have begun."""

    half: HalfYear
    names: dict[str, str]
    submissions: dict[str, Submission]

    @property
    def silent(self) -> list[str]:
        """The units of which no approved half-year stands."""
        return silent_units(self.names, self.submissions)


def partial_units(reporting: Iterable[Reporting]) -> list[str]:
    """Return the units that have reported some of the half-years that they owe, and not all of them."""
    owed, sent = Counter[str](), Counter[str]()
    for one in reporting:
        owed.update(list(one.names))
        sent.update(set(one.names) - set(one.silent))
    return [code for code in owed if 0 < sent[code] < owed[code]]


def list_absent_of_year(reporting: Sequence[Reporting]) -> list[Any]:
    """Return who did not report which half-year and why; a unit that reported none of several stands there once."""
    found: dict[str, list[tuple[HalfYear, Any]]] = {}
    for one in reporting:
        for line in list_absent(one.names, one.silent, one.submissions):
            found.setdefault(line["unit"], []).append((one.half, line))
    listed = []
    for lines in found.values():
        reasons = {line["reason"] for _half, line in lines}
        if len(lines) > 1 and len(reasons) == 1:
            listed.append(lines[0][1] | {"reason": f"Cả năm: {reasons.pop()}"})
            continue
        listed += [
            line | {"reason": f"{half.label[:1].upper()}{half.label[1:]}: {line['reason']}"} for half, line in lines
        ]
    return listed


def list_absent(names: Mapping[str, str], silent: Iterable[str], submissions: Mapping[str, Submission]) -> list[Any]:
    """Return who did not report and why, in the order of official lists."""
    listed = []
    for code in silent:
        one = submissions.get(code)
        is_missing = one is not None and one.state == Submission.State.MISSING
        listed.append({"unit": code, "name": names[code], "reason": one.reason if one and is_missing else "Chưa gửi"})
    return listed


def title_absent(payload: Payload) -> str:
    """Return what stands over the list of who did not report."""
    return ABSENT_OF_YEAR if "year" in payload else ABSENT_TITLE


def say_absent(payload: Payload) -> list[str]:
    """Return who did not report, those of one reason in one line: "Không gửi: Phường A, Phường B"."""
    by_reason: dict[str, list[str]] = {}
    for one in payload["absent"]:
        by_reason.setdefault(one["reason"], []).append(one["name"])
    ranked = sorted(by_reason.items(), key=lambda pair: -len(pair[1]))
    return [f"{reason} ({format_int(len(names))} đơn vị): {', '.join(names)}." for reason, names in ranked]


def count_halves(figures: FigureSet, names: Iterable[str], partial: Iterable[str]) -> dict[str, int]:
    """Return by indicator how many units have a figure of the year that holds one of its two half-years only.

    What is declared is so where a unit that owed both declared it in one; what is computed, of who has sent one.
    """
    short, halves, both = set(partial), list(figures.declared_in.values()), set(names)
    counted: dict[str, int] = {}
    for code, indicator in INDICATORS.items():
        if indicator.over_time not in {OverTime.SUM, OverTime.ONCE}:
            continue
        if indicator.declared:
            times = Counter(unit for found in halves for unit in found.get(code, ()) if unit in both)
            one_half = {unit for unit, count in times.items() if count < len(halves)}
        else:
            one_half = {unit for unit in short if code in figures.by_unit.get(unit, ())}
        if one_half:
            counted[code] = len(one_half)
    return counted


def count_coverage(by_unit: Mapping[str, Figures], names: Iterable[str]) -> dict[str, Any]:
    """Return of how many units there are, and by indicator how many of them have a figure in its total."""
    codes = list(names)
    counted = {name: sum(name in by_unit[code] for code in codes) for name in INDICATORS}
    return {"units": len(codes), "with_figure": counted}


def sum_through_lists(by_unit: Mapping[str, Figures], silent: Iterable[str], withheld: Mapping[str, Any]) -> Any:
    """Return what the units that did not report gave by their lists, of what may be shown; None when nothing is.

    Where a figure of theirs is withheld the sum is only "at least" so much, and tells nothing of it.
    """
    giving = [code for code in silent if by_unit[code].get("disbursements.turns")]
    if not giving:
        return None
    hidden = any("disbursements.turns" in withheld.get(code, ()) for code in silent)
    sums = {name: sum(by_unit[code].get(name, 0) for code in giving) for name in _SAID_APART}
    return {"units": len(giving), "at_least": hidden, "figures": sums}


def sum_withheld(
    total: Figures,
    exact: Mapping[str, Figures],
    own: tuple[str, Figures, Figures],
    withheld: Mapping[str, Iterable[str]],
) -> Figures:
    """Return by indicator what the withheld cells hold together, so that a reader's own sum comes to the total.

    `own`: code, figures in full and figures shown of what stands beside the units. It tells nothing that the total less
    the cells shown does not. Left out where the total is withheld, and where it is not the sum of its units.
    """
    unit, mine, shown = own
    sums: Figures = {}
    for code, indicator in INDICATORS.items():
        if indicator.share_of or code not in total:
            continue
        parts = {row: figures.get(code, 0) for row, figures in exact.items()}
        hidden = sum(value for row, value in parts.items() if code in withheld.get(row, ()) and row != unit)
        hidden += mine.get(code, 0) if code not in shown else 0
        has_hidden = (code not in shown and code in mine) or any(code in withheld.get(row, ()) for row in parts)
        if has_hidden and sum(parts.values()) + mine.get(code, 0) == total[code]:
            sums[code] = hidden
    return sums


def end_sections(payload: Payload) -> list[dict[str, Any]]:
    """Return the report's text as paper prints it: its last paragraph ends with the sign of an official text."""
    sections = [dict(one) for one in payload["sections"]]
    for section in reversed(sections):
        if section["paragraphs"]:
            section["paragraphs"] = end_text(section["paragraphs"])
            break
    return sections


def annexes_of(payload: Payload, charts: Sequence[Any]) -> dict[str, tuple[str, str]]:
    """Return number and title of each annex that the report has, in their order: charts, changes, tables."""
    titles = {"charts": "Biểu đồ"} if charts else {}
    if payload.get("changes"):
        titles["changes"] = "Thay đổi so với phiên bản trước"
    titles["tables"] = "Biểu số liệu"
    names = name_annexes([*titles.values()])
    return {key: (name, title.upper()) for name, (key, title) in zip(names, titles.items(), strict=True)}


def tell_through_lists(payload_part: Any) -> str:
    """Return that sum as a sentence; "" without one."""
    if not payload_part:
        return ""
    sums, least = payload_part["figures"], "ít nhất " if payload_part["at_least"] else ""
    return (
        f"Trong tổng số lượt trao có {least}{format_int(sums['disbursements.turns'])} lượt, "
        f"{least}{format_money(sums['disbursements.amount'])} ghi nhận qua danh sách trao của "
        f"{format_int(payload_part['units'])} đơn vị chưa gửi báo cáo."
    )
