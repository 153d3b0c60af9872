"""What the one search page finds: every app's services keep their entries here."""

from __future__ import annotations

import datetime
from typing import Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import search_query
from portal.models.unit import Unit


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries of the search page."""

    def visible(self, now: datetime.datetime | None = None) -> Self:
        """Entries that the public may find at this moment."""
        moment = now or timezone.now()
        return self.filter(visible_from__lte=moment).filter(Q(visible_until__isnull=True) | Q(visible_until__gt=moment))

    def matching(self, text: str) -> Self:
        """Entries holding every word of `text`, accents or not; best first. Nothing usable in it finds nothing."""
        query = search_query(text)
        if not query:
            return self.none()
        match = RawSQL(
            "to_tsvector('simple', pairs) @@ to_tsquery('simple', %s)", [query], output_field=models.BooleanField()
        )
        rank = RawSQL("ts_rank(to_tsvector('simple', title_pairs), to_tsquery('simple', %s))", [query])
        return self.filter(match).annotate(rank=rank).order_by("-rank", "-visible_from", "-id")


class SearchEntry(models.Model):
    """One findable thing: an article, a programme, a report, a document."""

    kind = models.CharField(_("kind"), max_length=30)
    ref = models.CharField(max_length=60)  # "news.article:12": whose row this is, so that it can be replaced
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    title_pairs = models.TextField(blank=True)  # folded syllables and syllable pairs of the title
    pairs = models.TextField(blank=True)  # the same of title and text: what is indexed
    link = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True, blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref"], name="search_entry_ref")]
        indexes = [GinIndex(SearchVector("pairs", config="simple"), name="search_entry_words")]

    def __str__(self) -> str:
        return self.title
