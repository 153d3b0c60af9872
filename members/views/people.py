"""Members found, looked at, added and changed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intakes.models import Intake
from members.forms.people import MemberForm, MemberUpdateForm
from members.models import CitizenNumber, Member, Membership, Position
from members.services import members
from members.services.history import MOST_SHOWN, told_changes
from members.services.lists import MemberList
from members.services.moves import may_take_back
from members.services.twins import find_likely, find_parted
from members.tables import MemberTable
from members.views.moves import member_kept
from portal.addresses import saves_typing, takes_form
from portal.lib.citizen_numbers import is_citizen_number
from portal.models import Unit, User
from portal.permissions import Permission, requires
from portal.services.proposals import Line
from portal.services.tree_moves import parts
from portal.views.attempts import attempt, shown_version
from portal.views.errors import gone
from portal.views.lists import show_list
from portal.views.staff import names_of, user_of
from portal.vocabulary import AskedFileKind


@require_safe
@requires(Permission.VIEW_MEMBERS)
def member_list(request: HttpRequest) -> HttpResponseBase:
    """The members of today within the person's scope, by name without accents, phone, card number or unit."""
    user = user_of(request)
    table = MemberTable.seen_by(request, user)
    unfinished = Intake.objects.none()
    if not table.filter.is_narrowed:  # who looks for somebody is not asked about lists
        unfinished = Intake.objects.waiting_for(user, MemberList.code, MemberList.permission)
    context = {
        "unfinished": unfinished, "declared": _tell_declared(table, user),
        "asks_number": is_citizen_number(table.filter.chosen.get("q", "")),
    }  # fmt: skip
    return show_list(request, table, "members/member_list.html", context, noted_as=AskedFileKind.MEMBERS)


def _tell_declared(table: MemberTable, user: User) -> list[Line]:
    """Return what the unit whose members are listed has declared beside them: the one asked for, or the person's own.

    Nothing where somebody is looked for, where former members are listed, and of the whole city, whose leader sees on
    the home which units' counts differ most.
    """
    asked = dict(table.filter.chosen)
    unit = asked.pop("unit", None)
    own = {posting.unit_id for posting in user.current_postings}
    if unit is None and len(own) == 1 and table.units is not None:
        unit = next((one for one in table.covered if one.pk in own), None)
    if unit is None or asked:
        return []
    return [line for part in parts().values() for line in part.tell_declared(unit, user)]


@require_safe
@requires(Permission.VIEW_MEMBERS)
def member_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A member, with the units in the reader's scope that they belong or belonged to."""
    user, today = user_of(request), timezone.localdate()
    seen = Membership.objects.visible_to(user)
    memberships = list(seen.filter(member_id=pk).order_by("-valid"))
    if not memberships:
        raise Http404
    last = Membership.objects.filter(member_id=pk).select_related("member", "unit", "from_unit").order_by("-valid")[0]
    member = last.member
    if member.erased_at:
        return gone(request, reason=_("The data of this person were erased on request."), withdrawn_at=member.erased_at)
    if member.merged_into_id:
        return _lead_to_kept(request, member)
    if last not in memberships and last.from_unit_id == memberships[0].unit_id:
        memberships.insert(0, last)  # whoever moved somebody knows where to
    joins = list(member.joins_kept.standing().select_related("other", "decided_by"))
    if joins:  # who stands with somebody brings along where they were
        memberships += seen.filter(member__in=[join.other_id for join in joins]).order_by("-valid")
    keeps = user.may(Permission.MANAGE_MEMBERS, last.unit)
    positions = list(Position.objects.visible_to(user).filter(member__in=[pk, *(join.other_id for join in joins)]))
    cards = list(member.cards.all()) if keeps else []
    context = {
        "member": member, "memberships": memberships, "positions": positions, "today": today, "keeps": keeps,
        "names": names_of({row.unit_id for row in [*memberships, *positions, last]}, today), "last": last,
        "is_member": last.valid.upper is None or last.valid.upper > today,
        "changes": told_changes(member) if keeps else [], "consents": list(member.consents.all()) if keeps else [],
        "cards": cards, "has_card": any(card.ended_at is None for card in cards),
        "number": CitizenNumber.objects.of(member) if keeps else None,
        "reveals": list(member.reveals.select_related("made_by")[:MOST_SHOWN]) if keeps else [],
        "joins": joins, "twins": find_likely(member, user) if keeps else [],
        "parted": find_parted(member, user) if keeps else [],
        "may_undo": may_take_back(user, last),
    }  # fmt: skip
    return render(request, "members/member_detail.html", context)


def _lead_to_kept(request: HttpRequest, member: Member) -> HttpResponse:
    """Lead to the entry that stands for two; whoever may not see it is told that there is one."""
    if Membership.objects.visible_to(user_of(request)).filter(member=member.merged_into_id).exists():
        return redirect("member_detail", member.merged_into_id)
    join = member.joins.standing().first()
    reason = _("This entry was found to be the same person as a member of another unit, and stands there now.")
    return gone(request, reason=reason, withdrawn_at=join.decided_at if join else None)


@takes_form
@saves_typing()
@requires(Permission.MANAGE_MEMBERS)
def member_create(request: HttpRequest) -> HttpResponse:
    """Record somebody who joined; a namesake born the same day is shown first."""
    today = timezone.localdate()
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS)
    own = [posting.unit for posting in user_of(request).current_postings if posting.role == "officer"]
    form = MemberForm(
        request.POST or None, units=units, initial={"joined_on": today, "unit": own[0] if len(own) == 1 else None}
    )
    if request.method == "POST" and form.is_valid():
        member = attempt(form, members.add_member, actor=user_of(request), **form.cleaned_data)
        if member is None:
            form.ask_about_namesake()
        else:
            messages.success(request, _("%(name)s is a member now.") % {"name": member.full_name})
            return redirect(
                "member_create" if "again" in request.POST else "member_detail",
                *([] if "again" in request.POST else [member.pk]),
            )
    return render(request, "members/member_create.html", {"form": form})


@takes_form
@saves_typing()
@requires(Permission.MANAGE_MEMBERS)
def member_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is known of a member."""
    member = member_kept(request, pk)
    form = MemberUpdateForm(request.POST or None, initial=MemberUpdateForm.facts_of(member))
    form.show_number(CitizenNumber.objects.of(member))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, members.update_member, member=member, **values):
            messages.success(request, _("Saved."))
            return redirect("member_detail", pk)
        form.ask_about_namesake()
    return render(request, "members/member_update.html", {"form": form, "member": Member.objects.get(pk=pk)})
