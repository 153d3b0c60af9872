"""A large reorganisation kept as data (one JSON file for each order), applied to any tree that has the old units."""

from __future__ import annotations

import datetime
import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.vietnamese import search_key
from portal.models import Level, Reorganisation, Unit, UnitSuccession, UnitVersion, User
from portal.services.refusals import guarded
from portal.services.reorganising import legal_basis, sentence_of
from portal.services.tree_moves import Step, write_steps

FOLDER = Path(__file__).parent.parent / "management" / "reorganisations"


@dataclass
class Outcome:
    """What an order did to a tree, or would do: counts, and the old units that the tree does not have."""

    units: int = 0
    ended: int = 0
    done_before: int = 0
    chapters: int = 0
    not_here: list[str] = field(default_factory=list)


def orders() -> list[str]:
    """Return the names of the orders that are kept."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def read_order(name: str) -> dict[str, Any]:
    """Return an order. ValidationError for a name that is none."""
    if name not in orders():
        raise ValidationError(_("No order is called “%(name)s”.") % {"name": name})
    order: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return order


def apply_order(name: str, person: User) -> Outcome:
    """Apply an order below the city: units made, units ended with their heirs, chapters under their new units.

    An old unit is known by its code, or else by its name on the day before; what is done already stays. Called by a
    command on the server, which asks no right; ValidationError where the tree, or a closed half-year, refuses it.
    """
    order = read_order(name)
    on = datetime.date.fromisoformat(order["on"])
    root = Unit.objects.roots(on - datetime.timedelta(days=1)).order_by("code").first()
    if root is None:
        raise ValidationError(_("There is no unit above all others on the day before."))
    outcome = Outcome()
    with guarded():
        units = _make_units(order, root, on, outcome)
        pairs = _steps(order, on, units, outcome)
        basis = legal_basis(order["decision"], datetime.date.fromisoformat(order["decided_on"]), order["issuer"])
        written = write_steps([step for step, _row in pairs], on, basis, person)
        rows = [_record(order, root, step, made, person) for (step, _row), made in zip(pairs, written, strict=True)]
        outcome.ended = len(rows)
        outcome.chapters = sum(len(made["versions"]) for made in written)
        audit.record(
            actor=person, action=audit.Action.REORGANISATION_APPLY, target=rows[0] if rows else root, unit=root,
            detail={"order": name, "units": outcome.units, "ended": outcome.ended},
        )  # fmt: skip
    return outcome


def _make_units(order: dict[str, Any], root: Unit, on: datetime.date, outcome: Outcome) -> dict[str, Unit]:
    """Make the order's units that are not there yet; one that has the code and began earlier is another unit."""
    rows = order["units"]
    found = {unit.code: unit for unit in Unit.objects.filter(code__in=[row["code"] for row in rows])}
    began = dict(
        UnitVersion.objects.filter(unit__in=found.values(), valid__startswith__lt=on).values_list("unit__code", "name")
    )
    if began:
        taken = "; ".join(f"{code}: {name}" for code, name in sorted(began.items()))
        raise ValidationError(_("Codes of the order are taken by older units: %(units)s.") % {"units": taken})
    levels = {level.code: level for level in Level.objects.all()}
    if missing := {row["level"] for row in rows} - levels.keys():
        raise ValidationError(_("The tree lacks the level “%(level)s”.") % {"level": min(missing)})
    new = Unit.objects.bulk_create([Unit(code=row["code"]) for row in rows if row["code"] not in found])
    found |= {unit.code: unit for unit in new}
    standing = set(UnitVersion.objects.filter(unit__in=found.values()).values_list("unit_id", flat=True))
    versions = [
        UnitVersion(
            unit=found[row["code"]], parent=root, level=levels[row["level"]], name=row["name"],
            valid=DateRange(on, None),
        )
        for row in rows
        if found[row["code"]].pk not in standing
    ]  # fmt: skip
    outcome.units = len(UnitVersion.objects.bulk_create(versions))
    return found


def _steps(
    order: dict[str, Any], on: datetime.date, units: dict[str, Unit], outcome: Outcome
) -> list[tuple[Step, dict[str, Any]]]:
    """Return what is to be done for each old unit that is here and has not ended by this order already."""
    known = _old_units(order, on)
    below = {known[code].pk: units[parent].pk for code, parent in order["chapters"].items() if code in known}
    done = set(UnitSuccession.objects.filter(on_date=on).values_list("from_unit_id", flat=True))
    pairs = []
    for row in order["successions"]:
        old = known.get(row["from"])
        if old is None:
            outcome.not_here.append(f"{row['was']} ({row['from']})")
        elif old.pk in done:
            outcome.done_before += 1
        else:
            heirs = tuple(units[code].pk for code in row["to"])
            step = Step(row["kind"], (old.pk,), heirs, below=below, passes_postings=len(heirs) == 1)
            pairs.append((step, row))
    return pairs


def _old_units(order: dict[str, Any], on: datetime.date) -> dict[str, Unit]:
    """Return the order's old units as this tree has them, by the order's code: by code, or by an unmistakable name."""
    day = on - datetime.timedelta(days=1)
    wanted = {row["from"]: row["was"] for row in order["successions"]} | dict.fromkeys(order["chapters"], "")
    found = {unit.code: unit for unit in Unit.objects.in_force(day).filter(code__in=wanted)}
    keys = Counter(search_key(name) for name in wanted.values())
    names = {
        key: code for code, name in wanted.items() if code not in found and name and keys[key := search_key(name)] == 1
    }
    versions = UnitVersion.objects.filter(valid__contains=day, search_name__in=names)
    by_name: dict[str, list[Unit]] = {}
    for version in versions.select_related("unit"):
        by_name.setdefault(names[search_key(version.name)], []).append(version.unit)
    return found | {code: same[0] for code, same in by_name.items() if len(same) == 1}


def _record(order: dict[str, Any], root: Unit, step: Step, made: dict[str, Any], person: User) -> Reorganisation:
    on = datetime.date.fromisoformat(order["on"])
    made |= {"units": [], "ends": list(step.ends), "heirs": list(step.heirs)}
    return Reorganisation.objects.create(
        unit=root, kind=step.kind, summary=sentence_of(step, on), on_date=on, decision=order["decision"],
        decided_on=order["decided_on"], issuer=order["issuer"], made=made, done_by=person,
    )  # fmt: skip
