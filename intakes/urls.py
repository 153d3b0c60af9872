"""Addresses of the intakes app: one set for every kind of list."""

from __future__ import annotations

from django.urls import URLPattern, path

from intakes.views import intakes, uploads

urlpatterns: list[URLPattern] = [
    path("lam-viec/tep/", uploads.intake_list, name="intake_list"),
    path("lam-viec/tep/them/", uploads.intake_create, name="intake_create"),
    path("lam-viec/tep/<int:pk>/la-gi/", uploads.intake_about, name="intake_about"),
    path("lam-viec/tep/<int:pk>/", intakes.intake_preview, name="intake_preview"),
    path("lam-viec/tep/<int:pk>/nhan/", intakes.intake_commit, name="intake_commit"),
    path("lam-viec/tep/<int:pk>/bo/", intakes.intake_discard, name="intake_discard"),
    path("lam-viec/tep/<int:pk>/dong-can-sua.xlsx", intakes.intake_errors, name="intake_errors"),
]
