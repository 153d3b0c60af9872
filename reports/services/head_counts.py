"""How many members a unit declared beside how many are on its list by name, for the unit's page: two counts, no sum."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Membership
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.proposals import Line
from portal.services.tree_moves import Part
from reports.models import ApprovedValue

DECLARED = "members.declared_total"
_READS = (Permission.VIEW_SUBMISSION, Permission.VIEW_MEMBERS)


class HeadCountPart(Part):
    """What the half-years say of a unit's members; a reorganisation moves nothing of them."""

    def tell(self, unit: Unit, reader: User) -> list[Line]:
        """The last approved head count, what of it was on the list by name at that half-year's end, and the gap."""
        last = _find_approved(unit).first() if _may_know(unit, reader) else None
        if last is None:
            return []
        half = HalfYear.parse(last.submission.half)
        units = Unit.objects.reached_from(unit)
        named = Membership.objects.counted_at_end_of(half).filter(unit__in=units).of_people().count()
        return [_compare(unit, half, last.value, named)]

    def tell_declared(self, unit: Unit, reader: User) -> list[Line]:
        """The same beside the list as it is today (one query, which the indexes of the list answer)."""
        listed: Any = Membership.objects.in_force(timezone.localdate()).exclude(list_key="")
        listed = listed.filter(unit__in=Unit.objects.reached_from(unit)).order_by().values(one=Value(1))
        named = Subquery(listed.annotate(people=Count("pk")).values("people"))
        known = [Unit.objects.covered_by(reader, right).values("pk") for right in _READS]
        last = (
            _find_approved(unit)
            .filter(*(Q(submission__unit__in=units) for units in known))
            .annotate(named=named)
            .first()
        )
        if last is None:
            return []
        return [_compare(unit, HalfYear.parse(last.submission.half), last.value, last.named or 0)]


def _may_know(unit: Unit, reader: User) -> bool:
    return all(reader.may(right, unit) for right in _READS)


def _compare(unit: Unit, half: HalfYear, declared: int, named: int) -> Line:
    gap = declared - named
    numbers = {"declared": format_int(declared), "named": format_int(named), "gap": format_int(abs(gap))}
    if gap < 0:
        said = _("%(declared)s; on the list by name %(named)s, %(gap)s more than declared") % numbers
    else:
        said = _("%(declared)s; on the list by name %(named)s, not yet by name %(gap)s") % numbers
    label = _("Members declared, %(half)s") % {"half": half.screen_label}
    return Line(label, said, reverse("submission_detail", kwargs={"half": half, "code": unit.code}))


def _find_approved(unit: Unit) -> QuerySet[ApprovedValue]:
    found = ApprovedValue.objects.standing().filter(submission__unit=unit, indicator=DECLARED)
    return found.select_related("submission").order_by("-submission__half")
