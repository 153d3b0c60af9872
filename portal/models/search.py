"""What the one search page finds: every app's services keep their entries here."""

from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import search_query
from portal.models.checks import days_check
from portal.models.unit import Unit


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries of the search page."""

    def visible(self, now: datetime.datetime | None = None) -> Self:
        """Entries that the public may find at this moment."""
        moment = now or timezone.now()
        return self.filter(visible_from__lte=moment).filter(Q(visible_until__isnull=True) | Q(visible_until__gt=moment))

    def matching(self, text: str) -> Self:
        """Entries holding every word of `text`, accents or not; those that hold them in the title first.

        Nothing usable in `text` finds nothing.
        """
        query = search_query(text)
        if not query:
            return self.none()
        match = RawSQL("words @@ to_tsquery('simple', %s)", [query], output_field=models.BooleanField())
        in_title = RawSQL("title_words @@ to_tsquery('simple', %s)", [query], output_field=models.BooleanField())
        return self.filter(match).annotate(in_title=in_title).order_by("-in_title", "-visible_from", "-id")


class SearchEntry(models.Model):
    """One findable thing: an article, a programme, a report, a document."""

    kind = models.CharField(_("kind"), max_length=30)
    ref = models.CharField(max_length=60)  # "news.article:12": whose row this is, so that it can be replaced
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    title_pairs = models.TextField(blank=True)  # folded syllables and syllable pairs of the title
    pairs = models.TextField(blank=True)  # the same of title and text
    title_words = models.GeneratedField(
        expression=SearchVector("title_pairs", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    words = models.GeneratedField(  # stored, so that no search computes it again for each hit
        expression=SearchVector("pairs", config="simple"), output_field=SearchVectorField(), db_persist=True
    )
    link = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True, blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            days_check("search_entry_days", moments=("visible_from", "visible_until")),
            models.UniqueConstraint(fields=["ref"], name="search_entry_ref"),
        ]
        indexes = [GinIndex(fields=["words"], name="search_entry_words")]

    def __str__(self) -> str:
        return self.title
