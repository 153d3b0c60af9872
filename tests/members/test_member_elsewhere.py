"""A city-wide members' file in a ward officer's hands: what is not hers is one card; her predecessor's people are hers."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from intakes.models import Intake
from members.models import Membership
from tests import factories
from tests.members.test_member_preview import workbook
from tests.scholarships.test_intake_preview import token_of

pytestmark = pytest.mark.django_db
OWN = [
    [1, "Đỗ Thị Ánh", "15/03/1964", "Phường Lê Chân", "Hưu trí", "02/09/2025", "0912 345 678"],
    [2, "Vũ Văn Đức", "1958", "Quận Lê Chân", "", "02/03/2025", ""],
]
OTHERS = [
    [n, f"Trần Văn {'ABCDEGHIKL'[n % 10]}", "1970", "Phường Ngô Quyền", "", "02/09/2025", ""] for n in range(3, 11)
]


@pytest.fixture
def preview(client_of, officer_lechan, tree, site_profile):
    client = client_of(officer_lechan)

    def send(rows):
        file = SimpleUploadedFile("hoi-vien.xlsx", workbook(rows))
        return client, client.post(reverse("member_upload"), {"unit": tree["LECHAN"].pk, "content": file}, follow=True)

    return send


def test_people_of_the_predecessor_are_understood(preview, tree):
    client, page = preview(OWN)
    client.post(reverse("intake_commit", args=[Intake.objects.get().pk]), {"token": token_of(page)})
    assert {one.unit.code for one in Membership.objects.all()} == {"11383", "LC"}


def test_rows_of_other_units_are_one_card_and_left_out_at_once(preview, tree):
    client, page = preview(OWN + OTHERS)
    text = page.content.decode()
    assert page.context["cards"] == []
    assert "8 dòng thuộc đơn vị khác" in text
    assert "Không có đơn vị tên" not in text
    errors = [error.message for row in page.context["plan"].rejected for error in row.errors]
    assert all("là đơn vị khác" in message for message in errors)
    page = client.post(reverse("intake_preview", args=[Intake.objects.get().pk]), {"drop_grouped": "1"}, follow=True)
    assert page.context["plan"].rejected == []
    assert len(page.context["plan"].accepted) == 2


def test_or_handed_to_the_city_where_they_wait_for_its_officer(preview, client_of, tree):
    city = factories.make_user("officer.hp", role="officer", unit=tree["HP"])
    client, _page = preview(OWN + OTHERS)
    address = reverse("intake_preview", args=[Intake.objects.get().pk])
    client.post(address, {"forward_grouped": "1"})
    own, theirs = Intake.objects.order_by("pk")
    assert (theirs.unit, bytes(theirs.content)) == (tree["HP"], bytes(own.content))
    assert client.get(reverse("intake_preview", args=[theirs.pk])).status_code == 404
    Intake.objects.filter(pk=theirs.pk).update(being_read_since=None)  # the worker is not asked inside a test
    page = client_of(city).get(reverse("intake_preview", args=[theirs.pk]))
    assert len(page.context["plan"].accepted) == 10
    again = client.post(address, {"forward_grouped": "1"}, follow=True)
    assert Intake.objects.count() == 2
    assert again.status_code == 200


def test_a_unit_that_nobody_knows_is_still_a_card_of_its_own(preview):
    _client, page = preview([[1, "Đỗ Thị Ánh", "1964", "Phường Không Đâu", "", "02/09/2025", ""]])
    assert len(page.context["cards"]) == 1
    assert "Không có đơn vị" in page.content.decode()
