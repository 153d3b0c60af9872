"""Random lists with what a clerk would ask about put into them: exactly that is asked, and the answers make the rest."""

from __future__ import annotations

import io
import random

import openpyxl
import pytest
from openpyxl.styles import Font

from intakes.services.questions import settle
from tests.intakes.cases import read
from tests.intakes.test_reading_mixed import Maker, what_was_read
from tests.soak import at_length

FAR = 300_000_000


class Habits:
    """Puts habits into the workbook of a Maker; knows what is asked of them and which rows are left after the answers."""

    def __init__(self, seed):
        self.maker = Maker(seed)
        self.random = random.Random(f"habits {seed}")
        self.plain = self.maker.content()
        self.reading = read(self.plain)
        self.book = openpyxl.load_workbook(io.BytesIO(self.plain))
        self.expected = [list(row) for row in self.maker.expected]
        self.free = list(range(len(self.reading.rows)))
        self.random.shuffle(self.free)
        self.asked, self.noted, self.gone, self.answers = set(), set(), set(), {}

    def some(self, most=3):
        """Places of rows that nothing has been done to."""
        return [self.free.pop() for _ in range(min(self.random.randint(1, most), len(self.free)))]

    def cell(self, place, role):
        row = self.reading.rows[place]
        roles = row.table.roles
        index = roles.get(role, roles.get("family_name") if role == "full_name" else None)
        return None if index is None else self.book[row.sheet].cell(row.row, index + 1)

    def ask(self, code, places, answer):
        for place in places:
            self.asked.add((code, self.reading.rows[place].sheet, self.reading.rows[place].row))
        self.answers[code] = answer
        if answer == "leave_out":
            self.gone.update(places)

    def sheet(self, name, state):
        copy = self.book.copy_worksheet(self.book.worksheets[0])
        copy.title, copy.sheet_state = name, state

    # -- the habits

    def draft(self):
        self.sheet("Nháp", "hidden")
        self.answers["hidden_sheet"] = "leave_out"
        self.asked.add(("hidden_sheet", "Nháp", 0))

    def veil(self):
        self.sheet("Cũ", "veryHidden")
        self.noted.add("sheet_veiled")

    def example(self):
        self.sheet("Ví dụ", "visible")
        self.noted.add("sheet_of_examples")

    def strike(self):
        places = self.some()
        for place in places:
            self.cell(place, "full_name").font = Font(strike=True)
        self.ask("struck_out", places, self.random.choice(["leave_out", "take"]))

    def number_classes(self):
        places = self.some()
        for place in places:
            self.cell(place, "school_class").value = self.random.choice([60, 700, 9000])
        self.ask("doubt_class_is_number", places, self.random.choice(["mend", "take", "leave_out"]))

    def exaggerate(self):
        if self.maker.kind_place == "columns":
            return  # a column of its own for each kind: too few amounts to say what is usual
        places = self.some(1)
        self.cell(places[0], "amount").value = FAR / self.maker.scale
        answer = self.random.choice(["take", "leave_out"])
        self.expected[places[0]][2] = FAR
        self.ask("doubt_amount_far", places, answer)

    def deny(self):
        for place in self.some():
            self.cell(place, "circumstance").value = "Không thuộc hộ nghèo"
            self.expected[place][5] = "other"
        self.noted.add("circumstance_denied")

    def mark(self):
        every = [self.draft, self.veil, self.example, self.strike, self.number_classes, self.exaggerate, self.deny]
        chosen = self.random.sample(every, self.random.randint(1, 4))
        for habit in sorted(chosen, key=every.index):  # sheets are copied before anything is done to the first
            habit()
        content = io.BytesIO()
        self.book.save(content)
        return content.getvalue()


def rows_asked(questions):
    return {(one.code, one.sheet, row) for one in questions for row in one.rows or [0]}


@pytest.mark.parametrize("seed", range(at_length(12, 300)))
def test_only_what_a_clerk_would_ask_is_asked_and_the_answers_make_the_rest(seed):
    habits = Habits(seed)
    assert not habits.reading.questions
    reading = read(habits.mark())
    assert rows_asked(reading.questions) == habits.asked
    assert habits.noted <= {note.code for note in reading.notes}
    held = settle(reading.rows, reading.questions, {}).held
    assert {row for _code, sheet, row in habits.asked if row} <= {row for _sheet, row in held}
    settled = settle(reading.rows, reading.questions, {one.id: habits.answers[one.code] for one in reading.questions})
    reading.rows = settled.rows
    assert what_was_read(reading) == [
        tuple(row) for place, row in enumerate(habits.expected) if place not in habits.gone
    ]
    assert not settled.held
    assert not reading.bad_rows
