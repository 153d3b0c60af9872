"""Sealing the books: what has come since the last block is sealed with it, each minute and at every closing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.services.refusals import needs_nothing

EVERY = timedelta(minutes=1)
KEPT = timedelta(days=1)  # results of this task: one a minute


@dataclass(frozen=True)
class Chain:
    """How the chain stands: its last block, and how many rows no block holds yet."""

    number: int
    digest: str
    unsealed_ledger: int
    unsealed_audit: int


@needs_nothing("the server itself seals; nothing of the books changes")
def seal_books() -> int | None:
    """Seal the lines of the fund book and of the audit that no block holds yet; return the block's number.

    Returns None when there are none. Of two at once one seals, and the other what is left.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT seal_books()")
        number: int | None = cursor.fetchone()[0]
        return number


def seal_after_commit() -> None:
    """Seal the books as soon as what is under way has ended: what was closed with them is then in the chain."""
    transaction.on_commit(seal_books, robust=True)


def chain() -> Chain:
    """Return how the chain stands now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(b.number, 0), coalesce(b.digest, ''), (SELECT count(*) FROM ledger_unsealed()), "
            "(SELECT count(*) FROM audit_unsealed()) "
            "FROM (SELECT 1) one "
            "LEFT JOIN (SELECT * FROM scholarships_sealedblock ORDER BY number DESC LIMIT 1) b ON true"
        )
        return Chain(*cursor.fetchone())


@task()
def seal_each_minute() -> int:
    """Seal the books and come again in a minute; return the block's number, 0 when there was nothing to seal."""
    schedule_sealing()
    number = seal_books() or 0
    mine = DBTaskResult.objects.filter(task_path=seal_each_minute.module_path, finished_at__lt=timezone.now() - KEPT)
    mine.delete()
    return number


def schedule_sealing() -> None:
    """See to it that the books are sealed within a minute; done again, nothing is added."""
    waiting = DBTaskResult.objects.filter(task_path=seal_each_minute.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        seal_each_minute.using(run_after=timezone.now() + EVERY).enqueue()
