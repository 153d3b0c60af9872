"""Units and their dated versions: made, changed from a day on, put right, undone; their counts and levels."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.vietnamese import format_int, normalize, short_date
from portal.models import Level, NameCorrection, Unit, UnitCount, UnitVersion, User
from portal.permissions import ROOT, Permission
from portal.services.namesakes import ask_about_namesake
from portal.services.refusals import needs, needs_nothing, require_lasting_reason
from portal.services.texts import fitting
from portal.services.tree_moves import remove_units
from portal.services.versions import lock_row
from portal.vocabulary import LevelWord

STANDS = "stands"  # the code of the question about a number that is recorded for the day already
FACTS = ("contact", "phone", "address", "founding_decision", "founded_on", "founding_issuer")


#: Words of places that stand small in a name: "Chi hội thôn 4", "Chi hội tổ dân phố số 9".
_SMALL = frozenset(["tổ", "dân", "phố", "thôn", "xóm", "ấp", "khu", "cư", "số", "tdp", "kdc"])


def check_unit_name(name: str) -> str:
    """Return a unit's name, tidied. ValidationError unless it has the capitals of a name: "Chi hội Tổ dân phố 9"."""
    tidy = fitting(UnitVersion, "name", name)
    begins = next((word for word in sorted(LevelWord.values, key=len) if tidy.lower().startswith(f"{word} ")), "")
    proper = [word for word in tidy[len(begins) :].split() if word.isalpha() and word not in _SMALL]
    if tidy and tidy[0].islower():
        sentence = _("“%(name)s” begins with a small letter. Write it as on paper: Phường Lê Chân.")
    elif len(tidy) > 3 and len(proper) > 1 and tidy == tidy.upper():
        sentence = _("“%(name)s” is all in capitals. Write it as on paper: Phường Lê Chân.")
    elif begins and proper and all(word[0].islower() for word in proper):
        sentence = _("“%(name)s” has no capital in its proper name. Write it as on paper: Phường Lê Chân.")
    else:
        return tidy
    raise ValidationError({"name": sentence % {"name": tidy}})


def _ask_about_sister(name: str, parent: Unit | None, since: datetime.date, but: Unit | None, *, same: bool) -> None:
    """Ask about a unit of this name below the same one, on that day or later."""
    if parent is None:
        return
    named = UnitVersion.objects.filter(Q(valid__endswith__gt=since) | Q(valid__upper_inf=True), parent=parent)
    others = (named.exclude(unit=but) if but else named).annotate(code=F("unit__code")).order_by("code")
    sentence = _("“%(name)s” (%(code)s) is there already below the same unit. Tick the box if this is another one.")
    ask_about_namesake(others, name, sentence, same_name=same)


@needs(Permission.MANAGE_UNITS, on="parent")
def create_unit(
    *, code: str, name: str, level: Level, parent: Unit, since: datetime.date, same_name: bool = False,
    actor: User, **facts: Any,
) -> Unit:  # fmt: skip
    """Make a unit below `parent` from a day on; `facts`: names of FACTS, its contact and its founding decision.

    `same_name` says that it is another one than the unit of that name below the same parent.
    """
    return make_unit(
        code=code.strip().upper(), name=name, level=level, parent=parent, since=since, same_name=same_name,
        facts=facts, actor=actor,
    )  # fmt: skip


@needs_nothing("called by services that ask the right of their own act on the unit above")
def make_unit(
    *, code: str, name: str, level: Level, parent: Unit, since: datetime.date, same_name: bool, facts: dict[str, Any],
    actor: User,
) -> Unit:  # fmt: skip
    """Make a unit, its name checked and a namesake below the same unit asked about."""
    name = check_unit_name(name)
    _ask_about_sister(name, parent, since, None, same=same_name)
    unit = Unit.objects.filter(code=code, versions__isnull=True).first() or Unit(code=code)  # one that was undone
    _set_facts(unit, facts)
    unit.save()
    UnitVersion.objects.create(unit=unit, parent=parent, level=level, name=name, valid=DateRange(since, None))
    connection.check_constraints()  # the tree's own trigger waits for the commit otherwise
    audit.record(
        actor=actor, action=audit.Action.UNIT_CREATE, target=unit, unit=unit, fields=["code", "name", "parent", *facts]
    )
    return unit


def _set_facts(unit: Unit, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        if name not in FACTS:
            raise TypeError(name)
        setattr(unit, name, fitting(Unit, name, value) if name != "founded_on" else value)


@needs(Permission.MANAGE_UNITS, on="unit")
def describe_unit(*, unit: Unit, version: str | None = None, actor: User, **facts: Any) -> Unit:
    """Say whom to ask at a unit, and by which paper it was founded; `facts` are names of FACTS."""
    unit = lock_row(Unit.objects.all(), unit, version)
    _set_facts(unit, facts)
    unit.save(update_fields=[*facts])
    audit.record(actor=actor, action=audit.Action.UNIT_CHANGE, target=unit, unit=unit, fields=[*facts])
    return unit


@needs(Permission.MANAGE_UNITS, on=("unit", "parent"))
def change_unit(
    *,
    unit: Unit,
    name: str,
    level: Level,
    parent: Unit | None,
    since: datetime.date,
    same_name: bool = False,
    version: str | None = None,
    actor: User,
) -> UnitVersion:
    """Give the unit another name, level or parent from a day on; what was before stays as it was.

    On the first day of its present name a wrong name is put right by `correct_name` instead, which keeps the old one.
    """
    unit = lock_row(Unit.objects.all(), unit, version)
    current = unit.versions.filter(valid__contains=since).first()
    if current is None:
        raise ValidationError({"since": _("The unit does not exist on that day.")})
    name = check_unit_name(name) if name != current.name else name
    if name != current.name:
        _ask_about_sister(name, parent, since, unit, same=same_name)
    if current.valid.lower == since:
        if name != current.name:
            sentence = _("Since %(day)s it has been called “%(name)s”. If that was wrong, use “Correct a wrong name”.")
            raise ValidationError({"since": sentence % {"day": short_date(since), "name": current.name}})
        current.level, current.parent = level, parent
        current.save(update_fields=["level", "parent"])
        made = current
    else:
        end = current.valid.upper
        current.valid = DateRange(current.valid.lower, since)
        current.save(update_fields=["valid"])
        made = UnitVersion.objects.create(unit=unit, parent=parent, level=level, name=name, valid=DateRange(since, end))
    connection.check_constraints()
    audit.record(
        actor=actor, action=audit.Action.UNIT_CHANGE, target=unit, unit=unit, fields=["name", "level", "parent"]
    )
    return made


@needs(Permission.MANAGE_UNITS, on="unit")
def correct_name(
    *, unit: Unit, name: str, reason: str, same_name: bool = False, version: str | None = None, actor: User
) -> NameCorrection:
    """Put a name right that was given wrongly, for all the days of the unit's last name; the wrong one is kept."""
    unit = lock_row(Unit.objects.all(), unit, version)
    reason = require_lasting_reason(reason, _("Say how the name came to be wrong."))
    last = unit.versions.order_by("-valid")[0]
    right = check_unit_name(name)
    if right == last.name:
        raise ValidationError({"name": _("This is the name it has already.")})
    _ask_about_sister(right, last.parent, last.valid.lower, unit, same=same_name)
    kept = NameCorrection.objects.create(
        unit=unit, since=last.valid.lower, old_name=last.name, new_name=right, reason=reason, corrected_by=actor
    )
    last.name = right
    last.save(update_fields=["name"])
    audit.record(
        actor=actor, action=audit.Action.UNIT_CORRECT, target=unit, unit=unit, fields=["name"],
        detail={"correction": kept.pk},
    )  # fmt: skip
    return kept


@needs(Permission.MANAGE_UNITS, on="unit")
def remove_unit(*, unit: Unit, version: str | None = None, actor: User) -> str:
    """Undo the making of a unit on which nothing hangs yet; return its name. ValidationError once something does."""
    unit = lock_row(Unit.objects.all(), unit, version)
    return take_away(unit=unit, actor=actor)


@needs_nothing("called by services that ask the right of their own act on the unit, under lock")
def take_away(*, unit: Unit, actor: User) -> str:
    """Take away a unit on which nothing hangs yet, as if it had never been made; return its name."""
    name = unit.name_on(timezone.localdate())
    if unit.versions.count() != 1:
        raise ValidationError(_("This unit has a history already: let it end by a reorganisation instead."))
    audit.record(actor=actor, action=audit.Action.UNIT_REMOVE, target=unit, fields=["code", "name", "parent"])
    remove_units([unit.pk])
    connection.check_constraints()
    return name


@needs(Permission.MANAGE_UNITS, on="unit")
def record_count(
    *, unit: Unit, kind: str, value: int, on_date: datetime.date, source: str, replaces: str | None = None,
    version: str | None = None, actor: User,
) -> UnitCount:  # fmt: skip
    """Record how many there were on a day, by which source; said again for the same day it puts the number right.

    `replaces`: the id of the number that the person was shown as standing for the day and means to put right, "" where
    none was shown. Another one, which a colleague has recorded meanwhile, is asked about first, with the code STANDS.
    """
    unit = lock_row(Unit.objects.all(), unit, version)
    if on_date > timezone.localdate():
        raise ValidationError(
            {"on_date": _("%(day)s lies in the future. Correct the day.") % {"day": short_date(on_date)}}
        )
    if not normalize(source):
        raise ValidationError({"source": _("Say where the number comes from.")})
    standing = UnitCount.objects.select_related("recorded_by").filter(unit=unit, kind=kind, on_date=on_date)
    if replaces is not None and (found := standing.first()) and str(found.pk) != replaces:
        sentence = _("Of %(day)s there stands %(value)s already (%(source)s; %(name)s). Is it to be put right?")
        told = {"day": short_date(on_date), "value": format_int(found.value), "source": found.source}
        told |= {"name": found.recorded_by.full_name, STANDS: str(found.pk)}
        raise ValidationError({"value": ValidationError(sentence, code=STANDS, params=told)})
    standing.update(replaced_at=timezone.now())
    count: UnitCount = UnitCount.objects.create(
        unit=unit, kind=kind, on_date=on_date, value=value, source=fitting(UnitCount, "source", source),
        recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action=audit.Action.UNIT_COUNT, target=unit, unit=unit, fields=[kind])
    return count


@needs(Permission.MANAGE_UNITS, on=ROOT)
def save_level(
    *, level: Level | None = None, name: str, rank: int, reporting: str, code: str = "", version: str | None = None,
    actor: User,
) -> Level:  # fmt: skip
    """Make a level, or change what one is called, its rank and whether its units send a half-year.

    ValidationError where the rank would turn the tree upside down: the database asks it of every unit of the level.
    """
    made = level is None
    row = Level(code=fitting(Level, "code", code)) if level is None else lock_row(Level.objects.all(), level, version)
    row.name, row.rank, row.reporting = fitting(Level, "name", name), rank, reporting
    row.save()
    action = audit.Action.LEVEL_CREATE if made else audit.Action.LEVEL_CHANGE
    audit.record(actor=actor, action=action, target=row, fields=["name", "rank", "reporting"])
    return row
