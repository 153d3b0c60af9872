"""The language of what stays: rows, documents, files, feeds and mail are Vietnamese whoever's screen they come from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation


@contextmanager
def official_language() -> Iterator[None]:
    """Translate into the association's own language inside, not into the one its writer or reader looks at.

    For a block or a whole function that makes something to keep. A sentence refusing something stays outside: the
    person at the screen is meant.
    """
    with translation.override(settings.LANGUAGE_CODE):
        yield
