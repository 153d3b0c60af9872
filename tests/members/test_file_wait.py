"""Long lists and sheets of many people: made by the worker for the one who asked, handed out for a day by their rights."""

from __future__ import annotations

import io

import openpyxl
import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from members.models import MemberCard
from members.services.personal import erase_member, withdraw_consent
from portal.models import AskedFile, AuditEntry, FilePart, Posting, User
from portal.services.background import ask_again, expire_files, hand_out_file, make_file
from portal.vocabulary import Role
from tests import factories
from tests.members.people import make_member
from tests.members.titles import bring_on, make_criteria, make_title, recognise

pytestmark = pytest.mark.django_db
NAMES = ("Đỗ Văn An", "Vũ Thị Bình", "Ngô Thị Cúc")


@pytest.fixture
def people(tree, officer_lechan, officer_ngoquyen, site_profile, settings):
    """Three members of one ward, one of another; a list of more than one is long."""
    settings.DIRECT_ROWS = 1
    make_member(tree["NGOQUYEN"], officer_ngoquyen, full_name="Lê Văn Lạ")
    return [make_member(tree["LECHAN"], officer_lechan, full_name=name) for name in NAMES]


@pytest.fixture
def ask(client_of, people):
    """Ask for the list as a file, without the worker having begun."""

    def get(user, ending="csv", page="member_list", **asked) -> AskedFile:
        answer = client_of(user).get(reverse(page), {"file": ending, **asked})
        assert answer.status_code == 302
        file = AskedFile.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])
        assert answer["Location"] == reverse("file_wait", args=[file.pk])
        return file

    return get


def saved(client, file) -> bytes:
    answer = client.get(reverse("file_save", args=[file.pk]))
    return b"".join(answer.streaming_content) if answer.status_code == 200 else b""


def post_elsewhere(person, unit, role=Role.OFFICER):
    """End what the person is posted to, and post them to another unit."""
    today = timezone.localdate()
    Posting.objects.filter(user=person).update(valid=DateRange(factories.START, today))
    Posting.objects.create(user=person, unit=unit, role=role, valid=DateRange(today, None))


def exports() -> list[tuple[str, int]]:
    rows = AuditEntry.objects.filter(action="portal.file.export").order_by("pk")
    return [(row.detail["name"], row.detail["rows"]) for row in rows]


def test_a_long_list_is_made_by_the_worker_and_a_short_one_at_once_both_in_the_audit(client_of, officer_lechan, ask):
    client, file = client_of(officer_lechan), ask(officer_lechan)
    page = client.get(reverse("file_wait", args=[file.pk])).content.decode()
    assert '<meta http-equiv="refresh"' in page
    assert saved(client, file) == b""
    assert ask(officer_lechan) == file  # pressed twice: nothing is made twice
    assert make_file.call(file.pk)
    page = client.get(reverse("file_wait", args=[file.pk])).content.decode()
    assert "refresh" not in page
    assert reverse("file_save", args=[file.pk]) in page
    text = saved(client, file).decode()
    assert [name in text for name in ("Đỗ Văn An", "Vũ Thị Bình", "Lê Văn Lạ")] == [True, True, False]
    direct = client.get(reverse("member_list"), {"file": "csv", "q": "binh"})
    assert "Vũ Thị Bình" in b"".join(direct.streaming_content).decode()
    assert exports() == [("hoi-vien.csv", 3), ("hoi-vien.csv", 1)]
    file.refresh_from_db()
    assert (file.done, file.total, file.content_of) == (3, 3, {})  # what was asked for may name somebody: it is gone


def test_the_workbook_is_the_same_as_one_saved_at_once(client_of, officer_lechan, ask, settings):
    file = ask(officer_lechan, "xlsx", q="")
    assert make_file.call(file.pk)
    later = openpyxl.load_workbook(io.BytesIO(saved(client_of(officer_lechan), file))).active
    settings.DIRECT_ROWS = 10
    answer = client_of(officer_lechan).get(reverse("member_list"), {"file": "xlsx"})
    direct = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    assert list(later.values) == list(direct.values)


def test_nobody_else_gets_page_or_file_and_who_lost_the_right_gets_none_of_it(
    client_of, tree, officer_lechan, ask, leader
):
    file = ask(officer_lechan)
    assert make_file.call(file.pk)
    for name in ("file_wait", "file_save"):
        assert client_of(leader).get(reverse(name, args=[file.pk])).status_code == 404
    for name in ("file_again", "file_drop"):
        assert client_of(leader).post(reverse(name, args=[file.pk])).status_code == 404
    post_elsewhere(officer_lechan, tree["BRANCH"])  # of the ward only a chapter is left to them
    with pytest.raises(ValidationError):  # whoever calls the service: it asks itself
        hand_out_file(file=file, actor=User.objects.get(pk=officer_lechan.pk))
    answer = client_of(officer_lechan).get(reverse("file_save", args=[file.pk]), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("file_wait", args=[file.pk])
    assert not FilePart.objects.exists()
    assert exports() == []


def test_the_rights_of_the_moment_when_it_is_made_say_what_is_in_it(client_of, tree, officer_lechan, ask):
    file = ask(officer_lechan)
    post_elsewhere(officer_lechan, tree["NGOQUYEN"])
    assert make_file.call(file.pk)
    text = saved(client_of(officer_lechan), file).decode()
    assert ("Lê Văn Lạ" in text, "Đỗ Văn An" in text) == (True, False)


@pytest.mark.parametrize("kind", ["member_list", "title_list"])
def test_rights_that_are_taken_at_any_moment_of_the_making_let_nothing_leave(
    client_of, tree, officer_lechan, ask, kind
):
    """After each statement in turn the ward is taken from whoever asked; what is handed out then holds nothing of it."""
    make_criteria()
    for number in range(2):
        make_title(tree["LECHAN"], officer_lechan, f"Gia đình Đỗ Văn An {number}")
    told, at, left = [], 0, 1
    while left > 0:
        statements = 0

        def take_away(execute, sql, params, many, context):
            nonlocal statements
            answer = execute(sql, params, many, context)
            statements += 1
            if statements == at:  # noqa: B023 - called in this round alone
                post_elsewhere(officer_lechan, tree["NGOQUYEN"])
            return answer

        with transaction.atomic():
            file = ask(officer_lechan, page=kind)
            with connection.execute_wrapper(take_away):
                make_file.call(file.pk)
            if at == 0:
                told.append("Đỗ Văn An" in saved(client_of(officer_lechan), file).decode())
            if at == 0 or statements < at:  # not while it was made
                post_elsewhere(officer_lechan, tree["NGOQUYEN"])
            told.append("Đỗ Văn An" in saved(client_of(officer_lechan), file).decode())
            transaction.set_rollback(True)
        left, at = statements - at, at + 1
    assert told == [True] + [False] * at


@pytest.mark.parametrize("late", [False, True])
def test_who_is_erased_or_takes_consent_back_is_in_no_file(client_of, officer_lechan, people, ask, late):
    file = ask(officer_lechan, q="")
    if late:
        assert make_file.call(file.pk)
    erase_member(member=people[0], confirmed_name=people[0].full_name, actor=officer_lechan)
    assert not make_file.call(file.pk)
    assert not FilePart.objects.exists()
    file.refresh_from_db()
    assert (file.content_of, file.is_ready) == ({}, False)
    again = ask(officer_lechan, who="all")
    withdraw_consent(member=people[1], withdrawn_on=timezone.localdate(), actor=officer_lechan)
    assert not make_file.call(again.pk)
    assert "Đỗ Văn An" not in str([*AskedFile.objects.values(), *AuditEntry.objects.values()])


def test_a_file_goes_after_a_day_or_when_it_is_given_up_and_is_said_to_be_gone(client_of, officer_lechan, ask):
    client, file = client_of(officer_lechan), ask(officer_lechan)
    assert make_file.call(file.pk)
    AskedFile.objects.update(asked_at=timezone.now() - AskedFile.KEPT)
    assert saved(client, file) == b""  # also before anybody has erased it
    assert expire_files(actor=officer_lechan) == 1
    assert not FilePart.objects.exists()
    page = client.get(reverse("file_wait", args=[file.pk])).content.decode()
    assert reverse("member_list") in page
    with pytest.raises(ValidationError):
        ask_again(file=file, actor=officer_lechan)
    other = ask(officer_lechan, who="all")
    assert client.post(reverse("file_drop", args=[other.pk])).status_code == 302
    assert not make_file.call(other.pk)
    with pytest.raises(ValidationError):
        hand_out_file(file=other, actor=officer_lechan)


def test_one_that_was_left_behind_is_made_again(client_of, officer_lechan, ask):
    client, file = client_of(officer_lechan), ask(officer_lechan)
    AskedFile.objects.update(moved_at=timezone.now() - AskedFile.STILL)
    page = client.get(reverse("file_wait", args=[file.pk])).content.decode()
    assert "refresh" not in page
    assert client.post(reverse("file_again", args=[file.pk])).status_code == 302
    file.refresh_from_db()
    assert file.is_waiting
    assert make_file.call(file.pk)
    assert client.post(reverse("file_again", args=[file.pk]), {"version": "x"}).status_code == 409


def text_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(io.BytesIO(pdf))]


def test_cards_of_many_are_printed_by_the_worker_and_again_as_long_as_they_hold(
    client_of, tree, officer_lechan, people
):
    client = client_of(officer_lechan)
    answer = client.post(reverse("card_sheet"), {"unit": "11383"})
    file = AskedFile.objects.get()
    assert answer["Location"] == reverse("file_wait", args=[file.pk])
    assert MemberCard.objects.count() == 3  # each has their number at once
    assert make_file.call(file.pk)
    assert text_of(saved(client, file))[0].count("THẺ HỘI VIÊN") == 3
    erase_member(member=people[0], confirmed_name=people[0].full_name, actor=officer_lechan)
    assert saved(client, file) == b""
    assert client.post(reverse("file_again", args=[file.pk])).status_code == 302
    assert make_file.call(file.pk)
    assert text_of(saved(client, file))[0].count("THẺ HỘI VIÊN") == 2
    post_elsewhere(officer_lechan, tree["LECHAN"], Role.LEADER)
    assert saved(client, file) == b""  # who only reads members any more prints none


def test_certificates_of_a_decision_are_printed_by_the_worker(
    client_of, tree, officer_lechan, approver_lechan, site_profile
):
    make_criteria()
    made = [make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}") for number in range(2)]
    bring_on(made, officer_lechan)
    recognise(made, approver_lechan)
    client, page = client_of(officer_lechan), reverse("title_decision", args=[made[0].pk])
    answer = client.post(page, {"part": "0"})
    file = AskedFile.objects.get()
    assert answer["Location"] == reverse("file_wait", args=[file.pk])
    assert make_file.call(file.pk)
    assert len(text_of(saved(client, file))) == 2
    assert client.post(page, {"part": "7"}).status_code == 200  # no such part: said above the page
    assert AskedFile.objects.count() == 1


def test_the_list_of_titles_goes_the_same_way(
    client_of, tree, officer_lechan, officer_ngoquyen, settings, site_profile
):
    make_criteria()
    for number in range(2):
        make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}")
    make_title(tree["NGOQUYEN"], officer_ngoquyen, "Gia đình nơi khác")
    client, page = client_of(officer_lechan), reverse("title_list")
    assert "Gia đình số 1" in b"".join(client.get(page, {"file": "csv"}).streaming_content).decode()
    settings.DIRECT_ROWS = 1
    assert client.get(page, {"file": "csv"}).status_code == 302
    file = AskedFile.objects.get()
    assert make_file.call(file.pk)
    text = saved(client, file).decode()
    assert ("Gia đình số 0" in text, "Gia đình nơi khác" in text) == (True, False)
    assert exports() == [("danh-hieu-hoc-tap.csv", 2), ("danh-hieu-hoc-tap.csv", 2)]


@pytest.mark.parametrize(
    "change", ["kind = 'all'", "kind = NULL", "file_name = ' '", "gone_at = now()", "asked_by_id = NULL"]
)
def test_the_database_refuses_what_is_no_file(officer_lechan, ask, change):
    ask(officer_lechan)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE portal_askedfile SET {change}")


def test_who_may_see_the_whole_city_loses_the_file_with_it(client_of, tree, ask, people):
    officer = factories.make_user("officer.hp", role=Role.OFFICER, unit=tree["HP"])
    file = ask(officer)
    assert make_file.call(file.pk)
    assert "Lê Văn Lạ" in saved(client_of(officer), file).decode()
    post_elsewhere(officer, tree["LECHAN"])
    assert saved(client_of(officer), file) == b""


def test_what_an_ended_worker_left_of_a_file_given_up_is_erased_as_well(client_of, officer_lechan, ask):
    file = ask(officer_lechan)
    client_of(officer_lechan).post(reverse("file_drop", args=[file.pk]))
    FilePart.objects.create(file=file, number=0, content=b"names")
    assert expire_files(actor=officer_lechan) == 0
    assert not FilePart.objects.exists()
