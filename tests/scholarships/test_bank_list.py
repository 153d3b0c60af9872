"""Bank statements: read by meaning, taken in once, matched, and what a person says of the rest."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from xlsxwriter import Workbook

from scholarships.models import BankLine, Donation
from scholarships.services.bank import reconcile, record_gift_of, take_statement, undo_line
from scholarships.services.donations import record_donation
from scholarships.services.transfers import reference_of
from tests import factories

pytestmark = pytest.mark.django_db
HEAD = "Ngày giao dịch;Số bút toán;Ghi nợ;Ghi có;Số dư;Nội dung\n"


@pytest.fixture
def fund(tree, site_profile):
    return factories.make_fund(tree["LC"], opening=1_000_000)


def give(fund, approver, name="Nguyễn Thị Bình", amount=500_000, day=3):
    return record_donation(
        fund=fund, donor_name=name, source="people", amount=amount, received_on=dt.date(2023, 3, day), confirmed=True,
        actor=approver,
    )  # fmt: skip


def csv_of(*lines: str) -> bytes:
    return (
        "Ngân hàng ABC;;;;;\nSao kê tài khoản;;;;;\n" + HEAD + "\n".join(lines) + "\nTổng cộng;;0;500.000;;\n"
    ).encode("utf-8-sig")


def take(fund, approver, *lines, **called):
    return take_statement(fund=fund, content=csv_of(*lines), file_name="sao-ke.csv", called=called, actor=approver)


def test_a_transfer_is_found_by_reference_amount_and_name(fund, approver):
    named, by_reference = give(fund, approver), give(fund, approver, "Trần Văn Cường", 700_000)
    take(
        fund, approver,
        "03/03/2023;FT1;;500.000;1.500.000;NGUYEN THI BINH chuyen tien ung ho",
        f"04/03/2023;FT2;;700.000;2.200.000;IBFT {reference_of(fund).replace(' ', '')} GD 12",
        "04/03/2023;FT3;;900.000;3.100.000;khong ro ai gui",
        "05/03/2023;FT4;11.000;;3.089.000;Phi dich vu",
    )  # fmt: skip
    linked = dict(BankLine.objects.filter(entry__isnull=False).values_list("bank_reference", "entry__donation"))
    assert linked == {"FT1": named.pk, "FT2": by_reference.pk}
    assert set(BankLine.objects.waiting().values_list("bank_reference", "amount")) == {
        ("FT3", 900_000),
        ("FT4", -11_000),
    }


def test_a_reference_of_another_fund_and_two_equal_lines_wait_for_a_person(fund, approver):
    give(fund, approver)
    take(fund, approver, "03/03/2023;FT1;;500.000;;NGUYEN THI BINH UH Q999999")
    give(fund, approver, "Ông A", 300_000)
    take(
        fund,
        approver,
        f"03/03/2023;FT2;;300.000;;{reference_of(fund)}",
        f"03/03/2023;FT3;;300.000;;{reference_of(fund)}",
    )
    assert BankLine.objects.waiting().count() == 3


def test_the_same_line_is_taken_once_in_files_sent_again_and_overlapping(fund, approver):
    first = ["03/03/2023;FT1;;500.000;1;A", "03/03/2023;;;5.000;;cung noi dung", "03/03/2023;;;5.000;;cung noi dung"]
    assert take(fund, approver, *first).lines_new == 3  # two equal lines of one file are two
    assert take(fund, approver, *first).lines_new == 0
    assert take(fund, approver, *first[1:], "04/03/2023;FT9;;9.000;;B").lines_new == 1
    assert BankLine.objects.count() == 4


def test_a_workbook_with_other_headings_is_read_when_they_are_named_and_remembered(fund, approver):
    def book(day):
        file = io.BytesIO()
        with Workbook(file) as made:
            sheet = made.add_worksheet("SK")
            sheet.write_row(0, 0, ["Khi nào", "Bao nhiêu", "Lời nhắn"])
            sheet.write_row(1, 0, [f"0{day}/03/2023", 250_000, "ung ho"])
        return file.getvalue()

    with pytest.raises(ValidationError) as refused:
        take_statement(fund=fund, content=book(1), file_name="a.xlsx", actor=approver)
    assert "“Bao nhiêu”" in str(refused.value)
    called = {"day": "Khi nào", "amount": "Bao nhiêu", "words": "Lời nhắn"}
    take_statement(fund=fund, content=book(1), file_name="a.xlsx", called=called, actor=approver)
    take_statement(fund=fund, content=book(2), file_name="b.xlsx", actor=approver)
    assert list(BankLine.objects.values_list("day", "amount", "words")) == [
        (dt.date(2023, 3, 1), 250_000, "ung ho"), (dt.date(2023, 3, 2), 250_000, "ung ho"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["32/13/2023;F;;500.000;;A", "03/03/2023;F;;nam tram;;A", "03/03/2023;F;;1.5;;A"])
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_taken_in(fund, approver, line):
    with pytest.raises(ValidationError) as refused:
        take(fund, approver, "03/03/2023;FT1;;500.000;;A", line)
    assert "Dòng 5" in refused.value.message_dict["content"][0]
    assert not BankLine.objects.exists()


def test_on_the_page_columns_of_another_name_are_named_once(client_of, approver, fund):
    upload = reverse("bank_upload", args=[fund.pk])
    called = {"column_of_days": "Khi nào", "column_of_sums": "Bao nhiêu", "column_of_words": "Lời nhắn"}
    for number, named in enumerate((called, {}), start=3):
        sent = io.BytesIO(f"Khi nào;Bao nhiêu;Lời nhắn\n0{number}/03/2023;500.000;A{number}".encode())
        sent.name = "sao-ke.csv"
        assert client_of(approver).post(upload, {"content": sent} | named).status_code == 302
    assert list(BankLine.objects.order_by("day").values_list("amount", "words")) == [(500_000, "A3"), (500_000, "A4")]


def test_the_rest_is_recorded_linked_set_aside_and_taken_back_on_pages(client_of, approver, officer_lc, fund):
    client = client_of(approver)
    upload = reverse("bank_upload", args=[fund.pk])
    sent = io.BytesIO(csv_of("03/03/2023;FT1;;500.000;;A", "04/03/2023;FT2;;800.000;;B", "05/03/2023;FT3;11.000;;;Phi"))
    sent.name = "sao-ke.csv"
    assert client.post(upload, {"content": sent}).status_code == 302
    one, two, fee = BankLine.objects.order_by("day")
    paths = {
        name: lambda line, name=name: reverse(name, args=[fund.pk, line.pk])
        for name in ("bank_line", "bank_gift", "bank_aside", "bank_undo")
    }
    gift = {"donor_name": "Bà Tư", "source": "people", "confirmed": "on"}
    assert client.post(paths["bank_gift"](one), gift).status_code == 302
    assert Donation.objects.get().entries.get().bank_line == one
    other = give(fund, approver, "Ông B", 800_000, 20)  # so many days apart that only a person says so
    assert client.post(paths["bank_line"](two), {"entry": other.entries.get().pk}).status_code == 302
    assert client.post(paths["bank_aside"](fee), {"reason": "ngắn"}).status_code == 302
    assert client.post(paths["bank_aside"](fee), {"reason": "Phí dịch vụ của ngân hàng"}).status_code == 302
    assert not BankLine.objects.waiting().exists()
    for line in (one, two, fee):
        assert client.get(paths["bank_line"](line)).status_code == 200
        assert client.post(paths["bank_undo"](line)).status_code == 302
    assert BankLine.objects.waiting().count() == 3
    assert Donation.objects.standing().count() == 2  # what was recorded stays
    assert "FT2" in client_of(officer_lc).get(reverse("bank_list", args=[fund.pk])).content.decode()


def test_the_same_line_recorded_twice_is_one_gift(fund, approver):
    take(fund, approver, "03/03/2023;FT1;;500.000;;A")
    gift = {"donor_name": "Bà Tư", "source": "people", "confirmed": True, "actor": approver}
    first = record_gift_of(line=BankLine.objects.get(), **gift)
    undo_line(line=BankLine.objects.get(), actor=approver)
    assert record_gift_of(line=BankLine.objects.get(), **gift) == first


def test_the_banks_balance_stands_beside_the_book(client_of, approver, fund):
    give(fund, approver)
    take(fund, approver, "03/03/2023;FT1;;500.000;1.500.000;NGUYEN THI BINH", "05/03/2023;FT2;;40.000;1.540.000;X")
    told = reconcile(fund)
    assert (told["bank"], told["book"], told["difference"]) == (1_540_000, 1_500_000, 40_000)
    assert (told["waiting"], told["amount"]) == (1, 40_000)
    assert "40.000 đồng" in client_of(approver).get(reverse("bank_list", args=[fund.pk])).content.decode()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE scholarships_bankline SET amount = 1",
        "UPDATE scholarships_bankline SET words = NULL",
        "DELETE FROM scholarships_bankline",
        "TRUNCATE scholarships_bankline",
        "UPDATE scholarships_bankline SET entry_id = (SELECT id FROM scholarships_ledgerentry WHERE kind = 'opening')",
        "UPDATE scholarships_bankline SET reason = 'ngắn'",
    ],
)
def test_the_database_keeps_what_the_bank_wrote(fund, approver, sql):
    take(fund, approver, "03/03/2023;FT1;;500.000;;A")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_who_keeps_no_fund_sends_no_statement(fund, officer_lc):
    with pytest.raises(PermissionDenied):
        take(fund, officer_lc, "03/03/2023;FT1;;500.000;;A")
    assert not BankLine.objects.exists()
