"""Reorganisations: proposed by one person with a preview, decided by another, undone until somebody builds on it."""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit
from portal.acts import Act
from portal.lib.vietnamese import short_date
from portal.models import Posting, ProposedChange, Reorganisation, Unit, UnitSuccession, UnitVersion, User
from portal.permissions import Permission
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import needs
from portal.services.texts import fitting, longest, shorten
from portal.services.tree_moves import BUILT_ON, NewUnit, Step, make_units, parts, take_back, write_steps
from portal.services.versions import lock_row
from portal.vocabulary import SuccessionKind

Kind = SuccessionKind
MOST_NAMES = 12  # named one by one; of more the number is said


@dataclass(frozen=True)
class Plan:
    """One decision: which units end (or are renamed) and who takes over, from which day, by which paper."""

    kind: str
    ends: list[Unit]
    on_date: datetime.date
    decision: str
    decided_on: datetime.date
    issuer: str
    heirs: list[Unit]
    new: list[NewUnit]
    name: str = ""
    passes_postings: bool = False

    def above(self) -> Unit:
        """Return the nearest unit above all those that end, in the tree of the day before."""
        day = self.on_date - datetime.timedelta(days=1)
        paths = [_path_up(unit, day) for unit in self.ends]
        shared = [pk for pk in paths[0][1:] if all(pk in path[1:] for path in paths)]
        return Unit.objects.get(pk=shared[0] if shared else paths[0][0])

    def step(self, made: list[Unit] | None = None) -> Step:
        """Return what is written; `made` are the units that it makes first."""
        heirs = [*self.heirs, *(made or [])]
        if self.kind == Kind.DISSOLVE:
            heirs = [Unit.objects.get(pk=_path_up(self.ends[0], self.on_date - datetime.timedelta(days=1))[1])]
        return Step(
            self.kind, tuple(unit.pk for unit in self.ends), tuple(unit.pk for unit in heirs), self.name,
            passes_postings=self.passes_postings,
        )  # fmt: skip

    def basis(self) -> str:
        """Return the legal basis in one line."""
        return legal_basis(self.decision, self.decided_on, self.issuer)


def legal_basis(decision: str, decided_on: datetime.date, issuer: str) -> str:
    """Return a decision in one line, as successions and postings keep it."""
    return f"{decision}, {short_date(decided_on)}, {issuer}"


def _path_up(unit: Unit, day: datetime.date) -> list[int]:
    path, current = [unit.pk], unit.version_on(day)
    while current is not None and current.parent_id and current.parent_id not in path:
        path.append(current.parent_id)
        current = current.parent.version_on(day) if current.parent else None
    return path


def _units_of_plan(values: dict[str, Any]) -> list[Unit]:
    plan: Plan = values["plan"]
    return [*plan.ends, *plan.heirs, *([plan.above()] if plan.ends else [])]


# -- before anything is written


def check_plan(plan: Plan) -> None:
    """ValidationError, field by field, for what cannot be one decision."""
    if not plan.ends:
        raise ValidationError({"ends": _("Name the unit or units that end.")})
    if plan.decided_on > plan.on_date:
        sentence = _("A decision of %(decided)s cannot be in force from %(day)s already. Correct one of the days.")
        values = {"decided": short_date(plan.decided_on), "day": short_date(plan.on_date)}
        raise ValidationError({"decided_on": sentence % values})
    both = [unit for unit in plan.heirs if unit in plan.ends]
    if both:
        raise ValidationError({"heirs": _("%(unit)s cannot end and take over at once.") % {"unit": both[0].code}})
    if len({new.code for new in plan.new}) < len(plan.new):
        raise ValidationError({"new": _("Two of the new units have one code.")})
    _check_kind(plan)


def _check_kind(plan: Plan) -> None:
    heirs = len(plan.heirs) + len(plan.new)
    if plan.kind == Kind.MERGE and heirs != 1:
        raise ValidationError({"heirs": _("In a merger exactly one unit takes over: one that exists, or a new one.")})
    if plan.kind == Kind.SPLIT and (heirs < 2 or len(plan.ends) != 1):
        raise ValidationError({"heirs": _("In a split one unit ends and two or more take over.")})
    if plan.kind == Kind.RENAME and (heirs or len(plan.ends) != 1 or not plan.name):
        raise ValidationError({"name": _("One unit gets another name and keeps its code: name the unit and its name.")})
    if plan.kind == Kind.DISSOLVE and (heirs or len(plan.ends) != 1):
        raise ValidationError({"heirs": _("A unit that is dissolved has no heir: the unit above takes over.")})


@needs(Permission.MANAGE_UNITS, on=_units_of_plan)
def preview_plan(*, plan: Plan, actor: User) -> list[Line]:
    """Return in words what would move and what never does. ValidationError for what the tree or its days refuse.

    It is tried out whole and taken back, so that what is shown is what happens.
    """
    check_plan(plan)
    lines = plan_lines(plan)
    with transaction.atomic():
        made = make_units(plan.new, plan.above(), plan.on_date)
        write_steps([plan.step(made)], plan.on_date, plan.basis(), actor)
        transaction.set_rollback(True)
    return lines


def plan_lines(plan: Plan) -> list[Line]:
    """Return the decision, the tree and what each app says of it, in words."""
    before = plan.on_date - datetime.timedelta(days=1)
    ends = _names(plan.ends, before)
    if plan.kind == Kind.RENAME:
        tree = [Line(_("New name"), ends, plan.name)]
    else:
        heirs = [_names(plan.heirs, plan.on_date)] if plan.heirs else []
        is_new = _("new unit")
        heirs += [f"{new.name} ({new.code}, {is_new})" for new in plan.new]
        if plan.kind == Kind.DISSOLVE:
            heirs = [_names([plan.above()], before)]
        tree = [
            Line(_("Ends"), ends, _("last day %(day)s") % {"day": short_date(before)}),
            Line(_("Takes over"), "", "; ".join(heirs)),
            *_lines_below(plan, before),
        ]
    return [
        Line(_("In force from"), "", short_date(plan.on_date)),
        Line(_("Legal basis"), "", plan.basis()),
        *tree,
        *(line for part in parts().values() for line in part.lines(plan.step(), plan.on_date)),
    ]


def _lines_below(plan: Plan, day: datetime.date) -> list[Line]:
    ends = [unit.pk for unit in plan.ends]
    below = UnitVersion.objects.filter(parent__in=ends, valid__contains=day).exclude(unit__in=ends)
    said = ngettext("%(count)d unit", "%(count)d units", below.count()) % {"count": below.count()}
    goes = _("stand undecided until each is assigned") if plan.kind == Kind.SPLIT else _("go on below who takes over")
    lines = [Line(_("Chapters and units below"), said, goes)] if below.exists() else []
    held = Posting.objects.filter(unit__in=ends).filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=plan.on_date))
    if held.exists():
        people = held.values("user").distinct().count()
        said = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
        goes = _("end; the same persons go on at who takes over") if plan.passes_postings else _("end with the unit")
        lines.append(Line(_("Postings"), said, goes))
    return lines


def _names(units: list[Unit], day: datetime.date) -> str:
    shown = "; ".join(f"{unit.name_on(day)} ({unit.code})" for unit in units[:MOST_NAMES])
    return shown if len(units) <= MOST_NAMES else f"{shown}; … ({len(units)})"


# -- proposed by one, decided by another


@needs(Permission.MANAGE_UNITS, on=_units_of_plan)
def propose_reorganisation(*, plan: Plan, reason: str, actor: User) -> ProposedChange:
    """Propose a reorganisation; a second person's agreement writes it.

    ValidationError, field by field, where the tree, a closed half-year or an heir's days refuse it: it is tried first.
    """
    preview_plan(plan=plan, actor=actor)
    above = plan.above()
    return propose(
        act=Act.REORGANISATION, target=above, unit=above, before={"tree": _digest(plan)}, after=_as_json(plan),
        reason=reason, actor=actor,
    )  # fmt: skip


def _as_json(plan: Plan) -> dict[str, Any]:
    return {
        "kind": str(plan.kind), "ends": [unit.pk for unit in plan.ends], "heirs": [unit.pk for unit in plan.heirs],
        "new": [[new.code, new.name, new.level_id] for new in plan.new], "name": plan.name,
        "on_date": plan.on_date.isoformat(), "decision": plan.decision, "decided_on": plan.decided_on.isoformat(),
        "issuer": plan.issuer, "passes_postings": plan.passes_postings,
    }  # fmt: skip


def plan_of(change: ProposedChange) -> Plan:
    """Return the plan that a proposal holds."""
    after = change.after
    units = Unit.objects.in_bulk([*after["ends"], *after["heirs"]])
    return Plan(
        kind=after["kind"], ends=[units[pk] for pk in after["ends"]], heirs=[units[pk] for pk in after["heirs"]],
        new=[NewUnit(*one) for one in after["new"]], name=after["name"], decision=after["decision"],
        on_date=datetime.date.fromisoformat(after["on_date"]), issuer=after["issuer"],
        decided_on=datetime.date.fromisoformat(after["decided_on"]), passes_postings=after["passes_postings"],
    )  # fmt: skip


def _digest(plan: Plan) -> str:
    """Return a code over all that the decision touches in the tree: it changes when the tree does."""
    touched = [unit.pk for unit in (*plan.ends, *plan.heirs)]
    versions = UnitVersion.objects.filter(Q(unit__in=touched) | Q(parent__in=[unit.pk for unit in plan.ends]))
    rows = list(versions.order_by("pk").values_list("pk", "unit", "parent", "level", "name", "valid"))
    pairs = UnitSuccession.objects.filter(Q(from_unit__in=touched) | Q(to_unit__in=touched)).order_by("pk")
    return hashlib.sha256(repr((rows, list(pairs.values_list("pk", "on_date")))).encode()).hexdigest()


class ReorganisationChange(Change):
    """Units merged, split, renamed or dissolved."""

    page = ""

    def state_of(self, target: Any, change: ProposedChange) -> dict[str, Any]:
        """The part of the tree that it touches, as a code."""
        return {"tree": _digest(plan_of(change))}

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Write it; whoever proposed it must still keep all these units."""
        plan = plan_of(change)
        for unit in _units_of_plan({"plan": plan}):
            demand_of_proposer(change, Permission.MANAGE_UNITS, unit)
        check_plan(plan)
        apply_plan(plan, target, change.proposed_by, change)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """While it waits: what would move. Once decided: what was decided."""
        plan = plan_of(change)
        if change.is_waiting:
            return plan_lines(plan)
        return [Line(_("In force from"), "", short_date(plan.on_date)), Line(_("Legal basis"), "", plan.basis()),
                Line(_("What becomes what"), "", _summary(plan))]  # fmt: skip

    def name(self, target: Any) -> str:
        """The unit below which it happens is named by the page already."""
        return ""


def apply_plan(plan: Plan, above: Unit, person: User, change: ProposedChange | None = None) -> Reorganisation:
    """Write a decision and keep what it made. Called by who has asked the right: a proposal, a command."""
    made_units = make_units(plan.new, above, plan.on_date)
    step = plan.step(made_units)
    made = write_steps([step], plan.on_date, plan.basis(), person)[0]
    made |= {"units": [unit.pk for unit in made_units], "ends": list(step.ends), "heirs": list(step.heirs)}
    done = Reorganisation.objects.create(
        unit=above, kind=plan.kind, summary=_summary(plan), on_date=plan.on_date,
        decision=fitting(Reorganisation, "decision", plan.decision), decided_on=plan.decided_on,
        issuer=fitting(Reorganisation, "issuer", plan.issuer), made=made, proposal=change, done_by=person,
    )  # fmt: skip
    audit.record(
        actor=person, action=audit.Action.REORGANISATION_APPLY, target=done, unit=above,
        detail={"kind": str(plan.kind), "ends": list(step.ends), "heirs": list(step.heirs)},
    )  # fmt: skip
    return done


def sentence_of(step: Step, on: datetime.date) -> str:
    """Return what becomes what in one line, for units that are all there already."""
    before = on - datetime.timedelta(days=1)
    sides = [
        Unit.objects.filter(pk__in=step.ends).named_on(before),
        Unit.objects.filter(pk__in=step.heirs).named_on(on),
    ]
    said = ["; ".join(f"{unit} ({unit.code})" for unit in side.order_by("code")) for side in sides]
    return shorten(" → ".join(said), longest(Reorganisation, "summary"))


def _summary(plan: Plan) -> str:
    most = longest(Reorganisation, "summary")
    day = plan.on_date - datetime.timedelta(days=1)
    ends = _names(plan.ends, day)
    if plan.kind == Kind.RENAME:
        return shorten(f"{ends} → {plan.name}", most)
    heirs = [f"{unit.name_on(plan.on_date)} ({unit.code})" for unit in plan.heirs]
    heirs += [f"{new.name} ({new.code})" for new in plan.new]
    return shorten(f"{ends} → {'; '.join(heirs) or '–'}", most)


# -- the way back


@needs(Permission.MANAGE_UNITS, on="done.unit")
def propose_undoing(*, done: Reorganisation, reason: str, version: str | None = None, actor: User) -> ProposedChange:
    """Propose that a reorganisation be undone; possible until somebody has built on it. It is tried out first."""
    done = lock_row(Reorganisation.objects.all(), done, version)
    _demand_undoable(done)
    with transaction.atomic():
        take_back(done.made, done.on_date)
        transaction.set_rollback(True)
    return propose(
        act=Act.REORGANISATION_UNDO, target=done, unit=done.unit, before={"undone_at": None}, after={"undone": True},
        reason=reason, actor=actor,
    )  # fmt: skip


def _demand_undoable(done: Reorganisation) -> None:
    if done.undone_at is not None:
        raise ValidationError(_("This has been undone already."))
    if not done.made.get("cut"):
        raise ValidationError(BUILT_ON())


class UndoChange(Change):
    """A reorganisation taken back."""

    page = "reorganisation_detail"

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Put the tree back, and what each app moved."""
        demand_of_proposer(change, Permission.MANAGE_UNITS, change.unit)
        _demand_undoable(target)
        take_back(target.made, target.on_date)
        target.undone_at, target.undone_by = timezone.now(), change.decided_by
        target.save(update_fields=["undone_at", "undone_by"])
        audit.record(
            actor=change.proposed_by, action=audit.Action.REORGANISATION_UNDO, target=target, unit=target.unit,
        )  # fmt: skip

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """What is taken back."""
        return [Line(str(Kind(target.kind).label), target.summary, _("as it was before"))]
