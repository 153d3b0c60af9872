"""From the people of a table to typed values: who they are, where they learn, how they live.

The work is done column by column: a list repeats itself (dates, amounts, classes), so each different cell is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any

from intakes.reading.columns.tables import Table
from intakes.reading.files.sheets import Sheet, cell_text
from intakes.reading.rows.cells import Read, is_blank, read_birth, read_date, read_gender, read_name, read_text, tidy
from intakes.reading.rows.orders import DAYS, DayOrder, orders_of
from intakes.reading.rows.walk import Context
from intakes.reading.words.problems import Problem
from intakes.reading.words.schemas import Schema
from intakes.reading.words.words import CLASS, DITTO, SCHOOL, is_mark, plain, recipient_kind_of
from portal.lib.vietnamese import meant_by, short_date
from portal.vocabulary import Gender, RecipientKind

_CLASS_AND_SCHOOL = re.compile(
    rf"(?:lớp\s*)?(?P<class>{CLASS.pattern})\s*(?:[-–,;/]|\s)\s*(?P<school>\D.*)", re.IGNORECASE | re.DOTALL
)
_SCHOOL_AND_CLASS = re.compile(
    r"(?P<school>.*?)\s*(?:[-–,;/]|\s)\s*(?:lớp\s*)?(?P<class>\d{1,2}\s?[A-Za-zĐđ]\w{0,3})", re.IGNORECASE
)


class People:
    """Reads the columns of one table that speak of people, and keeps the problems it meets."""

    def __init__(
        self,
        schema: Schema,
        sheet: Sheet,
        table: Table,
        positions: list[int],
        contexts: list[Context],
        cells: Mapping[int, list[Any]],
        repairs: Mapping[int, Mapping[str, str]],
        epoch_1904: bool,
        today: date,
    ) -> None:
        self.schema, self.sheet, self.table = schema, sheet, table
        rows = sheet.rows
        self.sources = [rows[position] for position in positions]
        self.cells = (
            [cells.get(position) or rows[position].cells for position in positions]
            if cells
            else [row.cells for row in self.sources]
        )
        self.contexts, self.repairs = contexts, repairs
        self.epoch_1904, self.today = epoch_1904, today
        self.problems: dict[int, list[Problem]] = {}
        self._orders: dict[str, DayOrder] | None = None
        self.notes: dict[str, int] = {}
        self.repaired = (
            {index: repairs[row.number] for index, row in enumerate(self.sources) if row.number in repairs}
            if repairs
            else {}
        )
        # Of people at first; where one person makes several turns, `_spread` repeats them.
        self.size = len(positions)
        self.merged_amounts: dict[int, tuple[int, Any]] = {}  # of a person: the column, and what is merged
        self.said: dict[tuple[str, str], list[int]] = {}  # (code of a note, text) -> numbers of the rows

    def has(self, role: str) -> bool:
        """Tell whether the table has a column for a role."""
        return role in self.table.roles

    def column(self, role: str) -> list[Any] | None:
        """Return the cells of a role, ditto marks replaced, or None without such a column."""
        index = self.table.roles.get(role)
        if index is None:
            return None
        values = [cells[index] for cells in self.cells]
        return self._without_ditto(values) if role not in ("full_name", "given_name", "family_name") else values

    def _without_ditto(self, values: list[Any]) -> list[Any]:
        marks = {value for value in set(values) if value.__class__ is str and value and plain(value) in DITTO}
        if not marks:
            return values
        last: Any = ""
        replaced = []
        for value in values:
            if value in marks:
                self._count("ditto")
                replaced.append(last)
            else:
                replaced.append(value)
                last = value if value != "" else last
        return replaced

    def say(self, code: str, index: int, text: str = "") -> None:
        """Keep a note that names the row of a person."""
        self.said.setdefault((code, text), []).append(self.sources[index].number)

    def _count(self, code: str, count: int = 1) -> None:
        self.notes[code] = self.notes.get(code, 0) + count

    def problem(self, index: int, name: str, role: str, value: Any, code: str, suggestion: str = "") -> None:
        """Keep a problem of a row; the first of a field counts."""
        column = self.table.roles.get(role)
        header = self.table.header_texts.get(column, "") if column is not None else ""
        known = self.problems.setdefault(index, [])
        if not any(other.field == name for other in known):
            known.append(Problem(name, header, tidy(value)[:80] if value is not None else "", code, suggestion))

    def _drop_problem(self, index: int, name: str) -> None:
        left = [problem for problem in self.problems.get(index, ()) if problem.field != name]
        if left:
            self.problems[index] = left
        else:
            self.problems.pop(index, None)

    def read(self, values: Iterable[Any], reader: Callable[[Any], Read], name: str, role: str) -> list[Any]:
        """Each different cell is read once; the rows with a problem are found afterwards, if there are any."""
        values = values if isinstance(values, list) else list(values)
        known: dict[Any, Read] = {value: reader(value) for value in set(values)}
        bad = {value for value, read in known.items() if read.problem}
        if bad:
            for index, value in enumerate(values):
                if value in bad:
                    self.problem(index, name, role, value, known[value].problem, known[value].suggestion)
        noted = {value for value, read in known.items() if read.suggestion == "year" and not read.problem}
        if noted:
            self._count("year_from_title", sum(1 for value in values if value in noted))
        plain_values = {value: read.value for value, read in known.items()}
        return [plain_values[value] for value in values]

    def text(self, role: str) -> list[str]:
        """Read a column of text; empty texts without such a column."""
        values = self.column(role)
        return [""] * self.size if values is None else self.read(values, read_text, role, role)

    def names(self) -> list[str]:
        """Read the names, put together from their parts where they stand in several columns."""
        roles = [role for role in ("family_name", "middle_name", "given_name") if self.has(role)]
        role = "full_name" if self.has("full_name") else roles[0]
        raw: list[Any]
        if self.has("full_name"):
            raw = self.column("full_name") or []
        else:
            parts = [[cell_text(value) if value != "" else "" for value in self.column(part) or []] for part in roles]
            raw = [" ".join(part for part in pieces if part.strip()) for pieces in zip(*parts, strict=True)]
        names = self.read(raw, read_name, "full_name", role)
        self._judge_font(raw, role)
        if raw != names:
            self._count_mended(raw, names)
        if self.sheet.formulas:
            self._formulas(
                [self.table.roles[part] for part in ([role] if role == "full_name" else roles)],
                "full_name",
                role,
                "formula",
            )
        return names

    def _judge_font(self, raw: list[Any], role: str) -> None:
        """Refuse the names of a column typed for an old font, those too that alone could pass for Unicode."""
        texts = {value for value in raw if value.__class__ is str}
        for value, meant in meant_by({text for text in texts if not text.isascii()}).items():
            for index in [index for index, other in enumerate(raw) if other == value]:
                known = next((one for one in self.problems.get(index, ()) if one.field == "full_name"), None)
                if "full_name" not in self.repaired.get(index, ()) and (known is None or known.code != "legacy_font"):
                    self._drop_problem(index, "full_name")
                    self.problem(index, "full_name", role, value, "legacy_font", meant)

    def _count_mended(self, raw: list[Any], names: list[str]) -> None:
        for value, name in zip(raw, names, strict=True):
            if value == name or value.__class__ is not str or not name:
                continue
            if "\xa0" in value or "  " in value or value != value.strip():
                self._count("spaces")
            if value.isupper() or value.islower():
                self._count("capitals")
            elif len(value) > len(name) and any("\u0300" <= letter <= "\u036f" for letter in value):
                self._count("decomposed")

    def _formulas(self, columns: list[int], name: str, role: str, code: str, *, only_empty: bool = False) -> None:
        at = {row.number: index for index, row in enumerate(self.sources)}
        for (row, column), formula in self.sheet.formulas.items():
            index = at.get(row + 1)
            if column not in columns or index is None or name in self.repaired.get(index, ()):
                continue
            if only_empty and self.cells[index][column] != "":
                continue
            self.problems[index] = [problem for problem in self.problems.get(index, []) if problem.field != name]
            self.problem(index, name, role, formula, code)

    def births(self) -> tuple[list[Any], list[str | None] | None]:
        """Births, and genders where the column of the birth tells them."""
        reader = partial(read_birth, today=self.today, epoch_1904=self.epoch_1904)
        if self.has("birth"):
            cells = self.column("birth") or []
            whole = self.read(cells, reader, "birth", "birth")
            self._doubt_order(cells, "birth", "birth")
            return whole, None
        parts = [role for role in ("birth.male", "birth.female") if self.has(role)]
        if parts:
            births = [None] * self.size
            genders: list[str | None] = [None] * self.size
            for role in parts:
                values = self.column(role) or []
                filled = [not is_blank(value) and not is_mark(value) for value in values]
                found = self.read(
                    [value if yes else "" for value, yes in zip(values, filled, strict=True)], reader, "birth", role
                )
                for index, yes in enumerate(filled):
                    if yes:
                        births[index], genders[index] = found[index], role.partition(".")[2]
            return births, genders
        if self.has("birth_year"):
            return self.read(self._joined("birth"), reader, "birth", "birth_year"), None
        return [None] * self.size, None

    def _doubt_order(self, cells: list[Any], name: str, role: str) -> None:
        """Refuse the days of a column whose day and month a program set to American dates has swapped."""
        if self._orders is None:
            self._orders = orders_of({other: self.column(other) or [] for other in DAYS if self.has(other)})
        order = self._orders.get(role)
        if order is None:
            return
        meant = {cell: order.meant(cell) for cell in set(cells)}
        for index, cell in enumerate(cells):
            day = meant[cell]
            if day is not None and name not in self.repaired.get(index, ()):
                self._drop_problem(index, name)
                self.problem(index, name, role, cell, "date_order", short_date(day))

    def _joined(self, name: str) -> list[str]:
        """Day, month and year in three columns as one text."""
        pieces = [self.column(f"{name}_{part}") or [""] * self.size for part in ("day", "month", "year")]
        return [
            "/".join(text for value in values if (text := cell_text(value).strip()))
            for values in zip(*pieces, strict=True)
        ]

    def days(self, name: str) -> list[Any]:
        """Read a column of dates, or three columns of day, month and year."""
        year = self.contexts[0].year if self.contexts else None
        reader = partial(read_date, epoch_1904=self.epoch_1904, year=year)
        if self.has(name):
            cells = self.column(name) or []
            days = self.read(cells, reader, name, name)
            self._doubt_order(cells, name, name)
            return days
        if self.has(f"{name}_day"):
            if not self.has(f"{name}_year") and year:
                return self.read(
                    [f"{text}/{year}" if text else "" for text in self._joined(name)], reader, name, f"{name}_day"
                )
            return self.read(self._joined(name), reader, name, f"{name}_day")
        return [None] * self.size

    def genders(self, told: list[str | None] | None) -> list[str | None]:
        """Read the genders from words, ticks, or what the column of the birth told."""
        if self.has("gender"):
            return self.read(self.column("gender") or [], read_gender, "gender", "gender")
        if told:
            return told
        male, female = self.column("gender.male"), self.column("gender.female")
        if male is None and female is None:
            return [None] * self.size
        marked = [
            Gender.FEMALE.value
            if female is not None and not is_blank(female[index])
            else Gender.MALE.value
            if male is not None and not is_blank(male[index])
            else None
            for index in range(self.size)
        ]
        if male is None and any(marked):
            return [gender or Gender.MALE.value for gender in marked]
        return [gender or Gender.FEMALE.value for gender in marked] if female is None and any(marked) else marked

    def schools(self) -> tuple[list[str], list[str]]:
        """Read classes and schools, also from one column or from the blocks."""
        classes, schools = self._classes(), self.text("school")
        both = self.column("class_school")
        if both is not None:
            split = {value: split_class_school(tidy(value)) for value in set(both)}
            classes = [own or split[value][0] for own, value in zip(classes, both, strict=True)]
            schools = [own or split[value][1] for own, value in zip(schools, both, strict=True)]
        return self._fallback(classes, "school_class"), self._fallback(schools, "school")

    def _classes(self) -> list[str]:
        values = self.column("school_class")
        if values is None:
            return [""] * self.size
        known = {value: _class_text(value) for value in set(values)}
        for value, text in known.items():
            grown = class_of_exponent(value)
            several = grown is None and len(SEVERAL_CLASSES.split(text)) > 1
            odd = grown is None and text.isdecimal() and 12 < int(text[:6]) < 1900
            if grown is None and not several and not odd:
                continue
            for index, other in enumerate(values):
                if other != value or "school_class" in self.repaired.get(index, ()):
                    continue
                if grown is not None:
                    self.problem(index, "school_class", "school_class", value, "class_is_number", grown)
                else:
                    self.say("class_odd" if odd else "second_class", index, text)
        return [known[value] for value in values]

    def _fallback(self, values: list[str], name: str) -> list[str]:
        """Return what a block says, for the rows that do not."""
        if "" not in values or not any(getattr(context, name) for context in set(self.contexts)):
            return values
        return [value or getattr(context, name) for value, context in zip(values, self.contexts, strict=True)]

    def circumstances(self) -> list[str]:
        """Read the circumstances, several columns and ticks put together."""
        texts = self.text("circumstance")
        more = [role for role in self.table.roles if role.startswith("circumstance.")]
        for role in more:
            texts = [
                f"{one}; {two}" if one and two and one != two else one or two
                for one, two in zip(texts, self.text(role), strict=True)
            ]
        for column, heading in self.table.marks.items():
            values = [cells[column] for cells in self.cells]
            texts = [
                ("; ".join(filter(None, (text, heading))) if not is_blank(value) else text)
                for text, value in zip(texts, values, strict=True)
            ]
        return self._fallback(texts, "circumstance")

    def _recipient_kinds(self, classes: list[str], schools: list[str]) -> list[str | None]:
        told = self.column("recipient_kind")
        stated = [recipient_kind_of(tidy(value)) for value in told] if told is not None else [None] * self.size
        students = {school for school in set(schools) if recipient_kind_of(school) == RecipientKind.STUDENT}
        return [
            own
            or (RecipientKind.STUDENT.value if school in students else None)
            or context.recipient_kind
            or (RecipientKind.PUPIL.value if grade else None)
            for own, school, grade, context in zip(stated, schools, classes, self.contexts, strict=True)
        ]


SEVERAL_CLASSES = re.compile(r"\s*(?:[;,+]|\n|\svà\s)\s*(?=(?:lớp\s*)?\d)")
_EXPONENT = re.compile(r"(1[0-2]|[1-9])(0{1,4})")


def class_of_exponent(value: Any) -> str | None:
    """Return "6E1" for the 60 that a spreadsheet program made of it; no class has such a number."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 13 or value != int(value):
        return None
    match = _EXPONENT.fullmatch(str(int(value)))
    return f"{match[1]}E{len(match[2])}" if match else None


def _class_text(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day}/{value.month}"  # "5/2" that the spreadsheet program took for a date
    text = tidy(value)
    return re.sub(r"^lớp\s+", "", text, flags=re.IGNORECASE) if text not in ("-", "–") else ""


def split_class_school(text: str) -> tuple[str, str]:
    """Split "5A - TH Kim Đồng" into ("5A", "TH Kim Đồng"); what is not clear counts as the school."""
    match = _CLASS_AND_SCHOOL.fullmatch(text) or _SCHOOL_AND_CLASS.fullmatch(text)
    if match:
        return match["class"].strip(), match["school"].strip(" -–,;/")
    if CLASS.fullmatch(text) and not SCHOOL.match(text):
        return text, ""
    return "", text
