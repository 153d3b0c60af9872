"""The corrected file of a draft or returned list: new, changed and gone beside it, taken into the same list."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from intakes.models import Intake
from intakes.services.intakes import commit_intake, decide_intake, plan_intake, start_intake
from portal.services.refusals import ConflictError
from scholarships.models import Batch
from scholarships.services.batches import return_batch, submit_batch
from scholarships.services.files import correct_with, start_correction
from scholarships.services.lists import DisbursementList
from scholarships.services.rows import update_disbursement
from tests.scholarships.test_services_intakes import SHEET, line, workbook

pytestmark = pytest.mark.django_db

NAMES = ("An", "Bình", "Chi", "Dung", "Giang", "Hoa", "Khánh", "Lan", "Minh", "Nga")
ROWS = [line(f"Trần Thị {name}", birth=f"{place + 1:02d}/03/2011") for place, name in enumerate(NAMES)]


def rows_with(**changes):
    """The ten rows with some changed by name: another row, or None for one that is gone."""
    return [changes.get(name, row) for name, row in zip(NAMES, ROWS, strict=True) if changes.get(name, row)]


@pytest.fixture
def returned(tree, officer_lc, approver, programmes, fund_lc, site_profile):
    """Ten rows taken in from a file, sent, and returned."""
    rows = rows_with(Lan=line("Trần Thị Lan", 20_000_000, birth="08/03/2011"))
    intake = start_intake(
        kind=DisbursementList(), unit=tree["LC"], half="2023-H1", mode="handed_out", file_name="ds.xlsx",
        content=workbook(*rows), actor=officer_lc,
    )  # fmt: skip
    plan = plan_intake(intake=intake, actor=officer_lc)
    batch = commit_intake(intake=intake, token=plan.token, actor=officer_lc).made
    submit_batch(batch=batch, actor=officer_lc)
    return return_batch(batch=batch, reason="Dòng 20 triệu?", actor=approver)


def correct(batch, actor, *rows, name="ds-sua.xlsx"):
    intake = start_correction(batch=batch, file_name=name, content=workbook(*rows), actor=actor)
    return intake, plan_intake(intake=intake, actor=actor)


def take(intake, plan, actor, choice=""):
    taken = commit_intake(intake=intake, token=plan.token, choice=choice, actor=actor)
    return Batch.objects.with_totals().get(pk=taken.made.pk)


def test_one_changed_amount_is_shown_beside_the_old_one_and_replaces_it(returned, officer_lc):
    intake, plan = correct(returned, officer_lc, *ROWS)
    assert [(row.name, row.cells) for row in plan.changed] == [
        ("Trần Thị Lan", [("Số tiền", "20.000.000 đồng", "500.000 đồng")])
    ]
    assert (len(plan.added), len(plan.left_behind), len(plan.known)) == (0, 0, 9)
    batch = take(intake, plan, officer_lc)
    assert (batch.pk, batch.turns, batch.amount, Batch.objects.count()) == (returned.pk, 10, 5_000_000, 1)
    assert batch.file_name == "ds-sua.xlsx"
    old = batch.disbursements.get(taken_out=True)
    assert (old.amount, old.left_with.file_name) == (20_000_000, "ds-sua.xlsx")
    assert batch.disbursements.standing().get(recipient=old.recipient).file.corrects
    assert [event.action for event in batch.events.all()] == ["create", "submit", "return", "edit"]
    assert "ds-sua.xlsx: 1 dòng sửa, 0 dòng mới, 0 dòng bỏ" in batch.events.last().reason
    assert submit_batch(batch=batch, actor=officer_lc).state == "submitted"


def test_new_rows_come_and_those_gone_from_the_file_leave_by_decision(returned, officer_lc):
    rows = [*rows_with(An=None), line("Trần Thị Yến", 700_000)]
    intake, plan = correct(returned, officer_lc, *rows)
    assert [one.name for one in plan.left_behind] == ["Trần Thị An"]
    assert [row.name for row in plan.added] == ["Trần Thị Yến"]
    with pytest.raises(ValidationError, match="bỏ hay giữ"):
        take(intake, plan, officer_lc)
    assert returned.disbursements.standing().count() == 10
    batch = take(intake, plan, officer_lc, "drop")
    assert (batch.turns, batch.amount) == (10, 9 * 500_000 + 700_000)
    assert not batch.disbursements.standing().filter(recipient__full_name="Trần Thị An").exists()


def test_rows_gone_from_the_file_may_stay(returned, officer_lc):
    intake, plan = correct(returned, officer_lc, *rows_with(An=None))
    batch = take(intake, plan, officer_lc, "keep")
    assert (batch.turns, batch.amount) == (10, 5_000_000)


@pytest.mark.parametrize(
    ("mended", "label"),
    [
        (line("Trần Thị Hòa", birth="06/03/2011"), "Họ và tên"),
        (line("Trần Thị Hoa", birth="06/03/2012"), "Ngày sinh"),
        (line("Trần Thị Hoa", birth="06/03/2011", day="22/05/2023"), "Ngày trao"),
        (line("Trần Thị Hoa", birth="06/03/2011", kind="Khen thưởng"), "Chương trình"),
        (line("Trần Thị Hoa", birth="06/03/2011", circumstance=""), "Hoàn cảnh"),
    ],
)
def test_a_mended_cell_is_a_change_of_its_row_not_a_new_one_beside_a_gone_one(returned, officer_lc, mended, label):
    intake, plan = correct(
        returned, officer_lc, *rows_with(Hoa=mended, Lan=line("Trần Thị Lan", 20_000_000, birth="08/03/2011"))
    )
    assert len(plan.changed) == 1
    assert label in [name for name, _before, _after in plan.changed[0].cells]
    assert (plan.added, plan.left_behind, plan.rejected, plan.open_questions) == ([], [], [], [])
    batch = take(intake, plan, officer_lc)
    assert batch.turns == 10
    assert batch.disbursements.filter(taken_out=True).count() == 1


def test_a_changed_row_may_be_kept_as_it_is_or_both_are_real_with_a_reason(returned, officer_lc):
    intake, plan = correct(returned, officer_lc, *ROWS)
    name = plan.changed[0].id
    intake = decide_intake(intake=intake, decisions={name: {"keep": True}}, actor=officer_lc)
    kept = plan_intake(intake=intake, actor=officer_lc)
    assert (kept.changed, len(kept.known)) == ([], 10)
    intake = decide_intake(intake=intake, decisions={name: {"repeat": "Hai suất"}}, actor=officer_lc)
    both = plan_intake(intake=intake, actor=officer_lc)
    batch = take(intake, both, officer_lc)
    assert (batch.turns, batch.amount) == (11, 9 * 500_000 + 20_000_000 + 500_000)


def test_a_row_refused_in_the_file_leaves_the_lists_own_row_alone(returned, officer_lc):
    intake, plan = correct(returned, officer_lc, *rows_with(Nga=line("Trần Thị Nga", "năm trăm", birth="10/03/2011")))
    assert (len(plan.rejected), plan.left_behind) == (1, [])
    batch = take(intake, plan, officer_lc)
    assert (batch.turns, batch.amount) == (10, 5_000_000)


def test_the_same_row_twice_in_the_corrected_file_is_refused_as_anywhere(returned, officer_lc):
    _intake, plan = correct(returned, officer_lc, *ROWS, ROWS[0])
    assert [row.status for row in plan.rejected] == ["repeat"]
    assert f"{SHEET}!12" == plan.rejected[0].id


def test_what_has_changed_since_the_look_is_a_conflict(returned, officer_lc, programmes):
    intake, plan = correct(returned, officer_lc, *ROWS)
    row = returned.disbursements.get(recipient__full_name="Trần Thị Lan")
    update_disbursement(row=row, amount=500_000, actor=officer_lc)
    with pytest.raises(ConflictError):
        take(intake, plan, officer_lc)
    assert returned.disbursements.count() == 10


def test_while_the_corrected_file_waits_the_list_is_not_sent_and_a_second_one_takes_its_place(returned, officer_lc):
    first, _plan = correct(returned, officer_lc, *ROWS)
    with pytest.raises(ValidationError, match=r"ds-sua\.xlsx"):
        submit_batch(batch=returned, actor=officer_lc)
    second, plan = correct(returned, officer_lc, *ROWS, name="lan-hai.xlsx")
    first.refresh_from_db()
    assert first.finished_at is not None
    take(second, plan, officer_lc)
    assert submit_batch(batch=returned, actor=officer_lc).state == "submitted"


def test_a_file_sent_as_a_new_list_is_offered_to_the_list_that_it_corrects(client_of, returned, tree, officer_lc):
    client = client_of(officer_lc)
    intake = start_intake(
        kind=DisbursementList(), unit=tree["LC"], half="2023-H1", mode="handed_out", file_name="moi.xlsx",
        content=workbook(*ROWS), actor=officer_lc,
    )  # fmt: skip
    page = client.get(reverse("intake_preview", args=[intake.pk]))
    offer = reverse("batch_correct_with", args=[returned.pk, intake.pk])
    assert offer in page.content.decode()
    assert client.post(offer).url == reverse("intake_preview", args=[intake.pk])
    intake.refresh_from_db()
    assert (intake.corrects, intake.taken_into) == (True, returned.pk)
    with pytest.raises(ValidationError):
        correct_with(batch=returned, intake=intake, actor=officer_lc)  # once


def test_from_the_returned_list_to_the_sent_one_by_the_corrected_file(client_of, returned, officer_lc):
    client, url = client_of(officer_lc), reverse("batch_detail", args=[returned.pk])
    send = reverse("batch_correct", args=[returned.pk])
    assert send in client.get(url).content.decode()
    content = workbook(*rows_with(An=None))
    answer = client.post(send, {"content": SimpleUploadedFile("sua.xlsx", content)}, follow=True)
    intake = Intake.objects.unfinished().get()
    page = answer.content.decode()
    assert answer.redirect_chain == [(reverse("intake_preview", args=[intake.pk]), 302)]
    assert page.index("20.000.000") < page.index("500.000 đồng</strong>")
    assert page.index('value="drop"') < page.index('value="keep"')
    assert "4.500.000" in page  # what the list amounts to afterwards
    sent = {"token": answer.context["plan"].token, "choice": "drop"}
    assert client.post(reverse("intake_commit", args=[intake.pk]), sent).url == url
    client.post(reverse("batch_submit", args=[returned.pk]))
    returned.refresh_from_db()
    assert (returned.state, returned.disbursements.standing().count()) == ("submitted", 9)


def test_the_pages_buttons_keep_a_row_and_keep_both(client_of, returned, officer_lc):
    intake, plan = correct(returned, officer_lc, *ROWS)
    client, url, row = client_of(officer_lc), reverse("intake_preview", args=[intake.pk]), plan.changed[0].id
    client.post(url, {"both": row, f"why-{row}": "Hai suất"})
    intake.refresh_from_db()
    assert intake.decisions == {row: {"repeat": "Hai suất"}}
    client.post(url, {"keep": row})
    intake.refresh_from_db()
    assert intake.decisions == {row: {"keep": True}}


def test_strangers_get_404_and_a_sent_list_takes_no_file(client_of, returned, officer_lc, officer_nq, approver):
    url = reverse("batch_correct", args=[returned.pk])
    assert client_of(officer_nq).get(url).status_code == 404
    assert client_of(approver).get(url).status_code == 403
    submit_batch(batch=returned, actor=officer_lc)
    assert client_of(officer_lc).get(url).url == reverse("batch_detail", args=[returned.pk])
    with pytest.raises(ValidationError):
        correct(returned, officer_lc, *ROWS)
    assert not Intake.objects.unfinished().exists()


@pytest.mark.parametrize("change", ["corrects = true, taken_into = NULL", "corrects = NULL"])
def test_the_database_holds_that_a_corrected_file_names_its_list(returned, officer_lc, change):
    intake, _plan = correct(returned, officer_lc, *ROWS)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE intakes_intake SET {change} WHERE id = %s", [intake.pk])


def test_a_birth_completed_in_a_row_that_has_moved_is_a_change(returned, officer_lc):
    rows = [row for row in rows_with(Lan=line("Trần Thị Lan", 20_000_000, birth="08/03/2011")) if "An" not in row[1]]
    intake, plan = correct(returned, officer_lc, line("Trần Thị Yến"), *rows, line("Trần Thị An", birth="2011"))
    assert [row.cells for row in plan.changed] == [[("Ngày sinh", "01/03/2011", "2011")]]
    assert take(intake, plan, officer_lc).turns == 11
