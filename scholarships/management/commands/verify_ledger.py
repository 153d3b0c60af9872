"""`manage.py verify_ledger`: proves balances and sums from the rows, and the chain over book and audit."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from scholarships.services.sealing import chain
from scholarships.services.verifying import compare_with_known, count_rows, find_differences


class Command(BaseCommand):
    """Exit 0 when the books agree; 1 naming every difference on stderr. The last line on stdout is one JSON object."""

    help = "Recomputes balances, sums, payments and the sealed chain from the rows and names what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--known`: a block of the chain as somebody outside wrote it down."""
        parser.add_argument(
            "--known", action="append", default=[], metavar="NUMBER:DIGEST",
            help="a block as an earlier run printed it (\"chain\"); one that is another by now is a difference",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Check in one snapshot."""
        is_outermost = not connection.in_atomic_block
        with transaction.atomic():
            if is_outermost:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            counts, differences, sealed = count_rows(), find_differences(), chain()
            differences += compare_with_known(options["known"])
        found = {"differences": [difference.as_json() for difference in differences], "chain": asdict(sealed)}
        self.stdout.write(json.dumps(counts | found, ensure_ascii=False))
        if differences:
            raise CommandError(
                "\n".join(
                    f"{one.what}: {one.where}: stored {one.stored}, computed {one.computed}" for one in differences
                )
            )
