"""Documents for everybody: put out, put right, withdrawn with a reason."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import IO, NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Document
from portal import audit
from portal.lib.vietnamese import FIRST_DAY, TIME_ZONE, normalize
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services import documents
from portal.services.refusals import needs, require_reason
from portal.services.search import drop_search_entry, keep_search_entry
from portal.services.texts import fitting, longest, shorten_file_name
from portal.services.versions import lock_row


class DocumentValues(TypedDict):
    """What is said of a document, and its file."""

    kind: str
    number: str
    issuer: str
    issued_on: dt.date
    effective_on: NotRequired[dt.date | None]
    abstract: str
    file: NotRequired[IO[bytes] | None]  # none: as before


@needs(Permission.PUBLISH_ARTICLE, on="unit")
def create_document(*, unit: Unit, actor: User, **values: Unpack[DocumentValues]) -> Document:
    """Put a document out; everybody reads it at once.

    Raises ValidationError naming the field, for a file that is not taken, and for a document that is there already.
    """
    document = Document(unit=unit, created_by=actor)
    if not values.get("file"):
        raise ValidationError({"file": _("Choose the file on your computer or phone.")})
    fields = _fill(document, values)
    document.save()
    _keep_findable(document)
    audit.record(actor=actor, action=audit.Action.DOCUMENT_CREATE, target=document, unit=unit, fields=fields)
    return document


@needs(Permission.PUBLISH_ARTICLE, on="document.unit")
def update_document(
    *, document: Document, version: str | None = None, actor: User, **values: Unpack[DocumentValues]
) -> Document:
    """Put right what is said of a document, or its file; the file that readers had stays in the store, unread."""
    document = lock_row(Document.objects.select_related("unit"), document, version)
    if document.withdrawn_at is not None:
        raise ValidationError(_("This document has been withdrawn: put it out anew."))
    if changed := _fill(document, values):
        document.save()
        _keep_findable(document)
        audit.record(
            actor=actor, action=audit.Action.DOCUMENT_UPDATE, target=document, unit=document.unit, fields=changed
        )
    return document


@needs(Permission.PUBLISH_ARTICLE, on="document.unit")
def withdraw_document(*, document: Document, reason: str, version: str | None = None, actor: User) -> Document:
    """Take a document back; its address goes on answering: withdrawn, since when and why."""
    sentence = _("Say why the document is withdrawn: readers who have the link will see it.")
    reason = require_reason(reason, sentence)
    document = lock_row(Document.objects.select_related("unit"), document, version)
    if document.withdrawn_at is not None:
        raise ValidationError(_("This document has been withdrawn already."))
    document.withdrawn_at, document.withdrawn_reason = timezone.now(), reason
    document.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    drop_search_entry(ref=_ref(document))
    audit.record(
        actor=actor, action=audit.Action.DOCUMENT_WITHDRAW, target=document, unit=document.unit,
        reason_in=(document, "withdrawn_reason"),
    )  # fmt: skip
    return document


def _fill(document: Document, values: DocumentValues) -> list[str]:
    """Set what the values say, and return the names of what is another now."""
    said = {
        "kind": values["kind"],
        "number": fitting(Document, "number", values["number"]),
        "issuer": fitting(Document, "issuer", values["issuer"]),
        "issued_on": values["issued_on"],
        "effective_on": values.get("effective_on"),
        "abstract": fitting(Document, "abstract", values["abstract"]),
    }
    changed = [name for name, value in said.items() if getattr(document, name) != value]
    for name in changed:
        setattr(document, name, said[name])
    if file := values.get("file"):
        name = normalize(str(getattr(file, "name", "") or "")).rpartition("/")[2]
        try:
            taken = documents.take_in(file, name=name)
        except ValidationError as error:
            raise ValidationError({"file": error.messages})
        document.file.save(f"{secrets.token_hex(8)}.{taken.kind}", ContentFile(taken.content), save=False)
        document.file_name = shorten_file_name(name, longest(Document, "file_name"))
        document.file_size, document.sha256 = len(taken.content), taken.sha256
        changed.append("file")
    return changed


def _keep_findable(document: Document) -> None:
    issued = dt.datetime.combine(max(document.issued_on, FIRST_DAY), dt.time(), TIME_ZONE)
    keep_search_entry(
        kind="document", ref=_ref(document), title=f"{document}: {document.abstract}", unit=document.unit,
        text=f"{document.issuer}\n{document.file_name}", link=document.get_absolute_url(), visible_from=issued,
    )  # fmt: skip


def _ref(document: Document) -> str:
    return f"news.document:{document.pk}"
