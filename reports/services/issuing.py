"""Freezing a half-year's report: numbered, hashed, printed, published; a newer version says why and replaces it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Func, Max, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.qr import new_code
from portal.lib.vietnamese import format_int, format_money
from portal.models import SiteProfile, Unit, User
from portal.permissions import Permission
from portal.services.highlights import Figure, publish_highlight
from portal.services.periods import close_through
from portal.services.refusals import ConflictError, needs, require_lasting_reason
from portal.services.search import keep_search_entry
from portal.vocabulary import SHORTEST_REASON
from reports.figures import DatedTree
from reports.models import Report, ReportFile, Submission
from reports.services.contents import Payload
from reports.services.documents import render_report_files
from reports.services.payloads import (
    Draft,
    add_issue,
    build,
    canonical_json,
    sha256_of,
    sha256_of_bytes,
    submissions_of,
)
from reports.services.publication import Issue, demand_untold
from reports.services.submissions import units_owing
from reports.services.unreported import find_unreported, why_closed
from scholarships.services.sealing import seal_after_commit

MOST_NAMED = 20  # units in a sentence; the board shows them all


def next_number(unit: Unit) -> int:
    """Return the number proposed for the unit's next report of this year."""
    year = timezone.localdate().year
    return (Report.objects.filter(unit=unit, issued_on__year=year).aggregate(last=Max("number"))["last"] or 0) + 1


def owing_names(unit: Unit, half: HalfYear, tree: DatedTree | None = None) -> dict[str, str]:
    """Return the units (code -> name) whose half-years a report of the unit waits for: its children's, and its own."""
    tree = tree or DatedTree(half.last_day)
    within = {unit.pk, *(place.unit_id for place in tree.children_of(unit.pk))}
    return {place.code: place.name for place in units_owing(half, tree) if place.unit_id in within}


def hindrances(names: Mapping[str, str], submissions: Mapping[str, Submission]) -> list[str]:
    """Return what stands in the way of issuing: units (code -> name) neither approved nor listed as missing."""
    settled = {Submission.State.APPROVED.value, Submission.State.MISSING.value}
    open_units = [
        name for code, name in names.items() if code not in submissions or submissions[code].state not in settled
    ]
    if not open_units:
        return []
    sentence = ngettext(
        "%(count)d unit is neither approved nor listed as missing: %(units)s.",
        "%(count)d units are neither approved nor listed as missing: %(units)s.",
        len(open_units),
    )
    told = ", ".join(open_units[:MOST_NAMED]) + (" …" if len(open_units) > MOST_NAMED else "")
    return [sentence % {"count": len(open_units), "units": told}]


def version_of_draft(draft: Draft) -> str:
    """Return the version of the figures as they would be issued now: what the page showed is what is frozen."""
    return f"reports.draft:{sha256_of(canonical_json(draft.exact))}"


@needs(Permission.ISSUE_REPORT, on="unit")
def issue_report(
    *,
    unit: Unit,
    half: HalfYear,
    number: int | None = None,
    reason: str = "",
    version: str | None = None,
    withhold: Sequence[str] = (),
    actor: User,
) -> Report:
    """Freeze the half-year of the unit as it stands and publish it; a second time is a new version with its reason.

    Every unit below must be approved or listed as missing. The half-year is closed for all of them first, so that what
    is frozen cannot change while it is printed. Raises ValidationError naming what stands in the way.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # one issuing at a time; payments go on
    if half.first_day > timezone.localdate():
        raise ValidationError(_("This half-year has not begun yet."))
    before = Report.objects.without_files().of(half).filter(unit=unit).latest_versions().first()
    reason = _checked_reason(reason, before)
    tree = DatedTree(half.last_day)
    names = owing_names(unit, half, tree)
    problems = hindrances(names, submissions_of(names, half))
    if problems:
        raise ValidationError(problems)
    unreported = find_unreported(unit, half)
    close_through(unit=unit, half=half, reason=why_closed(unreported), actor=actor)
    draft = build(unit, half, withhold=withhold)
    demand_untold(Issue(unit.code, half, draft.payload, draft.exact), tree)
    if version is not None and version != version_of_draft(draft):
        raise ConflictError(
            _("The figures have changed since you opened the page. Nothing was issued; look at them once more.")
        )
    symbol = SiteProfile.objects.values_list("report_symbol", flat=True).first() or "BC-HKH"
    payload = add_issue(
        draft.payload,
        version=before.version + 1 if before else 1,
        number=_checked_number(unit, number),
        symbol=symbol,
        code=new_code(),
        issued_on=timezone.localdate(),
        reason=reason,
        replaces={"version": before.version, "sha256": before.sha256} if before else None,
    )
    report, files = _freeze(unit, half, payload, draft, before, actor)
    audit.record(
        actor=actor,
        action=audit.Action.REPORT_ISSUE,
        target=report,
        unit=unit,
        detail={
            "half": half.code, "version": report.version, "number": report.number, "sha256": report.sha256,
            "never_reported": {one.half.code: one.unit_ids for one in unreported},
            "exact": _hash_exact(report),
            "files": {one.kind: one.sha256 for one in files},
        },
    )  # fmt: skip
    seal_after_commit()
    _publish(report, tree, actor)
    return report


def _checked_reason(reason: str, before: Report | None) -> str:
    if before is None:
        return ""
    sentence = _("Version %(version)d has been issued. Give the reason of a new one in at least %(count)d characters.")
    return require_lasting_reason(reason, sentence % {"version": before.version, "count": SHORTEST_REASON})


def _checked_number(unit: Unit, number: int | None) -> int:
    if number is None:
        return next_number(unit)
    if not 0 < number < 100_000:
        raise ValidationError({"number": _("%(number)s is no number of a document.") % {"number": number}})
    if Report.objects.filter(unit=unit, issued_on__year=timezone.localdate().year, number=number).exists():
        proposed = next_number(unit)
        sentence = _("Number %(number)d has been given this year already; %(proposed)d is free.")
        raise ValidationError({"number": sentence % {"number": number, "proposed": proposed}})
    return number


def _freeze(
    unit: Unit, half: HalfYear, payload: Payload, draft: Draft, before: Report | None, actor: User
) -> tuple[Report, list[ReportFile]]:
    canonical = canonical_json(payload)
    sha256 = sha256_of(canonical)
    contents = render_report_files(payload, sha256)
    try:
        with transaction.atomic():
            report = Report.objects.create(
                unit=unit,
                half=half.code,
                version=payload["version"],
                number=payload["number"],
                symbol=payload["symbol"],
                code=payload["code"],
                payload=payload,
                exact=draft.exact,
                canonical=canonical,
                sha256=sha256,
                issued_on=payload["issued_on"],
                issued_by=actor,
                reason=payload["reason"],
                replaces=before,
            )
            files = [
                ReportFile(report=report, kind=kind.value, content=content, sha256=sha256_of_bytes(content))
                for kind, content in contents.items()
            ]
            return report, ReportFile.objects.bulk_create(files)
    except IntegrityError:
        raise ValidationError(_("Somebody issued a report at the same moment. Please look at it first."))


def _hash_exact(report: Report) -> str:
    """Return the hash of the figures for our own eyes as the database writes them; `verify_ledger` asks it again."""
    text = Func(Cast("exact", TextField()), Value("UTF8"), function="convert_to")
    digest = Func(Func(text, function="sha256"), Value("hex"), function="encode", output_field=TextField())
    hashed: str = Report.objects.annotate(digest=digest).values_list("digest", flat=True).get(pk=report.pk)
    return hashed


def _publish(report: Report, tree: DatedTree, actor: User) -> None:
    """Put the report where readers find it: the search, and the home page's card for the city's newest."""
    link = reverse("report_public", args=[report.half, report.unit.code])
    payload = report.payload
    keep_search_entry(
        kind="report",
        ref=f"reports.report:{report.unit_id}:{report.half}",
        title=f"{payload['title']} ({payload['unit_name']})",
        text=payload["narrative"],
        link=link,
        visible_from=timezone.now(),
        unit=report.unit,
    )
    is_top = report.unit_id in {place.unit_id for place in tree.roots()}
    if is_top and not Report.objects.filter(unit=report.unit, half__gt=report.half).exists():
        publish_highlight(
            key="reports.latest",
            title=f"Kết quả {report.half_year.label}",
            figures=card_figures(payload),
            link=link,
            actor=actor,
        )


def card_figures(payload: Payload) -> list[Figure]:
    """Return the figures of a report for a card, written out: those that are there and not nothing."""
    figures = payload["figures"]
    told: list[Figure] = []
    if figures.get("disbursements.turns"):
        turns, hardship = figures["disbursements.turns"], figures.get("disbursements.turns.hardship")
        hint = f"{format_int(hardship)} lượt có hoàn cảnh khó khăn" if hardship else ""
        told.append({"value": format_int(turns), "label": "lượt học bổng, khen thưởng, hỗ trợ", "hint": hint})
        amount = figures["disbursements.amount"]
        told.append({"value": format_money(amount), "label": "đã trao"})
    if figures.get("members.new"):
        told.append({"value": format_int(figures["members.new"]), "label": "hội viên mới"})
    if figures.get("titles.family.recognised"):
        told.append(
            {"value": format_int(figures["titles.family.recognised"]), "label": "gia đình học tập được công nhận"}
        )
    return told
