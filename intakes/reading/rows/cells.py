"""One cell to one typed value, for each kind of field. A reader remembers what it has read: lists repeat themselves."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from intakes.reading.files.sheets import cell_text
from intakes.reading.words.fonts import to_unicode, vietnamese_share
from intakes.reading.words.words import BLANKS, gender_of, is_namelike, plain
from portal.lib.vietnamese import (
    TIME_ZONE,
    AmountError,
    Birth,
    DateError,
    PhoneError,
    looks_like_legacy_font,
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
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA"})
_NOT_IN_NAMES = re.compile(r"[\d=@#<>{}\[\]|\\_~^$%*+?!:;,/\"]")
_SUSPECT = re.compile(
    r"[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞß]|[¡-¿]|[ÄÅÆËÏÑÖØÛÜäåæçëîïñöøûü]|[aA][áàãâùõêéèAÂÁÀÊÉÈÙÕ]|[eE][áàãâùéèõÁÀÃÂÙÕ]|"
    r"[uU][ùõÙÕ]|[yY]ù"
)
_SHORT_DATE = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})")
_HAS_UNIT = re.compile(r"đ|đồng|dong|vn|k\b|nghìn|ngàn|nghin|ngan|tr|triệu|trieu|tỷ|₫|\bd\b")
_EPOCH_SHIFT = timedelta(days=1462)


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
    text = tidy(value)
    if not text or not text.strip("-–—._… "):
        return Read("", "missing_name")
    if text in _ERRORS:
        return Read("", "cell_error")
    if text.isupper() or text.islower() or "Ð" in text or "ð" in text:
        text = proper_name(text)
    if _SUSPECT.search(text) and looks_like_legacy_font(text):
        meant = to_unicode(text)
        if meant != text and vietnamese_share(meant) > 0.6:
            return Read(text, "legacy_font", proper_name(meant))
    if (
        _NOT_IN_NAMES.search(text)
        or len(text) > 100
        or (
            "\n" in value
            and all(is_namelike(line) for line in value.split("\n") if line.strip())
            and value.strip().count("\n")
        )
    ):
        return Read(text, "name_unreadable")
    return Read(text)


def read_birth(value: Any, *, today: date) -> Read:
    """Read a date or year of birth: not before 1900, not after today."""
    if is_blank(value):
        return BLANK
    if isinstance(value, date):
        if value.year < 1906:  # a bare year in a cell formatted as a date
            days = (
                (value - date(1899, 12, 30)).days
                if not isinstance(value, datetime)
                else (value.date() - date(1899, 12, 30)).days
            )
            birth = Birth(days) if 1900 <= days <= today.year else Birth(value.year, value.month, value.day)
        else:
            birth = Birth(value.year, value.month, value.day)
    elif isinstance(value, time | timedelta):
        return Read(None, "birth_impossible")
    else:
        try:
            birth = parse_birth(int(value) if isinstance(value, float) and value.is_integer() else value)
        except DateError as error:
            return Read(None, "birth_impossible" if error.code == "no_such_date" else "birth_not_a_date")
    if birth.year < 1900 or (birth.year, birth.month or 1, birth.day or 1) > (today.year, today.month, today.day):
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
        day = parse_date(value)
    except DateError as error:
        short = _SHORT_DATE.fullmatch(normalize(value)) if value.__class__ is str else None
        if short and year:
            try:
                return Read(date(year, int(short[2]), int(short[1])), "", "year")
            except ValueError:
                return Read(None, "no_such_date")
        return Read(None, error.code)
    if epoch_1904 and isinstance(value, int | float):
        day += _EPOCH_SHIFT
    return Read(day)


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
    """Read the first telephone number of a cell."""
    if is_blank(value):
        return Read("")
    parts = re.split(r"[;,/\n]| - |\bhoặc\b", value) if value.__class__ is str else [value]
    try:
        return Read(parse_phone(parts[0].strip() if parts[0].__class__ is str else parts[0]))
    except PhoneError as error:
        return Read("" if error.code == "empty" else tidy(value), "" if error.code == "empty" else "not_a_phone")


def read_gender(value: Any) -> Read:
    """Read a gender, None where the words are not known."""
    return Read(gender_of(value) if value.__class__ is str else None)


def today() -> date:
    """Return the date in Viet Nam."""
    return datetime.now(TIME_ZONE).date()
