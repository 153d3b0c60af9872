"""Reads a bank's statement: its columns by what their headings mean, or as they were called the last time."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intakes.reading.files.sheets import cell_text
from intakes.reading.kept import unpack_workbook
from intakes.services.opening import open_upload
from portal.lib.vietnamese import fold, normalize, parse_amount
from portal.lib.vietnamese.dates import parse_date
from scholarships.schema import DISBURSEMENTS

#: How banks head their columns, without accents; the first field whose words fit takes a column.
HEADINGS: dict[str, tuple[str, ...]] = {
    "balance": ("so du", "balance"),
    "credit": ("ghi co", "phat sinh co", "credit", "tien vao", "so tien vao"),
    "debit": ("ghi no", "phat sinh no", "debit", "tien ra", "so tien ra"),
    "amount": ("so tien", "amount"),
    "words": ("noi dung", "dien giai", "mo ta", "description", "remark", "details", "chi tiet"),
    "bank_reference": ("but toan", "ma giao dich", "so gd", "so ct", "chung tu", "tham chieu", "reference", "ref"),
    "payer": ("nguoi chuyen", "nguoi gui", "doi tac", "doi ung", "ben chuyen"),
    "day": ("ngay giao dich", "ngay gd", "ngay hach toan", "ngay", "date", "thoi gian"),
}
_PROBED = 60  # rows in which the headings are sought
_CENTS = re.compile(r"[.,]0{1,2}$")


@dataclass(frozen=True)
class ReadLine:
    """A line as the bank wrote it; `key` is the same for the same line in another file."""

    number: int
    day: dt.date
    amount: int
    words: str
    payer: str
    bank_reference: str
    balance: int | None
    key: str = ""


def read_statement(content: bytes, file_name: str, called: Mapping[str, str]) -> tuple[list[ReadLine], dict[str, str]]:
    """Return the lines of a statement and how its columns are called (field -> heading).

    `called` says it where the words of HEADINGS do not. ValidationError ({"content": sentences}) when the file cannot
    be read, when day or amount have no column, or when a line is not understood: it is named, nothing is taken in.
    """
    workbook = unpack_workbook(open_upload(content, file_name, DISBURSEMENTS).cells)
    best: tuple[int, Any, int, dict[str, int]] | None = None
    for sheet in workbook.sheets:
        for place, row in enumerate(sheet.rows[:_PROBED]):
            found = _find_columns([cell_text(value) for value in row.cells], called)
            if "day" in found and {"amount", "credit", "debit"} & set(found) and (best is None or len(found) > best[0]):
                best = (len(found), sheet, place, found)
    if best is None:
        raise ValidationError({"content": _say_unknown(workbook)})
    _score, sheet, place, columns = best
    headings = {name: cell_text(sheet.rows[place].cells[index]) for name, index in columns.items()}
    lines = list(_read_lines(sheet.rows[place + 1 :], columns))
    if not lines:
        raise ValidationError({"content": _("There is no line of a payment in the file.")})
    return lines, headings


def _find_columns(texts: list[str], called: Mapping[str, str]) -> dict[str, int]:
    folded = [fold(normalize(text)) for text in texts]
    found: dict[str, int] = {}
    for name, heading in called.items():
        if heading and fold(heading) in folded:
            found[name] = folded.index(fold(heading))
    for name, words in HEADINGS.items():
        for word in words:
            fitting = [
                index for index, text in enumerate(folded) if text and len(text) < 60 and index not in found.values()
                and (text == word or text.startswith(f"{word} ") or f" {word}" in f" {text}")
            ]  # fmt: skip
            if fitting and name not in found:
                found[name] = fitting[0]
    return found


def _say_unknown(workbook: Any) -> str:
    rows = [row for sheet in workbook.sheets for row in sheet.rows[:_PROBED]]
    widest = max(rows, key=lambda row: sum(1 for value in row.cells if value != ""), default=None)
    names = ", ".join(f"“{cell_text(value)}”" for value in (widest.cells if widest else []) if value != "")
    sentence = _("No column of days and amounts is found. The file has: %(names)s. Write below what they are called.")
    return sentence % {"names": names or "–"}


def _read_lines(rows: Any, columns: Mapping[str, int]) -> Iterator[ReadLine]:
    seen: Counter[str] = Counter()
    problems: list[str] = []
    for row in rows:
        cells = {name: row.cells[index] if index < len(row.cells) else "" for name, index in columns.items()}
        if cells["day"] == "" or not re.search(r"\d", cell_text(cells["day"])):
            continue  # sums and notes below the table
        try:
            line = _read_line(row.number, cells)
        except ValueError:
            problems.append(
                _("Row %(row)d: “%(day)s” and “%(amount)s” are not read as a day and an amount. Correct the file.")
                % {"row": row.number, "day": cell_text(cells["day"]), "amount": _amounts_of(cells)}
            )
            continue
        if line is None:
            continue
        said = "|".join(
            (line.day.isoformat(), str(line.amount), fold(line.words), line.bank_reference, str(line.balance))
        )
        seen[said] += 1  # two equal lines of one file are two
        key = hashlib.sha256(f"{said}|{seen[said]}".encode()).hexdigest()
        yield ReadLine(**{**line.__dict__, "key": key})
    if problems:
        raise ValidationError({"content": problems[:10]})


def _amounts_of(cells: Mapping[str, Any]) -> str:
    return " / ".join(cell_text(cells[name]) for name in ("amount", "credit", "debit") if cells.get(name, "") != "")


def _read_line(number: int, cells: Mapping[str, Any]) -> ReadLine | None:
    day = cells["day"]
    if isinstance(day, str):
        day = day.split()[0]
    given = parse_date(day.date() if isinstance(day, dt.datetime) else day)
    credit, debit = _money(cells.get("credit", "")), _money(cells.get("debit", ""))
    amount = abs(credit or 0) - abs(debit or 0) or _money(cells.get("amount", "")) or 0
    if not amount:
        return None
    text = {name: normalize(cell_text(cells.get(name, ""))) for name in ("words", "payer", "bank_reference")}
    return ReadLine(
        number, given, amount, text["words"], text["payer"], text["bank_reference"],
        _money(cells.get("balance", "")),
    )  # fmt: skip


def _money(value: Any) -> int | None:
    """Return whole đồng of a cell, None for an empty one; ValueError for what is no amount."""
    if value == "" or value is None or isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if value != int(value):
            raise ValueError(value)
        return int(value)
    text = cell_text(value).strip().upper().replace("VND", "").replace("Đ", "").strip()
    if text in {"", "-", "–"}:
        return None
    sign = -1 if text.startswith("-") or (text.startswith("(") and text.endswith(")")) else 1
    plain = _CENTS.sub("", text.strip("()+- ")) if re.search(r"[.,]\d{3}.*[.,]0{1,2}$", text) else text.strip("()+- ")
    return 0 if plain in {"0", "0.00", "0,00"} else sign * parse_amount(plain)
