"""What an officer looks at once more before a half-year is sent: what is missing, what jumps, what is unfinished."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.models import Intake
from portal.lib.vietnamese import format_int, short_date
from portal.vocabulary import BatchState, ProgrammeKind
from reports.figures import EXPECTED, Figures, unlisted_pair
from reports.models import Submission
from reports.services.submissions import (
    batches_open,
    declared_lines,
    declared_notes,
    declared_values,
    find_remarks,
    units_counted_in,
)
from reports.services.unlisted import find_unnamed
from scholarships.models import Disbursement


def look_over_submission(submission: Submission | None, today: dt.date) -> list[str]:
    """Return the sentences; none when there is nothing to look at twice."""
    if submission is None:
        return []
    unit, half = submission.unit, submission.half_year
    values, said = declared_values(submission), []
    missing = sum(one.code not in values for one in EXPECTED)
    if missing:
        text = ngettext("%(count)d figure is not reported.", "%(count)d figures are not reported.", missing)
        said.append(text % {"count": missing})
    said += [one.told for one in find_remarks(unit, half, values, declared_notes(submission))]
    said += [one.sentence for one in find_unnamed(unit, half, values, declared_lines(submission))]
    said += _find_listed(submission, values)
    with_officer = len(batches_open(unit, half, BatchState.DRAFT, BatchState.RETURNED))
    if with_officer:
        text = ngettext(
            "%(count)d batch is not sent, or was returned: it will not count.",
            "%(count)d batches are not sent, or were returned: they will not count.", with_officer,
        )  # fmt: skip
        said.append(text % {"count": with_officer})
    files = Intake.objects.unfinished().filter(unit=unit, half=half.code).count()
    if files:
        text = ngettext("%(count)d file is not imported yet.", "%(count)d files are not imported yet.", files)
        said.append(text % {"count": files})
    if today <= half.last_day:
        said.append(_("The half-year is not over: it ends on %(day)s.") % {"day": short_date(half.last_day)})
    return said


def _find_listed(submission: Submission, values: Figures) -> list[str]:
    """Return a sentence for each kind that is declared without a list although lists of it count too."""
    declared = [kind for kind in ProgrammeKind if values.get(unlisted_pair(kind)[0])]
    if not declared:
        return []
    units = units_counted_in(submission.unit, submission.half_year)
    given = Disbursement.objects.received_in(submission.half_year).filter(unit__in=units)
    sentence = _(
        "“%(label)s” says %(declared)s turns; lists of the kind hold %(listed)s. Declare only what stands on no list."
    )
    counted = {kind: given.filter(programme__kind=kind).count() for kind in declared}
    return [
        sentence % {
            "label": kind.unlisted_label, "declared": format_int(values[unlisted_pair(kind)[0]]),
            "listed": format_int(listed),
        }
        for kind, listed in counted.items() if listed
    ]  # fmt: skip
