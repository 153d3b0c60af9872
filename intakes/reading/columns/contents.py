"""What stands in a column, told from a sample of its cells: the second witness beside the heading."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from intakes.reading.files.sheets import cell_text
from intakes.reading.words.words import (
    BLANKS,
    CLASS,
    SCHOOL,
    circumstance_of,
    gender_of,
    is_commune_label,
    is_mark,
    is_namelike,
    is_payment,
    kinds_in,
    plain,
    recipient_kind_of,
)
from portal.lib.vietnamese import (
    AmountError,
    DateError,
    PhoneError,
    normalize,
    parse_amount,
    parse_birth,
    parse_phone,
)

SAMPLE = 150


@dataclass(slots=True)
class Contents:
    """Shares (0..1) of the filled cells that read as this or that. `years` are those of dates and of bare years."""

    filled: int = 0
    cells: int = 0
    number: float = 0
    amount: float = 0
    small: float = 0
    date: float = 0
    year: float = 0
    mark: float = 0
    gender: float = 0
    kind: float = 0
    circumstance: float = 0
    school: float = 0
    school_class: float = 0
    commune: float = 0
    name: float = 0
    word: float = 0
    phone: float = 0
    payment: float = 0
    recipient: float = 0
    text: float = 0
    distinct: int = 0
    years: list[int] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)

    @property
    def median_year(self) -> int | None:
        """Return the middle one of the years seen."""
        return sorted(self.years)[len(self.years) // 2] if self.years else None

    @property
    def birthlike(self) -> bool:
        """Tell whether at least half of the cells are dates or years."""
        return self.date + self.year >= 0.5


_WORD_SIGNS: dict[str, Callable[[str], Any]] = {
    "mark": is_mark,
    "gender": gender_of,
    "kind": kinds_in,
    "circumstance": lambda text: circumstance_of(text) not in (None, "other"),
    "school": lambda text: SCHOOL.match(plain(text)),
    "commune": is_commune_label,
    "payment": is_payment,
    "recipient": lambda text: recipient_kind_of(text) and len(text) < 20,
}


@lru_cache(maxsize=8_000)
def _text_signs(text: str) -> tuple[frozenset[str], int | None]:
    low, tidy = plain(text), normalize(text)
    signs = {"text", *(sign for sign, test in _WORD_SIGNS.items() if test(text))}
    year = None
    if re.fullmatch(r"(?:19|20)\d\d", low):
        signs.add("year")
        year = int(low)
    elif re.search(r"\d", low):
        year = _figure_signs(low, tidy, signs)
    elif is_namelike(tidy) and not {"school", "commune"} & signs:
        signs.add("name")
    elif re.fullmatch(r"[^\W\d_]{1,8}", low):
        signs.add("word")
    return frozenset(signs), year


def _figure_signs(low: str, tidy: str, signs: set[str]) -> int | None:
    """Add what a text with figures may be, and return the year if it is a date."""
    year = None
    try:
        year = parse_birth(tidy).year
        signs.add("date")
    except DateError as error:
        if error.code == "no_such_date":
            signs.add("date")
    try:
        parse_phone(tidy)
        signs.add("phone")
    except PhoneError:
        pass
    if "date" not in signs:
        try:
            signs |= {"number", "amount"} if parse_amount(tidy) >= 1000 else {"number"}
        except AmountError as error:
            if error.code == "not_positive":
                signs.add("number")
    if CLASS.fullmatch(low):
        signs.add("school_class")
    return year


def look_at(values: Iterable[Any]) -> Contents:
    """Return the contents of a column from a sample of its cells."""
    found = Contents()
    counts: dict[str, int] = {}
    seen: set[Any] = set()
    for value in values:
        found.cells += 1
        if value == "" or (value.__class__ is str and plain(value) in BLANKS):
            continue
        found.filled += 1
        seen.add(value)
        if len(found.samples) < 3 and len(seen) > len(found.samples):
            found.samples.append(normalize(cell_text(value))[:40])
        for sign in _signs(value, found.years):
            counts[sign] = counts.get(sign, 0) + 1
    found.distinct = len(seen)
    for sign, count in counts.items():
        setattr(found, sign, count / found.filled)
    return found


def _signs(value: Any, years: list[int]) -> Iterable[str]:
    if value.__class__ is str:
        signs, year = _text_signs(value)
        if year:
            years.append(year)
        return signs
    if isinstance(value, bool):
        return ("mark",) if value else ()
    if isinstance(value, int | float):
        return _number_signs(value, years)
    if isinstance(value, date):
        if value.year < 1906:
            years.append((value - date(1899, 12, 30)).days)
            return ("year",)
        years.append(value.year)
        return ("date",)
    return ("date",)


_NUMBERS: tuple[tuple[str, float, float], ...] = (
    ("mark", 1, 1),
    ("amount", 1000, float("inf")),
    ("small", -999, 999),
    ("school_class", 1, 12),
    ("phone", 100_000_000, 999_999_999),
)


def _number_signs(value: float, years: list[int]) -> list[str]:
    signs = ["number", *(sign for sign, low, high in _NUMBERS if low <= value <= high)]
    if 1900 <= value <= 2100 and value == int(value):
        signs.append("year")
        years.append(int(value))
    elif 20_000 <= value <= 60_000 and value == int(value) and value % 500:
        signs.append("date")  # the serial number of a day; amounts end in zeros
        years.append(1900 + int(value / 365.25))
    return signs


def speaks_for(name: str, found: Contents) -> int:
    """1 when the cells support a field, 0 when they leave it open, -1 when they speak against it."""
    if not found.filled:
        return 0
    test = _TESTS.get(name.partition(".")[0])
    return test(found) if test else 0


def _sign(yes: bool, no: bool) -> int:
    return 1 if yes else -1 if no else 0


_TESTS: dict[str, Callable[[Contents], int]] = {
    "full_name": lambda c: _sign(
        c.name >= 0.5 and c.school < 0.3,
        c.number + c.date + c.year > 0.5
        or c.gender > 0.6
        or c.school > 0.6
        or (c.kind > 0.8 and c.distinct < 8 and c.name < 0.5),
    ),
    "given_name": lambda c: _sign(c.word >= 0.6, c.number + c.date + c.year > 0.5 or c.name > 0.6),
    "family_name": lambda c: _sign(c.name + c.word >= 0.5, c.number + c.date > 0.5),
    "middle_name": lambda c: _sign(c.word >= 0.4, c.number + c.date > 0.5),
    "birth": lambda c: _sign(
        c.birthlike, c.phone > 0.5 or c.gender > 0.5 or c.name > 0.6 or (c.amount > 0.6 and c.year + c.date < 0.3)
    ),
    "gender": lambda c: _sign(
        c.gender >= 0.5, (c.number > 0.7 and c.mark < 0.5) or c.date > 0.5 or c.school > 0.5 or c.name > 0.7
    ),
    "school_class": lambda c: _sign(c.school_class >= 0.5, c.date > 0.6 or c.amount > 0.6 or c.name > 0.7),
    "school": lambda c: _sign(c.school >= 0.4, c.amount > 0.5 or c.date > 0.5 or c.gender > 0.6),
    "circumstance": lambda c: _sign(
        c.circumstance >= 0.4 and c.circumstance >= c.kind,
        c.amount > 0.5
        or c.date > 0.5
        or (c.kind > 0.6 and c.circumstance < 0.3)
        or c.recipient > 0.7
        or c.gender > 0.7,
    ),
    "kind": lambda c: _sign(
        c.kind >= 0.4 and c.kind >= c.circumstance,
        c.number > 0.5
        or c.date > 0.5
        or c.mark > 0.7
        or c.gender > 0.7
        or c.payment > 0.6
        or (c.circumstance > 0.6 and c.kind < 0.3)
        or c.recipient > 0.7
        or c.school > 0.6
        or c.school_class > 0.7,
    ),
    "amount": lambda c: _sign(
        c.amount >= 0.4 and c.date < 0.5,
        c.date > 0.6
        or c.name > 0.6
        or c.kind > 0.7
        or c.gender > 0.7
        or c.school > 0.6
        or (c.text > 0.9 and c.number + c.amount < 0.1 and c.distinct > 2),
    ),
    "unit_price": lambda c: _sign(c.amount >= 0.4, c.amount < 0.2),
    "row_total": lambda c: _sign(c.amount >= 0.4, c.date > 0.6 or c.name > 0.6),
    "quantity": lambda c: _sign(c.small >= 0.5, c.amount > 0.6),
    "given_on": lambda c: _sign(
        c.date >= 0.4,
        c.name > 0.6 or c.kind > 0.6 or (c.amount > 0.6 and c.date < 0.3) or c.gender > 0.6 or c.school > 0.6,
    ),
    "joined_on": lambda c: _sign(c.date + c.year >= 0.4, c.name > 0.6 or c.phone > 0.6),
    "commune": lambda c: _sign(c.commune >= 0.4, c.school > 0.6 or c.number + c.date > 0.6),
    "phone": lambda c: _sign(c.phone >= 0.5, c.date > 0.6 or c.name > 0.6),
    "recipient_kind": lambda c: _sign(c.recipient >= 0.6, c.recipient < 0.2),
    "class_school": lambda c: _sign(c.school >= 0.1, c.number + c.date > 0.6),
    "note": lambda _: 0,
}
