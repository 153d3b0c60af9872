"""The way of a report: commented on, numbered and frozen, signed, issued; thrown away before, or revoked after."""

import lxml.html
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Highlight, SearchEntry
from portal.services.versions import version_of
from reports import services
from reports.models import Report, ReportComment
from reports.services.changes import list_changes, tells_people
from scholarships.services.verifying import find_differences
from tests.reports import rows

H1 = HalfYear(2023, 1)
REPORT = "/lam-viec/bao-cao/2023-H1/HP/"
PUBLIC = "/bao-cao/2023-H1/HP/"
WHY = "Sai số liệu của quận Lê Chân"


@pytest.fixture
def numbered(city, leader):
    """Version 1 with number 12, to be signed; its files say nothing."""
    return rows.freeze(city["HP"], H1, leader, state="frozen", number=12)


def test_what_is_numbered_is_for_staff_until_it_is_issued(city, client_of, approver, leader, auditor):
    rows.approve_all(city, H1, approver)
    numbered, public = services.freeze_report(unit=city["HP"], period=H1, number=12, actor=leader), client_of(None)
    assert public.get(PUBLIC).status_code == 404
    assert public.get("/bao-cao/2023-H1/HP.pdf").status_code == 404
    paper = public.get(f"/xac-minh/{numbered.code}/").content.decode()
    assert "chưa ban hành" in paper
    assert "/bao-cao/2023-H1/HP.pdf" not in paper
    assert not Highlight.objects.filter(key="reports.latest").exists()
    assert client_of(auditor).get(f"/lam-viec/bao-cao/tep/{numbered.pk}.pdf").content == numbered.content_of("pdf")
    page = client_of(leader).get(REPORT).content.decode()
    assert "Đã ký: ban hành" in page
    services.publish_report(report=numbered, version=version_of(Report.objects.get()), actor=leader)
    assert public.get(PUBLIC).status_code == 200
    assert Highlight.objects.filter(key="reports.latest").exists()
    assert find_differences() == []
    actions = AuditEntry.objects.filter(target_type="reports.report").order_by("id").values_list("action", flat=True)
    assert list(actions) == ["reports.report.freeze", "reports.report.issue"]


def test_a_second_is_not_numbered_while_one_waits(numbered, city, leader):
    with pytest.raises(ValidationError, match="chờ ký"), transaction.atomic():
        services.freeze_report(unit=city["HP"], period=H1, actor=leader)


def test_it_can_be_thrown_away_with_a_reason_and_numbered_anew(numbered, client_of, city, leader):
    page = client_of(leader).post(f"{REPORT}huy/", {"discard-reason": "Sai"})
    assert "ít nhất" in page.content.decode()
    assert client_of(leader).post(f"{REPORT}huy/", {"discard-reason": WHY}).status_code == 302
    numbered.refresh_from_db()
    assert (numbered.state, numbered.decision_reason, numbered.decided_by) == ("discarded", WHY, leader)
    assert client_of(None).get(f"/xac-minh/{numbered.code}/").status_code == 410
    assert services.free_numbers(city["HP"]) == list(range(1, 13))
    assert services.next_number(city["HP"]) == 13
    again = rows.freeze(city["HP"], H1, leader, state="frozen", number=12)  # a gap may be used, a version made anew
    assert (again.version, again.number) == (1, 12)
    stale = client_of(leader).post(f"{REPORT}ban-hanh/", {"version": version_of(numbered)})
    assert stale.status_code == 409
    with pytest.raises(ValidationError, match="trạng thái khác"), transaction.atomic():
        services.publish_report(report=numbered, actor=leader)


def read_gaps(client, address=REPORT):
    """The line of the report's page that names the numbers no report bears; None without one."""
    page = lxml.html.document_fromstring(client.get(address).content)
    lines = [" ".join(one.text_content().split()) for one in page.iterfind(".//p")]
    return next((line for line in lines if line.startswith("Các số trong năm chưa có báo cáo nào dùng:")), None)


def test_the_page_names_the_gaps_of_this_years_numbers(city, client_of, approver, leader):
    """Whoever numbers the next report sees which numbers were left out; one thrown away leaves its number a gap."""
    rows.approve_all(city, H1, approver)
    client = client_of(leader)
    assert read_gaps(client) is None  # nothing is numbered: nothing is left out
    other = HalfYear(2022, 2)
    rows.freeze(city["HP"], other, leader, number=1)
    assert read_gaps(client) is None
    rows.freeze(city["LC"], other, leader, number=3)  # another unit has numbers of its own
    second = rows.freeze(city["HP"], HalfYear(2022, 1), leader, state="frozen", number=4)
    assert read_gaps(client) == "Các số trong năm chưa có báo cáo nào dùng: 2, 3"
    services.discard_report(report=second, reason=WHY, actor=leader)
    assert read_gaps(client) == "Các số trong năm chưa có báo cáo nào dùng: 2, 3, 4"
    assert read_gaps(client_of(approver)) is None  # who does not number is not asked to choose


def test_gaps_of_the_years_numbers_are_named_where_a_number_is_chosen(
    numbered, client_of, city, approver, leader, auditor
):
    rows.approve_all(city, H1, approver)
    told = "Các số trong năm chưa có báo cáo nào dùng: "
    page = client_of(leader).get(REPORT).content.decode()
    assert told not in page  # while one waits for its signature no number is chosen
    services.discard_report(report=numbered, reason=WHY, actor=leader)
    rows.freeze(city["HP"], HalfYear(2022, 2), leader, number=3)
    page = client_of(leader).get(REPORT).content.decode()
    free = services.free_numbers(city["HP"])
    assert free[:3] == [1, 2, 4]  # the third is borne by a report, the thrown-away one's is free again
    assert f"{told}{', '.join(map(str, free))}<" in page
    assert told not in client_of(auditor).get(REPORT).content.decode()


def test_a_revoked_report_says_so_with_its_reason(numbered, client_of, city, leader):
    services.publish_report(report=numbered, actor=leader)
    assert client_of(leader).post(f"{REPORT}thu-hoi/", {"revoke-reason": WHY}).status_code == 302
    for address in (PUBLIC, "/bao-cao/2023-H1/HP.pdf", f"/xac-minh/{numbered.code}/", f"{PUBLIC}?version=1"):
        page = client_of(None).get(address)
        assert page.status_code == 410, address
        assert WHY in page.content.decode()
    assert client_of(None).get("/bao-cao/").status_code == 200
    assert PUBLIC not in client_of(None).get("/bao-cao/").content.decode()
    assert not SearchEntry.objects.filter(kind="report").exists()
    assert not Highlight.objects.filter(key="reports.latest").exists()
    rows.freeze(city["HP"], H1, leader, version=2, replaces=numbered)
    assert client_of(None).get(PUBLIC).status_code == 200
    assert client_of(None).get(f"{PUBLIC}?version=1").status_code == 410


def home_card(client) -> tuple[str, dict[str, str], str]:
    """Return title, figures (label -> value) and address of the card as the home page shows it."""
    card = lxml.html.fromstring(client.get("/").content).find_class("highlight")
    if not card:
        return "", {}, ""
    texts = [" ".join(one.text_content().split()) for one in card[0].find_class("figure-label")]
    values = [" ".join(one.text_content().split()) for one in card[0].find_class("figure-value")]
    return card[0].findtext(".//h2"), dict(zip(texts, values, strict=True)), card[0].xpath("string(.//a/@href)")


def test_p13_the_home_shows_the_figures_of_the_last_issued_report(numbered, client_of, city, leader):
    """Of the newest half-year that readers find, whatever was issued when; a unit's own report is no card."""
    reader = client_of(None)
    assert home_card(reader) == ("", {}, "")
    services.publish_report(report=numbered, actor=leader)
    title, told, link = home_card(reader)
    assert (title, link) == ("Kết quả 6 tháng đầu năm 2023", PUBLIC)
    assert told["Lượt học bổng, khen thưởng, hỗ trợ"] == "28"
    assert told["Hội viên mới"] == "4"
    earlier = rows.freeze(city["HP"], HalfYear(2022, 2), leader, state="frozen")
    services.publish_report(report=earlier, actor=leader)
    district = rows.freeze(city["LC"], HalfYear(2023, 2), leader, state="frozen")
    services.publish_report(report=district, actor=leader)
    assert home_card(reader) == (title, told, link)
    services.revoke_report(report=numbered, reason=WHY, actor=leader)
    assert home_card(reader)[::2] == ("Kết quả 6 tháng cuối năm 2022", "/bao-cao/2022-H2/HP/")
    services.revoke_report(report=earlier, reason=WHY, actor=leader)
    assert home_card(reader) == ("", {}, "")


def test_only_who_issues_takes_the_steps(numbered, client_of, approver, auditor):
    for person in (approver, auditor):
        for path in ("ban-hanh/", "huy/", "thu-hoi/", "gop-y/"):
            assert client_of(person).post(f"{REPORT}{path}", {}).status_code == 403
        for service in (services.publish_report, services.discard_report, services.revoke_report):
            given = {} if service is services.publish_report else {"reason": WHY}
            with pytest.raises(PermissionDenied):
                service(report=numbered, actor=person, **given)


def test_a_newer_version_says_what_it_replaces_and_what_changed(numbered, city, approver, leader, client_of):
    services.publish_report(report=numbered, actor=leader)
    rows.give(city, "NQ", count=9, start=500)
    rows.approve_all(city, H1, approver)
    second = services.issue_report(unit=city["HP"], period=H1, reason=WHY, actor=leader)
    told = {(one["unit"], one["code"]): one for one in second.payload["changes"]}
    assert (told["", "disbursements.turns"]["before"], told["", "disbursements.turns"]["after"]) == (28, 37)
    assert told["", "disbursements.turns"]["text"] == "28 → 37"
    assert second.payload["replaced"].startswith("Báo cáo số 12/BC-HKH ngày")
    page = client_of(None).get(PUBLIC).content.decode()
    assert "28 → 37" in page
    assert WHY in page


def test_where_a_difference_tells_single_people_the_older_files_are_for_staff(
    numbered, city, approver, leader, client_of, auditor
):
    services.publish_report(report=numbered, actor=leader)
    rows.give(city, "NQ", count=1, start=500)
    rows.approve_all(city, H1, approver)
    second = services.issue_report(unit=city["HP"], period=H1, reason=WHY, actor=leader)
    assert second.hides == [1]
    turns = next(one for one in second.payload["changes"] if one["code"] == "disbursements.turns" and not one["unit"])
    assert (turns["before"], turns["after"]) == (None, None)
    assert "28" not in turns["text"]
    older = client_of(None).get(f"{PUBLIC}?version=1")
    assert older.status_code == 200
    assert numbered.sha256 in older.content.decode()
    assert "Quận Ngô Quyền" not in older.content.decode()
    for kind in ("pdf", "docx", "xlsx", "json"):
        assert client_of(None).get(f"/bao-cao/2023-H1/HP.{kind}?version=1").status_code == 410, kind
        assert client_of(auditor).get(f"/lam-viec/bao-cao/tep/{numbered.pk}.{kind}").status_code == 200, kind
    assert client_of(None).get("/du-lieu-mo/2023-H1/HP.csv?version=1").status_code == 410
    assert client_of(None).get("/bao-cao/2023-H1/HP.pdf").status_code == 200


def test_changes_name_no_few_people():
    old = {"unit": "HP", "unit_name": "HP", "figures": {"members.new": 12}, "by_unit": {}, "order": [], "withheld": {}}
    new = old | {
        "figures": {"members.new": 14}, "units": {}, "indicators": {"members.new": {"label": "Hội viên mới"}}
    }  # fmt: skip
    assert tells_people(old, new)
    assert [(one["few"], one["before"]) for one in list_changes(old, new)] == [(True, None)]
    assert not tells_people(old, new | {"figures": {"members.new": 20}})
    assert tells_people(old, new | {"figures": {}, "withheld": {"HP": ["members.new"]}})


def test_two_versions_tell_few_late_rows_also_by_what_they_leave_of_the_whole():
    """Eight turns came late, five of them to people in hardship: the other three are as few as any."""
    turns, hardship = "disbursements.turns", "disbursements.turns.hardship"
    old = {
        "unit": "HP", "unit_name": "HP", "figures": {turns: 100, hardship: 50}, "by_unit": {}, "order": [],
        "withheld": {}, "indicators": {turns: {"label": "Lượt"}, hardship: {"label": "Lượt khó khăn"}},
    }  # fmt: skip
    assert tells_people(old, old | {"figures": {turns: 108, hardship: 55}})
    assert not tells_people(old, old | {"figures": {turns: 110, hardship: 55}})
    assert not tells_people(old, old | {"figures": {turns: 108, hardship: 58}})
    shown = list_changes(old, old | {"figures": {turns: 108, hardship: 55}})
    assert [one["few"] for one in shown] == [False, True]


def test_a_leader_comments_and_it_is_seen_to(numbered, client_of, city, leader, approver):
    assert client_of(leader).post(f"{REPORT}gop-y/", {"text": "Xem lại số hội viên của quận"}).status_code == 302
    comment = ReportComment.objects.get()
    assert "Xem lại số hội viên" in client_of(approver).get(REPORT).content.decode()
    done = client_of(approver).post(f"{REPORT}gop-y/{comment.pk}/xong/", {"version": version_of(comment)})
    assert done.status_code == 302
    comment.refresh_from_db()
    assert comment.settled_by == approver
    with pytest.raises(ValidationError), transaction.atomic():
        services.settle_comment(comment=comment, actor=leader)
    assert client_of(leader).post(f"{REPORT}gop-y/", {"text": " "}).status_code == 302
    assert ReportComment.objects.count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_report SET state = 'issued'",
        "UPDATE reports_report SET state = NULL",
        "UPDATE reports_report SET state = 'revoked', decided_by_id = issued_by_id, decided_at = now()",
        "UPDATE reports_report SET state = 'discarded', decided_by_id = issued_by_id, decided_at = now()",
        "UPDATE reports_report SET state = 'issued', decided_by_id = issued_by_id, decided_at = now(), number = 13",
        "UPDATE reports_report SET hides = '[1]'",
    ],
)
def test_the_database_lets_only_the_state_change(numbered, statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")


@pytest.mark.parametrize("statement", ["UPDATE {} SET text = 'khác'", "DELETE FROM {}"])
def test_a_comment_stays_as_it_was_written(numbered, city, leader, statement):
    services.comment_report(unit=city["HP"], period=H1, text="Xem lại", actor=leader)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement.format('reports_reportcomment')}")
