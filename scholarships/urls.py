"""Addresses of the scholarships app."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from scholarships.views import (
    allotments,
    batches,
    donations,
    files,
    funds,
    papers,
    programmes,
    public,
    receipts,
    review,
    rows,
    steps,
)

urlpatterns: list[URLPattern] = [
    path("hoc-bong/", public.programme_list, name="programme_list"),
    path("hoc-bong/<int:pk>/", public.programme_detail, name="programme_detail"),
    path("hoc-bong/<int:pk>/vietqr.png", public.programme_qr, name="programme_qr"),
    path("hoc-bong/<int:pk>/to-in.pdf", public.programme_poster, name="programme_poster"),
    path("hoc-bong/quy/<int:pk>/", public.fund_public, name="fund_public"),
    path("hoc-bong/quy/<int:pk>/vietqr.png", public.fund_qr, name="fund_qr"),
    path("hoc-bong/quy/<int:pk>/to-in.pdf", public.fund_poster, name="fund_poster"),
    # lists
    path("lam-viec/hoc-bong/danh-sach/", batches.batch_list, name="batch_list"),
    path("lam-viec/hoc-bong/danh-sach/them/", batches.batch_create, name="batch_create"),
    path("lam-viec/hoc-bong/danh-sach/mau.xlsx", batches.batch_form, name="batch_form"),
    path("lam-viec/hoc-bong/danh-sach/so-tien/", rows.amount_echo, name="amount_echo"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/", batches.batch_detail, name="batch_detail"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/nhap/", rows.batch_entry, name="batch_entry"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/dong/<int:row>/sua/", rows.row_update, name="row_update"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/dong/<int:row>/bo/", rows.row_remove, name="row_remove"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/dong/<int:row>/lay-lai/", rows.row_restore, name="row_restore"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/dong/<int:row>/thu-hoi/", steps.row_reverse, name="row_reverse"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/thay/", files.batch_correct, name="batch_correct"),
    path(
        "lam-viec/hoc-bong/danh-sach/<int:pk>/thay/<int:intake>/", files.batch_correct_with, name="batch_correct_with"
    ),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/bien-nhan/", receipts.batch_receipt, name="batch_receipt"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/bien-nhan.png", receipts.batch_receipt_png, name="batch_receipt_png"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/gui/", steps.batch_submit, name="batch_submit"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/lay-lai/", steps.batch_take_back, name="batch_take_back"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/tep/<int:file>/lay-ra/", files.file_undo, name="file_undo"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/tep/<int:file>/bo-dong/", files.file_leave, name="file_leave"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/rut/", steps.batch_withdraw, name="batch_withdraw"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/tra-lai/", steps.batch_return, name="batch_return"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/duyet/", review.batch_approve, name="batch_approve"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/ghi-chu/", review.batch_remark, name="batch_remark"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/chi/", steps.batch_pay, name="batch_pay"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/dao/", steps.batch_reverse, name="batch_reverse"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/giay-to/", papers.batch_papers, name="batch_papers"),
    path("lam-viec/hoc-bong/danh-sach/<int:pk>/ky-nhan.xlsx", papers.signature_sheet, name="signature_sheet"),
    re_path(
        r"^lam-viec/hoc-bong/danh-sach/(?P<pk>[0-9]{1,18})/chuyen-khoan[.](?P<kind>xlsx|csv)$",
        papers.payment_list,
        name="payment_list",
    ),
    path("lam-viec/hoc-bong/giay-to/<int:pk>.pdf", papers.paper_file, name="paper_file"),
    path("lam-viec/hoc-bong/giay-to/<int:pk>/dung/", papers.paper_stop, name="paper_stop"),
    path("lam-viec/hoc-bong/cho-duyet/", batches.batch_queue, name="batch_queue"),
    # funds and programmes
    path("lam-viec/hoc-bong/quy/", funds.fund_list, name="fund_list"),
    path("lam-viec/hoc-bong/quy/them/", funds.fund_create, name="fund_create"),
    path("lam-viec/hoc-bong/quy/<int:pk>/", funds.fund_detail, name="fund_detail"),
    path("lam-viec/hoc-bong/quy/<int:pk>/sua/", funds.fund_update, name="fund_update"),
    path("lam-viec/hoc-bong/han-muc/", allotments.allotment_list, name="allotment_list"),
    path("lam-viec/hoc-bong/han-muc/them/", allotments.allotment_create, name="allotment_create"),
    path("lam-viec/hoc-bong/han-muc/<int:pk>/sua/", allotments.allotment_update, name="allotment_update"),
    path("lam-viec/hoc-bong/quy/<int:pk>/ban-giao/", funds.hand_over_create, name="hand_over_create"),
    path("lam-viec/hoc-bong/quy/<int:pk>/ung-ho/", donations.donation_create, name="donation_create"),
    path("lam-viec/hoc-bong/ung-ho/", donations.donation_list, name="donation_list"),
    path("lam-viec/hoc-bong/ung-ho/<int:pk>/phieu-thu.pdf", donations.donation_receipt, name="donation_receipt"),
    path("lam-viec/hoc-bong/ung-ho/<int:pk>/khong-neu-ten/", donations.donation_unname, name="donation_unname"),
    path("lam-viec/hoc-bong/ung-ho/<int:pk>/huy/", donations.donation_reverse, name="donation_reverse"),
    path("lam-viec/hoc-bong/chuong-trinh/", programmes.programme_manage, name="programme_manage"),
    path("lam-viec/hoc-bong/chuong-trinh/them/", programmes.programme_create, name="programme_create"),
    path("lam-viec/hoc-bong/chuong-trinh/<int:pk>/sua/", programmes.programme_update, name="programme_update"),
]
