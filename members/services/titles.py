"""Learning titles: registered for a year, moved from step to step (many by one decision), and each step taken back.

The portal keeps what others have scored: the scoring itself is the work of the national tool.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import (
    TITLE_STEPS,
    CriteriaSet,
    LearningSubject,
    LearningTitle,
    Member,
    TitleChange,
)
from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import name_key, search_key, short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import REMOVED, ConflictError, needs, require_lasting_reason, require_reason
from portal.services.texts import fitting
from portal.services.versions import check_version, lock_row
from portal.vocabulary import LearningModel, TitleState, TitleVerb

State, Verb = TitleState, TitleVerb
#: Whose hand in a title keeps them from deciding on it.
_WORK = (Verb.HAND_IN, Verb.ASSESS, Verb.EVALUATE)
_TOLD = 5  # names in a sentence that refuses many rows at once
_CHUNK = 500
_FIELDS = (
    "state", "dossier_on", "assessed_on", "own_score", "evaluated_on", "score", "decided_on", "decision", "decided_by",
    "reason", "revoked_on", "dossier_half", "assessed_half", "evaluated_half", "decided_half", "revoked_half",
    "recognised_by",
)  # fmt: skip


@needs(Permission.MANAGE_MEMBERS, on="unit")
def register_title(
    *, unit: Unit, model: str, name: str, place: str = "", year: int, registered_on: datetime.date,
    member: Member | None = None, actor: User,
) -> LearningTitle:  # fmt: skip
    """Record that somebody of the unit registered for a title of the year; the subject is made where it is new.

    Of a closed half-year the registration keeps its day and counts in the first open one. ValidationError for a title
    that is registered already, a day or year that cannot be, a model without criteria on that day.
    """
    name, place = fitting(LearningSubject, "name", name), fitting(LearningSubject, "place", place)
    if not name:
        raise ValidationError({"name": _("Write the name.")})
    if problem := year_problem(year, registered_on):
        raise ValidationError({"year": problem})
    criteria = criteria_for(model, registered_on)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    subject = _find_subject(unit, model, name, place, member)
    if subject is not None and subject.titles.filter(model=model, year=year).exists():
        raise ValidationError({"name": known_sentence(model, year)}, code="known")
    if subject is None:
        subject = LearningSubject.objects.create(
            unit=unit, kind=model, name=name, place=place, member=member, search_text=search_key(name),
            name_key=name_key(name), created_by=actor,
        )  # fmt: skip
    half = next_open_half(unit=unit, half=HalfYear.containing(registered_on), people=[actor])
    title = LearningTitle.objects.create(
        subject=subject, unit=unit, model=model, year=year, criteria=criteria, registered_on=registered_on,
        registered_half=half.code, entered_by=actor,
    )  # fmt: skip
    TitleChange.objects.create(title=title, target=title.state, on_day=registered_on, made_by=actor)
    audit.record(actor=actor, action=audit.Action.TITLE_REGISTER, target=title, unit=unit)
    return title


def known_sentence(model: str, year: int) -> str:
    """Return what is said of somebody who is registered for the year; citizens may have namesakes."""
    if model != LearningModel.CITIZEN:
        return _("Registered for %(year)d already, at the same place.") % {"year": year}
    said = _(
        "Registered for %(year)d already, at the same place. Of a namesake, say beside the place how to tell them "
        "apart, with the year of birth."
    )
    return said % {"year": year}


def year_problem(year: int, registered_on: datetime.date) -> str | None:
    """Return what is wrong with a title's year beside the day of its registration, or None."""
    if registered_on > timezone.localdate():
        return _("%(day)s lies in the future.") % {"day": short_date(registered_on)}
    if year not in {registered_on.year, registered_on.year + 1}:
        said = _("Registered on %(day)s is for the title of that year or the next one, not of %(year)d.")
        return said % {"day": short_date(registered_on), "year": year}
    return None


def criteria_for(model: str, day: datetime.date) -> CriteriaSet:
    """Return the criteria by which the model is judged on a day. ValidationError where there are none."""
    found = CriteriaSet.objects.filter(model=model, valid__contains=day).first()
    if found is None:
        said = _("There are no criteria for this model on %(day)s. An administrator records them.")
        raise ValidationError({"model": said % {"day": short_date(day)}}, code="no_criteria")
    return found


def _find_subject(unit: Unit, model: str, name: str, place: str, member: Member | None) -> LearningSubject | None:
    subjects = LearningSubject.objects.filter(unit=unit, kind=model)
    if member is not None:
        return subjects.filter(member=member).first()
    return subjects.filter(member=None, name_key=name_key(name), place__iexact=place).first()


def _unit_of_subject(values: dict[str, Any]) -> list[Unit]:
    return [Unit(pk=LearningTitle.objects.values_list("unit_id", flat=True).get(pk=values["title"].pk))]


@needs(Permission.MANAGE_MEMBERS, on=_unit_of_subject)
def update_subject(
    *, title: LearningTitle, name: str, place: str, version: str | None = None, actor: User
) -> LearningTitle:
    """Correct what a title's holder is called or where they live; certificates printed before keep what they say."""
    title = lock_row(LearningTitle.objects.select_related("subject"), title, version)
    subject = title.subject
    name, place = fitting(LearningSubject, "name", name), fitting(LearningSubject, "place", place)
    if not name:
        raise ValidationError({"name": _("Write the name.")})
    changed = [field for field, value in (("name", name), ("place", place)) if getattr(subject, field) != value]
    if changed:
        subject.name, subject.place = name, place
        subject.name_key, subject.search_text = name_key(name), search_key(name)
        subject.save(update_fields=["name", "place", "name_key", "search_text"])
        audit.record(
            actor=actor, action=audit.Action.TITLE_UPDATE, target=title, unit=Unit(pk=title.unit_id), fields=changed
        )  # fmt: skip
    return title


# -- steps


def _units_of_chosen(values: dict[str, Any]) -> list[Unit]:
    found = set(LearningTitle.objects.filter(pk__in=values["chosen"]).values_list("unit_id", flat=True))
    if not found:
        raise ConflictError(REMOVED)
    return [Unit(pk=pk) for pk in sorted(found)]


@needs(Permission.MANAGE_MEMBERS, on=_units_of_chosen)
def advance_titles(
    *, verb: str, chosen: Mapping[int, str | None], on_day: datetime.date | None = None,
    scores: Mapping[int, int | None] | None = None, reason: str = "", actor: User,
) -> int:  # fmt: skip
    """Take titles one step on or back that needs no decision, all or none; return how many.

    `chosen`: id -> the version that the page showed. A step back, and a registration withdrawn, has a reason.
    """
    given = scores or {}
    day = None if verb in {Verb.TAKE_BACK, Verb.WITHDRAW} else _past_day(on_day)
    if day is None:
        reason = require_reason(reason, _("Say why."))
    steps: dict[str, Callable[[LearningTitle], Any]] = {
        Verb.HAND_IN: lambda row: _set(row, State.DOSSIER, dossier_on=day),
        Verb.ASSESS: lambda row: _set(row, State.ASSESSED, assessed_on=day, own_score=given.get(row.pk)),
        Verb.EVALUATE: lambda row: _set(row, State.EVALUATED, evaluated_on=day, score=given.get(row.pk)),
        Verb.WITHDRAW: lambda row: _set(row, State.WITHDRAWN, reason=reason),
        Verb.TAKE_BACK: _step_back,
    }
    rows = _lock(verb, chosen)
    if verb == Verb.EVALUATE:
        _refuse_rows(
            [row for row in rows if given.get(row.pk) is None], _("The score is missing: %(names)s."), "scores"
        )
    return _take(rows, verb, steps[verb], day, reason, actor)


@needs(Permission.RECOGNISE_TITLE, on=_units_of_chosen)
def decide_titles(
    *, verb: str, chosen: Mapping[int, str | None], on_day: datetime.date | None = None, decision: str = "",
    decided_by: str = "", reason: str = "", actor: User,
) -> int:  # fmt: skip
    """Recognise titles by one decision, or not; take a recognition away; take a decision back. All or none.

    Nobody decides on what they entered or brought forward themselves. While the half-year in which it counts is open a
    decision is taken back; afterwards a recognition is taken away, which counts in the half-year of that day.
    """
    decision = fitting(LearningTitle, "decision", decision)
    decided_by = fitting(LearningTitle, "decided_by", decided_by)
    day = None if verb == Verb.REOPEN else _past_day(on_day)
    if verb == Verb.RECOGNISE:
        missing = {"decision": decision, "decided_by": decided_by}
        said = {"decision": _("Write the number of the decision, as it stands on it."),
                "decided_by": _("Write who has decided, as the decision says it.")}  # fmt: skip
        if wrong := {name: said[name] for name, value in missing.items() if not value}:
            raise ValidationError(wrong)
    else:
        asked = require_reason if verb == Verb.REFUSE else require_lasting_reason
        reason = asked(reason, _("Say why."))
    facts = {"decided_on": day, "decision": decision, "decided_by": decided_by}
    steps: dict[str, Callable[[LearningTitle], Any]] = {
        Verb.RECOGNISE: lambda row: _set(row, State.RECOGNISED, **facts, reason="", recognised_by=actor),
        Verb.REFUSE: lambda row: _set(row, State.REFUSED, **facts, reason=reason),
        Verb.REVOKE: lambda row: _set(row, State.REVOKED, revoked_on=day, reason=reason),
        Verb.REOPEN: _take_decision_back,
    }
    rows = _lock(verb, chosen)
    if verb in {Verb.RECOGNISE, Verb.REFUSE}:
        _refuse_own(rows, actor)
    if verb == Verb.RECOGNISE:
        low = [row for row in rows if row.score is None or row.score < row.criteria.least_score]
        _refuse_rows(low, _("Below the least score of the criteria, not to be recognised: %(names)s."))
    return _take(rows, verb, steps[verb], day, reason, actor)


def _past_day(day: datetime.date | None) -> datetime.date:
    if day is None:
        raise ValidationError({"on_day": _("Write the day.")})
    if day > timezone.localdate():
        raise ValidationError({"on_day": _("%(day)s lies in the future.") % {"day": short_date(day)}})
    return day


def _lock(verb: str, chosen: Mapping[int, str | None]) -> list[LearningTitle]:
    found = LearningTitle.objects.select_related("subject", "criteria", "unit").filter(pk__in=list(chosen))
    rows = list(found.select_for_update(of=("self",)).order_by("pk"))
    if len(rows) != len(chosen):
        raise ConflictError(REMOVED)
    for row in rows:
        check_version(row, chosen[row.pk])
        if not TITLE_STEPS.allows(verb, row.state):
            raise ConflictError(LearningTitle.guards["title_state"])
    return rows


def _refuse_own(rows: list[LearningTitle], actor: User) -> None:
    if actor.is_system:
        return
    pks = [row.pk for row in rows]
    touched = set(
        TitleChange.objects.filter(title__in=pks, made_by=actor, verb__in=_WORK).values_list("title_id", flat=True)
    )
    own = [row for row in rows if row.entered_by_id == actor.pk or row.pk in touched]
    _refuse_rows(own, _("Nobody decides on what they entered themselves; another person does: %(names)s."))


def _refuse_rows(rows: list[LearningTitle], sentence: str, field: str | None = None) -> None:
    if not rows:
        return
    names = ", ".join(row.subject.name for row in islice(rows, _TOLD)) + (", …" if len(rows) > _TOLD else "")
    said = sentence % {"names": names}
    raise ValidationError({field: said} if field else said)


def _set(row: LearningTitle, state: TitleState, **values: Any) -> None:
    row.state = state
    for name, value in values.items():
        setattr(row, name, value)


def _step_back(row: LearningTitle) -> None:
    back: dict[str, tuple[TitleState, dict[str, Any]]] = {
        State.DOSSIER: (State.REGISTERED, {"dossier_on": None}),
        State.ASSESSED: (State.DOSSIER, {"assessed_on": None, "own_score": None}),
        State.EVALUATED: (State.ASSESSED, {"evaluated_on": None, "score": None, "decided_on": None}),
        State.WITHDRAWN: (State.REGISTERED, {"reason": ""}),
    }
    state, values = back[row.state]
    _set(row, state, **values)


def _take_decision_back(row: LearningTitle) -> None:
    if row.state == State.REVOKED:
        _set(row, State.RECOGNISED, revoked_on=None, reason="")
        return
    _set(row, row.state_before, decided_on=None, decision="", decided_by="", reason="", recognised_by=None)


def _take(
    rows: list[LearningTitle], verb: str, step: Callable[[LearningTitle], Any], day: datetime.date | None, reason: str,
    actor: User,
) -> int:  # fmt: skip
    """Write the step of every row: which half-year counts it, what happened, a line of the audit for each unit."""
    stage = {Verb.HAND_IN: "dossier", Verb.ASSESS: "assessed", Verb.EVALUATE: "evaluated", Verb.RECOGNISE: "decided",
             Verb.REFUSE: "decided", Verb.REVOKE: "revoked"}.get(Verb(verb))  # fmt: skip
    halves: dict[int, str] = {}
    if day is not None:
        for unit in {row.unit_id: row.unit for row in rows}.values():
            halves[unit.pk] = next_open_half(unit=unit, half=HalfYear.containing(day), people=[actor]).code
    changes = []
    for row in rows:
        source = row.state
        step(row)
        if stage:
            setattr(row, f"{stage}_half", halves[row.unit_id])
        changes.append(
            TitleChange(title=row, verb=verb, source=source, target=row.state, on_day=day, reason=reason, made_by=actor)
        )
    LearningTitle.objects.bulk_update(rows, _FIELDS, batch_size=_CHUNK)
    TitleChange.objects.bulk_create(changes, batch_size=_CHUNK)
    for unit_id, count in sorted(Counter(row.unit_id for row in rows).items()):
        audit.record(
            actor=actor, action=audit.Action.TITLE_MOVE, target=rows[0] if len(rows) == 1 else None,
            unit=Unit(pk=unit_id), detail={"verb": str(verb), "titles": count},
        )  # fmt: skip
    return len(rows)
