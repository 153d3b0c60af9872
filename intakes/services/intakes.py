"""A workbook on its way in: uploaded, looked at, repaired and decided, then taken in or given up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from intakes.models import Intake
from intakes.reading.rows.results import Reading
from intakes.reading.writing import write_errors
from intakes.services.abandoned import ask_for_sweep
from intakes.services.files import cells_of, keep_reading, leave_to_worker, reading_of
from intakes.services.kinds import ListKind, Taken, all_kinds, kind_of
from intakes.services.opening import UnfinishedError
from intakes.services.plans import Asked, Plan, rows_keyed, sentences_by_row
from intakes.services.proposing import kinds_for, open_halves
from intakes.services.questions import check_answers
from intakes.services.remembered import (
    choices_of,
    choices_of_columns,
    layout_of,
    propose,
    remember,
    remembered_for,
)
from portal import audit
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import ConflictError, demand, needs, needs_nothing
from portal.services.texts import length_problem, longest, shorten_file_name
from portal.vocabulary import BatchMode

MOST_LETTERS = 300  # in a cell that is typed again
MOST_REASON = 200
PER_PERSON = 30  # uploads that nobody has taken in or given up yet
PER_UNIT = 60
_OUT_OF_DATE = gettext_lazy("The file has been read differently since this page was made. Look at it again.")

#: One of these is held by whoever sends lists; which one, says the kind of the list.
SENDING = (Permission.ENTER_BATCH, Permission.MANAGE_MEMBERS)


@needs(*SENDING, on="unit")
def start_intake(
    *, kind: ListKind[Any, Any], unit: Unit, half: str = "", mode: str = "", file_name: str, content: bytes,
    corrects: int | None = None, actor: User,
) -> Intake:  # fmt: skip
    """Keep an uploaded workbook for its preview; `corrects`: the list whose rows it is to take the place of.

    Raises ValidationError when no such list can be sent for the unit, ({"content": ...}) when the file cannot be read
    at all, or when too many files wait already.
    """
    demand(actor, kind.permission, unit)
    kind.check(Asked(actor=actor, unit=unit, half=half, mode=mode))
    _demand_room(unit, actor)
    ask_for_sweep()
    bare_name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    intake = Intake.objects.create(
        kind=kind.code, unit=unit, half=half, mode=mode,
        file_name=shorten_file_name(bare_name, longest(Intake, "file_name")),
        file_sha256=hashlib.sha256(content).hexdigest(), content=content, uploaded_by=actor,
        taken_into=corrects, corrects=corrects is not None,
    )  # fmt: skip
    with suppress(UnfinishedError):  # the worker goes on with it
        keep_reading(intake)
    audit.record(
        actor=actor,
        action=audit.Action.INTAKE_START,
        target=intake,
        unit=unit,
        detail={"kind": kind.code, "half": half, "bytes": len(content)},
    )
    return intake


@needs_nothing("asks the right of the kind on whichever unit the file turns out to be for, among the sender's own")
def receive_file(*, file_name: str, content: bytes, actor: User, waits: bool = True) -> Intake:
    """Keep a file of which nothing is said: kind, unit, half-year and mode are found in it, and confirmed afterwards.

    Without `waits` the worker reads it. Raises ValidationError ({"content": ...}) as `start_intake` does, and
    PermissionDenied for whoever sends no lists.
    """
    kind = next(iter(kinds_for(actor)), None)
    units = Unit.objects.covered_by(actor, kind.permission) if kind is not None else Unit.objects.none()
    unit = units.order_by("code").first()
    if kind is None or unit is None:
        raise PermissionDenied
    _demand_room(None, actor)
    ask_for_sweep()
    half, mode = (open_halves()[0].code, BatchMode.HANDED_OUT.value) if kind.has_half else ("", "")
    bare_name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    intake = Intake.objects.create(
        kind=kind.code, unit=unit, half=half, mode=mode, is_guessed=True,
        file_name=shorten_file_name(bare_name, longest(Intake, "file_name")),
        file_sha256=hashlib.sha256(content).hexdigest(), content=content, uploaded_by=actor,
    )  # fmt: skip
    if waits:
        with suppress(UnfinishedError):  # the worker goes on with it
            keep_reading(intake)
    else:
        leave_to_worker(intake)
    detail = {"kind": intake.kind, "half": intake.half, "bytes": len(content)}
    audit.record(actor=actor, action=audit.Action.INTAKE_START, target=intake, unit=intake.unit, detail=detail)
    return intake


@needs(*SENDING, on="intake.unit")
def move_intake(*, intake: Intake, kind: str, unit: Unit, half: str, mode: str, actor: User) -> Intake:
    """Say what an upload is: which kind of list, whose, of which half-year, handed out or not; nothing typed is lost.

    Raises ValidationError when no such list can be sent for the unit, or a part of the file is in a list already.
    """
    intake = _open(intake, actor)
    new = all_kinds()[kind]
    demand(actor, new.permission, unit)
    if not new.has_half:
        half = mode = ""
    new.check(Asked(actor=actor, unit=unit, half=half, mode=mode))
    if intake.taken_into is not None:
        raise ValidationError(_("Rows of this file are in a list already, so it stays where it is."))
    if kind != intake.kind:
        intake.reading, intake.mapping, intake.repairs, intake.decisions = None, {}, {}, {}
    intake.kind, intake.unit, intake.half, intake.mode = kind, unit, half, mode
    intake.is_guessed, intake.said, intake.answers = False, {}, {}
    intake.save()
    intake.helpers.get_or_create(person=actor)
    with suppress(UnfinishedError):
        reading_of(intake)
    detail = {"kind": kind, "half": half}
    audit.record(actor=actor, action=audit.Action.INTAKE_ABOUT, target=intake, unit=unit, detail=detail)
    return intake


def plan_intake(*, intake: Intake, actor: User) -> Plan[Any]:
    """Return what taking the upload in would do now; UnfinishedError while it is being read."""
    reading = reading_of(intake)
    plan: Plan[Any] = kind_of(intake).plan(reading, _gather_asked(intake, actor))
    plan.before = remembered_for(unit=intake.unit, kind=intake.kind, layout=layout_of(reading))
    propose(plan.questions, plan.before)
    return plan


def note_look(intake: Intake, plan: Plan[Any]) -> None:
    """Keep how many rows an upload has and how many are to be corrected, for the pages that only name it."""
    counts = {"row_count": len(plan.rows), "to_mend": len(plan.rejected)}
    if counts != {name: getattr(intake, name) for name in counts}:
        Intake.objects.unfinished().filter(pk=intake.pk).update(**counts)


def write_rows_to_mend(*, intake: Intake, actor: User) -> bytes:
    """Return the same sheets as a workbook with only the rows to mend, and what is wrong with each."""
    plan = plan_intake(intake=intake, actor=actor)
    return write_errors(cells_of(intake), reading_of(intake), sentences_by_row(plan.errors))


@needs(*SENDING, on="intake.unit")
def map_intake(*, intake: Intake, mapping: dict[str, str], actor: User) -> Intake:
    """Settle what columns mean: heading -> field ("" takes the answer back)."""
    intake = _open(intake, actor)
    _check_mapping(mapping, intake, reading_of(intake))
    return _change(intake, actor, "map", "mapping", mapping)


@needs(*SENDING, on="intake.unit")
def repair_intake(*, intake: Intake, repairs: dict[str, dict[str, str]], actor: User) -> Intake:
    """Put typed text into cells: "sheet!row" -> {field: text}. Added to the repairs made before; {} takes them back.

    Raises ValidationError for a row or a column that the file does not hold, and for a text that is too long.
    """
    intake = _open(intake, actor)
    _check_repairs(repairs, reading_of(intake))
    merged = {key: (intake.repairs.get(key, {}) | texts if texts else {}) for key, texts in repairs.items()}
    return _change(intake, actor, "repair", "repairs", merged)


@needs(*SENDING, on="intake.unit")
def decide_intake(*, intake: Intake, decisions: dict[str, dict[str, Any] | None], actor: User) -> Intake:
    """Decide rows by "sheet!row"; None takes a decision back.

    A decision is {"drop": true}, {"repeat": reason} or {"replace": id of the recorded row}. Raises ValidationError for
    a row that the file does not hold, and for a reason that is too long.
    """
    intake = _open(intake, actor)
    _check_decisions(decisions, intake, reading_of(intake))
    return _change(intake, actor, "decide", "decisions", decisions)


@needs(*SENDING, on="intake.unit")
def answer_intake(*, intake: Intake, answers: dict[str, str], actor: User) -> Intake:
    """Answer questions about the file: id -> choice; "" takes an answer back.

    Raises ValidationError for what is not asked, and for a choice that is not offered.
    """
    intake = _open(intake, actor)
    plan = plan_intake(intake=intake, actor=actor)
    check_answers(answers, plan.questions, plan.knows_answer)
    return _change(intake, actor, "answer", "answers", answers)


@needs(*SENDING, on="intake.unit")
def commit_intake(*, intake: Intake, token: str, choice: str = "", actor: User) -> Taken:
    """Take in the good rows and say what was made of them; a file that is in a list as a whole is erased.

    With an open question, or with rows refused or left out, the file stays beside the list that holds the others: what
    is taken in later joins them.
    Raises ConflictError when the plan is no longer the one whose `token` was shown.
    """
    intake = _open(intake, actor)
    if intake.said.get("open"):
        raise ValidationError(_("Say first whose list this is: the file does not."))
    kind, asked, reading = kind_of(intake), _gather_asked(intake, actor), reading_of(intake)
    plan = kind.plan_locked(reading, asked)
    if plan.token != token:
        raise ConflictError(_("What would be imported has changed since you looked. Look at the preview again."))
    if not plan.accepted and plan.rejected and not plan.is_blocked and not plan.loses:
        raise ValidationError(
            _("No row can be imported yet. Correct the rows marked in the preview, or leave them out.")
        )
    if not plan.accepted and plan.open_questions:
        plan.demand_answered()
    taken = kind.take_in(plan, actor=actor, makers=intake.maker_ids() - {actor.pk}, upload=intake, choice=choice)
    choices = choices_of(plan) | choices_of_columns(intake.mapping)
    remember(unit=intake.unit, kind=kind.code, layout=layout_of(reading), choices=choices, by=actor)
    left = len(plan.rejected) + sum(1 for decision in intake.decisions.values() if decision.get("drop"))
    if plan.open_questions or (left and taken.made is not None):
        intake.taken_into = taken.made.pk if taken.made is not None else intake.taken_into
        intake.left_rows = None if plan.open_questions else left
        intake.save(update_fields=["taken_into", "left_rows"])
    else:
        intake.finish()
    detail = {"rows": taken.count, "rejected": len(plan.rejected)}
    audit.record(actor=actor, action=audit.Action.INTAKE_COMMIT, target=intake, unit=intake.unit, detail=detail)
    return taken


@needs(*SENDING, on="intake.unit")
def forward_intake(*, intake: Intake, actor: User) -> Intake:
    """Hand a copy of the file to the association above all, whose officers take in what its sender may not.

    It waits there as their own uploads do. Raises ValidationError when it has been handed on already, or too many wait.
    """
    intake = _open(intake, actor)
    today = timezone.localdate()
    root = Unit.objects.in_force(today).filter(versions__parent=None, versions__valid__contains=today).first()
    if root is None or Intake.objects.unfinished().filter(unit=root, file_sha256=intake.file_sha256).exists():
        raise ValidationError(_("This file has been handed to the city already."))
    if Intake.objects.unfinished().filter(unit=root).count() >= PER_UNIT:
        raise ValidationError(_("Too many files wait at the city. Ask it to take some in first."))
    copy = Intake.objects.create(
        kind=intake.kind, unit=root, half=intake.half, mode=intake.mode, file_name=intake.file_name,
        file_sha256=intake.file_sha256, content=intake.content, uploaded_by=actor,
    )  # fmt: skip
    leave_to_worker(copy)
    detail = {"kind": copy.kind, "half": copy.half, "from": intake.pk}
    audit.record(actor=actor, action=audit.Action.INTAKE_START, target=copy, unit=root, detail=detail)
    return copy


@needs(*SENDING, on="intake.unit")
def discard_intake(*, intake: Intake, actor: User) -> Intake:
    """Give an upload up; its content is erased."""
    intake = _open(intake, actor)
    intake.finish()
    audit.record(actor=actor, action=audit.Action.INTAKE_DISCARD, target=intake, unit=intake.unit)
    return intake


def _open(intake: Intake, actor: User) -> Intake:
    """Return the upload under lock; ValidationError when it has been taken in or given up meanwhile."""
    standing = Intake.objects.select_for_update(of=("self",)).select_related("unit")
    found = standing.defer("content", "cells").get(pk=intake.pk)
    demand(actor, kind_of(found).permission, found.unit)
    if found.finished_at is not None:
        raise ValidationError(
            _("This file has already been imported or discarded. Send it again if it is still needed."), code="finished"
        )
    return found


def _change(intake: Intake, actor: User, verb: str, field: str, changes: Mapping[str, Any]) -> Intake:
    """Merge changes into one of the upload's tables; empty values are taken out, and the actor has had a hand in it."""
    merged = {key: value for key, value in (getattr(intake, field) | changes).items() if value}
    setattr(intake, field, merged)
    intake.save(update_fields=[field])
    intake.helpers.get_or_create(person=actor)
    with suppress(UnfinishedError):  # the worker goes on with it
        reading_of(intake)
    audit.record(
        actor=actor,
        action=audit.Action(f"intakes.intake.{field}"),
        target=intake,
        unit=intake.unit,
        detail={"count": len(changes)},
    )
    return intake


def _gather_asked(intake: Intake, actor: User) -> Asked:
    said = json.dumps([intake.mapping, intake.repairs, intake.decisions, intake.answers], sort_keys=True)
    return Asked(
        actor=actor, unit=intake.unit, half=intake.half, mode=intake.mode, file_name=intake.file_name,
        file_sha256=intake.file_sha256, decisions=rows_keyed(intake.decisions), answers=intake.answers,
        typed=hashlib.sha256(said.encode()).hexdigest(), corrects=intake.taken_into if intake.corrects else None,
    )  # fmt: skip


def _demand_room(unit: Unit | None, actor: User) -> None:
    """Refuse another upload while too many wait: each keeps its whole file."""
    waiting = Intake.objects.unfinished().with_open_questions()
    mine = waiting.filter(uploaded_by=actor).count()
    if mine >= PER_PERSON:
        sentence = ngettext(
            "%(count)d file that you sent is not imported yet. Import or discard it before you send another.",
            "%(count)d files that you sent are not imported yet. Import or discard some before you send another.",
            mine,
        )
        raise ValidationError({"content": sentence % {"count": mine}}, code="too_many")
    if unit is not None and (count := waiting.filter(unit=unit).count()) >= PER_UNIT:
        sentence = ngettext(
            "%(count)d file of this unit is not imported yet. Import or discard it before you send another.",
            "%(count)d files of this unit are not imported yet. Import or discard some before you send another.",
            count,
        )
        raise ValidationError({"content": sentence % {"count": count}}, code="too_many")


def _check_mapping(mapping: Mapping[str, str], intake: Intake, reading: Reading) -> None:
    columns = [column for table in reading.tables for column in table.columns]
    asked = {header for ambiguity in reading.ambiguities for header, _name in ambiguity.options}
    there = asked.union(intake.mapping, (one.header for one in columns), (one.letter for one in columns))
    for heading, target in mapping.items():
        base = target.partition(":")[0].partition(".")[0]
        if heading not in there or (target and base != "ignore" and reading.schema.field(base) is None):
            raise ValidationError(_OUT_OF_DATE, code="unknown")


def _check_repairs(repairs: Mapping[str, Mapping[str, str]], reading: Reading) -> None:
    rows = {f"{row.sheet}!{row.row}": row for row in reading.rows}
    fields = {field.name for field in reading.schema.fields}
    for key, texts in repairs.items():
        if not texts:
            continue
        if key not in rows:
            raise ValidationError(_OUT_OF_DATE, code="unknown")
        letters = {column.letter for column in rows[key].table.columns}
        if not fields.union(letters).issuperset(texts):
            raise ValidationError(_OUT_OF_DATE, code="unknown")
        for text in texts.values():
            _demand_length(text, MOST_LETTERS)


def _check_decisions(decisions: Mapping[str, Mapping[str, Any] | None], intake: Intake, reading: Reading) -> None:
    known = {f"{row.sheet}!{row.row}" for row in reading.rows}.union(intake.decisions)
    for key, decision in decisions.items():
        if key not in known or not {"drop", "keep", "repeat", "replace"}.issuperset(decision or ()):
            raise ValidationError(_OUT_OF_DATE, code="unknown")
        _demand_length(str((decision or {}).get("repeat", "")), MOST_REASON)


def _demand_length(text: str, most: int) -> None:
    if problem := length_problem(text, most):
        raise ValidationError(problem, code="too_long")
