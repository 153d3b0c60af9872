"""What readers read, written down many at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import connection
from django.utils import timezone

from news.models import LIVE
from portal.services.refusals import needs_nothing

# Rows are written in one order, so that two processes wait for each other and never clash.
_WRITE = f"""
INSERT INTO news_readcount (article_id, day, count)
SELECT n.id, v.day, v.count FROM unnest(%(ids)s::bigint[], %(days)s::date[], %(counts)s::int[]) AS v (id, day, count)
JOIN news_article n ON n.id = v.id WHERE {LIVE}
ORDER BY n.id, v.day
ON CONFLICT (article_id, day) DO UPDATE SET count = news_readcount.count + EXCLUDED.count
"""  # noqa: S608 - fixed texts # nosec B608


@needs_nothing("whoever reads is counted; the page that tells bounds how often")
def count_reads(counts: Mapping[tuple[int, dt.date], int]) -> int:
    """Add reads by article and day, in one statement, and return of how many days of articles.

    Of what readers do not have at this moment none are kept.
    """
    ids, days, numbers = [], [], []
    for (article_id, day), number in counts.items():
        ids.append(article_id)
        days.append(day)
        numbers.append(number)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"ids": ids, "days": days, "counts": numbers, "now": timezone.now()})
        return int(cursor.rowcount)
