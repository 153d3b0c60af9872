"""One person entered twice: proposed with a reason, joined by an officer of both units, counted once, taken back."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from members.models import DistinctMembers, FoundTwins, Member, MemberJoin, Membership
from members.models.finding import FEW_UNITS
from members.services.members import columns_of, update_member
from members.services.moves import undo_transfer
from members.services.personal import erase_member, export_person
from members.services.titles import register_title
from members.services.twins import join_members, joins_told_to, part_members, undo_join
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import AuditEntry, birth_parts
from portal.services.periods import close_through
from portal.vocabulary import Role
from tests import factories
from tests.members.people import make_member
from tests.members.titles import make_criteria

pytestmark = pytest.mark.django_db
HOW = "Chi hội trưởng xác nhận là một người."
TODAY = dt.date(2026, 11, 5)


@pytest.fixture
def ones(tree, officer_lechan, site_profile):
    """Two entries of one person in one unit: a full birth and a year alone, each with a phone of its own."""
    first = make_member(tree["LECHAN"], officer_lechan, phone="+84912345678")
    second = make_member(
        tree["LECHAN"], officer_lechan, birth=Birth(1964), phone="+84987654321", joined_on=dt.date(2026, 2, 1),
        card_number="HP 12", confirmed=True, difference="nhập nhầm",
    )  # fmt: skip
    DistinctMembers.objects.all().delete()
    return first, second


def pairs():
    return [pair.pk for pair in FoundTwins(None, TODAY).first(10)]


def counts(half):
    def people(rows):
        return sum(row["people"] for row in rows.counted_by_unit())

    return people(Membership.objects.joined_in(half)), people(Membership.objects.counted_at_end_of(half))


def test_two_entries_are_proposed_looked_at_and_joined(client_of, ones, officer_lechan):
    kept, other = ones
    client = client_of(officer_lechan)
    page = client.get(reverse("member_duplicates")).content.decode()
    compare = reverse("member_compare", args=[kept.pk, other.pk])
    assert compare in page
    assert "ngày sinh khớp nhau" in page
    assert client.post(compare, {"same": "1"}).status_code == 200  # without a reason nothing is joined
    assert not MemberJoin.objects.exists()
    assert client.post(compare, {"reason": HOW, "same": "1"}).status_code == 302
    assert pairs() == []
    shown = client.get(reverse("member_detail", args=[kept.pk])).content.decode()
    assert [word in shown for word in ("0987 654 321", "HP12", HOW)] == [True] * 3
    assert client.get(reverse("member_detail", args=[other.pk])).url == reverse("member_detail", args=[kept.pk])
    for typed in ("0987654321", "hp12"):  # what the other entry was known by finds the person, once
        listed = client.get(reverse("member_list"), {"q": typed}).content.decode()
        assert reverse("member_detail", args=[kept.pk]) in listed
        assert reverse("member_detail", args=[other.pk]) not in listed
        exported = client.get(reverse("member_list"), {"q": typed, "file": "csv"})
        assert len(b"".join(exported).decode().splitlines()) == 2
    join = MemberJoin.objects.get()
    assert client.post(reverse("member_unjoin", args=[kept.pk, join.pk])).status_code == 302
    assert pairs() == [(kept.pk, other.pk)]
    assert "0987654321" not in str(AuditEntry.objects.values_list("detail", flat=True))


def test_one_person_counts_once_from_the_first_open_half_year_on(ones, officer_lechan, approver, tree):
    kept, other = ones
    first, second = HalfYear(2026, 1), HalfYear(2026, 2)
    assert counts(first) == (1, 2)
    close_through(unit=tree["HP"], half=first, reason="Đã báo cáo", actor=approver)
    join = join_members(kept=kept, other=other, reason=HOW, actor=officer_lechan)
    assert counts(first) == (1, 2)  # closed: it says what it said
    assert counts(second) == (0, 1)
    told = AuditEntry.objects.filter(action="members.member.join").values_list("target_id", flat=True)
    assert sorted(told) == [kept.pk, other.pk]
    undo_join(join=join, actor=officer_lechan)
    assert counts(second) == (0, 2)
    assert Member.objects.standing().count() == 2
    with pytest.raises(ValidationError):
        undo_join(join=join, actor=officer_lechan)


def test_a_joining_undone_after_a_closing_counts_again_in_the_open_half_year(ones, officer_lechan, approver, tree):
    kept, other = ones
    join = join_members(kept=kept, other=other, reason=HOW, actor=officer_lechan)
    assert counts(HalfYear(2026, 1)) == (0, 1)
    close_through(unit=tree["HP"], half=HalfYear(2026, 1), reason="Đã báo cáo", actor=approver)
    undo_join(join=join, actor=officer_lechan)
    assert counts(HalfYear(2026, 1)) == (0, 1)
    assert counts(HalfYear(2026, 2)) == (0, 2)


def test_a_joining_undone_is_no_move_that_could_be_taken_back(client_of, ones, officer_lechan, approver, tree):
    kept, other = ones
    join = join_members(kept=kept, other=other, reason=HOW, actor=officer_lechan)
    close_through(unit=tree["HP"], half=HalfYear(2026, 1), reason="Đã báo cáo", actor=approver)
    undo_join(join=join, actor=officer_lechan)
    client, button = client_of(officer_lechan), reverse("member_untransfer", args=[other.pk])
    assert button not in client.get(reverse("member_detail", args=[other.pk])).content.decode()
    last = Membership.objects.filter(member=other).latest("valid")
    with pytest.raises(ValidationError):
        undo_transfer(move=last, actor=officer_lechan)
    assert counts(HalfYear(2026, 2)) == (0, 2)


def test_pairs_are_those_that_a_naive_look_finds_by_page_from_both_ends_of_few_units_and_of_many(
    tree, officer_lechan, officer_ngoquyen, site_profile
):
    pick, here, there = random.Random(3), tree["LECHAN"].pk, tree["NGOQUYEN"].pk
    births = [None, Birth(1950), Birth(1950, 4), Birth(1950, 4, 2), Birth(1950, 5, 2), Birth(1960)]
    people = Member.objects.bulk_create(
        Member(
            phone=pick.choice(["", "+84912345678", "+84912345679"]), created_by=officer_lechan,
            **columns_of(pick.choice(["Lê Hà", "Lê Hạ", "Vũ An"]), pick.choice(births)),
        )
        for _ in range(60)
    )  # fmt: skip
    days = {"joined_on": dt.date(2025, 9, 2), "valid": DateRange(dt.date(2025, 9, 2), None)}
    Membership.objects.bulk_create(
        Membership(member=one, unit_id=pick.choice([here, there]), half="2025-H2", **days) for one in people
    )
    where = dict(Membership.objects.values_list("member_id", "unit_id"))
    one, other = sorted(people[:2], key=lambda member: member.pk)
    DistinctMembers.objects.create(one=one, other=other, reason="hai người", said_by=officer_lechan)

    def agree(one, other):
        mine, theirs = birth_parts(one.birth), birth_parts(other.birth)
        same_day = all(None in pair or pair[0] == pair[1] for pair in zip(mine, theirs, strict=True))
        return one.name_key == other.name_key and (same_day or (one.phone and one.phone == other.phone))

    told = {(one.pk, other.pk)}
    naive = {
        (one.pk, other.pk) for one in people for other in people
        if one.pk < other.pk and agree(one, other) and (one.pk, other.pk) not in told
    }  # fmt: skip
    assert len(naive) > 100
    nowhere = list(range(10**9, 10**9 + FEW_UNITS))
    for units in (None, [here], [here, there], [here, *nowhere], [here, there, *nowhere]):
        expected = {pair for pair in naive if units is None or {where[pk] for pk in pair} <= set(units)}
        found = FoundTwins(units, TODAY)
        for read, from_end in ((found.first, False), (found.last, True)):
            seen, key = [], None
            while page := read(7, key):
                seen = [*page, *seen] if from_end else [*seen, *page]
                key = found.key_of(page[0] if from_end else page[-1])
            assert [row.key for row in seen] == sorted(row.key for row in seen)
            assert len(seen) == len(expected)
            assert {tuple(sorted(row.pk)) for row in seen} == expected


@pytest.mark.parametrize("changed", [0, 1])
@pytest.mark.parametrize("button", ["same", "apart"])
def test_whoever_of_the_two_has_changed_since_the_page_was_opened_nothing_is_decided(
    client_of, ones, officer_lechan, changed, button
):
    kept, other = ones
    client, compare = client_of(officer_lechan), reverse("member_compare", args=[kept.pk, other.pk])
    shown = client.version_shown_for(compare)
    update_member(member=ones[changed], occupation="Giáo viên", actor=officer_lechan)
    assert client.post(compare, {"reason": HOW, button: "1"} | shown).status_code == 409
    assert not MemberJoin.objects.exists()
    assert not DistinctMembers.objects.exists()
    assert client.post(compare, {"reason": HOW, button: "1"}).status_code == 302


def test_only_who_keeps_both_units_joins_and_the_others_are_told(
    client_of, tree, ones, officer_lechan, officer_ngoquyen
):
    kept, _other = ones
    beside = make_member(tree["NGOQUYEN"], officer_ngoquyen, joined_on=dt.date(2026, 4, 1))
    for stranger in (officer_lechan, officer_ngoquyen):
        with pytest.raises(PermissionDenied):
            join_members(kept=kept, other=beside, reason=HOW, actor=stranger)
        assert client_of(stranger).get(reverse("member_compare", args=[kept.pk, beside.pk])).status_code == 404
    both = factories.make_user("officer.hp", role=Role.OFFICER, unit=tree["HP"])
    join = join_members(kept=kept, other=beside, reason=HOW, actor=both)
    for officer in (officer_lechan, officer_ngoquyen):
        assert list(joins_told_to(officer)) == [join]
        assert "Đỗ Thị Ánh" in client_of(officer).get(reverse("work_home")).content.decode()
    assert list(joins_told_to(both)) == []
    assert client_of(officer_ngoquyen).get(reverse("member_detail", args=[beside.pk])).status_code == 410
    with pytest.raises(PermissionDenied):
        undo_join(join=join, actor=officer_ngoquyen)
    undo_join(join=join, actor=both)
    assert client_of(officer_ngoquyen).get(reverse("member_detail", args=[beside.pk])).status_code == 200


def test_what_would_take_the_person_out_or_count_a_title_twice_is_refused(tree, ones, officer_lechan):
    kept, other = ones
    with pytest.raises(ValidationError) as refused:
        join_members(kept=other, other=kept, reason=HOW, actor=officer_lechan)  # the older one is kept
    assert refused.value.code == "other_way"
    with pytest.raises(ValidationError):
        join_members(kept=kept, other=kept, reason=HOW, actor=officer_lechan)
    make_criteria()
    for member in ones:
        register_title(
            unit=tree["LECHAN"], model="citizen", name=member.full_name, place=f"Tổ {member.pk}", year=2026,
            registered_on=dt.date(2026, 3, 1), member=member, actor=officer_lechan,
        )  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        join_members(kept=kept, other=other, reason=HOW, actor=officer_lechan)
    assert refused.value.code == "titles"
    assert not MemberJoin.objects.exists()


def test_two_people_are_not_proposed_again_and_the_page_still_lets_one_change_ones_mind(
    client_of, ones, officer_lechan
):
    kept, other = ones
    part_members(kept=kept, other=other, reason="Hai chị em họ", actor=officer_lechan)
    assert pairs() == []
    compare = reverse("member_compare", args=[kept.pk, other.pk])
    client = client_of(officer_lechan)
    assert compare in client.get(reverse("member_detail", args=[kept.pk])).content.decode()
    assert client.post(compare, {"reason": HOW, "same": "1"}).status_code == 302
    assert not DistinctMembers.objects.exists()


def test_the_persons_copy_holds_both_entries_and_erasure_takes_both(ones, officer_lechan):
    kept, other = ones
    join_members(kept=kept, other=other, reason=HOW, actor=officer_lechan)
    assert "+84987654321" in export_person(member=kept, actor=officer_lechan).decode()
    erase_member(member=kept, confirmed_name="Đỗ Thị Ánh", actor=officer_lechan)
    other.refresh_from_db()
    assert (other.phone, other.card_number) == ("", "")
    join = MemberJoin.objects.get()
    assert HOW not in join.reason
    with pytest.raises(ValidationError):
        undo_join(join=join, actor=officer_lechan)
    assert counts(HalfYear(2026, 2)) == (0, 1)  # the sums stay


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_member SET merged_into_id = {other} WHERE id = {kept}",
        "UPDATE members_member SET merged_into_id = NULL WHERE id = {other}",
        "UPDATE members_member SET merged_into_id = {other} WHERE id = {other}",
        "UPDATE members_memberjoin SET reason = 'khác'",
        "UPDATE members_memberjoin SET undone_at = now(), undone_by_id = NULL",
        "UPDATE members_memberjoin SET undone_at = NULL, undone_by_id = decided_by_id",
        "UPDATE members_memberjoin SET kept_id = other_id",
        "DELETE FROM members_memberjoin",
        "UPDATE members_membership SET merged_half = '2026-3' WHERE member_id = {other}",
        "UPDATE members_membership SET merged_half = NULL WHERE member_id = {other}",
    ],
)
def test_the_database_keeps_joinings_flat_and_unchanged(ones, officer_lechan, statement):
    kept, other = ones
    join_members(kept=kept, other=other, reason=HOW, actor=officer_lechan)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(kept=kept.pk, other=other.pk))
