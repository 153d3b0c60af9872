"""Files dropped without a word: each becomes an upload of its own; what it is, it says itself."""

from __future__ import annotations

import time

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from intakes.forms import AboutForm, FilesForm
from intakes.models import Intake
from intakes.services.intakes import SENDING, move_intake, receive_file
from intakes.services.kinds import all_kinds
from intakes.services.opening import warm_up
from intakes.services.proposing import kinds_for
from portal.addresses import takes_form
from portal.permissions import requires
from portal.views.attempts import attempt
from portal.views.staff import user_of

sends_lists = requires(*SENDING)


@takes_form
@sends_lists
def intake_create(request: HttpRequest) -> HttpResponse:
    """Send up to fifteen workbooks at once, and not a word; one goes to its preview, several to their list."""
    form = FilesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = _receive(request, form, form.cleaned_data["content"])
        if len(sent) == 1 and len(form.cleaned_data["content"]) == 1:
            return redirect("intake_preview", sent[0].pk)
        if sent:
            said = ngettext("%(count)d file has arrived.", "%(count)d files have arrived.", len(sent))
            messages.success(request, said % {"count": len(sent)})
            return redirect("intake_list")
    warm_up()
    return render(request, "intakes/intake_create.html", {"form": form, "kinds": kinds_for(user_of(request))})


@require_safe
@sends_lists
def intake_list(request: HttpRequest) -> HttpResponse:
    """The person's own files that are not in any list yet, with what each is and how far it is."""
    return render(request, "intakes/intake_list.html", {"unfinished": Intake.objects.own_unfinished(user_of(request))})


@takes_form
@sends_lists
def intake_about(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what a file is, where it was read wrongly."""
    person = user_of(request)
    found = Intake.objects.sent_by(person, {kind.code: kind.permission for kind in all_kinds().values()})
    intake = get_object_or_404(found.unfinished().select_related("unit").defer("content", "cells"), pk=pk)
    form = AboutForm(request.POST or None, intake=intake, kinds=kinds_for(person), user=person)
    done: Intake | None = None
    if request.method == "POST" and form.is_valid():
        done = attempt(form, move_intake, intake=intake, actor=person, **form.cleaned_data)
    if done is not None:
        messages.success(request, _("The file has been read again as what you said."))
        return redirect("intake_preview", pk)
    return render(request, "intakes/intake_about.html", {"intake": intake, "form": form})


def _receive(request: HttpRequest, form: FilesForm, files: list[UploadedFile]) -> list[Intake]:
    """Keep the files; after some seconds the worker reads those that are left. Names each that was refused."""
    began, sent = time.monotonic(), []
    for file in files:
        waits = time.monotonic() - began < settings.UPLOADS_PATIENCE
        where = form if len(files) == 1 else request
        values = {"file_name": file.name or "", "content": file.read(), "waits": waits}
        intake = attempt(where, receive_file, actor=user_of(request), **values)
        if intake is not None:
            sent.append(intake)
        elif len(files) > 1:
            messages.error(request, _("“%(name)s” was not taken.") % {"name": file.name})
    return sent
