"""Remind officers by e-mail of a half-year that is soon due or late, and editors of what is to be checked again."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.services.reminding import remind_all


class Command(BaseCommand):
    """The same as the worker does on days on which somebody works, for a timer."""

    help = (
        "Write to the officers of units whose half-year is soon due or late, and to editors of what is due to be"
        " checked again; nobody is told twice of a deadline."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was done as one JSON object."""
        self.stdout.write(json.dumps(remind_all(timezone.localdate())))
