"""A unit's own half-year on paper: what it declares and writes, under its own head, with room to sign and seal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from portal.lib.language import official_language
from portal.lib.official import Closing, Head, Signature
from portal.lib.pdf import render_pdf
from portal.lib.vietnamese import format_int
from reports.figures import DECLARED, GROUP_LABELS, DatedTree, Indicator, by_group
from reports.models import Submission
from reports.services.contents import NOT_REPORTED
from reports.services.heads import make_head
from reports.services.submissions import declared_lines, declared_notes, declared_values
from reports.services.wording import capitalise, lower_name

_TEXTS = (
    ("activities", "Kết quả hoạt động"),
    ("difficulties", "Khó khăn, hạn chế"),
    ("plan", "Phương hướng, nhiệm vụ"),
    ("proposals", "Kiến nghị, đề xuất"),
)


def print_submission(submission: Submission) -> bytes:
    """Return the half-year in the official layout (Nghị định 30/2020/NĐ-CP), blank figures as "chưa báo cáo".

    Under a figure that is a sum of lines they are printed, and the unit's note where it wrote one, so that what is
    signed says what it is made of; under each table stands what its figures count.
    """
    half, values, behind = submission.half_year, declared_values(submission), declared_lines(submission)
    notes = declared_notes(submission)
    tree = DatedTree(half.last_day)
    name = tree.name_of(submission.unit)
    facts = make_head(submission.unit, name, tree)
    head = Head(
        superior=facts["superior"], issuer=facts["issuer"], symbol="BC-HKH", place=facts["place"], kind="Báo cáo",
        date=timezone.localdate(), subject=f"Số liệu công tác khuyến học {half.label}",
        summary="" if submission.state != Submission.State.DRAFT else "(Bản nháp, chưa gửi)",
    )  # fmt: skip
    with official_language():
        lines = {
            group: [
                (
                    one.label,
                    "" if one.yes_no else one.measure_label,
                    _write(one, values.get(one.code)),
                    _write_lines(behind, one.code),
                    notes.get(one.code, ""),
                )
                for one in them
            ]
            for group, them in by_group(DECLARED).items()
        }
        counted = {group: [(one.label, one.definition) for one in them] for group, them in by_group(DECLARED).items()}
        groups = [(str(GROUP_LABELS[group]), them, counted[group]) for group, them in lines.items()]
        texts = [(label, getattr(submission, name).splitlines()) for name, label in _TEXTS if getattr(submission, name)]
        context = {
            "title": head.subject, "lang": "vi", "head": head, "groups": groups, "texts": texts, "half": half,
            "sender": capitalise(facts["issuer"].replace(name, lower_name(name))),
            "closing": Closing(Signature(tuple(facts["authority"]), facts["signer"]), tuple(facts["recipients"])),
        }  # fmt: skip
        html = render_to_string("reports/submission_document.html", context)
        return render_pdf(html, title=head.subject, lang="vi", base_url=settings.SITE_URL)


def _write_lines(behind: dict[str, list[dict[str, Any]]], code: str) -> list[tuple[str, str]]:
    """Return the lines whose sum a figure is, as they are printed under it."""
    return [(line["text"], format_int(line["amount"])) for line in behind.get(code, [])]


def _write(one: Indicator, value: int | None) -> str:
    if value is None:
        return NOT_REPORTED
    return ("Có" if value else "Không") if one.yes_no else format_int(value)
