"""Each point that the news set out to do better, and each finding, has a test that is named after it."""

from __future__ import annotations

import re
from pathlib import Path

POINTS = {f"p{number:02}" for number in range(1, 16)}
FINDINGS = {f"f{number:02}" for number in range(2, 40)} - {"f16", "f22", "f29", "f33"}  # numbers never given


def test_every_point_and_every_finding_has_a_test_named_after_it():
    files = Path(__file__).resolve().parent.parent.rglob("test_*.py")
    names = [name for file in files for name in re.findall(r"def (test_\w+)\(", file.read_text(encoding="utf-8"))]
    named = {word for name in names for word in re.findall(r"(?<=_)[pf]\d{2}(?=_)", name)}
    assert len(FINDINGS) == 34
    assert (POINTS | FINDINGS) - named == set()
