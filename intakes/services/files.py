"""What officers' files say: read once by a limited child process, kept with the upload, and read from there.

A page waits a few seconds; what takes longer the worker finishes, and the preview shows that it is under way.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models.functions import Length
from django.utils import timezone
from django_tasks import task

from intakes.models import Intake
from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.sheets import Workbook
from intakes.reading.kept import KeptError, unpack_reading, unpack_workbook
from intakes.reading.rows.results import Reading
from intakes.reading.words.schemas import Schema
from intakes.services.kinds import ListKind, P, kind_of
from intakes.services.opening import Opened, Patience, RefusedError, Stop, UnfinishedError, open_upload, read_again
from intakes.services.plans import Asked, RowKey, rows_keyed
from intakes.services.proposing import kind_meant, propose

LONGEST_READING = dt.timedelta(minutes=15)  # after that the worker has been lost, and the file is read anew


def read_file(
    content: bytes,
    file_name: str,
    schema: Schema,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[RowKey, Mapping[str, str]] | None = None,
    dropped: frozenset[RowKey] = frozenset(),
) -> tuple[Workbook, Reading]:
    """Return the cells of a file that is no upload, and what they say; RefusedError when it cannot be read at all."""
    try:
        opened = open_upload(
            content, file_name, schema, mapping=mapping, repairs=repairs, dropped=dropped, patience=Patience.WORK
        )
    except UnfinishedError as error:
        raise RefusedError(WorkbookError("too_much")) from error
    return unpack_workbook(opened.cells), unpack_reading(opened.reading, schema)


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
    _cells, reading = read_file(
        content, asked.file_name, kind.schema, mapping=mapping, repairs=repairs, dropped=dropped
    )
    return kind.plan(reading, asked)


def reading_of(intake: Intake) -> Reading:
    """Return what an upload says, with the officer's columns and repairs, without the rows that were left out.

    It is kept; only what is not kept for the present answers is read, once. Raises RefusedError when the file cannot be
    read, UnfinishedError while the worker reads it.
    """
    schema = kind_of(intake).schema
    if intake.refusal:
        raise RefusedError(WorkbookError(intake.refusal["code"], **intake.refusal["params"]))
    if intake.reading is not None and intake.reading_key == reading_key(intake):
        try:
            return unpack_reading(bytes(intake.reading), schema)
        except KeptError:
            intake.cells = None  # kept by another version of the portal
    if intake.being_read_since and timezone.now() - intake.being_read_since < LONGEST_READING:
        raise UnfinishedError
    keep_reading(intake)
    return unpack_reading(bytes(intake.reading or b""), schema)


def cells_of(intake: Intake) -> Workbook:
    """Return the cells of an upload that has been read."""
    return unpack_workbook(bytes(intake.cells or b""))


def keep_reading(intake: Intake) -> None:
    """Read an upload while its page waits, and keep the result; UnfinishedError when the worker goes on with it."""
    try:
        opened = _read(intake, Patience.PAGE)
    except UnfinishedError:
        leave_to_worker(intake)
        raise
    _keep(intake, opened)
    _settle_guess(intake, Patience.PAGE)


def leave_to_worker(intake: Intake) -> None:
    """Let the worker read an upload; until then its page says that it is being read."""
    intake.being_read_since = timezone.now()
    Intake.objects.unfinished().filter(pk=intake.pk).update(being_read_since=intake.being_read_since)
    transaction.on_commit(lambda: read_upload.enqueue(intake.pk))


def share_read(intake: Intake) -> int:
    """Return how much of an upload the worker has read by now, in percent: by its size and the time that has passed."""
    size = Intake.objects.filter(pk=intake.pk).values_list(Length("content"), flat=True).first() or 0
    expected = 4 + 2 * size / 1024 / 1024  # seconds; fifty thousand rows weigh 3 MB
    passed = (timezone.now() - intake.being_read_since).total_seconds() if intake.being_read_since else 0.0
    return min(int(100 * passed / expected), 95)


@task()
def read_upload(intake_id: int) -> bool:
    """Read an upload in the worker; stops when it is given up meanwhile. Return whether there is something to look at.

    Done again, it does the same again.
    """
    waiting = Intake.objects.unfinished().filter(pk=intake_id)
    intake = waiting.first()
    if intake is None:
        return False
    try:
        _keep(intake, _read(intake, Patience.WORK, stop=lambda: not waiting.exists()))
        _settle_guess(intake, Patience.WORK)
    except RefusedError as error:
        _refuse(intake, error.error)
    except UnfinishedError:
        _refuse(intake, WorkbookError("too_much"))
    return True


def reading_key(intake: Intake) -> str:
    """Return a digest of the answers that a reading of the upload has to follow."""
    dropped = sorted(key for key, decision in intake.decisions.items() if decision.get("drop"))
    answers = json.dumps([intake.mapping, intake.repairs, dropped], sort_keys=True)
    return hashlib.sha256(answers.encode()).hexdigest()


def dropped_rows(decisions: Mapping[str, Any]) -> frozenset[RowKey]:
    """Return the rows that the officer left out."""
    return frozenset(key for key, decision in rows_keyed(decisions).items() if decision.get("drop"))


def _read(intake: Intake, patience: Patience, stop: Stop | None = None) -> Opened:
    schema = kind_of(intake).schema
    answers: dict[str, Any] = {
        "mapping": intake.mapping,
        "repairs": rows_keyed(intake.repairs),
        "dropped": dropped_rows(intake.decisions),
        "patience": patience,
        "stop": stop,
    }
    if intake.cells is not None:
        cells = bytes(intake.cells)
        return Opened(cells, read_again(cells, schema, **answers))
    return open_upload(bytes(intake.content or b""), intake.file_name, schema, **answers)


def _settle_guess(intake: Intake, patience: Patience) -> None:
    """Find out what a file that came without a word is, from what it says."""
    if not intake.is_guessed:
        return
    reading = unpack_reading(bytes(intake.reading or b""), kind_of(intake).schema)
    kind = kind_meant(intake, reading)
    if kind != intake.kind:
        intake.kind = kind
        _keep(intake, _read(intake, patience))
        reading = unpack_reading(bytes(intake.reading or b""), kind_of(intake).schema)
    changes = propose(intake, reading) | {"kind": kind, "row_count": len(reading.rows)}
    for name, value in changes.items():
        setattr(intake, name, value)
    Intake.objects.unfinished().filter(pk=intake.pk).update(**changes)


def _keep(intake: Intake, opened: Opened) -> None:
    intake.cells, intake.reading, intake.reading_key = opened.cells, opened.reading, reading_key(intake)
    intake.being_read_since = None
    Intake.objects.unfinished().filter(pk=intake.pk).update(
        cells=opened.cells, reading=opened.reading, reading_key=intake.reading_key, being_read_since=None
    )


def _refuse(intake: Intake, error: WorkbookError) -> None:
    refusal = {"code": error.code, "params": error.params}
    Intake.objects.unfinished().filter(pk=intake.pk).update(refusal=refusal, being_read_since=None)
