"""Articles that are taken back, and what their readers are led to."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article
from news.services.articles import search_ref
from news.services.locking import lock_article
from news.services.review import demand_section
from portal import audit
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs, require_reason
from portal.services.search import drop_search_entry


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def withdraw_article(
    *,
    article: Article,
    reason: str,
    replacement: Article | None = None,
    is_merged: bool = False,
    version: str | None = None,
    actor: User,
) -> Article:
    """Take a public or scheduled article back. Its address goes on answering: withdrawn, since when and why.

    With a `replacement` it leads there as well; merged into it (`is_merged`), the address leads on at once. Raises
    ValidationError for an article that cannot be withdrawn, and for a replacement that readers do not have.
    """
    sentence = _("Say why the article is withdrawn: readers who have the link will see it.")
    reason = require_reason(reason, sentence)
    article = _lock_with(article, replacement, version)
    demand_section(actor, article)
    if article.published_revision_id is None:
        raise ValidationError(_("This article has not been published."))
    if article.withdrawn_at is not None:
        raise ValidationError(_("This article has been withdrawn already."))
    now = timezone.now()
    article.withdrawn_at, article.withdrawn_reason = now, reason
    _set_replacement(article, replacement, is_merged)
    article.save(update_fields=["withdrawn_at", "withdrawn_reason", "replacement", "is_merged"])
    drop_search_entry(ref=search_ref(article))
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_WITHDRAW, target=article, unit=article.unit,
        detail=_tell_replacement(article) if replacement else {}, reason_in=(article, "withdrawn_reason"),
    )  # fmt: skip
    return article


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def replace_article(
    *,
    article: Article,
    replacement: Article | None,
    is_merged: bool = False,
    version: str | None = None,
    actor: User,
) -> Article:
    """Say of a withdrawn article what is read instead, or (None) that nothing is; merged, its address leads on at once.

    Raises ValidationError for an article that is not withdrawn, and for a replacement that readers do not have.
    """
    article = _lock_with(article, replacement, version)
    demand_section(actor, article)
    if article.withdrawn_at is None:
        raise ValidationError(_("This article is not withdrawn: its readers read it itself."))
    _set_replacement(article, replacement, is_merged)
    article.save(update_fields=["replacement", "is_merged"])
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_REPLACE, target=article, unit=article.unit,
        detail=_tell_replacement(article),
    )  # fmt: skip
    return article


def _lock_with(article: Article, replacement: Article | None, version: str | None) -> Article:
    """Lock both in the order of their numbers, so that two withdrawals that name each other wait and do not clash."""
    if replacement is not None:
        list(Article.objects.select_for_update().filter(pk__in=[article.pk, replacement.pk]).order_by("pk"))
    return lock_article(article, version)


def _set_replacement(article: Article, replacement: Article | None, is_merged: bool) -> None:
    if is_merged and replacement is None:
        raise ValidationError({"replacement": _("Name the article with which this one is one now.")})
    if replacement is not None:
        if replacement.pk == article.pk:
            raise ValidationError({"replacement": _("An article does not replace itself. Choose another one.")})
        if not Article.objects.published().filter(pk=replacement.pk).exists():
            sentence = _("Readers do not have “%(title)s”. Choose an article that is published now.")
            raise ValidationError({"replacement": sentence % {"title": replacement.title}})
        if article.published_at is not None and article.published_at > (article.withdrawn_at or timezone.now()):
            raise ValidationError({"replacement": _("Nobody has read this article yet: nothing is read instead.")})
    article.replacement, article.is_merged = replacement, is_merged


def _tell_replacement(article: Article) -> dict[str, object]:
    return {"replacement": article.replacement_id, "merged": article.is_merged}
