"""First migrations are applied as one step each: the same models, and nothing else is folded."""

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations import CreateModel, Migration, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from portal.management.commands.migrate import CreateModels, fold
from tests.test_architecture import FLOORS


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None)


@pytest.mark.parametrize("app", FLOORS)
def test_the_first_migration_is_one_step_to_the_same_models(app, loader):
    migration = loader.graph.nodes[app, "0001_initial"]
    (step,) = fold(migration).operations
    assert isinstance(step, CreateModels)
    assert {one.name for one in step.steps} == {model.__name__ for model in apps.get_app_config(app).get_models()}
    assert fold(migration).mutate_state(ProjectState()) == migration.mutate_state(ProjectState())
    assert all(not isinstance(one, CreateModels) for one in migration.operations)  # its way back is Django's own


@pytest.mark.parametrize(
    "steps",
    [
        [RunSQL("SELECT 1")],
        [CreateModel("A", [("id", models.AutoField(primary_key=True))]), RunSQL("SELECT 1")],
    ],
)
def test_what_does_more_than_make_tables_stays_as_it_is(steps):
    migration = Migration("0001_initial", "portal")
    migration.operations = steps
    assert fold(migration) is migration
