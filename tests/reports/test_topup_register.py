"""The register of local budgets' yearly top-ups: said, corrected, taken back; figures and report take it from there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, connection, transaction
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import AuditEntry
from portal.services.versions import version_of
from reports import services as reports
from reports.figures import INDICATORS, compute
from reports.services.rows import rows_behind
from scholarships.models import TopUp
from scholarships.services.donations import record_donation
from scholarships.services.topups import AMOUNT, POLICY, record_topup
from tests import factories
from tests.reports import rows

pytestmark = pytest.mark.django_db
H1, H2 = HalfYear(2023, 1), HalfYear(2023, 2)
YES = {"answer": "yes", "decision": "12/QĐ-UBND ngày 03/02/2023", "amount": 600_000_000}


def figures(tree, half=H1):
    found = compute(tree["HP"], half).by_unit["LC"]
    return found.get(POLICY), found.get(AMOUNT)


def test_it_is_recorded_corrected_and_taken_back_and_the_figures_follow(tree, officer_lc, site_profile):
    assert figures(tree) == (None, None)  # nothing said is blank, never 0
    record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES)
    assert figures(tree) == (1, 600_000_000)
    record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES | {"amount": 700_000_000})
    assert figures(tree) == figures(tree, H2) == (1, 700_000_000)
    for code, total in ((POLICY, 1), (AMOUNT, 700_000_000)):
        behind = rows_behind(INDICATORS[code], H1, [tree["LC"].pk])
        assert (behind.total, behind.lines.count()) == (total, 1)
    record_topup(unit=tree["LC"], year=2023, answer="no", actor=officer_lc)
    assert figures(tree) == (0, None)
    record_topup(unit=tree["LC"], year=2023, answer="unsaid", actor=officer_lc)
    assert figures(tree) == (None, None)
    assert TopUp.objects.count() == AuditEntry.objects.filter(action="scholarships.topup.record").count() == 4
    assert figures(tree, HalfYear(2024, 1)) == (None, None)


@pytest.mark.parametrize(
    ("values", "field"),
    [({"decision": " "}, "decision"), ({"amount": None}, "amount"), ({"amount": 0}, "amount")],
)
def test_a_policy_has_its_decision_and_amount(tree, officer_lc, values, field):
    with pytest.raises(ValidationError) as refused:
        record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES | values)
    assert field in refused.value.message_dict
    with pytest.raises(ValidationError):
        record_topup(unit=tree["LC"], year=2031, actor=officer_lc, **YES)


def test_what_is_said_already_is_no_correction_and_strangers_say_nothing(tree, officer_lc, officer_nq):
    record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES)
    with pytest.raises(ValidationError):
        record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES)
    with pytest.raises(PermissionDenied):
        record_topup(unit=tree["LC"], year=2023, actor=officer_nq, **YES)


def test_a_closed_half_year_keeps_what_it_said(city, officer_lc, approver):
    record_topup(unit=city["LC"], year=2023, actor=officer_lc, **YES)
    reports.approve_submission(submission=rows.declare(city["LC"], H1, officer_lc), actor=approver)
    made = record_topup(unit=city["LC"], year=2023, actor=officer_lc, **YES | {"amount": 800_000_000})
    assert made.half == "2023-H2"
    assert (figures(city), figures(city, H2)) == ((1, 600_000_000), (1, 800_000_000))
    reports.approve_submission(submission=rows.declare(city["LC"], H2, officer_lc), actor=approver)
    with pytest.raises(ValidationError, match="2023"):
        record_topup(unit=city["LC"], year=2023, answer="no", actor=officer_lc)


def test_a_half_year_that_declares_it_fills_the_register_which_else_stands_above(
    city, officer_lc, officer_nq, approver
):
    declared = {POLICY: 1, AMOUNT: 500_000_000}
    record_topup(unit=city["LC"], year=2023, actor=officer_lc, **YES)
    for code, officer in (("LC", officer_lc), ("NQ", officer_nq)):
        reports.approve_submission(submission=rows.declare(city[code], H1, officer, declared), actor=approver)
    found = compute(city["HP"], H1)
    assert [found.by_unit[code][AMOUNT] for code in ("LC", "NQ")] == [600_000_000, 500_000_000]
    assert (found.figures[POLICY], found.figures[AMOUNT]) == (2, 1_100_000_000)
    assert rows_behind(INDICATORS[AMOUNT], H1, [city["LC"].pk, city["NQ"].pk]).total == 1_100_000_000
    assert TopUp.objects.get(unit=city["NQ"]).is_declared


def test_pages(client_of, officer_lc, officer_nq, approver, tree, site_profile):
    client, shown = client_of(officer_lc), {"version": version_of(TopUp)}
    new = {"unit": "LC", "year": "2024", "answer": "yes", "decision": "12/QĐ", "amount": "600 triệu"} | shown
    assert client.post(reverse("topup_create"), new | {"decision": ""}).context["form"].errors["decision"]
    assert client.post(reverse("topup_create"), new).url == reverse("topup_list")
    page = reverse("topup_update", args=["LC", 2024])
    assert client.post(reverse("topup_create"), new).url == page  # there is one: it is shown
    fund = factories.make_fund(tree["LC"])
    record_donation(
        fund=fund, donor_name="UBND quận Lê Chân", source="local_budget", amount=200_000_000,
        received_on=dt.date(2024, 3, 1), confirmed=True, actor=approver,
    )  # fmt: skip
    (row,) = client.get(reverse("topup_list")).context["table"].page.rows
    assert (row.amount, row.received) == (600_000_000, 200_000_000)
    now = version_of(TopUp.objects.get())
    assert client.post(page, {"answer": "no", **shown}).status_code == 409
    assert client.post(page, {"answer": "no", "version": now}).status_code == 302
    assert TopUp.objects.current().get().answer == "no"
    assert "600.000.000" in client.get(page).content.decode()  # what was said before stays in sight
    assert client_of(officer_nq).get(page).status_code == 404
    assert not client_of(officer_nq).get(reverse("topup_list")).context["table"].page.rows


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scholarships_topup SET amount = 1", "DELETE FROM scholarships_topup", "TRUNCATE scholarships_topup",
        "INSERT INTO scholarships_topup (unit_id, year, half, answer, decision, amount, is_declared, entered_by_id, entered_at) SELECT unit_id, 2022, half, answer, decision, amount, is_declared, entered_by_id, entered_at FROM scholarships_topup",
        "INSERT INTO scholarships_topup (unit_id, year, half, answer, decision, amount, is_declared, entered_by_id, entered_at) SELECT unit_id, year, half, 'no', decision, amount, is_declared, entered_by_id, entered_at FROM scholarships_topup",
        "INSERT INTO scholarships_topup (unit_id, year, half, answer, decision, amount, is_declared, entered_by_id, entered_at) SELECT unit_id, year, half, answer, '', amount, is_declared, entered_by_id, entered_at FROM scholarships_topup",
        "INSERT INTO scholarships_topup (unit_id, year, half, answer, decision, amount, is_declared, entered_by_id, entered_at) SELECT unit_id, year, half, answer, decision, NULL, is_declared, entered_by_id, entered_at FROM scholarships_topup",
        "INSERT INTO scholarships_topup (unit_id, year, half, answer, decision, amount, is_declared, entered_by_id, entered_at) SELECT unit_id, NULL, half, answer, decision, amount, is_declared, entered_by_id, entered_at FROM scholarships_topup",
    ],
)  # fmt: skip
def test_the_database_keeps_it(tree, officer_lc, sql):
    record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES)
    connection.check_constraints()
    with pytest.raises((IntegrityError, DataError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert TopUp.objects.get().amount == 600_000_000


def test_the_list_links_only_for_whom_the_page_opens(tree, client_of, officer_lc, leader, site_profile):
    record_topup(unit=tree["LC"], year=2023, actor=officer_lc, **YES)
    page = reverse("topup_update", args=["LC", 2023])
    for person, opens in ((officer_lc, True), (leader, False)):
        client = client_of(person)
        assert (f'href="{page}"' in client.get(reverse("topup_list")).content.decode()) == opens
        assert (client.get(page).status_code == 200) == opens
