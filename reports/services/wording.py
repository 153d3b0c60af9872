"""Words of which a report's sentences are made: rounded counts, what units are called together, how a figure moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext

from portal.lib.periods import HalfYear, Period
from portal.lib.vietnamese import approximate, approximate_money, format_int, format_money
from reports.figures import FigureSet, unit_kind
from reports.figures.tree import UNIT_KINDS


def area_word(figures: FigureSet) -> str:
    """Return what the unit's ground is called: "thành phố", "quận"; "đơn vị" where its name tells nothing."""
    return unit_kind(figures.unit_name) or "đơn vị"


def children_word(figures: FigureSet) -> str:
    """Return what the units below are called together: "quận, huyện", "phường, xã, đặc khu"; "đơn vị" otherwise."""
    kinds = Counter(unit_kind(name) for code, name in figures.names.items() if code not in figures.not_handed_over)
    if not kinds or "" in kinds:
        return "đơn vị"
    return ", ".join(kind for kind in UNIT_KINDS if kind in kinds)


def about(count: int, noun: str) -> str:
    """Return a rounded count with its noun: "gần 15.000 lượt"."""
    return f"{round_count(count)} {noun}"


def about_money(amount: int) -> str:
    """Return a rounded amount: "hơn 10 tỷ đồng"."""
    return approximate_money(amount).text if amount >= 0 else format_money(amount)


def compare_counts(now: int, before: int) -> str:
    """How a figure moved, true to one decimal, in the language in force: "tăng 12,5%", "tăng chưa đến 0,1%"."""
    if now == before:
        return gettext("unchanged")
    grows = now > before
    if now >= 2 * before and now % before == 0:
        return gettext("%(times)s times as much") % {"times": format_int(now // before)}
    tenths = (2000 * abs(now - before) + before) // (2 * before)
    if tenths == 0:
        return gettext("up by less than 0.1%") if grows else gettext("down by less than 0.1%")
    if tenths >= 1000 and not grows and now:
        return gettext("down by more than 99.9%")
    whole, rest = divmod(tenths, 10)
    share = {"share": f"{format_int(whole)}{f',{rest}' if rest else ''}%"}
    return gettext("up by %(share)s") % share if grows else gettext("down by %(share)s") % share


def write_share(part: int, whole: int) -> str:
    """Return a share to one decimal, never rounded to all or nothing: "66,9%", "dưới 0,1%", "trên 99,9%"."""
    tenths = (2000 * part + whole) // (2 * whole)
    if part > 0 and tenths == 0:
        return "dưới 0,1%"
    if tenths >= 1000 and part < whole:
        return "trên 99,9%"
    return f"{format_int(tenths // 10)}{f',{tenths % 10}' if tenths % 10 else ''}%"


def round_count(count: int) -> str:
    """Return a rounded count: "gần 15.000"."""
    return approximate(count).text if count >= 0 else format_int(count)


def lower_name(name: str) -> str:
    """Return a unit's name inside a sentence: "quận Lê Chân"; one that a number names keeps its capital, "Phường 5"."""
    kind = unit_kind(name)
    if not kind or name[len(kind) :].strip()[:1].isdigit():
        return name
    return name[:1].lower() + name[1:]


def capitalise(text: str) -> str:
    """Return the text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def join_list(parts: list[str]) -> str:
    """Return a list in words: "a, b và c"."""
    return ", ".join(parts[:-1]) + f" và {parts[-1]}" if len(parts) > 1 else "".join(parts)


def say_a_year_ago(period: Period) -> str:
    """Return with what a half-year or a year is compared: "cùng kỳ năm trước", "năm trước"."""
    return "cùng kỳ năm trước" if isinstance(period, HalfYear) else "năm trước"


def name_review(period: Period) -> str:
    """Return what the review of a half-year or a year is called: "sơ kết", "tổng kết"."""
    return "sơ kết" if isinstance(period, HalfYear) else "tổng kết"


def say_who_reported(figures: FigureSet, code: str) -> str:
    """Who stands behind a declared figure, where not all do: " (12/15 quận, huyện báo cáo)"."""
    count, whole = figures.reporting.get(code, 0), figures.count_asked()
    if not count or count >= whole:
        return ""
    return f" ({format_int(count)}/{format_int(whole)} {children_word(figures)} báo cáo)"


def name_reporters(figures: FigureSet, codes: Iterable[str]) -> str:
    """Who stands behind all these figures, where it is the same part of the units: "21/114 phường, xã"; else ""."""
    told = {say_who_reported(figures, code) for code in codes}
    return told.pop().removeprefix(" (").removesuffix(" báo cáo)") if len(told) == 1 else ""


def name_units(figures: FigureSet) -> str:
    """Return whose declared figures these are: "các đơn vị", or "đơn vị" where no unit below reports."""
    return "đơn vị" if figures.is_alone else "các đơn vị"
