"""What a person may ask concerning their data: a copy, a consent taken back, erasure."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.forms.joining import ConsentForm, EraseForm, EraseHolderForm
from members.models import LearningTitle, Member
from members.services import personal
from members.views.moves import member_kept
from portal.addresses import takes_form
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import name_file
from portal.views.staff import user_of
from portal.vocabulary import LearningModel

keeps_members = requires(Permission.MANAGE_MEMBERS)


@require_safe
@keeps_members
def member_data(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything kept of a member as a file, for the member; the audit says that it was handed out."""
    content = attempt(request, personal.export_person, member=member_kept(request, pk), actor=user_of(request))
    if content is None:
        return redirect("member_detail", pk)
    answer = HttpResponse(content, content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "private, no-store"
    name_file(answer, f"du-lieu-hoi-vien-{pk}.json")
    return answer


@takes_form
@keeps_members
def member_unconsent(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down that a member took their consent back."""
    member = member_kept(request, pk)
    form = ConsentForm(request.POST or None, initial={"withdrawn_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, personal.withdraw_consent, member=member, **values):
            messages.success(request, _("Written down. The member is in no file saved from the list from now on."))
            return redirect("member_detail", pk)
    return render(request, "members/member_unconsent.html", {"form": form, "member": Member.objects.get(pk=pk)})


@takes_form
@keeps_members
def member_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase what is kept of a member, for ever."""
    member = member_kept(request, pk)
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, personal.erase_member, member=member, **values):
            messages.success(request, _("The data have been erased. The sums stay."))
            return redirect("member_list")
    return render(request, "members/member_erase.html", {"form": form, "member": Member.objects.get(pk=pk)})


@takes_form
@keeps_members
def title_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase what is kept of a citizen who holds a title and is no member, for ever."""
    kept = LearningTitle.objects.within(user_of(request), Permission.MANAGE_MEMBERS).select_related("subject", "unit")
    title = get_object_or_404(kept, pk=pk, model=LearningModel.CITIZEN)
    if title.subject.member_id is not None:
        return redirect("member_erase", title.subject.member_id)
    form = EraseHolderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, personal.erase_holder, title=title, **values):
            messages.success(request, _("The data have been erased. The sums stay."))
            return redirect("title_detail", pk)
    return render(request, "members/title_erase.html", {"form": form, "title": kept.get(pk=pk)})
