"""A workbook and its reading as bytes: what comes from the process that reads, and what is kept with the upload.

JSON, packed: codes and plain values, no sentence and nothing that could run. Unpacking a reading of fifteen thousand
rows takes a tenth of a second, so that a preview need not read the file again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from intakes.reading.columns.tables import Ambiguity, Column, Table
from intakes.reading.files.sheets import Row, Sheet, Workbook, collector_paused
from intakes.reading.rows.results import Reading, Total
from intakes.reading.rows.rows import ListRow
from intakes.reading.words.problems import Note, Problem
from intakes.reading.words.questions import Question
from intakes.reading.words.schemas import Schema
from intakes.reading.words.titles import Facts
from portal.lib.vietnamese import Birth

MOST_UNPACKED = 512 * 1024 * 1024
_DAY, _MOMENT, _TIME, _SPAN, _BORN, _SET = "d", "m", "t", "s", "b", "f"


class KeptError(ValueError):
    """What was kept cannot be unpacked: it was made by another version, or is damaged."""


def pack_workbook(workbook: Workbook) -> bytes:
    """Return the cells of a workbook as bytes."""
    sheets = [
        {
            "name": sheet.name, "hidden": sheet.hidden, "cut": sheet.cut, "very_hidden": sheet.very_hidden,
            "merged": sheet.merged, "struck": sorted(sheet.struck),
            "hidden_columns": sorted(sheet.hidden_columns),
            "formulas": [[row, column, text] for (row, column), text in sheet.formulas.items()],
            "rows": [[row.number, row.hidden, row.cells] for row in sheet.rows],
        }
        for sheet in workbook.sheets
    ]  # fmt: skip
    about = [workbook.format, workbook.epoch_1904, workbook.macros, workbook.links]
    return _pack([_written({"about": about, "sheets": sheets})])


@collector_paused()
def unpack_workbook(packed: bytes) -> Workbook:
    """Return what `pack_workbook` was given; raises KeptError."""
    kept = _read(_unpack(packed))
    sheets = [
        Sheet(
            sheet["name"],
            sheet["hidden"],
            [Row(*row) for row in sheet["rows"]],
            [tuple(area) for area in sheet["merged"]],
            {(row, column): text for row, column, text in sheet["formulas"]},
            set(sheet["hidden_columns"]),
            sheet["cut"],
            sheet["very_hidden"],
            {(row, column) for row, column in sheet["struck"]},
        )
        for sheet in kept["sheets"]
    ]
    return Workbook(sheets, *kept["about"])


def pack_reading(reading: Reading) -> bytes:
    """Return a reading as bytes. The cells of each row stand apart, for few of them are ever looked at again."""
    places = {id(table): place for place, table in enumerate(reading.tables)}
    shapes: dict[tuple[str, ...], int] = {}
    rows = [
        [
            row.sheet, row.row, row.hidden, row.block, places[id(row.table)], row.amount_column,
            shapes.setdefault(tuple(row.values), len(shapes)), list(row.values.values()),
            [_plain(problem) for problem in row.problems],
        ]
        for row in reading.rows
    ]  # fmt: skip
    head = {
        "schema": reading.schema.name,
        "tables": [_plain(table) for table in reading.tables],
        "totals": [_plain(total) for total in reading.totals],
        "ambiguities": [_plain(ambiguity) for ambiguity in reading.ambiguities],
        "notes": [_plain(note) for note in reading.notes],
        "questions": [_plain(question) for question in reading.questions],
        "shapes": list(shapes),
        "rows": rows,
    }
    return _pack([_written(head), *(_written(row.cells) for row in reading.rows)])


@collector_paused()
def unpack_reading(packed: bytes, schema: Schema) -> Reading:
    """Return what `pack_reading` was given; raises KeptError, also when it was read for another schema."""
    head, *cells = _unpack(packed).split(b"\n")
    kept = _read(head)
    if kept["schema"] != schema.name or len(cells) != len(kept["rows"]):
        raise KeptError(schema.name)
    tables = [_table(table) for table in kept["tables"]]
    shapes = kept["shapes"]
    rows = [
        ListRow(
            sheet,
            number,
            hidden,
            block,
            dict(zip(shapes[shape], values, strict=True)),
            [Problem(*problem) for problem in problems] if problems else [],
            tables[table],
            _Cells(line),
            amount_column,
        )
        for (sheet, number, hidden, block, table, amount_column, shape, values, problems), line in zip(
            kept["rows"], cells, strict=True
        )
    ]
    return Reading(
        schema,
        tables,
        rows,
        [Total(*total) for total in kept["totals"]],
        [
            Ambiguity(sheet, name, code, [tuple(option) for option in options])
            for sheet, name, code, options in kept["ambiguities"]
        ],
        [Note(*note) for note in kept["notes"]],
        [Question(*question) for question in kept["questions"]],
    )


class _Cells(Sequence[Any]):
    """The cells of a row, read from their line when somebody asks for one."""

    __slots__ = ("_line", "_values")

    def __init__(self, line: bytes) -> None:
        self._line = line
        self._values: list[Any] | None = None

    def _cells(self) -> list[Any]:
        if self._values is None:
            self._values = _read(self._line)
        return self._values

    def __getitem__(self, index: Any) -> Any:
        return self._cells()[index]

    def __len__(self) -> int:
        return len(self._cells())


def _table(kept: Sequence[Any]) -> Table:
    table = Table(*kept)
    table.columns = [Column(*column) for column in table.columns]  # type: ignore[misc]  # plain lists until here
    table.facts = Facts(*table.facts)  # type: ignore[misc]  # the same
    table.marks, table.header_texts = dict(table.marks), dict(table.header_texts)
    return table


def _plain(value: Any) -> Any:
    """Return a record as the list of its fields; keys that are not text cannot be those of a JSON object."""
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, Birth):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, dict) and any(key.__class__ is not str for key in value):
        return list(value.items())
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


def _tagged(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.toordinal()}
    if isinstance(value, Birth):
        return {_BORN: value.year * 10_000 + (value.month or 0) * 100 + (value.day or 0)}
    if isinstance(value, time):
        return {_TIME: value.isoformat()}
    if isinstance(value, timedelta):
        return {_SPAN: [value.days, value.seconds, value.microseconds]}
    if isinstance(value, frozenset):
        return {_SET: sorted(value)}
    raise TypeError(type(value).__name__)


_born = lru_cache(maxsize=4096)(
    lambda number: Birth(number // 10_000, number // 100 % 100 or None, number % 100 or None)
)
_day = lru_cache(maxsize=4096)(date.fromordinal)
_UNTAGGED: dict[str, Callable[[Any], Any]] = {
    _DAY: _day,
    _BORN: _born,
    _MOMENT: datetime.fromisoformat,
    _TIME: time.fromisoformat,
    _SPAN: lambda parts: timedelta(*parts),
    _SET: frozenset,
}


def _untagged(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        ((tag, value),) = found.items()
        if tag in _UNTAGGED:
            return _UNTAGGED[tag](value)
    return found


_write = json.JSONEncoder(default=_tagged, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
_decode = json.JSONDecoder(object_hook=_untagged).decode


def _written(value: Any) -> bytes:
    return _write(value).encode("utf-8", "surrogatepass")


def _read(text: bytes) -> Any:
    try:
        return _decode(text.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise KeptError("not JSON") from error


def _pack(lines: Iterable[bytes]) -> bytes:
    return zlib.compress(b"\n".join(lines), 1)


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, MOST_UNPACKED)
    except zlib.error as error:
        raise KeptError("not packed") from error
    if not unpacker.eof:
        raise KeptError("too large")
    return text
