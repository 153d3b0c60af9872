"""An officer's first screen: what is due, two buttons, own unfinished files, last work, whose money it is."""

from __future__ import annotations

import pytest
from django.urls import reverse

from portal.lib.periods import HalfYear
from reports.figures import DatedTree
from reports.services.desk import split_closing
from tests import factories
from tests.intakes.test_intake_create import drop, titled
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db


def test_an_officer_finds_two_buttons_own_files_and_last_work(client_of, officer_lc, tree, site_profile):
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    batch = make_batch(tree["LC"], officer_lc)
    client = client_of(officer_lc)
    for number in range(5):
        drop(client, (f"tep-{number}.xlsx", titled("6 THÁNG ĐẦU NĂM 2023")))
    text = client.get(reverse("work_home")).content.decode()
    assert f'href="{reverse("intake_create")}"' in text
    assert text.count("tep-") == 5
    assert text.count('<span lang="vi">Quận Lê Chân</span> · 6 tháng đầu năm 2023 · 3 dòng') == 5
    assert reverse("batch_detail", args=[batch.pk]) in text


def test_a_wards_officer_can_fill_in_the_half_year_at_once(client_of, officer_lechan, auditor, tree, site_profile):
    page = client_of(officer_lechan).get(reverse("work_home"))
    desk = page.context["desk"]
    assert desk["fills"].endswith("/11383/nhap/")
    assert desk["days_left"] == (desk["due_on"] - page.context["today"]).days
    assert client_of(auditor).get(reverse("work_home")).context["desk"]["fills"] == ""


def test_an_ended_units_money_stands_apart(client_of, officer_lechan, tree, site_profile):
    factories.make_system_account()
    factories.make_fund(tree["LC"], opening=23_000_000)
    factories.make_fund(tree["LECHAN"], opening=700_000, half="2025-H2")
    half = HalfYear.parse("2026-H1")
    assert split_closing(tree["LECHAN"], half, 23_700_000, DatedTree(half.last_day)) == (700_000, 23_000_000)
    text = client_of(officer_lechan).get(reverse("work_home")).content.decode()
    assert "23.700.000" not in text
    assert "23.000.000" in text
    assert "chưa bàn giao" in text
