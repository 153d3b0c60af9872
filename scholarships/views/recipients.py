"""People who receive: found, looked at with all they were given, their guardians' consents, duplicates judged."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import saves_typing, takes_form, takes_post
from portal.permissions import Permission, requires
from portal.services.versions import Beside
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.forms.recipients import ConsentForm, GuardianForm, VerdictForm
from scholarships.models import Consent, Disbursement, Recipient, RecipientVerdict
from scholarships.services import recipients
from scholarships.tables.recipients import DuplicateTable, RecipientTable

SUGGESTED = 12
MOST_SHOWN = 200  # turns of one person


@require_safe
@requires(Permission.VIEW_BATCH)
def recipient_list(request: HttpRequest) -> HttpResponseBase:
    """The people whom the person's units gave to: found by name, school, class or guardian."""
    user, kind = user_of(request), request.GET.get("file", "")[:10]
    rows = Recipient.objects.visible_to(user).standing_alone().with_unit_name().with_support()
    table = RecipientTable(request, rows)
    attempt(request, recipients.list_recipients, kind=kind, rows=table.rows.count() if kind else None, actor=user)
    return show_list(request, table, "scholarships/recipient_list.html")


@require_safe
@requires(Permission.VIEW_BATCH)
def recipient_duplicates(request: HttpRequest) -> HttpResponseBase:
    """People who may be one with another, in one unit or in two, with the reason."""
    user = user_of(request)
    mine = Recipient.objects.visible_to(user)
    rows = mine.standing_alone().with_twin(mine).with_unit_name()
    return show_list(request, DuplicateTable(request, rows), "scholarships/recipient_duplicates.html")


@require_safe
@requires(Permission.VIEW_BATCH)
def recipient_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: what was given under all programmes in all half-years, guardian, consents, possible duplicates."""
    user = user_of(request)
    person = _find(request, pk)
    attempt(request, recipients.open_recipient, recipient=person, actor=user)
    ids = recipients.ids_of_person(person)
    mine = Recipient.objects.visible_to(user)
    rows = Disbursement.objects.visible_to(user).not_taken_out().filter(recipient__in=ids)
    context = {
        "person": person,
        "history": _history(rows),
        "sums": _sums(rows),
        "consents": person.consents.select_related("recorded_by", "withdrawn_by"),
        "verdicts": RecipientVerdict.objects.standing().filter(kept=person).select_related("other", "decided_by"),
        "joined_to": RecipientVerdict.objects.joining().filter(other=person).select_related("kept").first(),
        "twins": [
            (other, recipients.reasons_of_likeness(person, other))
            for other in mine.standing_alone().like(person).with_unit_name()[:SUGGESTED]
        ],
        "may_change": user.may(Permission.ENTER_BATCH, person.unit),
    }
    return render(request, "scholarships/recipient_detail.html", context)


@takes_form
@saves_typing()
@requires(Permission.ENTER_BATCH)
def recipient_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down the guardian's name and phone."""
    person = _find(request, pk, Permission.ENTER_BATCH)
    initial = {"guardian_name": person.guardian_name, "guardian_phone": person.guardian_phone}
    form = GuardianForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, recipients.update_guardian, recipient=person, **values):
            messages.success(request, _("Saved."))
            return redirect("recipient_detail", pk)
    return render(request, "scholarships/recipient_update.html", {"form": form, "person": person})


@takes_form
@requires(Permission.ENTER_BATCH)
def consent_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a guardian has signed; the words to sign stand on the page."""
    person = _find(request, pk, Permission.ENTER_BATCH)
    initial = {"guardian_name": person.guardian_name, "given_on": timezone.localdate(), "purpose": "data"}
    initial["text_version"] = recipients.CURRENT_TEXT
    form = ConsentForm(request.POST or None, initial=initial)
    made = None
    if request.method == "POST" and form.is_valid():
        values = {"recipient": person, "actor": user_of(request), **form.cleaned_data}
        made = attempt(form, recipients.record_consent, **values)
    if made:
        messages.success(request, _("The consent has been recorded."))
        return redirect("recipient_detail", pk)
    texts = recipients.CONSENT_TEXTS[recipients.CURRENT_TEXT]
    context = {"form": form, "person": person, "texts": [(purpose.label, text) for purpose, text in texts.items()]}
    return render(request, "scholarships/consent_create.html", context | {"text_version": recipients.CURRENT_TEXT})


@takes_post("recipient_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def consent_withdraw(request: HttpRequest, pk: int, consent: int) -> HttpResponse:
    """Take a consent back from this moment on."""
    person = _find(request, pk, Permission.ENTER_BATCH)
    found = get_object_or_404(Consent, pk=consent, recipient=person)
    version = shown_version(request)
    if attempt(request, recipients.withdraw_consent, consent=found, version=version, actor=user_of(request)):
        messages.success(request, _("The consent is withdrawn. It holds no more from now on."))
    return redirect("recipient_detail", pk)


@takes_form
@saves_typing("same", "apart")
@requires(Permission.ENTER_BATCH)
def recipient_compare(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two people side by side, and whether they are one; `pk` is the one that is kept."""
    user = user_of(request)
    kept, joined = _find(request, pk, Permission.ENTER_BATCH), _find(request, other, Permission.ENTER_BATCH)
    if kept == joined:
        raise Http404
    form = VerdictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_same = "same" in request.POST
        values = {"is_same": is_same, "version": shown_version(request), "actor": user, **form.cleaned_data}
        if attempt(form, recipients.judge_recipients, kept=kept, other=joined, **values):
            said = _("The two are shown as one person now.") if is_same else _("The two stay two people.")
            messages.success(request, said + " " + _("This can be undone on the page of the person."))
            return redirect("recipient_detail", kept.pk)
    beside = [
        (one, _history(rows), _sums(rows))
        for one in (kept, joined)
        for rows in [Disbursement.objects.visible_to(user).not_taken_out().filter(recipient=one)]
    ]
    context = {
        "form": form, "kept": kept, "other": joined, "beside": beside,
        "reasons": recipients.reasons_of_likeness(kept, joined), "kept_beside": Beside(kept),
    }  # fmt: skip
    return render(request, "scholarships/recipient_compare.html", context)


@takes_post("recipient_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def verdict_undo(request: HttpRequest, pk: int, verdict: int) -> HttpResponse:
    """Take back that two are one person, or are not."""
    person = _find(request, pk, Permission.ENTER_BATCH)
    found = get_object_or_404(
        RecipientVerdict.objects.select_related("kept__unit", "other__unit"), pk=verdict, kept=person
    )
    version = shown_version(request)
    if attempt(request, recipients.undo_verdict, verdict=found, version=version, actor=user_of(request)):
        messages.success(request, _("Undone: both stand as before."))
    return redirect("recipient_detail", pk)


@require_safe
@requires(Permission.ENTER_BATCH)
def recipient_suggest(request: HttpRequest) -> HttpResponse:
    """Known people whose name holds what is typed: what the form of a row proposes, two letters at least."""
    typed = request.GET.get("q", "").strip()[:120]
    found = Recipient.objects.within(user_of(request), Permission.ENTER_BATCH).standing_alone().matching(typed)
    ones: Any = found.with_unit_name().order_by("sort_key", "id")[:SUGGESTED] if len(typed) > 1 else ()
    people = [
        {
            "name": one.full_name, "birth": one.birth_text, "school_class": one.school_class, "school": one.school,
            "hint": " · ".join(filter(None, (one.birth_text, one.school_class, one.school, one.unit_name))),
        }
        for one in ones
    ]  # fmt: skip
    return JsonResponse({"people": people})


def _find(request: HttpRequest, pk: int, permission: Permission | None = None) -> Recipient:
    user = user_of(request)
    found = Recipient.objects.within(user, permission) if permission else Recipient.objects.visible_to(user)
    person: Recipient = get_object_or_404(found.with_unit_name().select_related("unit"), pk=pk)
    return person


def _history(rows: Any) -> list[Disbursement]:
    found = rows.select_related("programme", "batch").with_unit_name().order_by("-given_on", "-id")
    return list(found[:MOST_SHOWN])


def _sums(rows: Any) -> dict[str, int]:
    sums: dict[str, int] = rows.filter(paid_at__isnull=False).sums()
    return sums
