"""What the reports of a city withhold, a stranger with all that is published can not tell: random cities, attacked."""

import datetime as dt
import random

import pytest

from portal.lib.periods import Year
from reports.figures.disclosure import LEAST
from reports.models import Report
from reports.services.issuing import demand_issuable
from reports.services.open_rows import open_rows
from reports.services.publication import ToldError
from scholarships.models import Fund
from tests import factories
from tests.reports import rows
from tests.reports.stranger import AMOUNT, ROOT, SUMMED, TURNS, Stranger, Tree
from tests.soak import at_length

pytestmark = pytest.mark.django_db
H1, H2 = Year(2023).halves
COUNTS = [code for code in SUMMED if AMOUNT not in code]


class City:
    """A city with districts and wards: who has a fund, who is given what, how much each kind is."""

    def __init__(self, chance, leader, tree):
        self.chance, self.leader, self.tree, self.starts = chance, leader, tree, 0
        self.parents = {ROOT: ""}
        tree |= {"programmes": factories.make_programmes(tree[ROOT]), "funds": {}}
        for number in range(chance.randint(2, 4)):
            self.found(f"Q{number}", ROOT)
            for ward in range(chance.choice((0, 0, 2))):
                self.found(f"Q{number}-P{ward}", f"Q{number}")
        for code in self.parents:
            if chance.random() < 0.8:
                tree["funds"][code] = factories.make_fund(tree[code])
        shown = chance.random() < 0.7
        Fund.objects.update(is_public=shown)
        # mostly each kind is given in one amount, as programmes are
        self.amounts = {
            "scholarship": (500_000,),
            "award": (300_000,),
            "support": chance.choice(((200_000,), (200_000, 400_000))),
        }

    def found(self, code, parent):
        level = factories.make_level("commune", 30) if "-" in code else None
        self.tree[code] = factories.make_unit(code, f"Đơn vị {code}", parent=self.tree[parent], level=level)
        self.parents[code] = parent

    def live(self, half):
        for code in self.parents:
            for kind in rows.KINDS:
                self.give(code, kind, half)
            for number in range(self.chance.choice((0, 2, 7))):
                day = dt.date(2023, 3 if half == H1 else 9, 1)
                rows.join(self.tree[code], f"Hội viên {code} {half} {number}", on=day)

    def give(self, code, kind, half):
        source = self.chance.choice(("fund", "fund", "direct"))
        payer = code if code in self.tree["funds"] else self.chance.choice((*self.tree["funds"], ""))
        if not payer:
            source = "direct"
        for amount in self.amounts[kind]:
            count = self.chance.choice((0, 0, 3, 4, 6, 9, 20))
            city = self.tree | {"funds": {code: self.tree["funds"].get(payer)}}
            rows.give(
                city, code, count=count, half=half.code, amount=amount, step=0, kinds=(kind,), source=source,
                hardship=self.chance.choice((2, 3)), start=self.starts,
                kind_of_person=self.chance.choice(("pupil", "pupil", "student")),
            )  # fmt: skip
            self.starts += self.chance.choice((0, 30))  # or the same people once more

    def issue(self, code, period):
        """Issue as the portal lets it: with what it asks to withhold; not at all where it refuses."""
        try:
            demand_issuable(self.tree[code], period)
        except ToldError as told:
            if told.leak.stuck:
                return
            rows.freeze(self.tree[code], period, self.leader, withhold=told.cells)
        else:
            rows.freeze(self.tree[code], period, self.leader)


def list_secrets(reader):
    """Withheld figures of one to four people, and what these were given: the total of the city itself is none."""
    secrets = {}
    for report in Report.objects.all():
        exact, unit, period = report.exact, report.unit.code, report.period
        parts = {(unit, "all"): exact["figures"], (unit, "own"): exact["own"]}
        parts |= {(code, "all"): figures for code, figures in exact["by_unit"].items()}
        for row, figures in parts.items():
            for code in COUNTS:
                name, value = (period, *row, code), figures.get(code, 0)
                is_alone = value == exact["figures"].get(code) and row != (unit, "all")
                if name in reader.withheld and 0 < value < LEAST and not is_alone:
                    secrets[name] = value
                    if code.startswith(TURNS):
                        money = code.replace("turns", "amount")
                        secrets[*name[:3], money] = figures[money]
    return secrets


def attack(city, client):
    reader = Stranger(Tree(city.parents)).read_all(client)
    assert bool(reader.spent) == bool(reader.owners), "statements were read"
    secrets = list_secrets(reader)
    told = reader.tell(sorted(secrets))
    assert {name: told[name] for name in told if told[name] != secrets[name]} == {}, "the stranger's own sums are wrong"
    return told, secrets


@pytest.mark.parametrize("seed", range(at_length(4, 200)))
def test_a_stranger_tells_nothing_of_few_people(seed, tree_of_none, leader_of_none, client):
    chance = random.Random(seed)
    city = City(chance, leader_of_none, tree_of_none)
    for half in (H1, H2)[: chance.randint(1, 2)]:
        city.live(half)
    reports = [(code, period) for period in (H1, H2, Year(2023)) for code in city.parents if "-" not in code]
    first = [(ROOT, H1)] if chance.random() < 0.7 else []
    for code, period in first + chance.sample(reports, k=chance.randint(1, 4)):
        if not Report.objects.of(period).filter(unit=city.tree[code]).exists():
            city.issue(code, period)
    told, _secrets = attack(city, client)
    assert told == {}


@pytest.fixture
def tree_of_none(site_profile):
    return {ROOT: factories.make_unit(ROOT, "Thành phố Hải Phòng")}


@pytest.fixture
def leader_of_none(tree_of_none):
    return factories.make_user("leader", role="leader", unit=tree_of_none[ROOT])


class Plain(City):
    """Two districts, each kind given in one amount."""

    def __init__(self, leader, tree):
        self.leader, self.tree, self.parents = leader, tree, {ROOT: ""}
        tree["programmes"] = factories.make_programmes(tree[ROOT])
        for code in ("LC", "NQ"):
            self.found(code, ROOT)
        tree["funds"] = {code: factories.make_fund(tree[code]) for code in self.parents}
        Fund.objects.update(is_public=True)

    def give(self, code, source="fund", start=0, **counts):
        """So many of each kind: 500.000 a scholarship, 300.000 an award, 200.000 a support."""
        for number, (kind, count) in enumerate(counts.items()):
            rows.give(
                self.tree, code, count=count, kinds=(kind,), amount={"scholarship": 5, "award": 3}.get(kind, 2) * 100_000,
                step=0, hardship=2, start=start + 100 * number, source=source,
            )  # fmt: skip


@pytest.fixture
def plain(tree_of_none, leader_of_none):
    return Plain(leader_of_none, tree_of_none)


def test_where_rows_name_no_source_they_name_no_amount_either(plain, client):
    """Three were paid directly, each as all others: what the fund books leave of the money would count them."""
    plain.give("LC", scholarship=20)
    plain.give("NQ", scholarship=20)
    plain.give("NQ", source="direct", scholarship=3, start=900)
    plain.issue(ROOT, H1)
    payload = Report.objects.get().payload
    assert f"{TURNS}.direct" in payload["withheld"][ROOT]
    assert payload["figures"][TURNS] == 43
    pooled = [row for row in open_rows(H1) if row["unit"] == "gộp"]
    assert pooled
    assert {row["amount"] for row in pooled} == {None}
    told, _secrets = attack(plain, client)
    assert told == {}


def test_amounts_of_which_all_are_alike_count_the_people(plain, client):
    """Four awards of 300.000 and six supports of 200.000 are the only ten that make 2.400.000 đồng."""
    plain.give("LC", scholarship=20, award=4, support=6)
    plain.give("NQ", scholarship=20, award=9, support=9)
    plain.issue(ROOT, H1)
    assert f"{TURNS}.award" in Report.objects.get().payload["withheld"]["LC"]
    told, secrets = attack(plain, client)
    assert secrets
    assert told == {}
