"""One list of columns for a table on the screen, in a document, a CSV file and a workbook; and both files' writers.

A column is declared once: its heading, how its values look, whether a list may be sorted by it (`portal.lists` shows
lists). Numbers stay numbers in a workbook, text never becomes a formula anywhere, and a missing value is shown as
missing: it is not zero. Both writers take rows as they come, so that their number does not matter for memory.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from portal.lib.vietnamese import TIME_ZONE, format_int, short_date

Kind = Literal["text", "int", "yes_no", "money", "date", "moment", "code"]

_NUMBERS = frozenset({"int", "yes_no", "money"})

# What Excel and its kin take for the beginning of a formula, their full-width forms included.
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_LINE = 40  # letters of a name on paper, in millimetres about a quarter of a landscape sheet


def begins_a_formula(value: Any) -> bool:
    """Return whether a spreadsheet program might run the value: the one guard of both writers."""
    return isinstance(value, str) and value.startswith(_FORMULA_SIGNS)


@dataclass(frozen=True)
class Column:
    """One column: `label` may be lazy text; `value` is a function of the row, or an attribute or key if not `name`.

    Kinds: text; int (a count); yes_no (1 or 0, read as "Có" or "Không" in a workbook, where its total is a count);
    money (whole đồng); date; moment; code (text that looks like a number and must not become one). A `summed` column
    appears in the total row. `sort`: the terms that order a list by it, the last one unique. A column may be left out
    on the screen or in files.
    """

    name: str
    label: Any
    kind: Kind = "text"
    value: Callable[[Any], Any] | str | None = None
    summed: bool = False
    sort: tuple[str, ...] = ()
    on_screen: bool = True
    in_files: bool = True
    css: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in _NUMBERS

    @property
    def total_kind(self) -> Kind:
        """What its total is: of yes and no how many say yes."""
        return "int" if self.kind == "yes_no" else self.kind

    def of(self, row: Any) -> Any:
        """Return the row's value: str, int, date, moment or None. Moments are told in Viet Nam's time."""
        source = self.value or self.name
        value = source(row) if callable(source) else _read(row, source)
        if isinstance(value, dt.datetime):
            value = value.astimezone(TIME_ZONE).replace(tzinfo=None) if value.tzinfo else value
            value = value if self.kind == "moment" else value.date()
        if value is None or isinstance(value, dt.date):
            return value
        return int(value) if self.is_number else str(value)

    def text(self, value: Any) -> str:
        """Return a value for readers: "10.426.900.000", "05/06/2026", "05/06/2026 14:05", "" for what is missing."""
        if value is None or isinstance(value, str):
            return value or ""
        if isinstance(value, dt.datetime):
            return f"{short_date(value.date())} {value:%H:%M}"
        if isinstance(value, dt.date):
            return short_date(value)
        return format_int(value) if self.is_number else str(value)


@dataclass(frozen=True)
class Cell:
    """One cell for a template: its text, whether it stands to the right, and whether it heads the row."""

    text: str
    is_number: bool = False
    is_header: bool = False

    @property
    def is_long(self) -> bool:
        """Whether on paper it may stand on more than one line: on one it would push figures off the sheet."""
        return len(self.text) > _LONGEST_LINE


class Table:
    """Rows under columns.

    With `total_label` the `summed` columns get a total row; the label stands in the first column that has no numbers.

    `row_header` names the column that heads each row (`<th scope="row">`).
    """

    def __init__(
        self,
        columns: Iterable[Column],
        rows: Iterable[Any],
        *,
        total_label: Any = "",
        row_header: str = "",
        caption: Any = "",
    ) -> None:
        self.columns = tuple(columns)
        self.rows = list(rows)
        self.total_label = total_label
        self.row_header = row_header
        self.caption = caption

    @property
    def header(self) -> list[Cell]:
        """The heading cells."""
        return [Cell(str(column.label), column.is_number, is_header=True) for column in self.columns]

    def values(self) -> Iterable[list[Any]]:
        """Yield each row's values, without header and total."""
        for row in self.rows:
            yield [column.of(row) for column in self.columns]

    def total(self) -> list[Any] | None:
        """Return the total row's values, or None without `total_label`; where nothing is known, the sum is missing."""
        if not self.total_label:
            return None
        sums: list[Any] = [None] * len(self.columns)
        sums[self._label_place] = str(self.total_label)
        for place, column in enumerate(self.columns):
            if column.summed:
                known = [value for row in self.rows if (value := column.of(row)) is not None]
                sums[place] = sum(known) if known else None
        return sums

    def html_rows(self) -> list[list[Cell]]:
        """Return the body's cells; the total is `html_total`."""
        return [self._cells(values) for values in self.values()]

    def html_total(self) -> list[Cell]:
        """Return the total row's cells, empty without a total."""
        total = self.total()
        if total is None:
            return []
        cells = self._cells(total)
        cells[self._label_place] = Cell(str(self.total_label), is_header=True)
        return cells

    @property
    def _label_place(self) -> int:
        return next((place for place, column in enumerate(self.columns) if not column.is_number), 0)

    def _cells(self, values: list[Any]) -> list[Cell]:
        return [
            Cell(column.text(value), column.is_number, column.name == self.row_header)
            for column, value in zip(self.columns, values, strict=True)
        ]

    def closing_rows(self) -> list[list[Cell]]:
        """Return the lines under the body: the total, where there is one."""
        return [total] if (total := self.html_total()) else []

    def csv(self) -> bytes:
        """Return the rows as a CSV file, see `csv_lines`. There is no total: files are read by machines."""
        return b"".join(csv_lines(self.columns, self.rows))


def _read(row: Any, name: str) -> Any:
    return row[name] if isinstance(row, Mapping) else getattr(row, name)


def csv_lines(columns: Iterable[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    """Yield a CSV file in pieces: UTF-8 with a byte order mark (Excel needs it), whole numbers plain, dates 2026-06-05.

    Text that would start a formula gets an apostrophe in front.
    """
    columns = tuple(columns)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    stream.write("\ufeff")
    writer.writerow([_plain(str(column.label)) for column in columns])
    for row in rows:
        writer.writerow([_plain(column.of(row)) for column in columns])
        if stream.tell() > _PIECE:
            yield stream.getvalue().encode()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue().encode()


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return f"'{value}" if begins_a_formula(value) else value


_PIECE = 32_768  # letters that are sent at a time
_FORMATS: dict[str, str] = {
    "int": "#,##0", "yes_no": '[=1]"Có";[=0]"Không";#,##0', "money": "#,##0",
    "date": "dd/mm/yyyy", "moment": "dd/mm/yyyy hh:mm", "code": "@",
    "text": "General",
    "right": "General",  # a word among numbers
}  # fmt: skip
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML
_WIDEST = 60  # characters
_TO_SIGN = 30  # points: the height of a row in which somebody signs
_MOST_ROWS = 1_000_000  # of a sheet; Excel's own limit is a little above
_LARGEST = 10**15  # numbers above lose their last digits in a spreadsheet program
_EARLIEST = dt.date(1900, 3, 1)  # Excel's calendar has a day too many before


@dataclass(frozen=True)
class Sums:
    """The words at the foot of a printed page ("of this page", "so far"), and the columns' widths in characters."""

    page: str
    so_far: str
    widths: Mapping[str, int]


class WorkbookWriter:
    """Writes one .xlsx file, a sheet after the other, its rows as they come.

    Text is always written as text; what begins like a formula stays text also when its cell is edited.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._book = Workbook(stream, {"constant_memory": True})
        self._looks: dict[tuple[str, str, bool], Format] = {}
        self._names: set[str] = set()

    def add_lines(self, name: str, lines: Iterable[tuple[Any, ...]], *, widths: tuple[int, ...] = ()) -> None:
        """Write a sheet of plain lines; the first is its title."""
        sheet = self._sheet(name)
        for number, line in enumerate(lines):
            for place, value in enumerate(line):
                self._write(sheet, number, place, value, "text", "title" if number == 0 else "line")
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)

    def add_table(
        self,
        name: str,
        columns: Iterable[Column],
        rows: Iterable[Any],
        *,
        caption: Any = "",
        total: list[Any] | None = None,
        live_totals: bool = False,
        is_struck: Callable[[Any], bool] = lambda _row: False,
        after: Iterable[list[Any]] = (),
    ) -> None:
        """Write a sheet: the caption, the header (repeated on each printed page), the rows, the total.

        Rows of which `is_struck` says so are struck through, and no live total counts them.

        With `live_totals` a total that its column adds up to is a formula with its value; `after` are lines under it.
        Rows beyond what a sheet holds go on in another one.
        """
        columns, source = tuple(columns), iter(rows)
        header, sheet, number = self._begin(name, columns, caption)
        widths = [len(str(column.label)) for column in columns]
        sums: list[int | None] = [0] * len(columns)
        for row in source:
            if number - header >= _MOST_ROWS:
                self._finish(sheet, columns, widths, header)
                header, sheet, number = self._begin(name, columns, caption)
                sums = [None] * len(columns)
            number += 1
            look = "struck" if is_struck(row) else "cell"
            for place, column in enumerate(columns):
                value = column.of(row)
                self._write(sheet, number, place, value, column.kind, look)
                widths[place] = max(widths[place], len(value if isinstance(value, str) else column.text(value)))
                kept = sums[place]
                sums[place] = (
                    None if kept is None or isinstance(value, str) else kept + (value if isinstance(value, int) else 0)
                )
        for place, value in enumerate(total or ()):
            kind = columns[place].total_kind
            if live_totals and columns[place].is_number and value is not None and value == sums[place]:
                letter = xl_col_to_name(place)
                formula = f"=SUM({letter}{header + 2}:{letter}{number + 1})"
                sheet.write_formula(number + 1, place, formula, self._look("total", kind, guarded=False), value)
            else:
                self._write(sheet, number + 1, place, value, kind, "total")
        for below, line in enumerate(after, start=number + 2):
            for place, value in enumerate(line):
                self._write(sheet, below, place, value, columns[place].total_kind, "cell")
        self._finish(sheet, columns, widths, header)

    def add_pages(
        self, name: str, columns: Iterable[Column], pages: Iterable[Iterable[Any]], *, caption: Any, words: Sums
    ) -> None:
        """Write a sheet whose printed pages are given: the header on each, at its foot its sum and the sum so far.

        Rows are high enough to sign in. A sheet that is fitted to a width would lose its page breaks in Excel, so the
        columns' widths are their own.
        """
        columns = tuple(columns)
        header, sheet, number = self._begin(name, columns, caption)
        place = next(place for place, column in enumerate(columns) if column.summed)
        breaks, whole = [], 0
        for page in pages:
            part = 0
            for row in page:
                number += 1
                sheet.set_row(number, _TO_SIGN)
                for at, column in enumerate(columns):
                    self._write(sheet, number, at, column.of(row), column.kind, "cell")
                part += columns[place].of(row)
            whole += part
            for word, amount in ((words.page, part), (words.so_far, whole)):
                number += 1
                for at in range(len(columns)):
                    value = word if at == 1 else amount if at == place else None
                    self._write(sheet, number, at, value, "money" if at == place else "text", "total")
            breaks.append(number + 1)
        sheet.set_h_pagebreaks(breaks[:-1])
        for at, column in enumerate(columns):
            sheet.set_column(at, at, words.widths[column.name])
        sheet.freeze_panes(header + 1, 0)
        sheet.repeat_rows(header)
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.6)
        sheet.set_footer("&C&P / &N")

    def close(self) -> None:
        """Put the file together and write it to the stream."""
        self._book.close()

    def _begin(self, name: str, columns: tuple[Column, ...], caption: Any) -> tuple[int, Worksheet, int]:
        sheet, header = self._sheet(name), 1 if caption else 0
        if caption:
            self._write(sheet, 0, 0, str(caption), "text", "title")
        for place, column in enumerate(columns):
            self._write(sheet, header, place, str(column.label), "text", "head")
        return header, sheet, header

    def _finish(self, sheet: Worksheet, columns: tuple[Column, ...], widths: list[int], header: int) -> None:
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width + 2, 8), _WIDEST))
        sheet.freeze_panes(header + 1, 1 if len(columns) > 6 else 0)
        sheet.repeat_rows(header)
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        if len(columns) > 6:
            sheet.set_landscape()

    def _sheet(self, name: str) -> Worksheet:
        plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in _FORBIDDEN.sub("", name)).strip("' ") or "1"
        for number in range(1, 1000):
            mark = f" ({number})" if number > 1 else ""
            title = plain[: 31 - len(mark)].strip("' ") + mark
            if title.lower() not in self._names:
                break
        self._names.add(title.lower())
        return self._book.add_worksheet(title)

    def _write(self, sheet: Worksheet, row: int, place: int, value: Any, kind: str, look: str) -> None:
        if isinstance(value, str):
            stands_right = kind in _NUMBERS and look in {"cell", "struck"}
            text, side = _FORBIDDEN.sub("", value), "right" if stands_right else "text"
            sheet.write_string(row, place, text, self._look(look, side, guarded=begins_a_formula(text)))
        elif isinstance(value, dt.datetime) and value.date() >= _EARLIEST:
            sheet.write_datetime(row, place, value, self._look(look, "moment", guarded=False))
        elif isinstance(value, dt.date) and value >= _EARLIEST:
            sheet.write_datetime(row, place, value, self._look(look, "date", guarded=False))
        elif isinstance(value, int) and abs(value) < _LARGEST:
            sheet.write_number(row, place, value, self._look(look, kind if kind in _FORMATS else "int", guarded=False))
        elif value is None:
            sheet.write_blank(row, place, None, self._look(look, kind, guarded=False))
        else:
            sheet.write_string(row, place, _as_text(value), self._look(look, "text", guarded=False))

    def _look(self, look: str, kind: str, *, guarded: bool) -> Format:
        found = self._looks.get((look, kind, guarded))
        if found is None:
            facts: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "num_format": _FORMATS[kind]}
            if look not in {"title", "line"}:
                facts |= {"border": 1, "border_color": "#7E9598"}
            if look in {"title", "head", "total"}:
                facts["bold"] = True
            if look == "struck":
                facts["font_strikeout"] = True
            if look == "head":
                facts |= {"bg_color": "#D9EBEB", "align": "center", "valign": "vcenter", "text_wrap": True}
            if kind == "right":
                facts["align"] = "right"
            if guarded:
                facts["quote_prefix"] = True
            found = self._looks[look, kind, guarded] = self._book.add_format(facts)
        return found


def _as_text(value: Any) -> str:
    if isinstance(value, dt.date):
        return short_date(value)
    return str(value)


def write_workbook(sheets: Mapping[str, Table]) -> bytes:
    """Return an .xlsx file with a sheet per table; a caption stands above its header."""
    stream = io.BytesIO()
    writer = WorkbookWriter(stream)
    for name, table in sheets.items():
        writer.add_table(name, table.columns, table.rows, caption=table.caption, total=table.total())
    writer.close()
    return stream.getvalue()
