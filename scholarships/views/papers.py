"""What is printed of a list: payment list, signature sheet, certificates, decision."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.addresses import takes_form, takes_post
from portal.lib.language import official_language
from portal.lib.numbers import whole_number
from portal.lib.tables import WorkbookWriter, csv_lines
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import CONTENT_TYPES, name_file, send_file
from portal.views.staff import user_of
from scholarships.forms.papers import PaperForm
from scholarships.models import Batch, Paper
from scholarships.services.papers import ALLOWED, ask_for_paper, export_batch, export_paper, restart_paper, stop_paper
from scholarships.services.printing import write_payments, write_signature_book


@takes_form
@requires(Permission.VIEW_BATCH)
def batch_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """The list's papers: files to save at once, PDFs to ask for, how far they are. ?row= asks for one row's alone."""
    batch, user = _found(request, pk), user_of(request)
    number = whole_number(request.GET.get("row"))
    row = None
    if number is not None:
        row = get_object_or_404(batch.disbursements.standing().select_related("recipient"), pk=number)
    first = {"kind": Paper.Kind.CERTIFICATES} if row else None
    form = PaperForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        asked = attempt(form, ask_for_paper, batch=batch, row=row, **form.cleaned_data, actor=user)
        if asked is not None:
            messages.success(request, _("The paper is being made; it appears below."))
            return redirect("batch_papers", pk)
    papers = list(batch.papers.without_content().select_related("asked_by", "row__recipient")[:20])
    context = {
        "batch": batch,
        "row": row,
        "form": form,
        "papers": papers,
        "is_waiting": any(paper.is_being_made and not paper.is_left_behind for paper in papers),
        "may_ask": any(user.may(right, batch.unit) for right in (Permission.ENTER_BATCH, Permission.APPROVE_BATCH)),
        "open_to": {str(what) for what, states in ALLOWED.items() if batch.state in states},
        "unit_name": batch.unit.name_on(batch.half_year.last_day),
    }
    return render(request, "scholarships/batch_papers.html", context)


@require_safe
@requires(Permission.VIEW_BATCH)
def payment_list(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The list for the bank, as a workbook or CSV; the saving is in the audit."""
    batch = _found(request, pk)
    if not attempt(request, export_batch, batch=batch, what="payments", kind=kind, actor=user_of(request)):
        return redirect("batch_papers", pk)
    columns, rows = write_payments(batch)
    amount: int = batch.amount  # type: ignore[attr-defined]  # annotated
    answer: HttpResponseBase
    with official_language():
        if kind == "csv":
            answer = StreamingHttpResponse(list(csv_lines(columns, rows)))
        else:
            file = io.BytesIO()
            writer = WorkbookWriter(file)
            total = ["", "Tổng cộng", "", "", "", amount, ""]
            writer.add_table("Chuyển khoản", columns, rows, caption=batch.title, total=total, live_totals=True)
            writer.close()
            file.seek(0)
            answer = FileResponse(file)
    answer.headers["Content-Type"] = CONTENT_TYPES[kind]
    answer.headers["Cache-Control"] = "private, no-store"
    name_file(answer, f"chuyen-khoan-{batch.half.lower()}-{batch.pk}.{kind}")
    return answer


@require_safe
@requires(Permission.VIEW_BATCH)
def signature_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet in which people sign, as a workbook; the saving is in the audit."""
    batch = _found(request, pk)
    what = Paper.Kind.SIGNATURES
    if not attempt(request, export_batch, batch=batch, what=what, kind="xlsx", actor=user_of(request)):
        return redirect("batch_papers", pk)
    return _keep_private(send_file(write_signature_book(batch), f"ky-nhan-{batch.half.lower()}-{batch.pk}.xlsx"))


@require_safe
@requires(Permission.VIEW_BATCH)
def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper that is ready, as PDF; the saving is in the audit."""
    paper = _paper_of(request, pk, Permission.VIEW_BATCH)
    if not attempt(request, export_paper, paper=paper, actor=user_of(request)):
        return redirect("batch_papers", paper.batch_id)
    names = {"signatures": "ky-nhan", "certificates": "giay-chung-nhan", "decision": "quyet-dinh"}
    return _keep_private(send_file(bytes(paper.content or b""), f"{names[paper.kind]}-{paper.batch_id}.pdf"))


@takes_post("batch_list", keep=())
@requires(Permission.ENTER_BATCH, Permission.APPROVE_BATCH)
def paper_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up a paper that is being made."""
    paper = _paper_of(request, pk, Permission.VIEW_BATCH)
    if attempt(request, stop_paper, paper=paper, actor=user_of(request)):
        messages.success(request, _("The paper has been given up."))
    return redirect("batch_papers", paper.batch_id)


@takes_post("batch_list", keep=())
@requires(Permission.ENTER_BATCH, Permission.APPROVE_BATCH)
def paper_restart(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a paper made anew whose worker stopped in the middle."""
    paper, version = _paper_of(request, pk, Permission.VIEW_BATCH), shown_version(request)
    if attempt(request, restart_paper, paper=paper, version=version, actor=user_of(request)):
        messages.success(request, _("The paper is being made from the beginning; it appears below."))
    return redirect("batch_papers", paper.batch_id)


def _found(request: HttpRequest, pk: int) -> Batch:
    batch: Batch = get_object_or_404(
        Batch.objects.visible_to(user_of(request)).with_totals().select_related("unit"), pk=pk
    )
    return batch


def _paper_of(request: HttpRequest, pk: int, permission: Permission) -> Paper:
    batches = Batch.objects.within(user_of(request), permission)
    return get_object_or_404(Paper.objects.select_related("batch__unit"), pk=pk, batch__in=batches)


def _keep_private(answer: HttpResponse) -> HttpResponse:
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
