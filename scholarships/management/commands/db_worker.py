"""`manage.py db_worker`: the worker of django-tasks-db, which also sees to it that the books are sealed each minute."""

from __future__ import annotations

from typing import Any

from django_tasks_db.management.commands import db_worker

from scholarships.services.sealing import schedule_sealing


class Command(db_worker.Command):
    """Runs background work until it is stopped."""

    def handle(self, **options: Any) -> None:
        """Schedule the sealing, then work."""
        schedule_sealing()
        super().handle(**options)
