"""What is struck out in an .xlsx: styles whose font has a line through it, and texts of which every part has one."""

from __future__ import annotations

from dataclasses import dataclass, field

from intakes.reading.files.markup import Attributes, local, parse, parser_for
from intakes.reading.files.scan import Place, Positions

_NO = ("0", "false", "none")


@dataclass(frozen=True, slots=True)
class Struck:
    """Styles of cells and shared texts, by the numbers under which cells name them."""

    styles: frozenset[str] = frozenset()
    texts: frozenset[str] = field(default_factory=frozenset)

    def is_in(self, part: bytes) -> bool:
        """Tell whether a sheet may hold something struck out; fast, for most do not."""
        return bool(self.texts) or any(f's="{style}"'.encode() in part for style in self.styles) or b"strike" in part

    def places(self, part: bytes) -> set[Place]:
        """Return where the cells of a sheet stand that are struck out: (row, column) from 0."""
        return _Finder(self).find(part) if self.is_in(part) else set()


class _Finder:
    """One pass over a sheet."""

    def __init__(self, struck: Struck) -> None:
        self.struck, self.at = struck, Positions()
        self.found: set[Place] = set()
        self.runs = 0  # of the text that stands in the cell itself, less those that are struck out
        self.text: list[str] | None = None  # the number of a shared text
        self.is_shared = False

    def find(self, part: bytes) -> set[Place]:
        parser = parser_for()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._take
        parse(parser, part)
        return self.found

    def _start(self, name: str, attributes: Attributes) -> None:
        kind = local(name)
        if kind == "row":
            self.at.enter_row(attributes)
        elif kind == "c":
            self.at.enter_cell(attributes)
            self.runs, self.is_shared = 0, attributes.get("t") == "s"
            if attributes.get("s") in self.struck.styles:
                self.found.add(self._place)
        elif kind == "v" and self.is_shared:
            self.text = []
        elif kind in ("r", "strike") and is_on(attributes):
            self.runs += 1 if kind == "r" else -1
            (self.found.discard if self.runs else self.found.add)(self._place)

    def _end(self, _name: str) -> None:
        if self.text is not None and "".join(self.text).strip() in self.struck.texts:
            self.found.add(self._place)
        self.text = None

    def _take(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    @property
    def _place(self) -> Place:
        return self.at.row, self.at.column


def find_struck(styles: bytes, texts: bytes) -> Struck:
    """Read styles.xml and sharedStrings.xml; where no line goes through anything, there is nothing to read."""
    return Struck(
        frozenset(_struck_styles(styles)) if b"strike" in styles else frozenset(),
        frozenset(_struck_texts(texts)) if b"strike" in texts else frozenset(),
    )


def is_on(attributes: Attributes) -> bool:
    """Tell whether `<strike>` or `<dstrike>` strikes out; it may also say that it does not."""
    return attributes.get("val", "1").lower() not in _NO


def _struck_styles(part: bytes) -> set[str]:
    fonts: list[bool] = []
    styles: list[str] = []  # the font of each style
    within: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        kind, parent = local(name), within[-1] if within else ""
        if kind == "font" and parent == "fonts":
            fonts.append(False)
        elif kind == "strike" and within[-2:] == ["fonts", "font"] and is_on(attributes):
            fonts[-1] = True
        elif kind == "xf" and parent == "cellXfs":
            styles.append(attributes.get("fontId", "0"))
        within.append(kind)

    parser = parser_for()
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: within.pop()
    parse(parser, part)
    struck = {str(number) for number, is_struck in enumerate(fonts) if is_struck}
    return {str(number) for number, font in enumerate(styles) if font in struck}


def _struck_texts(part: bytes) -> set[str]:
    counts: list[list[int]] = []  # of each text: its runs, and how many of them are struck out

    def start(name: str, attributes: Attributes) -> None:
        kind = local(name)
        if kind == "si":
            counts.append([0, 0])
        elif counts and kind == "r":
            counts[-1][0] += 1
        elif counts and kind == "strike" and is_on(attributes):
            counts[-1][1] += 1

    parser = parser_for()
    parser.StartElementHandler = start
    parse(parser, part)
    return {str(number) for number, (runs, struck) in enumerate(counts) if struck and struck >= runs}
