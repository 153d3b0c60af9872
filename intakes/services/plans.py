"""What taking an uploaded list in would do, before it does it: every row decided, a sentence for each refused one.

What a row lists, and how it is decided, is the business of the app whose list it is (see `kinds`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.reading.columns.tables import Ambiguity, Column
from intakes.reading.rows.results import Reading
from intakes.reading.words.problems import Note
from intakes.services.questions import AskedQuestion
from portal.lib.vietnamese import Birth, format_int
from portal.models import Unit, User
from portal.services.texts import length_problem, longest

RowKey = tuple[str, int]  # sheet, the number that the spreadsheet program shows


@dataclass(slots=True)
class RowError:
    """Why a row is refused: the sheet, the row's number, the column's heading, what stood there and what to do."""

    sheet: str
    row: int
    column: str
    value: str
    message: str
    field: str = ""
    suggestion: str = ""  # a reading that may be meant, to confirm

    def as_json(self) -> dict[str, Any]:
        """Return the error as commands print it: {"sheet", "row", "column", "value", "message"}."""
        return {name: value for name, value in asdict(self).items() if name not in {"field", "suggestion"}}


@dataclass
class Caution:
    """Something of several rows that is taken but should be looked at."""

    code: str
    message: str
    count: int


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a list is decided for, besides its rows: the unit, what else the form or the command named, by whom."""

    actor: User
    unit: Unit | None = None
    half: str = ""
    mode: str = ""
    file_name: str = ""
    file_sha256: str = ""
    decisions: Mapping[RowKey, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)  # id of a question -> the choice
    typed: str = ""  # a code of all that somebody said of the upload: columns settled, cells repaired, rows decided
    held: frozenset[RowKey] = frozenset()  # rows that wait for an answer about the file itself
    corrects: int | None = None  # the list whose rows the file takes the place of

    def decision(self, row: PlannedRow) -> Mapping[str, Any]:
        """Return what was decided on a row: {}, {"drop": true}, {"repeat": reason}, {"replace": id}, {"keep": true}."""
        return self.decisions.get((row.sheet, row.row)) or {}


@dataclass(slots=True, kw_only=True)
class PlannedRow:
    """One row decided. `status`: "new", "known", "rejected", "open" (asked about), or what its kind knows."""

    source: Any  # a ListRow of the reading, or one like it
    status: str = "new"
    errors: Sequence[RowError] = ()  # of most rows none: they share it

    @property
    def sheet(self) -> str:
        """Return the sheet's name."""
        return str(self.source.sheet)

    @property
    def row(self) -> int:
        """Return the row's number as the spreadsheet program shows it."""
        return int(self.source.row)

    @property
    def id(self) -> str:
        """Return the row's name "sheet!row", as repairs and decisions name it."""
        return f"{self.source.sheet}!{self.source.row}"

    @property
    def values(self) -> MutableMapping[str, Any]:
        """Return what was read, by field."""
        values: MutableMapping[str, Any] = self.source.values
        return values

    @property
    def raw(self) -> dict[str, str]:
        """Return what stood in the cells, by field."""
        raw: dict[str, str] = self.source.raw
        return raw

    @property
    def columns(self) -> dict[str, str]:
        """Return the headings, by field."""
        columns: dict[str, str] = self.source.columns
        return columns

    @property
    def name(self) -> str:
        """Return the person's name as read."""
        return self.source.values["full_name"] or ""

    @property
    def birth(self) -> Birth | None:
        """Return the birth as far as it is known."""
        birth: Birth | None = self.source.values["birth"]
        return birth

    @property
    def birth_text(self) -> str:
        """Return the birth as forms show it, or ""."""
        return self.birth.text if self.birth else ""

    def place_beside(self, row: PlannedRow) -> str:
        """Return where this row stands, for a sentence about another: its number, and its sheet if not the same."""
        facts = {"row": self.row, "sheet": self.sheet}
        if self.sheet == row.sheet:
            return _("row %(row)d") % facts
        return _("row %(row)d of the sheet “%(sheet)s”") % facts

    def refuse(
        self, name: str, message: str, *, value: str | None = None, status: str = "rejected", suggestion: str = ""
    ) -> None:
        """Refuse the row for one of its cells; `value` is what is shown of it where no cell holds it."""
        self.status = status
        shown = self.raw.get(name, "") if value is None else value
        error = RowError(self.sheet, self.row, self.columns.get(name, ""), shown, message, name, suggestion)
        self.errors = [*self.errors, error]

    def hold(self) -> None:
        """Let the row wait for the answer to a question; what is wrong with it is said once it is to be taken."""
        self.status = "open"
        self.errors = ()

    def refuse_long(self, model: type[models.Model], columns: Mapping[str, str]) -> None:
        """Refuse texts that are longer than the model's column for them; `columns`: field of the list -> column."""
        values = self.source.values
        for name, column in columns.items():
            if (text := values[name]) and (problem := length_problem(text, longest(model, column))):
                self.refuse(name, problem)

    @property
    def proposed_name(self) -> str:
        """Return the name that is proposed for a row refused for nothing but its name, else ""."""
        if self.status != "rejected" or {error.field for error in self.errors} != {"full_name"}:
            return ""
        return next((error.suggestion for error in self.errors if error.suggestion), "")

    def take_problems(self) -> set[str]:
        """Refuse the row for what reading found wrong with its cells; return the fields."""
        for problem in self.source.problems:
            self.status = "rejected"
            error = RowError(
                self.sheet, self.row, problem.column, problem.value, problem.message, problem.field,
                problem.suggestion,
            )  # fmt: skip
            self.errors = [*self.errors, error]
        return {error.field for error in self.errors}


R = TypeVar("R", bound=PlannedRow)


@dataclass(kw_only=True)
class Plan(Generic[R]):
    """A list looked at: what is new, known, refused, and how it was read."""

    asked: Asked
    rows: list[R]
    reading: Reading | None = None
    refusals: list[str] = field(default_factory=list)  # why nothing can be taken in at all
    questions: list[AskedQuestion] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)  # what the unit answered about its last file like this

    @property
    def accepted(self) -> list[R]:
        """Return the rows that taking in adds."""
        return [row for row in self.rows if row.status == "new"]

    @property
    def shown(self) -> list[R]:
        """Return the rows that the preview lists as new."""
        return self.accepted

    @property
    def loses(self) -> bool:
        """Whether taking in may take something out of a list, too."""
        return False

    @property
    def known(self) -> list[R]:
        """Return the rows that are recorded already."""
        return [row for row in self.rows if row.status == "known"]

    @property
    def rejected(self) -> list[R]:
        """Return the refused rows, those that a decision may yet let in among them."""
        return [row for row in self.rows if row.errors]

    @property
    def held(self) -> list[R]:
        """Return the rows that wait for the answer to a question."""
        return [row for row in self.rows if row.status == "open"]

    @property
    def open_questions(self) -> list[AskedQuestion]:
        """Return the questions that nobody has answered."""
        return [question for question in self.questions if question.is_open]

    def demand_answered(self) -> None:
        """Raise ValidationError with every open question and its choices."""
        if still := self.open_questions:
            raise ValidationError([_asking(question) for question in still])

    @property
    def sheets(self) -> set[str]:
        """Return the sheets on which rows stand; of several, each row is named with its own."""
        return {row.sheet for row in self.rows}

    @property
    def errors(self) -> list[RowError]:
        """Return every error, in the order of the rows."""
        return [error for row in self.rows for error in row.errors]

    @property
    def ambiguities(self) -> list[Ambiguity]:
        """Return the readings between which the officer must choose before anything is taken in."""
        return self.reading.ambiguities if self.reading else []

    @property
    def notes(self) -> list[Note]:
        """Return how the file was read."""
        return self.reading.notes if self.reading else []

    @property
    def open_notes(self) -> list[Note]:
        """Return the notes that tell of money, of the half-year or of people: they are always in sight."""
        return [note for note in self.notes if not note.is_quiet]

    @property
    def quiet_notes(self) -> list[Note]:
        """Return the other notes, of how the file is made."""
        return [note for note in self.notes if note.is_quiet]

    def knows_answer(self, name: str, choice: str) -> bool:
        """Whether an answer that is none to a question says something about the rows all the same."""
        return False

    @property
    def columns(self) -> list[Column]:
        """Return the columns as they were understood, table after table."""
        return [column for table in self.reading.tables for column in table.columns] if self.reading else []

    @property
    def cautions(self) -> list[Caution]:
        """Return what is taken but should be looked at, grouped."""
        return []

    @property
    def blocks(self) -> list[str]:
        """Return why nothing can be taken in as it stands: refusals, and questions that are not answered."""
        return [*self.refusals, *(ambiguity.message for ambiguity in self.ambiguities)]

    @property
    def is_blocked(self) -> bool:
        """Whether nothing can be taken in as it stands."""
        return bool(self.blocks)

    @property
    def needs_look(self) -> bool:
        """Whether something of the list is to be looked at before it is taken in."""
        return bool(self.rejected or self.is_blocked or self.open_questions)

    def demand_unblocked(self) -> None:
        """Raise ValidationError with every reason why nothing can be taken in as it stands."""
        if self.is_blocked:
            raise ValidationError(self.blocks)

    @property
    def heading(self) -> list[str]:
        """Return what the list holds, in words."""
        raise NotImplementedError

    @property
    def summary(self) -> str:
        """Return the preview in one line: what the list holds, what is to be mended, what is recorded."""
        bad, known = len(self.rejected), len(self.known)
        parts = [", ".join(self.heading)]
        if bad:
            parts.append(
                ngettext("%(count)s row to correct", "%(count)s rows to correct", bad) % {"count": format_int(bad)}
            )
        if held := len(self.held):
            parts.append(
                ngettext("%(count)s row waits for an answer", "%(count)s rows wait for an answer", held)
                % {"count": format_int(held)}
            )
        if known:
            parts.append(
                ngettext("%(count)s row recorded already", "%(count)s rows recorded already", known)
                % {"count": format_int(known)}
            )
        return "; ".join(parts)

    @property
    def counts(self) -> dict[str, int | None]:
        """Return what the command prints of the plan besides its errors."""
        return {
            "rows": len(self.rows), "accepted": len(self.accepted), "known": len(self.known),
            "rejected": len(self.rejected), "total_row": None,
        }  # fmt: skip

    def said_as_json(self) -> dict[str, list[dict[str, Any]]]:
        """Return what commands print of the rows and of the file: its errors, open questions and notes."""
        said: list[Note | Caution] = [*self.notes, *self.cautions]
        notes = [
            {"kind": note.code, "sheet": getattr(note, "sheet", ""), "rows": list(getattr(note, "rows", ())),
             "message": note.message}
            for note in said
        ]  # fmt: skip
        return {
            "errors": [error.as_json() for error in self.errors],
            "questions": [question.as_json() for question in self.open_questions],
            "notes": notes,
        }

    def trace(self, row: R) -> str:
        """Return what taking in would write of a row: two plans with the same traces do the same."""
        raise NotImplementedError

    @property
    def token(self) -> str:
        """Return a digest of what would be added: it differs when something has changed between looking and taking.

        What stands in the rows is told by the file, which never changes, and by what was typed since.
        """
        digest = hashlib.sha256(f"{len(self.rows)}|{len(self.rejected)}|{self.asked.typed}".encode())
        for row in self.accepted:
            digest.update(f"|{row.sheet}!{row.row}:{self.trace(row)}".encode())
        return digest.hexdigest()[:32]


def _asking(question: AskedQuestion) -> str:
    choices = "; ".join(f"--answer {question.id}={choice.code}: {choice.label}" for choice in question.choices)
    return f"{question.message} {choices}"


def sentences_by_row(errors: Iterable[RowError]) -> dict[RowKey, str]:
    """Return the sentences of each row in one text, for the workbook of the rows to mend."""
    found: dict[RowKey, list[str]] = {}
    for error in errors:
        found.setdefault((error.sheet, error.row), []).append(error.message)
    return {key: " ".join(dict.fromkeys(messages)) for key, messages in found.items()}


def row_key(text: str) -> RowKey:
    """Return ("DS trao HB", 12) for "DS trao HB!12"."""
    sheet, _mark, row = text.rpartition("!")
    return sheet, int(row)


def rows_keyed(stored: Mapping[str, Any]) -> dict[RowKey, Any]:
    """Return what an upload keeps by "sheet!row", by (sheet, row)."""
    return {row_key(text): value for text, value in stored.items()}
