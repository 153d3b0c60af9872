"""A workbook of members on its way in; mapping, repairing and giving up are those of every kind of list."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services import intakes
from intakes.services.intakes import decide_intake, discard_intake, map_intake, repair_intake
from members.services.imports import MemberPlan, build_plan, lock_entry, take_in
from portal import audit
from portal.models import Unit, User
from portal.permissions import Permission

__all__ = [
    "Conflict",
    "commit_intake",
    "decide_intake",
    "discard_intake",
    "map_intake",
    "plan_intake",
    "repair_intake",
    "start_intake",
]


class Conflict(Exception):  # noqa: N818 - nobody's error
    """What the person saw is no longer what stands; `str()` is the sentence, views answer 409."""


def start_intake(*, unit: Unit, file_name: str, content: bytes, actor: User) -> Intake:
    """Keep an uploaded workbook for its preview.

    Rows that name no unit belong to `unit`, all others to units below it.
    """
    if not actor.may(Permission.MANAGE_MEMBERS, unit):
        raise PermissionDenied
    return intakes.start_intake(kind=Intake.Kind.MEMBERS, unit=unit, file_name=file_name, content=content, actor=actor)


def plan_intake(*, intake: Intake, actor: User) -> MemberPlan:
    """Decide what taking the upload in would do now."""
    return build_plan(
        content=bytes(intake.content or b""), file_name=intake.file_name, actor=actor, unit=intake.unit,
        mapping=intake.mapping, repairs=intake.repairs, decisions=intake.decisions,
    )  # fmt: skip


def commit_intake(*, intake: Intake, token: str, actor: User) -> int:
    """Take in the good rows and return how many; Conflict when the plan is not the one whose `token` was shown."""
    with transaction.atomic():
        intake = intakes.open_intake(intake)
        lock_entry(plan_intake(intake=intake, actor=actor))
        plan = plan_intake(intake=intake, actor=actor)  # again, now that nobody can enter the same people
        if plan.token != token:
            raise Conflict(_("What would be taken in has changed since you looked. Look at the preview again."))
        if not plan.accepted and plan.rejected and not plan.is_blocked:
            raise ValidationError(
                _("No row can be taken in yet. Mend the rows marked in the preview, or leave them out.")
            )
        count = take_in(plan, actor=actor)
        intakes.finish_intake(intake)
        audit.record(
            actor=actor, action="members.intake.commit", target=intake, unit=intake.unit, detail={"people": count}
        )
    return count
