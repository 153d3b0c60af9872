"""The one search page over what every app keeps findable."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from portal.lib.vietnamese import fold, normalize, search_key
from portal.models import SearchEntry

RESULTS_PER_PAGE = 20
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


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find articles, programmes, reports by their words, with accents or without."""
    query = normalize(request.GET.get("q", "")[:LONGEST_QUERY])
    usable = len(re.sub("[^a-z0-9]", "", search_key(query))) > 1
    context = {"query": query, "usable": usable}
    if usable:
        found = SearchEntry.objects.visible().matching(query)
        counts = dict(found.order_by().values_list("kind").annotate(Count("pk")))
        kind = request.GET.get("kind", "")
        if kind:
            found = found.filter(kind=kind)
        paginator = Paginator(found.defer("pairs", "title_pairs", "words", "title_words"), RESULTS_PER_PAGE)
        paginator.count = counts.get(kind, 0) if kind else sum(counts.values())  # counted already
        page = paginator.get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "kind": kind,
            "unknown": kind and kind not in KIND_LABELS and kind not in counts,
            "kinds": [(one, KIND_LABELS.get(one, one), count) for one, count in sorted(counts.items())],
            "results": [_make_result(entry, query) for entry in page],
            "total": sum(counts.values()),
        }
    return render(request, "portal/search.html", context)


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
    return SafeString("".join([*marked, escape(text[last:])]))  # nosec B703


def _split_pieces(folded: str) -> list[re.Match[str]]:
    return list(re.finditer("[a-z0-9]+", folded))
