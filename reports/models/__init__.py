"""What units declare of a half-year, the reports made of it, and what it leads to."""

from reports.models.agenda import (
    Meeting,
    MeetingPhoto,
    ReportProposal,
    ReportTask,
    Target,
)
from reports.models.report import (
    REPORT_STEPS,
    DraftFile,
    Report,
    ReportArticle,
    ReportComment,
    ReportFile,
    ReportQuerySet,
    ReportScan,
)
from reports.models.submission import (
    MAKING,
    SEEN,
    SUBMISSION_STEPS,
    ApprovalEvent,
    ApprovedValue,
    ApprovedValueQuerySet,
    Deadline,
    DeclaredValue,
    Reminder,
    Submission,
    SubmissionQuerySet,
)

__all__ = [
    "MAKING",
    "REPORT_STEPS",
    "SEEN",
    "SUBMISSION_STEPS",
    "ApprovalEvent",
    "ApprovedValue",
    "ApprovedValueQuerySet",
    "Deadline",
    "DeclaredValue",
    "DraftFile",
    "Meeting",
    "MeetingPhoto",
    "Reminder",
    "Report",
    "ReportArticle",
    "ReportComment",
    "ReportFile",
    "ReportProposal",
    "ReportQuerySet",
    "ReportScan",
    "ReportTask",
    "Submission",
    "SubmissionQuerySet",
    "Target",
]
