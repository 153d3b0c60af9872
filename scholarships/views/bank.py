"""Bank statements of a fund: sent, matched with the book, and what a person says of the rest."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from intakes.services.opening import warm_up
from portal.addresses import takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.models import ProposedChange
from portal.permissions import Permission, requires
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from portal.vocabulary import DonorKind
from scholarships.forms.bank import AsideForm, LineGiftForm, StatementForm
from scholarships.models import BankLine, Fund
from scholarships.services import bank
from scholarships.services.holding import payable_from
from scholarships.tables.bank import BankLineTable


@require_safe
@requires(Permission.VIEW_FUND)
def bank_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The lines of a fund's statements; the bank's balance beside the book's."""
    fund = get_object_or_404(Fund.objects.visible_to(user_of(request)).select_related("unit"), pk=pk)
    manages = user_of(request).may(Permission.MANAGE_FUND, fund.unit)
    context = {"fund": fund, "reconciled": bank.reconcile(fund), "manages": manages}
    return show_list(request, BankLineTable(request, fund, manages=manages), "scholarships/bank_list.html", context)


@takes_form
@requires(Permission.MANAGE_FUND)
def bank_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a statement; lines that stand already are left out."""
    fund = _find_fund(request, pk)
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["content"]
        sent = {"fund": fund, "content": file.read(), "file_name": file.name, "called": form.called}
        if statement := attempt(form, bank.take_statement, actor=user_of(request), **sent):
            said = _("%(new)d new lines of %(all)d; those that wait for you stand below.")
            messages.success(request, said % {"new": statement.lines_new, "all": statement.lines_read})
            return redirect("bank_list", fund.pk)
    warm_up()
    return render(request, "scholarships/bank_upload.html", {"form": form, "fund": fund})


@takes_form
@requires(Permission.MANAGE_FUND)
def bank_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """A line of the bank: which line of the book it is; else a gift to record, or to be set aside."""
    found = _find_line(request, pk, line)
    entries = list(bank.candidates(found.fund, {found.amount})[:20]) if found.is_waiting else []
    if request.method == "POST":
        chosen = next((one for one in entries if one.pk == whole_number(request.POST.get("entry", ""))), None)
        if chosen is None and found.is_waiting:
            messages.error(request, _("Choose the line of the book that it is."))
        else:
            values = {"line": found, "entry": chosen or found.entry, "version": shown_version(request)}
            if attempt(request, bank.link_line, actor=user_of(request), **values):
                messages.success(request, _("The line of the bank and the line of the book belong together now."))
                return redirect("bank_list", pk)
        found = _find_line(request, pk, line)
    context = {"line": found, "fund": found.fund, "entries": entries, "aside": AsideForm(auto_id="aside_%s")}
    return render(request, "scholarships/bank_line.html", context)


@takes_form
@requires(Permission.MANAGE_FUND)
def bank_gift(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Record a line of the bank as a gift."""
    found = _find_line(request, pk, line)
    if found.amount < 0:
        raise Http404
    initial = {"donor_name": found.payer, "source": DonorKind.PEOPLE}
    form = LineGiftForm(request.POST or None, initial=initial, programmes=payable_from(found.fund))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if made := attempt(form, bank.record_gift_of, line=found, **values):
            if isinstance(made, ProposedChange):
                messages.success(request, said_after(made))
            else:
                messages.success(request, _("Recorded; the receipt has the number %(number)s.") % {"number": made})
            return redirect("bank_list", pk)
    if form.is_bound:
        form.ask_to_confirm()
    return render(request, "scholarships/bank_gift.html", {"form": form, "line": found, "fund": found.fund})


@takes_post("bank_line")
@requires(Permission.MANAGE_FUND)
def bank_aside(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Set a line of the bank aside, with the reason."""
    found = _find_line(request, pk, line)
    values = {"reason": request.POST.get("reason", ""), "version": shown_version(request), "actor": user_of(request)}
    if attempt(request, bank.set_line_aside, line=found, **values):
        messages.success(request, _("The line is set aside."))
        return redirect("bank_list", pk)
    return redirect("bank_line", pk, line)


@takes_post("bank_line")
@requires(Permission.MANAGE_FUND)
def bank_undo(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    """Take back what was said of a line: it waits again."""
    found = _find_line(request, pk, line)
    if attempt(request, bank.undo_line, line=found, version=shown_version(request), actor=user_of(request)):
        messages.success(request, _("The line waits again."))
    return redirect("bank_line", pk, line)


def _find_fund(request: HttpRequest, pk: int) -> Fund:
    fund: Fund = get_object_or_404(
        Fund.objects.within(user_of(request), Permission.MANAGE_FUND).select_related("unit"), pk=pk
    )
    return fund


def _find_line(request: HttpRequest, pk: int, line: int) -> BankLine:
    rows = BankLine.objects.within(user_of(request), Permission.MANAGE_FUND)
    rows = rows.select_related("fund__unit", "statement", "entry__donation", "entry__batch", "decided_by")
    found: BankLine = get_object_or_404(rows, fund_id=pk, pk=line)
    return found
