"""What is printed of a list: exports in the audit, and PDFs that the worker makes, with progress and a way to stop."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from portal import audit
from portal.lib.qr import new_code
from portal.models import User
from portal.permissions import Permission
from portal.services.background import expire_files
from portal.services.refusals import needs, needs_nothing
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import BatchState, PaperKind
from scholarships.models import Batch, Certificate, Disbursement, Paper
from scholarships.models.paper import PaperQuerySet
from scholarships.services.batches import state_problem
from scholarships.services.printing import print_certificates, print_decision, print_signatures

State = BatchState
EVERY = datetime.timedelta(days=1)
#: What may be printed in which state: nobody is paid, and no child gets a paper, by a list that nobody approved.
ALLOWED: dict[str, frozenset[BatchState]] = {
    "rows": frozenset(State),
    "payments": frozenset({State.APPROVED, State.PAID}),
    PaperKind.SIGNATURES: frozenset({State.SUBMITTED, State.APPROVED, State.PAID}),
    PaperKind.CERTIFICATES: frozenset({State.APPROVED, State.PAID}),
    PaperKind.DECISION: frozenset({State.APPROVED, State.PAID}),
}
_PRINTERS: dict[str, Callable[[Paper, Callable[[int], bool]], bytes | None]] = {
    PaperKind.SIGNATURES: print_signatures,
    PaperKind.CERTIFICATES: print_certificates,
    PaperKind.DECISION: print_decision,
}


@needs(Permission.VIEW_BATCH, on="batch.unit")
def export_batch(*, batch: Batch, what: str, kind: str, actor: User) -> Batch:
    """Write into the audit that somebody saves the list's rows as a file; refuses what its state does not allow."""
    _demand_state(batch, what)
    rows = batch.disbursements.standing().count()
    detail = {"what": what, "kind": kind, "rows": rows}
    audit.record(actor=actor, action=audit.Action.BATCH_EXPORT, target=batch, unit=batch.unit, detail=detail)
    return batch


@needs(Permission.ENTER_BATCH, Permission.APPROVE_BATCH, on="batch.unit")
def ask_for_paper(
    *,
    batch: Batch,
    kind: str,
    number: str = "",
    decided_on: datetime.date | None = None,
    row: Disbursement | None = None,
    actor: User,
) -> Paper:
    """Have the worker make a PDF of the list (or of one row); certificates get their codes at once.

    Raises ValidationError where the list's state does not allow it, the decision is not named, or it is made already.
    """
    batch = lock_row(Batch.objects.select_related("unit"), batch)
    _demand_state(batch, kind)
    number = fitting(Paper, "number", number)
    if kind != PaperKind.SIGNATURES:
        if not number:
            raise ValidationError({"number": _("Write the number of the decision, as it stands on it.")})
        if decided_on is None:
            raise ValidationError({"decided_on": _("Write the day of the decision.")})
        if decided_on > timezone.localdate():
            raise ValidationError({"decided_on": _("A decision cannot lie in the future.")})
    rows = batch.disbursements.standing()
    rows = rows.filter(pk=row.pk) if row is not None else rows
    if kind == PaperKind.CERTIFICATES and decided_on is not None:
        Certificate.objects.bulk_create(
            Certificate(row_id=pk, code=new_code(), number=number, decided_on=decided_on, issued_by=actor)
            for pk in rows.filter(certificate=None).values_list("pk", flat=True)
        )
    total = rows.count()
    if not total:
        raise ValidationError(_("The batch has no rows yet. Enter at least one."))
    batch.papers.filter(kind=kind, row=row, content__isnull=False).update(content=None)  # the new one takes its place
    paper = Paper.objects.create(
        batch=batch, kind=kind, row=row, number=number, decided_on=decided_on, total=total, asked_by=actor
    )
    detail = {"batch": batch.pk, "kind": str(kind), "rows": total}
    audit.record(actor=actor, action=audit.Action.PAPER_CREATE, target=paper, unit=batch.unit, detail=detail)
    transaction.on_commit(lambda: make_paper.enqueue(paper.pk))
    return paper


@needs(Permission.ENTER_BATCH, Permission.APPROVE_BATCH, on="paper.batch.unit")
def restart_paper(*, paper: Paper, version: str | None = None, actor: User) -> Paper:
    """Have a paper made from the beginning whose worker stopped in the middle; ValidationError while one is at it."""
    paper = lock_row(Paper.objects.select_related("batch__unit"), paper, version)
    if not paper.is_left_behind:
        raise ValidationError(_("This paper is finished, or being made just now. Look again in a few minutes."))
    paper.done, paper.moved_at = 0, timezone.now()
    paper.save(update_fields=["done", "moved_at"])
    unit, detail = paper.batch.unit, {"batch": paper.batch_id, "kind": str(paper.kind), "rows": paper.total}
    audit.record(actor=actor, action=audit.Action.PAPER_RESTART, target=paper, unit=unit, detail=detail)
    transaction.on_commit(lambda: make_paper.enqueue(paper.pk))
    return paper


@needs_nothing("a rule of time erases what nobody fetches any more; the audit names the portal")
def expire_papers(*, actor: User) -> int:
    """Erase the bytes of papers that have been kept long enough, since they name children; return how many."""
    old = Paper.objects.run_out().select_for_update(of=("self",)).select_related("batch__unit").defer("content")
    papers = list(old.order_by("pk"))
    for paper in papers:
        paper.content, paper.expired_at = None, timezone.now()
        paper.save(update_fields=["content", "expired_at"])
        audit.record(actor=actor, action=audit.Action.PAPER_EXPIRE, target=paper, unit=paper.batch.unit)
    return len(papers)


@task()
def expire_each_day() -> int:
    """Erase what has been kept long enough and come again the next day; return how much it was."""
    schedule_expiry(EVERY)
    system = User.objects.system()
    return expire_papers(actor=system) + expire_files(actor=system)


def schedule_expiry(after: datetime.timedelta = datetime.timedelta()) -> None:
    """See to it that papers are erased in time; done again, nothing is added."""
    waiting = DBTaskResult.objects.filter(task_path=expire_each_day.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        expire_each_day.using(run_after=timezone.now() + after).enqueue()


@needs(Permission.ENTER_BATCH, Permission.APPROVE_BATCH, on="paper.batch.unit")
def stop_paper(*, paper: Paper, actor: User) -> Paper:
    """Give a paper up that is being made; the worker stops at its next part."""
    paper = lock_row(Paper.objects.select_related("batch__unit"), paper)
    if paper.is_being_made:
        paper.finished_at = timezone.now()
        paper.save(update_fields=["finished_at"])
        unit = paper.batch.unit
        audit.record(actor=actor, action=audit.Action.PAPER_DISCARD, target=paper, unit=unit)
    return paper


@needs(Permission.VIEW_BATCH, on="paper.batch.unit")
def export_paper(*, paper: Paper, actor: User) -> Paper:
    """Write into the audit that somebody saves a paper, and return it with its bytes."""
    if paper.content is None:
        raise ValidationError(_("This paper is not ready. Ask for it anew."))
    unit, detail = paper.batch.unit, {"batch": paper.batch_id, "kind": str(paper.kind), "rows": paper.total}
    audit.record(actor=actor, action=audit.Action.PAPER_EXPORT, target=paper, unit=unit, detail=detail)
    return paper


@task()
def make_paper(paper_id: int) -> bool:
    """Make a paper in the worker; it stops when it is given up meanwhile. Return whether it is ready.

    Done again, it does the same again.
    """
    asked = Paper.objects.being_made().filter(pk=paper_id)
    paper = asked.select_related("batch__unit").first()
    if paper is None:
        return False
    content, is_done = None, False
    try:
        content = _PRINTERS[paper.kind](paper, lambda done: _say_far(asked, min(done, paper.total)))
        is_done = True
    finally:
        if not is_done:
            asked.update(is_failed=True, finished_at=timezone.now())
    if content is None:
        return False
    return asked.update(content=content, done=paper.total, finished_at=timezone.now()) == 1


def _say_far(asked: PaperQuerySet, done: int) -> bool:
    """Say how far a paper is; return whether it is still wanted."""
    return asked.update(done=done, moved_at=timezone.now()) == 1


def _demand_state(batch: Batch, what: str) -> None:
    if batch.state not in ALLOWED[what]:
        raise ValidationError(state_problem(batch), code="batch_state")
