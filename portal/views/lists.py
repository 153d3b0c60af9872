"""How a view answers with a list: its page, or the file that somebody saves."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render

from portal.lists import ListTable
from portal.services.background import ask_for_file, note_export
from portal.views.attempts import attempt
from portal.views.downloads import CONTENT_TYPES, name_file
from portal.views.staff import user_of
from portal.vocabulary import AskedFileKind


def show_list(
    request: HttpRequest,
    table: ListTable,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    noted_as: AskedFileKind | None = None,
) -> HttpResponseBase:
    """Answer with the page of a list (`table` in the template), or with the file that `file=` asks for.

    The file holds the rows of the page's filter, all of them, read and written a part at a time. With `noted_as` each
    saving is in the audit, and a list of more rows than DIRECT_ROWS is made by the worker.
    """
    kind = request.GET.get("file", "")
    if not kind:
        return render(request, template, {"table": table, **(context or {})})
    if noted_as is not None and kind in ("xlsx", "csv") and (later := _make_later(request, table, kind, noted_as)):
        return later
    answer: HttpResponseBase
    if kind == "xlsx" and table.file_name:
        file = tempfile.TemporaryFile()  # noqa: SIM115 - the answer closes it
        table.write_xlsx(file)
        file.seek(0)
        answer = FileResponse(file)
    elif kind == "csv" and table.file_name:
        answer = StreamingHttpResponse(table.write_csv())
    else:
        raise Http404
    answer.headers["Content-Type"] = CONTENT_TYPES[kind]
    answer.headers["Cache-Control"] = "private, no-store"
    name_file(answer, f"{table.file_name}.{kind}")
    return answer


def _make_later(request: HttpRequest, table: ListTable, ending: str, kind: AskedFileKind) -> HttpResponseBase | None:
    """Have a long list made by the worker and lead to the page that waits; None for a short one, which is noted."""
    user, name = user_of(request), f"{table.file_name}.{ending}"
    rows = table.count_to_save(settings.DIRECT_ROWS)
    if rows <= settings.DIRECT_ROWS:
        attempt(request, note_export, kind=kind, name=name, rows=rows, actor=user)
        return None
    query = request.GET.copy()
    for name_left_out in ("file", "page"):
        query.pop(name_left_out, None)
    content_of = {"query": query.urlencode(), "ending": ending}
    file = attempt(request, ask_for_file, kind=kind, file_name=name, content_of=content_of, total=0, actor=user)
    return redirect("file_wait", file.pk) if file else None
