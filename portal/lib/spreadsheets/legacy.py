"""Excel 97-2003 (.xls) to cells.

The values come from calamine. What it does not tell (hidden rows and sheets, formulas, a password) is read here from the
records of the file, which also tells before any table is built whether the cells are few and close together.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from .errors import WorkbookError
from .sheets import MAX_SHEETS, Row, Sheet, Workbook, check_rows

MAX_AREA = 6_000_000
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_BOF, _FORMULA, _FILEPASS, _BOUNDSHEET, _ROW, _MERGED, _DATEMODE, _COLINFO = 0x809, 0x06, 0x2F, 0x85, 0x208, 0xE5, 0x22, 0x7D
_CELLS = {0x203, 0x204, 0xFD, 0x27E, 0xD6, 0x06, 0x205}  # number, label, shared text, packed number, rich text, formula, boolean
_MULTIPLE = 0xBD  # several packed numbers in a row
_EXTERNAL = 0x1AE


@dataclass
class _Facts:
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    last_row: int = 0
    last_column: int = 0


def read_legacy(content: bytes) -> Workbook:
    streams = _streams(content)
    if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
        raise WorkbookError("password")
    name = next((name for name in ("Workbook", "Book") if name in streams), None)
    if name is None:
        raise WorkbookError("not_a_workbook")
    workbook, facts = _records(_read_stream(content, streams, name))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for index, name in enumerate(book.sheet_names):
            known = facts.get(name, _Facts())
            table = book.get_sheet_by_index(index).to_python(skip_empty_area=False)
            check_rows(len(table))
            sheet = next((sheet for sheet in workbook.sheets if sheet.name == name), None)
            if sheet is None:
                sheet = Sheet(name)
                workbook.sheets.append(sheet)
            sheet.rows = [Row(number, number in known.hidden_rows, cells) for number, cells in enumerate(table, 1)]
            sheet.merged, sheet.formulas, sheet.hidden_columns = known.merged, known.formulas, known.hidden_columns
    except PasswordError as error:
        raise WorkbookError("password") from error
    except (CalamineError, ValueError, OSError, OverflowError) as error:
        raise WorkbookError("corrupt") from error
    return workbook


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
    """The bytes of one stream; streams under 4096 bytes live elsewhere and hold no list, so they come back as they are."""
    size, table, _directory = _container(content)
    first, length = streams[name]
    return b"".join(content[(sector + 1) * size : (sector + 2) * size] for sector in _sector_chain(table, first))[:length]


def _records(stream: bytes) -> tuple[Workbook, dict[str, _Facts]]:
    """Walks the records once. Sheets are known by the place where their records start."""
    workbook = Workbook([], "xls")
    facts: dict[str, _Facts] = {}
    starts: dict[int, str] = {}
    current: _Facts | None = None
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if body + length > end:
            break
        if kind == _FILEPASS:
            raise WorkbookError("password")
        if kind == _BOF:
            current = facts.get(starts.get(at, ""), None)
        elif kind == _BOUNDSHEET and length >= 8:
            place, state, sort, letters, wide = struct.unpack_from("<IBBBB", stream, body)
            text = stream[body + 8 : body + 8 + letters * (2 if wide & 1 else 1)]
            name = text.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
            if sort == 0:
                starts[place] = name
                facts[name] = _Facts()
                workbook.sheets.append(Sheet(name, hidden=bool(state & 3)))
                if len(workbook.sheets) > MAX_SHEETS:
                    raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
        elif kind == _DATEMODE and length >= 2:
            workbook.epoch_1904 = struct.unpack_from("<H", stream, body)[0] == 1
        elif kind == _EXTERNAL:
            workbook.links = workbook.links or length > 8
        elif current is not None:
            _note(current, kind, length, stream, body)
        at = body + length
    return workbook, facts


def _note(facts: _Facts, kind: int, length: int, stream: bytes, body: int) -> None:
    if kind in _CELLS and length >= 4:
        row, column = struct.unpack_from("<HH", stream, body)
        facts.last_row, facts.last_column = max(facts.last_row, row), max(facts.last_column, column)
        if kind == _FORMULA:
            facts.formulas[row, column] = "="
    elif kind == _MULTIPLE and length >= 6:
        facts.last_row = max(facts.last_row, struct.unpack_from("<H", stream, body)[0])
        facts.last_column = max(facts.last_column, struct.unpack_from("<H", stream, body + length - 2)[0])
    elif kind == _ROW and length >= 16:
        if struct.unpack_from("<H", stream, body + 12)[0] & 0x20:
            facts.hidden_rows.add(struct.unpack_from("<H", stream, body)[0] + 1)
    elif kind == _COLINFO and length >= 10:
        first, last, _width, _style, options = struct.unpack_from("<5H", stream, body)
        if options & 1:
            facts.hidden_columns.update(range(first, min(last, 255) + 1))
    elif kind == _MERGED and length >= 2:
        for index in range(min(struct.unpack_from("<H", stream, body)[0], (length - 2) // 8)):
            first, last, left, right = struct.unpack_from("<4H", stream, body + 2 + index * 8)
            facts.merged.append((first, left, last, right))
    if (facts.last_row + 1) * (facts.last_column + 1) > MAX_AREA:
        raise WorkbookError("bomb")
