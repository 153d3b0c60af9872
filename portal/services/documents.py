"""The one door for documents that people send to be handed on: a limited child looks at them first."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lib import limited

_LOOK = "portal.lib.documents:look"
_MB = 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """A document that may be handed on: its bytes as they were sent, what it is ("pdf", "docx"), its hash."""

    content: bytes
    kind: str
    sha256: str


def take_in(file: IO[bytes], *, name: str) -> Document:
    """Read a PDF or Word file that somebody sent, whatever it is called.

    Raises ValidationError with a sentence that names the file when it is something else, is damaged, locked or too
    large, or holds programs or other files.
    """
    content = file.read(settings.UPLOAD_LIMIT + 1)
    if len(content) > settings.UPLOAD_LIMIT:
        raise _refusal("too_heavy", name)
    limits = limited.Limits(cpu=10, memory=300 * _MB, patience=settings.UPLOAD_PATIENCE)
    try:
        answer = limited.run(_LOOK, {}, [content], limits=limits).value
    except limited.UnfinishedError as error:
        raise _refusal("busy", name) from error
    except limited.LimitedError as error:
        _log.warning("A document of %d bytes was not read: %s", len(content), error)
        raise _refusal("damaged", name) from error
    if "refused" in answer:
        raise _refusal(answer["refused"], name)
    return Document(content, answer["kind"], hashlib.sha256(content).hexdigest())


def _refusal(code: str, name: str) -> ValidationError:
    sentences = {
        "too_heavy": _("“%(name)s” is larger than %(limit)d MB."),
        "empty": _("“%(name)s” is empty. Choose the file once more."),
        "damaged": _("“%(name)s” is damaged or incomplete. Save it anew from the program it was written in."),
        "locked": _("“%(name)s” is locked with a password. Save it without one, so that everybody can read it."),
        "active": _("“%(name)s” holds programs or other files. Save it as a plain PDF and bring that in."),
        "not_a_document": _("“%(name)s” is neither a PDF nor a Word file. Save it as a PDF and bring that in."),
        "busy": _("“%(name)s” has not been read: the site is busy. Bring it in again in a minute."),
    }
    return ValidationError(sentences[code] % {"name": name, "limit": settings.UPLOAD_LIMIT // _MB}, code=code)
