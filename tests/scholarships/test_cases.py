"""Workbooks with the troubles that lists are known for, each with what a careful clerk would make of it.

`NAME.expected.json` says the counts ("expected"), that a clerk would ask ("ask", "ask_or") or refuse ("refused"). A clerk
asks by a question, by refusing rows by name, or by refusing the file.
"""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

CASES = Path(__file__).parent.parent / "data" / "cases"
COUNTS = ("rows", "accepted", "known", "rejected", "turns", "amount", "total_row")
RECORDED = (("A0-first", "disb", "NQ"), ("M0-members", "members", ""))
NAMES = sorted(path.name.removesuffix(".expected.json") for path in CASES.glob("*.expected.json"))


def take_in(name, command, unit, *options):
    path = next(path for path in CASES.glob(f"{name}.*") if path.suffix != ".json")
    asked = ["import_members", path] if command == "members" else ["import_disbursements", path, "--unit", unit]
    half = [] if command == "members" else ["--half", "2023-H1"]
    out = io.StringIO()
    try:
        call_command(*map(str, asked), *half, *options, stdout=out, stderr=io.StringIO())
    except CommandError as error:
        return {"refused": str(error)}
    return json.loads(out.getvalue().strip().splitlines()[-1])


def agrees(wanted, got):
    return all(got.get(name) == wanted[name] for name in COUNTS if wanted.get(name) is not None)


def is_right(wanted, got):
    refused = "refused" in got
    asked = refused or bool(got.get("questions")) or got.get("rejected", 0) > 0
    if wanted.get("refused"):
        return refused or (got["rows"] and got["accepted"] == 0 and got["rejected"] == got["rows"])
    if wanted.get("or_refused") and refused:
        return True
    if wanted.get("ask"):
        return asked
    if "ask_or" in wanted:
        return asked or agrees(wanted["ask_or"] if isinstance(wanted["ask_or"], dict) else wanted, got)
    held = wanted.get("accepted") == 0 and bool(got.get("questions"))
    return not refused and (held or agrees(wanted, got))


def judge(name):
    """Return None where the workbook is read right, else what was wanted and what was got."""
    case = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    unit = "NQ" if name[0] == "A" and name[1].isdigit() else "LC"
    got = take_in(name, case["command"], unit, "--dry-run", *case.get("options", ()))
    return None if is_right(case["expected"], got) else (case["symptom"], case["expected"], got)


@pytest.mark.django_db
def test_workbooks_are_read_as_a_careful_clerk_would(monkeypatch):
    """All in one: what they are compared with, the demo's empty association and two lists, is made once."""
    monkeypatch.setenv("DEMO_PASSWORD", "mot-mat-khau-dai")
    call_command("seed_demo", "--empty", stdout=io.StringIO(), stderr=io.StringIO())
    for name, command, unit in RECORDED:
        assert take_in(name, command, unit)["accepted"] > 0
    firsts = {name for name, *_rest in RECORDED}
    assert {name: wrong for name in NAMES if name not in firsts and (wrong := judge(name))} == {}
