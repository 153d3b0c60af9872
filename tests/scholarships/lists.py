"""Lists for the tests of pages, made by the services that the pages use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from intakes.services.files import plan_file
from intakes.services.plans import Asked, rows_keyed
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Unit, User
from scholarships.models import Batch, Programme
from scholarships.services import batches
from scholarships.services.lists import DisbursementList

HALF = HalfYear.parse("2023-H1")
GIVEN = dt.date(2023, 5, 20)


def make_batch(
    unit: Unit,
    actor: User,
    *,
    rows: int = 0,
    mode: str = "handed_out",
    programme: Programme | None = None,
    amount: int = 500_000,
) -> Batch:
    """A draft with `rows` rows under the programme (needed when there are rows)."""
    batch = batches.create_batch(unit=unit, half=HALF, mode=mode, actor=actor)
    for number in range(rows):
        add_row(
            batch,
            actor,
            programme,
            full_name=f"Nguyễn Văn {'ABCDEGHIKL'[number % 10]}{'abcdeghikl'[number // 10]}",
            amount=amount,
        )
    return batch


def add_row(batch: Batch, actor: User, programme: Programme | None, **values: Any) -> Any:
    facts = {"full_name": "Trần Thị An", "birth": Birth(2011), "amount": 500_000, "given_on": GIVEN} | values
    assert programme is not None
    return batches.add_disbursement(batch=batch, programme=programme, actor=actor, **facts)


def build_plan(*, unit, half, content, file_name="ds.xlsx", mapping=None, repairs=None, decisions=None, actor=None):
    """The plan of a workbook; repairs and decisions by "sheet!row", as an upload keeps them."""
    asked = Asked(
        actor=actor or User.objects.system(), unit=unit, half=half.code, mode="handed_out", file_name=file_name,
        decisions=rows_keyed(decisions or {}),
    )  # fmt: skip
    return plan_file(DisbursementList(), content, asked, mapping=mapping, repairs=rows_keyed(repairs or {}))
