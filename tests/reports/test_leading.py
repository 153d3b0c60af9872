"""What a leader asks first, who is late, and the rows behind a figure, now and as a report was issued."""

import datetime as dt

import lxml.html
import pypdfium2
import pytest
from django.urls import reverse
from django.utils.translation import override

from portal.lib.periods import HalfYear
from portal.models import Unit, User
from reports import services
from reports.figures import Place, compute
from reports.services.agenda import say_targets
from reports.services.board import BoardRow, lay_tiles, sort_by_lateness
from reports.services.leading import find_gaps, find_trends, rank_units, say_compared, talking_points
from scholarships.models import Fund
from tests import factories
from tests.reports import rows
from tests.reports.test_narrative import figure_set

H1 = HalfYear(2023, 1)
TURNS = "disbursements.turns"
NAMES = {"A": "Quận A", "B": "Quận B"}


def half_of(turns, by_unit, **more):
    figures = {TURNS: turns, **more}
    return figure_set(figures, {code: {TURNS: value} for code, value in by_unit.items()}, NAMES)


def test_trends_are_against_what_was_issued_a_year_ago():
    now, before = half_of(120, {"A": 80, "B": 40}), half_of(100, {"A": 50, "B": 50})
    turns = find_trends(now, before)[0]
    assert (turns.text, turns.change, turns.arrow) == ("120", "tăng 20%", "up")
    assert find_trends(before, now)[0].arrow == "down"
    assert find_trends(now, None)[0].arrow == ""


def test_how_a_figure_moved_and_against_what_is_said_in_the_language_of_the_screen_and_in_vietnamese_on_paper():
    now, before = half_of(120, {"A": 80, "B": 40}), half_of(100, {"A": 50, "B": 50})
    with override("en"):
        assert find_trends(now, before)[0].change == "up by 20%"
        assert [find_trends(now, half_of(was, {}))[0].change for was in (60, 120, 119_999_999)] == [
            "2 times as much", "unchanged", "down by more than 99.9%",
        ]  # fmt: skip
        assert say_compared(before).startswith("Compared with the issued figures: First half of 2023")
        assert say_compared(None).startswith("No report")
        assert "tăng 20% so với cùng kỳ (100 → 120)" in talking_points(now, before, (1, 2))[0]
    assert say_compared(None).startswith("Cùng kỳ năm trước chưa ban hành")


def test_talking_points_name_the_biggest_change_and_its_cause():
    now, before = half_of(120, {"A": 80, "B": 40}), half_of(100, {"A": 50, "B": 50})
    first = talking_points(now, before, (1, 2))[0]
    assert "tăng 20% so với cùng kỳ (100 → 120)" in first
    assert first.endswith("nhiều nhất do quận A (+30).")
    points = talking_points(now, None, (1, 2))
    assert len(points) == 3
    assert talking_points(half_of(0, {}), None, (1, 2))[-1].startswith("1/2 đơn vị")


def test_best_and_worst_are_ranked_and_who_has_no_figure_is_not():
    bars = rank_units(half_of(120, {"A": 80, "B": 0}))
    assert [(bar.code, bar.length) for bar in bars] == [("A", 100)]
    assert rank_units(half_of(0, {})) == []


def test_units_whose_declared_and_named_members_differ_most_come_first_and_who_declared_nothing_is_no_gap():
    declared, named = "members.declared_total", "members.total"
    by_unit = {
        "A": {declared: 1_250, named: 1_200}, "B": {declared: 100, named: 900}, "C": {named: 5_000},
        "D": {declared: 7, named: 7}, "E": {declared: 30},
    }  # fmt: skip
    names = {code: f"Quận {code}" for code in by_unit}
    gaps = find_gaps(figure_set({}, by_unit, names))
    assert [(gap.code, gap.declared, gap.named, gap.size) for gap in gaps] == [
        ("B", 100, 900, 800), ("A", 1_250, 1_200, 50), ("E", 30, 0, 30)
    ]  # fmt: skip


def row(code, state, today, due=dt.date(2023, 7, 10)):
    submission = services.submissions.Submission(state=state) if state else None
    return BoardRow(Place(1, code, code, None, in_force=True, rank=1), submission, 0, due, today)


def test_late_ones_come_first_and_the_bar_counts_every_unit():
    after = dt.date(2023, 7, 15)
    board = [row("A", "approved", after), row("B", None, after), row("C", "submitted", after), row("D", None, after)]
    assert [one.place.code for one in sort_by_lateness(board)] == ["B", "D", "A", "C"]
    assert board[1].days_late == 5
    assert [(tile.state, tile.count) for tile in lay_tiles(board)] == [("late", 2), ("submitted", 1), ("approved", 1)]
    assert sum(tile.width for tile in lay_tiles(board)) <= 1000
    assert row("A", None, dt.date(2023, 7, 10)).days_late == 0


def test_a_group_of_the_bar_leads_to_as_many_units_as_it_says(city, client_of, leader):
    rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc2"))  # sent, years after its deadline
    page = lxml.html.document_fromstring(client_of(leader).get("/lam-viec/nua-nam/2023-H1/").content)
    tiles = [
        (one.get("href"), int(one.findtext("strong"))) for one in page.iterfind(".//nav[@class='board-states']//a")
    ]
    assert tiles
    for address, count in tiles:
        listed = lxml.html.document_fromstring(client_of(leader).get(f"/lam-viec/nua-nam/2023-H1/{address}").content)
        assert len(listed.findall(".//div[@class='board-list']//tbody/tr")) == count
    assert "Bản nháp" not in page.find(".//nav[@class='board-states']").text_content()


def test_the_board_says_whom_to_ring(city, client_of, approver):
    officer = rows.officer_of(city["LC"], "officer.lc2")
    User.objects.filter(pk=officer.pk).update(phone="+84912345678")
    page = client_of(approver).get("/lam-viec/nua-nam/2023-H1/").content.decode()
    assert 'href="tel:+84912345678"' in page
    assert "Trễ " in page


def test_where_no_officer_has_a_phone_the_board_names_whom_the_unit_itself_names(city, client_of, approver):
    Unit.objects.filter(pk=city["LC"].pk).update(contact="Thường trực Hội", phone="+842253000001")
    board, number = "/lam-viec/nua-nam/2023-H1/", 'href="tel:+842253000001"'
    page = client_of(approver).get(board).content.decode()
    assert "Thường trực Hội" in page
    assert number in page
    officer = rows.officer_of(city["LC"], "officer.lc2")
    page = client_of(approver).get(board).content.decode()
    assert officer.full_name in page
    assert "Thường trực Hội" not in page
    assert number in page
    User.objects.filter(pk=officer.pk).update(phone="+84912345678")
    page = client_of(approver).get(board).content.decode()
    assert 'href="tel:+84912345678"' in page
    assert number not in page


def test_the_chosen_half_year_stays_chosen(city, client_of, leader):
    client = client_of(leader)
    page = client.get("/lam-viec/?nua-nam=2023-H1")
    assert page.context["half"] == H1
    assert page.context["leading"]["owing"] == 2
    assert "còn 2" in page.content.decode()
    assert client.get("/lam-viec/nua-nam/")["Location"] == "/lam-viec/nua-nam/2023-H1/"
    assert client.get("/lam-viec/?nua-nam=xx").status_code == 200


def test_funds_running_low_are_named_the_lowest_first(city, client_of, leader):
    """Three of those below are named, all are counted; one that holds enough or asks for nothing is not low."""
    client, address = client_of(leader), "/lam-viec/?nua-nam=2023-H1"
    assert "sắp cạn" not in client.get(address).content.decode()
    wards = [factories.make_unit(f"W{number}", f"Phường {number}", parent=city["HP"]) for number in range(6)]
    for number, ward in enumerate(wards):
        fund = factories.make_fund(ward, opening=(9 - number) * 1_000_000)
        enough = (50_000_000, 50_000_000, 50_000_000, 50_000_000, None, 4_000_000)[number]
        Fund.objects.filter(pk=fund.pk).update(low_below=enough, name=f"Quỹ số {number}")
    page = lxml.html.document_fromstring(client.get(address).content)
    panel = page.find(".//details[@class='lead-low']")
    assert panel.findtext("summary") == "4 quỹ sắp cạn"
    assert [one.text_content() for one in panel.iterfind(".//a")] == [
        f"Quỹ số {number} ({amount}.000.000 đồng)" for number, amount in ((3, 6), (2, 7), (1, 8))
    ]


def test_a_point_unfolds_what_made_it(city, client_of, leader):
    """Two units reported of which one sent more: the point's line says how much, what is behind it follows."""
    page = client_of(leader).get("/lam-viec/?nua-nam=2023-H1")
    points = page.context["leading"]["points"]
    figures = compute(city["HP"], H1)
    assert ["; ".join(filter(None, point)) for point in points] == talking_points(figures, None, (0, 2))
    listed = lxml.html.document_fromstring(page.content).findall(".//ol[@class='lead-points']/li")
    assert [one.text_content() for one in listed] == [told + more for told, more in points]
    assert [one.find("details") is not None for one in listed] == [bool(more) for _told, more in points]


def test_the_summary_is_two_pages_with_the_points(city, client_of, leader, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        waiting = client_of(leader).get(reverse("report_draft_summary", args=[H1, "HP"]))
    paper = client_of(leader).get(waiting["Location"]).content
    document = pypdfium2.PdfDocument(paper)
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert len(document) <= 2
    assert "Ba điểm cần biết" in text
    assert "28" in text


# ---- the rows behind a figure ---------------------------------------------------------------------------------


def test_who_did_not_report_has_no_zero_on_the_figure_page(city, client_of, leader):
    page = client_of(leader).get(reverse("figure_detail", args=[H1, "HP", "communication.articles"]))
    assert {part["value"] for part in page.context["parts"]} == {None}
    assert "chưa báo cáo" in page.content.decode().lower()


def test_units_of_a_figure_are_ranked_without_scripts_and_who_has_none_stands_last(city, client_of, leader):
    client, address = client_of(leader), reverse("figure_detail", args=[H1, "HP", TURNS])
    rows.freeze(city["HP"], H1, leader)
    plain = client.get(address, {"version": "1"})
    values = [part["value"] for part in plain.context["parts"]]
    ranked = client.get(f"{address}?{plain.context['ranked_query']}")
    assert [part["value"] for part in ranked.context["parts"]] == sorted(values, reverse=True)
    assert ranked.context["report"] == plain.context["report"] is not None
    again = client.get(f"{address}?{ranked.context['plain_query']}")
    assert [part["value"] for part in again.context["parts"]] == values
    rows.give(city, "NQ", count=30, start=700)
    now = client.get(address, {"order": "figure"}).context["parts"]
    assert [part["code"] for part in now] == ["NQ", "LC"]
    assert client.get(address, {"order": "xx"}).status_code == 200


@pytest.mark.parametrize("code", [TURNS, "disbursements.amount", "recipients.distinct", "funds.spending"])
def test_rows_as_of_issue_add_up_to_what_was_issued(city, client_of, leader, code):
    """Nine turns more after it was issued: the page of that version still adds up to its figure, today's to today's."""
    report = rows.freeze(city["HP"], H1, leader)
    rows.give(city, "NQ", count=9, start=500)
    address = reverse("figure_detail", args=[H1, "HP", code])
    then = client_of(leader).get(address, {"unit": "NQ", "version": "1"})
    assert then.context["value"] == then.context["rows"].total == report.exact["by_unit"]["NQ"][code]
    now = client_of(leader).get(address, {"unit": "NQ"})
    assert now.context["value"] == now.context["rows"].total > then.context["value"]
    assert client_of(leader).get(address, {"unit": "NQ", "version": "7"}).status_code == 404


def figure_links(page):
    table = lxml.html.fromstring(page.content.decode()).xpath("//table[contains(@class, 'table-lines')]//td//a/@href")
    return [link for link in table if "/so-lieu/" in link]


@pytest.mark.parametrize("code", ["HP", "NQ"])  # with units below it, and without any
def test_every_figure_share_and_comparison_of_a_draft_leads_to_its_rows(city, client_of, leader, code):
    """Also where a figure has no rows of its own, a share: its part and its whole have."""
    client = client_of(leader)
    rows.freeze(city[code], H1, leader)
    rows.give(city, "NQ", count=9, half="2023-H2", start=500)
    links = figure_links(client.get(reverse("report_detail", args=[H1.next(), code])))
    compared = [link for link in links if "version=1" in link]
    share = reverse("figure_detail", args=[H1.next(), code, "disbursements.hardship_share"])
    assert share in links
    assert {link.split("?")[0] for link in compared} > {reverse("figure_detail", args=[H1, code, TURNS])}
    tried = [link for link in links if "share" in link or "turns" in link]
    assert {link: client.get(link).status_code for link in tried} == dict.fromkeys(tried, 200)
    page = client.get(share, {"unit": "NQ"})
    parts = {one["indicator"].code: one["value"] for one in page.context["share_parts"]}
    assert parts[TURNS] == 9
    assert set(parts) == {TURNS, f"{TURNS}.hardship"}
    assert f"{reverse('figure_detail', args=[H1.next(), code, TURNS])}?unit=NQ" in page.content.decode()


def test_what_was_never_issued_is_called_so_where_it_would_be_compared(city, client_of, leader):
    page = client_of(leader).get(reverse("report_detail", args=[H1, "HP"])).content.decode()
    assert page.count("chưa ban hành") > 10
    assert "version=" not in "".join(figure_links(client_of(leader).get(reverse("report_detail", args=[H1, "HP"]))))


def test_the_form_says_that_the_reason_is_public(city, client_of, approver):
    page = client_of(approver).get("/lam-viec/nua-nam/2023-H1/NQ/").content.decode()
    assert "Lý do này được công bố" in page


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 9, "0%"),
        (1, 9999, "dưới 0,1%"),
        (2, 3, "66,7%"),
        (9999, 10_000, "trên 99,9%"),
        (9, 9, "100%"),
        (30, 9, "333,3%"),
    ],
)
def test_a_share_is_nowhere_rounded_to_all_or_to_nothing(part, whole, said):
    turns = half_of(whole, {}, **{"disbursements.turns.hardship": part})
    point = next((one for one in talking_points(turns, None, (0, 0)) if "khó khăn" in one), f"({said})")
    assert f"({said})" in point
    assert say_targets({TURNS: whole}, {TURNS: part}, 2023) == [f"Tổng số lượt trao: đạt {said} chỉ tiêu năm 2023."]
