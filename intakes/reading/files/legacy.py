"""Excel 97-2003 (.xls) to cells.

The values come from xlrd, which is slow but cannot bring the process down: compiled readers abort on some broken files.
What it does not tell (formulas), and whether the cells are few and close together, is read here from the records of the
file.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import xlrd

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.sheets import MAX_SHEETS, Row, Sheet, Workbook, check_rows

MAX_AREA = 6_000_000
_END = 0xFFFFFFFE
_BOF, _FORMULA, _FILEPASS, _BOUNDSHEET = 0x809, 0x06, 0x2F, 0x85
_CELLS = {
    0x203,
    0x204,
    0xFD,
    0x27E,
    0xD6,
    0x06,
    0x205,
}  # number, label, shared text, packed number, rich text, formula, boolean
_MULTIPLE = 0xBD  # several packed numbers in a row
_EXTERNAL = 0x1AE


@dataclass
class _Facts:
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def read_legacy(content: bytes) -> Workbook:
    """Read a .xls file."""
    streams = _streams(content)
    if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
        raise WorkbookError("password")
    name = next((name for name in ("Workbook", "Book") if name in streams), None)
    if name is None:
        raise WorkbookError("not_a_workbook")
    try:
        facts, external = _records(_read_stream(content, streams, name))
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        if book.nsheets > MAX_SHEETS:
            raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
        workbook = Workbook(
            [_sheet(book, sheet, facts.get(sheet.name, _Facts())) for sheet in book.sheets()], "xls", book.datemode == 1
        )
        workbook.links = external
        return workbook
    except WorkbookError:
        raise
    except xlrd.XLRDError as error:
        raise WorkbookError("password" if "encrypted" in str(error).lower() else "corrupt") from error
    except MemoryError as error:
        raise WorkbookError("bomb") from error
    except Exception as error:
        raise WorkbookError("corrupt") from error


def _sheet(book: Any, source: Any, known: _Facts) -> Sheet:
    sheet = Sheet(source.name, hidden=source.visibility != 0, very_hidden=source.visibility == 2)
    check_rows(source.nrows)
    width = source.ncols
    fonts = book.font_list
    struck = {index for index, style in enumerate(book.xf_list) if fonts[style.font_index].struck_out}
    for index in range(source.nrows):
        cells = [_value(book, cell) for cell in source.row(index)]
        cells.extend([""] * (width - len(cells)))
        if struck:
            sheet.struck.update((index, at) for at, cell in enumerate(source.row(index)) if cell.xf_index in struck)
        hidden = index in source.rowinfo_map and bool(source.rowinfo_map[index].hidden)
        sheet.rows.append(Row(index + 1, hidden, cells))
    while sheet.rows and not any(value != "" for value in sheet.rows[-1].cells):
        sheet.rows.pop()
    sheet.hidden_columns = {index for index, column in source.colinfo_map.items() if column.hidden}
    sheet.merged = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells]
    sheet.formulas = known.formulas
    return sheet


def _value(book: Any, cell: Any) -> Any:
    kind, value = cell.ctype, cell.value
    if kind == xlrd.XL_CELL_DATE:
        try:
            moment = xlrd.xldate_as_datetime(value, book.datemode)
        except (ValueError, OverflowError):
            return time(0)
        if value < 1:
            return moment.time()
        return moment.date() if moment.time() == time(0) else moment
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(value)
    if kind == xlrd.XL_CELL_ERROR:
        return xlrd.error_text_from_code.get(value, "#N/A")
    return "" if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else value


def _sector_chain(table: list[int], first: int) -> list[int]:
    chain, seen = [], set()
    while first < len(table) and first not in seen:
        seen.add(first)
        chain.append(first)
        first = table[first]
    return chain


def _container(content: bytes) -> tuple[int, list[int], list[int]]:
    """Sector size, allocation table, and the sectors of the directory of a compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    if size not in (512, 4096):
        raise WorkbookError("corrupt")
    sectors = list(struct.unpack_from("<109I", content, 76))
    more, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, 1000)):
        if more >= _END:
            break
        part = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        sectors += part[:-1]
        more = part[-1]
    table: list[int] = []
    for sector in sectors:
        if sector < _END and (sector + 2) * size <= len(content) + size:
            block = content[(sector + 1) * size : (sector + 2) * size].ljust(size, b"\xff")
            table += struct.unpack(f"<{size // 4}I", block)
    return size, table, _sector_chain(table, struct.unpack_from("<I", content, 48)[0])


def _streams(content: bytes) -> dict[str, tuple[int, int]]:
    """Name -> (first sector, length) of every stream."""
    try:
        size, _table, directory = _container(content)
        streams = {}
        for sector in directory:
            for offset in range((sector + 1) * size, (sector + 2) * size, 128):
                entry = content[offset : offset + 128]
                if len(entry) == 128 and entry[66] == 2:
                    length = min(max(struct.unpack_from("<H", entry, 64)[0] - 2, 0), 62)
                    name = entry[:length].decode("utf-16-le", "replace")
                    streams[name] = struct.unpack_from("<II", entry, 116)
        return streams
    except (struct.error, IndexError) as error:
        raise WorkbookError("corrupt") from error


def _read_stream(content: bytes, streams: dict[str, tuple[int, int]], name: str) -> bytes:
    """Return the bytes of one stream.

    Streams under 4096 bytes live elsewhere and hold no list, so they come back as they are.
    """
    size, table, _directory = _container(content)
    first, length = streams[name]
    return b"".join(content[(sector + 1) * size : (sector + 2) * size] for sector in _sector_chain(table, first))[
        :length
    ]


def _records(stream: bytes) -> tuple[dict[str, _Facts], bool]:
    """Walk the records once: facts by sheet, and whether other workbooks are referred to.

    Sheets are known by the place where their records start.
    """
    facts: dict[str, _Facts] = {}
    starts: dict[int, str] = {}
    current: _Facts | None = None
    external = False
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if body + length > end:
            break
        if kind == _FILEPASS:
            raise WorkbookError("password")
        if kind == _BOF:
            current = facts.get(starts.get(at, ""))
        elif kind == _BOUNDSHEET and length >= 8:
            place, _state, sort, letters, wide = struct.unpack_from("<IBBBB", stream, body)
            text = stream[body + 8 : body + 8 + letters * (2 if wide & 1 else 1)]
            if sort == 0:
                name = text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
                starts[place], facts[name] = name, _Facts()
        elif kind == _EXTERNAL:
            external = external or length > 8
        elif current is not None:
            _note(current, kind, length, stream, body)
        at = body + length
    return facts, external


def _note(facts: _Facts, kind: int, length: int, stream: bytes, body: int) -> None:
    if kind in _CELLS and length >= 4:
        row, column = struct.unpack_from("<HH", stream, body)
        facts.last_row, facts.last_column = max(facts.last_row, row), max(facts.last_column, column)
        if kind == _FORMULA:
            facts.formulas[row, column] = "="
    elif kind == _MULTIPLE and length >= 6:
        facts.last_row = max(facts.last_row, struct.unpack_from("<H", stream, body)[0])
        facts.last_column = max(facts.last_column, struct.unpack_from("<H", stream, body + length - 2)[0])
    if (facts.last_row + 1) * (facts.last_column + 1) > MAX_AREA:
        raise WorkbookError("bomb")
