"""Erase files that nobody has taken in for thirty days, and announce those that are next."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from intakes.services.abandoned import erase_abandoned
from portal.models import User


class Command(BaseCommand):
    """The same as the worker does on days with an upload, for a timer."""

    help = "Announce uploads that are erased in a week, erase those announced a week ago."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was done as one JSON object."""
        self.stdout.write(json.dumps(erase_abandoned(actor=User.objects.system())))
