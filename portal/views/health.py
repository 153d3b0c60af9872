"""Whether the process lives and whether it can work: for the machine that watches it."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

LEAST_FREE_BYTES = 200 * 1024 * 1024


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Database and disk are there: 200, else 503 naming what is not."""
    problems = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        problems.append("database")
    settings.PORTAL_DATA.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.PORTAL_DATA).free < LEAST_FREE_BYTES:
        problems.append("disk")
    return JsonResponse(
        {"status": "ok" if not problems else "unavailable", "problems": problems}, status=503 if problems else 200
    )
