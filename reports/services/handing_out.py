"""Files of issued reports for whoever asks: frozen bytes, found in one query and kept in memory by their hash."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from django.db import connection

from portal.lib.periods import HalfYear
from portal.vocabulary import ReportState
from reports.models import ReportFile

MOST_KEPT = 32 * 1024 * 1024  # bytes of files in the memory of one server process
_kept: OrderedDict[str, bytes] = OrderedDict()

# The newest version that was public, or the one asked for; and whether a newer one keeps its files for staff.
_FIND = """
SELECT f.id, f.sha256, r.version, u.code, r.state FROM reports_report r
JOIN portal_unit u ON u.id = r.unit_id LEFT JOIN reports_reportfile f ON f.report_id = r.id AND f.kind = %(kind)s
WHERE r.half = %(half)s AND u.code = %(code)s AND r.state = ANY (%(public)s)
  AND (%(version)s::int IS NULL OR r.version = %(version)s::int)
  AND NOT EXISTS (SELECT 1 FROM reports_report n WHERE n.unit_id = r.unit_id AND n.half = r.half
    AND n.version > r.version AND n.state = ANY (%(public)s) AND n.hides @> to_jsonb(r.version))
ORDER BY r.version DESC LIMIT 1
"""


class HandedOut(NamedTuple):
    """A file that readers may have."""

    pk: int
    sha256: str
    version: int
    unit: str


def find_public_file(half: HalfYear, code: str, kind: str, version: int | None) -> HandedOut | None:
    """Return the file of the report, the newest version or the one named; None where readers get none (or no more)."""
    asked = {
        "half": half.code, "code": code.upper(), "kind": kind, "version": version,
        "public": list(ReportState.those("was_public")),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_FIND, asked)
        row = cursor.fetchone()
    return HandedOut(*row[:4]) if row and row[0] and row[4] == ReportState.ISSUED else None


def read_bytes(file: HandedOut) -> bytes:
    """Return what the file holds. Bytes of a hash never change, so what was read once is kept."""
    if file.sha256 in _kept:
        _kept.move_to_end(file.sha256)
        return _kept[file.sha256]
    content = _kept[file.sha256] = bytes(ReportFile.objects.values_list("content", flat=True).get(pk=file.pk))
    while sum(map(len, _kept.values())) > MOST_KEPT:
        _kept.popitem(last=False)
    return content
