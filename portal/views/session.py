"""Whether the session behind an open page still stands: asked by the page before it sends a form."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.services.kept import typist_of


@require_safe
@never_cache
def session_state(request: HttpRequest) -> JsonResponse:
    """Tell the page whose form says `X-Typed-By` whether that person is signed in here, and the token to send it with.

    `saves`: the form at `path` only saves what was typed, so that it may go on by itself after signing in again; a
    button that does more (`button`) is pressed again.
    """
    typist = typist_of(request.headers.get("X-Typed-By", ""))
    known = typist is not None
    return JsonResponse(
        {
            "known": known,
            "same": known and request.user == typist,
            "signed_in": request.user.is_authenticated,
            "name": typist.full_name if typist else "",
            "username": typist.username if typist else "",
            "saves": _only_saves(request.GET.get("path", ""), request.GET.get("button", "")),
            "token": get_token(request),
        }
    )


def _only_saves(path: str, button: str) -> bool:
    try:
        without = getattr(resolve(path).func, "saves_typing", None)
    except Resolver404:
        return False
    return without is not None and button not in without
