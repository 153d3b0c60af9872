"""Two people's changes of one article put together: what each changed alone is kept, what both changed is a clash."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from news.models import PhotoWords

#: What an editor writes, as the form calls it.
FIELDS = ("category", "title", "lead", "body", "byline", "source", "cover", "tags", "is_photo_story")


class Merged(NamedTuple):
    """The values put together; where both changed the same thing it is mine, and the field is among the clashes."""

    values: dict[str, Any]
    clashes: list[str]


def merge_values(before: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> Merged:
    """Put two states together that both came from `before`; texts of paragraphs paragraph by paragraph."""
    values: dict[str, Any] = {}
    clashes: list[str] = []
    for field in FIELDS:
        old, their, own = before[field], theirs[field], mine[field]
        if own in (old, their):
            values[field] = their
        elif their == old:
            values[field] = own
        else:
            both = merge_blocks(old, their, own) if field == "body" else None
            values[field] = own if both is None else both
            if both is None:
                clashes.append(field)
    values["photo_words"], clash = _merge_words(before["photo_words"], theirs["photo_words"], mine["photo_words"])
    return Merged(values, [*clashes, *(["photo_words"] if clash else [])])


def merge_blocks(before: str, theirs: str, mine: str) -> str | None:
    """Return clean HTML with both people's changes; None where both changed the same paragraphs."""
    old = before.split("\n")
    changes = sorted(_changes(old, theirs.split("\n")) + _changes(old, mine.split("\n")))
    merged: list[str] = []
    at = 0
    last: tuple[int, int, tuple[str, ...]] | None = None
    for change in changes:
        begin, end, new = change
        if change == last:
            continue
        if begin < at or (last is not None and begin == last[1] and (begin == end or last[0] == last[1])):
            return None
        merged += [*old[at:begin], *new]
        at, last = end, change
    return "\n".join([*merged, *old[at:]])


def _changes(old: list[str], new: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [(i1, i2, tuple(new[j1:j2])) for kind, i1, i2, j1, j2 in matcher.get_opcodes() if kind != "equal"]


def _merge_words(
    before: Mapping[int, PhotoWords], theirs: Mapping[int, PhotoWords], mine: Mapping[int, PhotoWords]
) -> tuple[dict[int, PhotoWords], bool]:
    nothing: dict[str, object] = {"caption": "", "alt": "", "credit": "", "decorative": False}
    merged: dict[int, PhotoWords] = {}
    clash = False
    for photo in sorted({*before, *theirs, *mine}):
        old, their = ({**nothing, **said.get(photo, nothing)} for said in (before, theirs))
        own = {**nothing, **mine.get(photo, their)}
        words = dict(own)
        for field in nothing:
            if own[field] == old[field]:
                words[field] = their[field]
            elif their[field] not in (old[field], own[field]):
                clash = True
        merged[photo] = cast("PhotoWords", words)
    return merged, clash
