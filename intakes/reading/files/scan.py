"""What the reader of values does not tell of a sheet of an .xlsx: what is hidden, formulas, errors, its extent.

And a sheet whose cells lie far apart is written anew with its gaps closed, so that it does not unfold into millions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from intakes.reading.files.errors import WorkbookError
from intakes.reading.files.markup import Attributes, local, opening_tag, parse, parser_for
from intakes.reading.files.sheets import MAX_AREA, MAX_COLUMNS, MAX_ROWS, check_rows, column_index, column_letter

MAX_GAP = 500  # empty rows between two others; more are closed up while reading
_FAR_COLUMN, _FAR_ROW = 104, 100_000
_MOST_OF_A_FORMULA, _MOST_OF_AN_ERROR = 9000, 40
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_TRUE = ("1", "true")
_SIGNS = (b"hidden", b"<f", b":f", b'"e"', b"='", b" =", b"= ", b"=\n")
_FAR_CELL = re.compile(rb'r="(?:[D-Zd-z][A-Za-z]\d|[A-Za-z]{3})')
_FAR_DOWN = re.compile(rb'r="[A-Za-z]{1,2}(\d{6,9})')
_ROW, _CELL, _FORMULA, _VALUE, _COLUMN, _OTHER = range(1, 7)
_KINDS = {"row": _ROW, "c": _CELL, "f": _FORMULA, "v": _VALUE, "col": _COLUMN}
Place = tuple[int, int]


@dataclass(slots=True)
class SheetFacts:
    """Facts of one sheet; rows and columns count from 0, hidden rows by the number that is shown."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    formulas: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    rows: int = 0
    last_row: int = -1
    last_column: int = -1

    @property
    def is_far(self) -> bool:
        """Tell whether cells lie so far out that the sheet should be closed up; a long list without gaps need not."""
        return _is_thin(self.last_row + 1, self.rows) or self.last_column >= _FAR_COLUMN

    @property
    def is_cut(self) -> bool:
        """Tell whether there are cells beyond the columns that are read."""
        return self.last_column >= MAX_COLUMNS


def scan_sheet(part: bytes) -> SheetFacts:
    """Read the facts of a sheet from its XML.

    Where none of the letters stand of which a fact could be told, which is most lists, there is nothing to read.
    """
    if not any(sign in part for sign in _SIGNS) and not _FAR_CELL.search(part):
        last = max((int(found[1]) for found in _FAR_DOWN.finditer(part)), default=0)
        if not last or not _is_thin(last, part.count(b"<row")):
            return SheetFacts()
    scan = _Scan()
    scan.run(part)
    return scan.facts


def _is_thin(last: int, rows: int) -> bool:
    """Tell whether a sheet goes far down with few rows on the way: unfolded, it would be empty for the most part."""
    return last >= _FAR_ROW and (last > MAX_ROWS or last > 2 * rows)


_EMPTY_ROW = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*/>')
_EMPTY_CELLS = re.compile(rb'<row r="[0-9]{1,7}"[^<>]*>(?:<c r="[A-Z]{1,3}[0-9]{1,7}"[^<>]*/>)+</row>')
_MANY = 20_000


def without_empty_rows(part: bytes) -> bytes:
    """Return a sheet without its rows that are formatted only, where there are a great many and each says its number.

    A column formatted to the foot of the sheet leaves a million of them: no reader need meet them one by one.
    """
    count = part.count(b"<row")
    if count < _MANY or count != part.count(b'<row r="'):
        return part
    part = _EMPTY_ROW.sub(b"", part)
    return _EMPTY_CELLS.sub(b"", part) if part.count(b"<row") >= _MANY else part


class Positions:
    """Where the rows and cells are that come by, those without a reference of their own included."""

    def __init__(self) -> None:
        self.row = self.column = -1
        self._ending = ""
        self._letters: dict[str, int] = {}

    def enter_row(self, attributes: Attributes) -> None:
        """Meet a row."""
        text = attributes.get("r", "")
        if text.isdecimal() and len(text) < 9:
            self.row, self._ending = int(text) - 1, text
        else:
            self.row += 1
            self._ending = str(self.row + 1)
        self.column = -1

    def enter_cell(self, attributes: Attributes) -> None:
        """Meet a cell of it."""
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
            return
        letters = reference.removesuffix(self._ending)
        if letters in self._letters:
            self.column = self._letters[letters]
            return
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise WorkbookError("corrupt")
        self.row, self.column = int(match[2]) - 1, column_index(match[1])
        self._letters[match[1]] = self.column
        self._ending = match[2]


class _Scan:
    """One pass over a sheet. `run` is long for its speed: it is called for each of hundreds of thousands of tags."""

    def __init__(self) -> None:
        self.facts = SheetFacts()
        self.parser = parser_for()
        self.at = Positions()
        self._taking = ""  # the element whose text is wanted
        self._text: list[str] = []
        self._found: dict[Place, str] = {}

    def run(self, part: bytes) -> None:
        at, facts = self.at, self.facts
        kinds: dict[str, int] = {}
        enter_cell, enter_row = at.enter_cell, at.enter_row
        is_error = False

        def start(name: str, attributes: Attributes) -> None:
            nonlocal is_error
            kind = kinds.get(name)
            if kind is None:
                kind = kinds[name] = _KINDS.get(local(name), _OTHER)
            if kind == _OTHER:
                return
            if kind == _CELL:
                enter_cell(attributes)
                if at.column > facts.last_column:
                    facts.last_column = at.column
                is_error = "t" in attributes and attributes["t"] == "e"
                facts.last_row = at.row
            elif kind == _VALUE:
                if is_error:
                    self._take(name, facts.errors)
            elif kind == _ROW:
                enter_row(attributes)
                facts.rows += 1
                if "hidden" in attributes and attributes["hidden"] in _TRUE:
                    facts.hidden_rows.add(at.row + 1)
            elif kind == _FORMULA:
                self._take(name, facts.formulas)
            elif "hidden" in attributes and attributes["hidden"] in _TRUE:
                self._hide_columns(attributes)

        self.parser.StartElementHandler = start
        parse(self.parser, part)

    def _hide_columns(self, attributes: Attributes) -> None:
        low, high = attributes.get("min", ""), attributes.get("max", "")
        if low.isdecimal() and high.isdecimal():
            self.facts.hidden_columns.update(range(int(low[:9]) - 1, min(int(high[:9]), MAX_COLUMNS)))

    def _take(self, name: str, found: dict[Place, str]) -> None:
        self._taking, self._text, self._found = name, [], found
        self.parser.CharacterDataHandler = self._text.append
        self.parser.EndElementHandler = self._end

    def _end(self, name: str) -> None:
        if name != self._taking:
            return
        text = "".join(self._text)
        cut = "=" + text[:_MOST_OF_A_FORMULA] if self._found is self.facts.formulas else text[:_MOST_OF_AN_ERROR]
        self._found[self.at.row, self.at.column] = cut
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None


def close_gaps(part: bytes) -> tuple[bytes, dict[int, int]]:
    """Return a sheet without its far columns, and with wide gaps between rows closed.

    New row number -> the one that was.
    """
    closing = _Closing(part)
    closing.run()
    return closing.result()


class _Closing:
    """Writes the rows of a sheet anew, each cell's content as it was."""

    def __init__(self, part: bytes) -> None:
        self.part = part
        self.at = Positions()
        self.parser = parser_for()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.numbers: dict[int, int] = {}
        self.pieces: list[bytes] = []
        self.head, self.tail = -1, len(part)
        self._row = ""
        self._cells: list[tuple[int, str, Attributes, bytes]] = []
        self._cell: tuple[str, Attributes] | None = None
        self._inner = -1
        self._last = self._last_was = self._width = 0
        self._depth = 0

    def run(self) -> None:
        parse(self.parser, self.part)

    def result(self) -> tuple[bytes, dict[int, int]]:
        if self.head < 0:
            return self.part, {}
        if self._last * self._width > MAX_AREA:
            raise WorkbookError("bomb")
        return b"".join([self.part[: self.head], *self.pieces, self.part[self.tail :]]), self.numbers

    def _start(self, name: str, attributes: Attributes) -> None:
        kind = local(name)
        if self._cell is not None:
            self._depth += 1
            if self._inner < 0:
                self._inner = self.parser.CurrentByteIndex
            return
        if kind == "row":
            self.head = self.parser.CurrentByteIndex if self.head < 0 else self.head
            self.at.enter_row(attributes)
            self._row, self._cells = name, []
        elif kind == "c" and self._row:
            self.at.enter_cell(attributes)
            self._cell, self._inner, self._depth = (name, attributes), -1, 0

    def _end(self, name: str) -> None:
        if self._cell is not None:
            if self._depth:
                self._depth -= 1
                return
            inner = self.part[self._inner : self.parser.CurrentByteIndex] if self._inner >= 0 else b""
            if self.at.column < MAX_COLUMNS:
                self._cells.append((self.at.column, *self._cell, inner))
            self._cell = None
        elif name == self._row:
            self._close_row()
            self._row = ""
        elif local(name) == "sheetData":
            self.tail = self.parser.CurrentByteIndex

    def _close_row(self) -> None:
        if not any(b"v>" in inner or b"t>" in inner for _column, _name, _attributes, inner in self._cells):
            return
        was = self.at.row + 1
        self._last += min(max(was - self._last_was, 1), MAX_GAP)
        self._last_was = was
        self.numbers[self._last] = was
        check_rows(len(self.numbers))
        self.pieces.append(opening_tag(self._row, {"r": str(self._last)}))
        for column, name, attributes, inner in self._cells:
            self._width = max(self._width, column + 1)
            self.pieces.append(opening_tag(name, attributes | {"r": f"{column_letter(column)}{self._last}"}))
            self.pieces += (inner, f"</{name}>".encode())
        self.pieces.append(f"</{self._row}>".encode())
