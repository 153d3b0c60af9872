"""What the public may see of programmes and funds."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.lib.language import official_language
from portal.lib.pdf import render_pdf
from portal.lib.periods import HalfYear
from portal.lists import numbered_page
from portal.views.downloads import name_file, send_file
from portal.views.staff import names_of
from scholarships.forms.transfers import TransferForm
from scholarships.models import Fund, FundAccount, LedgerEntry, Programme
from scholarships.services.transfers import OFFERED_AMOUNTS, Transfer, transfer_to

FUNDS_A_PAGE = 12
GIFTS_A_PAGE = 30
HALVES_SHOWN = 4


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
        fund.transfer = transfer_to(fund, since=since.get(fund.pk))
    context = {"programmes": programmes, "page": page, "names": names, "query": query}
    return render(request, "scholarships/programme_list.html", context)


def list_addresses() -> list[tuple[str, dt.datetime | None]]:
    """Return the address of every public programme and fund, and of the page that finds who looks after a place."""
    programmes = Programme.objects.filter(is_public=True).order_by().values_list(Value("programme_detail"), "pk")
    funds = Fund.objects.public().order_by().values_list(Value("fund_public"), "pk")
    named = programmes.union(funds, all=True).order_by("pk")
    addresses = [reverse("place_find"), *(reverse(name, args=[pk]) for name, pk in named)]
    return [(address, None) for address in addresses]


@require_safe
def programme_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One programme: for whom, how much, until when and how to apply; how to give for it."""
    programme = get_object_or_404(Programme.objects.filter(is_public=True).select_related("unit", "fund"), pk=pk)
    today = timezone.localdate()
    is_open = programme.is_active and Programme.objects.open_on(today).filter(pk=pk).exists()
    fund = programme.fund if programme.fund and programme.fund.is_public else None
    context: dict[str, Any] = {"programme": programme, "fund": fund, "is_open": is_open, "today": today}
    context |= {"names": names_of([programme.unit_id])}
    if fund is not None:
        context |= _giving(request, fund, programme if programme.is_active else None)
    return render(request, "scholarships/programme_detail.html", context)


@require_safe
def fund_public(request: HttpRequest, pk: int) -> HttpResponse:
    """A public fund: what it is for, what it holds, how to give to it, and who gave and agreed to be named."""
    fund = _find_fund(pk)
    standing = fund.donations.standing()
    context = {
        "fund": fund, "names": names_of([fund.unit_id]),
        "page": numbered_page(standing.named_in_public(), request.GET.get("page"), GIFTS_A_PAGE),
        "unnamed": standing.filter(may_be_named=False).count(),
        "statements": _account_for(fund),
    }  # fmt: skip
    context |= _giving(request, fund)
    return render(request, "scholarships/fund_public.html", context)


@require_safe
def fund_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a fund's code as a picture to save."""
    return _send_code(_demand_transfer(request, _find_fund(pk)))


@require_safe
def programme_qr(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the code for gifts to a programme as a picture to save."""
    programme = _find_programme(pk)
    return _send_code(_demand_transfer(request, programme.fund, programme))


@require_safe
@official_language()
def fund_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a sheet with a fund's code, to print and hang up."""
    return _send_poster(_demand_transfer(request, _find_fund(pk)))


@require_safe
@official_language()
def programme_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a sheet with the code for gifts to a programme, to print and hang up."""
    programme = _find_programme(pk)
    return _send_poster(_demand_transfer(request, programme.fund, programme))


def _find_fund(pk: int) -> Fund:
    fund: Fund = get_object_or_404(Fund.objects.public().select_related("unit"), pk=pk)
    return fund


def _account_for(fund: Fund) -> list[tuple[HalfYear, dict[str, int]]]:
    """Return what each of the last half-years brought and took, newest first, from the fund's own book."""
    half = HalfYear.containing(timezone.localdate())
    found: list[tuple[HalfYear, dict[str, int]]] = []
    while len(found) < HALVES_SHOWN and half.last_day >= fund.opened_on:
        sums = next(iter(LedgerEntry.objects.filter(fund=fund).sums_by_unit(half)), None)
        if sums is not None:
            found.append((half, sums))
        half = half.previous()
    return found


def _find_programme(pk: int) -> Programme:
    programmes = Programme.objects.filter(is_public=True, is_active=True, fund__is_public=True)
    programme: Programme = get_object_or_404(programmes.select_related("fund__unit", "unit"), pk=pk)
    return programme


def _giving(request: HttpRequest, fund: Fund, programme: Programme | None = None) -> dict[str, object]:
    """Return what the block about giving shows; an amount that cannot be read is answered beside its field."""
    form = TransferForm(request.GET if "amount" in request.GET else None)
    amount = form.cleaned_data["amount"] if form.is_bound and form.is_valid() else None
    account = fund.account_in_force
    transfer = transfer_to(fund, programme=programme, amount=amount, since=account.since if account else None)
    return {"transfer": transfer, "amounts": OFFERED_AMOUNTS, "amount_form": form}


def _demand_transfer(request: HttpRequest, fund: Fund | None, programme: Programme | None = None) -> Transfer:
    form = TransferForm(request.GET)
    if fund is None or not form.is_valid():
        raise Http404
    account = fund.account_in_force
    since = account.since if account else None
    transfer = transfer_to(fund, programme=programme, amount=form.cleaned_data["amount"], since=since)
    if transfer is None or not transfer.payload:
        raise Http404
    return transfer


def _send_code(transfer: Transfer) -> HttpResponse:
    response = HttpResponse(transfer.png, content_type="image/png")
    name_file(response, f"{_file_name(transfer)}.png")
    return response


def _send_poster(transfer: Transfer) -> HttpResponse:
    context = {
        "transfer": transfer, "lang": "vi", "title": transfer.title,
        "address": f"{settings.SITE_URL}{reverse('fund_public', args=[transfer.fund.pk])}",
        "unit_name": names_of([transfer.fund.unit_id])[transfer.fund.unit_id],
    }  # fmt: skip
    html = render_to_string("documents/transfer_poster.html", context)
    return send_file(_print_poster(html, transfer.title), f"{_file_name(transfer)}.pdf", inline=True)


@lru_cache(maxsize=32)
def _print_poster(html: str, title: str) -> bytes:
    return render_pdf(html, title=title, lang="vi")


def _file_name(transfer: Transfer) -> str:
    amount = f"-{transfer.amount}" if transfer.amount else ""
    return f"vietqr-{transfer.reference.lower().replace(' ', '-')}{amount}"
