"""The language of what stays: rows, documents, files, feeds and mail are Vietnamese whoever's screen they come from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from portal.lib.vietnamese import date_line
from portal.lib.vietnamese.dates import weekday_name

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


def screen_date_line(moment: datetime.datetime) -> str:
    """Return a moment in the screen's language: "Thứ Sáu, 21/07/2023 13:25" or "Friday, 21/07/2023 13:25"."""
    if translation.get_language() == settings.LANGUAGE_CODE:
        return date_line(moment)
    return date_format(timezone.localtime(moment), "l, d/m/Y H:i")


def screen_weekday(day: datetime.date) -> str:
    """Return the weekday in the screen's language: "Thứ Sáu" or "Friday"."""
    return weekday_name(day) if translation.get_language() == settings.LANGUAGE_CODE else date_format(day, "l")
