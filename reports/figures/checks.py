"""Checks of what a unit declares: errors refuse, remarks ask to look again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from portal.lib.vietnamese import format_int
from portal.vocabulary import ProgrammeKind
from reports.figures.catalogue import DECLARED, INDICATORS, Measure, unlisted_pair
from reports.figures.rollup import Figures

GREATEST = 10**15
_NOTE = 10  # a figure so many times the last one is only sent with a note why
_JUMP = 3  # a figure three times the last one, or a third of it, asks for a second look
_LEAST_JUMP = 20  # small figures jump by nature

_TOGETHER = (
    ("communication.attendees", "communication.events"),
    ("training.attendees", "training.classes"),
    ("funds.topup_amount", "funds.topup_policy"),
    ("centres.classes", "centres.active"),
    ("centres.learners", "centres.classes"),
    ("inspection.bodies", "inspection.held"),
)
_PARTS = (("centres.active", "centres.total"), ("inspection.faults", "inspection.held"))
_BOTH = tuple(unlisted_pair(kind) for kind in ProgrammeKind)


class Remark(NamedTuple):
    """A sentence about one indicator; `refuses` when it cannot be submitted like this."""

    indicator: str
    sentence: str
    refuses: bool
    asks_note: bool = False  # a note beside the figure settles it


def check_declared(
    values: Figures, last: Figures, notes: Mapping[str, str] | None = None, held: int | None = None
) -> list[Remark]:
    """Return what is wrong or odd about declared figures, in the catalogue's order; `last`: the half-year before.

    `notes`: what the unit says of a figure, by indicator. `held`: what its funds had to give in the half-year.
    """
    remarks = [
        *_impossible(values), *_contradictions(values), *_odd(values, last, notes or {}), *_beyond_funds(values, held),
    ]  # fmt: skip
    order = {indicator.code: place for place, indicator in enumerate(DECLARED)}
    return sorted(remarks, key=lambda remark: (order[remark.indicator], not remark.refuses))


def _impossible(values: Figures) -> list[Remark]:
    remarks = []
    for code, value in values.items():
        if not 0 <= value <= GREATEST:
            remarks.append(Remark(code, _("%(value)s cannot be right.") % {"value": format_int(value)}, True))
        elif INDICATORS[code].measure is Measure.UNITS and value > 1:
            sentence = _("Write 1 if there is such a policy, 0 if there is none, not %(value)s.")
            remarks.append(Remark(code, sentence % {"value": format_int(value)}, True))
    return remarks


def _contradictions(values: Figures) -> list[Remark]:
    remarks = []
    for much, how_often in _TOGETHER:
        if values.get(much) and not values.get(how_often) and how_often in values:
            sentence = _("%(value)s is given here, yet “%(other)s” is 0.")
            told = {"value": format_int(values[much]), "other": INDICATORS[how_often].label}
            remarks.append(Remark(much, sentence % told, True))
    for part, whole in _PARTS:
        if part in values and whole in values and values[part] > values[whole]:
            sentence = _("%(value)s is more than the %(whole)s of “%(other)s”, of which it is a part.")
            told = {
                "value": format_int(values[part]), "whole": format_int(values[whole]),
                "other": INDICATORS[whole].label,
            }  # fmt: skip
            remarks.append(Remark(part, sentence % told, True))
    for pair in _BOTH:
        for much, other in (pair, pair[::-1]):
            if values.get(much) and not values.get(other):
                sentence = _("%(value)s is given here, but “%(other)s” says nothing. Write both.")
                told = {"value": format_int(values[much]), "other": INDICATORS[other].label}
                remarks.append(Remark(much, sentence % told, True))
    return remarks


def _beyond_funds(values: Figures, held: int | None) -> list[Remark]:
    amounts = {pair[1]: values[pair[1]] for pair in _BOTH if values.get(pair[1])}
    given = sum(amounts.values())
    if held is None or given <= held:
        return []
    sentence = _(
        "%(value)s đồng were given without a list; the unit's funds had %(held)s to give. What givers paid directly "
        "may stand here; else look again."
    )
    told = {"value": format_int(given), "held": format_int(held)}
    return [Remark(max(amounts, key=lambda code: amounts[code]), sentence % told, False)]


def _odd(values: Figures, last: Figures, notes: Mapping[str, str]) -> list[Remark]:
    remarks = []
    for code, value in values.items():
        registered = values.get(code.replace(".recognised", ".registered"))
        if code.endswith(".recognised") and registered is not None and value > registered:
            sentence = _("%(value)s recognised are more than the %(registered)s registered.")
            told = {"value": format_int(value), "registered": format_int(registered)}
            remarks.append(Remark(code, sentence % told, False))
        before = last.get(code)
        if notes.get(code):
            continue
        if before and value >= max(_NOTE * before, _LEAST_JUMP):
            sentence = _("%(value)s is ten times the last half-year's %(before)s or more. Say why in the note.")
            told = {"value": format_int(value), "before": format_int(before)}
            remarks.append(Remark(code, sentence % told, True, asks_note=True))
        elif before and max(value, before) >= _LEAST_JUMP and (value >= _JUMP * before or value * _JUMP <= before):
            sentence = _("%(value)s is far from the last half-year's %(before)s. Please look again.")
            told = {"value": format_int(value), "before": format_int(before)}
            remarks.append(Remark(code, sentence % told, False))
    return remarks
