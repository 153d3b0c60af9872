"""Two states of an article side by side, word by word."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from news.models import ArticleRevision, Tag
from news.services import plain_text

LONGEST = 20_000  # words compared


class Difference(NamedTuple):
    """One field that differs, as HTML with <del> and <ins>."""

    label: str | Promise
    markup: SafeString


def word_diff(before: str, after: str) -> SafeString:
    """Return `after` with what was taken out and put in, word by word."""
    old, new = (re.findall(r"\s+|[^\s]+", text)[:LONGEST] for text in (before, after))
    parts: list[str] = []
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=len(old) > 2000)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            parts.append(escape("".join(new[j1:j2])))
            continue
        if old[i1:i2]:
            parts.append(f"<del>{escape(''.join(old[i1:i2]))}</del>")
        if new[j1:j2]:
            parts.append(f"<ins>{escape(''.join(new[j1:j2]))}</ins>")
    return SafeString("".join(parts).replace("\n", "<br>"))  # nosec B703 - every text in it is escaped above


def differences(before: ArticleRevision | None, after: ArticleRevision) -> list[Difference]:
    """Return what changed between two revisions; with nothing before, everything is new."""
    empty = ArticleRevision()
    old = before or empty
    pairs = [
        (_("Title"), old.title, after.title),
        (_("Lead"), old.lead, after.lead),
        (_("Text of the article"), _make_readable(old.body), _make_readable(after.body)),
        (_("Byline"), old.byline, after.byline),
        (_("Source"), old.source, after.source),
        (_("Tags"), _name_tags(old), _name_tags(after)),
        (_("Cover photo"), str(old.cover or ""), str(after.cover or "")),
        (_("Photos"), _list_words(old), _list_words(after)),
    ]
    changed = [Difference(label, word_diff(was, now)) for label, was, now in pairs if was != now]
    if old.category_id != after.category_id:
        was, now = _name_category(old), _name_category(after)
        changed.insert(0, Difference(_("Category"), format_html("<del>{}</del> <ins>{}</ins>", was, now)))
    return changed


def _name_category(revision: ArticleRevision) -> str:
    return revision.category.name if revision.category_id else ""


def _name_tags(revision: ArticleRevision) -> str:
    known = Tag.objects.filter(pk__in=revision.tag_ids) if revision.tag_ids else ()
    return ", ".join(tag.name for tag in known)


def _list_words(revision: ArticleRevision) -> str:
    """Return what a state says of its photos, a line for each: "[12] caption / description / credit"."""
    return "\n".join(
        f"[{number}] {words['caption']} / {words['alt']} / {words['credit']}"
        for number, words in sorted(revision.photo_words.items(), key=lambda one: int(one[0]))
        if any(words.values())
    )


def _make_readable(body: str) -> str:
    """Return the text with its photos as [12], so that a moved or changed photo shows."""
    body = re.sub(r'<figure data-(?:photo|file)="(\d*)"></figure>', r"<p>[\1]</p>", body)
    return plain_text(re.sub(r'<figure data-video="([^"]*)"(?: title="([^"]*)")?></figure>', r"<p>[\1] \2</p>", body))
