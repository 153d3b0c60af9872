"""What figures are counted in, and how those of a parent and of a year come about."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Measure(StrEnum):
    """What a figure is counted in."""

    TURNS = "turns"
    PEOPLE = "people"
    MONEY = "money"  # whole đồng
    COUNT = "count"
    UNITS = "units"  # of a unit 0 or 1; of its parent, how many units
    SHARE = "share"  # thousandths


MEASURE_LABELS = {
    Measure.TURNS: _("turns"),
    Measure.PEOPLE: _("people"),
    Measure.MONEY: _("đồng"),
    Measure.COUNT: "",
    Measure.UNITS: _("units"),
    Measure.SHARE: "%",
}


class RollUp(StrEnum):
    """How a parent's figure comes about from its children's."""

    SUM = "sum"
    SHARE = "share"  # of two other indicators, at each level anew
    NONE = "none"


class OverTime(StrEnum):
    """How the figure of a year comes about from its two half-years, as they were counted and published.

    A flow is what both add up to, so that a year never contradicts what its half-years said: what the first gave and
    the second took back stays among what was given, and is among what was taken back. What stands on a day is that of
    the last day; the first half-year's is no answer for it, so who sent only that one has not reported it. Of what is
    said once for a year the second half-year's word stands, else the first's. People are counted anew.
    """

    SUM = "sum"
    FIRST = "first"  # what there was when the year began, and what was opened in it
    LAST = "last"
    LATEST = "latest"
    ONCE = "once"
    ANEW = "anew"  # a share, of the year's own figures


#: The same in a sentence, behind the definition of an indicator in the report of a year.
OVER_TIME_WORDS = {
    OverTime.SUM: _("Of a year: both half-years added up, each as it was counted."),
    OverTime.FIRST: _("Of a year: when the year began, with the opening balances of funds opened in it."),
    OverTime.LAST: _("Of a year: that of the second half-year; that of the first does not stand for it."),
    OverTime.LATEST: _(
        "Of a year: what was declared with the second half-year, else with the first; the two are never added, since "
        "both speak of the same year."
    ),
    OverTime.ONCE: _("Of a year: who received in both half-years counts once."),
    OverTime.ANEW: _("Of a year: computed anew from the figures of the year."),
}
