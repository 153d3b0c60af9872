"""What a closed list is: codes with their labels and what else is to be said of an entry.

The lists themselves stand in `portal/vocabulary/`. `label` is for the screen, in its language.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import EnumType, StrEnum
from typing import Self, TypeVar

from django.utils.functional import Promise

Text = str | Promise
Member = TypeVar("Member", bound="ClosedList")


class _Lists(EnumType):
    """What a closed list says of itself as a whole; the names are those of Django's choices."""

    @property
    def choices(cls: type[Member]) -> list[tuple[str, Text]]:  # type: ignore[misc]  # a metaclass's `self` is a class
        """Pairs of code and label, for a field."""
        return [(member.value, member.label) for member in cls]

    @property
    def values(cls: type[Member]) -> list[str]:  # type: ignore[misc]  # the same
        """The codes, as plain text."""
        return [member.value for member in cls]


@dataclass(frozen=True)
class Entry:
    """An entry of which more is to be said than code and label; its other fields become attributes of the member."""

    code: str
    label: Text


class ClosedList(StrEnum, metaclass=_Lists):
    """A list of codes with their labels: each member is the text of its code, and `value` is that as plain text."""

    _value_: str
    label: Text

    def __new__(cls, code: str | Entry, label: Text = "") -> Self:
        """Make the text of the code, with what is said of it beside it."""
        entry = code if isinstance(code, Entry) else Entry(code, label)
        member = str.__new__(cls, entry.code)
        member._value_ = entry.code
        vars(member).update({field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "code"})
        return member

    @classmethod
    def those(cls, flag: str) -> list[str]:
        """Return the codes of the entries whose `flag` is set, as plain text for a query or a CHECK."""
        return [member.value for member in cls if getattr(member, flag)]

    @classmethod
    def listed(cls) -> str:
        """Return the labels inside a sentence, in the screen's language: "học bổng, khen thưởng, hỗ trợ"."""
        return ", ".join(str(member.label).lower() for member in cls)
