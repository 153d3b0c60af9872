"""A form that arrives after its session is over: its text is kept, its writer signs in again, and it comes back.

What only saves is then sent by itself. Everything else is an act: it is shown again and pressed again.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal.addresses import page_of
from portal.models import KeptInput
from portal.services.kept import WAITING, keep_input, typist_of

PUT_BACK = "put_back"  # in the session: what the page that is opened next fills into its fields
_MOST_HELD = 100_000  # letters in the session
_UNKEPT = "citizen_number"  # never stored unsealed, nor kept at all
_OURS = {"csrfmiddlewaretoken", "typed_by", _UNKEPT}


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Answer a form sent without a session: to the sign-in page, and from there back to what was typed."""
    back = page_of(request)
    kept = keep_of(request)
    if kept is not None:
        back = reverse("kept_input", args=[kept.pk])
        messages.info(request, _("Your session was over. What you typed has been kept: sign in to go on with it."))
    else:
        messages.warning(
            request,
            _("Your session was over, and what you typed could not be kept. Go back in the browser to see it still."),
        )
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': back})}")


def keep_of(request: HttpRequest) -> KeptInput | None:
    """Keep what a form held for the person on whose page it stood; None when that cannot be done."""
    person = typist_of(request.POST.get("typed_by", ""))
    if person is None:
        return None
    saving = getattr(request.resolver_match.func, "saves_typing", None) if request.resolver_match else None
    left_out = _OURS | set(saving or ())
    fields = [(name, str(one)) for name, all_of in request.POST.lists() if name not in left_out for one in all_of]
    had_files = any(file.size for file in request.FILES.values())  # type: ignore[union-attr]  # uploaded files
    about: dict[str, Any] = {"path": request.get_full_path(), "page": page_of(request), "had_files": had_files}
    saves = saving is not None and not had_files and not _ask_for_unkept(request)
    kept = keep_input(actor=person, fields=fields, saves=saves, **about)
    if not isinstance(kept, KeptInput):
        return None
    request.session[WAITING] = [*request.session.get(WAITING, []), kept.pk]
    return kept


def hold_typing(request: HttpRequest) -> None:
    """Keep what a refused form held until its page is opened again, in this session alone."""
    fields = [(name, str(one)) for name, all_of in request.POST.lists() if name not in _OURS for one in all_of]
    _ask_for_unkept(request)
    if sum(len(value) for _name, value in fields) <= _MOST_HELD:
        request.session[PUT_BACK] = {"page": page_of(request), "path": request.get_full_path(), "fields": fields}


def _ask_for_unkept(request: HttpRequest) -> bool:
    """Tell whoever typed a citizen number that it is to be typed again; return whether one was typed."""
    typed = bool(request.POST.get(_UNKEPT, "").strip())
    if typed:
        messages.warning(request, _("A citizen number is not kept anywhere unsealed: type it again."))
    return typed


def put_back(request: HttpRequest) -> dict[str, Any] | None:
    """Return, once, what the page now opened fills into its fields."""
    waiting = request.session.get(PUT_BACK)
    if waiting is None or waiting["page"] != request.get_full_path():
        return None
    del request.session[PUT_BACK]
    return {"path": waiting["path"].partition("?")[0], "fields": waiting["fields"]}
