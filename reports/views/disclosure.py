"""What everybody may check of the money: where it is explained, books of public funds, statements of units."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.lib.periods import HalfYear, Period
from portal.lists import numbered_page
from portal.models import Unit
from portal.views.downloads import send_file
from portal.views.staff import names_of
from portal.vocabulary import DonorKind, EntryKind
from reports.models import Report
from reports.services.open_books import book_lines, halves_of
from reports.services.open_rows import POOLED
from reports.services.statements import Statement, periods_of, print_statement, public_funds_of, state
from scholarships.models import Fund, FundAccount

FUNDS_A_PAGE = 20
LINES_A_PAGE = 100
PERIODS_OFFERED = 9  # three years


def list_books_and_statements() -> list[str]:
    """Return the address of the book of every public fund, and of every statement that can be made of such funds."""
    rows = Fund.objects.public().order_by("unit_id", "id").select_related("unit").only("opened_on", "unit__code")
    by_unit: dict[str, list[Fund]] = defaultdict(list)
    addresses = []
    for fund in rows:
        by_unit[fund.unit.code].append(fund)
        addresses.append(reverse("fund_book_public", args=[fund.pk]))
    return addresses + [
        reverse("statement_public", args=[code, period])
        for code, funds in by_unit.items()
        for period in periods_of(funds)
    ]


@require_safe
def transparency(request: HttpRequest) -> HttpResponse:
    """Where the money comes from and goes, who checks it, and the way to every figure of it."""
    query = request.GET.get("q", "").strip()[:80]
    funds = Fund.objects.public().ranked().select_related("unit")
    funds = (funds.called(query) if query else funds).order_by("rank", "unit__code", "-is_main", "name", "id")
    page = numbered_page(funds, request.GET.get("page"), FUNDS_A_PAGE)
    accounts = FundAccount.objects.filter(fund__in=[one.pk for one in page]).order_by("id")
    since = dict(accounts.values_list("fund_id", "since"))
    today = timezone.localdate()
    for fund in page:
        fund.since = since.get(fund.pk) if fund.bank_account else None
        fund.periods = periods_of([fund], today)[:2]
    newest = Report.objects.latest_versions().without_files().select_related("unit").newest_first()
    context = {
        "page": page, "names": names_of(one.unit_id for one in page), "query": query, "report": newest.first(),
        "last_year": today.year - 1,
    }  # fmt: skip
    return render(request, "reports/transparency.html", context)


@require_safe
def fund_book_public(request: HttpRequest, pk: int) -> HttpResponse:
    """The book of a public fund for a half-year, line by line, without any name."""
    fund = get_object_or_404(Fund.objects.public().select_related("unit"), pk=pk)
    halves = halves_of(fund)
    half = _choose_half(request.GET.get("half"), halves)
    lines = list(book_lines(half, fund)) if half else []
    page = numbered_page(lines, request.GET.get("page"), LINES_A_PAGE)
    codes = {line["unit"] for line in page} - {"", POOLED}
    units: Any = Unit.objects.filter(code__in=codes).named_on(half.last_day if half else timezone.localdate())
    names = {unit.code: unit.name for unit in units}
    for line in page:
        line["words"], line["on"], line["spent"] = _describe(line), dt.date.fromisoformat(line["day"]), -line["amount"]
        line["unit_name"] = _("not named") if line["unit"] == POOLED else names.get(line["unit"], line["unit"])
    opening = lines[0]["balance"] - lines[0]["amount"] if lines else 0
    context = {
        "fund": fund, "unit_name": fund.unit.name_on(timezone.localdate()), "half": half, "halves": halves,
        "page": page, "opening": opening, "closing": lines[-1]["balance"] if lines else 0,
        "received": sum(line["amount"] for line in lines if line["amount"] > 0),
        "spent": -sum(line["amount"] for line in lines if line["amount"] < 0),
    }  # fmt: skip
    return render(request, "reports/fund_book_public.html", context)


def _choose_half(code: str | None, halves: list[HalfYear]) -> HalfYear | None:
    if not code:
        return halves[0] if halves else None
    try:
        half = HalfYear.parse(code)
    except ValueError:
        raise Http404 from None
    if half not in halves:
        raise Http404
    return half


def _describe(line: dict[str, Any]) -> str:
    """What a line is, in the language of the screen."""
    told = [EntryKind(line["kind"]).label]
    told += [EntryKind(line["reverses"]).label] if line["reverses"] else []
    told += [DonorKind(line["giver"]).label] if line["giver"] else []
    return ": ".join(str(word) for word in told)


@require_safe
def statement_public(request: HttpRequest, code: str, period: Period) -> HttpResponse:
    """What a unit received, spent and holds in a half-year or a year."""
    if code != code.upper():
        return redirect("statement_public", code.upper(), period)
    made, periods = _find_statement(code, period)
    url = reverse("statement_pdf", args=[code, period])
    context = {"statement": made, "periods": periods[:PERIODS_OFFERED], "pdf": url}
    return render(request, "reports/statement_public.html", context)


@require_safe
def statement_pdf(request: HttpRequest, code: str, period: Period) -> HttpResponse:
    """The same on paper, to sign and to hang up."""
    made, _periods = _find_statement(code.upper(), period)
    return send_file(print_statement(made), f"cong-khai-{code.lower()}-{period}.pdf".lower(), inline=True)


def _find_statement(code: str, period: Period) -> tuple[Statement, list[Period]]:
    unit = get_object_or_404(Unit, code=code)
    funds = public_funds_of(unit)
    periods = periods_of(funds)
    if period not in periods:
        raise Http404
    return state(unit, period, funds), periods
