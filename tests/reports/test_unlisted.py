"""What a unit gave of which it has only the totals: by programme and kind, shown apart, added to no sum."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from reports import services
from reports.figures import compute
from reports.services.checking import look_over_submission
from reports.services.submissions import keep_evidence
from tests.reports import rows

H1 = HalfYear(2023, 1)
TOTALS = {"unlisted.turns.award": 40, "unlisted.amount.award": 8_000_000}


def declare(city, officer_lc, values):
    return rows.declare(city["LC"], H1, officer_lc, {"communication.events": 5} | values)


@pytest.mark.parametrize(
    "values",
    [{"unlisted.turns.award": 40}, {"unlisted.amount.award": 9}, TOTALS | {"unlisted.turns.award": 0}],
)
def test_turns_and_amount_are_declared_together(city, officer_lc, values):
    with pytest.raises(ValidationError):
        declare(city, officer_lc, values)


def test_totals_stand_apart_and_are_never_added(city, officer_lc, approver, leader, client, client_of):
    before = compute(city["HP"], H1).figures
    sent = declare(city, officer_lc, TOTALS)
    page = client_of(approver).get(reverse("submission_detail", args=[H1, "LC"]))
    assert page.context["filled"] == 1  # nobody waits for what only some have
    services.approve_submission(submission=sent, actor=approver)
    after = compute(city["HP"], H1)
    changed = {code for code, value in after.figures.items() if before.get(code) != value}
    assert changed == {*TOTALS, "communication.events"}
    assert {code: after.by_unit["LC"][code] for code in TOTALS} == TOTALS
    services.mark_missing(unit=city["NQ"], half=H1, reason="Không gửi", actor=approver)
    report = services.issue_report(unit=city["HP"], period=H1, actor=leader)
    (table,) = [one for one in report.payload["tables"] if "không có danh sách" in one["title"]]
    assert table["codes"] == [*TOTALS]
    assert report.payload["figures"]["disbursements.turns"] == before["disbursements.turns"]
    told = str(report.payload["narrative"])
    assert "khen thưởng 40 lượt, 8.000.000 đồng" in told
    assert "không cộng vào" in told
    read = client.get(reverse("report_public", args=[H1, "HP"])).content.decode()
    assert "Khen thưởng không có danh sách" in read
    data = client.get(reverse("open_data_file", args=[H1, "HP"])).content.decode()
    assert "unlisted.turns.award" in data


def test_its_sender_is_told_where_lists_of_the_kind_count_too(city, officer_lc):
    said = look_over_submission(declare(city, officer_lc, TOTALS), timezone.localdate())
    assert any("40" in one and "6" in one for one in said)  # of 19 turns in LC and its ward six are awards


def test_a_unit_of_several_programmes_says_of_which_and_both_figures_name_the_same(
    city, officer_lc, approver, client_of
):
    city["HP"].programmes.create(name="Thắp sáng ước mơ", kind="award")
    (usual,) = (
        city["HP"].programmes.filter(kind="award").exclude(name="Thắp sáng ước mơ").values_list("name", flat=True)
    )
    made = services.save_submission(unit=city["LC"], half=H1, values=TOTALS, texts={}, actor=officer_lc)
    client, turns, amount = client_of(officer_lc), *TOTALS
    with pytest.raises(ValidationError, match="chương trình nào"):
        services.submit_submission(submission=made, actor=officer_lc)
    page = reverse("submission_evidence", args=[H1, "LC", turns])
    shown = client.get(page).content.decode()
    assert 'value="Thắp sáng ước mơ"' in shown  # one line for each, the amount to be written
    lines = {"opened": "[]", "text_1": usual, "amount_1": "30", "text_2": "Thắp sáng ước mơ", "amount_2": ""}
    wrong = client.post(page, lines | {"text_1": "Một chương trình khác"})
    assert "không phải chương trình" in wrong.content.decode()
    assert client.post(page, lines).status_code == 302
    assert client.get(page).context["lines"] == [(usual, 30)]
    keep = {"unit": city["LC"], "half": H1, "actor": officer_lc}
    keep_evidence(indicator=amount, lines=[("Thắp sáng ước mơ", 1_000_000)], **keep)
    with pytest.raises(ValidationError, match="Thắp sáng ước mơ"):
        services.submit_submission(submission=made, actor=officer_lc)
    keep_evidence(indicator=amount, lines=[(usual, 6_000_000)], **keep)
    services.approve_submission(
        submission=services.submit_submission(submission=made, actor=officer_lc), actor=approver
    )
    drill = client_of(approver).get(reverse("figure_detail", args=[H1, "HP", amount]), {"unit": "LC"})
    assert f"{usual}: 6.000.000" in drill.content.decode()


def test_no_programme_stands_on_two_lines(city, officer_lc):
    (name,) = city["HP"].programmes.filter(kind="award").values_list("name", flat=True)
    with pytest.raises(ValidationError, match="hai dòng"):
        keep_evidence(
            unit=city["LC"], half=H1, indicator="unlisted.turns.award", lines=[(name, 1), (name, 2)], actor=officer_lc
        )
