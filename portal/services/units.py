"""Units and their dated versions; the whole reorganisation as one reviewed act comes with the registry."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.vietnamese import normalize
from portal.models import Level, Unit, UnitVersion, User


def create_unit(*, code: str, name: str, level: Level, parent: Unit, since: datetime.date, actor: User) -> Unit:
    """Make a unit below `parent` from a day on."""
    with _tree_kept(), transaction.atomic():
        unit = Unit.objects.create(code=code.strip().upper())
        UnitVersion.objects.create(
            unit=unit, parent=parent, level=level, name=normalize(name), valid=DateRange(since, None)
        )
        connection.check_constraints()  # the tree's own trigger waits for the commit otherwise
        audit.record(
            actor=actor, action=audit.Action.UNIT_CREATE, target=unit, unit=unit, fields=["code", "name", "parent"]
        )
        return unit


def change_unit(
    *, unit: Unit, name: str, level: Level, parent: Unit | None, since: datetime.date, actor: User
) -> UnitVersion:
    """Give the unit another name, level or parent from a day on; what was before stays as it was."""
    with _tree_kept(), transaction.atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        current = unit.versions.filter(valid__contains=since).first()
        if current is None:
            raise ValidationError({"since": _("The unit does not exist on that day.")})
        if current.valid.lower == since:
            current.name, current.level, current.parent = normalize(name), level, parent
            current.save(update_fields=["name", "level", "parent"])
            version = current
        else:
            end = current.valid.upper
            current.valid = DateRange(current.valid.lower, since)
            current.save(update_fields=["valid"])
            version = UnitVersion.objects.create(
                unit=unit, parent=parent, level=level, name=normalize(name), valid=DateRange(since, end)
            )
        connection.check_constraints()
        audit.record(
            actor=actor, action=audit.Action.UNIT_CHANGE, target=unit, unit=unit, fields=["name", "level", "parent"]
        )
        return version


class _tree_kept:  # noqa: N801 - reads as a phrase where it is used
    """Turn the database's refusals about the tree into sentences for the user."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, IntegrityError):
            return
        text = str(error)
        if "unit_parent_not_in_force" in text:
            raise ValidationError(
                {"parent": _("The unit above must exist, on a higher level, for the whole of that time.")}
            ) from error
        if "portal_unit_code" in text:
            raise ValidationError({"code": _("Another unit has this code already.")}) from error
        if "unit_version" in text:
            raise ValidationError(
                {"since": _("The unit already has another name or place from that day on.")}
            ) from error
