"""The members' list over many members in 4,000 chapters: each key's search in the database, and the page's own time.

`--members 1000000` is the association as it may become; the default is small. The list page is measured against itself
with 1,000 members in the same chapters. `BENCH_KEEP=members` keeps the database: later runs measure the searches alone.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
from collections.abc import Callable, Sequence
from typing import Any

import throwaway
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.models import Member, Membership
from members.tables import MemberTable, TwinTable
from portal.lib.vietnamese import name_key, search_key, sort_key
from portal.models import Posting, Unit
from portal.vocabulary import Role

BAR, MOST_QUERIES, GROWTH = 50, 8, 1.3  # ms; queries of a page; the page's time against its own with few members
PAIRS = 2  # a page of pairs against one of the list: it shows twice as many people
CHAPTERS, FEW, FIRST_OF_MANY = 4000, 1000, 2_000_000
WARD = "11383"  # the officer's
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý")
WEIGHTS = (38, 11, 9, 7, 5, 4, 4, 3, 3, 3, 3, 2, 2, 1, 1)
MIDDLE = ("Thị", "Văn", "Đức", "Minh", "Thanh", "Ngọc", "Xuân", "Quang", "Hữu", "Thu", "Kim", "Bích", "Công", "Đình")
GIVEN = (
    "An", "Anh", "Ánh", "Bình", "Bích", "Châu", "Chi", "Cường", "Dũng", "Dung", "Đức", "Giang", "Hà", "Hải", "Hạnh",
    "Hằng", "Hiền", "Hiếu", "Hoa", "Hòa", "Hoàn", "Hồng", "Huệ", "Hùng", "Hương", "Khánh", "Lan", "Liên", "Linh",
    "Loan", "Long", "Mai", "Minh", "Nam", "Nga", "Ngân", "Nghĩa", "Nguyệt", "Nhung", "Oanh", "Phong", "Phúc", "Phương",
    "Quân", "Quyên", "Sơn", "Tâm", "Thảo", "Thắng", "Thành", "Thơm", "Thúy", "Thủy", "Tiến", "Trang", "Tú", "Tuấn",
    "Tuyết", "Vân", "Vinh", "Yến",
)  # fmt: skip
MAKE_CHAPTERS = """
WITH wards AS (
  SELECT v.unit_id, u.code, row_number() OVER (ORDER BY u.code) AS place, count(*) OVER () AS many
  FROM portal_unitversion v JOIN portal_unit u ON u.id = v.unit_id JOIN portal_level l ON l.id = v.level_id
  WHERE v.valid @> current_date AND u.code ~ '^[0-9]{5}$'
), made AS (
  INSERT INTO portal_unit (code, created_at)
  SELECT w.code || '-B' || n, now() FROM generate_series(%s, %s) n JOIN wards w ON w.place = 1 + n %% w.many
  RETURNING id, code
)
INSERT INTO portal_unitversion (unit_id, parent_id, level_id, name, valid)
SELECT m.id, w.unit_id, (SELECT id FROM portal_level ORDER BY rank DESC LIMIT 1), 'Chi hội ' || m.code, '[2025-07-01,)'
FROM made m JOIN wards w ON w.code = split_part(m.code, '-', 1)
"""


def make_members(first: int, count: int, chapters: list[int]) -> None:
    """Add members by COPY, spread evenly over the chapters."""
    pick = random.Random(first)  # noqa: S311 - made-up rows, the same each run
    families = pick.choices(FAMILY, WEIGHTS, k=count)
    actor = get_user_model().objects.get(username="system").pk
    who = "id, full_name, name_key, sort_key, search_text, birth_year, gender, phone, card_number, occupation, address"
    people = f"COPY {Member._meta.db_table} ({who}, created_by_id, created_at) FROM STDIN"
    spans = f"COPY {Membership._meta.db_table} (member_id, unit_id, joined_on, valid, half, left_half) FROM STDIN"
    now = dt.datetime.now(dt.UTC)
    keys: dict[str, tuple[str, str, str]] = {}
    with connection.cursor() as cursor:
        with cursor.copy(people) as copy:
            for number, family in enumerate(families, first):
                name = f"{family} {pick.choice(MIDDLE)} {pick.choice(GIVEN)}"
                if name not in keys:
                    keys[name] = (name_key(name), sort_key(name), search_key(name))
                reached = (f"+849{number:08d}", f"HP{number:07d}")
                copy.write_row((number, name, *keys[name], 1940 + number % 65, "", *reached, "", "", actor, now))
        with cursor.copy(spans) as copy:
            for number in range(first, first + count):
                copy.write_row((number, chapters[number % len(chapters)], "2025-09-01", "[2025-09-01,)", "2025-H2", ""))
        cursor.execute(f"VACUUM ANALYZE {Member._meta.db_table}")
        cursor.execute(f"VACUUM ANALYZE {Membership._meta.db_table}")


def page_seconds(client: Client, query: dict[str, str], repeat: int) -> float:
    """Return the median seconds of the list page for a person."""
    address = reverse("member_list")
    client.get(address, query)
    return statistics.median(throwaway.seconds(lambda: client.get(address, query)) for _ in range(repeat))


def ask_first_page(user: Any, query: dict[str, str]) -> Callable[[], Any]:
    """Return what asks the database for the first page of a search, as the list does."""

    def ask() -> list[Any]:
        request = RequestFactory().get("/", query)
        request.user = user
        return [throwaway.seconds_in_database(lambda: MemberTable.seen_by(request, user).page)]

    return ask


def twins(leader: Any, officer: Any, chosen: argparse.Namespace) -> None:
    """Read pages of those who may be entered twice, first, second and last, against pages of the list itself.

    For who keeps all members and for who keeps a ward's; a page of a member told apart is passed over on the way.
    """
    for user in (leader, officer):
        request = RequestFactory().get("/")
        request.user = user
        second = RequestFactory().get("/", {"page": TwinTable(request).page.next})
        last = RequestFactory().get("/", {"page": "last"})
        second.user = last.user = user
        for what, asked in (("first", request), ("second", second), ("last", last)):
            taken = throwaway.alternate(
                chosen.repeat, pairs=lambda asked=asked: TwinTable(asked).page,
                members=lambda request=request: MemberTable.seen_by(request, request.user).page,
            )  # fmt: skip
            ratio = taken["pairs"] / taken["members"]
            print(f"{what} page of pairs for {user.username}: {1000 * taken['pairs']:.1f} ms")
            throwaway.judge(f"{what} page of pairs for {user.username} against the list", ratio, PAIRS, at_most=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=30)
    chosen = parser.parse_args()
    with throwaway.own_database(units=True):
        throwaway.with_static_files()
        leader = get_user_model().objects.get(username="leader")
        officer = get_user_model().objects.get(username="officer.lechan")
        if not Member.objects.filter(pk=FIRST_OF_MANY).exists():
            make_and_page((leader, officer), chosen)
        search(leader, officer, chosen)
        twins(make_keeper(), officer, chosen)


def make_keeper() -> Any:
    """Return an officer who keeps the members of the whole city."""
    accounts = get_user_model().objects
    found = accounts.filter(username="officer.city").first()
    if found is None:
        found = accounts.create_user("officer.city", full_name="Cán bộ thành phố")
        city = Unit.objects.get(code="HP")
        Posting.objects.create(user=found, unit=city, role=Role.OFFICER, valid=DateRange(dt.date(2025, 7, 1), None))
    return found


def make_and_page(users: Sequence[Any], chosen: argparse.Namespace) -> None:
    """Make the members, and measure the list page with few and with all of them."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_CHAPTERS, [1, CHAPTERS])
        cursor.execute("VACUUM ANALYZE portal_unitversion")
        cursor.execute("VACUUM ANALYZE portal_unit")
    chapters = list(Unit.objects.filter(code__contains="-B").order_by("code").values_list("pk", flat=True))
    clients = {}
    for user in users:
        clients[user.username] = Client(headers={"host": "127.0.0.1"})
        clients[user.username].force_login(user)
    own = list(Unit.objects.filter(code__startswith=f"{WARD}-B").order_by("code").values_list("pk", flat=True))
    make_members(1_000_000, FEW, own)  # all in the officer's ward: the page is as long with few as with many
    few = {name: page_seconds(client, {}, chosen.repeat) for name, client in clients.items()}
    taken = throwaway.seconds(lambda: make_members(FIRST_OF_MANY, chosen.members - FEW, chapters))
    print(f"{Member.objects.count():,} members in {len(chapters):,} chapters, made in {taken:.0f} s")
    for name, client in clients.items():
        many = page_seconds(client, {}, chosen.repeat)
        print(f"list page of {name}: {1000 * few[name]:.1f} ms with {FEW:,} members, {1000 * many:.1f} ms now")
        throwaway.judge(f"list page of {name} against itself", many / few[name], GROWTH, at_most=True)
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse("member_list"))
        throwaway.judge(f"queries of the page of {name}", len(caught.captured_queries), MOST_QUERIES, at_most=True)


def search(leader: Any, officer: Any, chosen: argparse.Namespace) -> None:
    """Search by each key, each time for somebody else."""
    pick = random.Random(7)  # noqa: S311 - the same each run
    total = Member.objects.count()
    last = FIRST_OF_MANY + total - FEW - 1
    name = lambda: f"{pick.choice(FAMILY)} {pick.choice(MIDDLE)} {pick.choice(GIVEN)}"  # noqa: E731 - one word for it
    keys: dict[str, Callable[[], dict[str, str]]] = {
        "whole name": lambda: {"q": name()},
        "whole name without accents": lambda: {"q": search_key(name())},
        "given name first": lambda: {"q": f"{pick.choice(GIVEN)} {pick.choice(FAMILY)}"},
        "family name alone": lambda: {"q": pick.choice(FAMILY)},
        "given name alone": lambda: {"q": pick.choice(GIVEN)},
        "beginning of a name": lambda: {"q": f"{pick.choice(FAMILY)} {pick.choice(MIDDLE)} {pick.choice(GIVEN)[:1]}"},
        "nobody": lambda: {"q": f"{pick.choice(FAMILY)} Xyz"},
        "phone": lambda: {"q": f"09{pick.randint(2_000_000, last):08d}"},
        "beginning of a phone": lambda: {"q": f"09{pick.randint(2_000_000, last):08d}"[:8]},
        "card number": lambda: {"q": f"HP{pick.randint(2_000_000, last):07d}"},
        "unit": lambda: {"unit": WARD},
        "unit and name": lambda: {"unit": WARD, "q": name()},
    }
    for user in (leader, officer):
        for what, key in keys.items():
            times = [1000 * ask_first_page(user, key())()[0] for _ in range(chosen.repeat)]
            slow = statistics.quantiles(times, n=20, method="inclusive")[-1]
            throwaway.judge(f"{user.username}: {what}, p95 in ms", slow, BAR, at_most=True)


if __name__ == "__main__":
    main()
