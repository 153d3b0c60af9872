"""What leads the home page is chosen and ordered by its editors, and seen by the next reader."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import Article, Category
from portal.lib.qr import qr_svg
from portal.models import AuditEntry, Fanpage, Highlight, User
from portal.services.refusals import ForbiddenError
from portal.services.versions import version_of
from portal.vocabulary import Role
from scholarships.services.programmes import create_programme, update_programme
from tests import factories


@pytest.fixture
def later():
    return timezone.now() + dt.timedelta(days=1)


def heads(client) -> list[str]:
    """Addresses of the articles that lead the home page, in their order."""
    grid = client.get("/").content.decode().partition("lead-grid")[2].partition("</ul>")[0]
    return re.findall(r'<h[23] class="story-title"><a href="([^"]+)"', grid)


def test_p13_editors_choose_order_and_take_off_what_leads_and_the_next_reader_sees_it(
    client, client_of, publish, editor, clock, later, site_profile
):
    stories = [publish(title=f"Bài số {number}") for number in range(8)]
    newest = [one.get_absolute_url() for one in reversed(stories)]
    assert heads(client) == newest[:5]
    desk, page = client_of(editor), reverse("lead_list")
    for one in stories[:2]:
        assert desk.post(page, {"article": one.pk, "until": f"{later:%d/%m/%Y}"}).status_code == 302
    first, second = (one.get_absolute_url() for one in stories[:2])
    assert heads(client) == [first, second, *newest[:3]]
    assert "Tin tiêu điểm" in client.get("/").content.decode()
    row = Article.objects.get(pk=stories[1].pk)
    url = reverse("lead_update", args=[row.pk])
    assert desk.post(url, {"step": "up", "version": "x"}).status_code == 409
    assert desk.post(url, {"step": "up", "version": version_of(row)}).status_code == 302
    assert heads(client)[:2] == [second, first]
    row.refresh_from_db()
    assert desk.post(url, {"version": version_of(row)}).status_code == 302
    assert heads(client) == [first, *newest[:4]]
    services.withdraw_article(article=stories[0], reason="Sai.", actor=editor)
    assert heads(client) == newest[:5]  # its place is filled by the newest
    assert set(AuditEntry.objects.filter(action__contains="pin").values_list("action", flat=True)) == {
        "news.article.pin", "news.article.move_pin", "news.article.unpin",
    }  # fmt: skip


def test_p13_a_place_ends_by_itself_and_no_more_lead_than_there_are_places(client, publish, editor, clock, later):
    stories = [publish(title=f"Bài số {number}") for number in range(7)]
    for one in stories[:5]:
        services.pin_article(article=one, until=later, actor=editor)
    with pytest.raises(ValidationError, match="5 bài"):
        services.pin_article(article=stories[5], until=later, actor=editor)
    assert heads(client) == [one.get_absolute_url() for one in stories[:5]]
    clock(later)
    assert heads(client) == [one.get_absolute_url() for one in reversed(stories[2:])]


def test_p13_only_what_readers_have_leads_and_only_editors_of_the_site_say_so(
    client_of, publish, write, editor, contributor, tree, later
):
    draft, live = write(), publish()
    with pytest.raises(ValidationError, match="đang có"):
        services.pin_article(article=draft, until=later, actor=editor)
    with pytest.raises(ValidationError, match="đã qua"):
        services.pin_article(article=live, until=timezone.now(), actor=editor)
    ward = factories.make_user("bien.tap.nq", role=Role.EDITOR, unit=tree["NGOQUYEN"])
    for person in (contributor, ward):
        assert client_of(person).get(reverse("lead_list")).status_code == 403
    own = write(unit=tree["NGOQUYEN"], actor=ward)
    with pytest.raises(ForbiddenError):
        services.publish_article(article=own, pinned_until=later, actor=ward)
    page = client_of(ward).get(reverse("newsroom_publish", args=[own.pk]))
    assert "pinned_until" not in page.context["form"].fields
    services.publish_article(article=own, actor=ward)
    assert not Article.objects.leading().exists()


def test_programmes_that_are_open_now_stand_on_the_home_page_until_their_last_day(client, tree, clock, site_profile):
    today, system = timezone.localdate(), User.objects.system()
    values = {"unit": tree["HP"], "kind": "scholarship", "is_public": True, "actor": system}
    ends = today + dt.timedelta(days=3)
    programme = create_programme(name="Học bổng mùa xuân", closes_on=ends, **values)
    create_programme(name="Không hạn", **values)
    create_programme(name="Chưa mở", opens_on=ends, closes_on=ends, **values)
    text = client.get("/").content.decode()
    assert "Học bổng mùa xuân" in text
    assert "Không hạn" not in text
    assert "Chưa mở" not in text
    assert f"đến {ends:%d/%m/%Y}" in text
    now = timezone.now()
    clock(now + dt.timedelta(days=4))
    assert "Học bổng mùa xuân" not in client.get("/").content.decode()
    clock(now)
    update_programme(programme=programme, is_public=False, actor=system)
    assert Highlight.objects.filter(is_line=True).count() == 1


def test_the_newest_five_notices_stand_on_the_home_page_and_lead_nothing(client, publish, section, site_profile):
    notices = Category.objects.create(name="Thông báo", slug="thong-bao", position=9, is_notice=True)
    publish(title="Một bài thường")
    told = [publish(title=f"Thông báo số {number}", category=notices) for number in range(7)]
    page = client.get("/").content.decode()
    assert [one for one in told if one.get_absolute_url() in page] == told[2:]
    assert not {one.get_absolute_url() for one in told} & set(heads(client))


def test_a_fanpage_stands_on_the_home_page_with_a_code_that_opens_it(client, site_profile):
    url = "https://www.facebook.com/hoikhuyenhoc"
    assert url not in client.get("/").content.decode()
    Fanpage.objects.create(name="Khuyến học", owner="Hội Khuyến học", url=url, position=1)
    page = client.get("/").content.decode()
    assert f'href="{url}"' in page
    assert qr_svg(url, title="Khuyến học") in page  # what it says is read back in tests/portal/test_qr.py
