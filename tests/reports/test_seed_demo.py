"""The demo keeps every rule it shows: what it tells adds up, and telling it again changes nothing."""

from __future__ import annotations

import io
import json

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from members.models import Position
from news.models import Article
from portal.models import Unit
from reports.figures import DatedTree
from reports.models import Report, Submission
from reports.services.heads import make_head
from reports.services.self_check import write_lines
from scholarships.models import Batch, Disbursement, Programme
from scholarships.services.verifying import find_differences
from tests.reports.test_three_ways import check_issued, check_live, run_lines
from tests.soak import IS_SOAK

pytestmark = pytest.mark.django_db


def seed(*options: str) -> dict:
    out = io.StringIO()
    call_command("seed_demo", *options, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


def counts() -> list[int]:
    return [model.objects.count() for model in (Unit, Programme, Batch, Disbursement, Submission, Report, Article)]


def test_the_empty_demo_has_units_programmes_and_funds_only():
    assert seed("--empty") == {"seeded": ["ground"], "empty": True}
    assert Unit.objects.filter(code__in=["HP", "LC", "NQ", "BLV", "11383"]).count() == 5
    assert Disbursement.objects.count() == Article.objects.count() == 0
    before = counts()
    assert seed("--empty")["seeded"] == []
    assert counts() == before


def test_the_whole_demo_adds_up_is_told_once_and_prints_short(tmp_path, client):
    assert seed()["seeded"] == ["ground", "facts", "stories"]
    report = Report.objects.get()
    figures = report.payload["figures"]
    assert (figures["disbursements.turns"], figures["disbursements.amount"]) == (14_936, 10_426_900_000)
    assert figures["members.new"] == 1_100
    assert "gần 15.000 lượt" in report.payload["narrative"]
    assert find_differences() == []
    assert {"approved", "submitted", "returned"} <= set(Submission.objects.values_list("state", flat=True))
    assert {"paid", "submitted", "returned"} <= set(Batch.objects.values_list("state", flat=True))
    assert Article.objects.published().count() == 14
    ward = Unit.objects.get(code="11383")
    signed = make_head(ward, ward.name_on(timezone.localdate()), DatedTree(timezone.localdate()))
    assert signed["authority"][-1] == "CHỦ TỊCH"
    assert signed["signer"] == Position.objects.get(unit=ward).member.full_name
    assert recompute(report, client) == "114 số liệu, 0 khác"
    paper = tmp_path / "report.pdf"
    call_command("build_report", "2026-H1", unit="HP", pdf=paper, stdout=io.StringIO())
    assert len(pypdfium2.PdfDocument(paper)) < 16
    before = counts()
    assert seed()["seeded"] == []
    assert counts() == before


def recompute(report: Report, client) -> str:
    """Count the report's figures by hand and by the rows behind them, and say what a stranger's lines find."""
    check_live(report.unit, report.period_value)
    if IS_SOAK:  # thousands of questions
        check_issued(report)
    return run_lines(client, write_lines("", report.period_value, report.unit.code)["python"])


def test_a_real_installation_never_gets_the_demo(settings):
    settings.IS_PRODUCTION = True
    with pytest.raises(CommandError):
        seed()
    assert not Unit.objects.exists()
