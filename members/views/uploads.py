"""A workbook of members on its way in: looked at, mended in the preview itself, taken in or given up."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from intakes.models import Intake
from intakes.reading.words.schemas import MEMBERS
from intakes.reading.writing import blank_form, write_errors
from intakes.services.intakes import sentences_by_row
from intakes.views import preview
from members.forms.people import MemberUploadForm
from members.services import intakes
from portal.forms.fields import take_errors
from portal.lib.vietnamese import format_int
from portal.models import Unit
from portal.models.unit import unit_scope
from portal.permissions import Permission, requires
from portal.views.downloads import send_file
from portal.views.errors import conflict
from portal.views.staff import names_of, user_of

FIELDS = ("full_name", "birth", "unit", "joined_on", "phone")

keeps_members = requires(Permission.MANAGE_MEMBERS)


@keeps_members
def member_upload(request: HttpRequest) -> HttpResponse:
    """Send a workbook of new members; its preview comes next."""
    today = timezone.localdate()
    units = list(Unit.objects.covered_by(user_of(request), Permission.MANAGE_MEMBERS).named_on(today).order_by("code"))
    own = {posting.unit_id for posting in user_of(request).current_postings} & {unit.pk for unit in units}
    form = MemberUploadForm(
        request.POST or None, request.FILES or None, units=units, initial={"unit": min(own) if own else None}
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["content"]
        try:
            intake = intakes.start_intake(
                unit=form.cleaned_data["unit"], file_name=file.name, content=file.read(), actor=user_of(request)
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            return redirect("member_preview", intake.pk)
    return render(request, "members/member_upload.html", {"form": form})


@require_safe
@keeps_members
def member_form(request: HttpRequest) -> HttpResponse:
    """Hand out the blank form to fill in on a computer or on paper."""
    return send_file(blank_form(MEMBERS), "mau-danh-sach-hoi-vien.xlsx")


@keeps_members
def member_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the file holds and what needs a look; save corrections, decisions and answers all at once."""
    intake = _found(request, pk)
    if intake.finished_at is not None:
        messages.info(
            request, _("This file has been taken in or given up already. Send it again if it is still needed.")
        )
        return redirect("member_list")
    try:
        plan = intakes.plan_intake(intake=intake, actor=user_of(request))
        needs_reason: set[str] = set()
        if request.method == "POST":
            needs_reason = preview.save_answers(request, intake, plan.reading)
            if not needs_reason:
                return redirect("member_preview", pk)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("member_upload")
    context = preview.shown(request, intake, plan, schema=MEMBERS, fields=FIELDS, needs_reason=needs_reason)
    added = Counter(row.unit.pk for row in plan.accepted if row.unit)
    names = names_of(added)
    by_unit = sorted((names[pk], count) for pk, count in added.items())
    context |= {"unit_name": intake.unit.name_on(timezone.localdate()), "names": names, "by_unit": by_unit}
    return render(request, "members/member_preview.html", context)


@require_POST
@keeps_members
def member_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the good rows in, if they are still those that were shown."""
    intake = _found(request, pk)
    try:
        count = intakes.commit_intake(intake=intake, token=request.POST.get("token", ""), actor=user_of(request))
    except intakes.Conflict as changed:
        back = {"back_url": reverse("member_preview", args=[pk]), "back_label": _("Look at the preview again")}
        return conflict(request, str(changed), **back)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("member_preview", pk)
    if count:
        said = ngettext(
            "%(count)s member has been added. You find them in the list below.",
            "%(count)s members have been added. You find them in the list below.",
            count,
        )
        messages.success(request, said % {"count": format_int(count)})
    else:
        messages.info(request, _("Every row of this file was recorded already. Nothing has been added."))
    return redirect("member_list")


@require_POST
@keeps_members
def member_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file up."""
    intake = _found(request, pk)
    try:
        intakes.discard_intake(intake=intake, actor=user_of(request))
        messages.success(request, _("The file has been given up and erased. Nothing was recorded."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("member_list")


@require_safe
@keeps_members
def member_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the same sheets with only the rows to mend and what is wrong with each."""
    intake = _found(request, pk)
    if intake.finished_at is not None:
        return redirect("member_preview", pk)
    plan = intakes.plan_intake(intake=intake, actor=user_of(request))
    content = write_errors(
        bytes(intake.content or b""), intake.file_name, sentences_by_row(plan.errors), MEMBERS, intake.mapping
    )
    return send_file(content, f"dong-can-sua-{intake.pk}.xlsx")


def _found(request: HttpRequest, pk: int) -> Intake:
    scope = unit_scope(user_of(request), Permission.MANAGE_MEMBERS)
    return get_object_or_404(
        Intake.objects.filter(kind=Intake.Kind.MEMBERS, unit_id__in=scope).select_related("unit"), pk=pk
    )
