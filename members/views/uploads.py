"""A workbook of new members, or of learning titles, sent in; its preview is that of every list."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from intakes.reading.writing import blank_form
from intakes.services.intakes import start_intake
from intakes.services.kinds import ListKind
from intakes.services.opening import warm_up
from members.forms.people import MemberUploadForm
from members.schema import MEMBERS, TITLES
from members.services.lists import MemberList
from members.services.title_lists import TitleList
from portal.addresses import takes_form
from portal.lib.language import official_language
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt
from portal.views.downloads import send_file
from portal.views.staff import user_of

keeps_members = requires(Permission.MANAGE_MEMBERS)


@takes_form
@keeps_members
def member_upload(request: HttpRequest) -> HttpResponse:
    """Send a workbook of new members; its preview comes next."""
    return _upload(request, MemberList(), "members/member_upload.html")


@takes_form
@keeps_members
def title_upload(request: HttpRequest) -> HttpResponse:
    """Send a workbook of learning titles; its preview comes next."""
    return _upload(request, TitleList(), "members/title_upload.html")


def _upload(request: HttpRequest, kind: ListKind[Any, Any], template: str) -> HttpResponse:
    today = timezone.localdate()
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS).named_on(today).order_by("code")
    posted = [posting.unit_id for posting in user_of(request).current_postings]
    own = units.filter(pk__in=posted).values_list("pk", flat=True)
    form = MemberUploadForm(
        request.POST or None, request.FILES or None, units=units, initial={"unit": min(own, default=None)}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["content"]
        given = {"kind": kind, "unit": form.cleaned_data["unit"], "file_name": file.name}
        intake = attempt(form, start_intake, **given, content=file.read(), actor=user_of(request))
        if intake is not None:
            return redirect("intake_preview", intake.pk)
    warm_up()
    return render(request, template, {"form": form})


@require_safe
@keeps_members
@official_language()
def member_form(request: HttpRequest) -> HttpResponse:
    """Hand out the blank form to fill in on a computer or on paper."""
    return send_file(blank_form(MEMBERS), "mau-danh-sach-hoi-vien.xlsx")


@require_safe
@keeps_members
@official_language()
def title_form(request: HttpRequest) -> HttpResponse:
    """Hand out the blank form of learning titles."""
    return send_file(blank_form(TITLES), "mau-danh-hieu-hoc-tap.xlsx")
