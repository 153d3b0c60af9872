"""Write every app's 0001_initial.py anew from the models, until the first real installation.

Django adds each constraint and index in a step of its own and renders all models anew for it: a new database then takes
several times as long. Here they stand within the step that makes their model. The handwritten 0002_guards.py stay.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.db.migrations import AddConstraint, AddIndex, CreateModel, Migration
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = sorted(ROOT.glob("*/migrations"))


def run(*command: str | Path) -> None:
    """Run a command of this Python in the project's folder; raise when it fails."""
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True)


@contextmanager
def moved_aside() -> Iterator[None]:
    """Keep the migrations out of Django's sight; in the end those come back whose place is still empty."""
    with tempfile.TemporaryDirectory(dir=ROOT) as place:
        paths = [path for folder in FOLDERS for path in folder.glob("0*.py")]
        kept = {path: Path(place) / f"{path.parent.parent.name}.{path.name}" for path in paths}
        for path, copy in kept.items():
            path.rename(copy)
        try:
            yield
        finally:
            for path, copy in kept.items():
                if not path.exists():
                    copy.rename(path)


def load(path: Path) -> Migration:
    """Return the migration of a file."""
    app = path.parent.parent.name
    return importlib.import_module(f"{app}.migrations.{path.stem}").Migration(path.stem, app)


def fold(migration: Migration) -> None:
    """Move constraints and indexes into the step that makes their model, unless they name a field that comes later."""
    later = [(step.model_name_lower, step.name) for step in migration.operations if hasattr(step, "field")]
    made: dict[str, int] = {}
    steps: list = []
    for step in migration.operations:
        name = getattr(step, "model_name", "").lower()
        waits = any(name == model and field in repr(step.deconstruct()) for model, field in later)
        if isinstance(step, AddConstraint | AddIndex) and name in made and not waits:
            [steps[made[name]]] = steps[made[name]].reduce(step, migration.app_label)
            continue
        if isinstance(step, CreateModel):
            made[step.name_lower] = len(steps)
        steps.append(step)
    migration.operations = steps


def main() -> None:
    """Write the files."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    with moved_aside():
        apps = [folder.parent.name for folder in FOLDERS]
        run("manage.py", "makemigrations", "-v", "0", "--no-header", "--name", "initial", *apps)
    for folder in FOLDERS:
        path = folder / "0001_initial.py"
        migration = load(path)
        fold(migration)
        path.write_text(MigrationWriter(migration, include_header=False).as_string(), encoding="utf-8")
    run("-m", "ruff", "check", "-q", "--fix", *FOLDERS)
    run("-m", "ruff", "format", "-q", *FOLDERS)
    run("manage.py", "makemigrations", "--check", "--dry-run", "-v", "0")


if __name__ == "__main__":
    main()
