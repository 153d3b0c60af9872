"""Gifts, for staff: the list of all, recording one, its receipt, putting it right."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.lib.language import official_language
from portal.models import ProposedChange
from portal.permissions import Permission, requires
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import send_file
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.forms.batches import ReversalForm
from scholarships.forms.funds import DonationForm
from scholarships.models import Donation, Fund
from scholarships.services import donations
from scholarships.services.holding import payable_from
from scholarships.services.receipts import render_receipt
from scholarships.tables import DonationTable


@require_safe
@requires(Permission.VIEW_FUND)
def donation_list(request: HttpRequest) -> HttpResponseBase:
    """Every gift within the person's scope, newest first."""
    rows = Donation.objects.visible_to(user_of(request)).select_related("fund", "unit").with_unit_name()
    return show_list(request, DonationTable(request, rows), "scholarships/donation_list.html", {})


@takes_form
@requires(Permission.MANAGE_FUND)
def donation_create(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was given to a fund; its receipt gets the next number of the unit and year."""
    fund = get_object_or_404(Fund.objects.within(user_of(request), Permission.MANAGE_FUND), pk=pk)
    initial = {"received_on": timezone.localdate(), "source": Donation.Source.PEOPLE, "request_key": uuid.uuid4()}
    form = DonationForm(request.POST or None, initial=initial, programmes=payable_from(fund))
    sent = request.method == "POST" and form.is_valid()
    if sent and (
        donation := attempt(form, donations.record_donation, fund=fund, actor=user_of(request), **form.cleaned_data)
    ):
        if isinstance(donation, ProposedChange):
            messages.success(request, said_after(donation))
        else:
            said = _("Recorded; the receipt has the number %(number)s.") % {"number": donation}
            messages.success(request, said)
        return redirect("fund_detail", fund.pk)
    if form.is_bound:
        form.ask_to_confirm()
    return render(request, "scholarships/donation_create.html", {"form": form, "fund": fund})


@takes_form
@requires(Permission.MANAGE_FUND)
def donation_reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """Propose that a gift be cancelled; a second person decides, and the receipt keeps its number."""
    scope = Fund.objects.within(user_of(request), Permission.MANAGE_FUND)
    donation = get_object_or_404(Donation.objects.select_related("fund").filter(fund__in=scope), pk=pk)
    form = ReversalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if change := attempt(form, donations.reverse_donation, donation=donation, **values):
            messages.success(request, said_after(change))
            return redirect("fund_detail", donation.fund_id)
    return render(request, "scholarships/donation_reverse.html", {"form": form, "donation": donation})


@takes_post("donation_reverse")
@requires(Permission.MANAGE_FUND)
def donation_unname(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a giver's name off the public page."""
    scope = Fund.objects.within(user_of(request), Permission.MANAGE_FUND)
    donation = get_object_or_404(Donation.objects.filter(fund__in=scope), pk=pk)
    values = {"version": shown_version(request), "actor": user_of(request)}
    if attempt(request, donations.unname_donation, donation=donation, **values):
        messages.success(request, _("The name no longer stands on the public page."))
    return redirect("fund_detail", donation.fund_id)


@require_safe
@requires(Permission.VIEW_FUND)
@official_language()
def donation_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the receipt of a gift; of a cancelled one it says so."""
    rows = Donation.objects.visible_to(user_of(request)).select_related("fund", "unit", "recorded_by", "reversal")
    donation = get_object_or_404(rows, pk=pk)
    pdf = render_receipt(donation, site_url=settings.SITE_URL)
    name = f"phieu-thu-{donation.receipt_year}-{donation.receipt_number}-{donation.unit.code}.pdf"
    return send_file(pdf, name, inline=True)
