"""Members found and looked at."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json

import pytest
from django.db import connection
from django.urls import reverse

from members.models import MemberJoin, finding
from members.services.moves import end_membership, return_member
from reports.models import Submission
from tests.members.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(tree, officer_lechan, site_profile):
    return make_member(tree["LECHAN"], officer_lechan, phone="+84912345678")


def found(client, **query) -> list[str]:
    return [row.member.full_name for row in client.get(reverse("member_list"), query).context["table"].page.rows]


def test_members_are_found_by_name_without_accents_by_phone_and_by_unit(client_of, officer_lechan, tree, member):
    make_member(tree["BRANCH"], officer_lechan, full_name="Vũ Văn Đức", birth=None)
    client = client_of(officer_lechan)
    assert found(client) == ["Đỗ Thị Ánh", "Vũ Văn Đức"]
    assert found(client, q="do thi anh") == ["Đỗ Thị Ánh"]
    assert found(client, q="ÁNH") == ["Đỗ Thị Ánh"]
    assert found(client, q="0912.345.678") == ["Đỗ Thị Ánh"]
    assert found(client, unit="11383-C1") == ["Vũ Văn Đức"]
    assert found(client, unit="11383") == ["Đỗ Thị Ánh", "Vũ Văn Đức"]
    assert found(client, q="khong co") == []


def test_names_are_found_in_both_orders_and_numbers_by_their_beginning(client_of, officer_lechan, tree, member):
    make_member(tree["BRANCH"], officer_lechan, full_name="Vũ Văn Đức", phone="+84987654321", card_number="hp 00-17")
    client = client_of(officer_lechan)
    assert found(client, q="anh do thi") == found(client, q="ánh  đỗ") == found(client, q="do thi a") == ["Đỗ Thị Ánh"]
    assert found(client, q="đỗ đức") == []
    assert found(client, q="0987 65") == found(client, q="HP00-17") == found(client, q="hp 00-17") == ["Vũ Văn Đức"]
    assert found(client, q="09") == found(client, q="…") == []


FOUND = {
    "an": ["Công Tằng Tôn Nữ An", "Lê Thị An", "Lê Văn An", "Phạm Văn Anh", "An Văn Hoa"],
    "van an": ["Lê Văn An", "Phạm Văn Anh", "An Văn Hoa"],
    "an văn": ["Lê Văn An", "An Văn Hoa"],
    "hoa an van": ["An Văn Hoa"],
    "an hoa v": ["An Văn Hoa"],
    "nu an": ["Công Tằng Tôn Nữ An"],  # more words than pairs are kept of
    "an tang ton": ["Công Tằng Tôn Nữ An"],
    "van a": ["Lê Văn An", "Phạm Văn Anh", "An Văn Hoa"],
    "van v": ["Lê Văn An", "Phạm Văn Anh", "An Văn Hoa"],  # the beginning of what is typed before it
    "văn văn": ["Lê Văn An", "Phạm Văn Anh", "An Văn Hoa"],
    "x": [],
}


@pytest.mark.parametrize("few", [(0, 0), (0, 10**6), (10**6, 0)], ids=["words", "pairs", "units"])
@pytest.mark.parametrize("scoped", [True, False])
def test_every_way_to_a_name_finds_the_same_from_both_ends(
    client_of, officer_lechan, leader, tree, site_profile, settings, monkeypatch, few, scoped
):
    for name in ("Lê Văn An", "Lê Thị An", "Phạm Văn Anh", "An Văn Hoa", "Đỗ Thị Bình", "Công Tằng Tôn Nữ An"):
        make_member(tree["BRANCH"], officer_lechan, full_name=name)
    settings.PAGE_SIZE = 2
    for bound, many in zip(("FEW_UNITS", "FEW_IN_UNITS", "FEW_BEARERS"), (*few[:1], *few), strict=True):
        monkeypatch.setattr(finding, bound, many)
    client = client_of(officer_lechan if scoped else leader)

    def read_page(**query):
        return client.get(reverse("member_list"), query).context["table"].page

    for asked, names in FOUND.items():
        for sort in ("name", "-name"):
            rows, place = [], ""
            while place is not None:
                page = read_page(q=asked, sort=sort, page=place)
                rows += [row.member.full_name for row in page.rows]
                place = page.next or None
            assert rows == (names if sort == "name" else names[::-1])
        assert [row.member.full_name for row in read_page(q=asked, page="last").rows] == names[-2:]


def test_the_database_keeps_key_and_words_of_a_membership_as_the_member_has_them(tree, officer_lechan, member):
    row = member.memberships.get()
    assert (row.list_key, row.list_words) == (member.sort_key, "do thi anh")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_membership SET list_key = 'x', list_words = NULL WHERE id = %s", [row.pk])
        row.refresh_from_db()
        assert (row.list_key, row.list_words) == (member.sort_key, "do thi anh")
        cursor.execute("UPDATE members_member SET search_text = 'do thi em' WHERE id = %s", [member.pk])
        row.refresh_from_db()
        assert row.list_words == "do thi em"
        other = make_member(tree["LECHAN"], officer_lechan, full_name="Vũ An")
        MemberJoin.objects.create(kept=other, other=member, reason="Cùng người", decided_by=officer_lechan)
        row.refresh_from_db()
        assert (row.list_key, row.list_words) == ("", "")


def test_a_place_that_was_never_handed_out_is_said(client_of, officer_lechan, member):
    for key in (["a"], ["a", "b"], [1, 2], ["a\0", 1], ["a", 2**63]):
        place = base64.urlsafe_b64encode(json.dumps(["a", 1, key]).encode()).decode().rstrip("=")
        table = client_of(officer_lechan).get(reverse("member_list"), {"page": place}).context["table"]
        assert table.is_empty
        assert table.refusals


def test_the_city_finds_all_members_and_a_unit_has_those_of_what_it_succeeded(
    client_of, leader, officer_lechan, officer_lc, officer_nq, tree, member
):
    """An ended unit's members stand with its heir and the city, and the ended unit can be chosen (finding B6)."""
    make_member(tree["LC"], officer_lc, full_name="Vũ Văn Đức", joined_on=dt.date(2020, 1, 5))
    make_member(tree["LC-AB"], officer_lc, full_name="Lý Thị Hoa", joined_on=dt.date(2020, 1, 5))
    make_member(tree["NQ"], officer_nq, full_name="Mạc Văn Tư", joined_on=dt.date(2020, 1, 5))
    everybody = ["Đỗ Thị Ánh", "Vũ Văn Đức", "Lý Thị Hoa", "Mạc Văn Tư"]
    client = client_of(leader)
    assert found(client) == found(client, unit="HP") == everybody
    assert found(client, unit="11383") == everybody[:3]
    assert found(client, unit="LC") == ["Vũ Văn Đức", "Lý Thị Hoa"]
    assert found(client_of(officer_lechan)) == everybody[:3]
    assert found(client_of(officer_nq)) == everybody[3:]
    choices = client.get(reverse("member_list")).context["table"].filter.fields["unit"].choices
    ended = [code for name, group in choices if isinstance(group, list) for code, _name in group]
    assert ended == ["LC", "LC-AB", "NQ"]
    refused = client.get(reverse("member_list"), {"unit": "ZZ"}).context["table"]
    assert refused.is_empty
    assert refused.refusals


def test_the_filter_offers_former_members_alone(client_of, officer_lechan, tree, member):
    gone = make_member(tree["BRANCH"], officer_lechan, full_name="Vũ Văn Đức")
    end_membership(member=gone, last_day=dt.date(2026, 3, 31), reason="moved", actor=officer_lechan)
    client = client_of(officer_lechan)
    assert found(client) == ["Đỗ Thị Ánh"]
    assert found(client, who="left") == ["Vũ Văn Đức"]
    assert found(client, who="all") == ["Đỗ Thị Ánh", "Vũ Văn Đức"]
    return_member(member=gone, unit=tree["LECHAN"], joined_on=dt.date(2026, 6, 1), actor=officer_lechan)
    assert found(client, who="left") == []


def test_the_file_of_a_list_runs_nothing_and_names_each_unit_by_its_code(client_of, officer_lechan, tree):
    make_member(tree["BRANCH"], officer_lechan, address="=HYPERLINK(1)", occupation="@nghề", phone="+84912345678")
    answer = client_of(officer_lechan).get(reverse("member_list"), {"file": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "Chi hội Tổ dân phố 1 (11383-C1)" in text
    rows = [row for row in csv.reader(io.StringIO(text)) if "Đỗ Thị Ánh" in row]
    assert [cell for cell in rows[0] if cell[:1] in set("=+-@\t")] == []
    assert "'=HYPERLINK(1)" in rows[0]


@pytest.mark.parametrize("query", [{}, {"q": "anh do"}, {"q": "0912345678"}, {"unit": "11383"}])
def test_a_page_of_the_list_asks_the_database_eight_times_at_most(
    client_of, officer_lechan, leader, member, query, django_assert_max_num_queries
):
    for person in (officer_lechan, leader):
        client = client_of(person)
        client.get(reverse("member_list"), query)
        with django_assert_max_num_queries(8):
            client.get(reverse("member_list"), query)


def test_a_declared_head_count_stands_beside_the_list_of_its_unit_with_the_gap(
    client_of, officer_lechan, officer_ngoquyen, leader, tree, member, django_assert_max_num_queries
):
    submission = Submission.objects.create(unit=tree["LECHAN"], half="2026-H1", entered_by=officer_lechan)
    submission.values.create(indicator="members.declared_total", value=1_250)
    for step in (
        {"state": "submitted", "submitted_by": officer_lechan}, {"state": "approved", "decided_by": leader}
    ):  # fmt: skip
        Submission.objects.filter(pk=submission.pk).update(**step)
    gap = "1.250; trong danh sách có tên 1, chưa có tên 1.249"
    page = reverse("member_list")
    for person, query, shown in (
        (officer_lechan, {}, True), (officer_lechan, {"unit": "11383"}, True), (officer_lechan, {"unit": "11383-C1"}, False),
        (officer_lechan, {"q": "anh"}, False), (leader, {}, False), (leader, {"unit": "11383"}, True),
        (officer_ngoquyen, {}, False), (officer_ngoquyen, {"unit": "11383"}, False),
    ):  # fmt: skip
        client = client_of(person)
        client.get(page, query)
        with django_assert_max_num_queries(8):
            assert (gap in client.get(page, query).content.decode()) is shown, (person, query)


def test_a_stranger_sees_nobody_and_gets_404_and_whoever_may_not_look_403(client_of, tree, officer_nq, editor, member):
    assert found(client_of(officer_nq)) == []
    assert found(client_of(officer_nq), unit="11383") == []
    assert client_of(officer_nq).get(reverse("member_detail", args=[member.pk])).status_code == 404
    assert client_of(officer_nq).get(reverse("member_update", args=[member.pk])).status_code == 404
    assert client_of(editor).get(reverse("member_list")).status_code == 403
    assert client_of(editor).get(reverse("member_detail", args=[member.pk])).status_code == 403


def test_a_member_is_shown_with_their_unit(client_of, officer_lechan, auditor, member):
    text = client_of(officer_lechan).get(reverse("member_detail", args=[member.pk])).content.decode()
    assert all(said in text for said in ("Đỗ Thị Ánh", "15/03/1964", "0912 345 678", "Phường Lê Chân"))
    assert reverse("member_update", args=[member.pk]) in text
    assert (
        reverse("member_update", args=[member.pk])
        not in client_of(auditor).get(reverse("member_detail", args=[member.pk])).content.decode()
    )
