"""Files that readers take along with an article: they stand in its text by their ids, as photos do."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, User
from portal.models.checks import days_check, seen_check
from portal.models.unit import unit_scope
from portal.permissions import Permission


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Attachments."""

    def seen_by(self, person: User) -> Self:
        """Return what a person of the newsroom sees: brought in by them, or for an article of their units."""
        return self.filter(Q(uploaded_by=person) | Q(unit_id__in=unit_scope(person, Permission.VIEW_NEWSROOM)))

    def usable_in(self, article_id: int, actor: User) -> Self:
        """Return what the actor may put into the article."""
        if actor.is_system:
            return self
        return self.filter(
            Q(article_id=article_id) | Q(uploaded_by=actor) | Q(unit_id__in=unit_scope(actor, Permission.VIEW_NEWSROOM))
        )


class Attachment(models.Model):
    """One file as it was sent, under a name that nobody guesses; it never changes."""

    file = models.FileField(upload_to="attachments/%Y/%m/", max_length=200, unique=True)
    file_name = models.CharField(_("name of the file"), max_length=120)  # as readers see it
    file_size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    article = models.ForeignKey("Article", on_delete=models.PROTECT, null=True, blank=True, related_name="attachments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    form_key = models.CharField(max_length=36, blank=True)  # of a new article's form that has not been saved yet
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("attachment_days", moments=("uploaded_at",)),
            seen_check("attachment_name_seen", "file_name"),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        """Return the address under which readers take it."""
        return reverse("attachment_file", args=[self.pk])

    @property
    def kind(self) -> str:
        """What the file is: "pdf" or "docx"."""
        return str(self.file.name).rpartition(".")[2]

    def card(self) -> SafeString:
        """Return the file as it stands in a text: its name, what it is and how large."""
        return format_html(
            '<p class="article-file"><a href="{}">{}</a> <span>({}, {})</span></p>',
            self.get_absolute_url(), self.file_name, "PDF" if self.kind == "pdf" else "Word",
            filesizeformat(self.file_size),
        )  # fmt: skip
