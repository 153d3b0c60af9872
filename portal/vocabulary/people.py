"""What people are: by their postings, and as persons."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList, Entry


class Role(ClosedList):
    """What a posting makes of a person, on its unit and everything below it; `permissions.GRANTS` says what it may."""

    CONTRIBUTOR, EDITOR = ("contributor", _("Contributor")), ("editor", _("Editor"))
    OFFICER, APPROVER = ("officer", _("Officer")), ("approver", _("Approver"))
    LEADER, AUDITOR = ("leader", _("Leader")), ("auditor", _("Auditor"))
    ADMINISTRATOR = "administrator", _("Administrator")


@dataclass(frozen=True)
class _Gender(Entry):
    written: str
    words: tuple[str, ...]


class Gender(ClosedList):
    """Of members and recipients; `words` are whole cells that mean it, in small letters."""

    FEMALE = _Gender(
        "female", _("Female"), "Nữ",
        ("nữ", "nu", "gái", "gai", "f", "female", "con gái", "n", "nữ.", "nử", "nư"),
    )  # fmt: skip
    MALE = _Gender("male", _("Male"), "Nam", ("nam", "trai", "m", "male", "con trai", "na", "nm", "1 nam"))

    written: str
    words: tuple[str, ...]
