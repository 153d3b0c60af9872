"""Which articles lead the home page, in which order, and how long."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article
from news.services.locking import lock_article
from portal import audit
from portal.models import SiteProfile, User
from portal.permissions import ROOT, Permission
from portal.services.refusals import ForbiddenError, holds, needs

MOST_LEADING = 5


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def pin_article(*, article: Article, until: dt.datetime, version: str | None = None, actor: User) -> Article:
    """Let a public article lead the home page until a moment, after those that lead it already.

    Raises ValidationError for one that readers do not have or that leads already, and where no place is left.
    """
    article = lock_article(article, version)
    if article.state_now != Article.State.PUBLISHED:
        raise ValidationError({"article": _("Only an article that readers have now can lead the home page.")})
    if until <= timezone.now():
        raise ValidationError({"until": _("This time has passed.")})
    set_pin(article, until, actor)
    article.save(update_fields=["pinned_until", "pinned_order"])
    audit.record(actor=actor, action=audit.Action.ARTICLE_PIN, target=article, unit=article.unit)
    return article


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def unpin_article(*, article: Article, version: str | None = None, actor: User) -> Article:
    """Put an article that leads the home page back to its place by date."""
    article = lock_article(article, version)
    set_pin(article, None, actor)
    article.save(update_fields=["pinned_until", "pinned_order"])
    audit.record(actor=actor, action=audit.Action.ARTICLE_UNPIN, target=article, unit=article.unit)
    return article


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def move_pin(*, article: Article, step: int, version: str | None = None, actor: User) -> Article:
    """Let an article change places with the one before it (`step` -1) or after it (1); at the end nothing moves."""
    leading = list(Article.objects.leading().select_for_update().order_by("pk"))
    article = lock_article(article, version)
    order = sorted(leading, key=lambda one: (one.pinned_order, one.pk))
    place = next((number for number, one in enumerate(order) if one.pk == article.pk), None)
    if place is None:
        raise ValidationError(_("This article does not lead the home page any more."))
    order.insert(max(0, place + step), order.pop(place))
    for number, one in enumerate(order, start=1):
        if one.pinned_order != number:
            Article.objects.filter(pk=one.pk).update(pinned_order=number)
    audit.record(actor=actor, action=audit.Action.ARTICLE_MOVE_PIN, target=article, unit=article.unit)
    return article


def set_pin(article: Article, until: dt.datetime | None, person: User) -> None:
    """Set how long a locked article leads the home page, which is the whole site's; not saved yet.

    Raises ForbiddenError for whoever does not steer the home page, ValidationError where no place is left.
    """
    if not person.is_system and not holds(person, Permission.PUBLISH_ARTICLE, ROOT):
        raise ForbiddenError({"pinned_until": _("Only editors of the whole site choose what leads the home page.")})
    list(SiteProfile.objects.select_for_update(no_key=True).values_list("pk"))  # the places are given one at a time
    leading = Article.objects.leading().exclude(pk=article.pk)
    if until is not None and leading.count() >= MOST_LEADING:
        sentence = _("%(count)d articles lead the home page already: take one of them off first.")
        raise ValidationError(sentence % {"count": MOST_LEADING})
    if until is None or not article.pinned_order:
        article.pinned_order = 0 if until is None else (leading.aggregate(last=Max("pinned_order"))["last"] or 0) + 1
    article.pinned_until = until
