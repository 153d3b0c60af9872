"""Stored files of issued reports, handed out before anything of the reader is looked at: they are the same for all."""

from __future__ import annotations

import re
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from portal.lib import identifiers
from portal.lib.numbers import whole_number
from portal.lib.periods import Period, parse_period
from portal.views.downloads import ASKED_AGAIN, send_file
from portal.vocabulary import ReportFileKind
from reports.services.handing_out import find_public_file, read_bytes
from reports.views.scope import name_of_file

_PDF, _DOCX, _XLSX, _CSV, _JSON, _SUMMARY = (
    ReportFileKind.PDF.value, ReportFileKind.DOCX.value, ReportFileKind.XLSX.value, ReportFileKind.CSV.value,
    ReportFileKind.JSON.value, ReportFileKind.SUMMARY.value,
)  # fmt: skip
_INLINE = {_PDF, _JSON, _SUMMARY}
_ADDRESS = re.compile(
    r"/(?P<folder>bao-cao|du-lieu-mo)/(?P<period>[12][0-9]{3}(?:-[Hh][12])?)/"
    rf"(?P<code>{identifiers.UNIT_CODE_WRITTEN})(?:\.(?P<kind>[a-z]+)|/tom-tat\.pdf)"
)
#: What `reports.urls` has under each: other files have no address there.
_FOLDERS = {"bao-cao": {_PDF, _DOCX, _XLSX, _JSON, _SUMMARY}, "du-lieu-mo": {_CSV, _JSON}}


def answer_stored(request: HttpRequest) -> HttpResponse | None:
    """Answer for a stored file under its plain address; None for all else, which the pages then answer.

    A report that was taken back or is for staff is asked for at every request: there is no file of it then.
    """
    match = _ADDRESS.fullmatch(request.path_info)
    if match is None or request.method not in {"GET", "HEAD"} or request.META.get("QUERY_STRING"):
        return None
    request.get_host()  # refuses a host that is not ours, as every page does
    try:
        period = parse_period(match["period"])
    except ValueError:
        return None
    kind = match["kind"] or _SUMMARY
    return hand_out(request, period, match["code"], kind) if kind in _FOLDERS[match["folder"]] else None


def hand_out(request: HttpRequest, period: Period, code: str, kind: str) -> HttpResponse | None:
    """Return a file of an issued report, 304 for who has it; None where readers get none (or no more)."""
    asked = request.GET.get("version")
    version = whole_number(asked, most=9999) or 0 if asked else None
    file = find_public_file(period, code, kind, version)
    if file is None:
        return None
    etag = quote_etag(file.sha256)
    response: HttpResponse | None = get_conditional_response(request, etag=etag)
    if response is None:
        name = name_of_file(period, file.unit, file.version, kind)
        response = send_file(read_bytes(file), name, inline=kind in _INLINE)
    elif response.status_code != HTTPStatus.NOT_MODIFIED:
        return response  # asked for with If-Match: no answer for others
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = ASKED_AGAIN
    return response
