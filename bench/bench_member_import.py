"""The confirm step of a list of 100,000 new members beside raw COPY of the same people and memberships; and its memory.

Measured is what the last button of the preview does: the kept reading is unpacked, every row decided once more under
lock, and written. Raw COPY fills the same tables under the same indexes and triggers, with rows made ready before.
Sending and confirming have a process of their own each, so that their memory is their own; so has the child that reads
the file.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

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
MEMORY = {"csv": 300, "xlsx": 450}  # MB of each process
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


def reading_peak(path: Path) -> int:
    """Return the highest memory in MB of the child that reads the file."""
    content = path.read_bytes()
    asked = {"file_name": path.name, "schema": MemberList.schema.path, "mapping": {}, "repairs": [], "dropped": []}
    limits = limits_for(len(content), Patience.WORK)
    return limited.run("intakes.reading.jobs:open_workbook", asked, [content], limits=limits).peak // 1024 // 1024


def send(path: Path, code: str) -> tuple[int, int]:
    """Send a file, as a page does, and have it read, as the worker does; return the upload's id and the peak."""
    content, unit = path.read_bytes(), Unit.objects.get(code=code)
    actor = User.objects.system()
    pk = start_intake(kind=MemberList(), unit=unit, file_name=path.name, content=content, actor=actor).pk
    if Intake.objects.filter(pk=pk, reading=None).exists():
        read_upload.call(pk)
    return pk, peak()


def confirm(pk: int) -> tuple[float, int, int]:
    """Look at an upload and confirm it; return the seconds of confirming, how many people, and the peak."""
    actor = User.objects.system()
    token = plan_intake(intake=Intake.objects.get(pk=pk), actor=actor).token
    intake, added = Intake.objects.defer("content", "cells").get(pk=pk), []  # as the page finds it
    taken = throwaway.seconds(lambda: added.append(commit_intake(intake=intake, token=token, actor=actor).count))
    return taken, added[0], peak()


def peak() -> int:
    """Return the highest memory of this process in MB."""
    told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(told.partition("VmHWM:")[2].split()[0]) // 1024


def apart(work: Callable[..., Any], *given: Any) -> Any:
    """Do something in a new process, so that its memory is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
        return fresh.submit(work, *given).result()


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
    with throwaway.own_database(units=True), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for place, (kind, code, elsewhere) in enumerate((("csv", "LC", "KA"), ("xlsx", "NQ", "HA"))):
            path = folder / f"hoi-vien.{kind}"
            path.write_bytes(apart(make_file, kind, wanted))
            reading = apart(reading_peak, path)
            pk, sending = apart(send, path, code)
            taken, added, confirming = apart(confirm, pk)
            if added != wanted:
                sys.exit(f"{added} people added, not {wanted}")
            copied = copy_again(code, elsewhere, 10_000_000 * (place + 1))
            print(f"{kind}: {added:,} people confirmed in {taken:.2f} s, COPY {copied:.2f} s")
            throwaway.judge(f"{kind}: raw COPY / confirm step", copied / taken, BAR)
            for what, highest in (("the child that reads", reading), ("sending", sending), ("confirming", confirming)):
                throwaway.judge(f"{kind}: memory of {what}, MB", highest, MEMORY[kind], at_most=True)


if __name__ == "__main__":
    main()
