"""Every step of half-years and reports by its page: taken by whom it is for from the states it has, else by nobody.

The table of steps is walked: one that is new fails here until its road is named.
"""

import json

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from portal.lib.periods import HalfYear
from portal.models import Posting, ProposedChange
from portal.vocabulary import Role
from reports import services
from reports.models import REPORT_STEPS, SUBMISSION_STEPS, Report, Submission
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
