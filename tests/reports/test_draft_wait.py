"""A draft's file is made in the worker, once for the same figures; whoever waits sees a page that looks again."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.services.background import expire_files
from reports.models import DraftFile
from reports.services import drafting
from tests.reports import rows

H1 = HalfYear(2023, 1)
PDF = {"period": H1, "code": "HP", "kind": "pdf"}


@pytest.fixture
def ask(client_of, django_capture_on_commit_callbacks):
    def get(user, kind="pdf", *, work=False):
        with django_capture_on_commit_callbacks(execute=work):
            return client_of(user).get(reverse("report_draft_file", kwargs=PDF | {"kind": kind}))

    return get


def test_one_waits_on_a_page_until_the_worker_has_made_it(city, ask, client_of, leader, approver):
    first = ask(leader)
    draft = DraftFile.objects.get()
    assert first["Location"] == reverse("draft_wait", args=[draft.pk])
    page = client_of(leader).get(first["Location"]).content.decode()
    assert '<meta http-equiv="refresh"' in page
    assert "Đang làm bản dự thảo" in page
    assert drafting.make_draft_file.call(draft.pk)
    file = client_of(leader).get(first["Location"])
    assert file["Content-Type"] == "application/pdf"
    assert file.content[:5] == b"%PDF-"
    assert ask(approver).content == file.content  # the same figures: nothing is made twice
    assert DraftFile.objects.count() == 1


def test_two_who_ask_at_once_make_the_worker_work_once(city, ask, leader, approver, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as tasks:
        ask(leader)
        ask(approver)
    assert len(tasks) <= 1
    assert DraftFile.objects.count() == 1


def test_other_figures_are_another_draft(city, ask, leader):
    ask(leader)
    rows.give(city, "NQ", count=3, half="2023-H1", start=100)
    ask(leader)
    assert DraftFile.objects.count() == 2


def test_a_draft_that_failed_or_was_left_behind_is_said_and_made_again(city, ask, client_of, leader):
    ask(leader)
    draft = DraftFile.objects.get()
    for change in ({"is_failed": True}, {"is_failed": False, "asked_at": timezone.now() - dt.timedelta(minutes=3)}):
        DraftFile.objects.update(**change)
        page = client_of(leader).get(reverse("draft_wait", args=[draft.pk])).content.decode()
        assert 'http-equiv="refresh"' not in page
        assert "Chưa làm được bản dự thảo." in page
        ask(leader)
        draft.refresh_from_db()
        assert draft.is_waiting
    assert ask(leader, work=True).status_code == 302


def test_drafts_are_erased_after_a_day(city, ask, leader):
    ask(leader)
    DraftFile.objects.update(asked_at=timezone.now() - dt.timedelta(hours=25), sha256="0" * 64)
    ask(leader, work=True)
    assert [draft.sha256 != "0" * 64 and draft.content is not None for draft in DraftFile.objects.all()] == [True]


def test_a_draft_is_erased_after_a_day_though_nobody_asks_for_another(city, ask, leader):
    ask(leader)
    draft = DraftFile.objects.get()
    drafting.make_draft_file.call(draft.pk)
    expire_files(actor=leader)
    assert DraftFile.objects.exists()
    DraftFile.objects.update(asked_at=timezone.now() - DraftFile.KEPT - dt.timedelta(seconds=1))
    expire_files(actor=leader)  # asked for each day, and before any other file is made
    assert not DraftFile.objects.exists()


def test_a_stranger_gets_neither_page_nor_file(city, ask, client_of, leader, officer_nq):
    ask(leader)
    draft = DraftFile.objects.get()
    assert client_of(officer_nq).get(reverse("draft_wait", args=[draft.pk])).status_code == 404
    drafting.make_draft_file.call(draft.pk)
    assert client_of(officer_nq).get(reverse("draft_wait", args=[draft.pk])).status_code == 404
    assert client_of(leader).get(reverse("draft_wait", args=[draft.pk])).status_code == 200


@pytest.mark.parametrize("change", ["period = '2023-H3'", "kind = 'exe'", "sha256 = NULL", "period = NULL"])
def test_the_database_refuses_what_is_no_draft(city, ask, leader, change):
    ask(leader)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE reports_draftfile SET {change}")
