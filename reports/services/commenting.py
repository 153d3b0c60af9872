"""What leaders say of a draft before it is numbered, and that it was seen to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import Period
from portal.lib.vietnamese import normalize
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.services.versions import lock_row
from reports.models import ReportComment


@needs(Permission.ISSUE_REPORT, on="unit")
def comment_report(*, unit: Unit, period: Period, text: str, actor: User) -> ReportComment:
    """Keep what a leader says of the draft; the same words of the same person twice are kept once."""
    text = normalize(text)
    if not text:
        raise ValidationError({"text": _("Write what should be different.")})
    if len(text) > 1000:
        raise ValidationError({"text": _("At most 1.000 characters.")})
    comment, created = ReportComment.objects.get_or_create(
        unit=unit, period=period.code, text=text, written_by=actor, settled_at=None
    )
    if created:
        audit.record(actor=actor, action=audit.Action.REPORT_COMMENT, target=comment, unit=unit)
    return comment


@needs(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT, on="comment.unit")
def settle_comment(*, comment: ReportComment, version: str | None = None, actor: User) -> ReportComment:
    """Say that a comment was seen to."""
    comment = lock_row(ReportComment.objects.select_related("unit"), comment, version)
    if comment.settled_at is not None:
        raise ValidationError(_("This comment has been dealt with already."))
    comment.settled_by, comment.settled_at = actor, timezone.now()
    comment.save(update_fields=["settled_by", "settled_at"])
    audit.record(actor=actor, action=audit.Action.REPORT_SETTLE, target=comment, unit=comment.unit)
    return comment
