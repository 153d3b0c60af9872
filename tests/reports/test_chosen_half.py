"""The half-year in the header is the one that the page is about; without a choice the one that pages open."""

import datetime as dt

import lxml.html
import pytest
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.lib.periods import HalfYear, Year, half_to_report
from tests.reports import rows

H1 = HalfYear(2023, 1)
MORE = {"indicator": "disbursements.turns", "section": "cong-tac-tuyen-truyen"}


def addresses():
    """Return the names of the staff's addresses that name a half-year or a year, each with its converters."""
    found = {}
    for name in (key for key in get_resolver().reverse_dict if isinstance(key, str)):
        for parts, _pattern, _defaults, converters in get_resolver().reverse_dict.getlist(name):
            if parts[0][0].startswith("lam-viec/") and {"half", "period"} & set(converters):
                found[name] = dict.fromkeys(converters)
    return found


def header(page):
    """Return what the header says and which of its choices is marked; None for what is no page of the staff."""
    if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
        return None
    document = lxml.html.fromstring(page.content.decode())
    said = document.xpath("string(//summary[contains(@class, 'half-chip')])").split(":")[-1].strip()
    return said, document.xpath("//details[contains(@class, 'half-menu')]//a[@aria-current]/@href")


def expected(period):
    label = period.screen_label
    return label[:1].upper() + label[1:], [f"/lam-viec/?nua-nam={period}"]


@pytest.mark.parametrize("period", [H1, HalfYear(2019, 2), Year(2023)])
def test_on_a_page_whose_address_names_one_the_header_names_it_too(city, client_of, officer_lc, leader, period):
    if period == H1:
        rows.declare(city["LC"], H1, officer_lc)
    client, seen, tried = client_of(leader), {}, addresses()
    client.get(reverse("work_home"), {"nua-nam": "2024-H2"})  # what was chosen before is no longer what is shown
    for name, parts in tried.items():
        if {"pk", "kind"} & set(parts) or ("half" in parts and isinstance(period, Year)):
            continue
        values = {"half": period, "period": period, "code": "LC" if "half" in parts else "HP", **MORE}
        page = client.get(reverse(name, kwargs={part: values[part] for part in parts}))
        if (said := header(page)) is not None:
            seen[name] = said
    assert seen == dict.fromkeys(seen, expected(period))
    assert {"report_detail", "report_agenda", "report_text_edit", "figure_detail"} <= set(seen)
    assert isinstance(period, Year) or {"half_board", "submission_detail"} <= set(seen)


def test_without_a_choice_it_is_the_half_year_that_pages_open(city, client_of, leader):
    client, half = client_of(leader), half_to_report(timezone.localdate())
    for address in (reverse("fund_list"), reverse("report_archive"), reverse("work_home")):
        assert header(client.get(address)) == expected(half)
    assert client.get(reverse("half_current")).url == reverse("half_board", args=[half])


def test_a_choice_stays_and_what_is_none_changes_nothing(city, client_of, leader):
    client = client_of(leader)
    for asked in ("2023-H1", "xx", "2023-H7", "0999-H1", "1900-H1"):
        page = client.get(reverse("work_home"), {"nua-nam": asked})
        assert header(page) == expected(H1)
        assert page.context["half"] == H1
    for address in (reverse("fund_list"), reverse("report_archive")):
        assert header(client.get(address)) == expected(H1)
    assert client.get(reverse("half_current")).url == reverse("half_board", args=[H1])


@pytest.mark.parametrize(
    ("today", "half"),
    [(dt.date(2026, 5, 31), HalfYear(2025, 2)), (dt.date(2026, 6, 1), HalfYear(2026, 1)),
     (dt.date(2026, 11, 30), HalfYear(2026, 1)), (dt.date(2026, 12, 2), HalfYear(2026, 2))],
)  # fmt: skip
def test_units_report_on_the_half_year_that_has_ended_or_ends_within_a_month(today, half):
    assert half_to_report(today) == half
