"""Indicators and how they are composed: catalogue, the tree of a day, roll-up, what may be public, checks."""

from reports.figures.catalogue import (
    COMPUTED,
    DECLARED,
    EXPECTED,
    GROUP_LABELS,
    INDICATORS,
    LISTABLE,
    Annex,
    Group,
    Indicator,
    by_annex,
    by_group,
    unlisted_kind,
    unlisted_pair,
)
from reports.figures.checks import Remark, check_declared, checks_of, find_contradictions
from reports.figures.deadlines import due_dates, due_on
from reports.figures.disclosure import Doors, PublicFigures, public_figures
from reports.figures.measures import Measure, OverTime, RollUp
from reports.figures.rollup import Figures, FigureSet, compute, has_facts
from reports.figures.tree import DatedTree, Place, unit_kind

__all__ = [
    "COMPUTED",
    "DECLARED",
    "EXPECTED",
    "GROUP_LABELS",
    "INDICATORS",
    "LISTABLE",
    "Annex",
    "DatedTree",
    "Doors",
    "FigureSet",
    "Figures",
    "Group",
    "Indicator",
    "Measure",
    "OverTime",
    "Place",
    "PublicFigures",
    "Remark",
    "RollUp",
    "by_annex",
    "by_group",
    "check_declared",
    "checks_of",
    "compute",
    "due_dates",
    "due_on",
    "find_contradictions",
    "has_facts",
    "public_figures",
    "unit_kind",
    "unlisted_kind",
    "unlisted_pair",
]
