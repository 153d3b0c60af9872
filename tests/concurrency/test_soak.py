"""Sixteen writers at once on one fund, and writers and the server killed in the middle: nothing lost, nothing doubled."""

from __future__ import annotations

import datetime
import random
import threading
import time
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from portal.lib.vietnamese import Birth
from portal.models import Closing
from portal.services import periods
from portal.services.periods import close_half_year, grant_exception
from portal.services.refusals import ConflictError
from scholarships.models import Batch, Disbursement, Donation, Fund, LedgerEntry
from scholarships.services.batches import approve_batch, pay_batch, reverse_batch, submit_batch, withdraw_batch
from scholarships.services.donations import record_donation
from scholarships.services.locking import lock_in_order
from scholarships.services.sealing import chain, seal_books
from scholarships.services.verifying import find_differences
from tests import factories
from tests.concurrency.test_money import together
from tests.scholarships.lists import GIVEN, HALF, add_row, make_batch
from tests.soak import at_length
from tests.two_persons import agree

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
WHY = "Nhập nhầm danh sách"
SECONDS = at_length(4, 60)


class Writers:
    """What each of the sixteen does again and again until the time is over; refusals are answers, all else is a fault."""

    def __init__(self, tree: Any, people: dict[str, Any], programme: Any) -> None:
        self.tree, self.people, self.programme = tree, people, programme
        self.until = time.monotonic() + SECONDS
        self.answers: dict[str, int] = {}
        self.counting = threading.Lock()

    def again_and_again(self, step: Any) -> Any:
        def run() -> None:
            chance = random.Random(f"{step.__name__}{threading.get_ident()}")
            while time.monotonic() < self.until:
                try:
                    answer = step(chance) or "nothing to do"
                except ValidationError as error:
                    answer = f"refused: {error.messages[0][:40]}"
                except ConflictError:
                    answer = "busy"
                with self.counting:
                    self.answers[f"{step.__name__}: {answer}"] = self.answers.get(f"{step.__name__}: {answer}", 0) + 1

        return run

    def pay(self, chance: random.Random) -> str:
        mode = chance.choice(["handed_out", "to_pay"])
        batch = make_batch(self.tree["LC"], self.people["officer"], mode=mode)
        for _row in range(2):
            name = "".join(chance.choice("bcdghklmnpqrstvx") + chance.choice("aeiou") for _syllable in range(4))
            add_row(
                batch, self.people["officer"], self.programme, full_name=f"Nguyễn {name.title()}",
                amount=chance.randint(1, 9) * 100_000, birth=Birth(chance.randint(2005, 2016), chance.randint(1, 12), 5),
            )  # fmt: skip
        submit_batch(batch=batch, actor=self.people["officer"])
        approve_batch(batch=batch, actor=self.people["approver"])
        if mode == "to_pay" and chance.random() < 0.7:
            pay_batch(batch=batch, actor=self.people["approver"])
        return "done"

    def reverse(self, chance: random.Random) -> str | None:
        paid = list(Batch.objects.filter(state="paid")[:20])
        if not paid:
            time.sleep(0.05)
            return None
        change = reverse_batch(batch=chance.choice(paid), reason=WHY, actor=self.people["approver"])
        agree(change, by=self.people["leader"])
        return "done"

    def take_back(self, chance: random.Random) -> str | None:
        approved = list(Batch.objects.filter(state="approved")[:20])
        if not approved:
            time.sleep(0.05)
            return None
        change = withdraw_batch(batch=chance.choice(approved), reason=WHY, actor=self.people["officer"])
        agree(change, by=self.people["leader"])
        return "done"

    def give(self, chance: random.Random) -> str:
        key, fund = uuid.uuid4(), Fund.objects.get()
        given = {"fund": fund, "donor_name": "A", "source": "people", "received_on": GIVEN, "confirmed": True}
        amount = chance.randint(1, 500_000)
        for _time in range(2):  # the same request twice is one gift
            record_donation(amount=amount, request_key=key, actor=self.people["approver"], **given)
        return "done"

    def close(self, chance: random.Random) -> str:
        unit, officer = self.tree["LC"], self.people["officer"]
        close_half_year(unit=unit, half=HALF, reason="Đã báo cáo", actor=self.people["leader"])
        until = timezone.now() + datetime.timedelta(days=1)
        if chance.random() < 0.8:  # else what is paid until the next one counts late
            server = factories.make_system_account()
            grant_exception(unit=unit, half=HALF, person=officer, until=until, reason="Bổ sung", actor=server)
        time.sleep(0.5)
        return "done"

    def seal(self, chance: random.Random) -> str:
        time.sleep(0.1)
        seal_books()
        return "done"


@pytest.fixture
def ground(tree, officer_lc, approver, leader):
    programme = factories.make_programmes(tree["HP"])["award"]
    factories.make_fund(tree["LC"], opening=20_000_000)
    return tree, {"officer": officer_lc, "approver": approver, "leader": leader}, programme


def test_sixteen_writers_at_once_leave_right_books(ground):
    writers = Writers(*ground)
    steps = [*[writers.pay] * 6, *[writers.reverse] * 3, writers.take_back, *[writers.give] * 3, *[writers.close] * 2]
    steps.append(writers.seal)
    assert len(steps) == 16
    broken = [result for result in together(*map(writers.again_and_again, steps)) if result is not None]
    assert not broken, broken
    assert writers.answers.get("pay: done", 0) > 0, writers.answers
    fund = Fund.objects.get()
    assert fund.balance == sum(LedgerEntry.objects.values_list("amount", flat=True)) >= 0
    assert Donation.objects.count() == writers.answers.get("give: done", 0)
    standing = Disbursement.objects.standing().filter(paid_at__isnull=False)
    assert -sum(LedgerEntry.objects.filter(kind__in=["payout"]).values_list("amount", flat=True)) - sum(
        LedgerEntry.objects.filter(kind="reversal", amount__gt=0).values_list("amount", flat=True)
    ) == sum(standing.values_list("amount", flat=True))
    seal_books()
    assert (chain().unsealed_ledger, chain().unsealed_audit) == (0, 0)
    assert find_differences() == []


def test_a_lock_outside_a_transaction_is_an_error_of_the_programmer(ground):
    with pytest.raises(RuntimeError, match="outside a transaction"):
        lock_in_order(funds=[1])


def test_a_closing_that_waits_too_long_says_so_and_closes_nothing(ground, monkeypatch):
    tree, people, _programme = ground
    monkeypatch.setattr(periods, "CLOSING_WAIT", "200ms")
    held, go_on = threading.Event(), threading.Event()

    def post() -> None:
        with transaction.atomic():
            lock_in_order(periods=[(tree["LC"].pk, HALF.code)])
            held.set()
            assert go_on.wait(30)

    def close() -> str:
        assert held.wait(30)
        try:
            close_half_year(unit=tree["LC"], half=HALF, reason="Đã báo cáo", actor=people["leader"])
        except ConflictError as error:
            return str(error)
        finally:
            go_on.set()
        return "closed"

    assert "thử lại" in str(together(post, close)[1])
    assert not Closing.objects.exists()


def test_a_writer_whose_connection_is_cut_leaves_nothing_and_the_request_sent_again_is_posted_once(ground):
    """As after kill -9 of its worker: the server ends the connection in the middle of the transaction."""
    _tree, people, _programme = ground
    key, fund = uuid.uuid4(), Fund.objects.get()
    given = {
        "fund": fund, "donor_name": "A", "source": "people", "amount": 7_000, "received_on": GIVEN, "confirmed": True,
        "request_key": key, "actor": people["approver"],
    }  # fmt: skip
    posted, cut = threading.Event(), threading.Event()
    backend: list[int] = []

    def killed() -> None:
        with transaction.atomic():
            record_donation(**given)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                backend.append(cursor.fetchone()[0])
            posted.set()
            assert cut.wait(30)

    def kill() -> None:
        assert posted.wait(30)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend[0]])
        cut.set()

    first, _none = together(killed, kill)
    assert first is not None  # its connection was gone at the commit
    assert (Donation.objects.count(), find_differences()) == (0, [])
    for _time in range(3):
        record_donation(**given)
    assert (Donation.objects.count(), Donation.objects.get().receipt_number) == (1, 1)
    assert Fund.objects.get().balance == 20_007_000
    assert find_differences() == []
