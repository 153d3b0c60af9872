"""The report of a year: its figures beside those of its half-years, its way to the public, and what it must not tell."""

import datetime as dt
import hashlib
import io
import json
from contextlib import redirect_stdout

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils.html import escape

from portal.lib.periods import HalfYear, Year
from portal.models import Level, SearchEntry, UnitSuccession
from reports import services
from reports.figures import INDICATORS, DatedTree, Measure, OverTime, compute
from reports.figures.disclosure import LEAST
from reports.models import Report
from reports.services.agenda import set_target
from reports.services.issuing import demand_issuable, find_hindrances
from reports.services.publication import ToldError, demand_untold
from reports.services.row_knowledge import Issue
from reports.services.self_check import write_lines
from scholarships.services.verifying import find_differences
from tests import factories
from tests.reports import rows
from tests.reports.test_doors import plant
from tests.reports.test_three_ways import run_lines

H1, H2, YEAR = HalfYear(2023, 1), HalfYear(2023, 2), Year(2023)
TURNS, NEW = "disbursements.turns", "members.new"
STANDING = {
    "members.total", "members.declared_total", "chapters.total", "centres.total", "centres.active", "funds.closing",
    "funds.topup_policy", "funds.topup_amount", "units.population",
}  # fmt: skip


@pytest.fixture
def both(city, approver):
    """The city with rows in both half-years of 2023, and both approved."""
    for code, count in (("LC", 14), ("LC-AB", 6), ("NQ", 11)):
        rows.give(city, code, count=count, half="2023-H2", start=5)
    for number in range(9):
        rows.join(city["NQ"], f"Hội viên cuối năm {number}", on=dt.date(2023, 10, 1))
    first = {"communication.events": 40, "chapters.total": 7, "titles.family.registered": 100}
    rows.approve_all(city, H1, approver, {"LC": first, "NQ": {"titles.family.registered": 50}})
    second = {"communication.events": 2, "chapters.total": 9, "titles.family.registered": 120}
    rows.approve_all(city, H2, approver, {"LC": second, "NQ": {"communication.events": 3}})
    return city


# ---- the way over time ------------------------------------------------------------------------------------------


def test_every_indicator_says_how_a_year_of_it_comes_about():
    ways = {code: one.over_time for code, one in INDICATORS.items()}
    assert {code for code, way in ways.items() if way is OverTime.LAST} == STANDING
    assert {code for code, way in ways.items() if way is OverTime.FIRST} == {"funds.opening"}
    for code, one in INDICATORS.items():
        assert (ways[code] is OverTime.ANEW) == bool(one.share_of), code
        people = code.startswith("recipients.") and one.measure is Measure.PEOPLE
        assert (ways[code] is OverTime.ONCE) == people, code
        is_said_once = one.declared and code.endswith(".registered")
        assert (ways[code] is OverTime.LATEST) == is_said_once, code
        assert one.define(H1) == str(one.definition)
        assert one.define(YEAR).startswith(f"{one.definition} Số cả năm: "), code


def test_a_year_beside_its_half_years(both):
    first, second, year = (compute(both["HP"], one) for one in (H1, H2, YEAR))
    for code, one in INDICATORS.items():
        now, then, whole = (figures.figures.get(code) for figures in (first, second, year))
        if one.over_time is OverTime.SUM and {now, then} != {None}:
            assert whole == (now or 0) + (then or 0), code
        if one.over_time is OverTime.LAST:
            assert whole == then, code
        if one.over_time is OverTime.ONCE:
            assert max(now, then) <= whole <= now + then, code
    assert (
        0
        < year.figures["recipients.distinct"]
        < first.figures["recipients.distinct"] + second.figures["recipients.distinct"]
    )
    assert year.figures["titles.family.registered"] == 120 + 50, "LC's later word, NQ's only one; never both of LC"
    assert year.by_unit["LC"]["chapters.total"] == 9
    flows = {name: year.figures[f"funds.{name}"] for name in ("opening", "income", "spending", "closing")}
    assert flows["opening"] + flows["income"] - flows["spending"] == flows["closing"]


# ---- from draft to the public -----------------------------------------------------------------------------------


def test_a_year_goes_its_way(both, leader, client_of, client, tmp_path):
    """Numbered in one series with the half-years, signed, issued, read, verified, found; then it stays as it is."""
    rows.freeze(both["HP"], H2, leader, number=12)
    set_target(unit=both["HP"], indicator=NEW, year=2023, value=26, actor=leader)
    staff = client_of(leader)
    page = staff.get(reverse("report_detail", args=[YEAR, "HP"]))
    text = page.content.decode()
    assert page.status_code == 200
    assert (page.context["hindrances"], page.context["form"].initial["number"]) == ([], 13)
    assert "2/2 đơn vị đã có số liệu được duyệt" in text
    assert "50% chỉ tiêu năm 2023" in " ".join(page.context["draft"].payload["against_targets"])
    assert page.context["points"] == page.context["draft"].payload["points"] != []
    assert reverse("report_draft_summary", args=[YEAR, "HP"]) in text
    for action, sent in (
        ("report_comment", {"text": "Xem lại"}),
        ("report_freeze", {"number": "13", "version": page.context["version"]}),
    ):
        staff.post(reverse(action, args=[YEAR, "HP"]), sent)
    assert client.get("/bao-cao/2023/HP/").status_code == 404, "not before it is signed and issued"
    report = Report.objects.get(period="2023")
    assert (report.number, report.state, report.hides) == (13, "frozen", [])
    services.publish_report(report=report, actor=leader)

    payload = report.payload
    issued = staff.get(staff.get(reverse("work_home"), {"nua-nam": "2023"}).url)
    assert issued.context["points"] == payload["points"]
    assert 'href="/bao-cao/2023/HP/tom-tat.pdf"' in issued.content.decode()
    assert payload["title"].startswith("Tổng kết công tác khuyến học")
    assert payload["title"].endswith("nhiệm vụ năm 2024")
    assert (payload["year"], "half" in payload, payload["absent"], payload["partial"]) == (2023, False, [], [])
    assert "6 tháng" not in payload["narrative"]
    assert "NHIỆM VỤ NĂM 2024" in payload["narrative"]
    assert "Báo cáo năm 2022 chưa ban hành" not in payload["narrative"], "nothing is known of 2022"

    addresses = [f"/bao-cao/2023/HP.{kind}" for kind in ("pdf", "docx", "xlsx", "json")]
    addresses += ["/bao-cao/2023/HP/tom-tat.pdf", "/du-lieu-mo/2023/HP.csv", "/du-lieu-mo/2023/HP.json"]
    before = {address: client.get(address) for address in addresses}
    assert {answer.status_code for answer in before.values()} == {200}
    paper = " ".join(
        one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(before[addresses[0]].getvalue())
    )
    assert "năm 2023" in paper
    assert "6 tháng" not in paper
    shown = client.get("/bao-cao/2023/HP/").content.decode()
    assert payload["title"] in shown
    assert "Tổng kết" in client.get(f"/xac-minh/{report.code}/").content.decode()
    assert SearchEntry.objects.get(link="/bao-cao/2023/HP/").title.startswith("Tổng kết")
    for name in ("sitemap", "report_list", "open_data"):
        assert "/bao-cao/2023/HP/" in client.get(reverse(name)).content.decode(), name
    listed = client.get(reverse("report_list")).content.decode()
    assert listed.index("/bao-cao/2023/HP/") < listed.index("/bao-cao/2023-H2/HP/"), "the year after its half-years"
    assert {"year": 2023, "unit": "HP", "version": 1, "sha256": report.sha256} in client.get(
        reverse("open_index")
    ).json()["reports"]
    assert "Năm 2023" in staff.get(reverse("report_archive")).content.decode()

    rows.give(both, "NQ", count=3, half="2024-H1", start=300)
    made = tmp_path / "nam.json"
    with redirect_stdout(io.StringIO()) as printed:
        call_command("build_report", "2023", "--unit", "HP", "--json", str(made))
    told = json.loads(printed.getvalue().splitlines()[-1])
    assert (told["year"], told["version"], told["figures"][TURNS]) == (2023, 0, payload["figures"][TURNS])
    assert json.loads(made.read_text())["sha256"] == told["sha256"]
    for address, answer in before.items():
        assert client.get(address).getvalue() == answer.getvalue(), address
    mine = f"report {report.pk} "
    assert not [one for one in find_differences() if mine in str(one.where)]
    with rows.unguarded():
        file = report.files.get(kind="csv")
        other = bytes(file.content) + b" "
        type(file).objects.filter(pk=file.pk).update(content=other, sha256=hashlib.sha256(other).hexdigest())
    assert {one.what for one in find_differences() if mine in str(one.where)} == {"report_file"}


def test_a_leader_chooses_the_year_beside_the_halves(tree, leader, client_of):
    staff = client_of(leader)
    home = staff.get(reverse("work_home")).content.decode()
    assert '?nua-nam=2025">Năm 2025<' in home
    assert staff.get(reverse("work_home"), {"nua-nam": "2023"}).url == reverse("report_detail", args=[YEAR, "HP"])
    assert staff.get(reverse("work_home"), {"nua-nam": "2023-H1"}).status_code == 200


# ---- who reported -----------------------------------------------------------------------------------------------


def test_a_year_that_waits_says_no_points_and_a_half_year_says_them_at_any_time(city, approver, leader, client_of):
    client = client_of(leader)
    pages = {period: client.get(reverse("report_detail", args=[period, "HP"])) for period in (YEAR, H1)}
    assert all(page.context["hindrances"] for page in pages.values())
    assert pages[YEAR].context["points"] == []
    points = pages[H1].context["points"]
    assert points == pages[H1].context["draft"].payload["points"] != []
    text = pages[H1].content.decode()
    assert all(escape(point) in text for point in points)
    assert reverse("report_draft_summary", args=[H1, "HP"]) in text  # the whole is ready to be read before it is issued
    rows.approve_all(city, H1, approver)
    report = services.issue_report(unit=city["HP"], period=H1, number=12, actor=leader)
    issued = client.get(reverse("report_detail", args=[H1, "HP"]))
    assert issued.context["points"] == report.payload["points"] != []
    text = issued.content.decode()
    assert reverse("report_summary", args=[H1, "HP"]) in text
    assert reverse("report_draft_summary", args=[H1, "HP"]) not in text


def test_a_year_waits_for_both_half_years(city, approver, leader):
    rows.approve_all(city, H2, approver)
    with pytest.raises(ValidationError, match="6 tháng đầu năm 2023: 2 đơn vị"):
        services.freeze_report(unit=city["HP"], period=YEAR, actor=leader)
    for code in ("LC", "NQ"):
        services.mark_missing(unit=city[code], half=H1, reason="Không gửi", actor=approver)
    assert find_hindrances(city["HP"], YEAR) == []
    with pytest.raises(ValidationError, match="Chưa bắt đầu: 6 tháng cuối năm"):
        services.freeze_report(unit=city["HP"], period=Year(dt.date.today().year + 1), actor=leader)


def test_who_reported_one_half_year_is_said_apart(city, approver, leader, client):
    """NQ has sent the second only: its figures are in, it is no whole and no nothing."""
    rows.approve_all(city, H2, approver, {"LC": {"communication.events": 4, "training.classes": 0},
                                          "NQ": {"communication.events": 3, "training.classes": 0}})  # fmt: skip
    sent = rows.declare(
        city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"), {"communication.events": 6, "training.classes": 0}
    )
    services.approve_submission(submission=sent, actor=approver)
    services.mark_missing(unit=city["NQ"], half=H1, reason="Không gửi đúng hạn", actor=approver)
    payload = rows.freeze(city["HP"], YEAR, leader).payload
    assert (payload["partial"], payload["missing"]) == (["NQ"], [])
    assert payload["absent"] == [
        {"unit": "NQ", "name": "Quận Ngô Quyền", "reason": "6 tháng đầu năm 2023: Không gửi đúng hạn"}
    ]
    assert payload["figures"]["communication.events"] == 13
    assert (payload["by_unit"]["LC"]["training.classes"], payload["by_unit"]["NQ"].get("training.classes")) == (0, None)
    assert payload["coverage"]["one_half"]["communication.events"] == 1
    assert (
        "2/2 quận đã gửi báo cáo và được Hội cấp trên duyệt, trong đó 1 đơn vị mới báo cáo một kỳ"
        in payload["narrative"]
    )
    page = client.get("/bao-cao/2023/HP/").content.decode()
    assert "1 đơn vị chưa báo cáo đủ hai kỳ" in page
    assert "trong đó mới báo cáo một kỳ" in page
    head, *lines = client.get("/du-lieu-mo/2023/HP.csv").getvalue().decode("utf-8-sig").splitlines()
    assert head.endswith("so_don_vi_moi_bao_cao_mot_ky")
    assert next(one for one in lines if "tổng" in one and "communication.events" in one).endswith("2,2,1")


def test_a_year_is_compared_with_the_issued_year_before(both, leader):
    """Nothing issued: it says so, and never compares with what lives."""
    draft = services.build(both["HP"], Year(2024))
    assert draft.background.unissued == [YEAR]
    report = rows.freeze(both["HP"], YEAR, leader)
    rows.give(both, "LC", count=30, half="2024-H1")
    draft = services.build(both["HP"], Year(2024))
    assert draft.background.last_year.figures == report.exact["figures"]
    assert draft.background.previous is None
    assert "So với năm trước (năm 2023)" in draft.payload["narrative"]


def test_what_a_unit_wrote_twice_with_the_same_words_stands_once(city, approver):
    for half in (H1, H2):
        texts = {"activities": "Mở lớp học  tối.", "difficulties": f"Thiếu sách kỳ {half.half}."}
        one = rows.declare(city["LC"], half, rows.officer_of(city["LC"], "officer.lc"), texts=texts)
        services.approve_submission(submission=one, actor=approver)
    narrative = services.build(city["HP"], YEAR).payload["narrative"]
    assert narrative.count("Mở lớp học tối.") == 1
    assert "Quận Lê Chân: Thiếu sách kỳ 1. Thiếu sách kỳ 2." in narrative


def test_of_the_year_of_the_reform_no_more_units_have_reported_than_are_asked(city, approver):
    """Those that reported before they were merged are none of those that report now."""
    first, second = HalfYear(2025, 1), HalfYear(2025, 2)
    UnitSuccession.objects.create(
        from_unit=city["LC"], to_unit=city["NGOQUYEN"], on_date=factories.REFORM, kind="split", legal_basis="Nghị quyết"
    )  # now LC is split: it stands in the year by its own name
    rows.give(city, "LC", count=14, half=first.code)
    rows.approve_all(city, first, approver)
    one = rows.declare(city["LECHAN"], second, rows.officer_of(city["LECHAN"], "officer.lechan"))
    services.approve_submission(submission=one, actor=approver)
    payload = services.build(city["HP"], Year(2025)).payload
    assert any("Quận Lê Chân" in name for name in payload["units"].values())
    assert "của 1/2 phường đã gửi báo cáo" in payload["narrative"]


def test_what_a_unit_wrote_that_ended_stands_though_its_level_reports_no_more(city, approver):
    texts = {"activities": "Mở lớp học tối."}
    one = rows.declare(city["LC"], HalfYear(2025, 1), rows.officer_of(city["LC"], "officer.lc"), texts=texts)
    services.approve_submission(submission=one, actor=approver)
    Level.objects.update(reporting="never")
    assert "Quận Lê Chân: Mở lớp học tối." in services.build(city["HP"], Year(2025)).payload["narrative"]


# ---- what is withheld -------------------------------------------------------------------------------------------


def few(city):
    """NQ takes in two new members in the first half-year, and many in the second; LC many in both."""
    for number in range(12):
        rows.join(city["LC"], f"Lê Chân {number}", on=dt.date(2023, 2, 1))
        rows.join(city["LC"], f"Lê Chân sau {number}", on=dt.date(2023, 8, 1))
        rows.join(city["NQ"], f"Ngô Quyền sau {number}", on=dt.date(2023, 8, 1))
    rows.join(city["NQ"], "Ngô Quyền trước", on=dt.date(2023, 2, 1))


def test_a_year_does_not_give_back_what_a_half_year_withholds(city, leader):
    """Two new members of NQ in the first half-year, twelve in the second: the year's fourteen would tell the two."""
    few(city)
    for half in (H1, H2):
        rows.freeze(city["HP"], half, leader)
    year = services.build(city["HP"], YEAR)
    assert 0 < services.build(city["HP"], H1).exact["by_unit"]["NQ"][NEW] < LEAST
    assert NEW in year.payload["withheld"]["NQ"]
    draft = demand_issuable(city["HP"], YEAR)
    with pytest.raises(ToldError, match="Quận Ngô Quyền") as caught:
        demand_untold(Issue("HP", YEAR, shown_in_full(draft), draft.exact), DatedTree(YEAR.last_day))
    assert f"NQ:{NEW}" in caught.value.cells


def test_a_half_year_issued_after_its_year_is_held_against_it(city, leader):
    """The year tells NQ's fourteen: the second half-year's twelve are withheld then, or they tell the first's two."""
    few(city)
    rows.freeze(city["HP"], YEAR, leader)
    assert NEW in Report.objects.get().payload["by_unit"]["NQ"]
    rows.freeze(city["HP"], H1, leader)
    draft = demand_issuable(city["HP"], H2)
    assert NEW in draft.payload["withheld"]["NQ"]
    with pytest.raises(ToldError, match="Quận Ngô Quyền"):
        demand_untold(Issue("HP", H2, shown_in_full(draft), draft.exact), DatedTree(H2.last_day))


def test_a_year_tells_a_half_year_that_was_never_issued(city, leader):
    few(city)
    rows.freeze(city["HP"], H2, leader)
    draft = services.build(city["HP"], YEAR)
    with pytest.raises(ToldError, match="Quận Ngô Quyền"):
        demand_untold(Issue("HP", YEAR, shown_in_full(draft), draft.exact), DatedTree(YEAR.last_day))
    assert NEW in demand_issuable_with_offer(city["HP"], YEAR).payload["withheld"]["NQ"]


@pytest.mark.parametrize("issued", [(H1,), (H1, H2), ()])
def test_a_stranger_finds_a_years_totals_whichever_half_years_are_issued(both, leader, client, issued):
    """Without both, rows are not public yet: then the totals are those of the units."""
    for period in (*issued, YEAR):
        rows.freeze(both["HP"], period, leader)
    assert run_lines(client, write_lines("", YEAR, "HP")["python"]).endswith(" 0 khác")


def test_a_stranger_finds_what_a_year_publishes_and_its_half_years_withhold(tree, site_profile, leader, client):
    """No row of a unit alone in the pool is shown: only the year's own sums hold what no half-year tells."""
    tree["programmes"], tree["funds"] = factories.make_programmes(tree["HP"]), {"LC": factories.make_fund(tree["LC"])}
    award = [f"{unit}:disbursements.{what}.award" for unit in ("HP", "LC") for what in ("turns", "amount")]
    for half in (H1, H2):
        rows.give(tree, "LC", count=15, half=half.code)
        report = rows.freeze(tree["HP"], half, leader, withhold=award)
        assert "disbursements.turns.award" not in report.payload["figures"]
    assert rows.freeze(tree["HP"], YEAR, leader).payload["figures"]["disbursements.turns.award"] == 10
    for period in (H1, H2, YEAR):
        assert run_lines(client, write_lines("", period, "HP")["python"]).endswith(" 0 khác")


def test_reports_that_tell_together_are_named(city, leader):
    """A planted half-year and the year tell what the other half-year withholds: it says which to revoke."""
    few(city)
    rows.freeze(city["HP"], YEAR, leader)
    plant(rows.freeze(city["HP"], H2, leader))
    with pytest.raises(ToldError) as caught:
        demand_issuable(city["HP"], H1)
    assert caught.value.leak.tellers


def shown_in_full(draft):
    """A payload that shows NQ's new members after all."""
    by_unit = {code: dict(figures) for code, figures in draft.payload["by_unit"].items()}
    by_unit["NQ"][NEW] = draft.exact["by_unit"]["NQ"][NEW]
    withheld = {
        code: [name for name in names if (code, name) != ("NQ", NEW)]
        for code, names in draft.payload["withheld"].items()
    }
    return draft.payload | {"by_unit": by_unit, "withheld": withheld}


def demand_issuable_with_offer(unit, period):
    try:
        return demand_issuable(unit, period)
    except ToldError as told:
        return demand_issuable(unit, period, told.cells)


# ---- what the database holds ------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["'2023-H3'", "'20233'", "'năm'", "''", "NULL"])
def test_the_database_takes_a_half_year_or_a_year(city, leader, period):
    rows.freeze(city["HP"], YEAR, leader)
    copy = (
        "INSERT INTO reports_reportcomment (unit_id, period, text, written_by_id, written_at) "
        "SELECT unit_id, {}, 'Lời', issued_by_id, now() FROM reports_report"
    )
    with connection.cursor() as cursor:
        cursor.execute(copy.format("'2023'"))
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(copy.format(period))


def test_a_second_year_without_replacing_the_first_is_refused(city, leader):
    rows.freeze(city["HP"], YEAR, leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.freeze(city["HP"], YEAR, leader)
