"""Units that lag are named in an internal annex; the public document names them only where the setting says so."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from portal.lib.periods import HalfYear
from portal.models import SiteProfile
from reports import services
from reports.services.documents import render_report_csv
from reports.services.payloads import canonical_json
from tests.reports import rows

H1 = HalfYear(2023, 1)
LAST = HalfYear(2022, 1)
NAMED = "kết quả giảm ở quận Ngô Quyền"


@pytest.fixture
def fallen(city, leader, approver):
    """NQ gave 30 turns a year ago and 9 now; LC gave 5 and gives 19."""
    rows.give(city, "NQ", count=30, half="2022-H1", source="direct", start=100)
    rows.give(city, "LC", count=5, half="2022-H1", source="direct", start=200)
    rows.freeze(city["HP"], LAST, leader)
    return city


def test_the_public_text_names_them_only_where_the_setting_says_so(fallen):
    payload = services.build(fallen["HP"], H1).payload
    assert NAMED not in payload["narrative"]
    falls = [point for point in payload["points"] if "giảm" in point]
    assert falls
    assert not any("Ngô Quyền" in point for point in falls)
    assert "nhiều nhất do" not in " ".join(falls)
    SiteProfile.objects.update(names_lagging=True)
    payload = services.build(fallen["HP"], H1).payload
    assert NAMED in payload["narrative"]
    assert "30 → 9" in payload["narrative"]
    assert any("Ngô Quyền (−" in point for point in payload["points"])


def test_what_is_kept_and_the_annex_are_vietnamese_on_an_english_screen(fallen, client_of, leader):
    SiteProfile.objects.update(names_lagging=True)
    kept = canonical_json(services.build(fallen["HP"], H1).payload)
    with translation.override("en"):
        assert canonical_json(services.build(fallen["HP"], H1).payload) == kept
    client = client_of(leader)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for page in (reverse("report_lagging", args=[H1, "HP"]), "/lam-viec/?nua-nam=2023-H1"):
        told = re.findall(r">([^<>]*giảm \d+%[^<>]*)<", client.get(page).content.decode())
        assert told
        assert not any("given" in one.lower() or "turns" in one.lower() for one in told), told


def test_an_issued_report_does_not_follow_the_setting(fallen, leader):
    report = rows.freeze(fallen["HP"], H1, leader)
    SiteProfile.objects.update(names_lagging=True)
    report.refresh_from_db()
    assert NAMED not in report.payload["narrative"]
    assert render_report_csv(report.payload)


def test_staff_read_them_in_the_annex_and_nobody_else(fallen, client_of, client, leader, approver):
    page = reverse("report_lagging", args=[H1, "HP"])
    for person in (leader, approver):
        text = client_of(person).get(page).content.decode()
        assert "Quận Ngô Quyền" in text
        assert "(30 → 9)" in text
        assert "Quận Lê Chân" in text  # it has sent nothing
        assert "Chưa nhập" in text
        assert "ngày" in text
    assert client_of(rows.officer_of(fallen["LC"], "officer.lc")).get(page).status_code == 403
    assert client.get(page).status_code == 302
    empty = client_of(leader).get(reverse("report_lagging", args=[LAST, "HP"])).content.decode()
    assert "chưa ban hành" in empty
