"""Work done in the background: the books are sealed each minute."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from scholarships.services.sealing import seal_books

EVERY = timedelta(minutes=1)
KEPT = timedelta(days=1)  # results of this task: one a minute


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
