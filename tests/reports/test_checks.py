"""The checks that the dictionary tells of each indicator are the checks that run."""

import dataclasses
import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from portal.lib.periods import HalfYear
from reports import services
from reports.figures import DECLARED, INDICATORS, check_declared, checks_of, compute, find_contradictions
from reports.figures.catalogue import POPULATION
from reports.figures.checks import CHECKS
from reports.models import Report
from reports.services import issuing
from reports.services.documents import render_report_xlsx
from tests.reports import rows

H1 = HalfYear(2023, 1)


@pytest.fixture
def given(city, approver):
    rows.give(city, "LC", count=30, kinds=("scholarship", "award"), start=10)
    rows.approve_all(city, H1, approver, {"LC": {"chapters.total": 7, "funds.topup_policy": 1}})
    return city


def test_every_indicator_has_its_checks_and_every_check_a_way_to_be_held():
    assert [code for code in INDICATORS if not checks_of(code)] == []
    for check in CHECKS:
        assert set(check.codes) <= set(INDICATORS), check.sentence
        held = (check.find, check.holds, check.adds or None, check.constraint or None)
        assert sum(way is not None for way in held) == 1, check.sentence
        with translation.override("vi"):
            in_vietnamese = str(check.sentence)
        with translation.override("en"):
            assert in_vietnamese != str(check.sentence)
    assert {one.code for one in DECLARED} == set(CHECKS[0].codes)


@pytest.mark.django_db
def test_what_the_database_holds_is_a_constraint_of_it():
    named = {check.constraint for check in CHECKS if check.constraint}
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname = ANY(%s)", [list(named)])
        assert {name for (name,) in cursor.fetchall()} == named != set()


def test_each_check_of_what_is_declared_finds_something_in_its_own_indicators():
    everything = {one.code: 1 for one in DECLARED}
    wrong = [
        {"chapters.total": -1}, {"funds.topup_policy": 2}, {code: 400 for code in everything if "unlisted" in code},
        *({**everything, check.codes[0]: 5, check.codes[-1]: 0} for check in CHECKS if check.find is not None),
        *({**everything, check.codes[0]: 0, check.codes[-1]: 5} for check in CHECKS if check.find is not None),
    ]  # fmt: skip
    for check in (one for one in CHECKS if one.find is not None):
        found = [one for values in wrong for one in remarks(check, values)]
        assert found, check.sentence
        assert {one.indicator for one in found} <= set(check.codes), check.sentence
    assert not check_declared({"chapters.total": 3, "communication.events": 1, "communication.attendees": 9}, {})


def remarks(check, values):
    from reports.figures.checks import Declared

    return list(check.find(Declared(values, dict.fromkeys(values, 30), held=1)))


@pytest.mark.django_db
def test_each_check_of_what_is_computed_notices_a_figure_that_is_moved(given):
    right = compute(given["HP"], H1)
    assert find_contradictions(right) == []
    for check in (one for one in CHECKS if one.holds is not None or one.adds):
        noticed = []
        for code in check.codes:
            for step in (1, 10**14, -(10**14)):
                moved = dataclasses.replace(right, figures=right.figures | {code: right.figures.get(code, 0) + step})
                noticed += [found for _unit, found in find_contradictions(moved) if found is check]
        assert noticed, check.sentence


@pytest.mark.django_db
def test_a_sum_of_some_units_is_no_population(given):
    """A city's number is its own, or that of all its units: the sum of those that are known is neither."""
    right = compute(given["HP"], H1)
    children = list(right.by_unit)
    known = {code: row | {POPULATION: 1000} for code, row in right.by_unit.items()}
    whole = {POPULATION: 1000 * len(children)}

    def contradicts(**changes):
        found = find_contradictions(dataclasses.replace(right, **changes))
        return any(POPULATION in check.codes for _unit, check in found if check.adds)

    assert not contradicts(by_unit=known, figures=right.figures | whole)
    some = known | {children[0]: right.by_unit[children[0]]}
    part = right.figures | {POPULATION: 1000 * (len(children) - 1)}
    assert contradicts(by_unit=some, figures=part)
    assert not contradicts(by_unit=some, figures=right.figures)
    own = right.own | {POPULATION: 5000}
    assert not contradicts(by_unit=some, own=own, figures=right.figures | {POPULATION: 5000})
    assert contradicts(by_unit=known, own=own, figures=right.figures | whole)
    assert contradicts(by_unit=known, own=own, figures=right.figures)


@pytest.mark.django_db
def test_figures_that_contradict_each_other_are_not_frozen(given, leader):
    issuing.demand_issuable(given["HP"], H1)
    with connection.cursor() as cursor:  # as a fault in the sums would leave them
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE scholarships_disbursementsum SET recalled_turns = 10")
        assert cursor.rowcount
    with pytest.raises(ValidationError, match="mâu thuẫn") as refused:
        issuing.demand_issuable(given["HP"], H1)
    assert "Thành phố Hải Phòng: " in str(refused.value)
    with pytest.raises(ValidationError, match="mâu thuẫn"):
        services.freeze_report(unit=given["HP"], period=H1, number=1, actor=leader)
    assert not Report.objects.exists()


@pytest.mark.django_db
def test_they_stand_in_json_workbook_page_and_the_index_of_open_data(client, given, leader):
    rows.freeze(given["HP"], H1, leader)
    report = Report.objects.get(unit=given["HP"])
    with translation.override("vi"):
        said = {code: checks_of(code) for code in INDICATORS}
    assert {code: one["checks"] for code, one in report.payload["indicators"].items()} == said
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_report_xlsx(report.payload)))
    lines = book.get_sheet_by_name("Chú giải").to_python()
    assert lines[0][-1] == "Kiểm tra"
    assert {line[0]: line[-1] for line in lines[1:]} == {
        one["label"]: " ".join(one["checks"]) for one in report.payload["indicators"].values()
    }
    index = json.loads(client.get(reverse("open_index")).content)
    assert {code: one["checks"] for code, one in index["indicators"].items()} == said
    page = client.get(reverse("report_public", args=[H1, "HP"])).content.decode()
    assert all(sentence.replace("“", "“") in page for sentence in said["funds.closing"])
    client.force_login(leader)
    page = client.get(reverse("figure_detail", args=[H1, "HP", "funds.closing"])).content.decode()
    assert all(sentence in page for sentence in said["funds.closing"])
    assert services.build(given["HP"], H1).payload["indicators"]["funds.closing"]["checks"] == said["funds.closing"]
