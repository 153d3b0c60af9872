"""Một tiến trình con có giới hạn: việc lành thì trả lời, việc phá thì bị dừng, còn bên gọi không hề hấn gì."""

import os
import select
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from portal.lib.limited import LimitedError, Limits, Pool, UnfinishedError

MB = 1 << 20
USUAL = Limits(cpu=10, memory=100 * MB, patience=60)


@pytest.fixture
def pool():
    pool = Pool()
    yield pool
    pool.close()


def run(pool, name, params=None, blobs=(), limits=USUAL, stop=None):
    return pool.run(f"tests.portal.limited_jobs:{name}", params, blobs, limits, stop)


def is_gone(pid):
    """The process has ended and has been waited for (or is no child of ours any more)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_values_and_bytes_come_back_and_the_child_stays_warm(pool):
    big = os.urandom(5 * MB)
    first = run(pool, "echo", {"tên": "Nguyễn"}, [big, b"", b"x"])
    second = run(pool, "echo", [1, None, 2.5])
    assert first.value["params"] == {"tên": "Nguyễn"}
    assert first.blobs == [big, b"", b"x"]
    assert second.value == {"params": [1, None, 2.5], "pid": first.value["pid"]}
    assert first.value["pid"] != os.getpid()
    assert first.spent < 5
    assert 0 < first.peak < 200 * MB


def test_the_child_ends_with_its_pool(pool):
    pid = run(pool, "echo").value["pid"]
    pool.close()
    assert is_gone(pid)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("spin", "cpu"),
        ("grow", "memory"),
        ("grow_and_trip", "memory"),
        ("dive", "depth"),
        ("crash", "crash"),
        ("abort", "memory"),
        ("nowhere", "crash"),
    ],
)
def test_what_breaks_a_limit_is_refused_and_the_next_job_is_answered(pool, name, code):
    before = run(pool, "echo").value["pid"]
    with pytest.raises(LimitedError) as caught:
        run(pool, name, limits=Limits(cpu=1, memory=50 * MB, patience=60))
    assert caught.value.code == code
    assert caught.value.spent <= 2
    assert caught.value.peak < 150 * MB
    assert is_gone(before)
    assert run(pool, "echo", "còn đây").value["params"] == "còn đây"


def test_a_job_answers_for_its_own_seconds_alone(pool):
    """What a child did before is not charged to the job that ended it."""
    for _number in range(3):
        assert run(pool, "work", 0.5).spent >= 0.5
    with pytest.raises(LimitedError) as caught:
        run(pool, "spin", limits=Limits(cpu=1, memory=50 * MB, patience=60))
    assert caught.value.spent <= 2


def test_patience_ends_and_nothing_runs_on(pool):
    pid = run(pool, "echo").value["pid"]
    started = time.monotonic()
    with pytest.raises(UnfinishedError):
        run(pool, "wait", limits=Limits(cpu=5, memory=50 * MB, patience=0.3))
    assert time.monotonic() - started < 3
    assert is_gone(pid)


def test_whoever_waits_may_say_stop(pool):
    pid = run(pool, "echo").value["pid"]
    answers = iter([False, False, True])
    with pytest.raises(UnfinishedError):
        run(pool, "wait", stop=lambda: next(answers))
    assert is_gone(pid)


def test_others_are_answered_meanwhile(pool):
    run(pool, "echo")
    ended = threading.Event()

    def hostile():
        with pytest.raises(LimitedError):
            run(pool, "spin", limits=Limits(cpu=3, memory=50 * MB, patience=60))
        ended.set()

    thread = threading.Thread(target=hostile)
    thread.start()
    answers = [run(pool, "echo", number).value["params"] for number in range(5)]
    assert answers == [0, 1, 2, 3, 4]
    assert not ended.is_set()
    thread.join()
    assert ended.is_set()


def test_a_child_that_keeps_much_memory_is_replaced(pool):
    pid = run(pool, "keep", limits=Limits(cpu=5, memory=200 * MB, patience=60)).value
    assert is_gone(pid)
    assert run(pool, "echo").value["pid"] != pid


def test_a_child_that_was_killed_is_replaced(pool):
    pid = run(pool, "echo").value["pid"]
    waiting = os.pidfd_open(pid)
    os.kill(pid, 9)
    select.select([waiting], [], [], 10)
    os.close(waiting)
    assert run(pool, "echo").value["pid"] != pid


def test_the_child_knows_no_secret_and_writes_no_file(pool, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "bí mật")
    monkeypatch.setenv("DATABASE_URL", "postgres://")
    seen = run(pool, "look_around", {"file": str(tmp_path / "x")}).value
    assert not {"SECRET_KEY", "DATABASE_URL", "FIELD_KEYS"} & set(seen["environment"])
    assert not [name for name in seen["modules"] if name.startswith(("portal.models", "portal.settings", "psycopg"))]
    assert not seen["written"]


def test_of_a_failure_only_its_kind_and_place_come_back(pool):
    with pytest.raises(LimitedError) as caught:
        run(pool, "fail", "Nguyễn Văn A, 12/03/2011")
    assert caught.value.where.startswith("ValueError tests/portal/limited_jobs.py:")
    assert "Nguyễn" not in str(caught.value)


def test_the_child_ends_when_its_parent_is_killed():
    """Tiến trình cha bị giết thì tiến trình con cũng hết, không còn lại trên máy."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from portal.lib.limited import Limits, run\n"
        "print(run('tests.portal.limited_jobs:echo', limits=Limits(5, 100 << 20, 60)).value['pid'], flush=True)\n"
        "sys.stdin.read()"
    )
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        waiting = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        ended, _, _ = select.select([waiting], [], [], 20)
        os.close(waiting)
    assert ended


def test_a_forked_process_has_children_of_its_own():
    code = (
        "import os, sys; sys.path.insert(0, sys.argv[1]); from portal.lib.limited import Limits, run\n"
        "def pid(): return run('tests.portal.limited_jobs:echo', limits=Limits(5, 100 << 20, 60)).value['pid']\n"
        "mine, (reader, writer) = pid(), os.pipe()\n"
        "if os.fork() == 0:\n"
        "    os.write(writer, str(pid()).encode()); os._exit(0)\n"
        "os.wait()\n"
        "assert int(os.read(reader, 20)) != mine and pid() == mine\n"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", code, str(root)], check=True, timeout=60)
