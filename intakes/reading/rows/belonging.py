"""What stands in a workbook and does not belong to its list: left out and said, or asked about."""

from __future__ import annotations

import re
from functools import lru_cache

from intakes.reading.files.sheets import Workbook
from intakes.reading.rows.results import Reading
from intakes.reading.rows.rows import ListRow
from portal.lib.vietnamese import fold, format_money, normalize

_EXAMPLE_SHEET = re.compile(  # folded; "Mẫu số 1" is the number of a form that is filled in
    r"(?:vi du|vd|examples?|samples?|templates?|demo|huong dan)\d*\b.*|mau|"
    r"mau (?:dien|nhap|nhap lieu|vi du|danh sach|trong|file|excel)|(?:ds|danh sach|file|bieu|form|nhap) mau"
)
_EXAMPLE_ROW = re.compile(r"[(\[]?\s*(?:dòng |em )?(?:ví dụ|vd|mẫu)\s*[)\]]?")
_NOT_RECEIVED = re.compile(r"(?<!không )\bvắng\b|\b(?:đã )?hu[ỷ]\b|\bhủy\b")
_NOT_RECEIVED_FOLDED = re.compile(
    r"\bkhong (?:den |co mat |duoc )?(?:nhan|linh)\b|\bchua (?:nhan|linh|phat|trao)\b|\btra lai\b|\bhoan tra\b|"
    r"\bchuyen di\b|\bda chuyen\b(?! khoan| tien| qua| tra)|\bxin rut\b|\btu choi\b|\bbao luu\b|"
    r"\b(?:nghi|bo|thoi) hoc\b|\bqua doi\b|\btu tran\b|^(?:em |chau |hs )?da (?:mat|chet)\b(?! viec| the| giay)|"
    r"^vang(?: mat)?$"
)
_NAMES = ("full_name", "family_name", "middle_name", "given_name")
_EXAMPLE_WORDS = 20  # letters: "[ dòng ví dụ ]"
_LONGEST = 80  # of a note; what is longer tells a story


def leave_out(reading: Reading, workbook: Workbook) -> None:
    """Leave out sheets that nobody can see and examples of the form, and say so; ask about rows noted as not given."""
    with_rows = {row.sheet for row in reading.rows}
    veiled = {sheet.name for sheet in workbook.sheets if sheet.very_hidden} & with_rows
    examples = {name for name in with_rows - veiled if _EXAMPLE_SHEET.fullmatch(fold(normalize(name)))}
    if not with_rows - veiled - examples:
        examples = set()  # somebody filled the example in
    for code, names in (("sheet_veiled", veiled), ("sheet_of_examples", examples)):
        for name in sorted(names):
            _say(reading, code, [row for row in reading.rows if row.sheet == name], name)
    _drop_sheets(reading, veiled | examples)
    shown = [row for row in reading.rows if _is_example(row)]
    for name in dict.fromkeys(row.sheet for row in shown):
        _say(reading, "rows_of_examples", [row for row in shown if row.sheet == name], name)
    gone = {id(row) for row in shown}
    reading.rows = [row for row in reading.rows if id(row) not in gone]
    _ask_struck_out(reading, workbook)
    _ask_not_received(reading)


@lru_cache(maxsize=4096)
def _tells_of_no_gift(text: str) -> bool:
    low = normalize(text).lower()
    return bool(_NOT_RECEIVED.search(low) or _NOT_RECEIVED_FOLDED.search(fold(low)))


def _drop_sheets(reading: Reading, names: set[str]) -> None:
    if not names:
        return
    reading.rows = [row for row in reading.rows if row.sheet not in names]
    reading.tables = [table for table in reading.tables if table.sheet not in names]
    reading.totals = [total for total in reading.totals if total.sheet not in names]
    reading.questions = [question for question in reading.questions if question.sheet not in names]
    reading.ambiguities = [ambiguity for ambiguity in reading.ambiguities if ambiguity.sheet not in names]


def _say(reading: Reading, code: str, rows: list[ListRow], name: str) -> None:
    amount = sum(row.values.get("amount") or 0 for row in rows)
    reading.note(code, len(rows), at=name, rows=[row.row for row in rows], sheet=name, amount=format_money(amount))


def _is_example(row: ListRow) -> bool:
    texts = (row.values.get("note") or "", row.values.get("full_name") or "")
    return any(_EXAMPLE_ROW.fullmatch(text.lower()) for text in texts if 1 < len(text) < _EXAMPLE_WORDS) or any(
        "(ví dụ)" in text.lower() for text in texts if "(" in text
    )


def _ask_struck_out(reading: Reading, workbook: Workbook) -> None:
    """Ask about rows whose name or amount has a line through it, once for each sheet."""
    struck = {sheet.name: sheet.struck for sheet in workbook.sheets if sheet.struck}
    found: dict[str, list[int]] = {}
    for row in reading.rows:
        places = struck.get(row.sheet)
        if places and any((row.row - 1, column) in places for column in _telling_columns(row)):
            found.setdefault(row.sheet, []).append(row.row)
    for sheet, rows in found.items():
        reading.ask("struck_out", sheet=sheet, rows=sorted(set(rows)))


def _telling_columns(row: ListRow) -> list[int]:
    """Return the columns of the row's name and amount that are filled."""
    columns = [index for role, index in row.table.roles.items() if role in _NAMES]
    if row.amount_column is not None:
        columns.append(row.amount_column)
    return [index for index in columns if row.cells[index] != ""]


def _ask_not_received(reading: Reading) -> None:
    noted: dict[tuple[str, str], list[int]] = {}
    for row in reading.rows:
        text = row.values.get("note") or ""
        if text and len(text) <= _LONGEST and _tells_of_no_gift(text):
            noted.setdefault((row.sheet, text), []).append(row.row)
    for (sheet, text), rows in noted.items():
        reading.ask("not_received", sheet=sheet, rows=sorted(set(rows)), text=text)
