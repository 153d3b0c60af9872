"""Papers of recognised titles: certificates, one or those of a decision, and the decision with its list."""

from __future__ import annotations

import datetime
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
from portal.lib.pdf import render_pdf
from portal.lib.qr import new_code
from portal.lib.tables import Column, Table
from portal.lib.vietnamese import format_int, short_date
from portal.models import SiteProfile, Unit, User
from portal.permissions import Permission
from portal.services.refusals import needs
from portal.vocabulary import LearningModel, TitleState

PRINTS_TITLES = (Permission.MANAGE_MEMBERS, Permission.RECOGNISE_TITLE)
#: Certificates printed at once.
AT_ONCE = 40
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
    rows = rows.select_related("subject", "unit")
    return _certificates(list(rows), actor)


@needs(*PRINTS_TITLES, on="unit")
def print_certificates(
    *, unit: Unit, decision: str, decided_on: datetime.date, part: int, actor: User
) -> bytes:  # fmt: skip
    """Return the certificates of a decision, a part of them (from 0) at once."""
    return _certificates(list(titles_of(unit, decision, decided_on)[part * AT_ONCE : (part + 1) * AT_ONCE]), actor)


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


def _certificates(rows: list[LearningTitle], actor: User) -> bytes:
    if not rows:
        raise ValidationError(_("Only a recognised title has a certificate."))
    have = {one.title_id: one for one in TitleCertificate.objects.filter(title__in=rows)}
    fresh = [TitleCertificate(title=row, code=new_code(), issued_by=actor) for row in rows if row.pk not in have]
    have |= {one.title_id: one for one in TitleCertificate.objects.bulk_create(fresh)}
    detail = {"certificates": len(rows), "new": len(fresh)}
    target = rows[0] if len(rows) == 1 else None
    audit.record(actor=actor, action=audit.Action.TITLE_PRINT, target=target, unit=rows[0].unit, detail=detail)
    papers = [_paper(row, have[row.pk].code) for row in rows]
    title = "Giấy công nhận danh hiệu học tập"
    with official_language():
        context = {"papers": papers, "site": SiteProfile.objects.first() or SiteProfile(), "title": title}
        html = render_to_string("members/title_certificates_document.html", context)
    return render_pdf(html, title=title, base_url=settings.SITE_URL)


def _paper(row: LearningTitle, code: str) -> dict[str, Any]:
    day = row.decided_on or row.registered_on
    return {
        "row": row, "model": LearningModel(row.model).written, "unit_name": row.unit.name_on(day),
        "decided_on": short_date(day),
        "verification": Verification(code, f"{settings.SITE_URL}{reverse('report_verify', args=[code])}"),
    }  # fmt: skip
