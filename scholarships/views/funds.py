"""Funds and their books, for staff."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Sum, Window
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.staff import names_of, user_of
from scholarships.forms.funds import DonationForm, FundForm, FundUpdateForm
from scholarships.models import Fund, LedgerEntry
from scholarships.services import funds
from scholarships.views.public import funds_called, transfer_code


@require_safe
@requires(Permission.VIEW_FUND)
def fund_list(request: HttpRequest) -> HttpResponse:
    """Show the funds within the person's scope, with their balances."""
    query = request.GET.get("q", "").strip()[:80]
    rows = funds_called(Fund.objects.visible_to(user_of(request)), query)
    total = rows.aggregate(total=Sum("balance", default=0))["total"]
    page = Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("page"))
    names = names_of(fund.unit_id for fund in page)
    return render(
        request, "scholarships/fund_list.html", {"page": page, "names": names, "total": total, "query": query}
    )


@require_safe
@requires(Permission.VIEW_FUND)
def fund_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a fund with its book, newest line first, and what was given to it."""
    fund = get_object_or_404(Fund.objects.visible_to(user_of(request)).select_related("unit"), pk=pk)
    fund.code, fund.bank = transfer_code(fund)  # type: ignore[attr-defined]  # annotated
    book = (
        LedgerEntry.objects.filter(fund=fund)
        .annotate(after=Window(Sum("amount"), order_by=F("id").asc()))
        .select_related("batch", "donation", "actor")
        .order_by("-id")
    )
    page = Paginator(book, settings.PAGE_SIZE).get_page(request.GET.get("page"))
    half = HalfYear.containing(timezone.localdate())
    sums = next(iter(LedgerEntry.objects.filter(fund=fund).sums_by_unit(half)), {})
    context = {
        "fund": fund, "page": page, "half": half, "sums": sums, "donations": fund.donations.all()[:10],
        "unit_name": fund.unit.name_on(timezone.localdate()),
        "manages": user_of(request).may(Permission.MANAGE_FUND, fund.unit),
    }  # fmt: skip
    return render(request, "scholarships/fund_detail.html", context)


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
        return redirect("fund_detail", fund.pk)
    suggestions = units.in_force(timezone.localdate()).named_on(timezone.localdate())[:300]
    return render(request, "scholarships/fund_create.html", {"form": form, "suggestions": suggestions})


@takes_form
@requires(Permission.MANAGE_FUND)
def fund_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a fund is called, what it is for, its account."""
    fund = get_object_or_404(Fund.objects.within(user_of(request), Permission.MANAGE_FUND), pk=pk)
    form = FundUpdateForm(request.POST or None, instance=fund)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, funds.update_fund, fund=fund, **values):
            messages.success(request, _("Saved."))
            return redirect("fund_detail", fund.pk)
    return render(request, "scholarships/fund_update.html", {"form": form, "fund": Fund.objects.get(pk=pk)})


@takes_form
@requires(Permission.MANAGE_FUND)
def donation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Record money given to a fund; its receipt gets the next number."""
    fund = get_object_or_404(Fund.objects.within(user_of(request), Permission.MANAGE_FUND), pk=pk)
    initial = {"received_on": timezone.localdate(), "source": "people", "request_key": uuid.uuid4()}
    form = DonationForm(request.POST or None, initial=initial)
    sent = request.method == "POST" and form.is_valid()
    if sent and (
        donation := attempt(form, funds.record_donation, fund=fund, actor=user_of(request), **form.cleaned_data)
    ):
        number = f"{donation.receipt_number}/{donation.receipt_year}"
        messages.success(request, _("Recorded; the receipt has the number %(number)s.") % {"number": number})
        return redirect("fund_detail", fund.pk)
    return render(request, "scholarships/donation_create.html", {"form": form, "fund": fund})
