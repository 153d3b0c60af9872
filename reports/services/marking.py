"""Numbers in a text that staff have written: which of them fit no figure, which tell what is withheld, what is nearest.

Pure: knows the figures that a text may give, and marks the others where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise

from portal.lib.vietnamese import approximate, approximate_money, format_int
from reports.figures import INDICATORS, Figures, Group, Measure
from reports.services.naming import NamedUnits, split_sentences

#: A number with what it is counted in: not one of a day, a year, a document or a line.
_NUMBER = re.compile(
    r"(?<![\w/.,-])(?P<value>\d+(?:\.\d{3})*(?:,\d+)?)(?P<scale>\s*%|\s+(?:tỷ|triệu|nghìn)\b)?(?![\w/]|[.,-]\d)",
    re.IGNORECASE,
)
#: "ngày 5", "năm 2026", "số 12", "lớp 5" and "6 tháng" count nothing; nor does "1." at the beginning of a line.
_NAMED = re.compile(r"(?:\b(?:ngày|tháng|năm|quý|khóa|khoá|lớp|điều|khoản)|(?<!tổng )(?<!con )\bsố)\s+$", re.IGNORECASE)
_OF_TIME = re.compile(r"\s+tháng\b", re.IGNORECASE)
_OF_LINE = re.compile(r"[.)]\s")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_APART = 0.5  # a figure further away than half of the greater is no likely slip: none is offered then

Number = tuple[str, str]  # its value as it is written, without dots, and its scale


@dataclass(frozen=True)
class Offer:
    """A figure as a text may give it: "28", "hơn 2,8 triệu đồng"; what it is, and whose where it is one unit's."""

    text: str
    label: str | Promise
    unit: str = ""


@dataclass(frozen=True)
class Mark:
    """Why a number is marked: it is a withheld figure of the unit named beside it, or no figure at all."""

    is_withheld: bool = False
    nearest: Offer | None = None


@dataclass(frozen=True)
class Piece:
    """A stretch of a paragraph; a number that is looked at has a mark."""

    text: str
    mark: Mark | None = None


@dataclass(frozen=True)
class MarkedText:
    """A text whose numbers were looked at, paragraph by paragraph."""

    paragraphs: list[list[Piece]]

    @property
    def strange(self) -> list[Piece]:
        """The numbers that no figure gives, each once."""
        return [one for one in self._list_marked() if one.mark and not one.mark.is_withheld]

    @property
    def told(self) -> list[Piece]:
        """The numbers that are withheld figures of a unit named beside them, each once."""
        return [one for one in self._list_marked() if one.mark and one.mark.is_withheld]

    def _list_marked(self) -> list[Piece]:
        found: dict[tuple[str, bool], Piece] = {}
        for piece in (piece for paragraph in self.paragraphs for piece in paragraph):
            if piece.mark:
                found.setdefault((piece.text, piece.mark.is_withheld), piece)
        return list(found.values())


@dataclass(frozen=True)
class KnownNumbers:
    """The numbers that a text under one heading may give."""

    chapters: Sequence[Group]
    written: Sequence[str]  # the paragraphs that the figures give there
    payload: Mapping[str, Any]  # the figures that may be told
    exact: Mapping[str, Any]  # the same in full
    others: Sequence[Figures]  # those compared with

    @cached_property
    def _offers(self) -> dict[Number, Offer]:
        return _write_numbers(self.payload["figures"], self.chapters)

    @cached_property
    def _known(self) -> set[Number]:
        known = {number for line in self.written for number in read_numbers(line)}
        for figures in (self.payload["targets"], *self.others):
            known |= _write_numbers(figures, self.chapters).keys()
        return known | self._offers.keys()

    @cached_property
    def _names(self) -> NamedUnits:
        """The report's units and its own."""
        return NamedUnits(self.payload["units"] | {self.payload["unit"]: self.payload["unit_name"]})

    def mark(self, paragraphs: Sequence[str]) -> MarkedText:
        """Return the paragraphs with marks on the numbers that no figure gives and on those withheld.

        A unit's own figures may be told beside its name, and what is withheld of it must not; where a sentence names
        only units of which a number is public, what it is of another one in the paragraph does not matter.
        """
        return MarkedText([self._mark_one(one) for one in paragraphs])

    def _mark_one(self, paragraph: str) -> list[Piece]:
        found = self._names.find(paragraph)
        named = {code for code, _start in found}
        told = [
            (span, self._list_told({code for code, start in found if span[0] <= start < span[1]}))
            for span in split_sentences(paragraph)
        ]
        offers, hidden = dict(self._offers), set(self._withheld_here)
        for code in sorted(named):
            if code != self.payload["unit"]:
                unit = self.payload["units"][code]
                offers = _write_numbers(self.payload["by_unit"][code], self.chapters, unit) | offers
            hidden |= self._find_withheld(code, tuple(Group))
        pieces: list[Piece] = []
        end = 0
        for match, number in _find_numbers(paragraph):
            mark = None
            is_told = any(start <= match.start() < stop and number in public for (start, stop), public in told)
            if number in hidden and not is_told:
                mark = Mark(is_withheld=True)
            elif number not in offers and number not in self._known:
                mark = Mark(nearest=_find_nearest(number, offers))
            if mark:
                pieces += [Piece(paragraph[end : match.start()]), Piece(match.group(), mark)]
                end = match.end()
        return [one for one in (*pieces, Piece(paragraph[end:])) if one.text]

    def _list_told(self, named: set[str]) -> set[Number]:
        """Return the numbers that are public of a unit that a sentence names, and withheld of none that it names."""
        public, withheld = set[Number](), set[Number]()
        for code in named:
            figures = self.payload["figures"] if code == self.payload["unit"] else self.payload["by_unit"][code]
            public |= _write_numbers(figures, self.chapters).keys()
            withheld |= self._find_withheld(code, tuple(Group))
        return public - withheld

    @cached_property
    def _withheld_here(self) -> set[Number]:
        """What is withheld of the report's own total in these chapters: there it needs no name beside it."""
        chapters = tuple(self.chapters)
        return self._find_withheld(self.payload["unit"], chapters) if chapters != tuple(Group) else set()

    def _find_withheld(self, code: str, chapters: Sequence[Group]) -> set[Number]:
        """Return the numbers that are what is withheld of a unit, and no other figure of it."""
        is_own = code == self.payload["unit"]
        shown, exact = (one["figures"] if is_own else one["by_unit"][code] for one in (self.payload, self.exact))
        withheld = set(self.payload["withheld"].get(code, ())) - shown.keys()
        figures = {name: value for name, value in exact.items() if name in withheld}
        return _write_numbers(figures, chapters).keys() - _write_numbers(shown, tuple(Group)).keys()


def read_numbers(text: str) -> dict[Number, str]:
    """Return the numbers of a text by value and scale, each with how it is written there."""
    return {number: match.group() for line in text.splitlines() for match, number in _find_numbers(line)}


def _find_numbers(line: str) -> Iterator[tuple[re.Match[str], Number]]:
    for match in _NUMBER.finditer(line):
        value, scale = match["value"].replace(".", ""), (match["scale"] or "").strip().lower()
        if scale or not _counts_nothing(match["value"], line[: match.start()], line[match.end() :]):
            yield match, (value.lstrip("0") or "0", scale)


def _counts_nothing(value: str, before: str, after: str) -> bool:
    is_year = _YEAR.fullmatch(value)
    is_of_line = not before.strip() and _OF_LINE.match(after)
    return bool(is_year or is_of_line or _NAMED.search(before) or _OF_TIME.match(after))


def _find_nearest(number: Number, offers: Mapping[Number, Offer]) -> Offer | None:
    """Return the figure in the same scale that is least away from the number, against the greater of the two."""
    value = _value_of(number)
    apart = {
        other: abs(value - worth) / max(value, worth)
        for other in offers
        if other[1] == number[1] and (worth := _value_of(other))
    }
    nearest = min(apart, key=apart.__getitem__, default=None)
    return offers[nearest] if nearest is not None and apart[nearest] <= _MOST_APART else None


def _value_of(number: Number) -> float:
    return float(number[0].replace(",", "."))


def _write_numbers(figures: Figures, chapters: Sequence[Group], unit: str = "") -> dict[Number, Offer]:
    """Return the figures of the chapters as a text may give them: exact, rounded, in tỷ or triệu, as a share."""
    written: dict[Number, Offer] = {}
    for code, value in figures.items():
        one = INDICATORS.get(code)
        if one is None or one.group not in chapters or value < 0:
            continue
        if one.measure is Measure.SHARE:
            texts = [f"{value // 10}{f',{value % 10}' if value % 10 else ''}%"]
        else:
            texts = [format_int(value), approximate(value).text]
            texts += [approximate_money(value).text] if one.measure is Measure.MONEY else []
        for text in texts:
            for number in read_numbers(f"x {text}"):
                written.setdefault(number, Offer(text, one.label, unit))
    return written
