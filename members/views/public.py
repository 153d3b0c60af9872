"""What the public may read about joining."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def member_join(request: HttpRequest) -> HttpResponse:
    """How to join, and whom to ask."""
    return render(request, "members/member_join.html")
