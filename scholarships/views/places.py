"""“The association where I live”: an old or new name of a place, the unit of today, whom to ask, what is open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.services.places import ancestors_of, find_places
from scholarships.models import Programme


@require_safe
def place_find(request: HttpRequest) -> HttpResponse:
    """Find the unit that looks after a ward, a commune or a former district."""
    query, day = request.GET.get("q", "").strip()[:80], timezone.localdate()
    places = find_places(query, day) if query else []
    units = [unit for place in places for unit in place.today]
    above = ancestors_of(units, day)
    programmes = Programme.objects.open_on(day).filter(is_active=True).order_by("closes_on", "name")
    open_at = {pk: [one for one in programmes if one.unit_id in path] for pk, path in above.items()}
    return render(request, "scholarships/place_find.html", {"query": query, "places": places, "open_at": open_at})
