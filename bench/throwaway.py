"""A database of its own for each benchmark, and how results are told.

Import it first: it wires Django to that database. The database stands in the embedded cluster under a name of its
own and is dropped at the end; files go to a temporary folder. Neither the demo's data nor those of an installation
are touched. With `BENCH_KEEP=word` the database is `bench_word`, stays, and is found again by the next run.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
import environ
import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
if (ROOT / ".env").exists():
    environ.Env.read_env(str(ROOT / ".env"))

from portal import database  # noqa: E402 - found only now

DATA = Path(os.environ.get("BENCH_DATA", os.environ.get("PORTAL_DATA", ROOT / "data"))).expanduser()
_CLUSTER = database.cluster_under(DATA)
_KEPT = os.environ.get("BENCH_KEEP", "")
_NAME = os.environ.setdefault("BENCH_DATABASE", f"bench_{_KEPT or os.getpid()}")  # processes it starts find it
_FILES = Path(tempfile.mkdtemp(prefix="bench-"))
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the database is dropped then too
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "DATABASE_URL": f"postgres://{database.DATABASE_USER}@{quote(str(_CLUSTER.socket), safe='')}/{_NAME}",
    "PORTAL_DATA": str(_FILES),
    "BENCH_DATA": str(DATA.resolve()),  # for processes that it starts
    "SITE_URL": "http://127.0.0.1:8000",
    "ALLOWED_HOSTS": "127.0.0.1",
    "DEBUG": "0",
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "bench")]),
}
django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings are chosen
from django.db import connections  # noqa: E402 - after the settings are chosen
from django.utils import translation  # noqa: E402 - after the settings are chosen


@contextlib.contextmanager
def own_database(*, units: bool = False) -> Iterator[None]:
    """Make the database, with the demo's units, accounts, programmes and funds where asked, and drop it at the end.

    One that is kept is made where it is missing, and taken as it stands where an earlier run has left it.
    """
    database.ensure_running(_CLUSTER)
    if not _KEPT or not _exists():
        _maintain(f"CREATE DATABASE {_NAME}")
    try:
        call_command("migrate", verbosity=0)
        if units:
            with Path(os.devnull).open("w") as nowhere:
                call_command("seed_demo", empty=True, stdout=nowhere, stderr=nowhere)
        with translation.override("vi"):
            yield
    finally:
        connections.close_all()
        if not _KEPT:
            _maintain(f"DROP DATABASE {_NAME} WITH (FORCE)")


def _maintain(statement: str) -> None:
    with psycopg.connect(**_server(), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]  # fixed words


def _exists() -> bool:
    with psycopg.connect(**_server()) as connection:
        return connection.execute("SELECT FROM pg_database WHERE datname = %s", [_NAME]).fetchone() is not None


def _server() -> dict[str, str]:
    return {"host": str(_CLUSTER.socket), "user": database.DATABASE_USER, "dbname": "postgres"}


def with_static_files() -> None:
    """Let pages name the static files that `make run` has collected; collect them where it has not."""
    if not (DATA / "static" / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)
        return
    (_FILES / "static").symlink_to(DATA.resolve() / "static")


def seconds_in_database(call: Callable[[], Any]) -> float:
    """Return how long the statements of a call take, without what Python does around them."""
    taken = 0.0

    def clock(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal taken
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            taken += time.perf_counter() - start

    with connections["default"].execute_wrapper(clock):
        call()
    return taken


def seconds(work: Callable[[], Any]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def alternate(repeat: int, **works: Callable[[], Any]) -> dict[str, float]:
    """Return the median seconds of each work; they take turns, so that a busy moment of the machine meets all alike."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeat):
        for name, work in works.items():
            taken[name].append(seconds(work))
    return {name: statistics.median(times) for name, times in taken.items()}


def judge(what: str, ratio: float, bar: float, *, at_most: bool = False) -> None:
    """Print a ratio beside its bar."""
    kept = ratio <= bar if at_most else ratio >= bar
    sign = "<=" if at_most else ">="
    print(f"{'ok    ' if kept else 'MISSED'} {what}: {ratio:.2f} (bar {sign} {bar:g})", flush=True)
