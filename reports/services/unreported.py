"""Half-years that were never reported: listed before a report is issued, and closed with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Min
from django.utils.translation import gettext as _

from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.vocabulary import SubmissionState
from reports.models import Submission
from scholarships.models import DisbursementSum, LedgerEntry

# What closes the unit itself closes all below it, and where nothing at all closes a half-year no unit is asked for.
_OPEN = """
WITH halves AS MATERIALIZED (
  SELECT h.half, EXISTS (SELECT 1 FROM portal_closing c WHERE c.half = h.half
    OR (c.scope = 'through' AND c.half > h.half)) AS is_touched
  FROM unnest(%(halves)s::text[]) h(half)
  WHERE NOT EXISTS (SELECT 1 FROM portal_closing c
    JOIN unit_counted_in(%(unit)s, half_last_day(h.half)) a(unit_id) USING (unit_id)
    WHERE closing_holds(c.from_day, 'infinity') AND (c.half = h.half OR (c.scope = 'through' AND c.half > h.half))))
SELECT h.half, v.unit_id, v.name FROM halves h
JOIN portal_unitversion v ON v.parent_id = %(unit)s AND v.valid @> half_last_day(h.half)
WHERE NOT EXISTS (
  SELECT 1 FROM reports_submission s WHERE s.unit_id = v.unit_id AND s.half = h.half AND s.state = ANY (%(settled)s))
  AND CASE WHEN h.is_touched THEN NOT closed_by_rule(v.unit_id, h.half, 'infinity') ELSE true END
ORDER BY h.half, v.name
"""


@dataclass(frozen=True)
class Unreported:
    """A half-year, and the units below that neither reported on it nor were listed as missing."""

    half: HalfYear
    unit_ids: list[int]
    names: list[str]


def find_unreported(unit: Unit, half: HalfYear) -> list[Unreported]:
    """Return what issuing the unit's report of the half-year closes though nobody reported on it, oldest first.

    It begins with the first half-year of which the portal knows anything (two queries for each table, one for all).
    """
    known = (DisbursementSum.objects, LedgerEntry.objects, Submission.objects)
    first = min((one for rows in known if (one := rows.aggregate(first=Min("half"))["first"])), default=half.code)
    if first >= half.code:
        return []
    codes = [one.code for one in HalfYear.range(HalfYear.parse(first), half.previous())]
    found: dict[str, Unreported] = {}
    with connection.cursor() as cursor:
        settled = list(SubmissionState.those("is_settled"))
        cursor.execute(_OPEN, {"halves": codes, "unit": unit.pk, "settled": settled})
        for code, unit_id, name in cursor.fetchall():
            one = found.setdefault(code, Unreported(HalfYear.parse(code), [], []))
            one.unit_ids.append(unit_id)
            one.names.append(name)
    return list(found.values())


def why_closed(unreported: list[Unreported]) -> str:
    """Return the reason that stands with a closing by a report, in the language of documents."""
    with official_language():
        issued = _("The report of the half-year has been issued.")
        if not unreported:
            return issued
        first, last = unreported[0].half.label, unreported[-1].half.label
        if len(unreported) == 1:
            told = _("Closed with it, never reported: %(half)s.") % {"half": first}
        else:
            told = _("Closed with it, never reported: %(count)d half-years, %(first)s to %(last)s.") % {
                "count": len(unreported), "first": first, "last": last,
            }  # fmt: skip
        return f"{issued} {told}"
