"""The city's half-year out of five million disbursements of ten years in 400 units, and its draft's page.

The turns and đồng of the half-year by programme kind, over all units: from the stored sums, from the covering index and
by plain SQL; they must agree to the đồng. What the portal itself reads from the rows (the sum behind a figure, distinct
people by unit) is measured against the quickest plain SQL that answers the same.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import throwaway
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import Unit, User
from reports.figures import INDICATORS, DatedTree, compute
from reports.services.rows import rows_behind
from scholarships.models import Disbursement, DisbursementSum, GivingChange

BAR = 15  # stored sums against the covering index
BAR_ROWS = 1.5  # what the portal reads from rows, against plain SQL
BAR_PAGE = 1  # seconds until a draft's page is there
HALF = HalfYear.parse("2023-H1")
PEOPLE = 1000  # of a unit

# With the triggers away and the indexes made afterwards: filling the table is not what is measured. Three programmes,
# one row in five paid directly by the giver.
FILL = """
SET session_replication_role = replica;
INSERT INTO portal_unit (code, created_at) SELECT 'BENCH' || n, now() FROM generate_series(1, {units}) n;
INSERT INTO portal_unitversion (unit_id, parent_id, level_id, name, valid)
  SELECT u.id, (SELECT id FROM portal_unit WHERE code = 'HP'), v.level_id, 'Quận thứ ' || substr(u.code, 6), v.valid
  FROM portal_unit u, (SELECT level_id, valid FROM portal_unitversion JOIN portal_unit o ON o.id = unit_id
    WHERE o.code = 'LC' ORDER BY valid LIMIT 1) v WHERE u.code LIKE 'BENCH%';
INSERT INTO scholarships_recipient (id, full_name, name_key, sort_key, gender, unit_id, kind, school, school_class)
  SELECT u.no * {people} + n, 'Nguyễn Văn An', 'nguyễn văn an ' || n, 'an', '', u.id,
    CASE n % 10 WHEN 0 THEN 'student' WHEN 1 THEN 'teacher' ELSE 'pupil' END, '', ''
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS no FROM portal_unit WHERE code LIKE 'BENCH%') u
  CROSS JOIN generate_series(0, {people} - 1) n;
INSERT INTO scholarships_disbursement (batch_id, unit_id, half, late_for, programme_id, recipient_id, amount, given_on,
    circumstance, circumstance_text, is_hardship, school, school_class, source, fund_id, note, sheet, repeat_no,
    repeat_reason, entered_by_id, created_at, paid_at, reversed_half, reversal_reason)
  SELECT h.no * 1000 + u.no, u.id, h.half, '', p.id, u.no * {people} + (n + h.no) % {people}, 100000 * (1 + n % 9),
    h.first_day + n % 180, '', '', n % 3 = 0, 'THCS Lê Chân', '7A', CASE n % 5 WHEN 0 THEN 'direct' ELSE 'fund' END,
    CASE n % 5 WHEN 0 THEN NULL ELSE u.id END, '', 'Danh sách', 1 + n / {people}, 'bench', 1, now(), now(), '', ''
  FROM (SELECT 2 * y + s AS no, 2014 + y || '-H' || s + 1 AS half, make_date(2014 + y, 1 + 6 * s, 1) AS first_day
    FROM generate_series(0, 9) y, generate_series(0, 1) s) h
  CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) AS no FROM portal_unit WHERE code LIKE 'BENCH%') u
  CROSS JOIN generate_series(1, {each}) n
  JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS no FROM scholarships_programme LIMIT 3) p ON p.no = n % 3
  ORDER BY h.no;
INSERT INTO scholarships_disbursementsum
    (unit_id, half, programme_id, source, turns, amount, hardship_turns, hardship_amount, recalled_turns,
    recalled_amount)
  SELECT unit_id, half, programme_id, source, count(*), sum(amount), count(*) FILTER (WHERE is_hardship),
    coalesce(sum(amount) FILTER (WHERE is_hardship), 0), 0, 0 FROM scholarships_disbursement GROUP BY 1, 2, 3, 4;
INSERT INTO scholarships_givingchange (half) SELECT DISTINCT half FROM scholarships_disbursementsum;
SET session_replication_role = origin;
"""
FILLED = ("scholarships_disbursement", "scholarships_recipient")
COUNTS = "d.half = %(half)s AND d.paid_at IS NOT NULL AND d.reversed_half <> d.half"
ROLLUPS = {
    # both add up by programme before they ask of which kind it is; the index has the unit first and is asked by unit
    "stored": "SELECT p.kind, sum(s.turns), sum(s.amount) FROM (SELECT programme_id, sum(turns) AS turns, "
    "sum(amount) AS amount FROM scholarships_disbursementsum WHERE half = %(half)s GROUP BY programme_id) s "
    "JOIN scholarships_programme p ON p.id = s.programme_id GROUP BY p.kind ORDER BY p.kind",
    "covering": "SELECT p.kind, sum(d.turns), sum(d.amount) FROM portal_unit u CROSS JOIN LATERAL (SELECT "
    "programme_id, count(*) AS turns, sum(amount) AS amount FROM scholarships_disbursement WHERE unit_id = u.id "
    "AND half = %(half)s GROUP BY programme_id) d JOIN scholarships_programme p ON p.id = d.programme_id "
    "GROUP BY p.kind ORDER BY p.kind",
    "plain": "SELECT p.kind, count(*), sum(d.amount) FROM scholarships_disbursement d "
    f"JOIN scholarships_programme p ON p.id = d.programme_id WHERE {COUNTS} GROUP BY p.kind ORDER BY p.kind",
}
#: The sum of the half-year's rows, and its people by unit and kind: the ways a good hand would write it.
PLAIN_SUMS = {
    "one scan": f"SELECT sum(d.amount) FROM scholarships_disbursement d WHERE {COUNTS}",
    "unit by unit": "SELECT sum(x.a) FROM portal_unit u CROSS JOIN LATERAL (SELECT sum(d.amount) AS a FROM "
    f"scholarships_disbursement d WHERE d.unit_id = u.id AND {COUNTS}) x",
}
_JOINED = "scholarships_recipientverdict v ON v.other_id = d.recipient_id AND v.is_same AND v.undone_at IS NULL"
PLAIN_PEOPLE = {
    "count distinct": "SELECT r.unit_id, r.kind, count(DISTINCT r.id) FROM scholarships_disbursement d "
    f"LEFT JOIN {_JOINED} JOIN scholarships_recipient r ON r.id = coalesce(v.kept_id, d.recipient_id) "
    f"WHERE {COUNTS} GROUP BY 1, 2",
    "distinct first": "SELECT r.unit_id, r.kind, count(*) FROM (SELECT DISTINCT coalesce(v.kept_id, d.recipient_id) "
    f"AS id FROM scholarships_disbursement d LEFT JOIN {_JOINED} WHERE {COUNTS}) p "
    "JOIN scholarships_recipient r ON r.id = p.id GROUP BY 1, 2",
}


def fill(units: int, rows: int) -> None:
    """Add units below the city and their disbursements over ten years."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes i WHERE tablename = ANY(%s) AND NOT EXISTS "
            "(SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)",
            [list(FILLED)],
        )
        indexes = cursor.fetchall()
        cursor.execute("".join(f"DROP INDEX {name};" for name, _ in indexes))
        cursor.execute(FILL.format(units=units, people=PEOPLE, each=max(1, rows // (units * 20))))
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        cursor.execute("VACUUM ANALYZE")


def asked(statement: str) -> Callable[[], list[Any]]:
    """Return a call that answers the statement for the half-year."""

    def ask() -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(statement, {"half": HALF.code})
            return cursor.fetchall()

    return ask


def judge_rows(what: str, ours: Callable[[], Any], plain: dict[str, str], same: Callable[[Any, Any], bool]) -> None:
    """Print what the portal takes beside the quickest plain SQL; both must say the same."""
    calls = {name: asked(statement) for name, statement in plain.items()}
    assert all(same(ours(), call()) for call in calls.values()), what
    taken = throwaway.alternate(7, ours=ours, **calls)
    quickest = min(taken[name] for name in calls)
    print(f"{what}: " + ", ".join(f"{name} {1000 * value:.0f} ms" for name, value in taken.items()))
    throwaway.judge(f"{what} from rows / the best plain SQL", taken["ours"] / quickest, BAR_ROWS, at_most=True)


def people_by_unit() -> set[tuple[int, str, int]]:
    """Return how many people of each kind received, by unit, counted as reports count them when somebody received."""
    rows = Disbursement.objects.received_in(HALF).count_people("home_id", "person_kind")
    return {(row["home_id"], row["person_kind"], row["people"]) for row in rows}


def judge_page(city: Unit) -> None:
    """Print how long the page of the city's draft takes: the first time after somebody received, and for the next."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="leader"))
    address = reverse("report_detail", args=[HALF, city.code])

    def read() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, answer.status_code

    def read_anew() -> None:
        GivingChange.objects.create(half=HALF.code)
        read()

    read()
    taken = throwaway.alternate(5, anew=read_anew, page=read, figures=lambda: compute(city, HALF))
    print(f"of it the figures: {1000 * taken['figures']:.0f} ms")
    throwaway.judge("seconds of a draft's page, somebody having received", taken["anew"], BAR_PAGE, at_most=True)
    throwaway.judge("seconds of a draft's page", taken["page"], BAR_PAGE, at_most=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--units", type=int, default=400)
    chosen = parser.parse_args()
    with throwaway.own_database(units=True):
        throwaway.with_static_files()
        filling = throwaway.seconds(lambda: fill(chosen.units, chosen.rows))
        calls = {name: asked(statement) for name, statement in ROLLUPS.items()}
        answers = {name: call() for name, call in calls.items()}
        assert answers["stored"] == answers["covering"] == answers["plain"], answers
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {ROLLUPS['covering']}", {"half": HALF.code})
            assert "Index Only Scan using disbursement_sums" in str(cursor.fetchall())
        turns = sum(int(row[1]) for row in answers["stored"])
        print(f"{chosen.rows:,} rows made in {filling:.0f} s; {turns:,} of the half-year in {chosen.units} units")
        taken = throwaway.alternate(31, stored=calls["stored"], covering=calls["covering"])
        taken |= throwaway.alternate(5, plain=calls["plain"])
        taken |= throwaway.alternate(11, by_unit=lambda: list(DisbursementSum.objects.totals_by_unit(HALF)))
        print(", ".join(f"{name} {1000 * value:.2f} ms" for name, value in taken.items()))
        throwaway.judge("stored sums against the covering index", taken["covering"] / taken["stored"], BAR)
        city = Unit.objects.get(code="HP")
        units, amount = DatedTree(HALF.last_day).units_under(city.pk), INDICATORS["disbursements.amount"]
        judge_rows(
            "sum", lambda: rows_behind(amount, HALF, units), PLAIN_SUMS, lambda ours, plain: ours.total == plain[0][0]
        )
        judge_rows("people", people_by_unit, PLAIN_PEOPLE, lambda ours, plain: ours == set(plain))
        judge_page(city)


if __name__ == "__main__":
    main()
