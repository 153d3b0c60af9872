"""Rows as services would leave them, made directly: paid disbursements, memberships, declared half-years."""

import contextlib
import datetime as dt
import hashlib

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from members.models import Member, Membership
from portal.lib.qr import new_code
from portal.lib.vietnamese import name_key, sort_key
from portal.models import User
from portal.vocabulary import ReportFileKind, Role
from reports import services
from reports.models import Report, ReportFile
from reports.services.documents import render_report_csv, render_report_json
from scholarships.models import Batch, Disbursement, LedgerEntry, Recipient
from tests import factories

KINDS = ("scholarship", "award", "support")


def system():
    return factories.make_system_account()


def make_city(*, opening=20_000_000_000):
    """The city, its programmes, the funds of two districts and its leader, for tests that commit: (tree, leader)."""
    tree = factories.make_tree()
    factories.make_site_profile()
    system()
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {code: factories.make_fund(tree[code], opening=opening) for code in ("LC", "NQ")}
    return tree, factories.make_user("leader", role=Role.LEADER, unit=tree["HP"])


def batch(unit, half="2023-H1", *, state="paid", title="Danh sách", mode="handed_out"):
    now = timezone.now()
    made = Batch.objects.create(
        unit=unit, half=half, mode=mode, state="draft", title=title, by_command=True, entered_by=system()
    )
    if state == "paid":
        made.state, made.paid_at = "paid", now
        made.save()
    elif state != "draft":
        Batch.objects.filter(pk=made.pk).update(state="submitted", submitted_at=now, submitted_by=system())
        if state != "submitted":
            Batch.objects.filter(pk=made.pk).update(state=state, reason="Sai số tiền")
        made.refresh_from_db()
    return made


def person(unit, name, kind="pupil"):
    return Recipient.objects.get_or_create(
        unit=unit,
        name_key=name_key(name),
        birth_year=2012,
        birth_month=None,
        birth_day=None,
        defaults={"full_name": name, "sort_key": sort_key(name), "kind": kind},
    )[0]


def give(
    tree,
    code,
    *,
    count,
    half="2023-H1",
    amount=100_000,
    hardship=2,
    kinds=KINDS,
    source="fund",
    kind_of_person="pupil",
    start=0,
    step=1,
):
    """`count` turns in the unit, each `amount` and `step` đồng more than the one before; every `hardship`-th is in hardship."""
    unit, fund = tree[code], tree["funds"].get(code)
    made = batch(unit, half)
    given_on = dt.date(int(half[:4]), 2 if half.endswith("1") else 8, 10)
    rows = [
        Disbursement(
            batch=made,
            unit=unit,
            half=half,
            programme=tree["programmes"][kinds[number % len(kinds)]],
            recipient=person(unit, f"Nguyễn Văn {start + number}", kind_of_person),
            amount=amount + step * number,
            given_on=given_on,
            is_hardship=number % hardship == 0,
            circumstance="orphan" if number % hardship == 0 else "",
            source=source,
            fund=fund if source == "fund" else None,
            entered_by=made.entered_by,
            paid_at=timezone.now(),
        )
        for number in range(count)
    ]
    Disbursement.objects.bulk_create(rows)
    if source == "fund" and rows:
        LedgerEntry.objects.create(
            fund=fund,
            half=half,
            kind="payout",
            amount=-sum(row.amount for row in rows),
            occurred_on=given_on,
            batch=made,
            actor=made.entered_by,
        )
    return rows


def join(unit, name, *, on, until=None, transfer=False):
    member = Member.objects.create(
        full_name=name, name_key=name_key(name), sort_key=sort_key(name), search_text=name, created_by=system()
    )
    return Membership.objects.create(
        member=member, unit=unit, joined_on=on, valid=DateRange(on, until), is_transfer=transfer
    )


def officer_of(unit, username):
    return User.objects.filter(username=username).first() or factories.make_user(username, role=Role.OFFICER, unit=unit)


def declare(unit, half, officer, values=None, texts=None):
    """A submission entered and sent by an officer of the unit."""
    made = services.save_submission(
        unit=unit,
        half=half,
        values=values or {"communication.events": 5},
        texts=texts or {},
        actor=officer,
    )
    return services.submit_submission(submission=made, actor=officer)


def approve_all(city, half, approver, values=None):
    """Both districts entered, sent and approved."""
    for code in ("LC", "NQ"):
        one = declare(city[code], half, officer_of(city[code], f"officer.{code.lower()}"), (values or {}).get(code))
        services.approve_submission(submission=one, actor=approver)


def freeze(unit, half, actor, *, withhold=(), version=1, replaces=None, state="issued", number=None):
    """The unit's half-year numbered as far as figures go: of its files only CSV and JSON say something (they are quick).

    Nothing is asked and nothing closed.
    """
    draft = services.build(unit, half, withhold=withhold)
    canonical = services.canonical_json(draft.payload)
    decided = {} if state == "frozen" else {"decided_by": actor, "decided_at": timezone.now()}
    report = Report.objects.create(
        unit=unit, period=half.code, version=version, number=number or Report.objects.count() + 1, symbol="BC-HKH",
        code=new_code(), payload=draft.payload, exact=draft.exact, canonical=canonical,
        sha256=services.sha256_of(canonical), issued_on=timezone.localdate(), issued_by=actor,
        reason="Sửa số liệu quận" if replaces else "", replaces=replaces, state=state, **decided,
    )  # fmt: skip
    told = {
        ReportFileKind.CHARTS: b'{"vi": [], "en": []}', ReportFileKind.CSV: render_report_csv(draft.payload),
        ReportFileKind.JSON: render_report_json(draft.payload, report.sha256),
    }  # fmt: skip
    for kind in ReportFileKind:
        content = told.get(kind, f"%PDF-{kind}".encode())
        ReportFile.objects.create(report=report, kind=kind, content=content, sha256=hashlib.sha256(content).hexdigest())
    return report


@contextlib.contextmanager
def unguarded():
    """What somebody with the database in hand does: no trigger is asked."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")
