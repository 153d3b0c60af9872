"""Người trong cuộc làm sai: từng bước của các cuộc tấn công đã thấy đều dừng lại, không đồng nào dịch chuyển, và đều vào nhật ký."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.acts import LARGE_GIFT
from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Posting, ProposedChange
from portal.services import accounts
from portal.services.versions import version_of
from portal.vocabulary import Role
from scholarships.models import Batch, Disbursement, Donation, Fund, Programme
from scholarships.services import batches, donations, funds
from scholarships.services.effects import effect_of
from tests import factories
from tests.conftest import answer_for_the_person
from tests.scholarships.lists import add_row, make_batch
from tests.two_persons import agree, second_person

pytestmark = pytest.mark.django_db
WHY = "Lý do đủ dài để hiểu về sau."
GIVEN = datetime.date(2023, 3, 1)


def refused_posts() -> list[tuple[str, int]]:
    found = AuditEntry.objects.filter(action="portal.request.refuse").order_by("id")
    return [(one.detail["page"], one.detail["status"]) if "page" in one.detail else one.detail["act"] for one in found]


def noted_proposals() -> list[tuple[str, str]]:
    """What was proposed, and by whom, as the audit has it."""
    found = AuditEntry.objects.filter(action="portal.proposal.propose").select_related("actor").order_by("id")
    return [(one.detail["act"], one.actor.username) for one in found]


@pytest.fixture
def fund(tree):
    return factories.make_fund(tree["HP"])


@pytest.fixture
def programmes(tree):
    return factories.make_programmes(tree["HP"])


@pytest.fixture
def paid(tree, officer_lc, approver, programmes, site_profile):
    factories.make_fund(tree["LC"], opening=100_000_000)
    batch = make_batch(tree["LC"], officer_lc, rows=2, programme=programmes["award"])
    batches.submit_batch(batch=batch, actor=officer_lc)
    return batches.approve_batch(batch=batch, actor=approver)


def test_the_chain_ends_at_its_first_step(client_of, tree, administrator_lechan, officer_lechan, fund, site_profile):
    """Quản trị của một phường tự phong người duyệt, rồi thử duyệt chi bằng quỹ của thành phố."""
    ward, today = client_of(administrator_lechan), timezone.localdate()
    posting = {"role": "approver", "unit": "11383", "since": "01/01/2021", "reason": WHY}
    own = ward.post(reverse("posting_create", args=[administrator_lechan.pk]), posting)
    assert own.status_code == 403
    shadow = accounts.create_account(
        unit=tree["LECHAN"], username="w.shadow", full_name="Bóng", phone=None, email="", actor=administrator_lechan
    )
    assert ward.post(reverse("posting_create", args=[shadow.pk]), posting).status_code == 302
    assert not Posting.objects.filter(user__in=[administrator_lechan, shadow], role="approver").exists()
    assert ProposedChange.objects.get().state == "pending"  # chỉ là đề nghị, và không tự quyết được
    accept = reverse("proposal_accept", args=[ProposedChange.objects.get().pk])
    assert ward.post(accept, {"version": version_of(ProposedChange.objects.get())}).status_code == 403
    lighthouse = Programme.objects.create(unit=tree["HP"], name="Ngọn hải đăng", kind="award", fund=fund)
    batch = batches.create_batch(
        unit=tree["LECHAN"], half=HalfYear.containing(today), mode="handed_out", actor=officer_lechan
    )
    batches.add_disbursement(
        batch=batch, full_name="Trẻ Ma", birth=None, programme=lighthouse, amount=3_000_000, given_on=today,
        actor=officer_lechan,
    )  # fmt: skip
    batches.submit_batch(batch=batch, actor=officer_lechan)
    assert ward.post(reverse("batch_approve", args=[batch.pk]), {"version": "x"}).status_code == 403
    fund.refresh_from_db()
    assert fund.balance == 20_000_000_000
    assert refused_posts() == [("posting_create", 403), ("proposal_accept", 403), ("batch_approve", 403)]


def test_an_officer_replaces_nobody_elses_gift(client_of, tree, officer_lc, paid, programmes):
    """Phát hiện 1: trường ẩn replaces trỏ vào khoản đã chi của em khác."""
    theirs = paid.disbursements.order_by("pk").first()
    draft = make_batch(tree["LC"], officer_lc)
    row = {
        "full_name": "Kẻ Thế Chỗ", "programme": programmes["award"].pk, "amount": "50000", "given_on": "20/06/2023",
        "source": "fund", "replaces": theirs.pk,
    }  # fmt: skip
    answer = client_of(officer_lc).post(reverse("batch_entry", args=[draft.pk]), row)
    assert answer.status_code == 409
    assert not draft.disbursements.exists()
    theirs.refresh_from_db()
    assert theirs.reversed_at is None
    assert refused_posts() == [("batch_entry", 409)]
    entry = AuditEntry.objects.get(action="portal.request.refuse")
    assert (entry.actor, entry.detail["pk"]) == (officer_lc, str(draft.pk))
    assert "Kẻ Thế Chỗ" not in str(entry.detail)


def test_a_bank_account_stays_until_another_person_agrees(client_of, approver, leader, tree, fund, site_profile):
    """Phát hiện 2: đổi tài khoản của quỹ công khai."""
    server = factories.make_system_account()
    funds.update_fund(
        fund=fund, bank_bin="970436", bank_account="0123456789", bank_account_name="HKH", is_public=True, actor=server
    )
    fund.refresh_from_db()
    form = {
        "name": fund.name, "is_main": "on", "is_public": "on", "bank_bin": "970436", "bank_account": "6666666666",
        "bank_account_name": "KE TROM", "reason": WHY,
    }  # fmt: skip
    office, public = client_of(approver), client_of(None)
    assert office.post(reverse("fund_update", args=[fund.pk]), form).status_code == 302
    assert "0123456789" in public.get(reverse("programme_list")).content.decode()
    change = ProposedChange.objects.get()
    accept, shown = reverse("proposal_accept", args=[change.pk]), {"version": version_of(change)}
    assert office.post(accept, shown).status_code == 403
    assert office.post(reverse("fund_update", args=[fund.pk]), form).status_code == 200  # một đề nghị mỗi lần
    with pytest.raises(DatabaseError, match="fund_account_in_history"), transaction.atomic():
        Fund.objects.filter(pk=fund.pk).update(bank_account="6666666666")
    boss = client_of(leader)
    answer_for_the_person(boss, leader, ago=16 * 60)
    assert boss.post(accept, shown).url.startswith(reverse("account_reauthenticate"))  # mật khẩu được hỏi lại
    answer_for_the_person(boss, leader)
    page = boss.get(reverse("proposal_detail", args=[change.pk])).content.decode()
    assert "0123456789" in page
    assert "6666666666" in page
    assert boss.post(accept, shown).status_code == 302
    page = public.get(reverse("programme_list")).content.decode()
    assert "6666666666" in page
    assert "Có hiệu lực từ" in page
    account = Fund.objects.get(pk=fund.pk).account_in_force
    assert (account.proposed_by, account.decided_by) == (approver, leader)
    assert refused_posts() == [("proposal_accept", 403)]
    assert noted_proposals() == [("fund_account", approver.username)]


def test_a_ward_opens_no_public_fund_alone(client_of, approver_lechan, tree, site_profile):
    fund = {
        "unit": "11383", "name": "Quỹ ủng hộ bão lụt TP Hải Phòng", "opened_on": "01/07/2025", "is_public": "on",
        "bank_bin": "970436", "bank_account": "6666666666", "bank_account_name": "KE TROM",
    }  # fmt: skip
    assert client_of(approver_lechan).post(reverse("fund_create"), fund).status_code == 302
    opened = Fund.objects.get()
    assert (opened.is_public, opened.bank_account) == (False, "")
    assert set(ProposedChange.objects.values_list("act", flat=True)) == {"fund_account", "fund_public"}


def test_a_ward_spends_the_citys_fund_only_within_its_allotment(
    client_of, tree, fund, officer_lechan, approver_lechan, approver, site_profile
):
    """Phát hiện 3: người duyệt của phường chi quỹ của thành phố; vượt hạn mức thì thành phố duyệt."""
    lighthouse = Programme.objects.create(unit=tree["HP"], name="Ngọn hải đăng", kind="award", fund=fund)
    today = timezone.localdate()
    batch = batches.create_batch(
        unit=tree["LECHAN"], half=HalfYear.containing(today), mode="handed_out", actor=officer_lechan
    )
    batches.add_disbursement(
        batch=batch, full_name="Trẻ Ma", birth=None, programme=lighthouse, amount=3_000_000, given_on=today,
        actor=officer_lechan,
    )  # fmt: skip
    batches.submit_batch(batch=batch, actor=officer_lechan)
    answer = client_of(approver_lechan).post(reverse("batch_approve", args=[batch.pk]), follow=True)
    assert approver.full_name in answer.content.decode()
    assert Batch.objects.get(pk=batch.pk).state == "submitted"
    assert answer.status_code == 409
    assert refused_posts() == [("batch_approve", 409)]
    assert client_of(approver).post(reverse("batch_approve", args=[batch.pk])).status_code == 302
    fund.refresh_from_db()
    assert fund.balance == 20_000_000_000 - 3_000_000


def test_a_page_that_is_out_of_date_pays_nobody(client_of, tree, officer_lc, approver, programmes, site_profile):
    """Phát hiện 9: danh sách được trả lại, đổi tên người nhận, cùng số tiền, gửi lại; trang cũ bấm Duyệt."""
    factories.make_fund(tree["LC"], opening=100_000_000)
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["award"])
    batches.submit_batch(batch=batch, actor=officer_lc)
    office, url = client_of(approver), reverse("batch_approve", args=[batch.pk])
    shown = office.version_shown_for(url)
    batches.return_batch(batch=batch, reason="Xem lại", actor=approver)
    batches.update_disbursement(row=batch.disbursements.get(), full_name="Người Thân Cán Bộ", actor=officer_lc)
    batches.submit_batch(batch=batch, actor=officer_lc)
    answer = office.post(url, shown)
    assert answer.status_code == 409
    assert "Người nhận" in answer.content.decode() or "người nhận" in answer.content.decode()
    assert not Disbursement.objects.filter(paid_at__isnull=False).exists()
    assert refused_posts() == [("batch_approve", 409)]


def test_a_balance_that_moved_meanwhile_is_another_effect(tree, officer_lc, approver, programmes):
    fund = factories.make_fund(tree["LC"], opening=100_000_000)
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["award"])
    before = effect_of(batch, "approve")
    donations.record_donation(
        fund=fund, donor_name="A", source="people", amount=1_000, received_on=GIVEN, confirmed=True, actor=approver
    )
    after = effect_of(batch, "approve")
    assert before.digest != after.digest
    assert after.lines[0].balance_after - before.lines[0].balance_after == 1_000


def test_taking_back_reversing_and_large_gifts_need_two(tree, officer_lc, approver, leader, paid, fund, programmes):
    """Phát hiện 16: rút danh sách đã duyệt, hoàn lại danh sách đã chi, khoản ủng hộ 999 tỷ."""
    waiting = make_batch(tree["LC"], officer_lc, rows=1, mode="to_pay", programme=programmes["support"])
    batches.submit_batch(batch=waiting, actor=officer_lc)
    batches.approve_batch(batch=waiting, actor=approver)
    changes = [
        batches.withdraw_batch(batch=waiting, reason=WHY, actor=officer_lc),
        batches.reverse_batch(batch=paid, reason=WHY, actor=approver),
        donations.record_donation(
            fund=fund,
            donor_name="X",
            source="people",
            amount=999_000_000_000,
            received_on=GIVEN,
            confirmed=True,
            actor=approver,
        ),
    ]
    assert all(isinstance(change, ProposedChange) for change in changes)
    assert noted_proposals() == [
        ("batch_withdrawal", officer_lc.username), ("batch_reversal", approver.username),
        ("gift", approver.username),
    ]  # fmt: skip
    assert set(Batch.objects.values_list("state", flat=True)) == {"approved", "paid"}
    assert not Donation.objects.exists()
    for change in changes:
        agree(change, by=leader)
    assert set(Batch.objects.values_list("state", flat=True)) == {"withdrawn", "reversed"}
    gift = Donation.objects.get()
    assert (gift.recorded_by, gift.proposal.decided_by) == (approver, leader)


def test_one_row_is_reversed_by_two_and_entered_rightly_anew(tree, officer_lc, approver, paid, programmes):
    row, other = paid.disbursements.order_by("pk")
    agree(batches.reverse_row(row=row, reason=WHY, actor=approver))
    row.refresh_from_db()
    assert row.reversed_at
    other.refresh_from_db()
    assert other.reversed_at is None
    assert Batch.objects.get(pk=paid.pk).state == "paid"
    entry = AuditEntry.objects.get(action="scholarships.disbursement.reverse")
    assert (entry.target_id, entry.detail["agreed_by"]) == (row.pk, second_person().pk)
    anew = make_batch(tree["LC"], officer_lc)
    add_row(anew, officer_lc, programmes["award"], full_name=row.recipient.full_name, amount=650_000)
    assert anew.disbursements.count() == 1


def test_a_gift_is_cancelled_by_two_and_its_number_stays(fund, approver):
    gift = donations.record_donation(
        fund=fund,
        donor_name="A",
        source="people",
        amount=LARGE_GIFT - 1,
        received_on=GIVEN,
        confirmed=True,
        actor=approver,
    )
    agree(donations.reverse_donation(donation=gift, reason=WHY, actor=approver))
    gift.refresh_from_db()
    fund.refresh_from_db()
    assert (bool(gift.reversed_at), gift.receipt_number, fund.balance) == (True, 1, 20_000_000_000)
    after = donations.record_donation(
        fund=fund, donor_name="B", source="people", amount=5_000, received_on=GIVEN, confirmed=True, actor=approver
    )
    assert after.receipt_number == 2


def test_a_proposal_whose_object_has_changed_meanwhile_is_409(client_of, fund, approver, leader, site_profile):
    funds.update_fund(fund=fund, is_public=True, reason=WHY, actor=approver)
    change = ProposedChange.objects.get()
    Fund.objects.filter(pk=fund.pk).update(is_public=True)
    accept = reverse("proposal_accept", args=[change.pk])
    assert client_of(leader).post(accept, {"version": version_of(change)}).status_code == 409
    assert ProposedChange.objects.get().state == "pending"


def test_a_code_for_an_approver_needs_a_leader(administrator, approver, leader):
    change = accounts.issue_handover_code(user=approver, reason=WHY, actor=administrator)
    assert isinstance(change, ProposedChange)
    agree(change, by=leader)
    assert isinstance(accounts.issue_handover_code(user=approver, actor=administrator), str)
    again = accounts.issue_handover_code(user=approver, reason=WHY, actor=administrator)  # một lần đồng ý, một mã
    assert isinstance(again, ProposedChange)


def test_nobody_decides_on_their_own_appointment(administrator, leader, tree):
    change = accounts.add_posting(
        user=leader, unit=tree["HP"], role=Role.APPROVER, since=timezone.localdate(), until=None, reason=WHY,
        actor=administrator,
    )  # fmt: skip
    with pytest.raises(PermissionDenied), transaction.atomic():
        agree(change, by=leader)
    assert ProposedChange.objects.get().state == "pending"
    agree(change)
    posting = Posting.objects.get(user=leader, role="approver")
    assert posting.proposal == change


def refused(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(sql, values)
    assert getattr(caught.value.__cause__, "sqlstate", "") in {"23514", "23502", "23503"}


@pytest.mark.parametrize("value", ["999", None])
def test_raw_sql_changes_no_book(value, tree, fund, approver, officer_lc, leader, paid):
    """Phát hiện 17: lệnh SQL thẳng của chính phần mềm cũng bị từ chối, kể cả với NULL."""
    gift = donations.record_donation(
        fund=fund, donor_name="A", source="people", amount=5_000, received_on=GIVEN, confirmed=True, actor=approver
    )
    for column in ("amount", "receipt_number", "fund_id", "recorded_by_id"):
        refused(f"UPDATE scholarships_donation SET {column} = %s WHERE id = %s", value, gift.pk)
    refused("UPDATE scholarships_donation SET donor_name = %s WHERE id = %s", value, gift.pk)
    refused("UPDATE scholarships_donation SET reversed_at = now() WHERE id = %s", gift.pk)
    refused("DELETE FROM scholarships_donation")
    refused("TRUNCATE scholarships_donation CASCADE")
    refused("UPDATE portal_posting SET role = 'leader'")
    refused("UPDATE portal_posting SET user_id = %s", value and leader.pk)
    refused("UPDATE portal_posting SET valid = daterange(%s, NULL)", value and "2001-01-01")
    refused("DELETE FROM portal_posting")
    refused("UPDATE scholarships_batch SET entered_by_id = %s", value and leader.pk)
    refused("UPDATE scholarships_batch SET submitted_by_id = %s", value and leader.pk)
    funds.update_fund(fund=fund, is_public=True, reason=WHY, actor=approver)
    refused("UPDATE portal_proposedchange SET after = '{}'")
    refused("UPDATE portal_proposedchange SET reason = %s", value)
    whole = "UPDATE portal_proposedchange SET state = 'accepted', decided_at = now(), decided_by_id = %s"
    refused(whole, value and approver.pk)
    refused("UPDATE portal_proposedchange SET state = 'accepted', decided_by_id = %s", leader.pk)
    refused("DELETE FROM portal_proposedchange")
    refused("TRUNCATE portal_proposedchange CASCADE")
    server = factories.make_system_account()
    funds.update_fund(fund=fund, bank_bin="970436", bank_account="1", bank_account_name="HKH", actor=server)
    refused("UPDATE scholarships_fundaccount SET bank_account = %s", value)
    refused("DELETE FROM scholarships_fundaccount")
    refused("UPDATE scholarships_fund SET bank_account = %s WHERE id = %s", value, fund.pk)
