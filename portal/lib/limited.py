"""Work on bytes that no one trusts, in a process of its own with limits of CPU time, memory and patience.

    answer = run("intakes.reading.jobs:open_workbook", {"name": "list.xlsx"}, [content], limits=Limits(cpu=5, ...))

A job is a function of a pure module, `job(params, blobs) -> (value, blobs)`: params and value are JSON, blobs bytes.
Each process keeps one child warm, so that a usual file is not slower than it would be here; a child that failed or grew
is replaced. Children know no settings and no database, and end when the pipe to them closes.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any, cast

MOST_CHILDREN = 4  # at one time, of one process
MOST_ANSWERED = 512 * 1024 * 1024
_ROOT = Path(__file__).resolve().parent.parent.parent
_START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from portal.lib.limited_child import main; main(sys.argv[1:])"
)
_CHUNK = 1 << 16
_ASKED_EVERY = 0.25  # seconds between two questions whether to stop
#: How the C library gives memory back, so that a child that held a large picture is small again and serves on.
_GIVE_BACK = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "4194304", "MALLOC_TRIM_THRESHOLD_": "8388608"}
_SIGNALS = {signal.SIGXCPU: "cpu", signal.SIGABRT: "memory", signal.SIGSEGV: "crash", signal.SIGKILL: "memory"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one job may use: seconds of CPU, bytes of memory beyond those of the idle child, seconds of waiting."""

    cpu: float
    memory: int
    patience: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What a job gave, and what it took: seconds of CPU, and the child's highest memory in bytes."""

    value: Any
    blobs: list[bytes]
    spent: float
    peak: int


class LimitedError(Exception):
    """The job failed: `code` is "cpu", "memory", "depth" or "crash"; `where` names the error's kind and line.

    `peak` is 0 when the process ended before it could tell.
    """

    def __init__(self, code: str, where: str = "", spent: float = 0.0, peak: int = 0) -> None:
        super().__init__(f"{code} {where}".strip())
        self.code, self.where, self.spent, self.peak = code, where, spent, peak


class UnfinishedError(Exception):
    """The job was still running when patience ended, or was stopped; it runs no longer."""


class _Child:
    """One process. Used by one thread at a time."""

    def __init__(self, modules: Sequence[str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-c", _START, str(_ROOT), *modules],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", **_GIVE_BACK},
            start_new_session=True,
        )  # fmt: skip
        self.into, self.out = cast("FileIO", self.process.stdin), cast("FileIO", self.process.stdout)
        for pipe in (self.into, self.out):
            os.set_blocking(pipe.fileno(), False)
        self.spent = 0.0  # seconds of CPU, of jobs that are done; at its end, of the last one

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    def ask(self, request: list[bytes], deadline: float, stop: Callable[[], bool] | None) -> tuple[dict, list[bytes]]:
        """Send a request and return the answer; LimitedError when the child died, UnfinishedError at the deadline."""
        waiting = [memoryview(part) for part in request if part]
        answer = _Answer()
        looks = select.poll()
        looks.register(self.out, select.POLLIN)
        looks.register(self.into, select.POLLOUT)
        pause = 3600.0 if stop is None else _ASKED_EVERY
        while not answer.is_whole:
            left = deadline - time.monotonic()
            if left <= 0 or (stop is not None and stop()):
                raise UnfinishedError
            for number, _event in looks.poll(min(left, pause) * 1000):
                if number == self.into.fileno():
                    self._write(waiting)
                    if not waiting:
                        looks.unregister(self.into)
                elif not answer.take(self.out):
                    raise self._obituary()
        return answer.header, answer.blobs

    def _write(self, waiting: list[memoryview]) -> None:
        try:
            written = self.into.write(waiting[0][: _CHUNK * 16]) or 0
        except BrokenPipeError:
            waiting.clear()  # it died; reading says of what
            return
        waiting[0] = waiting[0][written:]
        if not waiting[0]:
            waiting.pop(0)

    def _obituary(self) -> LimitedError:
        status = self.end(patience=1.0)
        code = _SIGNALS.get(signal.Signals(-status), "crash") if status < 0 else "crash"
        return LimitedError(code, f"exit {status}", self.spent)

    def end(self, *, patience: float = 0.0) -> int:
        """See the process off, by force once `patience` seconds are over; return its exit status."""
        self.into.close()
        until = time.monotonic() + patience
        if self.process.returncode is None:
            while time.monotonic() < until and not self._has_ended():
                time.sleep(0.002)
            os.kill(self.process.pid, signal.SIGKILL)  # in vain where it has ended
            _pid, status, used = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            self.spent = used.ru_utime + used.ru_stime - self.spent
        self.out.close()
        return self.process.returncode

    def _has_ended(self) -> bool:
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


class _Answer:
    """An answer as it arrives, in pieces: the length of its head, the head, the blobs one after the other."""

    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.blobs: list[bytes] = []
        self.is_whole = False
        self._received = bytearray()
        self._wanted = 4

    def take(self, pipe: FileIO) -> bool:
        """Take what has arrived; False when nothing more will."""
        part = pipe.read(max(_CHUNK, min(self._wanted - len(self._received), _CHUNK * 64)))
        if part is None:
            return True
        self._received += part
        try:
            while not self.is_whole and len(self._received) >= self._wanted:
                self._read()
        except (ValueError, TypeError, KeyError) as error:  # no child of ours says that
            raise LimitedError("crash") from error
        return bool(part)

    def _read(self) -> None:
        if self._wanted == 4 and not self.header:
            self._wanted = 4 + struct.unpack_from(">I", self._received)[0]
        elif not self.header:
            self.header = json.loads(bytes(self._received[4 : self._wanted]))
            del self._received[: self._wanted]
            self._wanted = sum(self.header["sizes"])
        else:
            whole, at = bytes(self._received), 0
            for size in self.header["sizes"]:
                self.blobs.append(whole[at : at + size])
                at += size
            self.is_whole = True
        if self._wanted > MOST_ANSWERED:
            raise LimitedError("memory")


class Pool:
    """The children of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._room = threading.BoundedSemaphore(MOST_CHILDREN)
        self._idle: list[_Child] = []
        self._modules: list[str] = []

    def run(
        self, job: str, params: Any, blobs: Sequence[bytes], limits: Limits, stop: Callable[[], bool] | None
    ) -> Answer:
        """Do a job in a child; see `portal.lib.limited.run`."""
        deadline = time.monotonic() + limits.patience
        if not self._room.acquire(timeout=limits.patience):
            raise UnfinishedError
        try:
            child = self._take(job)
            try:
                header, made = child.ask(_request(job, params, blobs, limits), deadline, stop)
                child.spent += header["spent"]
            except BaseException:
                child.end()
                self.warm(job)
                raise
            if header.pop("last"):
                child.end(patience=0.2)
                self.warm(job)
            else:
                self._give_back(child)
        finally:
            self._room.release()
        if "failed" in header:
            raise LimitedError(header["failed"], header["where"], header["spent"], header["peak"])
        return Answer(header["value"], made, header["spent"], header["peak"])

    def warm(self, job: str) -> None:
        """Have a child ready for jobs of this name."""
        self._note(job)
        with self._lock:
            if not self._idle:
                self._idle.append(_Child(self._modules))

    def _note(self, job: str) -> None:
        module = job.partition(":")[0]
        with self._lock:
            if module not in self._modules:
                self._modules.append(module)

    def _take(self, job: str) -> _Child:
        self._note(job)
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.is_alive:
                    return child
                child.end()
            return _Child(self._modules)

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if not self._idle:
                self._idle.append(child)
                return
        child.end(patience=0.2)

    def close(self) -> None:
        """End the idle children."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end(patience=0.5)

    def forget(self) -> None:
        """Let go of the children of the process that this one was forked from."""
        for child in self._idle:
            child.into.close()
            child.out.close()
            child.process.returncode = 0  # not ours to wait for
        self.__init__()  # type: ignore[misc]  # the locks are the other process's, too


def _request(job: str, params: Any, blobs: Sequence[bytes], limits: Limits) -> list[bytes]:
    text = json.dumps(
        {
            "job": job,
            "params": params,
            "cpu": limits.cpu,
            "memory": limits.memory,
            "sizes": [len(blob) for blob in blobs],
        }
    ).encode()
    return [struct.pack(">I", len(text)) + text, *blobs]


_POOL = Pool()
atexit.register(_POOL.close)
os.register_at_fork(after_in_child=_POOL.forget)


def run(
    job: str, params: Any = None, blobs: Sequence[bytes] = (), *, limits: Limits, stop: Callable[[], bool] | None = None
) -> Answer:
    """Do a job, "package.module:function", in a limited child and return its answer.

    Raises LimitedError when it broke a limit or failed, UnfinishedError when patience ended or `stop`, asked several
    times a second, said so. Either way nothing of it runs on.
    """
    return _POOL.run(job, params, blobs, limits, stop)


def warm(job: str) -> None:
    """Have a child ready for such jobs: called by a page that lets somebody choose a file."""
    _POOL.warm(job)
