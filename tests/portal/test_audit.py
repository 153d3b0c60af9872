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

from portal import audit
from portal.acts import Act
from portal.audit import Action
from portal.models import AuditEntry, User
from portal.services.proposals import propose
from portal.vocabulary import Role
from scholarships.models import Fund, Programme
from tests import factories

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
