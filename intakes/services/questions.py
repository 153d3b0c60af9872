"""The questions about a list: which are open, what the answers do to its rows, what each choice would take."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.reading.words.questions import CORRECT, LEAVE_OUT, MEND, QUESTIONS, SAME, TAKE, Question
from portal.lib.vietnamese import format_int, format_money
from portal.services.texts import name_some

MOST_NAMED = 12  # numbers of rows in a sentence

RowKey = tuple[str, int]


@dataclass(frozen=True)
class Choice:
    """One answer that may be given: how many of the rows it takes, and what they add up to (None: no money)."""

    code: str
    label: str
    rows: int
    amount: int | None

    @property
    def sums(self) -> str:
        """Return what the choice takes, in words."""
        count = ngettext("%(count)s row", "%(count)s rows", self.rows) % {"count": format_int(self.rows)}
        return count if self.amount is None else f"{count}, {format_money(self.amount)}"

    def as_json(self) -> dict[str, Any]:
        """Return the choice as commands print it."""
        return {"code": self.code, "label": f"{self.label} ({self.sums})", "rows": self.rows, "amount": self.amount}


@dataclass
class AskedQuestion:
    """A question about rows of a list, with the answer given so far. `covered`: its rows as they were read."""

    question: Question
    covered: Sequence[Any]
    answer: str = ""
    beside: list[str] = field(default_factory=list)  # for each row what it is compared with, in words
    before: str = ""  # what the unit answered about its last file like this: proposed, not applied

    @property
    def id(self) -> str:
        """Return the name under which it is answered."""
        return self.question.id

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it."""
        return not self.answer

    @property
    def before_label(self) -> str:
        """Return in words what the unit answered about its last file like this, "" if it did not."""
        return str(self.question.choices[self.before] % self.question.params) if self.before else ""

    @property
    def numbers(self) -> list[int]:
        """Return the numbers of its rows as the spreadsheet program shows them."""
        return sorted({row.row for row in self.covered})

    @property
    def sheet(self) -> str:
        """Return the sheet of its rows, "" when they stand on several."""
        sheets = {row.sheet for row in self.covered}
        return sheets.pop() if len(sheets) == 1 else self.question.sheet

    @property
    def amount(self) -> int | None:
        """Return what its rows add up to as they were read; None in a list without money."""
        return self._sum("")

    def _sum(self, choice: str) -> int | None:
        values = [apply_choice(row, self.question, choice).values for row in self.covered]
        if not any("amount" in one for one in values):
            return None
        return sum(one.get("amount") or 0 for one in values)

    @property
    def message(self) -> str:
        """Return the sentence."""
        count, amount = len(self.covered), self.amount
        facts = {
            "count": count,
            "sheet": self.sheet,
            "rows": named_rows(self.numbers),
            "amount": format_money(amount) if amount is not None else _("no amounts"),
        }
        return str(QUESTIONS[self.question.code].sentence % (facts | self.question.params))

    @property
    def choices(self) -> list[Choice]:
        """Return what may be answered, each with what it takes."""
        found = []
        for code, label in self.question.choices.items():
            taken = code not in (LEAVE_OUT, SAME, CORRECT)
            amount = self._sum(code)
            count, amount = (len(self.covered), amount) if taken else (0, None if amount is None else 0)
            found.append(Choice(code, str(label % self.question.params), count, amount))
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the question as commands print it."""
        return {
            "id": self.id,
            "kind": self.question.code,
            "sheet": self.sheet,
            "rows": self.numbers,
            "message": self.message,
            "choices": [choice.as_json() for choice in self.choices],
        }


@dataclass
class Settled:
    """The rows of a list after the answers: `rows` to decide, `held` back until their question is answered."""

    rows: list[Any]
    held: set[RowKey]
    asked: list[AskedQuestion]


def settle(rows: Iterable[Any], questions: Iterable[Question], answers: Mapping[str, str]) -> Settled:
    """Apply the answers to the rows: some are left out, some changed, those of an open question held back."""
    left: list[Any] = list(rows)
    held: set[RowKey] = set()
    asked: list[AskedQuestion] = []
    for question in questions:
        answer = answers.get(question.id, "")
        if answer not in question.choices:
            answer = ""
        covered = [row for row in left if question.covers(row.sheet, row.row)]
        if not covered:
            continue
        asked.append(AskedQuestion(question, covered, answer))
        if not answer:
            held.update((row.sheet, row.row) for row in covered)
        elif answer in (LEAVE_OUT, SAME):
            gone = {id(row) for row in covered}
            left = [row for row in left if id(row) not in gone]
        elif answer in (TAKE, MEND) or answer in question.changes:
            left = [apply_choice(row, question, answer) if question.covers(row.sheet, row.row) else row for row in left]
    return Settled(left, held, asked)


def apply_choice(row: Any, question: Question, choice: str) -> Any:
    """Return the row with what a choice puts into it."""
    fields, at = question.changes.get(choice, {}), question.places.get(row.row)
    if at is None or not (fields or row.problems):
        return row
    values = {**row.values, **{name: values[at] for name, values in fields.items()}}
    settled = {*fields, *([question.params["field"]] if choice == TAKE and "field" in question.params else [])}
    problems = [one for one in row.problems if one.field not in settled or values[one.field] is None]
    return replace(row, values=values, problems=problems)


class Alike:
    """Rows of people who may be those of other rows: collected one by one, then asked about, each likeness once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], list[tuple[Any, str]]] = {}

    def add(self, row: Any, how: str, beside: str) -> None:
        """Note that a planned row is like another, in which way, and the two beside each other in words."""
        self._found.setdefault((how, row.sheet), []).append((row, beside))

    def settle(self, answers: Mapping[str, str], same: Callable[[Any], None]) -> list[AskedQuestion]:
        """Hold the rows of open questions, call `same` for those of people known already; return the questions."""
        asked = []
        for (how, sheet), found in self._found.items():
            question = Question(f"alike_{how}", sheet, sorted({row.row for row, _beside in found}))
            answer = answers.get(question.id, "")
            answer = answer if answer in question.choices else ""
            sources, beside = [row.source for row, _beside in found], [beside for _row, beside in found]
            asked.append(AskedQuestion(question, sources, answer, beside))
            for row, _beside in found:
                if not answer:
                    row.hold()
                elif answer == SAME:
                    same(row)
        return asked


def named_rows(numbers: Sequence[int]) -> str:
    """Return numbers of rows in words: "3, 5–8, 12"; of many only the first."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    named = [str(first) if first == last else f"{first}–{last}" for first, last in spans]
    return name_some(named, MOST_NAMED)


def check_answers(
    answers: Mapping[str, str],
    questions: Iterable[AskedQuestion],
    is_known: Callable[[str, str], bool] = lambda _name, _choice: False,
) -> None:
    """Raise ValidationError for an answer to what is not asked, or one that is not offered.

    `is_known` tells of other answers that say something about the rows.
    """
    known = {asked.id: asked for asked in questions}
    for name, choice in answers.items():
        asked = known.get(name)
        if asked is None and is_known(name, choice):
            continue
        if asked is None:
            raise ValidationError(_("Nothing is asked under “%(id)s”.") % {"id": name}, code="unknown")
        if choice and choice not in asked.question.choices:
            choices = ", ".join(asked.question.choices)
            sentence = _("“%(choice)s” does not answer “%(id)s”. It may be: %(choices)s.")
            raise ValidationError(sentence % {"choice": choice, "id": name, "choices": choices}, code="unknown")
