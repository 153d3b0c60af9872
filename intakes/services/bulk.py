"""Adding thousands of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from django.core.exceptions import FieldError
from django.db import connection, models, transaction

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CHUNK = 2000
_MANY = 500  # rows from which on a table may have become another for the planner


def copy_rows(
    model: type[models.Model], rows: Iterable[Mapping[str, Any]], same: Mapping[str, Any] | None = None
) -> None:
    """Add rows by COPY: the table's constraints, indexes and triggers hold as for any other INSERT.

    Each row gives its values by column, all rows the same columns; `same` gives those that are alike in all of them.
    What is left out is filled by the database. Values are str, int, bool, date, datetime, ranges as PostgreSQL writes
    them, or None. Raises FieldError for a column that the model lacks, or one that is left out and that the database
    cannot fill.
    """
    found = iter(rows)
    first = next(found, None)
    if first is None:
        return
    shared = same or {}
    names = tuple(first)
    demand_columns(model, (*shared, *names))
    quoted = ", ".join(connection.ops.quote_name(name) for name in (*names, *shared))
    end = "".join(f"\t{_write_value(value)}" for value in shared.values()) + "\n"
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
        chunk: list[str] = []
        count = 0
        for row in chain([first], found):
            count += 1
            chunk.append("\t".join([_write_value(row[name]) for name in names]))
            if len(chunk) == _CHUNK:
                copy.write(end.join(chunk) + end)
                chunk.clear()
        if chunk:
            copy.write(end.join(chunk) + end)
    if count >= _MANY:  # after the commit: until then it would hold a lock that the next list waits for
        transaction.on_commit(lambda: _tell_planner(model, count), robust=True)


def _tell_planner(model: type[models.Model], count: int) -> None:
    """Have a table that has grown by a tenth or more counted at once.

    Its own turn comes a minute after the commit; until then lists that were just written are joined as if they were
    empty, which takes seconds to minutes instead of milliseconds.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        if count > cursor.fetchone()[0] / 10:
            columns = ", ".join(connection.ops.quote_name(name) for name in _find_sought(model))
            cursor.execute(f"ANALYZE {table} ({columns})")


def _find_sought(model: type[models.Model]) -> list[str]:
    """Return the columns by which rows are found and joined; to look through long texts takes as long as all others."""
    options: Any = model._meta
    sought = {name.lstrip("-") for index in options.indexes for name in index.fields}
    sought |= {name for one in options.constraints for name in getattr(one, "fields", ())}
    return [
        field.column
        for field in options.concrete_fields
        if field.name in sought or not isinstance(field, models.CharField | models.TextField)
    ]


def demand_columns(model: type[models.Model], names: Iterable[str]) -> None:
    """Raise FieldError unless every name is a column of the model, and the database can fill all other columns."""
    columns: dict[str, Any] = {str(field.column): field for field in model._meta.concrete_fields}
    given = set(names)
    if unknown := given - set(columns):
        raise FieldError(f"{model.__name__} has no column {', '.join(sorted(unknown))}")
    missing = [name for name, field in columns.items() if name not in given and not _is_filled(field)]
    if missing:
        raise FieldError(f"{model.__name__} needs a value or a db_default for {', '.join(missing)}")


def _is_filled(field: Any) -> bool:
    """Whether the database fills the column by itself."""
    return bool(field.null or field.has_db_default() or field.generated or field.primary_key)


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` ids from the table's sequence, for rows that name each other before they are added."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _write_value(value: Any) -> str:
    if value is None:
        return "\\N"
    if value.__class__ is str:
        return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value
    if value.__class__ is bool:
        return "t" if value else "f"
    return str(value)
