"""Members of units that end: with one heir they go on there; after a split each stays until somebody assigns them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.models import LearningTitle, Membership
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.proposals import Line
from portal.services.tree_moves import BUILT_ON, Part, Step
from portal.vocabulary import LearningModel, SuccessionKind, TitleState

CHUNK = 5_000


def standing_on(units: Iterable[int], day: datetime.date) -> QuerySet[Membership]:
    """Return the memberships of the units that hold on the day."""
    return Membership.objects.filter(unit_id__in=units, valid__contains=day)


def move_memberships(rows: QuerySet[Membership], to_unit: Unit, on: datetime.date, person: User) -> list[list[Any]]:
    """Let memberships go on at another unit from the day: no joining, no leaving. Return [ended, made] pairs of ids.

    Of a closed half-year the move keeps its day and counts in the first open one.
    """
    rows = rows.select_for_update().order_by("pk")
    ended = [row for row in rows if row.valid.lower < on]
    if not ended:
        return []
    half = HalfYear.containing(on)
    places = {row.unit_id for row in ended}
    counts = max(
        next_open_half(unit=unit, half=half, people=[person]) for unit in [to_unit, *Unit.objects.filter(pk__in=places)]
    ).code
    fresh = []
    for row in ended:
        until, left_half, reason = row.valid.upper, row.left_half, row.left_reason
        row.valid, row.left_half, row.left_reason = DateRange(row.valid.lower, on), counts, ""
        fresh.append(
            Membership(
                member_id=row.member_id, unit=to_unit, joined_on=row.joined_on, valid=DateRange(on, until), half=counts,
                left_half=left_half, is_transfer=True, from_unit_id=row.unit_id, left_reason=reason,
                merged_half=row.merged_half, recorded_by=person,
            )
        )  # fmt: skip
    Membership.objects.bulk_update(ended, ["valid", "left_half", "left_reason"], batch_size=CHUNK)
    made = Membership.objects.bulk_create(fresh, batch_size=CHUNK)
    return [[old.pk, new.pk] for old, new in zip(ended, made, strict=True)]


def _tell_titles(unit: Unit, today: datetime.date) -> list[Line]:
    """Return a line for each model and year, this one and the last, of the unit and all below it (one query)."""
    rows = LearningTitle.objects.filter(unit__in=Unit.objects.below(unit, today), year__in=[today.year, today.year - 1])
    counted = rows.order_by().values("year", "model").annotate(
        registered=Count("pk", filter=~Q(state=TitleState.WITHDRAWN)),
        recognised=Count("pk", filter=Q(state=TitleState.RECOGNISED)),
    )  # fmt: skip
    found = {(row["year"], row["model"]): row for row in counted}
    lines = []
    for year in (today.year, today.year - 1):
        for model in LearningModel:
            if row := found.get((year, str(model))):
                numbers = {name: format_int(row[name]) for name in ("registered", "recognised")}
                said = _("%(registered)s registered, %(recognised)s recognised") % numbers
                address = f"{reverse('title_list')}?unit={unit.code}&year={year}&model={model}"
                lines.append(Line(f"{model.label} {year}", said, address))
    return lines


class MembersPart(Part):
    """What a reorganisation does with members."""

    def lines(self, step: Step, on: datetime.date) -> list[Line]:
        """How many people go on where."""
        count = standing_on(step.ends, on - datetime.timedelta(days=1)).count()
        if not count or not step.heirs:
            return []
        said = ngettext("%(count)d person", "%(count)d people", count) % {"count": count}
        goes = (
            _("stand with the ended unit, undecided, until assigned")
            if step.kind == SuccessionKind.SPLIT
            else _("go on at who takes over; nobody counts as joined or left")
        )
        return [Line(_("Members"), said, goes)]

    def move(self, step: Step, on: datetime.date, person: User) -> Any:
        """Let the members of units with one heir go on there."""
        if len(step.heirs) != 1:
            return []
        heir = Unit.objects.get(pk=step.heirs[0])
        return move_memberships(standing_on(step.ends, on), heir, on, person)

    def take_back(self, moved: Any, on: datetime.date) -> None:
        """Let them go on where they were; refused when one of them has moved on since."""
        locked = Membership.objects.select_for_update().in_bulk([pk for pair in moved for pk in pair])
        restored = []
        for old_id, new_id in moved:
            before, after = locked.get(old_id), locked.get(new_id)
            if before is None or after is None or after.valid.lower != on or before.valid.upper != on:
                raise ValidationError(BUILT_ON())
            before.valid, before.left_half = DateRange(before.valid.lower, after.valid.upper), after.left_half
            before.left_reason = after.left_reason
            restored.append(before)
        Membership.objects.filter(pk__in=[new for _old, new in moved]).delete()
        Membership.objects.bulk_update(restored, ["valid", "left_half", "left_reason"], batch_size=CHUNK)

    def tell(self, unit: Unit, reader: User) -> list[Line]:
        """How many people belong to the unit itself and to what is below it today."""
        if not reader.may(Permission.VIEW_MEMBERS, unit):
            return []
        today = timezone.localdate()
        own = standing_on([unit.pk], today).count()
        below = Unit.objects.below(unit, today)
        whole = Membership.objects.filter(unit__in=below, valid__contains=today).count()
        list_of = f"{reverse('member_list')}?unit={unit.code}"
        members = [
            Line(_("Members"), format_int(own), ""),
            Line(_("Members with all below"), format_int(whole), list_of),
        ]
        return members + _tell_titles(unit, today)

    def left(self, unit: Unit) -> list[Line]:
        """How many members a split unit had at its end, and how many nobody has assigned yet."""
        ends = unit.versions.order_by("-valid").values_list("valid__endswith", flat=True).first()
        if ends is None:
            return []
        last_day = ends - datetime.timedelta(days=1)
        at_first = standing_on([unit.pk], last_day).count()
        still = standing_on([unit.pk], last_day).filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=ends)).count()
        return [Line(_("Members"), str(at_first), str(still))] if at_first else []
