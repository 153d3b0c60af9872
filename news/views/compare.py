"""Two states of an article side by side, word by word."""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.models import ArticleRevision, Attachment, Photo, PhotoWords, Tag
from news.services import plain_text

LONGEST = 20_000  # words compared


class Difference(NamedTuple):
    """One field that differs, as HTML with <del> and <ins>."""

    label: str | Promise
    markup: SafeString


def word_diff(before: str, after: str) -> SafeString:
    """Return `after` with what was taken out and put in, word by word; beyond the longest text as a whole."""
    whole = [re.findall(r"\s+|[^\s]+", text) for text in (before, after)]
    old, new = (words[:LONGEST] for words in whole)
    rest = ["".join(words[LONGEST:]) for words in whole]
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
    if rest[0] == rest[1]:
        parts.append(escape(rest[1]))
    else:  # nothing that changed may stay out of sight of whoever approves it
        parts += [
            f"<{mark}>{escape(words)}</{mark}>" for mark, words in zip(("del", "ins"), rest, strict=True) if words
        ]
    return SafeString("".join(parts).replace("\n", "<br>"))  # nosec B703 - every text in it is escaped above


def differences(before: ArticleRevision | None, after: ArticleRevision) -> list[Difference]:
    """Return what changed between two revisions; with nothing before, everything is new."""
    empty = ArticleRevision()
    old = before or empty
    names = _name_inserts(old, after)
    pairs = [
        (_("Title"), old.title, after.title),
        (_("Lead"), old.lead, after.lead),
        (_("Text of the article"), _make_readable(old.body, names), _make_readable(after.body, names)),
        (_("Byline"), old.byline, after.byline),
        (_("Source"), old.source, after.source),
        (_("Tags"), _name_tags(old), _name_tags(after)),
        (_("Cover photo"), str(old.cover or ""), str(after.cover or "")),
        (_("Photos"), _list_words(old, names), _list_words(after, names)),
        (_("Photo story"), _say_yes(old.is_photo_story), _say_yes(after.is_photo_story)),
    ]
    changed = [Difference(label, word_diff(was, now)) for label, was, now in pairs if was != now]
    if old.category_id != after.category_id:
        was, now = _name_category(old), _name_category(after)
        changed.insert(0, Difference(_("Category"), format_html("<del>{}</del> <ins>{}</ins>", was, now)))
    return changed


def _say_yes(answer: bool) -> str:
    return gettext("yes") if answer else gettext("no")


def _name_category(revision: ArticleRevision) -> str:
    return revision.category.name if revision.category_id else ""


def _name_tags(revision: ArticleRevision) -> str:
    known = Tag.objects.filter(pk__in=revision.tag_ids) if revision.tag_ids else ()
    return ", ".join(tag.name for tag in known)


def _name_inserts(old: ArticleRevision, after: ArticleRevision) -> dict[str, str]:
    """Return how photos and files of two states are called, by "photo-12": two of one caption differ by the number."""
    photos = {*old.photo_ids_in_text, *after.photo_ids_in_text, *map(int, [*old.photo_words, *after.photo_words])}
    files = {*old.attachment_ids_in_text, *after.attachment_ids_in_text}
    names = {}
    if photos:
        called = gettext("Photo no. %(number)d: %(name)s")
        for pk, photo in Photo.objects.in_bulk(photos).items():
            names[f"photo-{pk}"] = called % {"number": pk, "name": photo}
    if files:
        for pk, file in Attachment.objects.in_bulk(files).items():
            names[f"file-{pk}"] = file.file_name
    return names


def _list_words(revision: ArticleRevision, names: dict[str, str]) -> str:
    """Return what a state says of its photos, a line for each: "[name] caption / description / credit"."""
    return "\n".join(
        f"[{names.get(f'photo-{number}', number)}] {words['caption']} / {_say_alt(words)} / {words['credit']}"
        for number, words in sorted(revision.photo_words.items(), key=lambda one: int(one[0]))
        if any(words.values())
    )


def _say_alt(words: PhotoWords) -> str:
    return gettext("decorative photo") if words.get("decorative") else words["alt"]


def _make_readable(body: str, names: dict[str, str]) -> str:
    """Return the text with its photos and files as [name], so that one that is moved or another shows."""

    def name(place: re.Match[str]) -> str:
        return f"<p>[{escape(names.get(f'{place[1]}-{place[2]}', place[2]))}]</p>"

    body = re.sub(r'<figure data-(photo|file)="(\d*)"></figure>', name, body)
    return plain_text(re.sub(r'<figure data-video="([^"]*)"(?: title="([^"]*)")?></figure>', r"<p>[\1] \2</p>", body))
