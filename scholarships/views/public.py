"""What the public may see of programmes and funds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.lib.vietqr import BANKS, VietQRError, build
from portal.views.staff import names_of
from scholarships.models import Fund, Programme


@require_safe
def programme_list(request: HttpRequest) -> HttpResponse:
    """Programmes that take applications today, and the public funds with a code for a banking app."""
    today = timezone.localdate()
    programmes = list(
        Programme.objects.open_on(today)
        .filter(is_active=True)
        .select_related("unit")
        .order_by("closes_on", "kind", "name")
    )
    funds = list(Fund.objects.public().select_related("unit"))
    names = names_of([*(one.unit_id for one in programmes), *(one.unit_id for one in funds)])
    for fund in funds:
        fund.payload, fund.bank = transfer_code(fund)  # type: ignore[attr-defined]
    return render(
        request,
        "scholarships/programme_list.html",
        {"programmes": programmes, "funds": funds, "names": names, "today": today},
    )


@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: for whom, how much, until when and how to apply."""
    programme = get_object_or_404(Programme.objects.filter(is_public=True).select_related("unit", "fund"), pk=pk)
    today = timezone.localdate()
    fund = programme.fund if programme.fund and programme.fund.is_public else None
    if fund:
        fund.payload, fund.bank = transfer_code(fund)  # type: ignore[attr-defined]
    is_open = programme.is_active and Programme.objects.open_on(today).filter(pk=pk).exists()
    names = names_of([programme.unit_id])
    context = {"programme": programme, "fund": fund, "is_open": is_open, "names": names, "today": today}
    return render(request, "scholarships/programme_detail.html", context)


def transfer_code(fund: Fund) -> tuple[str, str]:
    """Return the text of the fund's VietQR code and the bank's name; "" where there is no usable account."""
    if not fund.bank_bin:
        return "", ""
    bank = BANKS[fund.bank_bin].name if fund.bank_bin in BANKS else fund.bank_bin
    try:
        return build(fund.bank_bin, fund.bank_account, memo=f"UH {fund.unit.code}"), bank
    except VietQRError:
        return "", bank
