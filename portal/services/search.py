"""Keeping the search page's entries; called by every app's services in the transaction of the row itself."""

from __future__ import annotations

import datetime

from django.db.models import Value
from django.db.models.functions import Concat, Left, Length

from portal.lib.vietnamese import normalize, search_document
from portal.models import SearchEntry, Unit
from portal.services.texts import longest, shorten


def keep_search_entry(
    *,
    kind: str,
    ref: str,
    title: str,
    text: str,
    link: str,
    visible_from: datetime.datetime,
    visible_until: datetime.datetime | None = None,
    unit: Unit | None = None,
    section: str = "",
) -> SearchEntry:
    """Make or replace the entry of the row `ref` ("news.article:12").

    `text` is what a reader sees, without markup; `section` is found as a text of its own.
    """
    values = {
        "kind": kind,
        "title": shorten(normalize(title), longest(SearchEntry, "title")),
        "text": text,
        "title_pairs": search_document(title),
        "pairs": search_document(title, text, section),
        "section": section,
        "link": link,
        "unit": unit,
        "visible_from": visible_from,
        "visible_until": visible_until,
    }
    return SearchEntry.objects.update_or_create(ref=ref, defaults=values)[0]


def drop_search_entry(*, ref: str) -> None:
    """The row can no longer be found: withdrawn, erased."""
    SearchEntry.objects.filter(ref=ref).delete()


def rename_section(*, kind: str, before: str, after: str) -> int:
    """Let the entries of a kind in a section be found by its new name; return how many there are."""
    old, new = search_document(before), search_document(after)
    found = SearchEntry.objects.filter(kind=kind, section=before)
    bare = Left("pairs", Length("pairs") - len(old))  # the section's words stand last
    return found.update(section=after, pairs=Concat(bare, Value(new)))
