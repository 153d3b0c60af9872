"""The roads by which a closed half-year was once changed: each refused, or led to the first open half-year."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from members.models import Membership
from members.services.members import add_member
from portal.lib.periods import HalfYear
from portal.models import UnitSuccession
from portal.services.periods import close_through, grant_exception, is_closed, next_open_half
from portal.services.units import create_unit
from reports import services
from reports.figures import compute
from scholarships.models import Fund, LedgerEntry
from scholarships.services.batches import create_batch
from scholarships.services.donations import record_donation
from scholarships.services.rules import window_for
from tests import factories
from tests.reports import rows
from tests.two_persons import agree

H1 = HalfYear(2023, 1)


@pytest.fixture
def closed(city, leader):
    """Everything of the city is closed through the first half of 2026, its halves never reported included."""
    close_through(unit=city["HP"], half=HalfYear(2026, 1), reason="Đã ban hành báo cáo", actor=leader)
    return city


def run_checked(sql, parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def refused(sql, *parameters, naming="period_closed"):
    with pytest.raises(IntegrityError, match=naming), transaction.atomic():
        run_checked(sql, parameters)


def test_a_gift_of_a_half_year_never_reported_counts_in_the_first_open_one(closed, approver):
    fund = Fund.objects.get(unit=closed["LC"])
    before = compute(closed["HP"], HalfYear(2026, 1)).figures
    day = dt.date(2024, 10, 15)
    gift = record_donation(
        fund=fund,
        donor_name="Công ty A",
        source="people",
        amount=5_000_000,
        received_on=day,
        confirmed=True,
        actor=approver,
    )
    entry = LedgerEntry.objects.get(donation=gift)
    assert (entry.half, entry.occurred_on) == ("2026-H2", day)
    assert compute(closed["HP"], HalfYear(2026, 1)).figures == before
    refused(
        "INSERT INTO scholarships_ledgerentry (fund_id, half, kind, amount, balance_after, occurred_on, reason, "
        "request_key, actor_id, created_at) VALUES (%s, '2025-H2', 'opening', 1, 0, %s, '', gen_random_uuid(), %s, now())",
        fund.pk, day, approver.pk,
    )  # fmt: skip


def test_a_unit_made_back_dated_has_no_facts_in_closed_half_years(closed, administrator):
    late = create_unit(
        code="MOI", name="Quận Mới", level=factories.make_level("district", 20), parent=closed["HP"],
        since=dt.date(2023, 1, 1), actor=administrator,
    )  # fmt: skip
    assert is_closed(unit=late, half=H1)
    assert next_open_half(unit=late, half=H1) == HalfYear(2026, 2)
    with pytest.raises(IntegrityError, match="period_closed"), transaction.atomic():
        factories.make_fund(late, half="2023-H1")


def test_a_member_learned_late_keeps_the_day_and_counts_in_the_first_open_half_year(closed, officer_lc):
    before = compute(closed["HP"], H1).figures
    day = dt.date(2023, 3, 15)
    add_member(unit=closed["LC"], full_name="Trần Văn Muộn", joined_on=day, actor=officer_lc)
    late = Membership.objects.get(member__full_name="Trần Văn Muộn")
    assert (late.joined_on, late.half) == (day, "2026-H2")
    assert compute(closed["HP"], H1).figures == before
    assert compute(closed["HP"], HalfYear(2026, 2)).figures["members.new"] == 1
    refused(
        "INSERT INTO members_membership (member_id, unit_id, joined_on, valid) "
        "VALUES (%s, %s, '2022-03-15', '[2022-03-15,2022-03-20)')",
        late.member_id, closed["LC"].pk,
    )  # fmt: skip
    refused("UPDATE members_membership SET half = '2023-H1' WHERE id = %s", late.pk)


def test_a_late_list_of_an_ended_district_is_entered_by_its_heir(closed, officer_lechan):
    batch = create_batch(unit=closed["LC"], half=HalfYear(2025, 1), mode="handed_out", actor=officer_lechan)
    assert (batch.unit, batch.half) == (closed["LC"], "2026-H2")
    window = window_for(unit=closed["LC"], half=HalfYear(2025, 1))
    assert window.problem(dt.date(2025, 6, 20)) is None
    assert window.late_for(dt.date(2025, 6, 20)) == "2025-H1"
    assert window.problem(dt.date(2026, 8, 1)) is not None  # the district has ended


def test_an_heir_begins_no_later_than_the_day_after(city):
    late = factories.make_unit("SAU", "Phường Sau", parent=city["HP"], since=dt.date(2025, 9, 1))
    sql = (
        "INSERT INTO portal_unitsuccession (from_unit_id, to_unit_id, on_date, kind, legal_basis) "
        "VALUES (%s, %s, '2025-07-01', 'merge', 'Nghị quyết')"
    )
    refused(sql, city["NQ"].pk, late.pk, naming="unit_succession_joins")
    UnitSuccession.objects.create(
        from_unit=city["NQ"], to_unit=city["LECHAN"], on_date=factories.REFORM, kind="split", legal_basis="Nghị quyết"
    )


def test_funds_and_lists_lie_in_the_days_of_their_unit(city, approver):
    refused(
        "UPDATE scholarships_fund SET unit_id = %s, opened_on = '2024-01-15'", city["LECHAN"].pk,
        naming="fund_in_its_unit",
    )  # fmt: skip
    refused(
        "INSERT INTO scholarships_batch (unit_id, half, mode, state, title, file_name, file_sha256, by_command, "
        "entered_by_id, entered_at, reason) VALUES (%s, '2024-H1', 'handed_out', 'draft', 'x', '', '', false, %s, now(), '')",
        city["LECHAN"].pk, approver.pk, naming="batch_in_its_unit",
    )  # fmt: skip


def test_an_exception_is_for_one_person_who_enters_for_the_unit(closed, officer_lc, officer_nq):
    until = timezone.now() + dt.timedelta(days=2)
    given = {
        "unit": closed["LC"],
        "half": H1,
        "until": until,
        "reason": "Bổ sung danh sách",
        "actor": factories.make_system_account(),
    }
    with pytest.raises(ValidationError), transaction.atomic():
        grant_exception(person=officer_nq, **given)
    grant_exception(person=officer_lc, **given)
    assert not is_closed(unit=closed["LC"], half=H1, people=[officer_lc])
    assert is_closed(unit=closed["LC"], half=H1, people=[officer_nq])
    assert is_closed(unit=closed["NQ"], half=H1, people=[officer_lc])
    assert is_closed(unit=closed["LC"], half=H1.previous(), people=[officer_lc])


def test_what_was_approved_counts_while_it_is_opened_again(city, officer_lc, approver, leader):
    one = rows.declare(city["LC"], H1, officer_lc, {"chapters.total": 9})
    services.approve_submission(submission=one, actor=approver)
    until = timezone.now() + dt.timedelta(days=2)
    given = {"person": officer_lc, "until": until, "reason": "Sửa số chi hội"}
    agree(services.propose_exception(unit=city["LC"], half=H1, actor=approver, **given), by=leader)
    services.save_submission(unit=city["LC"], half=H1, values={"chapters.total": 12}, texts={}, actor=officer_lc)
    assert compute(city["HP"], H1).figures["chapters.total"] == 9
    one.refresh_from_db()
    services.approve_submission(submission=services.submit_submission(submission=one, actor=officer_lc), actor=approver)
    assert compute(city["HP"], H1).figures["chapters.total"] == 12
    assert is_closed(unit=city["LC"], half=H1, people=[officer_lc])
