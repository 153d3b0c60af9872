"""Addresses of the members app."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.views import public

urlpatterns: list[URLPattern] = [
    path("gia-nhap/", public.member_join, name="member_join"),
]
