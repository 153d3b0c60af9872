"""That an article was read: told by its page after some seconds, counted in memory, written down once a minute.

The page itself comes from a cache or a file, so it cannot count. Nothing is put on the reader's device and nothing of
the reader is stored: for half an hour a salted hash of address and browser stands in memory, so that one reader counts
once. Not counted: programs that say so, browsers with a session of the portal (its staff), pages without scripts.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv6Address, ip_address
from multiprocessing.util import Finalize
from threading import Timer

from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.urls import reverse
from django.utils import timezone

from news import services
from portal.addresses import takes_post
from portal.lib.numbers import whole_number
from portal.lib.tallies import Lately, Tally
from portal.middleware import client_address

LONGEST = 64  # bytes of what a page sends: the article's number
HALF_AN_HOUR = 30 * 60
FROM_ONE_ADDRESS = 20  # reads of one article that count in half an hour, whatever the browsers say that they are
_PROGRAMS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|headless|lighthouse|preview|externalhit|monitor|scan|python|curl|wget|java/|okhttp"
    r"|go-http|node-fetch|axios|libwww|httpclient|phantom|selenium|playwright|puppeteer|feed|validator",
    re.IGNORECASE,
)  # the telephones of Cubot are none


def _write_later(seconds: float, write: Callable[[], None]) -> None:
    if not settings.READS_WRITTEN_EVERY:
        return

    def run() -> None:
        try:
            write()
        finally:
            connections.close_all()  # of this thread, which ends here

    timer = Timer(seconds, run)
    timer.daemon = True
    timer.start()


reads: Tally[tuple[int, dt.date]] = Tally(
    services.count_reads, later=_write_later, every=settings.READS_WRITTEN_EVERY, most=2_000
)
lately = Lately(seconds=HALF_AN_HOUR, most=50_000)
Finalize(None, reads.flush, exitpriority=0)  # at the end of the process, also of a server's child


def answer_read(request: HttpRequest) -> HttpResponse | None:
    """Answer what the page of an article tells before session and database are asked; None for any other request."""
    if request.method != "POST" or request.path != reverse("read_count"):
        return None
    return read_count(request)


@takes_post("home", keep=())
def read_count(request: HttpRequest) -> HttpResponse:
    """Count that an article was read: 204, whether it counts or not.

    400, 403, 413 for what no page of ours sends: not a number, from elsewhere, too long.
    """
    if not _is_of_our_page(request):
        return HttpResponse(status=HTTPStatus.FORBIDDEN)
    length = whole_number(request.headers.get("Content-Length"), least=1)
    if length is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    if length > LONGEST:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        article_id = whole_number(request.body.decode("ascii", "replace"), least=1)
    except UnreadablePostError:
        article_id = None
    if article_id is None:
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    if _is_reader(request) and _is_first_time(request, article_id):
        reads.add((article_id, timezone.localdate()))
    return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})


def _is_of_our_page(request: HttpRequest) -> bool:
    """Whether a browser says that a page of this site sends it; an older one says where from, a newer one both."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.get_host()}", settings.SITE_URL}
    return (site or origin) is not None and site in {None, "same-origin"} and (origin is None or origin in ours)


def _is_reader(request: HttpRequest) -> bool:
    """Whether it is neither a program nor staff.

    Sessions are of staff, and of the few who have withdrawn an application: those do not count either.
    """
    device = request.headers.get("User-Agent", "")
    return bool(device) and not _PROGRAMS.search(device) and settings.SESSION_COOKIE_NAME not in request.COOKIES


def _is_first_time(request: HttpRequest, article_id: int) -> bool:
    address = _home_of(client_address(request))
    is_first = lately.times(address, request.headers.get("User-Agent", ""), article_id) == 1
    return is_first and lately.times(address, article_id) <= FROM_ONE_ADDRESS


def _home_of(address: str) -> str:
    """Return the address, of IPv6 the part that one household has for all its devices.

    An address of IPv4 may be written as one of IPv6 ("::ffff:203.0.113.7"), where that part is the same for all.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or known.exploded[:19])
