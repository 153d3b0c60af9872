"""Files that the worker makes while somebody waits on a page that looks again."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.account import User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.unit import Unit
from portal.vocabulary import AskedFileKind


class BackgroundFile(models.Model):
    """What every file made by the worker has: when it was asked for, and whether it failed or was left behind."""

    KEPT: ClassVar[dt.timedelta] = dt.timedelta(days=1)
    STILL: ClassVar[dt.timedelta] = dt.timedelta(minutes=2)  # nothing takes the worker so long: it was interrupted

    is_failed = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    @property
    def is_made(self) -> bool:
        """Whether nothing is left to do for the worker."""
        raise NotImplementedError

    @property
    def moved_last(self) -> dt.datetime:
        """When the worker was last seen at it."""
        return self.asked_at

    @property
    def is_waiting(self) -> bool:
        """Whether the worker has it still before it, or is at it."""
        return not self.is_made and not self.is_failed and self.moved_last > timezone.now() - self.STILL


class AskedFileQuerySet(models.QuerySet["AskedFile"]):
    """Files that people asked for."""

    def being_made(self) -> Self:
        """Those that the worker makes, or has not begun."""
        return self.filter(finished_at__isnull=True, is_failed=False)

    def of(self, person: User) -> Self:
        """Those of a person; nobody else is ever shown them."""
        return self.filter(asked_by=person)

    def outlived(self) -> Self:
        """Those that are kept no longer."""
        return self.filter(asked_at__lte=timezone.now() - AskedFile.KEPT)


class AskedFile(BackgroundFile):
    """A long list, or papers of many people, made for the one who asked: with its bytes in parts when it is ready.

    Its bytes name people: they go after a day, and when anybody's data are erased meanwhile.
    """

    STILL = dt.timedelta(minutes=5)  # a workbook of a million rows is closed in less

    kind = entry_field(_("what it is"), AskedFileKind, max_length=12)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    content_of = models.JSONField(default=dict)  # how the rows are found; of a list it goes as soon as it is written
    units = models.JSONField(null=True)  # the units of its rows, by their ids; null: all
    file_name = models.CharField(max_length=80)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(default=timezone.now)  # when the worker last said how far it is
    finished_at = models.DateTimeField(null=True, blank=True)  # ready, or gone
    gone_at = models.DateTimeField(null=True, blank=True)  # given up, or its bytes erased

    objects = AskedFileQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("asked_file_days", moments=("asked_at", "moved_at", "finished_at", "gone_at")),
            entry_check("asked_file_kind", "kind", AskedFileKind),
            seen_check("asked_file_name_seen", "file_name"),
            models.CheckConstraint(
                name="asked_file_gone_finished", condition=Q(gone_at__isnull=True) | Q(finished_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_made(self) -> bool:
        """Whether it is ready or gone."""
        return self.finished_at is not None

    @property
    def moved_last(self) -> dt.datetime:
        """When the worker last said how far it is."""
        return self.moved_at

    @property
    def is_ready(self) -> bool:
        """Whether it can be handed out."""
        return self.finished_at is not None and self.gone_at is None and self.expires_at > timezone.now()

    @property
    def expires_at(self) -> dt.datetime:
        """When its bytes go."""
        return self.asked_at + self.KEPT


class FilePart(models.Model):
    """Some of a file's bytes: what is long is never whole in memory."""

    file = models.ForeignKey(AskedFile, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ("file", "number")
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="file_part_once")]

    def __str__(self) -> str:
        return f"{self.file_id}, {self.number}"
