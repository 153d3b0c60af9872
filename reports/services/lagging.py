"""Which units lag behind: late or missing, or lower than a year ago. For the association's own eyes.

The public document names them only where the site's own setting says so (`SiteProfile.names_lagging`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext

from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money
from portal.models import SiteProfile
from reports.figures import INDICATORS, FigureSet, Measure, due_on
from reports.models import Submission
from reports.services.wording import compare_counts, join_list, lower_name, say_a_year_ago

#: What is compared with the same half-year a year ago.
COMPARED = ("disbursements.turns", "disbursements.amount", "members.new", "titles.family.recognised")
_LEAST_FALL = 10  # hundredths: what falls by less is no lagging
_MOST_NAMED = 5  # units in the public sentence


@dataclass(frozen=True)
class Lag:
    """A unit that lags, and the sentences that say why."""

    code: str
    name: str
    reasons: list[str]
    fall: float = 0  # the greatest one, as a share
    half: HalfYear | None = None  # which one was not sent


def may_name_lagging() -> bool:
    """Whether public documents may name units that lag."""
    return bool(SiteProfile.objects.values_list("names_lagging", flat=True).first())


def find_fallen(figures: FigureSet, before: FigureSet | None) -> list[Lag]:
    """Return the units whose figures fell by a tenth or more against those issued a year ago, the deepest fall first.

    Only figures that both half-years have: what was not reported, or is withheld, says nothing.
    """
    if before is None:
        return []
    fallen = []
    for code, now in figures.by_unit.items():
        was = before.by_unit.get(code, {})
        falls = {
            one: (was[one] - now[one]) / was[one]
            for one in COMPARED
            if one in now
            and was.get(one, 0) > 0
            and now[one] >= 0
            and 100 * (was[one] - now[one]) >= _LEAST_FALL * was[one]
        }
        if falls:
            reasons = [_say_fall(one, now[one], was[one]) for one in falls]
            fallen.append(Lag(code, figures.names[code], reasons, max(falls.values())))
    return sorted(fallen, key=lambda lag: (-lag.fall, lag.code))


@official_language()
def _say_fall(code: str, now: int, was: int) -> str:
    write = format_money if INDICATORS[code].measure is Measure.MONEY else format_int
    return f"{str(INDICATORS[code].label).lower()} {compare_counts(now, was)} ({write(was)} → {write(now)})"


def find_unsent(half: HalfYear, owing: Mapping[str, str], submissions: Mapping[str, Submission]) -> list[Lag]:
    """Return the units (code -> name) of which no approved half-year stands, with how many days they are late."""
    due, today = due_on(half), timezone.localdate()
    found = []
    for code, name in owing.items():
        one = submissions.get(code)
        if one is not None and one.was_approved:
            continue
        told = [one.get_state_display() if one else gettext("Not begun")]
        if one is not None and one.reason:
            told.append(one.reason)
        late = (today - due).days if one is None or one.is_editable else 0
        found.append(Lag(code, name, told, max(late, 0), half))
    return sorted(found, key=lambda lag: -lag.fall)


def tell_lagging(figures: FigureSet, before: FigureSet | None) -> list[str]:
    """Return the public sentence that names the units that fell; [] where none did. From public figures alone."""
    named = [f"{lower_name(lag.name)} ({'; '.join(lag.reasons)})" for lag in find_fallen(figures, before)[:_MOST_NAMED]]
    return [f"So với {say_a_year_ago(figures.period)}, kết quả giảm ở {join_list(named)}."] if named else []
