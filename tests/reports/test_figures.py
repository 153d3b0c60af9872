"""The half-year's figures against a naive recomputation in plain Python, and where each fact is placed."""

import datetime as dt
from collections import defaultdict

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from members.models import Membership
from portal.lib.periods import HalfYear
from portal.models import Unit, UnitSuccession, UnitVersion
from reports.figures import COMPUTED, DatedTree, compute
from reports.models import DeclaredValue
from scholarships.models import Disbursement, LedgerEntry
from scholarships.models.disbursement import _count_received_kept
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)


def naive(unit_ids, half):
    """Every figure of a set of units, from exported rows, without a database's help."""
    figures = defaultdict(int)
    people = {}
    for row in Disbursement.objects.select_related("programme", "recipient"):
        if row.unit_id not in unit_ids or row.paid_at is None:
            continue
        here = row.half == half.code and row.reversed_half != half.code
        back = row.reversed_half == half.code and row.half != half.code
        sign = 1 if here else -1 if back else 0
        for part in ("", f".{row.programme.kind}", f".{row.source}", *([".hardship"] if row.is_hardship else [])):
            figures[f"disbursements.turns{part}"] += sign
            figures[f"disbursements.amount{part}"] += sign * row.amount
        if here:
            people[row.recipient_id] = row.recipient.kind
            figures[f"recipients.turns.{row.recipient.kind}"] += 1
    for kind in people.values():
        figures["recipients.distinct"] += 1
        figures[f"recipients.{kind}"] += 1
    for entry in LedgerEntry.objects.select_related("fund", "reverses"):
        if entry.fund.unit_id not in unit_ids or entry.half > half.code:
            continue
        kind = entry.reverses.kind if entry.reverses else entry.kind
        figures["funds.closing"] += entry.amount
        if entry.half < half.code or kind == "opening":
            figures["funds.opening"] += entry.amount
        elif kind == "donation":
            figures["funds.income"] += entry.amount
        else:
            figures["funds.spending"] -= entry.amount
    for one in Membership.objects.all():
        if one.unit_id in unit_ids:
            figures["members.new"] += half.contains(one.joined_on) and not one.is_transfer
            figures["members.total"] += half.last_day in one.valid
    return {code: value for code, value in figures.items() if value}


def told(figures):
    codes = {indicator.code for indicator in COMPUTED}
    return {code: value for code, value in figures.items() if value and code in codes}


def test_figures_equal_a_naive_recomputation(city):
    figures = compute(city["HP"], H1)
    assert told(figures.figures) == naive(set(Unit.objects.values_list("pk", flat=True)), H1)
    assert told(figures.by_unit["LC"]) == naive({city["LC"].pk, city["LC-AB"].pk}, H1)
    assert told(figures.by_unit["NQ"]) == naive({city["NQ"].pk}, H1)
    assert figures.figures["disbursements.turns"] == 28
    assert figures.figures["members.new"] == 4
    assert (
        figures.figures["funds.opening"] + figures.figures["funds.income"] - figures.figures["funds.spending"]
        == figures.figures["funds.closing"]
    )


def test_the_total_is_the_units_and_what_the_city_gave_itself(city):
    city["funds"]["HP"] = factories.make_fund(city["HP"])
    rows.give(city, "HP", count=3)
    figures = compute(city["HP"], H1)
    for code in (indicator.code for indicator in COMPUTED):
        assert figures.figures[code] == sum(child[code] for child in figures.by_unit.values()) + figures.own[code], code
    assert figures.own["disbursements.turns"] == 3


def test_children_are_those_of_the_last_day(city):
    assert list(compute(city["HP"], H1).by_unit) == ["LC", "NQ"]
    assert list(compute(city["HP"], HalfYear(2025, 1)).by_unit) == ["LC", "NQ"]
    assert list(compute(city["HP"], HalfYear(2025, 2)).by_unit) == ["11383", "11359"]


@pytest.fixture
def split_city(city):
    """LC ends with the reform and two wards take over its tasks; nothing has been handed over yet."""
    second = factories.make_unit(
        "11407", "Phường An Biên", parent=city["HP"], level=factories.make_level("commune", 30), since=factories.REFORM
    )
    UnitSuccession.objects.create(
        from_unit=city["LC"], to_unit=second, on_date=factories.REFORM, kind="split", legal_basis="NQ 202/2025/QH15"
    )
    return city | {"ANBIEN": second}


def test_what_a_split_has_not_handed_over_stands_with_the_ended_unit(split_city):
    """Neither the first-named heir nor its sister: 24 billion stood in one ward, and nothing in the other."""
    late = HalfYear(2025, 2)
    figures = compute(split_city["HP"], late)
    assert list(figures.names) == ["11407", "11383", "11359", "LC"]
    assert figures.names["LC"] == "Quận Lê Chân (đã kết thúc, chưa bàn giao)"
    assert figures.not_handed_over == {"LC"}
    assert figures.by_unit["LC"]["funds.closing"] > 0
    assert figures.by_unit["LC"]["members.total"] == 2
    for heir, units in {"11383": {"LECHAN", "BRANCH", "LC-AB"}, "11407": {"ANBIEN"}}.items():
        own = naive({split_city[code].pk for code in units}, late)
        assert told(figures.by_unit[heir]) == {code: value for code, value in own.items() if value}
    for code in (indicator.code for indicator in COMPUTED):
        assert figures.figures[code] == sum(child[code] for child in figures.by_unit.values()) + figures.own[code], code


def test_an_heir_of_a_split_counts_nothing_of_it(split_city):
    late = HalfYear(2025, 2)
    own = naive({split_city[code].pk for code in ("LECHAN", "BRANCH", "LC-AB")}, late)
    assert told(compute(split_city["LECHAN"], late).figures) == own


def test_a_split_unit_of_which_nothing_is_left_has_no_row(split_city):
    empty = factories.make_unit(
        "CU", "Quận Cũ", parent=split_city["HP"], level=factories.make_level("district", 20), until=factories.REFORM
    )
    for heir in ("LECHAN", "ANBIEN"):
        UnitSuccession.objects.create(
            from_unit=empty, to_unit=split_city[heir], on_date=factories.REFORM, kind="split", legal_basis="NQ"
        )
    figures = compute(split_city["HP"], HalfYear(2025, 2))
    assert figures.not_handed_over == {"LC"}
    assert "CU" not in figures.names


def test_a_reversal_of_an_earlier_half_year_is_a_line_of_its_own(city):
    row = Disbursement.objects.filter(unit=city["NQ"]).first()
    before = compute(city["HP"], H1)
    Disbursement.objects.filter(pk=row.pk).update(
        reversed_at=timezone.now(), reversed_half="2023-H2", reversal_reason="Trao nhầm người"
    )
    assert compute(city["HP"], H1).figures == before.figures
    after = compute(city["HP"], H1.next())
    told = [after.figures[f"disbursements.{code}"] for code in ("turns", "amount", "recalled.turns", "recalled.amount")]
    assert told == [0, 0, 1, row.amount]
    assert after.by_unit["NQ"]["disbursements.recalled.turns"] == 1


def test_a_unit_that_ended_within_the_half_year_counts_with_its_successor(city):
    gone = factories.make_unit(
        "CU", "Phường Cũ", parent=city["NQ"], level=factories.make_level("commune", 30), until=dt.date(2023, 4, 1)
    )
    UnitSuccession.objects.create(
        from_unit=gone, to_unit=city["LC"], on_date=dt.date(2023, 4, 1), kind="merge", legal_basis="Nghị quyết 1"
    )
    city["CU"] = gone
    rows.give(city, "CU", count=2, source="direct")
    figures = compute(city["HP"], H1)
    assert figures.by_unit["LC"]["disbursements.turns.direct"] == 2
    assert figures.figures["disbursements.turns"] == 30


def test_a_blank_is_absent_and_a_zero_is_zero(city, approver):
    rows.approve_all(
        city, H1, approver, {"LC": {"communication.events": 0, "chapters.total": 4}, "NQ": {"chapters.total": 6}}
    )
    figures = compute(city["HP"], H1)
    assert figures.figures["communication.events"] == 0
    assert "communication.events" not in figures.by_unit["NQ"]
    assert "training.classes" not in figures.figures
    assert figures.figures["chapters.total"] == 10
    assert figures.reporting == {"communication.events": 1, "chapters.total": 2}


def test_only_approved_half_years_declare(city, approver):
    rows.declare(city["LC"], H1, rows.officer_of(city["LC"], "officer.lc"), {"chapters.total": 4})
    assert "chapters.total" not in compute(city["HP"], H1).figures


def test_shares_are_taken_anew_at_each_level(city):
    figures = compute(city["HP"], H1)
    assert figures.figures["disbursements.hardship_share"] == round(
        1000 * figures.figures["disbursements.turns.hardship"] / 28
    )


def test_queries_do_not_grow_with_the_tree(city, django_assert_num_queries):
    for number in range(30):
        unit = factories.make_unit(
            f"X{number}",
            f"Phường Số {number}",
            parent=city["LC"],
            level=factories.make_level("commune", 30),
            until=factories.REFORM,
        )
        rows.join(unit, f"Người {number}", on=dt.date(2023, 5, 1))
    _count_received_kept.cache_clear()
    with django_assert_num_queries(15):  # the last: whether somebody else has received, turns by who, who lives there
        compute(city["HP"], H1)


class RandomTrees(TestCase):
    """Random trees, reorganisations and rows: the parts always make the whole."""

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_parts_make_the_whole(self, data):
        levels = {rank: factories.make_level(f"l{rank}", rank) for rank in (10, 20, 30)}
        root = factories.make_unit("R", "Thành phố R", level=levels[10])
        districts = []
        for number in range(data.draw(st.integers(1, 4))):
            end = data.draw(st.sampled_from([None, dt.date(2023, 4, 1), dt.date(2023, 7, 1)]))
            districts.append(
                factories.make_unit(f"D{number}", f"Quận {number}", parent=root, level=levels[20], until=end)
            )
        communes = []
        for number in range(data.draw(st.integers(0, 5))):
            first = data.draw(st.sampled_from(districts))
            end = UnitVersion.objects.get(unit=first).valid.upper
            unit = factories.make_unit(
                f"C{number}", f"Phường {number}", parent=first, level=levels[30], until=end or dt.date(2023, 3, 1)
            )
            if end is None:
                second = data.draw(
                    st.sampled_from([one for one in districts if UnitVersion.objects.get(unit=one).valid.upper is None])
                )
                UnitVersion.objects.create(
                    unit=unit,
                    parent=second,
                    level=levels[30],
                    name=f"Phường {number}",
                    valid=DateRange(dt.date(2023, 3, 1), None),
                )
            communes.append(unit)
        for old in districts:
            if (
                UnitVersion.objects.get(unit=old).valid.upper == dt.date(2023, 4, 1)
                and len(districts) > 1
                and data.draw(st.booleans())
            ):
                others = [one for one in districts if one != old]
                heirs = data.draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))
                for heir in heirs:
                    UnitSuccession.objects.create(
                        from_unit=old, to_unit=heir, on_date=dt.date(2023, 4, 1),
                        kind="split" if len(heirs) > 1 else "merge", legal_basis="NQ",
                    )  # fmt: skip
        units = [root, *districts, *communes]
        city = {"funds": {}, "programmes": factories.make_programmes(root)} | {unit.code: unit for unit in units}
        for unit in units:
            rows.give(city, unit.code, count=data.draw(st.integers(0, 3)), source="direct")
        figures = compute(root, H1)
        tree = DatedTree(H1.last_day)
        assert told(figures.figures) == naive(set(tree.units_under(root.pk)), H1)
        for code in ("disbursements.turns", "disbursements.amount", "recipients.distinct"):
            assert figures.figures[code] == sum(child[code] for child in figures.by_unit.values()) + figures.own[code]
        for place in [*tree.children_of(root.pk), *tree.split_below(root.pk)]:
            if place.code not in figures.by_unit:
                assert naive(set(tree.units_under(place.unit_id)), H1) == {}
                continue
            assert told(figures.by_unit[place.code]) == naive(set(tree.units_under(place.unit_id)), H1)


@pytest.mark.django_db
def test_declared_values_below_are_spoken_for(city, approver):
    from reports import services
    from reports.models import Submission

    officer = rows.officer_of(city["LC"], "officer.lc")
    one = rows.declare(city["LC"], H1, officer, {"chapters.total": 9})
    ward = Submission.objects.create(unit=city["LC-AB"], half="2023-H1", entered_by=one.entered_by)
    DeclaredValue.objects.create(submission=ward, indicator="chapters.total", value=5)
    DeclaredValue.objects.create(submission=ward, indicator="training.classes", value=2)
    Submission.objects.filter(pk=ward.pk).update(state="submitted", submitted_by=one.entered_by)
    Submission.objects.filter(pk=ward.pk).update(state="approved", decided_by=approver)
    services.approve_submission(submission=one, actor=approver)
    figures = compute(city["HP"], H1)
    assert figures.figures["chapters.total"] == 9
    assert figures.figures["training.classes"] == 2
