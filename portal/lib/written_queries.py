"""Queries of rows that are asked again and again: each is written out once, and kept as it is sent.

Django takes longer to write a query of a dozen sums than the database takes to answer it.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Hashable, Iterator
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import ValuesIterable


class WrittenQuery:
    """What a query set of `values` or `values_list` asks, written out; its rows are read anew each time."""

    def __init__(self, asked: QuerySet[Any, Any]) -> None:
        query = asked.query
        self._using = asked.db
        self._compiler = query.get_compiler(asked.db)
        self._written = self._compiler.as_sql()
        self._names: tuple[str, ...] = ()  # of rows that are dicts
        if issubclass(asked._iterable_class, ValuesIterable):
            self._names = tuple(query.selected or (*query.values_select, *query.annotation_select))

    def rows(self) -> Iterator[Any]:
        """Ask, and yield the rows as the query set would: dicts, or tuples."""
        compiler = copy.copy(self._compiler)
        compiler.connection = connections[self._using]  # each thread has its own
        compiler.as_sql = lambda *_args, **_kwargs: self._written  # it is written
        rows: Iterator[tuple[Any, ...]] = compiler.results_iter(tuple_expected=True)
        return (dict(zip(self._names, row, strict=True)) for row in rows) if self._names else rows


@lru_cache(maxsize=512)
def _write(ask: Callable[..., QuerySet[Any, Any]], *about: Hashable) -> WrittenQuery:
    return WrittenQuery(ask(*about))


def rows_of(ask: Callable[..., QuerySet[Any, Any]], *about: Hashable) -> Iterator[Any]:
    """Yield the rows of `ask(*about)`.

    What is asked may depend on nothing else: not on the time of day, nor on what stands in the database.
    """
    return _write(ask, *about).rows()
