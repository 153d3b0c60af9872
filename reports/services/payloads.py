"""What a report consists of, as one JSON value: the source of page, documents and open data; it is what is hashed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portal.lib.language import official_language
from portal.lib.periods import HalfYear, Period
from portal.models import Unit
from reports.figures import DatedTree, Figures, FigureSet, compute, has_facts, public_figures
from reports.models import Report, SectionText, Submission
from reports.services.agenda import read_agenda, say_targets, targets_of
from reports.services.contents import (
    Payload,
    Reporting,
    count_coverage,
    count_halves,
    describe,
    list_absent,
    list_absent_of_year,
    name_period,
    partial_units,
    sum_through_lists,
    sum_withheld,
    tell_through_lists,
    without_silence,
)
from reports.services.editing import apply_edits, edits_of
from reports.services.heads import make_head
from reports.services.lagging import may_name_lagging, tell_lagging
from reports.services.leading import talking_points
from reports.services.narrative import Background, Section, Telling, as_text, write_narrative
from reports.services.publication import find_doors
from reports.services.submissions import TEXTS, units_owing
from reports.services.wording import capitalise, name_review

#: What units write of every half-year counts in a year; a plan for the half-year after the first one is past by then.
_OF_ALL_HALVES = frozenset({"activities", "difficulties"})


@dataclass(frozen=True)
class Draft:
    """A report not yet frozen: the figures as they are now, its payload in public and in full, and what is compared."""

    figure_set: FigureSet
    payload: Payload  # what would be published
    exact: Payload  # {"figures", "by_unit", "own"} in full
    background: Background
    submissions: dict[str, Submission]  # by the code of the unit that owes it
    written: list[Section]  # the text as it is written from the figures
    edits: dict[str, SectionText]  # what staff wrote instead, by heading
    tree: DatedTree  # of the last day


def canonical_json(payload: Payload) -> str:
    """Return the payload as canonical JSON: keys sorted, UTF-8, no spaces; it never holds its own hash."""
    return json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256_of(canonical: str) -> str:
    """Return the hash that is printed on the report and checked by /xac-minh/."""
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def sha256_of_bytes(content: bytes) -> str:
    """Return the hash of a file, as `sha256sum` prints it."""
    return hashlib.sha256(content).hexdigest()


@official_language()
def build(unit: Unit, period: Period, *, withhold: Iterable[str] = ()) -> Draft:
    """Compute the half-year of the unit and write its report, as version 0; nothing is stored.

    It is Vietnamese whatever screen asks for it: what is frozen is made here.
    `withhold` names cells ("LC:members.new") that are kept back too, beside those of few people.
    """
    tree = DatedTree(period.last_day)
    figure_set = compute(unit, period, tree=tree)
    reporting = read_reporting(unit, period, tree, figure_set.names)
    names, submissions = reporting[-1].names, reporting[-1].submissions
    silent = [code for code in names if all(code in one.silent for one in reporting if code in one.names)]
    partial = [code for code in partial_units(reporting) if code in names]
    approved = {code for each in reporting for code, one in each.submissions.items() if one.was_approved}
    own = _read_own(figure_set) if figure_set.is_alone else []
    public = public_figures(figure_set, find_doors(figure_set, tree, withhold))
    by_unit = without_silence(public.by_unit, [*silent, *partial])
    exact_by_unit = without_silence(figure_set.by_unit, [*silent, *partial])
    exact: Payload = {"figures": figure_set.figures, "by_unit": exact_by_unit, "own": figure_set.own}
    compared = {other: _find_issued(unit, other) for other in (period.same_last_year(), period.previous())}
    last_year = compared[period.same_last_year()]
    previous = compared[period.previous()] if len(compared) > 1 else None  # before a year is last year
    background = Background(
        previous=_as_compared(previous),
        last_year=_as_compared(last_year),
        unissued=[other for other, report in compared.items() if report is None and has_facts(unit, other)],
        owing=len(names),
        approved=len(approved & set(names)),
        is_own_approved=bool(own) and not any(one.silent for one in own),
        partial=len(partial),
    )
    through_lists = sum_through_lists(by_unit, silent, public.withheld)
    agenda, targets = read_agenda(unit, period), targets_of(unit, period.year)
    told = Background(
        previous=_as_compared(previous, in_public=True),
        last_year=_as_compared(last_year, in_public=True),
        unissued=background.unissued,
        owing=background.owing,
        approved=background.approved,
        is_own_approved=background.is_own_approved,
        partial=background.partial,
        said_apart=tell_through_lists(through_lists),
        most_withheld=_find_most_withheld(exact_by_unit, by_unit),
        followed=agenda.followed,
        tasks=agenda.tasks,
        proposals=agenda.proposals,
    )
    shown = dataclasses.replace(figure_set, figures=public.figures, by_unit=by_unit, own=public.own)
    tellings = _gather_tellings(own or reporting, {unit.code: figure_set.unit_name} | figure_set.names)
    named = told.last_year is not None and may_name_lagging()
    told = dataclasses.replace(told, lagging=tell_lagging(shown, told.last_year) if named else [])
    written, edits = write_narrative(shown, told, tellings), edits_of(unit, period)
    sections = apply_edits(written, edits)
    head = make_head(unit, figure_set.unit_name, tree)
    payload: Payload = {
        "unit": unit.code,
        "unit_name": figure_set.unit_name,
        **name_period(period),
        "version": 0,
        "title": title_of(period),
        "number": None,
        "symbol": head.pop("symbol"),
        "code": "",
        "issued_on": None,
        "reason": "",
        "replaces": None,
        "tree_date": period.last_day.isoformat(),
        "narrative": as_text(sections),
        "sections": sections,
        "targets": targets,
        "against_targets": say_targets(targets, public.figures, period.year),
        "points": talking_points(shown, told.last_year, (told.approved, told.owing), names_lagging=named),
        "figures": public.figures,
        "by_unit": by_unit,
        "own": public.own,
        "withheld": public.withheld,
        "pooled": sum_withheld(public.figures, exact_by_unit, (unit.code, figure_set.own, public.own), public.withheld),
        "units": figure_set.names,
        "order": list(figure_set.names),  # of official lists; a JSON object keeps none
        "reporting": figure_set.reporting,
        "approved": sorted(approved),
        "missing": sorted(silent),
        "absent": list_absent_of_year(reporting) if len(reporting) > 1 else list_absent(names, silent, submissions),
        "owing": list(names),
        "coverage": _count_coverage(figure_set, exact_by_unit, names) | _tell_halves(figure_set, reporting, partial),
        "through_lists": through_lists,
        "sources": {
            "disbursements": "paid rows less reversals of the same period",
            "recipients": "distinct recipients of those rows",
            "members": "memberships",
            "funds": "fund book",
            "declared": "approved submissions of the units",
        },
        "head": head,
    }
    if len(reporting) > 1:
        payload["partial"] = sorted(partial)
    if figure_set.is_alone:
        payload["alone"] = True
    return Draft(figure_set, describe(payload), exact, background, submissions, written, edits, tree)


def read_reporting(unit: Unit, period: Period, tree: DatedTree, names: Mapping[str, str]) -> list[Reporting]:
    """Return for each half-year of the period which units below owe it and what they have begun.

    `tree` is that of the last day, `names` (code -> name) has all units of which the report speaks.
    """
    found = []
    for half in period.halves:
        is_last = half == period.last_half
        then = tree if is_last else DatedTree(half.last_day)
        below = dict(names) if is_last else {place.code: place.name for place in then.children_of(unit.pk)}
        owing = {place.code for place in units_owing(half, then)}
        owed = {code: name for code, name in below.items() if code in owing}
        found.append(Reporting(half, owed, submissions_of(below, half)))
    return found


def _read_own(figures: FigureSet) -> list[Reporting]:
    """Return what a unit that reports alone has begun of the half-years that it owes itself."""
    unit, names = figures.unit, {figures.unit.code: figures.unit_name}
    *earlier, last = figures.period.halves
    owed = [half for half in earlier if DatedTree(half.last_day).reports_alone(unit.pk)]
    return [Reporting(half, names, submissions_of(names, half)) for half in (*owed, last)]


def _count_coverage(figures: FigureSet, exact: Mapping[str, Figures], names: Mapping[str, str]) -> Payload:
    """Return how many units each total holds: of those that owe the half-year, or of one that reports alone."""
    if figures.is_alone:
        return count_coverage({figures.unit.code: figures.figures}, [figures.unit.code])
    return count_coverage(exact, names or figures.names)


def _gather_tellings(reporting: list[Reporting], names: Mapping[str, str]) -> list[Telling]:
    """Return what units wrote: what was done and was hard in all half-years, plans and proposals of the last one."""
    said: dict[str, dict[str, str]] = {}
    called = dict(names)
    for one in reporting:
        called = one.names | called
        for code, submission in one.submissions.items():
            if submission.approved_texts is None:
                continue
            if code not in called:  # it has ended since, and by now its level reports no more
                called[code] = submission.unit.name_on(one.half.last_day)
            texts = said.setdefault(code, dict.fromkeys(TEXTS, ""))
            for name in TEXTS:
                text = submission.approved_texts[name]
                if name in _OF_ALL_HALVES:
                    texts[name] = _join_texts(texts[name], text)
                elif one is reporting[-1]:
                    texts[name] = text
    return [Telling(called[code], **texts) for code, texts in said.items()]


def _join_texts(earlier: str, later: str) -> str:
    """Return both under each other; the same words in both half-years once."""
    if earlier.split() == later.split():
        return later
    return "\n".join(part for part in (earlier, later) if part)


def _tell_halves(figures: FigureSet, reporting: list[Reporting], partial: list[str]) -> Payload:
    """Return of a year how many units each total holds by one half-year only; nothing of a half-year."""
    if len(reporting) == 1:
        return {}
    both = set.intersection(*(set(one.names) for one in reporting))
    return {"one_half": count_halves(figures, both, partial)}


def with_exact_figures(draft: Draft) -> Payload:
    """Return the payload of a draft with every figure in full, for the association's own use."""
    return describe(draft.payload | draft.exact | {"withheld": {}, "pooled": {}})


def title_of(period: Period) -> str:
    """Return what the report is about, as its title says."""
    return (
        f"{capitalise(name_review(period))} công tác khuyến học, khuyến tài, xây dựng xã hội học tập {period.label}; "
        f"phương hướng, nhiệm vụ {period.next().label}"
    )


def submissions_of(names: Mapping[str, str], half: HalfYear) -> dict[str, Submission]:
    """Return the submissions of the units (code -> name) by code, in their order; who began none is left out."""
    owed = Submission.objects.of(half).filter(unit__code__in=list(names)).select_related("unit", "submitted_by")
    by_code = {one.unit.code: one for one in owed}
    return {code: by_code[code] for code in names if code in by_code}


def _find_most_withheld(exact: Mapping[str, Figures], shown: Mapping[str, Figures]) -> int:
    """Return the greatest number of turns of a unit that is not public; 0 where all are."""
    turns = "disbursements.turns"
    return max((figures.get(turns, 0) for code, figures in exact.items() if turns not in shown[code]), default=0)


def read_compared(unit: Unit, period: Period, *, in_public: bool = False) -> FigureSet | None:
    """Return the unit's figures of another half-year as they were issued last, never as they live; None without."""
    return _as_compared(_find_issued(unit, period), in_public=in_public)


def _find_issued(unit: Unit, period: Period) -> Report | None:
    return (
        Report.objects.defer("canonical").of(period).filter(unit=unit).select_related("unit").latest_versions().first()
    )


def _as_compared(report: Report | None, *, in_public: bool = False) -> FigureSet | None:
    if report is None:
        return None
    source = report.payload if in_public else report.exact
    return FigureSet(
        unit=report.unit,
        unit_name="",
        period=report.period_value,
        tree_date=report.period_value.last_day,
        figures=source["figures"],
        by_unit=source["by_unit"],
        own=source["own"],
        names={},
    )


def add_issue(
    payload: Payload,
    *,
    version: int,
    number: int,
    symbol: str,
    code: str,
    issued_on: dt.date,
    reason: str,
    replaces: dict[str, Any] | None,
) -> Payload:
    """Return the payload of a report about to be frozen."""
    return payload | {
        "version": version,
        "number": number,
        "symbol": symbol,
        "code": code,
        "issued_on": issued_on.isoformat(),
        "reason": reason,
        "replaces": replaces,
    }
