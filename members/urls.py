"""Addresses of the members app."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.views import assigning, cards, criteria, joining, moves, numbers, people, personal, titles, twins, uploads

urlpatterns: list[URLPattern] = [
    path("gia-nhap/", joining.member_join, name="member_join"),
    path("gia-nhap/gui-don/", joining.application_create, name="application_create"),
    path("gia-nhap/don/", joining.application_check, name="application_check"),
    path("gia-nhap/don/<slug:code>/", joining.application_status, name="application_status"),
    path("lam-viec/hoi-vien/don/", joining.application_list, name="application_list"),
    path("lam-viec/hoi-vien/don/<int:pk>/", joining.application_approve, name="application_approve"),
    path("lam-viec/hoi-vien/don/<int:pk>/khong-nhan/", joining.application_refuse, name="application_refuse"),
    path("lam-viec/hoi-vien/don/<int:pk>/xet-lai/", joining.application_reconsider, name="application_reconsider"),
    path("lam-viec/hoi-vien/<int:pk>/du-lieu.json", personal.member_data, name="member_data"),
    path("lam-viec/hoi-vien/<int:pk>/rut-dong-y/", personal.member_unconsent, name="member_unconsent"),
    path("lam-viec/hoi-vien/<int:pk>/xoa/", personal.member_erase, name="member_erase"),
    path("lam-viec/hoi-vien/", people.member_list, name="member_list"),
    path("lam-viec/hoi-vien/the/", cards.card_sheet, name="card_sheet"),
    path("lam-viec/hoi-vien/<int:pk>/the.pdf", cards.card_print, name="card_print"),
    path("lam-viec/hoi-vien/<int:pk>/mat-the/", cards.card_end, name="card_end"),
    path("lam-viec/hoi-vien/them/", people.member_create, name="member_create"),
    path("lam-viec/hoi-vien/<int:pk>/", people.member_detail, name="member_detail"),
    path("lam-viec/hoi-vien/<int:pk>/sua/", people.member_update, name="member_update"),
    path("lam-viec/hoi-vien/tim-so-dinh-danh/", numbers.number_find, name="number_find"),
    path("lam-viec/hoi-vien/<int:pk>/so-dinh-danh/", numbers.number_reveal, name="number_reveal"),
    path("lam-viec/hoi-vien/trung/", twins.member_duplicates, name="member_duplicates"),
    path("lam-viec/hoi-vien/<int:pk>/so-sanh/<int:other>/", twins.member_compare, name="member_compare"),
    path("lam-viec/hoi-vien/<int:pk>/tach/<int:join>/", twins.member_unjoin, name="member_unjoin"),
    path("lam-viec/hoi-vien/<int:pk>/chuyen/", moves.member_transfer, name="member_transfer"),
    path("lam-viec/hoi-vien/<int:pk>/chuyen/rut-lai/", moves.member_untransfer, name="member_untransfer"),
    path("lam-viec/hoi-vien/<int:pk>/thoi-sinh-hoat/", moves.member_leave, name="member_leave"),
    path("lam-viec/hoi-vien/<int:pk>/tro-lai/", moves.member_return, name="member_return"),
    path("lam-viec/hoi-vien/<int:pk>/chuc-vu/", moves.position_create, name="position_create"),
    path("lam-viec/hoi-vien/chuc-vu/<int:pk>/", moves.position_end, name="position_end"),
    path("lam-viec/hoi-vien/phan-ve/<code:code>/", assigning.member_assign, name="member_assign"),
    # learning titles
    path("lam-viec/danh-hieu/", titles.title_list, name="title_list"),
    path("lam-viec/danh-hieu/dang-ky/", titles.title_create, name="title_create"),
    path("lam-viec/danh-hieu/<int:pk>/", titles.title_detail, name="title_detail"),
    path("lam-viec/danh-hieu/<int:pk>/giay.pdf", cards.title_certificate, name="title_certificate"),
    path("lam-viec/danh-hieu/<int:pk>/quyet-dinh/", cards.title_decision, name="title_decision"),
    path("lam-viec/danh-hieu/<int:pk>/xoa/", personal.title_erase, name="title_erase"),
    path("lam-viec/danh-hieu/<int:pk>/sua/", titles.title_update, name="title_update"),
    path("lam-viec/danh-hieu/buoc/<slug:slug>/", titles.title_step, name="title_step"),
    path("lam-viec/danh-hieu/tieu-chi/", criteria.criteria_list, name="criteria_list"),
    path("lam-viec/danh-hieu/tieu-chi/them/", criteria.criteria_create, name="criteria_create"),
    path("lam-viec/danh-hieu/tieu-chi/<int:number>/", criteria.criteria_update, name="criteria_update"),
    # a workbook on its way in
    path("lam-viec/hoi-vien/tep/", uploads.member_upload, name="member_upload"),
    path("lam-viec/hoi-vien/tep/mau.xlsx", uploads.member_form, name="member_form"),
    path("lam-viec/danh-hieu/tep/", uploads.title_upload, name="title_upload"),
    path("lam-viec/danh-hieu/tep/mau.xlsx", uploads.title_form, name="title_form"),
]
