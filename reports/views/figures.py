"""A figure by unit, and the rows behind it: as they are now, or beside what a report said when it was issued."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import lazy
from django.views.decorators.http import require_safe

from portal.lib.numbers import whole_number
from portal.lib.periods import Period
from portal.models import Unit
from portal.permissions import Permission, requires
from portal.views.lists import show_list
from reports.figures import INDICATORS, DatedTree, Figures, FigureSet, Indicator, checks_of, compute
from reports.figures.recasting import is_other, recast, recast_rows
from reports.figures.rollup import NOT_HANDED_OVER
from reports.models import Report
from reports.services.contents import without_silence
from reports.services.payloads import read_reporting
from reports.services.rows import rows_behind
from reports.tables import table_behind
from reports.views.scope import unit_in_scope


def _show_recast(
    request: HttpRequest,
    figures: FigureSet,
    indicator: str,
    report: Report | None,
    by_unit: dict[str, Figures],
    own: Figures,
) -> dict[str, Any]:
    """Return whether the units are others today, and where that is asked for the figure by them; the whole's alone."""
    now = DatedTree(timezone.localdate())
    is_whole = figures.unit.pk in {root.unit_id for root in now.roots()}
    if not is_whole or not is_other(figures, now):
        return {}
    if request.GET.get("tree") != "today":
        return {"has_other_units": True}
    anew = recast_rows(by_unit, own, figures.unit.pk, now) if report else recast(figures, now)
    rows = [(code, name, anew.by_unit[code].get(indicator)) for code, name in anew.names.items()]
    rows.append((figures.unit.code, figures.unit_name, anew.own.get(indicator)))
    parts: list[dict[str, Any]] = [{"code": code, "name": name, "value": value} for code, name, value in rows if value]
    return {"recast_on": now.day, "parts": parts, "has_split": any(NOT_HANDED_OVER in one["name"] for one in parts)}


@require_safe
@requires(Permission.VIEW_REPORT)
def figure_detail(request: HttpRequest, period: Period, code: str, indicator: str) -> HttpResponseBase:
    """A figure by unit, and for one unit (?unit=) the rows that add up to it.

    ?version= as that version was issued; ?tree=today by the units of today.
    """
    unit = unit_in_scope(request, code, Permission.VIEW_REPORT)
    if indicator not in INDICATORS:
        raise Http404
    one, tree = INDICATORS[indicator], DatedTree(period.last_day)
    figures, reports = compute(unit, period, tree=tree), Report.objects.of(period).filter(unit=unit).was_public()
    report = _find_version(request, reports)
    total, by_unit, own = _read_figures(unit, period, tree, figures, report)
    parts = [
        {"code": child, "name": name, "value": by_unit.get(child, {}).get(indicator)}
        for child, name in figures.names.items()
    ]
    if own.get(indicator):
        parts.append({"code": unit.code, "name": figures.unit_name, "value": own[indicator]})
    context: dict[str, Any] = {
        "period": period, "unit": unit, "figures": figures, "total": total.get(indicator), "parts": parts,
        **_explain(one, period), "report": report, "query": f"&version={report.version}" if report else "",
        "issued": None if report else reports.latest_versions().without_files().first(),
    }  # fmt: skip
    chosen = request.GET.get("unit", "").upper() or (unit.code if not figures.names else "")
    if not chosen:
        context |= _show_recast(request, figures, indicator, report, by_unit, own)
        context |= _rank(request, context["parts"])
        return render(request, "reports/figure_detail.html", context)
    names = figures.names | {unit.code: figures.unit_name}
    child = next((place.unit_id for place in tree.places.values() if place.code == chosen), None)
    if chosen not in names or child is None:  # a unit that was not yet there in the half-year has no rows of it
        raise Http404
    units = tree.units_under(child) if chosen in figures.names else tree.units_of(unit.pk, unit.pk)
    here = by_unit.get(chosen, {}) if chosen in figures.names else own
    context |= {"chosen": chosen, "chosen_name": names[chosen], "value": here.get(indicator)}
    if one.share_of:  # it has no rows of its own: its part and its whole have
        parts_of_share = [{"indicator": part, "value": here.get(part.code)} for part in context["made_of"]]
        return render(request, "reports/figure_detail.html", context | {"share_parts": parts_of_share})
    if (rows := rows_behind(one, period, units, as_of=report.issued_at if report else None)) is None:
        raise Http404
    context["rows"] = rows
    title = lazy(lambda: f"{one.label} – {names[chosen]}, {period.screen_label}", str)()
    table = table_behind(request, rows, title=title, file_name=f"{indicator}-{period}-{chosen}".lower())
    return show_list(request, table, "reports/figure_detail.html", context)


def _explain(one: Indicator, period: Period) -> dict[str, Any]:
    """Return what the figure counts, what is checked of it, and of which others it is made."""
    return {
        "indicator": one, "definition": one.define(period), "checks": checks_of(one.code),
        "made_of": [INDICATORS[part] for part in one.share_of or ()],
    }  # fmt: skip


def _rank(request: HttpRequest, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the units in the order that is asked for (the greatest figure first, none last), and the ways to both."""
    asked = request.GET.copy()
    ranked = asked.pop("order", [""])[-1] == "figure"
    plain = asked.urlencode()
    asked["order"] = "figure"
    if ranked:
        parts = sorted(parts, key=lambda part: (part["value"] is None, -(part["value"] or 0)))
    return {
        "parts": parts, "is_ranked": ranked, "plain_query": plain, "ranked_query": asked.urlencode(),
        "of_none": all(part["value"] is None for part in parts),
    }  # fmt: skip


def _find_version(request: HttpRequest, reports: Any) -> Report | None:
    """Return the version that is asked for; 404 where there is none."""
    asked = request.GET.get("version")
    if asked is None:
        return None
    found: Report | None = (
        reports.defer("canonical", "payload").filter(version=whole_number(asked, most=9999) or 0).first()
    )
    if found is None:
        raise Http404
    return found


def _read_figures(
    unit: Unit, period: Period, tree: DatedTree, figures: FigureSet, report: Report | None
) -> tuple[Figures, dict[str, Figures], Figures]:
    """Return total, by unit and own: as issued, else as they are now; of who did not report a 0 is no figure."""
    if report is not None:
        return report.exact["figures"], report.exact["by_unit"], report.exact["own"]
    reporting = read_reporting(unit, period, tree, figures.names)
    quiet = {code for one in reporting for code in one.silent}  # of a year those too that sent one half-year only
    return figures.figures, without_silence(figures.by_unit, quiet), figures.own
