"""A unit's page, its name put right, its making undone, its numbers; levels as data; capitals and namesakes asked about."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import Level, NameCorrection, Unit, UnitCount
from portal.services.units import check_unit_name, create_unit, record_count
from reports.figures import DatedTree
from reports.models import Submission
from reports.services import units_owing
from tests import factories
from tests.members.people import make_member

pytestmark = pytest.mark.django_db
FACTS = {"contact": "", "phone": "", "address": "", "founding_decision": "", "founded_on": "", "founding_issuer": ""}


def new_unit(**values):
    level = factories.make_level("chapter", 40)
    given = {
        "code": "11383-C9",
        "name": "Chi hội Dòng họ Vũ",
        "level": level.pk,
        "parent": "11383",
        "since": "01/08/2025",
    }
    return given | FACTS | values


def test_the_page_tells_the_story_the_people_and_the_money(
    client_of, officer_lechan, administrator, tree, site_profile
):
    make_member(tree["BRANCH"], factories.make_system_account())
    factories.make_fund(tree["LECHAN"], half="2025-H2", opening=7_000_000)
    text = client_of(officer_lechan).get(reverse("unit_detail", args=["11383"])).content.decode()
    assert "Quận Lê Chân" in text
    assert "7.000.000" in text
    assert officer_lechan.full_name in text
    assert reverse("unit_correct", args=["11383"]) not in text
    kept = client_of(administrator).get(reverse("unit_detail", args=["11383"])).content.decode()
    assert "7.000.000" not in kept, "whoever keeps the tree does not see the money"
    assert reverse("unit_correct", args=["11383"]) in kept


def test_a_declared_head_count_stands_beside_the_named_people_with_the_gap(
    client_of, officer_lechan, leader, tree, site_profile
):
    make_member(tree["BRANCH"], officer_lechan)
    for half, declared in (("2026-H1", 1_250), ("2026-H2", 0)):
        submission = Submission.objects.create(unit=tree["LECHAN"], half=half, entered_by=officer_lechan)
        submission.values.create(indicator="members.declared_total", value=declared)
        for step in (
            {"state": "submitted", "submitted_by": officer_lechan},
            {"state": "approved", "decided_by": leader},
        ):
            Submission.objects.filter(pk=submission.pk).update(**step)
        text = client_of(leader).get(reverse("unit_detail", args=["11383"])).content.decode()
        gap = "1.250; trong danh sách có tên 1, chưa có tên 1.249"
        assert (gap if declared else "0; trong danh sách có tên 1, nhiều hơn số khai báo 1") in text
        assert "1.251" not in text


@pytest.mark.parametrize(
    "name", ["chi hội tdp 9 hàng kênh", "Chi hội tdp 9 hàng kênh", "CHI HỘI HÀNG KÊNH", "phường Lê Chân"]
)
def test_a_name_without_its_capitals_is_refused(client_of, administrator, tree, site_profile, name):
    page = client_of(administrator).post(reverse("unit_create"), new_unit(name=name))
    assert "name" in page.context["form"].errors
    assert not Unit.objects.filter(code="11383-C9").exists()


@pytest.mark.parametrize(
    "name", ["Chi hội thôn 4", "Chi hội 2", "Ban khuyến học Trường THCS Lê Chân", "Chi hội Tổ dân phố số 9"]
)
def test_a_name_as_on_paper_is_taken(name):
    assert check_unit_name(f"  {name} ") == name


def test_a_namesake_below_the_same_unit_asks_and_has_a_way_past(client_of, administrator, tree, site_profile):
    client, data = client_of(administrator), new_unit(name="Chi hội tổ dân phố 1".replace("tổ", "Tổ"))
    page = client.post(reverse("unit_create"), data)
    assert "11383-C1" in str(page.context["form"].errors["name"])
    assert 'type="checkbox" name="same_name"' in page.content.decode()
    assert client.post(reverse("unit_create"), data | {"same_name": "on"}).status_code == 302
    made = Unit.objects.get(code=data["code"])
    right = {"name": "Chi hội Tổ dân phố 2", "reason": "Gõ nhầm khi lập đơn vị."}
    factories.make_unit(
        "11383-C2",
        right["name"].upper(),
        parent=tree["LECHAN"],
        level=Level.objects.get(code="chapter"),
        since=factories.REFORM,
    )
    correct = reverse("unit_correct", args=[made.code])
    assert "11383-C2" in str(client.post(correct, right).context["form"].errors["name"])
    assert client.post(correct, right | {"same_name": "on"}).status_code == 302


def test_a_new_chapter_has_its_founding_decision_and_can_be_undone_until_something_hangs_on_it(
    client_of, administrator, tree, site_profile
):
    client = client_of(administrator)
    made = client.post(
        reverse("unit_create"),
        new_unit(
            founding_decision="15/QĐ-HKH", founded_on="25/07/2025", founding_issuer="Hội phường", phone="0912 345 678"
        ),
    )
    unit = Unit.objects.get(code="11383-C9")
    assert made.url == reverse("unit_detail", args=[unit.code])
    assert "15/QĐ-HKH, 25/07/2025" in client.get(made.url).content.decode()
    member = make_member(unit, factories.make_system_account())
    client.post(reverse("unit_remove", args=[unit.code]))
    assert unit.versions.exists()
    member.memberships.all().delete()
    member.delete()
    client.post(reverse("unit_remove", args=[unit.code]))
    assert not unit.versions.exists()
    assert client.post(reverse("unit_create"), new_unit()).status_code == 302, "its code is free again"


def test_a_wrong_name_is_put_right_by_a_named_act_and_kept(client_of, administrator, tree, site_profile):
    client, unit = client_of(administrator), tree["LECHAN"]
    level = factories.make_level("commune")
    on_its_day = {"name": "Phường Lê Trân", "level": level.pk, "parent": "HP", "since": "01/07/2025"}
    page = client.post(reverse("unit_update", args=[unit.code]), on_its_day)
    assert "since" in page.context["form"].errors, "a first name is not written over in silence"
    client.post(reverse("unit_correct", args=[unit.code]), {"name": "Phường Lê Chân Cũ", "reason": "ngắn"})
    assert unit.name_on(factories.REFORM) == "Phường Lê Chân"
    client.post(
        reverse("unit_correct", args=[unit.code]), {"name": "Phường Lê Chân Hai", "reason": "Gõ nhầm khi lập đơn vị."}
    )
    assert unit.name_on(factories.REFORM) == "Phường Lê Chân Hai"
    kept = NameCorrection.objects.get()
    assert (kept.old_name, kept.new_name) == ("Phường Lê Chân", "Phường Lê Chân Hai")
    assert "Gõ nhầm" in client.get(reverse("unit_detail", args=[unit.code])).content.decode()
    for sql in ("UPDATE portal_namecorrection SET old_name = NULL", "DELETE FROM portal_namecorrection"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_numbers_of_a_place_have_their_day_and_source(client_of, administrator, tree, site_profile):
    client, url = client_of(administrator), reverse("unit_count", args=["11383"])
    data = {"kind": "population", "value": "51.234", "on_date": "31/12/2025", "source": "Niên giám thống kê"}
    assert client.post(url, data).status_code == 302
    corrected = data | {"value": "51.300"}
    asked = client.post(url, corrected)
    stands = r'name="stands" value="(\d+)"'
    assert "51.234" in asked.content.decode()
    assert UnitCount.objects.get().value == 51_234
    box = corrected | {"is_right": "on", "stands": re.search(stands, asked.content.decode())[1]}
    record_count(
        unit=Unit.objects.get(code="11383"), kind="population", value=51_250, on_date=dt.date(2025, 12, 31),
        source="Công an phường", actor=administrator,
    )  # fmt: skip
    asked = client.post(url, box).content.decode()
    assert "51.250" in asked, "a colleague's correction meanwhile is shown, not written over"
    assert "checked" not in asked
    assert UnitCount.objects.get().value == 51_250
    box |= {"stands": re.search(stands, asked)[1]}
    assert client.post(url, box).status_code == 302
    assert UnitCount.objects.get().value == 51_300, "said again for one day it is put right"
    assert "51.300" in client.get(reverse("unit_detail", args=["11383"])).content.decode()
    for change, field in (
        ({"source": " "}, "source"),
        ({"value": "nhiều"}, "value"),
        ({"value": "99.999.999.999"}, "value"),
        ({"on_date": "31/12/2099"}, "on_date"),
    ):
        assert field in client.post(url, data | change).context["form"].errors


def test_levels_are_data_and_cannot_turn_the_tree_upside_down(client_of, administrator, tree, site_profile):
    client = client_of(administrator)
    data = {"code": "committee", "name": "Ban khuyến học", "rank": "50", "reporting": "never"}
    assert client.post(reverse("level_create"), data).status_code == 302
    assert "rank" in client.post(reverse("level_create"), data | {"code": "khac"}).context["form"].errors
    district = Level.objects.get(code="district")
    upside = {"name": district.name, "rank": "5", "reporting": "below_city"}
    assert "rank" in client.post(reverse("level_update", args=["district"]), upside).context["form"].errors
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_level SET rank = 5 WHERE code = 'district'")
    assert create_unit(
        code="BKH1", name="Ban khuyến học Trường THCS Lê Chân", level=Level.objects.get(code="committee"),
        parent=tree["LECHAN"], since=dt.date(2025, 9, 1), actor=administrator,
    )  # fmt: skip


def test_which_units_report_is_data(tree):
    half = HalfYear(2023, 1)

    def owing() -> list[str]:
        return [place.code for place in units_owing(half, DatedTree(half.last_day))]

    assert owing() == ["LC", "NQ"]
    Level.objects.filter(code="commune").update(reporting="always")
    assert owing() == ["LC", "NQ", "LC-AB"]
    Level.objects.filter(code="district").update(reporting="never")
    assert owing() == ["LC-AB"]
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE portal_level SET reporting = 'sometimes'")


def test_services_refuse_what_no_form_sends(administrator, tree):
    level = factories.make_level("chapter", 40)
    with pytest.raises(ValidationError):
        create_unit(
            code="X1", name="x", level=level, parent=tree["LECHAN"], since=dt.date(2025, 9, 1), actor=administrator
        )
