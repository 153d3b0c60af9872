"""A photo gets another file while an editor saves an article: neither waits for ever, and no article keeps the old one."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from news import services
from news.services.articles import keep_revision, make_revision
from news.services.locking import lock_article
from tests.concurrency.test_newsroom import write  # noqa: F401 - a fixture
from tests.news.conftest import picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def begin(job):
    """Start a job in a connection of its own; return (its thread, what came of it) once it waits for a lock, or is done."""
    came: list = []

    def go():
        try:
            came.append(job())
        except Exception as error:  # noqa: BLE001 - the test says what it is
            came.append(error)
        finally:
            connection.close()

    thread, end = threading.Thread(target=go), time.monotonic() + 10
    thread.start()
    while thread.is_alive() and time.monotonic() < end and not _waiting():
        pass
    return thread, came


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # what others do is told as of now, not as of the first look
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def shown(photo) -> str:
    return f'<figure data-photo="{photo.pk}"></figure>'


def test_an_article_that_shows_it_is_saved_meanwhile(write):  # noqa: F811 - the fixture
    article = write("Bài có ảnh")
    editor = article.created_by
    photo = services.add_photo(file=picture((64, 48)), caption="Lễ", alt="Sân", unit=article.unit, actor=editor)
    text = {"category": article.category, "lead": "Một câu.", "body": shown(photo), "actor": editor}
    services.save_article(article=article, title="Bài có ảnh", **text)
    with transaction.atomic():
        lock_article(article, None)
        thread, came = begin(lambda: services.replace_photo(photo=photo, file=picture((90, 60)), actor=editor))
        services.save_article(article=article, title="Bài có ảnh mới", **text)
    thread.join(30)
    article.refresh_from_db()
    assert article.working_revision.title == "Bài có ảnh mới"
    assert article.working_revision.photo_ids_in_text == [came[0].photo.pk]


def test_an_article_into_which_it_is_put_meanwhile_gets_the_new_one(write):  # noqa: F811 - the fixture
    article = write("Bài sẽ có ảnh")
    editor = article.created_by
    photo = services.add_photo(file=picture((64, 48)), caption="Lễ", alt="Sân", unit=article.unit, actor=editor)
    with transaction.atomic():
        mine = lock_article(article, None)
        text = {"category": article.category, "title": "Bài có ảnh", "lead": "Một câu.", "body": shown(photo)}
        revision = make_revision(mine, editor, text)
        thread, came = begin(lambda: services.replace_photo(photo=photo, file=picture((90, 60)), actor=editor))
        keep_revision(mine, revision)
        mine.save()
    thread.join(30)
    article.refresh_from_db()
    assert article.working_revision.photo_ids_in_text == [came[0].photo.pk]
