"""A workbook on its way in: uploaded, previewed, repaired, decided, taken in or given up.

`map_intake`, `repair_intake`, `decide_intake` and `discard_intake` are those of every kind of list.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.services import intakes
from intakes.services.intakes import decide_intake, discard_intake, map_intake, repair_intake
from portal import audit
from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Unit, User
from portal.permissions import Permission
from scholarships.models import Batch, BatchEvent
from scholarships.services.plan import Plan, build_plan
from scholarships.services.refusals import Conflict, demand, kept_by_database
from scholarships.services.rows import lock_entry
from scholarships.services.rules import demand_in_force, window_for
from scholarships.services.taking import take_in

__all__ = [
    "Conflict", "commit_intake", "decide_intake", "discard_intake", "map_intake", "plan_intake", "repair_intake",
    "start_intake",
]  # fmt: skip


def start_intake(*, unit: Unit, half: HalfYear, mode: str, file_name: str, content: bytes, actor: User) -> Intake:
    """Keep an uploaded workbook for its preview; ValidationError ({"content": ...}) when it cannot be read at all."""
    demand(actor, Permission.ENTER_BATCH, unit)
    demand_in_force(unit, window_for(unit=unit, half=half, mode=mode).half)
    return intakes.start_intake(
        kind=Intake.Kind.DISBURSEMENTS,
        unit=unit,
        half=half.code,
        mode=mode,
        file_name=file_name,
        content=content,
        actor=actor,
    )


def plan_intake(*, intake: Intake) -> Plan:
    """Decide what taking the upload in would do now."""
    return build_plan(
        unit=intake.unit, half=HalfYear.parse(intake.half), mode=intake.mode, content=bytes(intake.content or b""),
        file_name=intake.file_name, mapping=intake.mapping, repairs=intake.repairs, decisions=intake.decisions,
    )  # fmt: skip


def commit_intake(*, intake: Intake, token: str, actor: User) -> Batch | None:
    """Take in the good rows as a draft; Conflict when the plan is no longer the one whose `token` was shown.

    None when everything was recorded already. The refused rows are left out; the file is erased.
    """
    with kept_by_database():
        intake = intakes.open_intake(intake)
        demand(actor, Permission.ENTER_BATCH, intake.unit)
        lock_entry(intake.unit)
        plan = plan_intake(intake=intake)
        if plan.token != token:
            raise Conflict(_("What would be taken in has changed since you looked. Look at the preview again."))
        if not plan.accepted and plan.rejected and not plan.is_blocked:
            raise ValidationError(
                _("No row can be taken in yet. Mend the rows marked in the preview, or leave them out.")
            )
        batch = take_in(plan, state=Batch.State.DRAFT, actor=actor)
        if batch is not None:
            _note_helpers(batch, intake, actor)
        intakes.finish_intake(intake)
        detail = {"batch": batch.pk if batch else None, "rows": plan.turns, "rejected": len(plan.rejected)}
        audit.record(actor=actor, action="scholarships.intake.commit", target=intake, unit=intake.unit, detail=detail)
    return batch


def _note_helpers(batch: Batch, intake: Intake, actor: User) -> None:
    """Whoever sent, mended or decided the file made the list too, and does not approve it."""
    steps = AuditEntry.objects.filter(target_type=intake._meta.label_lower, target_id=intake.pk).exclude(actor=actor)
    for pk in sorted(set(steps.order_by().values_list("actor_id", flat=True))):
        BatchEvent.objects.create(batch=batch, action="edit", actor_id=pk)
