"""Adding thousands of rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, models

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_CHUNK = 2000


def copy_rows(model: type[models.Model], columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """Add rows by COPY: the table's constraints, indexes and triggers hold as for any other INSERT.

    Values are str, int, bool, date, datetime, ranges as PostgreSQL writes them, or None.
    """
    table = model._meta.db_table
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        chunk: list[str] = []
        for row in rows:
            chunk.append("\t".join([_written(value) for value in row]))
            if len(chunk) == _CHUNK:
                copy.write("\n".join(chunk) + "\n")
                chunk.clear()
        if chunk:
            copy.write("\n".join(chunk) + "\n")


def new_ids(model: type[models.Model], count: int) -> list[int]:
    """Take `count` ids from the table's sequence, for rows that name each other before they are added."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def _written(value: Any) -> str:
    if value is None:
        return "\\N"
    if value.__class__ is str:
        return value.translate(_ESCAPES) if "\\" in value or not value.isprintable() else value
    if value.__class__ is bool:
        return "t" if value else "f"
    return str(value)
