"""How a view answers with a list: its page, or the file that somebody saves."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from portal.lists import ListTable
from portal.views.downloads import CONTENT_TYPES, name_file


def show_list(
    request: HttpRequest, table: ListTable, template: str, context: Mapping[str, Any] | None = None
) -> HttpResponseBase:
    """Answer with the page of a list (`table` in the template), or with the file that `file=` asks for.

    The file holds the rows of the page's filter, all of them, read and written a part at a time.
    """
    kind = request.GET.get("file", "")
    if not kind:
        return render(request, template, {"table": table, **(context or {})})
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
