"""What an officer looks at once more before a half-year is sent: what is missing, what jumps, what is unfinished."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.models import Intake
from portal.lib.vietnamese import short_date
from portal.vocabulary import BatchState
from reports.figures import DECLARED, check_declared
from reports.models import Submission
from reports.services.submissions import batches_open, declared_values, last_declared


def look_over_submission(submission: Submission | None, today: dt.date) -> list[str]:
    """Return the sentences; none when there is nothing to look at twice."""
    if submission is None:
        return []
    unit, half = submission.unit, submission.half_year
    values, said = declared_values(submission), []
    missing = len(DECLARED) - len(values)
    if missing:
        text = ngettext("%(count)d figure is not reported.", "%(count)d figures are not reported.", missing)
        said.append(text % {"count": missing})
    said += [one.sentence for one in check_declared(values, last_declared(unit, half))]
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
