"""Figures of fewer than five people are not broken down in public, nor is the neighbour that would reveal them."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from portal.lib.periods import HalfYear
from portal.models import Unit
from reports.figures import FigureSet, public_figures
from reports.figures.rollup import add_shares

KINDS = ("scholarship", "award", "support")


def unit_figures(scholarship, award, support, hardship):
    turns = scholarship + award + support
    hardship = min(hardship, turns)
    figures = {"disbursements.turns": turns, "disbursements.turns.hardship": hardship, "recipients.distinct": turns}
    figures |= {
        f"disbursements.turns.{kind}": value for kind, value in zip(KINDS, (scholarship, award, support), strict=True)
    }
    figures |= {code.replace("turns", "amount"): value * 1000 for code, value in figures.items() if ".turns" in code}
    return figures


def figure_set(by_unit):
    total = {code: sum(figures[code] for figures in by_unit.values()) for code in next(iter(by_unit.values()))}
    for figures in (total, *by_unit.values()):
        add_shares(figures)
    return FigureSet(
        unit=Unit(code="HP"),
        unit_name="Thành phố",
        period=HalfYear(2023, 1),
        tree_date=dt.date(2023, 6, 30),
        figures=total,
        by_unit=by_unit,
        own={},
        names={code: code for code in by_unit},
    )


def test_large_figures_are_all_public():
    whole = figure_set({"A": unit_figures(20, 20, 20, 30), "B": unit_figures(10, 10, 10, 15)})
    public = public_figures(whole)
    assert public.by_unit == whole.by_unit
    assert public.figures == whole.figures
    assert public.withheld == {}


def test_a_small_cell_takes_its_amount_and_neighbours_with_it():
    whole = figure_set(
        {"A": unit_figures(9, 4, 8, 10), "B": unit_figures(20, 20, 21, 30), "C": unit_figures(30, 30, 30, 40)}
    )
    public = public_figures(whole)
    assert "disbursements.turns.award" not in public.by_unit["A"]
    assert "disbursements.amount.award" not in public.by_unit["A"]
    assert "disbursements.turns.support" not in public.by_unit["A"]  # else 21 - 9 - 8 tells
    assert "disbursements.turns.award" not in public.by_unit["B"]  # else the column's total tells
    assert public.by_unit["A"]["disbursements.turns"] == 21
    assert public.by_unit["C"] == whole.by_unit["C"]
    assert public.figures == whole.figures


def test_few_without_hardship_are_as_telling_as_few_in_hardship():
    public = public_figures(figure_set({"A": unit_figures(10, 10, 10, 27), "B": unit_figures(20, 20, 20, 30)}))
    assert "disbursements.turns.hardship" not in public.by_unit["A"]
    assert "disbursements.amount.hardship" not in public.by_unit["A"]
    assert "disbursements.hardship_share" not in public.by_unit["A"]
    assert "disbursements.turns.hardship" not in public.by_unit["B"]


def test_a_small_total_is_told_but_not_broken_down():
    public = public_figures(figure_set({"A": unit_figures(1, 1, 1, 2), "B": unit_figures(0, 0, 0, 0)}))
    assert public.figures["disbursements.turns"] == 3
    assert not any(code.startswith("disbursements.turns.") for code in public.figures)
    assert not any("turns" in code for code in public.by_unit["A"])


SMALL = st.integers(0, 12)
ROWS = st.lists(st.builds(unit_figures, SMALL, SMALL, SMALL, SMALL), min_size=1, max_size=6)


@given(rows=ROWS)
def test_nothing_small_is_shown_and_nothing_hidden_follows_by_subtraction(rows):
    whole = figure_set({f"U{place}": figures for place, figures in enumerate(rows)})
    public = public_figures(whole)
    counts = ["disbursements.turns", "disbursements.turns.hardship", *(f"disbursements.turns.{kind}" for kind in KINDS)]
    for code, figures in public.by_unit.items():
        assert all(figures.get(count, 0) == 0 or figures[count] >= 5 for count in counts)
        hidden = [kind for kind in KINDS if f"disbursements.turns.{kind}" not in figures]
        assert len(hidden) != 1 or "disbursements.turns" not in figures, (code, figures)
        turns, hardship = figures.get("disbursements.turns"), figures.get("disbursements.turns.hardship")
        assert turns is None or hardship is None or turns == hardship or turns - hardship >= 5
    for count in counts:
        hidden = [code for code, figures in public.by_unit.items() if count not in figures]
        alone = len(public.by_unit) == 1
        assert len(hidden) != 1 or count not in public.figures or alone
    for code, figures in public.by_unit.items():
        for count in counts:
            assert (count in figures) == (count.replace("turns", "amount") in figures), code


def test_turns_of_a_kind_of_people_are_withheld_with_their_number_and_the_other_way_round():
    """Three teachers received nine turns: neither is told, nor what would tell it, in the unit nor beside it."""
    turns = {f"recipients.turns.{kind}": count for kind, count in (("pupil", 40), ("student", 20), ("teacher", 9))}
    people = {f"recipients.{kind}": count for kind, count in (("pupil", 30), ("student", 12), ("teacher", 3))}
    row = {"disbursements.turns": 69, "recipients.distinct": 45} | turns | people
    other = {"disbursements.turns": 30, "recipients.distinct": 30, "recipients.turns.pupil": 20, "recipients.pupil": 20}
    other |= {"recipients.turns.teacher": 10, "recipients.teacher": 10}
    shown = public_figures(figure_set({"LC": row, "NQ": dict.fromkeys(row, 0) | other}))
    withheld = set(shown.withheld["LC"])
    assert {"recipients.teacher", "recipients.turns.teacher"} <= withheld
    for kind in ("pupil", "student", "teacher"):
        assert (f"recipients.{kind}" in withheld) == (f"recipients.turns.{kind}" in withheld)
    assert len(withheld) >= 4, "a second kind too, or the whole tells the first"
    assert {"recipients.teacher", "recipients.turns.teacher"} <= set(shown.withheld["NQ"])
    plain = public_figures(figure_set({"NQ": other}))
    assert plain.withheld == {}
