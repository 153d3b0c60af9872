"""Documents of the association for everybody: decisions, plans, notices, with their files."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.permissions import Permission
from portal.vocabulary import DocumentKind


class DocumentQuerySet(UnitScopedQuerySet["Document"]):
    """Documents."""

    view_permission = Permission.VIEW_NEWSROOM

    def public(self) -> Self:
        """Return what everybody may read."""
        return self.filter(withdrawn_at__isnull=True)

    def newest_first(self) -> Self:
        """In the order of lists: by the day on which each was issued."""
        return self.order_by("-issued_on", "-id")


class Document(models.Model):
    """One document as it was issued; its file is what was sent, under a name that nobody guesses."""

    Kind = DocumentKind

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    kind = entry_field(_("kind"), DocumentKind, max_length=12)
    number = models.CharField(_("number and symbol"), max_length=60)
    issuer = models.CharField(_("issued by"), max_length=160)
    issued_on = models.DateField(_("issued on"))
    effective_on = models.DateField(_("in force from"), null=True, blank=True)
    abstract = models.CharField(_("what it is about"), max_length=500)
    file = models.FileField(_("file"), upload_to="documents/%Y/%m/", max_length=200, unique=True)
    file_name = models.CharField(_("name of the file"), max_length=120)
    file_size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=300, blank=True)

    UNVERSIONED = ("changed_at",)
    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-issued_on", "-id")
        indexes = [
            models.Index("kind", models.F("issued_on").desc(), models.F("id").desc(), name="document_by_kind"),
            models.Index(models.F("issued_on").desc(), models.F("id").desc(), name="document_newest"),
        ]
        constraints = [
            days_check(
                "document_days",
                days=("issued_on", "effective_on"),
                moments=("created_at", "changed_at", "withdrawn_at"),
            ),
            entry_check("document_kind", "kind", DocumentKind),
            seen_check("document_texts_seen", "number", "issuer", "abstract", "file_name"),
            models.CheckConstraint(
                name="document_withdrawn_has_reason", condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason="")
            ),
            models.UniqueConstraint(
                fields=["number", "issuer", "issued_on"], name="document_once", condition=Q(withdrawn_at__isnull=True),
                violation_error_message=_("This document is there already: the same number, issuer and day."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the document's page."""
        return reverse("document_detail", args=[self.pk])

    @property
    def file_kind(self) -> str:
        """What the file is: "pdf" or "docx"."""
        return str(self.file.name).rpartition(".")[2]
