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
]
