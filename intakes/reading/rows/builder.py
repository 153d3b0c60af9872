"""The rows of one table: people, and in a list of what was given, one row for each turn."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from intakes.reading.rows.cells import (
    Read,
    is_blank,
    read_amount,
    read_birth,
    read_date,
    read_gender,
    read_name,
    read_phone,
    read_text,
)
from intakes.reading.rows.doubts import Doubts
from intakes.reading.rows.people import People
from intakes.reading.rows.rows import Built, ListRow
from intakes.reading.words.problems import Note
from intakes.reading.words.titles import KIND_WORDS, amount_in_heading
from intakes.reading.words.words import circumstance_of, is_doubtful_circumstance, kind_of, plain
from portal.vocabulary import ProgrammeKind

_SEVERAL_UNITS = re.compile(r"\s*(?:;|\n|\s\+\s|\s&\s)\s*(?=\w)")


def _names_several(text: str) -> bool:
    """Tell whether a cell names several units: "Chi hội 1; Chi hội 2", "Chi hội 1 và 2"; not one and its ward."""
    if len(_SEVERAL_UNITS.split(text)) > 1:
        return True
    heads = [part.split()[:2] for part in re.split(r"\s*,\s*|\svà\s", plain(text)) if part]
    return len(heads) > 1 and any(len(head) == 2 and head == heads[0] for head in heads[1:])


class Builder(People):
    """Builds the rows of one table."""

    def build(self) -> Built:
        """Build all rows of the table."""
        if not self.size:
            return Built()
        if self.schema.field("amount") is not None:
            return self._disbursements()
        values = self._titles() if self.schema.field("year") is not None else self._members()
        return self._finish(values, None, [None] * self.size)

    def _titles(self) -> dict[str, list[Any]]:
        """Families, places, organisations: their names are no people's, so they stay as they are typed."""
        values: dict[str, list[Any]] = {"full_name": self.text("full_name"), "birth": [None] * self.size}
        for field in self.schema.fields:
            if field.kind == "date":
                values[field.name] = self.days(field.name)
            elif field.kind == "text" and field.name not in values:
                values[field.name] = self.text(field.name)
        values["unit"] = self._unit_or_block(values["unit"])
        return values

    def _unit_or_block(self, units: list[str]) -> list[str]:
        if "" not in units:
            return units
        return [unit or context.commune or context.block for unit, context in zip(units, self.contexts, strict=True)]

    def _people(self) -> dict[str, list[Any]]:
        births, told = self.births()
        return {"full_name": self.names(), "birth": births, "gender": self.genders(told)}

    def _members(self) -> dict[str, list[Any]]:
        values = self._people()
        values["unit"] = self._unit_or_block(self.text("unit"))
        values["occupation"] = self.text("occupation")
        values["joined_on"] = self.days("joined_on")
        phones = self.column("phone")
        values["phone"] = self.read(phones, read_phone, "phone", "phone") if phones is not None else [""] * self.size
        self._say_second_phones(phones or [])
        self._say_second_units(values["unit"])
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
        doubtful = {text for text in codes if is_doubtful_circumstance(text)}
        if doubtful:
            for index, text in enumerate(circumstances):
                if text in doubtful:
                    self.say("circumstance_denied", index, text)
        given = self._given_on()
        for name in ("commune", "address", "note", "source"):
            people[name] = self.text(name)
        people["commune"] = self._fallback(people["commune"], "commune")
        phones = self.column("phone")
        people["phone"] = [read_phone(value).value for value in phones] if phones is not None else [""] * self.size
        self._say_second_phones(phones or [])
        people["guardian_name"], people["guardian_phone"] = self.text("guardian_name"), self._guardian_phones()
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
        Doubts(self, who, columns, people["amount"]).find()
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

    def turns(self) -> tuple[list[int] | None, list[str | None] | None, list[Any], list[int | None]]:
        """Return who got something, which kind, the cell of the amount, and its column.

        Who is None when each person stands once and in order, the kind is None when it is said elsewhere.
        """
        roles = self.table.roles
        kinds = [(role.split(".")[1], index) for role, index in roles.items() if role.startswith("amount.")]
        if "amount" in roles and not kinds:
            return None, None, [cells[roles["amount"]] for cells in self.cells], [roles["amount"]] * self.size
        if len(kinds) == 1 and "amount" not in roles:
            kind, index = kinds[0]
            # "Mức thưởng" heads the amounts, but the block says what they are.
            own = [context.kind if context.kind_of_block else kind or None for context in self.contexts]
            return None, own, [cells[index] for cells in self.cells], [index] * self.size
        if not kinds and (priced := self._priced_ticks()):
            return self._ticked_turns(priced)
        if not kinds:
            for role in ("unit_price", "row_total"):
                if role in roles:
                    return None, None, [cells[roles[role]] for cells in self.cells], [roles[role]] * self.size
            return None, None, [""] * self.size, [None] * self.size
        if "amount" in roles:
            kinds = sorted([*kinds, ("", roles["amount"])], key=lambda pair: pair[1])
        return self._turns_of_kinds(kinds)

    def _turns_of_kinds(
        self, kinds: list[tuple[str, int]]
    ) -> tuple[list[int], list[str | None], list[Any], list[int | None]]:
        """Return a turn for each amount of a person in the columns of `kinds`."""
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

    def _priced_ticks(self) -> list[tuple[str, int, int]]:
        """Return kind, column and amount of the columns of ticks whose headings hold the amount of each kind."""
        ticks = [
            (role.partition(".")[2], index) for role, index in self.table.roles.items() if role[:10] == "kind_mark."
        ]
        priced = [
            (kind, index, amount)
            for kind, index in ticks
            if (amount := amount_in_heading(self.table.header_texts.get(index, ""))) is not None
        ]
        return priced if len(priced) == len(ticks) else []

    def _ticked_turns(
        self, priced: list[tuple[str, int, int]]
    ) -> tuple[list[int], list[str | None], list[Any], list[int | None]]:
        """Return a turn for each tick: who ticks two columns got both."""
        turns: list[tuple[int, str | None, Any, int]] = []
        for person, cells in enumerate(self.cells):
            own: list[tuple[int, str | None, Any, int]] = [
                (person, kind, float(amount), index) for kind, index, amount in priced if not is_blank(cells[index])
            ]
            turns += own or [(person, None, "", priced[0][1])]
            if len(own) > 1:
                self._count("several_turns")
        self._count("amount_from_heading", len(turns))
        return (
            [turn[0] for turn in turns], [turn[1] for turn in turns], [turn[2] for turn in turns],
            [turn[3] for turn in turns],
        )  # fmt: skip

    def _spread(self, who: list[int] | None, values: list[Any]) -> list[Any]:
        return values if who is None else [values[person] for person in who]

    def _repeat_problems(self, who: list[int]) -> None:
        by_person, self.problems = self.problems, {}
        for index, person in enumerate(who):
            if person in by_person:
                self.problems[index] = list(by_person[person])

    def kinds(
        self, who: list[int] | None, which: list[str | None] | None, columns: list[int | None]
    ) -> tuple[list[str | None], list[str]]:
        """Return the kinds, and the words they stand for."""
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
        marks = self._kind_marks() if which is None or not self._priced_ticks() else None
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
        """Return the words of a heading that stands for a kind: "Học bổng (đồng)" -> "Học bổng"."""
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

    def amounts(self, cells: list[Any], columns: list[int | None]) -> list[int | None]:
        """Return the amounts in đồng, None where there is a problem."""
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
        for person, (column, value) in self.merged_amounts.items():
            for index in range(len(amounts)) if who is None else [at for at, one in enumerate(who) if one == person]:
                if (index == person or who is not None) and columns[index] == column:
                    amounts[index] = None
                    self._drop_problem(index, "amount")
                    self.problem(index, "amount", self._amount_role(column), value, "amount_merged")
        if self.sheet.formulas and who is None:
            self._formulas(
                [column for column in set(columns) if column is not None],
                "amount",
                self._amount_role(columns[0]),
                "formula_without_value",
                only_empty=True,
            )
        return amounts

    def _guardian_phones(self) -> list[str]:
        """Read whom to ring for a child; what is no telephone number is left out and said: it refuses no gift."""
        cells = self.column("guardian_phone")
        if cells is None:
            return [""] * self.size
        self._say_second_phones(cells)
        read = {value: read_phone(value) for value in set(cells)}
        for index, value in enumerate(cells):
            if read[value].problem:
                self.say("guardian_phone_unread", index)
        return ["" if read[value].problem else read[value].value for value in cells]

    def _say_second_phones(self, phones: list[Any]) -> None:
        second = {value: found for value in set(phones) if (found := read_phone(value).suggestion)}
        if second:
            for index, value in enumerate(phones):
                if value in second:
                    self.say("second_phone", index)

    def _say_second_units(self, units: list[str]) -> None:
        several = {unit for unit in set(units) if _names_several(unit)}
        if several:
            for index, unit in enumerate(units):
                if unit in several:
                    self.say("second_unit", index, unit)

    def _amount_role(self, column: int | None) -> str:
        return next((role for role, index in self.table.roles.items() if index == column), "amount")

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
                return {**dict.fromkeys((*ProgrammeKind.values, ""), missing), **days}
            return next(iter(days.values()))
        return self._title_days(self.days("given_on"))

    def _dated_headings(self, days: list[Any], columns: list[int | None]) -> list[Any]:
        """Put the day in the heading of an amount, "Đợt 1 (05/09/2024)", comes before that of the title."""
        dated = {column.index: column.given_on for column in self.table.columns if column.given_on}
        if not dated or self.has("given_on"):
            return days
        return [dated.get(-1 if column is None else column, day) for day, column in zip(days, columns, strict=True)]

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

    def _missing(self, people: dict[str, list[Any]], who: list[int] | None) -> None:
        """Name what the row needs and does not say; and births after the gift."""
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
        for (code, text), rows in self.said.items():
            built.notes.append(Note(code, len(rows), {"text": text} if text else {}, self.sheet.name, rows))
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
                    problems.get(index) or (),
                    table,
                    cells[person],
                    columns[index],
                )
            )
        return built

    def _apply_repairs(self, values: dict[str, list[Any]], who: list[int] | None) -> None:
        """Take what the officer typed for fields that have no column: their kind or date stood in the title."""
        readers: dict[str, Callable[[Any], Read]] = {
            "full_name": read_name,
            "birth": partial(read_birth, today=self.today),
            "given_on": read_date,
            "joined_on": read_date,
            **{field.name: read_date for field in self.schema.fields if field.kind == "date"},
            "amount": read_amount,
            "gender": read_gender,
            "phone": read_phone,
            "guardian_phone": read_phone,
        }
        people = who if who is not None else range(len(values["full_name"]))
        for index, person in enumerate(people):
            for name, text in self.repaired.get(person, {}).items():
                if name not in values or self.has(name):
                    continue
                if name == "kind":
                    read = Read(text if text in ProgrammeKind.values else kind_of(text))
                    values["kind_text"][index] = text
                else:
                    read = readers.get(name, read_text)(text)
                self._drop_problem(index, name)
                if read.problem:
                    self.problem(index, name, name, text, read.problem)
                values[name][index] = read.value
                if name == "circumstance":
                    values["circumstance_code"][index] = circumstance_of(text)
