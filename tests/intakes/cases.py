"""Workbooks made for the tests: rows of plain values to a file, and what a reading is compared with."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl

from intakes.reading.files.workbook import read_workbook
from intakes.reading.kept import pack_reading, pack_workbook, unpack_reading, unpack_workbook
from intakes.reading.reading import understand
from intakes.reading.rows.results import Reading
from scholarships.schema import DISBURSEMENTS

PEOPLE = [
    # name, birth, gender, class, school, circumstance, kind, amount, given on
    ("Nguyễn Thị An", date(2012, 3, 15), "Nữ", "5A", "TH Kim Đồng", "Hộ nghèo", "Học bổng", 1_000_000, date(2024, 8, 20)),
    ("Tống Văn Cộng", date(2010, 7, 1), "Nam", "7B2", "THCS Trần Phú", "Mồ côi", "Hỗ trợ", 500_000, date(2024, 9, 5)),
    ("Trương Mai Đào", date(2009, 11, 30), "Nữ", "9C", "THCS Núi Đèo", "Thành tích học tập", "Khen thưởng", 300_000, date(2024, 11, 20)),
    ("Phan Thị Thưởng", date(2008, 1, 2), "Nữ", "10A1", "THPT Thái Phiên", "Hộ cận nghèo", "Học bổng", 1_200_000, date(2024, 12, 1)),
    ("Đỗ Hồng Phúc", date(2013, 5, 9), "Nam", "5A", "TH An Lão", "Khuyết tật", "Hỗ trợ", 500_000, date(2024, 12, 25)),
    ("Vũ Nam", date(2011, 6, 6), "Nam", "8A", "THCS Cát Bà", "Hoàn cảnh khó khăn", "Học bổng", 800_000, date(2024, 7, 27)),
]  # fmt: skip
KINDS = {"Học bổng": "scholarship", "Khen thưởng": "award", "Hỗ trợ": "support"}
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Trường", "Hoàn cảnh", "Hình thức", "Số tiền", "Ngày trao"]
AMOUNT = sum(person[7] for person in PEOPLE)


def numbered(people: Sequence[Sequence[Any]] = PEOPLE, start: int = 1) -> list[list[Any]]:
    return [[number, *person] for number, person in enumerate(people, start)]


def without(*columns: int, people: Sequence[Sequence[Any]] = PEOPLE) -> list[list[Any]]:
    """Numbered rows without some of the columns of PEOPLE."""
    return [
        [number, *(value for column, value in enumerate(person) if column not in columns)]
        for number, person in enumerate(people, 1)
    ]


def book(
    rows: Sequence[Sequence[Any]],
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[int] = (),
    name: str = "Danh sách",
    more: Any = None,
) -> bytes:
    """One sheet of `rows`; `more` gets the workbook to add to it."""
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    for number in hidden:
        sheet.row_dimensions[number].hidden = True
    if more:
        more(workbook)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def total(label: str = "Tổng cộng", amount: float = AMOUNT, column: int = 0) -> list[Any]:
    row: list[Any] = [None] * 10
    row[column], row[8] = label, amount
    return row


def read(content: bytes, schema: Any = DISBURSEMENTS, **options: Any) -> Reading:
    """Read as the portal does: what the child makes goes through bytes, and must come out as it went in."""
    workbook = read_workbook(content, options.pop("filename", ""))
    kept = unpack_workbook(pack_workbook(workbook))
    assert kept == workbook
    reading = understand(kept, schema, **options)
    received = unpack_reading(pack_reading(reading), schema)
    for row in received.rows:
        row.cells = list(row.cells)
    for row in (*received.rows, *reading.rows):
        row.problems = list(row.problems)  # a row without any shares one empty sequence with the others
    assert received == reading
    return received


def turns(reading: Reading) -> list[tuple[Any, ...]]:
    return [
        (row.values["full_name"], row.values["kind"], row.values["amount"], row.values["given_on"])
        for row in reading.rows
    ]


def expected(people: Sequence[Sequence[Any]] = PEOPLE) -> list[tuple[Any, ...]]:
    return [(person[0], KINDS[person[6]], person[7], person[8]) for person in people]


def problems(reading: Reading) -> list[tuple[int, str, str]]:
    return [(row.row, problem.field, problem.code) for row in reading.rows for problem in row.problems]


def notes(reading: Reading) -> dict[str, int]:
    found: dict[str, int] = {}
    for note in reading.notes:
        found[note.code] = found.get(note.code, 0) + note.count
    return found


def fields(reading: Reading) -> dict[str, str | None]:
    return {column.header or column.letter: column.field for table in reading.tables for column in table.columns}


def assert_clean(reading: Reading, people: Sequence[Sequence[Any]] = PEOPLE) -> None:
    assert [ambiguity.message for ambiguity in reading.ambiguities] == []
    assert problems(reading) == []
    assert turns(reading) == expected(people)


__all__ = [
    "AMOUNT",
    "HEAD",
    "KINDS",
    "PEOPLE",
    "assert_clean",
    "book",
    "expected",
    "fields",
    "notes",
    "numbered",
    "problems",
    "read",
    "total",
    "turns",
    "without",
]
