"""Whatever is done in whatever order, the books hold: a machine of random steps, and random trees with reversals."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from portal.lib.periods import HalfYear
from portal.models import Unit, UnitSuccession, UnitVersion
from portal.services.periods import close_half_year, close_through, closed_units, grant_exception
from portal.services.refusals import ConflictError
from reports.figures import compute
from scholarships.models import Batch, Disbursement, Fund, HandOver, LedgerEntry, Programme
from scholarships.services import batches
from scholarships.services.donations import record_donation
from scholarships.services.hand_overs import funds_to_hand_over_to, propose_hand_over
from scholarships.services.verifying import find_differences
from tests import factories
from tests.reports import rows
from tests.soak import at_length
from tests.two_persons import agree, second_person

pytestmark = pytest.mark.django_db
HALVES = [HalfYear(2023, 1), HalfYear(2023, 2), HalfYear(2024, 1), HalfYear(2026, 2)]
UNITS = ("LC", "NQ", "LC-AB", "LECHAN", "NGOQUYEN")
NAMES = ("Trần Thị Sen", "Lê Văn An", "Phạm Thị Mơ")
WHY = "Danh sách nhập nhầm kỳ"
ADDED_UP = ("disbursements.turns", "disbursements.amount", "recipients.distinct", "funds.closing", "funds.spending")


def check_books(city) -> None:
    """Balance = sum of entries >= 0; no figure of any half-year is negative; children add up to their parent."""
    for fund in Fund.objects.all():
        assert fund.balance == sum(LedgerEntry.objects.filter(fund=fund).values_list("amount", flat=True)) >= 0
    for half in HALVES:
        found = compute(city, half)
        for values in (found.figures, found.own, *found.by_unit.values()):
            assert {code: value for code, value in values.items() if value < 0} == {}
        for code in ADDED_UP:
            assert found.figures[code] == found.own[code] + sum(one[code] for one in found.by_unit.values()), code


class Books(RuleBasedStateMachine):
    """Gifts, payments, hand-overs, reversals, closings, openings, reorganisations in any order.

    Each example in a savepoint of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.frozen: dict[str, dict[str, int]] = {}  # closed for good: half-year -> its figures
        self.opened: set[str] = set()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize()
    def begin(self) -> None:
        self.tree = factories.make_tree()
        factories.make_site_profile()
        self.programme = Programme.objects.create(
            unit=self.tree["HP"], name="Mỗi kỳ một lần", kind="award", is_default=True, recurrence="half_year"
        )
        for code in UNITS:
            half = "2025-H2" if code in {"LECHAN", "NGOQUYEN"} else "2022-H2"
            factories.make_fund(self.tree[code], opening=3_000_000, half=half)
        self.officer = factories.make_user("can.bo", role="officer", unit=self.tree["HP"])
        self.approver = factories.make_user("nguoi.duyet", role="approver", unit=self.tree["HP"])
        self.leader = second_person()

    def attempted(self, service: Any, **values: Any) -> Any:
        try:
            with transaction.atomic():
                return service(**values)
        except (ValidationError, ConflictError):
            return None

    @rule(code=st.sampled_from(UNITS), half=st.sampled_from(HALVES), amount=st.integers(1, 400_000_000))
    def donate(self, code, half, amount):
        fund = Fund.objects.get(unit=self.tree[code])
        self.attempted(
            record_donation, fund=fund, donor_name="A", source="people", amount=amount,
            received_on=half.first_day, confirmed=True, actor=self.approver,
        )  # fmt: skip

    @rule(
        code=st.sampled_from(UNITS), half=st.sampled_from(HALVES), mode=st.sampled_from(["handed_out", "to_pay"]),
        names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3), amount=st.integers(50_000, 2_000_000),
    )  # fmt: skip
    def pay(self, code, half, mode, names, amount):
        batch = self.attempted(batches.create_batch, unit=self.tree[code], half=half, mode=mode, actor=self.officer)
        for name in names if batch else ():
            self.attempted(
                batches.add_disbursement, batch=batch, full_name=name, birth=None, programme=self.programme,
                amount=amount, given_on=half.first_day + dt.timedelta(days=20), actor=self.officer,
            )  # fmt: skip
        if batch and self.attempted(batches.submit_batch, batch=batch, actor=self.officer):
            self.attempted(batches.approve_batch, batch=batch, actor=self.approver)
            self.attempted(batches.pay_batch, batch=batch, actor=self.approver)

    @rule(place=st.integers(0, 9), other=st.integers(0, 9), amount=st.integers(1, 4_000_000), days=st.integers(0, 500))
    def hand_over(self, place, other, amount, days):
        funds = list(Fund.objects.order_by("pk"))
        fund = funds[place % len(funds)]
        heirs = list(funds_to_hand_over_to(fund, self.leader).order_by("pk"))
        if not heirs:
            return
        before, made = sum(one.balance for one in Fund.objects.all()), HandOver.objects.count()
        change = self.attempted(
            propose_hand_over, from_fund=fund, to_fund=heirs[other % len(heirs)], amount=amount, decision="QĐ 12",
            on_date=factories.REFORM + dt.timedelta(days), reason="Bàn giao theo quyết định", actor=self.approver,
        )  # fmt: skip
        if change and self.attempted(agree, change=change, by=self.leader):
            assert HandOver.objects.count() == made + 1
        assert sum(one.balance for one in Fund.objects.all()) == before  # it passes on, and is neither made nor lost

    @rule(place=st.integers(0, 9), heirs=st.integers(1, 2), days=st.integers(1, 480))
    def reorganise(self, place, heirs, days):
        """End a ward of today: its chapters and tasks pass to new ones from a day on. Past facts stay where they are."""
        day = factories.REFORM + dt.timedelta(days)
        wards = UnitVersion.objects.filter(valid__contains=day, level__code="commune", valid__upper_inf=True)
        wards = list(wards.order_by("unit_id"))
        if not wards:
            return
        ended, city = wards[place % len(wards)], self.tree["HP"]
        ago = [half for half in HALVES if half.last_day < day]
        before = [compute(city, half).figures for half in ago]
        facts = list(Disbursement.objects.order_by("pk").values_list("pk", "unit_id", "half", "amount"))
        with_fund: list[Unit] = []
        try:
            with transaction.atomic():
                level = ended.level
                for number in range(heirs):
                    code = f"MOI-{Unit.objects.count()}-{number}"
                    with_fund.append(factories.make_unit(code, code, parent=city, level=level, since=day))
                for child in UnitVersion.objects.filter(parent=ended.unit, valid__contains=day):
                    old, child.valid = child.valid, DateRange(child.valid.lower, day)
                    child.save(update_fields=["valid"])
                    UnitVersion.objects.create(
                        unit=child.unit, parent=with_fund[0], level=child.level, name=child.name,
                        valid=DateRange(day, old.upper),
                    )  # fmt: skip
                ended.valid = DateRange(ended.valid.lower, day)
                ended.save(update_fields=["valid"])
                for heir in with_fund:
                    UnitSuccession.objects.create(
                        from_unit=ended.unit, to_unit=heir, on_date=day, kind="split" if heirs > 1 else "merge",
                        legal_basis="NQ 1",
                    )  # fmt: skip
                connection.check_constraints()
        except IntegrityError:
            return
        for heir in with_fund:
            factories.make_fund(heir, opening=0)
            self.tree[heir.code] = heir
        assert [compute(city, half).figures for half in ago] == before
        assert list(Disbursement.objects.order_by("pk").values_list("pk", "unit_id", "half", "amount")) == facts

    @rule(place=st.integers(0, 20))
    def reverse(self, place):
        if paid := list(Batch.objects.filter(state="paid").order_by("pk")):
            given = {"batch": paid[place % len(paid)], "reason": WHY, "actor": self.approver}
            if change := self.attempted(batches.reverse_batch, **given):
                self.attempted(agree, change=change, by=self.leader)

    @rule(place=st.integers(0, 20))
    def reverse_row(self, place):
        paid = Disbursement.objects.standing().filter(paid_at__isnull=False, batch__state="paid").order_by("pk")
        if paid := list(paid):
            change = self.attempted(batches.reverse_row, row=paid[place % len(paid)], reason=WHY, actor=self.approver)
            if change:
                self.attempted(agree, change=change, by=self.leader)

    @rule(code=st.sampled_from(["LC", "NQ"]), half=st.sampled_from(HALVES[:3]))
    def close(self, code, half):
        close_half_year(unit=self.tree[code], half=half, reason="Đã duyệt", actor=self.leader)

    @rule(half=st.sampled_from(HALVES[:2]))
    def issue(self, half):
        close_through(unit=self.tree["HP"], half=half, reason="Đã ban hành", actor=self.leader)
        for one in HALVES:
            if one <= half and one.code not in self.opened:
                self.frozen.setdefault(one.code, compute(self.tree["HP"], one).figures)

    @rule(code=st.sampled_from(["LC", "NQ"]), half=st.sampled_from(HALVES[:3]))
    def reopen(self, code, half):
        until = timezone.now() + dt.timedelta(days=1)
        given = {"unit": self.tree[code], "half": half, "person": self.officer, "until": until, "reason": WHY}
        if self.attempted(grant_exception, actor=rows.system(), **given):
            self.opened.add(half.code)
            self.frozen.pop(half.code, None)  # live figures may move now; what was issued is a row of its own

    @invariant()
    def hold(self):
        if not hasattr(self, "tree"):
            return
        check_books(self.tree["HP"])
        for code, figures in self.frozen.items():
            half = HalfYear.parse(code)
            assert compute(self.tree["HP"], half).figures == figures
            assert closed_units(ids=[self.tree["LC"].pk], half=half) == {self.tree["LC"].pk}
        standing = Disbursement.objects.standing().filter(paid_at__isnull=False)
        seasons = [
            (row.recipient_id, HalfYear.containing(row.given_on).code)
            for row in standing.only("recipient_id", "given_on")
        ]
        assert len(seasons) == len(set(seasons))  # once in a half-year
        assert find_differences() == []


def test_whatever_is_done_the_books_hold():
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=at_length(4, 150), stateful_step_count=at_length(10, 30), deadline=None, database=None,
            suppress_health_check=list(HealthCheck), derandomize=True,
        ),
    )  # fmt: skip


def plant_tree(chance: random.Random) -> dict[str, Any]:
    """A city with districts, wards and chapters at random, some of which pay in several half-years."""
    tree: dict[str, Any] = {"HP": factories.make_unit("HP", "Thành phố", level=factories.make_level("city", 10))}
    levels = [factories.make_level(code, rank) for code, rank in (("district", 20), ("commune", 30), ("chapter", 40))]
    above = ["HP"]
    for depth, level in enumerate(levels):
        codes = [f"D{depth}-{number}" for number in range(chance.randint(1, 4))]
        for code in codes:
            tree[code] = factories.make_unit(code, f"Đơn vị {code}", parent=tree[chance.choice(above)], level=level)
        above = codes
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {
        code: factories.make_fund(tree[code], opening=chance.randint(1, 9) * 10_000_000)
        for code in list(tree)
        if code != "programmes"
    }
    return tree


@pytest.mark.parametrize("seed", range(at_length(4, 400)))
def test_random_trees_with_reversals_across_half_years(seed):
    chance = random.Random(seed)
    tree = plant_tree(chance)
    units = [code for code in tree if code not in {"programmes", "funds"}]
    approver = factories.make_user("nguoi.duyet", role="approver", unit=tree["HP"])
    leader = second_person(tree["HP"])
    published: dict[str, dict[str, int]] = {}
    for half in HALVES[:3]:
        for time in range(chance.randint(1, 4)):  # the same people again, each time with another amount
            rows.give(
                tree, chance.choice(units), count=chance.randint(1, 6), half=half.code, start=chance.randint(0, 50),
                amount=100_000 * (time + 1),
            )  # fmt: skip
        standing = list(Batch.objects.filter(state="paid"))
        for paid in chance.sample(standing, k=min(len(standing), chance.randint(0, 2))):
            agree(batches.reverse_batch(batch=paid, reason=WHY, actor=approver), by=leader)
        close_through(unit=tree["HP"], half=half, reason="Đã ban hành", actor=leader)
        published[half.code] = compute(tree["HP"], half).figures
    for paid in list(Batch.objects.filter(state="paid")):
        if chance.random() < 0.5:
            agree(batches.reverse_batch(batch=paid, reason=WHY, actor=approver), by=leader)
    check_books(tree["HP"])
    assert {half.code: compute(tree["HP"], half).figures for half in HALVES[:3]} == published
    recalled = compute(tree["HP"], HalfYear.containing(timezone.localdate())).figures["disbursements.recalled.turns"]
    late = Disbursement.objects.filter(reversed_at__isnull=False).exclude(reversed_half__in=published)
    assert recalled == late.count()
    assert find_differences() == []
