"""A worker and the server itself are killed in the middle of payments: the books agree, a request sent again adds nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal import database
from tests.soak import IS_SOAK

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.concurrency, pytest.mark.skipif(not IS_SOAK, reason="a server of its own: make soak")]

#: What a worker does until it is killed: gifts with known keys, each said once it is committed.
WRITER = """
import datetime, uuid
from portal.models import User
from scholarships.models import Fund
from scholarships.services.donations import record_donation
fund = Fund.objects.order_by("pk").first()
for number in range(FIRST, FIRST + COUNT):
    record_donation(
        fund=fund, donor_name=f"Ông A{number}", source="people", amount=1000 + number, received_on=datetime.date(2026, 8, 3),
        confirmed=True, request_key=uuid.UUID(int=number + 1), actor=User.objects.system(),
    )
    print(number, flush=True)
"""


def start(data: Path, first: int, count: int) -> subprocess.Popen[str]:
    code = WRITER.replace("FIRST", str(first)).replace("COUNT", str(count))
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code], cwd=ROOT, env=os.environ | {"PORTAL_DATA": str(data)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


def manage(data: Path, *command: str) -> dict:
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=os.environ | {"PORTAL_DATA": str(data)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def committed(writer: subprocess.Popen[str], most: int) -> int:
    """Read what the writer says until it has said so many numbers; return the last."""
    last = -1
    for line in writer.stdout or ():
        last = int(line)
        if last >= most:
            break
    assert last >= most, "the writer ended by itself"
    return last


@pytest.fixture
def data(tmp_path):
    manage(tmp_path, "seed_demo", "--empty")
    yield tmp_path
    subprocess.run(
        [sys.executable, "-m", "portal.database", "stop"],
        cwd=ROOT,
        env=os.environ | {"PORTAL_DATA": str(tmp_path)},
        check=False,
    )


def test_killed_in_the_middle_the_books_agree_and_a_request_sent_again_adds_nothing(data):
    before = manage(data, "verify_ledger")["donations"]
    worker = start(data, 0, 10_000)
    said = committed(worker, 20)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    found = manage(data, "verify_ledger")
    assert found["differences"] == []
    assert said + 1 <= found["donations"] - before
    again = start(data, 0, said + 1)
    assert again.wait() == 0
    assert manage(data, "verify_ledger")["donations"] == found["donations"]

    worker = start(data, 0, 10_000)
    said = committed(worker, 40)
    pid = int(next(database.cluster_under(data).home.rglob("postmaster.pid")).read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    worker.wait()
    time.sleep(1)  # its children see that it is gone
    found = manage(data, "verify_ledger")  # starts it again
    assert found["differences"] == []
    assert said + 1 <= found["donations"] - before
    assert start(data, 0, said + 1).wait() == 0
    assert manage(data, "verify_ledger")["donations"] == found["donations"]
