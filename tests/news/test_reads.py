"""Reads are counted in memory and written together; nothing of a reader is kept, and no page pays for it."""

from __future__ import annotations

import datetime as dt
from threading import Event

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import ReadCount
from news.views import reads as counting
from portal.lib.tallies import Lately, Tally
from portal.models import AuditEntry

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"


@pytest.fixture(autouse=True)
def _nobody_has_read_yet(site_profile, tree, monkeypatch):
    """Count as a process does that has just begun."""
    counting.reads.flush()
    monkeypatch.setattr(counting, "lately", Lately(seconds=counting.HALF_AN_HOUR, most=50_000))


@pytest.fixture
def tell(client):
    """Tell that an article was read as its page does, and return the answer: tell(article, address=..., ...)."""

    def send(article, *, device: str = FIREFOX, address: str = "203.0.113.7", by=client, **headers):
        headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": device} | headers
        headers = {name: value for name, value in headers.items() if value is not None}
        body = str(getattr(article, "pk", article))
        return by.post(
            reverse("read_count"), body, content_type="text/plain;charset=UTF-8", headers=headers, REMOTE_ADDR=address
        )

    return send


def counted() -> dict[int, int]:
    counting.reads.flush()
    return dict(ReadCount.objects.values_list("article", "count"))


def test_p15_a_read_is_told_by_the_page_and_written_with_the_others_in_one_statement(
    client, tell, publish, django_assert_num_queries
):
    article, other = publish(), publish(title="Tin khác")
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'data-article="{article.pk}" data-tell-read="{reverse("read_count")}"' in page
    with django_assert_num_queries(0):
        for place in range(3):
            answer = tell(article, address=f"203.0.113.{place}")
            assert (answer.status_code, answer.content) == (204, b"")
            assert answer.cookies == {}
            assert answer.headers["Cache-Control"] == "no-store"
            assert "Content-Length" not in answer.headers
        tell(other)
    assert not ReadCount.objects.exists()
    with django_assert_num_queries(3):  # the transaction and the statement
        counting.reads.flush()
    tell(other, address="203.0.113.99")
    assert counted() == {article.pk: 3, other.pk: 2}
    assert set(ReadCount.objects.values_list("day", flat=True)) == {timezone.localdate()}
    assert not AuditEntry.objects.filter(target_type="news.readcount").exists()


def test_p15_one_reader_counts_once_in_half_an_hour_and_one_address_not_for_ever(tell, publish):
    article, other = publish(), publish(title="Tin khác")
    for _again in range(5):
        assert tell(article).status_code == 204
    tell(other)
    tell(article, device=FIREFOX.replace("130", "131"))  # another device of the same house
    assert counted() == {article.pk: 2, other.pk: 1}
    for number in range(60):
        assert tell(article, device=f"{FIREFOX} {number}").status_code == 204
    assert counted()[article.pk] == counting.FROM_ONE_ADDRESS
    for last in ("1", "2"):  # one household has a whole part of IPv6
        tell(other, address=f"2001:db8:0:1::{last}")
    assert counted()[other.pk] == 2
    tell(other, address="2001:db8:0:2::1")
    assert counted()[other.pk] == 3


def test_p15_an_address_of_ipv4_that_is_written_as_one_of_ipv6_is_one_reader_not_all(tell, publish):
    article = publish()
    for number in range(counting.FROM_ONE_ADDRESS + 5):  # a server that listens on both writes them so
        tell(article, address=f"::ffff:203.0.113.{number}", device=f"{FIREFOX} {number}")
    assert counted() == {article.pk: counting.FROM_ONE_ADDRESS + 5}
    tell(article, address="203.0.113.1", device=f"{FIREFOX} 1")  # the same one
    assert counted() == {article.pk: counting.FROM_ONE_ADDRESS + 5}


def test_p15_what_was_met_is_known_by_hashes_and_forgotten_with_its_stretch():
    now = [0.0]
    lately = Lately(seconds=1800, most=3, clock=lambda: now[0])
    assert [lately.times("203.0.113.7", "Firefox", 1) for _time in range(3)] == [1, 2, 3]
    kept = b"".join([lately._salt, *lately._met])
    assert b"203" not in kept
    assert b"Firefox" not in kept
    now[0] = 1799.0
    assert lately.times("203.0.113.7", "Firefox", 1) == 4
    now[0] = 1800.0
    assert lately.times("203.0.113.7", "Firefox", 1) == 1
    for number in range(10):
        lately.times(number)
    assert len(lately._met) == 3
    assert lately.times(9) == 2
    assert lately.times(0) == 1


@pytest.mark.parametrize(
    ("device", "counts"),
    [
        (FIREFOX, True),
        ("Mozilla/5.0 (Linux; Android 11; CUBOT X30) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36", True),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 coc_coc_browser/120.0 Chrome/114.0 Safari/537.36", True),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Zalo iOS/600 ZaloTheme/light", True),
        ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/450.0]", True),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False),
        ("Mozilla/5.0 (compatible; coccocbot-web/1.0; +http://help.coccoc.com/searchengine)", False),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", False),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36", False),
        ("curl/8.5.0", False),
        ("python-requests/2.32", False),
        ("", False),
        (None, False),
    ],
)
def test_p15_programs_that_say_so_are_not_counted(tell, publish, device, counts):
    article = publish()
    assert tell(article, device=device).status_code == 204
    assert counted() == ({article.pk: 1} if counts else {})


def test_p15_staff_are_not_counted_and_readers_beside_them_are(client_of, tell, publish, editor):
    article, desk = publish(), client_of(editor)
    assert tell(article, by=desk).status_code == 204
    assert counted() == {}
    desk.cookies.clear()
    assert tell(article, by=desk).status_code == 204
    assert counted() == {article.pk: 1}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 204),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"}, 204),
        ({"Sec-Fetch-Site": None, "Origin": "http://testserver"}, 204),  # an older browser
        ({"Sec-Fetch-Site": None, "Origin": settings.SITE_URL}, 204),  # behind a proxy
        ({"Sec-Fetch-Site": None}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": None, "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": None, "Origin": "https://testserver"}, 403),
    ],
)
def test_p15_only_a_page_of_this_site_tells(tell, publish, headers, status):
    article = publish()
    assert tell(article, **headers).status_code == status
    assert counted() == ({article.pk: 1} if status == 204 else {})


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("1", 204),
        (2**63 - 1, 204),
        ("", 400),
        ("0", 400),
        ("-1", 400),
        ("1.5", 400),
        ("một", 400),
        ("²", 400),
        (2**63, 400),
        ("9" * 64, 400),
        ("9" * 65, 413),
        ("article=1", 400),
        ("\0", 400),
    ],
)
def test_p15_what_no_page_sends_is_refused_and_nothing_is_a_500(tell, publish, body, status):
    publish()
    assert tell(body).status_code == status
    counting.reads.flush()
    assert ReadCount.objects.filter(article=0).count() == 0


def test_p15_a_telling_without_length_or_host_of_ours_is_refused(client, publish):
    article = publish()
    for length, status in ((None, 400), ("x", 400), ("1000000000000", 413)):
        request = RequestFactory().post(reverse("read_count"), str(article.pk), content_type="text/plain")
        request.META |= {"HTTP_SEC_FETCH_SITE": "same-origin", "CONTENT_LENGTH": length}
        assert counting.answer_read(request).status_code == status
    refused = client.post(
        reverse("read_count"), "1", content_type="text/plain", headers={"Host": "x.example", "Origin": "http://x"}
    )
    assert refused.status_code == 400
    assert client.get(reverse("read_count")).status_code == 405


def test_p15_only_what_readers_have_is_counted_and_a_merged_article_keeps_its_own(tell, publish, write, editor, client):
    kept, merged, gone, draft = publish(), publish(title="Bài gộp"), publish(title="Bài gỡ"), write(title="Nháp")
    ahead = publish(title="Ngày mai", at=timezone.now() + dt.timedelta(days=1))
    for article in (kept, merged, gone, draft, ahead, 999_999):
        assert tell(article).status_code == 204
    assert counted() == {kept.pk: 1, merged.pk: 1, gone.pk: 1}
    services.withdraw_article(article=gone, reason="Sai.", actor=editor)
    services.withdraw_article(article=merged, reason="Trùng.", replacement=kept, is_merged=True, actor=editor)
    for article in (merged, gone):
        assert tell(article, address="203.0.113.8").status_code == 204
    page = client.get(merged.get_absolute_url(), follow=True).content.decode()
    assert f'data-article="{kept.pk}"' in page  # whoever is led on reads the kept one, and counts there
    assert counted() == {kept.pk: 1, merged.pk: 1, gone.pk: 1}


def test_p15_a_day_is_a_day_of_vietnam(tell, publish, clock):
    midnight = dt.datetime(2026, 6, 30, 17, tzinfo=dt.UTC)
    clock(midnight - dt.timedelta(hours=1))
    article = publish()
    for number, moment in enumerate((midnight - dt.timedelta(seconds=1), midnight)):
        clock(moment)
        tell(article, address=f"203.0.113.{number}")
    clock(midnight + dt.timedelta(days=3))  # written later: the day is that of the read
    counting.reads.flush()
    days = sorted(ReadCount.objects.values_list("day", "count"))
    assert days == [(dt.date(2026, 6, 30), 1), (dt.date(2026, 7, 1), 1)]


def test_p15_the_database_away_costs_no_reader_anything_and_no_count(tell, publish):
    article = publish()
    assert tell(article).status_code == 204
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE news_readcount RENAME TO away")
        counting.reads.flush()
        assert tell(article, address="203.0.113.8").status_code == 204
        transaction.set_rollback(True)
    assert counted() == {article.pk: 2}


def test_p15_counts_are_handed_over_after_a_while_sooner_when_many_and_never_beyond_their_bound():
    written, waits = [], []
    tally = Tally(written.append, later=lambda seconds, work: waits.append((seconds, work)), every=60.0, most=3)
    for key in "aabbac":
        tally.add(key)
    assert [seconds for seconds, _work in waits] == [60.0, 0.0]
    tally.add("d")  # beyond the bound
    tally.add("a")
    waits[1][1]()
    assert written == [{"a": 4, "b": 2, "c": 1}]
    waits[0][1]()  # nothing is left to write
    assert len(written) == 1
    tally.add("d")
    assert [seconds for seconds, _work in waits] == [60.0, 0.0, 60.0]


def test_p15_what_could_not_be_written_waits_for_the_next_time():
    written, waits, fails = [], [], [True, False]

    def write(counts):
        if fails.pop(0):
            raise ConnectionError
        written.append(dict(counts))

    tally = Tally(write, later=lambda seconds, work: waits.append(work), every=60.0, most=2)
    tally.add("a")
    waits.pop()()
    assert written == []
    tally.add("a")
    waits.pop()()
    assert written == [{"a": 2}]
    assert waits == []


def test_p15_no_thread_to_be_had_costs_no_reader_anything_and_no_count():
    written, waits, refused = [], [], [True, False]

    def later(seconds, work):
        if refused.pop(0):
            raise RuntimeError("can't start new thread")
        waits.append(work)

    tally = Tally(written.append, later=later, every=60.0, most=9)
    tally.add("a")
    tally.add("a")  # the next one asks again
    waits.pop()()
    assert written == [{"a": 2}]


def test_p15_a_process_writes_by_itself_in_a_thread_of_its_own(settings):
    settings.READS_WRITTEN_EVERY, done = 0.01, Event()
    counting._write_later(0.01, done.set)
    assert done.wait(10)


@pytest.mark.parametrize(
    ("article", "day", "count", "holds"),
    [
        ("{id}", "'2026-06-30'", "1", True),
        ("{id}", "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date", "1", True),
        ("{id}", "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 1", "1", False),
        ("{id}", "'1899-12-31'", "1", False),
        ("{id}", "'2026-06-30'", "0", False),
        ("{id}", "'2026-06-30'", "-1", False),
        ("NULL", "'2026-06-30'", "1", False),
        ("{id}", "NULL", "1", False),
        ("{id}", "'2026-06-30'", "NULL", False),
        ("{id}", "'2026-06-29'", "1", False),  # a second row of the same day
    ],
)
def test_p15_the_database_holds_what_a_count_is(publish, article, day, count, holds):
    pk = publish().pk
    with transaction.atomic(), connection.cursor() as cursor:
        insert = "INSERT INTO news_readcount (article_id, day, count) VALUES"
        cursor.execute(f"{insert} ({pk}, '2026-06-29', 5)")
        values = f"({article.format(id=pk)}, {day}, {count})"
        if holds:
            cursor.execute(f"{insert} {values}")
        else:
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute(f"{insert} {values}")


def test_p15_editors_see_the_reads_in_the_list_and_the_history_and_readers_do_not(
    client, client_of, editor, editor_lechan, publish, write
):
    article, today = publish(title="Bài được đọc"), timezone.localdate()
    for ago, count in ((0, 1000), (6, 200), (7, 30), (29, 4), (30, 50_000)):
        ReadCount.objects.create(article=article, day=today - dt.timedelta(days=ago), count=count)
    desk = client_of(editor)
    listed = desk.get(reverse("newsroom_list")).content.decode()
    assert "Lượt đọc (30 ngày)" in listed
    assert ">1.234<" in listed
    history = desk.get(reverse("newsroom_history", args=[article.pk])).content.decode()
    for number in ("1.200", "1.234", "51.234"):
        assert f">{number}<" in history, number
    draft = desk.get(reverse("newsroom_history", args=[write().pk])).content.decode()
    assert "Lượt đọc" not in draft
    assert client_of(editor_lechan).get(reverse("newsroom_history", args=[article.pk])).status_code == 404
    assert "1.234" not in client.get(article.get_absolute_url()).content.decode()
