"""Official documents as DOCX, for those who must edit them: the same parts and layout as the PDF.

Real styles, so that Word's outline, its readers and a later change of the font work: Normal, Heading 1 to 3, Caption,
Table Grid, and a few named after what they are for.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as WordTable
from docx.table import _Cell as WordCell
from docx.text.paragraph import Paragraph

from portal.lib.official import Closing, Head, Verification
from portal.lib.qr import qr_png
from portal.lib.tables import Cell, Table

FONT = "Times New Roman"
_LANGUAGE = "vi-VN"
_TEXT_WIDTH = 165  # mm between the margins of an upright sheet
_LEFT, _RIGHT = 64, 101  # mm, the two columns of the head
_SEAL = 71  # points: 25 mm for a round seal and a signature
_UNINDENTED = "Unindented"  # the style, and its id
_NOTE = 11  # points, of what stands under a table or a chart
_FEWEST, _SHORT = 4, 32  # rows that stay together at either side of a break; rows of a table that one page holds
_CENTRE, _TO_RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


class OfficialDocument:
    """A document under construction; parts appear in the order in which they are added."""

    def __init__(self, *, title: str, author: str = "") -> None:
        self._word = Document()
        properties = self._word.core_properties
        properties.title, properties.author, properties.language = title, author, _LANGUAGE
        properties.comments = ""
        self._define_styles()
        self._lay_out_first_section()

    # ---- parts -------------------------------------------------------------------------------------------------

    def add_head(self, head: Head) -> None:
        """Add the two columns above the text: issuing body and number, national name, motto, place and date."""
        left, right = self._two_columns()
        if head.superior:
            _line(left, head.superior_line.upper(), size=12)
        _line(left, head.issuer_line.upper(), size=13, bold=True)
        _rule(left, (_LEFT - 25) / 2)
        _line(left, head.number_line, size=13, before=6)
        _line(right, head.NATION, size=12, bold=True)
        motto = _line(right, head.MOTTO, size=13, bold=True)
        _underline(motto, indent=(_RIGHT - 66) / 2)
        _line(right, head.place_and_date, size=14, italic=True, before=6)

    def add_title(self, head: Head) -> None:
        """Add kind and subject with the short line under them, the summary and the legal bases."""
        if head.kind:
            self._word.add_paragraph(head.kind.upper(), style="Title")
        self._word.add_paragraph(head.subject, style="Subtitle")
        _rule(self._word, (_TEXT_WIDTH - 25) / 2)
        if head.summary:
            self._word.add_paragraph(style=_UNINDENTED).add_run(head.summary).italic = True
            self._word.paragraphs[-1].alignment = _CENTRE
        for line in head.legal_lines:
            self._word.add_paragraph().add_run(line).italic = True

    def add_heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        """Add a heading, level 1 to 3; on a new page when asked."""
        self._word.add_heading(text, level).paragraph_format.page_break_before = new_page or None

    def add_annex(self, name: str, title: str, enclosed: str, *, new_page: bool = False) -> None:
        """Begin an annex: its number, its title in capitals, and of which paper it is a part."""
        for text in (name, title):
            self.add_heading(text, 2, new_page=new_page and text is name)
            self._word.paragraphs[-1].alignment = _CENTRE
        self._word.add_paragraph(style=_UNINDENTED).add_run(enclosed).italic = True
        self._word.paragraphs[-1].alignment = _CENTRE
        self._word.paragraphs[-1].paragraph_format.keep_with_next = True

    def add_paragraph(self, text: str, *, italic: bool = False, bold: bool = False) -> None:
        """Add a paragraph of text, justified, its first line indented."""
        run = self._word.add_paragraph().add_run(text)
        run.italic, run.bold = italic or None, bold or None

    def add_note(self, text: str) -> None:
        """Add a note in small italics, as it stands under a table or a chart."""
        paragraph = self._word.add_paragraph(style=_UNINDENTED)
        run = paragraph.add_run(text)
        run.italic, run.font.size = True, Pt(_NOTE)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)

    def add_terms(self, lead: str, terms: Iterable[tuple[str, str]], *, size: float = 9) -> None:
        """Add one paragraph in small type that says what words mean: the lead, then each term and its sentence."""
        paragraph = self._word.add_paragraph(style=_UNINDENTED)
        paragraph.add_run(lead).italic = True
        for term, sentence in terms:
            paragraph.add_run(f" {term}: ").bold = True
            paragraph.add_run(sentence)
        for run in paragraph.runs:
            run.font.size = Pt(size)

    def add_table(self, table: Table, *, size: float = 12, note: str = "") -> None:
        """Add a table; its header is repeated on each page and no row is split. `size` of its text in points.

        A note (the unit of its figures) stands above it, to the right. A short table stays on one page; of a long one
        at least four rows stand on each side of a break.
        """
        if table.caption:
            self._word.add_paragraph(str(table.caption), style="Caption")
        if note:
            self._word.add_paragraph(style=_UNINDENTED).add_run(note).italic = True
            self._word.paragraphs[-1].runs[0].font.size = Pt(_NOTE)
            self._word.paragraphs[-1].alignment = _TO_RIGHT
            self._word.paragraphs[-1].paragraph_format.keep_with_next = True
        rows, closing = table.html_rows(), table.closing_rows()
        word = self._word.add_table(rows=0, cols=len(table.columns), style="Table Grid")
        word.alignment = WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(word.columns, self._widths([table.header, *rows, *closing]), strict=True):
            column.width = width
        self._add_row(word, table.header, size, header=True)
        for row in rows:
            self._add_row(word, row, size)
        for row in closing:
            self._add_row(word, row, size, bold=True)
        _keep_together(word)
        self._add_gap()

    def add_picture(
        self, png: bytes, *, alt: str, width: float = _TEXT_WIDTH, caption: str = "", note: str = ""
    ) -> None:
        """Add a PNG or JPEG `width` millimetres wide, its caption above, a note below; `alt` says what it shows."""
        if caption:
            self._word.add_paragraph(caption, style="Caption").alignment = _CENTRE
            self._word.paragraphs[-1].paragraph_format.keep_with_next = True
        paragraph = self._word.add_paragraph(style=_UNINDENTED)
        paragraph.alignment = _CENTRE
        _add_picture(paragraph, png, alt, width)
        if note:
            paragraph.paragraph_format.keep_with_next = True
            self._word.add_paragraph(style=_UNINDENTED).add_run(note).italic = True
            self._word.paragraphs[-1].alignment = _CENTRE
            self._word.paragraphs[-1].runs[0].font.size = Pt(_NOTE)

    def add_signature(self, closing: Closing) -> None:
        """Add recipients on the left and the signature on the right, kept together and with the last paragraph."""
        self._word.paragraphs[-1].paragraph_format.keep_with_next = True
        left, right = self._two_columns(_TEXT_WIDTH - 90, 90)
        if closing.recipients:
            _line(left, closing.TITLE, size=12, bold=True, italic=True, centred=False)
            for line in closing.recipient_lines:
                _line(left, line, size=11, centred=False)
        if closing.signature:
            for line in closing.signature.authority:
                _line(right, line.upper(), size=14, bold=True)
            _line(right, closing.signature.name, size=14, bold=True, before=_SEAL)
        for cell in (left, right):
            for paragraph in cell.paragraphs[:-1]:
                paragraph.paragraph_format.keep_with_next = True

    def add_verification(self, verification: Verification, *, instruction: str, alt: str) -> None:
        """Add the QR code with the code and address beside it; `instruction` and `alt` are for the reader."""
        self._word.add_paragraph(style=_UNINDENTED)
        left, right = self._two_columns(40, _TEXT_WIDTH - 40)
        _add_picture(left.paragraphs[0], qr_png(verification.url, correction="Q"), alt, 36)
        _line(right, instruction, size=11, centred=False)
        _line(right, verification.printed_code, size=13, bold=True, centred=False)
        _line(right, verification.url, size=11, centred=False)
        if verification.sha256:
            _line(right, f"SHA-256: {verification.sha256}", size=9, centred=False)

    def start_wide_pages(self) -> None:
        """Go on with landscape pages, for tables with many columns."""
        section = self._word.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(15)
        section.different_first_page_header_footer = False

    def to_bytes(self) -> bytes:
        """Return the .docx file."""
        stream = io.BytesIO()
        self._word.save(stream)
        return stream.getvalue()

    def _add_gap(self) -> None:
        """Add the paragraph without which Word would join a table with the next one, hardly seen."""
        gap = self._word.add_paragraph(style=_UNINDENTED)
        gap.paragraph_format.space_before = gap.paragraph_format.space_after = Pt(0)
        gap.paragraph_format.line_spacing = Pt(6)

    # ---- layout ------------------------------------------------------------------------------------------------

    def _define_styles(self) -> None:
        styles = self._word.styles
        normal = styles["Normal"]
        _set_font(normal, 14)
        normal.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        normal.paragraph_format.first_line_indent = Mm(10)
        normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(6)
        normal.paragraph_format.line_spacing = 1.15
        for level in (1, 2, 3):
            heading = styles[f"Heading {level}"]
            _set_font(heading, 14, bold=True, italic=level == 3)
            heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(10), Pt(6)
            heading.paragraph_format.keep_with_next = True
        for name, size in (("Title", 15), ("Subtitle", 14)):
            _set_font(styles[name], size, bold=True)
            styles[name].paragraph_format.alignment = _CENTRE
            styles[name].paragraph_format.space_before = Pt(12 if name == "Title" else 0)
            styles[name].paragraph_format.space_after = Pt(0)
            _without_borders(styles[name])
        _set_font(styles["Caption"], 12, bold=True)
        styles["Caption"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
        styles["Caption"].paragraph_format.keep_with_next = True
        unindented = styles.add_style(_UNINDENTED, WD_STYLE_TYPE.PARAGRAPH)
        unindented.base_style = normal
        for style in (unindented, styles["Caption"], styles["Title"], styles["Subtitle"], styles["Header"]):
            style.paragraph_format.first_line_indent = Mm(0)
        for level in (1, 2, 3):
            styles[f"Heading {level}"].paragraph_format.first_line_indent = Mm(0)

    def _lay_out_first_section(self) -> None:
        section = self._word.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = _CENTRE
        run = number.add_run()
        run.font.size = Pt(13)
        for kind, text in (("begin", ""), ("", "PAGE"), ("separate", ""), ("text", "2"), ("end", "")):
            run._r.append(_field_part(kind, text))

    def _two_columns(self, left: float = _LEFT, right: float = _RIGHT) -> tuple[WordCell, WordCell]:
        """Add a table without lines, for layout; its row is never split."""
        table = self._word.add_table(rows=1, cols=2)
        table.autofit = False
        _take_margins_off(table)
        for column, width in zip(table.columns, (left, right), strict=True):
            column.width = Mm(width)  # the grid too: LibreOffice follows it, not the cells
        _keep_whole(table.rows[0])
        for cell, width in zip(table.rows[0].cells, (left, right), strict=True):
            cell.width = Mm(width)
        return table.cell(0, 0), table.cell(0, 1)

    def _widths(self, rows: list[list[Cell]]) -> list[int]:
        """Share the width of the text among columns by their longest word or figure, and a little by their text.

        The name of a row is kept on one line rather than the heading of its figures: there are more of them.
        """
        section = self._word.sections[-1]
        room = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
        columns = list(zip(*filter(None, rows), strict=True))
        weights = [
            max(max((len(word) for cell in column for word in cell.text.split()), default=1), 4)
            + min(max(len(cell.text) for cell in column), 40) / (4 if column[0].is_number else 1)
            for column in columns
        ]
        return [int(room * weight / sum(weights)) for weight in weights]

    def _add_row(
        self, word: WordTable, cells: list[Cell], size: float, *, header: bool = False, bold: bool = False
    ) -> None:
        row = word.add_row()  # type: ignore[no-untyped-call]  # python-docx says nothing of it
        _keep_whole(row, header=header)
        for cell, target in zip(cells, row.cells, strict=True):
            paragraph = _line(target, cell.text, size=size, bold=header or bold, centred=header)
            if cell.is_number and not header:
                paragraph.alignment = _TO_RIGHT


def _line(
    cell: WordCell,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    before: float = 0,
    centred: bool = True,
) -> Paragraph:
    """Add a line to a cell; the empty paragraph that every cell begins with is used first."""
    first = cell.paragraphs[0]
    paragraph: Paragraph = first if len(cell.paragraphs) == 1 and not first.runs else cell.add_paragraph()
    paragraph._p.style = _UNINDENTED  # named by its id: python-docx would look through all styles for each cell
    paragraph.alignment = _CENTRE if centred else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(0)
    paragraph.paragraph_format.line_spacing = 1
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    _set_end_size(paragraph, size)
    return paragraph


def _set_end_size(paragraph: Paragraph, size: float) -> None:
    """Give the end of a paragraph its size too: of an empty one it is the height."""
    end, height = OxmlElement("w:rPr"), OxmlElement("w:sz")
    height.set(qn("w:val"), str(int(2 * size)))
    end.append(height)
    paragraph._p.get_or_add_pPr().append(end)


def _take_margins_off(table: WordTable) -> None:
    """Leave no room beside the text of its cells: the national name fills its column in many a font."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = table._tbl.tblPr.find(qn("w:tblLook"))  # the schema has the margins before it
    look.addprevious(margins) if look is not None else table._tbl.tblPr.append(margins)


def _keep_together(table: WordTable) -> None:
    """Let no page end within the first or the last four rows, nor within a table that one page holds."""
    rows = table.rows[1:]
    short = len(rows) <= _SHORT
    for place, row in enumerate(table.rows[:-1]):
        if short or place <= _FEWEST - 1 or place > len(rows) - _FEWEST:
            for cell in row.cells:
                cell.paragraphs[0].paragraph_format.keep_with_next = True


def _rule(parent: Any, indent: float) -> None:
    """Add the short line under an issuing body or a subject: a thin paragraph, `indent` mm from both sides."""
    paragraph = parent.add_paragraph(style=_UNINDENTED)
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = Pt(4)
    paragraph.add_run().font.size = Pt(2)
    _underline(paragraph, indent=indent)


def _underline(paragraph: Paragraph, *, indent: float) -> None:
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent)
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _without_borders(style: Any) -> None:
    """Take off the line that the template draws under a title."""
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _set_font(style: Any, size: float, *, bold: bool = False, italic: bool = False) -> None:
    font = style.font
    font.name, font.size, font.bold, font.italic = FONT, Pt(size), bold, italic
    font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FONT)
    for spacing in properties.findall(qn("w:spacing")):
        properties.remove(spacing)
    language = properties.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        properties.append(language)
    language.set(qn("w:val"), _LANGUAGE)


def _keep_whole(row: Any, *, header: bool = False) -> None:
    """Mark a table's row as never split, and a header as repeated on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _field_part(kind: str, text: str) -> Any:
    if kind == "text":
        part = OxmlElement("w:t")
        part.text = text
    elif kind:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
    else:
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = f" {text} "
    return part


def _add_picture(paragraph: Paragraph, png: bytes, alt: str, width: float) -> None:
    picture = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(width))
    picture._inline.docPr.set("descr", alt)
