"""A list of 15,000 rows through the import (read, decide, take in as paid) beside raw COPY of the same rows.

Raw COPY fills the same table with the same disbursements under the same indexes and triggers, of people known already;
the import also reads the workbook, adds the people and posts the payment.
"""

from __future__ import annotations

import argparse
import datetime
import io
import random
import resource
import statistics
from concurrent.futures import ProcessPoolExecutor

import throwaway
from django.db import connection, transaction
from openpyxl import Workbook

from intakes.services.files import plan_file
from intakes.services.plans import Asked
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from scholarships.models import Batch, Disbursement, Recipient
from scholarships.services.lists import DisbursementList
from scholarships.services.rows import lock_entry
from scholarships.services.taking import take_in

BAR = 0.5
HALF, OTHER_HALF = HalfYear.parse("2023-H1"), "2022-H2"
HEADER = (
    "STT", "Họ và tên", "Ngày sinh", "Giới tính", "Lớp", "Trường", "Hoàn cảnh", "Hình thức",
    "Số tiền (đồng)", "Ngày trao", "Ghi chú",
)  # fmt: skip
FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Ngô", "Dương", "Lương", "Đào", "Hà")
MIDDLE = ("Thị", "Văn", "Minh", "Khánh", "Hồng", "Đức", "Ngọc", "Quỳnh", "Thanh", "Gia", "Bảo", "Phương", "Anh", "Tuấn")
GIVEN = (
    "Nga",
    "Ánh",
    "Cường",
    "Khuê",
    "Quyên",
    "Lan",
    "Loan",
    "Dũng",
    "Hải",
    "Linh",
    "Trang",
    "Huy",
    "Sơn",
    "Yến",
    "Vy",
)
CIRCUMSTANCES = ("Hộ nghèo", "Hộ cận nghèo", "Hoàn cảnh khó khăn", "Mồ côi", "Khuyết tật", "Thành tích học tập")
SCHOOLS = ("TH Kim Đồng", "TH Nguyễn Du", "THCS Trần Phú", "THCS Cát Bà", "THPT Ngô Quyền", "THPT Lê Hồng Phong")


def workbook(count: int, seed: int) -> bytes:
    """Return a list as districts send it; no person stands in it twice."""
    pick = random.Random(seed)  # noqa: S311 - made-up rows, the same each run
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    sheet.append(HEADER)
    for number in range(1, count + 1):
        name = f"{pick.choice(FAMILY)} {pick.choice(MIDDLE)} {pick.choice(GIVEN)}"
        born = datetime.date(2005, 1, 1) + datetime.timedelta(days=number % 4000)
        given = HALF.first_day + datetime.timedelta(days=pick.randrange(180))
        grade, amount = pick.randint(1, 12), pick.choice((200_000, 300_000, 500_000, 1_000_000))
        kind = pick.choice(("Học bổng", "Khen thưởng", "Hỗ trợ"))
        sheet.append(
            [number, f"{name} {pick.choice(GIVEN)}", born, pick.choice(("Nam", "Nữ")), f"{grade}A{number % 9}",
             pick.choice(SCHOOLS), pick.choice(CIRCUMSTANCES), kind, amount, given, ""]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def import_list(unit: Unit, content: bytes, actor: User) -> Batch:
    """Do what `import_disbursements` does between reading the file's bytes and the commit."""
    with transaction.atomic():
        lock_entry(unit)
        asked = Asked(actor=actor, unit=unit, half=HALF.code, mode=Batch.Mode.HANDED_OUT, file_name="danh-sach.xlsx")
        plan = plan_file(DisbursementList(), content, asked)
        batch = take_in(plan=plan, state="paid", actor=actor)
    assert batch is not None, plan.summary
    return batch


def text_of(model: type, rows: str, **instead: str) -> tuple[str, bytes]:
    """Return the COPY statement and the bytes that add the rows again, with other values in some columns."""
    columns = [field.column for field in model._meta.concrete_fields if field.column != "id"]
    values = ", ".join(instead.get(column, column) for column in columns)
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT {values} FROM {rows}) TO STDOUT") as copy:
        content = b"".join(bytes(block) for block in copy)
    return f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN", content


def copy_in(*parts: tuple[str, bytes]) -> None:
    """Add rows by COPY and commit."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement, content in parts:
            with cursor.copy(statement) as copy:
                copy.write(content)


def measure(code: str, elsewhere: str, content: bytes, actor: User) -> tuple[float, float, float, int]:
    """Return the seconds of import, COPY of its disbursements, COPY of its people and disbursements; and the rows."""
    unit, other = Unit.objects.get(code=code), Unit.objects.get(code=elsewhere)
    batches: list[Batch] = []
    importing = throwaway.seconds(lambda: batches.append(import_list(unit, content, actor)))
    taken = f"scholarships_disbursement WHERE batch_id = {batches[0].pk} ORDER BY id"
    raw = [
        Batch.objects.create(
            unit=unit, half=OTHER_HALF, mode="handed_out", title="COPY", entered_by=actor, by_command=True
        )
        for _ in range(2)
    ]
    copies = [text_of(Disbursement, taken, batch_id=f"{batch.pk}", half=f"'{half}'") for batch, half in
              zip(raw, (OTHER_HALF, "2022-H1"), strict=True)]  # fmt: skip
    people = text_of(Recipient, f"scholarships_recipient WHERE unit_id = {unit.pk} ORDER BY id", unit_id=f"{other.pk}")
    rows = copies[0][1].count(b"\n")
    return (
        importing,
        throwaway.seconds(lambda: copy_in(copies[0])),
        throwaway.seconds(lambda: copy_in(people, copies[1])),
        rows,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=15_000)
    wanted = parser.parse_args().rows
    pairs = (("LC", "KA"), ("NQ", "HA"), ("HB", "DS"), ("AD", "DK"))
    with ProcessPoolExecutor(1) as other_process:  # so that writing the workbook does not count as the import's memory
        contents = list(other_process.map(workbook, [wanted] * len(pairs), range(len(pairs))))
    with throwaway.own_database(units=True):
        actor = User.objects.system()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        import_list(Unit.objects.get(code="TL"), workbook(50, 99), actor)  # what is loaded once is loaded now
        results = [measure(*pair, content, actor) for pair, content in zip(pairs, contents, strict=True)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    importing, copying, with_people = (statistics.median(result[place] for result in results) for place in range(3))
    print(
        f"rows {results[0][3]:,}: import {importing:.2f} s, COPY {copying:.2f} s, COPY with people {with_people:.2f} s"
    )
    print(f"peak memory {peak} MB ({before} MB before)")
    throwaway.judge("import / raw COPY", statistics.median(copied / taken for taken, copied, _, _ in results), BAR)
    print(
        f"       import / raw COPY with people: {statistics.median(both / taken for taken, _, both, _ in results):.2f}"
    )


if __name__ == "__main__":
    main()
