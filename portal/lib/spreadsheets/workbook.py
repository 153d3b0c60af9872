"""From the bytes of a file to its cells: .xlsx (and .xlsm), .xls, .ods and .csv.

Nothing here knows what a list is. Whatever the file, reading stays within bounded time and memory: an archive is unpacked
here, part by part and with a limit, and only the parts that hold cells are handed on, so macros, links to other files and
parts that lie about their size never reach a parser.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from datetime import datetime, time
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from .delimited import read_delimited
from .errors import WorkbookError
from .legacy import read_legacy
from .opendocument import read_opendocument
from .sheets import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, Row, Sheet, Workbook, check_rows, collector_paused, column_index

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 250  # a list packs to a tenth or a fiftieth; a bomb to a thousandth

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedstrings\.xml|xl/styles\.xml"
    r"|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>\s*<(?:\w+:)?f\b([^>]*?)(?:/>|>([^<]*)</)', re.ASCII
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>(?:\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>))?'
    rb"\s*<(?:\w+:)?v>([^<]*)<",
    re.ASCII,
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"', re.ASCII)
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b(?=[^>]*\bhidden="(?:1|true)")([^>]*)', re.ASCII)
_FAR_COLUMN = re.compile(rb'r="(?:[D-Z][A-Z]|[A-Z]{3})\d', re.ASCII)
_LAST_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"', re.ASCII)


@collector_paused()
def read_workbook(content: bytes, filename: str = "") -> Workbook:
    """The cells of a workbook; raises `WorkbookError` when it cannot or must not be read."""
    if not content.strip(b"\0 \r\n\t"):
        raise WorkbookError("empty_file")
    if len(content) > MAX_BYTES:
        raise WorkbookError("too_big", limit=MAX_BYTES // (1024 * 1024))
    if content.startswith(_ZIP):
        workbook = _read_archive(content)
    elif content.startswith(_OLE):
        workbook = read_legacy(content)
    elif content.startswith((b"PK", b"\x09\x08\x10\x00", b"\x09\x02", b"\x09\x04")):
        raise WorkbookError("old_format" if content[:1] == b"\x09" else "corrupt", format="Excel 2-4")
    else:
        workbook = _read_text(content, filename)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise WorkbookError("no_sheets")
    return workbook


def _read_text(content: bytes, filename: str) -> Workbook:
    start = content[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<div")):
        raise WorkbookError("web_page")
    if start.startswith((b"<?xml", b"{\\rtf", b"%pdf", b"<workbook")):
        raise WorkbookError("not_a_workbook")
    ending = filename.rpartition(".")[2].lower()
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookError("not_a_workbook")
    if ending in ("xlsx", "xls", "xlsm", "ods"):
        raise WorkbookError("text_file")
    return read_delimited(content)


def _read_archive(content: bytes) -> Workbook:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = {info.filename.replace("\\", "/").lstrip("/"): info for info in archive.infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        raise WorkbookError("corrupt") from error
    lower = {name.lower() for name in names}
    if any(info.flag_bits & 1 for info in names.values()):
        raise WorkbookError("password")
    if "content.xml" in lower:
        parts = _unpack(archive, names, re.compile(r"content\.xml|META-INF/manifest\.xml|mimetype", re.IGNORECASE))
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise WorkbookError("password")
        if b"spreadsheet" not in parts.get("mimetype", b"spreadsheet"):
            raise WorkbookError("not_a_workbook")
        return read_opendocument(parts["content.xml"])
    if "xl/workbook.bin" in lower:
        raise WorkbookError("old_format", format="xlsb")
    if "xl/workbook.xml" not in lower:
        raise WorkbookError("not_a_workbook")
    parts = _unpack(archive, names, _KEPT)
    workbook = _read_parts(parts)
    workbook.macros = any("vbaproject" in name for name in lower)
    workbook.links = any(name.startswith("xl/externallinks/") for name in lower)
    return workbook


def _unpack(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], kept: re.Pattern[str]) -> dict[str, bytes]:
    """The parts that matter, each unpacked with a limit on what it may grow to."""
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    for name, info in names.items():
        if not kept.fullmatch(name):
            continue
        if info.file_size > room or (info.file_size > 4_000_000 and info.file_size > MAX_RATIO * info.compress_size):
            raise WorkbookError("bomb")
        try:
            with archive.open(info) as part:
                parts[name] = part.read(room + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            raise WorkbookError("corrupt") from error
        room -= len(parts[name])
        if room < 0:
            raise WorkbookError("bomb")
    return parts


def _repack(parts: dict[str, bytes]) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    packed.seek(0)
    return packed


def _read_parts(parts: dict[str, bytes]) -> Workbook:
    described = {name.lower(): part for name, part in parts.items()}
    order, epoch_1904 = _sheet_order(described)
    if len(order) > MAX_SHEETS:
        raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
    scans = [(name, hidden, described.get(path, b"")) for name, hidden, path in order]
    sparse = any(_is_sparse(part) for _name, _hidden, part in scans)
    packed = _repack(parts)
    tables = _read_sparse(packed) if sparse else _read_dense(packed)
    workbook = Workbook([], "xlsx", epoch_1904)
    for name, hidden, part in scans:
        if name in tables:
            rows, merged = tables[name]
            workbook.sheets.append(_describe(Sheet(name, hidden, merged=merged), rows, part))
    return workbook


def _sheet_order(parts: dict[str, bytes]) -> tuple[list[tuple[str, bool, str]], bool]:
    """Name, hidden, and path (lower case) of each sheet, and whether days are counted from 1904."""
    try:
        book = _parse(parts["xl/workbook.xml"])
        links = _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    except ElementTree.ParseError as error:
        raise WorkbookError("corrupt") from error
    targets = {}
    for link in links:
        target = link.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath("xl/" + target)
        targets[link.get("Id", "")] = path.lower()
    order, epoch_1904 = [], False
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            epoch_1904 = element.get("date1904", "0") in ("1", "true")
        elif tag == "sheet":
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            path = targets.get(key, "")
            if "/worksheets/" in path:
                order.append((element.get("name", ""), element.get("state", "visible") != "visible", path))
    return order, epoch_1904


def _parse(xml: bytes) -> ElementTree.Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise WorkbookError("corrupt")
    return ElementTree.fromstring(xml)


def _is_sparse(part: bytes) -> bool:
    """Whether a box around the cells would be much larger than the cells: then they must not be read into one."""
    if _FAR_COLUMN.search(part):
        return True
    start = max(part.rfind(b"<row "), part.rfind(b":row "))
    last = _LAST_ROW.match(part, max(part.rfind(b"<", 0, start + 1), 0)) if start >= 0 else None
    if last is None or int(last[1]) <= MAX_ROWS // 4:
        return False
    return part.count(b"<row ") + part.count(b":row ") < int(last[1]) // 2 or int(last[1]) > MAX_ROWS


Table = tuple[list[tuple[int, list[Any]]], list[tuple[int, int, int, int]]]


def _read_dense(packed: io.BytesIO) -> dict[str, Table]:
    try:
        book = CalamineWorkbook.from_filelike(packed)
        tables: dict[str, Table] = {}
        for index, name in enumerate(book.sheet_names):
            try:
                sheet = book.get_sheet_by_index(index)
            except CalamineError:  # a chart sheet
                continue
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            tables[name] = (list(enumerate(sheet.to_python(skip_empty_area=False), 1)), merged)
        return tables
    except PasswordError as error:
        raise WorkbookError("password") from error
    except (CalamineError, ZipError, ValueError, OSError, OverflowError) as error:
        raise WorkbookError("corrupt") from error


def _read_sparse(packed: io.BytesIO) -> dict[str, Table]:
    """Row by row, for sheets with a cell far away from the others."""
    try:
        book = load_workbook(packed, read_only=True, data_only=True, keep_links=False)
        tables: dict[str, Table] = {}
        for sheet in book.worksheets:
            rows: list[tuple[int, list[Any]]] = []
            for number, values in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
                if any(value is not None for value in values):
                    cells = ["" if value is None else _plain(value) for value in values]
                    while cells and cells[-1] == "":
                        cells.pop()
                    rows.append((number, cells))
                    check_rows(len(rows))
            tables[sheet.title] = (rows, [])
        return tables
    except WorkbookError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsing step happens to hit
        raise WorkbookError("corrupt") from error


def _plain(value: Any) -> Any:
    if isinstance(value, datetime) and value.time() == time(0):
        return value.date()
    return value


def _describe(sheet: Sheet, rows: list[tuple[int, list[Any]]], part: bytes) -> Sheet:
    """Puts in what the reader of values does not tell: hidden rows and columns, formulas, errors."""
    hidden: set[int] = set()
    if b'hidden="' in part:
        hidden = {int(number) for number in _HIDDEN_ROW.findall(part)}
        for attributes in _HIDDEN_COLUMN.findall(part):
            low, high = re.search(rb'min="(\d+)"', attributes), re.search(rb'max="(\d+)"', attributes)
            if low and high:
                sheet.hidden_columns.update(range(int(low[1]) - 1, min(int(high[1]), MAX_COLUMNS)))
    width = max((len(cells) for _number, cells in rows), default=0)
    sheet.rows = [Row(number, number in hidden, cells) for number, cells in rows]
    if len(rows) and any(len(cells) != width for _number, cells in rows):
        for _number, cells in rows:
            cells.extend([""] * (width - len(cells)))
    sheet.cut = _FAR_COLUMN.search(part) is not None
    check_rows(len(rows))
    if b"f>" in part:
        for letters, number, _attributes, text in _FORMULA.findall(part):
            formula = "=" + text.decode("utf-8", "replace").replace("&quot;", '"').replace("&amp;", "&")
            sheet.formulas[int(number) - 1, column_index(letters.decode())] = formula.replace("&lt;", "<").replace("&gt;", ">")
    if b't="e"' in part:
        at = {row.number: row for row in sheet.rows}
        for letters, number, text in _ERROR.findall(part):
            row, column = at.get(int(number)), column_index(letters.decode())
            if row is not None and column < len(row.cells):
                row.cells[column] = text.decode("utf-8", "replace")
    return sheet
