"""Programmes, for those who keep them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import saves_typing, takes_form
from portal.forms.fields import tell_rest
from portal.models import ProposedChange, Unit
from portal.permissions import Permission, requires
from portal.services.proposals import said_after
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of
from scholarships.forms.programmes import ProgrammeForm, ProgrammeUpdateForm
from scholarships.models import Fund, Programme
from scholarships.services import programmes
from scholarships.tables import ProgrammeTable

manages_programmes = requires(Permission.MANAGE_PROGRAMME)


@require_safe
@manages_programmes
def programme_manage(request: HttpRequest) -> HttpResponseBase:
    """The programmes of the person's units, those in use first."""
    rows = Programme.objects.visible_to(user_of(request)).with_unit_name().select_related("fund")
    return show_list(request, ProgrammeTable(request, rows), "scholarships/programme_manage.html")


@takes_form
@saves_typing()
@manages_programmes
def programme_create(request: HttpRequest) -> HttpResponse:
    """Set up a programme."""
    units = Unit.objects.covered_by(user_of(request), Permission.MANAGE_PROGRAMME)
    funds = Fund.objects.within(user_of(request), Permission.MANAGE_PROGRAMME)
    form = ProgrammeForm(request.POST or None, units=units, funds=funds)
    sent = request.method == "POST" and form.is_valid()
    if sent and (programme := attempt(form, programmes.create_programme, actor=user_of(request), **form.cleaned_data)):
        messages.success(
            request,
            _("The programme “%(name)s” is ready; lists may name it from now on.") % {"name": programme.name}
            if programme.is_active
            else _("The programme “%(name)s” has been set up.") % {"name": programme.name},
        )
        _say_what_waits(request, programme)
        _say_rest(request, programme)
        return redirect("programme_manage")
    return render(request, "scholarships/programme_create.html", {"form": form})


@takes_form
@saves_typing()
@manages_programmes
def programme_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme; what was given under it stays as it is."""
    programme = get_object_or_404(Programme.objects.visible_to(user_of(request)), pk=pk)
    funds = Fund.objects.within(user_of(request), Permission.MANAGE_PROGRAMME)
    form = ProgrammeUpdateForm(request.POST or None, instance=programme, funds=funds)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, programmes.update_programme, programme=programme, **values):
            if not _say_what_waits(request, programme):
                messages.success(request, _("Saved."))
            _say_rest(request, programme)
            return redirect("programme_manage")
    return render(
        request, "scholarships/programme_update.html", {"form": form, "programme": Programme.objects.get(pk=pk)}
    )


def _say_rest(request: HttpRequest, programme: Programme) -> None:
    """Say that the last day of a programme is one on which nobody works."""
    if said := tell_rest(programme.closes_on):
        messages.warning(request, said)


def _say_what_waits(request: HttpRequest, programme: Programme) -> bool:
    """Say what of a change waits for a second person; whether anything does."""
    own = ProposedChange.objects.on(programme).waiting().filter(proposed_by=user_of(request))
    for change in own:
        messages.success(request, f"{change.title}: {said_after(change)}")
    return bool(own)
