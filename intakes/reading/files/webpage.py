"""Web pages that carry the ending of a workbook, as older school software exports them: their tables to cells."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from intakes.reading.files.delimited import decode
from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.sheets import MAX_COLUMNS, Row, Sheet, Workbook, check_rows, pad

_LINES = frozenset({"p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "center", "li", "br"})
_SILENT = frozenset({"script", "style", "title", "head", "noscript"})
_MOST_SPANNED = 5_000
_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_STRIKING = frozenset({"s", "strike", "del"})
_LINE_THROUGH = re.compile(r"text-decoration[^;]*:[^;]*line-through", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)


def read_webpage(content: bytes) -> Workbook:
    """Return one sheet: the rows of all tables one below the other, and each line of text between them as a row."""
    text = _decoded(content)
    target = _Tables()
    parser = etree.HTMLParser(target=target, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        parser.feed(text)
        parser.close()
    except (etree.LxmlError, ValueError) as error:
        if isinstance(error, WorkbookError):
            raise
        raise WorkbookError("corrupt") from error
    if not target.tables:
        raise WorkbookError("web_page")
    sheet = Sheet("HTML", rows=target.rows, merged=target.merged, struck=target.struck)
    while sheet.rows and not any(cell != "" for cell in sheet.rows[-1].cells):
        sheet.rows.pop()
    pad(sheet.rows)
    return Workbook([sheet], "html")


def _decoded(content: bytes) -> str:
    named = _CHARSET.search(content[:4096])
    if named is not None and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return content.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass
    return decode(content)


class _Tables:
    """Takes the tags as they come. A table inside a cell belongs to the text of the cell."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.tables = self.depth = self.silent = 0
        self.cells: list[Any] | None = None
        self.hidden = False
        self.text: list[str] = []
        self.attributes: dict[str, str] = {}
        self.in_cell = False
        self.struck: set[tuple[int, int]] = set()
        self.striking = 0  # elements open that strike their text out
        self.row_is_struck = False
        self.said: set[bool] = set()  # of the texts of the cell: struck out or not
        self.covered: dict[tuple[int, int], bool] = {}  # (row, column) below a cell that spans rows

    def start(self, tag: Any, attributes: Any) -> None:
        """Meet an opening tag."""
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self.depth += 1
            if self.depth == 1:
                self._end_line()
                self.tables += 1
        elif tag == "tr" and self.depth == 1:
            self._end_row()
            self.cells, self.hidden = [], bool(_HIDDEN.search(attributes.get("style", "")))
            self.row_is_struck = bool(_LINE_THROUGH.search(attributes.get("style", "")))
        elif tag in ("td", "th") and self.depth == 1:
            self._end_cell()
            if self.cells is None:
                self.cells, self.hidden = [], False
            self.in_cell, self.attributes, self.text = True, dict(attributes), []
            self.striking, self.said = 0, set()
        elif tag in _STRIKING:
            self.striking += 1
        elif tag in _LINES:
            if self.depth == 0:
                self._end_line()
            elif self.text and tag in ("br", "p", "div"):
                self.text.append("\n")

    def end(self, tag: Any) -> None:
        """Meet a closing tag."""
        if tag in _SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag == "table":
            if self.depth == 1:
                self._end_row()
            self.depth = max(self.depth - 1, 0)
        elif tag == "tr" and self.depth == 1:
            self._end_row()
        elif tag in ("td", "th") and self.depth == 1:
            self._end_cell()
        elif tag in _STRIKING:
            self.striking = max(self.striking - 1, 0)
        elif tag in _LINES and self.depth == 0:
            self._end_line()

    def data(self, text: str) -> None:
        """Meet text."""
        if not self.silent and (self.in_cell or self.depth == 0):
            # Ends of lines in the page's own text are spaces, as in a browser.
            self.text.append(re.sub(r"[ \t\r\n]+", " ", text))
            if text.strip():
                self.said.add(self.striking > 0)

    def close(self) -> None:
        """Meet the end."""
        self._end_row()
        self._end_line()

    def _take_text(self) -> str:
        lines = [line.strip(" ") for line in "".join(self.text).split("\n")]
        self.text = []
        return "\n".join(lines).strip("\n")

    def _end_line(self) -> None:
        if self.depth == 0 and (text := self._take_text()).strip():
            self._add(Row(len(self.rows) + 1, False, [text]))

    def _end_cell(self) -> None:
        if not self.in_cell or self.cells is None:
            return
        self.in_cell = False
        row = len(self.rows)
        while self.covered.pop((row, len(self.cells)), False):
            self.cells.append("")
        wide, high = _span(self.attributes.get("colspan")), _span(self.attributes.get("rowspan"))
        column = len(self.cells)
        wide = max(min(wide, MAX_COLUMNS - column), 1)
        styled = bool(_LINE_THROUGH.search(self.attributes.get("style", "")))
        if self.row_is_struck or styled or self.said == {True}:
            self.struck.add((row, column))
        if column < MAX_COLUMNS:
            self.cells += [_value(self._take_text(), self.attributes), *[""] * (wide - 1)]
            if wide > 1 or high > 1:
                self.merged.append((row, column, row + high - 1, column + wide - 1))
            for below in range(1, min(high, _MOST_SPANNED)):
                for beside in range(wide):
                    self.covered[row + below, column + beside] = True
            if len(self.covered) > 2_000_000:
                raise WorkbookError("bomb")
        else:
            self.text = []

    def _end_row(self) -> None:
        self._end_cell()
        if self.cells is not None:
            self._add(Row(len(self.rows) + 1, self.hidden, self.cells))
            self.cells = None

    def _add(self, row: Row) -> None:
        self.rows.append(row)
        check_rows(len(self.rows))


def _span(text: str | None) -> int:
    return max(int(text), 1) if text is not None and text.strip().isdecimal() and len(text) < 6 else 1


def _value(text: str, attributes: dict[str, str]) -> Any:
    """Return the number that Excel's own web pages name beside the text, else the text."""
    number = attributes.get("x:num") or attributes.get("sdval")
    if number:
        try:
            return float(number)
        except ValueError:
            return text
    return text
