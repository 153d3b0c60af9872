"""A list looked at and exported."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scholarships.services import batches
from tests import factories
from tests.scholarships.lists import add_row, make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db


def test_it_shows_sums_rows_the_fund_and_the_next_step(client_of, officer_lc, draft):
    answer = client_of(officer_lc).get(reverse("batch_detail", args=[draft.pk]))
    text = answer.content.decode()
    assert "1.500.000" in text
    assert "Nguyễn Văn Aa" in text
    assert [(row["amount"], row["left"]) for row in answer.context["takes"]] == [(1_500_000, 98_500_000)]
    assert reverse("batch_submit", args=[draft.pk]) in text
    assert reverse("batch_approve", args=[draft.pk]) not in text


def test_rows_stand_in_vietnamese_order_of_names_and_are_searched_without_accents(
    client_of, officer_lc, draft, programmes
):
    for name in ("Lê Văn Ðức", "Lê Thị Ánh", "Lê Thị Dung", "Lê Văn Ân"):
        add_row(draft, officer_lc, programmes["award"], full_name=name)
    client, url = client_of(officer_lc), reverse("batch_detail", args=[draft.pk])
    names = [row.recipient.full_name for row in client.get(url, {"kind": "award"}).context["table"].page.rows]
    assert names == ["Lê Thị Ánh", "Lê Văn Ân", "Lê Thị Dung", "Lê Văn Đức"]
    assert [row.recipient.full_name for row in client.get(url, {"q": "le thi anh"}).context["table"].page.rows] == [
        "Lê Thị Ánh"
    ]
    assert not client.get(url, {"q": "%"}).context["table"].page.rows
    assert not client.get(url, {"kind": "xx"}).context["table"].page.rows


def test_the_approver_sees_last_half_year_beside_it(client_of, approver, officer_lc, draft):
    batches.submit_batch(batch=draft, actor=officer_lc)
    answer = client_of(approver).get(reverse("batch_detail", args=[draft.pk]))
    assert [half.code for half in answer.context["halves_before"]] == ["2022-H2", "2022-H1"]
    assert reverse("batch_approve", args=[draft.pk]) in answer.content.decode()


def test_a_stranger_gets_404_and_whoever_may_not_look_403(client_of, officer_nq, editor, draft):
    for query in ("", "?file=xlsx"):
        url = reverse("batch_detail", args=[draft.pk]) + query
        assert client_of(officer_nq).get(url).status_code == 404
        assert client_of(editor).get(url).status_code == 403
        assert reverse("account_login") in client_of(None).get(url).url


def test_the_workbook_holds_every_row_and_no_formula(client_of, officer_lc, draft, programmes):
    add_row(draft, officer_lc, programmes["award"], full_name="Trần Thị An", note="=HYPERLINK(1)", school="+84")
    answer = client_of(officer_lc).get(reverse("batch_detail", args=[draft.pk]), {"file": "xlsx"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer.headers["Cache-Control"]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert {"Trần Thị An", "Nguyễn Văn Aa", 2_000_000} <= {cell.value for cell in cells}


def test_a_reversed_row_is_struck_through_on_screen_and_in_the_workbook_and_entered_anew(
    client_of, officer_lc, approver, draft, tree, programmes
):
    batches.submit_batch(batch=draft, actor=officer_lc)
    batches.approve_batch(batch=draft, actor=approver)
    wrong = draft.disbursements.order_by("pk").first()
    agree(batches.reverse_row(row=wrong, reason="Sai số tiền của em này", actor=approver))
    client, url = client_of(officer_lc), reverse("batch_detail", args=[draft.pk])
    assert client.get(url).content.decode().count('class="row-reversed"') == 1
    file = b"".join(client.get(url, {"file": "xlsx"}).streaming_content)
    rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows())
    struck = [line[1].value for line in rows if line[1].font.strike]
    assert struck == [wrong.recipient.full_name]
    assert 1_000_000 in [cell.value for cell in rows[-1]]  # the two that stand
    anew = make_batch(tree["LC"], officer_lc)
    right = add_row(
        anew, officer_lc, programmes["scholarship"], full_name=wrong.recipient.full_name, birth=wrong.recipient.birth,
        amount=300_000,
    )  # fmt: skip
    assert (right.recipient_id, right.programme_id) == (wrong.recipient_id, wrong.programme_id)


def test_the_queries_are_the_same_for_one_row_and_thirty(
    client_of, approver, tree, officer_lc, programmes, fund_lc, site_profile
):
    client = client_of(approver)

    def queries(rows: int) -> int:
        unit = factories.make_unit(
            f"LC-{rows}",
            f"Phường {rows}",
            parent=tree["LC"],
            level=factories.make_level("commune"),
            until=factories.REFORM,
        )
        factories.make_fund(unit)
        batch = make_batch(unit, officer_lc, rows=rows, programme=programmes["award"])
        with CaptureQueriesContext(connection) as caught:
            assert client.get(reverse("batch_detail", args=[batch.pk])).status_code == 200
        return len(caught)

    queries(1)
    assert queries(2) == queries(30)


def test_a_fund_that_does_not_hold_enough_is_said_before_anybody_approves(
    client_of, approver, officer_nq, tree, programmes, site_profile
):
    factories.make_fund(tree["NQ"], opening=100_000)
    batch = make_batch(tree["NQ"], officer_nq, rows=1, programme=programmes["award"])
    answer = client_of(approver).get(reverse("batch_detail", args=[batch.pk]))
    assert answer.context["takes"][0]["left"] == -400_000
