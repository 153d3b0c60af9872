"""Units and their dated versions; the whole reorganisation as one reviewed act comes with the registry."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from portal import audit
from portal.models import Level, Unit, UnitVersion, User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import lock_row


@needs(Permission.MANAGE_UNITS, on="parent")
def create_unit(*, code: str, name: str, level: Level, parent: Unit, since: datetime.date, actor: User) -> Unit:
    """Make a unit below `parent` from a day on."""
    unit = Unit.objects.create(code=code.strip().upper())
    UnitVersion.objects.create(
        unit=unit, parent=parent, level=level, name=fitting(UnitVersion, "name", name), valid=DateRange(since, None)
    )
    connection.check_constraints()  # the tree's own trigger waits for the commit otherwise
    audit.record(
        actor=actor, action=audit.Action.UNIT_CREATE, target=unit, unit=unit, fields=["code", "name", "parent"]
    )
    return unit


@needs(Permission.MANAGE_UNITS, on=("unit", "parent"))
def change_unit(
    *,
    unit: Unit,
    name: str,
    level: Level,
    parent: Unit | None,
    since: datetime.date,
    version: str | None = None,
    actor: User,
) -> UnitVersion:
    """Give the unit another name, level or parent from a day on; what was before stays as it was."""
    unit = lock_row(Unit.objects.all(), unit, version)
    current = unit.versions.filter(valid__contains=since).first()
    if current is None:
        raise ValidationError({"since": _("The unit does not exist on that day.")})
    if current.valid.lower == since:
        current.name, current.level, current.parent = fitting(UnitVersion, "name", name), level, parent
        current.save(update_fields=["name", "level", "parent"])
        made = current
    else:
        end = current.valid.upper
        current.valid = DateRange(current.valid.lower, since)
        current.save(update_fields=["valid"])
        made = UnitVersion.objects.create(
            unit=unit, parent=parent, level=level, name=fitting(UnitVersion, "name", name), valid=DateRange(since, end)
        )
    connection.check_constraints()
    audit.record(
        actor=actor, action=audit.Action.UNIT_CHANGE, target=unit, unit=unit, fields=["name", "level", "parent"]
    )
    return made
