"""Questions about a list of what was given: by command and page, nothing of them taken before they are answered."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.urls import reverse

from intakes.models import Intake
from intakes.services.intakes import answer_intake, commit_intake, plan_intake, start_intake
from scholarships.models import Batch, Disbursement
from scholarships.services.batches import submit_batch
from scholarships.services.lists import DisbursementList
from tests.intakes.test_questions import child, workbook
from tests.scholarships.districts import make_districts, run

pytestmark = pytest.mark.django_db

ROWS = [child("Lê Thị An"), child("Trần Văn Bình")]
DRAFT = [child("Phạm Minh Châu", 150_000)]


@pytest.fixture
def districts(tree):
    return make_districts(tree)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(workbook(DS=("visible", ROWS), Nhap=("hidden", DRAFT)))
    return path


def take(path, *options, unit="LC"):
    return run("import_disbursements", path, "--unit", unit, "--half", "2023-H1", *options)


def test_a_dry_run_lists_the_questions(districts, file):
    said = take(file, "--dry-run")
    (asked,) = said["questions"]
    assert (asked["kind"], asked["sheet"], asked["rows"]) == ("hidden_sheet", "Nhap", [2])
    assert (said["rows"], said["accepted"], said["rejected"], said["amount"]) == (3, 2, 0, 1_000_000)
    assert [choice["code"] for choice in asked["choices"]] == ["leave_out", "take"]


def test_a_real_run_with_an_open_question_takes_nothing(districts, file):
    with pytest.raises(CommandError, match=r"Nhap.*--answer \w+=leave_out"):
        take(file)
    assert not Batch.objects.exists()


@pytest.mark.parametrize(("choice", "amount"), [("leave_out", 1_000_000), ("take", 1_150_000)])
def test_the_answer_of_a_dry_run_holds_in_the_real_one(districts, file, choice, amount):
    name = take(file, "--dry-run")["questions"][0]["id"]
    done = take(file, "--answer", f"{name}={choice}")
    assert (done["questions"], done["amount"]) == ([], amount)


@pytest.mark.parametrize("answer", ["nothing=take", "{id}=perhaps", "{id}", "=take"])
def test_an_answer_to_nothing_is_refused(districts, file, answer):
    name = take(file, "--dry-run")["questions"][0]["id"]
    with pytest.raises(CommandError):
        take(file, "--answer", answer.format(id=name))
    assert not Batch.objects.exists()


def test_a_row_of_the_hidden_draft_that_is_wrong_or_twice_does_not_disturb_the_list(districts, tmp_path):
    path = tmp_path / "ds.xlsx"
    path.write_bytes(workbook(Nhap=("hidden", [ROWS[0], child("", 1)]), DS=("visible", ROWS)))
    said = take(path, "--dry-run")
    assert (said["accepted"], said["rejected"], len(said["questions"])) == (2, 0, 1)


@pytest.fixture
def intake(tree, programmes, fund_lc, officer_lc, file):
    return start_intake(
        kind=DisbursementList(), unit=tree["LC"], half="2023-H1", mode="handed_out", file_name="ds.xlsx",
        content=file.read_bytes(), actor=officer_lc,
    )  # fmt: skip


def commit(intake, actor):
    return commit_intake(intake=intake, token=plan_intake(intake=intake, actor=actor).token, actor=actor)


def test_the_other_rows_become_a_draft_which_is_sent_only_when_the_question_is_answered(intake, officer_lc):
    batch = commit(intake, officer_lc).made
    assert batch.disbursements.count() == 2
    with pytest.raises(ValidationError, match=r"ds\.xlsx"):
        submit_batch(batch=batch, actor=officer_lc)
    intake.refresh_from_db()
    question = plan_intake(intake=intake, actor=officer_lc).open_questions[0]
    answer_intake(intake=intake, answers={question.id: "take"}, actor=officer_lc)
    intake.refresh_from_db()
    assert commit(intake, officer_lc).made == batch
    assert (Batch.objects.count(), batch.disbursements.count()) == (1, 3)
    intake.refresh_from_db()
    assert intake.finished_at is not None
    assert intake.answers == {}
    assert submit_batch(batch=batch, actor=officer_lc).state == "submitted"


def test_left_out_rows_let_the_list_go(intake, officer_lc):
    batch = commit(intake, officer_lc).made
    intake.refresh_from_db()
    question = plan_intake(intake=intake, actor=officer_lc).open_questions[0]
    answer_intake(intake=intake, answers={question.id: "leave_out"}, actor=officer_lc)
    intake.refresh_from_db()
    commit(intake, officer_lc)
    assert submit_batch(batch=batch, actor=officer_lc).disbursements.count() == 2


def test_only_what_is_asked_can_be_answered(intake, officer_lc):
    with pytest.raises(ValidationError):
        answer_intake(intake=intake, answers={"nothing": "take"}, actor=officer_lc)


def test_the_preview_asks_first_and_keeps_the_answer(intake, officer_lc, client_of):
    client, page = client_of(officer_lc), reverse("intake_preview", args=[intake.pk])
    text = client.get(page).content.decode()
    question = plan_intake(intake=intake, actor=officer_lc).open_questions[0]
    assert question.message.replace("“", "").split()[0] in text
    assert f'name="q-{question.id}"' in text
    assert text.index(f'name="q-{question.id}"') < text.index("formaction=")
    client.post(page, {f"q-{question.id}": "leave_out", "answers": "1"})
    assert Intake.objects.get(pk=intake.pk).answers == {question.id: "leave_out"}
    assert "checked" in client.get(page).content.decode()


def test_the_draft_says_that_questions_are_open(intake, officer_lc, client_of):
    batch = commit(intake, officer_lc).made
    page = client_of(officer_lc).get(reverse("batch_detail", args=[batch.pk])).content.decode()
    assert reverse("intake_preview", args=[intake.pk]) in page
    assert Disbursement.objects.filter(batch=batch).count() == 2
