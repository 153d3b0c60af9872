"""A member's citizen number: taken in sealed, shown masked, looked at for a purpose, found, replaced, erased."""

from __future__ import annotations

import datetime as dt
import io
import json

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from intakes.models import Intake
from members.models import CitizenNumber, DistinctMembers, FoundTwins, Member, MemberChange, NumberReveal
from members.services.members import add_member, update_member
from members.services.numbers import find_by_number, reveal_number
from members.services.personal import erase_member
from members.services.twins import join_members, undo_join
from portal.lib.vietnamese import Birth
from portal.models import AuditEntry, KeptInput
from tests.members.people import JOINED, make_member
from tests.members.test_member_erase import everything_stored
from tests.members.test_member_preview import token_of, upload

pytestmark = pytest.mark.django_db
NUMBER, WRITTEN, ANOTHER = "031164001234", "0311 6400 1234", "031164009999"
NEW = {
    "full_name": "Đỗ Thị Ánh", "birth": "15/3/1964", "gender": "female", "unit": "Phường Lê Chân", "joined_on": "2/9/2025",
    "citizen_number": WRITTEN,
}  # fmt: skip
WHY = {"purpose": "award", "reason": "Lập danh sách khen thưởng 20/11"}


@pytest.fixture
def member(tree, officer_lechan, site_profile):
    return make_member(tree["LECHAN"], officer_lechan, gender="female", citizen_number=NUMBER)


def demand_nowhere(*numbers):
    stored = everything_stored()
    for number in numbers:
        for written in (number, f"{number[:4]} {number[4:8]} {number[8:]}"):
            assert written not in stored, [line[:200] for line in stored.splitlines() if written in line]


def test_it_is_taken_in_by_form_and_stands_nowhere_in_plain(client_of, officer_lechan, tree, site_profile):
    client = client_of(officer_lechan)
    assert client.post(reverse("member_create"), NEW).status_code == 302
    member = Member.objects.get()
    assert CitizenNumber.objects.of(member).read() == NUMBER
    detail, update = reverse("member_detail", args=[member.pk]), reverse("member_update", args=[member.pk])
    for page in (client.get(detail), client.get(update)):  # masked, and never filled into a form again
        text = page.content.decode()
        assert "0311 **** ****" in text
        assert NUMBER not in text
        assert WRITTEN not in text
    kept = {name: NEW[name] for name in ("full_name", "birth", "gender")}
    assert client.post(update, kept | {"occupation": "Giáo viên"}).status_code == 302  # left empty, it stays
    assert CitizenNumber.objects.get().read() == NUMBER
    assert client.post(update, kept | {"citizen_number": ANOTHER}).status_code == 302
    assert CitizenNumber.objects.get().read() == ANOTHER
    assert client.post(reverse("number_reveal", args=[member.pk]), WHY).status_code == 200
    demand_nowhere(NUMBER, ANOTHER)
    changes = client.get(detail).content.decode()
    assert "số định danh cá nhân" in changes
    assert "số khác" in changes
    assert client.post(update, kept | {"number_out": "on"}).status_code == 302
    assert not CitizenNumber.objects.exists()
    assert [row.values["citizen_number"] for row in MemberChange.objects.filter(values__has_key="citizen_number")] == [
        ["one", ""], ["one", "another"],
    ]  # fmt: skip
    entries = AuditEntry.objects.filter(action="members.member.update", fields__contains=["citizen_number"])
    assert entries.count() == 2


@pytest.mark.parametrize("heading", ["CCCD", "Số định danh cá nhân", "Số CMND/CCCD"])
def test_a_workbook_is_taken_in_without_its_column_of_numbers(client_of, officer_lechan, tree, site_profile, heading):
    book = openpyxl.Workbook()
    book.active.append(["STT", "Họ và tên", "Năm sinh", heading, "Ngày vào Hội", "Số thẻ hội viên"])
    for row in range(1, 4):
        name = f"Vũ Văn {('Bình', 'Đức', 'Giang')[row - 1]}"
        book.active.append([row, name, 1964, f"03106400123{row}", "02/09/2025", f"HP-{row}"])
    stream = io.BytesIO()
    book.save(stream)
    client = client_of(officer_lechan)
    page = client.get(upload(client, tree["LECHAN"], stream.getvalue()).url)
    assert "03106400123" not in page.content.decode()
    assert "0310 **** ****" in page.content.decode()  # among the first cells of a column that is not used
    taken = client.post(
        reverse("intake_commit", args=[page.context["intake"].pk]), {"token": token_of(page)}, follow=True
    )
    assert taken.status_code == 200
    assert sorted(Member.objects.values_list("card_number", flat=True)) == ["HP-1", "HP-2", "HP-3"]
    assert not CitizenNumber.objects.exists()
    assert "03106400123" not in everything_stored()
    intake = Intake.objects.get()
    assert (intake.content, intake.cells, intake.reading) == (None, None, None)


@pytest.mark.parametrize("typed", ["031234567", "31164001234", "0311640012345", "không có"])
def test_what_is_no_number_is_refused_beside_its_field(client_of, officer_lechan, tree, site_profile, typed):
    answer = client_of(officer_lechan).post(reverse("member_create"), NEW | {"citizen_number": typed})
    assert set(answer.context["form"].errors) == {"citizen_number"}
    assert "12 chữ số" in str(answer.context["form"].errors)
    assert "no-store" in answer.headers["Cache-Control"]
    assert not Member.objects.exists()


@pytest.mark.parametrize(
    ("number", "said"), [("031165001234", "1965"), ("031064001234", "của nam"), ("031264001234", "2064")]
)
def test_another_year_or_sex_is_asked_about_and_taken_with_a_reason(
    client_of, officer_lechan, tree, site_profile, number, said
):
    client = client_of(officer_lechan)
    asked = client.post(reverse("member_create"), NEW | {"citizen_number": number})
    assert set(asked.context["form"].errors) == {"citizen_number"}
    assert said in str(asked.context["form"].errors)
    assert 'type="text" name="number_difference"' in asked.content.decode()
    assert not Member.objects.exists()
    values = NEW | {"citizen_number": number, "number_difference": "Đăng ký lại khai sinh năm 1999"}
    assert client.post(reverse("member_create"), values).status_code == 302
    assert CitizenNumber.objects.get().difference == "Đăng ký lại khai sinh năm 1999"


def test_any_place_of_birth_is_taken_and_nothing_is_asked_where_birth_and_gender_are_unknown(
    tree, officer_lechan, site_profile
):
    facts = {"unit": tree["LECHAN"], "joined_on": JOINED, "actor": officer_lechan}
    add_member(full_name="Vũ Văn Bình", birth=None, citizen_number="001299000001", **facts)
    add_member(full_name="Lê Thị Hoa", birth=Birth(1950), gender="female", citizen_number="099150000001", **facts)
    assert CitizenNumber.objects.count() == 2


def test_a_birth_put_right_that_no_longer_agrees_is_asked_about(member, officer_lechan):
    with pytest.raises(ValidationError) as asked:
        update_member(member=member, birth=Birth(1970), actor=officer_lechan)
    assert asked.value.code == "differs"
    update_member(member=member, birth=Birth(1970), number_difference="Khai sinh lại", actor=officer_lechan)
    assert CitizenNumber.objects.get().difference == "Khai sinh lại"


def test_whoever_looks_says_for_what_and_it_is_on_record(client_of, member, officer_lechan):
    client, page = client_of(officer_lechan), reverse("number_reveal", args=[member.pk])
    assert WRITTEN not in client.get(page).content.decode()
    for values, wrong in (({"purpose": ""}, {"purpose", "reason"}), (WHY | {"reason": " "}, {"reason"}), (WHY | {"purpose": "x"}, {"purpose"})):  # fmt: skip
        refused = client.post(page, values)
        assert set(refused.context["form"].errors) == wrong
        assert WRITTEN not in refused.content.decode()
    named = client.post(page, WHY | {"reason": "Xem số 0311-6400-1234"})
    assert set(named.context["form"].errors) == {"reason"}
    assert not NumberReveal.objects.exists()
    shown = client.post(page, WHY)
    assert WRITTEN in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    entry = AuditEntry.objects.get(action="members.member.reveal")
    assert (entry.actor, entry.target_id, entry.detail) == (officer_lechan, member.pk, {"purpose": "award"})
    assert WHY["reason"] in client.get(reverse("member_detail", args=[member.pk])).content.decode()


def test_nobody_else_sees_even_the_masked_number(client_of, member, officer_nq, leader, auditor, approver):
    page, detail = reverse("number_reveal", args=[member.pk]), reverse("member_detail", args=[member.pk])
    for person in (leader, auditor, approver):
        assert client_of(person).post(page, WHY).status_code == 403
        assert "0311" not in client_of(person).get(detail).content.decode()
    for answer in (client_of(officer_nq).get(page), client_of(officer_nq).post(page, WHY)):
        assert answer.status_code == 404
    with pytest.raises(PermissionDenied):
        reveal_number(member=member, actor=officer_nq, **WHY)
    assert not NumberReveal.objects.exists()


def test_it_is_found_by_a_page_of_its_own_and_not_beyond_ones_units(client_of, member, officer_lechan, officer_nq):
    page = reverse("number_find")
    found = client_of(officer_lechan).post(page, {"citizen_number": WRITTEN})
    assert found.url == reverse("member_detail", args=[member.pk])  # the number stands in no address
    for person, typed in ((officer_nq, NUMBER), (officer_lechan, ANOTHER)):
        assert "citizen_number" in client_of(person).post(page, {"citizen_number": typed}).context["form"].errors
    hint = client_of(officer_lechan).get(reverse("member_list"), {"q": NUMBER}).content.decode()
    assert hint.count(f'href="{page}"') == 2


def test_no_list_and_no_file_loads_it(client_of, member, officer_lechan, django_assert_max_num_queries):
    client = client_of(officer_lechan)
    saved = b"".join(client.get(reverse("member_list"), {"file": "csv"}).streaming_content).decode()
    assert member.full_name in saved
    assert "0311" not in saved
    copy = json.loads(client.get(reverse("member_data", args=[member.pk])).content)  # the person's own right
    assert NUMBER in str(copy)


def test_the_same_number_twice_is_a_question_and_then_a_pair(client_of, tree, member, officer_lechan):
    client = client_of(officer_lechan)
    values = NEW | {"full_name": "Đỗ Thị Hồng Ánh"}
    asked = client.post(reverse("member_create"), values)
    assert "cùng số định danh" in str(asked.context["form"].errors)
    assert (
        client.post(reverse("member_create"), values | {"confirmed": "on", "difference": "chưa rõ"}).status_code == 302
    )
    other = Member.objects.latest("pk")
    today = dt.date(2026, 11, 5)
    assert FoundTwins(None, today).first(10) == []  # somebody has told them apart
    DistinctMembers.objects.all().delete()
    assert [pair.pk for pair in FoundTwins([tree["LECHAN"].pk], today).first(10)] == [(member.pk, other.pk)]
    assert FoundTwins([tree["NQ"].pk], today).first(10) == []
    for page in (
        reverse("member_duplicates"), reverse("member_compare", args=[member.pk, other.pk]),
        reverse("member_detail", args=[other.pk]),
    ):  # fmt: skip
        text = client.get(page).content.decode()
        assert "cùng số định danh" in text.lower()
        assert NUMBER not in text
    assert len(client.post(reverse("number_find"), {"citizen_number": NUMBER}).context["found"]) == 2


def test_joined_entries_keep_one_number_and_parted_each_its_own(tree, member, officer_lechan):
    kept = make_member(tree["LECHAN"], officer_lechan, birth=Birth(1964), confirmed=True, joined_on=dt.date(2025, 7, 2))
    join = join_members(kept=kept, other=member, reason="Cùng một người.", actor=officer_lechan)
    assert CitizenNumber.objects.of(kept).read() == NUMBER
    assert find_by_number(NUMBER, officer_lechan) == [kept]
    undo_join(join=join, actor=officer_lechan)
    assert CitizenNumber.objects.of(kept) is None
    assert find_by_number(NUMBER, officer_lechan) == [member]


def test_erasure_takes_number_and_looks_and_none_comes_after(member, officer_lechan):
    reveal_number(member=member, actor=officer_lechan, **WHY)
    erase_member(member=member, confirmed_name=member.full_name, actor=officer_lechan)
    assert not CitizenNumber.objects.exists()
    assert not NumberReveal.objects.exists()
    assert WHY["reason"] not in everything_stored()
    row = CitizenNumber(member=member)
    row.write(NUMBER)
    with pytest.raises(IntegrityError, match="citizen_number_of_nobody"), transaction.atomic():
        row.save(force_insert=True)


_LOOKED = "INSERT INTO members_numberreveal (member_id, purpose, reason, made_by_id, made_at) SELECT member_id, {}, made_by_id, made_at FROM members_numberreveal"  # fmt: skip
_ERASED = "UPDATE members_member SET erased_at = now(), full_name = '(đã xóa theo yêu cầu)', search_text = '', phone = '', card_number = '', occupation = '', address = '', gender = '', birth_year = NULL, birth_month = NULL, birth_day = NULL"  # fmt: skip
REFUSED = [
    "UPDATE members_citizennumber SET sealed = '031164001234'",
    "UPDATE members_citizennumber SET sealed = ''",
    "UPDATE members_citizennumber SET sealed = NULL",
    "UPDATE members_citizennumber SET digest = '031164001234'",
    "UPDATE members_citizennumber SET digest = NULL",
    "UPDATE members_citizennumber SET difference = NULL",
    "UPDATE members_numberreveal SET reason = 'khác'",
    "DELETE FROM members_numberreveal",
    *[_LOOKED.format(values) for values in ("NULL, reason", "'chơi', reason", "purpose, ' '", "purpose, NULL")],
    _ERASED,
]


def test_the_database_refuses_what_is_not_sealed_not_said_or_left_behind(member, officer_lechan):
    reveal_number(member=member, actor=officer_lechan, **WHY)
    for statement in REFUSED:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with connection.cursor() as cursor:  # a look with both words is taken
        cursor.execute(_LOOKED.format("purpose, reason"))


def test_a_stale_page_does_not_replace_a_number_written_meanwhile(client_of, member, officer_lechan):
    client, page = client_of(officer_lechan), reverse("member_update", args=[member.pk])
    kept = {name: NEW[name] for name in ("full_name", "birth", "gender")}
    client.get(page)
    version = client.get(page).content.decode().partition('name="version" value="')[2].partition('"')[0]
    update_member(member=member, citizen_number=ANOTHER, actor=officer_lechan)
    assert client.post(page, kept | {"citizen_number": NUMBER, "version": version}).status_code == 409
    assert CitizenNumber.objects.get().read() == ANOTHER
    demand_nowhere(NUMBER, ANOTHER)  # nor in the session that holds what was typed


def test_a_form_sent_after_its_session_keeps_everything_but_the_number(
    client_of, client, officer_lechan, tree, site_profile
):
    page = client_of(officer_lechan).get(reverse("member_create")).content.decode()
    typist = page.partition('name="typed_by" value="')[2].partition('"')[0]
    assert typist
    client.post(reverse("member_create"), NEW | {"typed_by": typist})
    assert "Đỗ Thị Ánh" in str(KeptInput.objects.get().fields)
    demand_nowhere(NUMBER)
