"""An approver's evening: lists judged one after another, the odd rows returned; a bank account changed by two people."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import expect

from portal.lib.vietnamese import Birth
from portal.vocabulary import Role
from scholarships.models import Batch, BatchEvent, Disbursement, Fund, Recipient, RowRemark
from scholarships.services.batches import submit_batch
from tests import factories
from tests.scholarships.lists import add_row, make_batch
from tests.soak import at_length

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.e2e]

LISTS, ROWS = at_length(4, 15), at_length(12, 1000)
GIVEN = dt.date(2023, 5, 20)
QUEUE = "/lam-viec/hoc-bong/cho-duyet/"


def fill(batch, programme, fund, count: int) -> None:
    """Rows that nobody wonders about: each child once, the usual amount."""
    first = Recipient.objects.count()
    people = Recipient.objects.bulk_create(
        Recipient(
            unit=batch.unit, full_name=f"Bé {number}", name_key=f"bé {number}", sort_key=f"{number:06}", birth_year=2012
        )
        for number in range(first, first + count)
    )
    Disbursement.objects.bulk_create(
        Disbursement(
            batch=batch, unit=batch.unit, half=batch.half, programme=programme, recipient=person, amount=500_000,
            given_on=GIVEN, fund=fund, entered_by=batch.entered_by, created_at=timezone.now(),
        )
        for person in people
    )  # fmt: skip


@pytest.fixture
def evening():
    """Lists of LC and NQ that wait; in the first ones something is odd. The names of those that may be approved."""
    tree = factories.make_tree()
    factories.make_site_profile()
    factories.make_system_account()
    programmes = factories.make_programmes(tree["HP"])
    for code in ("LC", "NQ"):
        tree[f"fund {code}"] = factories.make_fund(tree[code], opening=200_000_000_000)
        tree[f"officer {code}"] = factories.make_user(f"officer.{code.lower()}", role=Role.OFFICER, unit=tree[code])
    factories.make_user("approver", role=Role.APPROVER, unit=tree["HP"])
    hoa = {"full_name": "Phạm Thị Hoa", "birth": Birth(2012, 3, 4)}
    odd = [
        [{"full_name": "Hoàng Thị Lan", "amount": 30_000_000}],  # sixty times the usual
        [
            {"full_name": "Vũ Văn Minh", "birth": Birth(2011, 5, 6), "given_on": GIVEN - dt.timedelta(days=3)},
            {"full_name": "Vũ Văn Minh", "birth": Birth(2011)},
        ],
        [{"full_name": "Lê Thị Cuối", "given_on": dt.date(2023, 6, 30)}],
        [hoa],  # sent by the other unit too, in the last list; once this one is returned, that one has her alone
        [{"full_name": "Đỗ Văn Ít", "amount": 100_000}],
    ][: at_length(2, 5)]
    for place in range(LISTS):
        code = ("LC", "NQ")[place % 2]
        officer, programme = tree[f"officer {code}"], programmes["award"]
        batch = make_batch(tree[code], officer)
        fill(batch, programme, tree[f"fund {code}"], ROWS)
        more = [hoa] if place == LISTS - 1 and len(odd) > 3 else []
        for values in odd[place] if place < len(odd) else more:
            add_row(batch, officer, programme, **values)
        submit_batch(batch=batch, actor=officer)
    with connection.cursor() as cursor:  # as autovacuum does within a minute, which stands still in the tests
        cursor.execute("ANALYZE")
    tree["odd"] = len(odd)
    return tree


def test_an_evening_of_lists_is_judged_and_only_the_odd_rows_go_back(evening, page_of):
    page = page_of("approver")
    page.set_default_timeout(60_000)
    page.goto(QUEUE)
    since, clicks = time.monotonic(), 1
    page.locator("main table a[href*='/danh-sach/']").first.click()
    for _list in range(LISTS):
        odd = page.locator(".findings a:not([href*='sample'])")
        expect(page.locator("#approved")).to_be_visible()
        if odd.count():
            odd.first.click()
            remark = page.locator("input.remark").first
            remark.fill("Xin xem lại dòng này")
            remark.press("Enter")
            page.locator(".remark-kept").first.wait_for()
            page.locator(".sum-bar a[href$='/tra-lai/']").click()
            page.locator("main form.form-card button[type=submit]").click()
            clicks += 4
        else:
            page.locator(".sum-bar form[data-confirm] button[type=submit]").click()
            page.locator("dialog[open] [data-confirm-yes]").click()
            clicks += 2
        page.locator(".alert-success").first.wait_for()
        if _list < LISTS - 1:
            page.goto(QUEUE)
            page.locator("main table a[href*='/danh-sach/']").first.click()
            clicks += 2
    print(f"{LISTS} lists of {ROWS} rows judged: {clicks} clicks, {time.monotonic() - since:.1f} s")
    assert Batch.objects.filter(state="returned").count() == evening["odd"]
    assert Batch.objects.filter(state="paid").count() == LISTS - evening["odd"]
    sent_back = RowRemark.objects.filter(event__isnull=False)
    assert sent_back.count() == evening["odd"]
    assert not sent_back.filter(row__recipient__full_name__startswith="Bé").exists()
    assert BatchEvent.objects.filter(action="return").count() == evening["odd"]
    assert page.problems == []


def test_a_bank_account_is_changed_by_two_people(evening, page_of):
    fund = evening["fund LC"]
    for name in ("approver.lc", "approver.hai"):
        factories.make_user(name, role=Role.APPROVER, unit=evening["LECHAN"])
    first, second = page_of("approver.lc"), page_of("approver.hai")
    since = time.monotonic()
    first.goto(f"/lam-viec/hoc-bong/quy/{fund.pk}/sua/")
    first.select_option("select[name=bank_bin]", "970405")
    first.fill("input[name=bank_account]", "1234567890")
    first.fill("input[name=bank_account_name]", "HOI KHUYEN HOC LE CHAN")
    first.fill("[name=reason]", "Mở tài khoản riêng của quỹ tại ngân hàng khác")
    first.click("main form button[type=submit]")
    first.locator("main .alert-success, main .alert").first.wait_for()
    assert Fund.objects.get(pk=fund.pk).bank_account == ""  # nothing moves before another person
    second.goto("/lam-viec/de-nghi/")
    second.locator("main table a[href*='/de-nghi/']").first.click()
    expect(second.locator("main")).to_contain_text("1234567890")
    second.locator("form[action$='/dong-y/'] button, form[action*='/de-nghi/'] button.btn-primary").first.click()
    second.locator(".alert-success, input[name=password]").first.wait_for()
    if second.locator("input[name=password]").count():
        second.fill("input[name=password]", factories.PASSWORD)
        second.locator("main form button[type=submit]").first.click()
        second.locator(".alert-success").first.wait_for()
    print(f"a bank account by two people: 2 + 2 clicks, {time.monotonic() - since:.1f} s")
    assert Fund.objects.get(pk=fund.pk).bank_account == "1234567890"
    assert first.problems + second.problems == []
