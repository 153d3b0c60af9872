"""The lines under a declared figure, whose sum it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.addresses import saves_typing, takes_form
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.views.attempts import attempt
from reports.figures import INDICATORS, LISTABLE, Indicator
from reports.forms import EvidenceForm
from reports.models import SUBMISSION_STEPS, Submission
from reports.services import is_closed
from reports.services.submissions import Line, declared_lines, declared_values, keep_evidence
from reports.services.unlisted import name_programmes
from reports.views.scope import owing_unit, submission_of, user_of


@takes_form
@saves_typing()
@requires(Permission.FILE_SUBMISSION)
def submission_evidence(request: HttpRequest, half: HalfYear, code: str, indicator: str) -> HttpResponse:
    """The lines under one figure of the half-year: their sum becomes the figure; 404 for one that has none."""
    unit = owing_unit(request, half, code, Permission.FILE_SUBMISSION)
    if indicator not in LISTABLE:
        raise Http404
    lines = _read_lines(submission_of(unit, half), indicator)
    of: dict[str, Any] = {"indicator": INDICATORS[indicator], "offered": name_programmes(unit, half, indicator)}
    one = of["indicator"]
    if request.method != "POST":
        return _render(request, half, unit, one, EvidenceForm(**of, lines=lines))
    form = EvidenceForm(request.POST, **of, lines=lines)
    if not form.is_valid():
        return _render(request, half, unit, one, form)
    given: dict[str, Any] = {"indicator": indicator, "lines": form.lines(), "opened": form.shown()}
    try:
        saved = attempt(form, keep_evidence, unit=unit, half=half, actor=user_of(request), **given)
    except ConflictError as changed:
        return _render_conflict(request, half, unit, one, changed.current)
    if saved is None:
        return _render(request, half, unit, one, form)
    _tell(request, one, form.lines())
    if "more" in request.POST:
        return redirect("submission_evidence", half, unit.code, indicator)
    return redirect("submission_edit", half, unit.code)


def _read_lines(submission: Submission | None, code: str) -> list[Line]:
    return [(line["text"], line["amount"]) for line in declared_lines(submission).get(code, [])]


def _tell(request: HttpRequest, one: Indicator, lines: list[Line]) -> None:
    told = {"figure": one.label, "sum": format_int(sum(amount for _text, amount in lines))}
    if lines:
        messages.success(request, _("Saved. “%(figure)s” is now %(sum)s, the sum of its lines.") % told)
    else:
        messages.success(request, _("Saved. “%(figure)s” has no lines now and can be typed again.") % told)


def _render_conflict(
    request: HttpRequest, half: HalfYear, unit: Unit, one: Indicator, theirs: Submission | None
) -> HttpResponse:
    """409: what the person typed, beside the lines that somebody else has saved; saved again, theirs are replaced."""
    lines, data = _read_lines(theirs, one.code), request.POST.copy()
    data["opened"] = EvidenceForm(indicator=one, lines=lines).initial["opened"]
    form = EvidenceForm(data, indicator=one, lines=lines, offered=name_programmes(unit, half, one.code))
    return _render(request, half, unit, one, form, status=409, theirs=lines, is_changed=True)


def _render(
    request: HttpRequest, half: HalfYear, unit: Unit, one: Indicator, form: EvidenceForm, status: int = 200, **more: Any
) -> HttpResponse:
    submission = submission_of(unit, half)
    context = {
        "half": half,
        "unit": unit,
        "indicator": one,
        "form": form,
        "programmes": form.offered,
        "figure": declared_values(submission).get(one.code),
        "lines": _read_lines(submission, one.code),
        "closed": is_closed(unit, half, user_of(request)),
        "locked": submission is not None and not SUBMISSION_STEPS.allows("save", submission.state),
    }
    return render(request, "reports/submission_evidence.html", context | more, status=status)
