"""The association's facts, and the audit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import saves_typing, takes_form
from portal.forms.site import FanpageFormSet, SiteForm
from portal.models import AuditEntry, Fanpage, SiteProfile
from portal.models.unit import unit_name
from portal.permissions import ROOT, Permission, requires
from portal.services.site import update_site
from portal.tables import AuditTable
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.views.staff import user_of


@takes_form
@saves_typing()
@requires(Permission.MANAGE_SITE, on=ROOT)
def site_update(request: HttpRequest) -> HttpResponse:
    """Name, address, logo, fanpages, head and signature of documents, legal citations."""
    profile = SiteProfile.objects.first() or SiteProfile()
    form = SiteForm(request.POST or None, request.FILES or None, instance=profile)
    pages = FanpageFormSet(request.POST or None, queryset=Fanpage.objects.all(), prefix="fanpages")
    looks = "look" in request.POST and form.is_valid()  # head and signature as they would stand in documents
    if request.method == "POST" and not looks and form.is_valid() and pages.is_valid():
        kept = [row for row in pages.cleaned_data if row.get("url") and not row.get("DELETE")]
        fresh = [{name: row[name] for name in ("name", "owner", "url")} for row in kept]
        values = {"values": form.cleaned_data, "pages": fresh, "version": shown_version(request)}
        if attempt(form, update_site, actor=user_of(request), **values):
            messages.success(request, _("Saved."))
            return redirect("site_update")
    context = {"form": form, "pages": pages, "profile": profile, "paper": form.cleaned_data if looks else None,
               "today": timezone.localdate()}  # fmt: skip
    return render(request, "portal/site_update.html", context)


@require_safe
@requires(Permission.VIEW_AUDIT)
def audit_list(request: HttpRequest) -> HttpResponseBase:
    """Who did what, newest first, on the units that the person may audit (and what belongs to no unit)."""
    entries = (
        AuditEntry.objects.auditable_by(user_of(request))
        .select_related("actor", "unit")
        .annotate(unit_name=unit_name("unit"))
    )
    return show_list(request, AuditTable(request, entries), "portal/audit_list.html")
