"""What happened to a member, told for readers."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from members.models import CitizenNumber, Member
from members.services.members import A_NUMBER, ANOTHER_NUMBER
from portal.lib.vietnamese import format_phone
from portal.vocabulary import Gender

MOST_SHOWN = 50


@dataclass(frozen=True)
class ToldChange:
    """One field of one change: who and when, what it was and became."""

    at: datetime.datetime
    who: str
    field: str
    before: str
    after: str


def told_changes(member: Member) -> list[ToldChange]:
    """Return what was changed of a member, newest first, in words."""
    told = []
    for change in member.changes.select_related("made_by")[:MOST_SHOWN]:
        for name, (before, after) in sorted(change.values.items()):
            told.append(
                ToldChange(
                    change.made_at, str(change.made_by), _name_field(name), _in_words(name, before),
                    _in_words(name, after),
                )
            )  # fmt: skip
    return told


def _name_field(name: str) -> str:
    if name == "citizen_number":
        return str(CitizenNumber._meta.verbose_name)
    field: Any = Member._meta.get_field("birth_year" if name == "birth" else name)
    return str(field.verbose_name)


def _in_words(name: str, value: str) -> str:
    if name == "citizen_number":
        return {A_NUMBER: _("recorded"), ANOTHER_NUMBER: _("another number")}.get(value, "")
    if name == "phone" and value:
        return format_phone(value)
    if name == "gender" and value:
        return str(Gender(value).label)
    return value
