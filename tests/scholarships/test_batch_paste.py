"""Cells pasted from a spreadsheet: read by the code that reads workbooks, looked at, then part of the list."""

from __future__ import annotations

import pytest
from django.urls import reverse

from intakes.models import Intake
from intakes.services.intakes import commit_intake, plan_intake
from scholarships.services.batches import submit_batch
from scholarships.services.pasting import paste_rows

pytestmark = pytest.mark.django_db

HEAD = "STT\tHọ và tên\tNgày sinh\tLớp\tTrường\tHình thức\tSố tiền\tNgày nhận"
NAMES = ("Lê Thị Hoa", "Phạm Văn Bách", "Vũ Thị Cúc", "Đỗ Văn Dũng")


def block(*, head: bool, amounts=("500.000", "300.000", "300.000", "1.5")) -> str:
    rows = [
        f"{place}\t{name}\t1{place}/03/201{place}\t6A\tTHCS Võ Thị Sáu\tKhen thưởng\t{amount}\t20/05/2023"
        for place, (name, amount) in enumerate(zip(NAMES, amounts, strict=True), start=1)
    ]
    return "\r\n".join([HEAD, *rows] if head else rows) + "\r\n"


@pytest.mark.parametrize("head", [True, False])
def test_a_block_with_or_without_headings_joins_the_list_once_it_was_looked_at(
    client_of, officer_lc, draft, programmes, head
):
    client = client_of(officer_lc)
    sent = client.post(reverse("batch_paste", args=[draft.pk]), {"text": block(head=head)})
    intake = Intake.objects.get()
    assert sent.headers["Location"] == reverse("intake_preview", args=[intake.pk])
    plan = plan_intake(intake=intake, actor=officer_lc)
    assert [row.name for row in plan.accepted] == list(NAMES[:3])
    assert [row.name for row in plan.rejected] == [NAMES[3]]
    assert draft.disbursements.count() == 3  # nothing joins before it was looked at
    taken = commit_intake(intake=intake, token=plan.token, actor=officer_lc)
    assert taken.made == draft
    assert draft.disbursements.standing().count() == 6
    assert draft.disbursements.get(recipient__full_name="Vũ Thị Cúc").amount == 300_000


def test_a_cell_with_a_line_end_of_its_own_stays_one_cell(officer_lc, draft, programmes):
    text = block(head=True, amounts=("500.000", "300.000", "300.000", "400.000"))
    text = text.replace("THCS Võ Thị Sáu", '"THCS\nVõ Thị Sáu"', 1)
    plan = plan_intake(intake=paste_rows(batch=draft, text=text, actor=officer_lc), actor=officer_lc)
    assert len(plan.accepted) == 4


@pytest.mark.parametrize("text", ["", "Nguyễn Văn An\nTrần Thị Bình", "\t\t\n\t"])
def test_what_is_no_block_of_cells_is_refused_beside_the_field(client_of, officer_lc, draft, text):
    answer = client_of(officer_lc).post(reverse("batch_paste", args=[draft.pk]), {"text": text})
    assert list(answer.context["form"].errors) == ["text"]
    assert not Intake.objects.exists()


def test_nothing_is_pasted_into_a_list_that_was_sent(client_of, officer_lc, draft, programmes):
    submit_batch(batch=draft, actor=officer_lc)
    answer = client_of(officer_lc).post(reverse("batch_paste", args=[draft.pk]), {"text": block(head=True)})
    assert answer.status_code == 409
    assert not Intake.objects.exists()


def test_a_cell_is_filled_from_the_row_above_and_the_last_row_taken_back(client_of, officer_lc, draft, programmes):
    client, url = client_of(officer_lc), reverse("batch_entry", args=[draft.pk])
    row = {
        "full_name": "Trần Thị Bình", "birth": "15/3/2011", "programme": programmes["award"].pk, "amount": "300000",
        "given_on": "20/5/2023", "source": "fund", "school": "THCS Võ Thị Sáu", "school_class": "6A", "note": "Giải nhì",
    }  # fmt: skip
    client.post(url, row)
    ditto = dict.fromkeys(("birth", "amount", "given_on", "school", "school_class", "note"), '"')
    page = client.post(url, row | ditto | {"full_name": "Trần Thị Minh"}, follow=True)
    twin = draft.disbursements.get(recipient__full_name="Trần Thị Minh")
    assert (twin.amount, twin.school, twin.note, twin.recipient.birth_text) == (
        300_000, "THCS Võ Thị Sáu", "Giải nhì", "15/03/2011",
    )  # fmt: skip
    undo = reverse("row_remove", args=[draft.pk, twin.pk])
    assert f'id="undo-row" action="{undo}?from=entry"' in page.content.decode()
    page = client.get(url)
    assert page.context["rows"][0] == twin
    from_page = page.content.decode().split('id="undo-row"')[1].split('name="version" value="')[1].split('"')[0]
    page = client.post(f"{undo}?from=entry", {"version": from_page}, follow=True)
    assert not draft.disbursements.standing().filter(pk=twin.pk).exists()
    assert page.context["taken_out"] == twin  # and may be put back at once


def test_known_people_of_the_persons_units_are_proposed_and_no_others(client_of, officer_lc, officer_nq, draft):
    def propose(person, typed):
        return client_of(person).get(reverse("recipient_suggest"), {"q": typed}).json()["people"]

    assert {one["name"] for one in propose(officer_lc, "nguyen van")} == {
        one.recipient.full_name for one in draft.disbursements.select_related("recipient")
    }
    assert propose(officer_lc, "n") == []  # one letter is no question yet
    assert propose(officer_nq, "nguyen van") == []
