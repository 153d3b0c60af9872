"""A photo gets another file, or its smaller copies, while an editor saves an article that shows it.

Neither waits for ever, no article keeps the old file, and every saved text gets the copies.
"""

from __future__ import annotations

import re
import threading
import time

import pytest
from django.db import connection, transaction

from news import services
from news.models import Photo
from news.services.articles import keep_revision, make_revision
from news.services.locking import lock_article
from news.tasks import WIDTHS, make_renditions
from tests.concurrency.test_newsroom import write  # noqa: F401 - a fixture
from tests.news.conftest import picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def begin(job, waiting: int = 1):
    """Start a job in a connection of its own; return (its thread, what came of it) once it waits for a lock, or is done.

    `waiting`: how many wait by then, with those that were begun before.
    """
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
    while thread.is_alive() and time.monotonic() < end and _waiting() < waiting:
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


def without_copies(article, size) -> Photo:
    """Return a photo that the worker has not come to yet."""
    photo = services.add_photo(file=picture(size), caption="Lễ", alt="Sân", unit=article.unit, actor=article.created_by)
    Photo.objects.filter(pk=photo.pk).update(renditions=[])
    return photo


def widths_in(text: str) -> list[int]:
    """Return how wide the copies are that a text offers."""
    return sorted({int(width) for width in re.findall(r" (\d+)w", text)})


def test_copies_that_are_made_while_a_text_is_saved_reach_it(write):  # noqa: F811 - the fixture
    """The text has read the photo without its copies and is not there yet when they come: they wait for it."""
    article = write("Bài có ảnh")
    editor = article.created_by
    photo = without_copies(article, (1600, 900))
    text = {"category": article.category, "lead": "Một câu.", "body": shown(photo)}
    services.save_article(article=article, title="Bài có ảnh", actor=editor, **text)
    with transaction.atomic():
        mine = lock_article(article, None)
        keep_revision(mine, make_revision(mine, editor, text | {"title": "Bài có ảnh mới"}))
        mine.save()
        thread, came = begin(lambda: make_renditions.call(photo.pk))
    thread.join(30)
    assert came == [len(WIDTHS) * 3 + 1]
    article.refresh_from_db()
    assert article.working_revision.title == "Bài có ảnh mới"
    assert [widths_in(one.body_html) for one in article.revisions.filter(photos=photo)] == [list(WIDTHS)] * 2


def test_copies_wait_for_no_article_that_a_new_file_waits_for(write):  # noqa: F811 - the fixture
    """Whoever replaces the photo holds it and waits for the article; its copies wait behind; all three come through."""
    article = write("Bài có ảnh")
    editor = article.created_by
    photo = without_copies(article, (640, 480))
    text = {"category": article.category, "lead": "Một câu.", "body": shown(photo)}
    services.save_article(article=article, title="Bài có ảnh", actor=editor, **text)
    with transaction.atomic():
        mine = lock_article(article, None)
        replacing, replaced = begin(lambda: services.replace_photo(photo=photo, file=picture((90, 60)), actor=editor))
        copying, copied = begin(lambda: make_renditions.call(photo.pk), waiting=2)
        keep_revision(mine, make_revision(mine, editor, text | {"title": "Bài có ảnh mới"}))
        mine.save()
    for thread in (replacing, copying):
        thread.join(30)
    assert copied == [2 * 3 + 1]
    article.refresh_from_db()
    assert article.working_revision.photo_ids_in_text == [replaced[0].photo.pk]
    assert [widths_in(one.body_html) for one in article.revisions.filter(photos=photo)] == [[320, 480]] * 2


def test_copies_cut_around_what_mattered_before_take_no_place(write):  # noqa: F811 - the fixture
    article = write("Bài")
    photo = without_copies(article, (64, 48))
    said = {"caption": "Lễ", "alt": "Sân", "credit": "", "actor": article.created_by}
    with transaction.atomic():
        services.describe_photo(photo=photo, focus_x=0, **said)
        thread, came = begin(lambda: make_renditions.call(photo.pk))  # it has read the photo as it was
    thread.join(30)
    assert came == [0]
    assert make_renditions.call(photo.pk) == 4
    photo.refresh_from_db()
    assert photo.share_url.endswith("-share-0-50.jpg")
