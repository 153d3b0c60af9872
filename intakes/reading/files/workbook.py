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

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from intakes.reading.files.delimited import read_delimited
from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.legacy import read_legacy
from intakes.reading.files.markup import Attributes, as_utf8, read_tags, without_counts
from intakes.reading.files.opendocument import read_opendocument
from intakes.reading.files.scan import Place, SheetFacts, close_gaps, scan_sheet, without_empty_rows
from intakes.reading.files.sealed import open_sealed
from intakes.reading.files.sheets import (
    MAX_COLUMNS,
    MAX_SHEETS,
    Row,
    Sheet,
    Workbook,
    check_rows,
    collector_paused,
    pad,
)
from intakes.reading.files.spreadsheetml import NAMESPACE, read_spreadsheetml
from intakes.reading.files.struck import find_struck
from intakes.reading.files.webpage import read_webpage

MAX_BYTES = 30 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 250  # a list packs to a tenth or a fiftieth; a bomb to a thousandth
MAX_OF_THIN_PARTS = 16_000_000  # unpacked; more must pack as a list does

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedstrings\.xml|"
    r"xl/styles\.xml"
    r"|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)


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
        workbook = _read_compound(content)
    elif content.startswith((b"PK", b"\x09\x08\x10\x00", b"\x09\x02", b"\x09\x04")):
        raise WorkbookError("old_format" if content[:1] == b"\x09" else "corrupt", format="Excel 2-4")
    else:
        workbook = _read_text(content, filename)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise WorkbookError("no_sheets")
    return workbook


def _read_compound(content: bytes) -> Workbook:
    """Read a .xls, or a workbook encrypted with the password that everybody has."""
    try:
        return read_legacy(content)
    except WorkbookError as error:
        if error.code != "password":
            raise
        opened = open_sealed(content)
    return _read_archive(opened) if opened.startswith(_ZIP) else read_legacy(opened)


def _read_text(content: bytes, filename: str) -> Workbook:
    if (encoding := _unmarked_utf16(content)) is not None:
        try:
            content = content.decode(encoding).encode()
        except UnicodeError as error:
            raise WorkbookError("not_a_workbook") from error
    start = content[:4096]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[: len(start) // 2 * 2].decode("utf-16", "ignore").encode()
    start = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith(_PAGE) or (start.startswith(b"<?xml") and b"<html" in start):
        return read_webpage(content)
    if start.startswith(b"<?xml") or b"<workbook" in start:
        if NAMESPACE in start:
            return read_spreadsheetml(content)
        if b"opendocument:xmlns:office" in start and b"opendocument.spreadsheet" in start:
            return read_opendocument(content)
    if start.startswith((b"<?xml", b"{\\rtf", b"%pdf", b"<workbook")):
        raise WorkbookError("not_a_workbook")
    ending = filename.rpartition(".")[2].lower()
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise WorkbookError("not_a_workbook")
    # Excel opens text with the ending .xls, and older software writes such files; with the other endings it does not.
    if ending in ("xlsx", "xlsm", "ods") or (ending == "xls" and start.count(b"\t") < 3):
        raise WorkbookError("text_file")
    return read_delimited(content)


_PAGE = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<div", b"<head", b"<body", b"<style", b"<!--")


def _unmarked_utf16(content: bytes) -> str | None:
    """Return the encoding of UTF-16 text that lacks its mark, told from the noughts beside plain letters."""
    sample = content[:4096]
    if b"\0" not in sample or sample.startswith((b"\xff\xfe", b"\xfe\xff")) or len(content) % 2:
        return None
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) // 2
    if odd > half * 0.5 and even < half * 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.5 and odd < half * 0.05 else None


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
    if not any(sheet.rows for sheet in workbook.sheets) and any(name.startswith("xl/media/") for name in lower):
        raise WorkbookError("only_pictures")
    workbook.macros = any("vbaproject" in name for name in lower)
    workbook.links = any(name.startswith("xl/externallinks/") for name in lower)
    return workbook


def _unpack(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo], kept: re.Pattern[str]) -> dict[str, bytes]:
    """Return the parts that matter, each unpacked with a limit on what it may grow to."""
    parts: dict[str, bytes] = {}
    room = MAX_UNPACKED
    promised = [info for name, info in names.items() if kept.fullmatch(name)]
    size, packed = sum(info.file_size for info in promised), sum(info.compress_size for info in promised)
    if size > MAX_OF_THIN_PARTS and size > MAX_RATIO * packed:
        raise WorkbookError("bomb")
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
    """Return an archive of the parts; they are given away one by one, so that they do not lie there twice."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        while parts:
            archive.writestr(*parts.popitem())
    packed.seek(0)
    return packed


def _read_parts(parts: dict[str, bytes]) -> Workbook:
    parts = {name: as_utf8(part) for name, part in parts.items()}
    order, epoch_1904 = _sheet_order({name.lower(): part for name, part in parts.items()})
    if len(order) > MAX_SHEETS:
        raise WorkbookError("too_many_sheets", limit=MAX_SHEETS)
    paths = {name.lower(): name for name in parts}
    facts: dict[str, SheetFacts] = {}
    closed: dict[str, dict[int, int]] = {}
    lines: dict[str, set[Place]] = {}
    about = [parts.get(paths.get(f"xl/{name}.xml", ""), b"") for name in ("styles", "sharedstrings")]
    struck = find_struck(*about)
    del about
    for name, _state, path in order:
        if path in paths:
            part = parts[paths[path]] = without_empty_rows(parts[paths[path]])
            facts[name] = scan_sheet(part)
            lines[name] = struck.places(part)
            if facts[name].is_far:
                parts[paths[path]], closed[name] = close_gaps(part)
    for path in ("xl/sharedstrings.xml", "xl/styles.xml"):
        if path in paths:
            parts[paths[path]] = without_counts(parts[paths[path]], root_only="shared" in path)
    tables = _read_dense(_repack(parts))
    workbook = Workbook([], "xlsx", epoch_1904)
    for name, state, _path in order:
        if name not in tables:
            continue
        rows, merged = tables[name]
        if name in closed:
            rows = [(closed[name][number], cells[:MAX_COLUMNS]) for number, cells in rows if number in closed[name]]
        sheet = Sheet(
            name, state != "visible", merged=merged, very_hidden=state == "veryHidden", struck=lines.get(name, set())
        )
        workbook.sheets.append(_describe(sheet, rows, facts.get(name, SheetFacts())))
    return workbook


def _sheet_order(parts: dict[str, bytes]) -> tuple[list[tuple[str, str, str]], bool]:
    """Name, state, and path (lower case) of each sheet, and whether days are counted from 1904."""
    targets: dict[str, str] = {}
    order: list[tuple[str, str, str]] = []
    about: list[str] = []  # of each workbookPr; newer programs write a second one that says nothing of days

    def take_link(_name: str, attributes: Attributes) -> None:
        target = attributes.get("Target", "").replace("\\", "/")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath("xl/" + target)
        targets[attributes.get("Id", "")] = path.lower()

    def take_sheet(name: str, attributes: Attributes) -> None:
        if name == "workbookPr":
            about.append(attributes.get("date1904", "0"))
        elif name == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            path = targets.get(key, "")
            if "/worksheets/" in path:
                order.append((attributes.get("name", ""), attributes.get("state", "visible"), path))

    if links := parts.get("xl/_rels/workbook.xml.rels"):
        read_tags(links, take_link)
    read_tags(parts["xl/workbook.xml"], take_sheet)
    return order, about[:1] in (["1"], ["true"])


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


def _describe(sheet: Sheet, rows: list[tuple[int, list[Any]]], facts: SheetFacts) -> Sheet:
    """Put in what the reader of values does not tell: hidden rows and columns, formulas, errors."""
    hidden = facts.hidden_rows
    sheet.rows = [Row(number, number in hidden, cells) for number, cells in rows]
    pad(sheet.rows)
    check_rows(len(rows))
    sheet.hidden_columns, sheet.formulas, sheet.cut = facts.hidden_columns, facts.formulas, facts.is_cut
    if facts.errors:
        at = {row.number: row for row in sheet.rows}
        for (position, column), text in facts.errors.items():
            row = at.get(position + 1)
            if row is not None and column < len(row.cells):
                row.cells[column] = text
    return sheet
