"""Which "<" begins an element, and which one somebody typed."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

#: Elements whose words are read and that are nothing themselves; "<" before any other word is a sign that somebody
#: typed: "<Nguyễn Văn A>", "<hoi@example.vn>".
_UNREAD = {
    "html", "head", "body", "meta", "link", "base", "input", "button", "select", "label", "hr", "abbr", "acronym",
    "big", "small", "cite", "code", "tt", "kbd", "samp", "var", "mark", "time", "wbr", "picture", "source", "param",
    "map", "area", "textarea", "canvas", "frame", "frameset", "nobr", "data", "output", "sdfield", "bdo", "bdi", "dfn",
    "search", "ruby", "rt", "rp", "meter", "progress", "track", "dialog", "slot", "optgroup", "datalist", "marquee",
    "blink", "spacer", "multicol",
}  # fmt: skip
#: What programs name themselves, "google-sheets-html-origin", has an end; a name that somebody typed has none.
_OWN_TAG = re.compile(r"</([a-z][a-z0-9]*-[a-z0-9-]*)")
_LESS_THAN = re.compile(r"<(?:/?([a-zA-Z][\w:-]*)(?=[\s/>])|[!?])?")


def escape_signs(markup: str, read: AbstractSet[str]) -> str:
    """Return the markup with each "<" that begins none of the elements escaped; `read` are those that are read."""
    known = _UNREAD | read | set(_OWN_TAG.findall(markup))

    def escape(found: re.Match[str]) -> str:
        name = (found[1] or "").lower()
        return found[0] if found[0] in ("<!", "<?") or name in known or ":" in name else f"&lt;{found[0][1:]}"

    return _LESS_THAN.sub(escape, markup)
