"""How a page is asked for: which methods it takes, and where the page is to which an answer to a POST belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponseBase
from django.urls import register_converter, reverse
from django.urls.converters import StringConverter
from django.views.decorators.http import require_http_methods, require_POST

from portal.lib import identifiers


class UnitCode(StringConverter):
    """A unit's code in an address, also written small; a form takes no other (`portal.lib.identifiers`)."""

    regex = identifiers.UNIT_CODE_WRITTEN


register_converter(UnitCode, "code")

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)

takes_form = require_http_methods(["GET", "HEAD", "POST"])


def saves_typing(*without: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say of a view that its form only saves what was typed, so that it may be sent again after signing in again.

    `without` names buttons that would do more, as sending; they are left away then.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        view.saves_typing = without  # type: ignore[attr-defined]  # read by `portal.resuming`
        return view

    return decorate


def takes_post(page: str, *, keep: tuple[str, ...] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view take a POST alone; its button stands on the page `page`.

    `keep` names the parts of the address that the page needs (all of them when it is not given). Whoever asks for the
    address itself, by a reload or a link, is answered 405 with the way to that page.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        guarded: Callable[P, R] = require_POST(view)
        guarded.form_page = (page, keep)  # type: ignore[attr-defined]  # read by `page_of` and by the access matrix
        return guarded

    return decorate


def page_of(request: HttpRequest) -> str:
    """Return the address that shows this page when it is asked for by GET: the present one, or the button's page."""
    match = request.resolver_match
    page = getattr(match.func, "form_page", None) if match else None
    if match is None or page is None:
        return request.get_full_path()
    name, keep = page
    kwargs = match.kwargs if keep is None else {key: match.kwargs[key] for key in keep}
    return reverse(name, kwargs=kwargs)
