"""Whole workbooks taken in by the command, counted against what the districts say they hold."""

from __future__ import annotations

import json

import pytest
from django.db.models import Count, Sum

from scholarships.models import DisbursementSum
from tests.scholarships.districts import FILES, SAMPLES, make_districts, run

EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
KINDS = {"Học bổng": "scholarship", "Khen thưởng": "award", "Hỗ trợ": "support"}


@pytest.fixture
def districts(tree):
    return make_districts(tree)


def test_the_fifteen_workbooks_equal_what_the_districts_report(districts):
    for code, path in FILES.items():
        told = EXPECTED["districts"][code]
        done = run("import_disbursements", path, "--unit", code, "--half", "2023-H1")
        assert (done["accepted"], done["turns"], done["amount"]) == (told["turns"], told["turns"], told["amount"]), code
        assert done["rejected"] == done["known"] == 0, code
        sums = DisbursementSum.objects.filter(unit=districts[code], half="2023-H1")
        by_kind = {row["programme__kind"]: row for row in sums.values("programme__kind").annotate(n=Sum("turns"), total=Sum("amount"))}
        assert {kind: (by_kind[KINDS[kind]]["n"], by_kind[KINDS[kind]]["total"]) for kind in told["kinds"]} == {
            kind: (facts["turns"], facts["amount"]) for kind, facts in told["kinds"].items()
        }
        assert sums.aggregate(n=Sum("hardship_turns"))["n"] == told["hardship_turns"], code
    whole = DisbursementSum.objects.aggregate(turns=Sum("turns"), amount=Sum("amount"), units=Count("unit", distinct=True))
    assert whole == {"turns": 14_936, "amount": 10_426_900_000, "units": 15}
    assert run("verify_ledger")["differences"] == []
