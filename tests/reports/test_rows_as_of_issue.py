"""The rows behind every figure of an issued report add up to what it said, whatever is done afterwards.

The half-year is opened by exception for people of one unit, who change each kind of fact of it in turn.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from members.models import LearningTitle, Member, Membership, MembershipBefore, TitleBefore
from members.services.moves import end_membership, return_member, transfer_member, undo_transfer
from members.services.titles import advance_titles, decide_titles
from members.services.twins import join_members
from news.models import Category
from news.services import create_article, publish_article, withdraw_article
from portal.lib.periods import HalfYear
from portal.models import UnitVersion
from portal.services.periods import close_through, grant_exception
from portal.vocabulary import Role
from reports import services
from reports.figures import INDICATORS, DatedTree, compute
from reports.models import ApprovedValue
from reports.services.rows import rows_behind
from scholarships.models import Disbursement, Donation
from scholarships.services.batches import reverse_row
from scholarships.services.donations import record_donation, reverse_donation
from scholarships.services.recipients import judge_recipients
from scholarships.services.topups import record_topup
from tests import factories
from tests.members.titles import make_criteria, make_title
from tests.reports import rows
from tests.two_persons import agree

H1 = HalfYear(2023, 1)
DAY = dt.date(2023, 5, 20)
TOPUP = {"year": 2023, "answer": "yes", "decision": "12/QĐ-UBND ngày 03/02/2023"}
DECLARED = {"communication.events": 5, "chapters.total": 20, "members.declared_total": 300}


def advance(title, officer, verb, month):
    day = dt.date(2023, month, 1)
    advance_titles(verb=verb, chosen={title.pk: None}, on_day=day, scores={title.pk: 90}, actor=officer)


def decide(title, person, verb, **values):
    on_day = values.pop("on_day", dt.date(2023, 6, 1))
    decide_titles(verb=verb, chosen={title.pk: None}, on_day=on_day, actor=person, **values)


def give_goods(fund, actor, name):
    return record_donation(
        fund=fund, donor_name=name, source="people", received_on=DAY, goods="sách vở", amount=70_000, confirmed=True,
        actor=actor,
    )  # fmt: skip


@pytest.fixture
def issued(city, leader, approver):
    """2023-H1 of the city with something of every kind, issued and closed, then open for two people of LC alone."""
    officer = rows.officer_of(city["LC"], "officer.lc")
    city["officer"], city["approver"] = officer, approver
    city["writer"] = factories.make_user("bien.tap", role=Role.EDITOR, unit=city["HP"])
    city["treasurer"] = factories.make_user("thu.quy", role=Role.APPROVER, unit=city["LC"])
    make_criteria()
    city["titles"] = [
        make_title(city["LC"], officer, f"Gia đình số {one}", year=2023, registered_on=dt.date(2023, 2, 1))
        for one in range(3)
    ]
    for title in city["titles"][1:]:
        for verb, month in (("hand_in", 3), ("assess", 4), ("evaluate", 5)):
            advance(title, officer, verb, month)
    decide(city["titles"][2], approver, "recognise", decision="12/QĐ-UBND", decided_by="UBND quận")
    for number in range(3):
        rows.join(city["LC"], "Nguyễn Thị Hai" if number else "Trần Văn Một", on=dt.date(2023, 4, 1 + number))
    city["goods"] = give_goods(city["funds"]["LC"], city["treasurer"], "Nhà sách Một")
    record_topup(unit=city["LC"], amount=600_000_000, actor=officer, **TOPUP)
    section = Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    article = create_article(
        category=section, unit=city["HP"], title="Trao học bổng tại Đồ Sơn", lead="Hội trao học bổng.",
        body="<p>Các em nhận học bổng./.</p>", actor=city["writer"],
    )  # fmt: skip
    at = timezone.make_aware(dt.datetime.combine(dt.date(2023, 5, 2), dt.time(8)))
    city["article"] = publish_article(article=article, at=at, actor=city["writer"])
    rows.approve_all(city, H1, approver, dict.fromkeys(("LC", "NQ"), DECLARED))
    close_through(unit=city["HP"], half=H1, reason="Đã ban hành báo cáo.", actor=leader)
    city["report"] = rows.freeze(city["HP"], H1, leader)
    until = timezone.now() + dt.timedelta(days=3)
    reason = "Bổ sung số liệu sót"
    for person in (officer, city["treasurer"]):
        grant_exception(unit=city["LC"], half=H1, person=person, until=until, reason=reason, actor=rows.system())
    city["submission"] = city["LC"].submissions.get()
    return city


# ---- what may happen to a half-year after its report ---------------------------------------------------------------


def somebody(city, name="Hội viên 0"):
    return Member.objects.get(full_name=name)


def leaves(city):
    end_membership(member=somebody(city), last_day=DAY, reason="wish", actor=city["officer"])


def comes_back(city):
    on = DAY + dt.timedelta(days=1)
    return_member(member=somebody(city), unit=city["LC"], joined_on=on, actor=city["officer"])


def moves(city):
    transfer_member(member=somebody(city), unit=city["LC-AB"], moved_on=DAY, actor=city["officer"])


def joins_late(city):
    rows.join(city["LC"], "Hội viên vào muộn", on=DAY)


def is_one_with_another(city):
    kept, other = Member.objects.filter(full_name="Nguyễn Thị Hai").order_by("pk")
    join_members(kept=kept, other=other, reason="Nhập hai lần", actor=city["officer"])


def title_is_recognised_late(city):
    decide(city["titles"][1], city["treasurer"], "recognise", decision="13/QĐ-UBND", decided_by="UBND quận")


def title_is_withdrawn(city):
    chosen = {city["titles"][0].pk: None}
    advance_titles(verb="withdraw", chosen=chosen, reason="Đăng ký nhầm gia đình", actor=city["officer"])


def title_goes_a_step_back(city):
    LearningTitle.objects.filter(pk=city["titles"][1].pk).update(
        state="evaluated", decided_on=None, decided_half="", decision="", decided_by="", recognised_by=None
    )


def row_is_reversed(city):
    row = Disbursement.objects.filter(unit=city["LC"]).order_by("pk").first()
    agree(reverse_row(row=row, reason="Trao nhầm người", actor=city["treasurer"]))


def list_comes_late(city):
    rows.give(city, "LC", count=2, start=80)


def two_recipients_are_one(city):
    first, second = (row.recipient for row in Disbursement.objects.filter(unit=city["LC"]).order_by("pk")[1:3])
    judge_recipients(kept=first, other=second, is_same=True, reason="Cùng một em", actor=city["officer"])


def goods_come_late(city):
    give_goods(city["funds"]["LC"], city["treasurer"], "Nhà sách Hai")


def goods_are_taken_back(city):
    agree(
        reverse_donation(
            donation=Donation.objects.get(pk=city["goods"].pk), reason="Ghi nhầm quỹ", actor=city["treasurer"]
        )
    )


def money_comes_late(city):
    record_donation(
        fund=city["funds"]["LC"], donor_name="Công ty Hai", source="people", received_on=DAY, amount=500_000,
        confirmed=True, actor=city["treasurer"],
    )  # fmt: skip


def article_is_withdrawn(city):
    withdraw_article(article=city["article"], reason="Đăng nhầm bài viết", actor=city["writer"])


def half_year_is_approved_again(city):
    city["submission"].refresh_from_db()
    city["submission"].__class__.objects.filter(pk=city["submission"].pk).update(state="returned", reason="Bổ sung")
    rows.declare(city["LC"], H1, city["officer"], {"communication.events": 9, "chapters.total": None})
    city["submission"].refresh_from_db()
    services.approve_submission(submission=city["submission"], actor=city["approver"])


def register_is_corrected(city):
    record_topup(unit=city["LC"], amount=900_000_000, actor=city["officer"], **TOPUP)


def unit_is_renamed(city):
    known = UnitVersion.objects.get(unit=city["LC"])
    first, end, cut = known.valid.lower, known.valid.upper, dt.date(2024, 1, 1)
    UnitVersion.objects.filter(pk=known.pk).update(valid=(first, cut))
    again = {"name": "Quận Lê Chân Mới", "level": known.level, "parent": known.parent, "valid": (cut, end)}
    UnitVersion.objects.create(unit=known.unit, **again)


CHANGES = (
    leaves, comes_back, moves, joins_late, is_one_with_another, title_is_recognised_late, title_goes_a_step_back,
    title_is_withdrawn, row_is_reversed, list_comes_late, two_recipients_are_one, goods_come_late, goods_are_taken_back,
    money_comes_late, article_is_withdrawn, register_is_corrected, half_year_is_approved_again, unit_is_renamed,
)  # fmt: skip


def differences(figures, units, moment, codes=tuple(INDICATORS)):
    """The figures whose rows (at the moment, or now) do not add up to them, of the indicators that have rows."""
    found = {code: rows_behind(INDICATORS[code], H1, units, as_of=moment) for code in codes}
    return {
        code: (figures.get(code), behind.total)
        for code, behind in found.items()
        if behind is not None and behind.total != (figures.get(code) or 0)
    }


def test_every_figure_keeps_its_rows_after_every_kind_of_later_change(issued):
    report, tree = issued["report"], DatedTree(H1.last_day)
    said, moment, units = report.exact["figures"], report.issued_at, tree.units_under(issued["HP"].pk)
    for code in ("members.new", "titles.family.listed.recognised", "funds.in_kind", "communication.articles"):
        assert said[code], code
    assert said["communication.events"] == 10
    assert differences(said, units, moment) == {}
    still, last = [], said
    for change in CHANGES:
        with connection.cursor() as cursor:  # raw rows too are entered by who has the exception
            cursor.execute("SELECT set_config('portal.actor', %s, true)", [str(issued["officer"].pk)])
        change(issued)
        now = compute(issued["HP"], H1).figures
        moved = [code for code in INDICATORS if now.get(code) != last.get(code)]
        still += [] if moved else [change.__name__]
        assert differences(said, units, moment, moved) == {}, change.__name__
        last = now
    unmoved = [
        "moves",
        "row_is_reversed",
        "goods_are_taken_back",
        "unit_is_renamed",
    ]  # two of them count where it is open
    assert still == unmoved, "all others change what is live"
    assert differences(said, units, moment) == {}
    assert differences(last, units, None) == {}
    for code in ("LC", "NQ"):
        part = tree.units_under(issued[code].pk)
        counted = [one for one, value in report.exact["by_unit"][code].items() if value]
        assert differences(report.exact["by_unit"][code], part, moment, counted) == {}, code


def test_a_page_as_of_issue_shows_what_was_approved_then_and_another_what_stands(issued, leader, client_of):
    half_year_is_approved_again(issued)
    page = reverse("figure_detail", args=[H1, "HP", "communication.events"])
    then = client_of(leader).get(f"{page}?unit=LC&version=1")
    assert then.context["rows"].total == then.context["value"] == 5
    now = client_of(leader).get(f"{page}?unit=LC")
    assert now.context["rows"].total == now.context["value"] == 9


def test_what_stood_is_kept_for_ever_and_only_where_the_half_year_was_closed(issued):
    assert not MembershipBefore.objects.exists()
    end_membership(
        member=somebody(issued, "Hội viên 3"), last_day=timezone.localdate(), reason="wish", actor=rows.system()
    )
    assert not MembershipBefore.objects.exists(), "an open half-year has no report to keep rows for"
    leaves(issued)
    title_is_withdrawn(issued)
    half_year_is_approved_again(issued)
    assert MembershipBefore.objects.get().left_half == ""
    assert TitleBefore.objects.get().state == "registered"
    assert ApprovedValue.objects.filter(replaced_at__isnull=False).count() == len(DECLARED)
    with connection.cursor() as cursor:
        for table, column in (
            ("members_membershipbefore", "half"), ("members_titlebefore", "state"),
            ("reports_approvedvalue", "replaced_at"),
        ):  # fmt: skip
            for sql in (f"UPDATE {table} SET {column} = NULL", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
                with pytest.raises(DatabaseError), transaction.atomic():
                    cursor.execute(sql)


def test_a_move_that_a_closed_half_year_counted_is_not_deleted_even_by_exception(issued):
    moves(issued)
    move = Membership.objects.get(is_transfer=True)
    with pytest.raises(ValidationError):
        undo_transfer(move=move, actor=issued["officer"])
    assert Membership.objects.filter(pk=move.pk).exists()
