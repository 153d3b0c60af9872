"""How the words for circumstances in a list are understood, text by text, and what the officer says they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from intakes.reading.words.words import is_doubtful_circumstance
from portal.vocabulary import Circumstance

TOPIC = "circumstance:"  # before the text, among the answers about a file
NO_CIRCUMSTANCE = "none"


@dataclass(frozen=True, slots=True)
class CircumstanceText:
    """One text of the file: how it is understood (a code, or "none"), on how many rows, and by whom."""

    text: str
    code: str
    count: int
    is_corrected: bool = False  # by the officer, for this file
    is_proposed: bool = False  # by what the unit said about its last file like this; not saved yet

    @property
    def is_doubtful(self) -> bool:
        """Whether it holds words of a hardship and is not read as one."""
        return not self.is_corrected and is_doubtful_circumstance(self.text)


def circumstance_choices() -> list[tuple[str, str]]:
    """Return what a text may be taken for."""
    return [
        (NO_CIRCUMSTANCE, _("Not counted as a circumstance")),
        *((code, str(label)) for code, label in Circumstance.choices),
    ]


def corrected_code(answers: Mapping[str, str], text: str, code: str | None) -> str | None:
    """Return the code of a text after the officer's answers; `code` is how it was read."""
    chosen = answers.get(TOPIC + text, "")
    if not chosen:
        return code
    if chosen not in Circumstance.values and chosen != NO_CIRCUMSTANCE:
        return code
    return None if chosen == NO_CIRCUMSTANCE else chosen


def circumstance_texts(
    rows: Iterable[Any], answers: Mapping[str, str], before: Mapping[str, str]
) -> list[CircumstanceText]:
    """Return the texts of the rows, the most frequent first; `before` is what was said about the last file like it."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if text := row.values.get("circumstance") or "":
            counts[text, row.values.get("circumstance_code") or NO_CIRCUMSTANCE] += 1
    found = []
    for (text, code), count in counts.most_common():
        earlier = before.get(TOPIC + text, "")
        proposed = TOPIC + text not in answers and earlier not in ("", code)
        found.append(CircumstanceText(text, earlier if proposed else code, count, TOPIC + text in answers, proposed))
    return found


def is_circumstance_answer(name: str, choice: str, rows: Iterable[Any]) -> bool:
    """Tell whether an answer says what a text of the rows means ("" takes it back)."""
    if not name.startswith(TOPIC) or choice not in ("", NO_CIRCUMSTANCE, *Circumstance.values):
        return False
    return any(row.values.get("circumstance") == name.removeprefix(TOPIC) for row in rows)
