"""Every page of a list takes the same queries for one row and for thirty, and no register is counted."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.models import ConsentText, CriteriaSet, MembershipApplication
from news.models import Category, Document, Photo, Tag
from news.services import create_article, publish_article, recheck_article, save_article, send_note, submit_article
from portal.acts import Act
from portal.lib.periods import HalfYear
from portal.models import AuditEntry, Reorganisation, person_columns
from portal.services.periods import close_through, grant_exception
from portal.services.proposals import propose
from portal.vocabulary import Role
from reports.models import Report, Submission
from reports.services import canonical_json, sha256_of
from scholarships.models import Allotment, BankLine, BankStatement, Fund, Programme, TopUp
from scholarships.services.donations import record_donation
from tests import factories
from tests.members.people import make_member
from tests.members.titles import make_criteria, make_title
from tests.reports import rows as made
from tests.test_architecture import own_patterns

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent
PAGERS = {"show_list", "numbered_page", "Paginator"}
H1, H2 = HalfYear(2023, 1), HalfYear(2025, 2)
#: Pages of a workbook on its way in: their rows are in memory, and tests of their own send one row and thirty.
IN_MEMORY = {"intake_preview", "intake_commit"}


def views_of_lists() -> set[str]:
    """Names of the URLs whose view pages through rows, itself or by a function beside it."""
    named = {pattern.name: pattern.callback for pattern in own_patterns()}
    found = set()
    for path in ROOT.glob("*/views/*.py"):
        functions = {
            n.name: n for n in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)
        }
        calls = {
            name: {getattr(call.func, "id", "") for call in ast.walk(node) if isinstance(call, ast.Call)}
            for name, node in functions.items()
        }
        pages = {name for name in functions if calls[name] & PAGERS}
        while more := {name for name in functions if calls[name] & pages} - pages:
            pages |= more
        found |= {name for name in pages if name in named and named[name].__module__.endswith(path.stem)}
    return found


class World:
    """What lists are made of; each method adds `count` rows to the list of its name and returns the address."""

    def __init__(self, tree, people, programmes):
        self.tree, self.people, self.programmes, self.number = tree, people, programmes, 0

    def numbers(self, count):
        for _row in range(count):
            self.number += 1
            yield self.number

    def unit(self, number, parent="LC"):
        until = factories.REFORM if parent in {"LC", "NQ"} else None
        since = factories.START if until else factories.REFORM
        level = factories.make_level("chapter", 40)
        return factories.make_unit(
            f"U{number}", f"Chi hội {number}", parent=self.tree[parent], level=level, since=since, until=until
        )

    def member_list(self, count):
        for number in self.numbers(count):
            make_member(
                self.unit(number, "LECHAN"), self.people["officer_lechan"], full_name=f"Vũ Văn {letters(number)}"
            )
        return reverse("member_list")

    def member_duplicates(self, count):
        """Pairs, each of a name and a phone of its own."""
        for number in self.numbers(count):
            for joined_on in (dt.date(2026, 1, 5), dt.date(2026, 2, 5)):
                make_member(
                    self.unit(f"{number}{joined_on.month}", "LECHAN"), self.people["officer_lechan"],
                    full_name=f"Vũ Văn {letters(number)}", joined_on=joined_on,
                )  # fmt: skip
        return reverse("member_duplicates")

    def member_assign(self, count):
        for number in self.numbers(count):
            make_member(
                self.tree["LC"], self.people["officer_lechan"], full_name=f"Lê Văn {letters(number)}",
                joined_on=dt.date(2025, 3, 1),
            )  # fmt: skip
        return reverse("member_assign", args=["LC"])

    def unit_tree(self, count):
        for number in self.numbers(count):
            self.unit(number, "LECHAN")
        return f"{reverse('unit_tree')}?unit={self.tree['LECHAN'].code}"

    def reorganisation_list(self, count):
        for number in self.numbers(count):
            Reorganisation.objects.create(
                unit=self.tree["HP"], kind="rename", summary=f"Tên mới {number}", on_date=dt.date(2025, 1, 1),
                decision="1/NQ", decided_on=dt.date(2024, 12, 1), issuer="HĐND", done_by=self.people["officer_lechan"],
            )  # fmt: skip
        return reverse("reorganisation_list")

    def application_list(self, count):
        text = ConsentText.objects.get_or_create(digest="0" * 64, defaults={"text": "Tôi đồng ý."})[0]
        for number in self.numbers(count):
            MembershipApplication.objects.create(
                **person_columns(f"Vũ Văn {letters(number)}", None), unit=self.tree["LECHAN"], code=f"C{number}",
                consent_text=text,
            )  # fmt: skip
        return reverse("application_list")

    def title_list(self, count):
        CriteriaSet.objects.exists() or make_criteria()
        for number in self.numbers(count):
            unit = self.unit(number, "LECHAN")
            make_title(unit, self.people["officer_lechan"], f"Gia đình {letters(number)}")
        return reverse("title_list")

    def batch_list(self, count):
        for number in self.numbers(count):
            made.batch(self.unit(number))
        return reverse("batch_list")

    def batch_queue(self, count):
        for number in self.numbers(count):
            made.batch(self.unit(number), state="submitted")
        return reverse("batch_queue")

    def batch_detail(self, count, state="draft", page="batch_detail"):
        batch = getattr(self, "batch", None) or made.batch(self.tree["LC"], state=state)
        self.batch = batch
        for number in self.numbers(count):
            person = made.person(self.tree["LC"], f"Nguyễn Văn {letters(number)}")
            batch.disbursements.create(
                unit=batch.unit, half=batch.half, programme=self.programmes["award"], recipient=person, amount=100_000,
                given_on=dt.date(2023, 5, 5), entered_by=made.system(), source="direct",
            )  # fmt: skip
        return reverse(page, args=[batch.pk])

    def batch_approve(self, count):
        return self.batch_detail(count, state="submitted", page="batch_approve")

    def recipient_list(self, count):
        for number in self.numbers(count):
            made.person(self.unit(number), f"Nguyễn Văn {letters(number)}")
        return reverse("recipient_list")

    def recipient_duplicates(self, count):
        for number in self.numbers(count):
            for unit in (self.unit(number), self.tree["NQ"]):
                made.person(unit, f"Nguyễn Văn {letters(number)}")
        return reverse("recipient_duplicates")

    def fund_list(self, count):
        for number in self.numbers(count):
            factories.make_fund(self.unit(number))
        return reverse("fund_list")

    def fund_detail(self, count):
        self.fund = getattr(self, "fund", None) or factories.make_fund(self.tree["LC"])
        for _number in self.numbers(count):
            record_donation(
                fund=self.fund, donor_name="Ông Bình", source="people", amount=1_000, received_on=dt.date(2023, 3, 1),
                confirmed=True, actor=self.people["approver"],
            )  # fmt: skip
        return reverse("fund_detail", args=[self.fund.pk])

    def fund_book(self, count):
        self.fund_detail(count)
        return reverse("fund_book", args=[self.fund.pk])

    def bank_list(self, count):
        self.fund = getattr(self, "fund", None) or factories.make_fund(self.tree["LC"])
        statement = BankStatement.objects.create(
            fund=self.fund, file_name="a.csv", lines_read=1, lines_new=1, taken_by=self.people["approver"]
        )
        for number in self.numbers(count):
            BankLine.objects.create(
                fund=self.fund, statement=statement, number=number, day=dt.date(2023, 3, 2), amount=number, balance=number,
                line_key=f"{number:064}",
            )  # fmt: skip
        return reverse("bank_list", args=[self.fund.pk])

    def fund_book_public(self, count):
        self.fund_public(count)
        return reverse("fund_book_public", args=[self.fund.pk])

    def transparency(self, count):
        for number in self.numbers(count):
            fund = factories.make_fund(self.unit(number, "LECHAN"))
            type(fund).objects.filter(pk=fund.pk).update(is_public=True)
        return reverse("transparency")

    def donation_list(self, count):
        self.fund_detail(count)
        return reverse("donation_list")

    def fund_public(self, count):
        self.fund_detail(count)
        Fund.objects.filter(pk=self.fund.pk).update(is_public=True)
        return reverse("fund_public", args=[self.fund.pk])

    def proposal_list(self, count):
        for number in self.numbers(count):
            fund = factories.make_fund(self.unit(number))
            person = factories.make_user(f"de.nghi{number}")
            propose(
                act=Act.FUND_PUBLIC, target=fund, unit=fund.unit, before={"is_public": False}, after={"is_public": True},
                reason="Công khai quỹ của đơn vị.", actor=person,
            )  # fmt: skip
        return reverse("proposal_list")

    def exception_list(self, count):
        lc, leader = self.tree["LC"], self.people["leader"]
        close_through(unit=self.tree["HP"], half=H1, reason="Đã ban hành", actor=leader)
        for number in self.numbers(count):
            officer = factories.make_user(f"mo.lai{number}", role=Role.OFFICER, unit=lc)
            grant_exception(
                unit=lc, half=H1, person=officer, until=timezone.now() + dt.timedelta(days=2), reason="Bổ sung danh sách",
                actor=factories.make_system_account(),
            )  # fmt: skip
        return reverse("exception_list")

    def topup_list(self, count):
        for number in self.numbers(count):
            TopUp.objects.create(
                unit=self.unit(number, "LECHAN"), year=2026, half="2026-H2", answer="yes", decision=f"{number}/QĐ",
                amount=100_000_000, entered_by=self.people["officer_lechan"],
            )  # fmt: skip
        return reverse("topup_list")

    def allotment_list(self, count):
        self.fund = getattr(self, "fund", None) or factories.make_fund(self.tree["HP"])
        for number in self.numbers(count):
            programme = Programme.objects.create(
                unit=self.tree["HP"], name=f"Chương trình {number}", kind="award", fund=self.fund
            )
            Allotment.objects.create(
                programme=programme, unit=self.unit(number, "LECHAN"), amount=1_000_000,
                granted_by=factories.make_system_account(),
            )  # fmt: skip
        return reverse("allotment_list")

    def programme_manage(self, count):
        for number in self.numbers(count):
            Programme.objects.create(unit=self.unit(number), name=f"Chương trình {number}", kind="award", fund=None)
        return reverse("programme_manage")

    def programme_list(self, count):
        for number in self.numbers(count):
            fund = factories.make_fund(self.unit(number, "LECHAN"))
            type(fund).objects.filter(pk=fund.pk).update(is_public=True)
            Programme.objects.create(unit=fund.unit, name=f"Chương trình {number}", kind="award", is_public=True)
        return reverse("programme_list")

    def account_list(self, count):
        for number in self.numbers(count):
            factories.make_user(f"nguoi{number}", role=Role.OFFICER, unit=self.unit(number))
        return reverse("account_list")

    def unit_list(self, count):
        for number in self.numbers(count):
            self.unit(number, "LECHAN")
        return reverse("unit_list")

    def unit_detail(self, count):
        self.unit_list(count)
        return reverse("unit_detail", args=[self.tree["LECHAN"].code])

    def audit_list(self, count):
        for number in self.numbers(count):
            unit = self.unit(number)
            actor = factories.make_user(f"kiem{number}")
            AuditEntry.objects.create(
                actor=actor, action="portal.unit.change", target_type="portal.unit", target_id=unit.pk, unit=unit
            )
        return reverse("audit_list")

    def section(self):
        return Category.objects.get_or_create(slug="tin", defaults={"name": "Tin"})[0]

    def article(self, number, **values):
        return create_article(
            category=self.section(), unit=self.tree["HP"], title=f"Tin số {number}", lead="Sapo", body="<p>Chữ</p>",
            actor=self.people["editor"], **values,
        )  # fmt: skip

    def newsroom_list(self, count):
        for number in self.numbers(count):
            self.article(number)
        return reverse("newsroom_list")

    def note_list(self, count):
        story = self.article(0)
        for number in self.numbers(count):
            send_note(article=story, text=f"Sai ở câu {number}")
        return reverse("note_list")

    def recheck_list(self, count):
        person, ahead = self.people["editor"], timezone.localdate() + dt.timedelta(days=9)
        for number in self.numbers(count):
            story = publish_article(article=self.article(number), actor=person)
            recheck_article(article=story, due_on=ahead, is_right=True, actor=person)
        return reverse("recheck_list")

    def review_list(self, count):
        for number in range(count):
            submit_article(article=self.article(number), actor=self.people["editor"])
        return reverse("review_list")

    def newsroom_history(self, count):
        self.story = getattr(self, "story", None) or self.article(0)
        for number in self.numbers(count):
            save_article(
                article=self.story, category=self.section(), title=f"Tin {number}", lead="Sapo", body="<p>Chữ</p>",
                actor=self.people["editor"],
            )  # fmt: skip
        return reverse("newsroom_history", args=[self.story.pk])

    def article_list(self, count):
        for number in self.numbers(count):
            publish_article(article=self.article(number), actor=self.people["editor"])
        return reverse("article_list")

    def documents(self, count):
        for number in self.numbers(count):
            Document.objects.create(
                unit=self.tree["HP"], kind="plan", number=f"{number}/KH", issuer="Hội", issued_on=dt.date(2026, 6, 5),
                abstract="Kế hoạch", file=f"documents/{number}.pdf", file_name="a.pdf", file_size=9, sha256="0" * 64,
                created_by=self.people["editor"],
            )  # fmt: skip

    def document_list(self, count):
        self.documents(count)
        return reverse("document_list")

    def document_manage(self, count):
        self.documents(count)
        return reverse("document_manage")

    def photo_list(self, count):
        for number in self.numbers(count):
            Photo.objects.create(
                file=f"photos/2026/06/{number}.jpg", width=4, height=3, unit=self.tree["HP"], sha256=f"{number:064}",
                uploaded_by=self.people["editor"],
            )  # fmt: skip
        return reverse("photo_list")

    def tag_list(self, count):
        for number in self.numbers(count):
            Tag.objects.create(name=f"Thẻ {number}", slug=f"the-{number}")
        return reverse("tag_list")

    def tag_detail(self, count):
        for number in self.numbers(count):
            publish_article(article=self.article(number, tags=["Học bổng"]), actor=self.people["editor"])
        return reverse("tag_detail", args=["hoc-bong"])

    def category_detail(self, count):
        self.article_list(count)
        return reverse("category_detail", args=["tin"])

    def half_board(self, count):
        for number in self.numbers(count):
            unit = factories.make_unit(
                f"Q{number}", f"Quận {number}", parent=self.tree["HP"], level=factories.make_level("district"), until=factories.REFORM,
            )  # fmt: skip
            Submission.objects.create(unit=unit, half=H1.code, entered_by=made.system())
        return reverse("half_board", args=[H1])

    def report(self, number):
        payload = {"title": "Báo cáo", "unit_name": "Quận"}
        canonical = canonical_json(payload)
        return Report.objects.create(
            unit=self.unit(number), period=H1.code, version=1, number=number, symbol="BC", code=f"X{number}",
            payload=payload, exact={}, canonical=canonical, sha256=sha256_of(canonical),
            issued_on=dt.date(2023, 7, 1), issued_by=self.people["leader"], state="issued",
            decided_by=self.people["leader"], decided_at=timezone.now(),
        )  # fmt: skip

    def report_archive(self, count):
        for number in self.numbers(count):
            self.report(number)
        return reverse("report_archive")

    def report_list(self, count):
        self.report_archive(count)
        return reverse("report_list")

    def open_data(self, count):
        self.report_archive(count)
        return reverse("open_data")

    def figure_detail(self, count):
        """Chapters with a member each: the rows behind a figure name the unit of each."""
        self.member_list(count)
        address = reverse("figure_detail", args=[H2, "HP", "members.total"])
        return f"{address}?unit={self.tree['LECHAN'].code}"


def letters(number: int) -> str:
    return f"{chr(65 + number % 26)}{chr(97 + number // 26 % 26)}"


WHO = {
    "application_list": "officer_lechan", "member_duplicates": "officer_lechan",
    "batch_queue": "approver", "batch_approve": "approver", "programme_manage": "approver", "account_list": "administrator", "unit_list": "administrator",
    "unit_detail": "administrator", "reorganisation_list": "administrator", "member_assign": "officer_lechan", "newsroom_list": "editor", "review_list": "editor", "recheck_list": "editor", "newsroom_history": "editor",
    "note_list": "editor", "tag_list": "editor", "document_manage": "editor", "photo_list": "editor",
}  # fmt: skip
PUBLIC = {
    "programme_list",
    "fund_public",
    "fund_book_public",
    "transparency",
    "article_list",
    "category_detail",
    "tag_detail",
    "document_list",
    "report_list",
    "open_data",
}
LISTS = sorted(name for name in vars(World) if name in {pattern.name for pattern in own_patterns()})
#: Lists that grow with the registers, and the table that must not be counted to show a page.
REGISTERS = {
    "member_list": "members_membership", "batch_list": "scholarships_batch", "batch_queue": "scholarships_batch",
    "audit_list": "portal_auditentry", "fund_detail": "scholarships_ledgerentry",
    "donation_list": "scholarships_donation", "recipient_list": "scholarships_recipient",
    "fund_book": "scholarships_ledgerentry",
}  # fmt: skip


@pytest.fixture
def world(tree, site_profile, officer_lechan, approver, administrator, editor, leader, auditor):
    factories.make_system_account()
    people = {
        one.username.replace(".", "_"): one
        for one in (officer_lechan, approver, administrator, editor, leader, auditor)
    }
    return World(tree, people, factories.make_programmes(tree["HP"]))


def test_every_list_has_its_row():
    lists = views_of_lists() - IN_MEMORY
    assert lists - set(LISTS) == set(), "say in World how this list grows"
    assert set(LISTS) - lists == set(), "these are no lists any more"
    assert {"member_list", "batch_list", "article_list", "figure_detail"} <= lists


@pytest.mark.parametrize("name", LISTS)
def test_a_list_takes_the_same_queries_for_one_row_and_for_thirty(name, world, client_of):
    client = client_of(None if name in PUBLIC else world.people[WHO.get(name, "auditor")])

    def queries(url):
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(url)
        assert answer.status_code == 200
        return [query["sql"] for query in caught.captured_queries], answer

    url = getattr(world, name)(1)
    queries(url)
    few, _page = queries(url)
    assert getattr(world, name)(29) == url
    many, answer = queries(url)
    grown = len(many) - len(few)
    assert grown == 0, "\n".join(sql[:200] for sql in many)
    if answer.context and "table" in answer.context:
        assert len(answer.context["table"].page.rows) >= 30
    if name in REGISTERS:
        counting = [sql for sql in many if re.search(r"SELECT COUNT\(\*\)", sql) and f'FROM "{REGISTERS[name]}"' in sql]
        assert counting == []
        assert not [sql for sql in many if re.search(r"\bOFFSET [1-9]", sql)]
