"""A fund, a report, a half-year, a gift lie in the days of their unit: by raw SQL, each with its NULL variant."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests import factories

pytestmark = pytest.mark.django_db

REPORT = "INSERT INTO reports_report (unit_id, period) VALUES (%s, %s)"
SUBMISSION = "INSERT INTO reports_submission (unit_id, half) VALUES (%s, %s)"


def run(sql: str, *values) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def refusal_of(sql: str, *values) -> str:
    with pytest.raises(IntegrityError) as caught:
        run(sql, *values)
    return str(caught.value)


@pytest.mark.parametrize(("unit", "half"), [("LECHAN", "2023-H1"), ("LC", "2025-H2"), ("LC", None), (None, "2023-H1")])
def test_reports_and_half_years(tree, unit, half):
    pk = tree[unit].pk if unit else None
    assert "report_in_its_unit" in refusal_of(REPORT, pk, half)
    assert "submission_in_its_unit" in refusal_of(SUBMISSION, pk, half)


def test_what_lies_in_its_days_meets_no_such_refusal(tree):
    assert "in_its_unit" not in refusal_of(REPORT, tree["LC"].pk, "2025-H1")  # the columns left out refuse it
    assert "in_its_unit" not in refusal_of(SUBMISSION, tree["LC"].pk, "2025-H1")


@pytest.mark.parametrize("day", ["2024-01-15", None])
def test_funds(tree, day):
    fund = factories.make_fund(tree["LECHAN"], half="2025-H2")
    assert "fund_in_its_unit" in refusal_of("UPDATE scholarships_fund SET opened_on = %s WHERE id = %s", day, fund.pk)
    run("UPDATE scholarships_fund SET opened_on = '2025-07-02' WHERE id = %s", fund.pk)


@pytest.mark.parametrize("day", ["2025-07-01", "2026-02-01"])
def test_gifts_after_the_end_of_the_funds_unit(tree, day):
    fund = factories.make_fund(tree["LC"])
    sql = "INSERT INTO scholarships_donation (fund_id, unit_id, received_on, receipt_year, half) VALUES (%s, %s, %s, %s, '2026-H1')"
    assert "donation_in_its_unit" in refusal_of(sql, fund.pk, tree["LC"].pk, day, int(day[:4]))
    assert "in_its_unit" not in refusal_of(sql, fund.pk, tree["LC"].pk, "2025-06-30", 2025)
    assert refusal_of(sql, fund.pk, tree["LC"].pk, None, 2025)


@pytest.mark.parametrize(
    ("unit", "year", "is_there"),
    [("LC", "2024", True), ("LC", "2025", False), ("LECHAN", "2025", True), ("LECHAN", "2024", False)],
)
def test_a_report_on_a_year_is_of_a_unit_in_force_on_its_last_day(tree, unit, year, is_there):
    assert ("report_in_its_unit" in refusal_of(REPORT, tree[unit].pk, year)) != is_there  # else what is left out is
