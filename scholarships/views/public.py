"""What the public may see of programmes and funds."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.qr import qr_svg
from portal.lib.vietqr import BANKS, VietQRError, build
from portal.lists import numbered_page
from portal.views.staff import names_of
from scholarships.models import Fund, FundAccount, Programme

FUNDS_A_PAGE = 12


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
    query = request.GET.get("q", "").strip()[:80]
    funds = Fund.objects.public().ranked().select_related("unit")
    funds = (funds.called(query) if query else funds).order_by("rank", "unit__code", "-is_main", "name", "id")
    page = numbered_page(funds, request.GET.get("page"), FUNDS_A_PAGE)
    names = names_of([*(one.unit_id for one in programmes), *(one.unit_id for one in page)])
    since = dict(
        FundAccount.objects.filter(fund__in=[one.pk for one in page]).order_by("id").values_list("fund_id", "since")
    )
    for fund in page:
        fund.account_since = since.get(fund.pk)
        fund.code, fund.bank = transfer_code(fund)
    context = {"programmes": programmes, "page": page, "names": names, "query": query}
    return render(request, "scholarships/programme_list.html", context)


@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: for whom, how much, until when and how to apply."""
    programme = get_object_or_404(Programme.objects.filter(is_public=True).select_related("unit", "fund"), pk=pk)
    today = timezone.localdate()
    fund = programme.fund if programme.fund and programme.fund.is_public else None
    if fund:
        account = fund.account_in_force
        fund.account_since = account.since if account else None  # type: ignore[attr-defined]  # annotated
        fund.code, fund.bank = transfer_code(fund)  # type: ignore[attr-defined]  # annotated
    is_open = programme.is_active and Programme.objects.open_on(today).filter(pk=pk).exists()
    names = names_of([programme.unit_id])
    context = {"programme": programme, "fund": fund, "is_open": is_open, "names": names, "today": today}
    return render(request, "scholarships/programme_detail.html", context)


def transfer_code(fund: Fund) -> tuple[SafeString | str, str]:
    """Return the fund's VietQR code as SVG and the bank's name; "" where there is no usable account."""
    if not fund.bank_bin:
        return "", ""
    bank = BANKS[fund.bank_bin].name if fund.bank_bin in BANKS else fund.bank_bin
    try:
        payload = build(fund.bank_bin, fund.bank_account, memo=f"UH {fund.unit.code}")
    except VietQRError:
        return "", bank
    return _draw_code(payload, _("VietQR code of %(name)s") % {"name": fund.name}), bank


@lru_cache(maxsize=500)
def _draw_code(payload: str, title: str) -> SafeString:
    return mark_safe(qr_svg(payload, title=title))  # noqa: S308 - our own markup, the title is escaped there # nosec B308 B703
