"""What the report says is true: rounded, shared and compared figures hold for the exact ones behind them."""

import dataclasses
import datetime as dt
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.lib.periods import HalfYear
from portal.models import Unit
from reports.figures import COMPUTED, FigureSet
from reports.figures.rollup import add_shares
from reports.services.narrative import (
    Background,
    Telling,
    as_text,
    giving_sentence,
    topup_sentence,
    write_narrative,
)
from reports.services.wording import compare_counts, lower_name, say_who_reported

H1 = HalfYear(2023, 1)


def figure_set(figures=None, by_unit=None, names=None, half=H1, unit_name="Thành phố Hải Phòng", reporting=None):
    full = {one.code: 0 for one in COMPUTED} | (figures or {})
    add_shares(full)
    return FigureSet(
        unit=Unit(code="HP"),
        unit_name=unit_name,
        period=half,
        tree_date=dt.date(2023, 6, 30),
        figures=full,
        by_unit=by_unit or {},
        own={},
        names=names or {},
        reporting=reporting or {},
    )


def review_of_2023(**more):
    figures = {
        "disbursements.turns": 14936,
        "disbursements.amount": 10_426_900_000,
        "disbursements.turns.hardship": 9996,
        "disbursements.turns.scholarship": 5000,
        "disbursements.turns.award": 5000,
        "disbursements.turns.support": 4936,
        "disbursements.amount.scholarship": 5_000_000_000,
        "disbursements.amount.award": 2_000_000_000,
        "disbursements.amount.support": 3_426_900_000,
        "members.new": 1100,
        "recipients.distinct": 14000,
        "recipients.pupil": 14000,
    }
    names = {"HB": "Quận Hồng Bàng", "LC": "Quận Lê Chân", "TN": "Huyện Thủy Nguyên", "AL": "Huyện An Lão"}
    by_unit = {code: {"disbursements.turns": 100 + place} for place, code in enumerate(names)}
    return figure_set(figures | more, by_unit, names)


def text_of(figures, background=None, tellings=()):
    return as_text(write_narrative(figures, background or Background(), list(tellings)))


def test_the_review_of_2023_reads_as_the_association_wrote_it():
    text = text_of(review_of_2023())
    for said in (
        "gần 15.000 lượt học sinh",
        "hơn 10 tỷ đồng",
        "phát triển mới 1.100 hội viên",
        "trong đó đa số (9.996 lượt, 66,9%) có hoàn cảnh khó khăn",
        "14.936 lượt, 10.426.900.000 đồng",
        "I. KẾT QUẢ 6 THÁNG ĐẦU NĂM 2023",
        "III. PHƯƠNG HƯỚNG, NHIỆM VỤ 6 THÁNG CUỐI NĂM 2023",
    ):
        assert said in text, said


def test_nothing_is_said_of_what_nobody_reported():
    text = text_of(figure_set())
    assert "Các đơn vị chưa báo cáo số liệu tuyên truyền." in text
    assert "chưa ghi nhận lượt" in text
    assert "bổ sung Quỹ" not in text
    assert not re.search(r"\b0 (buổi|lượt|hội viên|lớp)", text)


@pytest.mark.parametrize(("having", "word"), [(1, "Một số"), (2, "Một số"), (3, "Đa số"), (4, "Tất cả")])
def test_the_word_for_a_share_of_units_counts_them_all(having, word):
    figures = review_of_2023()
    for code in list(figures.by_unit)[:having]:
        figures.by_unit[code] |= {"funds.topup_policy": 1, "funds.topup_amount": 500_000_000}
    assert topup_sentence(figures).startswith(f"{word} quận, huyện có chính sách bổ sung Quỹ khuyến học")


@given(turns=st.integers(1, 10**7), part=st.floats(0, 1))
def test_a_share_in_words_is_true(turns, part):
    hardship = int(turns * part)
    said = giving_sentence(
        figure_set(
            {
                "disbursements.turns": turns,
                "disbursements.amount": turns * 1000,
                "disbursements.turns.hardship": hardship,
            }
        )
    )
    if "đa số" in said:
        assert turns / 2 < hardship < turns
    elif "một số" in said:
        assert 0 < hardship <= turns / 2
    elif "tất cả đều" in said:
        assert hardship == turns
    else:
        assert hardship == 0
    for told in re.findall(r"([\d,]+)%\)", said):
        value = float(told.replace(",", "."))
        assert "dưới" in said or "trên" in said or abs(value - 100 * hardship / turns) <= 0.05 + 1e-9


@given(now=st.integers(0, 10**12), before=st.integers(1, 10**12))
def test_a_comparison_is_true(now, before):
    said = compare_counts(now, before)
    if said == "không thay đổi":
        assert now == before
    elif "lần" in said:
        assert now == before * int(said.split()[1].replace(".", ""))
    else:
        assert said.startswith("tăng" if now > before else "giảm")
        if "hơn 99,9%" in said:
            assert 999 * before < 1000 * (before - now) < 1000 * before
        elif "chưa đến" not in said:
            assert not now or said != "giảm 100%"
            percent = Fraction(said.split()[1].rstrip("%").replace(".", "").replace(",", "."))
            assert abs(percent - Fraction(100 * abs(now - before), before)) <= Fraction(5, 100)


def test_comparisons_stand_only_where_there_is_something_to_compare():
    last_year = figure_set(
        {"disbursements.turns": 13335, "disbursements.amount": 10_000_000_000, "members.new": 1000},
        half=HalfYear(2022, 1),
    )
    text = text_of(review_of_2023(), Background(last_year=last_year))
    assert "So với cùng kỳ năm trước (6 tháng đầu năm 2022), số lượt tăng 12% và số tiền tăng 4,3%." in text
    assert "phát triển mới 1.100 hội viên (tăng 10% so với cùng kỳ năm trước)" in text
    assert "6 tháng trước đó" not in text
    assert "So với" not in text_of(review_of_2023(), Background(last_year=figure_set(half=HalfYear(2022, 1))))


def test_the_same_words_of_two_units_are_told_once():
    tellings = [
        Telling("Quận Lê Chân", difficulties="Thiếu kinh phí."),
        Telling("Huyện An Lão", difficulties="Thiếu  kinh phí."),
    ]
    assert text_of(review_of_2023(), tellings=tellings).count("Thiếu kinh phí.") == 1
    assert "Quận Lê Chân, huyện An Lão: Thiếu kinh phí." in text_of(review_of_2023(), tellings=tellings)


def test_teachers_among_those_who_received_are_named():
    text = text_of(review_of_2023(**{"recipients.teacher": 3}))
    assert "lượt học sinh, giáo viên với số tiền" in text


def test_an_ended_unit_that_holds_something_is_not_asked_to_report():
    names = {"A": "Phường A", "B": "Phường B", "LC": "Quận Lê Chân (đã kết thúc, chưa bàn giao)"}
    figures = dataclasses.replace(figure_set({}, {}, names), reporting={"communication.events": 1})
    assert figures.count_asked() == 2
    assert say_who_reported(figures, "communication.events") == " (1/2 phường báo cáo)"
    declared = dataclasses.replace(figures, declared_in={"2025-H1": {"communication.events": frozenset({"LC"})}})
    assert declared.count_asked() == 3  # of a year: it has reported while it stood


def test_only_some_units_reporting_is_said():
    figures = review_of_2023(**{"communication.events": 120})
    figures.reporting["communication.events"] = 3
    assert "120 buổi tuyên truyền, nói chuyện chuyên đề (3/4 quận, huyện báo cáo)" in text_of(figures)


def test_part_of_the_units_is_named_once_and_never_called_the_whole_ground():
    declared = {"members.declared_total": 210_000, "chapters.total": 2400, "commendation.collectives": 51,
                "commendation.people": 228, "centres.total": 21, "centres.classes": 137}  # fmt: skip
    some, all_of_them = review_of_2023(**declared), review_of_2023(**declared)
    some.reporting.update(dict.fromkeys(declared, 3))
    all_of_them.reporting.update(dict.fromkeys(declared, 4))
    text = text_of(some)
    for said in (
        "Theo số liệu của 3/4 quận, huyện đã báo cáo, các đơn vị này có 210.000 hội viên và 2.400 chi hội.",
        "theo báo cáo của 3/4 quận, huyện: 51 tập thể được khen thưởng và 228 cá nhân",
        "Theo báo cáo của 3/4 quận, huyện, trên địa bàn có 21 trung tâm học tập cộng đồng; mở 137 lớp, chuyên đề.",
    ):
        assert said in text, said
    assert "toàn thành phố" not in text
    assert "toàn thành phố có 210.000 hội viên và 2.400 chi hội." in text_of(all_of_them)
    some.reporting["chapters.total"] = 2
    apart = "có 210.000 hội viên (3/4 quận, huyện báo cáo) và 2.400 chi hội (2/4 quận, huyện báo cáo)."
    assert apart in text_of(some)
    assert "toàn thành phố" not in text_of(some)


def test_a_unit_without_units_below_speaks_of_itself():
    alone, several = dataclasses.replace(figure_set(), is_alone=True), figure_set()
    assert "Các đơn vị chưa" in text_of(several)
    assert "ác đơn vị chưa" not in text_of(alone)
    assert "Đơn vị chưa báo cáo số liệu tuyên truyền." in text_of(alone)
    assert "Đơn vị chưa nêu nội dung này trong báo cáo." in text_of(alone)


def test_all_of_a_years_units_with_one_half_year_are_no_part_of_them():
    told = text_of(review_of_2023(), Background(owing=15, approved=15, partial=15))
    assert "được Hội cấp trên duyệt, nhưng đều mới báo cáo một kỳ;" in told
    told = text_of(review_of_2023(), Background(owing=15, approved=15, partial=14))
    assert "được Hội cấp trên duyệt, trong đó 14 đơn vị mới báo cáo một kỳ;" in told


def test_an_income_of_one_giver_is_said_once():
    funds = {"funds.opening": 0, "funds.income": 8_000_000, "funds.spending": 0, "funds.closing": 8_000_000}
    alone = text_of(review_of_2023(**funds, **{"funds.income.people": 8_000_000}))
    assert "thu 8 triệu đồng (toàn bộ do cá nhân ủng hộ)" in alone
    two = {"funds.income.people": 5_000_000, "funds.income.organisation": 3_000_000}
    assert "(cá nhân ủng hộ 5 triệu đồng; tổ chức" in text_of(review_of_2023(**funds, **two))


def test_a_units_name_in_a_sentence():
    assert [lower_name(name) for name in ("Quận Lê Chân", "Phường 5", "Chi hội A")] == [
        "quận Lê Chân", "Phường 5", "Chi hội A",
    ]  # fmt: skip
