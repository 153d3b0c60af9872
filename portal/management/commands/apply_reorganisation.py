"""`manage.py apply_reorganisation 2025-07-01 [--dry-run]`: a reorganisation kept as data, applied to this tree."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.models import User
from portal.services.reorganisation_orders import apply_order, orders


class Command(BaseCommand):
    """Exit 0 when it is applied (or was before); 1 with the reasons on stderr. The last line is one JSON object."""

    help = "Applies a reorganisation that is kept as data to any tree with the old units; --dry-run only says what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which order, and whether it is only tried out."""
        parser.add_argument("order", choices=orders(), help="the order, by its first day")
        parser.add_argument("--dry-run", action="store_true", help="try it out whole, and take it back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the order in one transaction."""
        try:
            with transaction.atomic():
                outcome = apply_order(options["order"], User.objects.system())
                transaction.set_rollback(options["dry_run"])
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(json.dumps(asdict(outcome) | {"dry_run": options["dry_run"]}, ensure_ascii=False))
