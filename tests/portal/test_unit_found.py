"""An officer founds a chapter below the own unit, and takes it away again; the tree that leads there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portal.audit import Action
from portal.models import AuditEntry, Unit
from portal.services.founding import founded_levels, undo_founding
from tests import factories
from tests.members.people import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(tree, site_profile):
    return {
        "name": "Ban khuyến học Dòng họ Vũ", "level": factories.make_level("chapter", 40).pk, "parent": "11383",
        "founding_decision": "12/QĐ-HKH", "founded_on": "02/03/2026", "since": "", "founding_issuer": "Hội phường",
        "contact": "", "phone": "",
    }  # fmt: skip


def test_an_officer_founds_a_chapter_by_a_decision_and_takes_it_away_again(client_of, officer_lechan, asked):
    client = client_of(officer_lechan)
    page = client.post(reverse("unit_found"), asked)
    unit = Unit.objects.get(code="11383-C2")
    assert page.url == reverse("unit_detail", args=["11383-C2"])
    version = unit.versions.get()
    assert (version.name, version.parent.code, str(version.valid.lower)) == (asked["name"], "11383", "2026-03-02")
    assert (unit.founding_decision, str(unit.founded_on)) == ("12/QĐ-HKH", "2026-03-02")
    assert "12/QĐ-HKH" in client.get(page.url).content.decode()
    gone = client.post(reverse("unit_unfound", args=[unit.code]))
    assert gone.status_code == 302
    assert not Unit.objects.filter(code="11383-C2", versions__isnull=False).exists()
    acts = AuditEntry.objects.filter(actor=officer_lechan, action__in=[Action.UNIT_CREATE, Action.UNIT_REMOVE])
    assert acts.count() == 2


def test_a_chapter_on_which_somebody_built_stays(client_of, officer_lechan, asked):
    client = client_of(officer_lechan)
    client.post(reverse("unit_found"), asked)
    unit = Unit.objects.get(code="11383-C2")
    make_member(unit, officer_lechan, joined_on=dt.date(2026, 4, 1))
    client.post(reverse("unit_unfound", args=[unit.code]))
    assert unit.versions.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("founding_decision", ""), ("founding_decision", "\u200b"), ("founded_on", ""), ("founded_on", "02/03/2027"),
        ("since", "01/03/2026"), ("name", "chi hội tdp 9"), ("name", "Chi hội Tổ dân phố 1"), ("parent", "11359"),
        ("parent", "HP"),
    ],
)  # fmt: skip
def test_what_is_missing_wrong_or_another_units_is_said_at_its_field(client_of, officer_lechan, asked, field, value):
    page = client_of(officer_lechan).post(reverse("unit_found"), asked | {field: value})
    assert field in page.context["form"].errors or (field, value) == ("founded_on", "02/03/2027")
    assert page.context["form"].errors
    assert not Unit.objects.filter(code="11383-C2").exists()


def test_a_namesake_below_the_same_unit_is_asked_about_and_there_is_a_way_past(client_of, officer_lechan, asked):
    again = asked | {"name": "Chi hội Tổ dân phố 1", "same_name": "on"}
    assert client_of(officer_lechan).post(reverse("unit_found"), again).status_code == 302


def test_wards_and_units_that_report_are_not_an_officers_to_found(
    tree, officer_lechan, administrator, asked, client_of
):
    ward = factories.make_level("commune", 30)
    assert [level.code for level in founded_levels()] == ["chapter"]
    page = client_of(officer_lechan).post(reverse("unit_found"), asked | {"level": ward.pk})
    assert "level" in page.context["form"].errors
    with pytest.raises(PermissionDenied):
        undo_founding(unit=tree["BRANCH"], actor=administrator)
    client_of(officer_lechan).post(reverse("unit_unfound", args=["11383"]))
    assert tree["LECHAN"].versions.exists()


def test_the_tree_leads_from_the_city_to_a_chapter_with_as_many_questions_for_many_units(
    client_of,
    leader,
    officer_lechan,
    officer_nq,
    tree,
    site_profile,
    django_assert_num_queries,
    django_assert_max_num_queries,
):
    client = client_of(leader)
    assert "Phường Lê Chân" in client.get(reverse("unit_tree")).content.decode()
    page = client_of(officer_lechan).get(reverse("unit_tree"))
    assert "Chi hội Tổ dân phố 1" in page.content.decode()
    assert [one.code for one in page.context["way"]] == ["HP"]
    assert client_of(officer_nq).get(reverse("unit_tree"), {"unit": "11383"}).status_code == 404
    with django_assert_max_num_queries(11) as few:
        client.get(reverse("unit_tree"), {"unit": "11383"})
    for number in range(30):
        factories.make_unit(
            f"11383-B{number}", f"Chi hội {number}", parent=tree["LECHAN"], level=factories.make_level("chapter", 40),
            since=factories.REFORM,
        )  # fmt: skip
    with django_assert_num_queries(len(few)):
        client.get(reverse("unit_tree"), {"unit": "11383"})


def test_the_form_names_the_unit_from_whose_page_one_comes_and_no_other(client_of, officer_lechan, asked):
    client = client_of(officer_lechan)
    assert "(11383)" in client.get(reverse("unit_found"), {"parent": "11383"}).content.decode()
    assert 'value="NQ' not in client.get(reverse("unit_found"), {"parent": "NQ"}).content.decode()


def test_what_lies_above_ones_units_is_named_and_leads_nowhere(client_of, officer_lechan, administrator, site_profile):
    for person, opens in ((officer_lechan, False), (administrator, True)):
        client = client_of(person)
        page = client.get(reverse("unit_tree"), {"unit": "11383"}).content.decode()
        assert "Thành phố Hải Phòng" in page
        assert ('?unit=HP"' in page) == opens
        assert (client.get(reverse("unit_tree"), {"unit": "HP"}).status_code == 200) == opens
