"""Show 5: whatever an editor decides, the next reader sees it: no worker runs, and no cache stands in between."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from news import services
from news.models import Article
from portal.services.versions import version_of
from tests.news.conftest import picture
from tests.news.test_documents import PDF, SAID
from tests.news.test_leading import heads
from tests.news.test_mending import sent
from tests.news.test_newsroom import fields
from tests.news.test_public import addresses, short


@pytest.fixture(autouse=True)
def _the_worker_is_stopped(settings, site_profile):
    """Whatever is asked of the worker waits for it, and it never comes."""
    settings.TASKS = {"default": settings.TASKS["default"] | {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def act(client_of, editor, django_capture_on_commit_callbacks):
    """Send an editor's form: act(page, article or its part, field=...); what waits for the commit happens at once."""
    desk = client_of(editor)

    def send(page: str, *parts, **data):
        with django_capture_on_commit_callbacks(execute=True):
            answer = desk.post(reverse(page, args=parts), data)
        assert answer.status_code == 302, answer.content.decode()
        return answer

    return send


LISTS = ("/", "/rss/", "/sitemap.xml", "/sitemap-tin-moi.xml", "/tim-kiem/?q=do+son")


def pages(article) -> list[str]:
    section = article.category.get_absolute_url()
    return [*LISTS, section, f"{section}rss/"]


def html_of(client, url: str) -> str:
    """The page without its marks of found words."""
    return client.get(url).content.decode().replace("<mark>", "").replace("</mark>", "")


def seen(client, article) -> set[bool]:
    """Whether readers meet the story: on its own page, and in every list, feed, site map and search."""
    there = {article.get_absolute_url() in client.get(url).content.decode() for url in pages(article)}
    return there | {client.get(article.get_absolute_url()).status_code == 200}


def seconds_kept(answer) -> int:
    """How long a browser or a cache in front may go on showing this without asking again."""
    said = answer.headers.get("Cache-Control", "")
    if "no-store" in said or "no-cache" in said:
        return 0
    if not said and answer.status_code in (301, 308):
        return 10**9  # for ever
    return max(map(int, re.findall(r"max-?age=(\d+)", said)), default=0)  # also s-maxage


def test_show5_publishing_correcting_expiring_withdrawing_are_seen_by_the_next_reader_the_worker_stopped(
    client, act, write, clock
):
    article = write(title="Trao quà Đồ Sơn")
    assert seen(client, article) == {False}
    act("newsroom_publish", article.pk)
    article.refresh_from_db()
    assert seen(client, article) == {True}

    known = {url: client.get(url).headers.get("ETag", "") for url in pages(article)}
    before = article.get_absolute_url()
    act("newsroom_update", article.pk, **fields(article, title="Trao học bổng Đồ Sơn"))
    assert "Trao quà" in client.get(before).content.decode()  # what waits in the newsroom changes nothing
    act("newsroom_publish", article.pk)
    article.refresh_from_db()
    moved = client.get(before)
    assert (moved.status_code, moved.headers["Location"]) == (301, article.get_absolute_url())
    assert seen(client, article) == {True}
    for url, etag in known.items():  # a reader who asks whether it is still so gets the new page
        answer = client.get(url, headers={"if-none-match": etag})
        assert answer.status_code == 200, url
        assert "Trao quà" not in answer.content.decode(), url

    mended = sent(Article.objects.select_related("published_revision").get(), title="Trao học bổng ở Đồ Sơn")
    act("newsroom_mend", article.pk, **mended)
    article.refresh_from_db()
    for url in (article.get_absolute_url(), "/", "/rss/", "/tim-kiem/?q=do+son"):
        assert "ở Đồ Sơn" in html_of(client, url), url

    soon = timezone.now() + dt.timedelta(hours=1)
    act("newsroom_publish", article.pk, until=f"{timezone.localtime(soon):%d/%m/%Y %H:%M}")
    article.refresh_from_db()
    assert seen(client, article) == {True}
    clock(article.expires_at)
    assert seen(client, article) == {False}
    act("newsroom_publish", article.pk)
    assert seen(client, article) == {True}
    act("newsroom_withdraw", article.pk, reason="Số liệu chưa đúng")
    assert seen(client, article) == {False}
    assert {client.get(url).status_code for url in [*addresses(article), short(article)]} == {410}
    act("newsroom_publish", article.pk)
    assert seen(client, article) == {True}


def test_show5_what_leads_and_another_file_of_a_photo_are_seen_by_the_next_reader_the_worker_stopped(
    client, act, publish, editor, tree
):
    photo = services.add_photo(file=picture(), unit=tree["HP"], caption="Lễ trao", alt="Các em nhận quà", actor=editor)
    first = publish(title="Bài có ảnh", body=f'<figure data-photo="{photo.pk}"></figure>', cover=photo)
    publish(title="Bài mới hơn")
    assert heads(client)[0] != first.get_absolute_url()
    tomorrow = timezone.localtime() + dt.timedelta(days=1)
    act("lead_list", article=first.pk, until=f"{tomorrow:%d/%m/%Y}")
    assert heads(client)[0] == first.get_absolute_url()
    first.refresh_from_db()
    act("lead_update", first.pk, version=version_of(first))
    assert heads(client)[0] != first.get_absolute_url()

    file = SimpleUploadedFile("moi.jpg", picture((90, 60)).getvalue(), "image/jpeg")
    act("photo_replace", photo.pk, file=file, version=version_of(photo))
    photo.refresh_from_db()
    act("newsroom_publish", first.pk)
    assert DBTaskResult.objects.filter(status="READY").exists()  # its copies are not made yet
    for url in (first.get_absolute_url(), "/", "/tin-tuc/"):
        page = html_of(client, url)
        assert photo.replaced_by.file.name in page, url
        assert photo.file.name not in page, url
    assert client.get(photo.replaced_by.file.url).status_code == 200
    assert client.get(photo.file.url).status_code == 404


def test_show5_no_browser_and_no_cache_in_front_keeps_what_may_change_longer_than_a_second(
    client, act, publish, editor, site_profile
):
    photo = services.add_photo(file=picture(), caption="Lễ trao", alt="Các em nhận quà", actor=editor)
    article = publish(title="Trao quà Đồ Sơn", body=f'<figure data-photo="{photo.pk}"></figure>')
    file = SimpleUploadedFile("Kế hoạch.pdf", PDF)
    document = services.create_document(file=file, unit=article.unit, actor=editor, **SAID | {
        "issued_on": dt.date(2026, 6, 5), "effective_on": None,
    })  # fmt: skip
    asked = [
        *pages(article), *addresses(article), short(article), "/tin-tuc/", "/atom/", "/chu-de/", "/van-ban/", "/gioi-thieu/", "/tim-kiem/goi-y/?q=do+son",
        document.get_absolute_url(), reverse("document_file", args=[document.pk]),
        article.get_absolute_url().replace("trao-qua", "ten-cu"),  # where it moved may be where it was before
    ]  # fmt: skip
    kept = {url: seconds_kept(client.get(url)) for url in asked}
    assert {url: seconds for url, seconds in kept.items() if seconds > 1} == {}
    # a photo never changes under its address: who has it keeps it, and no cache hands it on once it is taken back
    assert "s-maxage=1" in client.get(photo.file.url).headers["Cache-Control"].split(", ")
    act("newsroom_withdraw", article.pk, reason="Số liệu chưa đúng")
    gone = [client.get(url) for url in [*addresses(article), photo.file.url]]
    assert {seconds_kept(answer) for answer in gone} == {0}


def test_show5_a_story_named_back_is_where_it_was_for_who_came_while_it_was_called_otherwise(client, act, publish):
    """A browser that keeps a 301 for ever would walk in a circle between both addresses."""
    article = publish(title="Tên đầu")
    first = article.get_absolute_url()
    for title in ("Tên sau", "Tên đầu"):
        article.refresh_from_db()
        act("newsroom_update", article.pk, **fields(article, title=title))
        act("newsroom_publish", article.pk)
        if title == "Tên sau":
            moved = client.get(first)
            assert moved.status_code == 301
            assert seconds_kept(moved) <= 1
    assert client.get(first).status_code == 200
