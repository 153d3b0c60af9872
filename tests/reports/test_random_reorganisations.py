"""Random trees, merged, split, renamed, chained, with late heirs: sums hold in every half-year and nothing vanishes."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Sum

from members.models import Membership
from members.services.assigning import assign_members, undecided_members
from portal.lib.periods import HalfYear
from portal.models import Unit, UnitSuccession
from portal.services import assigning
from portal.services.refusals import guarded
from portal.services.reorganising import Plan, apply_plan, check_plan
from portal.services.tree_moves import NewUnit
from reports.figures import compute
from scholarships.models import Disbursement, LedgerEntry
from scholarships.services.verifying import find_differences
from tests import factories
from tests.members.people import make_member
from tests.reports import rows
from tests.soak import at_length

pytestmark = pytest.mark.django_db
HALVES = [HalfYear(2025, 1), HalfYear(2025, 2), HalfYear(2026, 1)]
DAYS = [dt.date(2025, 7, 1), dt.date(2025, 10, 1), dt.date(2026, 1, 1), dt.date(2026, 4, 1)]
KEYS = ("disbursements.turns", "disbursements.amount", "members.total", "funds.closing")


class Story:
    """A city with districts and chapters, and what is decided over it, at random."""

    def __init__(self, chance: random.Random) -> None:
        self.chance, self.system, self.number = chance, factories.make_system_account(), 0
        levels = [factories.make_level(code, rank) for code, rank in (("city", 10), ("district", 20))]
        self.ward, self.chapter = factories.make_level("commune", 30), factories.make_level("chapter", 40)
        self.city = factories.make_unit("HP", "Thành phố Hải Phòng", level=levels[0])
        self.tree: dict = {"HP": self.city, "programmes": factories.make_programmes(self.city), "funds": {}}
        for number in range(self.chance.randint(2, 4)):
            code = f"Q{number}"
            self.tree[code] = factories.make_unit(code, f"Quận {code}", parent=self.city, level=levels[1])
            self.tree["funds"][code] = factories.make_fund(self.tree[code], opening=9_000_000)
            for place in range(self.chance.randint(0, 2)):
                name = f"{code}-C{place}"
                parent = self.tree[code]
                self.tree[name] = factories.make_unit(name, f"Chi hội {name}", parent=parent, level=self.chapter)
                self.tree["funds"][name] = factories.make_fund(self.tree[name], opening=2_000_000)
        for code in [code for code in self.tree if code[0] == "Q"]:
            if self.chance.random() < 0.8:
                rows.give(self.tree, code, count=self.chance.randint(1, 4), half="2025-H1", start=len(code))
            for _one in range(self.chance.randint(0, 2)):
                self.number += 1
                make_member(
                    self.tree[code],
                    self.system,
                    full_name=f"Vũ Văn {chr(64 + self.number)}a",
                    joined_on=dt.date(2025, 2, 1),
                )

    def going(self, day: dt.date) -> list[Unit]:
        return list(Unit.objects.children_of(self.city, day))

    def new(self) -> NewUnit:
        self.number += 1
        return NewUnit(f"9{self.number:04}", f"Phường Số {self.number}", self.ward.pk)

    def decide(self, day: dt.date) -> None:
        """One decision; what the tree refuses leaves it as it was."""
        kind = self.chance.choice(("merge", "merge", "split", "split", "rename"))
        going = self.going(day)
        self.chance.shuffle(going)
        several = 1 if kind != "merge" else self.chance.randint(1, 2)
        ends, others = going[:several], going[several:]
        heirs = others[: self.chance.randint(0, 1)]
        wanted = {"merge": 1, "split": self.chance.randint(2, 3), "rename": 0}[kind]
        heirs = heirs[:wanted]
        new = [self.new() for _one in range(wanted - len(heirs))]
        plan = Plan(
            kind=kind, ends=ends, on_date=day, decision="1/NQ", decided_on=day, issuer="HĐND", heirs=heirs, new=new,
            name=f"Phường Tên {self.number}" if kind == "rename" else "",
        )  # fmt: skip
        try:
            with guarded():
                check_plan(plan)
                apply_plan(plan, self.city, self.system)
        except ValidationError:
            assert not Unit.objects.filter(code__in=[one.code for one in new]).exists()

    def decide_late(self, day: dt.date) -> None:
        """An heir that begins later is refused, and nothing moves."""
        self.number += 1
        late = factories.make_unit(
            f"8{self.number:04}", "Phường Muộn", parent=self.city, level=self.ward, since=day + dt.timedelta(days=40)
        )
        going = [unit for unit in self.going(day - dt.timedelta(days=1)) if unit.version_on(day)]
        plan = Plan("merge", going[:1], day, "1/NQ", day, "HĐND", [late], [])
        before = UnitSuccession.objects.count()
        with pytest.raises(ValidationError), guarded():
            apply_plan(plan, self.city, self.system)
        assert UnitSuccession.objects.count() == before

    def assign(self) -> None:
        """Some of what splits have left is assigned to an heir."""
        for unit in Unit.objects.filter(successions__kind="split").distinct():
            heir = self.chance.choice(list(assigning.heirs_of(unit)))
            chapters = list(assigning.undecided_below(unit))
            try:
                with guarded():
                    if chapters and self.chance.random() < 0.6:
                        assigning.assign_chapters(unit=unit, heir=heir, chapters=chapters[:1], actor=self.system)
                    if undecided_members(unit).exists() and self.chance.random() < 0.6:
                        assign_members(unit=unit, heir=heir, rest=True, actor=self.system)
            except ValidationError:
                continue  # the heir has ended meanwhile

    def expected(self, half: HalfYear) -> dict[str, int]:
        given = Disbursement.objects.filter(half=half.code, paid_at__isnull=False)
        members = Membership.objects.counted_at_end_of(half).values("member").distinct().count()
        closing = LedgerEntry.objects.filter(half__lte=half.code).aggregate(sum=Sum("amount"))["sum"]
        amount = given.aggregate(sum=Sum("amount"))["sum"] or 0
        return dict(zip(KEYS, (given.count(), amount, members, closing), strict=True))


@pytest.mark.parametrize("seed", range(at_length(3, 400)))
def test_sums_hold_and_nothing_vanishes(seed):
    story = Story(random.Random(seed))
    facts = list(Disbursement.objects.order_by("pk").values()), list(LedgerEntry.objects.order_by("pk").values())
    people = Membership.objects.values("member").distinct().count()
    first = compute(story.city, HALVES[0]).by_unit
    for day in DAYS:
        for _time in range(story.chance.randint(1, 2)):
            story.decide(day)
        if story.chance.random() < 0.4:
            story.decide_late(day)
        story.assign()
    assert (
        list(Disbursement.objects.order_by("pk").values()), list(LedgerEntry.objects.order_by("pk").values())
    ) == facts  # fmt: skip
    for half in HALVES:
        table = compute(story.city, half)
        expected = story.expected(half)
        assert {key: table.figures[key] for key in KEYS} == expected, half
        for key in KEYS:
            assert sum(row.get(key) or 0 for row in table.by_unit.values()) == expected[key], (half, key)
        assert expected["members.total"] == people
    assert compute(story.city, HALVES[0]).by_unit == first, "the past stands as it stood"
    assert find_differences() == []
