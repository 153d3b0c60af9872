"""The signed and sealed paper of a numbered report, scanned and kept beside what was frozen."""

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
from reports.models import Report, ReportScan


@needs(Permission.ISSUE_REPORT, on="report.unit")
def attach_scan(*, report: Report, file: Any, actor: User) -> ReportScan:
    """Keep the scan, a whole PDF as it is or a picture made anew; another one later is kept beside it.

    Raises ValidationError naming the file where it is neither, damaged, locked or too large: what is kept stays so.
    """
    report = lock_row(Report.objects.without_files().select_related("unit"), report)
    if report.state == Report.State.DISCARDED:
        raise ValidationError(_("This version was thrown away."))
    ending = "pdf" if file.read(5) == b"%PDF-" else "jpg"
    file.seek(0)
    try:
        if ending == "pdf":
            content = documents.take_in(file, name=str(file.name)).content
        else:
            content = pictures.take_in(file, name=str(file.name), shape=pictures.Shape.PHOTO).content
    except ValidationError as error:
        raise ValidationError({"file": [_("Choose a PDF or a photo of the signed paper."), *error.messages]})
    scan = ReportScan.objects.create(report=report, content=content, ending=ending, added_by=actor)
    audit.record(
        actor=actor, action=audit.Action.REPORT_SCAN, target=report, unit=report.unit,
        detail={"scan": scan.pk, "sha256": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    return scan
