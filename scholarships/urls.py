"""Addresses of the scholarships app."""

from __future__ import annotations

from django.urls import URLPattern, path

from scholarships.views import public

urlpatterns: list[URLPattern] = [
    path("hoc-bong/", public.programme_list, name="programme_list"),
    path("hoc-bong/<int:pk>/", public.programme_detail, name="programme_detail"),
]
