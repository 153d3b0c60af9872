"""The ways back before a list is decided on: a sending, a file taken in; and what of a file is not in its list."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from intakes.models import Intake
from intakes.services.intakes import commit_intake, decide_intake, plan_intake, repair_intake, start_intake
from scholarships.models import BatchFile
from scholarships.services.batches import (
    approve_batch,
    remove_disbursement,
    restore_disbursement,
    return_batch,
    submit_batch,
    take_back_batch,
)
from scholarships.services.files import leave_rows, start_correction, undo_file
from scholarships.services.lists import DisbursementList
from scholarships.services.reviewing import see_batch
from scholarships.services.verifying import find_differences
from tests.scholarships.test_services_intakes import SHEET, line, workbook

pytestmark = pytest.mark.django_db

GOOD = [line(f"Trần Thị {name}", birth=f"{place + 1:02d}/03/2011") for place, name in enumerate("ABCDEGHIKL")]
BAD = [line("Lê Văn Năm", "năm trăm"), line("Lê Văn Sáu", 600_000, day="31/02/2023")]


@pytest.fixture
def unit(tree, programmes, fund_lc, site_profile):
    return tree["LC"]


def send(unit, actor, *rows):
    return start_intake(
        kind=DisbursementList(), unit=unit, half="2023-H1", mode="handed_out", file_name="ds.xlsx",
        content=workbook(*rows), actor=actor,
    )  # fmt: skip


def take(intake, actor, choice=""):
    plan = plan_intake(intake=intake, actor=actor)
    return commit_intake(intake=intake, token=plan.token, choice=choice, actor=actor).made


def total(batch):
    return batch.disbursements.sums_of(type(batch).objects.filter(pk=batch.pk))


# -- a sending


def test_a_sent_list_is_taken_back_with_its_rows_until_an_approver_opens_it(client_of, officer_lc, approver, draft):
    client, url = client_of(officer_lc), reverse("batch_detail", args=[draft.pk])
    client.post(reverse("batch_submit", args=[draft.pk]))
    back = reverse("batch_take_back", args=[draft.pk])
    assert back in client.get(url).content.decode()  # the officer's own look is no opening
    assert client.post(back).url == url
    draft.refresh_from_db()
    assert (draft.state, draft.disbursements.standing().count()) == ("draft", 3)
    assert [event.action for event in draft.events.all()] == ["create", "submit", "take_back"]
    client.post(reverse("batch_submit", args=[draft.pk]))
    shown = client.version_shown_for(back)
    client_of(approver).get(reverse("batch_approve", args=[draft.pk]))
    assert back not in client.get(url).content.decode()
    said = client.post(back, shown, follow=True).content.decode()
    assert "đã mở danh sách này" in said
    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_an_opening_before_the_list_was_sent_anew_does_not_count(officer_lc, approver, draft):
    submit_batch(batch=draft, actor=officer_lc)
    see_batch(batch=draft, actor=approver)
    return_batch(batch=draft, reason="Xem lại", actor=approver)
    draft.refresh_from_db()
    later = draft.sights.get().seen_at + datetime.timedelta(seconds=1)
    submit_batch(batch=draft, actor=officer_lc)
    type(draft).objects.filter(pk=draft.pk).update(submitted_at=later)
    assert take_back_batch(batch=draft, actor=officer_lc).state == "draft"


def test_neither_a_draft_nor_a_paid_list_is_taken_back(officer_lc, approver, draft):
    with pytest.raises(ValidationError):
        take_back_batch(batch=draft, actor=officer_lc)
    submit_batch(batch=draft, actor=officer_lc)
    approve_batch(batch=draft, actor=approver)
    with pytest.raises(ValidationError):
        take_back_batch(batch=draft, actor=officer_lc)


@pytest.mark.parametrize("state", ["approved", "paid", "returned"])
def test_the_database_lets_no_other_state_lead_back_to_a_draft(officer_lc, approver, draft, state):
    submit_batch(batch=draft, actor=officer_lc)
    if state == "returned":
        return_batch(batch=draft, reason="Xem lại", actor=approver)
    else:
        approve_batch(batch=draft, actor=approver)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE scholarships_batch SET state = 'draft' WHERE id = %s", [draft.pk])


# -- a file taken in


def test_a_corrected_file_is_taken_out_again_and_the_list_is_what_it_was(unit, officer_lc):
    batch = take(send(unit, officer_lc, *GOOD), officer_lc)
    before = set(batch.disbursements.standing().values_list("pk", "amount"))
    changed = [line("Trần Thị A", 900_000, birth="01/03/2011"), *GOOD[2:], line("Vũ Thị Yến")]
    intake = start_correction(batch=batch, file_name="sua.xlsx", content=workbook(*changed), actor=officer_lc)
    take(intake, officer_lc, "drop")
    assert total(batch) == {"turns": 10, "amount": 900_000 + 9 * 500_000}
    first, last = batch.files.all()
    with pytest.raises(ValidationError, match="sau cùng"):
        undo_file(file=first, actor=officer_lc)
    undo_file(file=last, actor=officer_lc)
    assert set(batch.disbursements.standing().values_list("pk", "amount")) == before
    assert "bỏ 2 dòng, lấy lại 2 dòng" in batch.events.last().reason
    undo_file(file=first, actor=officer_lc)
    assert total(batch)["turns"] == 0
    assert find_differences() == []
    again = take(send(unit, officer_lc, *GOOD), officer_lc)  # the same file once more: nothing of it is recorded
    assert total(again)["turns"] == 10


def test_a_row_put_back_by_hand_stays_when_its_file_is_undone(unit, officer_lc):
    batch = take(send(unit, officer_lc, *GOOD), officer_lc)
    intake = start_correction(batch=batch, file_name="sua.xlsx", content=workbook(*GOOD[1:]), actor=officer_lc)
    take(intake, officer_lc, "drop")
    restore_disbursement(row=batch.disbursements.get(taken_out=True), actor=officer_lc)
    undo_file(file=batch.files.last(), actor=officer_lc)
    assert total(batch)["turns"] == 10


def test_a_file_is_not_undone_where_a_row_that_comes_back_was_entered_anew(unit, officer_lc):
    batch = take(send(unit, officer_lc, *GOOD), officer_lc)
    intake = start_correction(batch=batch, file_name="sua.xlsx", content=workbook(*GOOD[1:]), actor=officer_lc)
    take(intake, officer_lc, "drop")
    take(send(unit, officer_lc, GOOD[0]), officer_lc)  # in a list of its own
    with pytest.raises(ValidationError):
        undo_file(file=batch.files.last(), actor=officer_lc)
    assert total(batch)["turns"] == 9


def test_the_page_undoes_the_last_file_of_a_draft_and_of_no_sent_list(client_of, unit, officer_lc, officer_nq):
    batch = take(send(unit, officer_lc, *GOOD), officer_lc)
    file, client = batch.files.get(), client_of(officer_lc)
    undo, page = reverse("file_undo", args=[batch.pk, file.pk]), reverse("batch_detail", args=[batch.pk])
    assert client_of(officer_nq).post(undo).status_code == 404
    assert undo in client.get(page).content.decode()
    assert client.post(undo, {"version": "x"}).status_code == 409
    assert client.post(undo).url == page
    file.refresh_from_db()
    assert (file.undone_at is not None, batch.disbursements.standing().count()) == (True, 0)
    other = take(send(unit, officer_lc, *GOOD), officer_lc)
    submit_batch(batch=other, actor=officer_lc)
    with pytest.raises(ValidationError):
        undo_file(file=other.files.get(), actor=officer_lc)


# -- what of a file is not in its list


def test_rows_that_are_not_in_the_list_stay_with_it_until_they_are_mended(client_of, unit, officer_lc):
    intake = send(unit, officer_lc, *GOOD, *BAD)
    batch = take(intake, officer_lc)
    intake.refresh_from_db()
    assert (intake.finished_at, intake.left_rows, intake.taken_into) == (None, 2, batch.pk)
    file = batch.files.get()
    assert (file.rows, file.amount, file.left_rows, file.left_amount) == (12, 5_600_000, 2, 600_000)
    page = client_of(officer_lc).get(reverse("batch_detail", args=[batch.pk])).content.decode()
    assert "2 dòng trong tệp chưa vào danh sách" in page
    assert reverse("intake_preview", args=[intake.pk]) in page
    intake = repair_intake(
        intake=intake, repairs={f"{SHEET}!12": {"amount": "500000"}, f"{SHEET}!13": {"given_on": "30/05/2023"}},
        actor=officer_lc,
    )  # fmt: skip
    assert take(intake, officer_lc).pk == batch.pk
    intake.refresh_from_db()
    file.refresh_from_db()
    assert (intake.finished_at is not None, file.left_rows, batch.files.count()) == (True, 0, 1)
    assert total(batch) == {"turns": 12, "amount": 6_100_000}


def test_the_list_may_be_sent_without_them_and_the_approver_sees_the_files_total_beside(
    client_of, unit, officer_lc, approver
):
    batch = take(send(unit, officer_lc, *GOOD, *BAD), officer_lc)
    submit_batch(batch=batch, actor=officer_lc)
    for name in ("batch_approve", "batch_detail"):
        page = client_of(approver).get(reverse(name, args=[batch.pk])).content.decode()
        assert "12 dòng, 5.600.000 đồng" in page, name
        assert "trong danh sách 10 dòng, 5.000.000 đồng" in page, name
        assert "2 dòng trong tệp chưa vào danh sách" in page, name
        assert "/tep/" not in page.split('id="files"')[1].split("</section>")[0], name  # nothing to press


def test_they_are_given_up_with_a_reason_that_the_approver_reads(client_of, unit, officer_lc, officer_nq, approver):
    intake = send(unit, officer_lc, *GOOD, *BAD)
    batch = take(intake, officer_lc)
    file, client = batch.files.get(), client_of(officer_lc)
    url = reverse("file_leave", args=[batch.pk, file.pk])
    assert client_of(officer_nq).post(url).status_code == 404
    shown = client.version_shown_for(url)
    client.post(url, shown | {"reason": "  "})
    intake.refresh_from_db()
    assert intake.finished_at is None
    client.post(url, shown | {"reason": "Hai em đã chuyển trường"})
    intake.refresh_from_db()
    assert (intake.finished_at is not None, intake.content) == (True, None)
    with pytest.raises(ValidationError):
        leave_rows(file=file, reason="Lần nữa", actor=officer_lc)
    submit_batch(batch=batch, actor=officer_lc)
    page = client_of(approver).get(reverse("batch_approve", args=[batch.pk])).content.decode()
    assert "Hai em đã chuyển trường" in page


def test_rows_left_out_by_a_button_stay_with_the_list_too(unit, officer_lc):
    intake = send(unit, officer_lc, *GOOD, *BAD)
    decisions = {f"{SHEET}!12": {"drop": True}, f"{SHEET}!13": {"drop": True}}
    intake = decide_intake(intake=intake, decisions=decisions, actor=officer_lc)
    batch = take(intake, officer_lc)
    intake.refresh_from_db()
    assert (intake.left_rows, batch.files.get().left_rows, batch.files.get().rows) == (2, 2, 12)


def test_left_rows_that_are_mended_after_the_list_was_sent_make_one_of_their_own(unit, officer_lc):
    intake = send(unit, officer_lc, *GOOD, *BAD)
    batch = take(intake, officer_lc)
    submit_batch(batch=batch, actor=officer_lc)
    intake.refresh_from_db()
    intake = repair_intake(intake=intake, repairs={f"{SHEET}!12": {"amount": "500000"}}, actor=officer_lc)
    second = take(intake, officer_lc)
    assert second.pk != batch.pk
    assert total(second)["turns"] == 1
    assert total(batch)["turns"] == 10


def test_a_whole_file_is_erased_at_once(unit, officer_lc):
    intake = send(unit, officer_lc, *GOOD)
    batch = take(intake, officer_lc)
    intake.refresh_from_db()
    assert (intake.finished_at is not None, intake.content, batch.files.get().left_rows) == (True, None, 0)
    assert not Intake.objects.unfinished().exists()
    assert BatchFile.objects.get().intake == intake


def test_a_removed_row_does_not_come_back_with_the_undone_correction(unit, officer_lc):
    batch = take(send(unit, officer_lc, *GOOD), officer_lc)
    remove_disbursement(row=batch.disbursements.first(), actor=officer_lc)
    intake = start_correction(batch=batch, file_name="sua.xlsx", content=workbook(*GOOD[2:]), actor=officer_lc)
    take(intake, officer_lc, "drop")
    undo_file(file=batch.files.last(), actor=officer_lc)
    assert total(batch)["turns"] == 9
