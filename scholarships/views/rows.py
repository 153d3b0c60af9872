"""Single rows of a list: typed by keyboard one after another, found in the list and changed, taken out, put back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intakes.services.opening import warm_up
from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import AmountError, format_int, format_money, parse_amount
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.views.attempts import attempt, shown_version
from portal.views.staff import user_of
from scholarships.forms.rows import PasteForm, RowForm
from scholarships.models import Batch, Disbursement, Programme
from scholarships.services import batches
from scholarships.services.pasting import paste_rows
from scholarships.services.programmes import ProgrammeFinder

SUGGESTIONS = 100  # of the browser's own, for a page without scripts
PLACE = frozenset({"q", "kind", "sort", "page"})  # what an address says of a place in a list's rows


@takes_form
@saves_typing()
@requires(Permission.ENTER_BATCH)
def batch_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a row to add; once saved, the next one with what it probably shares."""
    batch = _find_list(request, pk)
    if not batch.is_editable:
        return _refuse_closed(request, batch)
    last = _rows(batch).order_by("-id").first()
    initial = RowForm.carried_over(last) if last else {}
    form = RowForm(request.POST or None, programmes=usable_programmes(batch), above=last, initial=initial)
    if request.method == "POST" and form.is_valid() and (saved := _save(request, batch, None, form)):
        messages.success(request, saved)
        return redirect("batch_entry", pk)
    context = _context(request, batch, None, form) | {
        "rows": _rows(batch).order_by("-id")[:15],
        "taken_out": batch.disbursements.taken_out_again().select_related("recipient").first(),
    }
    return render(request, "scholarships/batch_entry.html", context)


@takes_form
@saves_typing()
@requires(Permission.ENTER_BATCH)
def batch_paste(request: HttpRequest, pk: int) -> HttpResponse:
    """Paste cells of a spreadsheet; they are looked at and mended in the preview of every upload."""
    batch = _find_list(request, pk)
    if not batch.is_editable:
        return _refuse_closed(request, batch)
    form = PasteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        pasted = attempt(form, paste_rows, batch=batch, text=form.cleaned_data["text"], actor=user_of(request))
        if pasted is not None:
            return redirect("intake_preview", pasted.pk)
    warm_up()
    unit_name = batch.unit.name_on(batch.half_year.last_day)
    return render(request, "scholarships/batch_paste.html", {"batch": batch, "form": form, "unit_name": unit_name})


@takes_form
@saves_typing()
@requires(Permission.ENTER_BATCH)
def row_update(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The form of a row that is there already; once saved, back to where it was found in the list."""
    batch = _find_list(request, pk)
    if not batch.is_editable:
        return _refuse_closed(request, batch)
    line = get_object_or_404(_rows(batch), pk=row)
    form = RowForm(request.POST or None, programmes=usable_programmes(batch), initial=RowForm.facts_of(line))
    if request.method == "POST" and form.is_valid() and (saved := _save(request, batch, line, form)):
        messages.success(request, saved)
        return redirect(place_in_list(request, pk))
    context = _context(request, batch, line, form) | {"back": place_in_list(request, pk)}
    return render(request, "scholarships/row_update.html", context)


@takes_post("batch_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def row_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a row out of a list that is still being written; it may be put back."""
    batch = get_object_or_404(Batch.objects.within(user_of(request), Permission.ENTER_BATCH), pk=pk)
    line = get_object_or_404(_rows(batch), pk=row)
    version = shown_version(request)
    if attempt(request, batches.remove_disbursement, row=line, version=version, actor=user_of(request)):
        sentence = _("The row of %(name)s has been removed. It can be put back below the rows.")
        messages.success(request, sentence % {"name": line.recipient.full_name})
    return redirect(place_in_list(request, pk))


@takes_post("batch_detail", keep=("pk",))
@requires(Permission.ENTER_BATCH)
def row_restore(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Put a row back that was taken out of a list."""
    batch = get_object_or_404(Batch.objects.within(user_of(request), Permission.ENTER_BATCH), pk=pk)
    line = get_object_or_404(batch.disbursements.taken_out_again().select_related("recipient"), pk=row)
    version = shown_version(request)
    if attempt(request, batches.restore_disbursement, row=line, version=version, actor=user_of(request)):
        messages.success(request, _("The row of %(name)s is in the batch again.") % {"name": line.recipient.full_name})
    return redirect(place_in_list(request, pk))


@require_safe
@requires(Permission.ENTER_BATCH, Permission.MANAGE_FUND)
def amount_echo(request: HttpRequest) -> HttpResponse:
    """How a typed amount is read: {"amount": đồng or null, "shown": "1.500.000", "text": a sentence}."""
    typed = request.GET.get("q", "")[:60]
    try:
        amount = parse_amount(typed)
    except AmountError:
        return JsonResponse({"amount": None, "shown": "", "text": _("This is not yet a clear amount.")})
    return JsonResponse({"amount": amount, "shown": format_int(amount), "text": "= " + format_money(amount)})


def usable_programmes(batch: Batch) -> QuerySet[Programme]:
    """Return the programmes the list may name, those meant by default first."""
    finder = ProgrammeFinder(unit=batch.unit, half=batch.half_year)
    kind = Case(*(When(kind=value, then=place) for place, value in enumerate(Programme.Kind.values)))
    return Programme.objects.filter(pk__in=[one.pk for one in finder.programmes]).order_by("-is_default", kind, "name")


def point_at_errors(form: RowForm, *, carried: bool) -> None:
    """Put the cursor where it is needed, say which cells are wrong, and mark values that were carried over."""
    wrong = [name for name in form.fields if form.is_bound and name in form.errors]
    form.fields[wrong[0] if wrong else "full_name"].widget.attrs["autofocus"] = True
    form.fields["amount"].widget.attrs["data-echo"] = reverse("amount_echo")
    for name, field in form.fields.items():
        kind = "form-select" if hasattr(field, "choices") else "form-control"
        field.widget.attrs["class"] = f"{kind} is-invalid" if name in wrong else kind
        if name in wrong:
            field.widget.attrs |= {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}
        if carried and name in ("school", "school_class") and not form.is_bound and form.initial.get(name):
            field.widget.attrs["data-carried"] = ""


def _save(request: HttpRequest, batch: Batch, row: Disbursement | None, form: RowForm) -> str:
    """Add or change the row; "" when the service refuses, its sentences then stand in the form."""
    values = {name: value for name, value in form.cleaned_data.items() if name != "amount_shown"}
    recorded = whole_number(request.POST.get("replaces"))
    if recorded is not None:
        values["replaces"] = get_object_or_404(
            Disbursement.objects.standing().within(user_of(request), Permission.ENTER_BATCH).filter(unit=batch.unit),
            pk=recorded,
        )
    values["actor"] = user_of(request)
    if row is None:
        saved = attempt(form, batches.add_disbursement, batch=batch, **values)
    else:
        saved = attempt(form, batches.update_disbursement, row=row, version=shown_version(request), **values)
    if saved is None:
        doubts = form.errors.as_data().get("full_name", [])
        form.recorded = next(((one.params or {}).get("row") for one in doubts if one.code == "other_amount"), None)
        return ""
    sentence = _("Saved: %(name)s, %(amount)s.") if row is None else _("Changed: %(name)s, %(amount)s.")
    return sentence % {"name": saved.recipient.full_name, "amount": format_money(saved.amount)}


def place_in_list(request: HttpRequest, pk: int) -> str:
    """Return where in the list the row was found: its page, its search; or the form for typing (`from=entry`)."""
    if request.GET.get("from") == "entry":
        return reverse("batch_entry", args=[pk])
    place = QueryDict(mutable=True)
    for name, value in QueryDict(request.GET.get("list", "")[:500]).items():
        if name in PLACE and isinstance(value, str):
            place[name] = value
    return f"{reverse('batch_detail', args=[pk])}{f'?{place.urlencode()}' if place else ''}"


def _find_list(request: HttpRequest, pk: int) -> Batch:
    found = Batch.objects.within(user_of(request), Permission.ENTER_BATCH).with_totals().select_related("unit")
    batch: Batch = get_object_or_404(found, pk=pk)
    return batch


def _refuse_closed(request: HttpRequest, batch: Batch) -> HttpResponse:
    if request.method == "POST":
        raise ConflictError(
            _(
                "The batch was sent in the meantime, so this row has not been saved. "
                "Once the batch is open again, what you typed stands in its fields."
            )
        )
    messages.info(request, _("Rows can only be changed while the batch is a draft or has been returned."))
    return redirect("batch_detail", batch.pk)


def _context(request: HttpRequest, batch: Batch, row: Disbursement | None, form: RowForm) -> dict[str, Any]:
    point_at_errors(form, carried=row is None)
    doubted = form.has_error("full_name", "known") or form.has_error("full_name", "other_amount")
    return {
        "batch": batch,
        "form": form,
        "row": row,
        "ask_repeat": doubted or bool(request.POST.get("repeat_reason") or (row and row.repeat_reason)),
        "recipients": batch.unit.recipients.standing_alone().order_by("-id")[:SUGGESTIONS],
        "unit_name": batch.unit.name_on(batch.half_year.last_day),
    }


def _rows(batch: Batch) -> QuerySet[Disbursement]:
    return batch.disbursements.standing().select_related("recipient", "programme")
