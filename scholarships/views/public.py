"""What the public may see of programmes and funds."""

from __future__ import annotations

from functools import lru_cache

from django.core.paginator import Paginator
from django.db.models import Min, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.qr import qr_svg
from portal.lib.vietqr import BANKS, VietQRError, build
from portal.views.staff import containing, names_of
from scholarships.models import Fund, Programme

FUNDS_A_PAGE = 12
NAMED_LIKE = (
    "SELECT f.id FROM scholarships_fund f JOIN portal_unitversion v ON v.unit_id = f.unit_id "
    "WHERE portal_search_key(f.name) LIKE %s OR portal_search_key(v.name) LIKE %s"
)


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
    page = Paginator(funds_called(Fund.objects.public(), query), FUNDS_A_PAGE).get_page(request.GET.get("page"))
    names = names_of([*(one.unit_id for one in programmes), *(one.unit_id for one in page)])
    for fund in page:
        fund.code, fund.bank = transfer_code(fund)  # type: ignore[attr-defined]  # annotated
    context = {"programmes": programmes, "page": page, "names": names, "query": query}
    return render(request, "scholarships/programme_list.html", context)


@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: for whom, how much, until when and how to apply."""
    programme = get_object_or_404(Programme.objects.filter(is_public=True).select_related("unit", "fund"), pk=pk)
    today = timezone.localdate()
    fund = programme.fund if programme.fund and programme.fund.is_public else None
    if fund:
        fund.code, fund.bank = transfer_code(fund)  # type: ignore[attr-defined]  # annotated
    is_open = programme.is_active and Programme.objects.open_on(today).filter(pk=pk).exists()
    names = names_of([programme.unit_id])
    context = {"programme": programme, "fund": fund, "is_open": is_open, "names": names, "today": today}
    return render(request, "scholarships/programme_detail.html", context)


def funds_called(funds: QuerySet[Fund], query: str) -> QuerySet[Fund]:
    """Return the funds, those of the highest units first; with `query` those whose name or unit's name holds it."""
    ranked = funds.select_related("unit").annotate(rank=Min("unit__versions__level__rank"))
    if query:
        ranked = ranked.filter(pk__in=RawSQL(NAMED_LIKE, [containing(query)] * 2))  # noqa: S611 - fixed, with parameters # nosec B611
    return ranked.order_by("rank", "unit__code", "-is_main", "name")


def transfer_code(fund: Fund) -> tuple[SafeString | str, str]:
    """Return the fund's VietQR code as SVG and the bank's name; "" where there is no usable account."""
    if not fund.bank_bin:
        return "", ""
    bank = BANKS[fund.bank_bin].name if fund.bank_bin in BANKS else fund.bank_bin
    try:
        payload = build(fund.bank_bin, fund.bank_account, memo=f"UH {fund.unit.code}")
    except VietQRError:
        return "", bank
    return _drawn(payload, _("VietQR code of %(name)s") % {"name": fund.name}), bank


@lru_cache(maxsize=500)
def _drawn(payload: str, title: str) -> SafeString:
    return mark_safe(qr_svg(payload, title=title))  # noqa: S308 - our own markup, the title is escaped there # nosec B308 B703
