"""Files of every format, and files that must be refused quickly and by name."""

import io
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P, S

from intakes.reading import WorkbookError, read_workbook
from tests.intakes.spreadsheet_cases import (
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


def xls(rows, *, hidden=(), password=False, sheet_hidden=False):
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("Danh sách")
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value, *([day] if isinstance(value, date) else []))
    for number in hidden:
        sheet.row(number - 1).hidden = True
    if sheet_hidden:
        workbook.add_sheet("Khác")
        workbook.set_active_sheet(1)
        sheet.visibility = 1
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue(), workbook


def ods(rows, *, hidden=(), names=("Danh sách",), hidden_sheet=False):
    document = OpenDocumentSpreadsheet()
    style = Style(name="gone", family="table")
    style.addElement(TableProperties(display="false"))
    document.automaticstyles.addElement(style)
    for name in names:
        table = Table(name=name, **({"stylename": "gone"} if hidden_sheet else {}))
        for number, row in enumerate(rows, 1):
            line = TableRow(**({"visibility": "collapse"} if number in hidden else {}))
            for value in row:
                line.addElement(_ods_cell(value))
            line.addElement(TableCell(numbercolumnsrepeated=1000))
            table.addElement(line)
        tail = TableRow(numberrowsrepeated=1_048_000)
        tail.addElement(TableCell(numbercolumnsrepeated=16_384))
        table.addElement(tail)
        document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def _ods_cell(value):
    if value is None:
        return TableCell()
    if isinstance(value, date):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
        cell.addElement(P(text=value.strftime("%d/%m/%y")))
        return cell
    if isinstance(value, int | float):
        cell = TableCell(valuetype="float", value=str(value))
        cell.addElement(P(text=str(value)))
        return cell
    cell = TableCell(valuetype="string")
    paragraph = P()
    first, *rest = value.split(" ")
    paragraph.addText(first)
    for word in rest:
        paragraph.addElement(S(c=1))
        paragraph.addText(word)
    cell.addElement(paragraph)
    return cell


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
    content, _ = xls(
        [["DANH SÁCH"], HEAD, *numbered(), ["Tổng cộng", *[None] * 7, sum(person[7] for person in PEOPLE)]], hidden=(4,)
    )
    reading = read(content)
    assert_clean(reading)
    assert notes(reading)["hidden_rows"] == 1
    assert reading.grand_total.difference == 0


def test_xls_formula_instead_of_a_name():
    _, workbook = xls([HEAD, *numbered()])
    sheet = workbook.get_sheet(0)
    sheet.write(9, 0, 7)
    sheet.write(9, 1, xlwt.Formula('"a"&"b"'))
    sheet.write(9, 8, 500_000)
    content = io.BytesIO()
    workbook.save(content)
    assert (10, "full_name", "formula") in problems(read(content.getvalue()))


def test_xls_hidden_sheet():
    content, _ = xls([HEAD, *numbered()], sheet_hidden=True)
    reading = read(content)
    assert turns(reading) == expected()
    assert "hidden_sheet" in notes(reading)


def test_ods():
    reading = read(
        ods(
            [["DANH SÁCH"], HEAD, *numbered(), ["Tổng cộng", *[None] * 7, sum(person[7] for person in PEOPLE)]],
            hidden=(5,),
        )
    )
    assert_clean(reading)
    assert notes(reading)["hidden_rows"] == 1
    assert [row.row for row in reading.rows] == [3, 4, 5, 6, 7, 8]


def test_ods_hidden_sheets():
    reading = read(ods([HEAD, *numbered()], names=("Một", "Hai"), hidden_sheet=True))
    assert turns(reading) == expected() * 2
    assert notes(reading)["hidden_sheet"] == 2


def test_ods_merged_headings_and_formulas():
    document = OpenDocumentSpreadsheet()
    table = Table(name="A")
    lines = [
        [("TT", 1, 2), ("Học sinh", 2, 1), None, ("Nhận", 3, 1), None, None],
        [None, ("Họ và tên", 1, 1), ("Năm sinh", 1, 1), ("Hình thức", 1, 1), ("Số tiền", 1, 1), ("Ngày trao", 1, 1)],
    ]
    for line in lines:
        row = TableRow()
        for entry in line:
            if entry is None:
                row.addElement(CoveredTableCell())
            else:
                cell = TableCell(valuetype="string", numbercolumnsspanned=entry[1], numberrowsspanned=entry[2])
                cell.addElement(P(text=entry[0]))
                row.addElement(cell)
        table.addElement(row)
    for number, name in enumerate(("Lê Thị Na", "Lê Văn Tú"), 1):
        row = TableRow()
        for value in (number, name, 2010, "Học bổng", 500_000, date(2024, 9, 1)):
            row.addElement(_ods_cell(value))
        table.addElement(row)
    row = TableRow()
    for value in (3, None, 2010, "Học bổng", 500_000, date(2024, 9, 1)):
        row.addElement(
            _ods_cell(value)
            if value is not None
            else TableCell(valuetype="string", formula='of:=CONCATENATE("a";"b")', stringvalue="ab")
        )
    table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.save(content)
    reading = read(content.getvalue())
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
    document = OpenDocumentSpreadsheet()
    table = Table(name="A")
    row = TableRow(numberrowsrepeated=1_000_000)
    cell = TableCell(valuetype="float", value="1", numbercolumnsrepeated=16_000)
    row.addElement(cell)
    table.addElement(row)
    document.spreadsheet.addElement(table)
    content = io.BytesIO()
    document.save(content)
    assert refused(content.getvalue()) in ("bomb", "too_many_rows")


def test_xls_with_cells_far_apart():
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("A")
    sheet.write(0, 0, "x")
    sheet.write(65_535, 255, "y")
    content = io.BytesIO()
    workbook.save(content)
    assert refused(content.getvalue()) == "bomb"


# -- refused


@pytest.mark.parametrize(
    ("content", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"\0" * 5000, "a.xlsx", "empty_file"),
        (b"%PDF-1.7 something", "a.xlsx", "not_a_workbook"),
        (b"STT,Ho va ten\n1,An\n", "a.xlsx", "text_file"),
        (b"STT,Ho va ten\n1,An\n", "a.xls", "text_file"),
        (b"<html><table><tr><td>STT</td></tr></table></html>", "a.xls", "web_page"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html></html>", "a.xls", "web_page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "a.xls",
            "not_a_workbook",
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
    content, _ = xls([HEAD, *numbered()])
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
