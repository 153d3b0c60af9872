"""What a report sets, asks for and wants to reach, what came of the last one's, and the review meeting."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.forms.fields import tell_rest
from portal.lib.periods import HalfYear, Period
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import send_file
from reports.figures import INDICATORS, DatedTree
from reports.forms import AnswerForm, MeetingForm, ProposalForm, TargetForm, TaskForm, TaskStateForm
from reports.models import Meeting, MeetingPhoto, ReportProposal, ReportTask
from reports.services import agenda
from reports.services.heads import make_head
from reports.views.scope import may_write, unit_in_scope, user_of, writable_unit


@takes_form
@requires(Permission.VIEW_REPORT)
def report_agenda(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """What the report sets and asks for, and what came of the last one's; `what` names the form that was sent."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    if request.method != "POST":
        return _render_agenda(request, period, unit)
    unit, what = writable_unit(request, code), request.POST.get("what")
    units = Unit.objects.filter(pk__in=agenda.responsible_units(unit, period))
    about: dict[str, Any] = {"unit": unit, "actor": user_of(request)}
    form: forms.Form
    service: Callable[..., Any]
    if what == "target":
        form, service, about = (
            TargetForm(request.POST, prefix="target"),
            agenda.set_target,
            about | {"year": period.year},
        )
    elif what == "proposal":
        form, service, about = (
            ProposalForm(request.POST, prefix="proposal"),
            agenda.add_proposal,
            about | {"period": period},
        )
    else:
        what, service, about = "task", agenda.add_task, about | {"period": period}
        form = TaskForm(request.POST, prefix="task", units=units)
    done = form.is_valid() and attempt(form, service, **form.cleaned_data, **about) is not None
    if not done:
        return _render_agenda(request, period, unit, **{what: form})
    messages.success(request, _("Kept. It stands in the report."))
    if said := tell_rest(form.cleaned_data.get("due_on")):
        messages.warning(request, said)
    return redirect("report_agenda", period, unit.code)


def _render_agenda(request: HttpRequest, period: Period, unit: Unit, **bound: forms.Form) -> HttpResponse:
    tree, before = DatedTree(period.last_day), period.previous()
    units = Unit.objects.filter(pk__in=agenda.responsible_units(unit, period))
    lists = [
        {
            "period": one,
            "tasks": [
                (task, bound.get(f"task_{task.pk}") or _task_form(task))
                for task in agenda.tasks_of(unit, one)
            ],
            "proposals": [
                (asked, bound.get(f"asked_{asked.pk}") or _answer_form(asked))
                for asked in agenda.proposals_of(unit, one)
            ],
        }
        for one in (before, period)
    ]  # fmt: skip
    targets = agenda.targets_of(unit, period.year)
    context = {
        "period": period, "unit": unit, "name": tree.name_of(unit), "last": lists[0], "now": lists[1],
        "may_write": may_write(request, unit),
        "task_form": bound.get("task") or TaskForm(prefix="task", units=units),
        "proposal_form": bound.get("proposal") or ProposalForm(prefix="proposal"),
        "target_form": bound.get("target") or TargetForm(prefix="target"),
        "targets": [(INDICATORS[code], value) for code, value in targets.items()],
        "meeting": agenda.meeting_of(unit, period), "meeting_title": _name_meeting(period),
    }  # fmt: skip
    return render(request, "reports/report_agenda.html", context)


@takes_post("report_agenda", keep=("period", "code"))
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_task_decide(request: HttpRequest, period: Period, code: str, pk: int) -> HttpResponse:
    """Say what became of a task."""
    unit = writable_unit(request, code)
    task = get_object_or_404(ReportTask, pk=pk, unit=unit)
    form = _task_form(task, request.POST)
    given = {"version": shown_version(request), "actor": user_of(request)}
    if not form.is_valid() or attempt(form, agenda.decide_task, task=task, **form.cleaned_data, **given) is None:
        return _render_agenda(request, period, unit, **{f"task_{pk}": form})
    messages.success(request, _("Kept. The next report tells it."))
    return redirect("report_agenda", period, code)


@takes_post("report_agenda", keep=("period", "code"))
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_proposal_answer(request: HttpRequest, period: Period, code: str, pk: int) -> HttpResponse:
    """Keep the answer to a proposal."""
    unit = writable_unit(request, code)
    asked = get_object_or_404(ReportProposal, pk=pk, unit=unit)
    form = _answer_form(asked, request.POST)
    given = {"version": shown_version(request), "actor": user_of(request)}
    if (
        not form.is_valid()
        or attempt(form, agenda.answer_proposal, proposal=asked, **form.cleaned_data, **given) is None
    ):
        return _render_agenda(request, period, unit, **{f"asked_{pk}": form})
    messages.success(request, _("Kept. The next report tells it."))
    return redirect("report_agenda", period, code)


def _name_meeting(period: Period) -> str:
    """Return the meeting's name on screen; a half-year and a year are reviewed in meetings of different names."""
    return _("The half-year's review meeting") if isinstance(period, HalfYear) else _("The year's review meeting")


def _task_form(task: ReportTask, sent: QueryDict | None = None) -> TaskStateForm:
    return TaskStateForm(sent, initial={"state": task.state, "note": task.note}, auto_id=f"task_{task.pk}_%s")


def _answer_form(asked: ReportProposal, sent: QueryDict | None = None) -> AnswerForm:
    initial = {"answer": asked.answer, "answered_on": asked.answered_on}
    return AnswerForm(sent, initial=initial, auto_id=f"asked_{asked.pk}_%s")


@takes_form
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def meeting_edit(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Enter the review meeting and its photos, one with each saving."""
    unit, user = writable_unit(request, code), user_of(request)
    meeting = agenda.meeting_of(unit, period)
    if request.method == "POST":
        form = MeetingForm(request.POST, request.FILES)
        if form.is_valid():
            photo, caption = form.cleaned_data.pop("photo"), form.cleaned_data.pop("caption")
            given = {"values": form.cleaned_data, "photo": photo, "caption": caption, "actor": user}
            given |= {"version": shown_version(request)}
            if attempt(form, agenda.keep_meeting, unit=unit, period=period, **given) is not None:
                messages.success(request, _("The meeting is kept."))
                return redirect("meeting_edit", period, unit.code)
    else:
        form = MeetingForm(initial=vars(meeting) if meeting else {})
    photos = list(meeting.photos.defer("content")) if meeting else []
    versioned = meeting or Meeting(unit=unit, period=period.code)
    name = DatedTree(period.last_day).name_of(unit)
    context: dict[str, Any] = {"period": period, "unit": unit, "name": name, "form": form}
    context |= {"meeting": meeting, "meeting_title": _name_meeting(period), "versioned": versioned, "photos": photos}
    return render(request, "reports/meeting_edit.html", context)


@takes_post("meeting_edit", keep=("period", "code"))
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def meeting_photo_remove(request: HttpRequest, period: Period, code: str, pk: int) -> HttpResponse:
    """Take a photo out."""
    unit = writable_unit(request, code)
    photo = get_object_or_404(MeetingPhoto.objects.select_related("meeting__unit"), pk=pk, meeting__unit=unit)
    given = {"version": shown_version(request), "actor": user_of(request)}
    if attempt(request, agenda.remove_meeting_photo, photo=photo, **given):
        messages.success(request, _("The photo was taken out."))
    return redirect("meeting_edit", period, code)


@require_safe
@requires(Permission.VIEW_REPORT)
def meeting_photo(request: HttpRequest, period: Period, code: str, pk: int) -> HttpResponse:
    """A photo of the meeting, for staff."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    photo = get_object_or_404(MeetingPhoto, pk=pk, meeting__unit=unit)
    return HttpResponse(io.BytesIO(bytes(photo.content)), content_type="image/jpeg")


@require_safe
@requires(Permission.VIEW_REPORT)
def meeting_invitation(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """Print the invitation to the meeting; 404 while none is entered."""
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    meeting, tree = agenda.meeting_of(unit, period), DatedTree(period.last_day)
    if meeting is None:
        raise Http404
    name = tree.name_of(unit)
    content = agenda.print_invitation(meeting, make_head(unit, name, tree), name)
    return send_file(content, f"giay-moi-{period}-{unit.code}.pdf", inline=True)
