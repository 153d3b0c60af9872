"""Signed and sealed papers, scanned: of a numbered report, and of a half-year that a unit has sent."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit
from portal.models import User
from portal.permissions import Permission
from portal.services import documents, pictures
from portal.services.refusals import needs
from portal.services.versions import lock_row
from reports.models import Report, ReportScan, Submission, SubmissionScan

#: States of a half-year in which its figures are those of the paper: before, they change still.
_SIGNED = (Submission.State.SUBMITTED, Submission.State.APPROVED)
SCANS_SUBMISSION = (Permission.FILE_SUBMISSION, Permission.APPROVE_SUBMISSION)


@needs(Permission.ISSUE_REPORT, on="report.unit")
def attach_scan(*, report: Report, file: Any, actor: User) -> ReportScan:
    """Keep the scan, a whole PDF as it is or a picture made anew; another one later is kept beside it.

    Raises ValidationError naming the file where it is neither, damaged, locked or too large: what is kept stays so.
    """
    report = lock_row(Report.objects.without_files().select_related("unit"), report)
    if report.state == Report.State.DISCARDED:
        raise ValidationError(_("This version was thrown away."))
    content, ending = _take_in(file)
    scan = ReportScan.objects.create(report=report, content=content, ending=ending, added_by=actor)
    audit.record(
        actor=actor, action=audit.Action.REPORT_SCAN, target=report, unit=report.unit, detail=_describe(scan)
    )  # fmt: skip
    return scan


@needs(*SCANS_SUBMISSION, on="submission.unit")
def attach_submission_scan(
    *, submission: Submission, file: Any, version: str | None = None, actor: User
) -> SubmissionScan:
    """Keep the scan of the unit's own signed paper, before or after approval; another one later is kept beside it.

    Raises ValidationError as `attach_scan`, and while the half-year is not sent: what is signed may change still;
    ConflictError where it is another than the page showed, since its paper is another too.
    """
    submission = lock_row(Submission.objects.select_related("unit"), submission, version)
    if not takes_scan(submission):
        raise ValidationError(_("Send the half-year first, print it then and have it signed."))
    content, ending = _take_in(file)
    scan = SubmissionScan.objects.create(submission=submission, content=content, ending=ending, added_by=actor)
    audit.record(
        actor=actor, action=audit.Action.SUBMISSION_SCAN, target=submission, unit=submission.unit,
        detail=_describe(scan),
    )  # fmt: skip
    return scan


def takes_scan(submission: Submission) -> bool:
    """Whether a signed paper of the half-year can be kept now."""
    return submission.state in _SIGNED


def _take_in(file: Any) -> tuple[bytes, str]:
    """Return what is kept of the file, and its ending."""
    ending = "pdf" if file.read(5) == b"%PDF-" else "jpg"
    file.seek(0)
    try:
        if ending == "pdf":
            return documents.take_in(file, name=str(file.name)).content, ending
        return pictures.take_in(file, name=str(file.name), shape=pictures.Shape.PHOTO).content, ending
    except ValidationError as error:
        raise ValidationError({"file": [_("Choose a PDF or a photo of the signed paper."), *error.messages]})


def _describe(scan: ReportScan | SubmissionScan) -> dict[str, Any]:
    return {"scan": scan.pk, "sha256": hashlib.sha256(scan.content).hexdigest()}
