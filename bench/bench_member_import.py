"""The confirm step of a list of 100,000 new members beside raw COPY of the same people and memberships; and its memory.

Confirmed is what the preview has read: the rows are decided once more under lock and written. Raw COPY fills the same
tables under the same indexes and triggers, with rows made ready before. Each form of the file has a process of its own,
so that its memory is its own.
"""

from __future__ import annotations

import argparse
import csv
import io
import resource
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import throwaway
from bench_import import copy_in
from bench_members import FAMILY, GIVEN, MIDDLE
from django.db import connection, transaction
from django.db.models import Model
from openpyxl import Workbook

from intakes.services.files import read_file
from intakes.services.plans import Asked
from members.models import Member, Membership
from members.services.lists import MemberList, add_members
from portal.models import Unit, User

BAR = 0.5
MEMORY = {"csv": 300, "xlsx": 450}  # MB of the process that reads and confirms
HEADER = ("STT", "Họ và tên", "Ngày sinh", "Điện thoại", "Ngày vào Hội", "Nghề nghiệp", "Địa chỉ")


def make_file(kind: str, count: int) -> bytes:
    """Return a list of people, none of them twice."""
    rows = [
        (number, " ".join((FAMILY[number % 15], MIDDLE[number // 15 % 14], GIVEN[number // 210 % 61],
                           GIVEN[number // 12_810 % 61])),
         f"{1 + number % 28:02d}/{1 + number % 12:02d}/{1940 + number % 60}", f"09{number:08d}", "05/01/2026",
         "Giáo viên", f"Số {number % 300}, tổ dân phố {number % 40}")
        for number in range(1, count + 1)
    ]  # fmt: skip
    if kind == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([HEADER, *rows])
        return text.getvalue().encode("utf-8-sig")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    for row in (HEADER, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def confirm(content: bytes, kind: str, code: str) -> tuple[float, float, int, int]:
    """Read and confirm a file; return the seconds of confirming and of its writing, how many people, and the peak."""
    lists, unit, actor = MemberList(), Unit.objects.get(code=code), User.objects.system()
    asked = Asked(actor=actor, unit=unit, file_name=f"hoi-vien.{kind}")
    _cells, reading = read_file(content, asked.file_name, lists.schema)
    lists.plan(reading, asked)  # the preview
    added, writing = [], []

    def write() -> None:
        with transaction.atomic():
            plan = lists.plan_locked(reading, asked)
            writing.append(throwaway.seconds(lambda: added.append(add_members(plan=plan, actor=actor))))

    taken = throwaway.seconds(write)
    return taken, writing[0], added[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


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
                taken, writing, added, peak = fresh.submit(confirm, content, kind, code).result()
            if added != wanted:
                sys.exit(f"{added} people added, not {wanted}")
            copied = copy_again(code, elsewhere, 10_000_000 * (place + 1))
            print(f"{kind}: {added:,} people confirmed in {taken:.2f} s, written in {writing:.2f}, COPY {copied:.2f}")
            throwaway.judge(f"{kind}: raw COPY / confirm step", copied / taken, BAR)
            print(f"       {kind}: raw COPY / its writing alone: {copied / writing:.2f}")
            throwaway.judge(f"{kind}: memory in MB", peak, MEMORY[kind], at_most=True)


if __name__ == "__main__":
    main()
