"""Headings: what a text at the head of a column may mean, and in which rows of a sheet the headings stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from intakes.reading.files.sheets import Sheet, column_letter
from intakes.reading.words.schemas import Schema
from intakes.reading.words.words import circumstance_of, gender_of, is_total, key, kinds_in, plain

EXACT, HOLDS, HINT = 100, 70, 40
_NUMBER_TEXT = re.compile(r"[\d.,/\-\s]+(?:đ|đồng|vnđ)?")
_COLUMN_NUMBER = re.compile(
    r"\(?\s*(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})\s*\)?(?:\s*=.*)?|\(?\d{1,2}\)?\s*=\s*[\d()+x*/\-\s]+"
)
_BRACKETS = re.compile(r"\([^)]*\)?")
_LETTERED = re.compile(r"(.+)\s\(([A-Za-z]{1,3})\)\s*")  # "Ngày (C)"
_NAMES = frozenset({"full_name", "family_name", "given_name"})
_PERSONAL = frozenset(
    {
        "full_name",
        "family_name",
        "given_name",
        "middle_name",
        "birth",
        "phone",
        "address",
        "gender",
        "ordinal",
        "note",
        "unit",
        "occupation",
    }
)
_SOMEONE_ELSE = frozenset(
    [
        "cha me bo", "phu huynh", "giam ho", "nguoi nhan thay", "nguoi nhan ho", "chu tai khoan", "chu nhiem",
        "gvcn", "con ong", "con ba", "chu ho", "nguoi dai dien", "bo me", "cha me", "ong ba", "nguoi nuoi duong",
        "nguoi bao ho",
    ]
)  # fmt: skip
_ELSE_WORDS = frozenset({"cha", "me", "bo", "phhs"})


_NO_GUARDIAN = re.compile(r"\b(?:giao vien|gvcn|chu nhiem|gioi thieu|tai khoan|nhan thay|nhan ho|dai dien truong)\b")


def is_guardian(heading: str) -> bool:
    """Tell whether the heading of a column of other people speaks of parents or guardians."""
    folded = key(heading)
    spaced = f" {folded} "
    named = any(f" {phrase} " in spaced for phrase in _SOMEONE_ELSE) or bool(_ELSE_WORDS & set(folded.split()))
    return named and not _NO_GUARDIAN.search(folded)


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading may be: a field, how sure its words are (EXACT, HOLDS, HINT), and the kind it speaks of."""

    field: str
    score: int
    kind: str | None = None


class Headings:
    """The headings of a schema, looked up by the folded text. `mapping` is what the officer says about some of them."""

    def __init__(self, schema: Schema, mapping: Mapping[str, str] | None = None) -> None:
        self.schema = schema
        self.mapping = {key(heading): target for heading, target in (mapping or {}).items() if key(heading)}
        self.stated = dict(mapping or {})
        self.used: set[str] = set()
        self.words: dict[str, list[tuple[str, int]]] = {}
        for a_field in schema.fields:
            for text in a_field.words:
                self.words.setdefault(key(text), []).append((a_field.name, EXACT))
            for text in a_field.hints:
                self.words.setdefault(key(text), []).append((a_field.name, HINT))
        self.longest = max(len(text.split()) for text in self.words)
        self._seen: dict[str, tuple[Match, ...]] = {}

    def mapped(self, letter: str, header: str) -> str | None:
        """Return the field that the officer named for a column, by its letter, its heading, or both: "Ngày (C)"."""
        whole, bare = key(header), key(_BRACKETS.sub(" ", header))
        for heading, target in self.stated.items():
            named = _LETTERED.fullmatch(heading)
            if named and named[2].upper() == letter and key(named[1]) in (whole, bare):
                self.used.add(heading)
                return target
        for heading, target in self.stated.items():
            if heading.strip().upper() == letter or (key(heading) in (whole, bare) and whole):
                self.used.add(heading)
                return target
        return None

    def match(self, text: str) -> tuple[Match, ...]:
        """All fields the heading may mean, the surest first; () for a text that heads nothing known."""
        found = self._seen.get(text)
        if found is None:
            found = self._seen[text] = self._match(text)
        return found

    def _match(self, text: str) -> tuple[Match, ...]:
        bare = _BRACKETS.sub(" ", text)
        if len(text) > 120 or re.search(r":\s*\w", bare):  # "Họ và tên: Nguyễn Văn A" heads nothing
            return ()
        whole_first = key(text) in self.words or gender_of(bare)  # "Nam (Nữ)"; and "Nam" is no "Năm"
        for candidate in (text,) if whole_first else (bare, text):
            folded = key(candidate)
            matches = self._lookup(folded)
            if matches:
                kinds = kinds_in(candidate)
                kind = next(iter(kinds)) if len(kinds) == 1 else None
                if folded not in self.words:  # "Họ tên chủ hộ" is whom a list of families names itself
                    matches = _not_someone_else(matches, folded)
                return tuple(Match(name, score, kind) for name, score in matches)
        return _values_as_headings(bare) if self.schema.field("kind") or gender_of(bare) else ()

    def _lookup(self, folded: str) -> list[tuple[str, int]]:
        if not folded:
            return []
        if folded in self.words:
            return sorted(self.words[folded], key=lambda pair: -pair[1])
        words = folded.split()
        best: list[tuple[str, int]] = []
        weight = 0.0
        for start in range(len(words)):
            for length in range(min(self.longest, len(words) - start), 0, -1):
                phrase = " ".join(words[start : start + length])
                if phrase in self.words and (length > 1 or len(phrase) > 2):
                    here = length * 3 - start * 2 - (3 if len(words) - length > 6 else 0)
                    if here > weight:
                        weight = here
                        best = [
                            (name, score - 30 if score == EXACT else score - 15) for name, score in self.words[phrase]
                        ]
                    break
        return sorted(best, key=lambda pair: -pair[1])


def _values_as_headings(text: str) -> tuple[Match, ...]:
    """Columns that stand for one value each: "Học bổng", "Nữ", "Hộ nghèo", with amounts, ticks or birth dates below."""
    gender = gender_of(text)
    if gender and len(text.strip()) > 1:
        return (Match(f"gender.{gender}", HOLDS),)
    kinds = kinds_in(text)
    if len(kinds) == 1 and len(text) < 60:
        return (Match("kind_column", HOLDS, next(iter(kinds))),)
    code = circumstance_of(text)
    if code not in (None, "other") and len(text) < 40:
        return (Match(f"circumstance.{code}", HINT),)
    return ()


def _not_someone_else(matches: list[tuple[str, int]], folded: str) -> list[tuple[str, int]]:
    """Put parents aside: "Họ tên cha (mẹ)" is not the pupil's name."""
    spaced = f" {folded} "
    else_named = any(f" {phrase} " in spaced for phrase in _SOMEONE_ELSE if " " in phrase) or folded in _SOMEONE_ELSE
    parent = len(folded.split()) > 2 and bool(_ELSE_WORDS & set(folded.split()))
    if matches[0][0] in _PERSONAL - {"note", "phone"} and (else_named or parent):
        return [("guardian", EXACT)]
    return matches


@dataclass(slots=True)
class HeaderBlock:
    """Rows (positions in `sheet.rows`) that hold headings, and for each column the headings from top to bottom."""

    first: int
    last: int
    paths: dict[int, list[str]]
    names: list[int] = field(default_factory=list)
    numbering: bool = False  # a row of column numbers follows

    @property
    def end(self) -> int:
        """Return the position of the first row below the headings."""
        return self.last + (2 if self.numbering else 1)

    def text(self, column: int) -> str:
        """Return the headings of a column as one text."""
        return " / ".join(self.paths.get(column, ()))


def is_data(value: Any) -> bool:
    """Whether a cell can stand in a list but hardly in a row of headings."""
    if value.__class__ is str:
        return bool(value) and bool(_NUMBER_TEXT.fullmatch(value)) and not _COLUMN_NUMBER.fullmatch(value)
    return True


def find_headers(sheet: Sheet, headings: Headings) -> list[HeaderBlock]:
    """Every block of headings of the sheet, from top to bottom; a block repeated at a page break comes again."""
    blocks: list[HeaderBlock] = []
    merged_down, merged_right = _merged(sheet)
    position, rows = 0, sheet.rows
    while position < len(rows):
        cells = rows[position].cells
        if not cells or cells[0].__class__ is float or not _may_head(cells, headings):
            position += 1
            continue
        block = _block_at(sheet, position, headings, merged_down, merged_right, blocks[-1].end if blocks else 0)
        if block is None:
            position += 1
            continue
        blocks.append(block)
        position = block.end
    return blocks


def _may_head(cells: list[Any], headings: Headings) -> bool:
    known = 0
    for value in cells:
        if value.__class__ is str:
            if value:
                if _NUMBER_TEXT.fullmatch(value) and not _COLUMN_NUMBER.fullmatch(value):
                    return False
                if headings.match(value) or key(value) in headings.mapping:
                    known += 1
        elif value is not None:
            return False
    return known >= 2


def _merged(sheet: Sheet) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Top left cell (row number from 0, column) -> last row, and -> last column, of merged cells."""
    down = {(top, left): bottom for top, left, bottom, _right in sheet.merged if bottom > top}
    right = {(top, left): last for top, left, _bottom, last in sheet.merged if last > left}
    return down, right


def _block_at(
    sheet: Sheet,
    position: int,
    headings: Headings,
    down: dict[tuple[int, int], int],
    right: dict[tuple[int, int], int],
    floor: int,
) -> HeaderBlock | None:
    rows = sheet.rows
    first, last = position, _last_row(sheet, position, headings, down, right)
    above = first - 1
    if above >= floor and rows[above].number == rows[first].number - 1:
        first -= _is_group_row(sheet, above, headings, down)
    block = HeaderBlock(first, last, _paths(sheet, first, last, right))
    if not _heads_a_list(block, headings):
        return None
    below = rows[last + 1] if last + 1 < len(rows) else None
    block.numbering = below is not None and below.number <= rows[last].number + 2 and is_numbering(below.cells)
    return block


def _last_row(
    sheet: Sheet, position: int, headings: Headings, down: dict[tuple[int, int], int], right: dict[tuple[int, int], int]
) -> int:
    """Return how far the headings reach: merged cells say so, and without any the words do."""
    rows, last, number = sheet.rows, position, sheet.rows[position].number
    reach = max((bottom + 1 for (top, _left), bottom in down.items() if top == number - 1), default=number)
    while last + 1 < len(rows) and last - position < 3 and rows[last + 1].number <= number + 3:
        below = rows[last + 1]
        figures = any(is_data(value) for value in below.cells if value != "" and not _is_column_number(value))
        if figures or is_numbering(below.cells):
            break
        if below.number > reach and not _continues(
            rows[last].cells, below.cells, headings, right, rows[last].number - 1
        ):
            break
        last += 1
    return last


def _heads_a_list(block: HeaderBlock, headings: Headings) -> bool:
    """Tell whether the texts head a list of people: a name among them, and enough that is known beside it."""
    person, sure, known = 0, set(), 0
    for column, path in block.paths.items():
        if is_total(path[-1]) and column < 2:
            return False
        matches = headings.match(path[-1]) or headings.match(path[0])
        known += bool(matches)
        target = headings.mapped(column_letter(column), " / ".join(path)) or headings.mapped("", path[-1])
        if target:
            matches = (Match(target.partition(".")[0], EXACT),)
        named = [match.score for match in matches if match.field in _NAMES]
        if named:
            block.names.append(column)
            person = max(person, *named)
        if matches and matches[0].score >= HOLDS and matches[0].field not in _NAMES:
            sure.add(matches[0].field)
    share = known / max(len(block.paths), 1)
    if person >= HOLDS:
        return len(sure) >= 2 or (len(sure) == 1 and share >= 0.34)
    return person > 0 and len(sure) >= 2 and share >= 0.5


def _is_column_number(value: Any) -> bool:
    if value.__class__ is str:
        return bool(_COLUMN_NUMBER.fullmatch(value.strip())) if value else True
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 60


def is_numbering(cells: list[Any]) -> bool:
    """Tell whether this is a row of column numbers: "(1) (2) (3)", "A B 1 2 3", "1 2 3=1x2"."""
    filled = [value for value in cells if value != ""]
    if len(filled) < 3 or not all(_is_column_number(value) for value in filled):
        return False
    figures = [int(found[0]) for value in filled if (found := re.search(r"\d+", str(value)))]
    if not figures:
        return [plain(str(value)).strip("() ") for value in filled][:2] == ["a", "b"]
    return all(after > before for before, after in pairwise(figures)) and figures[-1] - figures[0] <= len(filled) + 4


def _is_value(text: str) -> bool:
    return bool(kinds_in(text)) or gender_of(text) is not None or circumstance_of(text) not in (None, "other")


_SUB = re.compile(
    r"(?:nam|nu|x|so|ngay|thang|nam|tien|cha|me|bo|ho|ten|dem|lot|ghi chu|so tien|so suat|tong|cong|sl|muc|dong|"
    r"hb|kt|ht|hien vat|tien mat|\d.*)"
)


def _continues(
    above: list[Any], below: list[Any], headings: Headings, right: dict[tuple[int, int], int], number: int
) -> bool:
    """Whether a row of texts under headings is their second line.

    It names fields itself, or parts of what stands above.
    """
    filled = [(column, value) for column, value in enumerate(below) if value != ""]
    if not filled or any(value.__class__ is not str for _column, value in filled):
        return False
    spans = {column for (row, left), last in right.items() if row == number for column in range(left, last + 1)}
    for column, value in filled:
        room = (
            above[column] == ""
            or column in spans
            or (column + 1 < len(above) and above[column + 1] == "" and below[column + 1] != "")
        )
        if not room and not _one_heading(above[column], value, headings):
            return False
        if not (
            headings.match(value)
            or key(value) in headings.mapping
            or _is_value(value)
            or _SUB.fullmatch(key(value))
            or column in spans
            or _one_heading(above[column], value, headings)
        ):
            return False
    if len(filled) == 1 and above[filled[0][0]] == "" and not spans and filled[0][0] not in _inner(above):
        return False
    known = sum(
        1 for _column, value in filled if headings.match(value) or _is_value(value) or _SUB.fullmatch(key(value))
    )
    return known * 2 >= len(filled)


def _inner(cells: list[Any]) -> range:
    """Return the columns between the first and the last filled cell."""
    filled = [column for column, value in enumerate(cells) if value != ""]
    return range(filled[0], filled[-1] + 2) if filled else range(0)


def _one_heading(above: Any, below: Any, headings: Headings) -> bool:
    """Whether two lines are one heading, broken by hand: "Ngày, tháng," / "năm sinh"."""
    if above.__class__ is not str or below.__class__ is not str or not above:
        return False
    joined = headings.match(f"{above} {below}")
    return bool(joined) and joined[0].score == EXACT


def _is_group_row(sheet: Sheet, position: int, headings: Headings, down: dict[tuple[int, int], int]) -> bool:
    """Whether the row above the headings groups them ("Học sinh | | Nơi học | ") and is not a line of the title."""
    row = sheet.rows[position]
    filled = [(column, value) for column, value in enumerate(row.cells) if value != ""]
    if len(filled) < 2 or any(value.__class__ is not str or len(value) > 60 for _column, value in filled):
        return False
    number = row.number - 1
    if any((number, column) in down for column, _value in filled):
        return True
    if any(match.field == "ordinal" for _column, value in filled for match in headings.match(value)[:1]):
        return True
    below = sheet.rows[position + 1].cells
    covered = sum(1 for column, value in filled if value and column < len(below))
    known = sum(1 for _column, value in filled if headings.match(value))
    return known >= 2 and covered == len(filled) and any(below[column] == "" for column, _value in filled)


def _paths(sheet: Sheet, first: int, last: int, right: dict[tuple[int, int], int]) -> dict[int, list[str]]:
    """Return for each column its headings from top to bottom, merged and plainly spanning cells repeated."""
    rows = sheet.rows
    width = len(rows[first].cells)
    grid: list[list[str]] = []
    for position in range(first, last + 1):
        row = rows[position]
        texts = [" ".join(value.split()) if value.__class__ is str else str(value) for value in row.cells]
        spans = [
            (left, end) for (top, left), end in right.items() if top == row.number - 1 and left < width and texts[left]
        ]
        for left, end in spans:
            for column in range(left + 1, min(end + 1, width)):
                texts[column] = texts[column] or texts[left]
        if position < last and not spans:
            _spread(texts, rows[position + 1].cells)
        grid.append(texts)
    paths: dict[int, list[str]] = {}
    for column in range(width):
        path: list[str] = []
        for texts in grid:
            if texts[column] and (not path or path[-1] != texts[column]):
                path.append(texts[column])
        if path:
            paths[column] = path
    return paths


def _spread(texts: list[str], below: list[Any]) -> None:
    """Let headings reach over the empty cells to their right, as far as there are texts below."""
    current = ""
    for column, text in enumerate(texts):
        under = column < len(below) and below[column].__class__ is str and below[column] != ""
        if text:
            current = text if under else ""
        elif current and under:
            texts[column] = current
        else:
            current = ""
