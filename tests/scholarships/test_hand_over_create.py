"""Money of ended units passes to their heirs by two persons; it is neither income nor spending."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import ProposedChange, UnitSuccession
from portal.services.periods import close_half_year
from reports.figures import compute
from scholarships.models import Fund, HandOver, LedgerEntry
from scholarships.services.hand_overs import propose_hand_over
from scholarships.services.verifying import find_differences
from tests import factories
from tests.two_persons import agree, second_person

pytestmark = pytest.mark.django_db
DAY = datetime.date(2025, 7, 10)
HALF = HalfYear(2025, 2)


@pytest.fixture
def old(tree):
    return factories.make_fund(tree["LC"], opening=325_000_000)


@pytest.fixture
def new(tree):
    return factories.make_fund(tree["LECHAN"], opening=1_000_000, half="2025-H2")


def propose(old, new, actor, **facts):
    known = {
        "amount": 325_000_000, "on_date": DAY, "decision": "12/QĐ-HKH ngày 30/6/2025",
        "reason": "Bàn giao quỹ theo quyết định của thành phố",
    }  # fmt: skip
    return propose_hand_over(from_fund=old, to_fund=new, actor=actor, **known | facts)


def balances(*funds):
    return [Fund.objects.get(pk=fund.pk).balance for fund in funds]


def test_money_moves_when_another_person_agrees_and_counts_as_neither_income_nor_spending(tree, old, new, approver):
    change = propose(old, new, approver)
    assert balances(old, new) == [325_000_000, 1_000_000]
    with pytest.raises(PermissionDenied):
        agree(change, by=approver)
    agree(change)
    assert balances(old, new) == [0, 326_000_000]
    city = compute(tree["HP"], HALF)
    assert (city.figures["funds.income"], city.figures["funds.spending"]) == (0, 0)
    assert city.figures["funds.taken_over"] == city.figures["funds.passed_on"] == 325_000_000
    for values in (city.figures, *city.by_unit.values(), city.own):
        came = sum(values[f"funds.{column}"] for column in ("opening", "income", "taken_over", "recalled"))
        went = sum(values[f"funds.{column}"] for column in ("spending", "passed_on", "refunded"))
        assert came - went == values["funds.closing"]
        assert all(value >= 0 for value in values.values())
    assert city.by_unit["11383"]["funds.closing"] == 326_000_000
    assert find_differences() == []


def test_a_mistake_is_handed_back(old, new, approver):
    agree(propose(old, new, approver))
    agree(propose(new, old, approver, amount=25_000_000, decision="13/QĐ-HKH: trả lại phần giao thừa"))
    assert balances(old, new) == [25_000_000, 301_000_000]
    assert find_differences() == []


def test_both_lines_count_in_the_first_half_year_that_both_books_have_open(old, new, approver, closed_second_half):
    agree(propose(old, new, approver))
    made = HandOver.objects.get()
    assert (made.on_date, made.half) == (DAY, "2026-H1")
    assert set(LedgerEntry.objects.filter(hand_over=made).values_list("half", "occurred_on")) == {("2026-H1", DAY)}


@pytest.fixture
def closed_second_half(new, approver):
    close_half_year(unit=new.unit, half=HALF, reason="Đã báo cáo", actor=approver)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"amount": 325_000_001}, "amount"),
        ({"amount": 0}, "amount"),
        ({"on_date": datetime.date(2025, 6, 30)}, "on_date"),
        ({"on_date": datetime.date(2999, 1, 1)}, "on_date"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(old, new, approver, facts, field):
    with pytest.raises(ValidationError) as refused:
        propose(old, new, approver, **facts)
    assert field in refused.value.message_dict


def test_a_stranger_is_no_heir(tree, old, approver):
    stranger = factories.make_fund(tree["NGOQUYEN"], opening=0)
    with pytest.raises(ValidationError) as refused:
        propose(old, stranger, approver)
    assert "to_fund" in refused.value.message_dict


def test_of_several_heirs_none_takes_alone(tree, old, new, approver_lechan, leader_lechan):
    change = propose(old, new, approver_lechan, amount=1_000)
    assert change.unit == tree["LC"]
    agree(change, by=leader_lechan)  # the only heir decides itself
    UnitSuccession.objects.create(
        from_unit=tree["LC"], to_unit=tree["NGOQUYEN"], on_date=factories.REFORM, kind="split", legal_basis="NQ 202"
    )
    change = propose(old, new, approver_lechan, amount=2_000)
    assert change.unit == tree["HP"]
    with pytest.raises(PermissionDenied):
        agree(change, by=leader_lechan)
    agree(change, by=second_person())


def test_only_who_keeps_both_funds_proposes(tree, old, new, approver_lechan, officer_lechan):
    with pytest.raises(PermissionDenied):
        propose(old, new, officer_lechan)
    of_the_city = factories.make_fund(tree["HP"])
    with pytest.raises(PermissionDenied):
        propose(old, of_the_city, approver_lechan)


def test_a_fund_that_was_emptied_meanwhile_gives_nothing(old, new, approver):
    first, second = propose(old, new, approver), propose(old, new, approver, decision="Quyết định khác 14/QĐ")
    agree(first)
    with pytest.raises(ValidationError):
        agree(second)
    assert balances(old, new) == [0, 326_000_000]


def written(old, new, actor, **facts):
    known = {
        "amount": 1_000, "on_date": DAY, "half": HALF.code, "decision": "12/QĐ", "recorded_by": actor,
        "from_fund": old, "to_fund": new,
    }  # fmt: skip
    return HandOver.objects.create(**known | facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "hand_over_two_persons"),
        ({"amount": -1}, "hand_over_two_persons"),
        ({"on_date": None}, "hand_over_two_persons"),
    ],
)
def test_the_database_asks_for_two_persons(old, new, approver, facts, said):
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        written(old, new, approver, **facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "hand_over_both_lines"),
        ({"amount": 0}, "hand_over_positive"),
        ({"amount": None}, "null value"),
        ({"on_date": datetime.date(2025, 6, 30)}, "hand_over_in_its_days"),
        ({"on_date": None}, "hand_over_in_its_days"),
        ({"decision": " "}, "hand_over_decision_seen"),
    ],
)
def test_the_database_holds_the_rest_for_the_server_too(old, new, facts, said):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        written(old, new, factories.make_system_account(), **facts)


def test_its_lines_are_never_changed_reversed_or_written_alone(tree, old, new, approver):
    agree(propose(old, new, approver))
    made = HandOver.objects.get()
    line = made.entries.get(kind="passed_on")
    for sql in ("UPDATE scholarships_handover SET amount = 1", "DELETE FROM scholarships_handover"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    facts = {"half": "2026-H2", "occurred_on": DAY, "actor": approver}
    with pytest.raises(IntegrityError, match="reversal_must_mirror"), transaction.atomic():
        old.entries.create(kind="reversal", amount=1_000, reverses=line, reason="Đảo bàn giao sai", **facts)
    with pytest.raises(IntegrityError, match="ledger_as_its_hand_over"), transaction.atomic():
        new.entries.create(kind="taken_over", amount=999, hand_over=made, **facts)
    with pytest.raises(IntegrityError, match="ledger_hand_over"), transaction.atomic():
        new.entries.create(kind="taken_over", amount=999, **facts)


def test_the_page_offers_heirs_and_says_what_waits(client_of, tree, old, new, approver):
    factories.make_fund(tree["NGOQUYEN"], opening=0)
    client, url = client_of(approver), reverse("hand_over_create", args=[old.pk])
    page = client.get(url)
    assert [fund.pk for fund in page.context["form"].fields["to_fund"].queryset] == [new.pk]
    sent = {
        "to_fund": new.pk, "amount": "325 triệu", "on_date": "10/07/2025", "decision": "12/QĐ-HKH",
        "reason": "Bàn giao quỹ theo quyết định",
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    assert client.post(url, sent).status_code == 302
    assert ProposedChange.objects.waiting().count() == 1
    agree()
    book = client.get(reverse("fund_detail", args=[new.pk])).content.decode()
    assert old.name in book
    assert "12/QĐ-HKH" in book
