"""Small steps around every request: headers of the answer, the reader's language, where actions come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus

from csp.utils import build_policy
from django.apps import apps
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from portal import audit
from portal.addresses import page_of
from portal.permissions import SignInNeeded
from portal.resuming import ask_to_sign_in, hold_typing
from portal.services.refusals import ConflictError

Handler = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"


def first_answers(get_response: Handler) -> Handler:
    """Answer what needs neither session nor language before they are looked at: stored files, and that a page was read.

    An app names what answers for it in `first_answers`: it takes a request and returns None for all else. The headers
    are those that the other steps give every answer.
    """
    paths = [path for config in apps.get_app_configs() if (path := getattr(config, "first_answers", ""))]
    answers: list[Callable[[HttpRequest], HttpResponse | None]] = [import_string(path) for path in paths]
    headers = {
        "Content-Security-Policy": build_policy(),
        "Permissions-Policy": PERMISSIONS_POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }

    def handle(request: HttpRequest) -> HttpResponseBase:
        for answer in answers:
            response = answer(request)
            if response is not None:
                for name, value in headers.items():
                    response.headers[name] = value
                if response.status_code != HTTPStatus.NO_CONTENT:  # which has none, and says so
                    response.headers["Content-Length"] = str(len(response.content))
                return response
        return get_response(request)

    return handle


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
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response

    return handle


def plain_requests(get_response: Handler) -> Handler:
    """Refuse (400) what holds the null character, in the address or in a form: the database cannot be asked for it."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path_info:
            raise BadRequest("null character in the address")
        if request.method == "POST" and any("\0" in text for text in _texts_sent(request)):
            raise BadRequest("null character in a form")
        return get_response(request)

    return handle


def _texts_sent(request: HttpRequest) -> Iterator[str]:
    try:
        for name, values in request.POST.lists():
            yield name
            yield from (str(value) for value in values)
        yield from (file.name or "" for files in request.FILES.lists() for file in files[1])
    except UnreadablePostError as error:
        raise BadRequest("the form did not come through whole") from error


class RefusalPages:
    """What a request is refused for becomes a page of ours: 409 for a change met halfway, 405 for a wrong method."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; an empty 405 gets its page, with the way to where the button stands."""
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or getattr(response, "content", None):
            return response
        page = render(request, "405.html", {"back_url": page_of(request)}, status=HTTPStatus.METHOD_NOT_ALLOWED)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a ConflictError of a service: what has changed, and the way to the present state.

        What was sent when the session was over is kept, and its writer signs in again.
        """
        if isinstance(error, SignInNeeded):
            return ask_to_sign_in(request)
        if not isinstance(error, ConflictError):
            return None
        hold_typing(request)
        context = {"message": str(error), "changes": error.changes, "back_url": page_of(request)}
        return render(request, "409.html", context, status=HTTPStatus.CONFLICT)


REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT}


def refused_acts(get_response: Handler) -> Handler:
    """Write down what a signed-in person tried to do and was refused: which page, on which row, with which answer.

    What is refused in the form itself is written down by `attempt`.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        match = request.resolver_match
        tried = request.method == "POST" and response.status_code in REFUSED and match is not None
        if tried and settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            named = {name: str(value) for name, value in match.kwargs.items()} if match else {}
            detail = named | {"page": match.view_name if match else "", "status": response.status_code}
            audit.record_refusal(request.user, detail=detail)
        return response

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
