"""What `verify_ledger` asks of issued reports: they are what the audit says was issued, text and paper."""

from __future__ import annotations

CHECKS = {
    "report": """
        SELECT 'report ' || r.id || ' (' || u.code || ' ' || r.half || ', version ' || r.version || ')', r.version, NULL
        FROM reports_report r JOIN portal_unit u ON u.id = r.unit_id
        LEFT JOIN portal_auditentry a ON a.action = 'reports.report.issue' AND a.target_id = r.id
          AND a.target_type = 'reports.report'
        WHERE a.detail->>'sha256' IS DISTINCT FROM r.sha256
          OR r.sha256 IS DISTINCT FROM encode(sha256(convert_to(r.canonical, 'UTF8')), 'hex')
          OR r.payload IS DISTINCT FROM r.canonical::jsonb ORDER BY r.id""",
    "report_pdf": """
        SELECT 'report ' || r.id || ' (' || u.code || ' ' || r.half || ', version ' || r.version || ')', r.version, NULL
        FROM reports_report r JOIN portal_unit u ON u.id = r.unit_id
        LEFT JOIN portal_auditentry a ON a.action = 'reports.report.issue' AND a.target_id = r.id
          AND a.target_type = 'reports.report'
        WHERE a.detail->>'pdf_sha256' IS DISTINCT FROM encode(sha256(r.pdf), 'hex') ORDER BY r.id""",
    "report_gone": """
        SELECT 'report ' || a.target_id || ' (' || (a.detail->>'half') || ')', NULL, a.target_id
        FROM portal_auditentry a LEFT JOIN reports_report r ON r.id = a.target_id
        WHERE a.action = 'reports.report.issue' AND a.target_type = 'reports.report' AND r.id IS NULL ORDER BY a.id""",
}
