"""What a half-year leads to: tasks, proposals to those above, targets, and the review meeting."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import period_check, period_field
from portal.vocabulary import TaskState


class ReportTask(models.Model):
    """What a unit's report of a half-year sets to be done in the next one, and what came of it."""

    State = TaskState

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    period = period_field()
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
            period_check("report_task_period"),
            entry_check("report_task_state", "state", TaskState),
            seen_check("report_task_text", "text"),
            models.UniqueConstraint(fields=["unit", "period", "text"], name="report_task_once"),
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
    period = period_field()
    text = models.CharField(_("proposal"), max_length=500)
    answer = models.CharField(_("answer received"), max_length=500, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("report_proposal_days", days=("answered_on",), moments=("written_at",)),
            period_check("report_proposal_period"),
            seen_check("report_proposal_text", "text"),
            models.UniqueConstraint(fields=["unit", "period", "text"], name="report_proposal_once"),
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
    period = period_field()
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
            period_check("meeting_period"),
            models.UniqueConstraint(fields=["unit", "period"], name="meeting_once"),
            seen_check("meeting_words", "place", "chair"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.period}"


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
