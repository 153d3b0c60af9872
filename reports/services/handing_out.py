"""Files of issued reports for whoever asks: frozen bytes, found in one query and kept in memory by their hash."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any, NamedTuple

from django.db import OperationalError, connection

from portal.lib.periods import Period
from portal.vocabulary import ReportState
from reports.models import ReportFile

MOST_KEPT = 32 * 1024 * 1024  # bytes of files in the memory of one server process
_kept: OrderedDict[str, bytes] = OrderedDict()

_PUBLIC = list(ReportState.those("was_public"))
_FIND = "SELECT file_id, sha256, version, unit, state FROM public_report_file(%s, %s, %s, %s, %s)"


class HandedOut(NamedTuple):
    """A file that readers may have."""

    pk: int
    sha256: str
    version: int
    unit: str


def find_public_file(period: Period, code: str, kind: str, version: int | None) -> HandedOut | None:
    """Return the file of the report, the newest version or the one named; None where readers get none (or no more)."""
    row = _ask([period.code, code.upper(), kind, version, _PUBLIC])
    return HandedOut(*row[:4]) if row and row[0] and row[4] == ReportState.ISSUED else None


def _ask(asked: list[Any]) -> Any:
    """Return the row that the database gives. Whether it is still there at all, the question itself shows."""
    connection.health_check_done = True  # type: ignore[attr-defined]  # no stub names it
    try:
        return _fetch(asked)
    except OperationalError:
        if connection.in_atomic_block:
            raise
        connection.close()
        return _fetch(asked)


def _fetch(asked: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_FIND, asked)
        return cursor.fetchone()


def read_bytes(file: HandedOut) -> bytes:
    """Return what the file holds. Bytes of a hash never change, so what was read once is kept."""
    if file.sha256 in _kept:
        _kept.move_to_end(file.sha256)
        return _kept[file.sha256]
    content = _kept[file.sha256] = bytes(ReportFile.objects.values_list("content", flat=True).get(pk=file.pk))
    while sum(map(len, _kept.values())) > MOST_KEPT:
        _kept.popitem(last=False)
    return content
