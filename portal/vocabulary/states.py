"""States and what else moves on: of lists, half-years, reports, articles and proposals."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.lib.closed_lists import ClosedList, Entry


@dataclass(frozen=True)
class _BatchState(Entry):
    is_editable: bool = False
    is_unsettled: bool = False
    needs_approver: bool = False
    needs_payment: bool = False
    needs_reason: bool = False


class BatchState(ClosedList):
    """Of a list of disbursements; which follows which is `scholarships.models.batch.BATCH_STEPS`.

    `is_editable`: rows may change. `is_unsettled`: nothing was paid and something still may be. The rest is what the
    database asks of a list in this state.
    """

    DRAFT = _BatchState("draft", _("Draft"), is_editable=True, is_unsettled=True)
    SUBMITTED = _BatchState("submitted", _("Submitted"), is_unsettled=True)
    RETURNED = _BatchState("returned", _("Returned"), is_editable=True, is_unsettled=True, needs_reason=True)
    APPROVED = _BatchState("approved", _("Approved"), is_unsettled=True, needs_approver=True)
    PAID = _BatchState("paid", _("Paid"), needs_approver=True, needs_payment=True)
    WITHDRAWN = _BatchState("withdrawn", _("Withdrawn"), needs_reason=True)
    REVERSED = _BatchState("reversed", _("Reversed"), needs_approver=True, needs_payment=True, needs_reason=True)

    is_editable: bool
    is_unsettled: bool
    needs_approver: bool
    needs_payment: bool
    needs_reason: bool


@dataclass(frozen=True)
class _SubmissionState(Entry):
    is_editable: bool = False
    is_settled: bool = False
    needs_reason: bool = False


class SubmissionState(ClosedList):
    """Of a unit's half-year (`reports.models.SUBMISSION_STEPS`); `is_settled`: nothing more comes before a report."""

    DRAFT = _SubmissionState("draft", _("Draft"), is_editable=True)
    SUBMITTED = _SubmissionState("submitted", _("Submitted"))
    RETURNED = _SubmissionState("returned", _("Returned"), is_editable=True, needs_reason=True)
    APPROVED = _SubmissionState("approved", _("Approved"), is_settled=True)
    MISSING = _SubmissionState("missing", _("Missing"), is_settled=True, needs_reason=True)

    is_editable: bool
    is_settled: bool
    needs_reason: bool


@dataclass(frozen=True)
class _ReportState(Entry):
    was_public: bool = False
    needs_reason: bool = False


class ReportState(ClosedList):
    """Of a numbered report (`reports.models.REPORT_STEPS`): signed on paper between the first two."""

    FROZEN, ISSUED = _ReportState("frozen", _("Numbered, to be signed")), _ReportState("issued", _("Issued"), True)
    DISCARDED = _ReportState("discarded", _("Thrown away before issuing"), needs_reason=True)
    REVOKED = _ReportState("revoked", _("Revoked"), was_public=True, needs_reason=True)

    was_public: bool
    needs_reason: bool


class ReportFileKind(ClosedList):
    """The files that an issued report consists of; all but the charts are handed out under their ending."""

    PDF, DOCX, XLSX, SUMMARY = ("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"), ("summary", _("Summary"))
    CSV, JSON, CHARTS = ("csv", "CSV"), ("json", "JSON"), ("charts", _("Charts"))


class AskedFileKind(ClosedList):
    """What the worker makes for the one who asked for it."""

    MEMBERS, CARDS = ("members", _("List of members")), ("cards", _("Members' cards"))
    TITLES, CERTIFICATES = ("titles", _("Learning titles")), ("certificates", _("Certificates of recognition"))


class TaskState(ClosedList):
    """Of a task that a report sets: what the next report tells of it."""

    OPEN, DONE = ("open", _("Not done")), ("done", _("Done"))
    DROPPED = "dropped", _("Given up")


class ArticleState(ClosedList):
    """What an article is at a moment: a question of time, computed and never stored."""

    DRAFT, SCHEDULED = ("draft", _("Draft")), ("scheduled", _("Scheduled"))
    PUBLISHED, EXPIRED = ("published", _("Published")), ("expired", _("Expired"))
    WITHDRAWN = "withdrawn", pgettext_lazy("article", "Withdrawn")


class ReviewKind(ClosedList):
    """A step of an article's text on its way to readers; the last one of the working text says where it is."""

    SENT, RETURNED = ("sent", _("Waiting for approval")), ("returned", _("Returned"))
    APPROVED, URGENT = ("approved", _("Approved")), ("urgent", _("Published urgently"))
    CONFIRMED = "confirmed", _("Approved afterwards")


class DocumentKind(ClosedList):
    """Kinds of official documents (Nghị định 30/2020/NĐ-CP, article 7) that the association puts out."""

    DECISION, RESOLUTION = ("decision", _("Decision")), ("resolution", _("Resolution"))
    PLAN, PROGRAMME = ("plan", _("Plan")), ("programme", _("Programme of work"))
    NOTICE, GUIDANCE = ("notice", _("Notice")), ("guidance", _("Guidance"))
    REPORT, LETTER = ("report", _("Report")), ("letter", _("Official letter"))
    RULES, CHARTER = ("rules", _("Rules")), ("charter", _("Charter"))
    OTHER = "other", _("Other document")


class Badge(ClosedList):
    """What components/_status.html says besides the states above."""

    LATE = ("late", _("Late"))
    CLOSED, OPEN = ("closed", _("Closed")), ("open", _("Open"))
    ACTIVE, PENDING = ("active", _("Active")), ("pending", _("Waiting"))
    REFUSED, SUPERSEDED = ("refused", _("Refused")), ("superseded", _("Replaced"))
    KNOWN, ACCEPTED = ("known", _("Already recorded")), ("accepted", _("Accepted"))
    REJECTED, ARCHIVED = ("rejected", _("Not taken")), ("archived", _("Archived"))


class ProposalState(ClosedList):
    """Of a proposed change: it waits, or it is decided once for ever."""

    PENDING, ACCEPTED = ("pending", _("Waiting")), ("accepted", _("Agreed to"))
    REFUSED, EXPIRED = ("refused", _("Turned down")), ("expired", _("Expired"))
    WITHDRAWN = "withdrawn", _("Withdrawn")
