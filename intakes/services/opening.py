"""Officers' files opened: in a limited child process, once; what is kept can be read again without the file.

A page waits a few seconds (`Patience.PAGE`); what takes longer is finished by the worker (`Patience.WORK`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from intakes.reading.files.errors import WorkbookError
from intakes.reading.words.schemas import Schema
from portal.lib import limited

RowKey = tuple[str, int]
Stop = Callable[[], bool]

_OPEN, _READ = "intakes.reading.jobs:open_workbook", "intakes.reading.jobs:read_again"
_MB = 1024 * 1024
_USUAL = _MB // 2  # what lists of districts weigh; larger ones are given more
_log = logging.getLogger(__name__)


class Patience(Enum):
    """Who waits for a file to be read: a page (settings.UPLOAD_PATIENCE), or the worker, for so many seconds."""

    PAGE = 0.0
    WORK = 600.0


class RefusedError(ValidationError):
    """A file that cannot or must not be read: a ValidationError of the field "content"; `error` has code and values."""

    def __init__(self, error: WorkbookError) -> None:
        super().__init__({"content": ValidationError(error.message, code=error.code)})
        self.error = error


class UnfinishedError(Exception):
    """The file is not read yet: patience ended, or it was stopped. Nothing of it runs on."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file once read, as bytes to keep: its cells, and what was understood of them (`intakes.reading.kept`)."""

    cells: bytes
    reading: bytes


def open_upload(
    content: bytes,
    file_name: str,
    schema: Schema,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[RowKey, Mapping[str, str]] | None = None,
    dropped: Collection[RowKey] = (),
    patience: Patience = Patience.PAGE,
    stop: Stop | None = None,
) -> Opened:
    """Open a file and return what to keep of it.

    Raises ValidationError ({"content": sentence}) when it cannot or must not be read,
    UnfinishedError when `patience` ended or `stop`, asked several times a second, returned true.
    """
    if len(content) > settings.UPLOAD_LIMIT:
        raise RefusedError(WorkbookError("too_big", limit=settings.UPLOAD_LIMIT // _MB))
    asked = {"file_name": file_name, **_ask_child(schema, mapping, repairs, dropped)}
    cells, reading = _run(_OPEN, asked, content, len(content), patience, stop)
    return Opened(cells, reading)


def read_again(
    cells: bytes,
    schema: Schema,
    *,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[RowKey, Mapping[str, str]] | None = None,
    dropped: Collection[RowKey] = (),
    patience: Patience = Patience.PAGE,
    stop: Stop | None = None,
) -> bytes:
    """Return the reading of cells that were opened before, with other answers of the officer's; raises as above."""
    (reading,) = _run(_READ, _ask_child(schema, mapping, repairs, dropped), cells, 2 * len(cells), patience, stop)
    return reading


def warm_up() -> None:
    """Have a child ready: called by the pages where a file is chosen, so that nobody waits for its start."""
    limited.warm(_OPEN)


def limits_for(size: int, patience: Patience) -> limited.Limits:
    """Return the limits for a file of so many bytes: small ones for what is small, more for an honest long list.

    Fifty thousand rows weigh 3 MB and take 5 seconds and 400 MB.
    """
    extra = max(0, size - _USUAL) / _MB
    seconds = settings.UPLOAD_PATIENCE if patience is Patience.PAGE else patience.value
    memory = min(145 + 165 * extra, 1200)
    return limited.Limits(cpu=min(5 + 6 * extra, 90), memory=int(memory * _MB), patience=seconds)


def _ask_child(
    schema: Schema,
    mapping: Mapping[str, str] | None,
    repairs: Mapping[RowKey, Mapping[str, str]] | None,
    dropped: Collection[RowKey],
) -> dict[str, Any]:
    return {
        "schema": schema.path,
        "mapping": dict(mapping or {}),
        "repairs": [[sheet, row, dict(texts)] for (sheet, row), texts in (repairs or {}).items()],
        "dropped": [[sheet, row] for sheet, row in sorted(dropped)],
    }


def _run(
    job: str, asked: dict[str, Any], content: bytes, size: int, patience: Patience, stop: Stop | None
) -> list[bytes]:
    try:
        answer = limited.run(job, asked, [content], limits=limits_for(size, patience), stop=stop)
    except limited.UnfinishedError as error:
        raise UnfinishedError from error
    except limited.LimitedError as error:
        _log.warning("A workbook of %d bytes was not read: %s (%.1f s, %d MB)", size, error, error.spent,
                     error.peak // _MB)  # fmt: skip
        raise RefusedError(WorkbookError("corrupt" if error.code == "crash" else "too_much")) from error
    if "refused" in answer.value:
        raise RefusedError(WorkbookError(answer.value["refused"], **answer.value["params"]))
    return answer.blobs
