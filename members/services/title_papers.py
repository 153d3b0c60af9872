"""Papers of recognised titles: certificates, one or those of a decision, and the decision with its list."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.models import LearningTitle, LearningTitleQuerySet, TitleCertificate
from portal import audit
from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature, Verification
from portal.lib.pdf import render_pdf, render_pdf_in_parts
from portal.lib.qr import new_code
from portal.lib.tables import Column, Table
from portal.lib.vietnamese import format_int, short_date
from portal.models import AskedFile, SiteProfile, Unit, User
from portal.permissions import Permission
from portal.services.background import FileMaker, SayFar, ask_for_file
from portal.services.refusals import needs
from portal.vocabulary import AskedFileKind, LearningModel, TitleState

PRINTS_TITLES = (Permission.MANAGE_MEMBERS, Permission.RECOGNISE_TITLE)
#: Certificates printed at once, and so many of them in a part: the worker says after each how far it is.
AT_ONCE, A_PART = 1_000, 20
_COLUMNS = (
    Column("number", gettext_lazy("No."), "int"),
    Column("name", gettext_lazy("Name"), value=lambda row: row.subject.name),
    Column("place", gettext_lazy("Residential group, hamlet"), value=lambda row: row.subject.place),
    Column("model", gettext_lazy("Learning model"), value=lambda row: LearningModel(row.model).written),
    Column("score", gettext_lazy("Score"), "int"),
)


def titles_of(unit: Unit, decision: str, decided_on: datetime.date) -> LearningTitleQuerySet:
    """Return the recognised titles of a unit by a decision, in the order of the list."""
    rows = LearningTitle.objects.filter(
        unit=unit, decision=decision, decided_on=decided_on, state=TitleState.RECOGNISED
    )  # fmt: skip
    return rows.select_related("subject", "unit").order_by("model", "subject__name_key", "pk")


def _unit_of_title(values: dict[str, Any]) -> list[Unit]:
    return [Unit(pk=LearningTitle.objects.values_list("unit_id", flat=True).get(pk=values["title"].pk))]


@needs(*PRINTS_TITLES, on=_unit_of_title)
def print_certificate(*, title: LearningTitle, actor: User) -> bytes:
    """Return a recognised title's certificate as PDF; printed again it keeps its code."""
    rows = LearningTitle.objects.filter(pk=title.pk, state=TitleState.RECOGNISED, subject__erased_at__isnull=True)
    given = _give_codes(list(rows.select_related("subject", "unit")), actor)
    pdf = _render(given, lambda _done: True)
    if pdf is None:
        raise ValidationError(_("Only a recognised title has a certificate."))
    return pdf


@needs(*PRINTS_TITLES, on="unit")
def ask_for_certificates(
    *, unit: Unit, decision: str, decided_on: datetime.date, part: int, actor: User
) -> AskedFile:  # fmt: skip
    """Have the worker print the certificates of a decision, a part of them (from 0) at once."""
    rows = titles_of(unit, decision, decided_on).filter(subject__erased_at__isnull=True)
    given = _give_codes(list(rows[part * AT_ONCE : (part + 1) * AT_ONCE]), actor)
    return ask_for_file(
        kind=AskedFileKind.CERTIFICATES, file_name=f"giay-cong-nhan-{part + 1}.pdf",
        content_of={"certificates": given}, total=len(given), unit=unit, actor=actor,
    )  # fmt: skip


class CertificateFile(FileMaker):
    """Certificates of many titles, made by the worker."""

    is_made_again = True

    def make(self, file: AskedFile, say_far: SayFar) -> Iterator[bytes]:
        """Yield them as one PDF; what is recognised no more, and whose holder was erased, is not in it."""
        pdf = _render(file.content_of["certificates"], say_far)
        if pdf is not None:
            yield pdf

    def may_have(self, file: AskedFile, reader: User) -> bool:
        """Whether the reader may print the titles of the unit still."""
        return file.unit is not None and any(reader.may(right, file.unit) for right in PRINTS_TITLES)


@needs(*PRINTS_TITLES, on="unit")
def print_decision(*, unit: Unit, decision: str, decided_on: datetime.date, actor: User) -> bytes:
    """Return the list of a decision in the official layout (Nghị định 30/2020/NĐ-CP), for whoever decides to sign."""
    rows = list(titles_of(unit, decision, decided_on))
    if not rows:
        raise ValidationError(_("No title is recognised by this decision."))
    for number, row in enumerate(rows, start=1):
        row.number = number  # type: ignore[attr-defined]  # the column of this name shows it
    audit.record(actor=actor, action=audit.Action.TITLE_PRINT, unit=unit, detail={"titles": len(rows)})
    issuer, year = rows[0].decided_by, rows[0].year
    head = Head(
        superior="", issuer=issuer, number=decision, date=decided_on, kind="Quyết định",
        subject=f"Về việc công nhận danh hiệu học tập năm {year}",
    )  # fmt: skip
    with official_language():
        facts = {
            "head": head, "closing": Closing(Signature(("",), ""), ("Như Điều 2;", "Lưu: VT.")), "title": head.subject,
            "table": Table(_COLUMNS, rows, row_header="name"), "count": format_int(len(rows)), "year": year,
            "unit_name": unit.name_on(decided_on), "lang": "vi",
        }  # fmt: skip
        html = render_to_string("members/title_decision_document.html", facts)
    return render_pdf(html, title=head.subject, base_url=settings.SITE_URL)


def _give_codes(rows: list[LearningTitle], actor: User) -> list[int]:
    """Return the ids of the titles' certificates, with codes for those that have none; the audit says it."""
    if not rows:
        raise ValidationError(_("Only a recognised title has a certificate."))
    have = {one.title_id: one for one in TitleCertificate.objects.filter(title__in=rows)}
    fresh = [TitleCertificate(title=row, code=new_code(), issued_by=actor) for row in rows if row.pk not in have]
    have |= {one.title_id: one for one in TitleCertificate.objects.bulk_create(fresh)}
    detail = {"certificates": len(rows), "new": len(fresh)}
    target = rows[0] if len(rows) == 1 else None
    audit.record(actor=actor, action=audit.Action.TITLE_PRINT, target=target, unit=rows[0].unit, detail=detail)
    return [have[row.pk].pk for row in rows]


def _render(given: list[int], say_far: SayFar) -> bytes | None:
    """Return the certificates as PDF; None when none is valid any more, or they are given up meanwhile."""
    found = TitleCertificate.objects.filter(
        pk__in=given, title__state=TitleState.RECOGNISED, title__subject__erased_at__isnull=True
    )
    found = found.select_related("title__subject", "title__unit")
    rows = list(found.order_by("title__model", "title__subject__name_key", "title_id"))
    title, site = "Giấy công nhận danh hiệu học tập", SiteProfile.objects.first() or SiteProfile()

    def parts() -> Iterator[str]:
        for start in range(0, len(rows), A_PART):
            with official_language():
                papers = [_paper(row.title, row.code) for row in rows[start : start + A_PART]]
                yield render_to_string(
                    "members/title_certificates_document.html", {"papers": papers, "site": site, "title": title}
                )

    if not rows:
        return None
    return render_pdf_in_parts(
        parts(), title=title, base_url=settings.SITE_URL, go_on=lambda part: say_far(part * A_PART)
    )


def _paper(row: LearningTitle, code: str) -> dict[str, Any]:
    day = row.decided_on or row.registered_on
    return {
        "row": row, "model": LearningModel(row.model).written, "unit_name": row.unit.name_on(day),
        "decided_on": short_date(day),
        "verification": Verification(code, f"{settings.SITE_URL}{reverse('report_verify', args=[code])}"),
    }  # fmt: skip
