"""Whether a half-year has facts: each kind of fact says so alone, and nothing at all is told by one question."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Membership
from news.models import Category
from news.services import create_article, publish_article
from portal.lib.periods import HalfYear, Year
from portal.lib.written_queries import rows_of
from reports.figures import compute, has_facts
from scholarships.models import DisbursementSum, LedgerEntry
from scholarships.services.donations import record_donation
from scholarships.services.topups import record_topup
from tests import factories
from tests.members.titles import make_criteria, make_title
from tests.reports import rows

pytestmark = pytest.mark.django_db
H1 = HalfYear(2023, 1)


def give(tree, _officer):
    rows.give(tree, "LC", count=1, source="direct")


def join(tree, _officer):
    rows.join(tree["LC"], "Lê Thị Tư", on=dt.date(2023, 3, 1))


def donate(tree, _officer, goods=""):
    record_donation(
        fund=tree["funds"]["LC"], donor_name="Bà Tư", source="people", amount=1_000, received_on=dt.date(2023, 3, 1),
        goods=goods, confirmed=True, actor=factories.make_system_account(),
    )  # fmt: skip


def donate_goods(tree, officer):
    donate(tree, officer, "mười bộ sách")


def register(tree, officer):
    make_criteria()
    make_title(tree["LC"], officer, year=2023, registered_on=dt.date(2023, 2, 1))


def top_up(tree, officer):
    decision = "12/QĐ-UBND ngày 03/02/2023"
    record_topup(unit=tree["LC"], year=2023, answer="yes", decision=decision, amount=5, actor=officer)


def declare(tree, officer):
    sent = rows.declare(tree["LC"], H1, officer)
    rows.services.approve_submission(submission=sent, actor=factories.make_user("a", role="approver", unit=tree["HP"]))


def publish(tree, _officer):
    writer = rows.system()
    story = create_article(
        category=Category.objects.create(name="Tin", slug="tin"), unit=tree["LC"], title="Trao học bổng",
        lead="Hội trao học bổng.", body="<p>Các em nhận học bổng./.</p>", actor=writer,
    )  # fmt: skip
    publish_article(article=story, at=dt.datetime(2023, 5, 2, 8, tzinfo=dt.UTC), actor=writer)


@pytest.fixture
def books(tree, site_profile):
    """A city whose only fund was opened the half-year before: it stands still, and is nothing that happened."""
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {"LC": factories.make_fund(tree["LC"])}
    rows.join(tree["LC"], "Lê Văn Ba", on=dt.date(2022, 9, 1))
    return tree


@pytest.mark.parametrize("happen", [give, join, donate, donate_goods, register, top_up, declare, publish])
def test_each_kind_of_fact_says_so_alone(books, officer_lc, happen):
    assert not has_facts(books["HP"], H1)
    assert not compute(books["HP"], H1).has_data
    happen(books, officer_lc)
    assert has_facts(books["HP"], H1)
    assert has_facts(books["LC"], Year(2023))
    assert compute(books["HP"], H1).has_data
    assert not has_facts(books["NQ"], H1)  # there is something, of another unit
    assert not has_facts(books["HP"], HalfYear(2022, 1))


def test_that_nothing_is_there_is_told_by_one_question(books, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert not has_facts(books["HP"], H1)
    with django_assert_num_queries(2):
        assert not has_facts(books["HP"], Year(2023))


@pytest.mark.parametrize(
    ("ask", "about"),
    [
        (LedgerEntry.objects.sums_by_unit, H1),
        (LedgerEntry.objects.opened_by_unit, HalfYear(2022, 2)),
        (DisbursementSum.objects.totals_by_unit, H1),
        (DisbursementSum.objects.of, H1),
    ],
)
def test_a_written_query_gives_the_rows_that_stand_now(books, ask, about):
    assert list(rows_of(ask, about)) == list(ask(about))
    give(books, None)
    donate(books, None)
    assert list(rows_of(ask, about)) == list(ask(about)) != []
    assert [type(row) for row in rows_of(ask, about)] == [type(row) for row in ask(about)]


def _everybody(_half):
    return Membership.objects.order_by().values_list("pk")


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_over_its_own_connection(tree):
    rows.join(tree["LC"], "Lê Văn Ba", on=dt.date(2022, 9, 1))
    here, there = list(rows_of(_everybody, H1)), []

    def ask():
        with CaptureQueriesContext(connection) as asked:
            there.extend(rows_of(_everybody, H1))
        there.append(len(asked))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert there == [*here, 1]
    assert len(here) == 1
