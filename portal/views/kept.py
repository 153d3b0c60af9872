"""What was typed when the session was over, once its writer has signed in again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.permissions import requires
from portal.resuming import PUT_BACK
from portal.services.kept import WAITING, take_kept_input
from portal.views.staff import user_of


@require_safe
@never_cache
@requires()
def kept_input(request: HttpRequest, pk: int) -> HttpResponse:
    """What was typed, again: sent by itself when that only saves it, else put back into its page."""
    waiting = request.session.get(WAITING, [])
    kept = take_kept_input(user_of(request), pk) if pk in waiting else None
    if kept is None:
        messages.info(request, _("What was typed before belongs to another account, or has been kept too long."))
        return redirect("work_home")
    request.session[WAITING] = [one for one in waiting if one != pk]
    if kept.saves:
        return render(request, "portal/kept_input.html", {"kept": kept})
    request.session[PUT_BACK] = {"page": kept.page, "path": kept.path, "fields": kept.fields}
    messages.warning(
        request, _("You are signed in again. Nothing has been done yet: look, and press the button again.")
    )
    if kept.had_files:
        messages.warning(request, _("A file does not outlive the session: choose it again."))
    return redirect(kept.page)
