"""An article told by its photos: large, numbered, marked in every list, chosen by its editor."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import Article
from portal.services.versions import version_of
from tests.news.conftest import picture
from tests.news.test_newsroom import fields

MARK = "Phóng sự ảnh"


@pytest.fixture
def photos(editor, tree, site_profile):
    return [
        services.add_photo(
            file=picture((60 + place, 40)), unit=tree["HP"], caption=f"Ảnh {place}", alt="Các em nhận quà", actor=editor
        )
        for place in range(3)
    ]


@pytest.fixture
def told(photos):
    """What makes an article a photo story: told(), or told(of=2) for one of two photos."""

    def values(of: int = 3) -> dict[str, object]:
        body = "<p>Lời dẫn.</p>" + "".join(f'<figure data-photo="{photo.pk}"></figure>' for photo in photos[:of])
        return {"title": "Một ngày học", "body": body, "cover": photos[0], "is_photo_story": True}

    return values


def test_its_photos_are_large_numbered_links_and_every_list_says_what_it_is(client, publish, told):
    plain = publish(title="Bài thường", body=told()["body"])
    assert MARK not in client.get(plain.get_absolute_url()).content.decode()
    for url in ("/", "/tin-tuc/", plain.category.get_absolute_url()):
        assert MARK not in client.get(url).content.decode()
    story = publish(**told(), tags=["Ngày hội"])
    page = client.get(story.get_absolute_url()).content.decode()
    assert 'class="article-layout photo-story"' in page
    assert re.search(rf"{MARK}.{{0,3}} · 3 ảnh", page)
    assert re.findall(r'class="photo-number">([^<]+)<', page) == ["1/3", "2/3", "3/3"]
    assert len(re.findall(r'<a class="photo-open" href="/media/[^"]+\.jpg">', page)) == 3  # without scripts too
    for url in ("/", "/tin-tuc/", story.category.get_absolute_url(), "/chu-de/ngay-hoi/"):
        assert client.get(url).content.decode().count(MARK) == 1, url
    english = client.get("/", HTTP_COOKIE="django_language=en").content.decode()
    assert re.search(r'lang="en">.{0,400}Photo story', english, re.DOTALL)


def test_it_is_published_with_three_photos_and_not_with_two(publish, write, told, editor):
    with pytest.raises(ValidationError, match=r"ít nhất 3 ảnh.* có 2"):
        publish(**told(of=2))
    assert publish(**(told(of=2) | {"is_photo_story": False})).published_revision_id
    assert publish(**told()).published_revision_id


def test_one_photo_thrice_is_no_photo_story(publish, photos):
    body = f'<figure data-photo="{photos[0].pk}"></figure>' * 3
    with pytest.raises(ValidationError, match=r"có 1"):
        publish(body=body, cover=photos[0], is_photo_story=True)


def test_the_editor_chooses_it_and_readers_have_it_by_publishing(client, client_of, editor, publish, told):
    article = publish(**(told() | {"is_photo_story": False}))
    desk, page = client_of(editor), reverse("newsroom_update", args=[article.pk])
    assert 'name="is_photo_story"' in desk.get(page).content.decode()
    assert desk.post(page, fields(article, is_photo_story="on")).status_code == 302
    article = Article.objects.select_related("working_revision", "published_revision").get()
    assert (article.working_revision.is_photo_story, article.shown.is_photo_story) == (True, False)
    assert MARK not in client.get(article.get_absolute_url()).content.decode()
    assert "có" in desk.get(reverse("newsroom_publish", args=[article.pk])).content.decode()
    preview = desk.get(reverse("newsroom_preview", args=[article.pk])).content.decode()
    assert "photo-story" in preview
    services.publish_article(article=article, actor=editor)
    assert MARK in client.get(article.get_absolute_url()).content.decode()
    back = reverse("newsroom_restore", args=[article.pk, 1])
    assert desk.post(back, {"version": version_of(Article.objects.get())}).status_code == 302
    assert Article.objects.get().working_revision.is_photo_story is False


def test_a_correction_a_better_file_and_another_person_keep_it_what_it_is(
    client_of, editor, second, publish, told, photos, clock
):
    article = publish(**told())
    services.replace_photo(photo=photos[1], file=picture((90, 60)), actor=editor)
    assert Article.objects.get().working_revision.is_photo_story
    services.publish_article(article=article, actor=editor)
    clock(timezone.now() + dt.timedelta(minutes=1))
    services.mend_article(
        article=article, title="Một ngày hội học", lead="Hội.", texts={}, photo_words={}, actor=editor
    )
    article = Article.objects.select_related("working_revision").get()
    assert article.shown.is_photo_story
    stale = fields(article, is_photo_story="on", title="Tên khác")
    plain = {name: value for name, value in fields(article, lead="Sapo khác").items() if name != "cover"}
    assert client_of(second).post(reverse("newsroom_update", args=[article.pk]), plain).status_code == 302
    both = client_of(editor).post(reverse("newsroom_update", args=[article.pk]), stale)
    assert both.status_code == 409
    assert both.context["form"].initial["is_photo_story"] is False  # the other one changed it, this one did not
    assert ("is_photo_story", True) in both.context["mine"]
