"""A workbook and its reading as bytes: what comes from the process that reads, and what is kept with the upload.

JSON, packed: codes and plain values, no sentence and nothing that could run. Unpacking a reading of fifteen thousand
rows takes a tenth of a second, so that a preview need not read the file again.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, MutableMapping, Sequence
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
_PIECE = 256 * 1024
_IN_A_BOX = 256  # rows
_MOST_KNOWN = 20_000  # texts
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
    kept = _read(next(_unpack(packed), b""))
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
    """Return a reading as bytes: a line of what it says as a whole, then two of each box of some hundred rows.

    The cells of the rows stand apart, for few of them are ever looked at again.
    """
    places = {id(table): place for place, table in enumerate(reading.tables)}
    shapes: dict[tuple[str, ...], int] = {}
    for row in reading.rows:
        shapes.setdefault(tuple(row.values), len(shapes))
    head = {
        "schema": reading.schema.name,
        "tables": [_plain(table) for table in reading.tables],
        "totals": [_plain(total) for total in reading.totals],
        "ambiguities": [_plain(ambiguity) for ambiguity in reading.ambiguities],
        "notes": [_plain(note) for note in reading.notes],
        "questions": [_plain(question) for question in reading.questions],
        "shapes": list(shapes),
        "rows": len(reading.rows),
    }
    return _pack(_lines(head, reading.rows, places, shapes))


def _lines(
    head: dict[str, Any], rows: list[ListRow], places: dict[int, int], shapes: dict[tuple[str, ...], int]
) -> Iterator[bytes]:
    yield _written(head)
    for start in range(0, len(rows), _IN_A_BOX):
        box = rows[start : start + _IN_A_BOX]
        yield _written(
            [
                [
                    row.sheet, row.row, row.hidden, row.block, places[id(row.table)], row.amount_column,
                    shapes[tuple(row.values)], list(row.values.values()), [_plain(problem) for problem in row.problems],
                ]
                for row in box
            ]
        )  # fmt: skip
        yield _written([row.cells for row in box])


@collector_paused()
def unpack_reading(packed: bytes, schema: Schema) -> Reading:
    """Return what `pack_reading` was given; raises KeptError, also when it was read for another schema."""
    lines = _unpack(packed)
    kept = _read(next(lines, b""))
    if kept["schema"] != schema.name:
        raise KeptError(schema.name)
    tables = [_table(table) for table in kept["tables"]]
    shapes = [{name: place for place, name in enumerate(names)} for names in kept["shapes"]]
    rows: list[ListRow] = []
    known = _Known()
    for line in lines:
        box = _Box(next(lines, b""))
        if len(known) > _MOST_KNOWN:  # names and telephone numbers, met once each
            known.clear()
        rows += [
            ListRow(
                known[sheet],
                number,
                hidden,
                known[block],
                Values(shapes[shape], tuple([known[value] if value.__class__ is str else value for value in values])),
                [Problem(*problem) for problem in problems] if problems else (),
                tables[table],
                _Cells(box, place),
                amount_column,
            )
            for place, (sheet, number, hidden, block, table, amount_column, shape, values, problems) in enumerate(
                _read(line)
            )
        ]
    if len(rows) != kept["rows"]:
        raise KeptError(schema.name)
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


class _Known(dict[str, str]):
    """Texts met before: a school stands once, however many of its pupils are listed."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


class Values(MutableMapping[str, Any]):
    """What a row says, by field: a tuple beside the names of its table, an eighth of what a dict of its own takes."""

    __slots__ = ("_places", "_values")

    def __init__(self, places: dict[str, int], values: Sequence[Any]) -> None:
        if len(places) != len(values):
            raise KeptError("values")
        self._places, self._values = places, values

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name]]

    def __setitem__(self, name: str, value: Any) -> None:
        values = self._values if isinstance(self._values, list) else [*self._values]  # of most rows none is set
        if name in self._places:
            values[self._places[name]] = value
        else:
            self._places = self._places | {name: len(values)}
            values.append(value)
        self._values = values

    def __delitem__(self, name: str) -> None:
        raise TypeError("a row keeps its fields")

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)


class _Box:
    """The cells of some hundred rows, packed: hardly any of them is ever read."""

    __slots__ = ("packed",)

    def __init__(self, line: bytes) -> None:
        self.packed = zlib.compress(line, 1)


@lru_cache(maxsize=4)
def _open_box(packed: bytes) -> list[list[Any]]:
    cells: list[list[Any]] = _read(zlib.decompress(packed))
    return cells


class _Cells(Sequence[Any]):
    """The cells of a row, read from their box when somebody asks for one."""

    __slots__ = ("_box", "_place", "_values")

    def __init__(self, box: _Box, place: int) -> None:
        self._box, self._place = box, place
        self._values: list[Any] | None = None

    def _cells(self) -> list[Any]:
        if self._values is None:
            self._values = _open_box(self._box.packed)[self._place]
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
    packer = zlib.compressobj(1)
    parts = [packer.compress(line + b"\n") for line in lines]
    return b"".join([*parts, packer.flush()])


def _unpack(packed: bytes) -> Iterator[bytes]:
    """Yield the lines, so that the text never lies there whole."""
    unpacker = zlib.decompressobj()
    rest, waiting, length = b"", packed, 0
    while not unpacker.eof:
        try:
            text = unpacker.decompress(waiting, _PIECE)
        except zlib.error as error:
            raise KeptError("not packed") from error
        waiting, length = unpacker.unconsumed_tail, length + len(text)
        if length > MOST_UNPACKED or not (text or waiting or unpacker.eof):
            raise KeptError("too large" if text else "cut")
        *lines, rest = (rest + text).split(b"\n")
        yield from lines
    if rest:
        raise KeptError("cut")
