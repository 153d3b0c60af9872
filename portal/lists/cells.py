"""What cells of a list are made of on the screen: a link, a state, a quieter word, several lines."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from portal.lib.language import written


def link(url: str, text: Any) -> SafeString:
    """Return a link."""
    return format_html('<a href="{}">{}</a>', url, written(text))


def muted(text: Any) -> SafeString:
    """Return a text that stands back."""
    return format_html('<span class="muted">{}</span>', text)


def lines(*parts: Any) -> SafeString:
    """Return the parts below one another, empty ones left out; on a phone they stay together in the card."""
    given = [(part,) for part in parts if part]
    if not given:
        return SafeString("")
    return format_html("<span>{}</span>", format_html_join(mark_safe("<br>"), "{}", given))


def status(state: str, label: Any = "") -> SafeString:
    """Return a state by colour, icon and word; `label` where another word fits better."""
    return _status(str(state), str(label), get_language() or "")


@lru_cache(maxsize=500)
def _status(state: str, label: str, _language: str) -> SafeString:
    return render_to_string("components/_status.html", {"state": state, "label": label})


def icon(name: str) -> SafeString:
    """Return an icon of the sprite."""
    return _icon(name)


@lru_cache(maxsize=100)
def _icon(name: str) -> SafeString:
    return render_to_string("components/_icon.html", {"name": name})
