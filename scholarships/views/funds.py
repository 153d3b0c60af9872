"""Funds and their books, for staff."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.lib.periods import HalfYear
from portal.models import ProposedChange, Unit
from portal.permissions import Permission, requires
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.forms.funds import FundForm, FundUpdateForm, HandOverForm
from scholarships.models import Fund, LedgerEntry
from scholarships.services import funds, hand_overs
from scholarships.services.books import book_sums
from scholarships.services.holding import list_held, say_low, with_needs
from scholarships.services.transfers import transfer_to
from scholarships.tables import FundTable
from scholarships.tables.books import FundBookTable, FundDayBookTable


@require_safe
@requires(Permission.VIEW_FUND)
def fund_list(request: HttpRequest) -> HttpResponseBase:
    """The funds within the person's scope, with their balances."""
    table = FundTable(request, with_needs(Fund.objects.visible_to(user_of(request))))
    total = table.rows.aggregate(total=Sum("balance", default=0))["total"]
    table.rows = table.rows.ranked().with_unit_name().select_related("unit")
    return show_list(request, table, "scholarships/fund_list.html", {"total": total})


@require_safe
@requires(Permission.VIEW_FUND)
def fund_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A fund with its book, newest line first, and what was given to it."""
    fund = get_object_or_404(with_needs(Fund.objects.visible_to(user_of(request)).select_related("unit")), pk=pk)
    half = HalfYear.containing(timezone.localdate())
    sums = next(iter(LedgerEntry.objects.filter(fund=fund).sums_by_unit(half)), {})
    accounts = list(fund.accounts.select_related("proposed_by", "decided_by")[:6])
    context = {
        "fund": fund, "transfer": transfer_to(fund), "half": half, "sums": sums,
        "donations": fund.donations.select_related("programme")[:10],
        "unit_name": fund.unit.name_on(timezone.localdate()), "low": say_low(fund), "held": list_held(fund),
        "account": accounts[0] if accounts else None, "accounts": accounts[1:],
        "proposals": ProposedChange.objects.on(fund).waiting().select_related("proposed_by"),
        "manages": user_of(request).may(Permission.MANAGE_FUND, fund.unit),
    }  # fmt: skip
    return show_list(request, FundBookTable(request, fund), "scholarships/fund_detail.html", context)


@require_safe
@requires(Permission.VIEW_FUND)
def fund_book(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The book of a fund by day with the running balance; of one half-year: what it began and ended with."""
    fund = get_object_or_404(Fund.objects.visible_to(user_of(request)).select_related("unit"), pk=pk)
    table = FundDayBookTable(request, fund)
    code = table.filter.chosen.get("half", "")
    context = {
        "fund": fund, "unit_name": fund.unit.name_on(timezone.localdate()),
        "sums": book_sums(fund, HalfYear.parse(code) if code else None),
    }  # fmt: skip
    return show_list(request, table, "scholarships/fund_book.html", context)


@takes_form
@requires(Permission.MANAGE_FUND)
def fund_create(request: HttpRequest) -> HttpResponse:
    """Open a fund; its opening balance is the first line of its book."""
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_FUND)
    form = FundForm(request.POST or None, units=units, initial={"opened_on": timezone.localdate()})
    sent = request.method == "POST" and form.is_valid()
    if sent and (fund := attempt(form, funds.open_fund, actor=user_of(request), **form.cleaned_data)):
        messages.success(
            request,
            _("The fund “%(name)s” is open. Record what is given to it as it comes in.") % {"name": fund.name},
        )
        _say_what_waits(request, fund)
        return redirect("fund_detail", fund.pk)
    return render(request, "scholarships/fund_create.html", {"form": form})


@takes_form
@requires(Permission.MANAGE_FUND)
def fund_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a fund is called, what it is for, its account."""
    fund = get_object_or_404(Fund.objects.within(user_of(request), Permission.MANAGE_FUND), pk=pk)
    form = FundUpdateForm(request.POST or None, instance=fund)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, funds.update_fund, fund=fund, **values):
            if not _say_what_waits(request, fund):
                messages.success(request, _("Saved."))
            return redirect("fund_detail", fund.pk)
    return render(request, "scholarships/fund_update.html", {"form": form, "fund": Fund.objects.get(pk=pk)})


@takes_form
@requires(Permission.MANAGE_FUND)
def hand_over_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that money of the fund pass to another: of an heir, of a unit it succeeds, or of its own unit."""
    user = user_of(request)
    fund = get_object_or_404(
        Fund.objects.within(user, Permission.MANAGE_FUND).select_related("unit").with_unit_name(), pk=pk
    )
    form = HandOverForm(
        request.POST or None,
        funds=hand_overs.funds_to_hand_over_to(fund, user),
        initial={"amount": fund.balance or None},
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and (
        change := attempt(form, hand_overs.propose_hand_over, from_fund=fund, actor=user, **form.cleaned_data)
    ):
        messages.success(request, said_after(change))
        return redirect("fund_detail", fund.pk)
    return render(request, "scholarships/hand_over_create.html", {"form": form, "fund": fund})


def _say_what_waits(request: HttpRequest, fund: Fund) -> bool:
    """Say what of a change waits for a second person; whether anything does."""
    own = ProposedChange.objects.on(fund).waiting().filter(proposed_by=user_of(request)).order_by("id")
    for change in own:
        messages.success(request, f"{change.title}: {said_after(change)}")
    return bool(own)
