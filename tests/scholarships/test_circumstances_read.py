"""Each text about circumstances is shown with its reading and count; the officer corrects one for all its rows."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from intakes.services.intakes import answer_intake, commit_intake, plan_intake, start_intake
from scholarships.models import Disbursement
from scholarships.services.lists import DisbursementList
from tests.scholarships.test_services_intakes import line, workbook

pytestmark = pytest.mark.django_db
ROWS = [("An", "Hộ nghèo"), ("Bình", "Con CN"), ("Cúc", "Con CN"), ("Dung", "Không khó khăn"), ("Em", "")]


@pytest.fixture
def send(tree, programmes, fund_lc, site_profile, officer_lc):
    def start(family="Trần"):
        rows = [line(f"{family} {name}", circumstance=text) for name, text in ROWS]
        return start_intake(
            kind=DisbursementList(), unit=tree["LC"], half="2023-H1", mode="handed_out", file_name="ds.xlsx",
            content=workbook(*rows), actor=officer_lc,
        )  # fmt: skip

    return start


def shown(intake, actor):
    texts = plan_intake(intake=intake, actor=actor).circumstances
    return {text.text: (text.code, text.count, text.is_corrected, text.is_proposed) for text in texts}


def test_a_corrected_text_holds_for_all_its_rows_and_is_proposed_next_time(send, officer_lc, client_of):
    intake = send()
    assert shown(intake, officer_lc) == {
        "Con CN": ("other", 2, False, False),
        "Hộ nghèo": ("poor", 1, False, False),
        "Không khó khăn": ("other", 1, False, False),
    }
    url, client = reverse("intake_preview", args=[intake.pk]), client_of(officer_lc)
    assert "phủ định hoặc chưa rõ" in client.get(url).content.decode()
    post = {
        "t-0": "circumstance:Con CN", "w-0": "other", "m-0": "near_poor",
        "t-1": "circumstance:Hộ nghèo", "w-1": "poor", "m-1": "poor", "save": "1",
    }  # fmt: skip
    assert "Theo lần sửa của ông/bà" in client.post(url, post, follow=True).content.decode()
    intake.refresh_from_db()
    assert intake.answers == {"circumstance:Con CN": "near_poor"}
    commit_intake(intake=intake, token=plan_intake(intake=intake, actor=officer_lc).token, actor=officer_lc)
    taken = dict(Disbursement.objects.values_list("recipient__full_name", "circumstance"))
    assert taken == {
        "Trần An": "poor",
        "Trần Bình": "near_poor",
        "Trần Cúc": "near_poor",
        "Trần Dung": "other",
        "Trần Em": "",
    }
    later = send("Lê")
    assert shown(later, officer_lc)["Con CN"] == ("near_poor", 2, False, True)
    assert {row.values["circumstance_code"] for row in plan_intake(intake=later, actor=officer_lc).rows} == {
        "poor", "other", None,
    }  # fmt: skip
    assert "Theo lần trả lời trước" in client.get(reverse("intake_preview", args=[later.pk])).content.decode()


@pytest.mark.parametrize("answer", [{"circumstance:Con CN": "rich"}, {"circumstance:Không có chữ này": "poor"}])
def test_a_meaning_is_one_of_the_list_for_a_text_of_the_file(send, officer_lc, answer):
    intake = send()
    with pytest.raises(ValidationError):
        answer_intake(intake=intake, answers=answer, actor=officer_lc)
    assert answer_intake(intake=intake, answers={"circumstance:Con CN": "none"}, actor=officer_lc).answers
    intake.refresh_from_db()
    assert shown(intake, officer_lc)["Con CN"] == ("none", 2, True, False)


def test_notes_of_people_are_in_sight_and_those_of_form_are_folded(send, officer_lc, client_of):
    intake = send("TRẦN ")
    page = client_of(officer_lc).get(reverse("intake_preview", args=[intake.pk])).content.decode()
    assert page.index("không được tính là hoàn cảnh khó khăn") < page.index("Tệp được trình bày thế nào")
    plan = plan_intake(intake=intake, actor=officer_lc)
    assert "circumstance_denied" in {note.code for note in plan.open_notes}
    assert "circumstance_denied" not in {note.code for note in plan.quiet_notes}
