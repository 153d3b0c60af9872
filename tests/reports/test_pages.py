"""The pages of half-years and reports: who sees what, what is kept when refused, and how many queries a list takes."""

import datetime as dt
import html
import json
import re

import pytest
from django.utils import timezone

from news import services as news
from news.models import Article, Category
from portal.lib.periods import HalfYear
from portal.lib.qr import ALPHABET, format_code
from portal.services.versions import version_of
from reports import services
from reports.figures import INDICATORS
from reports.forms import field_name
from reports.models import Deadline, Report, Submission
from scholarships.models.disbursement import _count_received_kept
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)
BOARD, LC = "/lam-viec/nua-nam/2023-H1/", "/lam-viec/nua-nam/2023-H1/LC/"
REPORT = "/lam-viec/bao-cao/2023-H1/HP/"


@pytest.fixture
def approved(city, approver):
    rows.approve_all(city, H1, approver)
    return city


@pytest.fixture
def report(approved, leader):
    return services.issue_report(unit=approved["HP"], period=H1, number=12, actor=leader)


def form_data(**values):
    data = {field_name(code): text for code, text in values.pop("values", {}).items()}
    return {"activities": "", "difficulties": "", "plan": "", "proposals": ""} | data | values


def test_the_whole_way_on_screen(city, client_of, officer_lc, approver, leader, editor):
    Category.objects.create(name="Hoạt động Hội", slug="hoat-dong-hoi")
    page = client_of(officer_lc).post(
        f"{LC}nhap/", form_data(values={"communication.events": "1.200"}, plan="Mở lớp", submit="1"), follow=True
    )
    assert page.redirect_chain[-1][0] == LC
    assert Submission.objects.get().state == "draft"  # something stands out: it is looked at once more, then sent
    client_of(officer_lc).post(f"{LC}gui/")
    assert Submission.objects.get().state == "submitted"
    services.mark_missing(unit=city["NQ"], half=H1, reason="Không gửi", actor=approver)
    assert client_of(approver).post(f"{LC}duyet/").status_code == 302
    assert Submission.objects.get(unit=city["LC"]).state == "approved"
    assert client_of(leader).post(f"{REPORT}danh-so/", {"number": "12"}).status_code == 302
    assert client_of(None).get("/bao-cao/2023-H1/HP/").status_code == 404  # numbered, not public
    assert client_of(leader).post(f"{REPORT}ban-hanh/").status_code == 302
    report = Report.objects.get()
    assert client_of(leader).get(REPORT).status_code == 200
    assert client_of(editor).get(f"{REPORT}tin-bai/").status_code == 200
    assert client_of(editor).post(f"{REPORT}tin-bai/").status_code == 302
    article = Article.objects.get()
    assert client_of(leader).post(f"{REPORT}tin-bai/").status_code == 302  # a second click: the same draft
    assert Article.objects.count() == 1
    body = article.working_revision.body
    assert "./." in body
    assert "data-photo" in body
    assert {figure["label"] for figure in article.figures} >= {"hội viên mới"}
    assert article.figures[0]["link"].endswith("/bao-cao/2023-H1/HP/?version=1")
    assert article.working_revision.lead.startswith("Hội Khuyến học thành phố Hải Phòng vừa tổ chức Hội nghị sơ kết")
    assert client_of(None).get(f"/xac-minh/{report.code}/").status_code == 200


# ---- who sees what ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "nhap/"])
def test_another_units_half_year_is_not_there(city, client_of, officer_lc, officer_nq, officer_lechan, path):
    assert client_of(officer_nq).get(f"{LC}{path}").status_code == 404
    assert client_of(officer_lc).get(f"{LC}{path}").status_code == 200
    assert client_of(officer_lechan).get(f"{LC}{path}").status_code == 200


@pytest.mark.parametrize("path", ["gui/", "duyet/", "tra-lai/", "thieu/", "mo-lai/"])
def test_steps_of_another_unit_are_refused(city, client_of, officer_nq, path):
    rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"))
    assert client_of(officer_nq).post(f"{LC}{path}", {"return-reason": "x", "missing-reason": "x"}).status_code in {
        403,
        404,
    }
    assert Submission.objects.get().state == "submitted"


@pytest.mark.parametrize(
    "path", [BOARD, LC, REPORT, "/lam-viec/bao-cao/", f"{REPORT}so-lieu/members.new/", f"{REPORT}du-thao.json"]
)
def test_staff_pages_ask_for_a_sign_in_and_a_right(city, client_of, editor, auditor, path):
    assert client_of(None).get(path).status_code == 302
    assert client_of(editor).get(path).status_code == 403
    assert client_of(auditor).get(path).status_code == 200


def test_the_board_shows_an_officer_their_own_line_only(city, client_of, officer_lc, auditor):
    mine, all_of_them = (
        client_of(officer_lc).get(BOARD).content.decode(),
        client_of(auditor).get(BOARD).content.decode(),
    )
    assert "Quận Lê Chân" in mine
    assert "Quận Ngô Quyền" not in mine
    assert "Quận Ngô Quyền" in all_of_them


def test_only_the_leader_issues_on_screen(approved, client_of, approver, leader):
    assert client_of(approver).post(f"{REPORT}danh-so/", {"number": "1"}).status_code == 403
    assert client_of(approver).post(f"{REPORT}ban-hanh/").status_code == 403
    assert client_of(leader).post(f"{REPORT}danh-so/", {"number": "0"}).status_code == 200
    assert not Report.objects.exists()


def test_a_unit_without_a_half_year_is_404(city, client_of, auditor):
    for code in ("LC-AB", "HP", "11383", "XX"):
        assert client_of(auditor).get(f"/lam-viec/nua-nam/2023-H1/{code}/").status_code == 404


# ---- entering --------------------------------------------------------------------------------------------------


def test_what_cannot_be_read_is_shown_beside_its_field_and_kept(city, client_of, officer_lc):
    page = client_of(officer_lc).post(
        f"{LC}nhap/", form_data(values={"communication.events": "mười", "chapters.total": "12"}, plan="Mở lớp")
    )
    text = page.content.decode()
    assert page.status_code == 200
    assert "mười" in text
    assert 'value="12"' in text
    assert "Mở lớp" in text
    assert not Submission.objects.exists()


@pytest.mark.parametrize(("text", "number"), [("1.200", 1200), ("1 200", 1200), ("0", 0), ("", None)])
def test_numbers_as_people_write_them(city, client_of, officer_lc, text, number):
    client_of(officer_lc).post(f"{LC}nhap/", form_data(values={"chapters.total": text}, plan="x"))
    assert Submission.objects.get().values.values_list("value", flat=True).first() == number


@pytest.mark.parametrize("text", ["1,5", "12.34", "-3", "1e3", "٣", "9" * 16])
def test_numbers_nobody_means(city, client_of, officer_lc, text):
    assert client_of(officer_lc).post(f"{LC}nhap/", form_data(values={"chapters.total": text})).status_code == 200
    assert not Submission.objects.exists()


def opened_by(client):
    """What the form says of itself when it is opened."""
    page = client.get(f"{LC}nhap/").content.decode()
    return html.unescape(re.search(r'name="opened" value="([^"]*)"', page)[1])


def stored():
    return dict(Submission.objects.get().values.values_list("indicator", "value"))


def test_of_two_at_once_each_keeps_what_they_entered(city, client_of, officer_lc, officer_lechan):
    mine, theirs = client_of(officer_lc), client_of(officer_lechan)
    opened = opened_by(mine)
    theirs.post(f"{LC}nhap/", form_data(values={"chapters.total": "111", "training.classes": "22"}, plan="Lời của họ"))
    page = mine.post(f"{LC}nhap/", form_data(values={"communication.radio": "333"}, opened=opened), follow=True)
    assert stored() == {"chapters.total": 111, "training.classes": 22, "communication.radio": 333}
    assert Submission.objects.get().plan == "Lời của họ"
    assert "Chi hội, Lớp tập huấn" in " ".join(str(one) for one in page.context["messages"])


def test_what_somebody_else_saved_meanwhile_is_not_sent_unseen(city, client_of, officer_lc, officer_lechan):
    mine, theirs = client_of(officer_lc), client_of(officer_lechan)
    opened = opened_by(mine)
    theirs.post(f"{LC}nhap/", form_data(values={"chapters.total": "999999"}))
    radio = form_data(values={"communication.radio": "3"}, opened=opened) | {"submit": "1"}
    page = mine.post(f"{LC}nhap/", radio, follow=True)
    assert Submission.objects.get().state == "draft"
    assert "Chi hội" in str(next(iter(page.context["messages"])))
    seen = version_of(Submission.objects.get())
    theirs.post(f"{LC}nhap/", form_data(values={"training.classes": "5"}))
    assert mine.post(f"{LC}gui/", {"version": seen}).status_code == 409
    assert Submission.objects.get().state == "draft"
    mine.post(f"{LC}gui/", {"version": version_of(Submission.objects.get())})
    assert Submission.objects.get().state == "submitted"


def test_a_figure_that_was_emptied_is_gone_and_others_stay(city, client_of, officer_lc):
    client = client_of(officer_lc)
    client.post(f"{LC}nhap/", form_data(values={"chapters.total": "10", "training.classes": "2"}))
    client.post(f"{LC}nhap/", form_data(values={"training.classes": "2"}, opened=opened_by(client)))
    assert stored() == {"training.classes": 2}


def test_a_form_that_cannot_be_saved_offers_no_saving_unless_something_typed_waits(city, client_of, officer_lc):
    """What is typed in a page that was open while the half-year was sent stays, and may be sent again once it is back."""
    client, edit, save = client_of(officer_lc), f"{LC}nhap/", 'name="submit"'
    assert save in client.get(edit).content.decode()
    rows.declare(city["LC"], H1, officer_lc)
    page = client.get(edit).content.decode()
    assert "đã gửi" in page
    assert save not in page
    late = client.post(edit, form_data(values={"chapters.total": "77"}))
    assert 'value="77"' in late.content.decode()
    assert save in late.content.decode()
    assert stored().get("chapters.total") != 77


def test_the_same_figure_changed_by_two_asks_whose_stands(city, client_of, officer_lc, officer_lechan):
    mine, theirs = client_of(officer_lc), client_of(officer_lechan)
    opened = opened_by(mine)
    theirs.post(f"{LC}nhap/", form_data(values={"chapters.total": "10", "training.classes": "22"}))
    page = mine.post(f"{LC}nhap/", form_data(values={"chapters.total": "12"}, plan="Lời của tôi", opened=opened))
    text = page.content.decode()
    assert page.status_code == 409
    assert stored() == {"chapters.total": 10, "training.classes": 22}
    for told in ('value="12"', "Lời của tôi", "<strong>10</strong>", "<strong>12</strong>"):
        assert told in text
    opened = html.unescape(re.search(r'name="opened" value="([^"]*)"', text)[1])
    again = form_data(values={"chapters.total": "12", "training.classes": "22"}, plan="Lời của tôi", opened=opened)
    unsaid = mine.post(f"{LC}nhap/", again | {"clash": "chapters.total"})
    assert unsaid.status_code == 200
    assert "<strong>10</strong>" in unsaid.content.decode()
    assert stored()["chapters.total"] == 10
    mine.post(f"{LC}nhap/", again | {"clash": "chapters.total", "keep-chapters.total": "theirs"})
    assert stored() == {"chapters.total": 10, "training.classes": 22}
    assert Submission.objects.get().plan == "Lời của tôi"
    opened = opened_by(mine)
    again = form_data(values={"chapters.total": "12", "training.classes": "22"}, plan="Lời của tôi", opened=opened)
    mine.post(f"{LC}nhap/", again | {"clash": "chapters.total", "keep-chapters.total": "mine"})
    assert stored() == {"chapters.total": 12, "training.classes": 22}


def test_a_return_without_a_reason_shows_the_form_again(city, client_of, approver):
    rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"))
    assert client_of(approver).post(f"{LC}tra-lai/", {"return-reason": ""}).status_code == 200
    assert Submission.objects.get().state == "submitted"
    client_of(approver).post(f"{LC}tra-lai/", {"return-reason": "Thiếu số lớp tập huấn"})
    assert Submission.objects.get().reason == "Thiếu số lớp tập huấn"


def test_of_one_figure_a_return_says_everything_in_one_place(city, client_of, approver):
    """Said twice of one figure, the first words would be lost."""
    rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"))
    client, sent = client_of(approver), {"return-reason": "Xem lại", "return-cell_1": "chapters.total"}
    sent |= {"return-words_1": "thiếu một chi hội", "return-words_2": "chưa trừ chi hội đã giải thể"}
    page = client.post(f"{LC}tra-lai/", sent | {"return-cell_2": "chapters.total"})
    assert "cell_2" in page.context["return_form"].errors
    assert Submission.objects.get().state == "submitted"
    client.post(f"{LC}tra-lai/", sent | {"return-cell_2": "communication.events"})
    assert set(Submission.objects.get().cell_reasons) == {"chapters.total", "communication.events"}


def test_a_unit_reads_what_each_figure_counts_and_yes_or_no_in_words(city, client_of, officer_lc):
    last = H1.previous()
    services.save_submission(unit=city["LC"], half=last, values={"funds.topup_policy": 0}, texts={}, actor=officer_lc)
    services.save_submission(unit=city["LC"], half=H1, values={"funds.topup_policy": 1}, texts={}, actor=officer_lc)
    text = client_of(officer_lc).get(LC).content.decode()
    row = next(one for one in re.split(r"<tr[^>]*>", text) if "có chính sách bổ sung quỹ" in one)
    assert [one.strip() for one in re.findall(r"<td[^>]*>([^<]*)</td>", row)] == ["Không", "Có"]
    for code in ("chapters.total", "members.new"):  # one that is declared, one that is counted
        assert html.escape(str(INDICATORS[code].definition)) in text


def test_the_city_sets_the_day(city, client_of, approver, officer_lc):
    assert client_of(officer_lc).post(f"{BOARD}han-gui/", {"due_on": "2023-07-05"}).status_code == 403
    client_of(approver).post(f"{BOARD}han-gui/", {"due_on": "2023-07-05"})
    assert Deadline.objects.get().due_on == dt.date(2023, 7, 5)
    page = client_of(approver).post(f"{BOARD}han-gui/", {"due_on": "32/13/2023"}, follow=True)
    assert "32/13/2023" in " ".join(str(one) for one in page.context["messages"])
    assert "05/07/2023" in client_of(approver).get(BOARD).content.decode()


# ---- figures and their rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("disbursements.turns", 19),
        ("disbursements.turns.award", 6),
        ("disbursements.amount.hardship", None),
        ("recipients.distinct", 19),
        ("recipients.pupil", 19),
        ("members.new", 3),
        ("members.total", 3),
        ("funds.opening", 40_000_000_000),
        ("funds.spending", None),
        ("funds.closing", None),
        ("funds.income", 0),
        ("communication.events", 5),
    ],
)
def test_the_rows_behind_a_figure_add_up_to_it(approved, client_of, auditor, indicator, value):
    page = client_of(auditor).get(f"{REPORT}so-lieu/{indicator}/", {"unit": "LC"})
    assert page.status_code == 200
    assert page.context["value"] == page.context["rows"].total
    assert value is None or page.context["value"] == value
    assert "Nguyễn Văn" not in page.content.decode()  # initials only


def test_the_drill_down_of_another_unit_is_404(approved, client_of, auditor):
    assert client_of(auditor).get(f"{REPORT}so-lieu/disbursements.turns/", {"unit": "11383"}).status_code == 404
    assert client_of(auditor).get(f"{REPORT}so-lieu/no.such/").status_code == 404


# ---- queries ---------------------------------------------------------------------------------------------------


def count_queries(client, path, django_assert_max_num_queries, most):
    _count_received_kept.cache_clear()  # the page of who comes first after somebody has received
    with django_assert_max_num_queries(most) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def more_units(city, count):
    for number in range(count):
        unit = factories.make_unit(
            f"Q{number}",
            f"Quận Số {number}",
            parent=city["HP"],
            level=factories.make_level("district", 20),
            until=factories.REFORM,
        )
        Submission.objects.create(unit=unit, half="2023-H1", entered_by=rows.system())


@pytest.mark.parametrize("path", [BOARD, REPORT, f"{REPORT}so-lieu/disbursements.turns/?unit=LC", "/lam-viec/"])
def test_pages_take_the_same_queries_however_many_rows(
    city, client_of, auditor, leader, path, django_assert_max_num_queries
):
    client = client_of(leader if path == "/lam-viec/" else auditor)
    before = count_queries(client, path, django_assert_max_num_queries, 72)
    more_units(city, 8)
    rows.give(city, "LC", count=20, start=100)
    assert count_queries(client, path, django_assert_max_num_queries, 72) == before


@pytest.mark.parametrize("path", ["/bao-cao/", "/du-lieu-mo/", "/lam-viec/bao-cao/"])
def test_lists_of_reports_take_the_same_queries(
    report, approved, client_of, auditor, leader, path, django_assert_max_num_queries
):
    client = client_of(auditor)
    before = count_queries(client, path, django_assert_max_num_queries, 30)
    copy(report, approved["LC"])
    assert count_queries(client, path, django_assert_max_num_queries, 30) == before


def copy(report, unit):
    return Report.objects.create(
        unit=unit,
        period=report.period,
        version=1,
        number=1,
        symbol=report.symbol,
        code=f"X{unit.pk}",
        payload=report.payload,
        exact=report.exact,
        canonical=report.canonical,
        sha256=report.sha256,
        issued_on=report.issued_on,
        issued_by=report.issued_by,
        state=report.state,
        decided_by=report.decided_by,
        decided_at=report.decided_at,
    )


# ---- in public -------------------------------------------------------------------------------------------------


def test_the_public_reads_lists_and_files(report, client):
    for path in ("/bao-cao/", "/bao-cao/2023-H1/HP/", "/bao-cao/2023-h1/hp/", "/xac-minh/", "/du-lieu-mo/"):
        page = client.get(path)
        assert page.status_code == 200, path
        assert not page.cookies
    for kind, start in (("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK"), ("json", b"{")):
        file = client.get(f"/bao-cao/2023-H1/HP.{kind}")
        assert file.content.startswith(start), kind
        assert client.get(f"/bao-cao/2023-H1/HP.{kind}", headers={"If-None-Match": file["ETag"]}).status_code == 304
    assert json.loads(client.get("/bao-cao/2023-H1/HP.json").content)["sha256"] == report.sha256
    assert client.get("/du-lieu-mo/2023-H1/HP.csv").content.decode("utf-8-sig").startswith("ky,")
    for path in (
        "/bao-cao/2023-H1/LC/",
        "/bao-cao/2022-H1/HP/",
        "/bao-cao/2023-H3/HP/",
        "/bao-cao/2023-H1/HP.exe",
        "/bao-cao/2023-H1/HP/?version=9",
    ):
        assert client.get(path).status_code == 404, path


def test_small_figures_are_nowhere_in_public(report, client):
    assert "disbursements.turns.award" in report.exact["by_unit"]["NQ"]
    served = json.loads(client.get("/bao-cao/2023-H1/HP.json").content)
    assert "disbursements.turns.award" not in served["by_unit"]["NQ"]
    assert "(*)" in client.get("/bao-cao/2023-H1/HP/").content.decode()


def test_a_wrong_code_is_404_and_a_typed_one_finds_its_report(report, client):
    for place in range(len(report.code)):
        other = ALPHABET[(ALPHABET.index(report.code[place]) + 1) % len(ALPHABET)]
        assert client.get(f"/xac-minh/{report.code[:place]}{other}{report.code[place + 1 :]}/").status_code == 404
    typed = format_code(report.code).lower()
    assert client.get("/xac-minh/", {"code": typed}).url == f"/xac-minh/{report.code}/"
    assert client.get(f"/xac-minh/{typed}/").url == f"/xac-minh/{report.code}/"
    refused = client.get("/xac-minh/", {"code": "ABC"})
    assert refused.status_code == 200
    assert "ABC" in refused.content.decode()


def test_a_replaced_version_says_so_and_stays(report, approved, leader, client):
    newer = services.issue_report(unit=approved["HP"], period=H1, reason="Sửa số liệu của quận", actor=leader)
    assert "Sửa số liệu của quận" in client.get(f"/xac-minh/{report.code}/").content.decode()
    assert client.get("/bao-cao/2023-H1/HP.pdf").content == newer.content_of("pdf")
    assert client.get("/bao-cao/2023-H1/HP.pdf?version=1").content == report.content_of("pdf")
    assert client.get("/bao-cao/2023-H1/HP/?version=1").status_code == 200


def test_articles_that_tell_a_replaced_or_revoked_versions_figures_are_looked_at_again(
    report, approved, leader, editor, client, client_of
):
    """Readers of the article are led to the version that it tells of; its editors hear of the newer one at once."""
    Category.objects.create(name="Hoạt động Hội", slug="hoat-dong-hoi")
    article = services.draft_article_from_report(report=report, actor=leader)
    text = article.working_revision
    news.save_article(
        article=article, category=text.category, title=text.title, lead=text.lead, body="<p>Kết nạp hội viên mới.</p>",
        actor=editor,
    )  # fmt: skip
    article = news.publish_article(article=article, actor=editor)
    page = client.get(article.get_absolute_url()).content.decode()
    assert "/bao-cao/2023-H1/HP/?version=1" in page
    assert news.recheck_of(article).pk is None
    newer = services.issue_report(unit=approved["HP"], period=H1, reason="Sửa số liệu của quận", actor=leader)
    assert news.recheck_of(article).due_on == timezone.localdate()
    assert article.title in client_of(editor).get("/lam-viec/tin-tuc/xem-lai/?when=late").content.decode()
    assert "đã được thay thế" in client.get("/bao-cao/2023-H1/HP/?version=1").content.decode()
    later = timezone.localdate() + dt.timedelta(days=90)
    news.recheck_article(article=article, due_on=later, is_right=True, actor=editor)
    services.revoke_report(report=newer, reason="Số liệu của hai quận bị đổi chỗ cho nhau", actor=leader)
    assert news.recheck_of(article).due_on == timezone.localdate()


# ---- what waits ------------------------------------------------------------------------------------------------


def titles(client):
    return [item.url for item in client.get("/lam-viec/").context["items"]]


def test_what_waits_for_whom(approved, client_of, approver, leader, editor, contributor, administrator, officer_lechan):
    today = timezone.localdate()
    one = rows.declare(approved["LC"], HalfYear(2024, 1), rows.officer_of(approved["LC"], "officer.lc"))
    assert "/lam-viec/nua-nam/2024-H1/?state=submitted" in titles(client_of(approver))
    services.return_submission(submission=one, reason="Thiếu số liệu", actor=approver)
    assert "/lam-viec/nua-nam/2024-H1/LC/" in titles(client_of(officer_lechan))
    due = [url for url in titles(client_of(officer_lechan)) if url.endswith("/11383/nhap/")]
    assert len(due) == 1
    services.issue_report(unit=approved["HP"], period=H1, actor=leader)
    assert f"{REPORT}tin-bai/" in titles(client_of(editor))
    for person in (contributor, administrator):
        assert client_of(person).get("/lam-viec/").status_code == 200
    assert today
