"""The fifteen workbooks of a half-year and the sample layouts, at the level of reading."""

import json
from pathlib import Path

import pytest

from members.schema import MEMBERS
from portal.vocabulary import HARDSHIP
from tests.intakes.cases import KINDS, notes, problems, read

DATA = Path(__file__).parent.parent / "data"
HALF = json.loads((DATA / "2023-h1" / "expected.json").read_text("utf-8"))
LAYOUTS = json.loads((DATA / "layouts" / "expected.json").read_text("utf-8"))


def summary(reading):
    kinds = {}
    for row in reading.rows:
        word = next((word for word, kind in KINDS.items() if kind == row.values["kind"]), row.values["kind_text"])
        entry = kinds.setdefault(word, {"turns": 0, "amount": 0})
        entry["turns"] += 1
        entry["amount"] += row.values["amount"]
    return {"turns": len(reading.rows), "amount": reading.amount, "kinds": kinds}


@pytest.mark.parametrize("path", sorted((DATA / "2023-h1").glob("[0-9]*.xlsx")), ids=lambda path: path.stem)
def test_district(path):
    wanted = HALF["districts"][path.stem[3:]]
    reading = read(path.read_bytes(), filename=path.name)
    assert summary(reading) == {name: wanted[name] for name in ("turns", "amount", "kinds")}
    assert sum(row.values["circumstance_code"] in HARDSHIP for row in reading.rows) == wanted["hardship_turns"]
    assert not reading.bad_rows
    assert not reading.ambiguities
    total = reading.grand_total
    assert total is None or (total.written, total.difference) == (wanted["amount"], 0)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_layout(name):
    wanted = {key: value for key, value in LAYOUTS[name].items() if key != "unit"}
    reading = read((DATA / "layouts" / name).read_bytes(), filename=name)
    assert summary(reading) == wanted
    assert not reading.bad_rows
    assert not reading.ambiguities


def test_faulty_rows_are_named():
    reading = read((DATA / "2023-h1" / "faulty-LC.xlsx").read_bytes())
    assert len(reading.rows) == 60
    assert problems(reading) == [
        (6, "full_name", "missing_name"),
        (12, "amount", "amount_not_positive"),
        (18, "amount", "amount_not_a_number"),
        (24, "given_on", "no_such_date"),
        (48, "amount", "amount_far"),
        (54, "full_name", "formula"),
        (60, "birth", "birth_impossible"),
    ]
    by_row = {row.row: row for row in reading.rows}
    assert "=HYPERLINK" in by_row[54].problems[0].message
    assert by_row[54].problems[0].column == "Họ và tên"
    assert "năm trăm nghìn" in by_row[18].problems[0].message
    # What only the programmes can judge stays in the values.
    assert by_row[42].values["kind"] is None
    assert by_row[42].values["kind_text"] == "Quà tặng"
    assert by_row[48].values["amount"] == 999_999_999_999
    assert by_row[12].raw["amount"] == "-500000"


def test_commune_blocks_are_told():
    reading = read((DATA / "layouts" / "commune-blocks.xlsx").read_bytes())
    assert [row.block for row in reading.rows[::15]] == ["Xã An Hưng", "Xã An Hồng", "Xã Bắc Sơn"]
    assert {row.values["commune"] for row in reading.rows} == {"Xã An Hưng", "Xã An Hồng", "Xã Bắc Sơn"}
    assert [(total.label, total.scope, total.rows, total.difference) for total in reading.totals] == [
        ("Cộng xã an hưng", "block", 15, 0),
        ("Cộng xã an hồng", "block", 15, 0),
        ("Cộng xã bắc sơn", "block", 15, 0),
        ("TỔNG CỘNG TOÀN HUYỆN", "table", 45, 0),
    ]
    assert reading.grand_total.written == 31_000_000


def test_notes_sheet_is_named():
    reading = read((DATA / "2023-h1" / "03-LC.xlsx").read_bytes())
    assert notes(reading) == {"sheet_skipped": 1, "subtotals_skipped": 1, "lines_skipped": 2}
    assert any("Ghi chú" in note.message for note in reading.notes)


def test_members():
    reading = read((DATA / "2023-h1" / "hoi-vien-moi.xlsx").read_bytes(), MEMBERS)
    assert len(reading.rows) == 1100
    assert not reading.bad_rows
    first = reading.rows[0].values
    assert (first["full_name"], first["birth"].year, first["birth"].month, first["gender"]) == (
        "Phạm Hồng Vân",
        1964,
        None,
        "female",
    )
    assert (first["unit"], first["phone"], str(first["joined_on"])) == ("Quận Đồ Sơn", "+84939658700", "2023-04-19")
