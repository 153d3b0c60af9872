"""What everybody may check of the money: books of public funds, statements, the page that leads to them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json

import pypdfium2
import pytest
from django.urls import reverse

from portal.lib.periods import HalfYear, Year, parse_period
from reports.figures.pooling import FEWEST, pool_kinds
from reports.services import issue_report, mark_missing
from reports.services.open_books import FIELDS, book_lines
from reports.services.open_rows import POOLED
from reports.services.statements import public_funds_of, state
from scholarships.models import Fund, HandOver, LedgerEntry
from scholarships.services.batches import reverse_batch
from scholarships.services.donations import record_donation, reverse_donation
from tests import factories
from tests.reports import rows as made
from tests.two_persons import agree

pytestmark = pytest.mark.django_db
H1, H2 = HalfYear(2023, 1), HalfYear(2023, 2)


@pytest.fixture
def books(tree, site_profile, approver):
    """The city's public fund: gifts in money and kind, lists of three units paid from it, one taken back."""
    fund = factories.make_fund(tree["HP"], opening=100_000_000)
    Fund.objects.filter(pk=fund.pk).update(is_public=True)
    city = tree | {"programmes": factories.make_programmes(tree["HP"]), "funds": {"HP": fund, "LC": fund, "NQ": fund}}
    gift = {"fund": fund, "received_on": dt.date(2023, 3, 1), "confirmed": True, "actor": approver}
    record_donation(donor_name="Trần Thị Cẩm", source="people", amount=2_000_000, **gift)
    record_donation(donor_name="UBND thành phố", source="local_budget", amount=30_000_000, **gift)
    record_donation(donor_name="Công ty A", source="organisation", amount=5_000_000, goods="100 cặp sách", **gift)
    wrong = record_donation(donor_name="Ghi nhầm", source="people", amount=700_000, **gift)
    agree(reverse_donation(donation=wrong, reason="Ghi nhầm quỹ nhận.", actor=approver))
    made.give(city, "HP", count=30, kinds=("scholarship",), hardship=2)
    made.give(city, "NQ", count=20, kinds=("scholarship",), hardship=10)  # two in hardship: a small cell
    made.give(city, "LC", count=60, kinds=("scholarship",))
    back = made.give(city, "HP", count=12, kinds=("award",), start=100)[0].batch
    city["back"] = back
    return city | {"fund": fund}


def test_no_person_stands_in_the_public_book_and_the_balance_runs(client, books):
    fund = books["fund"]
    page = client.get(reverse("fund_book_public", args=[fund.pk]), {"half": "2023-H1"})
    text = page.content.decode()
    for said in ("Cẩm", "Công ty A", "Ghi nhầm", "Danh sách", "Nguyễn"):
        assert said not in text
    lines = page.context["page"].object_list
    sums = LedgerEntry.objects.filter(fund=fund, half="2023-H1").values_list("amount", flat=True)
    assert sorted(line["amount"] for line in lines) == sorted(sums)
    assert lines[0]["balance"] - lines[0]["amount"] == page.context["opening"] == 100_000_000
    assert lines[-1]["balance"] == page.context["closing"] == 100_000_000 + sum(sums)
    days = [line["day"] for line in lines]
    assert days == sorted(days)


def test_a_list_names_its_unit_only_when_the_report_is_issued_and_no_cell_is_small(books, approver, leader):
    def named():
        return {line["unit"] for line in book_lines(H1) if line["kind"] == "payout"}

    assert named() == {POOLED}  # the half-year is open
    for code in ("LC", "NQ"):
        mark_missing(unit=books[code], half=H1, reason="Không gửi số liệu.", actor=approver)
    issue_report(unit=books["HP"], period=H1, actor=leader)
    assert "LC" in named()
    assert "NQ" not in named()


def test_the_file_and_its_description_say_the_same_as_the_page(client, books):
    rows = list(
        csv.DictReader(
            io.StringIO(
                b"".join(client.get(reverse("open_books_file", args=[H1])).streaming_content).decode("utf-8-sig")
            )
        )
    )
    assert [name for name, _words, _kind in FIELDS] == list(rows[0])
    told = json.loads(b"".join(client.get(reverse("open_books_file_json", args=[H1])).streaming_content))
    assert [int(row["balance"]) for row in rows] == [line["balance"] for line in told]
    assert {line["giver"] for line in told} == {"", "people", "local_budget"}
    schema = client.get(reverse("open_books_schema")).json()
    assert [field["name"] for field in schema["fields"]] == list(told[0])
    assert reverse("open_books_file", args=[H1]) in client.get(reverse("open_data")).content.decode()
    assert client.get(reverse("open_books_file", args=[HalfYear(2020, 1)])).status_code == 404


def test_a_fund_that_is_not_public_is_in_no_book(client, books):
    Fund.objects.filter(pk=books["fund"].pk).update(is_public=False)
    assert client.get(reverse("fund_book_public", args=[books["fund"].pk])).status_code == 404
    assert list(book_lines(H1)) == []
    assert client.get(reverse("statement_public", args=["HP", "2023"])).status_code == 404


@pytest.mark.parametrize("half", ["x", "2019-H1", "2023-H3"])
def test_a_half_year_that_the_book_has_not_is_404(client, books, half):
    assert client.get(reverse("fund_book_public", args=[books["fund"].pk]), {"half": half}).status_code == 404


def test_the_statement_adds_up_by_source_and_kind(books, approver):
    fund = books["fund"]
    made_of = state(books["HP"], HalfYear(2023, 1), public_funds_of(books["HP"]))
    assert made_of.income == {"people": 2_000_000, "local_budget": 30_000_000}
    assert made_of.in_kind == {"organisation": 5_000_000}
    assert sum(made_of.spending.values()) == made_of.sums["spending"]
    assert set(made_of.spending) == {"scholarship", "award"}
    assert made_of.sums["opening"] == 100_000_000
    fund.refresh_from_db()
    assert made_of.sums["closing"] == fund.balance


def test_what_is_taken_back_in_the_half_year_leaves_its_kind_and_later_is_a_line_of_its_own(books, approver, leader):
    funds = public_funds_of(books["HP"])
    before = state(books["HP"], HalfYear(2023, 1), funds).spending
    batch = books["back"]
    amount = -LedgerEntry.objects.get(batch=batch, kind="payout").amount
    agree(reverse_batch(batch=batch, reason="Trao nhầm đợt này.", actor=approver))
    after = state(books["HP"], HalfYear(2023, 1), funds)
    assert after.spending == before | {"award": before["award"] - amount}
    assert sum(after.spending.values()) == after.sums["spending"]
    for code in ("LC", "NQ"):
        mark_missing(unit=books[code], half=H1, reason="Không gửi số liệu.", actor=approver)
    issue_report(unit=books["HP"], period=H1, actor=leader)
    other = LedgerEntry.objects.get(kind="payout", batch__unit=books["LC"]).batch
    agree(reverse_batch(batch=other, reason="Trao nhầm đợt kia.", actor=approver))
    still = state(books["HP"], HalfYear(2023, 1), funds)
    assert (still.spending, still.sums, still.is_closed) == (after.spending, after.sums, True)
    later = LedgerEntry.objects.filter(kind="reversal").latest("id").half
    now = state(books["HP"], parse_period(later), funds)
    assert now.sums["recalled"] > 0
    assert all(value >= 0 for value in now.sums.values())


def test_a_year_is_its_halves(books, approver):
    funds = public_funds_of(books["HP"])
    record_donation(
        fund=books["fund"], donor_name="Ông Bảy", source="people", amount=1_000, received_on=dt.date(2023, 9, 1),
        confirmed=True, actor=approver,
    )  # fmt: skip
    first, second, year = (state(books["HP"], one, funds) for one in (*Year(2023).halves, Year(2023)))
    assert year.sums["opening"] == first.sums["opening"]
    assert year.sums["closing"] == second.sums["closing"]
    assert year.income["people"] == first.income["people"] + second.income["people"] == 2_001_000
    assert year.spending == first.spending


def test_a_hand_over_is_neither_income_nor_spending(books):
    other = Fund.objects.create(unit=books["HP"], name="Quỹ thứ hai", opened_on=dt.date(2023, 1, 1), is_main=False)
    system = factories.make_system_account()
    passed = HandOver.objects.create(
        from_fund=books["fund"], to_fund=other, amount=10_000, on_date=dt.date(2023, 4, 1), half="2023-H1",
        decision="QĐ 12/QĐ-HKH", recorded_by=system,
    )  # fmt: skip
    for fund, kind, amount in ((books["fund"], "passed_on", -10_000), (other, "taken_over", 10_000)):
        LedgerEntry.objects.create(
            fund=fund,
            half="2023-H1",
            kind=kind,
            amount=amount,
            occurred_on=passed.on_date,
            hand_over=passed,
            actor=system,
        )
    made_of = state(books["HP"], HalfYear(2023, 1), public_funds_of(books["HP"]))
    assert made_of.sums["passed_on"] == 10_000
    assert made_of.hand_overs == [passed]
    assert made_of.sums["income"] == 32_000_000


def test_the_paper_has_head_sums_in_words_and_a_place_to_sign(client, books):
    paper = client.get(reverse("statement_pdf", args=["HP", "2023"]))
    assert paper.headers["Content-Type"] == "application/pdf"
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper.content))
    flat = " ".join(text.split())
    for said in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Công khai thu, chi Quỹ khuyến học năm 2023", "Số dư đầu kỳ", "TM. BAN THƯỜNG VỤ",
        "Số liệu chưa khóa", "Bằng tiền",
    ):  # fmt: skip
        assert said in flat
    assert "bằng chữ: Một trăm" in flat


def test_the_page_leads_to_books_statements_reports_and_data(client, books):
    text = client.get(reverse("transparency")).content.decode()
    fund = books["fund"]
    for name, args in (
        ("fund_book_public", [fund.pk]), ("fund_public", [fund.pk]), ("report_list", []), ("open_data", []), ("report_check", []),
    ):  # fmt: skip
        assert f'href="{reverse(name, args=args)}"' in text
    assert reverse("transparency") in client.get(reverse("home")).content.decode()


def test_no_difference_tells_a_kind_that_few_received():
    for counts in itertools.product((0, 1, 3, 4, 5, 9), repeat=3):
        counted = {
            kind: count for kind, count in zip(("award", "scholarship", "support"), counts, strict=True) if count
        }
        pooled = pool_kinds(counted)
        assert {kind for kind, count in counted.items() if count < FEWEST} <= pooled
        if pooled and pooled != set(counted):
            assert len(pooled) > 1
            assert sum(counted[kind] for kind in pooled) >= FEWEST


def test_a_kind_of_few_people_is_told_with_another(books):
    made.give(books, "NQ", count=3, half="2023-H2", kinds=("support",))
    made.give(books, "NQ", count=9, half="2023-H2", kinds=("award",), start=20)
    second, year = (state(books["HP"], one, public_funds_of(books["HP"])) for one in (HalfYear(2023, 2), Year(2023)))
    assert second.pooled == {"support", "award"}
    assert second.pooled <= year.pooled
    assert sum(amount for _label, amount in second.kinds) == second.sums["spending"]


def test_a_kind_that_a_report_withholds_is_in_no_statement_either(books, approver, leader):
    made.give(books, "HP", count=3, kinds=("support",), source="direct", start=200)
    for code in ("LC", "NQ"):
        mark_missing(unit=books[code], half=H1, reason="Không gửi số liệu.", actor=approver)
    report = issue_report(unit=books["HP"], period=H1, actor=leader)
    assert any(name.startswith("disbursements.turns.") for name in report.payload["withheld"]["HP"])
    made_of = state(books["HP"], HalfYear(2023, 1), public_funds_of(books["HP"]))
    assert [amount for _label, amount in made_of.kinds if amount] == [made_of.sums["spending"]]


def test_what_the_report_on_a_year_withholds_is_in_no_statement_on_its_halves(books, leader):
    """Nothing is issued of the half-years: their two statements would add up to the year's."""
    made.give(books, "HP", count=3, kinds=("support",), source="direct", start=200)
    report = made.freeze(books["HP"], Year(2023), leader)
    assert any(name.startswith("disbursements.turns.") for name in report.payload["withheld"]["HP"])
    for period in (*Year(2023).halves, Year(2023)):
        told = state(books["HP"], period, public_funds_of(books["HP"]))
        assert [amount for _label, amount in told.kinds if amount] == [told.sums["spending"]] * bool(
            told.sums["spending"]
        )
    assert told.sums["spending"]
