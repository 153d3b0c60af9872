"""A member moves, leaves, returns, holds an office; each told to both sides and with its way back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from members.models import Membership, Position
from members.services.moves import moves_told_to, transfer_member, undo_transfer
from portal.lib.periods import HalfYear
from portal.models import AuditEntry
from portal.services.periods import close_through
from tests.members.people import make_member

pytestmark = pytest.mark.django_db
MOVED = dt.date(2026, 3, 1)


@pytest.fixture
def member(tree, officer_lechan, site_profile):
    return make_member(tree["LECHAN"], officer_lechan, phone="+84912345678")


def spans(member):
    return [(row.unit.code, row.valid.lower, row.valid.upper) for row in member.memberships.order_by("valid")]


def test_a_transfer_is_one_step_and_both_sides_are_told(client_of, tree, member, officer_lechan, officer_nq):
    client, page = client_of(officer_lechan), reverse("member_transfer", args=[member.pk])
    assert client.post(page, {"unit": "Phường Ngô Quyền", "moved_on": "1/3/2026"}).status_code == 302
    text = client.get(reverse("member_detail", args=[member.pk])).content.decode()
    assert "Phường Ngô Quyền" in text  # the unit that moved somebody knows where to
    assert reverse("member_update", args=[member.pk]) not in text
    assert spans(member) == [("11383", dt.date(2025, 9, 2), MOVED), ("11359", MOVED, None)]
    new = member.memberships.get(unit=tree["NGOQUYEN"])
    assert (new.joined_on, new.is_transfer, new.from_unit) == (dt.date(2025, 9, 2), True, tree["LECHAN"])
    assert Membership.objects.joined_in(HalfYear(2026, 1)).count() == 0  # a transfer is no joining


def test_both_sides_see_the_move_and_either_takes_it_back(client_of, tree, member, officer_lechan, officer_ngoquyen):
    move = transfer_member(member=member, unit=tree["NGOQUYEN"], moved_on=MOVED, actor=officer_lechan)
    for officer in (officer_lechan, officer_ngoquyen):
        assert list(moves_told_to(officer)) == [move]
        assert "Đỗ Thị Ánh" in client_of(officer).get(reverse("work_home")).content.decode()
    answer = client_of(officer_ngoquyen).post(reverse("member_untransfer", args=[member.pk]))
    assert answer.status_code == 302
    assert spans(member) == [("11383", dt.date(2025, 9, 2), None)]
    with pytest.raises(ValidationError):
        undo_transfer(move=move, actor=officer_lechan)


def test_a_stranger_moves_nobody_and_a_stale_page_neither(client_of, tree, member, officer_lechan, officer_ngoquyen):
    with pytest.raises(PermissionDenied):
        transfer_member(member=member, unit=tree["NGOQUYEN"], moved_on=MOVED, actor=officer_ngoquyen)
    client, page = client_of(officer_lechan), reverse("member_transfer", args=[member.pk])
    shown = client.version_shown_for(page)
    client.post(page, {"unit": "11383-C1", "moved_on": "1/3/2026"})
    assert client.post(page, {"unit": "11359", "moved_on": "2/3/2026"} | shown).status_code == 409
    assert [code for code, *_days in spans(member)] == ["11383", "11383-C1"]


@pytest.mark.parametrize(
    ("unit", "day", "field"),
    [("11383", "1/3/2026", "unit"), ("LC-AB", "1/3/2026", "unit"), ("11359", "2/9/2025", "moved_on"), ("11359", "1/1/2099", "moved_on")],
)  # fmt: skip
def test_a_transfer_that_cannot_be_is_refused_beside_its_field(client_of, member, officer_lechan, unit, day, field):
    answer = client_of(officer_lechan).post(
        reverse("member_transfer", args=[member.pk]), {"unit": unit, "moved_on": day}
    )
    assert list(answer.context["form"].errors) == [field]
    assert len(spans(member)) == 1


def test_of_a_closed_half_year_the_move_counts_for_both_units_in_the_first_open_one(
    tree, member, officer_lechan, leader
):
    close_through(unit=tree["LECHAN"], half=HalfYear(2026, 1), reason="Đã duyệt", actor=leader)
    new = transfer_member(member=member, unit=tree["NGOQUYEN"], moved_on=MOVED, actor=officer_lechan)
    old = member.memberships.get(unit=tree["LECHAN"])
    assert (old.left_half, new.half) == ("2026-H2", "2026-H2")
    close_through(unit=tree["HP"], half=HalfYear(2026, 2), reason="Đã ban hành", actor=leader)
    with pytest.raises(ValidationError):
        undo_transfer(move=new, actor=officer_lechan)
    assert len(spans(member)) == 2


def test_leaving_has_a_reason_ends_offices_and_is_taken_back_by_returning(client_of, tree, member, officer_lechan):
    client = client_of(officer_lechan)
    office = {"title": "head", "unit": "11383-C1", "since": "1/1/2026", "term": "2026–2031"}
    assert client.post(reverse("position_create", args=[member.pk]), office).status_code == 302
    again = client.post(reverse("position_create", args=[member.pk]), office)
    assert again.context["form"].non_field_errors()
    page = reverse("member_leave", args=[member.pk])
    assert list(client.post(page, {"last_day": "31/3/2026"}).context["form"].errors) == ["reason"]
    assert client.post(page, {"last_day": "31/3/2026", "reason": "wish"}).status_code == 302
    assert spans(member) == [("11383", dt.date(2025, 9, 2), dt.date(2026, 4, 1))]
    assert Position.objects.get().valid.upper == dt.date(2026, 4, 1)
    assert "nguyện vọng" in client.get(reverse("member_detail", args=[member.pk])).content.decode()
    back = client.post(reverse("member_return", args=[member.pk]), {"unit": "11383", "joined_on": "1/4/2026"})
    assert back.status_code == 302
    assert spans(member) == [("11383", dt.date(2025, 9, 2), None)]


def test_every_change_stays_with_what_was_before_and_the_audit_holds_no_value(
    client_of, member, officer_lechan, auditor
):
    client = client_of(officer_lechan)
    values = {"full_name": "Đỗ Thị Ánh", "birth": "1965", "phone": "0987 654 321", "card_number": "hp 7"}
    client.post(reverse("member_update", args=[member.pk]), values)
    text = client.get(reverse("member_detail", args=[member.pk])).content.decode()
    assert all(said in text for said in ("0912 345 678", "0987 654 321", "15/03/1964", "HP7"))
    assert "0912 345 678" not in client_of(auditor).get(reverse("member_detail", args=[member.pk])).content.decode()
    for entry in AuditEntry.objects.filter(target_type="members.member"):
        assert not {"0987", "1965", "Ánh"} & set(str(entry.detail) + str(entry.fields)), entry


def test_namesakes_with_one_phone_can_both_be_entered_and_a_change_asks_too(client_of, tree, member, officer_lechan):
    """The chapter head's phone is given for all (finding B14)."""
    client = client_of(officer_lechan)
    new = {
        "full_name": "Đỗ Thị Ánh", "birth": "15/3/1964", "unit": "11383", "joined_on": "2/9/2025", "phone": "0912345678",
    }  # fmt: skip
    assert "known" in [
        error.code for error in client.post(reverse("member_create"), new).context["form"].errors.as_data()["full_name"]
    ]
    passed = client.post(reverse("member_create"), new | {"confirmed": "on", "difference": "Hai bác khác tổ"})
    assert passed.status_code == 302
    other = make_member(tree["LECHAN"], officer_lechan, full_name="Vũ Văn Đức", birth=None)
    page = reverse("member_update", args=[other.pk])
    asked = client.post(page, {"full_name": "Đỗ Thị Ánh", "birth": "1964"})
    assert asked.context["form"].has_error("full_name", "known")
    assert client.post(page, {"full_name": "Đỗ Thị Ánh", "birth": "1964", "confirmed": "on"}).status_code == 302
    # once told apart, nobody is asked about the pair again
    assert client.post(page, {"full_name": "Đỗ Thị Ánh", "birth": "1964", "phone": "0912345678"}).status_code == 302


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_membership SET left_reason = 'wish'",
        "UPDATE members_membership SET left_reason = NULL",
        "UPDATE members_membership SET from_unit_id = unit_id",
        "UPDATE members_membership SET is_transfer = NULL, from_unit_id = unit_id",
        "UPDATE members_membership SET valid = NULL",
        "UPDATE members_membership SET member_id = NULL",
        "UPDATE members_member SET erased_at = now()",
        "UPDATE members_member SET merged_into_id = id",
        "UPDATE members_memberchange SET values = '{}'",
        "DELETE FROM members_memberchange",
        "UPDATE members_position SET valid = '[2020-01-01,2020-01-01)'",
        "UPDATE members_position SET valid = NULL",
        """INSERT INTO members_position (member_id, unit_id, title, term, valid, recorded_by_id, recorded_at)
        SELECT member_id, unit_id, title, '', '[2026-02-01,)', recorded_by_id, now() FROM members_position""",
        """INSERT INTO members_membership (member_id, unit_id, joined_on, valid, is_transfer)
        SELECT member_id, (SELECT id FROM portal_unit WHERE code = '11359'), joined_on, '[2026-02-01,)', false
        FROM members_membership""",
        """INSERT INTO members_membership (member_id, unit_id, joined_on, valid, is_transfer)
        SELECT member_id, unit_id, joined_on, '[2026-02-01,2026-02-05)', false FROM members_membership""",
    ],
)
def test_the_database_refuses(client_of, member, officer_lechan, statement):
    client = client_of(officer_lechan)
    client.post(reverse("member_update", args=[member.pk]), {"full_name": "Đỗ Thị Ánh", "birth": "1965"})
    client.post(reverse("position_create", args=[member.pk]), {"title": "head", "unit": "11383", "since": "1/1/2026"})
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
