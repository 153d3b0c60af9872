"""Lists for the tests of pages, made by the services that the pages use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Unit, User
from scholarships.models import Batch, Programme
from scholarships.services import batches

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
