"""Open data: the anonymous rows of an issued half-year, streamed, so that nobody can be told from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Case, Count, F, Max, Min, Sum, Value, When

from portal.lib.periods import CODE_PATTERN, HalfYear, Period, Year
from portal.lib.tables import Column
from portal.models import Unit
from portal.vocabulary import DonorKind
from reports.figures import DatedTree
from reports.figures.pooling import Cell, Pool, pool_cells
from reports.figures.rollup import FUND_COLUMNS
from reports.models import Report
from scholarships.models import Disbursement, LedgerEntry

#: What stands for a unit, a kind, a source or a hardship that is not named.
POOLED = "gộp"
_CHUNK = 2_000

#: A report that is public or about to be: its period, its unit's code, its payload.
Told = tuple[Period, str, Mapping[str, Any]]

#: The columns of the file: name, Vietnamese words of the dictionary, JSON type.
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("half", "Nửa năm được tính, ví dụ 2023-H1", "string"),
    ("unit", "Mã đơn vị; “gộp” khi không nêu", "string"),
    (
        "kind",
        "Loại chương trình: scholarship học bổng, award khen thưởng, support hỗ trợ; “gộp” khi không nêu",
        "string",
    ),
    (
        "source",
        "Nguồn: fund quỹ chi, direct nhà tài trợ trao trực tiếp, in_kind hiện vật; “gộp” khi không nêu",
        "string",
    ),
    ("amount", "Số tiền hoặc giá trị hiện vật, đồng; để trống khi không nêu", "integer"),
    ("hardship", "Có hoàn cảnh khó khăn: yes, no; “gộp” khi không nêu", "string"),
    ("late", "Bổ sung kỳ trước: yes, no", "string"),
    ("reversal", "Nửa năm thu hồi mà báo cáo đã ban hành; để trống khi không có, “gộp” khi không nêu", "string"),
)
COLUMNS = [Column(name, name, "money" if kind == "integer" else "text") for name, _words, kind in FIELDS]


def halves_with_rows() -> list[HalfYear]:
    """Return the half-years of which the whole association's report is issued, newest first: their rows are closed."""
    root = Unit.objects.filter(versions__parent__isnull=True).values("pk")
    halves = (
        Report.objects.was_public()
        .filter(unit__in=root, period__regex=CODE_PATTERN)
        .order_by("-period")
        .values_list("period", flat=True)
        .distinct()
    )
    return [HalfYear.parse(half) for half in halves]


def open_rows(half: HalfYear) -> Iterator[dict[str, Any]]:
    """Yield the rows of a half-year: those that name their unit by unit, then those that do not, by amount.

    The order of what is pooled tells nothing of where it comes from. A few rows at a time are in memory.
    """
    rows = _rows_of(half)
    pool = pool_of(half)
    named = rows.exclude(unit__in=pool.units)
    yield from _read_rows(
        named.order_by("unit__code", "programme__kind", "is_hardship", "source", "amount"), half, None
    )
    if pool.units and pool.is_shown:
        order = [
            *(["programme__kind"] if pool.names_kinds else []),
            *(["source"] if pool.names_sources else []),
            *(["amount"] if pool.names_amounts else []),
        ]
        told = [half.code, *(one.code for one in halves_with_rows() if pool.names_recalled)]
        reversal = Case(When(reversed_half__in=told, then="reversed_half"), default=Value(""))
        pooled = rows.filter(unit__in=pool.units).order_by(*order, "late_for", reversal)
        yield from _read_rows(pooled, half, pool)


def _rows_of(half: HalfYear) -> Any:
    return Disbursement.objects.filter(half=half.code, paid_at__isnull=False)


def find_pool(
    half: HalfYear, reports: Iterable[tuple[str, Mapping[str, Any]]], tree: DatedTree, draft: Told | None = None
) -> Pool:
    """Return the units that no row of the half-year names, given the reports (unit's code, payload) that are public.

    Besides those with few people it is every unit of which a report withholds turns: its rows would give them back. So
    would the rows that a later half-year took back, where that one's report withholds how many; then none of the pool
    says so, for who holds an older file knows whose such a row was. `draft`: what is about to be issued.
    """
    recalled = _keep_recalled(half, draft)
    kept_back = _list_kept_back(reports, tree, "disbursements.turns") | recalled
    rows = _rows_of(half)
    by_source = {(one["unit_id"], one["source"]): one["people"] for one in rows.count_people("unit_id", "source")}
    return replace(pool_cells(_people(rows), kept_back, by_source), names_recalled=not recalled)


def _list_kept_back(reports: Iterable[tuple[str, Mapping[str, Any]]], tree: DatedTree, what: str) -> set[int]:
    """Return the units of which a report withholds figures of that kind, and all below them."""
    places = {place.code: place.unit_id for place in tree.places.values()}
    kept_back: set[int] = set()
    for unit, payload in reports:
        for code, names in payload["withheld"].items():
            if code not in places or not any(name.startswith(what) for name in names):
                continue
            is_own = code == unit and all(name in payload["figures"] for name in names)
            inside = tree.units_of(places[code], places[code]) if is_own else tree.units_under(places[code])
            kept_back.update(inside)
    return kept_back


def _keep_recalled(half: HalfYear, draft: Told | None) -> set[int]:
    """Return the units of whose rows a later half-year took some back, where its reports do not say how many."""
    taken = _rows_of(half).exclude(reversed_half__in=("", half.code)).order_by().values_list("reversed_half", "unit_id")
    later: dict[str, set[int]] = {}
    for code, unit in taken.distinct():
        later.setdefault(code, set()).add(unit)
    kept_back = set[int]()
    for code, units in later.items():
        then = HalfYear.parse(code)
        reports = [*list_issued(then), *list_issued(Year(then.year))]
        if draft is not None and draft[0] in (then, Year(then.year)):
            reports.append(draft[1:])
        if reports:
            kept_back |= units & _list_kept_back(reports, DatedTree(then.last_day), "disbursements.recalled")
    return kept_back


def list_issued(period: Period) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (unit's code, payload) of the reports on the period that are public."""
    return list(Report.objects.of(period).latest_versions().values_list("unit__code", "payload"))


def sum_pooled(period: Period) -> dict[str, int]:
    """Return by indicator what the files of rows and books do not name of the association's totals of the period.

    Hardship and, where the pool does not name them, kinds, sources and amounts of pooled rows; all of a pool that is
    not shown; what was taken back of half-years without a file; the funds that are not public. Only of totals that the
    report on the period publishes: a year may publish what each of its half-years withholds.
    """
    sums = Counter[str]()
    for half in period.halves:
        unnamed = _sum_unnamed(half)
        if half != period.halves[0]:  # what the funds hold is held at the ends of the period
            del unnamed["funds.opening"], sums["funds.closing"]
        sums.update(unnamed)
    root = Report.objects.of(period).filter(unit__versions__parent__isnull=True).latest_versions().first()
    shown = root.payload["figures"] if root else {}
    return {code: value for code, value in sorted(sums.items()) if value and code in shown}


def _sum_unnamed(half: HalfYear) -> Counter[str]:
    """What the half-year's files do not name, published or not."""
    pool, sums = pool_of(half), Counter[str]()
    pooled = _rows_of(half).filter(unit__in=pool.units).exclude(reversed_half=half.code)
    for row in _sum_rows(pooled):
        for what in ("turns", "amount"):
            whole = f"disbursements.{what}"
            sums[f"{whole}.hardship"] += row[what] if row["is_hardship"] else 0
            if not (pool.names_kinds and pool.is_shown):
                sums[f"{whole}.{row['programme__kind']}"] += row[what]
            if not (pool.names_sources and pool.is_shown):
                sums[f"{whole}.{row['source']}"] += row[what]
            if not pool.is_shown:
                sums[whole] += row[what]
        if pool.is_shown and not pool.names_amounts:
            named = [row["programme__kind"]] * pool.names_kinds + [row["source"]] * pool.names_sources
            for part in ("", *(f".{one}" for one in named)):
                sums[f"disbursements.amount{part}"] += row["amount"]
    sums.update(_sum_unnamed_recalled(half))
    for row in LedgerEntry.objects.filter(fund__is_public=False).sums_by_unit(half):
        for column in FUND_COLUMNS:
            sums[f"funds.{column}"] += row[column]
        for giver in DonorKind:
            sums[f"funds.income.{giver}"] += row[f"income_{giver}"]
    return sums


def _sum_unnamed_recalled(half: HalfYear) -> Counter[str]:
    """What was taken back of half-years without a file, and of rows that their file leaves out."""
    with_file, sums = {one.code for one in halves_with_rows()}, Counter[str]()
    recalled = Disbursement.objects.recalled_in(half)
    for code in recalled.order_by().values_list("half", flat=True).distinct():
        rows = recalled.filter(half=code)
        untold: tuple[str, ...] = ("turns", "amount")
        if code in with_file:
            pool = pool_of(HalfYear.parse(code))
            rows = rows.filter(unit__in=pool.units)
            if pool.is_shown and pool.names_recalled:
                untold = () if pool.names_amounts else ("amount",)
        for row in _sum_rows(rows):
            for what in untold:
                sums[f"disbursements.recalled.{what}"] += row[what]
    return sums


def _sum_rows(rows: Any) -> Any:
    by = rows.order_by().values("programme__kind", "source", "is_hardship")
    return by.annotate(turns=Count("pk"), amount=Sum("amount"))


def pool_of(half: HalfYear) -> Pool:
    """Return which units nothing published of the half-year's giving may name, by its rows and its issued reports."""
    return find_pool(half, list_issued(half), DatedTree(half.last_day))


def read_amounts(half: HalfYear, pool: Pool) -> dict[tuple[str, str], tuple[int, int]]:
    """Return the least and the greatest amount of the pooled rows by kind and source; {} where they name none."""
    if not (pool.is_shown and pool.names_amounts):
        return {}
    rows = _rows_of(half).filter(unit__in=pool.units).exclude(reversed_half=half.code).order_by()
    found = rows.values_list("programme__kind", "source").annotate(least=Min("amount"), greatest=Max("amount"))
    return {(kind, source): (least, greatest) for kind, source, least, greatest in found}


def _people(rows: Any) -> dict[Cell, int]:
    counted = rows.count_people("unit_id", "programme__kind", "is_hardship")
    return {(row["unit_id"], row["programme__kind"], row["is_hardship"]): row["people"] for row in counted}


def _read_rows(rows: Any, half: HalfYear, pool: Pool | None) -> Iterator[dict[str, Any]]:
    columns = ("source", "amount", "is_hardship", "late_for", "reversed_half")
    found = rows.values(*columns, code=F("unit__code"), kind=F("programme__kind"))
    issued = {half.code, *(one.code for one in halves_with_rows())}
    for row in found.iterator(chunk_size=_CHUNK):
        yield {
            "half": half.code,
            "unit": POOLED if pool else row["code"],
            "kind": POOLED if pool and not pool.names_kinds else row["kind"],
            "source": POOLED if pool and not pool.names_sources else row["source"],
            "amount": row["amount"] if pool is None or pool.names_amounts else None,
            "hardship": POOLED if pool else _yes(row["is_hardship"]),
            "late": _yes(bool(row["late_for"])),
            "reversal": _name_reversal(row["reversed_half"], half, pool, issued),
        }


def _name_reversal(reversed_half: str, half: HalfYear, pool: Pool | None, issued: set[str]) -> str:
    """Return the half-year that took a row back; one still open is not told, for a difference from day to day would."""
    if pool and not pool.names_recalled and reversed_half != half.code:
        return POOLED
    return reversed_half if reversed_half in issued else ""


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def table_schema(described: tuple[tuple[str, str, str], ...] = FIELDS) -> dict[str, Any]:
    """Return the description of a file's columns for programs (Table Schema), with its licence."""
    fields = [{"name": name, "title": name, "description": words, "type": kind} for name, words, kind in described]
    return {
        "fields": fields,
        "missingValues": [""],
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/deed.vi"}],
    }
