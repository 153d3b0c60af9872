"""The city's half-year out of a million disbursements: from the stored sums, the covering index, and plain SQL.

All three answer turns and đồng of the half-year by programme kind, over all units; they must agree to the đồng.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import throwaway
from django.db import connection

from portal.lib.periods import HalfYear
from scholarships.models import DisbursementSum

BAR = 15
HALF = HalfYear.parse("2023-H1")

# With the triggers away and the indexes made afterwards: filling the table is not what is measured. 50 people a unit,
# three programmes, one row in five paid directly by the giver.
FILL = """
SET session_replication_role = replica;
INSERT INTO portal_unit (code, created_at) SELECT 'BENCH' || n, now() FROM generate_series(1, {units}) n;
INSERT INTO scholarships_disbursement (batch_id, unit_id, half, late_for, programme_id, recipient_id, amount, given_on,
    circumstance, circumstance_text, is_hardship, school, school_class, source, fund_id, note, sheet, repeat_no,
    repeat_reason, entered_by_id, created_at, paid_at, reversed_half, reversal_reason)
  SELECT h.no * 1000 + u.no, u.id, h.half, '', p.id, u.no * 50 + n % 50, 100000 * (1 + n % 9), h.first_day + n % 180,
    '', '', n % 3 = 0, 'THCS Lê Chân', '7A', CASE n % 5 WHEN 0 THEN 'direct' ELSE 'fund' END,
    CASE n % 5 WHEN 0 THEN NULL ELSE u.id END, '', 'Danh sách', 1 + n / 50, 'bench', 1, now(), now(), '', ''
  FROM (SELECT 2 * y + s AS no, 2014 + y || '-H' || s + 1 AS half, make_date(2014 + y, 1 + 6 * s, 1) AS first_day
    FROM generate_series(0, 9) y, generate_series(0, 1) s) h
  CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) AS no FROM portal_unit WHERE code LIKE 'BENCH%') u
  CROSS JOIN generate_series(1, {each}) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS no FROM scholarships_programme LIMIT 3) p ON p.no = n % 3;
INSERT INTO scholarships_disbursementsum
    (unit_id, half, programme_id, source, turns, amount, hardship_turns, hardship_amount)
  SELECT unit_id, half, programme_id, source, count(*), sum(amount), count(*) FILTER (WHERE is_hardship),
    coalesce(sum(amount) FILTER (WHERE is_hardship), 0) FROM scholarships_disbursement GROUP BY 1, 2, 3, 4;
SET session_replication_role = origin;
"""
ROLLUPS = {
    "stored": "SELECT p.kind, sum(s.turns), sum(s.amount) FROM scholarships_disbursementsum s "
    "JOIN scholarships_programme p ON p.id = s.programme_id WHERE s.half = %s GROUP BY p.kind ORDER BY p.kind",
    # the index has the unit first, so it is asked unit by unit
    "covering": "SELECT p.kind, sum(d.turns), sum(d.amount) FROM portal_unit u CROSS JOIN LATERAL (SELECT "
    "programme_id, count(*) AS turns, sum(amount) AS amount FROM scholarships_disbursement WHERE unit_id = u.id "
    "AND half = %s GROUP BY programme_id) d JOIN scholarships_programme p ON p.id = d.programme_id "
    "GROUP BY p.kind ORDER BY p.kind",
    "plain": "SELECT p.kind, count(*), sum(d.amount) FROM scholarships_disbursement d "
    "JOIN scholarships_programme p ON p.id = d.programme_id "
    "WHERE d.half = %s AND d.paid_at IS NOT NULL AND d.reversed_at IS NULL GROUP BY p.kind ORDER BY p.kind",
}


def fill(units: int, rows: int) -> None:
    """Add units and their disbursements over ten years."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = 'scholarships_disbursement' AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        )
        indexes = cursor.fetchall()
        cursor.execute("".join(f"DROP INDEX {name};" for name, _ in indexes))
        cursor.execute(FILL.format(units=units, each=max(1, rows // (units * 20))))
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE scholarships_disbursement, scholarships_disbursementsum, portal_unit")


def asked(statement: str) -> Callable[[], list[Any]]:
    """Return a call that answers the statement for the half-year."""

    def ask() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, [HALF.code])
            return cursor.fetchall()

    return ask


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--units", type=int, default=400)
    chosen = parser.parse_args()
    with throwaway.own_database(units=True):
        filling = throwaway.seconds(lambda: fill(chosen.units, chosen.rows))
        calls = {name: asked(statement) for name, statement in ROLLUPS.items()}
        answers = {name: call() for name, call in calls.items()}
        assert answers["stored"] == answers["covering"] == answers["plain"], answers
        for query in (ROLLUPS["covering"],):
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query}", [HALF.code])
                assert "Index Only Scan using disbursement_sums" in str(cursor.fetchall())
        taken = throwaway.alternate(31, **calls)
        page = throwaway.alternate(11, by_unit=lambda: list(DisbursementSum.objects.totals_by_unit(HALF)))
    turns = sum(int(row[1]) for row in answers["stored"])
    print(f"{chosen.rows:,} rows made in {filling:.0f} s; {turns:,} of the half-year in {chosen.units} units")
    print(", ".join(f"{name} {1000 * value:.2f} ms" for name, value in (taken | page).items()))
    throwaway.judge("stored sums against the covering index", taken["covering"] / taken["stored"], BAR)
    print(f"       stored sums against plain SQL: {taken['plain'] / taken['stored']:.2f}")


if __name__ == "__main__":
    main()
