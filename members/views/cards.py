"""Cards of members and papers of titles: sheets and single ones as PDF, a lost card ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from members.forms.cards import CardSheetForm, LostCardForm
from members.models import LearningTitle, MemberCard
from members.services import cards, title_papers
from members.views.moves import member_kept
from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import send_file
from portal.views.staff import user_of
from portal.vocabulary import TitleState

keeps_members = requires(Permission.MANAGE_MEMBERS)


@takes_form
@keeps_members
def card_sheet(request: HttpRequest) -> HttpResponse:
    """Print cards for the members of a unit who have none, on sheets of A4."""
    today = timezone.localdate()
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS).in_force(today).named_on(today)
    own = [posting.unit for posting in user_of(request).current_postings if posting.unit.version_on(today)]
    first = own[0] if len(own) == 1 else None
    form = CardSheetForm(request.POST or None, units=units.order_by("code"), initial={"unit": first})
    if request.method == "POST" and form.is_valid():
        file = attempt(form, cards.ask_for_new_cards, unit=form.cleaned_data["unit"], actor=user_of(request))
        if file is not None:
            return redirect("file_wait", file.pk)
    context = {"form": form, "waiting": cards.without_card(first).count() if first else None, "most": cards.AT_ONCE}
    return render(request, "members/card_sheet.html", context)


@takes_post("member_detail")
@keeps_members
def card_print(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's card as PDF, given where they have none."""
    pdf = attempt(request, cards.print_card, member=member_kept(request, pk), actor=user_of(request))
    return redirect("member_detail", pk) if pdf is None else _private(send_file(pdf, f"the-hoi-vien-{pk}.pdf"))


@takes_form
@saves_typing()
@keeps_members
def card_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A card is lost: from now on it is not valid."""
    member = member_kept(request, pk)
    card = member.cards.running().first()
    form = LostCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, cards.end_card, member=member, **values):
            messages.success(request, _("The card is not valid any more. Print the new one below."))
            return redirect("member_detail", pk)
    return render(request, "members/card_end.html", {"form": form, "member": member, "card": card or MemberCard})


@takes_post("title_detail")
@requires(*title_papers.PRINTS_TITLES)
def title_certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate of a recognised title as PDF."""
    title = get_object_or_404(LearningTitle.objects.visible_to(user_of(request)), pk=pk)
    pdf = attempt(request, title_papers.print_certificate, title=title, actor=user_of(request))
    return redirect("title_detail", pk) if pdf is None else _private(send_file(pdf, f"giay-cong-nhan-{pk}.pdf"))


@takes_form
@requires(*title_papers.PRINTS_TITLES)
def title_decision(request: HttpRequest, pk: int) -> HttpResponse:
    """The papers of the decision by which a title was recognised: its list, and its certificates in parts."""
    visible = LearningTitle.objects.visible_to(user_of(request)).select_related("unit")
    title = get_object_or_404(visible, pk=pk, state=TitleState.RECOGNISED)
    of: dict[str, Any] = {"unit": title.unit, "decision": title.decision, "decided_on": title.decided_on}
    if request.method == "POST":
        part, of["actor"] = whole_number(request.POST.get("part"), most=10_000), user_of(request)
        if part is None and (pdf := attempt(request, title_papers.print_decision, **of)) is not None:
            return _private(send_file(pdf, "quyet-dinh.pdf"))
        if part is not None and (file := attempt(request, title_papers.ask_for_certificates, part=part, **of)):
            return redirect("file_wait", file.pk)
        del of["actor"]
    count = title_papers.titles_of(**of).count()
    parts = [
        {"part": start // title_papers.AT_ONCE, "first": start + 1, "last": min(start + title_papers.AT_ONCE, count)}
        for start in range(0, count, title_papers.AT_ONCE)
    ]
    context = {"title": title, "count": count, "parts": parts, "unit_name": title.unit.name_on(title.decided_on)}  # type: ignore[arg-type]  # it is recognised
    return render(request, "members/title_decision.html", context)


def _private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
