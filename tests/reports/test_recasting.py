"""A past half-year by the units of today: summed where their tasks went, a split apart, the whole the same."""

import datetime as dt
import random

import pytest
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import UnitSuccession
from reports.figures import COMPUTED, DECLARED, DatedTree, compute
from reports.figures.recasting import is_other, recast, recast_rows
from tests import factories
from tests.reports import rows
from tests.reports.test_random_reorganisations import DAYS, HALVES, KEYS, Story

H1 = HalfYear(2023, 1)
DAY = dt.date(2025, 7, 1)
TURNS, EVENTS = "disbursements.turns", "communication.events"


@pytest.fixture
def reorganised(city, approver, leader):
    """On 1 July 2025 LC was split among two wards, its ward LC-AB and NQ went whole into one each."""
    rows.approve_all(city, H1, approver, {"LC": {EVENTS: 5}, "NQ": {EVENTS: 7}})
    rows.freeze(city["HP"], H1, leader)
    heir = factories.make_unit("M2", "Phường Mới 2", parent=city["HP"], since=DAY)
    with rows.unguarded():
        UnitSuccession.objects.create(from_unit=city["LC"], to_unit=heir, on_date=DAY, kind="split", legal_basis="1/NQ")
    return city


def test_it_is_summed_where_tasks_went_and_a_split_stands_apart(reorganised):
    figures, now = compute(reorganised["HP"], H1), DatedTree(dt.date(2026, 1, 1))
    assert is_other(figures, now)
    assert not is_other(figures, DatedTree(H1.last_day))
    anew = recast(figures, now)
    assert anew.by_unit["11359"][TURNS] == figures.by_unit["NQ"][TURNS] == 9
    assert (anew.by_unit["11383"][TURNS], anew.by_unit["LC"][TURNS]) == (7, 12)  # the ward went whole, the rest not
    assert anew.by_unit["11359"][EVENTS] == 7
    assert anew.by_unit["LC"][EVENTS] == 5
    assert anew.names["LC"].endswith("(đã kết thúc, chưa bàn giao)")
    for one in (*COMPUTED, *DECLARED):
        parts = [row.get(one.code, 0) for row in (*anew.by_unit.values(), anew.own)]
        assert sum(parts) == figures.figures.get(one.code, 0), one.code
    assert compute(reorganised["HP"], H1).by_unit == figures.by_unit  # the report of that half stays


def test_a_leader_reads_it_as_a_second_view_live_and_as_issued(reorganised, client_of, leader):
    page, client = reverse("figure_detail", args=[H1, "HP", TURNS]), client_of(leader)
    assert "?tree=today" in client.get(page).content.decode()
    for query in ("?tree=today", "?tree=today&version=1"):
        answer = client.get(f"{page}{query}")
        text = answer.content.decode()
        assert "Phường Ngô Quyền" in text
        assert "chưa bàn giao" in text
        assert "Quận Ngô Quyền" not in text
        assert sum(part["value"] for part in answer.context["parts"]) == answer.context["total"] == 28
    assert "?tree=today" not in client.get(reverse("figure_detail", args=[H1, "LC", TURNS])).content.decode()


@pytest.mark.parametrize("seed", [5, 11])
def test_whatever_is_reorganised_the_whole_stays_the_same(seed):
    story = Story(random.Random(seed))
    tables = {half: compute(story.city, half) for half in HALVES[:1]}
    for day in DAYS:
        story.decide(day)
    now = DatedTree(dt.date(2026, 6, 1))
    for half, before in tables.items():
        assert compute(story.city, half).by_unit == before.by_unit
        for anew in (recast(before, now), recast_rows(before.by_unit, before.own, story.city.pk, now)):
            for key in KEYS:
                parts = [row.get(key, 0) for row in (*anew.by_unit.values(), anew.own)]
                assert sum(parts) == before.figures[key], (half, key)


pytestmark = pytest.mark.django_db


def test_the_rows_of_a_unit_that_was_not_there_yet_are_not_found(city, client_of, leader):
    page, client = reverse("figure_detail", args=[H1, city["LECHAN"].code, TURNS]), client_of(leader)
    assert client.get(page).status_code == 404  # it begins in 2025
    assert client.get(reverse("figure_detail", args=[H1, "HP", TURNS]), {"unit": "LC"}).status_code == 200
