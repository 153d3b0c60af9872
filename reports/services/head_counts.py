"""How many members a unit declared beside how many are on its list by name, for the unit's page: two counts, no sum."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
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


class HeadCountPart(Part):
    """What the half-years say of a unit's members; a reorganisation moves nothing of them."""

    def tell(self, unit: Unit, reader: User) -> list[Line]:
        """The last approved head count, what of it is on the list by name, and the gap."""
        if not (reader.may(Permission.VIEW_SUBMISSION, unit) and reader.may(Permission.VIEW_MEMBERS, unit)):
            return []
        last = _find_approved(unit).first()
        if last is None:
            return []
        half = HalfYear.parse(last.submission.half)
        units = Unit.objects.reached_from(unit)
        named = Membership.objects.counted_at_end_of(half).filter(unit__in=units).of_people().count()
        address = reverse("submission_detail", kwargs={"half": half, "code": unit.code})
        label = _("Members declared, %(half)s") % {"half": half.screen_label}
        gap = last.value - named
        if gap < 0:
            numbers = {"declared": format_int(last.value), "named": format_int(named), "gap": format_int(-gap)}
            said = _("%(declared)s; on the list by name %(named)s, %(gap)s more than declared") % numbers
        else:
            numbers = {"declared": format_int(last.value), "named": format_int(named), "gap": format_int(gap)}
            said = _("%(declared)s; on the list by name %(named)s, not yet by name %(gap)s") % numbers
        return [Line(label, said, address)]


def _find_approved(unit: Unit) -> QuerySet[ApprovedValue]:
    found = ApprovedValue.objects.filter(submission__unit=unit, indicator=DECLARED)
    return found.select_related("submission").order_by("-submission__half")
