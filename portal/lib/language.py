"""The language of what stays: rows, documents, files, feeds and mail are Vietnamese whoever's screen they come from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

_VIETNAMESE = re.compile("[ăâêôơưđà-ýạ-ỹ]", re.IGNORECASE)


@contextmanager
def official_language() -> Iterator[None]:
    """Translate into the association's own language inside, not into the one its writer or reader looks at.

    For a block or a whole function that makes something to keep. A sentence refusing something stays outside: the
    person at the screen is meant.
    """
    with translation.override(settings.LANGUAGE_CODE):
        yield


def written(text: Any) -> SafeString:
    """Return what people wrote, marked as Vietnamese on a screen of another language (WCAG 3.1.2)."""
    shown = conditional_escape(text)
    if translation.get_language() == settings.LANGUAGE_CODE or not _VIETNAMESE.search(shown):
        return shown
    return format_html('<span lang="vi">{}</span>', shown)
