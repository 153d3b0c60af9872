"""An article under lock, with what its services look at."""

from __future__ import annotations

from news.models import Article
from portal.models import User
from portal.services.versions import lock_row


def lock_article(article: Article, version: str | None) -> Article:
    """Return the article under lock, as the page showed it; raise ConflictError when it is another by now."""
    related = ("category", "unit", "working_revision", "published_revision")
    return lock_row(Article.objects.select_related(*related), article, version)


def wait_for_others(article: Article | None, person: User) -> None:
    """Let files for one article, or for the new forms of one person, come in one after the other.

    What is sent twice at the same moment is then found by the second.
    """
    rows = User.objects.filter(pk=person.pk) if article is None else Article.objects.filter(pk=article.pk)
    list(rows.select_for_update(no_key=True).values_list("pk"))
