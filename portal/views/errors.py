"""Refusals as pages: what happened and what to do next."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from portal.resuming import ask_to_sign_in, keep_of
from portal.services.kept import typist_of


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent from a page that had grown too old, or from another site: 403 with what to do.

    One of our own pages whose writer has signed in anew since is no stranger: what it held comes back.
    """
    origin = request.headers.get("Origin", "")
    if request.COOKIES and origin == f"{request.scheme}://{request.get_host()}":
        if request.resolver_match and request.resolver_match.view_name == "account_login":
            return _send_on_from_sign_in(request)
        if request.path.startswith("/lam-viec/") and request.method == "POST":
            person = typist_of(request.POST.get("typed_by", ""))
            if person is not None and not request.user.is_authenticated:
                return ask_to_sign_in(request)
            if person is not None and person == request.user and (kept := keep_of(request)):
                return redirect("kept_input", kept.pk)
    return render(request, "403.html", {"csrf_failed": True}, status=403)


def conflict(request: HttpRequest, message: str, **context: object) -> HttpResponse:
    """409: somebody changed it in the meantime. `context` may hold `back_url`, `back_label`."""
    return render(request, "409.html", {"message": message, **context}, status=409)


def gone(request: HttpRequest, **context: object) -> HttpResponse:
    """410: withdrawn, with `reason`, `withdrawn_at` and perhaps `replacement` (url, title)."""
    return render(request, "410.html", context, status=410)


def _send_on_from_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page had grown old: whoever has signed in since, in another tab, goes on; others sign in anew."""
    onward = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}):
        onward = reverse("work_home")
    if request.user.is_authenticated:
        return redirect(onward)
    return redirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")
