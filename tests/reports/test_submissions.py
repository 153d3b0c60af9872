"""A unit's half-year from entry to approval: each step done by whom it may, and refused to everybody else."""

from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Closing
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from portal.vocabulary import Role
from reports import services
from reports.models import ApprovalEvent, DeclaredValue, Submission
from scholarships.models import Batch
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)


def save(unit, officer, values=None, version=None, texts=None, half=H1):
    return services.save_submission(
        unit=unit,
        half=half,
        values={"communication.events": 5} if values is None else values,
        texts=texts or {},
        version=version,
        actor=officer,
    )


@pytest.fixture
def sent(city, officer_lc):
    return services.submit_submission(submission=save(city["LC"], officer_lc), actor=officer_lc)


@pytest.fixture
def second_approver(tree):
    return factories.make_user("approver.two", role=Role.APPROVER, unit=tree["HP"])


def refused(call, error=ValidationError, match=None, **arguments):
    with pytest.raises(error, match=match) as caught, transaction.atomic():
        call(**arguments)
    return caught.value


# ---- entering --------------------------------------------------------------------------------------------------


def test_an_entry_is_kept_and_audited(city, officer_lc):
    one = save(
        city["LC"],
        officer_lc,
        {"communication.events": 5, "chapters.total": None},
        texts={"plan": " Mở  lớp \n\nTiếp "},
    )
    assert dict(one.values.values_list("indicator", "value")) == {"communication.events": 5}
    assert one.plan == "Mở lớp\n\nTiếp"
    entry = AuditEntry.objects.filter(action="reports.submission.save").get()
    assert entry.fields == ["communication.events", "plan"]
    assert "5" not in str(entry.detail)


def test_a_figure_taken_out_is_not_reported_again(city, officer_lc):
    save(city["LC"], officer_lc)
    save(city["LC"], officer_lc, {"communication.events": None})
    assert not DeclaredValue.objects.exists()


def test_nobody_overwrites_what_they_have_not_seen(city, officer_lc):
    save(city["LC"], officer_lc)
    with pytest.raises(ConflictError) as caught, transaction.atomic():
        save(city["LC"], officer_lc, {"communication.events": 9}, version=version_of(Submission))
    assert caught.value.current == Submission.objects.get()
    assert DeclaredValue.objects.get().value == 5


def test_the_successor_files_for_the_ended_district_and_a_stranger_does_not(city, officer_lechan, officer_nq):
    assert save(city["LC"], officer_lechan).unit == city["LC"]
    refused(save, PermissionDenied, unit=city["LC"], officer=officer_nq)


@pytest.mark.parametrize("code", ["LC-AB", "HP", "LECHAN"])
def test_only_direct_children_of_the_last_day_owe_a_half_year(city, code):
    refused(save, match="does not report|không", unit=city[code], officer=rows.officer_of(city["HP"], "officer.hp"))


def test_a_closed_half_year_takes_no_entry(city, officer_lc, sent, approver):
    services.approve_submission(submission=sent, actor=approver)
    refused(save, unit=city["LC"], officer=officer_lc)


# ---- sending ---------------------------------------------------------------------------------------------------


def test_sending(sent, officer_lc):
    assert (sent.state, sent.submitted_by) == ("submitted", officer_lc)
    assert list(sent.events.values_list("action", flat=True)) == ["save", "submit"]


def test_sending_is_refused_empty_contradictory_and_twice(city, officer_lc, sent):
    refused(services.submit_submission, submission=sent, actor=officer_lc)
    empty = save(city["LC"], officer_lc, {}, half=H1.next())
    refused(services.submit_submission, submission=empty, actor=officer_lc)
    odd = save(city["LC"], officer_lc, {"funds.topup_policy": 0, "funds.topup_amount": 5}, half=H1.next())
    refused(services.submit_submission, submission=odd, actor=officer_lc)


def test_lists_not_sent_do_not_hold_sending_up(city, officer_lc):
    rows.batch(city["LC"], state="draft")
    assert services.submit_submission(submission=save(city["LC"], officer_lc), actor=officer_lc).state == "submitted"


# ---- approving -------------------------------------------------------------------------------------------------


def test_approving_closes_the_half_year_for_the_unit_and_all_below(city, sent, approver):
    services.approve_submission(submission=sent, actor=approver)
    assert Closing.objects.values_list("unit__code", "half", "scope").get() == ("LC", "2023-H1", "half")
    closed = {code for code in ("HP", "LC", "LC-AB", "NQ", "LECHAN") if services.is_closed(city[code], H1)}
    assert closed == {"LC", "LC-AB"}
    assert not services.is_closed(city["LC"], H1.previous())
    with pytest.raises(IntegrityError, match="period_closed"), transaction.atomic():
        rows.give(city, "LC-AB", count=1, start=50)


def test_whoever_approves_reads_the_sum_of_it_and_what_stands_out(client_of, city, officer_lc, approver):
    """Eighty figures are not looked through one by one: what is odd of them is said by its name beside the button."""
    given = {"unit": city["LC"], "texts": {}, "actor": officer_lc}
    services.save_submission(half=H1.previous(), values={"chapters.total": 30}, **given)
    submission = services.save_submission(half=H1, values={"chapters.total": 290}, **given)
    assert (
        'id="summed-up"' not in client_of(approver).get(reverse("submission_detail", args=[H1, "LC"])).content.decode()
    )
    services.submit_submission(submission=submission, actor=officer_lc)
    page = client_of(approver).get(reverse("submission_detail", args=[H1, "LC"]))
    text = page.content.decode()
    summed = text[text.index('id="summed-up"') : text.index('id="stands-out"')]
    for told in (officer_lc.full_name, "Tổng số lượt trao", "Số dư quỹ cuối kỳ"):
        assert told in summed
    assert any(one.startswith("Chi hội: 290 ") for one in page.context["to_check"])
    assert (
        'id="summed-up"'
        not in client_of(officer_lc).get(reverse("submission_detail", args=[H1, "LC"])).content.decode()
    )


def test_a_page_of_an_earlier_sending_decides_on_nothing(client_of, city, sent, officer_lc, approver, second_approver):
    """Two reviewers and the unit at once: what was sent anew since a page was opened is not decided from that page."""
    address, shown = partial(reverse, args=[H1, "LC"]), version_of(sent)
    services.return_submission(submission=sent, reason="Xem lại số buổi", version=shown, actor=approver)
    save(city["LC"], officer_lc, {"communication.events": 50})
    again = services.submit_submission(submission=Submission.objects.get(), actor=officer_lc)
    late = client_of(second_approver)
    for name, more in (("submission_approve", {}), ("submission_return", {"return-reason": "Thiếu"})):
        for version in (shown, "", "x" * 300, version_of(Submission(pk=again.pk)), version_of(Submission)):
            assert late.post(address(name), {"version": version, **more}).status_code == 409, (name, version)
    assert Submission.objects.get().state == "submitted"
    assert late.post(address("submission_approve"), {"version": version_of(again)}).status_code == 302
    assert Submission.objects.get().state == "approved"


def test_a_unit_that_has_begun_is_not_listed_as_missing_from_a_page_of_before(client_of, city, officer_lc, approver):
    client, address = client_of(approver), reverse("submission_mark_missing", args=[H1, "LC"])
    asked = {"missing-reason": "Không gửi", "version": version_of(Submission)}
    save(city["LC"], officer_lc)
    assert client.post(address, asked).status_code == 409
    assert Submission.objects.get().state == "draft"
    client.post(address, asked | {"version": version_of(Submission.objects.get())})
    assert Submission.objects.get().state == "missing"


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR, Role.EDITOR])
def test_approving_needs_the_right(city, sent, role):
    other = factories.make_user("somebody", role=role, unit=city["HP"])
    refused(services.approve_submission, PermissionDenied, submission=sent, actor=other)
    assert Submission.objects.get().state == "submitted"


def test_nobody_approves_what_they_sent_nor_what_they_only_typed(city, officer_lc, second_approver):
    factories.Posting.objects.create(
        user=second_approver, unit=city["LC"], role=Role.OFFICER, valid=factories.DateRange(factories.START, None)
    )
    one = save(city["LC"], officer_lc)
    save(city["LC"], second_approver, {"communication.events": 7})
    one.refresh_from_db()
    services.submit_submission(submission=one, actor=officer_lc)
    refused(services.approve_submission, submission=one, actor=second_approver)


def test_the_database_refuses_approval_by_its_maker_too(sent, officer_lc):
    for column in ("submitted_by_id", "entered_by_id"):
        with (
            pytest.raises(IntegrityError, match="not_approved_by_its_maker"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                f"UPDATE reports_submission SET state = 'approved', {column} = %s, decided_by_id = %s",
                [officer_lc.pk, officer_lc.pk],
            )
    with (
        pytest.raises(IntegrityError, match="not_approved_by_its_maker"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE reports_submission SET state = 'approved', decided_by_id = NULL")


@pytest.mark.parametrize("state", ["submitted", "approved"])
def test_a_list_that_waits_holds_the_approval_up(city, sent, approver, state):
    waiting = rows.batch(city["LC-AB"], state="submitted", title="Quà Tết")
    if state == "approved":
        Batch.objects.filter(pk=waiting.pk).update(state="approved")
    assert "Quà Tết" in refused(services.approve_submission, submission=sent, actor=approver).messages[0]


def test_a_draft_list_does_not(city, sent, approver):
    rows.batch(city["LC"], state="draft")
    assert services.approve_submission(submission=sent, actor=approver).state == "approved"


def test_what_an_approved_half_year_declares_is_frozen(sent, approver):
    services.approve_submission(submission=sent, actor=approver)
    for statement in (
        "UPDATE reports_declaredvalue SET value = 9",
        "DELETE FROM reports_declaredvalue",
        f"INSERT INTO reports_declaredvalue (submission_id, indicator, value) VALUES ({sent.pk}, 'chapters.total', 1)",
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


# ---- returning, missing, reopening -----------------------------------------------------------------------------


def test_returning_needs_a_reason_and_lets_the_unit_go_on(city, sent, approver, officer_lc):
    refused(services.return_submission, submission=sent, reason=" ", actor=approver)
    services.return_submission(submission=sent, reason="Thiếu số liệu tập huấn", actor=approver)
    again = save(city["LC"], officer_lc, {"training.classes": 2})
    assert services.submit_submission(submission=again, actor=officer_lc).reason == ""
    refused(services.return_submission, PermissionDenied, submission=sent, reason="Lý do", actor=officer_lc)


def test_a_unit_is_listed_as_missing_and_may_still_send(city, approver, officer_lc):
    refused(services.mark_missing, unit=city["LC"], half=H1, reason="", actor=approver)
    refused(services.mark_missing, PermissionDenied, unit=city["LC"], half=H1, reason="Không gửi", actor=officer_lc)
    services.mark_missing(unit=city["LC"], half=H1, reason="Không gửi", actor=approver)
    again = save(city["LC"], officer_lc)
    assert again.state == "draft"


def test_a_sent_half_year_is_not_missing(city, sent, approver):
    refused(services.mark_missing, unit=city["LC"], half=H1, reason="Không gửi", actor=approver)


# ---- undoing the sending ---------------------------------------------------------------------------------------


def test_what_nobody_has_opened_yet_is_taken_back(city, sent, officer_lc, officer_nq, approver, client_of):
    page = client_of(officer_lc).get(f"/lam-viec/nua-nam/2023-H1/{city['LC'].code}/")
    assert "Lấy lại để sửa" in page.content.decode()
    refused(services.take_back_submission, PermissionDenied, submission=sent, actor=officer_nq)
    back = services.take_back_submission(submission=sent, actor=officer_lc)
    assert (back.state, dict(back.values.values_list("indicator", "value"))) == ("draft", {"communication.events": 5})
    refused(services.take_back_submission, submission=sent, actor=officer_lc)
    services.submit_submission(submission=sent, actor=officer_lc)
    actions = list(sent.events.values_list("action", flat=True))
    assert actions == ["save", "submit", "take_back", "submit"]


def test_once_the_city_has_opened_it_it_is_returned_not_taken_back(city, sent, officer_lc, approver, client_of):
    address = f"/lam-viec/nua-nam/2023-H1/{city['LC'].code}/"
    for _again in range(2):
        client_of(approver).get(address)
    assert sent.events.filter(action="see").count() == 1
    page = client_of(officer_lc).get(address).content.decode()
    assert "Lấy lại để sửa" not in page
    assert approver.full_name in page
    refused(services.take_back_submission, match="đã mở xem", submission=sent, actor=officer_lc)
    services.return_submission(submission=sent, reason="Xem lại", actor=approver)
    services.submit_submission(submission=sent, actor=officer_lc)
    assert services.take_back_submission(submission=sent, actor=officer_lc).state == "draft"  # not opened since


# ---- what the database holds ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [("draft", "approved"), ("approved", "draft"), ("returned", "approved"), ("missing", "approved")],
)
def test_the_database_knows_which_state_follows_which(city, officer_lc, approver, before, after):
    one = Submission.objects.create(unit=city["LC"], half="2023-H1", entered_by=officer_lc)
    path = {
        "draft": [],
        "returned": ["submitted", "returned"],
        "approved": ["submitted", "approved"],
        "missing": ["missing"],
    }[before]
    for state in path:
        Submission.objects.filter(pk=one.pk).update(
            state=state,
            reason="Lý do",
            decided_by=approver,
            **({"submitted_by": officer_lc} if state == "submitted" else {}),
        )
    with pytest.raises(IntegrityError, match="submission_state"), transaction.atomic():
        Submission.objects.filter(pk=one.pk).update(state=after)


def test_the_history_never_changes(sent):
    for statement in (
        "UPDATE reports_approvalevent SET reason = 'x'",
        "DELETE FROM reports_approvalevent",
        "TRUNCATE reports_approvalevent",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; {statement}")
    assert ApprovalEvent.objects.count() == 2


def test_a_return_without_a_reason_is_refused_by_the_database(sent):
    for value in ("''", "NULL"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE reports_submission SET state = 'returned', reason = {value}")
