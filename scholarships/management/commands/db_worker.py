"""`manage.py db_worker`: the worker of django-tasks-db, which also sees to what comes again: sealing, expiry."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from scholarships.services.papers import schedule_expiry
from scholarships.services.sealing import schedule_sealing


class Command(db_worker.Command):
    """Runs background work until it is stopped."""

    def handle(self, **options: Any) -> None:
        """Schedule what comes again, then work."""
        schedule_sealing()
        schedule_expiry()
        super().handle(**options)
