"""Who sits at the screen: before an act of consequence the password, or the second factor, is asked again."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Concatenate, ParamSpec

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.views.staff import user_of

P = ParamSpec("P")


def asks_password(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Let a POST through only within 15 minutes of an answer; what was sent is kept and goes on after it."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and not answered_lately(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    guarded.asks_password = True  # type: ignore[attr-defined]  # read by the tests
    return guarded


def answered_lately(request: HttpRequest) -> bool:
    """Whether the person has given the password (or, where the account has one, the second factor) again lately."""
    user = user_of(request)
    wanted = "mfa" if is_mfa_enabled(user) else "password"
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        one["method"] == wanted and one.get("reauthenticated") and one["at"] >= since
        for one in get_authentication_records(request, user)
    )
