"""The unit is chosen from a drop-down while there are few, and found by typing where there are hundreds."""

from __future__ import annotations

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intakes.models import Intake
from members.services.members import add_member
from portal.forms.fields import MOST_OPTIONS, UnitField
from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.vocabulary import Role
from scholarships.models import Batch
from scholarships.services.batches import create_batch
from tests import factories
from tests.members.test_member_preview import GOOD, workbook

pytestmark = pytest.mark.django_db
PAGES = ["batch_create", "member_upload"]


@pytest.fixture
def officer_of(tree, site_profile, programmes):
    """Return an officer of a new district with so many units, itself included."""

    def make(count: int):
        district = factories.make_unit("QM", "Quận Mới", parent=tree["HP"])
        for number in range(1, count):
            factories.make_unit(
                f"QM-{number}", f"Phường Số {number}", parent=district, level=factories.make_level("commune", 30)
            )
        return factories.make_user("officer.moi", role=Role.OFFICER, unit=district)

    return make


def opened(client, page: str) -> tuple[str, int]:
    client.get(reverse(page))  # what is kept between requests is there
    with CaptureQueriesContext(
        connection,
    ) as queries:
        text = client.get(reverse(page)).content.decode()
    return text, len(queries)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("count", "is_typed"), [(1, False), (MOST_OPTIONS, False), (MOST_OPTIONS + 1, True)])
def test_a_drop_down_up_to_fifty(client_of, officer_of, page, count, is_typed):
    text, _queries = opened(client_of(officer_of(count)), page)
    field = re.search(r"<(input|select)\b[^>]*name=\"unit\"[^>]*>", text)
    assert field[1] == ("input" if is_typed else "select")
    assert ("data-units=" in field[0]) == is_typed
    if is_typed:
        assert 'value="Quận Mới (QM)"' in field[0]  # the person's own unit is there already
        assert "Phường Số" not in text


@pytest.mark.parametrize("page", PAGES)
def test_three_hundred_units_take_as_many_queries_as_one_and_some_for_the_name(client_of, officer_of, page):
    client = client_of(officer_of(1))
    _text, few = opened(client, page)
    district = Unit.objects.get(code="QM")
    for number in range(1, 300):
        factories.make_unit(
            f"QM-{number}", f"Phường Số {number}", parent=district, level=factories.make_level("commune", 30)
        )
    text, many = opened(client, page)
    assert many <= few + 2
    assert len(text) < 40_000


def test_what_is_typed_is_the_unit(client_of, officer_of):
    client = client_of(officer_of(MOST_OPTIONS + 1))
    sent = {"mode": "to_pay", "way": "type", "half": "2023-H1"}
    for typed, code in (("phuong so 7", "QM-7"), ("qm-9", "QM-9"), ("Phường Số 12 (QM-12)", "QM-12")):
        assert client.post(reverse("batch_create"), sent | {"unit": typed}).status_code == 302
        assert Batch.objects.order_by("-pk").first().unit.code == code
    for typed in ("Quận Ngô Quyền", "NQ", ""):  # not theirs
        assert "unit" in client.post(reverse("batch_create"), sent | {"unit": typed}).context["form"].errors
    file = SimpleUploadedFile("hoi-vien.xlsx", workbook(GOOD))
    assert client.post(reverse("member_upload"), {"unit": "phuong so 7", "content": file}).status_code == 302
    assert Intake.objects.get().unit.code == "QM-7"


def test_a_link_to_a_unit_fills_the_field(client_of, officer_of):
    client, seven = client_of(officer_of(MOST_OPTIONS + 1)), Unit.objects.get(code="QM-7")
    form = client.get(reverse("batch_create"), {"unit": seven.pk}).context["form"]
    assert isinstance(form.fields["unit"], UnitField)
    assert form["unit"].value() == "Phường Số 7 (QM-7)"
    assert client.get(reverse("batch_create"), {"unit": "x"}).status_code == 200


@pytest.mark.parametrize("page", ["batch_list", "member_list"])
def test_a_list_is_narrowed_by_a_typed_unit_where_they_are_many(client_of, officer_of, programmes, page):
    officer = officer_of(1)
    client, district = client_of(officer), Unit.objects.get(code="QM")

    def fill(unit: Unit, number: int) -> None:
        half = HalfYear(2023, 1)
        create_batch(unit=unit, half=half, mode="to_pay", title=f"Đợt của {unit.code}.", actor=officer)
        day = datetime.date(2023, 5, 4)
        add_member(unit=unit, full_name=f"Lê Thị {chr(65 + number % 26)}", joined_on=day, actor=officer)

    fill(district, 0)
    _text, few = opened(client, page)
    for number in range(1, 60):
        level = factories.make_level("commune", 30)
        fill(factories.make_unit(f"QM-{number}", f"Phường Số {number}", parent=district, level=level), number)
    text, many = opened(client, page)
    assert many <= few + 2
    assert re.search(r'<input\b[^>]*name="unit"[^>]*data-units=', text)
    assert "<option" not in (re.search(r'<select[^>]*name="unit".*?</select>', text, re.DOTALL) or [""])[0]
    for typed in ("QM-7", "phuong so 7", "Phường Số 7 (QM-7)"):
        rows = client.get(reverse(page), {"unit": typed}).content.decode()
        assert ("Phường Số 7" in rows, "Phường Số 8" in rows) == (True, False), typed
    refused = client.get(reverse(page), {"unit": "NQ"}).content.decode()  # not theirs
    assert "Phường Số 8" not in refused
