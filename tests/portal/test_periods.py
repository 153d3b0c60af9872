"""Half-years and years: bounds, order, names, and codes as they are written."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.periods import CODE_PATTERN, PERIOD_PATTERN, HalfYear, Year, parse_period, sort_period

halves = st.builds(HalfYear, st.integers(1901, 2998), st.sampled_from([1, 2]))
FIRST, SECOND = HalfYear(2023, 1), HalfYear(2023, 2)


def test_bounds():
    assert (FIRST.first_day, FIRST.last_day, FIRST.end) == (
        dt.date(2023, 1, 1),
        dt.date(2023, 6, 30),
        dt.date(2023, 7, 1),
    )
    assert (SECOND.first_day, SECOND.last_day, SECOND.end) == (
        dt.date(2023, 7, 1),
        dt.date(2023, 12, 31),
        dt.date(2024, 1, 1),
    )


def test_names():
    assert (FIRST.code, str(SECOND)) == ("2023-H1", "2023-H2")
    assert (FIRST.label, SECOND.label) == ("6 tháng đầu năm 2023", "6 tháng cuối năm 2023")
    assert (FIRST.screen_short_label, SECOND.screen_short_label) == ("6T đầu 2023", "6T cuối 2023")


def test_neighbours():
    assert FIRST.previous() == HalfYear(2022, 2)
    assert SECOND.previous() == FIRST
    assert FIRST.next() == SECOND
    assert SECOND.next() == HalfYear(2024, 1)
    assert SECOND.same_last_year() == HalfYear(2022, 2)


def test_order_is_time():
    assert HalfYear(2022, 2) < FIRST < SECOND < HalfYear(2024, 1)
    assert len({FIRST, HalfYear(2023, 1)}) == 1


def test_contains_its_own_days_only():
    assert FIRST.contains(dt.date(2023, 1, 1))
    assert FIRST.contains(dt.date(2023, 6, 30))
    assert not FIRST.contains(dt.date(2022, 12, 31))
    assert not FIRST.contains(dt.date(2023, 7, 1))


def test_containing():
    assert HalfYear.containing(dt.date(2023, 6, 30)) == FIRST
    assert HalfYear.containing(dt.date(2023, 7, 1)) == SECOND
    assert HalfYear.containing(dt.date(2023, 12, 31)) == SECOND


def test_range_has_both_ends():
    assert HalfYear.range(HalfYear(2022, 2), SECOND) == [HalfYear(2022, 2), FIRST, SECOND]
    assert HalfYear.range(FIRST, FIRST) == [FIRST]
    assert HalfYear.range(SECOND, FIRST) == []


@pytest.mark.parametrize("written", ["2023-H1", "2023-h1", " 2023-H1\n"])
def test_parse(written):
    assert HalfYear.parse(written) == FIRST


@pytest.mark.parametrize(
    "written", ["", "2023", "2023-H3", "2023-H0", "23-H1", "2023H1", "2023-H11", "2023-H1x", "٢٠٢٣-H1", "2023-Q1"]
)
def test_parse_refuses_by_naming_the_form(written):
    with pytest.raises(ValueError, match="2023-H1 or 2023-H2") as refused:
        HalfYear.parse(written)
    assert repr(written) in str(refused.value)


@pytest.mark.parametrize(("year", "half"), [(2023, 0), (2023, 3), (1899, 2), (3000, 1)])
def test_there_is_no_such_half_year(year, half):
    with pytest.raises(ValueError, match=f"not {half if half in (0, 3) else year}"):
        HalfYear(year, half)


def test_the_first_and_the_last():
    assert HalfYear.parse("1900-H1").first_day == dt.date(1900, 1, 1)
    assert HalfYear.parse("2999-H2").last_day == dt.date(2999, 12, 31)


@given(halves)
def test_codes_read_back_and_neighbours_touch(half):
    assert HalfYear.parse(half.code) == half
    assert re.match(CODE_PATTERN, half.code)
    assert half.next().previous() == half
    assert half.next().first_day == half.end == half.last_day + dt.timedelta(days=1)
    assert half.previous().previous() == half.same_last_year()
    assert HalfYear.containing(half.first_day) == HalfYear.containing(half.last_day) == half


@given(halves, halves)
def test_codes_sort_as_time_does(one, other):
    assert (one.code < other.code) == (one < other) == (one.end <= other.first_day)


def test_a_year_is_its_half_years():
    year = Year(2023)
    assert (year.first_day, year.last_day, year.end) == (FIRST.first_day, SECOND.last_day, SECOND.end)
    assert (year.halves, year.last_half, FIRST.halves, FIRST.last_half) == ((FIRST, SECOND), SECOND, (FIRST,), FIRST)
    assert (year.previous(), year.next(), year.same_last_year()) == (Year(2022), Year(2024), Year(2022))
    assert (year.label, year.screen_label, year.screen_short_label, str(year)) == (
        "năm 2023",
        "năm 2023",
        "2023",
        "2023",
    )
    assert year.contains(dt.date(2023, 12, 31))
    assert not year.contains(dt.date(2024, 1, 1))


@pytest.mark.parametrize("code", ["2023", "2023-H1", "2024-H2"])
def test_a_code_is_read_back(code):
    assert parse_period(code).code == code
    assert re.search(PERIOD_PATTERN, code)


@pytest.mark.parametrize("code", ["", "23", "20233", "2023-", "2023-H3", "0023", "２０２３", "2023.0", "năm"])
def test_no_other_code_is_a_period(code):
    with pytest.raises(ValueError, match="year"):
        parse_period(code)


def test_a_year_sorts_after_the_half_year_that_ends_with_it():
    times = [HalfYear(2022, 2), Year(2022), FIRST, SECOND, Year(2023), HalfYear(2024, 1)]
    assert sorted([*times[3:], *times[:3]], key=sort_period) == times
