"""The lines that the page prints compute every published total and the hash anew, from open data alone."""

import html
import re
import subprocess
import sys

import pytest
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.services.periods import close_through
from reports.models import Report
from scholarships.models import Fund, LedgerEntry
from scholarships.services.batches import reverse_batch
from tests.reports import rows
from tests.two_persons import agree

pytestmark = pytest.mark.django_db(transaction=True)
H1 = HalfYear(2023, 1)


def lines_of(client):
    text = client.get(reverse("open_check")).content.decode()
    return [html.unescape(one) for one in re.findall(r"<code>(.*?)</code>", text, re.DOTALL)]


def run(command, text, folder):
    done = subprocess.run(command, input=text, capture_output=True, text=True, cwd=folder, timeout=60, check=True)
    return done.stdout.split()


def test_the_lines_of_the_page_give_every_total(client, live_server, settings, tmp_path, city, approver, leader):
    """Two half-years: small cells, funds of which one is public, gifts, a list that came back in the second."""
    settings.SITE_URL = live_server.url
    Fund.objects.filter(pk=city["funds"]["LC"].pk).update(is_public=True)
    back = rows.give(city, "LC", count=6, kinds=("award",), start=50)[0].batch
    rows.approve_all(
        city,
        H1,
        approver,
        {"LC": {"chapters.total": 7, "titles.family.registered": 40, "titles.family.recognised": 13}},
    )
    rows.freeze(city["HP"], H1, leader)
    close_through(unit=city["HP"], half=H1, reason="Đã ban hành báo cáo.", actor=leader)
    agree(reverse_batch(batch=back, reason="Trao nhầm cả danh sách.", actor=approver))
    later = HalfYear.parse(LedgerEntry.objects.get(kind="reversal").half)
    for code, count in (("HP", 30), ("LECHAN", 8)):
        rows.give(city, code, count=count, half=later.code, source="direct", start=200)
    for half in (H1, later):
        if half == later:
            rows.freeze(city["HP"], later, leader)
        report = Report.objects.get(period=half.code)
        figures = report.payload["figures"]
        assert report.payload["pooled"], "some cells are withheld"
        by_hash, by_rows, by_all = lines_of(client)
        printed, computed, _dash = run(["bash"], by_hash, tmp_path)
        assert printed == computed == report.sha256
        turns, amount = map(int, run(["bash"], by_rows, tmp_path))
        assert (turns, amount) == (
            figures["disbursements.turns"],
            figures["disbursements.amount"],
        )
        told = run([sys.executable, "-I", "-"], by_all, tmp_path)
        assert " ".join(told) == f"{len(figures)} số liệu, 0 khác"
    assert figures["disbursements.recalled.turns"] == 6


def test_without_a_report_the_page_says_so(client, tree):
    assert lines_of(client) == []
    assert client.get(reverse("open_index")).json()["reports"] == []
    assert client.get(reverse("open_pool_file", args=[H1])).status_code == 404
