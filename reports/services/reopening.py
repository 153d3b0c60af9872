"""Opening a closed half-year of a unit for one person: proposed by one, agreed to by another, over by itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.acts import Act
from portal.lib.language import screen_date_line
from portal.lib.periods import HalfYear
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services import periods
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import ForbiddenError, needs
from portal.services.versions import check_version
from reports.models import SUBMISSION_STEPS, ApprovalEvent, Submission

State = Submission.State


@needs(Permission.APPROVE_SUBMISSION, on="unit")
def propose_exception(
    *,
    unit: Unit,
    half: HalfYear,
    person: User,
    until: dt.datetime,
    reason: str,
    version: str | None = None,
    actor: User,
) -> ProposedChange:
    """Propose that one person may enter facts of the unit into a closed half-year until a moment.

    `version` is of the unit's submission (`version_of(Submission)` where there is none). ValidationError when the
    half-year is open, sent and undecided, or opened for the person already, or when the person enters nothing for it.
    """
    submission = _lock_submission(unit, half)
    check_version(submission or Submission(), version)
    if person.pk == actor.pk:
        raise ForbiddenError({"person": _("You cannot open a closed half-year for yourself.")})
    if submission is not None and submission.state == State.SUBMITTED:
        raise ValidationError(_("This half-year has been sent; approve or return it instead."))
    periods.check_exception(unit=unit, half=half, person=person, until=until)
    if not periods.is_closed(unit=unit, half=half, people=[person]):
        raise ValidationError({"person": _("It is open for %(person)s already.") % {"person": person}})
    after = {"half": half.code, "person_id": person.pk, "until": until.isoformat()}
    same = {name: after[name] for name in ("half", "person_id")}
    if ProposedChange.objects.on(unit).waiting().filter(act=Act.CLOSING_EXCEPTION, after__contains=same).exists():
        raise ValidationError(_("A proposal about this waits already. It is decided or withdrawn first."))
    return propose(act=Act.CLOSING_EXCEPTION, target=unit, unit=unit, after=after, reason=reason, actor=actor)


class ExceptionChange(Change):
    """A closed half-year is opened for one person until a moment."""

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Open it; a submission goes back to the unit, and what was approved stands until new figures are."""
        demand_of_proposer(change, Permission.APPROVE_SUBMISSION, target)
        half, person = HalfYear.parse(change.after["half"]), User.objects.get(pk=change.after["person_id"])
        submission = _lock_submission(target, half)
        periods.grant_exception(
            unit=target, half=half, person=person, until=dt.datetime.fromisoformat(change.after["until"]),
            reason=change.reason, proposal=change, actor=change.proposed_by,
        )  # fmt: skip
        if submission is not None and SUBMISSION_STEPS.allows("reopen", submission.state):
            _give_back(submission, change)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """For whom, which half-year, until when."""
        person = User.objects.get(pk=change.after["person_id"])
        until = timezone.localtime(dt.datetime.fromisoformat(change.after["until"]))
        half = HalfYear.parse(change.after["half"])
        return [
            Line(half.screen_label, _("closed"), _("open for %(person)s alone") % {"person": person}),
            Line(_("Open until"), "", screen_date_line(until)),
            Line(_("Figures already issued"), "", _("stand as they are")),
        ]

    def name(self, target: Any) -> str:
        """Return the name of the list of what is opened; the unit stands beside it already."""
        return _("Closed half-years opened")

    def url(self, target: Any) -> str:
        """Return the list of what is opened."""
        return reverse("exception_list")


def _lock_submission(unit: Unit, half: HalfYear) -> Submission | None:
    rows = Submission.objects.select_for_update(of=("self",)).select_related("unit")
    found: Submission | None = rows.filter(unit=unit, half=half.code).first()
    return found


def _give_back(submission: Submission, change: ProposedChange) -> None:
    if submission.state != State.RETURNED:
        submission.state = State.DRAFT if submission.state == State.MISSING else State.RETURNED
    submission.reason = change.reason
    submission.decided_by, submission.decided_at = change.decided_by, timezone.now()
    submission.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    ApprovalEvent.objects.create(
        submission=submission, action="reopen", actor=change.proposed_by, reason=change.reason
    )  # fmt: skip
    audit.record(
        actor=change.proposed_by, action=audit.Action.SUBMISSION_REOPEN, target=submission, unit=submission.unit,
        detail={"half": submission.half, "proposal": change.pk, "agreed_by": change.decided_by_id},
    )  # fmt: skip
