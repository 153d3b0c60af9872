"""Officers' files opened and understood: the one place where the bytes of an upload are read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.workbook import read_workbook
from intakes.reading.reading import understand
from intakes.reading.rows.results import Reading
from intakes.reading.words.schemas import Schema
from intakes.services.kinds import ListKind, P
from intakes.services.plans import Asked, RowKey, rows_keyed


def read_file(
    content: bytes,
    file_name: str,
    schema: Schema,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[RowKey, Mapping[str, str]] | None = None,
    dropped: frozenset[RowKey] = frozenset(),
) -> Reading:
    """Return what a workbook says; ValidationError ({"content": ...}) when it cannot be read at all."""
    if len(content) > settings.UPLOAD_LIMIT:
        sentence = _("The file is larger than %(limit)d MB. Split the list into several files.")
        raise ValidationError({"content": sentence % {"limit": settings.UPLOAD_LIMIT // (1024 * 1024)}})
    try:
        workbook = read_workbook(content, file_name)
    except WorkbookError as error:
        raise ValidationError({"content": error.message}, code=error.code) from error
    return understand(workbook, schema, mapping=mapping, repairs=repairs, dropped=dropped)


def plan_file(
    kind: ListKind[P, Any],
    content: bytes,
    asked: Asked,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[RowKey, Mapping[str, str]] | None = None,
) -> P:
    """Return the plan of a file that is no upload; ValidationError when the file or what is asked is refused."""
    asked = replace(asked, file_sha256=hashlib.sha256(content).hexdigest())
    dropped = frozenset(key for key, decision in asked.decisions.items() if decision.get("drop"))
    reading = read_file(content, asked.file_name, kind.schema, mapping=mapping, repairs=repairs, dropped=dropped)
    return kind.plan(reading, asked)


def read_intake(intake: Intake, schema: Schema) -> Reading:
    """Return what an upload says, with the officer's columns and repairs, without the rows that were left out."""
    return read_file(
        bytes(intake.content or b""),
        intake.file_name,
        schema,
        mapping=intake.mapping,
        repairs=rows_keyed(intake.repairs),
        dropped=dropped_rows(intake.decisions),
    )


def dropped_rows(decisions: Mapping[str, Any]) -> frozenset[RowKey]:
    """Return the rows that the officer left out."""
    return frozenset(key for key, decision in rows_keyed(decisions).items() if decision.get("drop"))
