"""Who gets what on every page: URL name x the cast. A URL without a row here fails the build.

A row names the address, who may (`sees`), and for whom the row does not exist (`hidden`, 404). Everybody else who is
signed in gets 403, the public is sent to sign in. Rows marked PUBLIC are for all.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from intakes.models import Intake
from members.models import Member, Membership
from news.models import Category
from news.services import create_article, publish_article
from portal.lib.periods import HalfYear
from portal.models import Posting, User
from reports.services import issue_report, mark_missing
from scholarships.models import Batch, Programme
from scholarships.services.batches import add_disbursement, create_batch
from tests import factories
from tests.test_architecture import own_patterns

HALF = HalfYear(2023, 1)
CAST = {
    "public", "contributor", "editor", "officer.lc", "officer.lechan", "officer.nq", "approver", "approver.nq", "leader", "auditor",
    "administrator",
}  # fmt: skip
#: Of the district LC: its own officer, the officer of the ward that succeeded it; the strangers are those of NQ.
OWN = {"officer.lc", "officer.lechan"}
CITY = {"approver", "leader", "auditor"}
STRANGERS = {"officer.nq", "approver.nq"}
NEWSROOM = {"contributor", "editor"}
PUBLIC = CAST
STAFF = CAST - {"public"}
READERS = OWN | CITY | STRANGERS  # of lists that show each only what is theirs


def row(sees: set[str], *, hidden: set[str] = frozenset(), post: bool = False, **address: object) -> tuple:
    """Who may, for whom it does not exist, whether the page only takes a POST, and what stands in the address."""
    return sees, set(hidden), post, address


def batch(sees: set[str], hidden: set[str], **more: object) -> tuple:
    return row(sees, hidden=hidden, pk="batch", **more)


LC = {"half": HALF, "code": "LC"}
HP = {"half": HALF, "code": "HP"}
STORY = {"category": "tin", "slug": "tin-da-dang", "pk": "story"}
ROWS = {
    # the public site
    "home": row(PUBLIC), "about": row(PUBLIC), "article_list": row(PUBLIC), "category_detail": row(PUBLIC, category="tin"),
    "article_detail": row(PUBLIC, **STORY), "article_qr_svg": row(PUBLIC, **STORY), "article_qr_png": row(PUBLIC, **STORY),
    "article_pdf": row(PUBLIC, **STORY), "rss": row(PUBLIC), "atom": row(PUBLIC), "sitemap": row(PUBLIC),
    "sitemap_part": row(PUBLIC, part=1), "news_sitemap": row(PUBLIC), "robots": row(PUBLIC), "search": row(PUBLIC),
    "programme_list": row(PUBLIC), "programme_detail": row(PUBLIC, pk="open_programme"), "member_join": row(PUBLIC),
    "report_list": row(PUBLIC), "report_public": row(PUBLIC, **HP), "report_download": row(PUBLIC, kind="pdf", **HP),
    "report_check": row(PUBLIC), "report_verify": row(PUBLIC, code="report_code"), "open_data": row(PUBLIC),
    "open_data_file": row(PUBLIC, **HP), "account_activate": row(PUBLIC), "account_reset_password": row(PUBLIC), "healthz": row(PUBLIC), "readyz": row(PUBLIC),
    "media": row(PUBLIC, path="anh.jpg"),
    # the newsroom
    "newsroom_list": row(NEWSROOM | {"leader"}), "newsroom_create": row(NEWSROOM), "newsroom_update": row(NEWSROOM, pk="draft"),
    "newsroom_preview": row(NEWSROOM | {"leader"}, pk="draft"), "newsroom_publish": row({"editor"}, pk="draft"),
    "newsroom_withdraw": row({"editor"}, pk="draft"), "newsroom_history": row(NEWSROOM | {"leader"}, pk="draft"),
    "newsroom_restore": row(NEWSROOM, post=True, pk="draft", number=1), "category_list": row({"editor"}),
    # lists
    "batch_list": row(READERS), "batch_create": row(OWN | {"officer.nq"}), "batch_form": row(OWN | {"officer.nq"}),
    "unit_suggest": row(STAFF, permission="members.manage_members"), "amount_echo": row(OWN | STRANGERS | {"approver"}), "batch_detail": batch(OWN | CITY, STRANGERS),
    "batch_entry": batch(OWN, {"officer.nq"}),
    "row_remove": batch(OWN, {"officer.nq"}, post=True, row="row"), "batch_submit": batch(OWN, {"officer.nq"}, post=True),
    "batch_withdraw": batch(OWN, {"officer.nq"}), "batch_return": batch({"approver"}, {"approver.nq"}),
    "batch_approve": batch({"approver"}, {"approver.nq"}), "batch_pay": batch({"approver"}, {"approver.nq"}, post=True),
    "batch_reverse": batch({"approver"}, {"approver.nq"}), "batch_queue": row({"approver", "approver.nq"}),
    # workbooks on their way in
    "intake_preview": row(OWN, hidden={"officer.nq"}, pk="intake"), "intake_errors": row(OWN, hidden={"officer.nq"}, pk="intake"),
    "intake_commit": row(OWN, hidden={"officer.nq"}, post=True, pk="intake"),
    "intake_discard": row(OWN, hidden={"officer.nq"}, post=True, pk="intake"),
    # funds and programmes
    "fund_list": row(READERS), "fund_detail": row(OWN | CITY, hidden=STRANGERS, pk="fund"), "fund_create": row({"approver", "approver.nq"}),
    "fund_update": row({"approver"}, hidden={"approver.nq"}, pk="fund"),
    "donation_create": row({"approver"}, hidden={"approver.nq"}, pk="fund"), "programme_manage": row({"approver", "approver.nq"}),
    "programme_create": row({"approver", "approver.nq"}), "programme_update": row({"approver"}, hidden={"approver.nq"}, pk="programme"),
    # members
    "member_list": row(READERS), "member_create": row(OWN | {"officer.nq"}), "member_upload": row(OWN | {"officer.nq"}),
    "member_form": row(OWN | {"officer.nq"}), "member_detail": row(OWN | CITY, hidden=STRANGERS, pk="member"),
    "member_update": row(OWN, hidden={"officer.nq"}, pk="member"),
    # half-years and reports
    "work_home": row(STAFF), "half_current": row(READERS), "half_board": row(READERS, half=HALF),
    "half_deadline": row({"approver", "leader"}, hidden={"approver.nq"}, post=True, half=HALF),
    "submission_detail": row(OWN | CITY, hidden=STRANGERS, **LC), "submission_edit": row(OWN, hidden={"officer.nq"}, **LC),
    "submission_submit": row(OWN, hidden={"officer.nq"}, post=True, **LC),
    "submission_approve": row({"approver", "leader"}, hidden={"approver.nq"}, post=True, **LC),
    "submission_return": row({"approver", "leader"}, hidden={"approver.nq"}, post=True, **LC),
    "submission_mark_missing": row({"approver", "leader"}, hidden={"approver.nq"}, post=True, **LC),
    "submission_reopen": row({"approver", "leader"}, hidden={"approver.nq"}, post=True, **LC),
    "report_archive": row(READERS), "report_detail": row(CITY, hidden=OWN | STRANGERS, **HP),
    "report_draft_file": row(CITY, hidden=OWN | STRANGERS, kind="pdf", **HP), "report_issue": row({"leader"}, post=True, **HP),
    "report_draft_article": row(NEWSROOM | {"leader"}, **HP),
    "figure_detail": row(CITY, hidden=OWN | STRANGERS, indicator="disbursements.turns", **HP),
    # the administrator
    "account_list": row({"administrator"}), "account_create": row({"administrator"}), "account_detail": row({"administrator"}, pk="officer_lc"),
    "account_update": row({"administrator"}, pk="officer_lc"), "account_activity": row({"administrator"}, post=True, pk="officer_lc"),
    "account_code": row({"administrator"}, post=True, pk="officer_lc"), "posting_create": row({"administrator"}, pk="officer_lc"),
    "posting_end": row({"administrator"}, post=True, pk="posting"), "unit_list": row({"administrator"}), "unit_create": row({"administrator"}),
    "unit_detail": row({"administrator"}, code="LC"), "unit_update": row({"administrator"}, code="LC"), "site_update": row({"administrator"}),
    "audit_list": row({"auditor", "administrator"}),
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """One of everything: a list, a file, a fund, a half-year of district LC; a report of the city; a draft and a story."""

    objects: dict


@pytest.fixture
def world(
    tree,
    site_profile,
    officer_lc,
    officer_nq,
    officer_lechan,
    approver,
    leader,
    auditor,
    editor,
    contributor,
    administrator,
):
    factories.make_system_account()
    factories.make_user("approver.nq", role="approver", unit=tree["NQ"])
    programmes = factories.make_programmes(tree["HP"])
    programme = programmes["award"]
    open_programme = Programme.objects.create(unit=tree["HP"], name="Đang nhận hồ sơ", kind="award", is_public=True)
    fund = factories.make_fund(tree["LC"])
    batch = create_batch(unit=tree["LC"], half=HALF, mode=Batch.Mode.HANDED_OUT, title="Đợt 1", actor=officer_lc)
    row = add_disbursement(
        batch=batch, full_name="Trần Thị Sen", birth=None, programme=programmes["award"], amount=200_000,
        given_on=datetime.date(2023, 5, 5), actor=officer_lc,
    )  # fmt: skip
    content = (Path(__file__).parent / "data" / "layouts" / "two-row-header.xlsx").read_bytes()
    file = {
        "file_name": "a.xlsx",
        "file_sha256": "0" * 64,
        "content": content,
        "unit": tree["LC"],
        "uploaded_by": officer_lc,
    }
    intake = Intake.objects.create(kind=Intake.Kind.DISBURSEMENTS, half=HALF.code, mode="handed_out", **file)
    member = Member.objects.create(
        full_name="Lê Văn An", name_key="lê văn an", sort_key="a", search_text="le van an", created_by=officer_lc
    )
    Membership.objects.create(
        member=member,
        unit=tree["LC"],
        joined_on=datetime.date(2023, 1, 5),
        valid=DateRange(datetime.date(2023, 1, 5), None),
    )
    for code in ("LC", "NQ"):
        mark_missing(unit=tree[code], half=HALF, reason="Không gửi số liệu.", actor=approver)
    section = Category.objects.create(name="Tin", slug="tin")
    draft = create_article(
        category=section, unit=tree["HP"], title="Bản nháp", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    story = create_article(
        category=section, unit=tree["HP"], title="Tin đã đăng", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    story = publish_article(article=story, actor=editor)
    report = issue_report(unit=tree["HP"], half=HALF, actor=leader)
    report_code = report.code
    posting = Posting.objects.get(user=officer_lc)
    default_storage.save("anh.jpg", ContentFile(b"anh"))
    return World(locals())


def url_of(name: str, address: dict, world: World) -> str:
    """The address, with names of the world's objects put in as their keys."""
    found = {}
    for key, value in address.items():
        thing = world.objects.get(value) if isinstance(value, str) else None
        found[key] = value if thing is None else getattr(thing, "pk", thing)
    return reverse(name, kwargs=found)


def test_every_url_has_its_row():
    names = {pattern.name for pattern in own_patterns()}
    assert names - set(ROWS) == set(), "say in ROWS who may open these"
    assert set(ROWS) - names == set(), "these are no URLs any more"


def test_everybody_gets_what_the_row_says(world, client_of):
    wrong = []
    for who in sorted(CAST):
        client = client_of(None if who == "public" else User.objects.get(username=who))
        for name, (sees, hidden, post, address) in ROWS.items():
            url = url_of(name, address, world)
            with transaction.atomic():
                answer = client.post(url) if post else client.get(url)
                transaction.set_rollback(True)
            to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
            got = "sign in" if to_sign_in else answer.status_code
            if who in sees:
                right = got in {200, 302, 409, 422}
            else:
                right = got == ("sign in" if who == "public" else 404 if who in hidden else 403)
            if not right:
                wrong.append(f"{who} at {name}: {got}")
    assert wrong == []


def test_a_page_of_another_unit_says_no_more_than_one_that_does_not_exist(world, client_of, officer_nq):
    client = client_of(officer_nq)
    for name in ("batch_detail", "batch_entry", "intake_preview", "fund_detail", "member_detail"):
        _sees, _hidden, _post, address = ROWS[name]
        theirs = client.get(url_of(name, address, world))
        nothing = client.get(reverse(name, kwargs={"pk": 999_999}))
        assert theirs.status_code == nothing.status_code == 404, name
        said = [re.sub(r"/lam-viec/[^\"<]*", "", answer.content.decode()) for answer in (theirs, nothing)]
        assert said[0] == said[1], name
