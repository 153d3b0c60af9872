"""Open data for programs: anonymous rows of closed half-years and their description, streamed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.lib.periods import CODE_PATTERN, HalfYear, Period
from portal.lib.tables import csv_lines
from portal.views.downloads import CONTENT_TYPES, name_file
from reports.models import Report
from reports.services import open_books
from reports.services.open_rows import COLUMNS, halves_with_rows, open_rows, sum_pooled, table_schema
from reports.services.self_check import list_open_data, write_lines


@require_safe
def open_rows_file(request: HttpRequest, half: HalfYear, kind: str) -> HttpResponseBase:
    """Stream the anonymous rows of a half-year whose report the whole association has issued; 404 before."""
    if half not in halves_with_rows():
        raise Http404
    rows = open_rows(half)
    lines = csv_lines(COLUMNS, rows) if kind == "csv" else _json_lines(rows)
    response = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[kind])
    name_file(response, f"luot-trao-{half}.{kind}")
    return response


@require_safe
def open_books_file(request: HttpRequest, half: HalfYear, kind: str) -> HttpResponseBase:
    """Stream the lines of every public fund's book in a half-year; 404 where there are none."""
    if half not in open_books.halves_with_books():
        raise Http404
    rows = open_books.book_lines(half)
    lines = csv_lines(open_books.COLUMNS, rows) if kind == "csv" else _json_lines(rows)
    response = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[kind])
    name_file(response, f"so-quy-{half}.{kind}")
    return response


@require_safe
def open_books_schema(request: HttpRequest) -> HttpResponse:
    """Send the description of the columns of the fund books."""
    return _send_json(table_schema(open_books.FIELDS))


@require_safe
def open_rows_schema(request: HttpRequest) -> HttpResponse:
    """Send the description of the columns."""
    return _send_json(table_schema())


@require_safe
def open_pool_file(request: HttpRequest, period: Period) -> HttpResponse:
    """Send what rows and books of a half-year or year do not name, in sums; 404 while a half-year has no such rows."""
    if not set(period.halves) <= set(halves_with_rows()):
        raise Http404
    return _send_json(sum_pooled(period))


@require_safe
def open_index(request: HttpRequest) -> HttpResponse:
    """Send the list of all files, for programs."""
    return _send_json(list_open_data())


@require_safe
def open_check(request: HttpRequest) -> HttpResponse:
    """The page that tells how to compute a report's hash and figures anew, with the lines to do it."""
    whole = Report.objects.latest_versions().filter(unit__versions__parent__isnull=True).without_files()
    report = whole.filter(period__regex=CODE_PATTERN).select_related("unit").newest_first().first()
    lines = write_lines(settings.SITE_URL, HalfYear.parse(report.period), report.unit.code) if report else {}
    return render(request, "reports/open_check.html", {"report": report, "lines": lines})


def _send_json(value: dict[str, Any]) -> HttpResponse:
    return HttpResponse(json.dumps(value, ensure_ascii=False, indent=2), content_type=CONTENT_TYPES["json"])


def _json_lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield ("," if number else "") + "\n" + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"
