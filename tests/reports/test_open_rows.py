"""Open rows: nobody is told by a row, nor by a difference between rows and public totals."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.periods import HalfYear
from reports.figures.pooling import FEWEST, pool_cells
from reports.services import issue_report, mark_missing
from reports.services.open_rows import FIELDS, POOLED
from scholarships.models import Disbursement
from tests import factories
from tests.reports import rows as made

HALF = HalfYear(2023, 1)
KINDS = ("award", "scholarship", "support")
CELLS = st.dictionaries(
    st.tuples(st.integers(1, 7), st.sampled_from(KINDS), st.booleans()), st.integers(0, 12), max_size=30
)


@given(CELLS)
def test_no_difference_tells_a_group_of_fewer_than_five(people):
    pool = pool_cells(people)
    by_unit, small = defaultdict(int), set()
    for (unit, _kind, _hardship), count in people.items():
        by_unit[unit] += count
        if 0 < count < FEWEST:
            small.add(unit)
    assert small <= pool.units  # no row of such a unit is named, so nothing can be taken from its public total
    if not pool.units or not pool.is_shown:
        return
    inside = {unit for unit in pool.units if by_unit[unit]}
    assert len(inside) > 1
    assert sum(by_unit[unit] for unit in inside) >= FEWEST
    if not pool.names_kinds:
        return
    for kind in KINDS:  # whoever knows all public totals finds no kind in the pool that is one unit's, or of a few
        parts = {unit: sum(people.get((unit, kind, hard), 0) for hard in (True, False)) for unit in inside}
        parts = {unit: count for unit, count in parts.items() if count}
        assert not parts or (len(parts) > 1 and sum(parts.values()) >= FEWEST)


def test_a_source_that_few_in_the_pool_had_is_not_named():
    people = {(1, "award", True): 3, (2, "award", True): 9, (3, "award", True): 20}
    enough = {(1, "fund"): 3, (2, "fund"): 9, (3, "fund"): 20}
    assert pool_cells(people, (), enough).units == {1, 2}
    assert pool_cells(people, (), enough).names_sources
    assert pool_cells(people, (), enough | {(3, "direct"): 2}).names_sources  # not in the pool
    assert not pool_cells(people, (), enough | {(2, "direct"): 2, (1, "direct"): 1}).names_sources
    assert not pool_cells(people, (), enough | {(2, "direct"): 9}).names_sources  # one unit's alone


@given(CELLS)
def test_what_is_large_everywhere_is_named(people):
    large = {cell: count + FEWEST for cell, count in people.items()}
    assert pool_cells(large).units == frozenset()


@pytest.mark.parametrize(
    ("people", "units", "names_kinds", "is_shown"),
    [
        ({}, set(), True, True),
        ({(1, "award", True): 3}, {1}, False, False),
        ({(1, "award", True): 3, (2, "award", False): 9, (3, "award", False): 8}, {1, 3}, True, True),
        ({(1, "award", True): 3, (2, "support", False): 9}, {1, 2}, False, True),
    ],
)
def test_by_hand(people, units, names_kinds, is_shown):
    pool = pool_cells(people)
    assert (pool.units, pool.names_kinds, pool.is_shown) == (units, names_kinds, is_shown)


@pytest.fixture
def issued(tree, site_profile, approver, leader):
    """Three units with rows of one kind, of which one has two people in hardship; the city's report is issued."""
    city = tree | {
        "programmes": factories.make_programmes(tree["HP"]),
        "funds": {code: factories.make_fund(tree[code]) for code in ("HP", "LC", "NQ")},
    }
    made.give(city, "LC", count=60, kinds=("scholarship",))
    made.give(city, "NQ", count=20, kinds=("scholarship",), hardship=10)  # two in hardship: a small cell
    made.give(city, "HP", count=30, kinds=("scholarship",), hardship=2)
    for code in ("LC", "NQ"):
        mark_missing(unit=city[code], half=HALF, reason="Không gửi số liệu.", actor=approver)
    issue_report(unit=city["HP"], period=HALF, actor=leader)
    return city


def test_the_file_holds_every_turn_and_names_no_small_group(client, issued):
    content = b"".join(client.get(reverse("open_rows_file", args=[HALF])).streaming_content)
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert list(rows[0]) == [name for name, _words, _type in FIELDS]
    assert len(rows) == Disbursement.objects.count() == 110
    assert Counter(row["unit"] for row in rows) == {"LC": 60, POOLED: 50}
    assert {row["hardship"] for row in rows if row["unit"] == POOLED} == {POOLED}
    pooled = [int(row["amount"]) for row in rows if row["unit"] == POOLED]
    assert pooled == sorted(pooled)  # not in the order of the lists they come from
    assert sum(int(row["amount"]) for row in rows) == sum(Disbursement.objects.values_list("amount", flat=True))


def test_json_says_the_same_and_the_schema_describes_it(client, issued):
    content = b"".join(client.get(reverse("open_rows_file_json", args=[HALF])).streaming_content)
    rows = json.loads(content)
    assert len(rows) == 110
    schema = client.get(reverse("open_rows_schema")).json()
    assert [field["name"] for field in schema["fields"]] == list(rows[0])
    assert "CC-BY-4.0" in str(schema["licenses"])
    page = client.get(reverse("open_data")).content.decode()
    assert reverse("open_rows_file", args=[HALF]) in page


def test_what_is_not_issued_is_not_there(client, city):
    assert client.get(reverse("open_rows_file", args=[HALF])).status_code == 404


def test_no_name_and_no_day_is_in_it(client, issued):
    content = b"".join(client.get(reverse("open_rows_file", args=[HALF])).streaming_content).decode()
    assert "Nguyễn" not in content
    assert "2023-02-10" not in content
