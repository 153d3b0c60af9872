"""A workbook on its way in: looked at, mended in the preview itself, taken in or given up."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from intakes.models import Intake
from intakes.services.bulk_repairs import EqualErrors, find_equal_errors, repair_equal_errors
from intakes.services.files import share_read
from intakes.services.intakes import (
    SENDING,
    answer_intake,
    commit_intake,
    decide_intake,
    discard_intake,
    forward_intake,
    map_intake,
    note_look,
    plan_intake,
    repair_intake,
    write_rows_to_mend,
)
from intakes.services.kinds import ListKind, all_kinds, kind_of
from intakes.services.opening import UnfinishedError
from intakes.services.plans import Plan
from intakes.views.cards import NO_ANSWERS, Answers, cards_of, left_out, read_all_texts, read_answers
from intakes.views.columns import (
    columns_before,
    columns_of,
    has_other_columns,
    questions_of,
    read_choices,
    read_mapping,
    tells_of_columns,
)
from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.language import official_language
from portal.permissions import requires
from portal.views.attempts import attempt
from portal.views.downloads import send_file
from portal.views.staff import user_of

MOST_SHOWN = 100  # of the rows that are recorded already

sends_lists = requires(*SENDING)


@takes_form
@saves_typing()
@sends_lists
def intake_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The preview of a file: what it holds and what needs checking. POST saves corrections, decisions and answers."""
    intake = _find(request, pk)
    if intake.finished_at is not None:
        messages.info(
            request, _("This file has already been imported or discarded. Send it again if it is still needed.")
        )
        return redirect(kind_of(intake).list_url)
    answers = NO_ANSWERS
    try:
        if request.method == "POST":
            answers = _save(request, intake)
            if answers.are_whole:
                return redirect("intake_preview", pk)
            intake.refresh_from_db()
        plan = plan_intake(intake=intake, actor=user_of(request))
        note_look(intake, plan)
    except UnfinishedError:
        context = {"intake": intake, "kind": kind_of(intake), "share": share_read(intake)}
        return render(request, "intakes/intake_progress.html", context)
    except ValidationError as error:
        context = {"intake": intake, "kind": kind_of(intake), "sentences": error.messages}
        return render(request, "intakes/intake_refused.html", context, status=422)
    return render(request, kind_of(intake).template, _context(request, intake, plan, answers))


@takes_post(page="intake_preview")
@sends_lists
def intake_commit(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the good rows in, if they are still those that were shown."""
    intake = _find(request, pk)
    if intake.finished_at is None and has_typing(request.POST.dict()):
        messages.info(request, _("What you typed is saved first. Look at the sums, then press the button again."))
        return intake_preview(request, pk)
    values = {
        "intake": intake, "token": request.POST.get("token", ""), "choice": request.POST.get("choice", ""),
        "actor": user_of(request),
    }  # fmt: skip
    taken = None
    with suppress(UnfinishedError):  # its preview shows that it is still being read
        taken = attempt(request, commit_intake, **values)
    if taken is None:
        return redirect("intake_preview", pk)
    level = messages.SUCCESS if taken.count else messages.INFO
    messages.add_message(request, level, taken.sentence)
    return redirect(taken.url_name, *taken.url_args)


@takes_post(page="intake_preview")
@sends_lists
def intake_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the file up."""
    intake = _find(request, pk)
    if attempt(request, discard_intake, intake=intake, actor=user_of(request)):
        messages.success(request, _("The file has been given up and erased. Nothing was recorded."))
    return redirect(kind_of(intake).list_url)


@require_safe
@sends_lists
@official_language()
def intake_errors(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out the same sheets with only the rows to mend and what is wrong with each."""
    intake = _find(request, pk)
    if intake.finished_at is not None:
        return redirect("intake_preview", pk)
    content = None
    with suppress(UnfinishedError):
        content = attempt(request, write_rows_to_mend, intake=intake, actor=user_of(request))
    if content is None:
        return redirect("intake_preview", pk)
    return send_file(content, f"dong-can-sua-{intake.pk}.xlsx")


def _find(request: HttpRequest, pk: int) -> Intake:
    """Return the upload, if the person may send lists of its kind for its unit."""
    found = Intake.objects.sent_by(user_of(request), {kind.code: kind.permission for kind in all_kinds().values()})
    return get_object_or_404(found.select_related("unit").defer("content", "cells"), pk=pk)


def has_typing(post: Mapping[str, str]) -> bool:
    """Whether the page holds anything that was typed or chosen and is not saved yet."""
    answers = read_answers(post)
    typed = answers.repairs or answers.decisions or answers.needs_reason or answers.too_long
    return bool(typed or read_choices(post) or read_all_texts(post) or has_other_columns(post))


def _save(request: HttpRequest, intake: Intake) -> Answers:
    """Save what was sent from the preview; return what of it cannot be kept yet."""
    actor, kind, post = user_of(request), kind_of(intake), request.POST.dict()
    if tells_of_columns(post):
        mapping = read_mapping(post, plan_intake(intake=intake, actor=actor), kind)
        if mapping and attempt(request, map_intake, intake=intake, mapping=mapping, actor=actor) is not None:
            messages.success(request, _("The file has been read again with your answer."))
    if chosen := read_choices(post):
        answered = attempt(request, answer_intake, intake=intake, answers=chosen, actor=actor)
        if answered is not None:
            messages.success(request, _("Your answer has been kept. The sums below follow it."))
    answers = read_answers(post)
    if "restore_all" in post:
        answers.decisions |= {key: None for key, _sheet, _row in left_out(intake)}
    saved: list[object] = []
    answers.for_all = read_all_texts(post)
    if answers.for_all:
        saved.append(attempt(request, repair_equal_errors, intake=intake, texts=answers.for_all, actor=actor))
    if answers.repairs:
        saved.append(attempt(request, repair_intake, intake=intake, repairs=answers.repairs, actor=actor))
    if answers.decisions:
        saved.append(attempt(request, decide_intake, intake=intake, decisions=answers.decisions, actor=actor))
    answers.is_refused = None in saved
    if answers.needs_reason:
        messages.error(request, _("Say why both rows are real, in the field beside the button."))
    if answers.too_long:
        messages.error(request, _("A text is too long to be kept. It is marked below; shorten it."))
    elif saved and all(saved):
        messages.success(request, _("Saved. The line below says what is left to correct."))
    return _leave_grouped(request, intake, answers)


def _leave_grouped(request: HttpRequest, intake: Intake, answers: Answers) -> Answers:
    """Leave the rows of other units out where that was asked for, first handing a copy to the city if so."""
    actor, kind, forward = user_of(request), kind_of(intake), "forward_grouped" in request.POST
    if not forward and "drop_grouped" not in request.POST:
        return answers
    grouped = [row.id for row in plan_intake(intake=intake, actor=actor).rejected if kind.is_grouped(row)]
    if not grouped or (forward and attempt(request, forward_intake, intake=intake, actor=actor) is None):
        return answers
    leave: dict[str, dict[str, Any] | None] = {key: {"drop": True} for key in grouped}
    if attempt(request, decide_intake, intake=intake, decisions=leave, actor=actor):
        said = ngettext("%(count)d row has been left out.", "%(count)d rows have been left out.", len(grouped))
        messages.success(request, said % {"count": len(grouped)})
    return answers


def _find_equal(plan: Plan[Any], kind: ListKind[Any, Any], answers: Answers) -> list[EqualErrors]:
    """Return the groups of equal errors; what was typed for one and refused stands in its field."""
    groups = find_equal_errors(plan, kind, plan.before)
    for group in groups if answers.is_refused else ():
        group.typed = answers.for_all.get(group.id)
    return groups


def _context(request: HttpRequest, intake: Intake, plan: Plan[Any], answers: Answers) -> dict[str, Any]:
    kind, reading = kind_of(intake), plan.reading
    moves = any(asked.question.code == "other_half" for asked in plan.open_questions)  # first: all days are wrong now
    return {
        "intake": intake,
        "kind": kind,
        "plan": plan,
        "steps": [_("Send the file"), _("Check and correct"), kind.last_step],
        "equal": [one for one in _find_equal(plan, kind, answers) if one.is_year or not moves],
        "cards": [] if moves else cards_of(plan, kind, intake, answers),
        "grouped": [row for row in plan.rejected if kind.is_grouped(row)],
        "page": Paginator(plan.shown, settings.PAGE_SIZE).get_page(request.GET.get("page")),
        "questions": questions_of(reading, kind) if reading else [],
        "columns_before": columns_before(plan, kind)[0],
        "columns": columns_of(reading, kind) if reading else [],
        "column_choices": kind.column_choices(),
        "dropped": left_out(intake),
        "known": plan.known[:MOST_SHOWN],
        **kind.context(plan),
    }
