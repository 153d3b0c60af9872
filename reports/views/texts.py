"""The text of a draft: its headings, and the words under one of them edited before the report is numbered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.periods import Period
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services.refusals import REMOVED, ConflictError
from portal.views.attempts import attempt, shown_version
from reports.forms import SectionTextForm
from reports.models import SectionText
from reports.services import build
from reports.services.editing import EditedSection, join_text
from reports.services.rewriting import (
    drop_section,
    find_section,
    is_frozen,
    keep_section,
    mark_of,
    no_heading,
    sections_of,
)
from reports.views.scope import user_of, writable_unit


@require_safe
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_text(request: HttpRequest, period: Period, code: str) -> HttpResponse:
    """The draft's text, heading by heading: who edited it, where figures have moved on, which numbers fit none."""
    unit = writable_unit(request, code)
    draft = build(unit, period)
    context = {
        "period": period, "unit": unit, "name": draft.figure_set.unit_name, "sections": sections_of(draft),
        "frozen": is_frozen(unit, period),
    }  # fmt: skip
    return render(request, "reports/report_text.html", context)


@takes_form
@saves_typing()
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_text_edit(request: HttpRequest, period: Period, code: str, section: str) -> HttpResponse:
    """The words under one heading, beside what the portal writes there from the figures of now.

    Whatever was typed comes back with its numbers marked: refused, changed meanwhile, or sent to be looked at alone.
    """
    unit = writable_unit(request, code)
    one = _find(request, period, unit, section)
    if request.method != "POST":
        form = SectionTextForm(initial={"text": join_text(one.paragraphs), "mark": mark_of(one)})
        return _render(request, period, unit, one, form)
    form = SectionTextForm(request.POST)
    if not form.is_valid() or "look" in request.POST:
        return _render(request, period, unit, one, form)
    given = {"version": shown_version(request), **form.cleaned_data}
    try:
        kept = attempt(form, keep_section, unit=unit, period=period, section=section, actor=user_of(request), **given)
    except ConflictError:
        return _render_conflict(request, period, unit, section)
    if kept is None:
        return _render(request, period, unit, one, form)
    messages.success(request, _("Kept. These words stand in the draft now."))
    return redirect("report_text", period, unit.code)


@takes_post("report_text_edit")
@requires(Permission.APPROVE_SUBMISSION, Permission.ISSUE_REPORT)
def report_text_drop(request: HttpRequest, period: Period, code: str, section: str) -> HttpResponse:
    """Let the portal's own words stand again under the heading."""
    unit = writable_unit(request, code)
    edit = SectionText.objects.filter(unit=unit, period=period.code, section=section).first()
    if edit is None:
        raise ConflictError(REMOVED)
    if attempt(request, drop_section, edit=edit, version=shown_version(request), actor=user_of(request)) is not None:
        messages.success(request, _("The text written from the figures stands again."))
        return redirect("report_text", period, unit.code)
    return redirect("report_text_edit", period, unit.code, section)


def _find(request: HttpRequest, period: Period, unit: Unit, key: str) -> EditedSection:
    one = find_section(build(unit, period), key)
    if one is None:
        raise no_heading() if request.method == "POST" else Http404  # what was typed is not lost
    return one


def _render_conflict(request: HttpRequest, period: Period, unit: Unit, section: str) -> HttpResponse:
    """409: what the person typed, beside what somebody else has saved and what the figures say now."""
    one, data = _find(request, period, unit, section), request.POST.copy()
    data["mark"] = mark_of(one)
    return _render(request, period, unit, one, SectionTextForm(data), status=409, is_changed=True)


def _render(
    request: HttpRequest, period: Period, unit: Unit, one: EditedSection, form: SectionTextForm, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    typed = str(form["text"].value() or "") if form.is_bound or one.edit else ""
    context = {
        "period": period, "unit": unit, "section": one, "form": form, "versioned": one.edit or SectionText,
        "frozen": is_frozen(unit, period), "read": one.mark(typed),
    }  # fmt: skip
    return render(request, "reports/report_text_edit.html", context | more, status=status)
