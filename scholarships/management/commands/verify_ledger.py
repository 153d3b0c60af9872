"""`manage.py verify_ledger`: proves balances and sums from the rows."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from scholarships.services.verifying import count_rows, find_differences


class Command(BaseCommand):
    """Exit 0 when the books agree; 1 naming every difference on stderr. The last line on stdout is one JSON object."""

    help = "Recomputes balances, sums and payments from the rows and names what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        """Check in one snapshot."""
        is_outermost = not connection.in_atomic_block
        with transaction.atomic():
            if is_outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            counts, differences = count_rows(), find_differences()
        self.stdout.write(
            json.dumps(
                counts | {"differences": [difference.as_json() for difference in differences]}, ensure_ascii=False
            )
        )
        if differences:
            raise CommandError(
                "\n".join(
                    f"{one.what}: {one.where}: stored {one.stored}, computed {one.computed}" for one in differences
                )
            )
