"""Uploaded lists while they are looked at and repaired.

What becomes of them is the business of the app whose list it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.sheets import Workbook
from intakes.reading.files.workbook import read_workbook
from portal import audit
from portal.models import Unit, User

RowKey = tuple[str, int]


@dataclass(slots=True)
class RowError:
    """Why a row is refused: the sheet, the row's number, the column's heading, what stood there and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    field: str = ""
    suggestion: str = ""  # a reading that may be meant, to confirm

    def as_json(self) -> dict[str, Any]:
        """The error as commands print it: {"sheet", "row", "column", "value", "message"}."""
        return {name: value for name, value in asdict(self).items() if name not in {"field", "suggestion"}}


def sentences_by_row(errors: Iterable[RowError]) -> dict[RowKey, str]:
    """The sentences of each row in one text, for `write_errors`."""
    found: dict[RowKey, list[str]] = {}
    for error in errors:
        found.setdefault((error.sheet, error.row), []).append(error.message)
    return {key: " ".join(dict.fromkeys(messages)) for key, messages in found.items()}


def read_upload(content: bytes, file_name: str) -> Workbook:
    """Read a workbook; ValidationError with the sentence when it cannot be read at all."""
    if len(content) > settings.UPLOAD_LIMIT:
        limit = settings.UPLOAD_LIMIT // (1024 * 1024)
        raise ValidationError(
            {
                "content": _("The file is larger than %(limit)d MB. Split the list into several files.")
                % {"limit": limit}
            }
        )
    try:
        return read_workbook(content, file_name)
    except WorkbookError as error:
        raise ValidationError({"content": error.message}, code=error.code) from error


def row_key(text: str) -> RowKey:
    """Split "DS trao HB!12" into ("DS trao HB", 12)."""
    sheet, _mark, row = text.rpartition("!")
    return sheet, int(row)


def rows_keyed(stored: dict[str, Any]) -> dict[RowKey, Any]:
    """What an Intake keeps by "sheet!row", by (sheet, row)."""
    return {row_key(text): value for text, value in stored.items()}


@transaction.atomic
def start_intake(
    *, kind: str, unit: Unit, half: str = "", mode: str = "", file_name: str, content: bytes, actor: User
) -> Intake:
    """Keep an uploaded workbook for its preview; ValidationError when it cannot be read at all."""
    read_upload(content, file_name)
    intake = Intake.objects.create(
        kind=kind, unit=unit, half=half, mode=mode, file_name=file_name.replace("\\", "/").rsplit("/", 1)[-1][-200:],
        file_sha256=hashlib.sha256(content).hexdigest(), content=content, uploaded_by=actor,
    )  # fmt: skip
    audit.record(
        actor=actor,
        action="portal.intake.start",
        target=intake,
        unit=unit,
        detail={"kind": kind, "half": half, "bytes": len(content)},
    )
    return intake


def map_intake(*, intake: Intake, mapping: dict[str, str], actor: User) -> Intake:
    """Settle what columns mean: heading -> field ("" takes the answer back)."""
    return _change(intake, actor, "mapping", mapping)


def repair_intake(*, intake: Intake, repairs: dict[str, dict[str, str]], actor: User) -> Intake:
    """Put typed text into cells: "sheet!row" -> {field: text}. Added to the repairs made before; {} takes them back."""
    with transaction.atomic():
        intake = open_intake(intake)
        merged = {key: (intake.repairs.get(key, {}) | texts if texts else {}) for key, texts in repairs.items()}
        return _change(intake, actor, "repairs", merged)


def decide_intake(*, intake: Intake, decisions: dict[str, dict[str, Any] | None], actor: User) -> Intake:
    """Decide rows by "sheet!row"; None takes a decision back.

    A decision is {"drop": true}, {"repeat": reason} or {"replace": id of the recorded row}.
    """
    return _change(intake, actor, "decisions", decisions)


@transaction.atomic
def discard_intake(*, intake: Intake, actor: User) -> Intake:
    """Give an upload up; its content is erased."""
    intake = open_intake(intake)
    finish_intake(intake)
    audit.record(actor=actor, action="portal.intake.discard", target=intake, unit=intake.unit)
    return intake


def open_intake(intake: Intake) -> Intake:
    """The upload under lock; ValidationError when it has been taken in or given up meanwhile."""
    found = Intake.objects.select_for_update(of=("self",)).select_related("unit").get(pk=intake.pk)
    if found.finished_at is not None:
        raise ValidationError(
            _("This file has been taken in or given up already. Send it again if it is still needed."), code="finished"
        )
    return found


def finish_intake(intake: Intake) -> None:
    """Erase the file and what was typed into it: both hold personal data."""
    intake.content, intake.repairs, intake.decisions, intake.finished_at = None, {}, {}, timezone.now()
    intake.save(update_fields=["content", "repairs", "decisions", "finished_at"])


@transaction.atomic
def _change(intake: Intake, actor: User, field: str, changes: dict[str, Any]) -> Intake:
    """Merge changes into one of the upload's tables; empty values are taken out."""
    intake = open_intake(intake)
    merged = {key: value for key, value in (getattr(intake, field) | changes).items() if value}
    setattr(intake, field, merged)
    intake.save(update_fields=[field])
    audit.record(
        actor=actor, action=f"portal.intake.{field}", target=intake, unit=intake.unit, detail={"count": len(changes)}
    )
    return intake
