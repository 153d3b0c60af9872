"""Who gets what on every page: URL name x the cast. A URL without a row here fails the build.

A row names the address, which roles may, whose object it is, and the exact answer. Whoever has the role elsewhere gets 404,
whoever has another role 403, the public is sent to sign in. Rows marked PUBLIC are for all.
"""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.template import Template
from django.test import Client
from django.test.utils import _TestState, instrumented_test_render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views import defaults

from intakes.models import Intake
from members.models import (
    CitizenNumber,
    ConsentText,
    Member,
    MemberCard,
    MemberJoin,
    Membership,
    MembershipApplication,
    Position,
)
from news.models import Category
from news.services import (
    add_attachment,
    add_photo,
    create_article,
    create_document,
    make_draft_link,
    publish_article,
    send_note,
    submit_article,
    withdraw_article,
)
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Posting, ProposedChange, Reorganisation, User, person_columns
from portal.permissions import ROOT
from portal.services.periods import grant_exception
from portal.vocabulary import Role
from reports.figures import INDICATORS
from reports.models import (
    DraftFile,
    Meeting,
    MeetingPhoto,
    ReportProposal,
    ReportScan,
    ReportTask,
    SectionText,
    SubmissionScan,
)
from reports.services import comment_report, issue_report, mark_missing, set_deadline
from scholarships.models import (
    Allotment,
    BankLine,
    BankStatement,
    Batch,
    BatchFile,
    Consent,
    Fund,
    Paper,
    Programme,
    Recipient,
    RecipientVerdict,
    TopUp,
)
from scholarships.services.batches import add_disbursement, create_batch, remove_disbursement
from scholarships.services.donations import record_donation
from scholarships.services.funds import open_fund, update_fund
from tests import factories
from tests.members.titles import bring_on, make_criteria, make_title, recognise
from tests.news.conftest import picture
from tests.test_architecture import own_patterns

HALF = HalfYear(2023, 1)

#: Everybody who is signed in: each role on the city and on the ward LECHAN, which succeeded the district LC, the officer
#: of LC itself, and two strangers of NQ. A new role is here by itself, and every row must say what it gets.
PEOPLE = (
    {role.value: (role, "HP") for role in Role}
    | {f"{role.value}.lechan": (role, "LECHAN") for role in Role}
    | {
        "officer.lc": (Role.OFFICER, "LC"),
        "officer.nq": (Role.OFFICER, "NQ"),
        "approver.nq": (Role.APPROVER, "NQ"),
    }
)
CAST = {"public", *PEOPLE}
COVERS = {"HP": {"HP", "LC"}, "LECHAN": {"LC"}, "LC": {"LC"}, "NQ": set()}  # of the units whose objects stand below

OFFICER, APPROVER, LEADER, AUDITOR, EDITOR = {"officer"}, {"approver"}, {"leader"}, {"auditor"}, {"editor"}
ADMINISTRATOR = {"administrator"}
PROPOSES = OFFICER | APPROVER | LEADER | AUDITOR | ADMINISTRATOR
READERS = OFFICER | APPROVER | LEADER | AUDITOR
DECIDES = APPROVER | LEADER
NEWSROOM = {"contributor"} | EDITOR
STAFF = {role.value for role in Role}
PUBLIC = None


def row(roles: set[str] | None, at: str = "", *, post: bool = False, status: int = 0, **address: object) -> tuple:
    """Which roles may, whose object it is ("LC", "HP"; ROOT: the whole site's), whether it only takes a POST, the exact
    answer for those who may (a POST without the version of what it decides on is 409), and what stands in the address.
    """
    return roles, at, post, status or (409 if post else 200), address


def expected(who: str, roles: set[str] | None, at: str, status: int) -> int | str:
    if roles is PUBLIC:
        return status
    if who == "public":
        return "sign in"
    role, unit = PEOPLE[who]
    if role.value not in roles or (at is ROOT and unit != "HP"):
        return 403
    return status if at in {"", ROOT} or at in COVERS[unit] else 404


LC = {"half": HALF, "code": "LC"}
HP = {"period": HALF, "code": "HP"}
STORY = {"category": "tin", "slug": "tin-da-dang", "pk": "story"}
BATCH = {"pk": "batch"}
LINE = {"pk": "fund", "line": "bank_line"}
ROWS = {
    # the public site
    "home": row(PUBLIC), "about": row(PUBLIC), "article_list": row(PUBLIC), "category_detail": row(PUBLIC, category="tin"),
    "article_detail": row(PUBLIC, **STORY), "article_qr_svg": row(PUBLIC, **STORY), "article_qr_png": row(PUBLIC, **STORY),
    "article_pdf": row(PUBLIC, **STORY), "article_short": row(PUBLIC, status=301, pk="story"), "rss": row(PUBLIC), "atom": row(PUBLIC), "sitemap": row(PUBLIC),
    "category_rss": row(PUBLIC, category="tin"), "category_atom": row(PUBLIC, category="tin"),
    "sitemap_part": row(PUBLIC, part=1), "news_sitemap": row(PUBLIC), "news_sitemap_part": row(PUBLIC, part=1), "robots": row(PUBLIC), "search": row(PUBLIC), "search_suggest": row(PUBLIC),
    "programme_list": row(PUBLIC), "place_find": row(PUBLIC), "programme_detail": row(PUBLIC, pk="open_programme"), "member_join": row(PUBLIC), "application_create": row(PUBLIC), "application_check": row(PUBLIC), "application_status": row(PUBLIC, code="application_code"),
    "programme_qr": row(PUBLIC, pk="open_programme"), "programme_poster": row(PUBLIC, pk="open_programme"),
    "fund_public": row(PUBLIC, pk="open_fund"), "fund_qr": row(PUBLIC, pk="open_fund"),
    "fund_poster": row(PUBLIC, pk="open_fund"),
    "report_list": row(PUBLIC), "report_public": row(PUBLIC, **HP), "report_download": row(PUBLIC, kind="pdf", **HP),
    "report_check": row(PUBLIC), "report_verify": row(PUBLIC, code="report_code"), "open_data": row(PUBLIC), "open_rows_schema": row(PUBLIC),
    "open_index": row(PUBLIC), "open_check": row(PUBLIC), "open_pool_file": row(PUBLIC, period=HALF), "open_data_json": row(PUBLIC, period=HALF, code="HP"),
    "open_rows_file": row(PUBLIC, half=HALF), "open_rows_file_json": row(PUBLIC, half=HALF),
    "open_books_file": row(PUBLIC, half=HALF), "open_books_file_json": row(PUBLIC, half=HALF), "open_books_schema": row(PUBLIC),
    "transparency": row(PUBLIC), "fund_book_public": row(PUBLIC, pk="open_fund"), "statement_public": row(PUBLIC, code="HP", period="2023"),
    "statement_pdf": row(PUBLIC, code="HP", period="2023-H1"), "open_data_file": row(PUBLIC, **HP), "account_activate": row(PUBLIC), "account_reset_password": row(PUBLIC),
    "healthz": row(PUBLIC), "session_state": row(PUBLIC), "read_count": row(PUBLIC, post=True, status=403), "readyz": row(PUBLIC), "media": row(PUBLIC, path="anh.jpg"),
    "contact": row(PUBLIC), "article_report": row(PUBLIC, pk="story"), "draft_shared": row(PUBLIC, key="draft_key"),
    "photo_file": row(PUBLIC, path="photo_path"),
    # the newsroom
    "newsroom_share": row(NEWSROOM, "HP", pk="draft"), "note_list": row(EDITOR), "note_detail": row(EDITOR, "HP", pk="note"),
    "newsroom_unshare": row(NEWSROOM, "HP", post=True, pk="draft", number="draft_link"),
    "newsroom_list": row(NEWSROOM | LEADER), "newsroom_create": row(NEWSROOM),
    "newsroom_autosave": row(NEWSROOM, post=True, status=200), "unsaved_drop": row(NEWSROOM, post=True, status=302),
    "newsroom_paste": row(NEWSROOM, post=True, status=200), "newsroom_photo": row(NEWSROOM, post=True, status=422),
    "newsroom_update": row(NEWSROOM, "HP", pk="draft"), "newsroom_preview": row(NEWSROOM | LEADER, "HP", pk="draft"),
    "newsroom_publish": row(EDITOR, "HP", pk="draft"), "newsroom_withdraw": row(EDITOR, "HP", pk="draft"), "newsroom_mend": row(EDITOR, "HP", pk="story"),
    "newsroom_replace": row(EDITOR, "HP", pk="withdrawn_story"),
    "newsroom_file": row(NEWSROOM, post=True, status=422), "newsroom_video": row(NEWSROOM, status=422), "newsroom_link": row(NEWSROOM), "attachment_file": row(PUBLIC, pk="attachment"),
    "photo_list": row(NEWSROOM | LEADER), "photo_find": row(NEWSROOM), "photo_update": row(NEWSROOM | LEADER, "HP", pk="library_photo"),
    "photo_replace": row(NEWSROOM, "HP", pk="library_photo"),
    "document_list": row(PUBLIC), "document_detail": row(PUBLIC, pk="document"), "document_file": row(PUBLIC, pk="document"),
    "document_manage": row(NEWSROOM | LEADER), "document_create": row(EDITOR), "document_update": row(EDITOR, "HP", pk="document"),
    "document_withdraw": row(EDITOR, "HP", pk="document"),
    "tag_index": row(PUBLIC), "tag_detail": row(PUBLIC, slug="hoc-bong"), "tag_rss": row(PUBLIC, slug="hoc-bong"),
    "tag_atom": row(PUBLIC, slug="hoc-bong"), "tag_list": row(EDITOR, ROOT), "tag_update": row(EDITOR, ROOT, slug="hoc-bong"),
    "lead_list": row(EDITOR, ROOT), "lead_update": row(EDITOR, ROOT, post=True, number="story"),
    "recheck_list": row(NEWSROOM | LEADER), "article_recheck": row(EDITOR, "HP", pk="story"), "document_recheck": row(EDITOR, "HP", pk="document"),
    "review_list": row(NEWSROOM | LEADER), "newsroom_submit": row(NEWSROOM, "HP", post=True, pk="draft"), "newsroom_review": row(EDITOR, "HP", pk="sent"),
    "newsroom_history": row(NEWSROOM | LEADER, "HP", pk="draft"),
    "newsroom_restore": row(NEWSROOM, "HP", post=True, pk="draft", number=1), "category_list": row(EDITOR, ROOT), "category_update": row(EDITOR, ROOT, slug="tin"),
    # lists
    # of nobody: a file is its asker's alone (tests/members/test_file_wait.py)
    "file_wait": row(STAFF, pk=999, status=404), "file_save": row(STAFF, pk=999, status=404),
    "file_again": row(STAFF, post=True, pk=999, status=404), "file_drop": row(STAFF, post=True, pk=999, status=404),
    "kept_input": row(STAFF, pk=1, status=302),  # to the home page: nothing is kept for them
    "batch_receipt": row(READERS, "LC", status=404, **BATCH), "batch_receipt_png": row(READERS, "LC", status=404, **BATCH),
    "intake_create": row(OFFICER), "intake_list": row(OFFICER), "intake_about": row(OFFICER, "LC", pk="intake"),
    "unit_suggest": row(STAFF, permission="members.manage_members"),
    "batch_list": row(READERS), "batch_create": row(OFFICER), "batch_form": row(OFFICER),
    "amount_echo": row(OFFICER | APPROVER), "batch_detail": row(READERS, "LC", **BATCH),
    "batch_entry": row(OFFICER, "LC", **BATCH), "batch_paste": row(OFFICER, "LC", **BATCH),
    "batch_correct": row(OFFICER, "LC", **BATCH),
    "batch_correct_with": row(OFFICER, "LC", post=True, status=302, intake="intake", **BATCH),
    "batch_take_back": row(OFFICER, "LC", post=True, **BATCH),
    "file_undo": row(OFFICER, "LC", post=True, file="kept_file", **BATCH),
    "file_leave": row(OFFICER, "LC", post=True, file="kept_file", **BATCH),
    "row_update": row(OFFICER, "LC", row="row", **BATCH),
    "row_remove": row(OFFICER, "LC", post=True, row="row", **BATCH),
    "row_restore": row(OFFICER, "LC", post=True, row="row_out", **BATCH), "batch_submit": row(OFFICER, "LC", post=True, **BATCH),
    "batch_withdraw": row(OFFICER | APPROVER, "LC", **BATCH), "batch_return": row(APPROVER, "LC", **BATCH),
    "batch_papers": row(READERS, "LC", **BATCH), "signature_sheet": row(READERS, "LC", status=302, **BATCH),
    "payment_list": row(READERS, "LC", status=302, kind="xlsx", **BATCH), "paper_file": row(READERS, "LC", pk="paper"),
    "paper_stop": row(OFFICER | APPROVER, "LC", post=True, status=302, pk="paper"),
    "paper_restart": row(OFFICER | APPROVER, "LC", post=True, pk="paper"),
    "batch_remark": row(APPROVER, "LC", post=True, status=302, **BATCH),
    "batch_approve": row(APPROVER, "LC", **BATCH), "batch_pay": row(APPROVER, "LC", post=True, **BATCH),
    "batch_reverse": row(APPROVER, "LC", **BATCH), "batch_queue": row(APPROVER),
    # people who receive
    "recipient_list": row(READERS), "recipient_duplicates": row(READERS), "recipient_suggest": row(OFFICER),
    "recipient_detail": row(READERS, "LC", pk="person"), "recipient_update": row(OFFICER, "LC", pk="person"),
    "recipient_compare": row(OFFICER, "LC", pk="person", other="twin"), "consent_create": row(OFFICER, "LC", pk="person"),
    "consent_withdraw": row(OFFICER, "LC", post=True, pk="person", consent="consent"),
    "verdict_undo": row(OFFICER, "LC", post=True, pk="person", verdict="verdict"),
    # workbooks on their way in
    "intake_preview": row(OFFICER, "LC", pk="intake"), "intake_errors": row(OFFICER, "LC", pk="intake"),
    "intake_commit": row(OFFICER, "LC", post=True, pk="intake"),
    "intake_discard": row(OFFICER, "LC", post=True, status=302, pk="intake"),
    # funds and programmes
    "fund_list": row(READERS), "fund_detail": row(READERS, "LC", pk="fund"), "fund_create": row(APPROVER), "fund_book": row(READERS, "LC", pk="fund"),
    "bank_list": row(READERS, "LC", pk="fund"), "bank_upload": row(APPROVER, "LC", pk="fund"), "bank_line": row(APPROVER, "LC", **LINE),
    "bank_gift": row(APPROVER, "LC", **LINE), "bank_aside": row(APPROVER, "LC", post=True, **LINE), "bank_undo": row(APPROVER, "LC", post=True, **LINE),
    "fund_update": row(APPROVER, "LC", pk="fund"), "donation_create": row(APPROVER, "LC", pk="fund"),
    "topup_list": row(READERS), "topup_create": row(OFFICER), "topup_update": row(OFFICER, "LC", code="LC", year=2023),
    "allotment_list": row(READERS), "allotment_create": row(APPROVER), "allotment_update": row(APPROVER, "HP", pk="allotment"),
    "programme_manage": row(APPROVER), "programme_create": row(APPROVER),
    "programme_update": row(APPROVER, "HP", pk="programme"),
    "row_reverse": row(APPROVER, "LC", row="row", **BATCH),
    "hand_over_create": row(APPROVER, "LC", pk="fund"), "donation_list": row(READERS), "donation_receipt": row(READERS, "LC", pk="donation"),
    "donation_unname": row(APPROVER, "LC", post=True, pk="donation"),
    "donation_reverse": row(APPROVER, "LC", pk="donation"),
    # what two persons decide
    "proposal_list": row(PROPOSES), "proposal_detail": row(PROPOSES, "LC", pk="proposal"),
    "proposal_accept": row(DECIDES, "LC", post=True, pk="proposal"), "proposal_refuse": row(DECIDES, "LC", pk="proposal"),
    "proposal_withdraw": row(PROPOSES, "LC", post=True, pk="proposal"),
    # members
    "member_list": row(READERS), "member_create": row(OFFICER), "member_upload": row(OFFICER), "member_form": row(OFFICER),
    "member_detail": row(READERS, "LC", pk="member"), "member_update": row(OFFICER, "LC", pk="member"),
    "member_transfer": row(OFFICER, "LC", pk="member"), "member_untransfer": row(OFFICER, "LC", post=True, pk="member"),
    "member_leave": row(OFFICER, "LC", pk="member"), "member_return": row(OFFICER, "LC", pk="member"),
    "application_list": row(OFFICER), "application_approve": row(OFFICER, "LC", pk="application"),
    "application_refuse": row(OFFICER, "LC", pk="application"),
    "title_list": row(READERS), "title_create": row(OFFICER), "title_detail": row(READERS, "LC", pk="title"),
    "title_update": row(OFFICER, "LC", pk="title"), "title_erase": row(OFFICER, "LC", pk="title_of_citizen"), "title_step": row(OFFICER, slug="nop-ho-so"),
    "card_sheet": row(OFFICER), "card_print": row(OFFICER, "LC", post=True, pk="member", status=200), "card_end": row(OFFICER, "LC", pk="member"),
    "title_certificate": row(OFFICER | APPROVER, "LC", post=True, pk="title", status=302), "title_decision": row(OFFICER | APPROVER, "LC", pk="title_recognised"),
    "title_upload": row(OFFICER), "title_form": row(OFFICER),
    "criteria_list": row(READERS | ADMINISTRATOR), "criteria_create": row(ADMINISTRATOR, ROOT), "criteria_update": row(ADMINISTRATOR, ROOT, number="criteria"),
    "application_reconsider": row(OFFICER, "LC", post=True, pk="application"), "member_data": row(OFFICER, "LC", pk="member"),
    "member_unconsent": row(OFFICER, "LC", pk="member"), "member_erase": row(OFFICER, "LC", pk="member"),
    "number_find": row(OFFICER), "number_reveal": row(OFFICER, "LC", pk="member"),
    "member_duplicates": row(OFFICER), "member_compare": row(OFFICER, "LC", pk="member", other="namesake"),
    "member_unjoin": row(OFFICER, "LC", post=True, pk="member", join="join"),
    "position_create": row(OFFICER, "LC", pk="member"), "position_end": row(OFFICER, "LC", pk="position"),
    # half-years and reports
    "work_home": row(STAFF), "half_current": row(READERS, status=302), "half_board": row(READERS, half=HALF),
    "half_deadline": row(DECIDES, "HP", post=True, status=302, half=HALF),
    "submission_print": row(READERS, "LC", **LC), "submission_scan": row(READERS, "LC", pk="submission_scan"),
    "submission_scan_add": row(OFFICER | DECIDES, "LC", post=True, status=302, **LC),
    "submission_detail": row(READERS, "LC", **LC), "submission_edit": row(OFFICER, "LC", **LC),
    "submission_check": row(OFFICER, "LC", post=True, status=200, **LC),
    "submission_evidence": row(OFFICER, "LC", indicator="communication.events", **LC),
    "submission_submit": row(OFFICER, "LC", post=True, **LC), "submission_approve": row(DECIDES, "LC", **LC),
    "submission_take_back": row(OFFICER, "LC", post=True, **LC),
    "submission_return": row(DECIDES, "LC", **LC), "submission_mark_missing": row(DECIDES, "LC", **LC),
    "submission_reopen": row(DECIDES, "LC", **LC), "exception_list": row(READERS), "exception_create": row(DECIDES),
    "exception_end": row(DECIDES, "LC", pk="exception"),
    "report_archive": row(READERS), "report_detail": row(READERS, "HP", **HP),
    "report_draft_file": row(READERS, "HP", status=302, kind="pdf", **HP), "draft_wait": row(READERS, "HP", pk="draft_file"),
    "report_freeze": row(LEADER, "HP", **HP),
    "report_issue": row(LEADER, "HP", post=True, **HP), "report_discard": row(LEADER, "HP", **HP),
    "report_revoke": row(LEADER, "HP", **HP), "report_comment": row(LEADER, "HP", post=True, status=302, **HP),
    "report_scan": row(READERS, "HP", pk="report_scan"), "report_scan_add": row(LEADER, "HP", post=True, status=404, **HP),
    "report_agenda": row(READERS, "HP", **HP), "meeting_invitation": row(READERS, "HP", **HP),
    "meeting_edit": row(DECIDES, "HP", **HP), "meeting_photo": row(READERS, "HP", pk="meeting_photo", **HP),
    "meeting_photo_remove": row(DECIDES, "HP", post=True, pk="meeting_photo", **HP),
    "report_lagging": row(DECIDES, "HP", **HP), "report_text": row(DECIDES, "HP", **HP), "report_text_edit": row(DECIDES, "HP", section="cong-tac-tuyen-truyen", **HP),
    "report_text_drop": row(DECIDES, "HP", post=True, section="cong-tac-tuyen-truyen", **HP),
    "report_task_decide": row(DECIDES, "HP", post=True, status=200, pk="report_task", **HP),
    "report_proposal_answer": row(DECIDES, "HP", post=True, status=200, pk="report_proposal", **HP),
    "report_comment_settle": row(DECIDES, "HP", post=True, pk="report_comment", **HP),
    "report_file": row(READERS, "HP", pk="report", kind="pdf"),
    "report_file_summary": row(READERS, "HP", pk="report"), "report_draft_summary": row(READERS, "HP", status=302, **HP),
    "report_summary": row(PUBLIC, **HP),
    "report_draft_article": row(NEWSROOM | LEADER, "HP", **HP),
    "figure_detail": row(READERS, "HP", indicator="disbursements.turns", **HP),
    # the administrator
    "account_list": row(ADMINISTRATOR), "account_create": row(ADMINISTRATOR),
    "account_detail": row(ADMINISTRATOR, "LC", pk="officer_lc"), "account_update": row(ADMINISTRATOR, "LC", pk="officer_lc"),
    "account_activity": row(ADMINISTRATOR, "LC", post=True, pk="officer_lc"),
    "account_leave": row(ADMINISTRATOR, "LC", pk="officer_lc"), "account_stay": row(ADMINISTRATOR, "LC", post=True, pk="officer_lc"),
    "account_code": row(ADMINISTRATOR, "LC", pk="officer_lc"), "posting_create": row(ADMINISTRATOR, "LC", pk="officer_lc"),
    "posting_end": row(ADMINISTRATOR, "LC", post=True, pk="posting"), "unit_list": row(ADMINISTRATOR),
    "unit_tree": row(ADMINISTRATOR | READERS), "unit_found": row(OFFICER), "unit_unfound": row(OFFICER, "LC", post=True, code="LC"),
    "unit_create": row(ADMINISTRATOR), "unit_detail": row(ADMINISTRATOR | READERS, "LC", code="LC"),
    "unit_facts": row(ADMINISTRATOR, "LC", code="LC"), "unit_correct": row(ADMINISTRATOR, "LC", code="LC"),
    "unit_remove": row(ADMINISTRATOR, "LC", post=True, code="LC"), "unit_count": row(ADMINISTRATOR, "LC", code="LC"),
    "level_list": row(ADMINISTRATOR, ROOT), "level_create": row(ADMINISTRATOR, ROOT),
    "level_update": row(ADMINISTRATOR, ROOT, slug="district"),
    "unit_assign": row(ADMINISTRATOR, "LC", code="LC"), "member_assign": row(OFFICER, "LC", code="LC"),
    "reorganisation_list": row(ADMINISTRATOR | LEADER), "reorganisation_create": row(ADMINISTRATOR),
    "reorganisation_detail": row(ADMINISTRATOR | LEADER, "HP", pk="reorganisation"),
    "reorganisation_undo": row(ADMINISTRATOR, "HP", pk="reorganisation"),
    "unit_update": row(ADMINISTRATOR, "LC", code="LC"), "site_update": row(ADMINISTRATOR, ROOT),
    "audit_list": row(AUDITOR | ADMINISTRATOR),
}  # fmt: skip


@dataclass(frozen=True)
class World:
    """One of everything: a list, a file, a fund, a half-year of district LC; a report of the city; a draft and a story."""

    objects: dict


def open_fund_for(unit) -> Fund:
    """A public fund with its bank account, as the server itself sets one up."""
    return open_fund(
        unit=unit, name="Quỹ công khai", opened_on=datetime.date(2023, 1, 1), opening_balance=1_000_000, bank_bin="970405",
        bank_account="1234567890", bank_account_name="HOI KHUYEN HOC", is_public=True,
        actor=factories.make_system_account(),
    )  # fmt: skip


@pytest.fixture
def world(tree, site_profile):
    factories.make_system_account()
    cast = {name: factories.make_user(name, role=role, unit=tree[unit]) for name, (role, unit) in PEOPLE.items()}
    officer_lc, approver, leader, editor = (cast[name] for name in ("officer.lc", "approver", "leader", "editor"))
    programmes = factories.make_programmes(tree["HP"])
    programme = programmes["award"]
    open_fund = open_fund_for(tree["HP"])
    open_programme = Programme.objects.create(
        unit=tree["HP"], name="Đang nhận hồ sơ", kind="award", is_public=True, fund=open_fund
    )
    fund = factories.make_fund(tree["LC"])
    donation = record_donation(
        fund=fund,
        donor_name="Bà Tư",
        source="people",
        amount=1_000,
        received_on=datetime.date(2023, 3, 1),
        confirmed=True,
        actor=approver,
    )
    statement = BankStatement.objects.create(fund=fund, file_name="a.csv", lines_read=1, lines_new=1, taken_by=approver)
    bank_line = BankLine.objects.create(
        fund=fund, statement=statement, number=2, day=datetime.date(2023, 3, 2), amount=1_000, line_key="0" * 64
    )
    update_fund(fund=fund, is_public=True, reason="Công khai quỹ của quận.", actor=cast["approver.lechan"])
    proposal = ProposedChange.objects.get()
    bank_entry = donation.entries.get()
    batch = create_batch(unit=tree["LC"], half=HALF, mode=Batch.Mode.HANDED_OUT, title="Đợt 1", actor=officer_lc)
    row = add_disbursement(
        batch=batch, full_name="Trần Thị Sen", birth=None, programme=programmes["award"], amount=200_000,
        given_on=datetime.date(2023, 5, 5), actor=officer_lc,
    )  # fmt: skip
    person, twin = (
        row.recipient,
        Recipient.objects.create(unit=tree["LC"], **person_columns("Trần Thị Sen", Birth(2012))),
    )
    consent = Consent.objects.create(
        recipient=person, purpose="data", text_version="2026-1", guardian_name="Trần Văn Tư", recorded_by=officer_lc,
        given_on=datetime.date(2023, 5, 5),
    )  # fmt: skip
    verdict = RecipientVerdict.objects.create(
        kept=person, other=twin, is_same=False, reason="Hai em khác lớp", decided_by=officer_lc
    )
    kept_file = BatchFile.objects.create(
        batch=batch, file_name="a.xlsx", file_sha256="0" * 64, rows=1, amount=200_000, taken_by=officer_lc
    )
    row_out = remove_disbursement(
        row=add_disbursement(
            batch=batch, full_name="Trần Thị Mai", birth=None, programme=programmes["award"], amount=200_000,
            given_on=datetime.date(2023, 5, 5), actor=officer_lc,
        ), actor=officer_lc,
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
    namesake, entered_twice = (
        Member.objects.create(full_name="Lê Văn An", name_key="lê văn an", sort_key="a", created_by=officer_lc)
        for _ in range(2)
    )
    for other in (namesake, entered_twice):
        Membership.objects.create(
            member=other, unit=tree["LC"], joined_on=datetime.date(2023, 1, 6),
            valid=DateRange(datetime.date(2023, 1, 6), None),
        )  # fmt: skip
    number = CitizenNumber(member=member)
    number.write("031164001234")
    number.save(force_insert=True)
    join = MemberJoin.objects.create(kept=member, other=entered_twice, reason="Cùng người", decided_by=officer_lc)
    application = MembershipApplication.objects.create(
        **person_columns("Vũ Văn Bình", None), unit=tree["LC"], code="234678BCGHKL", phone="+84912345670",
        consent_text=ConsentText.objects.create(digest="0" * 64, text="Tôi đồng ý."),
    )  # fmt: skip
    application_code = application.code
    make_criteria()
    title = make_title(
        tree["LC"], officer_lc, "Gia đình bà Lê Thị Ánh", year=2023, registered_on=datetime.date(2023, 7, 5)
    )
    title_of_citizen = make_title(
        tree["LC"], officer_lc, "Lê Thị Hạnh", model="citizen", year=2023, registered_on=datetime.date(2023, 7, 5)
    )
    criteria = title.criteria
    MemberCard.objects.create(member=member, number="HP-1", code="234678BCGHKM", issued_by=officer_lc)
    title_recognised = make_title(
        tree["LC"], officer_lc, "Dòng họ Lê", model="lineage", year=2023, registered_on=datetime.date(2023, 7, 5)
    )
    bring_on([title_recognised], officer_lc)
    recognise([title_recognised], approver)
    position = Position.objects.create(
        member=member, unit=tree["LC"], title="head", valid=DateRange(datetime.date(2023, 1, 5), None),
        recorded_by=officer_lc,
    )  # fmt: skip
    for code in ("LC", "NQ"):
        mark_missing(unit=tree[code], half=HALF, reason="Không gửi số liệu.", actor=approver)
    submission_scan = SubmissionScan.objects.create(
        submission=tree["LC"].submissions.get(half=HALF.code), content=b"%PDF-1.4", ending="pdf", added_by=officer_lc
    )
    section = Category.objects.create(name="Tin", slug="tin")
    draft = create_article(
        category=section, unit=tree["HP"], title="Bản nháp", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    photo = add_photo(file=picture((60, 40)), alt="Các em nhận quà", actor=editor)
    library_photo = add_photo(file=picture((50, 40)), unit=tree["HP"], actor=editor)
    photo_path = photo.file.name.removeprefix("photos/")
    attachment = add_attachment(
        file=SimpleUploadedFile("a.pdf", b"%PDF-1.7\nstartxref\n9\n%%EOF\n"), form_key="k", actor=editor
    )
    story = create_article(
        form_key="k",
        category=section,
        unit=tree["HP"],
        title="Tin đã đăng",
        lead="Sapo",
        body=f'<p>Chữ</p><figure data-file="{attachment.pk}"></figure>',
        cover=photo,
        tags=["Học bổng"],
        actor=editor,
    )
    story = publish_article(article=story, actor=editor)
    document = create_document(
        unit=tree["HP"], kind="plan", number="12/KH-HKH", issuer="Hội Khuyến học", issued_on=datetime.date(2026, 6, 5),
        abstract="Kế hoạch năm", file=SimpleUploadedFile("a.pdf", b"%PDF-1.7\nstartxref\n9\n%%EOF\n"), actor=editor,
    )  # fmt: skip
    sent = create_article(
        category=section, unit=tree["HP"], title="Chờ duyệt", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    sent = submit_article(article=sent, actor=editor)
    withdrawn_story = create_article(
        category=section, unit=tree["HP"], title="Tin đã gỡ", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    withdrawn_story = publish_article(article=withdrawn_story, actor=editor)
    withdrawn_story = withdraw_article(article=withdrawn_story, reason="Số liệu chưa đúng", actor=editor)
    note = send_note(article=story, text="Sai năm ở câu đầu.")
    draft_link = make_draft_link(article=draft, actor=editor)
    draft_key = draft_link.key
    report = issue_report(unit=tree["HP"], period=HALF, actor=leader)
    report_code = report.code
    report_task = ReportTask.objects.create(
        unit=tree["HP"], period=HALF.code, text="Mở lớp tập huấn", written_by=leader
    )
    SectionText.objects.create(
        unit=tree["HP"], period=HALF.code, section="cong-tac-tuyen-truyen", text="Lời", written="Lời", edited_by=leader
    )
    report_proposal = ReportProposal.objects.create(
        unit=tree["HP"], period=HALF.code, text="Hỗ trợ kinh phí", written_by=leader
    )
    report_scan = ReportScan.objects.create(report=report, content=b"%PDF-1.4", ending="pdf", added_by=leader)
    meeting = Meeting.objects.create(
        unit=tree["HP"],
        period=HALF.code,
        held_at=timezone.now(),
        place="Hội trường",
        chair="Chủ tịch",
        entered_by=leader,
    )
    meeting_photo = MeetingPhoto.objects.create(meeting=meeting, content=b"JPEG", caption="Toàn cảnh hội nghị")
    report_comment = comment_report(unit=tree["HP"], period=HALF, text="Xem lại số hội viên", actor=leader)
    draft_file = DraftFile.objects.create(
        unit=tree["HP"], period=HALF.code, kind="pdf", sha256="0" * 64, canonical="{}"
    )
    allotment = Allotment.objects.create(
        programme=programme, unit=tree["LC"], amount=1_000_000, granted_by=factories.make_system_account()
    )
    TopUp.objects.create(unit=tree["LC"], year=2023, half="2023-H2", answer="no", entered_by=officer_lc)
    exception = grant_exception(
        unit=tree["LC"], half=HALF, person=officer_lc, until=timezone.now() + datetime.timedelta(days=3),
        reason="Bổ sung danh sách", actor=factories.make_system_account(),
    )  # fmt: skip
    paper = Paper.objects.create(
        batch=batch, kind="signatures", total=1, asked_by=officer_lc, content=b"%PDF", finished_at=timezone.now()
    )
    posting, heir = Posting.objects.get(user=officer_lc), tree["LECHAN"]
    reorganisation = Reorganisation.objects.create(
        unit=tree["HP"], kind="rename", summary="Tên mới", on_date=datetime.date(2025, 1, 1), decision="1/NQ",
        decided_on=datetime.date(2024, 12, 1), issuer="HĐND", done_by=cast["administrator"],
    )  # fmt: skip
    default_storage.save("site/anh.jpg", ContentFile(b"anh"))
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


@pytest.fixture
def unwatched(monkeypatch):
    """Let templates render as on the site: here nobody looks at the contexts, of which the tests keep copies."""
    monkeypatch.setattr(Template, "_render", _TestState.saved_data.template_render)


#: Whose pages of a refusal were made, by their session, and of which addresses.
MADE: dict[int, set] = {403: set(), 404: set()}


@pytest.fixture
def refusals_made_once(monkeypatch):
    """Let the page of a refusal be made once for each person and once for each address: all the others say the same."""
    for status, make in ((403, defaults.permission_denied), (404, defaults.page_not_found)):
        monkeypatch.setattr(f"portal.urls.handler{status}", made_once(status, make), raising=False)


def made_once(status: int, make):
    def answer(request, exception):
        about = {request.COOKIES.get(settings.SESSION_COOKIE_NAME), request.resolver_match.view_name}
        if about <= MADE[status]:
            return HttpResponse(status=status)
        MADE[status] |= about
        return make(request, exception)

    return answer


def links_of(answer) -> set[str]:
    """The addresses of the portal's own pages that a page links to."""
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return set()
    found = re.findall(r'<a\b[^>]*?\bhref="(/(?!/)[^"#]*)', answer.content.decode())
    return {html.unescape(address) for address in found}


def is_for_robots(answer) -> bool:
    """Whether it is a page that does not itself ask search engines to leave it out; files are no pages."""
    page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
    return page and not re.search(rb'<meta name="robots" content="[^"]*noindex', answer.content)


def missing_in_sitemap(client, pages: dict[str, str]) -> list[str]:
    """The pages, address -> URL name, that the site map leaves out though robots.txt lets robots come to them."""
    if not pages:
        return []
    closed = tuple(re.findall(r"^Disallow: (\S+)", client.get(reverse("robots")).content.decode(), re.MULTILINE))
    listed = re.findall(r"<loc>([^<]*)</loc>", client.get(reverse("sitemap")).content.decode())
    wanted = {address: name for address, name in pages.items() if not address.startswith(closed)}
    return [
        f"{name}: {address} is not in the site map"
        for address, name in wanted.items() if settings.SITE_URL + address not in listed
    ]  # fmt: skip


def links_astray(client, who: str, links: dict[str, str], opened: set[str]) -> list[str]:
    """The links, address -> page it stands on, that do not open for the person: one of each view is tried.

    What was opened by its row is not opened again; what the public may open is the public's to try.
    """
    wrong, seen = [], set()
    for address, page in sorted(links.items()):
        try:
            name = resolve(address.partition("?")[0]).view_name
        except Resolver404:
            wrong.append(f"{who} at {page}: {address} is no address")
            continue
        if name not in ROWS or name in seen or address in opened:
            continue
        if ROWS[name][0] is PUBLIC and who != "public":
            continue
        seen.add(name)
        with transaction.atomic():
            got = client.get(address).status_code
            transaction.set_rollback(True)
        if got not in {200, 301, 302}:
            wrong.append(f"{who} at {page}: the link {address} to {name} gives {got}")
    return wrong


@pytest.mark.parametrize("who", sorted(CAST))
def test_everybody_gets_what_the_row_says_and_no_link_that_does_not_open(
    world, client_of, unwatched, refusals_made_once, who
):
    wrong, links, opened, for_robots = [], {}, set(), {}
    client = client_of(None if who == "public" else User.objects.get(username=who))
    for name, (roles, at, post, status, address) in ROWS.items():
        url = url_of(name, address, world)
        with transaction.atomic():
            answer = Client.post(client, url) if post else client.get(url)
            transaction.set_rollback(True)
        to_sign_in = answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
        got = "sign in" if to_sign_in else answer.status_code
        if got != expected(who, roles, at, status):
            wrong.append(f"{who} at {name}: {got}, not {expected(who, roles, at, status)}")
        opened |= {url} if got == 200 else set()
        links = dict.fromkeys(links_of(answer), name) | links
        if roles is PUBLIC and who == "public" and is_for_robots(answer):
            for_robots[url] = name
    wrong += links_astray(client, who, links, opened) + missing_in_sitemap(client, for_robots)
    assert wrong == []


@pytest.mark.parametrize("who", ["leader", "auditor.lechan", "officer.nq", "editor", "public"])
def test_every_indicator_is_read_by_whom_its_row_says(world, client_of, unwatched, refusals_made_once, who):
    client = client_of(None if who == "public" else User.objects.get(username=who))
    roles, at, _post, status, address = ROWS["figure_detail"]
    wrong = []
    for code in INDICATORS:
        answer = client.get(url_of("figure_detail", address | {"indicator": code}, world))
        got = "sign in" if answer.status_code == 302 else answer.status_code
        if got != expected(who, roles, at, status):
            wrong.append(f"{who} at {code}: {got}")
    assert wrong == []


class Desks(dict):
    """The one client of each person (None: of the public), signed in when it is first asked for."""

    def __init__(self, client_of):
        super().__init__()
        self.client_of = client_of

    def __missing__(self, who: str | None) -> Client:
        self[who] = self.client_of(User.objects.get(username=who) if who else None)
        return self[who]


def test_a_method_that_an_address_does_not_take_is_405_with_a_page(world, client_of, unwatched):
    wrong, desks = [], Desks(client_of)
    for name, (roles, _at, post, _status, address) in ROWS.items():
        client, url = desks[None if roles is PUBLIC else min(roles)], url_of(name, address, world)
        answers = [client.delete(url), *([client.get(url)] if post else [])]
        wrong += [name for answer in answers if answer.status_code != 405 or b"<h1>" not in answer.content]
    assert wrong == []


def test_every_new_view_that_belongs_to_no_unit_asks_on_the_root(world):
    of_units = {"code", "pk", "half", "period", "row"}
    site_wide = {name for name, (_roles, at, _post, _status, _address) in ROWS.items() if at is ROOT}
    for pattern in own_patterns():
        on = getattr(pattern.callback, "required_on", None)
        assert (on is ROOT) is (pattern.name in site_wide), pattern.name
        if on is ROOT:
            assert not of_units & set(ROWS[pattern.name][4]), pattern.name


def test_a_page_of_another_unit_says_no_more_than_one_that_does_not_exist(world, client_of):
    client = client_of(User.objects.get(username="officer.nq"))
    for name in ("batch_detail", "batch_entry", "intake_preview", "fund_detail", "member_detail"):
        *_others, address = ROWS[name]
        theirs = client.get(url_of(name, address, world))
        nothing = client.get(reverse(name, kwargs={"pk": 999_999}))
        assert theirs.status_code == nothing.status_code == 404, name
        said = [re.sub(r"/lam-viec/[^\"<]*", "", answer.content.decode()) for answer in (theirs, nothing)]
        assert said[0] == said[1], name


#: What takes a POST and decides on nothing that a page showed: it makes something new, or is bound in another way.
MAKES = {
    "bank_upload",
    "newsroom_paste", "newsroom_photo", "newsroom_file", "newsroom_autosave", "unsaved_drop", "category_list",
    "lead_list", "tag_list", "document_create", "photo_list",
    "newsroom_create", "batch_paste", "consent_create", "level_create", "reorganisation_create", "batch_create", "exception_create", "topup_create", "allotment_create", "fund_create", "hand_over_create", "donation_create",
    "programme_create", "member_create", "title_create", "criteria_create",
    "batch_entry", "batch_correct", "intake_create", "member_upload", "title_upload", "account_create", "posting_create", "unit_create",
    "batch_papers", "account_activate", "report_comment", "unit_found",
}  # fmt: skip
BOUND_OTHERWISE = {
    "intake_preview": "each cell is sent with what was shown in it",
    "batch_correct_with": "says what a file is for; its preview then shows what it would change",
    "intake_about": "says what a file is; the last word counts, and nothing is recorded by it",
    "intake_discard": "gives up a file whatever was typed into it since",
    "file_again": "a file is its asker's alone; the version is tried in tests/members/test_file_wait.py",
    "file_drop": "gives up what the worker makes, whatever has come of it",
    "paper_stop": "gives up what the worker makes, whatever has come of it",
    "batch_remark": "each remark is kept with its row, and refused when the batch or the row has moved on",
    "report_draft_article": "an issued report never changes, and has one draft",
    "card_sheet": "gives cards to whoever has none: a second pressing finds the next ones",
    "number_reveal": "looks at a number and changes nothing of it",
    "number_find": "changes nothing",
    "card_print": "a card printed again is the same",
    "title_certificate": "a certificate printed again is the same",
    "title_decision": "prints what is recognised, and changes nothing of it",
    "title_step": "each title is sent with the version that was shown of it",
    "member_assign": "whoever is left is assigned once: a second pressing finds nobody to assign",
    "report_agenda": "adds a line of its own; the same words twice are kept once",
    "report_scan_add": "each scan is kept beside the others",
    "submission_scan_add": "each scan is kept beside the others",
    "submission_edit": "each field says what its page showed: others stay, and a clash asks whose entry stands",
    "submission_evidence": "it says which lines its page showed: others stay, and a clash shows them",
    "submission_check": "saves nothing: it looks at what is typed",
}
#: What a form asks for besides what its page fills in.
FILLED = {
    "article_recheck": {"decision": "right"}, "document_recheck": {"decision": "right"},
    "account_leave": {"work_goes_to": "leader", "last_day": "01/12/2030"},
    "batch_withdraw": {"reason": "Lý do đủ dài"}, "batch_return": {"reason": "Lý do đủ dài"},
    "batch_reverse": {"reason": "Lý do đủ dài"}, "row_reverse": {"reason": "Lý do đủ dài"},
    "donation_reverse": {"reason": "Lý do đủ dài"}, "proposal_refuse": {"reason": "Lý do đủ dài"},
    "newsroom_withdraw": {"reason": "Lý do đủ dài"}, "document_withdraw": {"reason": "Lý do đủ dài"}, "newsroom_review": {"decision": "approve"},
    "submission_return": {"return-reason": "Lý do đủ dài"}, "submission_mark_missing": {"missing-reason": "Lý do đủ dài"},
    "submission_reopen": {"person": "officer_lc", "reason": "Lý do đủ dài", "until": "01/01/2030"}, "report_freeze": {"number": "77", "reason": "Lý do đủ dài"},
    "report_discard": {"discard-reason": "Lý do đủ dài"}, "report_revoke": {"revoke-reason": "Lý do đủ dài"},
    "allotment_update": {"reason": "Lý do đủ dài"}, "bank_line": {"entry": "bank_entry"}, "bank_gift": {"donor_name": "Bà Tư", "confirmed": "on"},
    "bank_aside": {"reason": "Lý do đủ dài"}, "recipient_compare": {"reason": "Lý do đủ dài", "same": "1"}, "member_compare": {"reason": "Lý do đủ dài", "same": "1"},
    "unit_correct": {"reason": "Lý do đủ dài"}, "unit_assign": {"heir": "heir", "words": "Tổ dân phố"},
    "unit_count": {"kind": "population", "value": "5", "source": "Niên giám thống kê"},
    "reorganisation_undo": {"reason": "Lý do đủ dài"},
    "report_task_decide": {"state": "done"}, "report_proposal_answer": {"answer": "Đồng ý", "answered_on": "01/09/2023"},
    "half_deadline": {"due_on": "05/07/2023"},
    "card_end": {"reason": "Lý do đủ dài"}, "application_refuse": {"reason": "Lý do đủ dài"}, "member_erase": {"confirmed_name": "Lê Văn An"}, "title_erase": {"confirmed_name": "Lê Thị Hạnh"},
    "member_transfer": {"unit": "11383"}, "member_leave": {"reason": "wish"}, "member_return": {"unit": "11383"},
    "position_create": {"unit": "LC", "title": "head"},
    "photo_replace": {"file": lambda: SimpleUploadedFile("anh.jpg", picture((70, 50)).getvalue())},
    "site_update": {"fanpages-TOTAL_FORMS": "0", "fanpages-INITIAL_FORMS": "0"},
}  # fmt: skip
QUERY = {"category_list": "?slug=tin"}


def shown_in(form) -> dict[str, object]:
    """What a browser would send back of a form as the page showed it."""
    values = {field.html_name: field.value() for field in form}
    return {name: value for name, value in values.items() if value is not None and value is not False and value != ""}


@contextmanager
def watched() -> Iterator[None]:
    """Let answers carry the contexts of their templates, as they do in tests, for a while."""
    quick, Template._render = Template._render, instrumented_test_render
    try:
        yield
    finally:
        Template._render = quick


def test_no_post_decides_on_a_state_that_its_page_did_not_show(world, client_of, unwatched):
    set_deadline(half=HALF, due_on=datetime.date(2023, 7, 1), actor=User.objects.get(username="approver"))
    wrong, desks = [], Desks(client_of)
    for name, (roles, _at, post, _status, address) in ROWS.items():
        if roles is PUBLIC or name in MAKES or name in BOUND_OTHERWISE:
            continue
        client, url = desks[min(roles)], url_of(name, address, world)
        url += QUERY.get(name, "").format(row=world.objects["row"].pk)
        if not post and Client.post(client, url, {"version": "x"}).status_code == 405:
            continue  # it only shows
        with watched():
            page = None if post else client.get(url)
        form = page.context.get("form") if page is not None and page.context else None
        data = shown_in(form) if form is not None else {}
        for stale in ("", "x", "portal.unit:1:abcdefg"):
            for key, value in FILLED.get(name, {}).items():  # files anew: what was sent once has been read
                data[key] = value() if callable(value) else getattr(world.objects.get(value), "pk", value)
            with transaction.atomic():
                answer = Client.post(client, url, data | {"version": stale, "token": stale})
                transaction.set_rollback(True)
            if answer.status_code != 409:
                errors = re.findall(r'class="invalid-feedback"[^>]*>(.*?)<', answer.content.decode(), re.DOTALL)
                wrong.append(f"{name} with {stale!r}: {answer.status_code} {errors}")
    assert wrong == []
