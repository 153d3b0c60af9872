"""The pages of a list's papers: signature sheets, certificates, the decision. In Vietnamese, whoever asks for them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature, Verification
from portal.lib.pdf import render_pdf_in_parts
from portal.lib.tables import Column, Sums, Table, WorkbookWriter
from portal.lib.vietnamese import fold, format_int, format_money, money_in_words, short_date
from portal.models import SiteProfile
from portal.vocabulary import ProgrammeKind
from scholarships.models import Batch, Disbursement, Paper

GoOn = Callable[[int], bool]
ROWS_A_PAGE = 18  # of a sheet in which people sign
PAGES_A_PART = 10
CERTIFICATES_A_PART = 25


def class_and_school(row: Disbursement) -> str:
    """Return class and school on one line."""
    return ", ".join(part for part in (row.school_class, row.school) if part)


def transfer_text(row: Disbursement) -> str:
    """Return what stands in the bank's transfer: what it is and for whom, in letters that every bank takes."""
    return plain_letters(f"{ProgrammeKind(row.programme.kind).written} {row.recipient.full_name}")


def plain_letters(text: str) -> str:
    """Return a text without accents, đ as d, in capitals."""
    return fold(text).upper()


_PERSON = (
    Column("number", _("No."), "int"),
    Column("name", _("Full name"), value=lambda row: row.recipient.full_name),
    Column("birth", _("Born"), "code", value=lambda row: row.recipient.birth_text),
    Column("where", _("Class, school"), value=class_and_school),
    Column("amount", _("Amount (đồng)"), "money", summed=True),
)
SIGNATURE_COLUMNS = (*_PERSON, Column("sign", _("Signature"), value=lambda row: ""))
PAYMENT_COLUMNS = (
    *_PERSON[:3],
    Column("account", _("Account number"), "code", value=lambda row: ""),
    Column("bank", _("Bank"), value=lambda row: ""),
    _PERSON[4],
    Column("content", _("Transfer text"), value=transfer_text),
)
_WIDTHS = {"number": 6, "name": 26, "birth": 12, "where": 22, "amount": 15, "sign": 20}


def rows_to_print(batch: Batch) -> QuerySet[Disbursement]:
    """Return the standing rows in the Vietnamese order of names."""
    rows = batch.disbursements.standing().select_related("recipient", "programme")
    return rows.order_by("recipient__sort_key", "id")


def number_rows(rows: Iterable[Disbursement]) -> Iterator[Disbursement]:
    """Yield the rows with their numbers."""
    for number, row in enumerate(rows, start=1):
        row.number = number  # type: ignore[attr-defined]  # the column of this name shows it
        yield row


def write_payments(batch: Batch) -> tuple[tuple[Column, ...], Iterator[Disbursement]]:
    """Return columns and rows of the list for the bank; accounts are filled in by the unit, the portal keeps none."""
    return PAYMENT_COLUMNS, number_rows(rows_to_print(batch).iterator(chunk_size=500))


def write_signature_book(batch: Batch) -> bytes:
    """Return the signature sheet as a workbook: a header, the page's sum and the sum so far on every printed page."""
    file = io.BytesIO()
    with official_language():
        writer = WorkbookWriter(file)
        pages = _in_parts(number_rows(rows_to_print(batch).iterator(chunk_size=500)), ROWS_A_PAGE)
        words = Sums("Cộng trang này", "Cộng dồn", _WIDTHS)
        writer.add_pages("Ký nhận", SIGNATURE_COLUMNS, pages, caption=title_of_sheet(batch), words=words)
        writer.close()
    return file.getvalue()


def print_signatures(paper: Paper, go_on: GoOn) -> bytes | None:
    """Return the signature sheet as PDF; None when it is given up meanwhile."""
    batch = paper.batch

    def parts() -> Iterator[str]:
        so_far = 0
        pages = _in_parts(number_rows(rows_to_print(batch).iterator(chunk_size=500)), ROWS_A_PAGE)
        numbered = enumerate(pages, start=1)
        count = -(-paper.total // ROWS_A_PAGE)
        while group := list(islice(numbered, PAGES_A_PART)):
            sheets = []
            for number, rows in group:
                amount = sum(row.amount for row in rows)
                so_far += amount
                cells = [[column.text(column.of(row)) for column in SIGNATURE_COLUMNS] for row in rows]
                sheets.append({"number": number, "rows": cells, "amount": amount, "so_far": so_far})
            columns = [str(column.label) for column in SIGNATURE_COLUMNS]
            context = {"sheets": sheets, "columns": columns, "count": count, "batch": batch, **_about(batch)}
            yield _render("scholarships/signatures_document.html", context | {"title": title_of_sheet(batch)})

    return _print(parts(), title_of_sheet(batch), lambda part: go_on(part * PAGES_A_PART * ROWS_A_PAGE))


def print_certificates(paper: Paper, go_on: GoOn) -> bytes | None:
    """Return the certificates as one PDF, a page each; None when it is given up meanwhile."""
    batch, site = paper.batch, SiteProfile.objects.first() or SiteProfile()
    rows = (
        rows_to_print(batch).filter(certificate__isnull=False).select_related("certificate", "recipient", "programme")
    )
    rows = rows.filter(pk=paper.row_id) if paper.row_id else rows

    def parts() -> Iterator[str]:
        for group in _in_parts(rows.iterator(chunk_size=500), CERTIFICATES_A_PART):
            papers = [_certificate(row, batch) for row in group]
            yield _render("scholarships/certificates_document.html", {"papers": papers, "site": site, "title": title})

    title = f"Giấy chứng nhận – {batch.title}"
    return _print(parts(), title, lambda part: go_on(part * CERTIFICATES_A_PART))


def print_decision(paper: Paper, go_on: GoOn) -> bytes | None:
    """Return the decision with the list as its annex, in the official layout (Nghị định 30/2020/NĐ-CP)."""
    batch, site = paper.batch, SiteProfile.objects.first() or SiteProfile()
    kinds = (
        batch.disbursements.standing().values_list("programme__name", flat=True).order_by("programme__name").distinct()
    )
    amount = sum(row["amount"] for row in batch.disbursements.sums_by_kind())
    head = Head(
        superior=site.parent_body, issuer=site.issuing_body, symbol="QĐ-HKH", number=paper.number,
        place=site.document_place, date=paper.decided_on, kind="Quyết định",
        subject=f"Về việc trao {', '.join(kinds)} {batch.half_year.label}",
    )  # fmt: skip
    authority = tuple(line for line in (site.signature_authority, site.signature_title) if line)
    columns = (*_PERSON[:4], Column("programme", _("Programme"), value=lambda row: row.programme.name), _PERSON[4])
    rows = Table(columns, number_rows(rows_to_print(batch)), total_label="Tổng cộng", row_header="name")
    facts = {
        "head": head, "closing": Closing(Signature(authority, site.signature_name), ("Như Điều 3;", "Lưu: VT.")),
        "table": rows, "turns": format_int(paper.total), "amount": format_money(amount),
        "words": money_in_words(amount), "title": head.subject, **_about(batch),
    }  # fmt: skip
    with official_language():
        html = _render("scholarships/decision_document.html", facts)
    return _print([html], head.subject, lambda _part: go_on(paper.total))


def title_of_sheet(batch: Batch) -> str:
    """Return what stands above the sheet in which people sign."""
    return f"Danh sách ký nhận – {batch.title}"


def _certificate(row: Disbursement, batch: Batch) -> dict[str, Any]:
    given = row.certificate
    url = f"{settings.SITE_URL}{reverse('report_verify', args=[given.code])}"
    return {
        "row": row, "given": given, "verification": Verification(given.code, url),
        "where": class_and_school(row), "amount": format_money(row.amount), "words": money_in_words(row.amount),
        "unit_name": batch.unit.name_on(given.decided_on), "half": batch.half_year.label,
        "decided_on": short_date(given.decided_on),
    }  # fmt: skip


def _about(batch: Batch) -> dict[str, str]:
    return {"unit_name": batch.unit.name_on(batch.half_year.last_day), "half": batch.half_year.label}


def _render(template: str, context: dict[str, Any]) -> str:
    with official_language():
        return render_to_string(template, {"lang": "vi", **context})


def _print(parts: Iterable[str], title: str, go_on: GoOn) -> bytes | None:
    return render_pdf_in_parts(parts, title=title, base_url=settings.SITE_URL, go_on=go_on)


def _in_parts(rows: Iterator[Disbursement], size: int) -> Iterator[Sequence[Disbursement]]:
    while part := list(islice(rows, size)):
        yield part
