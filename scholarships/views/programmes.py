"""Programmes, for those who keep them."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form
from portal.models import Unit
from portal.models.unit import unit_scope
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.staff import names_of, user_of
from scholarships.forms.programmes import ProgrammeForm, ProgrammeUpdateForm
from scholarships.models import Fund, Programme
from scholarships.services import programmes

manages_programmes = requires(Permission.MANAGE_PROGRAMME)


@require_safe
@manages_programmes
def programme_manage(request: HttpRequest) -> HttpResponse:
    """Show the programmes of the person's units, those in use first."""
    scope = unit_scope(user_of(request), Permission.MANAGE_PROGRAMME)
    rows = (
        Programme.objects.filter(unit_id__in=scope)
        .select_related("fund", "unit")
        .order_by("-is_active", "kind", "name")
    )
    page = Paginator(rows, settings.PAGE_SIZE).get_page(request.GET.get("page"))
    names = names_of(programme.unit_id for programme in page)
    return render(
        request, "scholarships/programme_manage.html", {"page": page, "names": names, "today": timezone.localdate()}
    )


@takes_form
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
            _("The programme “%(name)s” is ready; lists may name it from now on.") % {"name": programme.name},
        )
        return redirect("programme_manage")
    suggestions = units.in_force(timezone.localdate()).named_on(timezone.localdate())[:300]
    return render(request, "scholarships/programme_create.html", {"form": form, "suggestions": suggestions})


@takes_form
@manages_programmes
def programme_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a programme; what was given under it stays as it is."""
    scope = unit_scope(user_of(request), Permission.MANAGE_PROGRAMME)
    programme = get_object_or_404(Programme.objects.filter(unit_id__in=scope), pk=pk)
    funds = Fund.objects.within(user_of(request), Permission.MANAGE_PROGRAMME)
    form = ProgrammeUpdateForm(request.POST or None, instance=programme, funds=funds)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": user_of(request)}
        if attempt(form, programmes.update_programme, programme=programme, **values):
            messages.success(request, _("Saved."))
            return redirect("programme_manage")
    return render(
        request, "scholarships/programme_update.html", {"form": form, "programme": Programme.objects.get(pk=pk)}
    )
