"""A list of 50,000 rows from the sending to its preview, beside only reading its cells; and what memory it takes.

The preview opens the file in the limited child, understands and decides every row, and writes the page. The server
that shows it and the child are both measured.
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
from concurrent.futures import ProcessPoolExecutor

import throwaway
from bench_import import HALF, workbook
from django.conf import settings
from django.test import Client
from python_calamine import CalamineWorkbook

from intakes.models import Intake
from intakes.services.files import read_upload
from intakes.services.intakes import discard_intake, start_intake
from portal.lib import limited
from portal.models import Unit, User
from scholarships.services.lists import DisbursementList

BAR = 60  # times the cells alone
MEMORY = 250  # MB of the child
GROWTH = 100  # MB more of the server, which takes about 150 by itself; here the tables were made in it before


peaks: list[int] = []


def note_peak(*args: object, **options: object) -> limited.Answer:
    """Run the child and keep what memory it took."""
    answer = _run(*args, **options)  # type: ignore[arg-type]  # handed on as they came
    peaks.append(answer.peak // 1024 // 1024)
    return answer


_run, limited.run = limited.run, note_peak


def preview(client: Client, actor: User, content: bytes) -> None:
    """Send the file and open its preview; the worker reads it where the page would not wait."""
    unit = Unit.objects.get(code="LC")
    intake = start_intake(
        kind=DisbursementList(), unit=unit, half=HALF.code, mode="handed_out", file_name="a.xlsx", content=content,
        actor=actor,
    )  # fmt: skip
    if Intake.objects.get(pk=intake.pk).being_read_since:
        read_upload.func(intake.pk)
    answer = client.get(f"/lam-viec/tep/{intake.pk}/")
    if answer.status_code != 200:
        sys.exit(f"the preview answered {answer.status_code}")
    discard_intake(intake=Intake.objects.get(pk=intake.pk), actor=actor)


def main() -> None:
    """Measure once each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    wanted = parser.parse_args().rows
    with ProcessPoolExecutor(1) as other_process:  # so that writing the workbook does not count as the server's memory
        content = other_process.submit(workbook, wanted, 0).result()
        small = other_process.submit(workbook, 50, 1).result()
    with throwaway.own_database(units=True):
        throwaway.with_static_files()
        actor, client = User.objects.get(username="officer.lc"), Client(headers={"host": "127.0.0.1"})
        client.force_login(actor)
        preview(client, actor, small)  # what is loaded once is loaded now
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        settings.UPLOAD_PATIENCE = 60
        seconds = throwaway.seconds(lambda: preview(client, actor, content))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cells = throwaway.seconds(
        lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    )
    print(f"{wanted:,} rows: preview {seconds:.1f} s, the cells alone {cells:.2f} s")
    print(f"memory: server {peak} MB ({before} MB before), child {max(peaks)} MB")
    throwaway.judge("preview / cells alone", seconds / cells, BAR, at_most=True)
    throwaway.judge("MB of the child", max(peaks), MEMORY, at_most=True)
    throwaway.judge("MB more of the server", peak - before, GROWTH, at_most=True)


if __name__ == "__main__":
    main()
