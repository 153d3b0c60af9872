"""The table of contents of a long article, and the anchors of its headings."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

from news.services.markup import plain_text
from portal.lib.vietnamese import slugify

LEAST_HEADINGS = 3
LEAST_WORDS = 600  # about three screens of a phone's text; below that the headings are found by the eye
_HEADING = re.compile(r"<h([2-4])>(.*?)</h\1>", re.DOTALL)


@dataclass
class Heading:
    """A line of the contents: its words, where it leads, and the lines below it."""

    words: str
    anchor: str
    below: list[Heading] = field(default_factory=list)


def with_anchors(text: str) -> tuple[SafeString, list[Heading]]:
    """Return the clean text of an article with an anchor at each heading, and its contents where it is long.

    An anchor is made of the heading's own words, so a link to it stays when text or headings around it change; the same
    words once more get a number. Contents name the two upper kinds of headings that the text has.
    """
    used: set[str] = set()
    numbers: dict[str, int] = {}  # how far the same words have been counted
    found: list[tuple[int, Heading]] = []

    def mark(place: re.Match[str]) -> str:
        words = html.unescape(re.sub(r"<[^>]*>", "", place[2].replace("<br>", " "))).strip()
        stem = f"muc-{slugify(words)}".rstrip("-")
        anchor, number = stem, numbers.get(stem, 1)
        while anchor in used:
            number += 1
            anchor = f"{stem}-{number}"
        numbers[stem] = number
        used.add(anchor)
        found.append((int(place[1]), Heading(words, anchor)))
        return f'<h{place[1]} id="{anchor}">{place[2]}</h{place[1]}>'

    marked = mark_safe(_HEADING.sub(mark, text))  # noqa: S308 - cleaned when it was saved # nosec B308 B703
    is_long = len(found) >= LEAST_HEADINGS and len(plain_text(text).split()) >= LEAST_WORDS
    return marked, _nest(found) if is_long else []


def _nest(found: list[tuple[int, Heading]]) -> list[Heading]:
    upper, *deeper = sorted({level for level, _heading in found})
    lines: list[Heading] = []
    for level, heading in found:
        if level == upper or not lines:
            lines.append(heading)
        elif level == deeper[0]:
            lines[-1].below.append(heading)
    return lines
