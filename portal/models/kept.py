"""What somebody had typed when their session was over: kept for a short while, for them alone."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils import timezone

from portal.models.account import User
from portal.models.checks import days_check

KEPT_FOR = dt.timedelta(hours=2)


class KeptInputQuerySet(models.QuerySet["KeptInput"]):
    """Kept input."""

    def of(self, person: User) -> Self:
        """What is still kept for a person; nobody else is ever shown it."""
        return self.filter(person=person, kept_at__gt=timezone.now() - KEPT_FOR)

    def outlived(self) -> Self:
        """What has been kept long enough."""
        return self.filter(kept_at__lte=timezone.now() - KEPT_FOR)


class KeptInput(models.Model):
    """One form that was sent after its session had ended: where it went, where it stands, what was in it."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=500)  # to which the form was sent
    page = models.CharField(max_length=500)  # on which it stands
    fields = models.JSONField()  # [[name, value], ...]; never files
    saves = models.BooleanField()  # sending it again only saves what was typed; else the button is pressed anew
    had_files = models.BooleanField()
    kept_at = models.DateTimeField(auto_now_add=True)

    objects = KeptInputQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [days_check("kept_input_days", moments=("kept_at",))]

    def __str__(self) -> str:
        return self.path
