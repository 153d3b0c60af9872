"""Two entries of one person joined into one, told apart, and the joining taken back.

No fact moves. The other entry stands with the kept one and is listed no more; from the first open half-year on its
memberships count no more where the kept one's do, so that closed half-years say what they said.
"""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import CitizenNumber, DistinctMembers, LearningTitle, Member, MemberJoin, Membership
from members.services.members import keep_apart, leave_out, lock_member, told_apart_from, units_of_member
from members.services.moves import TOLD_FOR, open_for_all
from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.sameness import Likeness, compare_births
from portal.models import Unit, User, birth_parts
from portal.permissions import Permission
from portal.services.refusals import needs, require_reason
from portal.services.texts import fitting
from portal.services.versions import Beside, check_version, lock_row
from portal.vocabulary import TitleState

MOST_LOOKED_AT, MOST_SHOWN = 100, 5  # namesakes; those proposed on a member's page
_NO_TITLE = (TitleState.WITHDRAWN, TitleState.REFUSED, TitleState.REVOKED)


def _units_of_pair(values: dict[str, Member]) -> list[Unit]:
    return [unit for name in ("kept", "other") for unit in units_of_member({"member": values[name]})]


def _lock_pair(kept: Member, other: Member, version: str | None) -> tuple[Member, Member]:
    """Return the two under lock and as the page showed them; ConflictError when either has changed."""
    list(Member.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk"))
    kept, other = lock_member(kept, None), lock_member(other, None)
    check_version(other, version, Beside(kept))
    return kept, other


def _require_reason(text: str, *members: Member) -> str:
    """Return how somebody knows it, with no citizen number in it."""
    reason = require_reason(text, _("Say how you know it."))
    leave_out([row.read() for member in members for row in CitizenNumber.objects.of_person(member)], {"reason": reason})
    return reason


@needs(Permission.MANAGE_MEMBERS, on=_units_of_pair)
def join_members(*, kept: Member, other: Member, reason: str, version: str | None = None, actor: User) -> MemberJoin:
    """Say that two entries are one person, who stands as `kept` from now on; it can be taken back.

    `version`: that of the two which the page showed beside each other. ValidationError without a reason, for one entry
    twice, one that stands with another already, one that would take the person out of the list or let them join twice,
    and for two titles of one year.
    """
    if kept.pk == other.pk:
        raise ValidationError(_("One person cannot be joined with itself."), code="same")
    kept, other = _lock_pair(kept, other, version)
    reason = _require_reason(reason, kept, other)
    if Member.objects.filter(merged_into=other).exists():
        raise ValidationError(
            _("The other entry has been joined with somebody already. Keep that one, or undo the first joining."),
            code="joined",
        )
    units = _units_of_pair({"kept": kept, "other": other})
    _demand_one_title(kept, other)
    _count_once(kept, other, actor)
    pair = Q(one=min(kept.pk, other.pk), other=max(kept.pk, other.pk))
    DistinctMembers.objects.filter(pair).delete()
    join = MemberJoin.objects.create(
        kept=kept, other=other, reason=fitting(MemberJoin, "reason", reason), decided_by=actor
    )
    _record(audit.Action.MEMBER_JOIN, kept, other, units, actor)
    return join


@needs(Permission.MANAGE_MEMBERS, on=_units_of_pair)
def part_members(*, kept: Member, other: Member, reason: str, version: str | None = None, actor: User) -> Member:
    """Say that two entries are two persons, by what somebody knows; they are not proposed any more."""
    if kept.pk == other.pk:
        raise ValidationError(_("One person cannot be joined with itself."), code="same")
    kept, other = _lock_pair(kept, other, version)
    reason = _require_reason(reason, kept, other)
    keep_apart(member=kept, others=[other], difference=reason, actor=actor)
    _record(audit.Action.MEMBER_PART, kept, other, _units_of_pair({"kept": kept, "other": other}), actor)
    return kept


def _units_of_join(values: dict[str, MemberJoin]) -> list[Unit]:
    return _units_of_pair({"kept": values["join"].kept, "other": values["join"].other})


@needs(Permission.MANAGE_MEMBERS, on=_units_of_join)
def undo_join(*, join: MemberJoin, version: str | None = None, actor: User) -> MemberJoin:
    """Take a joining back: both stand as before. What was closed meanwhile stays; both count in the first open one."""
    join = lock_row(MemberJoin.objects.select_related("kept", "other"), join, version)
    if join.undone_at is not None:
        raise ValidationError(str(MemberJoin.guards["member_join_kept"]), code="finished")
    other = Member.objects.select_for_update().get(pk=join.other_id)
    if other.erased_at is not None:
        raise ValidationError(_("The data of this person were erased on request."), code="erased")
    join.undone_at, join.undone_by = timezone.now(), actor
    join.save(update_fields=["undone_at", "undone_by"])
    for row in Membership.objects.select_for_update(of=("self",)).select_related("unit").filter(member=other):
        if row.merged_half:
            _count_again(row, actor)
    _record(audit.Action.MEMBER_UNJOIN, join.kept, other, _units_of_join({"join": join}), actor)
    return join


def joins_told_to(user: User) -> QuerySet[MemberJoin]:
    """Return the joinings of the last days of members of the person's units that another one decided, newest first."""
    mine = Unit.objects.covered_by(user, Permission.MANAGE_MEMBERS).values("pk")
    told = MemberJoin.objects.standing().filter(decided_at__gt=timezone.now() - TOLD_FOR).exclude(decided_by=user)
    of_mine = Membership.objects.filter(unit__in=mine).values("member")
    told = told.filter(Q(kept__in=of_mine) | Q(other__in=of_mine)).filter(kept__erased_at__isnull=True)
    return told.select_related("kept", "decided_by").order_by("-decided_at", "-pk")


def find_likely(member: Member, user: User) -> list[Member]:
    """Return those of the person's units who may be this member by name or number, and were not told apart."""
    own = _digest(member)
    equal = list(CitizenNumber.objects.filter(digest=own).values_list("member", flat=True)) if own else []
    kept = Membership.objects.kept_by(user).filter(member=OuterRef("pk"))
    found = Member.objects.standing().filter(Q(name_key=member.name_key) | Q(pk__in=equal)).exclude(pk=member.pk)
    found = found.exclude(pk__in=told_apart_from(member)).filter(Exists(kept))
    born = birth_parts(member.birth)
    alike = [
        other for other in found.order_by("pk")[:MOST_LOOKED_AT]
        if other.pk in equal
        or compare_births(born, birth_parts(other.birth))
        or (member.phone and member.phone == other.phone)
    ]  # fmt: skip
    return alike[:MOST_SHOWN]


def find_parted(member: Member, user: User) -> list[Member]:
    """Return those of the person's units of whom somebody said that they are not this member."""
    kept = Membership.objects.kept_by(user).filter(member=OuterRef("pk"))
    found = Member.objects.standing().filter(pk__in=told_apart_from(member)).filter(Exists(kept))
    return list(found.order_by("pk"))


def reasons_of_likeness(one: Member, other: Member) -> list[str]:
    """Return in words what two members have in common, and what speaks against their being one person."""
    places = [units_of_member({"member": member})[0] for member in (one, other)]
    return [*_likeness(one, other), _("same unit") if places[0] == places[1] else _("two units")]


def reasons_in_units(one: Membership, other: Membership) -> list[str]:
    """Return the same of the members of two memberships (no query)."""
    where = _("same unit") if one.unit_id == other.unit_id else _("two units")
    return [*_likeness(one.member, other.member), where]


def _likeness(one: Member, other: Member) -> list[str]:
    found = [_("same name") if one.name_key == other.name_key else _("different names")]
    likeness = compare_births(birth_parts(one.birth), birth_parts(other.birth))
    if not (one.birth and other.birth):
        found.append(_("one birth is not stated"))
    elif likeness is None:
        found.append(_("different births"))
    else:
        found.append(_("same birth") if likeness is Likeness.EQUAL else _("births that agree"))
    if one.phone and other.phone:
        found.append(_("same phone") if one.phone == other.phone else _("different phones"))
    if one.gender and other.gender and one.gender != other.gender:
        found.append(_("different genders"))
    if _digest(one) and _digest(other):
        found.append(_("same citizen number") if _digest(one) == _digest(other) else _("different citizen numbers"))
    return found


def _digest(member: Member) -> str:
    """Return by what a member's citizen number is told from another, without opening it; "" where there is none."""
    return str(getattr(getattr(member, "citizen_number", None), "digest", ""))


def _demand_one_title(kept: Member, other: Member) -> None:
    """Refuse two who both hold a title of one year: it would count twice."""
    titles = LearningTitle.objects.exclude(state__in=_NO_TITLE)
    theirs = titles.filter(subject__member=other).values("year")
    twice = titles.filter(Q(subject__member=kept) | Q(subject__member__merged_into=kept), year__in=theirs).first()
    if twice is not None:
        said = _("Both stand on the list of learning titles of %(year)d. Withdraw one of the two titles first.")
        raise ValidationError(said % {"year": twice.year}, code="titles")


def _count_once(kept: Member, other: Member, actor: User) -> None:
    """Let the other's memberships count no more from the first open half-year on where the kept one's do."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("unit").order_by("valid", "pk")
    ours, theirs = list(rows.filter(member=kept)), list(rows.filter(member=other))
    stays, goes = (next((row for row in found if row.valid.upper is None), None) for found in (ours, theirs))
    if goes is not None and (stays is None or goes.joined_on < stays.joined_on):
        raise ValidationError(
            _("The other entry is the older one, or the only one that is a member today. Keep that one instead."),
            code="other_way",
        )
    for row in theirs:
        over = [one for one in ours if _overlap(one.valid, row.valid)]
        if over:
            first = HalfYear.parse(max(row.half, min(one.half for one in over)))
            row.merged_half = open_for_all(first, [row.unit, *(one.unit for one in over)], actor).code
            row.save(update_fields=["merged_half"])


def _count_again(row: Membership, actor: User) -> None:
    first = HalfYear.parse(row.merged_half)
    half = open_for_all(first, [row.unit], actor)
    today = timezone.localdate()
    if half == first:
        row.merged_half = ""
        row.save(update_fields=["merged_half"])
    elif row.valid.upper is None and row.valid.lower < today:
        row.valid, row.left_half = DateRange(row.valid.lower, today), half.code
        row.save(update_fields=["valid", "left_half"])
        Membership.objects.create(
            member_id=row.member_id, unit=row.unit, joined_on=row.joined_on, valid=DateRange(today, None),
            half=half.code, is_transfer=True, recorded_by=actor,
        )  # fmt: skip


def _overlap(one: DateRange, other: DateRange) -> bool:
    def begins_before(a: DateRange, b: DateRange) -> bool:
        return bool((a.lower or datetime.date.min) < (b.upper or datetime.date.max))

    return begins_before(one, other) and begins_before(other, one)


def _record(action: audit.Action, kept: Member, other: Member, units: list[Unit], actor: User) -> None:
    for one, beside, unit in ((kept, other, units[0]), (other, kept, units[-1])):
        audit.record(actor=actor, action=action, target=one, unit=unit, detail={"with": beside.pk})
