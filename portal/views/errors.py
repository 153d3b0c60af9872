"""Refusals as pages: what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that had grown too old, or from another site: 403 with what to do."""
    return render(request, "403.html", {"csrf_failed": True}, status=403)


def conflict(request: HttpRequest, message: str, **context: object) -> HttpResponse:
    """409: somebody changed it in the meantime. `context` may hold `back_url`, `back_label`."""
    return render(request, "409.html", {"message": message, **context}, status=409)


def gone(request: HttpRequest, **context: object) -> HttpResponse:
    """410: withdrawn, with `reason`, `withdrawn_at` and perhaps `replacement` (url, title)."""
    return render(request, "410.html", context, status=410)
