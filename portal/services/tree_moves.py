"""The writing side of a reorganisation: units that end, what hangs below them, successions, postings; and its way back.

What the higher apps move with the units they say themselves: an app names its `Part` in its `AppConfig.reorganising`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from portal.lib.vietnamese import short_date
from portal.models import AuditEntry, Posting, Unit, UnitSuccession, UnitVersion, User
from portal.services.proposals import Line
from portal.vocabulary import SuccessionKind


@dataclass(frozen=True)
class NewUnit:
    """A unit that a reorganisation makes."""

    code: str
    name: str
    level_id: int


@dataclass(frozen=True)
class Step:
    """Units that end on one day and who takes over; `heirs` and `ends` are ids. A renamed unit goes on: no heirs.

    `below`: where a unit that hung below an ended one goes on, where that is decided with the step.
    """

    kind: str
    ends: tuple[int, ...]
    heirs: tuple[int, ...] = ()
    name: str = ""
    below: Mapping[int, int] = field(default_factory=dict)
    passes_postings: bool = False

    def heir_of(self, ended: int) -> int | None:
        """The unit with which everything goes on, None while a split has not decided it."""
        return self.heirs[0] if len(self.heirs) == 1 else None


class Part:
    """What an app says of a reorganisation: what of its rows moves, what stays, what is left, and the way back."""

    def lines(self, step: Step, on: datetime.date) -> list[Line]:
        """Return what moves and what never does, in words, before anything is written."""
        return []

    def move(self, step: Step, on: datetime.date, person: User) -> Any:
        """Move it; return, as JSON takes it, what `take_back` needs."""
        return None

    def take_back(self, moved: Any, on: datetime.date) -> None:
        """Put it back. ValidationError when somebody has built on it meanwhile."""

    def tell(self, unit: Unit, reader: User) -> list[Line]:
        """Return what a unit has, for its page: what it is, how much of it, and the address of it ("" for none).

        Only what the reader may see.
        """
        return []

    def tell_declared(self, unit: Unit, reader: User) -> list[Line]:
        """Return what a unit has declared beside the list of its members by name, for the page of that list."""
        return []

    def left(self, unit: Unit) -> list[Line]:
        """Return what an ended unit still holds, in words: what it is, how much of it at first, how much is left."""
        return []


@lru_cache
def parts() -> dict[str, Part]:
    """Return what every app that names one says of reorganisations, by the app's name."""
    found = ((one.name, getattr(one, "reorganising", "")) for one in apps.get_app_configs())
    return {name: import_string(path)() for name, path in found if path}


def make_units(news: Iterable[NewUnit], above: Unit, on: datetime.date) -> list[Unit]:
    """Make units below `above` from the day on."""
    made = []
    for new in news:
        unit, is_new = Unit.objects.get_or_create(code=new.code)
        if not is_new and unit.versions.exists():  # without days: one whose making was undone
            raise ValidationError({"new": _("“%(code)s”: another unit has this code already.") % {"code": new.code}})
        UnitVersion.objects.create(
            unit=unit, parent=above, level_id=new.level_id, name=new.name, valid=DateRange(on, None)
        )
        made.append(unit)
    return made


def write_steps(steps: list[Step], on: datetime.date, basis: str, person: User) -> list[dict[str, Any]]:
    """End, rename and hand on; return for each step what it wrote. ValidationError for what the tree does not allow.

    Called inside a transaction; the tree's own deferred rules are asked before it returns.
    """
    ending = {unit for step in steps if step.kind != SuccessionKind.RENAME or step.heirs for unit in step.ends}
    written = [_write(step, on, basis, ending) for step in steps]
    connection.check_constraints()
    for step, made in zip(steps, written, strict=True):
        made["parts"] = {name: part.move(step, on, person) for name, part in parts().items()}
    return written


def _write(step: Step, on: datetime.date, basis: str, ending: set[int]) -> dict[str, Any]:
    made: dict[str, Any] = {"cut": [], "versions": [], "successions": [], "postings": [], "given": []}
    for heir in Unit.objects.filter(pk__in=step.heirs).exclude(pk__in=Unit.objects.in_force(on)):
        raise ValidationError({"heirs": _late_heir(heir, on)})
    for unit_id in step.ends:
        current = _current(unit_id, on)
        if step.kind == SuccessionKind.RENAME and not step.heirs:
            _cut(current, on, made, goes_on={"name": step.name})
            continue
        _cut(current, on, made)
        _end_below(unit_id, on, step, ending, made)
        for heir_id in step.heirs:
            succession = UnitSuccession.objects.create(
                from_unit_id=unit_id, to_unit_id=heir_id, on_date=on, kind=step.kind, legal_basis=basis
            )
            made["successions"].append(succession.pk)
        _end_postings(unit_id, on, step, basis, made)
    return made


def _late_heir(heir: Unit, on: datetime.date) -> str:
    sentence = _("%(unit)s (%(code)s) does not exist on %(day)s. An heir begins no later than the day after the end.")
    return sentence % {"unit": heir.name_on(on), "code": heir.code, "day": short_date(on)}


def _current(unit_id: int, on: datetime.date) -> UnitVersion:
    """Return the version to end, locked; it began before the day and nothing is known of later ones."""
    versions = list(UnitVersion.objects.select_for_update().filter(unit_id=unit_id).order_by("valid"))
    last = versions[-1]
    if on in last.valid and last.valid.lower < on:
        return last
    sentence = _("%(unit)s cannot end or change on %(day)s: it does not exist then, or has a change on it or after it.")
    raise ValidationError({"ends": sentence % {"unit": last.name, "day": short_date(on)}})


def _cut(version: UnitVersion, on: datetime.date, made: dict[str, Any], goes_on: dict[str, Any] | None = None) -> None:
    """Let a version end before the day; `goes_on`: what a new one has otherwise, from the day on."""
    until = version.valid.upper
    made["cut"].append([version.pk, until.isoformat() if until else None])
    version.valid = DateRange(version.valid.lower, on)
    version.save(update_fields=["valid"])
    if goes_on is None:
        return
    same = {"parent_id": version.parent_id, "level_id": version.level_id, "name": version.name}
    new = UnitVersion.objects.create(unit_id=version.unit_id, valid=DateRange(on, until), **(same | goes_on))
    made["versions"].append(new.pk)


def _end_below(unit_id: int, on: datetime.date, step: Step, ending: set[int], made: dict[str, Any]) -> None:
    """Let what hangs below go on with the heir; where none is decided, end until somebody assigns it."""
    children = UnitVersion.objects.select_for_update().filter(parent_id=unit_id, valid__endswith__gt=on)
    children |= UnitVersion.objects.select_for_update().filter(parent_id=unit_id, valid__upper_inf=True)
    for child in children.exclude(unit_id__in=ending).order_by("pk"):
        if child.valid.lower >= on:
            sentence = _("%(unit)s shall hang below a unit that ends: give it another unit above first.")
            raise ValidationError({"ends": sentence % {"unit": child.name}})
        heir = step.below.get(child.unit_id, step.heir_of(unit_id))
        _cut(child, on, made, goes_on={"parent_id": heir} if heir else None)
        if heir is None:
            _end_below(child.unit_id, on, Step(step.kind, (child.unit_id,)), ending, made)
            _end_postings(child.unit_id, on, Step(step.kind, ()), "", made)


def _end_postings(unit_id: int, on: datetime.date, step: Step, basis: str, made: dict[str, Any]) -> None:
    """A posting ends with its unit; where the step says so, its person goes on with the one heir."""
    held = Posting.objects.select_for_update().filter(unit_id=unit_id)
    for posting in held.filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=max(on, timezone.localdate()))):
        begins, until = posting.valid.lower, posting.valid.upper
        made["postings"].append([posting.pk, until.isoformat() if until else None])
        posting.valid = DateRange(begins, max(on, begins + datetime.timedelta(days=1)))
        if posting.valid.upper != until:
            posting.save(update_fields=["valid"])
        heir = step.heir_of(unit_id)
        if step.passes_postings and heir:
            _post(posting, heir, DateRange(max(on, begins), until), basis, made)


def _post(posting: Posting, unit_id: int, days: DateRange, reason: str, made: dict[str, Any]) -> None:
    if days.upper is not None and days.lower >= days.upper:
        return
    same = Posting.objects.filter(user_id=posting.user_id, unit_id=unit_id, role=posting.role, valid__overlap=days)
    if not same.exists():
        given = Posting.objects.create(
            user_id=posting.user_id, unit_id=unit_id, role=posting.role, valid=days, reason=reason
        )
        made["given"].append(given.pk)


def take_back(made: dict[str, Any], on: datetime.date) -> None:
    """Undo what `write_steps` wrote for one step. ValidationError when somebody has built on it."""
    versions = list(UnitVersion.objects.select_for_update().filter(pk__in=made["versions"]))
    if len(versions) != len(made["versions"]) or any(one.valid.lower != on for one in versions):
        raise ValidationError(BUILT_ON())
    touched = {one.unit_id for one in versions} | set(made["units"])
    if UnitVersion.objects.filter(unit_id__in=touched, valid__startswith__gt=on).exists():
        raise ValidationError(BUILT_ON())
    for name, moved in made["parts"].items():
        parts()[name].take_back(moved, on)
    UnitSuccession.objects.filter(pk__in=made["successions"]).delete()
    UnitVersion.objects.filter(pk__in=made["versions"]).delete()
    remove_units(made["units"], made["given"])
    for version_id, until in made["cut"]:
        version = UnitVersion.objects.select_for_update().get(pk=version_id)
        if version.valid.upper != on or UnitVersion.objects.filter(unit_id=version.unit_id, valid__startswith__gte=on):
            raise ValidationError(BUILT_ON())
        version.valid = DateRange(version.valid.lower, datetime.date.fromisoformat(until) if until else None)
        version.save(update_fields=["valid"])
    _give_postings_back(made, on)
    connection.check_constraints()


def BUILT_ON() -> str:  # noqa: N802 - a sentence in the reader's language
    """Return the sentence that refuses an undoing."""
    return _("Somebody has worked on with it: it can no longer be undone. Decide another reorganisation instead.")


def remove_units(unit_ids: Iterable[int], given: Iterable[int] = ()) -> None:
    """Take units away that nothing hangs on yet; one that only the audit or ended postings name stays without days."""
    UnitVersion.objects.filter(unit_id__in=unit_ids).delete()
    for unit in Unit.objects.filter(pk__in=unit_ids):
        try:
            unit.delete()
        except models.ProtectedError as error:
            for row in error.protected_objects:
                if not isinstance(row, AuditEntry) and not (isinstance(row, Posting) and row.pk in given):
                    raise ValidationError(BUILT_ON()) from error


def _give_postings_back(made: dict[str, Any], on: datetime.date) -> None:
    """Postings are never lengthened or deleted: those given end, those ended are given anew from the day on."""
    today = timezone.localdate()
    for posting in Posting.objects.select_for_update().filter(pk__in=made["given"]):
        end = max(posting.valid.lower + datetime.timedelta(days=1), today)
        if posting.valid.upper is None or posting.valid.upper > end:
            posting.valid = DateRange(posting.valid.lower, end)
            posting.save(update_fields=["valid"])
    ended = {pk: datetime.date.fromisoformat(until) if until else None for pk, until in made["postings"]}
    for posting in Posting.objects.filter(pk__in=ended):
        _post(posting, posting.unit_id, DateRange(posting.valid.upper, ended[posting.pk]), posting.reason, made)
