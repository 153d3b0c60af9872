"""What a page showed, as a short text that its forms send back: nobody decides on what they did not see.

A version is made of one short code for each part of a row (its columns, and what the model adds, as the rows of a
list). No writer counts anything up, and the codes that differ say what has changed meanwhile. Decisions on money may
add parts for all that they would move.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal import audit
from portal.services.refusals import REMOVED, ConflictError

Row = TypeVar("Row", bound=models.Model)
Part = tuple[str, Any, str]  # its name for readers, the value, the value for readers ("" when it is not told)


class Effect(Protocol):
    """Everything that a decision would change, as one value: its parts for readers and its sha256."""

    @property
    def digest(self) -> str:
        """The sha256 of the whole, in hexadecimal."""

    def parts(self) -> Iterable[Part]:
        """Return what it is made of."""


class Beside:
    """Another row that the page showed beside the one it decides on: both must still be as they were."""

    def __init__(self, row: models.Model) -> None:
        self.row = row

    @property
    def digest(self) -> str:
        """The sha256 of the row's version."""
        return hashlib.sha256(version_of(self.row).encode()).hexdigest()

    def parts(self) -> Iterable[Part]:
        """Return what the row is made of."""
        return _parts(self.row)


def version_of(row: models.Model | type[models.Model], effect: Effect | None = None) -> str:
    """Return the version of a row as it is in hand; of a model, or of a row not yet saved, the version of nothing.

    With an `effect` it says too what the decision would move: its parts and its digest.
    """
    if isinstance(row, type) or row.pk is None:
        return f"{row._meta.label_lower}:new:"
    codes = [_code(value) for _name, value, _told in _parts(row, effect)]
    return f"{row._meta.label_lower}:{row.pk}:{'.'.join(codes)}{f'.{effect.digest}' if effect else ''}"


def lock_row(rows: models.QuerySet[Row], row: models.Model, shown: str | None = None, *, is_named: bool = False) -> Row:
    """Return the row from `rows` under lock, fresh from the database and as the page showed it.

    With `is_named` others go on saving rows that only name it (foreign keys); without it they wait.

    Raises ConflictError when it is another by now, or there no more.
    """
    rows = rows.filter(pk=row.pk)
    if rows.query.select_related:
        # first the lock alone: PostgreSQL reads a row anew once it has waited for it, but not what it is joined with
        list(rows.select_related(None).select_for_update(of=("self",), no_key=is_named).order_by().only("pk"))
    found = rows.select_for_update(of=("self",), no_key=is_named).first()
    if found is None:
        raise ConflictError(REMOVED)
    check_version(found, shown)
    audit.note_state(found)
    return found


def check_version(row: models.Model, shown: str | None, effect: Effect | None = None) -> None:
    """Raise ConflictError, saying what has changed, unless the row is still as the page showed it.

    With an `effect`, computed anew under lock: unless the decision would still move what the page showed.

    Called with the row fresh from the database and under lock. None is a caller without a page, as a command.
    """
    if shown is None or shown == version_of(row, effect):
        return
    before = shown.rpartition(":")
    parts, codes = list(_parts(row, effect)), before[2].split(".")
    if effect is not None:
        codes = codes[:-1]
    changes: list[tuple[str, str]] = []
    if before[0] == f"{row._meta.label_lower}:{row.pk}" and len(codes) == len(parts):
        changes = [
            (name, told)
            for (name, value, told), code in zip(parts, codes, strict=True)
            if name and _code(value) != code
        ]
    raise ConflictError(
        _("This has been changed since you opened the page. Nothing was saved; look at the present state first."),
        changes=changes,
        current=row,
    )


def _parts(row: models.Model, effect: Effect | None = None) -> Iterable[Part]:
    """Return the parts of a row: its columns but for those it calls `UNVERSIONED`, its `version_parts`, an effect's."""
    left_out = {"id", *getattr(row, "UNVERSIONED", ())}
    for field in row._meta.concrete_fields:
        if field.name in left_out:
            continue
        value = field.value_from_object(row)
        name = "" if field._verbose_name is None else str(field.verbose_name)  # type: ignore[attr-defined]  # a column
        yield name, None if value is None else field.value_to_string(row), tell_value(row, field)
    own = getattr(row, "version_parts", None)
    if own is not None:
        yield from own()
    if effect is not None:
        yield from effect.parts()


def tell_value(row: models.Model, field: models.Field) -> str:
    """Return the value in words where a column's words are short and plain."""
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(field, models.CharField | models.DateField) and not isinstance(field, models.DateTimeField):
        value = field.value_from_object(row)
        return "" if value is None else f"{value:%d/%m/%Y}" if isinstance(field, models.DateField) else str(value)
    return ""


def _code(value: Any) -> str:
    """Return seven letters that tell two values apart, and the value to nobody."""
    return "" if value is None else salted_hmac("portal.version", repr(value), algorithm="sha256").hexdigest()[:7]
