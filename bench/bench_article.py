"""An article's page beside bare Django (one SELECT, a constant answer of the same size), requests a second.

Rendered at every request; kept in memory; and 304 for a reader who has it. All servers run as `make run` runs the site:
granian with 2 workers of 1 thread. The load comes from wrk where it is installed, else from a small client.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import throwaway

from news.models import Article, Category
from news.services.articles import create_article, publish_article
from portal.models import Unit, User

BAR_RENDERED, BAR_KEPT = 0.25, 0.85
CONNECTIONS = 8
PARAGRAPH = (
    "Sáu tháng đầu năm, các cấp Hội đã trao học bổng, khen thưởng và hỗ trợ gần 15.000 lượt học sinh, sinh viên "
    "với số tiền hơn 10 tỷ đồng; phong trào gia đình học tập, dòng họ học tập tiếp tục được nhân rộng "
    "ở khắp các quận, huyện. "
)


def publish_some(count: int) -> Article:
    """Publish so many stories of one section and return the first."""
    unit, actor = Unit.objects.get(code="HP"), User.objects.get(username="editor")
    category = Category.objects.first() or Category.objects.create(name="Tin hoạt động", slug="tin-hoat-dong")
    stories = [
        create_article(
            category=category, unit=unit, title=f"Sơ kết công tác khuyến học, lần thứ {number}", lead=PARAGRAPH,
            body=f"<p>{PARAGRAPH}</p>" * 12, byline="Ban biên tập", source="Hội Khuyến học", actor=actor,
        )
        for number in range(count)
    ]  # fmt: skip
    published = [publish_article(article=story, actor=actor) for story in stories]
    return published[0]


@contextlib.contextmanager
def served(target: str, **environment: str) -> Iterator[int]:
    """Serve a WSGI application and yield its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "2", "--blocking-threads", "1", "--backpressure", "64", "--no-ws", "--log-level", "error", target,
    ]  # fmt: skip
    server = subprocess.Popen(command, env=os.environ | environment, start_new_session=True)
    try:
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def answer(
    port: int, path: str, headers: dict[str, str] | None = None, patience: float = 60
) -> http.client.HTTPResponse:
    """Return the answer to one request; a server that is still starting is waited for."""
    end = time.monotonic() + patience
    while True:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            response.body = response.read()  # type: ignore[attr-defined]  # kept beside the answer
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
        else:
            return response
        finally:
            connection.close()


def load(port: int, path: str, length: float, headers: dict[str, str]) -> float:
    """Return the requests a second that the server answers."""
    if wrk := shutil.which("wrk"):
        command = [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{length:.0f}s", f"http://127.0.0.1:{port}{path}"]
        command += [word for name, value in headers.items() for word in ("-H", f"{name}: {value}")]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in told, told
        found = re.search(r"Requests/sec:\s+([\d.]+)", told)
        assert found, told
        return float(found[1])
    counts = [0] * CONNECTIONS
    end = time.monotonic() + length

    def read(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.monotonic() < end:
            connection.request("GET", path, headers=headers)
            connection.getresponse().read()
            counts[place] += 1

    readers = [threading.Thread(target=read, args=(place,)) for place in range(CONNECTIONS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return sum(counts) / length


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    with throwaway.own_database(units=True), contextlib.ExitStack() as servers:
        throwaway.with_static_files()
        url = publish_some(10).get_absolute_url()
        rendered, kept = (
            servers.enter_context(served(target)) for target in ("forgetful:application", "portal.wsgi:application")
        )
        first = answer(rendered, url)
        assert first.status == 200, first.status
        size, etag = len(first.body), first.headers["ETag"]  # type: ignore[attr-defined]  # kept beside the answer
        assert answer(kept, url, {"If-None-Match": etag}).status == 304
        bare = servers.enter_context(served("bare:application", BENCH_BYTES=str(size)))
        naked = servers.enter_context(served("bare:application", BENCH_BYTES=str(size), BENCH_MIDDLEWARE="none"))
        assert answer(bare, "/").status == answer(naked, "/").status == 200
        courses = {
            "bare Django": (bare, "/", {}),
            "without its middleware": (naked, "/", {}),
            "rendered": (rendered, url, {}),
            "kept": (kept, url, {}),
            "304": (kept, url, {"If-None-Match": etag}),
        }
        rates: dict[str, list[float]] = {name: [] for name in courses}
        for _ in range(chosen.rounds):
            for name, (port, path, headers) in courses.items():
                load(port, path, 1, headers)  # warm
                rates[name].append(load(port, path, chosen.seconds, headers))
    rate = {name: statistics.median(found) for name, found in rates.items()}
    print(f"{size:,} bytes; " + ", ".join(f"{name} {value:.0f}/s" for name, value in rate.items()))
    for name, bar in (("rendered", BAR_RENDERED), ("kept", BAR_KEPT), ("304", BAR_KEPT)):
        throwaway.judge(f"article {name} / bare Django", rate[name] / rate["bare Django"], bar)
        print(f"       against bare Django without middleware: {rate[name] / rate['without its middleware']:.2f}")


if __name__ == "__main__":
    main()
