"""The approver's screen: what is worth looking at, remarks beside rows, refusals known in advance, the next list."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Posting
from portal.services.periods import close_half_year
from portal.vocabulary import Role
from scholarships.models import Batch, Recipient, RowRemark
from scholarships.services import batches
from scholarships.services.findings import Findings
from scholarships.services.recipients import judge_recipients, undo_verdict
from tests import factories
from tests.scholarships.lists import add_row, make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def odd(tree, officer_lc, approver, programmes, fund_lc, site_profile):
    """A sent list of twelve with oddities: an amount far off, a child twice, a child of NQ, a row of the last day."""
    factories.make_fund(tree["NQ"])
    nq = factories.make_user("officer.nq2", role=Role.OFFICER, unit=tree["NQ"])
    theirs = make_batch(tree["NQ"], nq)
    add_row(theirs, nq, programmes["award"], full_name="Phạm Thị Hoa", birth=Birth(2012, 3, 4))
    add_row(theirs, nq, programmes["award"], full_name="Đỗ Văn Bình", birth=Birth(2012, 3, 4), amount=400_000)
    batches.submit_batch(batch=theirs, actor=nq)
    batches.approve_batch(batch=theirs, actor=approver)
    batch = make_batch(tree["LC"], officer_lc, rows=6, programme=programmes["scholarship"])
    add_row(batch, officer_lc, programmes["scholarship"], full_name="Hoàng Thị Lan", amount=30_000_000)
    add_row(batch, officer_lc, programmes["award"], full_name="Vũ Văn Minh", birth=Birth(2011, 5, 6))
    add_row(batch, officer_lc, programmes["scholarship"], full_name="Vũ Văn Minh", birth=Birth(2011))
    add_row(batch, officer_lc, programmes["award"], full_name="Phạm Thị Hoa", birth=Birth(2012, 3, 4))
    add_row(batch, officer_lc, programmes["support"], full_name="Đỗ Văn Bình", birth=Birth(2012, 3, 4))
    add_row(batch, officer_lc, programmes["award"], full_name="Lê Thị Cuối", given_on=dt.date(2023, 6, 30))
    return batches.submit_batch(batch=batch, actor=officer_lc)


def names(answer) -> list[str]:
    return [row.recipient.full_name for row in answer.context["table"].page.rows]


def test_what_is_worth_looking_at_is_counted_and_leads_to_its_rows(client_of, approver, odd):
    client, url = client_of(approver), reverse("batch_approve", args=[odd.pk])
    page = client.get(url)
    counts = {found.kind.code: found.count for found in page.context["findings"]}
    assert counts == {"paid": 1, "twice": 2, "elsewhere": 2, "far": 1, "last_day": 1, "sample": 10}
    assert names(client.get(url, {"only": "paid"})) == ["Phạm Thị Hoa"]
    assert set(names(client.get(url, {"only": "twice"}))) == {"Vũ Văn Minh"}
    assert set(names(client.get(url, {"only": "elsewhere"}))) == {"Phạm Thị Hoa", "Đỗ Văn Bình"}
    assert names(client.get(url, {"only": "far"})) == ["Hoàng Thị Lan"]
    assert names(client.get(url, {"only": "last_day"})) == ["Lê Thị Cuối"]
    sample = names(client.get(url, {"only": "sample"}))
    assert len(sample) == 10
    assert sample == names(client.get(url, {"only": "sample"}))  # the same on every look
    assert client.get(url, {"only": "nonsense"}).context["table"].refusals
    largest = page.context["largest"][0]
    assert (largest.row.recipient.full_name, largest.norm, largest.times) == ("Hoàng Thị Lan", 500_000, 60)
    assert "Ngô Quyền" not in page.content.decode()  # that another unit has them is said, not which list


def test_who_is_joined_is_one_person_whatever_the_names(tree, approver, odd):
    clerk = factories.make_user("can.bo.tp", role=Role.OFFICER, unit=tree["HP"])

    def found():
        return {one.kind.code: one.count for one in Findings(odd, approver)}

    before = found()
    lan, minh = (
        odd.disbursements.filter(recipient__full_name=name)[0].recipient for name in ("Hoàng Thị Lan", "Lê Thị Cuối")
    )
    theirs = Recipient.objects.get(unit=tree["NQ"], full_name="Đỗ Văn Bình")
    same = judge_recipients(kept=lan, other=minh, is_same=True, reason="Đổi họ", actor=clerk)
    away = judge_recipients(kept=theirs, other=odd.disbursements.filter(recipient__full_name="Vũ Văn Minh")[0].recipient,
                            is_same=True, reason="Chuyển trường", actor=clerk)  # fmt: skip
    assert found() == before | {"twice": before["twice"] + 2, "elsewhere": before["elsewhere"] + 1}
    for verdict in (same, away):
        undo_verdict(verdict=verdict, actor=clerk)
    assert found() == before


def test_a_remark_is_kept_by_script_or_button_and_goes_back_with_the_list(client_of, approver, officer_lc, odd):
    client, url = client_of(approver), reverse("batch_remark", args=[odd.pk])
    lan = odd.disbursements.get(recipient__full_name="Hoàng Thị Lan")
    said = client.post(url, {f"remark-{lan.pk}": "Thừa một số 0?"}, headers={"accept": "application/json"}).json()
    assert said == {"open": 1, "said": []}
    answer = client.post(url, {f"remark-{lan.pk}": "Thừa một số 0? Xin xem lại", "back": "only=far"})
    assert answer.url == reverse("batch_approve", args=[odd.pk]) + "?only=far#rows"
    page = client.get(reverse("batch_return", args=[odd.pk])).content.decode()
    assert "Thừa một số 0? Xin xem lại" in page
    assert "Có 1 dòng cần xem lại." in page
    client.post(reverse("batch_return", args=[odd.pk]), {"reason": "Có 1 dòng cần xem lại."})
    assert [one.row_id for one in RowRemark.objects.of_last_return(odd)] == [lan.pk]
    assert client.post(url, {f"remark-{lan.pk}": "Muộn"}, follow=True).status_code == 200  # said, not kept
    assert RowRemark.objects.count() == 1
    batches.submit_batch(batch=Batch.objects.get(pk=odd.pk), actor=officer_lc)
    again = client.get(reverse("batch_approve", args=[odd.pk]), {"only": "again"})
    assert names(again) == ["Hoàng Thị Lan"]
    assert "lần trước: Thừa một số 0? Xin xem lại" in again.content.decode()


def test_a_refusal_known_in_advance_disables_the_button_and_says_why(
    client_of, approver, officer_nq, tree, programmes, site_profile
):
    factories.make_fund(tree["NQ"], opening=100_000)
    batch = make_batch(tree["NQ"], officer_nq, rows=1, programme=programmes["award"])
    batches.submit_batch(batch=batch, actor=officer_nq)
    page = client_of(approver).get(reverse("batch_approve", args=[batch.pk]))
    assert page.context["problems"] == ["Quỹ “Quỹ khuyến học NQ” hiện có 100.000 đồng, cần 500.000 đồng."]
    assert 'type="submit" disabled' in page.content.decode()
    client_of(approver).post(reverse("batch_approve", args=[batch.pk]))
    assert Batch.objects.get(pk=batch.pk).state == "submitted"


def test_ones_own_and_a_closed_half_are_said_in_advance(client_of, tree, approver, leader, odd):
    assert client_of(approver).get(reverse("batch_approve", args=[odd.pk])).context["problems"] == []
    batches.return_batch(batch=odd, reason="Xem lại", actor=approver)
    both = factories.make_user("ca.hai", role=Role.APPROVER, unit=tree["LC"])
    Posting.objects.create(user=both, unit=tree["LC"], role="officer", valid=DateRange(factories.START, None))
    batches.submit_batch(batch=odd, actor=both)
    said = client_of(both).get(reverse("batch_approve", args=[odd.pk])).context["problems"]
    assert said == [str(Batch.guards["batch_not_approved_by_its_maker"])]
    close_half_year(unit=tree["LC"], half=HalfYear(2023, 1), reason="Đã duyệt số liệu", actor=leader)
    said = client_of(approver).get(reverse("batch_approve", args=[odd.pk])).context["problems"]
    assert len(said) == 1
    assert "6 tháng đầu năm 2023" in said[0]


def test_beyond_its_allotment_a_ward_is_told_who_decides(
    client_of, approver_lechan, officer_lechan, tree, site_profile
):
    fund = factories.make_fund(tree["HP"])
    programme = factories.make_programmes(tree["HP"])["award"]
    programme.fund = fund
    programme.save()
    batch = batches.create_batch(unit=tree["LECHAN"], half=HalfYear(2025, 2), mode="handed_out", actor=officer_lechan)
    add_row(batch, officer_lechan, programme, given_on=dt.date(2025, 9, 5))
    batches.submit_batch(batch=batch, actor=officer_lechan)
    said = client_of(approver_lechan).get(reverse("batch_approve", args=[batch.pk])).context["problems"]
    assert len(said) == 1
    assert "Thành phố Hải Phòng" in said[0]


def test_the_next_list_follows_and_seen_ones_are_counted(client_of, approver, officer_lc, odd, tree, programmes):
    second = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["support"])
    batches.submit_batch(batch=second, actor=officer_lc)
    client = client_of(approver)
    page = client.get(reverse("batch_approve", args=[odd.pk]))
    assert (page.context["queue"].seen, page.context["queue"].waiting) == (1, 2)
    assert reverse("batch_approve", args=[second.pk]) in page.content.decode()
    answer = client.post(reverse("batch_approve", args=[odd.pk]))
    assert answer.url == reverse("batch_approve", args=[second.pk])
    page = client.get(answer.url)
    assert (page.context["queue"].seen, page.context["queue"].waiting) == (1, 1)
    assert client.post(answer.url).url == reverse("batch_queue")
