"""What `verify_ledger` asks of issued reports and signed papers: they are what the audit says, every file and scan.

Whoever forges payload, hash and files together still disagrees with the audit's line, which the sealed chain holds.
"""

from __future__ import annotations

_NAME = "'report ' || r.id || ' (' || u.code || ' ' || r.period || ', version ' || r.version || ')'"
_WITH_AUDIT = """
    FROM reports_report r JOIN portal_unit u ON u.id = r.unit_id
    LEFT JOIN portal_auditentry a ON a.action = 'reports.report.freeze' AND a.target_id = r.id
      AND a.target_type = 'reports.report'"""
EXACT_HASH = "encode(sha256(convert_to(exact::text, 'UTF8')), 'hex')"

_SQL = {
    "report": """
        SELECT {name}, r.version, NULL {audit}
        WHERE a.detail->>'sha256' IS DISTINCT FROM r.sha256
          OR r.sha256 IS DISTINCT FROM encode(sha256(convert_to(r.canonical, 'UTF8')), 'hex')
          OR r.payload IS DISTINCT FROM r.canonical::jsonb ORDER BY r.id""",
    "report_exact": """
        SELECT {name}, r.version, NULL {audit}
        WHERE a.detail->>'exact' IS DISTINCT FROM {exact} ORDER BY r.id""",
    "report_file": """
        SELECT {name} || ', ' || coalesce(f.kind, issued.kind), octet_length(f.content), NULL {audit}
        LEFT JOIN LATERAL jsonb_each_text(a.detail->'files') issued (kind, sha256) ON true
        FULL JOIN reports_reportfile f ON f.report_id = r.id AND f.kind = issued.kind
        WHERE issued.sha256 IS DISTINCT FROM encode(sha256(f.content), 'hex') OR f.sha256 IS DISTINCT FROM issued.sha256
        ORDER BY r.id, f.id""",
    "report_scan": """
        SELECT 'scan ' || coalesce(s.id, (a.detail->>'scan')::bigint), octet_length(s.content), NULL
        FROM (SELECT detail FROM portal_auditentry WHERE action = 'reports.report.scan') a
        FULL JOIN reports_reportscan s ON s.id = (a.detail->>'scan')::bigint
        WHERE a.detail->>'sha256' IS DISTINCT FROM encode(sha256(s.content), 'hex') ORDER BY 1""",
    "submission_scan": """
        SELECT 'scan ' || coalesce(s.id, (a.detail->>'scan')::bigint), octet_length(s.content), NULL
        FROM (SELECT detail FROM portal_auditentry WHERE action = 'reports.submission.scan') a
        FULL JOIN reports_submissionscan s ON s.id = (a.detail->>'scan')::bigint
        WHERE a.detail->>'sha256' IS DISTINCT FROM encode(sha256(s.content), 'hex') ORDER BY 1""",
    "report_gone": """
        SELECT 'report ' || a.target_id || ' (' || (a.detail->>'period') || ')', NULL, a.target_id
        FROM portal_auditentry a LEFT JOIN reports_report r ON r.id = a.target_id
        WHERE a.action = 'reports.report.freeze' AND a.target_type = 'reports.report' AND r.id IS NULL ORDER BY a.id""",
}
CHECKS = {what: sql.format(name=_NAME, audit=_WITH_AUDIT, exact=EXACT_HASH) for what, sql in _SQL.items()}
