"""What the page of one article needs, in one query: article, cover, other news, versions of all that it shows."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from news.models.photo import Photo, count_photos

OTHER_NEWS = 8
LOOKED_AT = 60  # of the newest texts under each tag
_FRAME_SQL = """
SELECT concat_ws(' ', (SELECT concat(s.xmin, s.ctid) FROM portal_siteprofile s LIMIT 1),
  (SELECT string_agg(concat(f.xmin, f.ctid), '' ORDER BY f.id) FROM portal_fanpage f))
"""

#: Of another article `n`: readers have it at this moment.
LIVE = """n.withdrawn_at IS NULL AND n.published_revision_id IS NOT NULL AND n.published_at <= %(now)s
      AND (n.expires_at IS NULL OR n.expires_at > %(now)s)"""
# `xmin` and `ctid` change with every new state of a row: together they are a version that no writer can forget to
# count up, so a page kept in memory is never older than the rows it was made of.
_SQL = """
SELECT a.id, a.slug, a.published_at, a.changed_at, a.withdrawn_at, a.withdrawn_reason, a.figures, a.expires_at,
  a.published_revision_id IS NOT NULL AND a.withdrawn_at IS NULL AND a.published_at <= %(now)s
    AND (a.expires_at IS NULL OR a.expires_at > %(now)s) AS is_public,
  c.slug AS category_slug, c.name AS category_name, r.title, r.lead, r.body_html, r.byline, r.source,
  r.is_photo_story,
  p.id AS shared_id, p.file AS cover_file, p.width AS cover_width, p.height AS cover_height,
  p.renditions AS cover_copies,
  concat_ws(' ', a.xmin, a.ctid, c.xmin, c.ctid, r.xmin, r.ctid, p.xmin, p.ctid) AS version,
  (FRAME) AS frame_version,
  (SELECT json_agg(json_build_array(t.name, t.slug, t.is_series) ORDER BY t.is_series DESC, t.name)
    FROM news_articlerevision_tags rt JOIN news_tag t ON t.id = rt.tag_id
    WHERE rt.articlerevision_id = r.id)::text AS tags,
  (WITH beside AS (
    (SELECT n.id, 2 AS far FROM news_article n WHERE n.category_id = a.category_id AND n.id <> a.id AND LIVE
      ORDER BY n.published_at DESC, n.id DESC LIMIT %(count)s)
    UNION ALL
    (SELECT n.id, CASE WHEN t.is_series THEN 0 ELSE 1 END FROM news_articlerevision_tags rt
      JOIN news_tag t ON t.id = rt.tag_id
      CROSS JOIN LATERAL (SELECT x.articlerevision_id FROM news_articlerevision_tags x WHERE x.tag_id = t.id
        ORDER BY x.id DESC LIMIT %(looked_at)s) near
      JOIN news_article n ON n.published_revision_id = near.articlerevision_id
      WHERE rt.articlerevision_id = r.id AND n.id <> a.id AND LIVE))
   SELECT json_agg(json_build_array(o.id, o.slug, o.title, o.published_at, o.section)) FROM (
    SELECT n.id, n.slug, n.published_at, nr.title, nc.slug AS section
    FROM (SELECT id, min(far) AS far FROM beside GROUP BY id) b JOIN news_article n ON n.id = b.id
    JOIN news_articlerevision nr ON nr.id = n.published_revision_id JOIN news_category nc ON nc.id = n.category_id
    ORDER BY b.far, n.published_at DESC, n.id DESC LIMIT %(count)s) o)::text AS other_news
FROM news_article a
JOIN news_category c ON c.id = a.category_id
LEFT JOIN news_articlerevision r ON r.id = a.published_revision_id
LEFT JOIN news_photo p ON p.id = coalesce(r.cover_id, r.share_photo_id)
WHERE a.id = %(id)s
""".replace("FRAME", _FRAME_SQL, 1).replace("LIVE", LIVE)  # nosec B608 - fixed texts


def frame_version() -> str:
    """Return the version of what stands around every page: the association's facts and its fanpages."""
    with connection.cursor() as cursor:
        cursor.execute(_FRAME_SQL)
        return str(cursor.fetchone()[0])


@dataclass(frozen=True)
class OtherNews:
    """A line of "Other news": title, address, day."""

    title: str
    url: str
    published_at: dt.datetime


@dataclass(frozen=True)
class TagLink:
    """A tag or series of an article, and where the others of it are."""

    name: str
    url: str
    is_series: bool


@dataclass(frozen=True)
class Reading:
    """An article as its readers get it. Without a published revision its texts are None and it is not public."""

    id: int
    slug: str
    published_at: dt.datetime
    changed_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str
    figures: str
    expires_at: dt.datetime | None
    is_public: bool
    category_slug: str
    category_name: str
    title: str
    lead: str
    body_html: str
    byline: str
    source: str
    is_photo_story: bool
    shared_id: int | None  # of the cover, or else of the first photo
    cover_file: str
    cover_width: int
    cover_height: int
    cover_copies: str
    version: str  # of the article itself
    frame_version: str  # of what stands around every page: the association and its fanpages
    tags: str | None
    other: str | None

    @classmethod
    def find(cls, article_id: int, now: dt.datetime) -> Reading | None:
        """Return the article with this id as of a moment, whatever its state; None when there is none."""
        with connection.cursor() as cursor:
            cursor.execute(_SQL, {"id": article_id, "now": now, "count": OTHER_NEWS, "looked_at": LOOKED_AT})
            row = cursor.fetchone()
        return cls(*row) if row else None

    @property
    def was_withdrawn_from_readers(self) -> bool:
        """Whether readers had it before it was taken back: only then does the address say so."""
        return self.withdrawn_at is not None and self.title is not None and self.published_at <= self.withdrawn_at

    @cached_property
    def url(self) -> str:
        """The article's one address, without the site."""
        return reverse("article_detail", args=[self.category_slug, self.slug, self.id])

    @property
    def address(self) -> str:
        """The article's one address, with the site: canonical, shared, in the QR code."""
        return f"{settings.SITE_URL}{self.url}"

    @property
    def category_url(self) -> str:
        """The address of its section."""
        return reverse("category_detail", args=[self.category_slug])

    @property
    def modified_at(self) -> dt.datetime:
        """The last change that readers see."""
        return self.changed_at or self.published_at

    @property
    def photo_count(self) -> int:
        """How many photos its readers find in the text."""
        return count_photos(self.body_html)

    @property
    def figure_list(self) -> list[dict[str, Any]]:
        """The figures the article took over from a report."""
        found: list[dict[str, Any]] = json.loads(self.figures)
        return found

    @property
    def short_address(self) -> str:
        """The address that never changes, short enough for a code on paper and to be typed."""
        return f"{settings.SITE_URL}{reverse('article_short', args=[self.id])}"

    @property
    def share_photo(self) -> Photo | None:
        """The photo that stands for the article elsewhere: its cover, or else the first one of its text."""
        if self.shared_id is None:
            return None
        return Photo(
            pk=self.shared_id, width=self.cover_width, height=self.cover_height,
            renditions=json.loads(self.cover_copies), file=self.cover_file,
        )  # fmt: skip

    @property
    def cover_images(self) -> list[str]:
        """Addresses of that photo's JPEG copies, wide first, for search engines."""
        if self.shared_id is None:
            return []
        copies = [copy for copy in json.loads(self.cover_copies) if copy["format"] in ("jpeg", "share")]
        paths = [copy["path"] for copy in sorted(copies, key=lambda copy: -copy["width"])] or [self.cover_file]
        return [f"{settings.SITE_URL}{default_storage.url(path)}" for path in paths]

    @property
    def tag_list(self) -> list[TagLink]:
        """Its series and its tags."""
        rows = json.loads(self.tags) if self.tags else []
        return [TagLink(name, reverse("tag_detail", args=[slug]), series) for name, slug, series in rows]

    @property
    def other_news(self) -> list[OtherNews]:
        """Other public articles: of the same series, then of the same tags, then of the section, each newest first."""
        rows = json.loads(self.other) if self.other else []
        return [
            OtherNews(title, reverse("article_detail", args=[section, slug, pk]), dt.datetime.fromisoformat(at))
            for pk, slug, title, at, section in rows
        ]
