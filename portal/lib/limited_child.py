"""The other side of `portal.lib.limited`: a process that does one job after another, each within its limits.

It imports only what its jobs need: no settings, no database, no key, and it opens no file for writing. What goes back
is JSON and bytes; of a failure only its kind and its place in the code, never the text that caused it.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import resource
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

Job = Callable[[Any, list[bytes]], tuple[Any, list[bytes]]]

BLOATED = 48 * 1024 * 1024  # memory kept after a job that makes a new process the better choice
_ROOT = Path(__file__).resolve().parent.parent.parent


def main(modules: list[str]) -> None:
    """Serve jobs from stdin to stdout until stdin ends. `modules` are imported beforehand, so that no job waits."""
    source, answers = _take_streams()
    _forbid_the_rest()
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001, S112 - the job that needs it says so
            continue
    gc.freeze()
    before = _memory()
    while (request := _receive(source)) is not None:
        ask, blobs = request
        answer, sent = _serve(ask, blobs)
        del request, blobs
        answer["spent"] = _cpu() - ask["at"]
        answer["peak"] = _peak()
        _give_back()
        answer["last"] = "failed" in answer or _memory() - before > BLOATED
        _send(answers, answer, sent)
        if answer["last"]:
            return
        del sent
        _give_back()


def _give_back() -> None:
    """Hand what was freed back to the system: else the next job's peak counts from what this one left."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):  # a C library without it keeps what it has
        ctypes.CDLL(None).malloc_trim(0)


def _serve(ask: dict[str, Any], blobs: list[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    ask["at"] = _cpu()
    _begin_peak()
    try:
        module, _colon, name = ask["job"].partition(":")
        job: Job = getattr(importlib.import_module(module), name)
        _limit(ask["cpu"], ask["memory"])
        value, made = job(ask["params"], blobs)
        return {"value": value}, made
    except MemoryError:
        return {"failed": "memory", "where": ""}, []
    except RecursionError as error:
        return {"failed": "depth", "where": _place(error)}, []
    except Exception as error:  # noqa: BLE001 - whatever it is, it must reach the other side
        return {"failed": "memory" if _hides_want_of_memory(error) else "crash", "where": _place(error)}, []
    finally:
        _limit(None, None)


def _hides_want_of_memory(error: BaseException | None) -> bool:
    """Tell whether it was memory that failed first: cleaning up then fails for another reason."""
    while error is not None and not isinstance(error, MemoryError):
        error = error.__cause__ or error.__context__
    return error is not None


def _limit(cpu: float | None, memory: int | None) -> None:
    """Bound what the process may still use: seconds of CPU and bytes of memory, or nothing."""
    seconds = resource.RLIM_INFINITY if cpu is None else max(1, int(_cpu() + cpu))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    size = resource.RLIM_INFINITY if memory is None else _mapped() + memory
    resource.setrlimit(resource.RLIMIT_AS, (size, resource.RLIM_INFINITY))


def _forbid_the_rest() -> None:
    for kind in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(kind, (0, 0))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _pages(place: int) -> int:
    return int(Path("/proc/self/statm").read_bytes().split()[place]) * resource.getpagesize()


def _mapped() -> int:
    return _pages(0)


def _memory() -> int:
    return _pages(1)


def _begin_peak() -> None:
    """Count the highest memory from here on; getrusage would tell that of the process that started this one."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    told = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(told.partition("VmHWM:")[2].split()[0]) * 1024


def _place(error: BaseException) -> str:
    """Return the kind of error and the last line of our own code on the way to it."""
    place, trace = "", error.__traceback__
    while trace is not None:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(_ROOT):
            place = f"{path.relative_to(_ROOT)}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} {place}".strip()


def _take_streams() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for the jobs alone: what a library prints goes nowhere."""
    source, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    os.close(nowhere)
    return source, answers


def _receive(source: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    head = source.read(4)
    if len(head) < 4:
        return None
    ask = json.loads(source.read(struct.unpack(">I", head)[0]))
    return ask, [source.read(size) for size in ask["sizes"]]


def _send(answers: BinaryIO, answer: dict[str, Any], blobs: list[bytes]) -> None:
    answer["sizes"] = [len(blob) for blob in blobs]
    text = json.dumps(answer).encode()
    answers.write(struct.pack(">I", len(text)) + text)
    answers.writelines(blobs)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
