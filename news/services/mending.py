"""A typo in a live article, put right in one step: words alone, nothing that changes what the article is."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from news.models import Article, ArticleRevision, PhotoWords
from news.services.articles import ArticleText, compare_fields, keep_findable, keep_revision, make_revision
from news.services.locking import lock_article
from news.services.photos import photo_problems
from news.services.review import check_second_person, demand_section
from portal import audit
from portal.lib.vietnamese import normalize
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs

_TAG = re.compile(r'(<[^">]*(?:"[^"]*"[^">]*)*>)')  # of clean HTML: a sign ">" may stand in a value


def text_parts(revision: ArticleRevision) -> dict[int, str]:
    """Return the words between the marks of a text, by their place in it."""
    pieces = _TAG.split(revision.body)
    return {
        place: html.unescape(piece).strip() for place, piece in enumerate(pieces) if not place % 2 and piece.strip()
    }


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def mend_article(
    *,
    article: Article,
    version: str | None = None,
    title: str,
    lead: str,
    texts: Mapping[int, str],
    photo_words: Mapping[int, PhotoWords],
    urgent_reason: str = "",
    actor: User,
) -> Article:
    """Give readers the article with other words in its title, lead, text and captions; a new state keeps the old one.

    `texts` are the words by their place (`text_parts`); places not named stay as they are. Raises ValidationError where
    readers do not have the article, where changes wait that this would publish with it, and where a second person's
    approval is needed and not put off with a reason.
    """
    article = lock_article(article, version)
    demand_section(actor, article)
    if article.state_now != Article.State.PUBLISHED:
        raise ValidationError(_("Only an article that readers have now is corrected so."))
    if article.has_unpublished_changes:
        raise ValidationError(_("Changes of this article wait to be published: correct the mistake in them."))
    before = article.shown
    if not normalize(lead):
        raise ValidationError({"lead": _("Write the lead: it is shown in bold above the text and in every list.")})
    values = ArticleText(
        category=before.category, title=title, lead=lead, body=_put_in(before, texts), byline=before.byline,
        source=before.source, cover=before.cover, photo_words=photo_words, tags=list(before.tags.all()),
    )  # fmt: skip
    revision = make_revision(article, actor, values)
    changed = compare_fields(before, revision)
    if not changed:
        raise ValidationError(_("Nothing has been changed."))
    keep_revision(article, revision)
    if problems := photo_problems(revision):
        raise ValidationError([problem.sentence for problem in problems])
    urgent = check_second_person(article, urgent_reason, actor)
    article.published_revision = revision
    article.tell_change()
    article.title, article.slug = revision.title, revision.slug
    article.save()
    keep_findable(article)
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_MEND, target=article, unit=article.unit, fields=changed,
        detail={"revision": revision.number}, reason_in=(urgent, "reason") if urgent else None,
    )  # fmt: skip
    return article


def _put_in(revision: ArticleRevision, texts: Mapping[int, str]) -> str:
    """Return the text with other words at these places and the marks as they are."""
    pieces, known = _TAG.split(revision.body), text_parts(revision)
    for place, text in texts.items():
        if place in known and normalize(text) != normalize(known[place]):
            piece = pieces[place]
            start, end = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
            pieces[place] = f"{start}{html.escape(normalize(text), quote=False)}{end}"
    return "".join(pieces)
