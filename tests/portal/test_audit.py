"""Nhật ký: mỗi việc ghi lại là một mục của `audit.Action`, có chữ tiếng Việt, và gọi đúng tên đối tượng."""

import ast
import csv
import io
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from news import services
from news.models import Category
from portal import audit
from portal.acts import Act
from portal.audit import Action
from portal.models import AuditEntry, SiteProfile, User
from portal.services.proposals import propose
from portal.vocabulary import Role
from scholarships.models import Fund, Programme
from tests import factories
from tests.news.conftest import picture, publish, section, write  # noqa: F401 - fixtures

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("portal", "intakes", "news", "members", "scholarships", "reports")


def calls_of_record():
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "record"}:
                    yield path, node


def test_every_record_names_an_action():
    found = list(calls_of_record())
    assert len(found) > 40
    for path, call in found:
        action = next(keyword.value for keyword in call.keywords if keyword.arg == "action")
        assert not [one for one in ast.walk(action) if isinstance(one, ast.Constant) and one.value in Action.values], (
            path
        )
        text = ast.unparse(action)
        assert re.match(r"(audit\.)?Action\b", text) or isinstance(action, ast.Name), f"{path}: {text}"


@pytest.mark.parametrize("action", Action, ids=str)
def test_every_action_has_vietnamese_words(action):
    with translation.override("en"):
        english = str(action.label)
    with translation.override("vi"):
        assert str(action.label) != english


def test_unknown_action_is_refused(db, administrator):
    with pytest.raises(ValueError, match=r"portal\.site\.forget"):
        audit.record(actor=administrator, action="portal.site.forget")


def test_list_calls_rows_by_their_names_in_the_same_queries(tree, administrator, officer_lc, client_of):
    client, counts = client_of(administrator), []
    for times in (1, 12):
        for _time in range(times):
            audit.record(actor=administrator, action=Action.ACCOUNT_UPDATE, target=officer_lc)
            audit.record(actor=administrator, action=Action.UNIT_CREATE, target=tree["LC"], unit=tree["LC"])
        client.get(reverse("audit_list"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("audit_list")).content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert officer_lc.full_name in page
    assert "portal.user" not in page


def test_fields_of_a_proposal_are_called_as_those_of_what_it_changes(tree, approver, administrator):
    fund, until = factories.make_fund(tree["LC"]), "2026-12-01T00:00:00+07:00"
    told = {}
    for act, target, unit, after in (
        (Act.FUND_PUBLIC, fund, fund.unit, {"is_public": True}),
        (Act.PROGRAMME_FUND, factories.make_programmes(tree["HP"])["scholarship"], tree["HP"], {"fund_id": fund.pk}),
        (Act.CLOSING_EXCEPTION, tree["LC"], tree["LC"], {"half": "2026-H1", "person_id": approver.pk, "until": until}),
    ):
        propose(act=act, target=target, unit=unit, after=after, reason="Theo đề nghị của đơn vị.", actor=approver)
        told[act] = audit.word_fields(AuditEntry.objects.latest("pk"))
    assert told[Act.FUND_PUBLIC] == str(Fund._meta.get_field("is_public").verbose_name)
    assert told[Act.PROGRAMME_FUND] == str(Programme._meta.get_field("fund").verbose_name)
    assert told[Act.CLOSING_EXCEPTION] == ""  # no column of the unit: its page says what is opened


def saved(client, **query) -> str:
    """The audit as a CSV file, with its mark of UTF-8."""
    return b"".join(client.get(reverse("audit_list"), query | {"file": "csv"}).streaming_content).decode()


def test_p15_the_audit_is_saved_as_csv_that_excel_reads_and_in_which_nothing_is_run(
    tree, administrator, auditor, officer_lc, client_of
):
    names = {"=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "＝1", "Trần Thị Bưởi"}
    for number, name in enumerate(sorted(names)):
        person = factories.make_user(f"nguoi{number}", role=Role.OFFICER, unit=tree["LC"])
        User.objects.filter(pk=person.pk).update(full_name=name)
        person.source = "203.0.113.9"
        audit.record(actor=person, action=Action.UNIT_CHANGE, target=tree["LC"], unit=tree["LC"], fields=["name"])
    for person in (auditor, administrator):
        text = saved(client_of(person), person="nguoi")
        assert text.startswith("\ufeff")
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";" if ";" in text[:80] else ","))
        assert len(rows) == 1 + len(names)
        assert [cell for row in rows for cell in row if cell[:1] in {*"=+-@\t\r\n＝＋－＠"} and cell] == []
        people = rows[0].index("Người thực hiện") if "Người thực hiện" in rows[0] else 1
        assert {row[people].lstrip("'").strip() for row in rows[1:]} == {name.strip() for name in names}
        assert all("203.0.113.9" in row for row in rows[1:])
    assert "Trần Thị Bưởi" not in saved(client_of(auditor), person="auditor")
    assert client_of(officer_lc).get(reverse("audit_list"), {"file": "csv"}).status_code == 403


def told(client, **query) -> list[dict[str, str]]:
    """The lines of the file by its headings, newest first."""
    text = saved(client, **query).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text[:80] else ","))


def moves(client) -> list[tuple[str, str]]:
    return [(line["Từ → đến"], line["Lý do"]) for line in told(client) if line["Từ → đến"] or line["Lý do"]]


def test_p15_the_audit_says_from_which_state_to_which_and_why(
    tree, administrator, editor, client_of, publish, write, site_profile
):
    SiteProfile.objects.update(second_person=True)
    article = write()
    services.publish_article(article=article, urgent_reason="Bão đang vào bờ", actor=editor)
    services.withdraw_article(article=article, reason="Số liệu chưa đúng", actor=editor)
    desk = client_of(administrator)
    assert moves(desk) == [("Đã đăng → Đã rút", "Số liệu chưa đúng"), ("Bản nháp → Đã đăng", "Bão đang vào bờ")]
    services.publish_article(article=article, actor=editor)
    services.withdraw_article(article=article, reason="Trùng bài", actor=editor)
    assert [reason for _move, reason in moves(desk)] == [
        "Trùng bài", "", "(về sau đã có lý do khác)", "Bão đang vào bờ",
    ]  # fmt: skip
    page = desk.get(reverse("audit_list")).content.decode()
    assert "Đã đăng → Đã rút" in page
    assert "Trùng bài" in page
    assert "Trùng bài" not in str(
        list(AuditEntry.objects.values_list("detail", flat=True))
    )  # a reason may name somebody


def test_p15_the_reasons_of_a_page_are_read_by_one_query_for_each_kind(
    tree, administrator, editor, client_of, publish, site_profile
):
    desk, counts = client_of(administrator), []
    for times in (1, 9):
        for number in range(times):
            services.withdraw_article(article=publish(title=f"Bài {number}"), reason=f"Lý do {number}", actor=editor)
        desk.get(reverse("audit_list"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("audit_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_was_changed_of_an_article_is_told_in_words(tree, administrator, editor, client_of, write, section):
    article, other = write(), Category.objects.create(name="Khác", slug="khac")
    photo = services.add_photo(article=article, file=picture(), name="a.jpg", actor=editor)
    services.save_article(
        article=article, category=other, title="Khác", lead="Khác", body="<p>Khác</p>", byline="Khác", source="Khác",
        cover=photo, photo_words={photo.pk: {"caption": "a", "alt": "b", "credit": "c", "decorative": False}},
        tags=["Thẻ"], is_photo_story=True, actor=editor,
    )  # fmt: skip
    entry = AuditEntry.objects.filter(action=Action.ARTICLE_SAVE).latest("pk")
    assert len(entry.fields) == 10
    with translation.override("vi"):
        words = audit.word_fields(entry)
    assert not [name for name in entry.fields if name in words.split(", ")], words
    assert len(words.split(", ")) == 10
