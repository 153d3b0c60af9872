"""The demo's sections, photos and stories, put in through the newsroom's own services."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_time

from news.models import Article, Category
from news.services import add_photo, create_article, create_category, publish_article
from portal.models import Unit, User
from reports.management.demo.tree import FOLDER, read

NOTICES = "thong-bao"


def tell_the_stories(*, unit: Unit, writer: User, editor: User) -> int:
    """Make sections and stories; return how many stories there are. The writer writes, the editor publishes."""
    data = read("stories.json")
    sections = {
        row["slug"]: create_category(actor=editor, is_notice=row["slug"] == NOTICES, **row)
        for row in data["categories"]
    }
    for story in data["stories"]:
        _publish(story, section=sections[story["category"]], unit=unit, writer=writer, editor=editor)
    return len(data["stories"])


def _publish(story: dict[str, Any], *, section: Category, unit: Unit, writer: User, editor: User) -> Article:
    body, cover = story["body"], None
    for place in story["photos"]:
        words = {name: place[name] for name in ("caption", "alt", "credit")}
        with (FOLDER / "photos" / place["file"]).open("rb") as file:
            photo = add_photo(file=file, name=place["file"], actor=writer, **words)
        cover = cover or photo
        body = body.replace(f'data-photo="{place["file"]}"', f'data-photo="{photo.pk}"', 1)
    article = create_article(
        category=section, unit=unit, title=story["title"], lead=story["lead"], body=body,
        byline=story["byline"], source=story["source"], cover=cover,
        is_photo_story=story.get("is_photo_story", False), actor=writer,
    )  # fmt: skip
    return publish_article(article=article, at=_moment(story), actor=editor)


def _moment(story: dict[str, Any]) -> datetime.datetime:
    """When the story was published; one that would lie ahead goes back by whole years."""
    now = timezone.now()
    if "published_at" in story:
        moment = datetime.datetime.fromisoformat(story["published_at"])
    else:
        day = timezone.localdate() - datetime.timedelta(days=story["days_ago"])
        moment = timezone.make_aware(datetime.datetime.combine(day, parse_time(story["time"]) or datetime.time(8)))
    while moment > now:
        moment = moment.replace(year=moment.year - 1)
    return moment
