"""Whole workbooks taken in by the command, counted against what the districts say they hold."""

from __future__ import annotations

import json

import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.models import Count, Sum
from openpyxl import Workbook, load_workbook

from portal.lib.vietnamese import normalize
from scholarships.models import Batch, DisbursementSum, Recipient
from scholarships.services.batches import approve_batch
from tests import factories
from tests.scholarships.districts import DATA, FILES, SAMPLES, make_districts, run

EXPECTED = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))
KINDS = {"Học bổng": "scholarship", "Khen thưởng": "award", "Hỗ trợ": "support"}


@pytest.fixture
def districts(tree):
    return make_districts(tree)


def test_the_fifteen_workbooks_equal_what_the_districts_report(districts):
    for code, path in FILES.items():
        told = EXPECTED["districts"][code]
        done = run("import_disbursements", path, "--unit", code, "--half", "2023-H1")
        assert (done["accepted"], done["turns"], done["amount"]) == (told["turns"], told["turns"], told["amount"]), code
        assert done["rejected"] == done["known"] == 0, code
        sums = DisbursementSum.objects.filter(unit=districts[code], half="2023-H1")
        by_kind = {
            row["programme__kind"]: row
            for row in sums.values("programme__kind").annotate(n=Sum("turns"), total=Sum("amount"))
        }
        assert {kind: (by_kind[KINDS[kind]]["n"], by_kind[KINDS[kind]]["total"]) for kind in told["kinds"]} == {
            kind: (facts["turns"], facts["amount"]) for kind, facts in told["kinds"].items()
        }
        assert sums.aggregate(n=Sum("hardship_turns"))["n"] == told["hardship_turns"], code
    whole = DisbursementSum.objects.aggregate(
        turns=Sum("turns"), amount=Sum("amount"), units=Count("unit", distinct=True)
    )
    assert whole == {"turns": 14_936, "amount": 10_426_900_000, "units": 15}
    assert run("verify_ledger")["differences"] == []


def test_the_same_file_again_adds_nothing(districts):
    run("import_disbursements", FILES["BLV"], "--unit", "BLV", "--half", "2023-H1")
    again = run("import_disbursements", FILES["BLV"], "--unit", "BLV", "--half", "2023-H1")
    assert (again["accepted"], again["known"], again["rejected"], again["turns"], again["amount"]) == (
        0,
        again["rows"],
        0,
        0,
        0,
    )
    assert Batch.objects.filter(unit=districts["BLV"]).count() == 1


def test_twenty_rows_more_are_added_and_a_corrected_amount_is_refused_by_name(districts, tmp_path):
    path = FILES["HB"]
    first = run("import_disbursements", path, "--unit", "HB", "--half", "2023-H1")
    book = load_workbook(path)
    sheet, head = table_of(book)
    amount, name = column(head, "Số tiền"), column(head, "Họ và tên")
    lines = [
        number
        for number in range(head[0].row + 1, sheet.max_row + 1)
        if isinstance(sheet.cell(number, amount).value, int | float) and sheet.cell(number, name).value
    ]
    sheet.cell(lines[3], amount).value += 100_000
    who = sheet.cell(lines[3], name).value
    for line in lines[10:30]:
        values = [cell.value for cell in sheet[line]]
        sheet.append([f"Mới {value}" if place == name else value for place, value in enumerate(values, 1)])
    book.save(tmp_path / path.name)
    again = run("import_disbursements", tmp_path / path.name, "--unit", "HB", "--half", "2023-H1")
    assert (again["accepted"], again["rejected"], again["known"]) == (20, 1, first["accepted"] - 1)
    assert normalize(who).casefold() in again["errors"][0]["message"].casefold()
    assert again["errors"][0]["column"].startswith("Số tiền")


def test_exactly_the_bad_rows_are_refused_and_written_out(districts, tmp_path):
    faulty = SAMPLES / "faulty-LC.xlsx"
    told = json.loads((SAMPLES / "faulty-LC.expected.json").read_text(encoding="utf-8"))
    counts = rows_in_tables()
    dry = run("import_disbursements", faulty, "--unit", "LC", "--half", "2023-H1", "--dry-run")
    assert rows_in_tables() == counts
    done = run("import_disbursements", faulty, "--unit", "LC", "--half", "2023-H1", "--errors", tmp_path / "loi.xlsx")
    assert done == dry
    assert done["accepted"] == told["good_rows"]
    assert [error["row"] for error in done["errors"]] == [int(row) for row in told["bad_rows"]]
    assert {error["row"]: error["column"] for error in done["errors"]} == {
        6: "Họ và tên", 12: "Số tiền (đồng)", 18: "Số tiền (đồng)", 24: "Ngày trao", 30: "Ngày trao", 36: "Họ và tên", 42: "Hình thức",
        48: "Số tiền (đồng)", 54: "Họ và tên", 60: "Ngày sinh",
    }  # fmt: skip
    errors = {error["row"]: error for error in done["errors"]}
    assert "6 tháng đầu năm 2023" in errors[30]["message"]
    assert "4" in errors[36]["message"]
    assert all(error["message"] and error["sheet"] for error in done["errors"])
    assert all(error["value"] for row, error in errors.items() if row != 6)
    bad = list(load_workbook(tmp_path / "loi.xlsx").active.iter_rows(values_only=True))
    assert bad[0][-1] == "Lỗi"
    assert [row[0] for row in bad[1:]] == [row - 1 for row in errors]
    assert all(row[-1] for row in bad[1:])


@pytest.mark.parametrize("name", json.loads((DATA / "layouts" / "expected.json").read_text(encoding="utf-8")))
def test_other_layouts_are_understood(districts, name):
    told = json.loads((DATA / "layouts" / "expected.json").read_text(encoding="utf-8"))[name]
    done = run("import_disbursements", DATA / "layouts" / name, "--unit", told["unit"], "--half", "2023-H1")
    assert (done["turns"], done["amount"], done["rejected"]) == (told["turns"], told["amount"], 0)
    sums = DisbursementSum.objects.values_list("programme__kind", "turns", "amount")
    assert set(sums) == {(KINDS[kind], facts["turns"], facts["amount"]) for kind, facts in told["kinds"].items()}


def test_the_total_line_is_reported_beside_what_the_rows_add_up_to(districts):
    done = run("import_disbursements", FILES["LC"], "--unit", "LC", "--half", "2023-H1", "--dry-run")
    assert done["total_row"] == done["amount"] == 856_400_000


@pytest.mark.parametrize(
    "arguments",
    [
        ("--unit", "XX", "--half", "2023-H1"),
        ("--unit", "LC", "--half", "2023-H3"),
        ("--unit", "LC", "--half", "2025-H2"),  # the district had ended
        ("--unit", "LC", "--half", "2023-H1", "--as", "officer.nq", "--state", "draft"),  # not the own unit
        ("--unit", "LC", "--half", "2023-H1", "--as", "officer.lc"),  # nobody approves their own
        ("--unit", "LC", "--half", "2023-H1", "--as", "nobody", "--state", "draft"),
        ("--unit", "LC", "--half", "2023-H1", "--map", "Số tiền=nonsense"),
        ("--unit", "LC", "--half", "2023-H1", "--map", "Không có=note"),
    ],
)
def test_a_command_that_asks_for_the_impossible_is_refused(districts, officer_lc, officer_nq, arguments):
    with pytest.raises(CommandError):
        run("import_disbursements", SAMPLES / "faulty-LC.xlsx", *arguments)
    assert not Batch.objects.exists()


def test_files_that_are_no_workbooks_are_refused(districts, tmp_path):
    (tmp_path / "x.xlsx").write_bytes(b"")
    for path in (tmp_path / "x.xlsx", DATA / "protected.xlsx", tmp_path / "not-there.xlsx"):
        with pytest.raises(CommandError):
            run("import_disbursements", path, "--unit", "LC", "--half", "2023-H1")


def test_an_officer_may_submit_and_another_person_approves(districts, officer_lc, approver):
    run(
        "import_disbursements",
        SAMPLES / "faulty-LC.xlsx",
        "--unit",
        "LC",
        "--half",
        "2023-H1",
        "--as",
        "officer.lc",
        "--state",
        "submitted",
    )
    batch = Batch.objects.get()
    assert (batch.state, batch.submitted_by, batch.entered_by) == ("submitted", officer_lc, officer_lc)
    approve_batch(batch=batch, actor=approver)
    assert DisbursementSum.objects.aggregate(n=Sum("turns"))["n"] == 50
    assert run("verify_ledger")["differences"] == []


def test_a_fund_that_holds_too_little_refuses_the_whole_file(tree):
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"], opening=1_000_000)
    with pytest.raises(CommandError, match=r"1\.000\.000 đồng"):
        run("import_disbursements", SAMPLES / "faulty-LC.xlsx", "--unit", "LC", "--half", "2023-H1")
    assert not Batch.objects.exists()
    assert not Recipient.objects.exists()


def rows_in_tables():
    with connection.cursor() as cursor:
        tables = [table for table in connection.introspection.table_names(cursor) if not table.startswith("django_")]
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return dict(cursor.fetchall())


def table_of(book):
    """The sheet with the list and the cells of its heading."""
    for sheet in book:
        for row in sheet.iter_rows(max_row=12):
            if any(str(cell.value or "").startswith("Họ và tên") for cell in row):
                return sheet, row
    raise AssertionError("no heading")


def column(head, words):
    return next(cell.column for cell in head if str(cell.value or "").startswith(words))


def test_two_readings_are_listed_and_settled_by_the_operator(districts, tmp_path):
    book = Workbook()
    book.active.append(("Họ và tên", "Hình thức", "Ngày trao", "Số tiền", "Mức hỗ trợ"))
    book.active.append(("Trần Văn An", "Học bổng", "20/05/2023", 500_000, 300_000))
    book.active.append(("Lê Văn Bình", "Học bổng", "20/05/2023", 400_000, 700_000))
    book.save(tmp_path / "hai.xlsx")
    with pytest.raises(CommandError, match="Mức hỗ trợ"):
        run("import_disbursements", tmp_path / "hai.xlsx", "--unit", "LC", "--half", "2023-H1")
    assert not Batch.objects.exists()
    done = run(
        "import_disbursements", tmp_path / "hai.xlsx", "--unit", "LC", "--half", "2023-H1", "--map", "Mức hỗ trợ=ignore"
    )
    assert (done["turns"], done["amount"]) == (2, 900_000)
