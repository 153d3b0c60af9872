"""Checks of figures, each with its indicators and the sentence that the dictionary says of it.

What a unit declares: errors refuse, remarks ask to look again. What is computed is proved before a report is frozen.
Nothing is said to be checked that is not: a sentence stands with the check that runs, or names the constraint that the
database holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.lib.vietnamese import format_int
from portal.vocabulary import LearningModel, ProgrammeKind
from reports.figures.catalogue import (
    COMPUTED,
    DECLARED,
    INDICATORS,
    LISTABLE,
    POPULATION,
    SHARES,
    unlisted_pair,
)
from reports.figures.measures import Measure
from reports.figures.rollup import Figures, FigureSet, add_shares

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
_STAGES = tuple((f"titles.{model}.recognised", f"titles.{model}.registered") for model in LearningModel)

#: Opening and what came in, less what went out, is closing.
_CAME_IN = ("funds.opening", "funds.income", "funds.taken_over", "funds.recalled")
_WENT_OUT = ("funds.spending", "funds.passed_on", "funds.refunded")
_BALANCE = (*_CAME_IN, *_WENT_OUT, "funds.closing")


class Remark(NamedTuple):
    """A sentence about one indicator; `refuses` when it cannot be submitted like this."""

    indicator: str
    sentence: str
    refuses: bool
    asks_note: bool = False  # a note beside the figure settles it

    @property
    def told(self) -> str:
        """The sentence where it does not stand beside its figure: with the figure's name."""
        return f"{INDICATORS[self.indicator].label}: {self.sentence}"


@dataclass(frozen=True)
class Declared:
    """What a unit declares, what it declared last, its notes by indicator, and what its funds had to give."""

    values: Figures
    last: Figures = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    held: int | None = None


@dataclass(frozen=True)
class Check:
    """What holds of the indicators `codes`, in one sentence, and one of the ways in which it is held.

    `find` looks through what a unit declares, `holds` at each row of computed figures (a unit's, or the total); `adds`
    says that the total is the sum of its rows; `constraint` is the database's.
    """

    codes: tuple[str, ...]
    sentence: Promise | str
    find: Callable[[Declared], Iterator[Remark]] | None = None
    holds: Callable[[Figures], bool] | None = None
    adds: bool = False
    constraint: str = ""


def check_declared(
    values: Figures, last: Figures, notes: Mapping[str, str] | None = None, held: int | None = None
) -> list[Remark]:
    """Return what is wrong or odd about declared figures, in the catalogue's order; `last`: the half-year before.

    `notes`: what the unit says of a figure, by indicator. `held`: what its funds had to give in the half-year.
    """
    declared = Declared(values, last, notes or {}, held)
    remarks = [remark for check in CHECKS if check.find is not None for remark in check.find(declared)]
    order = {indicator.code: place for place, indicator in enumerate(DECLARED)}
    return sorted(remarks, key=lambda remark: (order[remark.indicator], not remark.refuses))


def find_contradictions(figure_set: FigureSet) -> list[tuple[str, Check]]:
    """Return which checks of computed figures do not hold, each with the code of the unit whose row shows it.

    None can fail while the roll-up is right: what is found here is a fault of the portal, not of a unit.
    """
    unit = figure_set.unit.code
    rows = [(unit, figure_set.figures), (unit, figure_set.own), *figure_set.by_unit.items()]
    found = [(code, check) for check in CHECKS if check.holds is not None for code, row in rows if not check.holds(row)]
    found += [
        (unit, check) for check in CHECKS if check.adds and not all(_adds_up(code, figure_set) for code in check.codes)
    ]
    return found


def _adds_up(code: str, figure_set: FigureSet) -> bool:
    total, own, by_unit = figure_set.figures.get(code), figure_set.own, figure_set.by_unit
    if not INDICATORS[code].recorded:
        return (total or 0) == sum(row.get(code, 0) for row in (own, *by_unit.values()))
    if total is None or code in own:  # a number of the unit itself speaks for everything below it
        return total == own.get(code)
    standing = [row.get(code) for name, row in by_unit.items() if name not in figure_set.not_handed_over]
    return None not in standing and total == sum(one or 0 for one in standing)


def checks_of(code: str) -> list[str]:
    """Return what is checked of an indicator, one sentence each, in the language that is on."""
    return list(dict.fromkeys(str(check.sentence) for check in CHECKS if code in check.codes))


def _in_range(declared: Declared) -> Iterator[Remark]:
    for code, value in declared.values.items():
        if not 0 <= value <= GREATEST:
            yield Remark(code, _("%(value)s cannot be right.") % {"value": format_int(value)}, True)


def _yes_or_no(declared: Declared) -> Iterator[Remark]:
    for code, value in declared.values.items():
        if INDICATORS[code].measure is Measure.UNITS and 1 < value <= GREATEST:
            sentence = _("Write 1 if there is such a policy, 0 if there is none, not %(value)s.")
            yield Remark(code, sentence % {"value": format_int(value)}, True)


def _asks_for(much: str, how_often: str, declared: Declared) -> Iterator[Remark]:
    values = declared.values
    if values.get(much) and not values.get(how_often) and how_often in values:
        sentence = _("%(value)s is given here, yet “%(other)s” is 0.")
        told = {"value": format_int(values[much]), "other": INDICATORS[how_often].label}
        yield Remark(much, sentence % told, True)


def _is_part(part: str, whole: str, declared: Declared) -> Iterator[Remark]:
    values = declared.values
    if part in values and whole in values and values[part] > values[whole]:
        sentence = _("%(value)s is more than the %(whole)s of “%(other)s”, of which it is a part.")
        told = {
            "value": format_int(values[part]), "whole": format_int(values[whole]), "other": INDICATORS[whole].label,
        }  # fmt: skip
        yield Remark(part, sentence % told, True)


def _both_or_none(pair: tuple[str, str], declared: Declared) -> Iterator[Remark]:
    values = declared.values
    for much, other in (pair, pair[::-1]):
        if values.get(much) and not values.get(other):
            sentence = _("%(value)s is given here, but “%(other)s” says nothing. Write both.")
            told = {"value": format_int(values[much]), "other": INDICATORS[other].label}
            yield Remark(much, sentence % told, True)


def _within_funds(declared: Declared) -> Iterator[Remark]:
    values, held = declared.values, declared.held
    amounts = {pair[1]: values[pair[1]] for pair in _BOTH if values.get(pair[1])}
    given = sum(amounts.values())
    if held is None or given <= held:
        return
    sentence = _(
        "%(value)s đồng were given without a list; the unit's funds had %(held)s to give. What givers paid directly "
        "may stand here; else look again."
    )
    told = {"value": format_int(given), "held": format_int(held)}
    yield Remark(max(amounts, key=lambda code: amounts[code]), sentence % told, False)


def _within_registered(recognised: str, registered: str, declared: Declared) -> Iterator[Remark]:
    value, whole = declared.values.get(recognised), declared.values.get(registered)
    if value is not None and whole is not None and value > whole:
        sentence = _("%(value)s recognised are more than the %(registered)s registered.")
        told = {"value": format_int(value), "registered": format_int(whole)}
        yield Remark(recognised, sentence % told, False)


def _like_last(declared: Declared) -> Iterator[Remark]:
    for code, value in declared.values.items():
        before = declared.last.get(code)
        if not before or declared.notes.get(code):
            continue
        told = {"value": format_int(value), "before": format_int(before)}
        if value >= max(_NOTE * before, _LEAST_JUMP):
            sentence = _("%(value)s is ten times the last half-year's %(before)s or more. Say why in the note.")
            yield Remark(code, sentence % told, True, asks_note=True)
        elif max(value, before) >= _LEAST_JUMP and (value >= _JUMP * before or value * _JUMP <= before):
            sentence = _("%(value)s is far from the last half-year's %(before)s. Please look again.")
            yield Remark(code, sentence % told, False)


def _is_balanced(row: Figures) -> bool:
    came, went = sum(row.get(code, 0) for code in _CAME_IN), sum(row.get(code, 0) for code in _WENT_OUT)
    return came - went == row.get("funds.closing", 0)


def _is_not_negative(codes: tuple[str, ...], row: Figures) -> bool:
    return all(row.get(code, 0) >= 0 for code in codes)


def _is_sum(whole: str, parts: tuple[str, ...], row: Figures) -> bool:
    return row.get(whole, 0) == sum(row.get(code, 0) for code in parts)


def _is_within(whole: str, part: str, row: Figures) -> bool:
    return row.get(part, 0) <= row.get(whole, 0)


def _go_together(count: str, amount: str, row: Figures) -> bool:
    return (row.get(count, 0) > 0) == (row.get(amount, 0) > 0)


def _is_share(code: str, row: Figures) -> bool:
    anew = {name: value for name, value in row.items() if not INDICATORS[name].share_of}
    add_shares(anew)
    is_left_out = INDICATORS[code].is_per_head and code not in row  # of what a unit holds beside its children
    return is_left_out or anew.get(code) == row.get(code)


def _write(sentence: Promise, **codes: str) -> str:
    told: str = sentence % {name: INDICATORS[code].label for name, code in codes.items()}
    return told


def _write_sum(whole: str, parts: tuple[str, ...]) -> str:
    named = ", ".join(f"“{INDICATORS[code].label}”" for code in parts)
    return _("“%(whole)s” is the sum of its parts: %(parts)s.") % {"whole": INDICATORS[whole].label, "parts": named}


_write_later, _write_sum_later = lazy(_write, str), lazy(_write_sum, str)


def _of_declared() -> Iterator[Check]:
    codes = tuple(indicator.code for indicator in DECLARED)
    numbers = tuple(indicator.code for indicator in DECLARED if not indicator.yes_no)
    yield Check(codes, gettext_lazy("It is a whole number, not below 0 and not above a million billion."), _in_range)
    yield Check(tuple(code for code in codes if code not in numbers), gettext_lazy("It is a yes or a no."), _yes_or_no)
    yield Check(
        codes,
        gettext_lazy(
            "Ten times the last half-year's or more asks for a note; three times or a third, for a second look."
        ),
        _like_last,
    )
    yield Check(
        tuple(code for code in codes if code in LISTABLE),
        gettext_lazy("Where lines stand under it, it is their sum."), constraint="declared_value_evidence",
    )  # fmt: skip
    for much, how_often in _TOGETHER:
        sentence = gettext_lazy("“%(much)s” above 0 asks for “%(other)s” above 0.")
        said = _write_later(sentence, much=much, other=how_often)
        yield Check((much, how_often), said, partial(_asks_for, much, how_often))
    for part, whole in _PARTS:
        yield Check((part, whole), _say_within(part, whole), partial(_is_part, part, whole))
    for pair in _BOTH:
        yield Check(pair, _say_together(*pair), partial(_both_or_none, pair))
    yield Check(
        tuple(amount for _turns, amount in _BOTH),
        gettext_lazy("More than the unit's funds had to give asks for a second look."), _within_funds,
    )  # fmt: skip
    for recognised, registered in _STAGES:
        sentence = gettext_lazy("“%(part)s” above “%(whole)s” asks for a second look.")
        said = _write_later(sentence, part=recognised, whole=registered)
        yield Check((recognised, registered), said, partial(_within_registered, recognised, registered))


def _of_computed() -> Iterator[Check]:
    codes = tuple(indicator.code for indicator in COMPUTED)
    yield Check(codes, gettext_lazy("The total is the sum of its units and of what stands beside them."), adds=True)
    sentence = gettext_lazy("The total is the unit's own number, or the sum of all its units; never of some of them.")
    yield Check((POPULATION,), sentence, adds=True)
    yield Check(codes, gettext_lazy("It is never below 0."), holds=partial(_is_not_negative, codes))
    sentence = gettext_lazy("Funds at the beginning and what came in, less what went out, are the funds at the end.")
    yield Check(_BALANCE, sentence, holds=_is_balanced)
    families: dict[tuple[str, str], list[str]] = {}
    for one in COMPUTED:
        if one.family:
            families.setdefault((one.whole, one.family), []).append(one.code)
    for (whole, _family), parts in families.items():
        if len(parts) == 1:
            part = parts[0]
            yield Check((whole, part), _say_within(part, whole), holds=partial(_is_within, whole, part))
            continue
        said = _write_sum_later(whole, tuple(parts))
        yield Check((whole, *parts), said, holds=partial(_is_sum, whole, tuple(parts)))
    for one in COMPUTED:
        if one.measure is Measure.MONEY and one.follows:
            pair = (one.follows, one.code)
            yield Check(pair, _say_together(*pair), holds=partial(_go_together, *pair))
    for one in SHARES:
        part, whole = one.share_of or ("", "")
        sentence = gettext_lazy("It is “%(part)s” divided by “%(whole)s”, at each level anew.")
        yield Check((one.code,), _write_later(sentence, part=part, whole=whole), holds=partial(_is_share, one.code))


def _say_within(part: str, whole: str) -> str:
    sentence = gettext_lazy("“%(part)s” is a part of “%(whole)s” and never above it.")
    return _write_later(sentence, part=part, whole=whole)


def _say_together(count: str, amount: str) -> str:
    sentence = gettext_lazy("“%(count)s” and “%(amount)s” are both above 0, or neither is.")
    return _write_later(sentence, count=count, amount=amount)


CHECKS: tuple[Check, ...] = (*_of_declared(), *_of_computed())
