"""The fifteen districts of 2023, each with a fund, and the city's programmes: the ground for whole workbooks."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command

from portal.models import Level, Unit
from tests import factories

DATA = Path(__file__).resolve().parent.parent / "data"
SAMPLES = DATA / "2023-h1"
FILES = {path.stem.split("-")[1]: path for path in sorted(SAMPLES.glob("[0-9][0-9]-*.xlsx"))}


def make_districts(tree: dict[str, Unit]) -> dict[str, Unit]:
    expected = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))["districts"]
    district = Level.objects.get(code="district")
    units = {"LC": tree["LC"], "NQ": tree["NQ"], "HP": tree["HP"]}
    for code, facts in expected.items():
        if code not in units:
            units[code] = factories.make_unit(
                code, facts["unit"], parent=tree["HP"], level=district, until=factories.REFORM
            )
        factories.make_fund(units[code])
    factories.make_programmes(tree["HP"])
    return units


def run(command: str, *args: Any) -> dict[str, Any]:
    """Run a management command and return the JSON object of its last line."""
    out = StringIO()
    call_command(command, *[str(arg) for arg in args], stdout=out)
    return json.loads(out.getvalue().strip().splitlines()[-1])
