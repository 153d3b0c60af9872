"""The public page of one programme."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from scholarships.models import Programme

pytestmark = pytest.mark.django_db


def test_it_tells_who_may_apply_how_and_until_when(client_of, tree, site_profile):
    programme = Programme.objects.create(
        unit=tree["HP"], name="Học bổng Hoa phượng", kind="scholarship", is_public=True, eligibility="Học sinh lớp 12.",
        how_to_apply="Nộp đơn tại trường.", closes_on=dt.date.today(), min_amount=500_000, max_amount=1_500_000,
    )  # fmt: skip
    text = client_of(None).get(reverse("programme_detail", args=[programme.pk])).content.decode()
    assert all(
        said in text
        for said in ("Học sinh lớp 12.", "Nộp đơn tại trường.", f"{dt.date.today():%d/%m/%Y}", "1.500.000 đồng")
    )


def test_the_calendar_says_the_deadline_the_handing_over_day_and_the_places(client_of, tree, site_profile):
    last = dt.date.today() + dt.timedelta(days=3)
    programme = Programme.objects.create(
        unit=tree["HP"], name="Hoa phượng", kind="award", is_public=True, closes_on=last, places=1_250,
        hands_over_on=last + dt.timedelta(days=10),
    )  # fmt: skip
    text = client_of(None).get(reverse("programme_detail", args=[programme.pk])).content.decode()
    assert f"Nhận hồ sơ đến hết ngày {last:%d/%m/%Y}" in text.replace("\n", " ") or f"{last:%d/%m/%Y}." in text
    assert "bất cứ lúc nào" not in text
    assert f"{programme.hands_over_on:%d/%m/%Y}" in text
    assert "1.250" in text


def test_a_programme_that_is_not_public_is_404(client_of, tree, site_profile):
    programme = Programme.objects.create(unit=tree["HP"], name="Nội bộ", kind="award")
    assert client_of(None).get(reverse("programme_detail", args=[programme.pk])).status_code == 404
