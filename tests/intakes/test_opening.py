"""Tệp của cán bộ được mở một lần, trong tiến trình có giới hạn; tệp phá hoại bị từ chối bằng một câu."""

import contextlib
import threading
import time
import tracemalloc

import pytest
from django.core.exceptions import ValidationError

from intakes.reading.files.scan import without_empty_rows
from intakes.reading.files.workbook import read_workbook
from intakes.reading.kept import KeptError, unpack_reading, unpack_workbook
from intakes.reading.reading import understand
from intakes.services import opening
from intakes.services.opening import Patience, UnfinishedError, limits_for, open_upload, read_again
from members.schema import MEMBERS
from portal import settings as portal_settings
from portal.lib import limited
from scholarships.schema import DISBURSEMENTS
from tests.intakes.cases import HEAD, book, numbered
from tests.intakes.hostile import CORPUS, comment_bomb, long_list

MB = 1024 * 1024


def usual():
    return book([["Danh sách trao ngày 20/08/2024"], HEAD, *numbered()])


def as_read(reading):
    """A reading with its cells as lists, to be compared."""
    for row in reading.rows:
        row.cells = list(row.cells)
    return reading


def test_what_the_child_gives_is_what_reading_here_gives():
    content = usual()
    opened = open_upload(content, "a.xlsx", DISBURSEMENTS)
    assert unpack_workbook(opened.cells) == read_workbook(content, "a.xlsx")
    here = understand(read_workbook(content, "a.xlsx"), DISBURSEMENTS)
    there = unpack_reading(opened.reading, DISBURSEMENTS)
    assert len(there.rows) == 6
    assert as_read(there) == here
    assert [row.raw for row in there.rows] == [row.raw for row in here.rows]


def test_cells_are_understood_again_with_the_officers_answers():
    opened = open_upload(usual(), "a.xlsx", DISBURSEMENTS)
    answers = {
        "mapping": {"Trường": "ignore"},
        "repairs": {("Danh sách", 3): {"amount": "900.000"}},
        "dropped": frozenset({("Danh sách", 4)}),
    }
    again = unpack_reading(read_again(opened.cells, DISBURSEMENTS, **answers), DISBURSEMENTS)
    assert as_read(again) == understand(read_workbook(usual(), "a.xlsx"), DISBURSEMENTS, **answers)
    assert again.rows[0].values["amount"] == 900_000
    assert 4 not in [row.row for row in again.rows]
    at_once = open_upload(usual(), "a.xlsx", DISBURSEMENTS, **answers)
    assert as_read(unpack_reading(at_once.reading, DISBURSEMENTS)) == as_read(again)


def test_a_reading_is_not_taken_for_one_of_another_kind():
    opened = open_upload(usual(), "a.xlsx", DISBURSEMENTS)
    for kept, schema in ((opened.reading, MEMBERS), (b"", DISBURSEMENTS), (opened.reading[:-9], DISBURSEMENTS)):
        with pytest.raises(KeptError):
            unpack_reading(kept, schema)


@pytest.mark.parametrize(
    ("content", "name", "code", "words"),
    [
        (b"", "a.xlsx", "empty_file", "không có nội dung"),
        (b"<html>", "a.xlsx", "web_page", "trang web"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.xlsx", "not_a_workbook", "Excel"),
        (usual()[:-200], "a.xlsx", "corrupt", "hỏng"),
        (b"x" * (16 * MB), "a.xlsx", "too_big", "15 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content, name, code, words):
    with pytest.raises(ValidationError) as caught:
        open_upload(content, name, DISBURSEMENTS)
    assert caught.value.error_dict["content"][0].code == code
    assert words in caught.value.message_dict["content"][0]


@pytest.fixture
def spent(monkeypatch):
    """What the child took for each file: objects with `spent` seconds of CPU and `peak` bytes of memory."""
    taken = []
    run = limited.run

    def run_and_note(*args, **options):
        try:
            taken.append(run(*args, **options))
        except limited.LimitedError as error:
            taken.append(error)
            raise
        return taken[-1]

    monkeypatch.setattr(opening.limited, "run", run_and_note)
    return taken


def outcome(content, name):
    """ "read", or the code and the sentence of the refusal."""
    try:
        opened = open_upload(content, name, DISBURSEMENTS, patience=Patience.WORK)
    except ValidationError as refused:
        return refused.error_dict["content"][0].code, refused.message_dict["content"][0]
    unpack_reading(opened.reading, DISBURSEMENTS)
    return "read", "."


@pytest.mark.parametrize("name", CORPUS)
def test_hostile_files_are_refused_or_read_within_the_limits(name, spent):
    """Nhiều nhất 5 giây CPU và 250 MB trong tiến trình con, rồi hoặc đọc xong, hoặc một câu từ chối."""
    content = CORPUS[name]()
    code, sentence = outcome(content, "a.ods" if b"opendocument" in content[:200] else "a.xlsx")
    assert code in (
        {"corrupt"} if "DTD" in name else {"read", "corrupt", "bomb", "too_much", "too_many_sheets", "no_sheets"}
    )
    assert sentence.endswith(".")
    assert spent[0].spent <= 5
    assert spent[0].peak <= 250 * MB


@pytest.mark.django_db
def test_pages_are_served_while_a_hostile_file_is_read(client):
    client.get("/")
    started = time.monotonic()
    client.get("/")
    usual_time = time.monotonic() - started
    content = comment_bomb(10)
    ended = threading.Event()

    def hostile():
        with contextlib.suppress(ValidationError, UnfinishedError):
            open_upload(content, "a.xlsx", DISBURSEMENTS)
        ended.set()

    thread = threading.Thread(target=hostile)
    thread.start()
    started = time.monotonic()
    assert client.get("/").status_code == 200
    assert time.monotonic() - started < 10 * usual_time + 1
    thread.join()
    assert ended.is_set()


def test_fifty_thousand_rows_pass(spent):
    content = long_list(50_000)
    assert len(content) > MB
    opened = open_upload(content, "a.xlsx", DISBURSEMENTS, patience=Patience.WORK)
    assert len(unpack_reading(opened.reading, DISBURSEMENTS).rows) == 50_000
    assert spent[0].peak <= 250 * MB


def test_a_row_read_takes_a_kilobyte_of_the_server_that_shows_it():
    """So that fifty thousand of them add 50 MB to it: each text stands once, the cells lie packed."""
    opened, count = open_upload(long_list(5_000), "a.xlsx", DISBURSEMENTS), 5_000
    tracemalloc.start()
    reading = unpack_reading(opened.reading, DISBURSEMENTS)
    standing, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(reading.rows) == count
    assert standing <= 1024 * count
    assert most <= standing + 2 * MB  # nor does the text of all of them ever lie there beside them
    assert reading.rows[4321].raw["full_name"] == reading.rows[4321].values["full_name"]


def test_a_million_formatted_rows_are_passed_over():
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % number for number in range(9, 30_000))
    cells = b"".join(
        b'<row r="%d"><c r="A%d" s="2"/><c r="B%d" s="2"/></row>' % ((n,) * 3) for n in range(30_000, 60_000)
    )
    kept = b'<row r="1"><c r="A1" t="n"><v>7</v></c></row>'
    last = b'<row r="60001"><c r="A60001" s="2"/><c r="B60001" t="n"><v>8</v></c></row>'
    assert without_empty_rows(kept + rows + cells + last) == kept + last
    few, bare = kept + rows[:900] + last, rows.replace(b'r="9" ', b"") + last
    assert without_empty_rows(few) == few
    assert without_empty_rows(bare) == bare  # one that does not say its number: those after it are counted from it


def test_whoever_gives_up_waiting_leaves_nothing_running():
    with pytest.raises(UnfinishedError):
        open_upload(long_list(5_000), "a.xlsx", DISBURSEMENTS, stop=lambda: True)
    assert unpack_reading(open_upload(usual(), "a.xlsx", DISBURSEMENTS).reading, DISBURSEMENTS).rows


def test_limits_grow_with_the_file_and_end_somewhere(settings):
    small, long, huge = (limits_for(size, Patience.WORK) for size in (425_000, 3 * MB, 500 * MB))
    assert (small.cpu, small.memory) == (5, 145 * MB)
    assert small.cpu < long.cpu < huge.cpu <= 90
    assert small.memory < long.memory < huge.memory <= 1200 * MB
    assert limits_for(1, Patience.PAGE).patience == settings.UPLOAD_PATIENCE
    assert portal_settings.UPLOAD_PATIENCE == 3
