"""Sums of money as people write them in lists and forms."""

import re
from decimal import Decimal
from functools import lru_cache

from portal.lib.vietnamese.numbers import parse_money_words
from portal.lib.vietnamese.text import ReadingError, comparable, fold

AMOUNT_LIMIT = 10**16  # đồng; from here on an amount is refused


class AmountError(ReadingError):
    """This is no amount in whole đồng.

    `code` is "empty", "not_a_number", "ambiguous" (1.5: of what?), "not_whole", "not_positive" or "too_large".
    """


_CURRENCY = re.compile(r"(?:^(?:vnd|₫) ?)|(?: ?(?:dong|vnd|d|₫)(?: chan)?[. ]*$)")
# What follows an amount and says nothing of it: "1.500.000đ/em", "1.500.000,-", "1.500.000=".
_TAIL = re.compile(r"(?:[.,]\s?-+|\s?=+|\s?/\s?(?:em|chau|hs|hoc sinh|sv|sinh vien|nguoi|suat|xuat|phan))\s*$")
_APOSTROPHES = re.compile(r"(?<=\d)['’](?=\d{3})|^['’](?=\d)")
_IN_WORDS = re.compile(r"(.*\d.*?)\s*\(([^()\d]+)\)")
_UNITS = {"k": 10**3, "nghin": 10**3, "ngan": 10**3, "tr": 10**6, "trieu": 10**6, "ty": 10**9, "ti": 10**9}
_UNITS |= {"nghin ty": 10**12, "ngan ty": 10**12, "nghin ti": 10**12, "ngan ti": 10**12}
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_PART = re.compile(rf"([0-9](?:[0-9., ]*[0-9])?) ?({_UNIT})(?![a-z]),? ?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([., ])[0-9]{3})(?:\1[0-9]{3})*")


def parse_amount(value: object) -> int:
    """Return whole đồng, 1 .. 10^16-1, from a cell's number or text; AmountError says why not.

    Reads 1200000, "1.200.000 đ", "1,200,000", "1 200 000", "500 nghìn", "500k", "1,5 triệu", "1 triệu 200 nghìn",
    "1tr2", "1 triệu rưỡi", "2 tỷ", "1.500.000 (Một triệu năm trăm nghìn đồng)". A point or comma before three digits
    groups ("1.500" is 1500); before fewer it is ambiguous, since "1.5" may be meant in thousands or millions, but
    clear with a unit.
    """
    if value is None:
        raise AmountError("empty", value)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        raise AmountError("not_a_number", value)
    if isinstance(value, str):
        number = _read(value)
    else:  # of a binary fraction the fifteen figures that a spreadsheet program shows: 299999.99999999994 is 300000
        number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise AmountError("not_a_number", value)
    if number <= 0:
        raise AmountError("not_positive", value)
    if number >= AMOUNT_LIMIT:
        raise AmountError("too_large", value)
    if number != int(number):
        raise AmountError("not_whole", value)
    return int(number)


@lru_cache(maxsize=10_000)  # a list has thousands of rows and a dozen amounts
def _read(text: str) -> Decimal:
    written = comparable(text)
    if not written:
        raise AmountError("empty", text)
    if (said := _in_words(written)) is not None:
        return said
    plain = re.sub(r" ?([.,]) ?", r"\1", _TAIL.sub("", fold(_APOSTROPHES.sub(_join_figures, written))))
    sign = Decimal(-1 if plain.startswith("-") else 1)
    bare = _CURRENCY.sub("", plain.lstrip("+-").strip()).rstrip("., ")
    if len(bare) > 60:
        raise AmountError("too_large" if re.fullmatch("[0-9., ]+", bare) else "not_a_number", text)
    number = _read_with_units(bare, text) if _PART.match(bare) else _read_plain(bare, text)
    return sign * number


def _join_figures(found: re.Match[str]) -> str:
    return " " if found.start() else ""


def _in_words(written: str) -> Decimal | None:
    """Return an amount in figures with the same in words behind it; None where there are none, or they differ."""
    both = _IN_WORDS.fullmatch(written)
    said = parse_money_words(both[2]) if both else None
    return Decimal(said) if both and said is not None and _read(both[1]) == said else None


def _read_plain(bare: str, text: str) -> Decimal:
    """Read a figure without a unit; `text` is what stood there."""
    if _is_whole(bare):
        return Decimal(_digits(bare))
    decimal = re.fullmatch(r"(.*)([.,])([0-9]+)", bare)
    if decimal is not None and _is_whole(decimal[1]) and decimal[2] not in decimal[1]:
        # Decimals are believed where nothing else can be meant: behind 0, or behind a long or grouped whole part.
        whole, fraction = _digits(decimal[1]), decimal[3]
        if int(whole) == 0 or (int(whole) >= 1000 and len(fraction) != 3):
            return Decimal(f"{whole}.{fraction}")
    raise AmountError("ambiguous" if re.fullmatch("[0-9][0-9., ]*", bare) else "not_a_number", text)


def _is_whole(figure: str) -> bool:
    return re.fullmatch("[0-9]+", figure) is not None or _GROUPED.fullmatch(figure) is not None


def _digits(figure: str) -> str:
    return re.sub("[., ]", "", figure)


def _read_with_units(bare: str, text: str) -> Decimal:
    """Read "1 triệu 200 nghìn", "1,5 triệu", "1tr2": units fall; one or three digits at the end are decimals."""
    total, below, rest, figures = Decimal(0), AMOUNT_LIMIT, bare, ""
    while (part := _PART.match(rest)) is not None:
        unit = _UNITS[part[2]]
        if unit >= below:
            raise AmountError("not_a_number", text)
        total += unit * _read_counted(part[1], text)
        below, rest, figures = unit, rest[part.end() :], part[1]
    if not rest:
        return total
    if rest == "ruoi":
        return total + Decimal(below) / 2
    if re.fullmatch("[0-9]|[0-9]{3}", rest) and figures.isdigit():
        return total + below * Decimal(f"0.{rest}")
    if re.fullmatch("[0-9., ]+", rest):
        remainder = _read_plain(rest, text)
        if 1000 <= remainder < below:
            return total + remainder
        raise AmountError("ambiguous", text)
    raise AmountError("not_a_number", text)


def _read_counted(figure: str, text: str) -> Decimal:
    """Read the figure before a unit, where "1,5" and "1.5" are clear and "1.500" is not."""
    if re.fullmatch("[1-9][0-9]{0,2}[.,][0-9]{3}", figure):
        raise AmountError("ambiguous", text)
    if re.fullmatch("[0-9]+[.,][0-9]+", figure):
        return Decimal(figure.replace(",", "."))
    return _read_plain(figure, text)


class CountError(ReadingError):
    """This is no whole number; `code` is "empty", "not_a_number" or "too_large"."""


_COUNT = re.compile(r"[0-9]+|[1-9][0-9]{0,2}([., ])[0-9]{3}(?:\1[0-9]{3})*")


def parse_count(text: str) -> int:
    """Return a whole number, 0 .. 10^15-1, typed as 1234, "1.234", "1 234" or "1,234"; CountError says why not.

    Point, comma or space groups only if all groups behind it have three figures and all separators are the same:
    "1234.567", "0.500" and "12 450 7" are no one's whole number.
    """
    written = comparable(text)
    if not written:
        raise CountError("empty", text)
    if _COUNT.fullmatch(written) is None:
        raise CountError("not_a_number", text)
    digits = re.sub("[., ]", "", written).lstrip("0") or "0"
    if len(digits) > 15:
        raise CountError("too_large", text)
    return int(digits)
