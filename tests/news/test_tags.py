"""Tags and series: named by whoever writes, kept by editors, and under them only what readers may see."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from news import services
from news.models import Article, Category, Tag
from portal.services.versions import version_of
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import SEVEN_THIRTY
from tests.news.test_public import SECOND

EIGHT, NINE = SEVEN_THIRTY.replace(hour=8, minute=0), SEVEN_THIRTY.replace(hour=9)


def typed(article, **changes) -> dict[str, str]:
    revision = article.working_revision
    values = {"title": revision.title, "category": article.category_id, "lead": revision.lead, "body": revision.body}
    return {**values, "version": version_of(article), **changes}


def test_show8_a_tag_counts_and_shows_what_readers_may_see_and_nothing_else(client, publish, write, editor, clock):
    clock(SEVEN_THIRTY)
    publish(title="Bài một", tags=["Học bổng Đồ Sơn"])
    article = publish(title="Bài hai", tags=["Học bổng Đồ Sơn", "Chỉ bài này"], at=EIGHT, until=NINE)
    write(title="Nháp", tags=["Học bổng Đồ Sơn", "Chỉ nháp"])

    def seen() -> tuple[str, bool, int, int, bool, bool]:
        index = client.get(reverse("tag_index")).content.decode()
        count = re.search(r"Học bổng Đồ Sơn</span>&nbsp;\((\d+)\)", index)[1]
        shared = client.get(reverse("tag_detail", args=["hoc-bong-do-son"])).content.decode()
        alone = reverse("tag_detail", args=["chi-bai-nay"])
        in_sitemap = alone in client.get("/sitemap.xml").content.decode()
        feed = client.get(reverse("tag_rss", args=["chi-bai-nay"])).status_code
        return count, "Bài hai" in shared, client.get(alone).status_code, feed, in_sitemap, "Chỉ bài này" in index

    hidden, shown = ("1", False, 404, 404, False, False), ("2", True, 200, 200, True, True)
    clock(EIGHT - SECOND)
    assert seen() == hidden
    clock(EIGHT)
    assert seen() == shown
    clock(NINE)
    assert seen() == hidden
    services.publish_article(article=Article.objects.get(pk=article.pk), actor=editor)
    assert seen() == shown
    services.withdraw_article(article=article, reason="Sai.", actor=editor)
    assert seen() == hidden
    for tag in ("chi-nhap", "khong-co"):
        assert client.get(reverse("tag_detail", args=[tag])).status_code == 404
    assert "Chỉ nháp" not in client.get(reverse("tag_index")).content.decode()


def test_p13_beside_a_story_stands_its_series_then_its_tags_then_its_section(client, publish, editor, section):
    other = Category.objects.create(name="Khác", slug="khac", position=9)
    services.create_tag(name="Mùa thi 2026", is_series=True, actor=editor)
    publish(title="Cùng mục")
    publish(title="Cùng thẻ", category=other, tags=["Lê Chân"])
    publish(title="Cùng chuỗi", category=other, tags=["mùa thi 2026"])
    publish(title="Khác hẳn", category=other)
    withdrawn = publish(title="Đã gỡ", tags=["Mùa thi 2026"])
    services.withdraw_article(article=withdrawn, reason="Sai.", actor=editor)
    article = publish(title="Bài này", tags=["Mùa thi 2026", "Lê Chân"])
    page = client.get(article.get_absolute_url()).content.decode()
    beside = re.findall(r'<li lang="vi"><a href="[^"]+">([^<]+)</a>', page)
    assert beside == ["Cùng chuỗi", "Cùng thẻ", "Cùng mục"]
    assert re.findall(r'<a class="chip" href="([^"]+)"', page) == ["/chu-de/mua-thi-2026/", "/chu-de/le-chan/"]
    assert article.get_absolute_url() in client.get("/tim-kiem/?q=mua+thi+2026").content.decode()


def test_tags_are_part_of_what_is_published_and_of_the_history(client, client_of, publish, editor, contributor):
    article = publish(tags=["Học bổng"])
    desk, page = client_of(contributor), reverse("newsroom_update", args=[article.pk])
    assert 'value="Học bổng"' in desk.get(page).content.decode()
    article = Article.objects.select_related("working_revision").get()
    assert desk.post(page, typed(article, tags=" Áo ấm,học  BỔNG, , Áo ấm ")).status_code == 302
    assert Tag.objects.count() == 2  # one is known, whatever its letters
    assert "Áo ấm" not in client.get(article.get_absolute_url()).content.decode()
    assert client.get("/chu-de/ao-am/").status_code == 404
    history = client_of(editor).get(reverse("newsroom_history", args=[article.pk])).content.decode()
    assert "<ins>bổng, Áo ấm</ins>" in history
    services.publish_article(article=Article.objects.get(), actor=editor)
    assert client.get("/chu-de/ao-am/").status_code == 200
    services.save_article(
        article=Article.objects.get(),
        category=article.category,
        title="Chỉ đổi tiêu đề",
        lead="a",
        body="",
        actor=editor,
    )  # not said: as before
    assert len(Article.objects.get().working_revision.tag_ids) == 2


@pytest.mark.parametrize("tags", ["!!!", ", ".join(f"thẻ {number}" for number in range(13)), "x" * 81])
def test_what_cannot_be_a_tag_is_refused_beside_its_field(client_of, write, editor, tags):
    article = Article.objects.select_related("working_revision").get(pk=write().pk)
    answer = client_of(editor).post(reverse("newsroom_update", args=[article.pk]), typed(article, tags=tags))
    assert list(answer.context["form"].errors) == ["tags"]
    assert tags[:20] in answer.content.decode()  # what was typed is kept
    assert article.revisions.count() == 1


def test_editors_of_the_site_keep_tags_and_nobody_else(client_of, editor, contributor, tree):
    desk, page = client_of(editor), reverse("tag_list")
    assert desk.post(page, {"name": "Khuyến học", "is_series": "on"}).status_code == 302
    assert list(desk.post(page, {"name": "KHUYẾN HỌC"}).context["form"].errors) == ["name"]
    tag = Tag.objects.get()
    change = reverse("tag_update", args=[tag.slug])
    assert desk.post(change, {"name": "Khuyến học 2026", "version": "x"}).status_code == 409
    assert desk.post(change, {"name": "Khuyến học 2026", "version": version_of(tag)}).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.slug, tag.is_series) == ("Khuyến học 2026", "khuyen-hoc", False)
    ward = factories.make_user("bien.tap.nq", role=Role.EDITOR, unit=tree["NGOQUYEN"])
    for person in (contributor, ward):
        assert client_of(person).post(change, {"name": "Khác", "version": version_of(tag)}).status_code == 403


def test_the_database_keeps_the_tags_of_a_saved_state(write):
    revision = write(tags=["Học bổng"]).working_revision
    for change in ("DELETE FROM news_articlerevision_tags", "UPDATE news_articlerevision SET tag_ids = '[]'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert revision.tags.count() == 1


def test_the_article_with_tags_still_takes_one_query(client, publish, django_assert_num_queries, site_profile):
    article = publish(tags=["Học bổng", "Khuyến tài"])
    client.get(article.get_absolute_url())
    with django_assert_num_queries(1):
        client.get(article.get_absolute_url())


def test_what_cannot_be_tags_by_service_is_refused(write, publish):
    with pytest.raises(ValidationError) as refused:
        write(tags=["!!!"])
    assert list(refused.value.message_dict) == ["tags"]
