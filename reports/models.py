"""Half-year submissions with their approval, and the frozen reports made of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from news.models import Article
from portal.lib.periods import HalfYear
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import LONG_REASON, entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import ReportFileKind, ReportState, SubmissionState, TaskState

_NOT_DISCARDED = ~Q(state=ReportState.DISCARDED.value)
_FILE, _APPROVE = (Permission.FILE_SUBMISSION,), (Permission.APPROVE_SUBMISSION,)


class Deadline(models.Model):
    """By which day the units send a half-year, where the city has set one; else `figures.due_on` says."""

    half = half_field(unique=True)
    due_on = models.DateField(_("due on"))
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-half",)
        constraints = [
            days_check("deadline_days", days=("due_on",), moments=("set_at",)),
            half_check("deadline_half"),
        ]

    def __str__(self) -> str:
        return f"{self.half} {self.due_on}"


#: How a unit's half-year goes on its way; what is listed as missing may still come until it is closed.
SUBMISSION_STEPS = Machine(
    Step("save", (SubmissionState.DRAFT, SubmissionState.MISSING), SubmissionState.DRAFT, _FILE),
    Step("save", (SubmissionState.RETURNED,), SubmissionState.RETURNED, _FILE),
    Step("submit", (SubmissionState.DRAFT, SubmissionState.RETURNED), SubmissionState.SUBMITTED, _FILE),
    Step("take_back", (SubmissionState.SUBMITTED,), SubmissionState.DRAFT, _FILE),
    Step("approve", (SubmissionState.SUBMITTED,), SubmissionState.APPROVED, _APPROVE, other_person=True),
    Step("return", (SubmissionState.SUBMITTED,), SubmissionState.RETURNED, _APPROVE),
    Step("missing", (SubmissionState.DRAFT, SubmissionState.RETURNED), SubmissionState.MISSING, _APPROVE),
    Step("reopen", (SubmissionState.APPROVED, SubmissionState.RETURNED), SubmissionState.RETURNED, _APPROVE),
    Step("reopen", (SubmissionState.MISSING, SubmissionState.DRAFT), SubmissionState.DRAFT, _APPROVE),
)
#: What makes somebody a maker of a half-year, by the actions of its events.
MAKING = ("save", "submit")
SEEN = "see"  # the event of an approver who has opened what was sent


class SubmissionQuerySet(UnitScopedQuerySet):
    """Submissions."""

    view_permission = Permission.VIEW_SUBMISSION

    def of(self, half: HalfYear) -> Self:
        """Submissions for the half-year."""
        return self.filter(half=half.code)

    def made_by(self, user: User) -> Self:
        """Submissions that the person entered or sent: these they never approve."""
        events = ApprovalEvent.objects.filter(submission=OuterRef("pk"), action__in=MAKING, actor=user)
        return self.filter(Q(entered_by=user) | Q(submitted_by=user) | models.Exists(events))

    def settled(self) -> Self:
        """Approved, or listed as missing: nothing more is expected before a report."""
        return self.filter(state__in=SubmissionState.those("is_settled"))

    def waiting_for_approval(self) -> Self:
        """Submissions that the city must look at, oldest first."""
        return self.filter(state=Submission.State.SUBMITTED).order_by("submitted_at")


class Submission(models.Model):
    """A unit's half-year: what it declares and says, on its way to approval. Blank is "not reported", never 0."""

    State = SubmissionState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="submissions", verbose_name=_("unit"))
    half = half_field()
    state = entry_field(_("state"), SubmissionState, max_length=10, default=SubmissionState.DRAFT)
    activities = models.TextField(_("what was done"), blank=True)
    difficulties = models.TextField(_("difficulties"), blank=True)
    plan = models.TextField(_("plan for the next half-year"), blank=True)
    proposals = models.TextField(_("proposals"), blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # What it said when it was approved last, kept by a trigger with its figures (ApprovedValue): it stands while the
    # half-year is opened again, until new ones are approved. None: never approved.
    approved_texts = models.JSONField(null=True, blank=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-half", "unit")
        constraints = [
            days_check("submission_days", moments=("submitted_at", "decided_at")),
            models.UniqueConstraint(fields=["unit", "half"], name="submission_once"),
            half_check("submission_half"),
            entry_check("submission_state", "state", SubmissionState),
            models.CheckConstraint(
                name="submission_not_approved_by_its_maker",
                condition=~Q(state=SubmissionState.APPROVED.value)
                | (
                    Q(decided_by__isnull=False, submitted_by__isnull=False)
                    & ~Q(decided_by=F("submitted_by"))
                    & ~Q(decided_by=F("entered_by"))
                ),
                violation_error_message=_("You cannot approve a half-year that you entered or submitted yourself."),
            ),
            models.CheckConstraint(
                name="submission_reason_given",
                condition=~Q(state__in=SubmissionState.those("needs_reason")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half}"

    @property
    def half_year(self) -> HalfYear:
        """The half-year as a value with its days."""
        return HalfYear.parse(self.half)

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return what a page shows of a half-year besides its own columns: the declared figures (one query)."""
        figures = list(self.values.order_by("indicator").values_list("indicator", "value"))
        told = ngettext("%(count)d figure", "%(count)d figures", len(figures)) % {"count": len(figures)}
        yield str(_("declared figures")), figures, told

    @property
    def was_approved(self) -> bool:
        """Whether approved figures of it stand, though it may be opened again."""
        return self.approved_texts is not None

    @property
    def is_editable(self) -> bool:
        """Whether the unit may still change it."""
        return SubmissionState(self.state).is_editable

    def is_made_by(self, user: User) -> bool:
        """Whether the person entered or sent it."""
        return Submission.objects.filter(pk=self.pk).made_by(user).exists()

    def find_opener(self) -> User | None:
        """Return who of the city has opened it since it was sent, if anybody has."""
        seen = self.events.filter(action=SEEN, at__gte=self.submitted_at).select_related("actor").first()
        return seen.actor if seen else None


class DeclaredValue(models.Model):
    """One figure that a unit declares; the indicator is a code of the catalogue in `reports/figures.py`."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="values")
    indicator = models.CharField(max_length=60)
    value = models.BigIntegerField()

    class Meta:
        ordering = ("indicator",)
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="declared_value_once"),
            models.CheckConstraint(name="declared_value_not_negative", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} = {self.value}"


class ApprovedValueQuerySet(models.QuerySet["ApprovedValue"]):
    """Declared figures as they were approved."""

    def by_unit(self, half: HalfYear) -> models.QuerySet[ApprovedValue, tuple[int, str, int]]:
        """Tuples of (unit id, indicator, value) of the half-year."""
        return (
            self.filter(submission__half=half.code).order_by().values_list("submission__unit_id", "indicator", "value")
        )


class ApprovedValue(models.Model):
    """A declared figure as it was approved last: what counts. A trigger copies it when its half-year is approved."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="approved_values")
    indicator = models.CharField(max_length=60)
    value = models.BigIntegerField()

    objects = ApprovedValueQuerySet.as_manager()

    class Meta:
        ordering = ("indicator",)
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="approved_value_once"),
            models.CheckConstraint(name="approved_value_not_negative", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} = {self.value}"


class ApprovalEvent(models.Model):
    """Append-only: who submitted, approved, returned, marked missing or reopened a half-year, and why."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=12)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("approval_event_days", moments=("at",)),
            models.CheckConstraint(
                name="approval_event_reason", condition=~Q(action__in=["return", "missing", "reopen"]) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.action}"


class ReportQuerySet(UnitScopedQuerySet):
    """Issued reports."""

    view_permission = Permission.VIEW_REPORT

    def of(self, half: HalfYear) -> Self:
        """Return reports on the half-year."""
        return self.filter(half=half.code)

    def without_files(self) -> Self:
        """For lists: the texts are not fetched (files are rows of their own)."""
        return self.defer("canonical", "payload", "exact")

    def with_replacement(self) -> Self:
        """For lists of every version: without files, and whether a newer one replaces it (`is_replaced`)."""
        return self.without_files().annotate(is_replaced=self._has_newer())

    def was_public(self) -> Self:
        """Return versions that readers could read, those revoked since among them."""
        return self.filter(state__in=ReportState.those("was_public"))

    def standing(self) -> Self:
        """Return versions that were numbered and not thrown away."""
        return self.exclude(state=ReportState.DISCARDED)

    def latest_versions(self) -> Self:
        """Return the issued reports that no newer version replaces: what readers find."""
        return self.filter(~self._has_newer(), state=ReportState.ISSUED)

    @staticmethod
    def _has_newer() -> models.Exists:
        return models.Exists(Report.objects.was_public().filter(replaces=OuterRef("pk")))


_ISSUE = (Permission.ISSUE_REPORT,)
#: How a report goes: numbered and frozen, signed on paper, then issued; or thrown away before it is.
REPORT_STEPS = Machine(
    Step("issue", (ReportState.FROZEN,), ReportState.ISSUED, _ISSUE),
    Step("discard", (ReportState.FROZEN,), ReportState.DISCARDED, _ISSUE),
    Step("revoke", (ReportState.ISSUED,), ReportState.REVOKED, _ISSUE),
)


class Report(models.Model):
    """A numbered half-year report: payload, hash and files, frozen. A newer one says why it replaces it.

    Nothing of it changes but its state, and who decided that when and why.
    """

    State = ReportState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="reports", verbose_name=_("unit"))
    half = half_field()
    version = models.PositiveSmallIntegerField(_("version"))
    number = models.PositiveIntegerField(_("number"))  # "Số 12/BC-HKH", unique within unit and year of issue
    symbol = models.CharField(max_length=30)
    code = models.CharField(max_length=16, unique=True)  # of /xac-minh/<code>/, printed beside the QR code
    payload = models.JSONField()  # what is public: figures of fewer than five people are not broken down in it
    exact = models.JSONField()  # {"figures", "by_unit", "own"} in full, for the association's own eyes
    canonical = models.TextField()  # the payload as canonical JSON (sorted keys, no spaces): what the hash is over
    sha256 = models.CharField(max_length=64)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason of the new version"), max_length=300, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, related_name="newer", null=True, blank=True)
    state = entry_field(_("state"), ReportState, max_length=10, default=ReportState.FROZEN)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Earlier versions of which this one would tell single people: their files are for staff once this one is issued.
    hides = models.JSONField(default=list)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ("-half", "unit", "-version")
        constraints = [
            days_check("report_days", days=("issued_on",), moments=("issued_at", "decided_at")),
            models.UniqueConstraint(
                fields=["unit", "half", "version"], name="report_version_once", condition=_NOT_DISCARDED
            ),
            models.UniqueConstraint(
                F("unit"), F("issued_on__year"), F("number"), name="report_number_once", condition=_NOT_DISCARDED
            ),
            models.UniqueConstraint(fields=["replaces"], name="report_replaced_once", condition=_NOT_DISCARDED),
            entry_check("report_state", "state", ReportState),
            models.CheckConstraint(
                name="report_decision_reason",
                condition=~Q(state__in=ReportState.those("needs_reason")) | Q(decision_reason__regex=LONG_REASON),
            ),
            half_check("report_half"),
            models.CheckConstraint(
                name="report_version_reason",
                condition=Q(version=1, replaces__isnull=True)
                | (Q(version__gt=1, replaces__isnull=False, reason__regex=LONG_REASON)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number:02d}/{self.symbol}"

    @property
    def half_year(self) -> HalfYear:
        """The half-year as a value with its days."""
        return HalfYear.parse(self.half)

    def content_of(self, kind: str) -> bytes:
        """Return the bytes of one of its files as they were issued. Raises ReportFile.DoesNotExist without one."""
        return bytes(self.files.only("content").get(kind=kind).content)


class ReportFile(models.Model):
    """One file of a numbered report, made when it was issued: what readers get is these bytes, and nothing newer."""

    Kind = ReportFileKind

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
    kind = entry_field(_("kind"), ReportFileKind, max_length=8)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("report", "id")
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="report_file_once"),
            entry_check("report_file_kind", "kind", ReportFileKind),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.kind}"


class DraftFile(models.Model):
    """A draft as a file, made by the worker once for everybody who sees the same figures, and kept for a day."""

    KEPT = dt.timedelta(days=1)
    STILL = dt.timedelta(minutes=2)  # no draft takes the worker so long: it was interrupted

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    kind = entry_field(_("kind"), ReportFileKind, max_length=8)
    sha256 = models.CharField(max_length=64)  # of the payload
    canonical = models.TextField()  # the payload that is written, as canonical JSON
    content = models.BinaryField(null=True)
    is_failed = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["unit", "half", "kind", "sha256"], name="draft_file_once"),
            days_check("draft_file_days", moments=("asked_at",)),
            half_check("draft_file_half"),
            entry_check("draft_file_kind", "kind", ReportFileKind),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half} {self.kind}"

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has it still before it, or is at it."""
        return self.content is None and not self.is_failed and self.asked_at > timezone.now() - self.STILL


class ReportComment(models.Model):
    """What a leader says of a draft before it is numbered; settled by whoever has seen to it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    text = models.CharField(_("comment"), max_length=1000)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("report_comment_days", moments=("written_at", "settled_at")),
            half_check("report_comment_half"),
            models.CheckConstraint(
                name="report_comment_settled",
                condition=Q(settled_by__isnull=True, settled_at__isnull=True)
                | Q(settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half}"


class ReportTask(models.Model):
    """What a unit's report of a half-year sets to be done in the next one, and what came of it."""

    State = TaskState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    text = models.CharField(_("task"), max_length=300)
    responsible = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("who does it")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = entry_field(_("state"), TaskState, max_length=10, default=TaskState.OPEN)
    note = models.CharField(_("what came of it"), max_length=300, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("due_on", "id")
        constraints = [
            days_check("report_task_days", days=("due_on",), moments=("written_at",)),
            half_check("report_task_half"),
            entry_check("report_task_state", "state", TaskState),
            seen_check("report_task_text", "text"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def badge(self) -> str:
        """The look of its state (portal.vocabulary.Badge)."""
        return {TaskState.OPEN: "pending", TaskState.DONE: "accepted"}.get(TaskState(self.state), "refused")


class ReportProposal(models.Model):
    """What a unit's report asks of the authorities, and the answer that came."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    text = models.CharField(_("proposal"), max_length=500)
    answer = models.CharField(_("answer received"), max_length=500, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("report_proposal_days", days=("answered_on",), moments=("written_at",)),
            half_check("report_proposal_half"),
            seen_check("report_proposal_text", "text"),
            models.CheckConstraint(
                name="report_proposal_answer",
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Target(models.Model):
    """What a unit wants to reach of an indicator in a year."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.BigIntegerField(_("target"))
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("year", "indicator")
        constraints = [
            days_check("target_days", moments=("set_at",)),
            models.UniqueConstraint(fields=["unit", "indicator", "year"], name="target_once"),
            models.CheckConstraint(name="target_in_bounds", condition=Q(value__gt=0, year__gte=1990, year__lte=2099)),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}"


class Meeting(models.Model):
    """The meeting that reviews a half-year of a unit."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    held_at = models.DateTimeField(_("day and time"))
    place = models.CharField(_("place"), max_length=200)
    chair = models.CharField(_("who presides"), max_length=200)
    delegates = models.PositiveIntegerField(_("number of delegates"), null=True, blank=True)
    guests = models.CharField(_("who is invited"), max_length=300, blank=True)
    programme = models.TextField(_("programme, one item a line"), blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            days_check("meeting_days", moments=("held_at",)),
            half_check("meeting_half"),
            models.UniqueConstraint(fields=["unit", "half"], name="meeting_once"),
            seen_check("meeting_words", "place", "chair"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half}"


class MeetingPhoto(models.Model):
    """A picture of the meeting with its caption, in the order in which they came; for the draft article."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="photos")
    content = models.BinaryField()  # a JPEG made anew by portal.services.pictures
    caption = models.CharField(_("caption"), max_length=300)

    class Meta:
        ordering = ("id",)
        constraints = [seen_check("meeting_photo_caption", "caption")]

    def __str__(self) -> str:
        return self.caption


class ReportArticle(models.Model):
    """A draft article made from a report: one click, one draft, so that a second click leads to the first."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="draft")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            days_check("report_article_days", moments=("created_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.article_id}"
