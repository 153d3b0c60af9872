"""Which units a text names: by the whole name, with its word abbreviated, or by the proper name alone.

Pure. "Hải An" is Quận Hải An, and Phường Hải An too where there are both; "phường Hải An" is that one alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from portal.lib.vietnamese import fold
from portal.vocabulary import LevelWord
from reports.figures.rollup import ENDED, NOT_HANDED_OVER

Span = tuple[int, int]

#: Behind these a name is that of somebody or something else: a street, a school, a person, a unit of another kind.
_OTHERS = frozenset(
    fold(word)
    for word in (
        *LevelWord.values, "đường", "phố", "ngõ", "trường", "lớp", "chợ", "cầu", "sông", "làng", "thôn", "xóm", "tỉnh",
        "giải", "họ", "tộc", "ông", "bà", "anh", "chị", "em", "cháu", "cô", "thầy", "chùa", "đền", "đình",
    )
)  # fmt: skip
_WORD_BEFORE = re.compile(r"(?P<word>\w+)\.?\s+$")
_TWO_BEFORE = re.compile(r"(?P<words>\w+\s+\w+)\s+$")
_WORD_BEHIND = re.compile(r"\s+(?P<word>\w+)")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+")


def split_sentences(text: str) -> list[Span]:
    """Return where the sentences of a paragraph stand; a semicolon ends one too."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return list(zip([0, *ends], [*ends, len(text)], strict=True))


class NamedUnits:
    """Units by their code, and how a text names them; of one that has ended, without saying so."""

    def __init__(self, units: Mapping[str, str]) -> None:
        self._whole: dict[str, re.Pattern[str]] = {}
        self._alone: dict[str, re.Pattern[str]] = {}
        for code, written in units.items():
            name = fold(written.removesuffix(NOT_HANDED_OVER).removesuffix(ENDED).strip())
            kind, proper = _take_apart(name)
            words = "|".join([re.escape(fold(kind)), *(rf"{short}\.?" for short in kind.short)]) if kind else ""
            self._whole[code] = _pattern(rf"(?:{words})\s*{re.escape(proper)}" if kind else re.escape(name))
            if kind and " " in proper and not proper.startswith("so "):
                self._alone[code] = _pattern(re.escape(proper))

    def find(self, text: str) -> list[tuple[str, int]]:
        """Return (code, where it begins) of the units named; "Xã An" is not named in "Xã An Lão"."""
        folded = fold(text)
        found = [(code, match.span()) for code, name in self._whole.items() for match in name.finditer(folded)]
        found += [
            (code, match.span())
            for code, name in self._alone.items()
            for match in name.finditer(folded)
            if len(folded) != len(text) or _stands_alone(text, match.span())
        ]
        every = {span for _code, span in found}
        return sorted({(code, one[0]) for code, one in found if not any(_lies_within(one, other) for other in every)})


def _take_apart(name: str) -> tuple[LevelWord | None, str]:
    """Return the word of a folded name and what follows it; the longest word there is."""
    for word in sorted(LevelWord, key=lambda one: -len(one.value)):
        if name.startswith(f"{fold(word.value)} "):
            return word, name[len(word.value) :].strip()
    return None, name


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){name}(?!\w)")


def _stands_alone(text: str, span: Span) -> bool:
    """Whether a proper name without its word is a unit's: every syllable with its capital, no part of another name."""
    name, before, behind = text[span[0] : span[1]], text[: span[0]], _WORD_BEHIND.match(text[span[1] :])
    if not all(_is_capital(syllable) for syllable in name.split()):
        return False
    if behind and _is_capital(behind["word"]) and not name.isupper():
        return False
    word = _WORD_BEFORE.search(before)
    if word is None:
        return True
    if fold(word["word"]) in _OTHERS or ((two := _TWO_BEFORE.search(before)) and fold(two["words"]) in _OTHERS):
        return False
    begins = split_sentences(before)[-1][0]
    is_first = re.search(r"\w", before[begins : word.start()]) is None
    return not _is_capital(word["word"]) or fold(word["word"]) == "hoi" or is_first or name.isupper()


def _is_capital(word: str) -> bool:
    return word[0].isupper()


def _lies_within(one: Span, other: Span) -> bool:
    """Whether a stretch of text is a part of a longer one."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]
