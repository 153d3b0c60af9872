"""Readers' words to the editors, and drafts shown by a link."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, DraftLink, DraftOpening, ReaderNote
from portal import audit
from portal.lib.vietnamese import normalize, normalize_lines
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import needs, needs_nothing
from portal.services.texts import fitting
from portal.services.versions import lock_row

SHORTEST_NOTE, LONGEST_NOTE = 5, 3000
DAYS_OF_A_LINK = 7
OPENINGS_KEPT = 200  # of one link


@needs_nothing("whoever reads may write to the editors; the page bounds how often")
def send_note(
    *, text: str, name: str = "", contact: str = "", article: Article | None = None, link: DraftLink | None = None
) -> ReaderNote:
    """Keep what a reader wrote, for the editors of the article's unit or (without one) of the association itself.

    At a `link` it is a remark on that state of a draft, whose writer says who they are: nobody else knows. Raises
    ValidationError for a text that says nothing or is too long, and for such a remark without a name.
    """
    if link is not None:
        article = link.revision.article
        if not normalize(name):
            raise ValidationError({"name": _("Write your name: the editors cannot see who opens the link.")})
    text = normalize_lines(text)
    if len(text) < SHORTEST_NOTE:
        raise ValidationError({"text": _("Write what you want to say.")})
    if len(text) > LONGEST_NOTE:
        sentence = _("The text has %(count)d letters; at most %(most)d fit. Shorten it.")
        raise ValidationError({"text": sentence % {"count": len(text), "most": LONGEST_NOTE}})
    unit = article.unit if article else Unit.objects.roots(timezone.localdate()).order_by("pk").first()
    if unit is None:
        raise ValidationError(_("There is nobody yet who could read this. Please write by post or ring."))
    return ReaderNote.objects.create(
        article=article, draft_link=link, unit=unit, text=text,
        name=fitting(ReaderNote, "name", name), contact=fitting(ReaderNote, "contact", contact),
    )  # fmt: skip


@needs(Permission.PUBLISH_ARTICLE, on="note.unit")
def settle_note(*, note: ReaderNote, version: str | None = None, actor: User) -> ReaderNote:
    """Mark what a reader wrote as dealt with. Raises ConflictError when somebody else has changed it since."""
    note = lock_row(ReaderNote.objects.all(), note, version)
    note.settled_at, note.settled_by = timezone.now(), actor
    note.save(update_fields=["settled_at", "settled_by"])
    audit.record(actor=actor, action=audit.Action.NOTE_SETTLE, target=note, unit=note.unit)
    return note


@needs(Permission.WRITE_ARTICLE, on="article.unit")
def make_draft_link(*, article: Article, version: str | None = None, actor: User) -> DraftLink:
    """Make a link at which the article's working text may be read for seven days without an account."""
    article = lock_row(Article.objects.select_related("working_revision", "unit"), article, version)
    if article.working_revision is None:
        raise ValidationError(_("There is no text to show."))
    ends = timezone.now() + dt.timedelta(days=DAYS_OF_A_LINK)
    link = DraftLink.objects.create(
        revision=article.working_revision, key=secrets.token_urlsafe(32), made_by=actor, ends_at=ends
    )
    detail = {"revision": article.working_revision.number}
    audit.record(actor=actor, action=audit.Action.ARTICLE_SHARE, target=article, unit=article.unit, detail=detail)
    return link


@needs(Permission.WRITE_ARTICLE, on="link.revision.article.unit")
def revoke_draft_link(*, link: DraftLink, version: str | None = None, actor: User) -> DraftLink:
    """End a link now: it answers like one that never was."""
    link = lock_row(DraftLink.objects.select_related("revision__article__unit"), link, version)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        article = link.revision.article
        audit.record(actor=actor, action=audit.Action.ARTICLE_UNSHARE, target=article, unit=article.unit)
    return link


@needs_nothing("whoever has the link may read the draft")
def open_draft_link(*, key: str) -> DraftLink | None:
    """Return the link if it still leads to its draft, and write down that it was opened; None for any other key."""
    link = DraftLink.objects.open().select_related("revision__article__category").filter(key=key).first()
    if link is not None and link.openings.count() < OPENINGS_KEPT:
        DraftOpening.objects.create(link=link)
    return link
