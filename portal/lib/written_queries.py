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
from django.db.models.sql.compiler import SQLCompiler


class WrittenQuery:
    """What a query set asks, written out; its rows are read anew each time."""

    def __init__(self, asked: QuerySet[Any, Any]) -> None:
        query: Any = asked.query
        self._asked: Any = asked
        self._compiler: Any = query.get_compiler(asked.db)
        self._written = self._compiler.as_sql()
        query.get_compiler = self._take_compiler

    def rows(self) -> Iterator[Any]:
        """Ask, and yield the rows as the query set would: objects, dicts, or tuples."""
        return iter(self._asked._iterable_class(self._asked))

    def _take_compiler(self, using: str, *_args: Any, **_kwargs: Any) -> SQLCompiler:
        compiler: SQLCompiler = copy.copy(self._compiler)
        compiler.connection = connections[using]  # each thread has its own
        compiler.as_sql = lambda *_args, **_kwargs: self._written  # type: ignore[method-assign]  # it is written
        return compiler


@lru_cache(maxsize=512)
def _write(ask: Callable[..., QuerySet[Any, Any]], *about: Hashable) -> WrittenQuery:
    return WrittenQuery(ask(*about))


def rows_of(ask: Callable[..., QuerySet[Any, Any]], *about: Hashable) -> Iterator[Any]:
    """Yield the rows of `ask(*about)`.

    What is asked may depend on nothing else: not on the time of day, nor on what stands in the database.
    """
    return _write(ask, *about).rows()
