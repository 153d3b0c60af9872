"""Citizen numbers of twelve digits (Nghị định 137/2015/NĐ-CP, điều 13; Thông tư 07/2016/TT-BCA, điều 7).

Three digits for the province or country where the birth was registered, one for century and sex, two for the year of
birth, six at random. There is no check digit, and the place says nothing of where somebody lives: it refuses nobody.
"""

from __future__ import annotations

from portal.lib.vietnamese import comparable, fold

DIGITS = 12
_LAST_PROVINCE = 96  # the codes of the 63 provinces lie between 001 and 096
_LAST_CENTURY = 3  # men and women born in 1900-1999 and 2000-2099
_WRITTEN_BEFORE = {"", "cc", "cccd", "cmnd", "cmt", "cancuoc", "cancuoccongdan", "dinhdanh", "madinhdanh", "sodinhdanh"}
_SHOWN = 4
_BETWEEN = str.maketrans("", "", " .-")


class CitizenNumberError(ValueError):
    """What was written is no citizen number."""


def parse_citizen_number(text: str) -> str:
    """Return the twelve digits, written with spaces, dots or hyphens between them or without.

    Raises CitizenNumberError for everything else, as for the nine digits of an old identity card.
    """
    digits = comparable(text).translate(_BETWEEN)
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        raise CitizenNumberError
    return digits


def is_citizen_number(text: str) -> bool:
    """Return whether a text is a citizen number and nothing else."""
    try:
        return bool(parse_citizen_number(text))
    except CitizenNumberError:
        return False


def looks_like_citizen_number(text: str, *, year: int, born: int | None = None) -> bool:
    """Return whether a text that stands for something else is a citizen number, as far as its digits tell.

    It names a province, a century and a year of birth up to this `year`, or the year in which the person was `born`.
    Other letters before it say that it is something else.
    """
    letters = "".join(sign for sign in fold(text) if sign.isalpha())
    digits = "".join(sign for sign in comparable(text) if sign.isdigit())
    number = digits.zfill(DIGITS) if len(digits) == DIGITS - 1 else digits  # a workbook's number loses the zero
    if letters.removeprefix("so") not in _WRITTEN_BEFORE or not is_citizen_number(number):
        return False
    if born == birth_year_in(number):
        return True
    in_province, in_century = 0 < int(number[:3]) <= _LAST_PROVINCE, int(number[3]) <= _LAST_CENTURY
    return in_province and in_century and birth_year_in(number) <= year


def names_number(text: str, number: str) -> bool:
    """Return whether a text holds the number, with whatever between its digits: it would stand there in plain."""
    return number in "".join(sign for sign in comparable(text) if sign.isdigit())


def mask_citizen_number(number: str) -> str:
    """Return what may be seen of a number: "0312 **** ****"."""
    return f"{number[:_SHOWN]} **** ****"


def space_citizen_number(number: str) -> str:
    """Return a number as people read it out: "0312 6400 1234"."""
    return " ".join(number[start : start + 4] for start in range(0, DIGITS, 4))


def birth_year_in(number: str) -> int:
    """Return the year of birth that a number states."""
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def states_woman(number: str) -> bool:
    """Return whether a number is that of a woman: the digit of century and sex is odd."""
    return int(number[3]) % 2 == 1
