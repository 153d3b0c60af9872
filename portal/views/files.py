"""Files that the worker makes for the person: the page that waits for one, the file itself, one more try, giving up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_post
from portal.models import AskedFile
from portal.permissions import requires
from portal.services import background
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import CONTENT_TYPES, name_file
from portal.views.staff import user_of

_MOST_OTHERS = 5


@require_safe
@requires()
def file_wait(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is, or that it is ready; below it the person's other ones."""
    file = _own_file(request, pk)
    others = AskedFile.objects.of(user_of(request)).filter(gone_at__isnull=True).exclude(pk=pk)[:_MOST_OTHERS]
    context = {"file": file, "others": others, "may_ask": bool(file.content_of)}
    return render(request, "portal/file_wait.html", context)


@require_safe
@requires()
def file_save(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file, in parts; the saving is in the audit. Whoever lost a right on what it holds gets none of it."""
    file, user = _own_file(request, pk), user_of(request)
    if not attempt(request, background.hand_out_file, file=file, actor=user):
        if file.is_ready:  # then for want of a right
            attempt(request, background.give_up_file, file=file, actor=user)
        return redirect("file_wait", pk)
    answer = StreamingHttpResponse(background.read_parts(file))
    answer.headers["Content-Type"] = CONTENT_TYPES[file.file_name.rpartition(".")[2]]
    answer.headers["Cache-Control"] = "private, no-store"
    name_file(answer, file.file_name)
    return answer


@takes_post("file_wait")
@requires()
def file_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file made once more."""
    attempt(
        request, background.ask_again, file=_own_file(request, pk), version=shown_version(request),
        actor=user_of(request),
    )  # fmt: skip
    return redirect("file_wait", pk)


@takes_post("file_wait")
@requires()
def file_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a file up, or erase it when it has been saved."""
    if attempt(request, background.give_up_file, file=_own_file(request, pk), actor=user_of(request)):
        messages.success(request, _("The file has been erased."))
    return redirect("file_wait", pk)


def _own_file(request: HttpRequest, pk: int) -> AskedFile:
    return get_object_or_404(AskedFile.objects.of(user_of(request)), pk=pk)
