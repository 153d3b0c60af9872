"""Learning titles found, looked at, registered, and moved from step to step, one or many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from intakes.models import Intake
from members.forms.titles import SCORED, SubjectForm, TitleForm, TitleStepForm
from members.models import TITLE_STEPS, LearningTitle, LearningTitleQuerySet, Membership
from members.services import titles
from members.services.title_lists import TitleList
from members.services.title_papers import PRINTS_TITLES
from members.tables import TitleFilter, TitleTable
from portal.addresses import saves_typing, takes_form
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import format_int
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from portal.vocabulary import AskedFileKind, LearningModel, TitleVerb

#: So many rows are moved at once; the next ones after that.
AT_ONCE = 400


@require_safe
@requires(Permission.VIEW_MEMBERS)
def title_list(request: HttpRequest) -> HttpResponseBase:
    """The titles within the person's scope, and the steps that the shown ones can be taken."""
    user = user_of(request)
    held = user.permissions
    verbs = [verb for verb in TitleVerb if held.intersection(_rights_of(verb))]
    unfinished = Intake.objects.waiting_for(user, TitleList.code, TitleList.permission)
    context = {"verbs": verbs, "unfinished": unfinished}
    table = TitleTable.seen_by(request, user)
    return show_list(request, table, "members/title_list.html", context, noted_as=AskedFileKind.TITLES)


@require_safe
@requires(Permission.VIEW_MEMBERS)
def title_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A title: its facts, the steps open to the reader, what happened to it."""
    user = user_of(request)
    found = LearningTitle.objects.visible_to(user).select_related("subject", "criteria", "unit").with_unit_name()
    title = get_object_or_404(found, pk=pk)
    changes = list(title.changes.select_related("made_by"))
    is_maker = title.entered_by_id == user.pk
    verbs = TITLE_STEPS.open_to(title.state, lambda right: user.may(right, title.unit), is_maker=is_maker)
    context = {
        "title": title, "changes": changes, "verbs": [verb for verb in TitleVerb if verb in verbs],
        "keeps": user.may(Permission.MANAGE_MEMBERS, title.unit),
        "may_print": any(user.may(right, title.unit) for right in PRINTS_TITLES),
        "kept_from_maker": is_maker and TITLE_STEPS.kept_from_maker(
            title.state, lambda right: user.may(right, title.unit)
        ),
    }  # fmt: skip
    return render(request, "members/title_detail.html", context)


@takes_form
@saves_typing()
@requires(Permission.MANAGE_MEMBERS)
def title_create(request: HttpRequest) -> HttpResponse:
    """Register somebody for a title of a year; ?member= registers a member as a learning citizen."""
    user, today = user_of(request), timezone.localdate()
    units = Unit.objects.covered_by(user, Permission.MANAGE_MEMBERS)
    own = [posting.unit for posting in user.current_postings if posting.unit.version_on(today)]
    first: dict[str, Any] = {
        "year": today.year, "registered_on": today, "unit": own[0] if len(own) == 1 else None,
        "model": request.GET.get("model", ""),
    }  # fmt: skip
    membership = _member_named(request)
    if membership is not None:
        first |= {"name": membership.member.full_name, "model": LearningModel.CITIZEN, "unit": membership.unit}
    form = TitleForm(request.POST or None, units=units, initial=first)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"member": membership.member if membership else None, "actor": user}
        title = attempt(form, titles.register_title, **values)
        if title is not None:
            messages.success(request, _("%(name)s is registered.") % {"name": title.subject.name})
            again = f"{reverse('title_create')}?model={title.model}"
            return redirect(again if "again" in request.POST else reverse("title_detail", args=[title.pk]))
    return render(request, "members/title_create.html", {"form": form, "membership": membership})


def _member_named(request: HttpRequest) -> Membership | None:
    number = whole_number(request.GET.get("member"))
    if number is None:
        return None
    kept = Membership.objects.within(user_of(request), Permission.MANAGE_MEMBERS).of_people()
    found = kept.in_force(timezone.localdate()).select_related("member", "unit")
    membership: Membership = get_object_or_404(found, member_id=number)
    return membership


@takes_form
@saves_typing()
@requires(Permission.MANAGE_MEMBERS)
def title_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the name or place of a title's holder."""
    kept = LearningTitle.objects.within(user_of(request), Permission.MANAGE_MEMBERS).select_related("subject")
    title = get_object_or_404(kept, pk=pk)
    form = SubjectForm(request.POST or None, initial={"name": title.subject.name, "place": title.subject.place})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, titles.update_subject, title=title, **values):
            messages.success(request, _("Saved."))
            return redirect("title_detail", pk)
    return render(request, "members/title_update.html", {"form": form, "title": title})


@takes_form
@requires(Permission.MANAGE_MEMBERS, Permission.RECOGNISE_TITLE)
def title_step(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a step for the titles of the list as it is filtered, all of them ticked at first; ?only= names one."""
    verb = next((verb for verb in TitleVerb if verb.slug == slug), None)
    if verb is None:
        raise Http404
    rights = _rights_of(verb)
    if not user_of(request).permissions.intersection(rights):
        raise PermissionDenied
    rows = LearningTitle.objects.within(user_of(request), rights[0]).select_related("subject").with_unit_name()
    shown, only = _rows_to_show(request, rows, verb)
    form = TitleStepForm(request.POST or None, verb=verb, rows=shown, initial=_likely_decision(shown, verb))
    if request.method == "POST" and form.is_valid():
        if rows.filter(pk__in=form.cleaned_data["chosen"]).count() != len(form.cleaned_data["chosen"]):
            raise Http404
        service = titles.advance_titles if rights == (Permission.MANAGE_MEMBERS,) else titles.decide_titles
        count = attempt(form, service, verb=verb, **form.cleaned_data, actor=user_of(request))
        if count:
            said = ngettext("%(count)s title: %(done)s", "%(count)s titles: %(done)s", count)
            messages.success(request, said % {"count": format_int(count), "done": verb.done})
            return redirect("title_detail", only) if only else redirect(_list_url(request))
    context = {
        "form": form, "verb": verb, "only": only, "is_cut": len(shown) == AT_ONCE, "back": _list_url(request),
        "asks_score": verb in SCORED,
    }  # fmt: skip
    return render(request, "members/title_step.html", context)


def _rights_of(verb: TitleVerb) -> tuple[Permission, ...]:
    return next(step.permissions for step in TITLE_STEPS.steps if step.verb == verb)


def _rows_to_show(
    request: HttpRequest, rows: LearningTitleQuerySet, verb: TitleVerb
) -> tuple[list[LearningTitle], int | None]:
    """Return the rows that the filter of the address leaves and the step can be taken for; and the one it names."""
    only = whole_number(request.GET.get("only"))
    sources = {state for step in TITLE_STEPS.steps if step.verb == verb for state in step.sources}
    if only is not None:
        title = get_object_or_404(rows, pk=only)
        return [title], only
    found = TitleFilter(request.GET, rows=rows, user=user_of(request)).narrow(rows).filter(state__in=sources)
    return list(found.order_by("unit_id", "subject__name_key", "pk")[:AT_ONCE]), None


def _likely_decision(rows: list[LearningTitle], verb: TitleVerb) -> dict[str, Any]:
    """Return the decision that the rows name already, where their list was sent with it; and who decided last."""
    if verb not in {TitleVerb.RECOGNISE, TitleVerb.REFUSE} or not rows:
        return {}
    named = {(row.decision, row.decided_on, row.decided_by) for row in rows}
    if len(named) == 1 and verb == TitleVerb.RECOGNISE:
        number, day, by = named.pop()
        if number:
            return {"decision": number, "on_day": day, "decided_by": by}
    before = LearningTitle.objects.filter(unit_id=rows[0].unit_id).exclude(decided_by="").order_by("-id")
    return {"decided_by": before.values_list("decided_by", flat=True).first() or ""}


def _list_url(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return f"{reverse('title_list')}?{query.urlencode()}"
