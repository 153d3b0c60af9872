"""Show 8: what readers may not see is seen by nobody, in none of its places, its photos' files included."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from news import services
from news.tasks import make_renditions
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import SEVEN_THIRTY, picture
from tests.news.test_public import SECOND, addresses, places

EIGHT, NINE = SEVEN_THIRTY.replace(hour=8, minute=0), SEVEN_THIRTY.replace(hour=9)


@pytest.fixture
def illustrated(write, editor):
    """A draft with a photo of which the smaller copies are made, and the addresses of all its files."""
    photo = services.add_photo(file=picture(), caption="Lễ trao", alt="Các em nhận quà", actor=editor)
    article = write(title="Trao quà Đồ Sơn", body=f'<p>a</p><figure data-photo="{photo.pk}"></figure>', cover=photo)
    make_renditions.call(photo.pk)
    photo.refresh_from_db()
    names = [photo.file.name, *(copy["path"] for copy in photo.renditions)]
    assert len(names) == 8
    return article, [f"/media/{name}" for name in names]


def answers(client, urls: list[str]) -> set[int]:
    return {client.get(url).status_code for url in urls}


def test_show8_a_story_of_every_state_is_seen_in_all_its_places_or_in_none(
    client, illustrated, publish, editor, clock, site_profile
):
    article, files = illustrated
    clock(SEVEN_THIRTY)
    neighbour = publish(title="Tin bên cạnh")

    def seen() -> set[bool]:
        shown = dict.fromkeys(files, False) | places(client, article)
        shown |= {url: client.get(url).status_code == 200 for url in [*files, f"/t/{article.pk}"] if "/t/" not in url}
        beside = article.get_absolute_url() in client.get(neighbour.get_absolute_url()).content.decode()
        return {*shown.values(), beside}

    assert seen() == {False}  # a draft
    services.publish_article(article=article, at=EIGHT, until=NINE, actor=editor)
    article.refresh_from_db()
    clock(EIGHT - SECOND)
    assert seen() == {False}  # of the future
    clock(EIGHT)
    assert seen() == {True}
    clock(NINE - SECOND)
    kept = client.get(files[1]).headers["Cache-Control"]
    assert kept == "public, max-age=1, s-maxage=1"  # no cache shows it longer than the article
    clock(NINE)
    assert seen() == {False}  # its time is over
    services.publish_article(article=article, actor=editor)
    assert seen() == {True}
    services.withdraw_article(article=article, reason="Sai số liệu.", actor=editor)
    assert seen() == {False}
    assert answers(client, files) == {404}
    assert answers(client, addresses(article)) == {410}


def test_show8_a_photo_taken_out_of_the_story_or_in_no_story_yet_is_no_readers(client, illustrated, publish, editor):
    article, files = illustrated
    services.publish_article(article=article, actor=editor)
    assert answers(client, files) == {200}
    services.save_article(
        article=article, category=article.category, title="Không ảnh", lead="Một câu.", body="<p>a</p>", actor=editor
    )
    assert answers(client, files) == {200}  # readers still have the text before
    services.publish_article(article=article, actor=editor)
    assert answers(client, files) == {404}
    loose = services.add_photo(file=picture((60, 50)), form_key="k", actor=editor)
    assert client.get(loose.file.url).status_code == 404


def test_show8_a_draft_s_photos_are_seen_by_its_newsroom_and_by_who_has_its_link(
    client, client_of, illustrated, editor, contributor, officer_nq, tree
):
    article, files = illustrated
    stranger = factories.make_user("bien.tap.nq", role=Role.EDITOR, unit=tree["NGOQUYEN"])
    for person in (editor, contributor):
        response = client_of(person).get(files[0])
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "private, no-cache")
    assert [client_of(one).get(files[0]).status_code for one in (officer_nq, stranger)] == [404, 404]
    link = services.make_draft_link(article=article, actor=editor)
    page = client.get(f"/xem-ban-thao/{link.key}/").content.decode()
    shown = set(re.findall(r'/media/photos/[^\s"]+', page))
    assert len(shown) >= 4
    assert answers(client, list(shown)) == {200}
    assert answers(client, [f"{files[0]}?key={link.key[:-1]}", f"{files[0]}?key=", files[0]]) == {404}
    services.revoke_draft_link(link=link, actor=editor)
    assert answers(client, list(shown)) == {404}


def test_show8_a_live_photo_is_kept_by_caches_and_found_by_one_query(
    client, illustrated, editor, django_assert_num_queries
):
    article, files = illustrated
    services.publish_article(article=article, actor=editor)
    with django_assert_num_queries(1):
        response = client.get(files[1])
    assert response.headers["Cache-Control"] == "public, max-age=3600, s-maxage=1"
    assert not response.cookies
    again = client.get(files[1], HTTP_IF_MODIFIED_SINCE=response.headers["Last-Modified"])
    assert again.status_code == 304


def test_show8_no_other_way_leads_to_a_photo(client, illustrated):
    name = illustrated[1][0].removeprefix("/media/")
    tried = [
        f"/media//{name}", f"/media/./{name}", f"/media/site/../{name}", f"/media/site//{name}", f"/media/x/../{name}",
        f"/media/site/%2e%2e/{name}", f"/media/{name.replace('photos/', 'photos/../photos/')}", f"/media/photos//{name}",
    ]  # fmt: skip
    assert answers(client, tried) <= {400, 404}


def test_show8_no_text_takes_up_the_photo_of_a_form_that_is_somebody_else_s(client_of, editor, contributor, write):
    mine = services.add_photo(file=picture((60, 50)), form_key="k", actor=editor)
    body = f'<p>a</p><figure data-photo="{mine.pk}"></figure>'
    assert not write(body=body, actor=contributor).working_revision.photos.exists()
    assert write(body=body, actor=editor).working_revision.photos.exists()


def test_show8_a_photo_goes_with_the_last_of_its_stories(client, illustrated, write, editor):
    article, files = illustrated
    photo = article.photos.first() or article.working_revision.cover
    other = write(title="Bài thứ hai", body=f'<figure data-photo="{photo.pk}"></figure>')
    soon = timezone.now() + dt.timedelta(minutes=10)
    services.publish_article(article=article, until=soon, actor=editor)
    services.publish_article(article=other, actor=editor)
    assert client.get(files[0]).headers["Cache-Control"] == "public, max-age=3600, s-maxage=1"
    services.withdraw_article(article=other, reason="Trùng bài.", actor=editor)
    assert client.get(files[0]).status_code == 200
    services.withdraw_article(article=article, reason="Sai.", actor=editor)
    assert client.get(files[0]).status_code == 404
