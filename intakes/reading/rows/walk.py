"""From the rows below the headings to the people in them: what is a person, a block, a total, a signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from intakes.reading.columns.headers import is_numbering
from intakes.reading.columns.tables import Table
from intakes.reading.files.sheets import Row, Sheet, cell_text
from intakes.reading.rows.cells import is_blank, read_amount, read_birth, read_date, read_phone
from intakes.reading.words.titles import KIND_WORDS, Facts, amount_in, count_in, date_in
from intakes.reading.words.words import (
    BLANKS,
    CLASS,
    block_label,
    circumstance_of,
    gender_of,
    has_numbering,
    is_block,
    is_block_number,
    is_class_label,
    is_commune_label,
    is_footer,
    is_grand_total,
    is_namelike,
    is_school_label,
    is_section_office,
    is_total,
    key,
    kinds_in,
    plain,
)
from portal.lib.vietnamese import AmountError, normalize, parse_amount
from portal.vocabulary import Circumstance, LevelWord, ProgrammeKind

# First words that may begin something else than a name; such rows are looked at closely.
_TRIGGERS = frozenset(
    [
        *(level.partition(" ")[0] for level in LevelWord),
        *(words.partition(" ")[0] for kind in ProgrammeKind for words in kind.words),
        "tổng", "cộng", "toàn", "tong", "cong", "t.cộng", "tc", "xã", "phường", "thị", "tt.", "tt", "quận",
        "huyện", "thành", "tp", "tp.", "thôn", "xóm", "làng", "khu", "kdc", "tổ", "tdp", "ấp", "bản", "đặc", "cụm",
        "địa", "trường", "khối", "lớp", "hội", "hkh", "chi", "ban", "mầm", "tiểu", "thcs", "thpt", "th", "mn",
        "trung", "phòng", "dòng", "họ", "đơn", "cơ", "công", "doanh", "đảng", "ttgdtx", "đại", "cao", "hợp",
        "ubnd", "gia", "câu", "gdtx", "phần", "mục", "đợt", "diện", "nhóm", "đối", "loại", "danh", "chương", "quỹ",
        "nội", "hạng", "học", "sinh", "giáo", "các", "cấp", "bậc", "ngày", "tháng", "quý", "hộ", "mồ", "khuyết",
        "con", "giải", "khen", "hỗ", "trợ", "hb", "kt", "ht", "trao", "tặng", "nhận", "lũy", "luỹ", "mang",
        "chuyển", "số", "sum", "total", "grand", "người", "lập", "tm.", "tm", "t/m", "tm/", "kt.", "chủ", "phó",
        "hiệu", "trưởng", "thủ", "kế", "xác", "(ký", "(kí", "ký", "kí", "nơi", "bằng", "(bằng", "(số", "ấn",
        "thường", "cán", "duyệt", "lãnh", "giám", "bí", "thư", "đại", "ghi", "*", "lưu", "nguoi", "lap", "chu",
        "pho", "ke", "thu", "hieu", "bang", "stt", "tt", "vd", "ví", "example", "hải", "tiền", "suất",
    ]
)  # fmt: skip
_MONEY_TAIL = re.compile(r"(\d[\d.,  ]*\d)\s*(?:đồng|đ|vnđ|vnd)?\W*$")
_COUNT_CELL = re.compile(
    r"\s*\d[\d.]*\s*(?:em|hs|học sinh|suất|xuất|người|lượt|cháu|sv|hội viên|phần)?\s*", re.IGNORECASE
)
_EXAMPLE = re.compile(r"^\(?(?:ví dụ|vd|mẫu|example|vi du)\b")


@dataclass(frozen=True, slots=True)
class Context:
    """What the title and the headings between the rows say about the rows below them."""

    block: str = ""
    kind: str | None = None
    kind_text: str = ""
    given_on: date | None = None
    amount: int | None = None
    commune: str = ""
    school: str = ""
    school_class: str = ""
    circumstance: str = ""
    year: int | None = None
    recipient_kind: str | None = None
    kind_of_block: bool = False

    @classmethod
    def of(cls, facts: Facts) -> Context:
        """Return what the facts of a title say."""
        year = facts.year or (int(facts.half[:4]) if facts.half else None)
        return cls(
            kind=facts.kind,
            kind_text=facts.kind_text,
            given_on=facts.given_on,
            amount=facts.amount,
            year=year,
            recipient_kind=facts.recipient_kind,
            circumstance=facts.circumstance,
        )


@dataclass(slots=True)
class WrittenTotal:
    """A row of totals as it stands: which column says what, and after how many people it comes."""

    row: int
    label: str
    cells: dict[int, Any]
    count: int | None
    people: int  # how many people stand above it in this table
    grand: bool
    ahead: bool = False  # the sum of the rows that follow


@dataclass(slots=True)
class Walk:
    """What was found below one block of headings."""

    people: list[int] = field(default_factory=list)  # positions in sheet.rows
    contexts: list[Context] = field(default_factory=list)
    totals: list[WrittenTotal] = field(default_factory=list)
    boundaries: list[int] = field(default_factory=list)  # numbers of people at which a block begins
    blocks: list[int] = field(default_factory=list)  # numbers of the rows that head them
    examples: int = 0
    dropped: int = 0
    footer_rows: list[int] = field(default_factory=list)  # numbers of the rows that follow the list
    last: int = -1  # position of the last row that belongs to the list


@dataclass(frozen=True, slots=True)
class _Line:
    """One row, looked at closely."""

    position: int
    row: Row
    cells: list[Any]
    filled: list[Any]
    texts: list[tuple[int, str]]
    name: str
    money: dict[int, Any]
    anchored: list[int]  # columns of the list that are filled, beside number, name, note and money
    strong: int  # how many of them tell a person: birth, class, school, gender, date, circumstances
    numbered: bool


class Walker:
    """Goes through the rows of one table."""

    def __init__(self, sheet: Sheet, table: Table, cells: Mapping[int, list[Any]], dropped: frozenset[int]) -> None:
        self.sheet, self.table, self.cells, self.dropped = sheet, table, cells, dropped
        roles = table.roles
        self.span = sorted(column.index for column in table.columns)
        self.low, self.high = (min(self.span), max(self.span) + 1) if self.span else (0, 0)
        self.whole = table.column_of("full_name") is not None
        self.name = (
            roles["full_name"] if "full_name" in roles else roles.get("family_name", roles.get("given_name", -1))
        )
        self.given = roles.get("given_name", -1)
        self.ordinal = roles.get("ordinal", -1)
        self.money = [
            index for name, index in roles.items() if name.partition(".")[0] in ("amount", "row_total", "unit_price")
        ]
        aside = {"ordinal", "note", "quantity", "full_name", "family_name", "given_name", "middle_name"}
        self.anchors = [index for name, index in roles.items() if name not in aside and index not in self.money]
        strong = [
            index
            for name, index in roles.items()
            if name.partition(".")[0]
            in (
                "birth",
                "school_class",
                "school",
                "gender",
                "given_on",
                "joined_on",
                "circumstance",
                "registered_on",
                "model",
            )
        ]
        tests = [*self.money, *strong] or [self.name]
        self.one, self.two = tests[0], (strong or tests)[0]
        self.strong = strong
        # What tells a person below a signature: the columns whose cells say something of a kind.
        self.signs = {
            index: "money" if index in self.money else name.partition(".")[0]
            for name, index in roles.items()
            if name.partition(".")[0] not in (*aside, "guardian_name", "note", "address")
        }
        self.footer = False
        self.context = Context()
        self.walk = Walk()
        self.header_key = key(table.header_texts.get(self.name, ""))

    def go(self, start: int, end: int, context: Context) -> Walk:
        """Walk rows `start` to `end` (positions); `context` is what holds at their head."""
        self.context, self.footer = context, False
        walk, rows = self.walk, self.sheet.rows
        walk.boundaries.append(len(walk.people))
        people, contexts = walk.people, walk.contexts
        name_column, ordinal, one, two = self.name, self.ordinal, self.one, self.two
        cells_of, dropped = self.cells, self.dropped
        for position in range(start, end):
            row = rows[position]
            cells = cells_of.get(position) or row.cells
            name = cells[name_column]
            # The plain case first: a number, a name, and something beside it.
            if (
                ordinal >= 0
                and cells[ordinal].__class__ is float
                and name.__class__ is str
                and (cells[one] != "" or cells[two] != "")
                and not self.footer
                and name.partition(" ")[0].lower() not in _TRIGGERS
                and name[:1].isalpha()
                and "\xa0" not in name
                and not dropped
            ):
                people.append(position)
                contexts.append(self.context)
                walk.last = position
                continue
            self._look(position, row, cells)
        return walk

    def _look(self, position: int, row: Row, cells: list[Any]) -> None:
        """Look closely at a row that is not plainly a person."""
        if row.number in self.dropped:
            self.walk.dropped += 1
            self.walk.last = position
            return
        line = self._line(position, row, cells)
        if line is None or self._is_heading_or_example(line):
            return
        if not (line.strong >= 2 and line.numbered) and self._total(line):
            self.walk.last = position
            return
        if self._is_after_list(line):
            self.walk.footer_rows.append(row.number)
            return
        if self._block(line) or self._unlabelled_total(line):
            return  # a block is not yet part of the list: it may as well be the title of the next one
        if not line.name and not line.money and line.strong < 2:
            # A bare number: the form had more lines than people.
            if not line.numbered:
                self.walk.footer_rows.append(row.number)
            if not (line.numbered and line.anchored):
                return
        self.walk.people.append(position)
        self.walk.contexts.append(self.context)
        self.walk.last = position

    def _line(self, position: int, row: Row, cells: list[Any]) -> _Line | None:
        filled = [
            (index, value)
            for index, value in enumerate(cells[self.low : self.high], self.low)
            if value != "" and not (value.__class__ is str and not value.strip())
        ]
        if not filled:
            return None
        return _Line(
            position,
            row,
            cells,
            [value for _index, value in filled],
            [(index, normalize(value)) for index, value in filled if value.__class__ is str],
            normalize(cell_text(cells[self.name])),
            {index: cells[index] for index in self.money if plain(cell_text(cells[index])) not in BLANKS},
            [index for index in self.anchors if cells[index] != ""],
            sum(1 for index in self.strong if cells[index] != ""),
            self._numbered(cells),
        )

    def _is_heading_or_example(self, line: _Line) -> bool:
        if (self.header_key and key(line.name) == self.header_key) or (is_numbering(line.filled) and not line.name):
            return True
        example = any(_EXAMPLE.match(text.lower()) for index, text in line.texts if index in (self.ordinal, self.name))
        self.walk.examples += example
        return example

    def _is_after_list(self, line: _Line) -> bool:
        """Tell whether the row belongs to what follows the list; a row that is clearly a person ends that again."""
        if self._is_footer(line):
            if self._heads_section(line):
                return False
            self.footer = True
        elif self.footer and self._is_person(line):
            self.footer = False
        return self.footer

    def _heads_section(self, line: _Line) -> bool:
        """Tell whether "Ban Chấp hành", "Hội Khuyến học" stands alone above people and not below the list."""
        return len(line.texts) == 1 and is_section_office(line.texts[0][1]) and self._person_at(line.position + 1)

    def _person_at(self, position: int) -> bool:
        for at in range(position, min(position + 3, len(self.sheet.rows))):
            row = self.sheet.rows[at]
            line = self._line(at, row, self.cells.get(at) or row.cells)
            if line is not None:
                return self._is_person(line)
        return False

    def _is_person(self, line: _Line) -> bool:
        """Tell whether a row after a signature names somebody, and says what only the rows of a list say.

        Names stand below signatures, too, side by side: a text counts only where it is what its column holds.
        """
        if not line.name or is_total(line.name) or is_footer(line.name):
            return False
        if line.numbered and (line.money or line.strong):
            return True
        return is_namelike(line.name) and (line.numbered or any(self._fits_column(index, line) for index in self.signs))

    def _fits_column(self, index: int, line: _Line) -> bool:
        value = line.cells[index]
        role = self.signs[index]
        if value == "" or is_blank(value):
            return False
        if role == "money":
            return read_amount(value).value is not None
        if role in ("birth", "birth_year"):
            return read_birth(value, today=date.max).value is not None
        if role in ("given_on", "joined_on"):
            return read_date(value).value is not None
        if role in ("phone", "guardian_phone"):
            return not read_phone(value).problem
        if role == "school_class":
            return bool(CLASS.fullmatch(cell_text(value).strip()))
        if role in ("gender", "kind", "circumstance"):
            return value.__class__ is str and bool(
                gender_of(value) or kinds_in(value) or circumstance_of(value) not in (None, Circumstance.OTHER)
            )
        return any(self._cells_at(position)[index] == value for position in self.walk.people[-200:])

    def _cells_at(self, position: int) -> list[Any]:
        return self.cells.get(position) or self.sheet.rows[position].cells

    def _numbered(self, cells: list[Any]) -> bool:
        if self.ordinal < 0:
            return False
        value = cells[self.ordinal]
        return isinstance(value, int | float) or (
            value.__class__ is str and bool(re.fullmatch(r"\s*\d{1,6}\s*[.)]?\s*", value))
        )

    def _total(self, line: _Line) -> bool:
        row, cells, texts, name, money = line.row, line.cells, line.texts, line.name, line.money
        label = next(((index, text) for index, text in texts if is_total(text)), None)
        if label is None:
            return False
        index, text = label
        if index != self.name and name and not is_total(name) and is_namelike(name) and self._numbered(cells):
            return False
        if (
            index != self.name
            and index not in (self.ordinal, self.low)
            and name
            and (self._numbered(cells) or (not is_block(name) and is_namelike(name)))
        ):
            return False
        written = {column: value for column, value in money.items() if column != index}
        if not written:
            inside = _MONEY_TAIL.search(text)
            figure = _figure(inside[1]) if inside else None
            if figure is not None and figure >= 1000:
                written = {self.table.roles.get("row_total", self.money[0] if self.money else -1): float(figure)}
        count = count_in(text)
        for other in (self.ordinal, self.name, *(column.index for column in self.table.columns)):
            value = cells[other] if other >= 0 else ""
            if (
                count is None
                and other not in self.money
                and isinstance(value, int | float)
                and not isinstance(value, bool)
                and 0 < value < 1_000_000
            ):
                count = int(value)
            elif count is None and other not in self.money and value.__class__ is str and other != index:
                count = count_in(value)
        self.walk.totals.append(
            WrittenTotal(
                row.number,
                text,
                written,
                count,
                len(self.walk.people),
                is_grand_total(text),
                ahead=not self.walk.people,
            )
        )
        return True

    def _is_footer(self, line: _Line) -> bool:
        texts, name, strong = line.texts, line.name, line.strong
        if not texts or line.money or (name and line.numbered):
            return False
        office = self.table.roles.get("decided_by")  # whose column names offices as a signature does
        marked = [index for index, text in texts if index != office and is_footer(text)]
        if not marked:
            return False
        # A person whose class or note happens to look like an office is still a person.
        return not (name and self.name not in marked and is_namelike(name) and strong - len(marked) >= 2)

    def _block(self, line: _Line) -> bool:
        """Enter the head of a block: "I | Xã An Hưng", "A. HỌC BỔNG", perhaps with the block's sum on the same row."""
        texts = self._block_texts(line)
        if not texts or len(texts) > 3:
            return False
        index, text = texts[0]
        lettered = index == self.ordinal and is_block_number(line.cells[self.ordinal])
        if lettered and len(texts) > 1:
            index, text = texts[1]
        elif lettered and not line.name:
            return False
        known = is_block(text) or is_section_office(text)
        if line.numbered and not known:
            return False
        if not (lettered or known) and not self._stands_alone(line, texts, index, text):
            return False
        label = block_label(text)
        self._enter(line.row.number, label)
        if line.money:
            total = WrittenTotal(
                line.row.number, label, dict(line.money), None, len(self.walk.people), False, ahead=True
            )
            self.walk.totals.append(total)
        return True

    def _block_texts(self, line: _Line) -> list[tuple[int, str]]:
        """Return the texts that may head a block, none where the row says more than a heading does."""
        lettered = self.ordinal >= 0 and is_block_number(line.cells[self.ordinal]) and is_block(line.name)
        strong = [cell_text(line.cells[index]) for index in self.strong if line.cells[index] != ""]
        if lettered and all(_COUNT_CELL.fullmatch(text) for text in strong):
            return [(index, text) for index, text in line.texts if index in (self.ordinal, self.name)]
        own = (self.ordinal, self.name, self.given)
        if strong or any(index not in own for index, _text in line.texts[1:] if index in line.anchored):
            return []
        if len(line.texts) > 1 and line.texts[0][0] == self.ordinal and line.numbered:
            return line.texts[1:]  # a number typed as text
        return line.texts

    def _stands_alone(self, line: _Line, texts: list[tuple[int, str]], index: int, text: str) -> bool:
        """Tell whether a text alone in its row, without any word of blocks, heads the people that follow."""
        if line.money or len(texts) > 1 or len(text.split()) > 14 or index not in (self.ordinal, self.name, self.low):
            return False
        looks_like_a_person = is_namelike(text) and not text.isupper() and not has_numbering(text)
        return self._people_follow(line.position) and (not looks_like_a_person or self._starts_again(line.position))

    def _starts_again(self, position: int) -> bool:
        """Whether the next row counts from 1."""
        for row in self.sheet.rows[position + 1 : position + 4]:
            if self.ordinal >= 0 and row.cells[self.ordinal] != "":
                return plain(cell_text(row.cells[self.ordinal])).strip(" .)") == "1"
        return False

    def _people_follow(self, position: int) -> bool:
        for row in self.sheet.rows[position + 1 : position + 6]:
            if (
                row.cells[self.name] != ""
                and sum(1 for index in (*self.strong, *self.money) if row.cells[index] != "") >= 1
            ):
                return True
        return False

    def _enter(self, number: int, label: str) -> None:
        """Move into a block: what its heading says replaces what held before."""
        walk = self.walk
        walk.blocks.append(number)
        walk.boundaries.append(len(walk.people))
        if is_section_office(label):
            return  # it says what people are in the association, not where they belong
        low = plain(label)
        context = self.context
        kinds = (
            kinds_in(label)
            if (not is_commune_label(label) and not is_school_label(label)) or re.search(r"[-–:,(]", label)
            else frozenset()
        )
        if len(kinds) == 1:
            kind = next(iter(kinds))
            context = replace(context, kind=kind, kind_text=KIND_WORDS[kind], block=label, kind_of_block=True)
        else:
            context = replace(context, block=label)
        given_on, amount = date_in(low), amount_in(low)
        if given_on:
            context = replace(context, given_on=given_on)
        if amount:
            context = replace(context, amount=amount)
        if is_commune_label(label):
            context = replace(context, commune=label, school="", school_class="")
        elif is_school_label(label):
            context = replace(context, school=label, school_class="")
        elif is_class_label(label):
            context = replace(context, school_class=label)
        elif not kinds and circumstance_of(label) not in (None, Circumstance.OTHER, Circumstance.MERIT):
            context = replace(context, circumstance=label)
        self.context = context

    def _fits(self, money: dict[int, Any]) -> bool:
        """Whether each amount is the sum of its column, from the start or from the start of a block."""
        starts = sorted({0, *self.walk.boundaries, *(total.people for total in self.walk.totals)})
        rows = self.sheet.rows
        for column, value in money.items():
            amounts = [
                _raw_amount((self.cells.get(position) or rows[position].cells)[column]) for position in self.walk.people
            ]
            if not any(abs(sum(amounts[start:]) - _raw_amount(value)) < 1 for start in starts if start < len(amounts)):
                return False
        return True

    def _unlabelled_total(self, line: _Line) -> bool:
        """Take a sum without any label: only amounts stand in the row, and they add up what stands above."""
        row, name, money, anchored = line.row, line.name, line.money, line.anchored
        others = [index for index in anchored if index not in self.money]
        if name or others or not money or line.numbered or not self.walk.people or not self._fits(money):
            return False
        self.walk.totals.append(WrittenTotal(row.number, "", dict(money), None, len(self.walk.people), False))
        return True


def _raw_amount(value: Any) -> int | float:
    if value.__class__ is str:
        return _figure(value) or 0
    return value if isinstance(value, int | float) else 0


def _figure(text: str) -> int | None:
    try:
        return parse_amount(text)
    except AmountError:
        return None
