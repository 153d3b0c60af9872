"""The one order in which a payment locks what it moves: half-years, programmes, funds, rows.

The list itself is locked before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import QuerySet

from scholarships.models import Disbursement, Fund, Programme

LOCK_WAIT = "5s"  # longer, and `guarded` says that somebody else is posting now


@dataclass
class Held:
    """What is locked until the transaction ends: funds with their present balances, rows in the order of their ids."""

    funds: dict[int, Fund] = field(default_factory=dict)
    rows: list[Disbursement] = field(default_factory=list)


def lock_in_order(
    *,
    periods: Iterable[tuple[int, str]] = (),
    programmes: Iterable[int] = (),
    funds: Iterable[int] = (),
    rows: QuerySet[Disbursement] | None = None,
) -> Held:
    """Keep half-years of units (unit id, code) from being closed; then lock programmes, funds, rows, each at once.

    A closing waits for everybody's facts of its half-years, since it closes for whatever hangs under its unit.

    Periods come first: a closing that waits for a payment must not stand between two payments. Raises RuntimeError
    outside a transaction, where nothing would be held.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction holds nothing")
    halves, ids = sorted({half for _unit_id, half in periods}), sorted(set(funds))
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
        if halves:
            cursor.execute(
                "SELECT pg_advisory_xact_lock_shared(period_key(half)) FROM "
                "(SELECT * FROM unnest(%s::text[]) AS k(half) ORDER BY half) sorted",
                [halves],
            )
    held = Held()
    if limited := sorted(set(programmes)):
        # rows may name them all the while; only who else counts what they have given waits
        list(Programme.objects.select_for_update(no_key=True).filter(pk__in=limited).order_by("pk").values_list("pk"))
    if ids:
        locked = Fund.objects.select_for_update(of=("self",)).select_related("unit").filter(pk__in=ids).order_by("pk")
        held.funds = {fund.pk: fund for fund in locked}
    if rows is not None:
        held.rows = list(rows.select_for_update(of=("self",)).order_by("pk"))
    return held
