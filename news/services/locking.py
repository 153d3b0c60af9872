"""An article under lock, with what its services look at."""

from __future__ import annotations

from news.models import Article
from portal.services.versions import lock_row


def lock_article(article: Article, version: str | None) -> Article:
    """Return the article under lock, as the page showed it; raise ConflictError when it is another by now."""
    related = ("category", "unit", "working_revision", "published_revision")
    return lock_row(Article.objects.select_related(*related), article, version)
