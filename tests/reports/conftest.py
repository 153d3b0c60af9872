"""A city with two districts whose half-year 2023-H1 has rows, money, members and people who enter, approve and issue."""

import datetime as dt

import pytest

from portal.lib.periods import HalfYear
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)


@pytest.fixture
def half():
    return H1


@pytest.fixture
def city(tree, site_profile):
    """The tree with programmes, funds, rows of 2023-H1 in LC, in its ward and in NQ."""
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {code: factories.make_fund(tree[code]) for code in ("LC", "NQ", "LC-AB")}
    people = {"LC": 12, "LC-AB": 7, "NQ": 9}
    for code, count in people.items():
        rows.give(tree, code, count=count, half="2023-H1")
    for number, code in enumerate(("LC", "LC", "LC-AB", "NQ")):
        rows.join(tree[code], f"Hội viên {number}", on=dt.date(2023, 3, 1 + number))
    return tree
