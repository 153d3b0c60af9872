"""Small steps around every request: headers of the answer, the reader's language, where actions come from."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

Handler = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def response_headers(get_response: Handler) -> Handler:
    """Add the headers that Django itself does not set; answers to signed-in people are not kept by any cache."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers:
            if request.path.startswith(("/lam-viec/", "/tai-khoan/")):
                response.headers["Cache-Control"] = "private, no-store"
            elif settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers["Cache-Control"] = "private, no-cache"
        return response

    return handle


def chosen_language(get_response: Handler) -> Handler:
    """Speak Vietnamese unless the reader chose another language here.

    A browser's own setting does not count: the articles are Vietnamese, and a page in two languages helps nobody.
    """
    languages = dict(settings.LANGUAGES)

    def handle(request: HttpRequest) -> HttpResponseBase:
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = wanted if wanted in languages else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]  # ours, on the request
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response

    return handle


def plain_addresses(get_response: Handler) -> Handler:
    """Refuse an address that holds the null character: no name has one, and the database cannot be asked for it."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            raise BadRequest("null character in the address")
        return get_response(request)

    return handle


def client_address(request: HttpRequest) -> str:
    """Return the caller's address; X-Forwarded-For counts only when the trusted proxy itself is calling."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXY and address == settings.TRUSTED_PROXY:
        forwarded = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        return (forwarded or address)[:64]
    return address[:64]


def source_of_actions(get_response: Handler) -> Handler:
    """Say where the request comes from (`client_address`).

    The signed-in person's account object is told too, so that services can audit without a request.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        request.client_address = client_address(request)  # type: ignore[attr-defined]  # ours, on the request
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            request.user.source = request.client_address  # type: ignore[attr-defined]  # ours, on the request
        return get_response(request)

    return handle
