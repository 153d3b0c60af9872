"""A half-year approved before its last day: it asks how far the figures go, and stays open for money until it ends."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import short_date
from portal.lib.vietnamese.dates import weekday_name
from portal.models import Closing
from portal.services.periods import is_closed, next_open_half
from reports import services
from reports.models import ApprovedValue, Submission
from tests.reports import rows

H1 = HalfYear(2023, 1)


@pytest.fixture
def running():
    return HalfYear.containing(timezone.localdate())


@pytest.fixture
def sent(city, officer_lechan, running):
    saved = services.save_submission(
        unit=city["LECHAN"],
        half=running,
        values={"communication.events": 5},
        texts={},
        version=None,
        actor=officer_lechan,
    )
    return services.submit_submission(submission=saved, actor=officer_lechan)


def approve(client, submission, **data):
    return client.post(reverse("submission_approve", args=[submission.half, submission.unit.code]), data)


def test_it_asks_through_which_day_the_figures_go(client_of, sent, approver, running):
    for through in (None, running.first_day - dt.timedelta(1), timezone.localdate() + dt.timedelta(1)):
        with pytest.raises(ValidationError, match=short_date(running.last_day)), transaction.atomic():
            services.approve_submission(submission=sent, through=through, actor=approver)
    page = approve(client_of(approver), sent).content.decode()
    assert 'id="error_1_id_approve-through"' in page
    assert Submission.objects.get().state == "submitted"
    assert not Closing.objects.exists()


def test_it_stays_open_for_money_until_it_ends(client_of, city, sent, approver, running):
    rows.batch(city["LECHAN"], half=running.code, state="submitted")  # waits; it may be paid until the last day
    today = short_date(timezone.localdate())
    answer = approve(client_of(approver), sent, **{"approve-through": today})
    assert answer.status_code == 302
    sent.refresh_from_db()
    assert (sent.state, sent.data_through) == ("approved", timezone.localdate())
    assert dict(ApprovedValue.objects.values_list("indicator", "value")) == {"communication.events": 5}
    assert not is_closed(unit=city["LECHAN"], half=running)
    assert next_open_half(unit=city["LECHAN"], half=running) == running
    page = client_of(approver).get(reverse("submission_detail", args=[running, sent.unit.code])).content.decode()
    assert f"số liệu khai tính đến ngày {today}" in page


def test_waiting_lists_are_said_to_hold_up_only_an_approval_that_they_hold_up(
    client_of, city, sent, officer_lc, approver, running
):
    """Approved early, a half-year is open for money until its last day; approved after it, everything is settled."""
    rows.batch(city["LECHAN"], half=running.code, state="submitted")
    rows.declare(city["LC"], H1, officer_lc)
    rows.batch(city["LC"], half="2023-H1", state="submitted")
    client = client_of(approver)
    early = client.get(reverse("submission_detail", args=[running, sent.unit.code])).content.decode()
    assert f"đến hết {weekday_name(running.last_day)}, {short_date(running.last_day)}" in early
    assert "chưa duyệt được" not in early
    late = client.get(reverse("submission_detail", args=[H1, "LC"])).content.decode()
    assert "chưa duyệt được" in late
    assert "đến hết" not in late


def test_it_closes_by_itself_on_the_day_after(city, officer_lechan, approver, sent, running):
    services.approve_submission(submission=sent, through=timezone.localdate(), actor=approver)
    closing = Closing.objects.get()
    assert closing.from_day == running.end
    # the same closing, of a half-year that is over
    Closing.objects.create(
        unit=city["NQ"], half="2023-H1", scope="half", reason="x", from_day=H1.end, closed_by=approver
    )
    assert is_closed(unit=city["NQ"], half=H1)
    assert next_open_half(unit=city["NQ"], half=H1) == H1.next()
    with connection.cursor() as cursor:
        cursor.execute("SELECT closing_holds(%s, now()), closing_holds(%s, now()), closing_holds(NULL, now())",
                       [timezone.localdate() + dt.timedelta(1), timezone.localdate()])  # fmt: skip
        assert cursor.fetchone() == (False, True, True)


def test_it_can_be_returned_until_it_ends_and_not_after(client_of, city, officer_lechan, approver, sent, running):
    services.approve_submission(submission=sent, through=timezone.localdate(), actor=approver)
    client = client_of(approver)
    client.post(reverse("submission_return", args=[running, sent.unit.code]), {"return-reason": "Thiếu số hội viên"})
    sent.refresh_from_db()
    assert sent.state == "returned"
    page = client_of(officer_lechan).get(reverse("submission_detail", args=[running, sent.unit.code]))
    assert f"tự khóa từ {weekday_name(running.end)}, {short_date(running.end)}" in page.content.decode()
    again = services.submit_submission(submission=sent, actor=officer_lechan)
    assert (
        services.approve_submission(submission=again, through=timezone.localdate(), actor=approver).state == "approved"
    )
    assert Closing.objects.count() == 1


def test_one_returned_and_sent_again_says_what_to_do_once_it_has_closed(client_of, city, officer_lc, approver):
    """It was approved early, returned, and sent again before its end; nobody decided until it had closed by itself."""
    sent = rows.declare(city["LC"], H1, officer_lc)
    Closing.objects.create(unit=city["LC"], half=H1.code, scope="half", reason="x", from_day=H1.end, closed_by=approver)
    with pytest.raises(ValidationError, match="trả lại cho đơn vị") as refused, transaction.atomic():
        services.approve_submission(submission=sent, actor=approver)
    assert "Thời hạn mở lại" not in str(refused.value)  # it was never opened again
    client = client_of(approver)
    client.post(reverse("submission_return", args=[H1, "LC"]), {"return-reason": "Đã khóa"})
    page = client.get(reverse("submission_detail", args=[H1, "LC"])).content.decode()
    assert reverse("submission_reopen", args=[H1, "LC"]) in page


def test_a_closed_one_is_opened_by_two_persons_only(client_of, city, officer_lc, approver):
    sent = rows.declare(city["LC"], H1, officer_lc)
    services.approve_submission(submission=sent, actor=approver)
    with pytest.raises(ValidationError, match="đã khóa"), transaction.atomic():
        services.return_submission(submission=sent, reason="Sai", actor=approver)
    page = client_of(approver).get(reverse("submission_detail", args=[H1, "LC"])).content.decode()
    assert reverse("submission_return", args=[H1, "LC"]) not in page


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_submission SET data_through = half_last_day(half) + 1",
        "UPDATE reports_submission SET data_through = half_first_day(half) - 1",
    ],
)
def test_the_database_holds_the_day_in_its_half_year(sent, statement):
    with pytest.raises(IntegrityError, match="data_in_its_half"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_submission SET data_through = NULL")


def test_a_later_closing_is_of_one_half_year(city, approver):
    with pytest.raises(IntegrityError, match="closing_later"), transaction.atomic():
        Closing.objects.create(
            unit=city["HP"], half="2023-H1", scope="through", reason="x", from_day=H1.end, closed_by=approver
        )
