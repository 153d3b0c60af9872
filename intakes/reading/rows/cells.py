"""One cell to one typed value, for each kind of field. A reader remembers what it has read: lists repeat themselves."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from intakes.reading.files.sheets import cell_text
from intakes.reading.words.words import BLANKS, gender_of, plain
from portal.lib.vietnamese import (
    TIME_ZONE,
    AmountError,
    Birth,
    DateError,
    PhoneError,
    birth_problem,
    name_fault,
    normalize,
    parse_amount,
    parse_birth,
    parse_date,
    parse_phone,
    proper_name,
)


class Read(NamedTuple):
    """What a cell says: a value, or the code of a problem (with a reading that may be meant)."""

    value: Any
    problem: str = ""
    suggestion: str = ""


BLANK = Read(None)
_STOP = re.compile(r"(?<=\w\w)[.,;:]+$")  # "Lê Thị An.", but not "Nguyễn Văn A."
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})
_SHORT_DATE = re.compile(r"(?:ng(?:à|a)y )?(\d{1,2})\s*(?:[/.\-]|th(?:á|a)ng)\s*(\d{1,2})")
_HAS_UNIT = re.compile(r"đ|đồng|dong|vn|k\b|nghìn|ngàn|nghin|ngan|tr|triệu|trieu|tỷ|₫|\bd\b")
_DAYS_BETWEEN_EPOCHS = 1462


def is_blank(value: Any) -> bool:
    """Tell whether a cell says nothing: empty, or a dash."""
    return value == "" or value is None or (value.__class__ is str and plain(value) in BLANKS)


def tidy(value: Any) -> str:
    """Return a text cell on one line, in NFC."""
    if (
        value.__class__ is str
        and value.isprintable()
        and "  " not in value
        and value == value.strip()
        and unicodedata.is_normalized("NFC", value)
    ):
        return value  # the usual case, without the cost of the others
    return normalize(cell_text(value))


def read_text(value: Any) -> Read:
    """Read a text cell."""
    text = tidy(value)
    if text in _ERRORS:
        return Read("", "cell_error")
    return Read("" if plain(text) in {"-", "–", "—", "...", "…"} else text)


def read_name(value: Any) -> Read:
    """Read a person's name."""
    if value.__class__ is not str:
        return Read("", "missing_name" if value is None else "name_unreadable")
    text = _STOP.sub("", tidy(value))
    if not text or not text.strip("-–—._… "):
        return Read("", "missing_name")
    if text in _ERRORS:
        return Read("", "cell_error")
    if fault := name_fault(value):
        return Read(text, fault.code, fault.suggestion)
    mended = text.isupper() or text.islower() or "Ð" in text or "ð" in text or not text[:1].isalpha()
    return Read(proper_name(text) if mended else text)


def read_birth(value: Any, *, today: date, epoch_1904: bool = False) -> Read:
    """Read a date or year of birth: not before 1900, not after today."""
    if is_blank(value):
        return BLANK
    if isinstance(value, date):
        first = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
        birth = Birth(value.year, value.month, value.day)
        if value.year < first.year + 7:  # a bare year in a cell formatted as a date
            days = ((value.date() if isinstance(value, datetime) else value) - first).days
            birth = Birth(days) if 1900 <= days <= today.year else birth
    elif isinstance(value, time | timedelta):
        return Read(None, "birth_impossible")
    else:
        try:
            value = _serial_of_1900(value) if epoch_1904 else value
            birth = parse_birth(int(value) if isinstance(value, float) and value.is_integer() else value)
        except DateError as error:
            return Read(None, "birth_impossible" if error.code == "no_such_date" else "birth_not_a_date")
    if birth_problem(birth, today):
        return Read(None, "birth_impossible")
    return Read(birth)


def read_date(value: Any, *, epoch_1904: bool = False, year: int | None = None) -> Read:
    """`year` completes "15/3"; a value so completed carries the suggestion "year"."""
    if is_blank(value):
        return BLANK
    if isinstance(value, time | timedelta):
        return Read(None, "no_such_date")
    if value.__class__ is str and value.strip() in _ERRORS:
        return Read(None, "cell_error")
    try:
        return Read(parse_date(_serial_of_1900(value) if epoch_1904 else value))
    except DateError as error:
        short = short_day(value)
        if short is None:
            return Read(None, error.code)
    try:
        day = date(year or 2000, *short)  # 2000: the 29th of February is a day
    except ValueError:
        return Read(None, "no_such_date")
    return Read(day, "", "year") if year else Read(None, "date_without_year")


def short_day(value: Any) -> tuple[int, int] | None:
    """Return month and day of "28/5", None for anything else."""
    match = _SHORT_DATE.fullmatch(normalize(value).lower()) if value.__class__ is str else None
    return (int(match[2]), int(match[1])) if match else None


def _serial_of_1900(value: Any) -> Any:
    """Return a day counted from 1904 as one counted from 1900; what is a year, or no number, as it is."""
    if value.__class__ is str and re.fullmatch(r"\s*\d{4,5}\s*", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or 1900 <= value <= 2099:
        return value
    return value + _DAYS_BETWEEN_EPOCHS


def read_amount(value: Any, *, scale: int = 1) -> Read:
    """Read an amount; `scale` is what the column counts in."""
    if value == "" or value is None:
        return Read(None, "missing_amount")
    if isinstance(value, date | time | timedelta | bool):
        return Read(None, "amount_not_a_number")
    if value.__class__ is str:
        text = normalize(value)
        if text in _ERRORS:
            return Read(None, "cell_error")
        if not text.strip("-–—._… "):
            return Read(None, "missing_amount")
        if scale > 1 and not _HAS_UNIT.search(text.lower()):
            plain_read = _amount(text)
            if scale == 1000 and plain_read.value is not None:
                return Read(plain_read.value * scale)
            return _amount(f"{text} {'nghìn' if scale == 1000 else 'triệu'}")
        return _amount(text)
    if scale > 1:
        value = round(value * scale, 6)
    return _amount(value)


def _amount(value: Any) -> Read:
    try:
        return Read(parse_amount(value))
    except AmountError as error:
        if error.code == "empty":
            return Read(None, "missing_amount")
        return Read(None, f"amount_{error.code}")


def read_phone(value: Any) -> Read:
    """Read the first telephone number of a cell; one behind it is given as the suggestion."""
    if is_blank(value):
        return Read("")
    parts = re.split(r"[;,/\n]| - |\bhoặc\b", value) if value.__class__ is str else [value]
    try:
        first = parse_phone(parts[0].strip() if parts[0].__class__ is str else parts[0])
    except PhoneError as error:
        return Read("" if error.code == "empty" else tidy(value), "" if error.code == "empty" else "not_a_phone")
    return Read(first, "", _second_phone(first, parts[1:]))


def _second_phone(first: str, parts: list[str]) -> str:
    for part in parts:
        try:
            if (phone := parse_phone(part.strip())) != first:
                return phone
        except PhoneError:
            continue
    return ""


def read_gender(value: Any) -> Read:
    """Read a gender, None where the words are not known."""
    return Read(gender_of(value) if value.__class__ is str else None)


def today() -> date:
    """Return the date in Viet Nam."""
    return datetime.now(TIME_ZONE).date()
