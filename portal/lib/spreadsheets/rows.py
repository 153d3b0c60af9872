"""From the people of a table to typed rows, with the problems of their cells.

The work is done column by column: a list repeats itself (dates, amounts, classes), so each different cell is read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from .cells import (
    BLANK,
    Read,
    is_blank,
    read_amount,
    read_birth,
    read_date,
    read_gender,
    read_name,
    read_phone,
    read_text,
    tidy,
)
from .layout import Table
from .problems import Note, Problem
from .schemas import Schema
from .sheets import Sheet, cell_text
from .titles import KIND_WORDS
from .walk import Context
from .words import CLASS, DITTO, SCHOOL, circumstance_of, is_mark, kind_of, plain, recipient_kind_of

_CLASS_AND_SCHOOL = re.compile(
    rf"(?:lớp\s*)?(?P<class>{CLASS.pattern})\s*(?:[-–,;/]|\s)\s*(?P<school>\D.*)", re.IGNORECASE | re.DOTALL
)
_SCHOOL_AND_CLASS = re.compile(
    r"(?P<school>.*?)\s*(?:[-–,;/]|\s)\s*(?:lớp\s*)?(?P<class>\d{1,2}\s?[A-Za-zĐđ]\w{0,3})", re.IGNORECASE
)


@dataclass(slots=True)
class ListRow:
    """One turn: a person and, in a list of what was given, one amount.

    `row` is the number that the spreadsheet program shows; a person with amounts of two kinds makes two rows with it.
    """

    sheet: str
    row: int
    hidden: bool
    block: str
    values: dict[str, Any]
    problems: list[Problem]
    table: Table
    cells: list[Any]
    amount_column: int | None = None

    @property
    def raw(self) -> dict[str, str]:
        """What stood in the cells, by field."""
        texts: dict[str, str] = {}
        for role, index in self.table.roles.items():
            name = role.partition(".")[0]
            if name == "amount":
                if index == self.amount_column or self.amount_column is None:
                    texts["amount"] = cell_text(self.cells[index])
            elif name not in texts or not texts[name]:
                texts[name] = cell_text(self.cells[index])
        if "full_name" not in texts and ("family_name" in texts or "given_name" in texts):
            texts["full_name"] = " ".join(
                part for name in ("family_name", "middle_name", "given_name") if (part := texts.get(name, "").strip())
            )
        return texts

    @property
    def columns(self) -> dict[str, str]:
        """The headings of the columns, by field."""
        headings: dict[str, str] = {}
        for role, index in self.table.roles.items():
            name = role.partition(".")[0]
            if name != "amount" or self.amount_column in (None, index):
                headings.setdefault(name, self.table.header_texts.get(index, ""))
        if "full_name" not in headings and "family_name" in headings:
            headings["full_name"] = headings["family_name"]
        return headings


@dataclass(slots=True)
class Built:
    """The rows of a table, and per column of amounts what each person got (for the totals)."""

    rows: list[ListRow] = field(default_factory=list)
    amounts: dict[int, list[int]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


class Builder:
    """Builds the rows of one table."""

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
        self.notes: dict[str, int] = {}
        self.repaired = (
            {index: repairs[row.number] for index, row in enumerate(self.sources) if row.number in repairs}
            if repairs
            else {}
        )
        # Of people at first; where one person makes several turns, `_spread` repeats them.
        self.size = len(positions)
        self.merged_amounts: set[int] = set()

    # -- small tools

    def has(self, role: str) -> bool:
        return role in self.table.roles

    def column(self, role: str) -> list[Any] | None:
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

    def _count(self, code: str, count: int = 1) -> None:
        self.notes[code] = self.notes.get(code, 0) + count

    def problem(self, index: int, name: str, role: str, value: Any, code: str, suggestion: str = "") -> None:
        column = self.table.roles.get(role)
        header = self.table.header_texts.get(column, "") if column is not None else ""
        known = self.problems.setdefault(index, [])
        if not any(other.field == name for other in known):
            known.append(Problem(name, header, tidy(value)[:80] if value is not None else "", code, suggestion))

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
        values = self.column(role)
        return [""] * self.size if values is None else self.read(values, read_text, role, role)

    # -- names

    def names(self) -> list[str]:
        roles = [role for role in ("family_name", "middle_name", "given_name") if self.has(role)]
        role = "full_name" if self.has("full_name") else roles[0]
        raw: list[Any]
        if self.has("full_name"):
            raw = self.column("full_name") or []
        else:
            parts = [[cell_text(value) if value != "" else "" for value in self.column(part) or []] for part in roles]
            raw = [" ".join(part for part in pieces if part.strip()) for pieces in zip(*parts, strict=True)]
        names = self.read(raw, read_name, "full_name", role)
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

    # -- dates

    def births(self) -> tuple[list[Any], list[str | None] | None]:
        """Births, and genders where the column of the birth tells them."""
        reader = partial(read_birth, today=self.today)
        if self.has("birth"):
            return self.read(self.column("birth") or [], reader, "birth", "birth"), None
        parts = [role for role in ("birth.male", "birth.female") if self.has(role)]
        if parts:
            births: list[Any] = [None] * self.size
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

    def _joined(self, name: str) -> list[str]:
        """Day, month and year in three columns as one text."""
        pieces = [self.column(f"{name}_{part}") or [""] * self.size for part in ("day", "month", "year")]
        return [
            "/".join(text for value in values if (text := cell_text(value).strip()))
            for values in zip(*pieces, strict=True)
        ]

    def days(self, name: str) -> list[Any]:
        year = self.contexts[0].year if self.contexts else None
        reader = partial(read_date, epoch_1904=self.epoch_1904, year=year)
        if self.has(name):
            return self.read(self.column(name) or [], reader, name, name)
        if self.has(f"{name}_day"):
            if not self.has(f"{name}_year") and year:
                return self.read(
                    [f"{text}/{year}" if text else "" for text in self._joined(name)], reader, name, f"{name}_day"
                )
            return self.read(self._joined(name), reader, name, f"{name}_day")
        return [None] * self.size

    def genders(self, told: list[str | None] | None) -> list[str | None]:
        if self.has("gender"):
            return self.read(self.column("gender") or [], read_gender, "gender", "gender")
        if told:
            return told
        male, female = self.column("gender.male"), self.column("gender.female")
        if male is None and female is None:
            return [None] * self.size
        marked = [
            "female"
            if female is not None and not is_blank(female[index])
            else "male"
            if male is not None and not is_blank(male[index])
            else None
            for index in range(self.size)
        ]
        if male is None and any(marked):
            return [gender or "male" for gender in marked]
        return [gender or "female" for gender in marked] if female is None and any(marked) else marked

    # -- school

    def schools(self) -> tuple[list[str], list[str]]:
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
        return [known[value] for value in values]

    def _fallback(self, values: list[str], name: str) -> list[str]:
        """What a block says, for the rows that do not."""
        if "" not in values or not any(getattr(context, name) for context in set(self.contexts)):
            return values
        return [value or getattr(context, name) for value, context in zip(values, self.contexts, strict=True)]

    # -- circumstances

    def circumstances(self) -> list[str]:
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

    # -- turns: what a person got

    def turns(self) -> tuple[list[int] | None, list[str | None] | None, list[Any], list[int | None]]:
        """Who (None: each person once, in order), which kind (None: said elsewhere), the amount's cell, and its column."""
        roles = self.table.roles
        kinds = [(role.split(".")[1], index) for role, index in roles.items() if role.startswith("amount.")]
        if "amount" in roles and not kinds:
            return None, None, [cells[roles["amount"]] for cells in self.cells], [roles["amount"]] * self.size
        if len(kinds) == 1 and "amount" not in roles:
            kind, index = kinds[0]
            return None, [kind or None] * self.size, [cells[index] for cells in self.cells], [index] * self.size
        if not kinds:
            for role in ("unit_price", "row_total"):
                if role in roles:
                    return None, None, [cells[roles[role]] for cells in self.cells], [roles[role]] * self.size
            return None, None, [""] * self.size, [None] * self.size
        if "amount" in roles:
            kinds = sorted([*kinds, ("", roles["amount"])], key=lambda pair: pair[1])
        who: list[int] = []
        which: list[str | None] = []
        amounts: list[Any] = []
        columns: list[int | None] = []
        for person, cells in enumerate(self.cells):
            before = len(who)
            for kind, index in kinds:
                if not is_blank(cells[index]) and cells[index] != 0:
                    who.append(person)
                    which.append(kind or None)
                    amounts.append(cells[index])
                    columns.append(index)
            if len(who) == before:
                who.append(person)
                which.append(None)
                amounts.append("")
                columns.append(kinds[0][1])
            elif len(who) > before + 1:
                self._count("several_turns")
        return who, which, amounts, columns

    def _spread(self, who: list[int] | None, values: list[Any]) -> list[Any]:
        return values if who is None else [values[person] for person in who]

    def amounts(self, cells: list[Any], columns: list[int | None]) -> list[int | None]:
        scales = {column.index: column.scale for column in self.table.columns}
        used = set(columns)
        if len(used) == 1:
            column = next(iter(used))
            scale = scales.get(column, 1) if column is not None else 1
            role = self._amount_role(column)
            if scale > 1:
                self._count("scaled", len(cells))
            return self.read(self._without_ditto(cells), partial(read_amount, scale=scale), "amount", role)
        amounts: list[int | None] = []
        for index, (value, column) in enumerate(zip(cells, columns, strict=True)):
            read = read_amount(value, scale=scales.get(column, 1) if column is not None else 1)
            if read.problem:
                self.problem(index, "amount", self._amount_role(column), value, read.problem)
            amounts.append(read.value)
        return amounts

    def _amount_role(self, column: int | None) -> str:
        return next((role for role, index in self.table.roles.items() if index == column), "amount")

    def kinds(
        self, who: list[int] | None, which: list[str | None] | None, columns: list[int | None]
    ) -> tuple[list[str | None], list[str]]:
        """The kinds, and the words they stand for."""
        words = (
            self.text("kind")
            if self.has("kind")
            else self.text("kind_text")
            if self.has("kind_text")
            else [""] * self.size
        )
        programmes = self.text("programme") if not self.has("kind") and self.has("programme") else None
        if programmes is not None:
            words = [word or programme for word, programme in zip(words, programmes, strict=True)]
        marks = self._kind_marks()
        known = {word: kind_of(word) if word else None for word in set(words)}
        kinds: list[str | None] = [known[word] for word in words]
        if marks:
            kinds = [mark or kind for mark, kind in zip(marks, kinds, strict=True)]
            words = [word or KIND_WORDS.get(mark or "", "") for word, mark in zip(words, marks, strict=True)]
        if None in kinds:
            for index, context in enumerate(self.contexts):
                if kinds[index] is None and not words[index] and context.kind:
                    kinds[index], words[index] = context.kind, context.kind_text
                    if which is None:
                        self._count("kind_from_title")
        kinds, words = self._spread(who, kinds), self._spread(who, words)
        if which is not None:
            kinds = [own or kind for own, kind in zip(which, kinds, strict=True)]
            words = [
                word or self._heading_word(own, column) for word, own, column in zip(words, which, columns, strict=True)
            ]
        return kinds, words

    def _heading_word(self, kind: str | None, column: int | None) -> str:
        """The words of a heading that stands for a kind: "Học bổng (đồng)" -> "Học bổng"."""
        if kind is None or column is None:
            return ""
        parts = [re.sub(r"\([^)]*\)?", " ", part).strip() for part in self.table.header_texts[column].split(" / ")]
        return next((part for part in parts if kind_of(part) == kind), KIND_WORDS[kind])

    def _kind_marks(self) -> list[str | None] | None:
        roles = [
            (role.partition(".")[2], self.column(role) or [])
            for role in self.table.roles
            if role.startswith("kind_mark.")
        ]
        if not roles:
            return None
        marks: list[str | None] = []
        for index in range(self.size):
            ticked = [kind for kind, values in roles if not is_blank(values[index])]
            marks.append(ticked[0] if len(ticked) == 1 else None)
            if len(ticked) > 1:
                self.problem(index, "kind", f"kind_mark.{ticked[0]}", ", ".join(ticked), "several_kinds")
        return marks

    # -- rows

    def build(self) -> Built:
        if not self.size:
            return Built()
        values = self._members() if self.schema.name == "members" else None
        if values is not None:
            return self._finish(values, None, [None] * self.size)
        return self._disbursements()

    def _people(self) -> dict[str, list[Any]]:
        births, told = self.births()
        return {"full_name": self.names(), "birth": births, "gender": self.genders(told)}

    def _members(self) -> dict[str, list[Any]]:
        values = self._people()
        values["unit"] = self.text("unit")
        if "" in values["unit"]:
            values["unit"] = [
                unit or context.commune or context.block
                for unit, context in zip(values["unit"], self.contexts, strict=True)
            ]
        values["occupation"] = self.text("occupation")
        values["joined_on"] = self.days("joined_on")
        phones = self.column("phone")
        values["phone"] = self.read(phones, read_phone, "phone", "phone") if phones is not None else [""] * self.size
        for name in ("card_number", "address", "note"):
            values[name] = self.text(name)
        return values

    def _disbursements(self) -> Built:
        people = self._people()
        classes, schools = self.schools()
        people["school_class"], people["school"] = classes, schools
        circumstances = self.circumstances()
        codes = {text: circumstance_of(text) for text in set(circumstances)}
        people["circumstance"], people["circumstance_code"] = circumstances, [codes[text] for text in circumstances]
        given = self._given_on()
        for name in ("commune", "address", "note", "source"):
            people[name] = self.text(name)
        people["commune"] = self._fallback(people["commune"], "commune")
        phones = self.column("phone")
        people["phone"] = [read_phone(value).value for value in phones] if phones is not None else [""] * self.size
        people["programme"] = self.text("programme")
        people["recipient_kind"] = self._recipient_kinds(classes, schools)
        who, which, cells, columns = self.turns()
        kinds, words = self.kinds(who, which, columns)
        if who is not None:
            self._repeat_problems(who)
            people = {name: self._spread(who, column) for name, column in people.items()}
        people["given_on"] = (
            self._dated_headings(self._spread(who, given), columns)
            if isinstance(given, list)
            else [given[kind or ""][person] for kind, person in zip(which or [], who or [], strict=True)]
        )
        size, self.size = self.size, len(cells)
        people["amount"] = self._amounts(who, cells, columns)
        people["kind"], people["kind_text"] = kinds, words
        self._missing(people, who)
        built = self._finish(people, who, columns)
        for column in set(columns):
            per_person = [0] * size
            for index, own in enumerate(columns):
                if own == column:
                    per_person[who[index] if who is not None else index] += people["amount"][index] or 0
            built.amounts[-1 if column is None else column] = per_person
        return built

    def _repeat_problems(self, who: list[int]) -> None:
        by_person, self.problems = self.problems, {}
        for index, person in enumerate(who):
            if person in by_person:
                self.problems[index] = list(by_person[person])

    def _given_on(self) -> Any:
        own = [role.partition(".")[2] for role in self.table.roles if role.startswith("given_on.")]
        if own and not self.has("given_on"):
            reader = partial(read_date, epoch_1904=self.epoch_1904)
            days = {
                kind: self._title_days(
                    self.read(self.column(f"given_on.{kind}") or [], reader, "given_on", f"given_on.{kind}")
                )
                for kind in own
            }
            missing = self._title_days([None] * self.size)
            if any(role.startswith("amount.") for role in self.table.roles):
                return {**dict.fromkeys(("scholarship", "award", "support", ""), missing), **days}
            return next(iter(days.values()))
        return self._title_days(self.days("given_on"))

    def _dated_headings(self, days: list[Any], columns: list[int | None]) -> list[Any]:
        """The day in the heading of an amount, "Đợt 1 (05/09/2024)", comes before that of the title."""
        dated = {column.index: column.given_on for column in self.table.columns if column.given_on}
        if not dated or self.has("given_on"):
            return days
        return [dated.get(column, day) for day, column in zip(days, columns, strict=True)]

    def _title_days(self, days: list[Any]) -> list[Any]:
        if None in days:
            for index, context in enumerate(self.contexts):
                if (
                    days[index] is None
                    and context.given_on
                    and not any(problem.field == "given_on" for problem in self.problems.get(index, ()))
                ):
                    days[index] = context.given_on
                    self._count("date_from_title")
        return days

    def _amounts(self, who: list[int] | None, cells: list[Any], columns: list[int | None]) -> list[int | None]:
        amounts = self.amounts(cells, columns)
        if None in amounts:
            for index in range(len(amounts)):
                person = who[index] if who is not None else index
                context = self.contexts[person]
                if amounts[index] is None and is_blank(cells[index]) and context.amount and cells[index] != 0:
                    amounts[index] = context.amount
                    self._drop_problem(index, "amount")
                    self._count("amount_from_title")
                elif person in self.merged_amounts and is_blank(cells[index]):
                    self._drop_problem(index, "amount")
                    self.problem(index, "amount", self._amount_role(columns[index]), "", "amount_merged")
        if self.sheet.formulas and who is None:
            self._formulas(
                [column for column in set(columns) if column is not None],
                "amount",
                self._amount_role(columns[0]),
                "formula_without_value",
                only_empty=True,
            )
        return amounts

    def _drop_problem(self, index: int, name: str) -> None:
        left = [problem for problem in self.problems.get(index, ()) if problem.field != name]
        if left:
            self.problems[index] = left
        else:
            self.problems.pop(index, None)

    def _recipient_kinds(self, classes: list[str], schools: list[str]) -> list[str | None]:
        told = self.column("recipient_kind")
        stated = [recipient_kind_of(tidy(value)) for value in told] if told is not None else [None] * self.size
        students = {school for school in set(schools) if recipient_kind_of(school) == "student"}
        return [
            own or ("student" if school in students else None) or context.recipient_kind or ("pupil" if grade else None)
            for own, school, grade, context in zip(stated, schools, classes, self.contexts, strict=True)
        ]

    def _missing(self, people: dict[str, list[Any]], who: list[int] | None) -> None:
        """What the row needs and does not say; and births after the gift."""
        for name, code in (("given_on", "missing_date"),):
            if None in people[name]:
                for index, value in enumerate(people[name]):
                    if value is None and not any(problem.field == name for problem in self.problems.get(index, ())):
                        self.problem(index, name, name, "", code)
        if None in people["kind"]:
            for index, (kind, text) in enumerate(zip(people["kind"], people["kind_text"], strict=True)):
                if (
                    kind is None
                    and not text
                    and not any(problem.field == "kind" for problem in self.problems.get(index, ()))
                ):
                    self.problem(index, "kind", "kind", "", "missing_kind")
        for index, (birth, day) in enumerate(zip(people["birth"], people["given_on"], strict=True)):
            if (
                birth is not None
                and day is not None
                and birth.year >= day.year
                and (birth.year, birth.month or 1, birth.day or 1) > (day.year, day.month, day.day)
            ):
                role = next(
                    (role for role in ("birth", "birth.male", "birth.female", "birth_year") if self.has(role)), "birth"
                )
                self.problem(index, "birth", role, birth.text, "birth_after_gift")

    def _finish(self, values: dict[str, list[Any]], who: list[int] | None, columns: list[int | None]) -> Built:
        if self.repaired:
            self._apply_repairs(values, who)
        built = Built(notes=[Note(code, count) for code, count in self.notes.items()])
        names = tuple(values)
        sheet, table, problems, append = self.sheet.name, self.table, self.problems, built.rows.append
        sources, cells, contexts = self.sources, self.cells, self.contexts
        for index, typed in enumerate(zip(*values.values(), strict=True)):
            person = index if who is None else who[index]
            source = sources[person]
            append(
                ListRow(
                    sheet,
                    source.number,
                    source.hidden,
                    contexts[person].block,
                    dict(zip(names, typed, strict=True)),
                    problems.get(index) or [],
                    table,
                    cells[person],
                    columns[index],
                )
            )
        return built

    def _apply_repairs(self, values: dict[str, list[Any]], who: list[int] | None) -> None:
        """What the officer typed for a field that has no column of its own (the kind or the date stood in the title)."""
        readers: dict[str, Callable[[Any], Read]] = {
            "full_name": read_name, "birth": partial(read_birth, today=self.today), "given_on": read_date, "joined_on": read_date, "amount": read_amount, "gender": read_gender, "phone": read_phone,
        }  # fmt: skip
        people = who if who is not None else range(len(values["full_name"]))
        for index, person in enumerate(people):
            for name, text in self.repaired.get(person, {}).items():
                if name not in values or self.has(name):
                    continue
                if name == "kind":
                    read = Read(text if text in ("scholarship", "award", "support") else kind_of(text))
                    values["kind_text"][index] = text
                else:
                    read = readers.get(name, read_text)(text)
                self._drop_problem(index, name)
                if read.problem:
                    self.problem(index, name, name, text, read.problem)
                values[name][index] = read.value
                if name == "circumstance":
                    values["circumstance_code"][index] = circumstance_of(text)


def _class_text(value: Any) -> str:
    if isinstance(value, date):
        return f"{value.day}/{value.month}"  # "5/2" that the spreadsheet program took for a date
    text = tidy(value)
    return re.sub(r"^lớp\s+", "", text, flags=re.IGNORECASE) if text not in ("-", "–") else ""


def split_class_school(text: str) -> tuple[str, str]:
    """ "5A - TH Kim Đồng" -> ("5A", "TH Kim Đồng"); what is not clear counts as the school."""
    match = _CLASS_AND_SCHOOL.fullmatch(text) or _SCHOOL_AND_CLASS.fullmatch(text)
    if match:
        return match["class"].strip(), match["school"].strip(" -–,;/")
    if CLASS.fullmatch(text) and not SCHOOL.match(text):
        return text, ""
    return "", text


__all__ = ["BLANK", "Builder", "Built", "ListRow"]
