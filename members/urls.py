"""Addresses of the members app."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.views import people, public, uploads

urlpatterns: list[URLPattern] = [
    path("gia-nhap/", public.member_join, name="member_join"),
    path("lam-viec/hoi-vien/", people.member_list, name="member_list"),
    path("lam-viec/hoi-vien/them/", people.member_create, name="member_create"),
    path("lam-viec/hoi-vien/<int:pk>/", people.member_detail, name="member_detail"),
    path("lam-viec/hoi-vien/<int:pk>/sua/", people.member_update, name="member_update"),
    # a workbook on its way in
    path("lam-viec/hoi-vien/tep/", uploads.member_upload, name="member_upload"),
    path("lam-viec/hoi-vien/tep/mau.xlsx", uploads.member_form, name="member_form"),
    path("lam-viec/hoi-vien/tep/<int:pk>/", uploads.member_preview, name="member_preview"),
    path("lam-viec/hoi-vien/tep/<int:pk>/nhan/", uploads.member_commit, name="member_commit"),
    path("lam-viec/hoi-vien/tep/<int:pk>/bo/", uploads.member_discard, name="member_discard"),
    path("lam-viec/hoi-vien/tep/<int:pk>/dong-can-sua.xlsx", uploads.member_errors, name="member_errors"),
]
