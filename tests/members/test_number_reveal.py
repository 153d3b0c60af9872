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
from members.services.moves import transfer_member
from members.services.numbers import find_by_number, reveal_number
from members.services.personal import erase_member, export_person
from members.services.twins import find_likely, find_parted, join_members, part_members, undo_join
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
    assert find_by_number(number=NUMBER, actor=officer_lechan) == [kept]
    undo_join(join=join, actor=officer_lechan)
    assert CitizenNumber.objects.of(kept) is None
    assert find_by_number(number=NUMBER, actor=officer_lechan) == [member]


def test_taken_out_it_is_gone_from_every_entry_of_the_person(client_of, tree, member, officer_lechan):
    kept = make_member(
        tree["LECHAN"], officer_lechan, birth=Birth(1964), confirmed=True, joined_on=dt.date(2025, 7, 2),
        citizen_number=ANOTHER,
    )  # fmt: skip
    join_members(kept=kept, other=member, reason="Cùng một người.", actor=officer_lechan)
    client, page = client_of(officer_lechan), reverse("member_update", args=[kept.pk])
    answer = client.post(page, {"full_name": kept.full_name, "birth": "1964", "number_out": "on"})
    assert answer.status_code == 302
    assert not CitizenNumber.objects.exists()


def test_of_a_number_that_stands_with_a_joined_entry_the_form_says_that_it_is_on_file(
    client_of, tree, member, officer_lechan
):
    kept = make_member(tree["LECHAN"], officer_lechan, birth=Birth(1964), confirmed=True, joined_on=dt.date(2025, 7, 2))
    join_members(kept=kept, other=member, reason="Cùng một người.", actor=officer_lechan)
    page = client_of(officer_lechan).get(reverse("member_update", args=[kept.pk])).content.decode()
    assert "0311 **** ****" in page
    assert 'type="checkbox" name="number_out"' in page


@pytest.mark.parametrize("name", ["member_update", "card_end", "number_reveal", "member_transfer", "member_data"])
def test_where_somebody_was_a_member_before_nobody_has_a_right_on_them(client_of, tree, member, officer_lechan, name):
    client, page = client_of(officer_lechan), reverse(name, args=[member.pk])
    assert client.get(page).status_code == 200
    transfer_member(member=member, unit=tree["NGOQUYEN"], moved_on=dt.date(2026, 10, 1), actor=officer_lechan)
    assert client.get(page).status_code == 404


def test_nor_is_one_who_moved_away_found_there_by_number_or_name(client_of, tree, member, officer_lechan):
    other = make_member(tree["LECHAN"], officer_lechan, gender="female", confirmed=True, citizen_number=NUMBER)
    apart = DistinctMembers.objects.get()
    assert find_by_number(number=NUMBER, actor=officer_lechan) == [member, other]
    assert find_parted(other, officer_lechan) == [member]
    transfer_member(member=member, unit=tree["NGOQUYEN"], moved_on=dt.date(2026, 10, 1), actor=officer_lechan)
    assert find_by_number(number=NUMBER, actor=officer_lechan) == [other]
    assert find_parted(other, officer_lechan) == []
    apart.delete()
    assert find_likely(other, officer_lechan) == []


def test_of_a_namesake_who_has_left_it_is_not_said_that_they_are_a_member(client_of, tree, member, officer_lechan):
    transfer_member(member=member, unit=tree["NGOQUYEN"], moved_on=dt.date(2026, 10, 1), actor=officer_lechan)
    asked = client_of(officer_lechan).post(reverse("member_create"), NEW | {"citizen_number": ANOTHER})
    said = str(asked.context["form"].errors["full_name"])
    assert "đã là hội viên" not in said
    assert "trước đây" in said


def test_a_copy_of_the_persons_data_is_a_look_at_the_number(client_of, tree, member, officer_lechan):
    assert "Đã lập bản sao" in export_person(member=member, actor=officer_lechan).decode()
    assert [(look.member, look.purpose) for look in NumberReveal.objects.all()] == [(member, "person")]
    without = make_member(tree["LECHAN"], officer_lechan, full_name="Vũ Văn Bình")
    export_person(member=without, actor=officer_lechan)
    assert NumberReveal.objects.count() == 1


def test_no_text_beside_the_number_holds_it(client_of, tree, member, officer_lechan):
    client = client_of(officer_lechan)
    for name in ("occupation", "address", "card_number", "number_difference", "difference"):
        refused = client.post(reverse("member_create"), NEW | {"confirmed": "on", name: f"CCCD {WRITTEN}"})
        assert refused.status_code == 200
        assert "số định danh" in str(refused.context["form"].errors)
        assert f'type="hidden" name="{name}"' not in refused.content.decode()  # it can be corrected
    kept = {name: NEW[name] for name in ("full_name", "birth", "gender")}
    update = reverse("member_update", args=[member.pk])
    assert "card_number" in client.post(update, kept | {"card_number": NUMBER}).context["form"].errors
    other = make_member(
        tree["LECHAN"], officer_lechan, birth=Birth(1964), confirmed=True, joined_on=dt.date(2025, 7, 2)
    )
    DistinctMembers.objects.all().delete()
    for service in (join_members, part_members):
        with pytest.raises(ValidationError) as asked:
            service(kept=other, other=member, reason=f"Cùng CCCD {WRITTEN}", actor=officer_lechan)
        assert set(asked.value.message_dict) == {"reason"}
    demand_nowhere(NUMBER)


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
    sign_in = client.post(reverse("member_create"), NEW | {"typed_by": typist}, follow=True)
    assert "gõ lại" in " ".join(str(said) for said in sign_in.context["messages"])
    assert "Đỗ Thị Ánh" in str(KeptInput.objects.get().fields)
    assert not KeptInput.objects.get().saves  # sent by itself it would go without the number, and nobody would know
    demand_nowhere(NUMBER)
    KeptInput.objects.all().delete()
    client.post(reverse("member_create"), NEW | {"citizen_number": "", "typed_by": typist})
    assert KeptInput.objects.get().saves


def test_whoever_looks_for_a_number_stands_in_the_audit_whether_found_or_not(client_of, member, officer_lechan):
    client, page = client_of(officer_lechan), reverse("number_find")
    for number, found in ((NUMBER, member.pk), (ANOTHER, None)):
        client.post(page, {"citizen_number": number})
        entry = AuditEntry.objects.latest("id")
        assert (entry.action, entry.target_id, entry.actor) == ("members.member.find", found, officer_lechan)
        assert number not in str([entry.fields, entry.detail])


def test_a_number_that_stands_as_the_card_s_number_is_not_kept_beside_it(tree, officer_lechan):
    one = make_member(tree["LECHAN"], officer_lechan, gender="female")
    Member.objects.update(card_number=NUMBER)  # from before it was looked at
    with pytest.raises(ValidationError, match="số định danh") as caught:
        update_member(member=one, citizen_number=NUMBER, actor=officer_lechan)
    assert "card_number" in caught.value.message_dict
    assert update_member(member=one, citizen_number=NUMBER, card_number="", actor=officer_lechan).card_number == ""


#: Born 1964; "031 0 64": a man's number of Hải Phòng. A workbook's number has no zero before it.
CARDS = {
    "031064001231": True, "0310 6400 1232": True, "CCCD: 031.064.001233": True, "31064001234": True,
    "199064001235": True,  # a place that is none here, and the person's own year
    "001303001236": True,  # a woman's of Hà Nội, born in 2003: somebody else's
    "HP-000123": False, "": False, "202600000124": False, "HP 031064001237": False, "031499001238": False,
    "031399001239": False,  # nobody was born in 2099 yet
}  # fmt: skip


@pytest.mark.parametrize(("card", "refused"), CARDS.items())
def test_a_list_s_number_of_a_card_that_is_a_citizen_number_is_refused_beside_its_cell(
    client_of, officer_lechan, tree, site_profile, card, refused
):
    book = openpyxl.Workbook()
    book.active.append(["STT", "Họ và tên", "Năm sinh", "Ngày vào Hội", "Số thẻ hội viên"])
    book.active.append([1, "Vũ Văn Bình", 1964, "02/09/2025", "HP-1"])
    book.active.append([2, "Vũ Văn Đức", 1964, "02/09/2025", int(card) if card == "31064001234" else card])
    stream = io.BytesIO()
    book.save(stream)
    client = client_of(officer_lechan)
    page = client.get(upload(client, tree["LECHAN"], stream.getvalue()).url)
    said = "Đây là số định danh" in page.content.decode()
    taken = client.post(
        reverse("intake_commit", args=[page.context["intake"].pk]), {"token": token_of(page)}, follow=True
    )
    assert taken.status_code == 200
    names = set(Member.objects.values_list("full_name", flat=True))
    assert (said, "Vũ Văn Đức" in names, "Vũ Văn Bình" in names) == (refused, not refused, True)
    if refused:
        assert not Member.objects.filter(card_number__contains=card.replace(" ", "")).exists()


@pytest.mark.parametrize(("card", "refused"), CARDS.items())
def test_a_form_s_number_of_a_card_is_looked_at_in_the_same_way(tree, officer_lechan, site_profile, card, refused):
    one = make_member(tree["LECHAN"], officer_lechan, full_name="Đỗ Thị Ánh", birth=Birth(1964), card_number="HP-1")
    for call in (
        lambda: make_member(
            tree["LECHAN"], officer_lechan, full_name="Vũ Văn Đức", birth=Birth(1964), card_number=card
        ),
        lambda: update_member(member=one, card_number=card, actor=officer_lechan),
    ):
        if refused:
            with pytest.raises(ValidationError, match="số định danh") as caught, transaction.atomic():
                call()
            assert list(caught.value.message_dict) == ["card_number"]
        else:
            call()


def test_a_year_of_birth_that_makes_the_card_s_number_a_citizen_number_is_asked_about_too(
    tree, officer_lechan, site_profile
):
    """Else the portal's own list would be refused when it is brought in again."""
    one = make_member(
        tree["LECHAN"], officer_lechan, full_name="Đỗ Thị Ánh", birth=Birth(1970), card_number="199064001235"
    )
    with pytest.raises(ValidationError, match="số định danh") as caught, transaction.atomic():
        update_member(member=one, birth=Birth(1964), actor=officer_lechan)
    assert list(caught.value.message_dict) == ["card_number"]
    one.refresh_from_db()
    assert update_member(member=one, birth=Birth(1971), actor=officer_lechan).birth_year == 1971
    one.refresh_from_db()
    changed = update_member(member=one, birth=Birth(1964), card_number="HP 199064001235", actor=officer_lechan)
    assert changed.birth_year == 1964
