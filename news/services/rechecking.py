"""What should stay true is looked at again: by which day, and who found it still right."""

from __future__ import annotations

import calendar
import datetime as dt

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, Category, Document, Recheck
from news.services.locking import lock_article
from news.services.review import demand_section
from portal import audit
from portal.models import User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs
from portal.services.versions import Beside, check_version, lock_row

USUAL_MONTHS = 12
MOST_MONTHS = 60  # nobody puts a look off for longer at once
_ARTICLE_ACTIONS = {
    "right": audit.Action.ARTICLE_RECHECK,
    "day": audit.Action.ARTICLE_RECHECK_DAY,
    "end": audit.Action.ARTICLE_RECHECK_END,
}
_DOCUMENT_ACTIONS = {
    "right": audit.Action.DOCUMENT_RECHECK,
    "day": audit.Action.DOCUMENT_RECHECK_DAY,
    "end": audit.Action.DOCUMENT_RECHECK_END,
}


def recheck_of(subject: Article | Document) -> Recheck:
    """Return when it is checked again (one query); not saved where nobody has said."""
    is_article = isinstance(subject, Article)
    found = Recheck.objects.filter(**{"article" if is_article else "document": subject}).first()
    return found or (Recheck(article=subject) if isinstance(subject, Article) else Recheck(document=subject))


def next_day(subject: Article | Document, today: dt.date) -> dt.date:
    """Return the day that is proposed for the next look: after the section's months, or a year."""
    months = subject.category.recheck_months if isinstance(subject, Article) else None
    return _months_after(today, months or USUAL_MONTHS)


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def recheck_article(
    *, article: Article, due_on: dt.date | None, is_right: bool = False, version: str | None = None, actor: User
) -> Article:
    """Say by which day an article is looked at again (None: never), and whether it was found right now.

    Raises ConflictError when the article or its day is another than the page showed, ValidationError for an article
    that readers do not have and for a day that has come or is too far.
    """
    article = lock_article(article, None)
    recheck = recheck_of(article)
    check_version(article, version, Beside(recheck))
    demand_section(actor, article)
    if due_on is not None and article.state_now != Article.State.PUBLISHED:
        raise ValidationError(_("Readers do not have this article: there is nothing to check."))
    verb = _settle(recheck, due_on, actor if is_right else None)
    action = _ARTICLE_ACTIONS[verb]
    audit.record(actor=actor, action=action, target=article, unit=article.unit, detail=_tell(due_on))
    return article


@needs(Permission.PUBLISH_ARTICLE, on="document.unit")
def recheck_document(
    *, document: Document, due_on: dt.date | None, is_right: bool = False, version: str | None = None, actor: User
) -> Document:
    """Say by which day a document is looked at again, as `recheck_article` does of an article."""
    document = lock_row(Document.objects.select_related("unit"), document)
    recheck = recheck_of(document)
    check_version(document, version, Beside(recheck))
    if due_on is not None and document.withdrawn_at is not None:
        raise ValidationError(_("This document has been withdrawn: there is nothing to check."))
    verb = _settle(recheck, due_on, actor if is_right else None)
    action = _DOCUMENT_ACTIONS[verb]
    audit.record(actor=actor, action=action, target=document, unit=document.unit, detail=_tell(due_on))
    return document


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def recheck_published(*, article: Article, is_new_text: bool, actor: User) -> bool:
    """Give an article of a section that is checked again its day, a later one with a new text; say whether it has one.

    A day that somebody set for later stays, and so does the day of an article whose section asks for none.
    """
    months = article.category.recheck_months
    if months is None:
        return False
    recheck = recheck_of(article)
    due_on = _first_look(article, months)
    if recheck.pk is None or (is_new_text and recheck.due_on < due_on):
        recheck.due_on = due_on
        recheck.save()
        audit.record(
            actor=actor, action=audit.Action.ARTICLE_RECHECK_DAY, target=article, unit=article.unit,
            detail=_tell(due_on),
        )  # fmt: skip
    return True


@needs(Permission.PUBLISH_ARTICLE, Permission.ISSUE_REPORT, on="article.unit")
def recheck_today(*, article: Article, actor: User) -> bool:
    """Let an article that readers have or will have be looked at from today on: what it was made from has changed.

    Returns whether it was not due already.
    """
    article = lock_article(article, None)
    recheck, today = recheck_of(article), timezone.localdate()
    is_known = recheck.pk is not None and recheck.due_on <= today
    if is_known or article.state_now not in {Article.State.PUBLISHED, Article.State.SCHEDULED}:
        return False
    recheck.due_on = today
    recheck.save()
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_RECHECK_DAY, target=article, unit=article.unit, detail=_tell(today)
    )
    return True


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def recheck_section(*, category: Category, actor: User) -> int:
    """Give the articles that a section has for readers, now or at a time that is set, their day; return how many.

    Those that have a day keep it. Nothing is done where the section asks for none.
    """
    if category.recheck_months is None:
        return 0
    public = Article.objects.filter(category=category, published_revision__isnull=False, withdrawn_at__isnull=True)
    new = [
        Recheck(article=article, due_on=_first_look(article, category.recheck_months))
        for article in public.filter(recheck=None).only("pk", "published_at")
    ]
    Recheck.objects.bulk_create(new, ignore_conflicts=True)  # one may be published, and get its day, at this moment
    return len(new)


def _first_look(article: Article, months: int) -> dt.date:
    """Return the day after so many months, counted from when readers have it."""
    today = timezone.localdate()
    return _months_after(max(today, timezone.localdate(article.published_at or timezone.now())), months)


def _settle(recheck: Recheck, due_on: dt.date | None, found_right_by: User | None) -> str:
    """Write the day down, or that there is none any more; return what was done."""
    if due_on is None:
        if recheck.pk is None:
            raise ValidationError({"due_on": _("Write the day by which it should be checked again.")})
        recheck.delete()
        return "end"
    today = timezone.localdate()
    if due_on <= today:
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    if due_on > _months_after(today, MOST_MONTHS):
        raise ValidationError({"due_on": _("Choose a day within the next five years.")})
    recheck.due_on = due_on
    if found_right_by is not None:
        recheck.checked_by, recheck.checked_at = found_right_by, timezone.now()
    recheck.save()
    return "right" if found_right_by is not None else "day"


def _tell(due_on: dt.date | None) -> dict[str, object]:
    return {"due_on": due_on.isoformat() if due_on else ""}


def _months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of a later month, or the last one of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
