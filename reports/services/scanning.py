"""The signed and sealed paper of a numbered report, scanned and kept beside what was frozen."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit
from portal.models import User
from portal.permissions import Permission
from portal.services import pictures
from portal.services.refusals import needs
from reports.models import Report, ReportScan


@needs(Permission.ISSUE_REPORT, on="report.unit")
def attach_scan(*, report: Report, file: Any, actor: User) -> ReportScan:
    """Keep the scan, a PDF as it is or a picture made anew; another one later is kept beside it.

    Raises ValidationError naming the file where it is neither, or too large.
    """
    if report.state == Report.State.DISCARDED:
        raise ValidationError(_("This version was thrown away."))
    content = file.read(settings.UPLOAD_LIMIT + 1)
    if len(content) > settings.UPLOAD_LIMIT:
        sentence = _("“%(name)s” is larger than %(limit)d MB.")
        raise ValidationError({"file": sentence % {"name": file.name, "limit": settings.UPLOAD_LIMIT // 1_000_000}})
    ending = "pdf"
    if not content.startswith(b"%PDF-"):
        try:
            picture = pictures.take_in(io.BytesIO(content), name=str(file.name), shape=pictures.Shape.PHOTO)
        except ValidationError as error:
            raise ValidationError({"file": [_("Choose a PDF or a photo of the signed paper."), *error.messages]})
        content, ending = picture.content, "jpg"
    scan = ReportScan.objects.create(report=report, content=content, ending=ending, added_by=actor)
    audit.record(
        actor=actor, action=audit.Action.REPORT_SCAN, target=report, unit=report.unit,
        detail={"scan": scan.pk, "sha256": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    return scan
