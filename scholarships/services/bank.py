"""Bank statements: taken in once, matched with the fund book by reference, amount and name, the rest by a person."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.vietnamese import fold
from portal.models import ProposedChange, User
from portal.permissions import Permission
from portal.services.refusals import needs, require_lasting_reason
from portal.services.texts import fitting
from portal.services.versions import lock_row
from scholarships.models import NAMELESS, BankLine, BankStatement, Donation, Fund, LedgerEntry
from scholarships.services.bank_reading import read_statement
from scholarships.services.donations import record_donation
from scholarships.services.locking import lock_in_order
from scholarships.services.transfers import read_reference

#: So many days may lie between the bank's day and that of the book.
DAYS_APART = 5
_ROWS = ("fund__unit", "statement", "entry")


@needs(Permission.MANAGE_FUND, on="fund.unit")
def take_statement(
    *, fund: Fund, content: bytes, file_name: str, called: dict[str, str] | None = None, actor: User
) -> BankStatement:
    """Take in what of a statement is new, and match it with the book; a line that stands already is left as it is.

    `called`: what columns are called (field -> heading); without it the fund's last statement says it.
    ValidationError as in `read_statement`.
    """
    last = fund.statements.order_by("-id").first()
    known = {name: heading for name, heading in (called or {}).items() if heading}
    lines, headings = read_statement(content, file_name, (last.mapping if last else {}) | known)
    fund = lock_in_order(funds=[fund.pk]).funds[fund.pk]
    standing = set(fund.bank_lines.filter(line_key__in=[line.key for line in lines]).values_list("line_key", flat=True))
    fresh = [line for line in lines if line.key not in standing]
    statement = BankStatement.objects.create(
        fund=fund, file_name=fitting(BankStatement, "file_name", file_name), mapping=headings, lines_read=len(lines),
        lines_new=len(fresh), taken_by=actor,
    )  # fmt: skip
    BankLine.objects.bulk_create(
        BankLine(
            fund=fund, statement=statement, number=one.number, day=one.day, amount=one.amount, words=one.words,
            payer=one.payer, bank_reference=one.bank_reference, balance=one.balance, line_key=one.key,
        )
        for one in fresh
    )  # fmt: skip
    matched = _match(fund, statement)
    audit.record(
        actor=actor, action=audit.Action.STATEMENT_TAKE_IN, target=fund, unit=fund.unit,
        detail={"statement": statement.pk, "lines": len(lines), "new": len(fresh), "matched": matched},
    )  # fmt: skip
    return statement


def _match(fund: Fund, statement: BankStatement) -> int:
    """Link new lines of which only one line of the book can be meant; return how many."""
    free: dict[int, list[LedgerEntry]] = defaultdict(list)
    lines = list(statement.lines.order_by("day", "id"))
    for entry in candidates(fund, {line.amount for line in lines}):
        free[entry.amount].append(entry)
    alike: dict[tuple[dt.date, int], int] = defaultdict(int)
    for line in lines:
        alike[line.day, line.amount] += 1
    count = 0
    for line in lines:
        near = [one for one in free[line.amount] if abs((one.occurred_on - line.day).days) <= DAYS_APART]
        named = [one for one in near if _is_named(one, line)]
        sure = named if len(named) == 1 else near if len(near) == 1 and _is_sure(line, alike) else []
        if sure and _reads_as(fund, line):
            line.entry = sure[0]
            line.save(update_fields=["entry"])
            free[line.amount].remove(sure[0])
            count += 1
    return count


def _is_named(entry: LedgerEntry, line: BankLine) -> bool:
    """Whether the bank's words name the giver of the book's line."""
    giver = fold(entry.donation.donor_name) if entry.donation and entry.donation.donor_name != NAMELESS else ""
    return bool(giver) and giver in fold(f"{line.words} {line.payer}")


def _is_sure(line: BankLine, alike: dict[tuple[dt.date, int], int]) -> bool:
    """Whether amount and day are enough: a payment, or a transfer that names the fund; and no other line is alike."""
    return alike[line.day, line.amount] == 1 and (line.amount < 0 or read_reference(line.words) is not None)


def _reads_as(fund: Fund, line: BankLine) -> bool:
    read = read_reference(line.words)
    return read is None or read[0] == fund.pk


def candidates(fund: Fund, amounts: set[int]) -> QuerySet[LedgerEntry]:
    """Return the lines of the book of such amounts that no bank line stands for and nobody took back."""
    entries = LedgerEntry.objects.filter(fund=fund, amount__in=amounts, bank_line__isnull=True, reversals__isnull=True)
    found: QuerySet[LedgerEntry] = entries.select_related("donation", "batch").order_by("occurred_on", "id")
    return found


@needs(Permission.MANAGE_FUND, on="line.fund.unit")
def link_line(*, line: BankLine, entry: LedgerEntry, version: str | None = None, actor: User) -> BankLine:
    """Say that a line of the bank is a line of the book, of the same fund and amount."""
    line = _lock_waiting(line, version)
    if not candidates(line.fund, {line.amount}).filter(pk=entry.pk).exists():
        raise ValidationError(_("This line of the book has another amount, or stands for another line of the bank."))
    return _settle(line, actor, entry=entry)


@needs(Permission.MANAGE_FUND, on="line.fund.unit")
def set_line_aside(*, line: BankLine, reason: str, version: str | None = None, actor: User) -> BankLine:
    """Say why a line of the bank is no line of the book, such as a fee of the bank."""
    line = _lock_waiting(line, version)
    reason = require_lasting_reason(reason, _("Say why the line is set aside."))
    return _settle(line, actor, reason=fitting(BankLine, "reason", reason))


@needs(Permission.MANAGE_FUND, on="line.fund.unit")
def undo_line(*, line: BankLine, version: str | None = None, actor: User) -> BankLine:
    """Take back what was said of a line, by the portal or a person: it waits again. Gift and book stay as they are."""
    line = lock_row(BankLine.objects.select_related("fund__unit"), line, version)
    if line.is_waiting:
        raise ValidationError(_("This line waits already."))
    return _settle(line, actor)


@needs(Permission.MANAGE_FUND, on="line.fund.unit")
def record_gift_of(
    *, line: BankLine, version: str | None = None, actor: User, **gift: Any
) -> Donation | ProposedChange:
    """Record a line of the bank as a gift of its amount and day, and link both; a large one when it is agreed to.

    `gift` is what `record_donation` takes besides. Raises ValidationError as it does.
    """
    line = _lock_waiting(line, version)
    if line.amount < 0:
        raise ValidationError(_("Money that left the account is no gift."))
    facts = gift | {
        "amount": line.amount,
        "received_on": line.day,
        "request_key": uuid.uuid5(uuid.NAMESPACE_OID, f"{line.fund_id} {line.line_key}"),
    }
    made = record_donation(fund=line.fund, actor=actor, **facts)
    if isinstance(made, Donation):
        _settle(line, actor, entry=made.entries.get(kind=LedgerEntry.Kind.DONATION))
    return made


def _lock_waiting(line: BankLine, version: str | None) -> BankLine:
    line = lock_row(BankLine.objects.select_related("fund__unit"), line, version)
    if not line.is_waiting:
        raise ValidationError(_("Somebody has said already what this line is. Undo that first."))
    return line


def _settle(line: BankLine, actor: User, entry: LedgerEntry | None = None, reason: str = "") -> BankLine:
    line.entry, line.reason, line.decided_by = entry, reason, actor
    line.save(update_fields=["entry", "reason", "decided_by"])
    audit.record(
        actor=actor, action=audit.Action.STATEMENT_DECIDE, target=line.fund, unit=line.fund.unit,
        detail={"line": line.pk, "entry": entry.pk if entry else None, "aside": bool(reason)},
    )  # fmt: skip
    return line


def reconcile(fund: Fund) -> dict[str, Any] | None:
    """Return the bank's last balance beside the book's of that day; None where no statement tells a balance.

    {"day", "bank", "book", "difference", "waiting": how many lines wait, "amount": what they come to}
    """
    told = fund.bank_lines.filter(balance__isnull=False)
    last = told.order_by("-day", "-statement_id", "-number").first()
    if last is None:
        return None
    book = fund.entries.filter(occurred_on__lte=last.day).aggregate(total=Sum("amount", default=0))["total"]
    open_lines = fund.bank_lines.waiting()
    return {
        "day": last.day, "bank": last.balance, "book": book, "difference": last.balance - book,
        "waiting": open_lines.count(), "amount": open_lines.aggregate(total=Sum("amount", default=0))["total"],
    }  # fmt: skip
