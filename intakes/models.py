"""A workbook on its way in: uploaded, previewed and repaired, then taken in or given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Self

from django.db import models
from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, User
from portal.models.checks import days_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_field
from portal.models.unit import unit_name, unit_scope
from portal.permissions import Permission
from portal.vocabulary import BatchMode, IntakeKind

KEPT_DAYS = 30  # that a file lies untaken before it is erased,
NOTICE_DAYS = 7  # and of these, how many it is announced
MOST_WAITING = 30  # files named on a list's page: all of one person's, for they may have no more


class IntakeQuerySet(models.QuerySet["Intake"]):
    """Uploads."""

    def unfinished(self) -> Self:
        """Uploads that nobody has taken in or given up yet."""
        return self.filter(finished_at=None)

    def taken_into_list(self, kind: str, pk: int) -> Self:
        """Uploads of which this list holds the rows taken so far; unfinished ones wait for answers."""
        return self.filter(kind=kind, taken_into=pk).defer("content", "cells", "reading")

    def with_open_questions(self) -> Self:
        """Uploads that wait for answers, or to be taken in at all; not those of which only rows to mend are left."""
        return self.filter(left_rows=None)

    def sent_by(self, user: User, kinds: Mapping[str, Permission]) -> Self:
        """Uploads of the units for which the person may send lists of these kinds (kind -> the right it asks for)."""
        asked = Q()
        for kind, permission in kinds.items():
            asked |= Q(kind=kind, unit_id__in=unit_scope(user, permission))
        return self.filter(asked)

    def waiting_for(self, user: User, kind: str, permission: Permission) -> Self:
        """Unfinished uploads of a kind within the person's scope: their own first, then the newest."""
        if permission not in user.permissions:
            return self.none()
        mine = Case(When(uploaded_by=user, then=0), default=1)
        found = self.unfinished().sent_by(user, {kind: permission}).order_by(mine, "-uploaded_at").with_unit_name()
        return found.select_related("uploaded_by").defer("content", "cells", "reading")[:MOST_WAITING]

    def own_unfinished(self, user: User) -> Self:
        """All that a person has sent and not taken in or given up, newest first."""
        found = self.unfinished().filter(uploaded_by=user).order_by("-uploaded_at").with_unit_name()
        return found.select_related("uploaded_by").defer("content", "cells", "reading")

    def with_unit_name(self) -> Self:
        """Annotate `unit_name`, as it is called today, or was last."""
        return self.annotate(unit_name=unit_name("unit"))


class Intake(models.Model):
    """An officer's file with the officer's decisions on it (columns, repairs, dropped rows), before it becomes facts.

    The file's bytes hold personal data: they are cleared as soon as the list is taken in or given up.
    """

    Kind = IntakeKind

    kind = entry_field(None, IntakeKind, max_length=20)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    half = half_field(blank=True)
    mode = entry_field(None, BatchMode, max_length=20, blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    cells = models.BinaryField(null=True)  # the file once opened (`reading.kept`),
    reading = models.BinaryField(null=True)  # what was understood of it,
    reading_key = models.CharField(max_length=64, blank=True)  # and with which of the officer's answers
    being_read_since = models.DateTimeField(null=True, blank=True)  # by the worker
    refusal = models.JSONField(null=True, blank=True)  # why it cannot be read: {"code": ..., "params": ...}
    mapping = models.JSONField(default=dict)  # header -> field, as the officer settled it
    repairs = models.JSONField(default=dict)  # "sheet!row" -> {field: text}
    decisions = models.JSONField(
        default=dict
    )  # "sheet!row" -> {"drop": true} | {"repeat": reason} | {"replace": row id}
    answers = models.JSONField(default=dict)  # id of a question -> the choice
    taken_into = models.PositiveBigIntegerField(null=True, blank=True)  # the list that holds the rows taken so far
    left_rows = models.PositiveIntegerField(null=True, blank=True)  # taken in but for these: to mend, or left out
    corrects = models.BooleanField(default=False)  # the file takes the place of that list's rows
    is_guessed = models.BooleanField(default=False)  # unit, half and mode were found in the file, nobody chose them
    said = models.JSONField(default=dict)  # by which of its words: {"unit": ..., "half": ...}, or {"open": true}
    row_count = models.PositiveIntegerField(null=True, blank=True)  # once it has been read,
    to_mend = models.PositiveIntegerField(null=True, blank=True)  # and once it has been looked at
    warned_at = models.DateTimeField(null=True, blank=True)  # that it will be erased
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at",)
        constraints = [
            days_check("intake_days", moments=("uploaded_at", "being_read_since", "finished_at", "warned_at")),
            entry_check("intake_kind", "kind", IntakeKind),
            entry_check("intake_mode", "mode", BatchMode, blank=True),
            models.CheckConstraint(
                name="intake_corrects_a_list", condition=Q(corrects=False) | Q(taken_into__isnull=False)
            ),
            models.CheckConstraint(
                name="intake_content_cleared",
                condition=Q(finished_at__isnull=True, content__isnull=False)
                | Q(finished_at__isnull=False, content__isnull=True, cells__isnull=True, reading__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def erased_on(self) -> dt.date | None:
        """The day on which it is erased unless it is taken in; None while that is not announced."""
        if self.warned_at is None:
            return None
        last = max(self.uploaded_at + dt.timedelta(days=KEPT_DAYS), self.warned_at + dt.timedelta(days=NOTICE_DAYS))
        return timezone.localtime(last).date()

    def finish(self) -> None:
        """Erase the file and what was typed into it: both hold personal data."""
        self.content = self.cells = self.reading = None
        self.repairs, self.decisions, self.answers, self.finished_at = {}, {}, {}, timezone.now()
        self.save(update_fields=["content", "cells", "reading", "repairs", "decisions", "answers", "finished_at"])

    def maker_ids(self) -> set[int]:
        """Return the people who made the list what it is: who sent it, who mended, mapped or decided anything."""
        return {self.uploaded_by_id, *self.helpers.values_list("person_id", flat=True)}


class IntakeHelper(models.Model):
    """Somebody who mended, mapped or decided something of an upload: the list is theirs too, they do not approve it."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="helpers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("intake", "person")
        constraints = [models.UniqueConstraint(fields=["intake", "person"], name="intake_helper_once")]

    def __str__(self) -> str:
        return f"{self.intake_id}: {self.person_id}"


class RememberedAnswer(models.Model):
    """What a unit answered to a question about a file: proposed, never applied by itself, for its next file like it.

    `topic` names the question: the code of one, or a repair of all equal errors. No row and no person is named here.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = entry_field(None, IntakeKind, max_length=20)
    layout = models.CharField(max_length=64)  # digest of the headings of the file
    topic = models.CharField(max_length=200)
    choice = models.CharField(max_length=300)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("unit", "kind", "layout", "topic")
        constraints = [
            days_check("remembered_answer_days", moments=("answered_at",)),
            entry_check("remembered_answer_kind", "kind", IntakeKind),
            models.UniqueConstraint(fields=["unit", "kind", "layout", "topic"], name="remembered_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.choice}"
