"""Drafts as files, made in the worker and kept by their payload: who waits for one keeps no page from others."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from portal.lib.periods import Period
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.vocabulary import ReportFileKind
from reports.models import DraftFile
from reports.services.contents import Payload
from reports.services.documents import render_report_docx, render_report_pdf, render_report_summary
from reports.services.payloads import canonical_json, sha256_of

#: Those that take seconds; the others are written while one waits.
WRITERS: dict[ReportFileKind, Callable[[Payload], bytes]] = {
    ReportFileKind.PDF: render_report_pdf,
    ReportFileKind.DOCX: render_report_docx,
    ReportFileKind.SUMMARY: render_report_summary,
}


@needs(Permission.VIEW_REPORT, on="unit")
def ask_for_draft(*, unit: Unit, period: Period, kind: ReportFileKind, payload: Payload, actor: User) -> DraftFile:
    """Return the draft's file, ready where the same figures were asked for before; else the worker is asked, once.

    One that failed or was left behind by an interrupted worker is asked for again.
    """
    canonical = canonical_json(payload)
    draft, is_new = DraftFile.objects.select_for_update().get_or_create(
        unit=unit, period=str(period), kind=kind, sha256=sha256_of(canonical), defaults={"canonical": canonical}
    )
    if draft.content is None and (is_new or not draft.is_waiting):
        draft.is_failed, draft.asked_at = False, timezone.now()
        draft.save(update_fields=["is_failed", "asked_at"])
        transaction.on_commit(lambda: make_draft_file.enqueue(draft.pk))
    return draft


@task()
def make_draft_file(draft_id: int) -> bool:
    """Write the file and erase those of a day ago; return whether it was written. Done again, nothing changes."""
    DraftFile.objects.filter(asked_at__lt=timezone.now() - DraftFile.KEPT).delete()
    asked = DraftFile.objects.filter(pk=draft_id, content__isnull=True)
    draft = asked.first()
    if draft is None:
        return False
    content = None
    try:
        content = WRITERS[ReportFileKind(draft.kind)](json.loads(draft.canonical))
    finally:
        if content is None:
            asked.update(is_failed=True)
    return asked.update(content=content) == 1
