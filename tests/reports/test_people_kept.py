"""How many people received is kept by a process until somebody else has received, and is never what it was before."""

from collections import Counter

import pytest
from django.db import transaction
from django.utils import timezone

from portal.lib.periods import HalfYear
from scholarships.models import Disbursement, GivingChange, Recipient
from scholarships.services.recipients import judge_recipients, undo_verdict
from tests.reports import rows

pytestmark = pytest.mark.django_db
H1 = HalfYear(2023, 1)


def counted():
    received = Disbursement.objects.received_by_unit(H1)
    people = {(row["home_id"], row["person_kind"]): row["people"] for row in received.people}
    return people, {(row["unit_id"], row["person_kind"]): row["turns"] for row in received.turns}


def by_hand():
    people = Disbursement.objects.received_in(H1).count_people("home_id", "person_kind")
    turns = Counter((row.unit_id, row.person_kind) for row in Disbursement.objects.received_in(H1).with_person())
    return {(row["home_id"], row["person_kind"]): row["people"] for row in people}, turns


def test_what_was_counted_is_kept_and_asked_for_by_its_state(city, django_assert_num_queries):
    first = counted()
    assert first == by_hand()
    with django_assert_num_queries(1):
        assert counted() == first


def test_whatever_changes_who_received_is_counted_anew(city):
    """Paid, taken back, joined and parted, moved; each seen at once, with the count of before still kept."""
    clerk = rows.system()
    steps = []

    def step(name):
        steps.append((name, counted()))
        assert steps[-1][1] == by_hand(), name

    step("begin")
    given = rows.give(city, "NQ", count=3, start=700)
    step("paid")
    mine = Disbursement.objects.filter(pk=given[0].pk)
    mine.update(reversed_at=timezone.now(), reversed_half=H1.code, reversal_reason="Trao nhầm người")
    step("taken back within it")
    kept, other = (row.recipient for row in given[1:])
    verdict = judge_recipients(kept=kept, other=other, is_same=True, reason="Cùng một em", actor=clerk)
    step("joined")
    undo_verdict(verdict=verdict, actor=clerk)
    step("parted")
    Recipient.objects.filter(pk=kept.pk).update(unit=city["LC"])
    step("moved")
    Recipient.objects.filter(pk=kept.pk).update(kind="student")
    step("of another kind")
    names, tables = zip(*steps, strict=True)
    changed = [name for name, before, after in zip(names[1:], tables, tables[1:], strict=False) if before != after]
    assert changed == list(names[1:])


def test_however_many_people_a_statement_moves_it_is_one_change(city):
    rows.give(city, "NQ", count=5, start=300)
    before = GivingChange.objects.count()
    mine = Recipient.objects.filter(unit=city["NQ"], full_name__regex=r"30\d")
    assert mine.update(full_name="Ai đó") == 5  # who they are called moves nobody
    assert GivingChange.objects.count() == before
    assert Recipient.objects.filter(unit=city["NQ"], full_name="Ai đó").update(unit=city["LC"]) == 5
    assert GivingChange.objects.count() == before + 1
    assert counted() == by_hand()


def test_what_was_rolled_back_is_not_kept_for_others(city):
    with transaction.atomic():
        rows.give(city, "NQ", count=2, start=800)
        assert counted() == by_hand()
        transaction.set_rollback(True)
    rows.give(city, "LC", count=1, start=900)
    assert counted() == by_hand()


def test_a_list_that_is_only_written_changes_nothing(city):
    before = GivingChange.objects.count()
    made = rows.batch(city["LC"], state="draft")
    like = Disbursement.objects.filter(unit=city["LC"]).first()
    like.pk, like.batch, like.paid_at, like.fund, like.source = None, made, None, None, "direct"
    like.recipient = rows.person(city["LC"], "Nguyễn Văn Khác")
    like.save()
    assert GivingChange.objects.count() == before
