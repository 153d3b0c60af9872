"""The one search page over what every app keeps findable."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.lib.numbers import whole_number
from portal.lib.vietnamese import (
    FIRST_DAY,
    TIME_ZONE,
    Piece,
    alphabet_key,
    fold,
    normalize,
    search_key,
    search_pieces,
    search_syllables,
)
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
    asked, typed = Asked(request.GET.get("kind", ""), "", "", None), " ".join(search_syllables(query))
    ids = _find(query, asked, SUGGESTIONS) if len(typed) > 1 else []
    whole = typed.rpartition(" ")[0]
    begun = _find(whole, asked, BEGUN_AMONG) if whole else []
    titles = {pk: one.title for pk, one in SearchEntry.objects.only("title").in_bulk({*ids, *begun}).items()}
    keys = {pk: " ".join(["", *search_syllables(title)]) for pk, title in titles.items()}
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
    text = " ".join(entry.text.split())
    titled, written = _Marked(entry.title), _Marked(text)
    sought = _Sought(query, (titled, written))
    start = written.first(sought)
    begin = text.rfind(" ", 0, max(0, start - SNIPPET // 3)) + 1
    end = text.find(" ", min(len(text), begin + SNIPPET))
    end = end if end > 0 else len(text)
    snippet = format_html(
        "{}{}{}", "… " if begin else "", written.html(sought, begin, end), " …" if end < len(text) else ""
    )
    return Result(
        entry, str(KIND_LABELS.get(entry.kind, entry.kind)), titled.html(sought, 0, len(entry.title)), snippet
    )


class _Marked:
    """A text and its words as the search knows them, each with where it stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        folded = fold(text)
        self.pieces = search_pieces(folded) if len(folded) == len(text) else []

    def first(self, sought: _Sought) -> int:
        """Return where the sought words stand in their order, or else the first of them; 0 when none does."""
        places = [(piece.start, syllable) for piece in self.pieces for syllable in piece.syllables]
        asked = sought.syllables
        said = [syllable for _start, syllable in places]
        whole = next((at for at in range(len(said)) if said[at : at + len(asked)] == asked), None) if asked else None
        if whole is not None:
            return places[whole][0]
        return next((piece.start for piece in self.pieces if sought.holds(self.text, piece)), 0)

    def html(self, sought: _Sought, begin: int, end: int) -> SafeString:
        """Return a part of the text as HTML, the sought words in it marked as they are written, accents and all."""
        parts: list[SafeString] = []
        last = begin
        for piece in self.pieces:
            if begin <= piece.start and piece.end <= end and sought.holds(self.text, piece):
                before, word = self.text[last : piece.start], self.text[piece.start : piece.end]
                parts.append(format_html("{}<mark>{}</mark>", before, word))
                last = piece.end
        return format_html_join("", "{}", ((part,) for part in [*parts, escape(self.text[last:end])]))


class _Sought:
    """The words of a query; one typed with its accents is met by words with other ones only where none has these."""

    def __init__(self, query: str, texts: Iterable[_Marked]) -> None:
        self.syllables = search_syllables(query)
        typed = _Marked(unicodedata.normalize("NFKC", query))
        written = {fold(typed.text[piece.start : piece.end]): _letters(typed.text, piece) for piece in typed.pieces}
        self._typed = {syllable: written.get(syllable, syllable) for syllable in self.syllables}
        said = {_letters(one.text, piece) for one in texts for piece in one.pieces}
        self._exact = {syllable for syllable, letters in self._typed.items() if letters != syllable and letters in said}

    def holds(self, text: str, piece: Piece) -> bool:
        """Tell whether a word of a text is one that is sought."""
        is_lone = len(self.syllables) == 1  # a lone one is what words begin with
        for one in self.syllables:
            if any(said == one or (is_lone and said.startswith(one)) for said in piece.syllables):
                return one not in self._exact or _letters(text, piece) == self._typed[one]
        return False


def _letters(text: str, piece: Piece) -> str:
    """Return the letters and marks of a word in an order of their own: "hòa" is "hoà"; without marks, the word."""
    word = text[piece.start : piece.end].casefold()
    return word if word.isascii() else "".join(sorted(unicodedata.normalize("NFD", word)))
