"""Files that come with an article: looked at in the limited process, stored, never changed."""

from __future__ import annotations

import secrets
from typing import IO

from django.core.files.base import ContentFile
from django.db.models import Q

from news.models import Article, Attachment
from news.services.locking import wait_for_others
from news.services.writers import find_desk
from portal import audit
from portal.lib.vietnamese import normalize
from portal.models import User
from portal.permissions import Permission
from portal.services import documents
from portal.services.refusals import needs
from portal.services.texts import longest, shorten_file_name


@needs(Permission.WRITE_ARTICLE, on=("article.unit", find_desk))
def add_attachment(
    *, file: IO[bytes], article: Article | None = None, form_key: str = "", name: str = "", actor: User
) -> Attachment:
    """Store a PDF or Word file for an article, or for the form of one that is not saved yet, and return it.

    The same file once more is the one that is there. Raises ValidationError with a sentence that names the file when
    it is something else, damaged, locked, too large, or holds programs.
    """
    name = normalize(name or str(getattr(file, "name", "") or "")).rpartition("/")[2]
    taken = documents.take_in(file, name=name)
    wait_for_others(article, actor)
    own = Q(article=article) if article is not None else Q(article=None, form_key=form_key, uploaded_by=actor)
    known = Attachment.objects.filter(own, sha256=taken.sha256).first() if article or form_key else None
    if known is not None:
        return known
    attachment = Attachment(
        article=article, unit=article.unit if article else None, form_key="" if article else form_key,
        file_name=shorten_file_name(name or "tep-dinh-kem", longest(Attachment, "file_name")),
        file_size=len(taken.content), sha256=taken.sha256, uploaded_by=actor,
    )  # fmt: skip
    attachment.file.save(f"{secrets.token_hex(8)}.{taken.kind}", ContentFile(taken.content), save=False)
    attachment.save()
    audit.record(actor=actor, action=audit.Action.ATTACHMENT_ADD, target=attachment, unit=attachment.unit)
    return attachment
