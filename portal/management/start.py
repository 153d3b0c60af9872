"""What stands between a command line and its work: the server, its tables, the catalogue; a sentence when one lacks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor

from portal import checks, database

MIGRATE = ".venv/bin/python manage.py migrate"
# These look at the tables or make them; the others need them.
COMMANDS_WITHOUT_TABLES = database.COMMANDS_WITHOUT_DATABASE | {
    "check", "dbshell", "diffsettings", "inspectdb", "makemigrations", "migrate", "optimizemigration",
    "showmigrations", "sqlmigrate", "squashmigrations", "test",
}  # fmt: skip
ONE_MIGRATION_AT_A_TIME = 7_240_115  # a number of our own for PostgreSQL's advisory lock


def prepare_for(command: list[str]) -> None:
    """Start the embedded server and bring the tables up, as far as the command needs them.

    Raises what `told_in_a_sentence` tells; with a database of one's own nothing is changed behind one's back.
    """
    if not command or {"-h", "--help"} & set(command):
        return
    database.ensure_for(command, settings.DATABASE_URL, settings.PORTAL_DATA)
    if command[0] in COMMANDS_WITHOUT_TABLES:
        return
    django.setup()
    checks.refuse_to_start()  # before tables are made; and `runserver` would go on waiting for a corrected file
    bring_tables_up()


def bring_tables_up() -> None:
    """Make what the embedded database lacks; of another database only say that it lacks something."""
    if not _lacks_tables():
        return
    if settings.DATABASE_URL:
        raise CommandError(f"The database that DATABASE_URL names lacks tables of this version. Type:  {MIGRATE}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_MIGRATION_AT_A_TIME])
        try:
            if _lacks_tables():  # still: another command may have made them in the meantime
                call_command("migrate", verbosity=0)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_MIGRATION_AT_A_TIME])


def _lacks_tables() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def told_in_a_sentence(command: list[str]) -> Iterator[None]:
    """End the program with a sentence where the machine, not the program, is in the way; `--traceback` shows all."""
    try:
        yield
    except (
        ImproperlyConfigured, database.EmbeddedDatabaseError, CommandError, DatabaseError, OSError, KeyboardInterrupt,
    ) as error:  # fmt: skip
        sentence = None if "--traceback" in command else _sentence_for(error)
        if sentence is None:
            raise
        sys.exit(130 if isinstance(error, KeyboardInterrupt) else sentence)


def _sentence_for(error: BaseException) -> str | None:
    """Return what to do about it; None where it is a fault of ours, whose traceback is wanted."""
    if isinstance(error, OperationalError):
        return f"The database does not answer: {_first_line(error)}"
    if isinstance(error, ProgrammingError):
        missing = getattr(error.__cause__, "sqlstate", "") in {"42P01", "42703", "42883"}
        return (
            f"The database lacks tables of this version ({_first_line(error)}). Type:  {MIGRATE}" if missing else None
        )
    if isinstance(error, DatabaseError):
        return None
    if isinstance(error, PermissionError) and error.filename:
        return (
            f"{error.filename} belongs to another account. Use a copy of the project, or PORTAL_DATA=/a/folder/of/yours"
        )
    if isinstance(error, OSError):
        if "cannot load library" in str(error):
            return "The system libraries that make PDFs are missing. Type:  make setup"
        return f"{error.filename}: {error.strerror}" if error.filename else None
    return str(error)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
