"""A closed half-year is opened for one person by two, for that person only, and ends by itself or early."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.models import AuditEntry, ClosingException, ProposedChange
from portal.services.periods import close_through, end_exception, is_closed
from portal.services.proposals import accept_change, refuse_change
from portal.services.versions import version_of
from reports import services
from reports.models import Report, Submission
from reports.services.waiting import waiting_for
from scholarships.services import batches
from tests import factories
from tests.reports import rows
from tests.scholarships.lists import make_batch
from tests.two_persons import agree

pytestmark = pytest.mark.django_db
H1 = HalfYear(2023, 1)
WHY = "Quận gửi thiếu một danh sách."


def refused(service, error=ValidationError, **values):
    with pytest.raises(error), transaction.atomic():
        service(**values)


def in_two_days():
    return timezone.now() + dt.timedelta(days=2)


@pytest.fixture
def approved(city, officer_lc, approver):
    sent = rows.declare(city["LC"], H1, officer_lc)
    return services.approve_submission(submission=sent, actor=approver)


@pytest.fixture
def proposal(city, approved, officer_lc, approver):
    given = {"unit": city["LC"], "half": H1, "person": officer_lc, "until": in_two_days(), "reason": WHY}
    return services.propose_exception(actor=approver, **given)


def test_nothing_opens_before_a_second_person_agrees(city, approved, proposal, officer_lc, approver, leader):
    assert Submission.objects.get().state == "approved"
    assert is_closed(unit=city["LC"], half=H1, people=[officer_lc])
    refused(accept_change, PermissionDenied, change=proposal, actor=approver)
    agree(proposal, by=leader)
    assert Submission.objects.get().state == "returned"
    assert not is_closed(unit=city["LC"], half=H1, people=[officer_lc])
    assert is_closed(unit=city["LC"], half=H1)
    opened = ClosingException.objects.get()
    assert (opened.granted_by, opened.agreed_by, opened.proposal) == (approver, leader, proposal)
    noted = AuditEntry.objects.get(action="portal.period.reopen")
    assert (noted.actor, noted.detail["agreed_by"]) == (approver, leader.pk)


def test_refused_it_stays_closed(city, proposal, officer_lc, leader):
    refuse_change(change=proposal, reason="Không cần", actor=leader)
    assert is_closed(unit=city["LC"], half=H1, people=[officer_lc])
    assert Submission.objects.get().state == "approved"


def test_it_is_for_the_one_person_who_does_not_decide_either(city, approved, officer_lc, approver, leader):
    other = factories.make_user("can.bo.khac", role="officer", unit=city["LC"])
    given = {"unit": city["LC"], "half": H1, "until": in_two_days(), "reason": WHY}
    refused(services.propose_exception, person=approver, actor=approver, **given)
    helper = factories.make_user("duyet.hai", role="approver", unit=city["HP"])
    change = services.propose_exception(person=helper, actor=approver, **given)
    assert change not in ProposedChange.objects.decidable_by(helper)
    refused(accept_change, PermissionDenied, change=change, actor=helper)
    agree(change, by=leader)
    services_refused = {"unit": city["LC"], "half": H1, "values": {"training.classes": 2}, "texts": {}}
    refused(services.save_submission, actor=other, **services_refused)
    refused(services.save_submission, actor=officer_lc, **services_refused)
    assert is_closed(unit=city["LC"], half=H1, people=[other, officer_lc])


def test_what_cannot_be_opened_is_refused_with_a_reason(city, approved, officer_lc, officer_nq, approver):
    given = {"unit": city["LC"], "half": H1, "person": officer_lc, "until": in_two_days(), "reason": WHY}
    for wrong in (
        {"reason": " "}, {"reason": "ngắn"}, {"until": timezone.now() + dt.timedelta(days=90)},
        {"until": timezone.now() - dt.timedelta(minutes=1)}, {"person": officer_nq}, {"half": H1.next()},
    ):  # fmt: skip
        refused(services.propose_exception, actor=approver, **given | wrong)
    refused(services.propose_exception, PermissionDenied, actor=officer_lc, **given)
    services.propose_exception(actor=approver, **given)
    refused(services.propose_exception, actor=approver, **given)  # one waits already


def test_the_page_proposes_and_the_stale_one_is_409(
    client_of, city, approved, officer_lc, approver, leader, site_profile
):
    url = reverse("submission_reopen", args=["2023-H1", "LC"])
    day = timezone.localdate() + dt.timedelta(days=3)
    form = {"person": officer_lc.pk, "until": f"{day:%d/%m/%Y}", "reason": WHY}
    city_office = client_of(approver)
    assert city_office.post(url, form | {"version": version_of(Submission)}).status_code == 409
    assert not ProposedChange.objects.exists()
    answer = city_office.post(url, form)
    change = ProposedChange.objects.get()
    assert answer.url == reverse("proposal_detail", args=[change.pk])
    page = client_of(leader).get(answer.url).content.decode()
    assert officer_lc.full_name in page
    assert "6 tháng đầu năm 2023" in page
    client_of(leader).post(reverse("proposal_accept", args=[change.pk]))
    listed = city_office.get(reverse("exception_list")).content.decode()
    for name in (officer_lc, approver, leader):
        assert name.full_name in listed
    end = reverse("exception_end", args=[ClosingException.objects.get().pk])
    assert city_office.post(end).status_code == 302
    assert is_closed(unit=city["LC"], half=H1, people=[officer_lc])
    assert city_office.post(end, {"version": "x"}).status_code == 409
    assert AuditEntry.objects.filter(action="portal.period.end_exception").count() == 1


def test_a_half_year_never_reported_is_opened_too(client_of, city, leader, approver, officer_lc):
    close_through(unit=city["HP"], half=H1, reason="Đã ban hành báo cáo", actor=leader)
    page = client_of(approver).get(reverse("submission_detail", args=["2023-H1", "LC"]))
    assert page.context["can_reopen"]
    given = {"unit": city["LC-AB"], "half": H1, "person": officer_lc, "until": in_two_days(), "reason": WHY}
    agree(services.propose_exception(actor=approver, **given), by=leader)
    assert not is_closed(unit=city["LC-AB"], half=H1, people=[officer_lc])
    assert is_closed(unit=city["LC"], half=H1, people=[officer_lc])
    assert any("Phường An Biên" in item.title for item in waiting_for(officer_lc, timezone.localdate()))


def test_it_ends_by_itself_and_early_and_once(city, approved, proposal, officer_lc, approver, leader):
    agree(proposal, by=leader)
    opened = ClosingException.objects.get()
    refused(end_exception, PermissionDenied, exception=opened, actor=officer_lc)
    with connection.cursor() as cursor:
        cursor.execute("SELECT e.until > now() FROM portal_closingexception e")
        assert cursor.fetchone()[0]
    end_exception(exception=opened, actor=approver)
    assert is_closed(unit=city["LC"], half=H1, people=[officer_lc])
    refused(end_exception, exception=opened, actor=approver)
    anew = {"unit": city["LC"], "half": H1, "person": officer_lc, "until": in_two_days(), "reason": WHY}
    agree(services.propose_exception(actor=approver, **anew), by=leader)
    assert not is_closed(unit=city["LC"], half=H1, people=[officer_lc])


def test_a_proposal_agreed_to_after_its_end_opens_nothing(city, approved, officer_lc, approver, leader):
    soon = timezone.now() + dt.timedelta(milliseconds=300)
    given = {"unit": city["LC"], "half": H1, "person": officer_lc, "until": soon, "reason": WHY}
    change = services.propose_exception(actor=approver, **given)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.4)")
    refused(agree, change=change, by=leader)
    assert not ClosingException.objects.exists()


def test_issued_figures_stand_while_it_is_open(client_of, city, officer_lc, approver, leader):
    rows.approve_all(city, H1, approver)
    report = services.issue_report(unit=city["HP"], period=H1, actor=leader)
    public = client_of(None)
    kept = {
        kind: public.get(reverse("report_download", args=["2023-H1", "HP", kind])).content for kind in ("pdf", "json")
    }
    page = public.get(reverse("report_public", args=["2023-H1", "HP"])).context["report"].payload
    given = {"unit": city["LC"], "half": H1, "person": officer_lc, "until": in_two_days(), "reason": WHY}
    agree(services.propose_exception(actor=approver, **given), by=leader)
    late = make_batch(city["LC"], officer_lc, rows=3, programme=city["programmes"]["award"])
    assert late.half == "2023-H1"
    batches.submit_batch(batch=late, actor=officer_lc)
    assert batches.approve_batch(batch=late, actor=approver).state == "paid"
    assert Report.objects.get().sha256 == report.sha256
    for kind, content in kept.items():
        assert public.get(reverse("report_download", args=["2023-H1", "HP", kind])).content == content
    assert public.get(reverse("report_public", args=["2023-H1", "HP"])).context["report"].payload == page


@pytest.mark.parametrize("missing", ["proposal_id", "agreed_by_id", "both", None])
def test_raw_sql_opens_nothing_without_two_persons(city, approved, proposal, officer_lc, approver, leader, missing):
    columns = "unit_id, half, person_id, reason, until, granted_by_id, agreed_by_id, proposal_id, granted_at"
    values = [
        city["LC"].pk,
        "2023-H1",
        officer_lc.pk,
        WHY,
        proposal.after["until"],
        approver.pk,
        leader.pk,
        proposal.pk,
    ]
    if missing in {"agreed_by_id", "both"}:
        values[6] = None
    if missing in {"proposal_id", "both"}:
        values[7] = None
    sql = f"INSERT INTO portal_closingexception ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, now())"
    with pytest.raises(DatabaseError, match="closing_exception"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    ProposedChange.objects.filter(pk=proposal.pk).update(
        state="accepted", decided_by=leader, decided_at=timezone.now()
    )  # agreed to, but for another person than this row names
    other = factories.make_user("can.bo.khac", role="officer", unit=city["LC"])
    values[2], values[6], values[7] = other.pk, leader.pk, proposal.pk
    with pytest.raises(DatabaseError, match="closing_exception"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
