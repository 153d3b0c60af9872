"""Stories and photos for the tests of the news, and a clock that stands where a test puts it."""

from __future__ import annotations

import datetime as dt
import io

import pillow_heif
import pytest
from django.utils import timezone
from PIL import Image

from news import services
from news.models import Article, Category
from portal.lib.vietnamese import TIME_ZONE
from portal.models import SiteProfile
from portal.vocabulary import Role
from tests import factories

pillow_heif.register_heif_opener()
SEVEN_THIRTY = dt.datetime(2023, 7, 21, 7, 30, tzinfo=TIME_ZONE)


@pytest.fixture
def clock(monkeypatch):
    """Set the time of the whole program: clock(moment)."""

    def set_time(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_time


@pytest.fixture
def section(db) -> Category:
    return Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)


@pytest.fixture
def write(section, editor, tree):
    """Make a draft: write(title=..., ...)."""

    def make(**values) -> Article:
        defaults = {
            "category": section,
            "unit": tree["HP"],
            "title": "Trao học bổng tại Đồ Sơn",
            "lead": "Hội trao học bổng.",
            "body": "<p>Các em nhận học bổng./.</p>",
            "actor": editor,
        }
        return services.create_article(**(defaults | values))

    return make


@pytest.fixture
def publish(write, editor):
    """Make a draft and publish it: publish(at=..., title=..., ...)."""

    def make(at: dt.datetime | None = None, until: dt.datetime | None = None, **values) -> Article:
        return services.publish_article(article=write(**values), at=at, until=until, actor=editor)

    return make


def picture(size=(640, 480), kind="JPEG", colour=(200, 60, 40), **options) -> io.BytesIO:
    """A picture with a gradient, so that no two sizes have the same bytes."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image.paste(colour, (0, 0, size[0] // 2, size[1] // 3))
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    stream.seek(0)
    stream.name = f"anh.{kind.lower()}"
    return stream


@pytest.fixture
def second(tree):
    """Another editor of the city."""
    return factories.make_user("editor2", role=Role.EDITOR, unit=tree["HP"], full_name="Biên tập viên Hai")


@pytest.fixture
def two_persons(site_profile):
    """The association asks that a second person approves."""
    SiteProfile.objects.update(second_person=True)
