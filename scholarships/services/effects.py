"""What a decision on a list would change, as one value: whoever approves acts on exactly this, and on nothing else.

The page shows it and sends its sha256 back; the service computes it again under lock. A row, a replaced row, a line of
the fund book or a balance that differs is another value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cached_property

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money
from portal.services.periods import half_to_reverse_in, next_open_half
from portal.services.versions import Part
from portal.vocabulary import EntryKind
from scholarships.models import Batch, Disbursement, Fund

_ROWS = """
SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', d.id, r.id, r.name_key, r.birth_year, r.birth_month,
    r.birth_day, d.programme_id, d.amount, d.given_on, d.circumstance, d.source, d.fund_id, d.half, d.late_for,
    d.replaces_id, d.repeat_no), E'\\n' ORDER BY d.id), ''), 'UTF8')), 'hex'),
  count(*), coalesce(sum(d.amount), 0)::bigint
FROM scholarships_disbursement d JOIN scholarships_recipient r ON r.id = d.recipient_id
WHERE d.batch_id = %s AND d.reversed_at IS NULL
"""


@dataclass(frozen=True)
class Replaced:
    """A recorded gift that a row of the list corrects: it is reversed with the payment."""

    row: int
    by: int
    name: str
    programme: str
    given_on: str
    before: int
    after: int


@dataclass(frozen=True)
class BookLine:
    """A line of a fund's book, and what the fund holds after it."""

    fund: int
    name: str
    half: str
    kind: str
    amount: int
    balance_after: int


@dataclass(frozen=True)
class ListEffect:
    """Everything that a step of a list changes."""

    verb: str
    batch: int
    rows: str  # sha256 over every standing row with its person
    turns: int
    amount: int
    replaced: tuple[Replaced, ...] = ()
    lines: tuple[BookLine, ...] = ()

    @cached_property
    def digest(self) -> str:
        """The sha256 over its canonical JSON."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def parts(self) -> Iterator[Part]:
        """Yield what it is made of, for a page that says what has changed."""
        turns = ngettext("%(count)s turn", "%(count)s turns", self.turns) % {"count": format_int(self.turns)}
        yield _("rows and persons"), self.rows, f"{turns}, {format_money(self.amount)}"
        taken = [asdict(one) for one in self.replaced]
        yield _("recorded gifts that it corrects"), taken, format_int(len(taken))
        balances = {one.name: format_money(one.balance_after) for one in self.lines}
        told = "; ".join(f"{name}: {balance}" for name, balance in balances.items())
        yield _("lines of the fund book and balances after them"), [asdict(one) for one in self.lines], told

    @property
    def totals(self) -> list[BookLine]:
        """The last line of each fund: what it holds afterwards."""
        return list({one.fund: one for one in self.lines}.values())


def effect_of(batch: Batch, verb: str, row: Disbursement | None = None) -> ListEffect:
    """Return what approving, paying, reversing or withdrawing the list changes now (of one row: reversing that row)."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [batch.pk])
        rows, turns, amount = cursor.fetchone()
    standing = batch.disbursements.standing()
    replaced: tuple[Replaced, ...] = ()
    lines: tuple[BookLine, ...] = ()
    if verb in {"approve", "pay"}:
        replaced = tuple(_list_replaced(batch))
        if verb == "pay" or batch.mode == Batch.Mode.HANDED_OUT:
            lines = tuple(_payment(batch, standing))
    elif verb == "reverse":
        taken = standing.filter(pk=row.pk) if row is not None else standing
        half = half_to_reverse_in(unit=batch.unit, half=batch.half_year)
        lines = tuple(_lines(_sums(taken), half, EntryKind.REVERSAL, {}))
        if row is not None:
            turns, amount = 1, row.amount
            rows = f"{rows}:{row.pk}"
    return ListEffect(verb, batch.pk, rows, turns, amount, replaced, lines)


def _list_replaced(batch: Batch) -> Iterator[Replaced]:
    rows = batch.disbursements.standing().filter(replaces__reversed_at__isnull=True, replaces__isnull=False)
    for row in rows.select_related("recipient", "programme", "replaces").order_by("pk"):
        old = row.replaces
        if old is not None:
            yield Replaced(
                old.pk,
                row.pk,
                row.recipient.full_name,
                row.programme.name,
                row.given_on.isoformat(),
                old.amount,
                row.amount,
            )


def _payment(batch: Batch, standing: QuerySet[Disbursement]) -> Iterator[BookLine]:
    balances: dict[int, int] = {}
    old = Disbursement.objects.standing().filter(replacements__in=standing)
    yield from _lines(_sums(old), batch.half_year, EntryKind.REVERSAL, balances)
    yield from _lines(_sums(standing), batch.half_year, EntryKind.PAYOUT, balances, own=batch.unit_id)


def _sums(rows: QuerySet[Disbursement]) -> dict[tuple[int, int], int]:
    found = rows.filter(fund__isnull=False).order_by("batch_id", "fund_id").values("batch_id", "fund_id")
    return {(row["batch_id"], row["fund_id"]): row["total"] for row in found.annotate(total=Sum("amount"))}


def _lines(
    sums: dict[tuple[int, int], int], half: HalfYear, kind: EntryKind, balances: dict[int, int], own: int | None = None
) -> Iterator[BookLine]:
    funds = Fund.objects.select_related("unit").in_bulk({fund_id for _batch_id, fund_id in sums})
    sign = -1 if kind == EntryKind.PAYOUT else 1
    for (_batch_id, fund_id), amount in sums.items():
        fund = funds[fund_id]
        counted = half if own == fund.unit_id else next_open_half(unit=fund.unit, half=half)
        balances[fund_id] = balances.get(fund_id, fund.balance) + sign * amount
        yield BookLine(fund_id, fund.name, counted.code, kind.value, sign * amount, balances[fund_id])
