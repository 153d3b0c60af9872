"""The demo's funds, programmes, lists and half-years, put in through the services, each step by who may take it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from intakes.reading.words.words import circumstance_of
from intakes.reading.writing import write_table
from intakes.services.files import plan_file
from intakes.services.plans import Asked
from members.models import Membership
from members.services.lists import MemberList
from members.services.positions import add_position
from portal.acts import LARGE_GIFT
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Unit, User
from portal.vocabulary import BatchState, Gender, PositionTitle, ProgrammeKind
from reports.management.demo import lists
from reports.management.demo.tree import read
from reports.models import Submission
from reports.services import approve_submission, return_submission, save_submission, submit_submission
from scholarships.models import Batch, Fund
from scholarships.services.batches import approve_batch, return_batch, submit_batch
from scholarships.services.donations import record_donation
from scholarships.services.funds import open_fund
from scholarships.services.lists import plan_rows
from scholarships.services.programmes import PROGRAMME_FIELDS, create_programme
from scholarships.services.taking import take_in

ISSUED = HalfYear(2023, 1)
#: Of the half-year that is being reported: the ward whose numbers came back, those that wait for the city,
#: and the late.
RETURNED = "11383"
WAITING = 6
LATE = 9
MEMBER_COLUMNS = [
    ("Họ và tên", 28, "text"), ("Năm sinh", 10, "int"), ("Giới tính", 10, "text"), ("Đơn vị", 24, "text"),
    ("Nghề nghiệp", 20, "text"), ("Ngày vào Hội", 14, "date"), ("Điện thoại", 14, "text"),
]  # fmt: skip
RETURN_REASON = "Số lớp tập huấn chưa khớp với số người dự; đề nghị rà soát lại."
LIST_REASON = "Có hai em trùng tên cùng lớp, đề nghị ghi rõ ngày sinh."


def open_funds(units: Mapping[str, Unit], actor: User) -> dict[str, Fund]:
    """Open every unit's fund with its opening balance; return them by the unit's code."""
    funds = {}
    for row in read("programmes.json")["funds"]:
        values = {name: value for name, value in row.items() if name not in {"unit", "opened_on"}}
        opened_on = datetime.date.fromisoformat(row["opened_on"])
        funds[row["unit"]] = open_fund(unit=units[row["unit"]], opened_on=opened_on, actor=actor, **values)
    return funds


def set_up_programmes(units: Mapping[str, Unit], funds: Mapping[str, Fund], actor: User) -> None:
    """Set up the city's programmes; opening and closing days count from today."""
    today = timezone.localdate()
    for row in read("programmes.json")["programmes"]:
        values = {name: row[name] for name in PROGRAMME_FIELDS if name in row and name != "fund"}
        for field in ("opens", "closes"):
            if row.get(f"{field}_days") is not None:
                values[f"{field}_on"] = today + datetime.timedelta(days=row[f"{field}_days"])
        fund = funds[row["fund"]] if row.get("fund") else None
        create_programme(unit=units[row["unit"]], fund=fund, actor=actor, **values)


def record_gifts(funds: Mapping[str, Fund], actor: User, server: User) -> None:
    """Record the donations that lie in the past; large ones, which two persons record, by the server itself."""
    today = timezone.localdate()
    for row in sorted(read("programmes.json")["donations"], key=lambda row: row["received_on"]):
        received_on = datetime.date.fromisoformat(row["received_on"])
        if received_on <= today:
            values = row | {"fund": funds[row["fund"]], "received_on": received_on}
            record_donation(actor=server if row["amount"] >= LARGE_GIFT else actor, confirmed=True, **values)


class HalfYearOfUnits:
    """One half-year's lists, members and numbers of many units, each entered by its officer and decided by the city."""

    def __init__(self, half: HalfYear, units: Mapping[str, Unit], people: Mapping[str, User]) -> None:
        self.half, self.units, self.people = half, units, people
        self.officers = {"LC": people["officer.lc"], "NQ": people["officer.nq"], "11383": people["officer.lechan"]}

    def officer(self, code: str) -> User:
        """Who enters for the unit."""
        return self.officers.get(code, self.people["clerk"])

    def send_list(self, code: str) -> Batch | None:
        """Take in and submit the unit's list; None when it has none."""
        until = min(timezone.localdate(), self.half.last_day)
        rows = lists.disbursement_rows(code, self.half.code, until=until)
        if not rows:
            return None
        officer = self.officer(code)
        plan = plan_rows(unit=self.units[code], half=self.half, rows=[_as_list_row(row) for row in rows], actor=officer)
        batch = take_in(plan=plan, state=BatchState.DRAFT, actor=officer)
        if batch is not None:
            submit_batch(batch=batch, actor=self.officer(code))
        return batch

    def approve_list(self, batch: Batch) -> None:
        """Approve the list as it stands."""
        approve_batch(batch=batch, actor=self.people["approver"])

    def add_members(self, codes: Iterable[str]) -> None:
        """Record the units' new members, as one workbook in which a column names the unit."""
        until = min(timezone.localdate(), self.half.last_day)
        rows = [
            (
                row["full_name"],
                row["birth_year"],
                row["gender"],
                code,
                row["occupation"],
                row["joined_on"],
                row["phone"],
            )
            for code in codes
            for row in lists.member_rows(code, self.half.code, until=until)
        ]
        content = write_table(MEMBER_COLUMNS, rows)
        clerk = self.people["clerk"]
        kind = MemberList()
        kind.take_in(plan_file(kind, content, Asked(actor=clerk, file_name="hoi-vien-moi.xlsx")), actor=clerk)

    def seat_heads(self, codes: Iterable[str]) -> None:
        """Let the first of each unit's new members hold its chair; a unit without one leaves room for a name."""
        first: dict[str, Membership] = {}
        joined = Membership.objects.counted_at_end_of(self.half).filter(unit__code__in=list(codes))
        for one in joined.select_related("unit", "member").order_by("valid", "pk"):
            first.setdefault(one.unit.code, one)
        for code, one in first.items():
            since = one.valid.lower
            add_position(
                member=one.member, unit=self.units[code], title=PositionTitle.CHAIR, since=since,
                term=f"{since.year}–{since.year + 5}", actor=self.people["clerk"],
            )  # fmt: skip

    def send_numbers(self, code: str, declared: Mapping[str, Any]) -> Submission:
        """Enter and submit the unit's declared figures and texts."""
        officer = self.officer(code)
        submission = save_submission(
            unit=self.units[code],
            half=self.half,
            values=declared["values"],
            texts=declared["texts"],
            actor=officer,
        )
        return submit_submission(submission=submission, actor=officer)

    def approve_numbers(self, submission: Submission) -> None:
        """Approve the unit's half-year, which closes it."""
        approve_submission(submission=submission, actor=self.people["approver"])


def tell_the_issued_half(units: Mapping[str, Unit], people: Mapping[str, User]) -> None:
    """2023-H1: fifteen districts, everything approved."""
    work = HalfYearOfUnits(ISSUED, units, people)
    work.add_members(lists.DISTRICT_TOTALS)
    declared = read("declared.json")[ISSUED.code]
    for code in lists.DISTRICT_TOTALS:
        batch = work.send_list(code)
        if batch is not None:
            work.approve_list(batch)
        work.approve_numbers(work.send_numbers(code, declared[code]))


def tell_the_reported_half(half: HalfYear, units: Mapping[str, Unit], people: Mapping[str, User]) -> None:
    """The half-year that has just ended: most units approved, some waiting, one returned, some late."""
    work = HalfYearOfUnits(half, units, people)
    declared = read("declared.json")["later"]
    codes = [code for code in sorted(declared) if code in units]
    work.add_members(lists.ACTIVE_WARDS)
    work.seat_heads(lists.ACTIVE_WARDS)
    late, waiting = set(codes[-LATE:]) - {RETURNED}, set(codes[:WAITING]) - {RETURNED}
    for code in lists.ACTIVE_WARDS:
        batch = work.send_list(code)
        if batch is not None:
            work.approve_list(batch)
    for code in codes:
        if code in late:
            continue
        submission = work.send_numbers(code, declared[code])
        if code == RETURNED:
            return_submission(submission=submission, reason=RETURN_REASON, actor=people["approver"])
        elif code not in waiting:
            work.approve_numbers(submission)


def tell_the_current_half(half: HalfYear, units: Mapping[str, Unit], people: Mapping[str, User]) -> None:
    """The half-year that runs: lists approved, some waiting for their approver, one returned to its officer."""
    work = HalfYearOfUnits(half, units, people)
    work.add_members(lists.ACTIVE_WARDS)
    for place, code in enumerate(lists.ACTIVE_WARDS):
        batch = work.send_list(code)
        if batch is None:
            continue
        if code == RETURNED:
            return_batch(batch=batch, reason=LIST_REASON, actor=people["approver"])
        elif place % 5:
            work.approve_list(batch)


KINDS = {kind.written: kind.value for kind in ProgrammeKind}
GENDERS = {gender.written: gender.value for gender in Gender}


def _as_list_row(row: lists.DisbursementRow) -> dict[str, Any]:
    """The row as the reader of workbooks would give it."""
    born = row["birth_date"]
    return {
        "full_name": row["full_name"],
        "birth": Birth(born.year, born.month, born.day),
        "gender": GENDERS[row["gender"]],
        "school_class": row["school_class"],
        "school": row["school"],
        "circumstance": row["circumstance"],
        "circumstance_code": circumstance_of(row["circumstance"]),
        "kind": KINDS[row["kind"]],
        "amount": row["amount"],
        "given_on": row["given_on"],
    }
