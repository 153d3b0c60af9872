"""The one search page over what every app keeps findable."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.lib.numbers import whole_number
from portal.lib.vietnamese import FIRST_DAY, TIME_ZONE, alphabet_key, fold, normalize, search_key
from portal.models import SearchEntry, Unit

RESULTS_PER_PAGE = 20
LAST_PAGE = 50  # 1,000 results: whoever has not found it by then asks with another word
SUGGESTIONS = 6
BEGUN_AMONG = 60  # so many of the words before a half-typed one are looked at
YEARS_OFFERED = 8
LONGEST_QUERY = 200
SNIPPET = 260  # signs
KIND_LABELS = {
    "article": _("News"),
    "programme": _("Programmes"),
    "fund": _("Funds"),
    "report": _("Reports"),
    "document": _("Documents"),
    "unit": _("Units"),
}


@dataclass(frozen=True)
class Result:
    """One line of the answer, the sought words marked."""

    entry: SearchEntry
    kind: str
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True)
class Asked:
    """What narrows the answer: kind, section, unit (its code) and year; "" and None leave it as it is."""

    kind: str
    section: str
    unit: str
    year: int | None

    @classmethod
    def read(cls, request: HttpRequest) -> Asked:
        """Return what the address says."""
        kind, section, unit = (normalize(request.GET.get(name, "")[:80]) for name in ("kind", "section", "unit"))
        year = whole_number(request.GET.get("year", ""), least=FIRST_DAY.year, most=2099)
        return cls(kind, section, unit.upper(), year)


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find articles, programmes, reports by their words, with accents or without, narrowed if asked."""
    query = normalize(request.GET.get("q", "")[:LONGEST_QUERY])
    usable = len(re.sub("[^a-z0-9]", "", search_key(query))) > 1
    asked = Asked.read(request)
    context: dict[str, Any] = {"query": query, "usable": usable, "asked": asked, "kinds": KIND_LABELS.items()}
    if usable:
        number = whole_number(request.GET.get("page", ""), least=1, most=LAST_PAGE) or 1
        found = _find(query, asked, number * RESULTS_PER_PAGE + 1)
        number = min(number, max(1, -(-len(found) // RESULTS_PER_PAGE)))
        start = (number - 1) * RESULTS_PER_PAGE
        shown = found[start : start + RESULTS_PER_PAGE]
        with_choices = SearchEntry.objects.with_choices().defer("pairs", "title_pairs", "words", "title_words")
        entries = with_choices.in_bulk(shown)
        more = len(found) > start + len(shown) and number < LAST_PAGE
        context |= {
            "unknown": asked.kind and asked.kind not in KIND_LABELS,
            **_offer_choices(next(iter(entries.values()), None) or with_choices.first(), asked),
            "results": [_make_result(entries[pk], query) for pk in shown if pk in entries],
            "first": start + 1, "final": start + len(shown), "total": None if more else len(found),
            "before": number - 1, "after": number + 1 if more else 0,
            "years": range(timezone.localdate().year, timezone.localdate().year - YEARS_OFFERED, -1),
        }  # fmt: skip
    return render(request, "portal/search.html", context)


@require_safe
def search_suggest(request: HttpRequest) -> JsonResponse:
    """Return a few titles (of a kind, if asked) for what has been typed so far; the form works without them."""
    query = normalize(request.GET.get("q", "")[:LONGEST_QUERY])
    asked, typed = Asked(request.GET.get("kind", ""), "", "", None), search_key(query)
    ids = _find(query, asked, SUGGESTIONS) if len(typed) > 1 else []
    whole = typed.rpartition(" ")[0]
    begun = _find(whole, asked, BEGUN_AMONG) if whole else []
    titles = {pk: one.title for pk, one in SearchEntry.objects.only("title").in_bulk({*ids, *begun}).items()}
    keys = {pk: f" {search_key(title)}" for pk, title in titles.items()}
    begin = [pk for pk in (*ids, *begun) if f" {typed}" in keys.get(pk, "")]  # the last word may be half typed
    found = list(dict.fromkeys(titles[pk] for pk in (*begin, *ids) if pk in titles))[:SUGGESTIONS]
    response = JsonResponse({"titles": found})
    response.headers["Cache-Control"] = "public, max-age=1"
    return response


def _offer_choices(entry: Any, asked: Asked) -> dict[str, Any]:
    """Return what the answer may be narrowed to, by name, and what was asked for that is none of it."""
    sections = sorted(entry.sections, key=alphabet_key) if entry else []
    units = sorted(entry.units, key=lambda unit: alphabet_key(unit["name"])) if entry else []
    chosen = ((asked.section, sections), (asked.unit, [unit["code"] for unit in units]))
    unfound = [one for one, offered in chosen if one and one not in offered]
    return {"sections": sections, "units": units, "unfound": unfound}


def _find(query: str, asked: Asked, count: int) -> list[int]:
    entries = SearchEntry.objects.visible()
    if asked.kind:
        entries = entries.filter(kind=asked.kind)
    if asked.section:
        entries = entries.filter(section=asked.section)
    if asked.unit:
        entries = entries.filter(unit=Unit.objects.filter(code=asked.unit).values("pk")[:1])  # no join: in its order
    if asked.year:
        first = dt.datetime(asked.year, 1, 1, tzinfo=TIME_ZONE)
        entries = entries.filter(visible_from__gte=first, visible_from__lt=first.replace(year=asked.year + 1))
    return entries.best(query, count)


def _make_result(entry: SearchEntry, query: str) -> Result:
    words = {word for word in re.findall("[a-z0-9]+", search_key(query)) if len(word) > 1}
    text = " ".join(entry.text.split())
    start = _find_first(text, search_key(query), words)
    begin = text.rfind(" ", 0, max(0, start - SNIPPET // 3)) + 1
    end = text.find(" ", min(len(text), begin + SNIPPET))
    piece = ("… " if begin else "") + text[begin : end if end > 0 else len(text)] + (" …" if end > 0 else "")
    kind = str(KIND_LABELS.get(entry.kind, entry.kind))
    return Result(entry, kind, _mark_words(entry.title, words), _mark_words(piece, words))


def _find_first(text: str, phrase: str, words: set[str]) -> int:
    """Return where the phrase stands in the text, or else the first of its words; 0 when none does."""
    folded = fold(text)
    if len(folded) != len(text):
        return 0
    place = folded.find(phrase)
    if place < 0:
        place = min((match.start() for match in _split_pieces(folded) if match[0] in words), default=0)
    return place


def _mark_words(text: str, words: set[str]) -> SafeString:
    """Return the text as HTML with the sought words marked as they are written, accents and all."""
    folded = fold(text)
    if len(folded) != len(text):
        return escape(text)
    marked: list[str] = []
    last = 0
    for match in _split_pieces(folded):
        if match[0] in words:
            marked += [
                escape(text[last : match.start()]),
                "<mark>",
                escape(text[match.start() : match.end()]),
                "</mark>",
            ]
            last = match.end()
    return SafeString("".join([*marked, escape(text[last:])]))  # nosec B703 - every text in it is escaped


def _split_pieces(folded: str) -> list[re.Match[str]]:
    return list(re.finditer("[a-z0-9]+", folded))
