"""Uploads of any kind: what may be written on them, who had a hand in them, what is kept, and what takes long."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import FieldError, PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from intakes.models import Intake
from intakes.services import files
from intakes.services.bulk import copy_rows, demand_columns
from intakes.services.files import read_upload, reading_of
from intakes.services.intakes import (
    MOST_LETTERS,
    PER_PERSON,
    decide_intake,
    discard_intake,
    map_intake,
    plan_intake,
    repair_intake,
    start_intake,
)
from intakes.services.kinds import all_kinds
from intakes.services.opening import UnfinishedError
from members.models import Member, Membership
from members.services.lists import MemberList
from portal.models import AuditEntry
from scholarships.models import Disbursement, Recipient
from scholarships.services.lists import DisbursementList
from tests.members.test_member_preview import BAD as BAD_MEMBERS
from tests.members.test_member_preview import GOOD as MEMBERS
from tests.members.test_member_preview import workbook as member_workbook
from tests.scholarships.test_services_intakes import line, workbook

pytestmark = pytest.mark.django_db
SHEET = "Danh sách"


@pytest.fixture
def lc(tree, programmes, fund_lc, site_profile):
    return tree["LC"]


@pytest.fixture
def send(lc, officer_lc):
    def start(*rows, actor=officer_lc, unit=lc, **values):
        given = {"kind": DisbursementList(), "half": "2023-H1", "mode": "handed_out", "file_name": "ds.xlsx"} | values
        return start_intake(unit=unit, content=workbook(*(rows or [line("Trần An")])), actor=actor, **given)

    return start


def test_every_kind_that_an_app_declares_is_whole():
    kinds = all_kinds()
    assert set(kinds) == set(Intake.Kind.values)
    for kind in kinds.values():
        assert reverse(kind.list_url)
        assert reverse(kind.upload_url)
        assert all(kind.schema.field(name) for name in kind.fields)
        assert kind.template.endswith("_preview.html")


# -- what may be written on an upload


@pytest.mark.parametrize(
    ("key", "texts"),
    [(f"{SHEET}!2", {"anything": "x"}), (f"{SHEET}!99", {"full_name": "x"}), ("Khác!2", {"full_name": "x"}),
     (f"{SHEET}!2", {"full_name": "x" * (MOST_LETTERS + 1)})],
)  # fmt: skip
def test_a_repair_names_a_row_and_a_column_of_the_file_and_fits(send, officer_lc, key, texts):
    intake = send()
    with pytest.raises(ValidationError):
        repair_intake(intake=intake, repairs={key: texts}, actor=officer_lc)
    intake.refresh_from_db()
    assert intake.repairs == {}
    assert repair_intake(intake=intake, repairs={f"{SHEET}!2": {"full_name": "Lê Bình"}}, actor=officer_lc).repairs


@pytest.mark.parametrize(
    "decisions",
    [{f"{SHEET}!99": {"drop": True}}, {f"{SHEET}!2": {"pay": True}}, {f"{SHEET}!2": {"repeat": "x" * 201}}],
)
def test_a_decision_names_a_row_of_the_file_and_is_one_of_three(send, officer_lc, decisions):
    intake = send()
    with pytest.raises(ValidationError):
        decide_intake(intake=intake, decisions=decisions, actor=officer_lc)
    assert decide_intake(intake=intake, decisions={f"{SHEET}!2": {"drop": True}}, actor=officer_lc).decisions


@pytest.mark.parametrize("mapping", [{"Không có": "note"}, {"Trường": "anything"}])
def test_a_column_is_one_of_the_file_and_taken_for_a_field_of_the_list(send, officer_lc, mapping):
    intake = send()
    with pytest.raises(ValidationError):
        map_intake(intake=intake, mapping=mapping, actor=officer_lc)
    assert map_intake(intake=intake, mapping={"Trường": "note"}, actor=officer_lc).mapping


def test_a_text_that_is_too_long_stays_on_the_page_with_its_sentence(send, client_of, officer_lc):
    url = reverse("intake_preview", args=[send(line("Trần An"), line(""), line("Vũ Cúc", "x")).pk])
    post = {
        "k0": f"{SHEET}!3", "c0-full_name": "A" * 400, "w0-full_name": "",
        "k1": f"{SHEET}!4", "c1-amount": "500.000", "w1-amount": "x", "save": "1",
    }  # fmt: skip
    answer = client_of(officer_lc).post(url, post)
    (card,) = answer.context["cards"]
    cell = next(cell for cell in card.cells if cell.field == "full_name")
    assert (cell.value, "400" in cell.errors[0].message) == ("A" * 400, True)
    assert len(answer.context["plan"].accepted) == 2


def test_what_was_typed_into_a_page_out_of_date_stays_on_the_page(send, client_of, officer_lc):
    intake = send(line("Trần An"), line(""), line("Vũ Cúc", "x"))
    post = {
        "k0": f"{SHEET}!3", "c0-full_name": "Trần Thị Bảy", "w0-full_name": "",
        "k1": f"{SHEET}!99", "c1-amount": "500.000", "w1-amount": "x", "save": "1",
    }  # fmt: skip
    answer = client_of(officer_lc).post(reverse("intake_preview", args=[intake.pk]), post)
    assert "đã được đọc lại theo cách khác" in answer.content.decode()
    first = next(card for card in answer.context["cards"] if card.row == 3)
    assert next(cell.value for cell in first.cells if cell.field == "full_name") == "Trần Thị Bảy"
    intake.refresh_from_db()
    assert intake.repairs == {}
    answer = client_of(officer_lc).get(reverse("intake_preview", args=[intake.pk]))
    first = next(card for card in answer.context["cards"] if card.row == 3)
    assert next(cell.value for cell in first.cells if cell.field == "full_name") == ""


def test_thousands_of_made_up_fields_are_not_stored(send, client_of, officer_lc):
    intake = send()
    post = {"k0": f"{SHEET}!2", **{f"c0-field{number}": "x" * 300 for number in range(900)}}
    client = client_of(officer_lc)
    answer = client.post(reverse("intake_preview", args=[intake.pk]), post, follow=True)
    assert "Đã lưu" not in answer.content.decode()
    assert "đã được đọc lại theo cách khác" in answer.content.decode()
    intake.refresh_from_db()
    assert intake.repairs == {}


def test_a_person_keeps_only_so_many_files_unfinished(send, officer_lc):
    first = send()
    for _time in range(PER_PERSON - 1):
        send()
    with pytest.raises(ValidationError) as refused:
        send()
    assert "content" in refused.value.message_dict
    assert Intake.objects.count() == PER_PERSON
    discard_intake(intake=first, actor=officer_lc)
    assert send().pk


def test_a_text_of_a_row_that_is_longer_than_its_column_is_refused_by_name(tree, officer_lechan):
    rows = [[*MEMBERS[0][:4], "Hưu trí " * 20, *MEMBERS[0][5:]], MEMBERS[1]]
    intake = start_intake(
        kind=MemberList(), unit=tree["LECHAN"], file_name="hv.xlsx", content=member_workbook(rows), actor=officer_lechan
    )
    plan = plan_intake(intake=intake, actor=officer_lechan)
    assert [(error.row, error.column) for error in plan.errors] == [(2, "Nghề nghiệp")]
    assert "120" in plan.errors[0].message


# -- who may, and who had a hand in it


def test_the_right_is_asked_on_the_unit_and_for_the_kind(send, officer_nq, approver):
    intake = send()
    for stranger in (officer_nq, approver):
        with pytest.raises(PermissionDenied):
            send(actor=stranger)
        with pytest.raises(PermissionDenied):
            discard_intake(intake=intake, actor=stranger)
    assert Intake.objects.unfinished().count() == 1


def test_who_made_the_list_stands_with_it_whatever_the_log_says(send, officer_lc, officer_lechan):
    intake = send(line("Trần An"), line(""))
    repair_intake(intake=intake, repairs={f"{SHEET}!3": {"full_name": "Lê Bình"}}, actor=officer_lechan)
    assert intake.maker_ids() == {officer_lc.pk, officer_lechan.pk}
    AuditEntry.objects.create(actor=officer_lc, action="x.y.z", target_type="intakes.intake", target_id=intake.pk)
    assert intake.maker_ids() == {officer_lc.pk, officer_lechan.pk}


# -- one behaviour for both kinds


@pytest.mark.parametrize("kind", ["members", "disbursements"])
def test_a_file_that_can_no_longer_be_read_is_said_on_a_page_of_its_own(
    kind, send, tree, client_of, officer_lc, officer_lechan
):
    if kind == "members":
        intake, officer = start_intake(
            kind=MemberList(), unit=tree["LECHAN"], file_name="hv.xlsx", content=member_workbook(BAD_MEMBERS),
            actor=officer_lechan,
        ), officer_lechan  # fmt: skip
    else:
        intake, officer = send(), officer_lc
    Intake.objects.filter(pk=intake.pk).update(refusal={"code": "too_much", "params": {}})
    answer = client_of(officer).get(reverse("intake_preview", args=[intake.pk]))
    assert answer.status_code == 422
    assert "Đọc tệp này" in answer.content.decode()
    assert reverse("intake_discard", args=[intake.pk]) in answer.content.decode()


# -- what is kept, and what takes long


def test_a_look_at_the_preview_opens_no_file(send, client_of, officer_lc, settings):
    intake = send(line("Trần An"), line(""))
    settings.UPLOAD_LIMIT = 1  # whoever opened the file again would be refused
    Intake.objects.filter(pk=intake.pk).update(content=b"gone")
    client = client_of(officer_lc)
    url = reverse("intake_preview", args=[intake.pk])
    assert len(client.get(url).context["plan"].accepted) == 1
    client.post(url, {"k0": f"{SHEET}!3", "c0-full_name": "Lê Bình", "w0-full_name": ""})
    assert len(client.get(url).context["plan"].accepted) == 2
    assert client.get(reverse("intake_errors", args=[intake.pk])).status_code == 200


def _share_in(page):
    return int(re.search(r'<progress id="read" value="(\d+)"', page)[1])


def test_a_file_that_takes_long_is_read_by_the_worker_behind_a_page_that_looks_again(
    send, client_of, officer_lc, settings, django_capture_on_commit_callbacks
):
    settings.UPLOAD_PATIENCE = 0
    with django_capture_on_commit_callbacks() as later:
        intake = send()
    client = client_of(officer_lc)
    url = reverse("intake_preview", args=[intake.pk])
    page = client.get(url).content.decode()
    assert 'http-equiv="refresh"' in page
    assert reverse("intake_discard", args=[intake.pk]) in page
    assert _share_in(page) < 60
    Intake.objects.update(being_read_since=timezone.now() - dt.timedelta(seconds=60))
    assert _share_in(client.get(url).content.decode()) == 95
    assert client.post(reverse("intake_commit", args=[intake.pk]), {"token": "x"}).url == url
    for callback in later:
        callback()
    assert len(client.get(url).context["plan"].accepted) == 1


def test_the_worker_keeps_what_it_read_or_why_it_could_not(send, officer_lc):
    intake = send()
    Intake.objects.update(cells=None, reading=None, reading_key="", being_read_since=timezone.now())
    intake.refresh_from_db()
    with pytest.raises(UnfinishedError):
        reading_of(intake)
    assert read_upload.func(intake.pk)
    intake.refresh_from_db()
    assert (len(reading_of(intake).rows), intake.being_read_since) == (1, None)
    Intake.objects.update(content=b"%PDF-1.7", cells=None, reading=None, being_read_since=timezone.now())
    assert read_upload.func(intake.pk)
    intake.refresh_from_db()
    assert (intake.refusal["code"], intake.being_read_since) == ("not_a_workbook", None)


def test_a_file_given_up_meanwhile_is_not_read(send, officer_lc):
    intake = send()
    discard_intake(intake=intake, actor=officer_lc)
    assert read_upload.func(intake.pk) is False
    intake.refresh_from_db()
    assert (intake.content, intake.cells, intake.reading) == (None, None, None)


def test_a_lost_worker_does_not_lose_the_file(send, officer_lc):
    intake = send()
    long_ago = timezone.now() - files.LONGEST_READING - dt.timedelta(seconds=1)
    Intake.objects.update(cells=None, reading=None, reading_key="", being_read_since=long_ago)
    intake.refresh_from_db()
    assert len(reading_of(intake).rows) == 1


@pytest.mark.parametrize("column", ["content", "cells", "reading"])
def test_the_database_keeps_no_bytes_of_a_finished_upload(send, officer_lc, column):
    intake = discard_intake(intake=send(), actor=officer_lc)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE intakes_intake SET {column} = 'x' WHERE id = %s", [intake.pk])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE intakes_intake SET finished_at = NULL WHERE id = %s", [intake.pk])


# -- COPY


@pytest.mark.parametrize("model", [Member, Membership, Recipient, Disbursement])
def test_copy_names_each_column_or_leaves_it_to_the_database(model):
    demand_columns(model, [field.column for field in model._meta.concrete_fields])
    needed = [
        field.column
        for field in model._meta.concrete_fields
        if not (field.null or field.has_db_default() or field.primary_key)
    ]
    demand_columns(model, needed)
    for column in needed:
        with pytest.raises(FieldError, match=column):
            demand_columns(model, set(needed) - {column})
    with pytest.raises(FieldError, match="made_up"):
        demand_columns(model, [*needed, "made_up"])


def test_copy_of_nothing_writes_nothing():
    copy_rows(Member, [])
    assert not Member.objects.exists()
