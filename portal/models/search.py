"""What the one search page finds: every app's services keep their entries here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Case, ExpressionWrapper, F, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import SearchTerms, fold, normalize, search_terms
from portal.models.checks import days_check
from portal.models.unit import Unit

_COMPARED = 150  # entries that are compared with each other where the index cannot say which is better
_LEAST_LOOKED_INTO, _MOST_LOOKED_INTO = 200, 1200  # of the newest entries, before the index is asked
_SELDOM = 0.03  # of those looked into: what no more of them hold, few entries hold
_RECENT = 8000  # entries among which the index is asked first for what is neither common nor seldom
_BEGINNING = dt.datetime(1945, 1, 1, tzinfo=dt.UTC)
_DATE_THAT_NO_INDEX_HAS = ExpressionWrapper(F("visible_from") + Value(dt.timedelta()), models.DateTimeField())
_WHOLE = models.IntegerField()
# Which values stand in a column, each found by one step in the index of that column: 100,000 entries are not read.
_VALUES = """
WITH RECURSIVE held AS (
  (SELECT {0} AS held FROM portal_searchentry WHERE {0} > {1} AND visible_from <= %s ORDER BY {0} LIMIT 1)
  UNION ALL
  SELECT (SELECT e.{0} FROM portal_searchentry e WHERE e.{0} > h.held AND e.visible_from <= %s ORDER BY e.{0} LIMIT 1)
  FROM held h WHERE h.held IS NOT NULL
) SELECT held FROM held WHERE held IS NOT NULL
"""
_SECTIONS, _UNITS = _VALUES.format("section", "''"), _VALUES.format("unit_id", "0")
_QUOTED = re.compile('["“”].+["“”]')


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    """Entries of the search page."""

    def visible(self, now: dt.datetime | None = None) -> Self:
        """Entries that the public may find at this moment."""
        moment = now or timezone.now()
        return self.filter(visible_from__lte=moment).filter(Q(visible_until__isnull=True) | Q(visible_until__gt=moment))

    def with_choices(self, now: dt.datetime | None = None) -> Self:
        """Annotate `sections` (names) and `units` (code and name) in which anything at all may be found.

        The same on every row: a page has them with what it found, by the same query.
        """
        moment = now or timezone.now()
        sections = RawSQL(f"ARRAY({_SECTIONS})", [moment, moment], output_field=ArrayField(models.TextField()))  # noqa: S611 - fixed words # nosec B611
        held: Any = Unit.objects.filter(pk__in=RawSQL(_UNITS, [moment, moment]))  # noqa: S611 - the same # nosec B611
        units = held.named_on(timezone.localdate(moment)).values(told=JSONObject(code="code", name="name"))
        return self.annotate(sections=sections, units=ArraySubquery(units))

    def matching(self, text: str) -> Self:
        """Entries holding every word of `text`, accents or not, wherever each stands; nothing usable finds nothing."""
        words = search_terms(text).words
        return self.filter(_match("words", words)) if words else self.none()

    def best(self, text: str, count: int) -> list[int]:
        """Return the ids of the best `count` entries for `text`, best first.

        First those that hold every pair of neighbouring syllables, in the title before elsewhere, newest first; only
        where these are too few, those that hold every syllable, by how many pairs they hold, then title, then date. Of
        these, and of titles where accents tell two words apart, the newest 150 are compared. In quotation marks
        the words must be neighbours.
        """
        terms = search_terms(text)
        if not terms.words:
            return []
        asked = terms.neighbours or terms.words
        found = _exact_first(self, asked, text, count)
        if len(found) == count:
            return found
        rest = self.exclude(pk__in=found)
        if not terms.neighbours or _QUOTED.fullmatch(text.strip()):
            return found + [pk for pk, _title in _newest(rest, "words", asked, count - len(found))]
        whole, apart = _look_for_both(rest, terms, max(count, _COMPARED))
        found += [pk for pk, _title in _newest(rest, "words", asked, count - len(found), whole)]
        if len(found) < count:
            found += _by_pairs(self.exclude(pk__in=found), terms, apart.without(found))[: count - len(found)]
        return found


@dataclass(frozen=True)
class _Seen:
    """Those of the newest entries that hold what is asked: a sample of all, or all there are."""

    found: list[tuple[int, str]]
    looked: int  # entries that were looked into
    is_all: bool
    recent: dt.datetime  # about as many entries as `_RECENT` says are not older, if those before are no denser

    def without(self, ids: list[int]) -> _Seen:
        """Return the same but for these entries."""
        known = set(ids)
        return replace(self, found=[(pk, title) for pk, title in self.found if pk not in known])


def _look(entries: SearchEntryQuerySet, fits: Any, count: int, least: Sequence[int]) -> list[_Seen]:
    """Look into the newest entries once; for each of `least` those where `fits` is so much or more."""
    far = min(max(_LEAST_LOOKED_INTO, 2 * count), _MOST_LOOKED_INTO)
    newest = entries.order_by("-visible_from", "-id").annotate(fits=Cast(fits, _WHOLE))
    rows = list(newest.values_list("pk", "title", "fits", "visible_from")[:far])
    recent = _BEGINNING
    if rows:
        first, last = rows[0][3], rows[-1][3]
        recent = last - min((first - last) * (_RECENT / len(rows)), last - _BEGINNING)
    return [
        _Seen([(pk, title) for pk, title, fit, _day in rows if fit >= one], len(rows), len(rows) < far, recent)
        for one in least
    ]


def _look_for_both(entries: SearchEntryQuerySet, terms: SearchTerms, count: int) -> list[_Seen]:
    """Return which of the newest entries hold the neighbours, and which every word; without a word, no neighbours."""
    both = Case(When(_match("words", terms.words), then=1 + Cast(_match("words", terms.neighbours), _WHOLE)), default=0)
    return _look(entries, both, count, (2, 1))


def _newest(
    entries: SearchEntryQuerySet, column: str, asked: str, count: int, seen: _Seen | None = None
) -> list[tuple[int, str]]:
    """Return ids and titles of the newest `count` entries whose column holds what is asked.

    The newest few are looked into first (`seen`: they were already): what many entries hold is found there. Where they
    hold it too seldom the index finds all that do; left alone, the planner walks by date there as well, through
    thousands of long texts.
    """
    seen = seen or _look(entries, _match(column, asked), count, (1,))[0]
    if len(seen.found) >= count or seen.is_all:
        return seen.found[:count]
    fitting = entries.filter(_match(column, asked)).order_by(_DATE_THAT_NO_INDEX_HAS.desc(), "-id")
    if len(seen.found) > _SELDOM * seen.looked:
        some = fitting.filter(visible_from__gte=seen.recent)
        if len(found := list(some.values_list("pk", "title")[:count])) == count:
            return found
    return list(fitting.values_list("pk", "title")[:count])


def _match(column: str, query: str) -> RawSQL:
    condition = f"{column} @@ to_tsquery('simple', %s)"
    return RawSQL(condition, [query], output_field=models.BooleanField())  # noqa: S611 - fixed names # nosec B611


def _exact_first(entries: SearchEntryQuerySet, asked: str, text: str, count: int) -> list[int]:
    """Return ids of entries by their titles, those that write the accents as they were typed first."""
    typed = normalize(text).strip('"“”').casefold()
    is_plain = typed == fold(typed)
    titles = _newest(entries, "title_words", asked, count if is_plain else max(count, _COMPARED))
    if not is_plain:
        titles.sort(key=lambda one: typed not in one[1].casefold())
    return [pk for pk, _title in titles[:count]]


def _by_pairs(entries: SearchEntryQuerySet, terms: SearchTerms, seen: _Seen) -> list[int]:
    """Return ids of the newest entries that hold every syllable, those that hold more pairs first, then by title."""
    pairs: Any = sum((Cast(_match("words", pair), _WHOLE) for pair in terms.pairs), Value(0))
    newest = [pk for pk, _title in _newest(entries, "words", terms.words, _COMPARED, seen)]
    # asked apart, so that only these are looked into for their pairs: in one query every entry that fits would be
    held = SearchEntry.objects.filter(pk__in=newest).annotate(held=pairs, titled=_match("title_words", terms.words))
    ranks = {pk: (-count, not titled) for pk, count, titled in held.values_list("pk", "held", "titled")}
    return sorted(newest, key=lambda pk: ranks.get(pk, (0, True)))


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
    section = models.CharField(max_length=80, blank=True)  # the section it stands in, found by its name as well
    link = models.CharField(max_length=300)
    unit = models.ForeignKey(  # has an index below
        Unit, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    visible_from = models.DateTimeField()
    visible_until = models.DateTimeField(null=True, blank=True)

    objects = SearchEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            days_check("search_entry_days", moments=("visible_from", "visible_until")),
            models.UniqueConstraint(fields=["ref"], name="search_entry_ref"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="search_entry_words"),
            GinIndex(fields=["title_words"], name="search_entry_title_words"),
            models.Index(F("visible_from").desc(), F("id").desc(), name="search_entry_newest"),
            models.Index(F("kind"), F("visible_from").desc(), F("id").desc(), name="search_entry_newest_of_kind"),
            models.Index(F("unit"), F("visible_from").desc(), F("id").desc(), name="search_entry_newest_of_unit"),
            models.Index(F("section"), F("visible_from").desc(), F("id").desc(), name="search_entry_newest_in_section"),
        ]

    def __str__(self) -> str:
        return self.title
