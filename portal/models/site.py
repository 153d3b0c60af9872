"""What the association says of itself, and the cards that higher apps put on the home page."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.vocabulary import ZeroWord


class SiteProfile(models.Model):
    """The association's own facts, edited by the administrator; there is exactly one row."""

    name = models.CharField(_("name of the association"), max_length=160)
    short_name = models.CharField(_("short name"), max_length=80, blank=True)
    city_name = models.CharField(_("city"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    owner_line = models.CharField(_("owner of the site"), max_length=200, blank=True)
    responsible_person = models.CharField(_("responsible for the content"), max_length=160, blank=True)
    licence_line = models.CharField(_("licence"), max_length=200, blank=True)
    logo = models.ImageField(_("logo"), upload_to="site/", blank=True)
    about = models.TextField(_("about the association"), blank=True)
    parent_body = models.CharField(_("head of documents, first line (superior body)"), max_length=160, blank=True)
    issuing_body = models.CharField(_("head of documents, second line (issuing body)"), max_length=160)
    document_place = models.CharField(_("place in the date line of documents"), max_length=80)
    report_symbol = models.CharField(_("symbol of reports"), max_length=30, default="BC-HKH")
    signature_authority = models.CharField(_("signature, on behalf of"), max_length=120, blank=True)
    signature_title = models.CharField(_("signature, position"), max_length=120, blank=True)
    signature_name = models.CharField(_("signature, name"), max_length=120, blank=True)
    recipients_of_documents = models.TextField(_("recipients of documents, one per line"), blank=True)
    legal_bases = models.TextField(_("legal bases of reports, one per line"), blank=True)
    second_person = models.BooleanField(
        _("articles are published only after a second person's approval"), default=False,
        help_text=_("Off: an editor may publish what they wrote themselves."),
    )  # fmt: skip
    remind_days = models.PositiveSmallIntegerField(
        _("days before a deadline on which officers are reminded by e-mail"), default=7,
        help_text=_("Once before the deadline, and once more when it has passed. 0: nobody is reminded by e-mail."),
    )  # fmt: skip
    names_lagging = models.BooleanField(
        _("public reports name the units that lag behind"), default=False,
        help_text=_("Off: only the internal annex of a report names them."),
    )  # fmt: skip
    zero_tens_word = entry_field(_("word for a zero in the tens"), ZeroWord, max_length=10, default=ZeroWord.LINH)

    class Meta:
        constraints = [
            seen_check("site_profile_names_seen", "name", "city_name", "issuing_body", "document_place"),
            models.CheckConstraint(name="site_profile_single", condition=Q(pk=1)),
            models.CheckConstraint(
                name="site_profile_remind_days",
                condition=Q(remind_days__lte=60),
                violation_error_message=_("Reminders go out at most 60 days before a deadline."),
            ),
            entry_check("site_profile_zero_tens_word", "zero_tens_word", ZeroWord),
        ]

    def __str__(self) -> str:
        return self.name

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return what the page shows besides the association's own facts: its pages on social networks (one query)."""
        pages = list(Fanpage.objects.values_list("name", "owner", "url"))
        yield str(_("pages on social networks")), pages, ", ".join(name for name, _owner, _url in pages)


class Fanpage(models.Model):
    """A page of the association (or of a friend) on a social network, and whose it is."""

    name = models.CharField(_("name"), max_length=120)
    owner = models.CharField(_("whose page it is"), max_length=160)
    url = models.URLField(_("address"), max_length=300)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            seen_check("fanpage_names_seen", "name", "owner"),
        ]

    def __str__(self) -> str:
        return self.name


class HighlightQuerySet(models.QuerySet["Highlight"]):
    """Cards of the home page."""

    def current(self, now: datetime.datetime | None = None) -> Self:
        """Cards that show at this moment."""
        moment = now or timezone.now()
        return self.filter(shown_from__lte=moment).filter(Q(shown_until__isnull=True) | Q(shown_until__gt=moment))

    def ending_first(self) -> Self:
        """Of what is open now: the lines, first what ends first."""
        return self.filter(is_line=True).order_by(models.F("shown_until").asc(nulls_last=True), "title", "key")


class Highlight(models.Model):
    """A card that a higher app's service publishes and the home page shows, so that the home need not know that app."""

    key = models.CharField(max_length=60, unique=True)  # "reports.latest": one card per key, replaced by its owner
    title = models.CharField(_("title"), max_length=200)
    figures = models.JSONField(default=list)  # [{"label": ..., "value": ..., "hint": ...}], already written out
    link = models.CharField(max_length=300, blank=True)
    is_line = models.BooleanField(default=False)  # a line in the list of what is open now, not a band of its own
    position = models.PositiveSmallIntegerField(default=0)
    shown_from = models.DateTimeField(default=timezone.now)
    shown_until = models.DateTimeField(null=True, blank=True)

    objects = HighlightQuerySet.as_manager()

    class Meta:
        ordering = ("position", "key")
        constraints = [
            days_check("highlight_days", moments=("shown_from", "shown_until")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def last_day(self) -> datetime.date | None:
        """The last whole day on which it shows."""
        last = self.shown_until and timezone.localdate(self.shown_until - datetime.timedelta(seconds=1))
        return last or None
