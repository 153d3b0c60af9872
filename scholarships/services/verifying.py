"""Recomputes every balance and sum from the rows themselves, by SQL of its own, and names what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.module_loading import import_string

from portal.vocabulary import HARDSHIP
from scholarships.models import SealedBlock


@dataclass(frozen=True)
class Difference:
    """Something that does not agree.

    `what` was checked, `where`, what is `stored` and what the rows give (`computed`).
    """

    what: str
    where: str
    stored: int | None
    computed: int | None

    def as_json(self) -> dict[str, Any]:
        """The difference as the command prints it."""
        return asdict(self)


#: Name of the check -> SQL giving (where, stored, computed) for each disagreement.
CHECKS: dict[str, str] = {
    "balance": """
        SELECT 'fund ' || f.id || ' (' || f.name || ')', f.balance, coalesce(e.total, 0) FROM scholarships_fund f
        LEFT JOIN (SELECT fund_id, sum(amount)::bigint AS total FROM scholarships_ledgerentry GROUP BY fund_id) e
          ON e.fund_id = f.id
        WHERE f.balance IS DISTINCT FROM coalesce(e.total, 0) OR f.balance < 0 ORDER BY f.id""",
    "balance_after": """
        SELECT 'fund ' || fund_id || ', entry ' || id, balance_after, running FROM (
          SELECT id, fund_id, balance_after,
            (sum(amount) OVER (PARTITION BY fund_id ORDER BY id))::bigint AS running FROM scholarships_ledgerentry) e
        WHERE balance_after IS DISTINCT FROM running ORDER BY id""",
    "payout": """
        SELECT 'list ' || coalesce(r.batch_id, e.batch_id) || ', fund ' || coalesce(r.fund_id, e.fund_id),
          e.paid, r.total
        FROM (SELECT batch_id, fund_id, sum(amount)::bigint AS total FROM scholarships_disbursement
           WHERE paid_at IS NOT NULL AND source = 'fund' GROUP BY batch_id, fund_id) r
        FULL JOIN (SELECT batch_id, fund_id, -sum(amount)::bigint AS paid FROM scholarships_ledgerentry
           WHERE kind = 'payout' GROUP BY batch_id, fund_id) e ON e.batch_id = r.batch_id AND e.fund_id = r.fund_id
        WHERE e.paid IS DISTINCT FROM r.total ORDER BY 1""",
    "reversal": """
        SELECT 'list ' || coalesce(r.batch_id, e.batch_id) || ', fund ' || coalesce(r.fund_id, e.fund_id),
          e.back, r.total
        FROM (SELECT batch_id, fund_id, sum(amount)::bigint AS total FROM scholarships_disbursement
           WHERE paid_at IS NOT NULL AND reversed_at IS NOT NULL AND source = 'fund' GROUP BY batch_id, fund_id) r
        FULL JOIN (SELECT o.batch_id, o.fund_id, sum(l.amount)::bigint AS back FROM scholarships_ledgerentry l
           JOIN scholarships_ledgerentry o ON o.id = l.reverses_id
           WHERE o.kind = 'payout' GROUP BY o.batch_id, o.fund_id) e
          ON e.batch_id = r.batch_id AND e.fund_id = r.fund_id
        WHERE e.back IS DISTINCT FROM r.total ORDER BY 1""",
    "donation": """
        SELECT 'donation ' || d.id, coalesce(e.total, 0), d.amount FROM scholarships_donation d
        LEFT JOIN (SELECT donation_id, fund_id, sum(amount)::bigint AS total FROM scholarships_ledgerentry
          WHERE kind = 'donation' GROUP BY donation_id, fund_id) e ON e.donation_id = d.id AND e.fund_id = d.fund_id
        WHERE (CASE WHEN d.goods = '' THEN d.amount END) IS DISTINCT FROM e.total ORDER BY d.id""",
    "hand_over": """
        SELECT 'hand-over ' || h.id, h.amount, coalesce(e.passed, 0) FROM scholarships_handover h
        LEFT JOIN (SELECT hand_over_id, sum(amount) AS total,
            -(sum(amount) FILTER (WHERE kind = 'passed_on'))::bigint AS passed
          FROM scholarships_ledgerentry WHERE hand_over_id IS NOT NULL GROUP BY hand_over_id) e ON e.hand_over_id = h.id
        WHERE h.amount IS DISTINCT FROM e.passed OR e.total IS DISTINCT FROM 0 ORDER BY h.id""",
    "restricted": """
        SELECT 'fund ' || f.id || ' (' || f.name || ')', f.balance, r.held FROM scholarships_fund f
        CROSS JOIN LATERAL (SELECT sum(held)::bigint AS held FROM fund_restricted(f.id)) r
        WHERE EXISTS (SELECT 1 FROM scholarships_donation d WHERE d.fund_id = f.id AND d.programme_id IS NOT NULL)
          AND f.balance < r.held ORDER BY f.id""",
    "receipt_numbers": """
        SELECT 'unit ' || unit_id || ', year ' || receipt_year, max(receipt_number), count(*) FROM scholarships_donation
        GROUP BY unit_id, receipt_year HAVING max(receipt_number) <> count(*) ORDER BY 1""",
    "batch_state": """
        SELECT 'list ' || b.id || ' (' || b.state || ')', count(*) FILTER (WHERE d.paid_at IS NOT NULL), count(*)
        FROM scholarships_batch b JOIN scholarships_disbursement d ON d.batch_id = b.id GROUP BY b.id
        HAVING (b.state IN ('paid', 'reversed') AND count(*) FILTER (WHERE d.paid_at IS NULL AND NOT d.taken_out) > 0)
            OR (b.state NOT IN ('paid', 'reversed') AND count(*) FILTER (WHERE d.paid_at IS NOT NULL) > 0)
            OR (b.state = 'reversed' AND count(*) FILTER (WHERE d.reversed_at IS NULL) > 0) ORDER BY b.id""",
    # A payment lies in its list's half-year, another unit's fund shows it there or later; what comes back lies where
    # its rows say; a gift or an opening in the half-year of its day, later only where that was closed when written.
    "ledger_half": """
        SELECT 'fund ' || l.fund_id || ', entry ' || l.id || ' (' || l.half || ')', replace(l.half, '-H', '')::int,
          replace(m.half, '-H', '')::int
        FROM scholarships_ledgerentry l JOIN scholarships_fund f ON f.id = l.fund_id
        LEFT JOIN scholarships_batch b ON b.id = l.batch_id
        LEFT JOIN scholarships_ledgerentry o ON o.id = l.reverses_id
        CROSS JOIN LATERAL (SELECT CASE l.kind WHEN 'payout' THEN b.half WHEN 'reversal' THEN o.half
          ELSE half_of(l.occurred_on) END AS half) m
        WHERE l.half < m.half OR (l.half > m.half AND l.kind <> 'reversal'
          AND (f.unit_id = b.unit_id OR NOT closed_by_rule(f.unit_id, m.half, l.created_at)))
        ORDER BY l.id""",
    "reversal_half": """
        SELECT 'list ' || coalesce(r.batch_id, e.batch_id) || ', fund ' || coalesce(r.fund_id, e.fund_id)
          || ', ' || coalesce(r.half, e.half), coalesce(e.back, 0), coalesce(r.total, 0)
        FROM (SELECT d.batch_id, d.fund_id, d.reversed_half AS half, sum(d.amount)::bigint AS total
           FROM scholarships_disbursement d JOIN scholarships_fund f ON f.id = d.fund_id AND f.unit_id = d.unit_id
           WHERE d.paid_at IS NOT NULL AND d.reversed_at IS NOT NULL AND d.source = 'fund' GROUP BY 1, 2, 3) r
        FULL JOIN (SELECT o.batch_id, o.fund_id, l.half, sum(l.amount)::bigint AS back FROM scholarships_ledgerentry l
           JOIN scholarships_ledgerentry o ON o.id = l.reverses_id AND o.kind = 'payout'
           JOIN scholarships_batch b ON b.id = o.batch_id JOIN scholarships_fund f ON f.id = o.fund_id
           WHERE f.unit_id = b.unit_id GROUP BY 1, 2, 3) e
          ON e.batch_id = r.batch_id AND e.fund_id = r.fund_id AND e.half = r.half
        WHERE e.back IS DISTINCT FROM r.total ORDER BY 1""",
    "opening": """
        SELECT 'fund ' || f.id || ' (' || f.name || ')', coalesce(e.amount, 0), (a.detail->>'opening')::bigint
        FROM scholarships_fund f
        JOIN portal_auditentry a ON a.action = 'scholarships.fund.open' AND a.target_id = f.id
          AND a.target_type = 'scholarships.fund'
        LEFT JOIN scholarships_ledgerentry e ON e.fund_id = f.id AND e.kind = 'opening'
        WHERE coalesce(e.amount, 0) <> (a.detail->>'opening')::bigint ORDER BY f.id""",
    "sealed": """
        SELECT 'block ' || b.number || CASE WHEN b.digest <> block_digest(b) THEN ' (itself)'
            WHEN b.previous <> coalesce(p.digest, '') OR (p.number IS NULL AND b.number > 1) THEN ' (the one before)'
            WHEN b.ledger_digest <> ledger_digest(b.ledger_ids) THEN ' (fund book)' ELSE ' (audit)' END, b.number, NULL
        FROM scholarships_sealedblock b LEFT JOIN scholarships_sealedblock p ON p.number = b.number - 1
        WHERE b.digest <> block_digest(b) OR b.previous <> coalesce(p.digest, '') OR (p.number IS NULL AND b.number > 1)
          OR b.ledger_digest <> ledger_digest(b.ledger_ids) OR b.audit_digest <> audit_digest(b.audit_ids)
        ORDER BY b.number""",
    "row_of_its_list": """
        SELECT 'list ' || b.id, count(*), 0 FROM scholarships_disbursement d
        JOIN scholarships_batch b ON b.id = d.batch_id
        JOIN scholarships_recipient r ON r.id = d.recipient_id
        WHERE d.unit_id <> b.unit_id OR d.half <> b.half OR r.unit_id <> d.unit_id GROUP BY b.id ORDER BY b.id""",
}
_SUMS = """
    WITH moves AS (
      SELECT unit_id, half, programme_id, source, amount, is_hardship, 1 AS sign, 0 AS recalled
      FROM scholarships_disbursement WHERE paid_at IS NOT NULL AND reversed_half <> half
      UNION ALL
      SELECT unit_id, reversed_half, programme_id, source, amount, is_hardship, 0, 1
      FROM scholarships_disbursement WHERE paid_at IS NOT NULL AND reversed_at IS NOT NULL AND reversed_half <> half
    ), computed AS (
      SELECT unit_id, half, programme_id, source, sum(sign)::bigint AS turns, sum(sign * amount)::bigint AS amount,
        coalesce(sum(sign) FILTER (WHERE is_hardship), 0)::bigint AS hardship_turns,
        coalesce(sum(sign * amount) FILTER (WHERE is_hardship), 0)::bigint AS hardship_amount,
        sum(recalled)::bigint AS recalled_turns, sum(recalled * amount)::bigint AS recalled_amount
      FROM moves GROUP BY unit_id, half, programme_id, source)
    SELECT coalesce(u.code, '?') || ' ' || coalesce(s.half, c.half)
        || ', programme ' || coalesce(s.programme_id, c.programme_id)
        || ', ' || coalesce(s.source, c.source) || ', {column}', coalesce(s.{column}, 0), coalesce(c.{column}, 0)
    FROM scholarships_disbursementsum s
    FULL JOIN computed c USING (unit_id, half, programme_id, source)
    LEFT JOIN portal_unit u ON u.id = unit_id
    WHERE coalesce(s.{column}, 0) <> coalesce(c.{column}, 0) ORDER BY 1"""
_HARDSHIP = """
    SELECT 'list ' || batch_id || ', row ' || id, is_hardship::int, 1 - is_hardship::int FROM scholarships_disbursement
    WHERE is_hardship IS DISTINCT FROM (circumstance IN ({words})) ORDER BY id"""
CHECKS["hardship"] = _HARDSHIP.format(words=", ".join(f"'{one}'" for one in sorted(HARDSHIP)))
for _column in ("turns", "amount", "hardship_turns", "hardship_amount", "recalled_turns", "recalled_amount"):
    CHECKS[f"sum_{_column}"] = _SUMS.format(column=_column)


def find_differences() -> list[Difference]:
    """Everything that does not agree; an empty list when the books are right. Reads only, in one snapshot per check."""
    found = []
    with connection.cursor() as cursor:
        for what, sql in (CHECKS | _list_checks_of_apps()).items():
            cursor.execute(sql)
            found += [Difference(what, where, stored, computed) for where, stored, computed in cursor.fetchall()]
    return found


def _list_checks_of_apps() -> dict[str, str]:
    """Return the checks that higher apps add: an `AppConfig.book_checks` is the dotted name of such a table."""
    found: dict[str, str] = {}
    for config in apps.get_app_configs():
        if dotted := getattr(config, "book_checks", ""):
            found |= import_string(dotted)
    return found


def compare_with_known(known: Iterable[str]) -> list[Difference]:
    """Return what of the chain is another than what somebody wrote down ("NUMBER:DIGEST").

    ValueError for a text of another shape.
    """
    found = []
    for one in known:
        number, _colon, digest = one.partition(":")
        block = SealedBlock.objects.filter(number=int(number)).first()
        if block is None or block.digest != digest:
            found.append(Difference("chain", f"block {number}", block.number if block else None, None))
    return found


def count_rows() -> dict[str, int]:
    """How much was checked: funds, entries, donations, disbursements, batches."""
    tables = {
        "funds": "fund",
        "entries": "ledgerentry",
        "donations": "donation",
        "disbursements": "disbursement",
        "batches": "batch",
    }
    counts = ", ".join(f"(SELECT count(*) FROM scholarships_{table})" for table in tables.values())  # noqa: S608 - our own # nosec B608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))
