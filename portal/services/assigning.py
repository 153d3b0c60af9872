"""After a split: its chapters assigned to the heirs one by one, by list or by words, until nothing is left."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import short_date
from portal.models import Unit, UnitVersion, User
from portal.models.unit import UnitQuerySet
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.proposals import Line
from portal.services.refusals import needs
from portal.services.tree_moves import parts
from portal.services.versions import lock_row


def end_of(unit: Unit) -> datetime.date | None:
    """Return the first day on which the unit exists no more, None while it goes on."""
    last = unit.versions.order_by("-valid").values_list("valid", flat=True).first()
    return last.upper if last is not None else None


def heirs_of(unit: Unit) -> UnitQuerySet:
    """Return the units that took over the tasks of one that has ended."""
    found: UnitQuerySet = Unit.objects.filter(predecessions__from_unit=unit).distinct()
    return found


def undecided_below(unit: Unit) -> UnitQuerySet:
    """Return the units that hung below an ended one to its end, and that nobody has assigned to an heir since."""
    ends = end_of(unit)
    last = UnitVersion.objects.filter(unit=OuterRef("pk")).order_by("-valid")
    standing = Unit.objects.annotate(
        last_parent=Subquery(last.values("parent")[:1]), ends=Subquery(last.values("valid__endswith")[:1])
    )
    found: UnitQuerySet = standing.filter(last_parent=unit.pk, ends=ends, successions__isnull=True)
    return found if ends is not None else found.none()


def progress_of(unit: Unit) -> list[Line]:
    """Return what an ended unit had and what of it is not handed over yet, in words: chapters, and what apps add."""
    ends = end_of(unit)
    if ends is None:
        return []
    left = undecided_below(unit).count()
    had = UnitVersion.objects.filter(parent=unit, valid__endswith=ends, unit__successions__isnull=True).count()
    lines = [Line(_("Chapters"), str(had), str(left))] if had else []
    return [*lines, *(line for part in parts().values() for line in part.left(unit))]


def chapters_called(unit: Unit, words: str) -> list[Unit]:
    """Return the undecided units whose name or code holds the words, accents or not: assignment by a rule."""
    return list(undecided_below(unit).filter(pk__in=Unit.objects.called(words).values("pk")))


@needs(Permission.MANAGE_UNITS, on=("unit", "heir"))
def assign_chapters(
    *, unit: Unit, heir: Unit, chapters: list[Unit], version: str | None = None, actor: User
) -> list[Unit]:
    """Let undecided chapters of an ended unit go on below one of its heirs, from the day on which it ended.

    Where that half-year is closed, from the first open one. What hung below a chapter goes on with it.
    """
    unit = lock_row(Unit.objects.all(), unit, version)
    ends = end_of(unit)
    if ends is None or not heirs_of(unit).filter(pk=heir.pk).exists():
        raise ValidationError({"heir": _("Choose one of the units that took over its tasks.")})
    waiting = set(undecided_below(unit).select_for_update(of=("self",)).values_list("pk", flat=True))
    if not chapters:
        raise ValidationError({"chapters": _("Choose at least one chapter.")})
    for chapter in chapters:
        if chapter.pk not in waiting:
            sentence = _("%(unit)s is not undecided any more. Look at the list again.")
            raise ValidationError({"chapters": sentence % {"unit": chapter.name_on(ends)}})
        half = next_open_half(unit=heir, half=HalfYear.containing(ends))
        _go_on(chapter.pk, heir.pk, max(ends, half.first_day))
    connection.check_constraints()
    audit.record(
        actor=actor, action=audit.Action.UNIT_ASSIGN, target=unit, unit=unit,
        detail={"heir": heir.pk, "chapters": [one.pk for one in chapters], "since": short_date(ends)},
    )  # fmt: skip
    return chapters


def _go_on(unit_id: int, parent_id: int, since: datetime.date) -> None:
    last = UnitVersion.objects.filter(unit_id=unit_id).order_by("-valid")[0]
    ended = last.valid.upper
    UnitVersion.objects.create(
        unit_id=unit_id, parent_id=parent_id, level_id=last.level_id, name=last.name, valid=DateRange(since, None)
    )
    for child in UnitVersion.objects.filter(parent_id=unit_id, valid__endswith=ended).exclude(
        unit__versions__valid__startswith__gte=ended
    ):
        _go_on(child.unit_id, unit_id, since)
