"""From a draft to a text that may be published: sent, returned, approved by somebody else, or published urgently."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from news.models import Article, ArticleRevision, Category, ReviewStep
from news.services.locking import lock_article
from portal import audit
from portal.models import SiteProfile, User
from portal.permissions import Permission
from portal.services.refusals import ConflictError, ForbiddenError, needs, require_reason
from portal.vocabulary import ReviewKind


@needs(Permission.WRITE_ARTICLE, on="article.unit")
def submit_article(*, article: Article, version: str | None = None, actor: User) -> Article:
    """Send the working text for approval. Raises ConflictError where it waits already or is approved."""
    article = lock_article(article, version)
    _expect(article, {None, ReviewKind.RETURNED})
    _step(article, ReviewKind.SENT, actor)
    audit.record(actor=actor, action=audit.Action.ARTICLE_SUBMIT, target=article, unit=article.unit)
    return article


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def return_article(*, article: Article, reason: str, version: str | None = None, actor: User) -> Article:
    """Give a text that waits back to its writer, saying why."""
    reason = require_reason(reason, _("Say what should be changed: the writer reads it."))
    article = lock_article(article, version)
    demand_section(actor, article)
    _expect(article, {ReviewKind.SENT, ReviewKind.APPROVED})
    step = _step(article, ReviewKind.RETURNED, actor, reason)
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_RETURN, target=article, unit=article.unit, reason_in=(step, "reason")
    )
    return article


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def approve_article(*, article: Article, version: str | None = None, actor: User) -> Article:
    """Say that a text which waits may be published; whoever wrote in it since readers last had it may not say so."""
    article = lock_article(article, version)
    demand_section(actor, article)
    _expect(article, {ReviewKind.SENT})
    _refuse_writers(article, actor)
    _step(article, ReviewKind.APPROVED, actor)
    audit.record(actor=actor, action=audit.Action.ARTICLE_APPROVE, target=article, unit=article.unit)
    return article


@needs(Permission.PUBLISH_ARTICLE, on="article.unit")
def confirm_article(*, article: Article, version: str | None = None, actor: User) -> Article:
    """Approve afterwards what was published urgently; not by whoever wrote or published it."""
    article = lock_article(article, version)
    demand_section(actor, article)
    step = unconfirmed_step(article)
    if step is None:
        raise ConflictError(_("Nothing of this article waits to be approved afterwards."), current=article)
    if actor.pk == step.made_by_id:
        raise ForbiddenError(_("You published this text yourself: somebody else must approve it."))
    _refuse_writers(article, actor, step.revision)
    ReviewStep.objects.create(revision=step.revision, kind=ReviewKind.CONFIRMED, made_by=actor)
    audit.record(actor=actor, action=audit.Action.ARTICLE_APPROVE, target=article, unit=article.unit)
    return article


def review_kind(article: Article) -> ReviewKind | None:
    """Return the last step of the working text; None while it is only written."""
    last = ReviewStep.objects.filter(revision=article.working_revision_id).order_by("-id").first()
    return ReviewKind(last.kind) if last else None


def unconfirmed_step(article: Article) -> ReviewStep | None:
    """Return the urgent publishing that nobody has approved afterwards; None where there is none."""
    return (
        ReviewStep.objects.select_related("revision")
        .filter(revision__article=article, kind=ReviewKind.URGENT)
        .exclude(revision__review_steps__kind=ReviewKind.CONFIRMED)
        .order_by("-id")
        .first()
    )


@needs(Permission.WRITE_ARTICLE, on="article.unit")
def keep_waiting(*, article: Article, kind: ReviewKind | None, reason: str, actor: User) -> bool:
    """Let the new state of a text wait for approval where the one before it waited or was approved (`kind`).

    The reason says what made it another: whoever approves sees it. An approval reaches no text that was saved after it.
    """
    if kind not in {ReviewKind.SENT, ReviewKind.APPROVED}:
        return False
    step = _step(article, ReviewKind.SENT, actor, reason)
    audit.record(
        actor=actor, action=audit.Action.ARTICLE_SUBMIT, target=article, unit=article.unit, reason_in=(step, "reason")
    )
    return True


def needs_second_person() -> bool:
    """Whether this association lets nobody publish what no second person has approved."""
    return SiteProfile.objects.filter(second_person=True).exists()


def check_second_person(article: Article, urgent_reason: str, person: User) -> ReviewStep | None:
    """Raise ValidationError where the working text needs an approval that it has not; an urgent reason is kept.

    A text that readers had already needs none again. Returns the step in which an urgent reason is kept.
    """
    if not needs_second_person() or article.working_revision_id == article.published_revision_id:
        return None
    if review_kind(article) in {ReviewKind.APPROVED, ReviewKind.URGENT, ReviewKind.CONFIRMED}:
        return None
    sentence = _("Nobody else has approved this text yet: send it for approval, or say why it cannot wait.")
    reason = require_reason(urgent_reason, sentence, field="urgent_reason")
    return _step(article, ReviewKind.URGENT, person, reason)


def demand_section(person: User, article: Article) -> None:
    """Raise ForbiddenError where the section, of readers' text or of the working one, has editors of its own."""
    sections = {one.category_id for one in (article, article.working_revision) if one is not None}
    for section in Category.objects.filter(pk__in=sections).prefetch_related("editors"):
        editors = list(section.editors.all())
        if editors and person not in editors and not person.is_system:
            names = ", ".join(one.full_name for one in editors)
            sentence = _("Only %(names)s may decide on articles of the section “%(section)s”.")
            raise ForbiddenError(sentence % {"names": names, "section": section.name})


def _expect(article: Article, kinds: set[ReviewKind | None]) -> None:
    kind = review_kind(article)
    if kind not in kinds:
        state = kind.label if kind else _("being written")
        raise ConflictError(
            _("Nothing was done: the state of this text is now “%(state)s”.") % {"state": state}, current=article
        )


def _refuse_writers(article: Article, actor: User, revision: ArticleRevision | None = None) -> None:
    """Raise ForbiddenError for whoever wrote in the text since the one that readers had before it."""
    last = (revision or article.working_revision or ArticleRevision()).number
    first = article.published_revision.number if revision is None and article.published_revision else 0
    written = article.revisions.filter(number__gt=first, number__lte=last)
    if written.filter(created_by=actor).exists():
        raise ForbiddenError(_("You wrote in this text yourself: somebody else must approve it."))


def _step(article: Article, kind: ReviewKind, actor: User, reason: str = "") -> ReviewStep:
    if article.working_revision is None:
        raise ValidationError(_("There is no text to publish."))
    step: ReviewStep = ReviewStep.objects.create(
        revision=article.working_revision, kind=kind, reason=reason, made_by=actor
    )
    return step
