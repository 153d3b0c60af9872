"""The text of a draft as staff have edited it: which words stand, what the figures say by now, which numbers fit none.

Reads and pure functions; `rewriting` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from portal.lib.periods import Period
from portal.models import Unit
from reports.figures import Figures, Group
from reports.models import SectionText
from reports.services.contents import key_of
from reports.services.marking import KnownNumbers, MarkedText, Piece, read_numbers
from reports.services.narrative import CHAPTERS, Section


@dataclass(frozen=True)
class EditedSection:
    """One heading of a draft with the words that stand under it, and what is to be looked at there."""

    key: str
    heading: str
    level: int
    written: list[str]  # from the figures as they are now
    numbers: KnownNumbers  # what a text may give there
    edit: SectionText | None = None

    @property
    def paragraphs(self) -> list[str]:
        """The words that stand."""
        return split_text(self.edit.text) if self.edit else self.written

    @cached_property
    def marked(self) -> MarkedText:
        """The words that stand; where they were edited, with marks on the numbers to be looked at."""
        return self.mark(self.edit.text) if self.edit else MarkedText([[Piece(one)] for one in self.written])

    def mark(self, text: str) -> MarkedText:
        """Return a text that would stand here, with marks on the numbers to be looked at."""
        return self.numbers.mark(split_text(text))

    @property
    def is_stale(self) -> bool:
        """Whether the figures have changed what would be written here since it was edited."""
        return self.edit is not None and self.edit.written != join_text(self.written)

    @property
    def changed(self) -> tuple[list[str], list[str]]:
        """The numbers that the text written from the figures had when it was edited, and those that it has instead."""
        before, now = read_numbers(self.edit.written if self.edit else ""), read_numbers(join_text(self.written))
        return (
            [shown for number, shown in before.items() if number not in now],
            [shown for number, shown in now.items() if number not in before],
        )


def join_text(paragraphs: Iterable[str]) -> str:
    """Return paragraphs as one text to edit, an empty line between them."""
    return "\n\n".join(paragraphs)


def split_text(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines, the empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def edits_of(unit: Unit, period: Period) -> dict[str, SectionText]:
    """Return what staff have written into the unit's draft, by heading."""
    rows = SectionText.objects.filter(unit=unit, period=period.code).select_related("edited_by")
    return {one.section: one for one in rows}


def apply_edits(written: Sequence[Section], edits: Mapping[str, SectionText]) -> list[Section]:
    """Return the text as it stands: the edited words under their headings, all else as it is written."""
    return [
        Section(level=one["level"], heading=one["heading"], paragraphs=split_text(edit.text))
        if (edit := edits.get(key_of(one["heading"])))
        else one
        for one in written
    ]


def list_sections(
    written: Sequence[Section],
    edits: Mapping[str, SectionText],
    payload: Mapping[str, Any],
    exact: Mapping[str, Any],
    others: Iterable[Figures] = (),
) -> list[EditedSection]:
    """Return every heading of a draft.

    `payload` has the figures that may be told, `exact` the same in full, `others` those compared with.
    """
    listed, compared = [], list(others)
    for one in written:
        key = key_of(one["heading"])
        chapters = next((chapter.groups for chapter in CHAPTERS if key_of(chapter.heading) == key), tuple(Group))
        numbers = KnownNumbers(chapters, one["paragraphs"], payload, exact, compared)
        listed.append(EditedSection(key, one["heading"], one["level"], one["paragraphs"], numbers, edits.get(key)))
    return listed
