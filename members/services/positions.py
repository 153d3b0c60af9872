"""Offices that members hold: chair, head of a chapter; for a term."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from members.models import Member, Position
from members.services.members import lock_member
from portal import audit
from portal.lib.vietnamese import short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import lock_row
from portal.vocabulary import PositionTitle


@needs(Permission.MANAGE_MEMBERS, on="unit")
def add_position(
    *, member: Member, unit: Unit, title: str, since: datetime.date, until: datetime.date | None = None,
    term: str = "", version: str | None = None, actor: User,
) -> Position:  # fmt: skip
    """Record that a member holds an office in a unit from a day, to a last day where it is known."""
    member = lock_member(member, version)
    if title not in PositionTitle.values:
        raise ValidationError({"title": _("Choose the office.")})
    if until is not None and until < since:
        raise ValidationError({"until": _("The last day must not lie before the first.")})
    if not unit.versions.filter(valid__contains=since).exists():
        said = _("%(unit)s does not exist on %(day)s. Choose the unit of that time, or correct the day.")
        raise ValidationError({"unit": said % {"unit": unit.name_on(since), "day": short_date(since)}})
    end = until + datetime.timedelta(days=1) if until else None
    position = Position.objects.create(
        member=member, unit=unit, title=title, term=fitting(Position, "term", term), valid=DateRange(since, end),
        recorded_by=actor,
    )  # fmt: skip
    detail = {"position": position.pk, "title": str(title)}
    audit.record(actor=actor, action=audit.Action.MEMBER_POSITION_ADD, target=member, unit=unit, detail=detail)
    return position


@needs(Permission.MANAGE_MEMBERS, on="position.unit")
def end_position(*, position: Position, last_day: datetime.date, version: str | None = None, actor: User) -> Position:
    """Let an office end with a last day; an end written before may be mended."""
    position = lock_row(Position.objects.select_related("unit", "member"), position, version)
    if last_day < position.valid.lower:
        said = _("The office began on %(day)s. Write that day or a later one.")
        raise ValidationError({"last_day": said % {"day": short_date(position.valid.lower)}})
    position.valid = DateRange(position.valid.lower, last_day + datetime.timedelta(days=1))
    position.save(update_fields=["valid"])
    detail = {"position": position.pk}
    audit.record(
        actor=actor, action=audit.Action.MEMBER_POSITION_END, target=position.member, unit=position.unit, detail=detail
    )  # fmt: skip
    return position
