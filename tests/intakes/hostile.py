"""Workbooks that somebody made to stop the site: small as files, endless to read without limits."""

import io
import random
import zipfile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KINDS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def archive(parts, packing=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return packed.getvalue()


def xlsx(*sheets, **more):
    """The parts of a workbook with these sheets (their XML, whole)."""
    names = [f"sheet{number}" for number in range(1, len(sheets) + 1)]
    described = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(names, 1))
    links = "".join(
        f'<Relationship Id="r{at}" Type="{LINKS}/worksheet" Target="worksheets/{name}.xml"/>'
        for at, name in enumerate(names, 1)
    )
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{KINDS}"><Relationship Id="a" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{described}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{KINDS}">{links}</Relationships>',
    }
    parts |= {f"xl/worksheets/{name}.xml": sheet for name, sheet in zip(names, sheets, strict=True)}
    return archive(parts | more)


def sheet(rows="", before=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def row(number, *values):
    cells = "".join(
        f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{value}</t></is></c>' for at, value in enumerate(values)
    )
    return f'<row r="{number}">{cells}</row>'


def long_list(count):
    """An honest list of so many people, as a spreadsheet program writes it."""
    head = row(1, "STT", "Họ và tên", "Ngày sinh", "Lớp", "Trường", "Hình thức", "Số tiền", "Ngày trao")
    people = "".join(
        row(number + 2, number + 1, f"Nguyễn Thị {chr(65 + number % 26)}nh {['An', 'Bình', 'Chi', 'Dung', 'Giang', 'Hà'][number % 6]}",
            f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/2012", f"{number % 9 + 1}A", "TH Kim Đồng", "Học bổng",
            500_000, "20/05/2023")
        for number in range(count)
    )  # fmt: skip
    return xlsx(sheet(head + people))


def comment_bomb(sheets, repeats=390_000 // 3, ballast=0):
    """Sheets of 4 MB, each one comment that begins a cell thousands of times and never ends one."""
    text = '<c r="A1" t="e" hidden="1" ' * repeats
    more = {"xl/worksheets/ballast.xml": random.Random(1).randbytes(ballast)} if ballast else {}
    return xlsx(*[sheet(row(1, "x"), before=f'<!-- f> hidden="1" t="e" {text}-->') for _ in range(sheets)], **more)


def nested_spans(depth=60_000):
    """An .ods whose one cell holds text in so many spans inside each other."""
    text = "<text:span>" * depth + "x" + "</text:span>" * depth
    return ods(f"<table:table-row><table:table-cell><text:p>{text}</text:p></table:table-cell></table:table-row>")


def ods(rows, head="", encoding="utf-8"):
    spaces = " ".join(f'xmlns:{name}="{OFFICE}{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body>'
        f"</office:document-content>"
    )
    return archive(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode(encoding)}
    )


DTD = '<!DOCTYPE a [<!ENTITY who "Nguyễn">]>'


def entity_cell(name="&who;"):
    return f"<table:table-row><table:table-cell><text:p>{name}</text:p></table:table-cell></table:table-row>"


CORPUS = {
    "comment bomb of 85 kB": lambda: comment_bomb(10),
    "comment bomb of 425 kB": lambda: comment_bomb(50),
    "comment bomb with ballast": lambda: comment_bomb(20, ballast=500_000),
    "60.000 nested spans": nested_spans,
    "ods with a DTD": lambda: ods(entity_cell(), DTD),
    "ods with a DTD in UTF-16": lambda: ods(entity_cell(), DTD, "utf-16"),
    "ods with a DTD in UTF-32": lambda: ods(entity_cell(), DTD, "utf-32"),
    "xlsx with a DTD in UTF-16": lambda: xlsx(
        f'<?xml version="1.0" encoding="utf-16"?>{DTD}{sheet(row(1, "&who;"))}'.encode("utf-16")
    ),
    "a million laughs": lambda: ods(
        entity_cell("&i;"),
        "<!DOCTYPE a [<!ENTITY a 'ha'>"
        + "".join(f"<!ENTITY {chr(ord(m) + 1)} '{f'&{m};' * 10}'>" for m in "abcdefgh")
        + "]>",
    ),
    "60.000 nested cells": lambda: xlsx(sheet("<row r='1'>" + "<c>" * 60_000 + "</c>" * 60_000 + "</row>")),
    "a cell in the last corner": lambda: xlsx(
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    ),
    "a wide and high rectangle in single quotes": lambda: xlsx(
        sheet(
            "".join(
                f"<row r='{n}'><c r='A{n}'><v>1</v></c><c r='IU{n}'><v>1</v></c></row>" for n in range(1, 99_000, 500)
            )
        )
    ),
    "half a million attributes": lambda: xlsx(
        sheet(f"<row r='1' {' '.join(f'a{n}=' + chr(34) + chr(34) for n in range(500_000))}/>")
    ),
    "many unclosed quotes": lambda: xlsx(sheet(row(1, "x"), before="<!-- " + " r='" * 900_000 + "-->")),
    "a text of 60 MB": lambda: xlsx(sheet(row(1, "x" * 60_000_000))),
    "ten thousand empty sheets": lambda: xlsx(*["<worksheet/>"] * 10_000),
}
