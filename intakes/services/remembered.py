"""What a unit answered before about files of the same layout: kept when a list is taken in, proposed with the next."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from intakes.models import RememberedAnswer
from intakes.reading.rows.results import Reading
from intakes.reading.words.questions import QUESTIONS
from intakes.reading.words.words import key
from intakes.services.plans import Plan
from intakes.services.questions import AskedQuestion
from portal.models import Unit, User
from portal.services.texts import longest

_COLUMN = "column:"  # begins the topic of an answer about a column


def layout_of(reading: Reading) -> str:
    """Return a digest of the headings of a file: equal for two files made from one form, whatever their rows."""
    headings = sorted({key(text) for table in reading.tables for text in table.header_texts.values() if text})
    return hashlib.sha256(json.dumps([reading.schema.name, headings]).encode()).hexdigest()


def remembered_for(*, unit: Unit, kind: str, layout: str) -> dict[str, str]:
    """Return what the unit answered before about files of this kind and layout: topic -> choice."""
    found = RememberedAnswer.objects.filter(unit=unit, kind=kind, layout=layout)
    return dict(found.values_list("topic", "choice"))


def remember(*, unit: Unit, kind: str, layout: str, choices: Mapping[str, str], by: User) -> None:
    """Keep choices by topic for the unit's next file like this; they replace what was answered before.

    A topic or a choice that is too long to be kept whole is not kept.
    """
    room = longest(RememberedAnswer, "topic"), longest(RememberedAnswer, "choice")
    kept = [
        RememberedAnswer(
            unit=unit, kind=kind, layout=layout, topic=topic, choice=choice, answered_by=by,
            answered_at=timezone.now(),
        )
        for topic, choice in sorted(choices.items())
        if len(topic) <= room[0] and len(choice) <= room[1]
    ]  # fmt: skip
    RememberedAnswer.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["unit", "kind", "layout", "topic"],
        update_fields=["choice", "answered_by", "answered_at"],
    )  # fmt: skip


def choices_of(plan: Plan[Any]) -> dict[str, str]:
    """Return the answers worth remembering, by the code of their question or by their own name.

    What is asked about the file itself (its unit, its half-year) is of this one file; two answers to one code say
    nothing about the next file.
    """
    given: dict[str, set[str]] = {
        name: {choice} for name, choice in plan.asked.answers.items() if choice and plan.knows_answer(name, choice)
    }
    for asked in plan.questions:
        if asked.answer and QUESTIONS[asked.question.code].is_lasting:
            given.setdefault(asked.question.code, set()).add(asked.answer)
    return {code: answers.pop() for code, answers in given.items() if len(answers) == 1}


def columns_of_choices(before: Mapping[str, str]) -> dict[str, str]:
    """Return what the unit said of columns in its last file like this: heading -> target of a mapping."""
    return {topic.removeprefix(_COLUMN): target for topic, target in before.items() if topic.startswith(_COLUMN)}


def choices_of_columns(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return what an officer said of columns as choices to remember."""
    return {f"{_COLUMN}{heading}": target for heading, target in mapping.items() if target}


def propose(questions: Iterable[AskedQuestion], before: Mapping[str, str]) -> None:
    """Put what was answered before beside each open question, if it may still be answered so."""
    for asked in questions:
        choice = before.get(asked.question.code, "")
        if asked.is_open and choice in asked.question.choices:
            asked.before = choice
