"""One unit's half-year: looked at, entered, sent, and what the city decides."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, short_date
from portal.models import Unit, User
from portal.permissions import Permission, requires
from portal.services.periods import closes_from, running_exceptions
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from portal.views.attempts import attempt, shown_version
from reports.figures import (
    COMPUTED,
    DECLARED,
    EXPECTED,
    GROUP_LABELS,
    INDICATORS,
    LISTABLE,
    Remark,
    by_group,
    compute,
    due_on,
)
from reports.forms import ApproveForm, MissingForm, ReturnForm, ScanForm, SubmissionForm, field_name, initial_of
from reports.models import SUBMISSION_STEPS, Submission
from reports.services import (
    approve_submission,
    batches_open,
    declared_values,
    is_closed,
    last_declared,
    mark_missing,
    return_submission,
    save_submission,
    see_submission,
    submit_submission,
    take_back_submission,
)
from reports.services.checking import look_over_submission
from reports.services.cycle import CycleStep, list_steps
from reports.services.scanning import SCANS_SUBMISSION, takes_scan
from reports.services.submissions import (
    NOTE,
    TEXTS,
    declared_lines,
    declared_notes,
    entered_in,
    find_clashes,
    find_remarks,
    is_same,
    last_of_predecessors,
)
from reports.views.scope import owing_unit, submission_of, user_of
from scholarships.models import TopUp

State = Submission.State
_EVENT_ICONS = {
    "save": "edit",
    "submit": "send",
    "take_back": "return",
    "see": "eye",
    "approve": "check",
    "return": "return",
    "missing": "state-missing",
    "reopen": "unlock",
}


#: What stands beside the button that approves, of all that the lists give.
_SUMMED_UP = ("disbursements.turns", "disbursements.amount", "members.new", "funds.closing")


def _name_event(action: str) -> str:
    return {
        "save": _("Entered"),
        "submit": _("Submitted"),
        "take_back": _("Taken back"),
        "see": _("Opened by the city"),
        "approve": _("Approved"),
        "return": _("Returned"),
        "missing": _("Listed as missing"),
        "reopen": _("Opened again"),
    }.get(action, action)


@require_safe
@requires(Permission.VIEW_SUBMISSION)
def submission_detail(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """One unit's half-year: what it declares, what the portal counts, its history, and what can be done now."""
    user, unit = user_of(request), owing_unit(request, half, code, Permission.VIEW_SUBMISSION)
    submission = submission_of(unit, half)
    if submission is not None and submission.state == State.SUBMITTED and user.may(Permission.APPROVE_SUBMISSION, unit):
        attempt(request, see_submission, submission=submission, actor=user)
    return _render_detail(request, half, unit)


def _render_detail(request: HttpRequest, half: HalfYear, unit: Unit, **bound: forms.Form) -> HttpResponse:
    user, submission = user_of(request), submission_of(unit, half)
    values, last, notes = declared_values(submission), last_declared(unit, half), declared_notes(submission)
    state, closed = submission.state if submission else State.DRAFT, is_closed(unit, half)
    open_now = SUBMISSION_STEPS.open_to(state, lambda right: user.may(right, unit))
    asked = {"submit", "approve"} & {*open_now}
    remarks, batches = find_remarks(unit, half, values, notes), batches_open(unit, half)
    counted = compute(unit, half).figures
    context = {
        "half": half,
        "unit": unit,
        "submission": submission,
        "versioned": submission or Submission,
        "state": state,
        "closed": closed,
        "due": due_on(half),
        "closes_from": None if closed else closes_from(unit=unit, half=half),
        "declared": _group_figures(DECLARED, values, last),
        "topup": TopUp.objects.filter(unit=unit).counting_in(half).first(),
        "counted": _group_figures(COMPUTED, counted, {}),
        "summed_up": [(INDICATORS[code], counted[code]) for code in _SUMMED_UP] if "approve" in open_now else [],
        "texts": _list_texts(submission),
        "remarks": [(field_name(one.indicator), one) for one in remarks],
        "notes": notes,
        "evidence": declared_lines(submission),
        "cell_reasons": submission.cell_reasons if submission else {},
        "filled": sum(one.code in values for one in EXPECTED),
        "declared_count": len(EXPECTED),
        "batches": batches,
        "cycle": list_steps(unit, half, submission, user, values=values, remarks=remarks, unsettled=len(batches)),
        **_history(submission),
        **_show_scans(submission, user),
        "can_edit": "save" in open_now and not (closed and is_closed(unit, half, user)),
        "exceptions": running_exceptions(unit=unit, half=half) if closed else [],
        "to_check": look_over_submission(submission, timezone.localdate()) if asked else [],
        "can_submit": "submit" in open_now and submission is not None,
        "can_take_back": "take_back" in open_now and submission is not None,
        "can_decide": "approve" in open_now,
        "can_return": "return" in open_now and not (closed and state == State.APPROVED),
        "is_early": timezone.localdate() <= half.last_day,
        "is_maker": "approve" in open_now and submission is not None and submission.is_made_by(user),
        "can_mark_missing": "missing" in open_now,
        "can_reopen": closed and state != State.SUBMITTED and user.may(Permission.APPROVE_SUBMISSION, unit),
    }
    return render(request, "reports/submission_detail.html", context | _unsent_forms() | bound)


def _list_texts(submission: Submission | None) -> list[tuple[Any, str]]:
    """Return what the unit wrote, each under its field's label."""
    labels = ((name, SubmissionForm.base_fields[name].label) for name in TEXTS)
    return [(label, getattr(submission, name)) for name, label in labels] if submission else []


def _unsent_forms() -> dict[str, Any]:
    """Return the forms of what is decided, as nobody has sent them yet."""
    return {
        "approve_form": ApproveForm(prefix="approve", initial={"through": timezone.localdate()}),
        "return_form": ReturnForm(prefix="return"),
        "missing_form": MissingForm(prefix="missing"),
    }


def _show_scans(submission: Submission | None, user: User) -> dict[str, Any]:
    """Return the unit's signed papers, scanned, the newest first, and the form that takes another one now."""
    if submission is None:
        return {"scans": []}
    scans = submission.scans.defer("content").select_related("added_by").order_by("-pk")
    may_scan = takes_scan(submission) and any(user.may(right, submission.unit) for right in SCANS_SUBMISSION)
    return {"scans": list(scans), "scan_form": ScanForm() if may_scan else None}


def _history(submission: Submission | None) -> dict[str, Any]:
    """Return what was done with the half-year, newest first, and who of the city has opened it since it was sent."""
    if submission is None:
        return {"events": [], "opener": None}
    events = [
        {
            "icon": _EVENT_ICONS.get(event.action, "check"), "title": _name_event(event.action), "who": event.actor,
            "at": event.at, "note": event.reason,
        }
        for event in reversed(list(submission.events.select_related("actor")))
    ]  # fmt: skip
    return {"events": events, "opener": submission.find_opener() if submission.state == State.SUBMITTED else None}


def _group_figures(
    indicators: Any, values: dict[str, int], last: dict[str, int]
) -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        (
            str(GROUP_LABELS[group]),
            [{"indicator": one, "value": values.get(one.code), "last": last.get(one.code)} for one in members],
        )
        for group, members in by_group(
            tuple(one for one in indicators if not one.is_optional or values.get(one.code))
        ).items()
    ]


@takes_form
@saves_typing("submit")
@requires(Permission.FILE_SUBMISSION)
def submission_edit(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """The form of the half-year: figures beside the last ones, and the texts. What was typed is never lost."""
    unit = owing_unit(request, half, code, Permission.FILE_SUBMISSION)
    submission = submission_of(unit, half)
    last = last_declared(unit, half)
    summed = declared_lines(submission)
    if request.method == "POST":
        form = SubmissionForm(request.POST, last=last, summed=summed)
        if form.is_valid():
            form.demand_choices()
        if form.is_valid():
            answer = _save(request, half, unit, form)
            if answer is not None:
                return answer
        return _render_edit(request, half, unit, form, clashes=_list_clashes(form, form.clashing()))
    initial = _initial(submission)
    return _render_edit(request, half, unit, SubmissionForm(initial=initial, last=last, summed=summed))


@takes_post("submission_edit")
@requires(Permission.FILE_SUBMISSION)
def submission_check(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Return what is wrong or odd about the figures as they are typed now, by field; nothing is saved."""
    unit = owing_unit(request, half, code, Permission.FILE_SUBMISSION)
    form = SubmissionForm(request.POST)
    unread = {
        field_name(one.code): {"sentence": str(words[0]), "refuses": True, "asks_note": False}
        for one in DECLARED
        if (words := form.errors.get(field_name(one.code)))
    }
    said = {field_name(one.indicator): one._asdict() for one in _find_odd(form, half, unit)}
    return JsonResponse({"remarks": said | unread})


def _find_odd(form: SubmissionForm, half: HalfYear, unit: Unit) -> list[Remark]:
    values = {one.code: value for one in DECLARED if (value := _read_entered(form, one.code)) is not None}
    notes = {code: str(form[field_name(f"{code}{NOTE}")].value() or "").strip() for code in LISTABLE}
    return find_remarks(unit, half, values, notes)


def _initial(submission: Submission | None) -> dict[str, Any]:
    """Return what stands in the half-year as the form shows it, with what it says of itself to the next save."""
    texts = {name: getattr(submission, name) for name in TEXTS} if submission else {}
    texts |= {field_name(f"{code}{NOTE}"): words for code, words in declared_notes(submission).items()}
    opened = json.dumps(entered_in(submission), ensure_ascii=False)
    return initial_of(declared_values(submission)) | texts | {"opened": opened}


def _save(request: HttpRequest, half: HalfYear, unit: Unit, form: SubmissionForm) -> HttpResponse | None:
    touched, opened = form.touched(), form.shown()
    texts = {name: value for name, value in touched.items() if name in TEXTS}
    notes = {name.removesuffix(NOTE): words for name, words in touched.items() if name.endswith(NOTE)}
    values = {name: value for name, value in touched.items() if name in INDICATORS}
    try:
        saved = attempt(
            form, save_submission, unit=unit, half=half, values=values, texts=texts, notes=notes, opened=opened,
            actor=user_of(request),
        )  # fmt: skip
    except ConflictError as changed:
        if changed.current is None:
            raise
        return _render_conflict(request, half, unit, form, changed.current)
    if saved is None:
        return None
    stands = entered_in(saved)
    others = [name for name in _labels() if name not in touched and not is_same(stands.get(name), opened.get(name))]
    if others:
        told = ", ".join(_labels()[name] for name in others)
        messages.warning(
            request, _("Somebody else has changed this meanwhile; theirs is kept: %(places)s.") % {"places": told}
        )
    if "submit" in request.POST and not others:
        if look_over_submission(saved, timezone.localdate()):
            messages.info(request, _("Saved. Look at what is listed below once more, then send it."))
            return redirect("submission_detail", half, unit.code)
        return _submit(request, half, unit, saved, version_of(saved))
    messages.success(request, _("Saved. It is not sent yet."))
    if request.POST.get("lines") in LISTABLE:
        return redirect("submission_evidence", half, unit.code, request.POST["lines"])
    return redirect("submission_detail", half, unit.code)


def _labels() -> dict[str, str]:
    texts = {name: str(SubmissionForm.base_fields[name].label) for name in TEXTS}
    notes = {
        f"{one.code}{NOTE}": _("Note at “%(figure)s”") % {"figure": one.label}
        for one in DECLARED
        if one.code in LISTABLE
    }
    return {one.code: str(one.label) for one in DECLARED} | texts | notes


def _list_clashes(form: SubmissionForm, names: list[str]) -> list[dict[str, str]]:
    """Return what two persons changed to different ends: its name, both entries, and which was chosen so far."""
    opened, labels = form.shown(), _labels()
    return [
        {
            "name": name, "label": labels[name], "field": field_name(name), "theirs": _write(opened.get(name)),
            "mine": form[field_name(name)].value() or "–", "chosen": form.data.get(f"keep-{name}", ""),
        }
        for name in names
        if name in labels
    ]  # fmt: skip


def _write(value: Any) -> str:
    return "–" if value in {None, ""} else format_int(value) if isinstance(value, int) else str(value)


def _render_conflict(
    request: HttpRequest, half: HalfYear, unit: Unit, form: SubmissionForm, theirs: Submission
) -> HttpResponse:
    """409: the form with what the person changed, all else as it stands now; each clash asks whose entry stands."""
    touched, data = form.touched(), request.POST.copy()
    clashes = find_clashes(theirs, touched, form.shown())
    for name, value in _initial(theirs).items():
        data[name] = value
    standing = set(entered_in(theirs))
    for name in _labels():
        if name in touched:
            data[field_name(name)] = request.POST.get(field_name(name), "")
        elif name not in standing:
            data[field_name(name)] = ""
    again = SubmissionForm(data, last=last_declared(unit, half), summed=declared_lines(theirs))
    return _render_edit(request, half, unit, again, status=409, theirs=theirs, clashes=_list_clashes(again, clashes))


def _render_edit(
    request: HttpRequest, half: HalfYear, unit: Unit, form: SubmissionForm, status: int = 200, **context: Any
) -> HttpResponse:
    submission = submission_of(unit, half)
    before, heirs_of = ({}, []) if form.last else last_of_predecessors(unit, half)
    form.shown_last = form.last or before
    asked, odd = submission.cell_reasons if submission else {}, _find_odd(form, half, unit)
    context |= {
        "half": half,
        "unit": unit,
        "form": form,
        "heirs_of": heirs_of,
        "cell_reasons": {field_name(code): words for code, words in asked.items()},
        "submission": submission,
        "topup": TopUp.objects.filter(unit=unit).counting_in(half).first(),
        "versioned": submission or Submission,
        "closed": is_closed(unit, half, user_of(request)),
        "cycle": _list_saved_steps(request, half, unit, submission, None if form.is_bound else odd),
        "due": due_on(half),
        "remarks": {field_name(one.indicator): one for one in odd},
        "locked": submission is not None and not SUBMISSION_STEPS.allows("save", submission.state),
    }
    return render(request, "reports/submission_edit.html", context, status=status)


def _list_saved_steps(
    request: HttpRequest, half: HalfYear, unit: Unit, submission: Submission | None, odd: list[Remark] | None
) -> list[CycleStep]:
    """Return the steps by what is saved; `odd`: what is said of it, None where the form shows something else."""
    values, waiting = declared_values(submission), len(batches_open(unit, half))
    remarks = find_remarks(unit, half, values, declared_notes(submission)) if odd is None else odd
    return list_steps(unit, half, submission, user_of(request), values=values, remarks=remarks, unsettled=waiting)


def _read_entered(form: SubmissionForm, code: str) -> int | None:
    """Return the number in the field now, whether typed or loaded; None when it is empty or no number."""
    name = field_name(code)
    try:
        value = form.fields[name].clean(form[name].value())
    except forms.ValidationError:
        return None
    return value if isinstance(value, int) else None


@takes_post("submission_detail")
@requires(Permission.FILE_SUBMISSION)
def submission_submit(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Send the half-year to the city."""
    unit = owing_unit(request, half, code, Permission.FILE_SUBMISSION)
    return _submit(request, half, unit, submission_of(unit, half), shown_version(request))


def _submit(
    request: HttpRequest, half: HalfYear, unit: Unit, submission: Submission | None, version: str
) -> HttpResponse:
    if submission is None:
        messages.error(request, _("Nothing has been entered for this half-year yet."))
    elif attempt(request, submit_submission, submission=submission, version=version, actor=user_of(request)):
        messages.success(request, _("Sent to the city."))
    return redirect("submission_detail", half, unit.code)


@takes_post("submission_detail")
@requires(Permission.FILE_SUBMISSION)
def submission_take_back(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Take a sent half-year back that nobody of the city has opened yet."""
    unit = owing_unit(request, half, code, Permission.FILE_SUBMISSION)
    submission, version = submission_of(unit, half), shown_version(request)
    if submission is None:
        messages.error(request, _("Nothing has been entered for this half-year yet."))
    elif attempt(request, take_back_submission, submission=submission, version=version, actor=user_of(request)):
        messages.success(request, _("The half-year is a draft again. Change it, then send it again."))
    return redirect("submission_detail", half, unit.code)


@takes_form
@requires(Permission.APPROVE_SUBMISSION)
def submission_approve(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Take the unit's half-year in and close it, once it is over; asked for by itself, it is the unit's page."""
    unit = owing_unit(request, half, code, Permission.APPROVE_SUBMISSION)
    form, submission = ApproveForm(_read_sent(request), prefix="approve"), submission_of(unit, half)
    if form.is_bound and submission is None:
        messages.error(request, _("Nothing has been entered for this half-year yet."))
    elif submission is not None and form.is_bound and form.is_valid():
        values = {"through": form.cleaned_data["through"], "version": shown_version(request)}
        if attempt(form, approve_submission, submission=submission, actor=user_of(request), **values):
            messages.success(request, _say_approved(unit, half))
            return redirect("submission_detail", half, unit.code)
    return _render_detail(request, half, unit, approve_form=form)


def _say_approved(unit: Unit, half: HalfYear) -> str:
    if is_closed(unit, half):
        return _("Approved. The half-year of the unit is closed.")
    sentence = _(
        "Approved. Lists of what is given are still taken through %(day)s; then the half-year closes by itself."
    )
    return sentence % {"day": short_date(half.last_day)}


@takes_form
@requires(Permission.APPROVE_SUBMISSION)
def submission_return(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """Give the unit's half-year back with a reason; asked for by itself, the address is the unit's page."""
    unit = owing_unit(request, half, code, Permission.APPROVE_SUBMISSION)
    form, submission = ReturnForm(_read_sent(request), prefix="return"), submission_of(unit, half)
    if submission is not None and form.is_bound and form.is_valid():
        values = {"reason": form.cleaned_data["reason"], "cells": form.cells(), "version": shown_version(request)}
        if attempt(form, return_submission, submission=submission, actor=user_of(request), **values):
            messages.success(request, _("Returned to the unit."))
            return redirect("submission_detail", half, unit.code)
    return _render_detail(request, half, unit, return_form=form)


@takes_form
@requires(Permission.APPROVE_SUBMISSION)
def submission_mark_missing(request: HttpRequest, half: HalfYear, code: str) -> HttpResponse:
    """List the unit as missing, with a reason; asked for by itself, the address is the unit's page."""
    unit = owing_unit(request, half, code, Permission.APPROVE_SUBMISSION)
    form = MissingForm(_read_sent(request), prefix="missing")
    if form.is_bound and form.is_valid():
        values = {"reason": form.cleaned_data["reason"], "version": shown_version(request)}
        if attempt(form, mark_missing, unit=unit, half=half, actor=user_of(request), **values):
            messages.success(request, _("Listed as missing. The report can be made without this unit."))
            return redirect("submission_detail", half, unit.code)
    return _render_detail(request, half, unit, missing_form=form)


def _read_sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None
