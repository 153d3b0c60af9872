"""A chapter, a lineage's or a school's committee founded by the officer of the unit above, and that undone.

One person may do it: such a unit holds no money, gives nobody a right and owes no half-year, and as long as nobody has
built on it the founding is taken back without a trace in the figures.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.vietnamese import normalize, short_date
from portal.models import Level, Unit, UnitVersion, User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.services.texts import longest
from portal.services.units import make_unit, take_away
from portal.services.versions import lock_row
from portal.vocabulary import Reporting


def founded_levels(parent: Unit | None = None) -> QuerySet[Level]:
    """Return the levels whose units an officer may found: they send no half-year, and none ever stood below the city.

    `parent`: only those that may stand below it today.
    """
    below_city = UnitVersion.objects.filter(parent__versions__parent__isnull=True, parent__isnull=False)
    levels = Level.objects.exclude(reporting=Reporting.ALWAYS).exclude(pk__in=below_city.values("level"))
    levels = levels.exclude(pk__in=UnitVersion.objects.filter(parent__isnull=True).values("level"))
    version = parent.version_on(timezone.localdate()) if parent else None
    return levels.filter(rank__gt=version.level.rank) if version else levels


def is_founded_here(unit: Unit) -> bool:
    """Return whether the unit is of a level whose units officers found."""
    return unit.versions.filter(level__in=founded_levels()).exists()


@needs(Permission.FOUND_UNIT, on="parent")
def found_unit(
    *, name: str, level: Level, parent: Unit, since: datetime.date, founding_decision: str, founded_on: datetime.date,
    founding_issuer: str = "", contact: str = "", phone: str = "", same_name: bool = False, actor: User,
) -> Unit:  # fmt: skip
    """Found a unit below one's own, by a decision with number and date; its code is the next one of the unit above.

    ValidationError for a level that is not an officer's to found, a decision without number, or one of a later day
    than the first.
    """
    parent = lock_row(Unit.objects.all(), parent, None)
    if not founded_levels(parent).filter(pk=level.pk).exists():
        raise ValidationError({"level": _("Units of this level are made by the administrator. Choose another level.")})
    if not normalize(founding_decision):
        raise ValidationError({"founding_decision": _("Write the number of the founding decision.")})
    if founded_on > since:
        sentence = _("The decision of %(day)s is later than the first day of the unit. Correct one of the two days.")
        raise ValidationError({"since": sentence % {"day": short_date(founded_on)}})
    if since > timezone.localdate():
        raise ValidationError({"since": _("%(day)s lies in the future. Correct the day.") % {"day": short_date(since)}})
    facts: dict[str, Any] = {
        "founding_decision": founding_decision, "founded_on": founded_on, "founding_issuer": founding_issuer,
        "contact": contact, "phone": phone,
    }  # fmt: skip
    return make_unit(
        code=_next_code(parent), name=name, level=level, parent=parent, since=since, same_name=same_name, facts=facts,
        actor=actor,
    )  # fmt: skip


def _next_code(parent: Unit) -> str:
    """Return the next code below a unit: 11383-C8 after 11383-C7. Codes of units taken away again are passed over."""
    taken = Unit.objects.filter(code__startswith=f"{parent.code}-C").values_list("code", flat=True)
    numbers = [int(found[1]) for code in taken if (found := re.fullmatch(rf"{parent.code}-C([0-9]{{1,6}})", code))]
    code = f"{parent.code}-C{max(numbers, default=0) + 1}"
    if len(code) > longest(Unit, "code"):
        raise ValidationError({"parent": _("No code is left below this unit. Ask the administrator to make it.")})
    return code


@needs(Permission.FOUND_UNIT, on="unit")
def undo_founding(*, unit: Unit, version: str | None = None, actor: User) -> str:
    """Take a founded unit away again while nobody built on it; return its name. ValidationError for any other unit."""
    unit = lock_row(Unit.objects.all(), unit, version)
    if not is_founded_here(unit):
        raise ValidationError(_("Units of this level are made and taken away by the administrator."))
    return take_away(unit=unit, actor=actor)
