"""The steps of a unit's half-year, read from what is there: which are done, and which is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int
from portal.models import Unit, User
from portal.permissions import Permission
from portal.vocabulary import BatchState, SubmissionState
from reports.figures import EXPECTED, Figures, Remark
from reports.models import Meeting, ReportTask, Submission
from reports.services.submissions import TEXTS, batches_open

State = Submission.State
_SENT = (State.SUBMITTED, State.APPROVED)


@dataclass
class CycleStep:
    """A step: what it is, how far it is, where it is taken ("": nowhere) and by which right.

    `is_optional`: nobody waits for it.
    """

    label: str
    told: str
    is_done: bool
    link: str = ""
    right: Permission | None = None
    is_optional: bool = False
    is_next: bool = False


def list_steps(
    unit: Unit,
    half: HalfYear,
    submission: Submission | None,
    person: User,
    *,
    values: Figures,
    remarks: Sequence[Remark],
    unsettled: int,
) -> list[CycleStep]:
    """Return the steps in the order in which they are taken, each leading where the person may go; at most one is next.

    `values` is what the unit has saved, `remarks` what is said of it, `unsettled` how many of its lists wait: the page
    that shows the steps shows these too.

    What was sent waits for the city alone, whatever was left blank in it; what is approved or listed as missing waits
    for nothing.
    """
    state = submission.state if submission else State.DRAFT
    sent, approved = state in _SENT, state == State.APPROVED
    steps = [
        _tell_lists(unit, half, unsettled),
        *_tell_entries(unit, half, submission, values, remarks),
        CycleStep(_("Send it to the city"), "", sent),
        CycleStep(_("The city approves it"), "", approved),
        _tell_agenda(unit, half),
    ]
    if not submission or not SubmissionState(state).is_settled:
        waiting = [one for one in steps if not one.is_done and not one.is_optional]
        waiting[-1 if sent else 0].is_next = True
    for one in steps:
        if one.right is None or not person.may(one.right, unit):
            one.link = ""
    return steps


def _tell_lists(unit: Unit, half: HalfYear, unsettled: int) -> CycleStep:
    """Lists are done when every one is settled; where there is none, nobody waits for one."""
    paid = len(batches_open(unit, half, BatchState.PAID))
    told = _("none")
    if unsettled:
        told = ngettext("%(count)s is not settled", "%(count)s are not settled", unsettled)
        told = told % {"count": format_int(unsettled)}
    elif paid:
        told = ngettext("%(count)s is paid", "%(count)s are paid", paid) % {"count": format_int(paid)}
    link = f"{reverse('batch_list')}?half={half}"
    return CycleStep(
        _("Lists sent, approved and paid"), told, not unsettled and paid > 0, link, Permission.VIEW_BATCH,
        is_optional=not unsettled,
    )  # fmt: skip


def _tell_entries(
    unit: Unit, half: HalfYear, submission: Submission | None, values: Figures, remarks: Sequence[Remark]
) -> list[CycleStep]:
    form = ""
    if submission is None or submission.is_editable:
        form = reverse("submission_edit", args=[half, unit.code])
    filled = sum(one.code in values for one in EXPECTED)
    texts = sum(bool(getattr(submission, name, "")) for name in TEXTS)
    found = len(remarks) if submission else 0
    odd = ngettext("%(count)s to look at", "%(count)s to look at", found) % {"count": format_int(found)}
    there = (form, Permission.FILE_SUBMISSION)
    return [
        CycleStep(_("Figures filled in"), f"{filled}/{len(EXPECTED)}", filled == len(EXPECTED), *there),
        # a unit may have nothing to say under a heading: once something is written, nobody waits for the rest
        CycleStep(
            _("Texts written"), f"{texts}/{len(TEXTS)}", texts == len(TEXTS), *there, is_optional=0 < texts < len(TEXTS)
        ),
        CycleStep(_("Figures agree with each other"), odd if found else "", bool(values) and not found, *there),
    ]


def _tell_agenda(unit: Unit, half: HalfYear) -> CycleStep:
    tasks = ReportTask.objects.filter(unit=unit, period=half.code).count()
    meets = Meeting.objects.filter(unit=unit, period=half.code).exists()
    told = ngettext("%(count)s task", "%(count)s tasks", tasks) % {"count": format_int(tasks)} if tasks else ""
    link = reverse("report_agenda", args=[half, unit.code])
    is_done = meets or tasks > 0
    return CycleStep(_("Review meeting and tasks"), told, is_done, link, Permission.VIEW_REPORT, is_optional=True)
