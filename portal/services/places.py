"""An old or new name of a place and the unit of today that looks after it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Min

from portal.models import Unit, UnitSuccession

MOST_PLACES = 12


@dataclass
class Place:
    """A unit that is or was called so, and the units that have its tasks today (itself, while it goes on)."""

    unit: Unit
    name: str
    goes_on: bool
    today: list[Unit] = field(default_factory=list)


def find_places(words: str, day: datetime.date) -> list[Place]:
    """Return the places whose code, present or former name holds the words, accents or not; those that go on first."""
    called = Unit.objects.called(words).annotate(rank=Min("versions__level__rank")).order_by("rank", "code")
    first = list(called.values_list("pk", flat=True)[: MOST_PLACES * 3])  # of a word in thousands of names, too
    found: Any = Unit.objects.filter(pk__in=first).named_on(day)
    units = sorted(found, key=lambda unit: first.index(unit.pk))
    going = set(Unit.objects.in_force(day).filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
    places = [Place(unit, str(unit), unit.pk in going) for unit in units]
    places.sort(key=lambda place: not place.goes_on)
    return _with_today(places[:MOST_PLACES], day)


def _with_today(places: list[Place], day: datetime.date) -> list[Place]:
    """Follow successions until units that exist on the day: a constant number of queries for each generation."""
    ends = {place.unit.pk: {place.unit.pk} for place in places}
    for _generation in range(10):
        ended = {pk for pks in ends.values() for pk in pks}
        ended -= set(Unit.objects.in_force(day).filter(pk__in=ended).values_list("pk", flat=True))
        heirs: dict[int, set[int]] = {}
        pairs = UnitSuccession.objects.filter(from_unit__in=ended, on_date__lte=day)
        for old, new in pairs.values_list("from_unit_id", "to_unit_id"):
            heirs.setdefault(old, set()).add(new)
        if not heirs:
            break
        ends = {place: {new for pk in pks for new in heirs.get(pk, {pk})} for place, pks in ends.items()}
    known: Any = Unit.objects.in_force(day).filter(pk__in={pk for pks in ends.values() for pk in pks}).named_on(day)
    named = {unit.pk: unit for unit in known}
    for place in places:
        place.today = sorted((named[pk] for pk in ends[place.unit.pk] if pk in named), key=lambda unit: unit.code)
    return places


def ancestors_of(units: list[Unit], day: datetime.date) -> dict[int, set[int]]:
    """Return unit id -> ids of itself and every unit above it on the day (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u, a FROM unnest(%s::bigint[]) u CROSS JOIN LATERAL unit_ancestors(u, %s) a",
            [[unit.pk for unit in units], day],
        )
        found: dict[int, set[int]] = {}
        for unit_id, above in cursor.fetchall():
            found.setdefault(unit_id, set()).add(above)
    return found
