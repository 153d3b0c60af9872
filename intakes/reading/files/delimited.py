"""Text with delimiters (.csv, .tsv) to cells."""

from __future__ import annotations

import csv
import io

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.sheets import MAX_COLUMNS, Row, Sheet, Workbook, check_rows, pad

csv.field_size_limit(1_000_000)


def read_delimited(content: bytes) -> Workbook:
    """One sheet of text cells. The delimiter is the one that splits the lines most evenly."""
    text = decode(content)
    delimiter = _delimiter(text)
    rows: list[Row] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            check_rows(number)
            rows.append(Row(number, False, cells[:MAX_COLUMNS]))
    except csv.Error as error:
        raise WorkbookError("corrupt") from error
    while rows and not any(cell.strip() for cell in rows[-1].cells):
        rows.pop()
    pad(rows)
    return Workbook([Sheet("CSV", rows=rows)], "csv")


def decode(content: bytes) -> str:
    """Return the text of a file: UTF-16 with its mark, UTF-8, or Windows-1258."""
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1258"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorkbookError("unknown_encoding")


def _delimiter(text: str) -> str:
    lines = [line for line in text.splitlines()[:60] if line.strip()]
    best, best_score = "", 0.0
    for delimiter in (";", "\t", ",", "|"):
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        score = usual * counts.count(usual) / max(len(lines), 1)
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        raise WorkbookError("not_a_workbook")
    return best
