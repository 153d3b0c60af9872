"""Files that pages hand out: their content types, under which name they are saved, how long a cache keeps them."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase

LONGEST_IN_SHARED_CACHE = 1  # second in a cache in front; a reader's own browser always asks
ASKED_AGAIN = f"public, max-age=0, s-maxage={LONGEST_IN_SHARED_CACHE}"

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "jpg": "image/jpeg",
}


def send_file(content: bytes, name: str, *, inline: bool = False) -> HttpResponse:
    """Return a file to save as `name`, whose ending decides the content type; `inline` lets the browser show it."""
    kind = name.rpartition(".")[2]
    response = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    name_file(response, name, inline=inline)
    return response


def name_file(response: HttpResponseBase, name: str, *, inline: bool = False) -> None:
    """Say under which name the browser saves what the response holds."""
    response.headers["Content-Disposition"] = f'{"inline" if inline else "attachment"}; filename="{name}"'
