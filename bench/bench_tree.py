"""A tree of many units: its pages, the field that finds a unit and the public "Hội ở nơi tôi", with what the CPU pays.

`--units 10000` is the association with all its chapters and committees; the default is small. Counted is the CPU of the
process and of the database's server together; what a page's queries count is the same however many units there are.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import throwaway
from bench_members import MAKE_CHAPTERS
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.forms.fields import UnitField
from portal.models import Unit
from portal.permissions import Permission

BAR = 100  # ms of CPU
FEW = 200  # units with which the queries are counted first
WARD = "11383"


class Cost:
    """CPU time in ms of this process, and of the server that works for its connection."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            self.server = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")

    def now(self) -> float:
        """Return what has been used so far."""
        return 1000 * time.process_time() + int(self.server.read_text(encoding="ascii").split()[0]) / 1e6

    def of(self, work: Callable[[], object], repeat: int) -> float:
        """Return the median of one call."""
        found = []
        for _ in range(repeat):
            before = self.now()
            work()
            found.append(self.now() - before)
        return statistics.median(found)


def make_chapters(first: int, last: int) -> None:
    """Spread chapters over the wards of today."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE_CHAPTERS, [first, last])
        for table in ("portal_unitversion", "portal_unit"):
            cursor.execute(f"VACUUM ANALYZE {table}")


def clean(words: str) -> Callable[[], object]:
    """Return what finds a unit by what somebody typed, as every form with a unit does."""

    def work() -> object:
        try:
            return UnitField(permission=Permission.VIEW_MEMBERS, choices=Unit.objects.all()).clean(words)
        except ValidationError as error:
            return error

    return work


def works() -> dict[str, Callable[[], object]]:
    """Return what is measured, by its name."""
    clients = {}
    for name in ("leader", "administrator", "officer.lechan"):
        clients[name] = Client(headers={"host": "127.0.0.1"})
        clients[name].force_login(get_user_model().objects.get(username=name))

    def page(person: str, view: str, query: Mapping[str, str] | None = None, *args: str) -> Callable[[], object]:
        def work() -> object:
            answer = clients[person].get(reverse(view, args=args), query or {})
            assert answer.status_code == 200, (view, answer.status_code)
            return answer.content

        return work

    chapter = Unit.objects.filter(code__startswith=f"{WARD}-B").order_by("code").first()
    assert chapter is not None
    suggest = [page("leader", "unit_suggest", {"q": words}, Permission.VIEW_MEMBERS) for words in
               ("c", "chi hội", "le chan", "Vĩnh Bảo", f"{WARD}-B", "không có")]  # fmt: skip
    return {
        "tree of the city": page("leader", "unit_tree", {"unit": "HP"}),
        "tree of a ward": page("leader", "unit_tree", {"unit": WARD}),
        "tree of an officer": page("officer.lechan", "unit_tree"),
        "list of units": page("administrator", "unit_list"),
        "list of units, its last page": page("administrator", "unit_list", {"page": "last"}),
        "list of units by a word of all": page("administrator", "unit_list", {"q": "chi hội"}),
        "list of units by a name": page("administrator", "unit_list", {"q": "le chan"}),
        "page of the city": page("administrator", "unit_detail", None, "HP"),
        "page of a ward": page("administrator", "unit_detail", None, WARD),
        "page of a chapter": page("administrator", "unit_detail", None, chapter.code),
        **{f"proposals while one types, {place}": one for place, one in enumerate(suggest, 1)},
        "a unit typed by its name": clean("phường Lê Chân"),
        "a unit typed by its code": clean(f"Chi hội ({chapter.code})"),
        "a unit typed that fits thousands": clean("chi hội"),
        "a unit typed that is none": clean("không có ở đâu"),
        "the association where I live, by a name": page("leader", "place_find", {"q": "Lê Chân"}),
        "the association where I live, by an old name": page("leader", "place_find", {"q": "huyen vinh bao"}),
        "the association where I live, by a word of all": page("leader", "place_find", {"q": "chi hoi"}),
    }  # fmt: skip


def count_queries(work: Callable[[], object]) -> int:
    """Return how many queries a call makes."""
    with CaptureQueriesContext(connection) as caught:
        work()
    return len(caught.captured_queries)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=10)
    chosen = parser.parse_args()
    with throwaway.own_database(units=True):
        throwaway.with_static_files()
        make_chapters(1, FEW)
        before = {name: (work(), count_queries(work))[1] for name, work in works().items()}
        make_chapters(FEW + 1, chosen.units)
        print(f"{Unit.objects.count():,} units")
        cost = Cost()
        for name, work in works().items():
            work()
            throwaway.judge(f"{name}, ms of CPU", cost.of(work, chosen.repeat), BAR, at_most=True)
            if (now := count_queries(work)) > before[name]:
                throwaway.judge(f"{name}, queries beside those with {FEW} units", now / before[name], 1, at_most=True)


if __name__ == "__main__":
    main()
