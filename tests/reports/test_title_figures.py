"""Titles on the lists counted by model and stage, each in its half-year, beside what units declare; and their rows."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from members.services.titles import decide_titles
from portal.lib.periods import HalfYear
from portal.services.periods import close_through
from portal.vocabulary import LearningModel, TitleStage
from reports.figures import INDICATORS, compute
from tests.members.titles import bring_on, make_criteria, make_title, recognise

pytestmark = pytest.mark.django_db
H1, H2 = HalfYear(2026, 1), HalfYear(2026, 2)


def stages(unit, half, model="family"):
    figures = compute(unit, half).figures
    return [figures[f"titles.{model}.listed.{stage}"] for stage in TitleStage]


@pytest.fixture
def titles(tree, site_profile, officer_lechan, approver_lechan):
    """Five families of a ward: two recognised in June, one evaluated, one with its dossier, one registered."""
    make_criteria()
    made = [make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}") for number in range(5)]
    bring_on(made[:3], officer_lechan)
    bring_on(made[3:4], officer_lechan, until="hand_in")
    recognise(made[:2], approver_lechan)
    return made


def test_each_stage_is_counted_by_model_and_rolls_up(tree, titles):
    for code in ("LECHAN", "HP"):
        assert stages(tree[code], H1) == [5, 4, 3, 3, 2, 0]
        assert stages(tree[code], H1, "lineage") == [0, 0, 0, 0, 0, 0]
    assert compute(tree["HP"], H1).by_unit["11383"]["titles.family.listed.recognised"] == 2
    assert stages(tree["NGOQUYEN"], H1)[0] == 0
    assert "titles.family.recognised" not in compute(tree["HP"], H1).figures  # nobody declared: blank, never the lists'
    every = {f"titles.{model}.listed.{stage}" for model in LearningModel for stage in TitleStage}
    assert every <= set(INDICATORS)
    assert all(str(INDICATORS[code].definition) for code in every)


def test_after_closing_nothing_moves_and_late_steps_count_in_the_open_half(tree, titles, approver_lechan, leader):
    before = stages(tree["HP"], H1)
    close_through(unit=tree["HP"], half=H1, reason="Đã ban hành", actor=leader)
    recognise(titles[2:3], approver_lechan, on_day=dt.date(2026, 6, 20))  # learned late
    revoked = {titles[0].pk: None}
    decide_titles(
        verb="revoke", chosen=revoked, on_day=dt.date(2026, 8, 1), reason="Khai sai sự thật", actor=approver_lechan
    )  # fmt: skip
    assert stages(tree["HP"], H1) == before
    assert stages(tree["HP"], H2) == [0, 0, 0, 0, 1, 1]


def test_a_figure_leads_to_its_rows(client_of, tree, titles, leader, officer_ngoquyen):
    page = reverse("figure_detail", args=[H1, "HP", "titles.family.listed.recognised"])
    answer = client_of(leader).get(f"{page}?unit=11383")
    assert answer.context["rows"].total == answer.context["value"] == 2
    text = answer.content.decode()
    assert "Gia đình số 0" in text
    assert "Gia đình số 4" not in text
    assert client_of(officer_ngoquyen).get(page).status_code == 404
