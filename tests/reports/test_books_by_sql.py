"""What is written for ever stays by raw SQL too, as the application's own role: closings, makers, postings, histories."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.models import Closing, ClosingException, Posting
from portal.services.periods import close_half_year, end_exception, grant_exception
from scholarships.models import BatchEvent
from scholarships.services import batches
from tests import factories
from tests.reports import rows
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db
H1 = HalfYear(2023, 1)
TODAY = timezone.localdate


def refused(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(sql, values)
    assert getattr(caught.value.__cause__, "sqlstate", "") in {"23514", "23502", "23503"}, caught.value


def taken(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount


@pytest.mark.parametrize("value", ["2020-H1", None])
def test_a_closing_and_its_history_stay(tree, leader, value):
    close_half_year(unit=tree["LC"], half=H1, reason="Đã duyệt", actor=leader)
    refused("UPDATE portal_closing SET half = %s", value)
    refused("UPDATE portal_closing SET reason = %s", value)
    refused("UPDATE portal_closing SET closed_by_id = %s", None)
    refused("UPDATE portal_closing SET closed_at = %s", value and "2030-01-01")
    refused("DELETE FROM portal_closing")
    refused("TRUNCATE portal_closing CASCADE")
    assert Closing.objects.get().half == "2023-H1"


@pytest.mark.parametrize("value", ["2030-01-01", None])
def test_an_opening_only_ends_and_once(tree, leader, approver, officer_lc, value):
    close_half_year(unit=tree["LC"], half=H1, reason="Đã duyệt", actor=leader)
    opened = grant_exception(
        unit=tree["LC"], half=H1, person=officer_lc, until=timezone.now() + datetime.timedelta(days=1),
        reason="Bổ sung", actor=factories.make_system_account(),
    )  # fmt: skip
    refused("UPDATE portal_closingexception SET until = %s", value)
    refused("UPDATE portal_closingexception SET person_id = %s", value and leader.pk)
    refused("UPDATE portal_closingexception SET ended_at = NULL")
    end_exception(exception=opened, actor=approver)
    refused("UPDATE portal_closingexception SET ended_at = %s", value)
    refused("DELETE FROM portal_closingexception")
    refused("TRUNCATE portal_closingexception CASCADE")
    assert ClosingException.objects.get().ended_at


@pytest.mark.parametrize("other", [True, False])
def test_who_made_something_stays(tree, city, officer_lc, leader, other):
    draft = make_batch(tree["LC"], officer_lc, rows=1, programme=city["programmes"]["award"])
    batches.submit_batch(batch=draft, actor=officer_lc)
    rows.declare(city["LC"], H1, officer_lc)
    person = leader.pk if other else None
    for table in ("scholarships_batch", "scholarships_disbursement", "reports_submission"):
        refused(f"UPDATE {table} SET entered_by_id = %s", person)
    for table in ("scholarships_batch", "reports_submission"):
        refused(f"UPDATE {table} SET submitted_by_id = %s WHERE submitted_by_id IS NOT NULL", person)
    for table in ("scholarships_batchevent", "reports_approvalevent"):
        refused(f"UPDATE {table} SET actor_id = %s", person)
        refused(f"DELETE FROM {table}")
        refused(f"TRUNCATE {table} CASCADE")
    assert set(BatchEvent.objects.filter(batch=draft).values_list("actor", flat=True)) == {officer_lc.pk}


def test_a_posting_only_ends_and_its_end_is_set_once(officer_lc):
    posting = Posting.objects.get(user=officer_lc)
    later, sooner, past = (TODAY() + datetime.timedelta(days=days) for days in (20, 10, -3))
    change = "UPDATE portal_posting SET valid = daterange(lower(valid), %s) WHERE id = %s"
    refused("UPDATE portal_posting SET valid = daterange(lower(valid) - 1, upper(valid)) WHERE id = %s", posting.pk)
    taken(change, later, posting.pk)
    refused(change, later + datetime.timedelta(days=1), posting.pk)
    refused(change, None, posting.pk)
    taken(change, sooner, posting.pk)  # an end that lies ahead may come sooner
    taken(change, past, posting.pk)
    refused(change, past - datetime.timedelta(days=1), posting.pk)
    for column in ("role", "unit_id", "user_id"):
        refused(f"UPDATE portal_posting SET {column} = NULL WHERE id = %s", posting.pk)
