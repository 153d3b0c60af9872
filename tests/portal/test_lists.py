"""The mechanism of every list: pages by key, sorting, filter, files."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import tracemalloc

import openpyxl
import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from members.models import Membership
from portal.lib.tables import Column, WorkbookWriter, csv_lines
from portal.lists import ListTable
from portal.lists.paging import UnknownPlaceError, page_by_key, page_of_list
from portal.models import User
from tests.members.people import make_member

pytestmark = pytest.mark.django_db
NAMES = ["Bùi An", "Đỗ Bình", "Lê Chi", "Mai Dung", "Ngô Em", "Phạm Giang", "Trần Hà"]
ORDER = ("member__sort_key", "member_id")


@pytest.fixture
def people(tree, officer_lechan, site_profile):
    for name in NAMES:
        make_member(tree["LECHAN"], officer_lechan, full_name=name, birth=None)
    return Membership.objects.select_related("member")


def names(page) -> list[str]:
    return [row.member.full_name for row in page.rows]


def test_pages_follow_one_another_and_back_without_a_row_lost_or_shown_twice(people):
    first = page_by_key(people, ORDER, "", 3)
    second = page_by_key(people, ORDER, first.next, 3)
    third = page_by_key(people, ORDER, second.next, 3)
    assert [names(page) for page in (first, second, third)] == [NAMES[:3], NAMES[3:6], NAMES[6:]]
    assert [page.number for page in (first, second, third)] == [1, 2, 3]
    assert (first.previous, third.next) == ("", "")
    back = page_by_key(people, ORDER, third.previous, 3)
    assert names(back) == NAMES[3:6]
    assert names(page_by_key(people, ORDER, back.previous, 3)) == NAMES[:3]
    assert names(page_by_key(people, ORDER, back.next, 3)) == NAMES[6:]


def test_the_last_page_is_reached_at_once_and_leads_back(people):
    last = page_by_key(people, ORDER, "last", 3)
    assert (names(last), last.next, last.number) == (NAMES[4:], "", None)
    before = page_by_key(people, ORDER, last.previous, 3)
    assert names(before) == NAMES[1:4]
    assert names(page_by_key(people, ORDER, before.previous, 3)) == NAMES[:3]  # the beginning, as a whole page


def test_a_row_that_comes_or_goes_in_between_moves_no_other_over_a_page(people, tree, officer_lechan):
    first = page_by_key(people, ORDER, "", 3)
    make_member(tree["LECHAN"], officer_lechan, full_name="An An", birth=None)
    assert names(page_by_key(people, ORDER, first.next, 3)) == NAMES[3:6]


def test_a_page_deep_in_a_list_neither_counts_nor_skips(people):
    first = page_by_key(people, ORDER, "", 2)
    with CaptureQueriesContext(connection) as caught:
        page_by_key(people, ORDER, first.next, 2)
    assert len(caught) == 1
    assert not re.search(r"COUNT\(|OFFSET", caught.captured_queries[0]["sql"])


def forged(*given: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(given).encode()).decode()


@pytest.mark.parametrize(
    "place",
    ["2", "ba", "é", "=", "A" * 5000, forged("a", 1, None), forged("a", 1, []), forged("a", 1, ["x"]), forged("a", 1, ["x", "y"]),
     forged("a", 1, ["x", 10**30]), forged("a", 1, ["\0", 1]), forged("c", 1, ["x", 1]), forged("a", "1", ["x", 1]), forged("a", 1, [None, 1]),
     forged("a", 1, [{"a": 1}, [1]]), "W1tb" * 2000],
)  # fmt: skip
def test_a_place_that_was_never_handed_out_is_refused_and_never_an_error(client_of, auditor, people, place):
    answer = client_of(auditor).get(reverse("member_list"), {"page": place})
    assert answer.status_code == 200
    if place == forged("a", 1, None):  # says nothing: the first page
        return
    assert "Địa chỉ này chỉ tới một chỗ không có trong danh sách" in answer.content.decode()
    assert answer.context["table"].is_empty


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_refused(place):
    rows = [{"pk": number} for number in range(5)]
    try:
        page = page_of_list(rows, lambda row: row["pk"], place, 2)
    except UnknownPlaceError:
        return
    assert len(page.rows) <= 2


def test_rows_in_memory_page_the_same_way():
    rows = list("abcdefg")
    first = page_of_list(rows, str, "", 3)
    second = page_of_list(rows, str, first.next, 3)
    assert (first.rows, second.rows) == (list("abc"), list("def"))
    assert page_of_list(rows, str, second.previous, 3).rows == list("abc")
    last = page_of_list(rows, str, "last", 3)
    assert (last.rows, last.previous != "") == (list("efg"), True)
    assert page_of_list(rows[:2], str, "", 3).is_whole


def test_the_page_says_where_it_is_and_how_to_go_on(client_of, auditor, people, settings):
    settings.PAGE_SIZE = 3
    client, url = client_of(auditor), reverse("member_list")
    first = client.get(url)
    text = first.content.decode()
    assert "Trang 1: Bùi An – Lê Chi" in text
    assert 'rel="next"' in text
    assert 'rel="prev"' not in text
    second = client.get(first.context["table"].next_url and url + first.context["table"].next_url).content.decode()
    assert "Trang 2: Mai Dung – Phạm Giang" in second
    assert "Trang cuối: Ngô Em – Trần Hà" in client.get(url, {"page": "last"}).content.decode()


def test_sorting_turns_and_says_so_to_a_screen_reader(client_of, auditor, people):
    client, url = client_of(auditor), reverse("member_list")
    plain, turned = client.get(url), client.get(url, {"sort": "-name"})
    assert [row.member.full_name for row in turned.context["table"].page.rows] == NAMES[::-1]
    assert 'aria-sort="ascending"' in plain.content.decode()
    assert 'aria-sort="descending"' in turned.content.decode()
    assert "?sort=-name" in plain.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"sort": "phone"}, "Không sắp xếp được danh sách theo “phone”."),
        ({"sort": "member__created_by__password"}, "Không sắp xếp được"),
        ({"unit": "999999"}, "“999999” không phải là một giá trị của “Đơn vị”, nên không hiện gì."),
        ({"q": "x" * 121}, "không phải là một giá trị của"),
    ],
)
def test_what_the_list_does_not_know_shows_nothing_and_says_so(client_of, auditor, people, query, said):
    answer = client_of(auditor).get(reverse("member_list"), query)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert answer.context["table"].is_empty
    file = client_of(auditor).get(reverse("member_list"), query | {"file": "csv"})
    assert len(b"".join(file.streaming_content).splitlines()) == 1  # the headings alone


def rows_of_xlsx(answer) -> list[list]:
    content = b"".join(answer.streaming_content)
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


def test_a_file_holds_what_the_page_shows_all_pages_of_it(client_of, auditor, officer_nq, people, settings):
    settings.PAGE_SIZE = 2
    client, url = client_of(auditor), reverse("member_list")
    rows = rows_of_xlsx(client.get(url, {"file": "xlsx"}))
    assert rows[0][0] == "Hội viên"
    assert rows[1][:3] == ["Họ và tên", "Ngày sinh", "Giới tính"]
    assert [row[0] for row in rows[2:]] == NAMES
    narrowed = rows_of_xlsx(client.get(url, {"file": "xlsx", "q": "binh"}))
    assert [row[0] for row in narrowed[2:]] == ["Đỗ Bình"]
    turned = b"".join(client.get(url, {"file": "csv", "sort": "-name"}).streaming_content).decode("utf-8-sig")
    assert [row[0] for row in csv.reader(io.StringIO(turned))][1:] == NAMES[::-1]
    strangers = rows_of_xlsx(client_of(officer_nq).get(url, {"file": "xlsx"}))
    assert strangers[2:] == []


def test_a_file_is_vietnamese_also_when_the_screen_is_english(client_of, auditor, people):
    client = client_of(auditor)
    client.cookies["django_language"] = "en"
    assert "Full name" in client.get(reverse("member_list")).content.decode()
    assert rows_of_xlsx(client.get(reverse("member_list"), {"file": "xlsx"}))[1][0] == "Họ và tên"
    text = b"".join(client.get(reverse("member_list"), {"file": "csv"}).streaming_content).decode("utf-8-sig")
    assert text.startswith("Họ và tên,")


def test_an_unknown_kind_of_file_is_404(client_of, auditor, approver, people):
    assert client_of(auditor).get(reverse("member_list"), {"file": "exe"}).status_code == 404
    assert client_of(approver).get(reverse("batch_queue"), {"file": "xlsx"}).status_code == 404  # is not saved at all


def test_whoever_may_not_see_the_page_gets_no_file(client_of, editor, people):
    assert client_of(editor).get(reverse("member_list"), {"file": "xlsx"}).status_code == 403
    assert client_of(None).get(reverse("member_list"), {"file": "csv"}).status_code == 302


def peak_of(write, count) -> int:
    tracemalloc.start()
    write(count)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_files_take_rows_as_they_come_in_bounded_memory(tmp_path):
    columns = [Column("name", "Tên"), Column("amount", "Số tiền", "money")]

    def rows(count):
        return ({"name": f"Nguyễn Văn {number}", "amount": number} for number in range(count))

    def write_csv(count):
        for _piece in csv_lines(columns, rows(count)):
            pass

    def write_xlsx(count):
        with (tmp_path / "a.xlsx").open("wb") as file:
            writer = WorkbookWriter(file)
            writer.add_table("x", columns, rows(count))
            writer.close()

    for write in (write_csv, write_xlsx):
        write(10)
        few, many = peak_of(write, 2_000), peak_of(write, 20_000)
        assert many < few + 200_000, write.__name__


class Tried(ListTable):
    columns = (Column("name", "Tên", value=lambda row: row["name"]), Column("empty", "Trống", value=lambda row: None))

    def key(self, row):
        return row["name"]

    def row_attributes(self, row):
        return {"class": '"><script>'}


def test_whatever_people_wrote_is_escaped_in_cells_classes_and_labels():
    request = RequestFactory().get("/")
    request.user = User(username="x")
    body = Tried(request, [{"name": "<b>Lan</b> & 'Mai'"}]).body[0]
    assert "<b>" not in body.cells
    assert "&lt;b&gt;Lan&lt;/b&gt; &amp; &#x27;Mai&#x27;" in body.cells
    assert "<script>" not in body.attributes
    assert body.cells.count("<th scope=") == 1
    assert "–</td>" in body.cells
