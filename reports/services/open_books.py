"""The books of public funds as everybody may read them: one line a list, gift, hand-over or reversal, and no name.

What officers typed (titles, reasons, decisions, givers' names) is left out: a child or a giver may stand in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce

from portal.lib.periods import HalfYear
from portal.lib.tables import Column
from portal.vocabulary import EntryKind
from reports.figures.pooling import Pool
from reports.services.open_rows import POOLED, halves_with_rows, pool_of
from scholarships.models import Fund, LedgerEntry

_CHUNK = 2_000

#: The columns of the file: name, Vietnamese words of the dictionary, JSON type.
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("half", "Nửa năm được tính, ví dụ 2023-H1", "string"),
    ("fund", "Số của quỹ trên trang này", "integer"),
    ("fund_name", "Tên quỹ", "string"),
    ("fund_unit", "Mã đơn vị có quỹ", "string"),
    ("day", "Ngày phát sinh, ví dụ 2023-05-31", "string"),
    (
        "kind",
        "Loại: opening số dư đầu, donation ủng hộ, payout chi, taken_over và passed_on bàn giao, reversal hoàn lại",
        "string",
    ),
    ("reverses", "Loại của dòng được hoàn lại; để trống khi không phải hoàn lại", "string"),
    ("reverses_half", "Nửa năm của dòng được hoàn lại; để trống khi không phải hoàn lại", "string"),
    (
        "giver",
        "Ai ủng hộ: people cá nhân, organisation tổ chức, local_budget ngân sách địa phương; để trống khi không có",
        "string",
    ),
    (
        "unit",
        "Mã đơn vị của danh sách, hoặc của quỹ ở đầu bên kia khi bàn giao; “gộp” khi không nêu; để trống khi không có",
        "string",
    ),
    ("amount", "Số tiền, đồng; âm là ra khỏi quỹ", "integer"),
    ("balance", "Số dư quỹ sau dòng này, đồng", "integer"),
)
COLUMNS = [Column(name, name, "money" if kind == "integer" else "text") for name, _words, kind in FIELDS]


def halves_with_books() -> list[HalfYear]:
    """Return the half-years in which public funds have lines, newest first."""
    lines = LedgerEntry.objects.filter(fund__is_public=True).order_by("-half")
    return [HalfYear.parse(half) for half in lines.values_list("half", flat=True).distinct()]


def halves_of(fund: Fund) -> list[HalfYear]:
    """Return the half-years in which the fund has lines, newest first."""
    return [HalfYear.parse(half) for half in fund.entries.order_by("-half").values_list("half", flat=True).distinct()]


def book_lines(half: HalfYear, fund: Fund | None = None) -> Iterator[dict[str, Any]]:
    """Yield the half-year's lines of every public fund (or of one), by fund and day, each with the balance after it.

    A list's unit is named only where the report is issued on its half-year and on the one that counts the line, and no
    cell of it holds fewer than five people; what is still open changes from day to day, and a difference would tell.
    """
    lines = LedgerEntry.objects.filter(fund__is_public=True)
    lines = lines.filter(fund=fund) if fund else lines
    held: dict[int, int] = dict(
        lines.filter(half__lt=half.code).order_by().values_list("fund_id").annotate(total=Sum("amount"))
    )
    units = _Units()
    for line in _read(lines.filter(half=half.code)):
        fund_id, kind, reverses = line["fund_id"], line["kind"], line["of_kind"] or ""
        held[fund_id] = held.get(fund_id, 0) + line["amount"]
        unit = ""
        if EntryKind.PAYOUT in (kind, reverses):
            unit = units.name(line["list_half"], line["list_unit"], line["list_code"], half)
        elif line["hand_over_id"]:
            unit = line["to_code"] if line["amount"] < 0 else line["from_code"]
        yield {
            "half": half.code, "fund": fund_id, "fund_name": line["fund_name"], "fund_unit": line["fund_unit"],
            "day": line["occurred_on"].isoformat(), "kind": kind, "reverses": reverses,
            "reverses_half": line["of_half"] or "", "giver": line["giver"] or "",
            "unit": unit, "amount": line["amount"], "balance": held[fund_id],
        }  # fmt: skip


def _read(lines: QuerySet[LedgerEntry]) -> Iterator[dict[str, Any]]:
    plain = ("fund_id", "occurred_on", "kind", "amount", "hand_over_id")
    found = lines.order_by("fund_id", "occurred_on", "id").values(
        *plain, fund_name=F("fund__name"), fund_unit=F("fund__unit__code"), of_kind=F("reverses__kind"),
        of_half=F("reverses__half"),
        giver=Coalesce("donation__source", "reverses__donation__source"),
        list_half=Coalesce("reverses__batch__half", "batch__half"),
        list_unit=Coalesce("reverses__batch__unit_id", "batch__unit_id"),
        list_code=Coalesce("reverses__batch__unit__code", "batch__unit__code"),
        to_code=F("hand_over__to_fund__unit__code"), from_code=F("hand_over__from_fund__unit__code"),
    )  # fmt: skip
    yield from found.iterator(chunk_size=_CHUNK)


class _Units:
    """Which units of lists may be named: each half-year's pool is read once."""

    def __init__(self) -> None:
        self._issued: set[str] | None = None
        self._pools: dict[str, Pool] = {}

    def name(self, half: str, unit: int, code: str, counted: HalfYear) -> str:
        """Return the unit of a list of the half-year, as a line that is counted in another one may name it."""
        if self._issued is None:
            self._issued = {one.code for one in halves_with_rows()}
        if not {half, counted.code} <= self._issued:
            return POOLED
        if half not in self._pools:
            self._pools[half] = pool_of(HalfYear.parse(half))
        return POOLED if unit in self._pools[half].units else code
