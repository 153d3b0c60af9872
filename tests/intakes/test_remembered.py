"""What a unit answered about one file is proposed with the next of the same layout, and applied by nobody but people."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from intakes.models import RememberedAnswer
from intakes.services.intakes import answer_intake, commit_intake, map_intake, plan_intake, start_intake
from intakes.services.remembered import remember, remembered_for
from scholarships.models import Disbursement
from scholarships.services.lists import DisbursementList
from tests.intakes.cases import book
from tests.scholarships.test_services_intakes import HEAD, line, workbook

pytestmark = pytest.mark.django_db
SENTENCE = "đơn vị đã trả lời"


@pytest.fixture
def lc(tree, programmes, fund_lc, site_profile):
    return tree["LC"]


def with_hidden_sheet(name, heading="Trường"):
    content = workbook(line(f"Trần {name}"), head=[heading if text == "Trường" else text for text in HEAD])
    book = load_workbook(BytesIO(content))
    draft = book.copy_worksheet(book.active)
    draft.title, draft.sheet_state, draft["B2"] = "Nháp", "hidden", f"Lê {name}"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def send(lc, officer_lc):
    def start(name, unit=lc, **values):
        return start_intake(
            kind=DisbursementList(), unit=unit, half="2023-H1", mode="handed_out", file_name="ds.xlsx",
            content=with_hidden_sheet(name, **values), actor=officer_lc,
        )  # fmt: skip

    return start


def take_in(intake, actor, choice):
    (asked,) = plan_intake(intake=intake, actor=actor).questions
    answer_intake(intake=intake, answers={asked.id: choice}, actor=actor)
    intake.refresh_from_db()
    return commit_intake(intake=intake, token=plan_intake(intake=intake, actor=actor).token, actor=actor)


def test_the_next_file_of_the_layout_proposes_the_answer_and_takes_nothing_by_itself(send, officer_lc, client_of):
    take_in(send("An"), officer_lc, "take")
    later = send("Bình")
    (asked,) = plan_intake(intake=later, actor=officer_lc).questions
    assert (asked.is_open, asked.before) == (True, "take")
    assert [row.status for row in plan_intake(intake=later, actor=officer_lc).rows] == ["new", "open"]
    page = client_of(officer_lc).get(reverse("intake_preview", args=[later.pk])).content.decode()
    assert SENTENCE in page
    assert 'value="take" checked' in page
    assert take_in(later, officer_lc, "leave_out").count == 1
    assert Disbursement.objects.count() == 3
    assert plan_intake(intake=send("Cúc"), actor=officer_lc).questions[0].before == "leave_out"


def test_another_layout_and_another_unit_are_not_told(send, officer_lc, lc, tree, client_of):
    take_in(send("An"), officer_lc, "take")
    other = send("Bình", heading="Lý do")
    assert plan_intake(intake=other, actor=officer_lc).questions[0].before == ""
    page = client_of(officer_lc).get(reverse("intake_preview", args=[other.pk])).content.decode()
    assert SENTENCE not in page
    (kept,) = RememberedAnswer.objects.all()
    assert remembered_for(unit=tree["NQ"], kind=kept.kind, layout=kept.layout) == {}
    assert remembered_for(unit=lc, kind=kept.kind, layout=kept.layout) == {"hidden_sheet": "take"}


def test_what_was_said_of_columns_is_proposed_with_the_next_file_and_taken_by_one_press(lc, officer_lc, client_of):
    def send_two_amounts(name):
        rows = [["Họ và tên", "Ngày sinh", "Hình thức", "Mức đề xuất", "Mức duyệt", "Ngày trao"]]
        rows += [[f"Lê {name} {one}", "01/03/2012", "Học bổng", 500_000, 400_000, "20/05/2023"] for one in ("A", "Bê")]
        return start_intake(
            kind=DisbursementList(), unit=lc, half="2023-H1", mode="handed_out", file_name="ds.xlsx",
            content=book(rows), actor=officer_lc,
        )  # fmt: skip

    first = send_two_amounts("An")
    map_intake(intake=first, mapping={"Mức duyệt": "amount", "Mức đề xuất": "ignore"}, actor=officer_lc)
    first.refresh_from_db()
    commit_intake(intake=first, token=plan_intake(intake=first, actor=officer_lc).token, actor=officer_lc)
    client, address = client_of(officer_lc), reverse("intake_preview", args=[send_two_amounts("Bình").pk])
    page = client.get(address)
    assert "cột “Mức duyệt” là: Số tiền" in page.content.decode()
    assert page.context["plan"].is_blocked  # nothing is applied by itself
    plan = client.post(address, {"columns_before": "1"}, follow=True).context["plan"]
    assert (plan.is_blocked, plan.amount) == (False, 800_000)


def test_what_is_too_long_is_not_kept_cut(lc, officer_lc):
    choices = {"repair:birth:2022": "2023", "repair:" + "x" * 200: "a"}
    remember(unit=lc, kind="disbursements", layout="l", choices=choices, by=officer_lc)
    assert remembered_for(unit=lc, kind="disbursements", layout="l") == {"repair:birth:2022": "2023"}
