"""Changes of two persons: proposed by one, decided by another; what each does is known to the app that it belongs to.

An app names its kinds of change in its `AppConfig.changes` (act -> dotted name of a `Change`), so that nothing here
knows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import ACTS, PROPOSAL_LIFETIME, Act
from portal.models import Posting, ProposedChange, Unit, User
from portal.permissions import Permission, roles_granting
from portal.services.notices import announce
from portal.services.refusals import (
    REMOVED,
    ConflictError,
    holds,
    needs,
    needs_nothing,
    require_lasting_reason,
    require_reason,
)
from portal.services.versions import lock_row, tell_value
from portal.vocabulary import ProposalState

State = ProposalState


@dataclass(frozen=True)
class Line:
    """One thing that changes, in words: what it is, how it stands, how it shall stand."""

    label: str
    before: str
    after: str


class Change:
    """What an app says of one kind of proposed change. `target` is the row it is about."""

    page: str = ""  # the name of the address that shows the target

    def lock(self, change: ProposedChange) -> models.Model:
        """Return the target under lock."""
        model = apps.get_model(change.target_type)
        target: models.Model = model._base_manager.select_for_update(of=("self",)).get(pk=change.target_id)
        return target

    def state_of(self, target: models.Model, change: ProposedChange) -> dict[str, Any]:
        """Return the fields named in `before` as they stand now."""
        return {name: getattr(target, name) for name in change.before}

    def execute(self, target: models.Model, change: ProposedChange) -> None:
        """Do it; `change.proposed_by` is whose right is asked, `change.decided_by` who agreed."""
        raise NotImplementedError

    def lines(self, target: models.Model, change: ProposedChange) -> list[Line]:
        """Return what changes, in words."""
        names = {field.name: str(field.verbose_name) for field in target._meta.concrete_fields}
        fields = [*change.before, *(name for name in change.after if name not in change.before)]
        return [
            Line(names.get(name, name), _in_words(change.before.get(name)), _in_words(change.after.get(name)))
            for name in fields
        ]

    def name(self, target: models.Model) -> str:
        """Return what the target is called."""
        return str(target)

    def url(self, target: models.Model) -> str:
        """Return the address of the target's page."""
        return reverse(self.page, args=[target.pk]) if self.page else ""


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


@lru_cache
def change_of(act: str) -> Change:
    """Return what an app says of the act; LookupError for an act that no app has."""
    for config in apps.get_app_configs():
        dotted = getattr(config, "changes", {}).get(act)
        if dotted is not None:
            change: Change = import_string(dotted)()
            return change
    raise LookupError(act)


def target_of(change: ProposedChange) -> models.Model | None:
    """Return the row that a proposal is about, None when it is there no more."""
    targets: models.QuerySet[Any] = apps.get_model(change.target_type)._base_manager.filter(pk=change.target_id)
    return targets.first()


@needs_nothing("called by services that ask the right of their own act on the object")
def propose(
    *, act: Act, target: models.Model, unit: Unit, after: dict[str, Any], before: dict[str, Any] | None = None,
    reason: str, actor: User,
) -> ProposedChange:  # fmt: skip
    """Write down what shall change and why; nothing moves until another person agrees."""
    reason = require_lasting_reason(reason, _("Say why: a second person decides on it."))
    now = timezone.now()
    ProposedChange.objects.on(target).filter(act=act, state=State.PENDING, expires_at__lte=now).update(
        state=State.EXPIRED, decided_at=now
    )
    change = ProposedChange.objects.create(
        act=act, target_type=target._meta.label_lower, target_id=target.pk, unit=unit, before=before or {}, after=after,
        reason=reason, proposed_by=actor, expires_at=now + PROPOSAL_LIFETIME,
    )  # fmt: skip
    _note(change, audit.Action.PROPOSAL_PROPOSE, actor)
    announce(change, deciders_of(change))
    return change


@needs(Permission.DECIDE_CHANGE, Permission.DECIDE_POSTING, on="change.unit")
def accept_change(*, change: ProposedChange, version: str | None = None, actor: User) -> ProposedChange:
    """Agree to a change as it was shown: it takes effect now.

    Raises ConflictError when what shall change is no longer as it was when it was proposed.
    """
    change = _locked(change, version, actor)
    kind = change_of(change.act)
    try:
        target = kind.lock(change)
    except ObjectDoesNotExist as error:
        raise ConflictError(REMOVED) from error
    now_stands = kind.state_of(target, change)
    if now_stands != change.before:
        changed = {name for name, value in now_stands.items() if value != change.before.get(name)}
        raise ConflictError(
            _("What the proposal changes has been changed meanwhile. Refuse it, and have it proposed again."),
            changes=[
                (str(field.verbose_name), tell_value(target, field) or _in_words(now_stands[field.name]))
                for field in target._meta.concrete_fields
                if field.name in changed  # what is no column, as the code of a tree, tells a reader nothing
            ],
        )
    _decide(change, State.ACCEPTED, actor)
    _note(change, audit.Action.PROPOSAL_ACCEPT, actor)
    kind.execute(target, change)
    announce(change)
    return change


@needs(Permission.DECIDE_CHANGE, Permission.DECIDE_POSTING, on="change.unit")
def refuse_change(*, change: ProposedChange, reason: str, version: str | None = None, actor: User) -> ProposedChange:
    """Refuse a change, with a reason that the proposer sees."""
    answer = require_reason(reason, _("Say why it is refused."))
    change = _locked(change, version, actor)
    _decide(change, State.REFUSED, actor, answer)
    _note(change, audit.Action.PROPOSAL_REFUSE, actor)
    announce(change)
    return change


@needs(Permission.VIEW_PROPOSAL, on="change.unit")
def withdraw_change(*, change: ProposedChange, version: str | None = None, actor: User) -> ProposedChange:
    """Take back what one has proposed oneself."""
    change = lock_row(ProposedChange.objects.select_related("unit", "proposed_by"), change, version)
    if change.proposed_by_id != actor.pk:
        raise PermissionDenied
    _must_wait(change)
    _decide(change, State.WITHDRAWN, actor)
    _note(change, audit.Action.PROPOSAL_WITHDRAW, actor)
    return change


def demand_of_proposer(change: ProposedChange, permission: Permission, unit: Unit) -> None:
    """Refuse what the proposer may no longer do themselves: a second person lends nobody a right."""
    if not holds(change.proposed_by, permission, unit):
        raise ValidationError(_("Whoever proposed this no longer has the right to it. Refuse the proposal."))


def may_decide(user: User, change: ProposedChange) -> bool:
    """Whether the person may decide it: it waits, they did not propose it, and they hold the right on its unit."""
    return (
        change.is_waiting and _is_another(user, change) and holds(user, ACTS[Act(change.act)].decided_by, change.unit)
    )


def deciders_of(change: ProposedChange) -> list[User]:
    """Return the persons who may decide a proposal today: on its unit or any above, the nearest first."""
    today = timezone.localdate()
    roles = roles_granting(ACTS[Act(change.act)].decided_by)
    above = RawSQL("SELECT unit_ancestors(%s, %s)", [change.unit_id, today])
    near = RawSQL(
        "array_position(ARRAY(SELECT unit_ancestors(%s, %s)), portal_posting.unit_id)", [change.unit_id, today]
    )
    postings = Posting.objects.in_force(today).filter(role__in=roles, unit_id__in=above, user__is_active=True)
    found = {
        posting.user_id: posting.user
        for posting in postings.annotate(near=near).select_related("user").order_by("near", "user__full_name")
        if _is_another(posting.user, change)
    }
    return list(found.values())


def said_after(change: ProposedChange) -> str:
    """Return what the proposer is told: that it has been sent, and who decides."""
    names = [user.full_name for user in deciders_of(change)]
    if not names:
        return _("The proposal has been sent. Nobody can decide it yet: ask for a leader to be posted.")
    shown = ", ".join(names[:3])
    return _("The proposal has been sent; %(names)s will decide. Until then nothing changes.") % {"names": shown}


def alike(one: User, other: User) -> list[str]:
    """Return what two accounts share that persons do not: their full name, their phone."""
    found = []
    if one.pk != other.pk and one.full_name.casefold() == other.full_name.casefold():
        found.append(_("the same full name"))
    if one.pk != other.pk and one.phone and one.phone == other.phone:
        found.append(_("the same phone"))
    return found


def lines_of(change: ProposedChange) -> Iterator[Line]:
    """Yield what a proposal changes, in words; nothing when its row is there no more."""
    target = target_of(change)
    if target is not None:
        yield from change_of(change.act).lines(target, change)


def _is_another(user: User, change: ProposedChange) -> bool:
    """Whether the person is neither the proposer nor whom the change appoints or favours."""
    favoured = {change.after.get("person_id")}
    if change.target_type == User._meta.label_lower:
        favoured.add(change.target_id)
    return user.pk != change.proposed_by_id and user.pk not in favoured


def _locked(change: ProposedChange, version: str | None, actor: User) -> ProposedChange:
    change = lock_row(ProposedChange.objects.select_related("unit", "proposed_by"), change, version)
    _must_wait(change)
    if not may_decide(actor, change):
        raise PermissionDenied
    return change


def _must_wait(change: ProposedChange) -> None:
    if not change.is_waiting:
        raise ConflictError(_("This has been decided already, or has run out. Look at it again."), current=change)


def _decide(change: ProposedChange, state: State, actor: User, answer: str = "") -> None:
    change.state, change.decided_by, change.decided_at, change.answer = state, actor, timezone.now(), answer
    change.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _note(change: ProposedChange, action: audit.Action, actor: User) -> None:
    detail = {
        "act": change.act,
        "target": f"{change.target_type}:{change.target_id}",
        "proposed_by": change.proposed_by_id,
    }
    audit.record(
        actor=actor, action=action, target=change, unit=change.unit, fields=[*change.after], detail=detail,
        reason_in=(change, "answer" if change.answer else "reason"),
    )  # fmt: skip


__all__ = [
    "Change", "Line", "accept_change", "alike", "change_of", "deciders_of", "demand_of_proposer", "lines_of",
    "may_decide", "propose",
    "refuse_change", "said_after", "target_of", "withdraw_change",
]  # fmt: skip
