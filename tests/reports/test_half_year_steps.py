"""The steps of a unit's half-year are read from what is there; at most one is next."""

from __future__ import annotations

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.lib.periods import HalfYear
from portal.services.versions import version_of
from reports import services
from reports.figures import EXPECTED
from reports.models import Submission
from reports.services.cycle import list_steps
from reports.services.submissions import TEXTS, batches_open, declared_notes, declared_values, find_remarks
from tests.reports import rows

H1 = HalfYear(2023, 1)
LISTS, FIGURES, WRITTEN, AGREE, SENT, APPROVED, AGENDA = range(7)


def steps_of(unit):
    made = Submission.objects.filter(unit=unit).first()
    values = declared_values(made)
    told = {
        "values": values,
        "remarks": find_remarks(unit, H1, values, declared_notes(made)),
        "unsettled": len(batches_open(unit, H1)),
    }
    return list_steps(unit, H1, made, rows.system(), **told)


def taken(unit):
    """Which steps are done, and which is next."""
    steps = steps_of(unit)
    [following] = [number for number, one in enumerate(steps) if one.is_next] or [None]
    return [number for number, one in enumerate(steps) if one.is_done], following


def enter(city, officer, values, **texts):
    return services.save_submission(unit=city["LC"], half=H1, values=values, texts=texts, version=None, actor=officer)


def test_steps_are_done_one_after_the_other(city, officer_lc, approver):
    unit = city["LC"]
    assert taken(unit) == ([LISTS], FIGURES)
    made = enter(city, officer_lc, {EXPECTED[0].code: 0})
    assert steps_of(unit)[FIGURES].told == f"1/{len(EXPECTED)}"
    assert taken(unit) == ([LISTS, AGREE], FIGURES)
    sent = services.submit_submission(submission=made, actor=officer_lc)
    assert taken(unit) == ([LISTS, AGREE, SENT], APPROVED)  # figures left blank hold nothing up any more
    services.approve_submission(submission=sent, actor=approver)
    assert taken(unit) == ([LISTS, AGREE, SENT, APPROVED], None)


def test_texts_count_and_a_list_that_waits_comes_first(city, officer_lc):
    enter(city, officer_lc, {EXPECTED[0].code: 0}, **{TEXTS[0]: "Mở lớp"})
    step = steps_of(city["LC"])[WRITTEN]
    assert (step.told, step.is_done, step.is_optional) == (f"1/{len(TEXTS)}", False, True)
    assert taken(city["LC"])[1] == FIGURES
    rows.batch(city["LC"], half=H1.code, state="submitted")
    done, following = taken(city["LC"])
    assert following == LISTS
    assert LISTS not in done


def test_texts_are_done_when_all_are_written_and_nobody_waits_for_the_last(city, officer_lc):
    filled = {one.code: 0 for one in EXPECTED}
    enter(city, officer_lc, filled)
    step = steps_of(city["LC"])[WRITTEN]
    assert (step.told, step.is_done, step.is_next) == (f"0/{len(TEXTS)}", False, True)
    version = version_of(Submission.objects.get())
    services.save_submission(
        unit=city["LC"], half=H1, values=filled, texts={TEXTS[0]: "Mở lớp"}, version=version, actor=officer_lc
    )
    assert taken(city["LC"])[1] == SENT  # it may have nothing else to say
    version = version_of(Submission.objects.get())
    texts = dict.fromkeys(TEXTS, "Mở lớp")
    services.save_submission(unit=city["LC"], half=H1, values=filled, texts=texts, version=version, actor=officer_lc)
    step = steps_of(city["LC"])[WRITTEN]
    assert (step.told, step.is_done, step.is_optional) == (f"{len(TEXTS)}/{len(TEXTS)}", True, False)


def test_without_lists_nobody_waits_for_one(city):
    step = steps_of(city["LECHAN"])[LISTS]
    assert (step.is_done, step.is_optional, step.is_next) == (False, True, False)
    assert taken(city["LECHAN"])[1] == FIGURES


def test_what_is_listed_as_missing_waits_for_nothing(city, approver):
    services.mark_missing(unit=city["LC"], half=H1, reason="Không gửi", actor=approver)
    assert taken(city["LC"])[1] is None


@pytest.mark.parametrize(("who", "leads"), [("officer_lc", True), ("auditor", False)])
def test_the_page_says_it_and_leads_only_where_the_person_may_go(request, client_of, city, who, leads):
    page = client_of(request.getfixturevalue(who)).get(reverse("submission_detail", args=[H1, "LC"]))
    steps = lxml.html.fromstring(page.content.decode()).find(".//ol[@class='cycle']")
    assert len(steps) == 7
    assert "việc tiếp theo" in steps.find("li[@aria-current]").text_content()
    form = reverse("submission_edit", args=[H1, "LC"])
    assert (form in [link.get("href") for link in steps.iter("a")]) is leads


def test_the_form_says_it_too(client_of, city, officer_lc):
    page = client_of(officer_lc).get(reverse("submission_edit", args=[H1, "LC"]))
    steps = lxml.html.fromstring(page.content.decode()).find(".//ol[@class='cycle']")
    assert [one.get("aria-current") for one in steps].index("step") == FIGURES


@pytest.mark.parametrize(("name", "most"), [("submission_detail", 58), ("submission_edit", 34)])
def test_the_steps_ask_little_that_the_page_has_asked(client_of, city, officer_lc, name, most):
    """Figures, lists that wait and what is odd are looked up by the page; its steps are told of them."""
    enter(city, officer_lc, {EXPECTED[0].code: 0})
    client = client_of(officer_lc)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(name, args=[H1, "LC"])).context["cycle"]
    assert len(asked) <= most
