"""Half-year submissions: what units declare, by when, and how it is approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Self

from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.lib.periods import HalfYear
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_check, half_field
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import SubmissionState

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


class Reminder(models.Model):
    """That a unit's officers were reminded by e-mail of a half-year: once before its deadline, once after."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    half = half_field()
    due_on = models.DateField(_("due on"))
    is_late = models.BooleanField(_("after the deadline"))
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("reminder_days", days=("due_on",), moments=("sent_at",)),
            half_check("reminder_half"),
            models.UniqueConstraint(fields=["unit", "half", "due_on", "is_late"], name="reminder_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half} {self.due_on}"


#: How a unit's half-year goes on its way; what is listed as missing may still come until it is closed.
SUBMISSION_STEPS = Machine(
    Step("save", (SubmissionState.DRAFT, SubmissionState.MISSING), SubmissionState.DRAFT, _FILE),
    Step("save", (SubmissionState.RETURNED,), SubmissionState.RETURNED, _FILE),
    Step("submit", (SubmissionState.DRAFT, SubmissionState.RETURNED), SubmissionState.SUBMITTED, _FILE),
    Step("take_back", (SubmissionState.SUBMITTED,), SubmissionState.DRAFT, _FILE),
    Step("approve", (SubmissionState.SUBMITTED,), SubmissionState.APPROVED, _APPROVE, other_person=True),
    Step("return", (SubmissionState.SUBMITTED, SubmissionState.APPROVED), SubmissionState.RETURNED, _APPROVE),
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
    # Of one approved before its half-year was over: the last day that its declared figures hold.
    data_through = models.DateField(_("declared figures go through"), null=True, blank=True, editable=False)
    # What the city says at single figures of a returned half-year (indicator -> words); gone when the figure is mended.
    cell_reasons = models.JSONField(default=dict, blank=True, editable=False)
    # What it said when it was approved last, kept by a trigger with its figures (ApprovedValue): it stands while the
    # half-year is opened again, until new ones are approved. None: never approved.
    approved_texts = models.JSONField(null=True, blank=True, editable=False)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ("-half", "unit")
        constraints = [
            days_check("submission_days", days=("data_through",), moments=("submitted_at", "decided_at")),
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
        figures = list(self.values.order_by("indicator").values_list("indicator", "value", "note", "evidence"))
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


class Declaration(models.Model):
    """A declared figure, why it is what it is, and the lines whose sum it is where the unit gives some."""

    indicator = models.CharField(max_length=60)  # a code of the catalogue in `reports/figures`
    value = models.BigIntegerField()
    note = models.CharField(_("note"), max_length=300, blank=True, default="", db_default="")
    #: [{"text", "amount"}]; the database holds that their sum is the figure (CHECK in 0002_guards)
    evidence = models.JSONField(
        _("lines behind the figure"), default=list, db_default=models.Value([], models.JSONField()), blank=True
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.indicator} = {self.value}"


class DeclaredValue(Declaration):
    """One figure that a unit declares."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="values")

    class Meta:
        ordering = ("indicator",)
        constraints = [
            models.UniqueConstraint(fields=["submission", "indicator"], name="declared_value_once"),
            models.CheckConstraint(name="declared_value_not_negative", condition=Q(value__gte=0)),
        ]


class ApprovedValueQuerySet(models.QuerySet["ApprovedValue"]):
    """Declared figures as they were approved."""

    def standing(self, moment: dt.datetime | None = None) -> Self:
        """Those approved last, now or at a moment."""
        if moment is None:
            return self.filter(replaced_at__isnull=True)
        return self.filter(Q(replaced_at__isnull=True) | Q(replaced_at__gt=moment), approved_at__lte=moment)

    def by_unit(self, half: HalfYear) -> models.QuerySet[ApprovedValue, tuple[int, str, int]]:
        """Tuples of (unit id, indicator, value) of what stands for the half-year."""
        rows = self.standing().filter(submission__half=half.code).order_by()
        return rows.values_list("submission__unit_id", "indicator", "value")


class ApprovedValue(Declaration):
    """A declared figure as it was approved: what counts until its half-year is approved again. A trigger copies it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="approved_values")
    approved_at = models.DateTimeField(editable=False)
    replaced_at = models.DateTimeField(null=True, editable=False)  # what a report said before it keeps its rows

    objects = ApprovedValueQuerySet.as_manager()

    class Meta:
        ordering = ("indicator",)
        constraints = [
            days_check("approved_value_days", moments=("approved_at", "replaced_at")),
            models.UniqueConstraint(
                fields=["submission", "indicator"], name="approved_value_once", condition=Q(replaced_at__isnull=True)
            ),
            models.CheckConstraint(name="approved_value_not_negative", condition=Q(value__gte=0)),
        ]


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


class SignedScan(models.Model):
    """A signed and sealed paper, scanned; staff read it, the newest last. It is never changed: a trigger refuses."""

    content = models.BinaryField()
    ending = models.CharField(max_length=4)  # pdf, jpg
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ("id",)
        constraints = [days_check("%(class)s_days", moments=("added_at",))]


class SubmissionScan(SignedScan):
    """The paper of a sent half-year, signed by the unit's head."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="scans")

    def __str__(self) -> str:
        return f"{self.submission_id}.{self.ending}"

    @property
    def is_earlier(self) -> bool:
        """Whether the half-year was sent again since: other figures may have been signed."""
        sent = self.submission.submitted_at
        return sent is not None and self.added_at < sent
