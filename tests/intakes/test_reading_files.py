"""Files of every format, and files that must be refused quickly and by name."""

import io
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.scan import scan_sheet
from intakes.reading.files.workbook import read_workbook
from tests.intakes.cases import (
    HEAD,
    PEOPLE,
    assert_clean,
    book,
    expected,
    notes,
    numbered,
    problems,
    read,
    turns,
)

DATA = Path(__file__).parent.parent / "data"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def refused(content, filename=""):
    started = time.perf_counter()
    with pytest.raises(WorkbookError) as caught:
        read_workbook(content, filename)
    assert time.perf_counter() - started < 5
    assert caught.value.message
    return caught.value.code


def outcome(content):
    """The code of the refusal, or "read": anything else would be an error of ours."""
    try:
        read(content)
    except WorkbookError as error:
        return error.code
    return "read"


def kept(name):
    """A file as another program wrote it: nothing here writes the old formats (`tests/data/files/README.md`)."""
    return (DATA / "files" / name).read_bytes()


def parts(**files):
    """An .xlsx from its parts; `sheet` is the inside of sheetData."""
    packed = io.BytesIO()
    sheet = files.pop("sheet", "")
    rest = files.pop("rest", "")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            files.pop(
                "workbook",
                f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
            ),
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{rest}<sheetData>{sheet}</sheetData></worksheet>',
        )
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def text_cell(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


# -- formats


def test_xls():
    reading = read(kept("list.xls"))
    assert_clean(reading)
    assert notes(reading)["hidden_rows"] == 1
    assert reading.grand_total.difference == 0


def test_xls_formula_instead_of_a_name():
    assert (10, "full_name", "formula") in problems(read(kept("formula.xls")))


def test_xls_hidden_sheet():
    reading = read(kept("hidden-sheet.xls"))
    assert turns(reading) == expected()
    assert [asked.code for asked in reading.questions] == ["hidden_sheet"]


def test_ods():
    reading = read(kept("list.ods"))
    assert_clean(reading)
    assert notes(reading)["hidden_rows"] == 1
    assert [row.row for row in reading.rows] == [3, 4, 5, 6, 7, 8]


def test_ods_hidden_sheets():
    reading = read(kept("hidden-sheets.ods"))
    assert turns(reading) == expected() * 2
    assert [asked.code for asked in reading.questions] == ["hidden_sheet"] * 2


def test_ods_merged_headings_and_formulas():
    reading = read(kept("merged-headings.ods"))
    assert [row.values["full_name"] for row in reading.rows[:2]] == ["Lê Thị Na", "Lê Văn Tú"]
    assert problems(reading) == [(5, "full_name", "formula")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(encoding, delimiter):
    lines = [
        ["DANH SÁCH"],
        HEAD,
        *[
            [value.strftime("%d/%m/%Y") if isinstance(value, date) else str(value) for value in row]
            for row in numbered()
        ],
    ]
    reading = read("\r\n".join(delimiter.join(line) for line in lines).encode(encoding), filename="ds.csv")
    assert_clean(reading)


def test_dates_counted_from_1904():
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in [HEAD, *numbered()]:
        workbook.active.append(row)
    for row in workbook.active.iter_rows(min_row=2, min_col=10, max_col=10):
        row[0].number_format = "General"  # the bare serial number
    content = io.BytesIO()
    workbook.save(content)
    assert_clean(read(content.getvalue()))


def test_years_formatted_as_dates():
    workbook = openpyxl.Workbook()
    for row in [HEAD, *[[*row[:2], row[2].year, *row[3:]] for row in numbered()]]:
        workbook.active.append(row)
    for row in workbook.active.iter_rows(min_row=2, min_col=3, max_col=3):
        row[0].number_format = "dd/mm/yyyy"
    content = io.BytesIO()
    workbook.save(content)
    reading = read(content.getvalue())
    assert_clean(reading)
    assert [row.values["birth"].year for row in reading.rows] == [person[1].year for person in PEOPLE]


def test_prefixed_names_and_missing_references():
    def cells(values):
        return "".join(
            f"<x:c><x:v>{value}</x:v></x:c>"
            if isinstance(value, int)
            else f'<x:c t="inlineStr"><x:is><x:t>{value}</x:t></x:is></x:c>'
            for value in values
        )

    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Hình thức", "Số tiền", "Ngày trao"],
        [1, "Lê Thị Na", 2010, "Học bổng", 500_000, "01/09/2024"],
        [2, "Lê Văn Tú", 2011, "Hỗ trợ", 300_000, "01/09/2024"],
    ]
    sheet = "".join(f"<x:row>{cells(row)}</x:row>" for row in rows)
    content = parts()
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                data = f'<?xml version="1.0"?><x:worksheet xmlns:x="{MAIN}"><x:sheetData>{sheet}</x:sheetData></x:worksheet>'.encode()
            new.writestr(name, data)
    assert [row.values["amount"] for row in read(packed.getvalue()).rows] == [500_000, 300_000]


def test_errors_of_cells_are_named():
    def more(workbook):
        for reference in ("B3", "I4"):
            workbook.active[reference].value = "#N/A"
            workbook.active[reference].data_type = "e"

    assert problems(read(book([HEAD, *numbered()], more=more))) == [
        (3, "full_name", "cell_error"),
        (4, "amount", "cell_error"),
    ]


def test_formula_without_a_result():
    def more(workbook):
        workbook.active["I3"] = "=500000"

    assert problems(read(book([HEAD, *numbered()], more=more))) == [(3, "amount", "formula_without_value")]


def test_macros_and_links_are_left_aside():
    content = parts(
        sheet=f'<row r="1">{"".join(text_cell(f"{letter}1", text) for letter, text in zip("ABC", ("STT", "Họ và tên", "Năm sinh"), strict=True))}</row><row r="2"><c r="A2"><v>1</v></c>{text_cell("B2", "Lê Thị Na")}<c r="C2"><v>2010</v></c></row>',
        **{"xl/vbaProject.bin": b"\0" * 100, "xl/externalLinks/externalLink1.xml": "<x/>"},
    )
    reading = read(content)
    assert [row.values["full_name"] for row in reading.rows] == ["Lê Thị Na"]
    assert {"macros", "links"} <= set(notes(reading))


# -- far away cells


def test_a_stray_cell_far_away_costs_nothing():
    def more(workbook):
        workbook.active["XFD1048576"] = "x"
        workbook.active["A900000"] = " "

    started = time.perf_counter()
    reading = read(book([HEAD, *numbered()], more=more))
    assert time.perf_counter() - started < 8
    assert turns(reading) == expected()
    assert "cells_cut" in notes(reading)


@pytest.mark.parametrize(("step", "is_far"), [(1, False), (3, True)])
@pytest.mark.parametrize("hidden", ["", ' hidden="1"'])
def test_a_long_list_without_gaps_is_not_written_anew(step, is_far, hidden):
    numbers = range(1, 100_500, step)
    part = "".join(f'<row r="{number}"{hidden}><c r="A{number}"><v>1</v></c></row>' for number in numbers)
    assert scan_sheet(f"<sheetData>{part}</sheetData>".encode()).is_far is is_far


def test_thousands_of_empty_formatted_columns():
    row = "".join(f'<c r="{openpyxl.utils.get_column_letter(column)}1" s="0"/>' for column in range(1, 16_385))
    head = "".join(
        text_cell(f"{letter}2", text) for letter, text in zip("ABC", ("STT", "Họ và tên", "Năm sinh"), strict=True)
    )
    content = parts(
        sheet=f'<row r="1">{row}</row><row r="2">{head}</row><row r="3"><c r="A3"><v>1</v></c>{text_cell("B3", "Lê Thị Na")}<c r="C3"><v>2010</v></c></row>'
    )
    assert len(read(content).rows) == 1


def test_ods_with_a_million_repeated_cells():
    assert refused(kept("repeated-cells.ods")) in ("bomb", "too_many_rows")


def test_xls_with_cells_far_apart():
    assert refused(kept("far-apart.xls")) == "bomb"


# -- refused


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"\0" * 5000, "a.xlsx", "empty_file"),
        (b"%PDF-1.7 something", "a.xlsx", "not_a_workbook"),
        (b"STT,Ho va ten\n1,An\n", "a.xlsx", "text_file"),
        (b"STT,Ho va ten\n1,An\n", "a.xls", "text_file"),
        (b"<html><p>STT</p></html>", "a.xls", "web_page"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "a.xls", "web_page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "a.xls",
            "no_sheets",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\1" * 500, "a.xlsx", "not_a_workbook"),
        (b"PK\x03\x04broken", "a.xlsx", "corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "corrupt"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.xls", "corrupt"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "a.xls", "old_format"),
        (b"just some words", "a.csv", "not_a_workbook"),
    ],
)
def test_refused_by_name(content, filename, code):
    assert refused(content, filename) == code


def test_truncated_and_scrambled_workbooks():
    content = book([HEAD, *numbered()])
    assert refused(content[: len(content) // 2]) == "corrupt"
    for start in range(60, len(content) - 200, 400):
        scrambled = content[:start] + bytes(255 - byte for byte in content[start : start + 40]) + content[start + 40 :]
        assert outcome(scrambled) in ("read", "corrupt", "password", "not_a_workbook", "no_sheets", "bomb")


def test_scrambled_old_workbooks():
    content = kept("plain.xls")
    for start in range(0, len(content) - 50, 97):
        scrambled = content[:start] + bytes(255 - byte for byte in content[start : start + 8]) + content[start + 8 :]
        assert outcome(scrambled)


def test_other_archives():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(packed.getvalue(), "a.xlsx") == "not_a_workbook"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.bin", b"x")
    assert refused(packed.getvalue(), "a.xlsb") == "old_format"


def test_bombs():
    assert refused(parts(sheet="<row/>" + " " * 60_000_000)) == "bomb"
    lying = bytearray(parts(sheet="<row/>" + " " * 6_000_000))
    start = lying.rfind(b"PK\x01\x02", 0, lying.rfind(b"sheet1.xml"))
    lying[start + 24 : start + 28] = (1000).to_bytes(4, "little")
    assert refused(bytes(lying)) == "corrupt"


def test_entities_are_not_expanded():
    bomb = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><workbook xmlns="{MAIN}"><sheets>&b;</sheets></workbook>'
    assert refused(parts(workbook=bomb)) == "corrupt"


def test_passwords():
    ole = Path(DATA / "protected.xlsx")
    assert refused(ole.read_bytes(), "a.xlsx") == "password"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", b"\x12\x34\x56")
        archive.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    assert refused(packed.getvalue(), "a.ods") == "password"


def test_too_many_sheets():
    def more(workbook):
        for number in range(120):
            workbook.create_sheet(f"S{number}")

    assert refused(book([HEAD], more=more)) == "too_many_sheets"


def test_nothing_in_it():
    assert refused(book([])) == "no_sheets"


def test_no_list_in_it():
    reading = read(book([["Kính gửi"], ["Số liệu", 1, 2]]))
    assert reading.rows == []
    assert notes(reading) == {"sheet_skipped": 1}


def test_rows_far_apart_keep_their_numbers():
    head = "".join(
        text_cell(f"{letter}2", text) for letter, text in zip("ABC", ("STT", "Họ và tên", "Năm sinh"), strict=True)
    )
    person = f'<c r="A{{0}}"><v>1</v></c>{text_cell("B{0}", "Lê Thị Na")}<c r="C{{0}}"><v>2010</v></c>'
    far = f"{text_cell('ZZ5', 'x')}"
    content = parts(
        sheet=f'<row r="2">{head}</row><row r="4"/><row r="5" hidden="1">{person.format(5)}{far}</row><row r="60000">{person.format(60000)}</row><row r="900000">{text_cell("B900000", "Tổng cộng")}</row>'
    )
    reading = read(content)
    assert [(row.row, row.hidden, row.values["full_name"]) for row in reading.rows] == [
        (5, True, "Lê Thị Na"),
        (60000, False, "Lê Thị Na"),
    ]


@pytest.mark.parametrize(
    "files",
    [
        {"sheet": '<row r="1"><c r="ZZZZZZZ99999999999"><v>1</v></c></row>'},
        {"sheet": '<row r="1"><c r="A1" t="s"><v>99999999999</v></c></row>'},
        {"sheet": '<row r="1"><c r="A1" s="99999"><v>1</v></c></row>'},
        {"sheet": '<row r="1"><c r="A1"><v>1e999</v></c></row>'},
        {"sheet": "", "rest": '<dimension ref="A1:XFD1048576"/>'},
        {"sheet": '<row r="1"><c r="A1"><v>1</v></c></row>', "rest": '<dimension ref="A1:XFD99999999"/>'},
        {"sheet": '<row r="0"><c r="A0"><v>1</v></c></row>'},
        {
            "sheet": '<row r="1"><c r="A1"><v>1</v></c></row><mergeCells count="4294967295"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        },
        {
            "sheet": '<row r="1"><c r="A1" t="s"><v>0</v></c></row>',
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}" count="99999999999" uniqueCount="99999999999"><si><t>x</t></si></sst>',
        },
        {"sheet": "<row " * 2000},
        {"sheet": '<row r="1"><c r="A1"><f>' * 2000},
    ],
)
def test_malicious_parts(files):
    assert outcome(parts(**files))
