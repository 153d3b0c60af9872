"""Every step of half-years and reports by its page: taken by whom it is for from the states it has, else by nobody.

The table of steps is walked: one that is new fails here until its road is named.
"""

import io
import json
import zipfile

import pytest
from django.core.management import call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.models import Posting, ProposedChange
from portal.vocabulary import Role
from reports import services
from reports.models import REPORT_STEPS, SUBMISSION_STEPS, Report, Submission
from scholarships.models import Disbursement
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)
WHY = "Lý do đủ dài để đọc lại"
EVENTS = "communication.events"

#: verb -> the page it is sent to, what is sent, who may, who may not
HALF_YEARS = {
    "save": ("submission_edit", {"communication__events": "7"}, "officer", "approver"),
    "submit": ("submission_submit", {}, "officer", "approver"),
    "take_back": ("submission_take_back", {}, "officer", "stranger"),
    "approve": ("submission_approve", {}, "approver", "officer"),
    "return": ("submission_return", {"return-reason": WHY}, "approver", "officer"),
    "missing": ("submission_mark_missing", {"missing-reason": WHY}, "approver", "officer"),
}
REPORTS = {
    "issue": ("report_issue", {}, "leader", "approver"),
    "discard": ("report_discard", {"discard-reason": WHY}, "leader", "approver"),
    "revoke": ("report_revoke", {"revoke-reason": WHY}, "leader", "approver"),
}
BY_TWO = {"reopen"}  # a proposal that a second person decides: tests/reports/test_exception_list.py


def targets(machine, verb):
    return {source: step.target for step in machine.steps if step.verb == verb for source in step.sources}


def test_every_step_has_its_road():
    assert {step.verb for step in SUBMISSION_STEPS.steps} == HALF_YEARS.keys() | BY_TWO
    assert {step.verb for step in REPORT_STEPS.steps} == REPORTS.keys()


@pytest.fixture
def people(city, approver, leader):
    return {
        "officer": rows.officer_of(city["LC"], "officer.lc"), "stranger": rows.officer_of(city["NQ"], "officer.nq"),
        "approver": approver, "leader": leader,
    }  # fmt: skip


def put(submission, state, people):
    """The half-year as it stands in a state, however it came there."""
    with rows.unguarded():
        Submission.objects.filter(pk=submission.pk).update(
            state=state, reason=WHY, submitted_by=people["officer"], submitted_at=timezone.now(),
            decided_by=people["approver"], decided_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize("verb", HALF_YEARS)
def test_a_half_year_goes_its_ways_and_no_other(city, client_of, people, verb):
    name, data, may, may_not = HALF_YEARS[verb]
    made = services.save_submission(unit=city["LC"], half=H1, values={EVENTS: 5}, texts={}, actor=people["officer"])
    address, allowed = reverse(name, args=[H1, "LC"]), targets(SUBMISSION_STEPS, verb)
    for state in Submission.State.values:
        put(made, state, people)
        if state in allowed:
            assert client_of(people[may_not]).post(address, data).status_code in {403, 404}, state
            made.refresh_from_db()
            assert made.state == state
        opened = json.dumps(services.declared_values(made))  # what the page of the grid says that it showed
        client_of(people[may]).post(address, data | {"opened": opened})
        made.refresh_from_db()
        assert made.state == allowed.get(state, state), (verb, state)


def test_nobody_approves_their_own_half_year_whatever_rights_they_hold(city, client_of, people):
    both = people["officer"]
    Posting.objects.create(user=both, unit=city["HP"], role=Role.APPROVER, valid=DateRange(factories.START, None))
    made = services.save_submission(unit=city["LC"], half=H1, values={EVENTS: 5}, texts={}, actor=both)
    services.submit_submission(submission=made, actor=both)
    client_of(both).post(reverse("submission_approve", args=[H1, "LC"]))
    made.refresh_from_db()
    assert made.state == Submission.State.SUBMITTED
    client_of(people["approver"]).post(reverse("submission_approve", args=[H1, "LC"]))
    made.refresh_from_db()
    assert made.state == Submission.State.APPROVED
    client_of(people["officer"]).post(reverse("submission_edit", args=[H1, "LC"]), {"communication__events": "9"})
    assert services.declared_values(made) == {EVENTS: 5}  # a closed half-year takes no entry
    assert not ProposedChange.objects.exists()


@pytest.mark.parametrize("verb", REPORTS)
def test_a_report_goes_its_ways_and_no_other(city, client_of, people, verb):
    name, data, may, may_not = REPORTS[verb]
    report = rows.freeze(city["HP"], H1, people["leader"], state="frozen")
    address, allowed = reverse(name, args=[H1, "HP"]), targets(REPORT_STEPS, verb)
    for state in Report.State.values:
        decided = {} if state == "frozen" else {"decided_by": people["leader"], "decided_at": timezone.now()}
        empty = {"decided_by": None, "decided_at": None, "decision_reason": ""}
        why = {"decision_reason": WHY} if state in {"discarded", "revoked"} else {}
        with rows.unguarded():
            Report.objects.filter(pk=report.pk).update(state=state, **(empty | decided | why))
        if state in allowed:
            assert client_of(people[may_not]).post(address, data).status_code in {403, 404}, state
        client_of(people[may]).post(address, data)
        report.refresh_from_db()
        assert report.state == allowed.get(state, state), (verb, state)


#: A report's state -> what readers get of its files and its page; staff get the files in every state.
EXPORTED = {"frozen": 404, "issued": 200, "discarded": 404, "revoked": 410}


def test_number_is_given_by_whom_it_is_for_and_only_while_none_waits(city, client_of, people, approver):
    rows.approve_all(city, H1, approver)
    page, sent = reverse("report_freeze", args=[H1, "HP"]), {"number": "7"}
    for who in ("officer", "stranger", "approver"):
        assert client_of(people[who]).post(page, sent).status_code in {403, 404}
    with pytest.raises(SystemExit):
        call_command("build_report", "2023-H1", unit="HP", issue=True, username="approver", stderr=io.StringIO())
    assert not Report.objects.exists()
    rows.freeze(city["HP"], H1, people["leader"], state="frozen")
    shown = services.issuing.version_of_draft(services.build(city["HP"], H1))
    client_of(people["leader"]).post(page, sent | {"version": shown})
    with pytest.raises(SystemExit):
        call_command("build_report", "2023-H1", unit="HP", issue=True, username="leader", stderr=io.StringIO())
    assert Report.objects.count() == 1


@pytest.mark.parametrize("state", EXPORTED)
def test_export_gives_readers_what_is_issued_and_staff_what_is_kept(city, client, client_of, people, state):
    assert EXPORTED.keys() == set(Report.State.values)
    report = rows.freeze(city["HP"], H1, people["leader"], state="frozen")
    decided = {"decided_by": people["leader"], "decided_at": timezone.now(), "decision_reason": WHY}
    with rows.unguarded():
        Report.objects.filter(pk=report.pk).update(state=state, **({} if state == "frozen" else decided))
    for name, args in (
        ("report_download", [H1, "HP", "pdf"]), ("report_download", [H1, "HP", "xlsx"]), ("open_data_file", [H1, "HP"]),
        ("report_summary", [H1, "HP"]), ("report_public", [H1, "HP"]),
    ):  # fmt: skip
        assert client.get(reverse(name, args=args)).status_code == EXPORTED[state], name
    file = reverse("report_file", args=[report.pk, "pdf"])
    assert client_of(people["leader"]).get(file).status_code == 200
    assert client.get(file).status_code == 302
    assert client_of(people["officer"]).get(file).status_code == 404


def test_reveal_no_drill_down_and_no_export_of_it_names_a_child(city, client_of, people):
    page = reverse("figure_detail", args=[H1, "HP", "disbursements.turns"])
    name = Disbursement.objects.filter(unit=city["LC"]).first().recipient.full_name
    for query in ("?unit=LC", "?unit=LC&file=csv", "?unit=LC&file=xlsx"):
        answer = client_of(people["leader"]).get(page + query)
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code == 200
        if query.endswith("xlsx"):
            book = zipfile.ZipFile(io.BytesIO(content))
            content = b"".join(book.read(part) for part in book.namelist())
        assert name.encode() not in content
    assert client_of(people["officer"]).get(page + "?unit=LC").status_code == 404
