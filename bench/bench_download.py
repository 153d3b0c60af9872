"""A file of an issued report beside the same bytes as a static file of the same server, requests a second."""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
from pathlib import Path

import throwaway
from bench_article import answer, load, served
from bench_pdf import DISTRICTS, HALF, fill
from django.conf import settings

from portal.models import Unit, User
from reports.models import ReportFile
from reports.services import issue_report, mark_missing

BAR = 0.5
NAME = "bench-report.pdf"


def issue() -> bytes:
    """Issue the city's half-year and return its PDF."""
    fill()
    system = User.objects.system()
    for unit in Unit.objects.filter(code__in=DISTRICTS):
        mark_missing(unit=unit, half=HALF, reason="Đo tốc độ, không khai số liệu", actor=system)
    report = issue_report(unit=Unit.objects.get(code="HP"), period=HALF, actor=system)
    return bytes(ReportFile.objects.get(report=report, kind="pdf").content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with throwaway.own_database(units=True), contextlib.ExitStack() as servers:
        throwaway.with_static_files()
        content = issue()
        static = Path(settings.STATIC_ROOT) / NAME
        static.write_bytes(content)
        servers.callback(static.unlink)
        port = servers.enter_context(served("portal.wsgi:application", PORTAL_DATA=os.environ["PORTAL_DATA"]))
        courses = {"stored": f"/bao-cao/{HALF}/HP.pdf", "static": f"{settings.STATIC_URL}{NAME}"}
        for path in courses.values():
            first = answer(port, path)
            assert (first.status, first.body) == (200, content), path  # type: ignore[attr-defined]  # kept beside it
        rates: dict[str, list[float]] = {name: [] for name in courses}
        for _ in range(chosen.rounds):
            for name, path in courses.items():
                load(port, path, 1, {})  # warm
                rates[name].append(load(port, path, chosen.seconds, {}))
    rate = {name: statistics.median(found) for name, found in rates.items()}
    print(f"{len(content):,} bytes; " + ", ".join(f"{name} {value:.0f}/s" for name, value in rate.items()))
    throwaway.judge("a stored report / the same bytes as a static file", rate["stored"] / rate["static"], BAR)


if __name__ == "__main__":
    main()
