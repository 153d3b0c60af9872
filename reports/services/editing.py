"""The text of a draft as staff have edited it: which words stand, what the figures say by now, which numbers fit none.

Reads and pure functions; `rewriting` writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import approximate, approximate_money, fold, format_int, slugify
from portal.models import Unit
from reports.figures import INDICATORS, Figures, Group, Measure
from reports.models import SectionText
from reports.services.narrative import Section

#: Of which chapters the figures under a heading are; under the others any figure may be told.
CHAPTERS = {
    "Công tác tuyên truyền": (Group.COMMUNICATION,),
    "Tập huấn và xây dựng các mô hình học tập": (Group.TRAINING, Group.TITLES),
    "Phát triển tổ chức Hội và hội viên": (Group.MEMBERS,),
    "Trung tâm học tập cộng đồng": (Group.CENTRES,),
    "Xây dựng Quỹ khuyến học, khuyến tài": (Group.FUNDS,),
    "Trao học bổng, khen thưởng và hỗ trợ": (Group.DISBURSEMENTS, Group.UNLISTED),
    "Thi đua, khen thưởng": (Group.COMMENDATION,),
    "Công tác kiểm tra": (Group.INSPECTION,),
}

#: A number with what it is counted in: not one of a day, a year, a document or a line.
_NUMBER = re.compile(
    r"(?<![\w/.,-])(?P<value>\d+(?:\.\d{3})*(?:,\d+)?)(?P<scale>\s*%|\s+(?:tỷ|triệu|nghìn)\b)?(?![\w/]|[.,-]\d)",
    re.IGNORECASE,
)
#: "ngày 5", "năm 2026", "số 12", "lớp 5" and "6 tháng" count nothing; nor does "1." at the beginning of a line.
_NAMED = re.compile(r"(?:\b(?:ngày|tháng|năm|quý|khóa|khoá|lớp|điều|khoản)|(?<!tổng )(?<!con )\bsố)\s+$", re.IGNORECASE)
_OF_TIME = re.compile(r"\s+tháng\b", re.IGNORECASE)
_OF_LINE = re.compile(r"[.)]\s")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class EditedSection:
    """One heading of a draft with the words that stand under it, and what is to be looked at there."""

    key: str
    heading: str
    level: int
    written: list[str]  # from the figures as they are now
    edit: SectionText | None = None
    strange: list[str] = field(default_factory=list)  # numbers in the edited text that no figure gives
    told: list[str] = field(default_factory=list)  # numbers in it that are withheld figures of a unit named beside them

    @property
    def paragraphs(self) -> list[str]:
        """The words that stand."""
        return split_text(self.edit.text) if self.edit else self.written

    @property
    def is_stale(self) -> bool:
        """Whether the figures have changed what would be written here since it was edited."""
        return self.edit is not None and self.edit.written != join_text(self.written)

    @property
    def changed(self) -> tuple[list[str], list[str]]:
        """The numbers that the text written from the figures had when it was edited, and those that it has instead."""
        before, now = _read_numbers(self.edit.written if self.edit else ""), _read_numbers(join_text(self.written))
        return (
            [shown for number, shown in before.items() if number not in now],
            [shown for number, shown in now.items() if number not in before],
        )


def key_of(heading: str) -> str:
    """Return what a heading is called in an address, whatever its number: "cong-tac-tuyen-truyen"."""
    return slugify(heading.partition(". ")[2] or heading)


def join_text(paragraphs: Iterable[str]) -> str:
    """Return paragraphs as one text to edit, an empty line between them."""
    return "\n\n".join(paragraphs)


def split_text(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines, the empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def edits_of(unit: Unit, half: HalfYear) -> dict[str, SectionText]:
    """Return what staff have written into the unit's draft, by heading."""
    rows = SectionText.objects.filter(unit=unit, half=half.code).select_related("edited_by")
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
    exact: Mapping[str, Figures],
    others: Iterable[Figures] = (),
) -> list[EditedSection]:
    """Return every heading of a draft.

    `payload` has the figures that may be told, `exact` those of the units in full, `others` those compared with.
    """
    listed = []
    for one in written:
        key = key_of(one["heading"])
        edit = edits.get(key)
        strange = _find_strange(edit, one, payload, list(others)) if edit else []
        told = _find_told(edit, payload, exact) if edit else []
        listed.append(EditedSection(key, one["heading"], one["level"], one["paragraphs"], edit, strange, told))
    return listed


def _find_strange(edit: SectionText, section: Section, payload: Mapping[str, Any], others: list[Figures]) -> list[str]:
    """Return the numbers that neither the written text gives nor a figure of the chapter; a unit's beside its name."""
    chapters = CHAPTERS.get(section["heading"].partition(". ")[2], tuple(Group))
    known = set(_read_numbers(join_text(section["paragraphs"])))
    for figures in (payload["figures"], payload["targets"], *others):
        known |= _write_numbers(figures, chapters)
    strange: list[str] = []
    for paragraph in split_text(edit.text):
        here, folded = set(known), fold(paragraph)
        for code, name in payload["units"].items():
            if fold(name) in folded:
                here |= _write_numbers(payload["by_unit"][code], chapters)
        strange += [shown for number, shown in _read_numbers(paragraph).items() if number not in here]
    return list(dict.fromkeys(strange))


def _find_told(edit: SectionText, payload: Mapping[str, Any], exact: Mapping[str, Figures]) -> list[str]:
    """Return the numbers that stand beside a unit's name and are what is withheld of it, and no other figure of it."""
    told: list[str] = []
    for paragraph in split_text(edit.text):
        folded, numbers = fold(paragraph), _read_numbers(paragraph)
        for code, withheld in payload["withheld"].items():
            if code in exact and fold(payload["units"][code]) in folded:
                hidden = {name: value for name, value in exact[code].items() if name in withheld}
                kept = _write_numbers(hidden, tuple(Group)) - _write_numbers(payload["by_unit"][code], tuple(Group))
                told += [shown for number, shown in numbers.items() if number in kept]
    return list(dict.fromkeys(told))


def _read_numbers(text: str) -> dict[tuple[str, str], str]:
    """Return the numbers of a text by value and scale, each with how it is written there."""
    found = {}
    for line in text.splitlines():
        for match in _NUMBER.finditer(line):
            value, scale = match["value"].replace(".", ""), (match["scale"] or "").strip().lower()
            if scale or not _counts_nothing(match["value"], line[: match.start()], line[match.end() :]):
                found[value.lstrip("0") or "0", scale] = match.group().strip()
    return found


def _counts_nothing(value: str, before: str, after: str) -> bool:
    is_year = _YEAR.fullmatch(value)
    is_of_line = not before.strip() and _OF_LINE.match(after)
    return bool(is_year or is_of_line or _NAMED.search(before) or _OF_TIME.match(after))


def _write_numbers(figures: Figures, chapters: Sequence[Group]) -> set[tuple[str, str]]:
    """Return the figures of the chapters as a text may give them: exact, rounded, in tỷ or triệu, as a share."""
    written: list[str] = []
    for code, value in figures.items():
        one = INDICATORS.get(code)
        if one is None or one.group not in chapters or value < 0:
            continue
        if one.measure is Measure.SHARE:
            written.append(f"{value // 10}{f',{value % 10}' if value % 10 else ''}%")
            continue
        written += [format_int(value), approximate(value).text]
        if one.measure is Measure.MONEY:
            written.append(approximate_money(value).text)
    return set(_read_numbers("\n".join(f"x {text}" for text in written)))
