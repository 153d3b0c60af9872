"""The confirm step of a list of 100,000 new members beside raw COPY of the same people and memberships; and its memory.

Measured is what the last button of the preview does: the kept reading is unpacked, every row decided once more under
lock, and written. Raw COPY fills the same tables under the same indexes and triggers, with rows made ready before. Each
form of the file has a process of its own, so that its memory is its own; the child that reads the file tells its own.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import throwaway
from bench_import import copy_in
from bench_members import FAMILY, GIVEN, MIDDLE
from django.db import connection
from django.db.models import Model
from xlsxwriter import Workbook

from intakes.models import Intake
from intakes.services.files import read_upload
from intakes.services.intakes import commit_intake, plan_intake, start_intake
from intakes.services.opening import Patience, limits_for
from members.models import Member, Membership
from members.services.lists import MemberList
from portal.lib import limited
from portal.models import Unit, User

BAR = 0.5
MEMORY = {"csv": 300, "xlsx": 450}  # MB of the process that reads, and of the one that confirms
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Điện thoại", "Ngày vào Hội", "Nghề nghiệp", "Địa chỉ")


def make_file(kind: str, count: int) -> bytes:
    """Return a list of people, none of them twice."""
    rows = (
        (number, " ".join((FAMILY[number % 15], MIDDLE[number // 15 % 14], GIVEN[number // 210 % 61],
                           GIVEN[number // 12_810 % 61])),
         f"{1 + number % 28:02d}/{1 + number % 12:02d}/{1940 + number % 60}", f"09{number:08d}", "05/01/2026",
         "Giáo viên", f"Số {number % 300}, tổ dân phố {number % 40}")
        for number in range(1, count + 1)
    )  # fmt: skip
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        return text.getvalue().encode("utf-8-sig")
    out = io.BytesIO()
    with Workbook(out) as book:
        sheet = book.add_worksheet("Danh sách")
        for place, row in enumerate((HEADER, *rows)):
            sheet.write_row(place, 0, row)
    return out.getvalue()


def reading_peak(content: bytes, name: str) -> int:
    """Return the highest memory in MB of the child that reads the file."""
    asked = {"file_name": name, "schema": MemberList.schema.path, "mapping": {}, "repairs": [], "dropped": []}
    limits = limits_for(len(content), Patience.WORK)
    return limited.run("intakes.reading.jobs:open_workbook", asked, [content], limits=limits).peak // 1024 // 1024


def confirm(content: bytes, kind: str, code: str) -> tuple[float, int, int, int]:
    """Send and confirm a file; return the seconds of confirming, how many people, and the peaks of both processes."""
    unit, actor, name = Unit.objects.get(code=code), User.objects.system(), f"hoi-vien.{kind}"
    reading = reading_peak(content, name)
    pk = start_intake(kind=MemberList(), unit=unit, file_name=name, content=content, actor=actor).pk
    if Intake.objects.filter(pk=pk, reading=None).exists():
        read_upload.call(pk)  # what a page does not wait for the worker does
    token = plan_intake(intake=Intake.objects.get(pk=pk), actor=actor).token
    intake, added = Intake.objects.get(pk=pk), []
    taken = throwaway.seconds(lambda: added.append(commit_intake(intake=intake, token=token, actor=actor).count))
    told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return taken, added[0], reading, int(told.partition("VmHWM:")[2].split()[0]) // 1024


def copy_again(code: str, elsewhere: str, first: int) -> float:
    """Return the seconds of raw COPY of the unit's people and memberships into another unit."""
    other = Unit.objects.get(code=elsewhere)
    of_unit = f"members_membership m WHERE m.unit_id = {Unit.objects.get(code=code).pk}"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(member_id) FROM {of_unit}")
        shift = first - cursor.fetchone()[0]
    who = f"members_member WHERE id IN (SELECT member_id FROM {of_unit}) ORDER BY id"
    people = read_out(Member, who, id=f"id + {shift}")
    spans = read_out(
        Membership, f"{of_unit} ORDER BY member_id", unit_id=f"{other.pk}", member_id=f"member_id + {shift}",
        id="nextval(pg_get_serial_sequence('members_membership', 'id'))",
    )  # fmt: skip
    return throwaway.seconds(lambda: copy_in(people, spans))


def read_out(model: type[Model], rows: str, **instead: str) -> tuple[str, bytes]:
    """Return the COPY statement and the bytes that add the rows again, with other values in some columns."""
    columns = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(instead.get(column, column) for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT {values} FROM {rows}) TO STDOUT") as copy:
        content = b"".join(bytes(block) for block in copy)
    return f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN", content


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    wanted = parser.parse_args().rows
    with throwaway.own_database(units=True):
        for place, (kind, code, elsewhere) in enumerate((("csv", "LC", "KA"), ("xlsx", "NQ", "HA"))):
            with ProcessPoolExecutor(1) as making:
                content = making.submit(make_file, kind, wanted).result()
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
                taken, added, reading, peak = fresh.submit(confirm, content, kind, code).result()
            if added != wanted:
                sys.exit(f"{added} people added, not {wanted}")
            copied = copy_again(code, elsewhere, 10_000_000 * (place + 1))
            print(f"{kind}: {added:,} people confirmed in {taken:.2f} s, COPY {copied:.2f} s")
            throwaway.judge(f"{kind}: raw COPY / confirm step", copied / taken, BAR)
            throwaway.judge(f"{kind}: memory of reading in MB", reading, MEMORY[kind], at_most=True)
            throwaway.judge(f"{kind}: memory of confirming in MB", peak, MEMORY[kind], at_most=True)


if __name__ == "__main__":
    main()
