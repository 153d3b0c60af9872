"""From the bytes of a file to its cells: .xlsx (and .xlsm), .xls, .ods and .csv.

Nothing here knows what a list is. Whatever the file, reading stays within bounded time and memory: an archive is
unpacked here, part by part and with a limit, and only the parts that hold cells are handed on, so macros, links to
other files and parts that lie about their size never reach a parser.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from intakes.reading.files.delimited import read_delimited
from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.legacy import read_legacy
from intakes.reading.files.opendocument import read_opendocument
from intakes.reading.files.sheets import (
    MAX_COLUMNS,
    MAX_SHEETS,
    Row,
    Sheet,
    Workbook,
    check_rows,
    collector_paused,
    column_index,
    pad,
)

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_GAP = 500  # empty rows between two others; more are closed up while reading
MAX_RATIO = 250  # a list packs to a tenth or a fiftieth; a bomb to a thousandth

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedstrings\.xml|"
    r"xl/styles\.xml"
    r"|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\b[^>]{0,200}?\br="([A-Z]{1,3})(\d+)"[^>]{0,200}>\s*<(?:\w+:)?f\b([^>]{0,200}?)(?:/>|>([^<]{0,9000})</)',
    re.ASCII,
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]{0,200}\bt="e")[^>]{0,200}?\br="([A-Z]{1,3})(\d+)"[^>]{0,200}>(?:\s*<(?:\w+:)?f\b[^>]{0,200}?(?:/>|>[^<]{0,9000}</(?:\w+:)?f>))?'
    rb"\s*<(?:\w+:)?v>([^<]{0,40})<",
    re.ASCII,
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]{0,900}\bhidden="(?:1|true)")[^>]{0,900}?\br="(\d+)"', re.ASCII)
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\b(?=[^>]{0,900}\bhidden="(?:1|true)")([^>]{0,900})', re.ASCII)
# Cells beyond column CZ or row 99.999, and whatever only pretends to be a cell.
_FAR = re.compile(rb'r="(?:[D-Zd-z][A-Za-z]\d|[A-Za-z]{3}|[A-Za-z]{0,2}\d{6})', re.ASCII)
_UNUSUAL = re.compile(rb"""\b(r|s|t|hidden|min|max)\s*=\s*(?:"([^"]{0,40})"|'([^']{0,40})')""", re.ASCII)
_COUNT = re.compile(rb"""\b(?:uniqueCount|count)\s*=\s*(?:"[^"]*"|'[^']*')""", re.ASCII)
_CELL_START = re.compile(rb"(?=<(?:\w+:)?c\s)", re.ASCII)
_FAR_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]{0,200}?\br="(?:[A-Z]{3}|[J-Z][A-Z]|I[W-Z])', re.ASCII | re.IGNORECASE)
_ROW_START = re.compile(rb'<(?:\w+:)?row\b[^>]{0,900}?\br="(\d{1,7})"[^>]{0,900}>', re.ASCII)
_FAR_START = re.compile(rb'<(?:\w+:)?c\s(?=[^>]{0,200}r="[A-Za-z]{2})', re.ASCII)
_ROW_NAME = re.compile(rb"<(?:\w+:)?row\b", re.ASCII)
_REFERENCE = re.compile(rb'(<(?:\w+:)?c\b[^>]{0,200}?\br="[A-Za-z]{1,2})\d+', re.ASCII)


@collector_paused()
def read_workbook(content: bytes, filename: str = "") -> Workbook:
    """Return the cells of a workbook; raises `WorkbookError` when it cannot or must not be read."""
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
    """Return the parts that matter, each unpacked with a limit on what it may grow to."""
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
    paths = {name.lower(): name for name in parts}
    closed: dict[str, dict[int, int]] = {}
    whole: dict[str, bytes] = {}
    for name, _hidden, path in order:
        if path not in paths:
            continue
        whole[name] = parts[paths[path]] = _usual(parts[paths[path]])
        if _FAR.search(whole[name]):
            parts[paths[path]], closed[name] = _compact(whole[name])
    for path in ("xl/sharedstrings.xml", "xl/styles.xml"):
        if path in paths:  # the reader would reserve room for as many as are promised
            part = parts[paths[path]]
            parts[paths[path]] = (
                _COUNT.sub(b"", part[:4000]) + part[4000:] if "shared" in path else _COUNT.sub(b"", part)
            )
    tables = _read_dense(_repack(parts))
    workbook = Workbook([], "xlsx", epoch_1904)
    for name, hidden, _path in order:
        if name not in tables:
            continue
        rows, merged = tables[name]
        if name in closed:
            rows = [(closed[name][number], cells[:MAX_COLUMNS]) for number, cells in rows if number in closed[name]]
        sheet = Sheet(name, hidden, merged=merged, cut=name in closed and _has_far_cells(whole[name]))
        workbook.sheets.append(_describe(sheet, rows, whole[name]))
    return workbook


def _sheet_order(parts: dict[str, bytes]) -> tuple[list[tuple[str, bool, str]], bool]:
    """Name, hidden, and path (lower case) of each sheet, and whether days are counted from 1904."""
    try:
        book = _parse(parts["xl/workbook.xml"])
        links = _parse(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    except ET.ParseError as error:
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


def _parse(xml: bytes) -> ET.Element:
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        raise WorkbookError("corrupt")
    return ET.fromstring(xml)  # noqa: S314 - entities were refused above # nosec B314


def _usual(part: bytes) -> bytes:
    """Return a part with its attributes quoted and spaced as spreadsheet programs do it."""
    if b"='" in part or b" =" in part or b"= " in part:
        return _UNUSUAL.sub(lambda match: match[1] + b'="' + (match[2] or match[3] or b"") + b'"', part)
    return part


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
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the compiled reader met what it never expected; not an Exception
            raise WorkbookError("corrupt") from error
        raise


def _compact(part: bytes) -> tuple[bytes, dict[int, int]]:
    """Return a sheet without its far columns, and with wide gaps between rows closed.

    New row number -> the one that was.
    """
    pieces: list[bytes] = []
    numbers: dict[int, int] = {}
    at = last = last_was = 0
    while (match := _ROW_START.search(part, at)) is not None:
        pieces.append(part[at : match.start()])
        if _ROW_NAME.search(pieces[-1]):
            raise WorkbookError("corrupt")
        if match[0].endswith(b"/>"):
            at = match.end()
            continue
        close = part.find(b"row>", match.end())
        if close < 0:
            raise WorkbookError("corrupt")
        at = close + 4
        cells = [cell for cell in _CELL_START.split(part[match.end() : at]) if not _FAR_CELL.match(cell)]
        body = b"".join(cells)
        if b"v>" not in body and b"t>" not in body:
            continue
        was = int(match[1])
        last += min(max(was - last_was, 1), MAX_GAP)
        last_was = was
        numbers[last] = was
        check_rows(len(numbers))
        pieces += (part[match.start() : match.start(1)], b"%d" % last, part[match.end(1) : match.end()])
        pieces.append(_REFERENCE.sub(b"\\g<1>%d" % last, body))
        if not body.rstrip().endswith(b"row>"):
            pieces.append(
                b"</row>" if match[0].startswith(b"<row") else b"</" + match[0][1:].split(b":", 1)[0] + b":row>"
            )
    if _ROW_NAME.search(part, at):
        raise WorkbookError("corrupt")
    pieces.append(part[at:])
    return b"".join(pieces), numbers


def _has_far_cells(part: bytes) -> bool:
    return any(_FAR_CELL.match(part, match.start()) for match in _FAR_START.finditer(part))


def _describe(sheet: Sheet, rows: list[tuple[int, list[Any]]], part: bytes) -> Sheet:
    """Put in what the reader of values does not tell: hidden rows and columns, formulas, errors."""
    hidden: set[int] = set()
    if b'hidden="' in part:
        hidden = {int(number) for number in _HIDDEN_ROW.findall(part)}
        for attributes in _HIDDEN_COLUMN.findall(part):
            low, high = re.search(rb'min="(\d+)"', attributes), re.search(rb'max="(\d+)"', attributes)
            if low and high:
                sheet.hidden_columns.update(range(int(low[1]) - 1, min(int(high[1]), MAX_COLUMNS)))
    sheet.rows = [Row(number, number in hidden, cells) for number, cells in rows]
    pad(sheet.rows)
    check_rows(len(rows))
    if b"f>" in part:
        for letters, number, _attributes, text in _FORMULA.findall(part):
            formula = "=" + text.decode("utf-8", "replace").replace("&quot;", '"').replace("&amp;", "&")
            sheet.formulas[int(number) - 1, column_index(letters.decode())] = formula.replace("&lt;", "<").replace(
                "&gt;", ">"
            )
    if b't="e"' in part:
        at = {row.number: row for row in sheet.rows}
        for letters, number, text in _ERROR.findall(part):
            row, column = at.get(int(number)), column_index(letters.decode())
            if row is not None and column < len(row.cells):
                row.cells[column] = text.decode("utf-8", "replace")
    return sheet
