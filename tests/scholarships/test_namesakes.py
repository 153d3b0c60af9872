"""A second fund or programme of one name in one unit is asked about before it is made, and there is a way past."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from scholarships.models import Fund, Programme
from scholarships.services.funds import open_fund
from scholarships.services.programmes import create_programme
from tests.scholarships.test_services_funds import OPENED

pytestmark = pytest.mark.django_db
FUND = {"unit": "LC", "name": "QUY  THAP SANG", "opened_on": "1/2/2023", "purpose": "Đèn học cho các em"}
PROGRAMME = {
    "unit": "HP", "name": "HỌC BỔNG HOA PHƯỢNG.", "kind": "award", "min_amount": "200.000", "max_amount": "2 triệu",
    "recurrence": "unlimited", "is_active": "on", "purpose": "Đèn học cho các em",
}  # fmt: skip


@pytest.fixture
def first(tree, approver):
    """A fund and a programme, and one of each name elsewhere."""
    fund = open_fund(unit=tree["LC"], name="Quỹ Thắp sáng", opened_on=OPENED, actor=approver)
    open_fund(unit=tree["NQ"], name="Quỹ Thắp sáng", opened_on=OPENED, actor=approver)
    given = {"name": "Học bổng Hoa phượng", "kind": "scholarship", "actor": approver}
    create_programme(unit=tree["LC"], **given)
    return {"fund": fund, "programme": create_programme(unit=tree["HP"], **given)}


@pytest.mark.parametrize(("page", "model", "data"), [("fund", Fund, FUND), ("programme", Programme, PROGRAMME)])
def test_a_second_one_of_a_name_is_asked_about_what_was_typed_stays_and_a_tick_makes_it(
    client_of, approver, site_profile, first, page, model, data
):
    client, url, before = client_of(approver), reverse(f"{page}_create"), model.objects.count()
    assert 'type="checkbox" name="same_name"' not in client.get(url).content.decode()
    asked = client.post(url, data)
    assert first[page].name in str(asked.context["form"].errors["name"])
    shown = asked.content.decode()
    assert 'type="checkbox" name="same_name"' in shown
    assert "Đèn học cho các em" in shown
    assert model.objects.count() == before
    assert client.post(url, data | {"same_name": "on"}).status_code == 302
    assert model.objects.count() == before + 1


@pytest.mark.parametrize(("page", "model", "data"), [("fund", Fund, FUND), ("programme", Programme, PROGRAMME)])
def test_a_name_changed_into_anothers_asks_as_well_and_its_own_does_not(
    client_of, approver, tree, site_profile, first, page, model, data
):
    other = model.objects.create(
        unit=first[page].unit,
        name="Tên khác",
        **({"opened_on": OPENED, "is_main": False} if page == "fund" else {"kind": "award"}),
    )
    client, url = client_of(approver), reverse(f"{page}_update", args=[other.pk])
    assert "name" in client.post(url, data).context["form"].errors
    other.refresh_from_db()
    assert other.name == "Tên khác"
    assert client.post(url, data | {"same_name": "on"}).status_code == 302
    assert client.post(url, data | {"purpose": "Nay khác"}).status_code == 302  # its name stays: nothing is asked
    other.refresh_from_db()
    assert other.purpose == "Nay khác"


def test_the_very_same_name_stays_refused_whatever_is_ticked(tree, approver, first):
    for same_name in (False, True):
        with pytest.raises(ValidationError) as refused:
            open_fund(
                unit=tree["LC"], name="Quỹ Thắp sáng", opened_on=OPENED, is_main=False, same_name=same_name,
                actor=approver,
            )  # fmt: skip
        assert "same_name" not in [error.code for error in refused.value.error_list]
