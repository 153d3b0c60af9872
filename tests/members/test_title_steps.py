"""Titles registered, brought forward one by one or three hundred by one decision, and every step taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from members.models import LearningSubject, LearningTitle, TitleChange
from members.services.titles import advance_titles, decide_titles
from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Posting
from portal.services.periods import close_through
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from tests import factories
from tests.members.titles import DECIDED, DECISION, bring_on, make_criteria, make_title, recognise

pytestmark = pytest.mark.django_db
FORM = {
    "model": "family", "name": "Gia đình bà Đỗ Thị Ánh", "place": "Tổ 7", "unit": "11383", "year": "2026",
    "registered_on": "1/2/2026",
}  # fmt: skip


@pytest.fixture(autouse=True)
def criteria(tree, site_profile):
    make_criteria()


def state(title):
    return LearningTitle.objects.get(pk=title.pk).state


def step(verb_slug, query=""):
    return reverse("title_step", args=[verb_slug]) + query


def test_an_officer_registers_and_sees_what_is_wrong(client_of, officer_lechan, officer_nq):
    client, page = client_of(officer_lechan), reverse("title_create")
    answer = client.post(page, FORM)
    title = LearningTitle.objects.get()
    assert answer.headers["Location"] == reverse("title_detail", args=[title.pk])
    assert (title.subject.name, title.unit.code, title.registered_half) == (FORM["name"], "11383", "2026-H1")
    text = client.get(reverse("title_detail", args=[title.pk])).content.decode()
    assert FORM["name"] in text
    assert "Quyết định 387/QĐ-TTg" in text
    for wrong, field in [
        (FORM, "name"),  # twice
        (FORM | {"name": "gia đình bà ĐỖ THỊ ÁNH"}, "name"),
        (FORM | {"name": " "}, "name"),
        (FORM | {"year": "2031"}, "year"),
        (FORM | {"year": "20x6"}, "year"),
        (FORM | {"name": "B", "registered_on": "1/1/2099"}, "registered_on"),
        (FORM | {"name": "B", "registered_on": "1/2/2021", "year": "2021"}, "model"),  # before there were criteria
        (FORM | {"name": "B", "unit": "NQ"}, "unit"),
    ]:
        assert field in client.post(page, wrong).context["form"].errors, wrong
    assert client.post(page, FORM | {"year": "2027", "registered_on": "20/11/2026"}).status_code == 302
    assert LearningSubject.objects.count() == 1  # the same family in another year
    assert client_of(officer_nq).get(reverse("title_detail", args=[title.pk])).status_code == 404


def test_three_hundred_families_by_one_decision(client_of, tree, officer_lechan, approver_lechan, officer_nq):
    """Nhập danh sách, lọc, đánh dấu sẵn, một quyết định: đúng những dòng đang hiện."""
    families = [make_title(tree["LECHAN"], officer_lechan, f"Gia đình số {number}") for number in range(30)]
    lineage = make_title(tree["LECHAN"], officer_lechan, "Dòng họ Vũ", model="lineage")
    officer, approver = client_of(officer_lechan), client_of(approver_lechan)
    query = "?unit=11383&year=2026&model=family"
    for slug, day in (("nop-ho-so", "1/3/2026"), ("tu-danh-gia", "1/4/2026"), ("danh-gia", "1/5/2026")):
        page = officer.get(step(slug, query))
        lines = page.context["form"].lines
        assert len(lines) == 30
        values = {"chosen": [line["tick"] for line in lines], "on_day": day}
        values |= {f"score_{line['row'].pk}": "85" for line in lines}
        assert officer.post(step(slug, query), values).status_code == 302
    assert officer.get(step("cong-nhan", query)).status_code == 403  # the officer recognises nobody
    lines = approver.get(step("cong-nhan", query)).context["form"].lines
    ticked = [line["tick"] for line in lines if line["row"].pk != families[0].pk]
    decided = {"chosen": ticked, "on_day": "1/6/2026", **DECISION}
    answer = approver.post(step("cong-nhan", query), decided | {"decision": ""})
    assert "decision" in answer.context["form"].errors
    assert sum(line["is_ticked"] for line in answer.context["form"].lines) == 29  # what was ticked stays
    assert approver.post(step("cong-nhan", query), decided).status_code == 302
    rows = LearningTitle.objects.filter(decision="12/QĐ-UBND", decided_half="2026-H1", recognised_by=approver_lechan)
    assert rows.filter(state="recognised").count() == 29
    assert (state(families[0]), state(lineage)) == ("evaluated", "registered")
    assert approver.post(step("cong-nhan", query), decided).status_code == 409  # moved on meanwhile
    assert client_of(officer_nq).post(step("nop-ho-so"), {"chosen": ticked, "on_day": "1/6/2026"}).status_code == 404
    entry = AuditEntry.objects.filter(action="members.title.move").latest("id")
    assert (entry.detail, entry.unit) == ({"verb": "recognise", "titles": 29}, tree["LECHAN"])


def test_scores_are_read_and_the_least_one_is_held(client_of, tree, officer_lechan, approver_lechan):
    title = make_title(tree["LECHAN"], officer_lechan)
    bring_on([title], officer_lechan, until="assess")
    client, page = client_of(officer_lechan), step("danh-gia", f"?only={title.pk}")
    tick = client.get(page).context["form"].lines[0]["tick"]
    for typed, said in (("", "Thiếu điểm"), ("101", "101"), ("8x", "8x")):
        errors = client.post(page, {"chosen": tick, "on_day": "1/5/2026", f"score_{title.pk}": typed}).context["form"]
        assert said in str(errors.errors), typed
    early = client.post(page, {"chosen": tick, "on_day": "1/3/2026", f"score_{title.pk}": "79"})
    assert "on_day" in early.context["form"].errors  # before the self-assessment
    assert client.post(page, {"chosen": tick, "on_day": "1/5/2026", f"score_{title.pk}": "79"}).status_code == 302
    with pytest.raises(ValidationError, match="Nguyễn Văn An"):
        recognise([title], approver_lechan)
    assert state(title) == "evaluated"


def test_nobody_decides_on_what_they_entered(client_of, tree, officer_lechan, approver_lechan):
    """Hai vai trên một người: người đã nhập không tự công nhận, cơ sở dữ liệu cũng từ chối."""
    Posting.objects.create(user=officer_lechan, unit=tree["LECHAN"], role="approver", valid=DateRange(DECIDED, None))
    both = type(officer_lechan).objects.get(pk=officer_lechan.pk)
    mine, theirs = make_title(tree["LECHAN"], both), make_title(tree["LECHAN"], approver_lechan_as_officer(tree), "B")
    bring_on([mine], both)
    bring_on([theirs], both)
    for title in (mine, theirs):
        with pytest.raises(ValidationError):
            recognise([title], both)
    text = client_of(both).get(reverse("title_detail", args=[mine.pk])).content.decode()
    assert step("cong-nhan") not in text
    assert recognise([mine, theirs], approver_lechan) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningTitle.objects.filter(pk=mine.pk).update(recognised_by=both)


def approver_lechan_as_officer(tree):
    return factories.make_user("officer.two", role="officer", unit=tree["LECHAN"])


def test_every_step_has_its_way_back_with_a_reason(tree, officer_lechan, approver_lechan):
    title = make_title(tree["LECHAN"], officer_lechan)
    one = {title.pk: None}
    bring_on([title], officer_lechan)
    recognise([title], approver_lechan)
    with pytest.raises(PermissionDenied):
        decide_titles(verb="reopen", chosen=one, reason="Nhầm số quyết định", actor=officer_lechan)
    with pytest.raises(ValidationError):
        decide_titles(verb="reopen", chosen=one, reason=" ", actor=approver_lechan)
    decide_titles(verb="reopen", chosen=one, reason="Nhầm số quyết định", actor=approver_lechan)
    found = LearningTitle.objects.get()
    assert (found.state, found.decision, found.decided_on, found.decided_half) == ("evaluated", "", None, "")
    for expected in ("assessed", "dossier", "registered"):
        advance_titles(verb="take_back", chosen=one, reason="Nhập nhầm", actor=officer_lechan)
        assert state(title) == expected
    with pytest.raises(ConflictError):
        advance_titles(verb="take_back", chosen=one, reason="Nhập nhầm", actor=officer_lechan)
    advance_titles(verb="withdraw", chosen=one, reason="Gia đình chuyển đi", actor=officer_lechan)
    assert LearningTitle.objects.counted_by_stage().get()["registered"] == 0
    advance_titles(verb="take_back", chosen=one, reason="Ở lại", actor=officer_lechan)
    decide_titles(verb="refuse", chosen=one, on_day=DECIDED, reason="Không đủ hồ sơ", actor=approver_lechan)
    decide_titles(verb="reopen", chosen=one, reason="Đã bổ sung hồ sơ", actor=approver_lechan)
    assert state(title) == "registered"
    reasons = list(TitleChange.objects.exclude(reason="").order_by("id").values_list("reason", flat=True))
    assert reasons[0] == "Nhầm số quyết định"
    assert reasons[-1] == "Đã bổ sung hồ sơ"


def test_what_a_closed_half_counted_stays_and_a_recognition_is_taken_away_later(
    tree, officer_lechan, approver_lechan, leader
):
    title, late = make_title(tree["LECHAN"], officer_lechan), make_title(tree["LECHAN"], officer_lechan, "B")
    one = {title.pk: None}
    bring_on([title], officer_lechan)
    recognise([title], approver_lechan)
    bring_on([late], officer_lechan, until="hand_in")
    close_through(unit=tree["LECHAN"], half=HalfYear(2026, 1), reason="Đã duyệt", actor=leader)
    for verb, service, actor in (
        ("reopen", decide_titles, approver_lechan), ("take_back", advance_titles, officer_lechan),
    ):  # fmt: skip
        chosen = one if verb == "reopen" else {late.pk: None}
        with pytest.raises(ValidationError, match="đã khóa"):
            service(verb=verb, chosen=chosen, reason="Nhầm số quyết định", actor=actor)
    decide_titles(
        verb="revoke", chosen=one, on_day=dt.date(2026, 7, 5), reason="Khai không đúng sự thật", actor=approver_lechan
    )  # fmt: skip
    bring_on_late = {late.pk: None}
    advance_titles(verb="assess", chosen=bring_on_late, on_day=dt.date(2026, 4, 1), actor=officer_lechan)
    assert LearningTitle.objects.get(pk=late.pk).assessed_half == "2026-H2"  # learned late, its day stays
    first, second = (
        LearningTitle.objects.counted_in(HalfYear(2026, half)).values_list(
            "registered", "recognised", "revoked", "assessed"
        )
        for half in (1, 2)
    )
    assert (list(first), list(second)) == ([(2, 1, 0, 1)], [(0, 0, 1, 1)])
    decide_titles(verb="reopen", chosen=one, reason="Kiểm tra lại: đúng", actor=approver_lechan)
    assert state(title) == "recognised"
    new = make_title(tree["LECHAN"], officer_lechan, "C")
    assert (new.registered_on, new.registered_half) == (dt.date(2026, 2, 1), "2026-H2")


@pytest.mark.parametrize(
    "statement",
    [
        # a fact moved into or out of a closed half-year, or counted before its day
        "UPDATE members_learningtitle SET registered_half = '2026-H2'",
        "UPDATE members_learningtitle SET state = 'withdrawn', reason = 'x'",
        "UPDATE members_learningtitle SET state = 'dossier', dossier_on = '2026-03-01'",
        "UPDATE members_learningtitle SET registered_half = '2025-H2'",
        "UPDATE members_learningtitle SET registered_half = NULL",
        # outside its unit's days, at another unit than its holder, before an earlier step
        "UPDATE members_learningtitle SET registered_on = '2025-06-01'",
        "UPDATE members_learningtitle SET registered_on = NULL",
        "UPDATE members_learningtitle SET unit_id = (SELECT id FROM portal_unit WHERE code = '11359')",
        "UPDATE members_learningtitle SET unit_id = NULL",
        "UPDATE members_learningtitle SET dossier_on = '2026-01-01'",
        "DELETE FROM members_learningtitle",
        "UPDATE members_titlechange SET reason = 'khác'",
        "DELETE FROM members_titlechange",
    ],
)
def test_the_database_keeps_what_was_counted(tree, officer_lechan, leader, statement):
    make_title(tree["LECHAN"], officer_lechan)
    close_through(unit=tree["LECHAN"], half=HalfYear(2026, 1), reason="Đã duyệt", actor=leader)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_stale_page_moves_nothing_and_a_name_is_corrected(client_of, tree, officer_lechan):
    title = make_title(tree["LECHAN"], officer_lechan)
    client = client_of(officer_lechan)
    shown = client.get(step("nop-ho-so", f"?only={title.pk}")).context["form"].lines[0]["tick"]
    page = reverse("title_update", args=[title.pk])
    assert client.post(page, {"name": "Gia đình ông Nguyễn Văn Ân", "place": "Tổ 5"}).status_code == 302
    assert client.post(step("nop-ho-so"), {"chosen": shown, "on_day": "1/3/2026"}).status_code == 409
    assert client.post(step("nop-ho-so"), {"on_day": "1/3/2026"}).context["form"].errors  # none ticked
    fresh = LearningTitle.objects.select_related("subject").get()
    assert fresh.subject.name == "Gia đình ông Nguyễn Văn Ân"
    values = {"chosen": f"{fresh.pk}:{version_of(fresh)}", "on_day": "1/3/2026"}
    assert client.post(step("nop-ho-so"), values).status_code == 302


def test_the_list_is_found_by_name_unit_year_model_and_state(
    client_of, tree, officer_lechan, officer_ngoquyen, approver
):
    make_title(tree["LECHAN"], officer_lechan)
    make_title(tree["LECHAN"], officer_lechan, "Dòng họ Vũ", model="lineage")
    make_title(tree["NGOQUYEN"], officer_ngoquyen, "Gia đình bà Trần Thị Bé")
    client, page = client_of(approver), reverse("title_list")
    for query, count in [
        ("", 3), ("?q=nguyen+van", 1), ("?unit=11383", 2), ("?model=lineage", 1), ("?year=2025", 0),
        ("?state=registered&unit=11359", 1), ("?state=recognised", 0), ("?state=zzz", 0),
    ]:  # fmt: skip
        assert len(client.get(page + query).context["table"].page.rows) == count, query
    assert len(client_of(officer_ngoquyen).get(page).context["table"].page.rows) == 1  # a stranger's are not there
    assert client_of(officer_ngoquyen).get(f"{page}?unit=11383").context["table"].is_empty


def test_criteria_are_recorded_by_an_administrator_and_kept_where_titles_stand(
    client_of, tree, officer_lechan, administrator
):
    make_title(tree["LECHAN"], officer_lechan)
    client, old = client_of(administrator), LearningTitle.objects.get().criteria
    facts = {"model": "family", "name": "Tiêu chí mới", "legal_basis": "Quyết định 99/QĐ-TTg", "least_score": "70"}
    again = client.post(reverse("criteria_create"), facts | {"since": "1/7/2026"})
    assert "since" in again.context["form"].errors  # others hold then
    page = reverse("criteria_update", args=[old.pk])
    same = {"model": "family", "name": old.name, "legal_basis": old.legal_basis, "since": "25/3/2022"}
    assert "least_score" in client.post(page, same | {"least_score": "50"}).context["form"].errors
    assert "until" in client.post(page, same | {"least_score": "80", "until": "1/1/2026"}).context["form"].errors
    assert client.post(page, same | {"least_score": "80", "until": "30/6/2026"}).status_code == 302
    assert client.post(reverse("criteria_create"), facts | {"since": "1/7/2026"}).status_code == 302
    assert client_of(officer_lechan).get(reverse("criteria_create")).status_code == 403
    assert "Tiêu chí mới" in client_of(officer_lechan).get(reverse("criteria_list")).content.decode()
