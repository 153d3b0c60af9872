"""Rows to mend as small forms, and what an officer sends back from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from intakes.models import Intake
from intakes.services.intakes import MOST_LETTERS, MOST_REASON
from intakes.services.kinds import Choices, ListKind
from intakes.services.plans import Plan, PlannedRow, RowError
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import Birth, short_date
from portal.services.texts import length_problem

MOST_CARDS = 60  # rows to mend on one page; the next ones follow once these are saved


@dataclass
class Cell:
    """One cell to mend: `name` of its input, what stands there, and the sentences about it."""

    field: str
    name: str
    label: str
    value: str
    errors: list[RowError] = made(default_factory=list)
    options: Sequence[tuple[str, str]] = ()
    is_wide: bool = False  # names and the like need room


@dataclass
class Card:
    """A row to mend. `status` as in the plan: "rejected", "repeat", "change" ..."""

    index: int
    id: str
    sheet: str
    row: int
    name: str
    status: str
    cells: list[Cell]
    others: list[str] = made(default_factory=list)  # sentences about no cell of the card
    recorded_id: int | None = None  # the recorded row that this one may replace,
    recorded_text: str = ""  # and how the button names it
    needs_reason: bool = False


@dataclass
class Answers:
    """What an officer sent back from the cards, and what of it cannot be kept yet."""

    repairs: dict[str, dict[str, str]] = made(default_factory=dict)
    decisions: dict[str, dict[str, Any] | None] = made(default_factory=dict)
    needs_reason: set[str] = made(default_factory=set)  # rows called real twice without a word why
    too_long: dict[tuple[str, str], str] = made(default_factory=dict)  # (row, field) -> the text
    for_all: dict[str, str] = made(default_factory=dict)  # group of equal errors -> the text for all its rows
    is_refused: bool = False  # the file is read otherwise meanwhile: what was typed stays on the page

    @property
    def are_whole(self) -> bool:
        """Whether everything that was sent is kept."""
        return not (self.needs_reason or self.too_long or self.is_refused)

    def typed(self, intake: Intake, row_id: str) -> dict[str, str]:
        """Return what stands in the cells of a row: what is kept, and above it what was refused just now."""
        kept: dict[str, str] = intake.repairs.get(row_id, {})
        return kept | self.repairs.get(row_id, {}) if self.is_refused else kept


NO_ANSWERS = Answers()


def cards_of(plan: Plan[Any], kind: ListKind[Any, Any], intake: Intake, answers: Answers = NO_ANSWERS) -> list[Card]:
    """Return the first rows to mend, a row with two problems once."""
    cards: dict[str, Card] = {}
    choices = kind.choices(plan)
    for row in plan.rejected:
        if kind.is_grouped(row):
            continue
        card = cards.get(row.id)
        if card is None:
            if len(cards) == MOST_CARDS:
                break
            sheet, number = row.id.rsplit("!", 1)
            card = cards[row.id] = Card(len(cards), row.id, sheet, int(number), row.name, "rejected", [])
            card.needs_reason = row.id in answers.needs_reason
        _fill(card, row, kind, answers.typed(intake, row.id), choices, answers.too_long)
    return list(cards.values())


def _fill(
    card: Card,
    row: PlannedRow,
    kind: ListKind[Any, Any],
    typed: Mapping[str, str],
    choices: Choices,
    too_long: Mapping[tuple[str, str], str],
) -> None:
    wrong: dict[str, list[RowError]] = {}
    for error in row.errors:
        wrong.setdefault(error.field.partition(".")[0], []).append(error)
    known, raw = {cell.field for cell in card.cells}, row.raw
    for name in [*kind.fields, *(name for name in wrong if name not in kind.fields and kind.schema.field(name))]:
        target = kind.cell_target(row, name)
        if target in known:
            continue
        errors, value = wrong.pop(name, []), _show_value(row, name, kind, typed.get(target), raw)
        if (text := too_long.get((card.id, target))) is not None:
            errors, value = [_error(row, name, text), *errors], text
        for error in errors:
            if error.value.startswith("=") and target not in typed:
                # a formula is shown as such; its result is one click away
                error.suggestion, value = error.suggestion or value, error.value
        label, options = str(kind.schema.label(name)), choices.get(name, ())
        card.cells.append(
            Cell(target, f"c{card.index}-{target}", label, value, errors, options, bool(errors) or name in kind.wide)
        )
    said = {error.message for cell in card.cells for error in cell.errors} | set(card.others)
    card.others += [error.message for errors in wrong.values() for error in errors if error.message not in said]
    if row.status in {"change", "repeat"}:
        card.status = row.status
        card.recorded_id, card.recorded_text = kind.recorded(row) or (None, "")


def _error(row: PlannedRow, name: str, text: str) -> RowError:
    message = length_problem(text, MOST_LETTERS) or ""
    return RowError(row.sheet, row.row, row.columns.get(name, ""), text, message, name)


def _show_value(row: PlannedRow, name: str, kind: ListKind[Any, Any], typed: str | None, raw: Mapping[str, str]) -> str:
    if typed is not None:
        return typed
    value, text = row.values.get(name), kind.cell_text(row, name)
    if text is not None:
        return text
    if isinstance(value, Birth):
        return value.text
    if isinstance(value, dt.date):
        return short_date(value)
    return raw.get(name) or (value if isinstance(value, str) else "")


def read_answers(post: Mapping[str, str]) -> Answers:
    """Return what was typed and decided. Every filled cell counts, whichever button was pressed."""
    answers = Answers()
    taken = post.get("take", "").split(":", 2)
    for index in range(MOST_CARDS):
        key = post.get(f"k{index}", "")
        if not _is_key(key):
            continue
        texts = _read_typed(post, index)
        if len(taken) == 3 and taken[0] == str(index):
            texts[taken[1]] = taken[2]
        answers.too_long |= {(key, name): text for name, text in texts.items() if len(text) > MOST_LETTERS}
        texts = {name: text for name, text in texts.items() if len(text) <= MOST_LETTERS}
        if texts:
            answers.repairs[key] = texts
        _read_decision(post, index, key, answers)
    kept, both = post.get("keep", ""), post.get("both", "")
    if _is_key(kept):
        answers.decisions[kept] = {"keep": True}
    if _is_key(both):
        reason = post.get(f"why-{both}", "").strip()
        if reason and len(reason) <= MOST_REASON:
            answers.decisions[both] = {"repeat": reason}
        else:
            answers.needs_reason.add(both)
    restored = post.get("restore", "")
    if _is_key(restored):
        answers.decisions[restored] = None
    return answers


def _read_decision(post: Mapping[str, str], index: int, key: str, answers: Answers) -> None:
    reason, recorded = post.get(f"r{index}", "").strip(), whole_number(post.get(f"d{index}", ""))
    if post.get("drop") == str(index):
        answers.decisions[key] = {"drop": True}
    elif post.get("replace") == str(index) and recorded is not None:
        answers.decisions[key] = {"replace": recorded}
    elif reason and len(reason) <= MOST_REASON:
        answers.decisions[key] = {"repeat": reason}
    elif reason or post.get("repeat") == str(index):
        answers.needs_reason.add(key)


def _read_typed(post: Mapping[str, str], index: int) -> dict[str, str]:
    """Return the cells of a card that differ from what was shown there."""
    texts = {}
    for name, text in post.items():
        field = name.removeprefix(f"c{index}-")
        if field != name and text.strip() != post.get(f"w{index}-{field}", "").strip():
            texts[field] = text.strip()
    return texts


def read_all_texts(post: Mapping[str, str]) -> dict[str, str]:
    """Return what goes into every row of a group of equal errors: its button was pressed, or a text was typed."""
    texts = {key.removeprefix("to-"): text.strip() for key, text in post.items() if key.startswith("to-")}
    return {
        name: text for name, text in texts.items() if post.get("all") == name or text != post.get(f"was-to-{name}", "")
    }


def _is_key(text: str) -> bool:
    return "!" in text and len(text) <= 200 and whole_number(text.rpartition("!")[2]) is not None


def left_out(intake: Intake) -> list[tuple[str, str, int]]:
    """Return the rows that the officer left out: (id, sheet, row)."""
    dropped = [key for key, decision in intake.decisions.items() if decision.get("drop")]
    return [(key, sheet, int(row)) for key in dropped for sheet, _mark, row in [key.rpartition("!")]]
