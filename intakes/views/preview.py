"""The preview of an uploaded list, whatever it lists: rows to mend as small forms, columns as they were understood.

Shared by the apps whose lists come as workbooks; each has its own views, services and rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, Protocol

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.reading.columns.tables import Ambiguity
from intakes.reading.files.sheets import column_letter
from intakes.reading.rows.results import Reading
from intakes.reading.words.schemas import Schema
from intakes.services.intakes import RowError, decide_intake, map_intake, repair_intake, row_key
from portal.lib.vietnamese import Birth, format_int, short_date
from portal.models.unit import unit_scope
from portal.permissions import Permission
from portal.views.staff import user_of
from portal.vocabulary import ProgrammeKind

MOST_SHOWN = 100  # of the rows that need nothing
MOST_UNFINISHED = 3
MOST_CARDS = 60  # rows to mend on one page; the next ones follow once these are saved
Choices = Mapping[str, Sequence[tuple[str, str]]]


class PlannedRow(Protocol):
    """What a plan of any app says of a row."""

    source: Any
    status: str
    errors: list[RowError]

    @property
    def id(self) -> str:
        """Name the row: "sheet!row"."""

    @property
    def values(self) -> dict[str, Any]:
        """What was read, by field."""

    @property
    def raw(self) -> dict[str, str]:
        """What stood in the cells, by field."""


@dataclass
class Cell:
    """One cell to mend: `name` of its input, what stands there, and the sentences about it."""

    field: str
    name: str
    label: str
    value: str
    errors: list[RowError] = dataclass_field(default_factory=list)
    options: Sequence[tuple[str, str]] = ()

    @property
    def is_wide(self) -> bool:
        """Names, programmes and schools need room."""
        return self.field in {"full_name", "kind", "school", "unit"}


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
    others: list[str] = dataclass_field(default_factory=list)  # sentences about no cell of the card
    recorded_id: int | None = None
    recorded_amount: int | None = None
    needs_reason: bool = False


@dataclass
class Answers:
    """What an officer sent back from the cards."""

    repairs: dict[str, dict[str, str]] = dataclass_field(default_factory=dict)
    decisions: dict[str, dict[str, Any] | None] = dataclass_field(default_factory=dict)
    needs_reason: set[str] = dataclass_field(default_factory=set)


def unfinished(request: HttpRequest, kind: str, permission: Permission) -> list[Intake]:
    """Return the uploads within the person's scope that nobody has taken in or given up yet, newest first."""
    user = user_of(request)
    if permission not in user.permissions:
        return []
    found = Intake.objects.filter(kind=kind, finished_at=None, unit_id__in=unit_scope(user, permission))
    return list(found.select_related("uploaded_by").defer("content")[:MOST_UNFINISHED])


def save_answers(request: HttpRequest, intake: Intake, reading: Reading | None) -> set[str]:
    """Save what was sent from a preview: corrections, decisions, or what a column means.

    Returns the rows that still lack a reason.
    """
    actor = user_of(request)
    if "map" in request.POST or "answer" in request.POST:
        if reading and (mapping := read_mapping(request.POST.dict(), reading)):
            map_intake(intake=intake, mapping=mapping, actor=actor)
            messages.success(request, _("The file has been read again with your answer."))
        return set()
    answers = read_answers(request.POST.dict())
    if answers.repairs:
        repair_intake(intake=intake, repairs=answers.repairs, actor=actor)
    if answers.decisions:
        decide_intake(intake=intake, decisions=answers.decisions, actor=actor)
    if answers.needs_reason:
        messages.error(request, _("Say why both rows are real, in the field beside the button."))
    elif answers.repairs or answers.decisions:
        messages.success(request, _("Saved. The line below says what is left to mend."))
    return answers.needs_reason


def shown(
    request: HttpRequest,
    intake: Intake,
    plan: Any,
    *,
    schema: Schema,
    fields: Sequence[str],
    choices: Choices | None = None,
    needs_reason: Iterable[str] = (),
) -> dict[str, Any]:
    """Return what every preview's template needs of a plan."""
    reading = plan.reading
    return {
        "intake": intake, "plan": plan, "steps": [_("Send the file"), _("Look and mend"), _("Submit")],
        "cards": cards_of(
            plan.rejected, schema=schema, fields=fields, intake=intake, choices=choices or {}, needs_reason=needs_reason
        ),
        "dropped": dropped_of(intake), "columns": columns_of(reading) if reading else [],
        "questions": questions_of(reading) if reading else [],
        "field_choices": field_choices(schema), "known": plan.known[:MOST_SHOWN],
        "page": Paginator(plan.accepted, settings.PAGE_SIZE).get_page(request.GET.get("page")),
    }  # fmt: skip


def cards_of(
    rows: Iterable[PlannedRow],
    *,
    schema: Schema,
    fields: Sequence[str],
    intake: Intake,
    choices: Choices,
    needs_reason: Iterable[str] = (),
) -> list[Card]:
    """Return a card for each refused row: the `fields` that always show, then others that are wrong.

    A person with amounts in two columns makes two rows of the same number: they share a card.
    """
    cards: dict[str, Card] = {}
    for row in rows:
        card = cards.get(row.id)
        if card is None:
            if len(cards) == MOST_CARDS:
                break
            sheet, number = row_key(row.id)
            card = cards[row.id] = Card(
                len(cards), row.id, sheet, number, row.values.get("full_name") or "", row.status, []
            )
            card.needs_reason = row.id in needs_reason
        _fill(card, row, schema, fields, intake.repairs.get(row.id, {}), choices)
    return list(cards.values())


def _fill(
    card: Card, row: PlannedRow, schema: Schema, fields: Sequence[str], typed: Mapping[str, str], choices: Choices
) -> None:
    wrong: dict[str, list[RowError]] = {}
    for error in row.errors:
        wrong.setdefault(error.field.partition(".")[0], []).append(error)
    known = {cell.field for cell in card.cells}
    raw = row.raw
    for name in [*fields, *(name for name in wrong if name not in fields and schema.field(name))]:
        target = _target(row, name)
        if target in known:
            continue
        errors, value = wrong.pop(name, []), _shown(row, name, typed.get(target), raw)
        for error in errors:
            if (
                error.value.startswith("=") and target not in typed
            ):  # a formula is shown as such; its result is one click away
                error.suggestion, value = error.suggestion or value, error.value
        card.cells.append(
            Cell(target, f"c{card.index}-{target}", str(schema.label(name)), value, errors, choices.get(name, ()))
        )
    said = {error.message for cell in card.cells for error in cell.errors} | set(card.others)
    card.others += [error.message for errors in wrong.values() for error in errors if error.message not in said]
    if row.status in {"change", "repeat"}:
        card.status = row.status
        card.recorded_id, card.recorded_amount = (
            getattr(row, "recorded_id", None),
            getattr(row, "recorded_amount", None),
        )


def _target(row: PlannedRow, name: str) -> str:
    """Return the field that a repair names; of several amount columns the letter of the one that this row is about."""
    column = getattr(row.source, "amount_column", None)
    if name == "amount" and column is not None and row.source.table.roles.get("amount") != column:
        return column_letter(column)
    return name


def _shown(row: PlannedRow, name: str, typed: str | None, raw: Mapping[str, str]) -> str:
    if typed is not None:
        return typed
    value = row.values.get(name)
    if name == "kind":
        programme = getattr(row, "programme", None)
        return programme.name if programme else ""
    if name == "amount" and isinstance(value, int):
        return format_int(value)
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
        texts = _typed(post, index)
        if len(taken) == 3 and taken[0] == str(index):
            texts[taken[1]] = taken[2]
        if texts:
            answers.repairs[key] = texts
        reason, recorded = post.get(f"r{index}", "").strip(), post.get(f"d{index}", "")
        if post.get("drop") == str(index):
            answers.decisions[key] = {"drop": True}
        elif post.get("replace") == str(index) and recorded.isdecimal():
            answers.decisions[key] = {"replace": int(recorded)}
        elif reason:
            answers.decisions[key] = {"repeat": reason[:200]}
        elif post.get("repeat") == str(index):
            answers.needs_reason.add(key)
    restored = post.get("restore", "")
    if _is_key(restored):
        answers.decisions[restored] = None
    return answers


def _typed(post: Mapping[str, str], index: int) -> dict[str, str]:
    """Return the cells of a card that differ from what was shown there."""
    texts = {}
    for name, text in post.items():
        field = name.removeprefix(f"c{index}-")
        if field != name and text.strip() != post.get(f"w{index}-{field}", "").strip():
            texts[field] = text.strip()[:300]
    return texts


def _is_key(text: str) -> bool:
    return text.rpartition("!")[2].isdecimal() and len(text) <= 200 and "!" in text


def dropped_of(intake: Intake) -> list[tuple[str, str, int]]:
    """Return the rows that the officer left out: (id, sheet, row)."""
    return [(key, *row_key(key)) for key, decision in intake.decisions.items() if decision.get("drop")]


# -- columns


@dataclass
class UnderstoodColumn:
    """A column of one or of several like tables, and what it was taken for."""

    index: int
    sheet: str
    letter: str
    header: str
    field: str
    label: str
    reason: str
    samples: list[str]
    unlisted: bool  # taken for something that an officer cannot choose, e.g. ticks of one circumstance


def columns_of(reading: Reading) -> list[UnderstoodColumn]:
    """Return each heading once, however many tables carry it."""
    found: dict[tuple[str, str], UnderstoodColumn] = {}
    reasons = {
        "header": _("by its heading"),
        "content": _("by what stands in it"),
        "mapping": _("as you said"),
        "neighbour": _("by the column beside it"),
    }
    listed = {name for name, _label in field_choices(reading.schema)}
    for table in reading.tables:
        for column in table.columns:
            key = (column.letter, column.header)
            if key in found or not (column.header or column.samples):
                continue
            name = column.field or ""
            unlisted = bool(name) and name not in listed
            found[key] = UnderstoodColumn(
                len(found),
                table.sheet,
                column.letter,
                column.header,
                name,
                field_label(reading.schema, name),
                reasons.get(column.reason, ""),
                column.samples[:3],
                unlisted,
            )
    return list(found.values())


def field_choices(schema: Schema) -> list[tuple[str, str]]:
    """Return what a column can be taken for."""
    choices = [("ignore", _("Not used"))]
    for one in schema.fields:
        if one.name == "ignore":
            continue
        choices.append((one.name, str(one.label)))
        if one.name == "amount":
            choices += [(f"amount.{kind}", field_label(schema, f"amount.{kind}")) for kind in ProgrammeKind.values]
    return choices


def field_label(schema: Schema, name: str) -> str:
    """Say "amount.award" and "amount:thousand" in words."""
    if not name:
        return _("Not used")
    units = {"dong": _("in đồng"), "thousand": _("in thousands of đồng"), "million": _("in millions of đồng")}
    base, _colon, unit = name.partition(":")
    base, _dot, part = base.partition(".")
    extra = units.get(unit) or (ProgrammeKind(part).label if part in ProgrammeKind.values else "")
    label = str(schema.label(base)) if schema.field(base) else base
    return f"{label} – {extra}" if extra else label


def questions_of(reading: Reading) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Return each ambiguity as (sentence, answers); an answer is (words, mapping)."""
    return [(ambiguity.message, _possible(ambiguity, reading.schema)) for ambiguity in reading.ambiguities]


def _possible(ambiguity: Ambiguity, schema: Schema) -> list[tuple[str, dict[str, str]]]:
    options = ambiguity.options
    groups = [options[:2], options[2:]] if ambiguity.code == "swapped" else [[option] for option in options]
    same = len({name for _header, name in options}) == 1
    answers = []
    for group in groups:
        words = "; ".join(
            _("column “%(header)s” is: %(field)s") % {"header": header, "field": field_label(schema, name)}
            for header, name in group
        )
        others = {header: "ignore" for header, _name in options} if same else {}
        answers.append((words, others | dict(group)))
    return answers


def read_mapping(post: Mapping[str, str], reading: Reading) -> dict[str, str]:
    """Return the mapping that an officer chose: the answer to a question, or columns set to another field."""
    question, _colon, answer = post.get("answer", "").partition(":")
    questions = questions_of(reading)
    if (
        question.isdecimal()
        and answer.isdecimal()
        and int(question) < len(questions)
        and int(answer) < len(questions[int(question)][1])
    ):
        return questions[int(question)][1][int(answer)][1]
    allowed = {name for name, _label in field_choices(reading.schema)}
    mapping = {}
    for column in columns_of(reading):
        chosen = post.get(f"column-{column.index}", "")
        if (
            chosen in allowed
            and chosen != (column.field or "ignore")
            and post.get(f"header-{column.index}") == column.header
        ):
            mapping[column.header or column.letter] = chosen
    return mapping
