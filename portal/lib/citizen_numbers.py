"""Citizen numbers of twelve digits (Nghị định 137/2015/NĐ-CP, điều 13; Thông tư 07/2016/TT-BCA, điều 7).

Three digits for the province or country where the birth was registered, one for century and sex, two for the year of
birth, six at random. There is no check digit, and the place says nothing of where somebody lives: it refuses nobody.
"""

from __future__ import annotations

from portal.lib.vietnamese import comparable

DIGITS = 12
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
