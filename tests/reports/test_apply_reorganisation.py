"""1 July 2025 applied to a tree of 2023 with facts: no fact moves, sums hold, heirs file, old names find new units."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import Posting, Reorganisation, Unit, UnitSuccession
from portal.services.reorganisation_orders import read_order
from reports.figures import compute
from reports.management.demo.tree import plant_old_tree
from reports.services import issue_report, mark_missing
from scholarships.models import Fund
from tests import factories
from tests.members.people import make_member
from tests.members.titles import bring_on, make_criteria, make_title
from tests.reports import rows

pytestmark = pytest.mark.django_db
H1, H2 = HalfYear(2025, 1), HalfYear(2025, 2)
NEVER_MOVE = (
    "scholarships_disbursement", "scholarships_ledgerentry", "scholarships_batch", "reports_report", "reports_reportfile",
    "members_learningtitle", "members_titlechange",
)  # fmt: skip


def apply(*options: str) -> dict:
    out = io.StringIO()
    call_command("apply_reorganisation", "2025-07-01", *options, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def hash_of_facts() -> str:
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in NEVER_MOVE:
            cursor.execute(f"SELECT t::text FROM {table} t ORDER BY id")
            rows_of_table = cursor.fetchall()
            assert rows_of_table, f"{table} holds nothing that could move"
            found.update(repr(rows_of_table).encode())
    return found.hexdigest()


@pytest.fixture
def old(db, site_profile):
    """The tree of 2023 with lists in three districts, a ward and a chapter, members, and an issued report."""
    units = plant_old_tree()
    tree: dict = dict(units)
    tree["programmes"] = factories.make_programmes(units["HP"])
    tree["funds"] = {
        code: factories.make_fund(units[code], opening=50_000_000) for code in ("LC", "NQ", "BLV", "NQ-11329")
    }
    for number, code in enumerate(("LC", "NQ", "BLV", "NQ-11329")):
        rows.give(tree, code, count=3 + number, half="2025-H1")
    system = factories.make_system_account()
    for code in ("LC", "NQ-11329", "HB-11320-C1"):
        make_member(units[code], system, joined_on=H1.first_day)
    make_criteria()
    title = make_title(units["LC"], system, "Dòng họ Vũ", model="lineage", year=2025, registered_on=H1.first_day)
    bring_on([title], system)
    leader = factories.make_user("lanh.dao", role="leader", unit=units["HP"])
    first = HalfYear(2024, 2)
    for child in Unit.objects.children_of(units["HP"], first.last_day):
        mark_missing(unit=child, half=first, reason="Không gửi số liệu.", actor=leader)
    issue_report(unit=units["HP"], period=first, actor=leader)
    return units


def test_no_fact_moves_and_every_sum_holds(old, client_of):
    officer = factories.make_user("can.bo.lc", role="officer", unit=old["LC"])
    before, figures = hash_of_facts(), compute(old["HP"], H1)
    tried = apply("--dry-run")
    assert tried["dry_run"]
    assert not Reorganisation.objects.exists()
    assert not Unit.objects.filter(code="11383").exists()
    done = apply()
    assert {**done, "dry_run": True} == tried
    assert (done["units"], done["ended"], done["not_here"]) == (114, 68, [])
    assert hash_of_facts() == before
    assert compute(old["HP"], H1).by_unit == figures.by_unit, "2025-H1 shows the districts as before"
    then = compute(old["HP"], H2)
    assert {"LC", "NQ"} <= then.by_unit.keys(), "what is not handed over stands with the ended district"
    assert "11383" in then.by_unit
    assert "KA-11443" not in then.by_unit
    for table, half in ((figures, H1), (then, H2)):
        for key in ("disbursements.turns", "disbursements.amount", "members.total", "funds.opening", "funds.closing"):
            assert table.figures[key] == sum(row.get(key) or 0 for row in table.by_unit.values()), (half, key)
    assert then.figures["funds.opening"] == figures.figures["funds.closing"] > 0
    openings = {code: row["funds.opening"] for code, row in then.by_unit.items() if row.get("funds.opening")}
    money = dict(Fund.objects.values_list("unit__code", "balance"))
    stands_with = {"LC": "LC", "NQ": "NQ", "NQ-11329": "11329", "BLV": "11948"}  # what was split stands by itself
    assert openings == {stands_with[code]: balance for code, balance in money.items()}, "explained line by line"
    assert then.by_unit["11383"].get("funds.closing", 0) == 0, "nothing on an heir before it is handed over"
    assert then.figures["members.total"] == figures.figures["members.total"] == 3
    assert Posting.objects.get(user=officer).valid.upper == H2.first_day
    heir = factories.make_user("can.bo.moi", role="officer", unit=Unit.objects.get(code="11383"))
    stranger = factories.make_user("nguoi.la", role="officer", unit=Unit.objects.get(code="11311"))
    url = reverse("submission_edit", args=[H1, "LC"])
    assert client_of(heir).get(url).status_code == 200, "the heir's officer files the last half-year"
    assert client_of(stranger).get(url).status_code == 404
    again = apply()
    assert (again["units"], again["ended"], again["done_before"]) == (0, 0, 68)


def test_codes_are_official_and_no_slug_is_a_key():
    order = read_order("2025-07-01")
    names = {row["code"]: row["name"] for row in order["units"]}
    assert len(names) == 114
    assert all(len(code) == 5 and code.isdigit() for code in names)
    kinds = [name.split(" ")[0] for name in names.values()]
    assert (kinds.count("Phường"), kinds.count("Xã"), kinds.count("Đặc")) == (45, 67, 2)
    assert (names["10888"], names["10903"]) == ("Xã Cẩm Giang", "Xã Cẩm Giàng")


@pytest.fixture
def other(db):
    """A tree with codes of its own, that has no other old unit."""
    levels = [factories.make_level(code, rank) for code, rank in (("city", 10), ("district", 20), ("commune", 30))]
    city = factories.make_unit("TP", "Thành phố Hải Phòng", level=levels[0])
    district = factories.make_unit("Q1", "Quận Lê Chân", parent=city, level=levels[1])
    ward = factories.make_unit("Q1-7", "Phường Hàng Kênh", parent=district, level=levels[2])
    return {"TP": city, "Q1": district, "Q1-7": ward}


def test_a_tree_with_other_codes_is_known_by_its_names(other):
    done = apply()
    assert done["ended"] == 2
    assert len(done["not_here"]) == 66
    heirs = UnitSuccession.objects.filter(from_unit=other["Q1"]).values_list("to_unit__code", flat=True)
    assert set(heirs) == {"11383", "11407"}
    assert other["Q1-7"].version_on(H2.first_day) is None


def test_an_older_unit_with_an_official_code_stops_the_order(other):
    factories.make_unit("10507", "Phường Cũ", parent=other["Q1"], level=factories.make_level("commune"))
    with pytest.raises(CommandError, match="10507"):
        apply()
    assert not Reorganisation.objects.exists()
