"""Lists on their way: who may do what in which state, what is posted, what comes back."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import AuditEntry
from portal.services.periods import close_half_year
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from portal.vocabulary import Role
from scholarships.models import Batch, DisbursementSum, Fund, LedgerEntry, Recipient
from scholarships.services.batches import (
    add_disbursement,
    approve_batch,
    create_batch,
    pay_batch,
    remove_disbursement,
    return_batch,
    reverse_batch,
    submit_batch,
    update_disbursement,
    withdraw_batch,
)
from scholarships.services.effects import effect_of
from scholarships.services.verifying import find_differences
from tests import factories
from tests.scholarships.lists import GIVEN, HALF, add_row, make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db


def balance(fund: Fund) -> int:
    return Fund.objects.get(pk=fund.pk).balance


def approve(batch: Batch, actor, version=None) -> Batch:
    return approve_batch(batch=batch, version=version, actor=actor)


@pytest.fixture
def submitted(draft, officer_lc):
    return submit_batch(batch=draft, actor=officer_lc)


@pytest.fixture
def paid(submitted, approver):
    return approve(submitted, approver)


# -- the way of a list


def test_what_was_handed_out_is_paid_with_its_approval(submitted, approver, fund_lc):
    batch = approve(submitted, approver)
    assert batch.state == "paid"
    assert balance(fund_lc) == 98_500_000
    entry = LedgerEntry.objects.get(kind="payout")
    assert (entry.amount, entry.batch, entry.half, entry.occurred_on) == (-1_500_000, batch, "2023-H1", GIVEN)
    assert DisbursementSum.objects.get().amount == 1_500_000
    assert [event.action for event in batch.events.all()] == ["create", "submit", "approve", "pay"]
    assert AuditEntry.objects.filter(action="scholarships.batch.approve", target_id=batch.pk, actor=approver).exists()
    assert find_differences() == []


def test_what_is_to_be_paid_counts_only_once_it_is_paid(tree, officer_lc, approver, programmes, fund_lc):
    batch = make_batch(tree["LC"], officer_lc, rows=3, mode="to_pay", programme=programmes["scholarship"])
    submit_batch(batch=batch, actor=officer_lc)
    assert approve(batch, approver).state == "approved"
    assert balance(fund_lc) == 100_000_000
    assert not DisbursementSum.objects.exists()
    batch = pay_batch(batch=batch, paid_on=datetime.date(2023, 6, 20), actor=approver)
    assert (batch.state, balance(fund_lc)) == ("paid", 98_500_000)
    assert LedgerEntry.objects.get(kind="payout").occurred_on == datetime.date(2023, 6, 20)
    assert find_differences() == []


@pytest.mark.parametrize("swapped", ["full_name", "amount", "note"])
def test_exactly_what_was_shown_is_approved(submitted, approver, officer_lc, swapped):
    shown = version_of(submitted, effect_of(submitted, "approve"))
    return_batch(batch=submitted, reason="Xem lại", actor=approver)
    row = submitted.disbursements.order_by("pk").first()
    new = {"full_name": "Người Thân Cán Bộ", "amount": 500_001, "note": "đã đổi"}[swapped]
    update_disbursement(row=row, actor=officer_lc, **{swapped: new})
    submit_batch(batch=submitted, actor=officer_lc)
    with pytest.raises(ConflictError) as caught:
        approve(submitted, approver, shown)
    assert "các dòng" in [name for name, _now in caught.value.changes]
    assert Batch.objects.get().state == "submitted"
    present = Batch.objects.get()
    approve(submitted, approver, version_of(present, effect_of(present, "approve")))
    assert Batch.objects.get().state == "paid"


def test_nobody_approves_a_list_from_which_they_took_a_row(tree, draft, officer_lc, programmes):
    both = factories.make_user("both", role=Role.OFFICER, unit=tree["LC"])
    both.postings.create(unit=tree["HP"], role=Role.APPROVER, valid=both.postings.get().valid)
    extra = add_row(draft, officer_lc, programmes["scholarship"], full_name="Lê Văn Bốn")
    remove_disbursement(row=extra, actor=both)
    submit_batch(batch=draft, actor=officer_lc)
    with pytest.raises(ValidationError) as caught:
        approve(draft, type(both).objects.get(pk=both.pk))
    assert caught.value.code == "own"


def test_nobody_approves_what_they_entered_submitted_or_changed(tree, draft, officer_lc, programmes):
    both = factories.make_user("both", role=Role.OFFICER, unit=tree["LC"])
    both.postings.create(unit=tree["HP"], role=Role.APPROVER, valid=both.postings.get().valid)
    update_disbursement(row=draft.disbursements.first(), note="sửa", actor=both)
    submit_batch(batch=draft, actor=officer_lc)
    both = type(both).objects.get(pk=both.pk)
    with pytest.raises(ValidationError) as caught:
        approve(draft, both)
    assert caught.value.code == "own"
    assert Batch.objects.get().state == "submitted"


def test_rights_are_asked_on_the_unit(draft, submitted, officer_nq, approver, leader, officer_lc):
    for actor in (officer_nq, leader, officer_lc):
        with pytest.raises(PermissionDenied):
            approve(submitted, actor)
    with pytest.raises(PermissionDenied):
        return_batch(batch=submitted, reason="Thiếu ngày sinh", actor=officer_lc)
    with pytest.raises(PermissionDenied):
        withdraw_batch(batch=submitted, reason="Nhầm", actor=officer_nq)
    with pytest.raises(PermissionDenied):
        make_batch(draft.unit, officer_nq)


def test_a_returned_list_is_mended_and_sent_again(submitted, officer_lc, approver, programmes):
    with pytest.raises(ValidationError):
        return_batch(batch=submitted, reason=" ", actor=approver)
    batch = return_batch(batch=submitted, reason="Thiếu một em", actor=approver)
    assert (batch.state, batch.reason) == ("returned", "Thiếu một em")
    add_row(batch, officer_lc, programmes["award"])
    submit_batch(batch=batch, actor=officer_lc)
    assert approve(batch, approver).state == "paid"


def test_a_list_is_sent_with_rows_only(tree, officer_lc, approver):
    with pytest.raises(ValidationError):
        submit_batch(batch=make_batch(tree["LC"], officer_lc), actor=officer_lc)


def test_a_submitted_list_takes_no_rows(submitted, officer_lc, programmes):
    row = submitted.disbursements.first()
    with pytest.raises(ValidationError):
        add_row(submitted, officer_lc, programmes["award"])
    with pytest.raises(ValidationError):
        update_disbursement(row=row, amount=600_000, actor=officer_lc)
    with pytest.raises(ValidationError):
        remove_disbursement(row=row, actor=officer_lc)


@pytest.mark.parametrize("step", ["submit", "return", "approve", "pay", "reverse", "withdraw"])
def test_a_step_that_does_not_fit_the_state_is_refused(paid, officer_lc, approver, step):
    steps = {
        "submit": lambda: submit_batch(batch=paid, actor=officer_lc),
        "return": lambda: return_batch(batch=paid, reason="Sai", actor=approver),
        "approve": lambda: approve(paid, approver),
        "pay": lambda: pay_batch(batch=paid, actor=approver),
        "withdraw": lambda: withdraw_batch(batch=paid, reason="Sai", actor=officer_lc),
        "reverse": lambda: [
            agree(reverse_batch(batch=paid, reason="Nhập nhầm danh sách", actor=approver)) for _time in range(2)
        ],
    }
    with pytest.raises(ValidationError):
        steps[step]()


def test_a_withdrawn_list_makes_room_for_the_same_rows(submitted, officer_lc, programmes):
    with pytest.raises(ValidationError):
        withdraw_batch(batch=submitted, reason="", actor=officer_lc)
    withdraw_batch(batch=submitted, reason="Gửi nhầm tệp", actor=officer_lc)
    again = make_batch(submitted.unit, officer_lc, rows=3, programme=programmes["scholarship"])
    assert again.disbursements.count() == 3
    assert not DisbursementSum.objects.exists()
    assert find_differences() == []


def test_a_reversed_list_gives_its_money_back(paid, approver, fund_lc):
    with pytest.raises(ValidationError):
        reverse_batch(batch=paid, reason="ngắn", actor=approver)
    agree(reverse_batch(batch=paid, reason="Danh sách nhập nhầm kỳ", actor=approver))
    batch = Batch.objects.get(pk=paid.pk)
    assert (batch.state, balance(fund_lc)) == ("reversed", 100_000_000)
    assert DisbursementSum.objects.get().turns == 0
    assert LedgerEntry.objects.get(kind="reversal").reason == "Danh sách nhập nhầm kỳ"
    assert find_differences() == []


def test_a_reversal_after_closing_is_a_line_of_its_own_in_the_half_year_of_its_day(paid, approver, fund_lc):
    close_half_year(unit=paid.unit, half=HALF, reason="Đã báo cáo", actor=approver)
    agree(reverse_batch(batch=paid, reason="Danh sách nhập nhầm kỳ", actor=approver))
    today = HalfYear.containing(timezone.localdate()).code
    sums = DisbursementSum.objects.order_by("half").values_list("half", "turns", "recalled_turns", "recalled_amount")
    assert list(sums) == [("2023-H1", 3, 0, 0), (today, 0, 3, 1_500_000)]
    assert LedgerEntry.objects.get(kind="reversal").half == today
    assert balance(fund_lc) == 100_000_000
    assert find_differences() == []


def test_a_fund_that_holds_too_little_says_what_it_holds_and_needs(tree, officer_lc, approver, programmes):
    factories.make_fund(tree["LC"], opening=1_000_000)
    batch = make_batch(tree["LC"], officer_lc, rows=3, programme=programmes["scholarship"])
    submit_batch(batch=batch, actor=officer_lc)
    with pytest.raises(ValidationError, match=r"1\.000\.000 đồng.*1\.500\.000 đồng"):
        approve(batch, approver)
    assert Batch.objects.get().state == "submitted"
    assert not batch.disbursements.filter(paid_at__isnull=False).exists()


def test_only_what_a_fund_paid_is_posted(tree, officer_lc, approver, programmes, fund_lc):
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["scholarship"])
    add_row(batch, officer_lc, programmes["support"], source="in_kind", amount=300_000)
    add_row(batch, officer_lc, programmes["award"], source="direct", amount=200_000)
    submit_batch(batch=batch, actor=officer_lc)
    approve(batch, approver)
    assert balance(fund_lc) == 99_500_000
    assert DisbursementSum.objects.filter(half="2023-H1").count() == 3
    assert find_differences() == []


# -- rows


def test_the_same_row_is_named_and_taken_with_a_reason(draft, officer_lc, programmes):
    facts = {"full_name": "nguyễn văn  Aa", "birth": Birth(2011)}
    with pytest.raises(ValidationError, match="Nguyễn Văn Aa") as caught:
        add_row(draft, officer_lc, programmes["scholarship"], **facts)
    assert caught.value.code == "known"
    row = add_row(draft, officer_lc, programmes["scholarship"], repeat_reason="Hai nhà tài trợ", **facts)
    assert row.repeat_no == 2
    assert Recipient.objects.filter(name_key="nguyễn văn aa").count() == 1


def test_the_accents_make_another_person(draft, officer_lc, programmes):
    for name in ("Trần Thị Hà", "Trần Thị Hạ"):
        add_row(draft, officer_lc, programmes["scholarship"], full_name=name)
    assert draft.disbursements.count() == 5


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": 49_999}, "amount"),
        ({"amount": 50_000_001}, "amount"),
        ({"given_on": datetime.date(2022, 12, 31)}, "given_on"),
        ({"given_on": datetime.date(2023, 7, 1)}, "given_on"),
        ({"full_name": "  "}, "full_name"),
    ],
)
def test_a_row_that_cannot_be_is_refused_beside_its_field(draft, officer_lc, programmes, values, field):
    with pytest.raises(ValidationError) as caught:
        add_row(draft, officer_lc, programmes["scholarship"], **values)
    assert field in caught.value.message_dict
    assert draft.disbursements.count() == 3


def test_what_lies_ahead_may_be_asked_for_and_not_have_been_handed_out(tree, officer_lechan, programmes):
    today = datetime.date.today()
    half, ahead = HalfYear.containing(today), HalfYear.containing(today).last_day
    if ahead == today:
        pytest.skip("no day ahead in this half-year")
    factories.make_fund(tree["LECHAN"], opening=0)
    facts = {
        "full_name": "Trần An",
        "birth": None,
        "programme": programmes["award"],
        "amount": 500_000,
        "given_on": ahead,
        "actor": officer_lechan,
    }
    add_disbursement(batch=create_batch(unit=tree["LECHAN"], half=half, mode="to_pay", actor=officer_lechan), **facts)
    with pytest.raises(ValidationError):
        add_disbursement(
            batch=create_batch(unit=tree["LECHAN"], half=half, mode="handed_out", actor=officer_lechan), **facts
        )


@pytest.mark.parametrize(
    ("recurrence", "second", "may"),
    [
        ("unlimited", datetime.date(2023, 6, 1), True),
        ("half_year", datetime.date(2023, 6, 1), False),
        ("school_year", datetime.date(2023, 6, 1), False),
        ("once", datetime.date(2023, 6, 1), False),
    ],
)
def test_how_often_a_programme_gives(draft, officer_lc, programmes, recurrence, second, may):
    programme = programmes["award"]
    programme.recurrence = recurrence
    programme.save()
    add_row(draft, officer_lc, programme)
    if may:
        add_row(draft, officer_lc, programme, given_on=second)
    else:
        with pytest.raises(ValidationError, match="20/05/2023"):
            add_row(draft, officer_lc, programme, given_on=second)


def test_a_row_can_be_changed_and_taken_out(draft, officer_lc):
    row = draft.disbursements.first()
    old = row.recipient
    row = update_disbursement(row=row, full_name="Lê Thị Đào", amount=700_000, circumstance="orphan", actor=officer_lc)
    assert (row.recipient.full_name, row.amount, row.is_hardship) == ("Lê Thị Đào", 700_000, True)
    assert not Recipient.objects.filter(pk=old.pk).exists()
    remove_disbursement(row=row, actor=officer_lc)
    assert draft.disbursements.standing().count() == 2


def test_a_correction_reverses_the_paid_row_when_it_is_paid_itself(paid, officer_lc, approver, programmes, fund_lc):
    wrong = paid.disbursements.first()
    batch = make_batch(paid.unit, officer_lc)
    birth = Birth(wrong.recipient.birth_year)
    facts = {"full_name": wrong.recipient.full_name, "birth": birth, "amount": 800_000}
    with pytest.raises(ValidationError) as caught:
        add_row(batch, officer_lc, programmes["scholarship"], **facts)
    assert (caught.value.code, caught.value.params) == ("other_amount", {"row": wrong.pk})
    add_row(batch, officer_lc, programmes["scholarship"], replaces=wrong, **facts)
    submit_batch(batch=batch, actor=officer_lc)
    approve(batch, approver)
    wrong.refresh_from_db()
    assert wrong.reversed_half == "2023-H1"
    assert balance(fund_lc) == 100_000_000 - 1_500_000 + 500_000 - 800_000
    total = DisbursementSum.objects.get()
    assert (total.turns, total.amount) == (3, 1_800_000)
    agree(
        reverse_batch(batch=paid, reason="Danh sách nhập nhầm kỳ", actor=approver)
    )  # only what still stands comes back
    assert balance(fund_lc) == 100_000_000 - 800_000
    assert find_differences() == []


def test_an_unpaid_row_is_corrected_in_its_own_list(draft, officer_lc, programmes):
    row = draft.disbursements.first()
    with pytest.raises(ValidationError):
        add_row(draft, officer_lc, programmes["scholarship"], full_name="Nguyễn Văn Aa", amount=800_000, replaces=row)


# -- half-years


def test_rows_of_a_closed_half_year_count_late_in_the_next(paid, officer_lc, approver, programmes):
    close_half_year(unit=paid.unit, half=HALF, reason="Đã báo cáo", actor=approver)
    batch = make_batch(paid.unit, officer_lc)
    assert batch.half == "2023-H2"
    row = add_row(batch, officer_lc, programmes["award"])
    assert (row.half, row.late_for) == ("2023-H2", "2023-H1")
    on_time = add_row(batch, officer_lc, programmes["award"], given_on=datetime.date(2023, 8, 1))
    assert on_time.late_for == ""
    submit_batch(batch=batch, actor=officer_lc)
    approve(batch, approver)
    assert dict(DisbursementSum.objects.values_list("half", "turns").filter(programme=programmes["award"])) == {
        "2023-H2": 2
    }


def test_a_list_whose_half_year_closes_before_its_approval_is_refused(submitted, approver):
    close_half_year(unit=submitted.unit, half=HALF, reason="Đã báo cáo", actor=approver)
    with pytest.raises(ValidationError, match="6 tháng đầu năm 2023"):
        approve(submitted, approver)


def test_a_unit_has_lists_only_while_it_exists(tree, officer_lc, officer_lechan):
    with pytest.raises(ValidationError):
        create_batch(unit=tree["LC"], half=HalfYear(2025, 2), mode="handed_out", actor=officer_lc)
    with pytest.raises(ValidationError):
        create_batch(unit=tree["LECHAN"], half=HALF, mode="handed_out", actor=officer_lechan)
    assert (
        create_batch(unit=tree["LC"], half=HALF, mode="handed_out", actor=officer_lechan).unit == tree["LC"]
    )  # its successor's officer
