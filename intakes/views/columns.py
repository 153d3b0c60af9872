"""The columns of an uploaded list as they were understood, and what an officer says they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from intakes.reading.columns.tables import Ambiguity
from intakes.reading.rows.results import Reading
from intakes.services.kinds import ListKind
from intakes.services.plans import Plan
from intakes.services.remembered import columns_of_choices
from portal.lib.citizen_numbers import is_citizen_number
from portal.lib.numbers import whole_number


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


def columns_of(reading: Reading, kind: ListKind[Any, Any]) -> list[UnderstoodColumn]:
    """Return each heading once, however many tables carry it."""
    found: dict[tuple[str, str], UnderstoodColumn] = {}
    reasons = {
        "header": _("by its heading"),
        "content": _("by its contents"),
        "mapping": _("as you chose"),
        "neighbour": _("by the column beside it"),
    }
    listed = {name for name, _label in kind.column_choices()}
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
                kind.column_label(name),
                reasons.get(column.reason, ""),
                [
                    _mask(text) if name in ("", "ignore") or is_citizen_number(text) else text
                    for text in column.samples[:3]
                ],
                unlisted,
            )
    return list(found.values())


def _mask(text: str) -> str:
    """Hide the end of long numbers: citizen numbers, and in a column that is not used bank accounts and more."""
    return re.sub(r"(\d{4})(?:[ .-]?\d){5,}", r"\1 **** ****", text)


def questions_of(reading: Reading, kind: ListKind[Any, Any]) -> list[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """Return each ambiguity as (sentence, answers); an answer is (words, mapping)."""
    return [(ambiguity.ask(kind.column_label), _possible(ambiguity, kind)) for ambiguity in reading.ambiguities]


def _possible(ambiguity: Ambiguity, kind: ListKind[Any, Any]) -> list[tuple[str, dict[str, str]]]:
    options = ambiguity.options
    groups = [options[:2], options[2:]] if ambiguity.code == "swapped" else [[option] for option in options]
    same = len({name for _header, name in options}) == 1
    answers = []
    for group in groups:
        words = "; ".join(
            _("column “%(header)s” is: %(field)s") % {"header": header, "field": kind.column_label(name)}
            for header, name in group
        )
        others = {header: "ignore" for header, _name in options} if same else {}
        answers.append((words, others | dict(group)))
    return answers


def columns_before(plan: Plan[Any], kind: ListKind[Any, Any]) -> tuple[str, dict[str, str]]:
    """Return what the unit said of columns in its last file like this and this one does not follow yet, in words.

    ("", {}) when there is nothing of the kind.
    """
    said = columns_of_choices(plan.before)
    now = {column.header or column.letter: column.field or "ignore" for column in plan.columns}
    undecided = {header for ambiguity in plan.ambiguities for header, _name in ambiguity.options}
    mapping = {
        header: to for header, to in said.items() if header in now and (now[header] != to or header in undecided)
    }
    words = [
        _("column “%(header)s” is: %(field)s") % {"header": header, "field": _call(kind, target)}
        for header, target in mapping.items()
    ]
    return "; ".join(words), mapping


def _call(kind: ListKind[Any, Any], target: str) -> str:
    return _("Not used") if target == "ignore" else kind.column_label(target)


def read_choices(post: Mapping[str, str]) -> dict[str, str]:
    """Return the answers to questions, and what texts mean that are to be understood otherwise than was shown.

    What stood there already, kept or proposed, counts only when it is sent by its own button.
    """
    given = {key.removeprefix("q-"): choice for key, choice in post.items() if key.startswith("q-") and choice}
    sent = "answers" in post
    chosen = {name: choice for name, choice in given.items() if sent or choice != post.get(f"wq-{name}", "")}
    for key, name in post.items():
        place = key.removeprefix("t-")
        meaning, kept = post.get(f"m-{place}", ""), post.get(f"w-{place}", "")
        shown = kept if "meanings" in post else post.get(f"s-{place}", kept)
        if place != key and meaning != shown:
            chosen[name] = meaning
    return chosen


def has_other_columns(post: Mapping[str, str]) -> bool:
    """Whether a column was set to something else than the page showed."""
    shown = {key.removeprefix("was-"): value for key, value in post.items() if key.startswith("was-")}
    return any(post.get(f"column-{place}", value) not in ("", value) for place, value in shown.items())


def tells_of_columns(post: Mapping[str, str]) -> bool:
    """Whether anything was said of columns: by a button, or by setting one to something else."""
    return not {"map", "answer", "columns_before"}.isdisjoint(post) or has_other_columns(post)


def read_mapping(post: Mapping[str, str], plan: Plan[Any], kind: ListKind[Any, Any]) -> dict[str, str]:
    """Return the mapping that an officer chose: as last time, the answer to a question, or columns set otherwise."""
    reading = plan.reading
    if reading is None:
        return {}
    if "columns_before" in post:
        return columns_before(plan, kind)[1]
    question, _colon, answer = post.get("answer", "").partition(":")
    questions, chosen = questions_of(reading, kind), (whole_number(question), whole_number(answer))
    if chosen[0] is not None and chosen[1] is not None:
        answers = questions[chosen[0]][1] if chosen[0] < len(questions) else []
        return answers[chosen[1]][1] if chosen[1] < len(answers) else {}
    allowed = {name for name, _label in kind.column_choices()}
    mapping = {}
    for column in columns_of(reading, kind):
        target = post.get(f"column-{column.index}", "")
        if (
            target in allowed
            and target != (column.field or "ignore")
            and post.get(f"header-{column.index}") == column.header
        ):
            mapping[column.header or column.letter] = target
    return mapping
