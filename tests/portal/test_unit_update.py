"""An administrator keeps the tree: a unit made, renamed from a day on, and what the tree refuses."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse

from portal.models import Unit
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_new_name_holds_from_its_day_and_the_old_one_stays(client_of, administrator, tree, site_profile):
    unit = tree["LECHAN"]
    level = factories.make_level("commune")
    answer = client_of(administrator).post(
        reverse("unit_update", args=[unit.code]),
        {"name": "Phường  Lê Chân Mới", "level": level.pk, "parent": "HP", "since": "2026-01-01"},
    )
    assert answer.status_code == 302
    assert unit.name_on(datetime.date(2025, 12, 31)) == "Phường Lê Chân"
    assert unit.name_on(datetime.date(2026, 1, 1)) == "Phường Lê Chân Mới"


def test_a_unit_is_made_below_another(client_of, administrator, tree, site_profile):
    level = factories.make_level("chapter")
    answer = client_of(administrator).post(
        reverse("unit_create"),
        {"code": "11383-c2", "name": "Chi hội 2", "level": level.pk, "parent": "Phường Lê Chân", "since": "2025-08-01"},
    )
    assert answer.url == reverse("unit_detail", args=["11383-C2"])


@pytest.mark.parametrize(
    ("change", "field"),
    [({"parent": "NQ"}, "parent"), ({"code": "LC"}, "code"), ({"parent": "Quận Không Có"}, "parent")],
)
def test_what_the_tree_refuses_is_said_beside_the_field(client_of, administrator, tree, site_profile, change, field):
    level = factories.make_level("chapter")
    data = {"code": "X9", "name": "Chi hội 9", "level": level.pk, "parent": "11383", "since": "2025-08-01"} | change
    page = client_of(administrator).post(reverse("unit_create"), data)
    assert field in page.context["form"].errors
    assert not Unit.objects.filter(code="X9").exists()


def test_pages_of_units_and_site_are_the_administrators(client_of, administrator, editor, tree, site_profile):
    for name, arguments in [
        ("unit_list", []), ("unit_detail", ["LC"]), ("unit_update", ["LC"]), ("unit_create", []), ("site_update", []), ("audit_list", []),
    ]:  # fmt: skip
        assert client_of(administrator).get(reverse(name, args=arguments)).status_code == 200, name
        assert client_of(editor).get(reverse(name, args=arguments)).status_code == 403, name


def test_a_local_administrator_sees_no_stranger_unit(client_of, tree, site_profile):
    local = factories.make_user("local", role="administrator", unit=tree["LECHAN"])
    assert client_of(local).get(reverse("unit_detail", args=["LC"])).status_code == 200
    assert client_of(local).get(reverse("unit_detail", args=["NQ"])).status_code == 404


def test_the_site_profile_is_kept(client_of, administrator, site_profile):
    page = client_of(administrator).get(reverse("site_update"))
    data = {name: value for name, value in page.context["form"].initial.items() if name != "logo" and value is not None}
    data |= {"name": "Hội Khuyến học thử", "fanpages-TOTAL_FORMS": 1, "fanpages-INITIAL_FORMS": 0,
             "fanpages-0-name": "Trang", "fanpages-0-owner": "Hội", "fanpages-0-url": "https://example.org/trang"}  # fmt: skip
    assert client_of(administrator).post(reverse("site_update"), data).status_code == 302
    site_profile.refresh_from_db()
    assert site_profile.name == "Hội Khuyến học thử"


def test_head_and_signature_are_looked_at_before_they_are_saved(client_of, administrator, site_profile):
    client = client_of(administrator)
    page = client.get(reverse("site_update"))
    data = {name: value for name, value in page.context["form"].initial.items() if name != "logo" and value is not None}
    data |= {"issuing_body": "Hội Khuyến học thử", "signature_name": "Nguyễn Văn Thử", "look": "1",
             "fanpages-TOTAL_FORMS": 0, "fanpages-INITIAL_FORMS": 0}  # fmt: skip
    looked = client.post(reverse("site_update"), data)
    text = looked.content.decode()
    assert looked.status_code == 200
    assert "<strong>HỘI KHUYẾN HỌC THỬ</strong>" in text
    assert 'value="Nguyễn Văn Thử"' in text, "what was typed is kept"
    site_profile.refresh_from_db()
    assert site_profile.issuing_body != "Hội Khuyến học thử"
    del data["look"]
    assert client.post(reverse("site_update"), data).status_code == 302
    site_profile.refresh_from_db()
    assert site_profile.issuing_body == "Hội Khuyến học thử"
