"""Funds per inhabitant: the sums of a place divided by who lives in it, and nothing where that is not known."""

import datetime as dt
import json
import random

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear, Year
from portal.models import UnitCount, UnitSuccession
from portal.services.units import record_count
from reports import services
from reports.figures import INDICATORS, DatedTree, compute, find_contradictions
from reports.models import Report
from reports.services.agenda import set_target
from reports.services.documents import render_report_csv
from reports.services.rows import rows_behind
from tests.reports import rows
from tests.reports.test_open_check import lines_of, run

pytestmark = pytest.mark.django_db
H1 = HalfYear(2023, 1)
PER_HEAD, POPULATION = ("funds.closing.per_head", "funds.income.per_head"), "units.population"


def lives(unit, value, on=dt.date(2022, 12, 31), kind="population", at=None):
    """So many live in the unit's place on a day; `at`: when it was recorded."""
    made = UnitCount.objects.create(
        unit=unit, kind=kind, value=value, on_date=on, source="Niên giám thống kê", recorded_by=rows.system()
    )
    if at is not None:
        UnitCount.versions.filter(pk=made.pk).update(recorded_at=at)
    return made


def get(city, period=H1):
    return compute(city["HP"], period)


def test_where_nobody_says_how_many_live_there_nothing_is_divided(city):
    figures = get(city)
    for row in (figures.figures, figures.own, *figures.by_unit.values()):
        assert not row.keys() & {*PER_HEAD, POPULATION}
    assert "bình quân" not in services.build(city["HP"], H1).payload["narrative"]


def test_it_is_the_sum_divided_by_the_sum_and_no_mean_of_means(city):
    children = [place.code for place in DatedTree(H1.last_day).children_of(city["HP"].pk)]
    for number, code in enumerate(children):
        lives(city[code], 1_000 * 10**number)
    figures = get(city)
    people = sum(1_000 * 10**number for number in range(len(children)))
    assert figures.figures[POPULATION] == people
    closing = figures.figures["funds.closing"]
    assert figures.figures[PER_HEAD[0]] == (2 * closing + people) // (2 * people)
    means = [figures.by_unit[code][PER_HEAD[0]] for code in children]
    assert figures.figures[PER_HEAD[0]] != round(sum(means) / len(means))
    assert not figures.own.keys() & set(PER_HEAD), "what the city holds itself is for all who live there"
    assert find_contradictions(figures) == []


def test_a_part_of_the_units_is_never_taken_for_the_whole(city, client):
    lives(city["LC"], 200_000)
    figures = get(city)
    assert figures.by_unit["LC"][PER_HEAD[0]] == (2 * figures.by_unit["LC"]["funds.closing"] + 200_000) // 400_000
    assert not figures.figures.keys() & {*PER_HEAD, POPULATION}
    assert not figures.by_unit["NQ"].keys() & {*PER_HEAD, POPULATION}
    lines = render_report_csv(services.build(city["HP"], H1).payload).decode("utf-8-sig").splitlines()
    told = [line for line in lines if PER_HEAD[0] in line]
    assert [line for line in told if "tổng" in line and "chưa báo cáo" in line], "never a 0"
    assert [line for line in told if ",NQ," in line.replace(";", ",") and "chưa báo cáo" in line]


def test_a_number_of_the_unit_itself_speaks_for_all_below_it_and_the_last_one_counts(city):
    lives(city["LC"], 200_000)
    lives(city["HP"], 1_900_000, on=dt.date(2019, 4, 1))
    lives(city["HP"], 2_000_000)
    lives(city["HP"], 2_500_000, on=dt.date(2023, 7, 1))  # of a later half-year
    lives(city["HP"], 600_000, kind="households")
    figures = get(city)
    assert (figures.figures[POPULATION], figures.own[POPULATION]) == (2_000_000, 2_000_000)
    assert figures.figures[PER_HEAD[0]] == (figures.figures["funds.closing"] + 1_000_000) // 2_000_000
    assert get(city, Year(2023)).figures[POPULATION] == 2_500_000, "of a year that of its last day"
    assert find_contradictions(figures) == []
    text = services.build(city["HP"], H1).payload["narrative"]
    assert f"bình quân {figures.figures[PER_HEAD[0]]} đồng/người dân" in text or "bình quân" in text


def test_a_figure_of_no_unit_shows_its_total_and_no_list_of_blanks(city, client_of, leader):
    page = reverse("figure_detail", args=[H1, "HP", PER_HEAD[0]])
    lives(city["HP"], 2_000)
    none = client_of(leader).get(page)
    assert "không đơn vị nào có số liệu riêng" in none.content.decode()
    assert "<table" not in none.content.decode()
    lives(city["LC"], 1_000)
    assert "Quận Lê Chân" in client_of(leader).get(page).content.decode()


def test_it_equals_a_plain_recomputation_in_trees_of_three_levels(city):
    """Numbers at random units; counted by hand over the units' parents."""
    tree = DatedTree(H1.last_day)
    for seed in range(25):
        chance = random.Random(seed)
        UnitCount.versions.all().delete()
        said = {}
        for place in tree.places.values():
            if chance.random() < 0.6:
                said[place.unit_id] = chance.randint(1, 900_000)
                lives(city[place.code], said[place.unit_id])

        def count(unit, said=said):
            below = [one.unit_id for one in tree.places.values() if one.parent_id == unit]
            parts = [count(one) for one in below]
            return said.get(unit) or (sum(parts) if parts and all(parts) else None)

        figures = get(city)
        ids = {place.code: place.unit_id for place in tree.places.values()}
        for code, row in {"HP": figures.figures, **figures.by_unit}.items():
            people = count(ids[code])
            assert row.get(POPULATION) == people, (seed, code)
            for name, whole in zip(PER_HEAD, ("funds.closing", "funds.income"), strict=True):
                by_hand = (2 * row[whole] + people) // (2 * people) if people else None
                assert row.get(name) == by_hand, (seed, code, name)
            if people and code != "HP":
                found = rows_behind(INDICATORS[POPULATION], H1, tree.units_under(ids[code]))
                assert found.total == people == sum(one.value for one in found.lines)


@pytest.mark.parametrize("has_heir", [True, False])
def test_nobody_lives_in_a_unit_that_has_ended_and_its_last_report_can_be_frozen(city, has_heir):
    lives(city["LC"], 200_000)
    if not has_heir:
        UnitSuccession.objects.filter(from_unit=city["LC"]).delete()
    before = compute(city["LC"], HalfYear(2025, 1))
    assert (before.figures[POPULATION], find_contradictions(before)) == (200_000, [])
    for period in (HalfYear(2025, 2), Year(2025)):
        figures = compute(city["LC"], period)
        assert not figures.figures.keys() & {*PER_HEAD, POPULATION}, period
        assert find_contradictions(figures) == []


def test_a_unit_that_says_no_number_of_its_own_shows_none_behind_its_own_part(city, client, leader):
    for place in DatedTree(H1.last_day).children_of(city["HP"].pk):
        lives(city[place.code], 100_000)
    client.force_login(leader)
    context = client.get(reverse("figure_detail", args=[H1, "HP", POPULATION]) + "?unit=HP").context
    assert (context["value"], context["rows"].total) == (None, 0)


def test_a_number_put_right_later_leaves_what_was_issued_with_its_rows(city, client, leader, administrator):
    lives(city["LC"], 200_000)
    lives(city["HP"], 2_000_000)
    rows.freeze(city["HP"], H1, leader)
    report = Report.objects.get(unit=city["HP"])
    day = dt.date(2022, 12, 31)
    for code, value in (("LC", 250_000), ("HP", 2_400_000)):
        record_count(
            unit=city[code], kind="population", value=value, on_date=day, source="Tổng điều tra", actor=administrator
        )
    assert UnitCount.objects.get(unit=city["LC"]).value == 250_000
    client.force_login(leader)
    page = reverse("figure_detail", args=[H1, "HP", POPULATION])
    for unit, then, now in (("LC", 200_000, 250_000), ("HP", 2_000_000, 2_400_000)):
        context = client.get(f"{page}?unit={unit}&version={report.version}").context
        assert context["rows"].total == context["value"] == then
        context = client.get(f"{page}?unit={unit}").context
        assert context["rows"].total == context["value"] == now
    for code in PER_HEAD:
        page = client.get(reverse("figure_detail", args=[H1, "HP", code]) + "?unit=LC")
        assert page.status_code == 200
        assert {one["indicator"].code for one in page.context["share_parts"]} == set(INDICATORS[code].share_of)


def test_a_target_may_be_set_per_head_and_of_the_new_figures_but_of_no_population(city, leader):
    said = {"unit": city["HP"], "year": 2023, "value": 5_000, "actor": leader}
    for code in (*PER_HEAD, "funds.income.people", "funds.in_kind.organisation", "recipients.turns.pupil"):
        set_target(indicator=code, **said)
    lives(city["HP"], 2_000_000)
    told = services.build(city["HP"], H1).payload["against_targets"]
    assert len([one for one in told if "bình quân" in one]) == 2
    for code in (POPULATION, "disbursements.hardship_share"):
        with pytest.raises(ValidationError):
            set_target(indicator=code, **said)


def test_paper_workbook_and_page_tell_it_where_there_is_one(city, client, leader):
    before = services.build(city["HP"], H1).payload
    assert PER_HEAD[0] not in {code for table in before["tables"] for code in table["codes"]}
    lives(city["HP"], 2_000_000, at=timezone.now())
    payload = services.build(city["HP"], H1).payload
    assert payload["tables"] == before["tables"], "of the total alone it is told in the text"
    assert "đồng/người dân" in payload["narrative"]
    lives(city["LC"], 200_000, at=timezone.now())
    payload = services.build(city["HP"], H1).payload
    assert PER_HEAD[0] in {code for table in payload["tables"] for code in table["codes"]}
    assert payload["indicators"][POPULATION]["origin"] == "recorded"
    assert payload["indicators"][PER_HEAD[0]]["share_of"] == ["funds.closing", POPULATION]


@pytest.mark.django_db(transaction=True)
def test_a_stranger_comes_to_the_same(client, live_server, settings, tmp_path, city, leader):
    settings.SITE_URL = live_server.url
    lives(city["HP"], 2_000_000)
    lives(city["LC"], 300_000)
    rows.freeze(city["HP"], H1, leader)
    report = Report.objects.get(unit=city["HP"])
    assert set(PER_HEAD) <= report.payload["figures"].keys()
    (tmp_path / "check.py").write_text(lines_of(client)[2])
    said = " ".join(run(["python3", "check.py"], "", tmp_path))
    assert said == f"{len(report.payload['figures'])} số liệu, 0 khác"
    index = json.loads(client.get(reverse("open_index")).content)
    assert index["shares"][PER_HEAD[0]] == ["funds.closing", POPULATION, 1]
