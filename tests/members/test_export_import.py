"""The portal's own file of its members, read back: nobody is added, in whatever order its rows stand."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from members.models import Member
from members.services.moves import transfer_member
from tests.members.people import make_member
from tests.scholarships.districts import run

pytestmark = pytest.mark.django_db


def test_the_lists_own_file_adds_nobody_in_whatever_order(
    client_of, tree, leader, officer_lechan, officer_lc, site_profile, tmp_path
):
    make_member(tree["LECHAN"], officer_lechan, phone="+84912345678", card_number="HP-7", gender="female")
    make_member(tree["BRANCH"], officer_lechan, full_name="Vũ Văn Đức", birth=None, occupation="Hưu trí", address="-1")
    for reason in ("", "Hai bác khác tổ"):  # two namesakes whom somebody told apart
        make_member(tree["BRANCH"], officer_lechan, full_name="Lý Thị Hoa", confirmed=bool(reason), difference=reason)
    moved = make_member(tree["LC"], officer_lc, full_name="Mạc Văn Tư", joined_on=dt.date(2010, 5, 1))
    transfer_member(member=moved, unit=tree["LECHAN"], moved_on=dt.date(2025, 8, 1), actor=officer_lechan)
    file = tmp_path / "hoi-vien.xlsx"
    file.write_bytes(b"".join(client_of(leader).get(reverse("member_list"), {"file": "xlsx"}).streaming_content))
    before = list(Member.objects.order_by("pk").values())
    first = run("import_members", file)
    assert (first["accepted"], first["known"], first["rejected"], first["questions"]) == (0, 5, 0, [])
    rows = [list(row) for row in load_workbook(file).active.iter_rows(values_only=True)]
    head = next(place for place, row in enumerate(rows) if "Họ và tên" in row)
    people = rows[head + 1 :]
    random.Random(3).shuffle(people)
    book = Workbook()
    for row in [rows[head], *people]:
        book.active.append(row)
    book.save(tmp_path / "xao-tron.xlsx")
    shuffled = run("import_members", tmp_path / "xao-tron.xlsx")
    assert (shuffled["accepted"], shuffled["known"], shuffled["rejected"]) == (0, 5, 0)
    assert list(Member.objects.order_by("pk").values()) == before
