"""The way of a report on a half-year or a year: frozen, signed on paper, issued; or thrown away; or revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Func, Max, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit
from portal.lib.periods import HalfYear, Period, Year
from portal.lib.qr import new_code
from portal.lib.vietnamese import format_int, format_money, short_date
from portal.models import SiteProfile, Unit, User
from portal.permissions import Permission
from portal.services.highlights import Figure, end_highlight, publish_highlight
from portal.services.periods import close_through
from portal.services.refusals import ConflictError, needs, require_lasting_reason
from portal.services.search import drop_search_entry, keep_search_entry
from portal.services.texts import name_some
from portal.services.versions import lock_row
from portal.vocabulary import SHORTEST_REASON, ReportState
from reports.figures import DatedTree, find_contradictions
from reports.models import REPORT_STEPS, Report, ReportFile, ReportQuerySet, Submission
from reports.services.articles import recheck_articles_of
from reports.services.changes import list_changes, tells_people
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
from reports.services.publication import ToldError, demand_untold
from reports.services.rewriting import demand_settled
from reports.services.row_knowledge import Issue
from reports.services.submissions import units_owing
from reports.services.unreported import find_unreported, why_closed
from scholarships.services.sealing import seal_after_commit

MOST_NAMED = 20  # units in a sentence; the board shows them all
_CARD = "reports.latest"  # of the home page


def next_number(unit: Unit) -> int:
    """Return the number proposed for the unit's next report of this year; one thrown away is not proposed again."""
    return (_find_of_year(unit).aggregate(last=Max("number"))["last"] or 0) + 1


def free_numbers(unit: Unit) -> list[int]:
    """Return the numbers of this year's series that no report bears: gaps, which may be used."""
    given = list(_find_of_year(unit).values_list("number", "state"))
    used = {number for number, state in given if state != Report.State.DISCARDED}
    return [number for number in range(1, max((one for one, _state in given), default=0) + 1) if number not in used]


def _find_of_year(unit: Unit) -> ReportQuerySet:
    return Report.objects.filter(unit=unit, issued_on__year=timezone.localdate().year)


def owing_names(unit: Unit, half: HalfYear, tree: DatedTree | None = None) -> dict[str, str]:
    """Return the units (code -> name) whose half-year a report of the unit waits for: its children's, and its own."""
    tree = tree or DatedTree(half.last_day)
    within = {unit.pk, *(place.unit_id for place in tree.children_of(unit.pk))}
    return {place.code: place.name for place in units_owing(half, tree) if place.unit_id in within}


def find_hindrances(unit: Unit, period: Period, tree: DatedTree | None = None) -> list[str]:
    """Return what stands in the way of numbering: of a year, what does in either half-year, by its own units then.

    `tree` is that of the last day.
    """
    found = []
    for half in period.halves:
        names = owing_names(unit, half, tree if half == period.last_half else None)
        problems = hindrances(names, submissions_of(names, half))
        if isinstance(period, Year):
            sentence = _("%(half)s: %(problem)s")
            problems = [sentence % {"half": half.screen_label, "problem": problem} for problem in problems]
        found += problems
    return found


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
    return [sentence % {"count": len(open_units), "units": name_some(open_units, MOST_NAMED)}]


def version_of_draft(draft: Draft) -> str:
    """Return the version of all that would be issued now: what the page showed is what is frozen."""
    return f"reports.draft:{sha256_of(canonical_json({'exact': draft.exact, 'payload': draft.payload}))}"


@needs(Permission.ISSUE_REPORT, on="unit")
def issue_report(*, unit: Unit, period: Period, actor: User, **given: Any) -> Report:
    """Number and freeze the half-year or year of the unit and issue it at once: no paper goes around to be signed.

    Takes what `freeze_report` takes and raises what it raises.
    """
    report = freeze_report(unit=unit, period=period, actor=actor, **given)
    return publish_report(report=report, actor=actor)


@needs(Permission.ISSUE_REPORT, on="unit")
def freeze_report(
    *,
    unit: Unit,
    period: Period,
    number: int | None = None,
    reason: str = "",
    version: str | None = None,
    withhold: Sequence[str] = (),
    actor: User,
) -> Report:
    """Number the half-year or year of the unit and freeze it as it stands, to be signed; nobody else sees it yet.

    A second time is a new version with its reason. Every unit below must be approved or listed as missing, of a year in
    both half-years. The half-year is closed for all of them first, so that what is frozen cannot change while it is
    printed; of a year the second one, and with it all before: nothing new where its own report has closed it already.
    Raises ValidationError naming what stands in the way, ToldError naming what must be withheld too.
    """
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # one numbering at a time; payments go on
    if period.last_half.first_day > timezone.localdate():
        raise ValidationError(_("Not begun yet: %(half)s.") % {"half": period.last_half.screen_label})
    versions = Report.objects.defer("canonical").of(period).filter(unit=unit)
    if versions.filter(state=Report.State.FROZEN).exists():
        raise ValidationError(_("A version is numbered and waits to be signed: issue it or throw it away first."))
    before = versions.was_public().order_by("-version").first()
    reason = _checked_reason(reason, before)
    tree = DatedTree(period.last_day)
    problems = find_hindrances(unit, period, tree)
    if problems:
        raise ValidationError(problems)
    unreported = find_unreported(unit, period.last_half)
    close_through(unit=unit, half=period.last_half, reason=why_closed(unreported), actor=actor)
    draft = demand_issuable(unit, period, withhold)
    shown = build(unit, period) if withhold else draft  # pages show the draft with nothing kept back by hand
    if version is not None and version != version_of_draft(shown):
        raise ConflictError(
            _("The report has changed since you opened the page. Nothing was issued; look at it once more.")
        )
    demand_settled(shown, draft)
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
    if before is not None:
        payload |= {"changes": list_changes(before.payload, payload), "replaced": _say_replaced(before)}
    hides = [one.version for one in versions.was_public() if tells_people(one.payload, payload)]
    report, files = _freeze(unit, period, payload, draft, before, hides, actor)
    audit.record(
        actor=actor,
        action=audit.Action.REPORT_FREEZE,
        target=report,
        unit=unit,
        detail={
            "period": period.code, "version": report.version, "number": report.number, "sha256": report.sha256,
            "never_reported": {one.half.code: one.unit_ids for one in unreported},
            "exact": _hash_exact(report),
            "files": {one.kind: one.sha256 for one in files},
        },
    )  # fmt: skip
    seal_after_commit()
    return report


def demand_issuable(unit: Unit, period: Period, withhold: Sequence[str] = ()) -> Draft:
    """Return the draft that may be issued: nothing that it withholds can be told from all that is published.

    Raises ToldError otherwise: it names at once all that has to be withheld, also what withholding makes necessary.
    """
    tree, asked, leak = DatedTree(period.last_day), list(withhold), None
    while True:
        draft = build(unit, period, withhold=asked)
        try:
            demand_untold(Issue(unit.code, period, draft.payload, draft.exact), tree)
        except ToldError as told:
            leak = leak.join(told.leak) if leak else told.leak
            if not set(told.cells) - set(asked):
                break
            asked += told.cells
        else:
            break
    if leak is not None:
        raise ToldError(leak)
    _demand_sound(draft)
    return draft


def _demand_sound(draft: Draft) -> None:
    """Refuse figures of which one contradicts another: nothing can be frozen that its own dictionary says is not so."""
    names = {**draft.figure_set.names, draft.figure_set.unit.code: draft.figure_set.unit_name}
    found = dict.fromkeys(
        f"{names.get(code, code)}: {check.sentence}" for code, check in find_contradictions(draft.figure_set)
    )
    if found:
        sentence = _("Figures contradict each other; tell the administrator. %(found)s")
        raise ValidationError(sentence % {"found": " ".join(found)})


@needs(Permission.ISSUE_REPORT, on="report.unit")
def publish_report(*, report: Report, version: str | None = None, actor: User) -> Report:
    """Issue a numbered report: readers find it from now on, and it replaces the version before."""
    report = _decide(report, "issue", version, "", actor)
    audit.record(
        actor=actor, action=audit.Action.REPORT_ISSUE, target=report, unit=report.unit,
        detail={"period": report.period, "version": report.version, "number": report.number},
    )  # fmt: skip
    seal_after_commit()
    _publish(report, DatedTree(report.period_value.last_day), actor)
    recheck_articles_of(report=report, actor=actor)
    return report


@needs(Permission.ISSUE_REPORT, on="report.unit")
def discard_report(*, report: Report, reason: str, version: str | None = None, actor: User) -> Report:
    """Throw a numbered report away before it is issued; its number is a gap that may be used.

    The books stay closed: who must change something asks for an exception.
    """
    report = _decide(report, "discard", version, reason, actor)
    audit.record(
        actor=actor, action=audit.Action.REPORT_DISCARD, target=report, unit=report.unit,
        detail={"period": report.period, "version": report.version, "number": report.number},
        reason_in=(report, "decision_reason"),
    )  # fmt: skip
    return report


@needs(Permission.ISSUE_REPORT, on="report.unit")
def revoke_report(*, report: Report, reason: str, version: str | None = None, actor: User) -> Report:
    """Take an issued report back: its address says so with the reason, and its paper is told to be void."""
    report = _decide(report, "revoke", version, reason, actor)
    audit.record(
        actor=actor, action=audit.Action.REPORT_REVOKE, target=report, unit=report.unit,
        detail={"period": report.period, "version": report.version, "number": report.number},
        reason_in=(report, "decision_reason"),
    )  # fmt: skip
    recheck_articles_of(report=report, actor=actor)
    if not Report.objects.of(report.period_value).filter(unit=report.unit).latest_versions().exists():
        drop_search_entry(ref=_name_entry(report))
        if _is_top(report, DatedTree(report.period_value.last_day)):
            _show_newest(report.unit, actor)
    return report


def _decide(report: Report, verb: str, version: str | None, reason: str, actor: User) -> Report:
    """Return the report under lock in its new state. Raises ValidationError where the step is not open."""
    report = lock_row(Report.objects.without_files().select_related("unit"), report, version)
    steps = [step for step in REPORT_STEPS.steps if step.verb == verb]
    if report.state not in steps[0].sources:
        raise ValidationError(
            _("This version is in another state now: %(state)s.") % {"state": report.get_state_display()}
        )
    if ReportState(steps[0].target).needs_reason:
        sentence = _("Give the reason in at least %(count)d characters; it stays in the books.")
        report.decision_reason = require_lasting_reason(reason, sentence % {"count": SHORTEST_REASON})
    report.state, report.decided_by, report.decided_at = steps[0].target, actor, timezone.now()
    report.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    return report


def _say_replaced(before: Report) -> str:
    return f"Báo cáo số {before} ngày {short_date(before.issued_on)} (phiên bản {before.version})"


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
    if _find_of_year(unit).standing().filter(number=number).exists():
        proposed = next_number(unit)
        sentence = _("Number %(number)d has been given this year already; %(proposed)d is free.")
        raise ValidationError({"number": sentence % {"number": number, "proposed": proposed}})
    return number


def _freeze(
    unit: Unit,
    period: Period,
    payload: Payload,
    draft: Draft,
    before: Report | None,
    hides: list[int],
    actor: User,
) -> tuple[Report, list[ReportFile]]:
    canonical = canonical_json(payload)
    sha256 = sha256_of(canonical)
    contents = render_report_files(payload, sha256)
    try:
        with transaction.atomic():
            report = Report.objects.create(
                unit=unit,
                period=period.code,
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
                hides=hides,
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
    link, payload = _link_to(report), report.payload
    keep_search_entry(
        kind="report",
        ref=_name_entry(report),
        title=f"{payload['title']} ({payload['unit_name']})",
        text=payload["narrative"],
        link=link,
        visible_from=timezone.now(),
        unit=report.unit,
    )
    if _is_top(report, tree):
        _show_newest(report.unit, actor)


def _show_newest(unit: Unit, actor: User) -> None:
    """Put the figures of the newest report that readers find on the home page; nothing where there is none."""
    report = Report.objects.filter(unit=unit).latest_versions().newest_first().select_related("unit").first()
    if report is None:
        end_highlight(key=_CARD, actor=actor)
        return
    title, figures = f"Kết quả {report.period_value.label}", card_figures(report.payload)
    publish_highlight(key=_CARD, title=title, figures=figures, link=_link_to(report), actor=actor)


def _is_top(report: Report, tree: DatedTree) -> bool:
    return report.unit_id in {place.unit_id for place in tree.roots()}


def _link_to(report: Report) -> str:
    return reverse("report_public", args=[report.period, report.unit.code])


def _name_entry(report: Report) -> str:
    return f"reports.report:{report.unit_id}:{report.period}"


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
