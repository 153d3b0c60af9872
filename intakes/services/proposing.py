"""What a file that comes without a word is: whose list, of which half-year, handed out or not.

What would be refused is never proposed: only units on which the sender may enter such a list, and which existed then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from intakes.models import Intake
from intakes.reading.rows.results import Reading
from intakes.services.evidence import Tree, ask_kind, find_half, find_units, is_planned
from intakes.services.kinds import ListKind, all_kinds
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import closed_units
from portal.vocabulary import BatchMode

_REPORTING_DAYS = 45  # of a half-year, in which the one before is still being reported


def kinds_for(user: User) -> list[ListKind[Any, Any]]:
    """Return the kinds of list that a person may send, those of half-years first."""
    held = [kind for kind in all_kinds().values() if kind.permission in user.permissions]
    return sorted(held, key=lambda kind: not kind.has_half)


def open_halves(back: int = 12) -> list[HalfYear]:
    """Return this half-year and those before it, newest first; whether one is closed is the service's answer."""
    halves = [HalfYear.containing(timezone.localdate())]
    while len(halves) < back:
        halves.append(halves[-1].previous())
    return halves


def usual_half(unit_ids: Iterable[int]) -> HalfYear:
    """Return the last half-year while the report on it is open for one of the units, else this one."""
    today = timezone.localdate()
    current = HalfYear.containing(today)
    if (today - current.first_day).days >= _REPORTING_DAYS:
        return current
    before = current.previous()
    return current if closed_units(ids=unit_ids, half=before) else before


def usual_unit(user: User, permission: Permission, on: dt.date) -> Unit | None:
    """Return the unit a person sends lists for: their own, or what it succeeded if it did not exist on the day.

    None when that may be several.
    """
    there = set(_units(user, permission, on).values_list("pk", flat=True))
    own = there.intersection(posting.unit_id for posting in user.current_postings) or there
    if len(own) > 1:
        above = Tree().above
        own = {pk for pk in own if not above(pk) & own}
    return Unit.objects.get(pk=own.pop()) if len(own) == 1 else None


def propose(intake: Intake, reading: Reading) -> dict[str, Any]:
    """Return what an upload that came without a word is for: values of its columns `unit`, `half`, `mode`, `said`.

    `said` holds the words of the file by which it was found; "open" when it names no unit and the sender has several.
    """
    user, kind = intake.uploaded_by, all_kinds()[intake.kind]
    said: dict[str, Any] = {}
    half = HalfYear.parse(intake.half) if intake.half else HalfYear.containing(timezone.localdate())
    if kind.has_half:
        found = find_half(reading)
        half = found if found in open_halves() else usual_half([intake.unit_id])
        if half == found:
            said["half"] = half.code
    day = half.last_day if kind.has_half else timezone.localdate()
    among = set(_units(user, kind.permission, day).values_list("pk", flat=True))
    named = find_units(reading, intake.file_name, among)
    if named is not None:
        unit, said["unit"] = Unit.objects.get(pk=named[0]), named[1]
    else:
        usual = usual_unit(user, kind.permission, day)
        unit = usual or intake.unit
        if usual is None:
            said["open"] = True
    mode = ""
    if kind.has_half:
        mode = BatchMode.TO_PAY.value if is_planned(reading) else BatchMode.HANDED_OUT.value
    return {"unit": unit, "half": half.code if kind.has_half else "", "mode": mode, "said": said}


def kind_meant(intake: Intake, reading: Reading) -> str:
    """Return the kind of list that the file is, when the sender may send lists of it; else the present one."""
    if not ask_kind(reading):
        return str(intake.kind)
    others = [kind.code for kind in kinds_for(intake.uploaded_by) if kind.code != intake.kind]
    return str(others[0] if others else intake.kind)


def _units(user: User, permission: Permission, on: dt.date) -> Any:
    return Unit.objects.covered_by(user, permission).in_force(on).distinct()
