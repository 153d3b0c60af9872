"""Pages of a list: by the key of the last row seen (no row is counted or skipped), or by number where a list is short.

A register of a million rows answers its hundredth page as fast as its first: the page begins where the index finds the
key. So there is no total; the page says which it is, as far as the reader paged, and from where to where it goes.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import Field, Q, QuerySet

Row = TypeVar("Row")
LAST = "last"
AFTER, BEFORE = "a", "b"


class UnknownPlaceError(ValueError):
    """An address names a place in the list that was never handed out."""


@dataclass(frozen=True)
class KeyPage(Generic[Row]):
    """Some rows of a list in their order, and the ways on: what stands in `page=` ("" where there is none)."""

    rows: list[Row] = field(default_factory=list)
    previous: str = ""
    next: str = ""
    number: int | None = 1  # as counted while paging; unknown near the end
    is_last: bool = True

    @property
    def is_whole(self) -> bool:
        """Whether this is the whole list."""
        return not self.previous and not self.next


@dataclass(frozen=True)
class _Place:
    way: str
    number: int | None
    key: list[Any] | None


def _read(text: str) -> _Place:
    try:
        way, number, key = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=="))
    except (ValueError, UnicodeError, binascii.Error, TypeError, RecursionError):
        raise UnknownPlaceError(text) from None
    sensible = way in {AFTER, BEFORE} and isinstance(key, list) and (number is None or number.__class__ is int)
    if not sensible:
        raise UnknownPlaceError(text)
    return _Place(way, number if number and 0 < number < 10**9 else None, key)


def _write(way: str, number: int | None, key: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, dt.date) else value for value in key]
    given = json.dumps([way, number, plain], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(given.encode()).decode().rstrip("=")


def _opposite(term: str) -> str:
    return term.removeprefix("-") if term.startswith("-") else f"-{term}"


def _value(row: Any, path: str) -> Any:
    if isinstance(row, dict):
        return row[path]
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _field(rows: QuerySet[Any], path: str) -> Field[Any, Any]:
    """Return what a path of the order names, to read its value from an address."""
    if path in rows.query.annotations:
        output: Field[Any, Any] = rows.query.annotations[path].output_field
        return output
    model: Any = rows.model
    found: Field[Any, Any] | None = None
    for name in path.split("__"):
        try:
            found = model._meta.pk if name == "pk" else model._meta.get_field(name)
        except FieldDoesNotExist:  # an attname: "member_id"
            found = next(one for one in model._meta.concrete_fields if one.attname == name).target_field
        model = found.related_model or model
    if found is None:
        raise UnknownPlaceError(path)
    return found


def _beyond(rows: QuerySet[Any], order: Sequence[str], key: Sequence[Any]) -> Q:
    """Return what comes after the key in the order; the first condition alone lets an index begin there."""
    if len(key) != len(order):
        raise UnknownPlaceError(str(key))
    paths, values = [term.removeprefix("-") for term in order], []
    for path, value in zip(paths, key, strict=True):
        try:
            values.append(_field(rows, path).to_python(value))
        except (ValidationError, TypeError, ValueError, OverflowError):
            raise UnknownPlaceError(str(value)) from None
        if values[-1] is None or "\0" in str(value) or (isinstance(values[-1], int) and abs(values[-1]) >= 2**63):
            raise UnknownPlaceError(str(value))
    beyond, equal = Q(), Q()
    for term, path, value in zip(order, paths, values, strict=True):
        beyond |= equal & Q(**{f"{path}__{'lt' if term.startswith('-') else 'gt'}": value})
        equal &= Q(**{path: value})
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{paths[0]}__{bound}": values[0]}) & beyond


class _Query:
    """Rows of the database in an order whose last term is unique and whose terms are never null."""

    def __init__(self, rows: QuerySet[Any], order: Sequence[str]) -> None:
        self.rows, self.order = rows, list(order)
        self.opposite = [_opposite(term) for term in order]

    def first(self, count: int, after: Sequence[Any] | None = None) -> list[Any]:
        found = self.rows if after is None else self.rows.filter(_beyond(self.rows, self.order, after))
        return list(found.order_by(*self.order)[:count])

    def last(self, count: int, before: Sequence[Any] | None = None) -> list[Any]:
        found = self.rows if before is None else self.rows.filter(_beyond(self.rows, self.opposite, before))
        return list(found.order_by(*self.opposite)[:count])[::-1]

    def key_of(self, row: Any) -> list[Any]:
        return [_value(row, term.removeprefix("-")) for term in self.order]


class _InMemory:
    """Rows that are there already; `key` tells one from the other."""

    def __init__(self, rows: Sequence[Any], key: Callable[[Any], Any]) -> None:
        self.rows, self.key = rows, key

    def first(self, count: int, after: Sequence[Any] | None = None) -> list[Any]:
        start = 0 if after is None else self._place_of(after) + 1
        return list(self.rows[start : start + count])

    def last(self, count: int, before: Sequence[Any] | None = None) -> list[Any]:
        end = len(self.rows) if before is None else self._place_of(before)
        return list(self.rows[max(end - count, 0) : end])

    def key_of(self, row: Any) -> list[Any]:
        return [str(self.key(row))]

    def _place_of(self, key: Sequence[Any]) -> int:
        for place, row in enumerate(self.rows):
            if self.key_of(row) == list(key):
                return place
        raise UnknownPlaceError(str(key))


def page_by_key(rows: QuerySet[Any], order: Sequence[str], place: str, size: int) -> KeyPage[Any]:
    """Return the page that `place` names ("" is the first, "last" the last) of the rows in the order.

    The last term of the order is unique and no term is null. Raises UnknownPlaceError for a place never handed out.
    """
    return _page(_Query(rows, order), place, size)


def page_of_list(rows: Sequence[Any], key: Callable[[Any], Any], place: str, size: int) -> KeyPage[Any]:
    """Return the page that `place` names of rows that are in memory. Raises UnknownPlaceError as `page_by_key`."""
    return _page(_InMemory(rows, key), place, size)


class Source(Protocol):
    """Rows in an order of their own, read from either end; a key is what `key_types` says, and tells where a row is."""

    key_types: ClassVar[tuple[type, ...]]

    def first(self, count: int, after: Sequence[Any] | None = None) -> list[Any]:
        """Return the first rows after a key."""

    def last(self, count: int, before: Sequence[Any] | None = None) -> list[Any]:
        """Return the last rows before a key, in the order of the list."""

    def key_of(self, row: Any) -> list[Any]:
        """Return the key of a row."""


def page_of_source(source: Source, place: str, size: int) -> KeyPage[Any]:
    """Return the page that `place` names of what an app reads itself. Raises UnknownPlaceError as `page_by_key`."""
    key = _read(place).key if place not in {"", LAST} else None
    if key is not None:
        fits = len(key) == len(source.key_types) and all(map(isinstance, key, source.key_types))
        if not fits or any("\0" in str(value) or (isinstance(value, int) and abs(value) >= 2**63) for value in key):
            raise UnknownPlaceError(place)
    return _page(source, place, size)


def _page(source: Source | _Query | _InMemory, place: str, size: int) -> KeyPage[Any]:
    if place == LAST:
        found = source.last(size + 1)
        back = _write(BEFORE, None, source.key_of(found[-size])) if len(found) > size else ""
        return KeyPage(found[-size:], back, "", None if back else 1)
    known = _read(place) if place else _Place(AFTER, 1, None)
    if known.way == BEFORE:
        found = source.last(size + 1, known.key)
        if len(found) > size:
            number = known.number if known.number and known.number > 1 else None
            back = _write(BEFORE, number - 1 if number else None, source.key_of(found[-size]))
            on = _write(AFTER, number + 1 if number else None, source.key_of(found[-1]))
            return KeyPage(found[-size:], back, on, number, is_last=False)
        known = _Place(AFTER, 1, None)  # the beginning was reached: the first page, whole
    found = source.first(size + 1, known.key)
    rows, more = found[:size], len(found) > size
    if known.key and not rows:
        return KeyPage([], LAST, "", None)
    back = _write(BEFORE, known.number - 1 if known.number else None, source.key_of(rows[0])) if known.key else ""
    on = _write(AFTER, known.number + 1 if known.number else None, source.key_of(rows[-1])) if more else ""
    return KeyPage(rows, back, on, known.number, is_last=not more)


def numbered_page(rows: Any, place: str | None, size: int = 0) -> Page[Any]:
    """Return a numbered page, for public lists and for what is worked through; `size` 0 is the usual one."""
    return Paginator(rows, size or settings.PAGE_SIZE).get_page(place)
