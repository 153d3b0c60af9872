"""What is said about the parts of a pasted text that did not come along."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from news.services.markup import Cleaned


def left_out_sentence(cleaned: Cleaned) -> str:
    """Return one sentence that counts what was left out; "" where everything came along."""
    struck, comments, hidden, embeds = cleaned.struck, cleaned.comments, cleaned.hidden, cleaned.embeds
    counted = (
        (struck, ngettext("%(count)d place struck out", "%(count)d places struck out", struck)),
        (comments, ngettext("%(count)d comment in the margin", "%(count)d comments in the margin", comments)),
        (hidden, ngettext("%(count)d hidden text", "%(count)d hidden texts", hidden)),
        (embeds, ngettext("%(count)d embedded frame (video, advertisement …)",
                          "%(count)d embedded frames (videos, advertisements …)", embeds)),
    )  # fmt: skip
    parts = [words % {"count": count} for count, words in counted if count]
    said = _("%(parts)s did not come along.") % {"parts": ", ".join(parts)} if parts else ""
    if cleaned.images:
        sentence = ngettext(
            "%(count)d picture of the pasted text did not come along: bring it in as a photo.",
            "%(count)d pictures of the pasted text did not come along: bring them in as photos.",
            cleaned.images,
        )
        said = f"{said} {sentence % {'count': cleaned.images}}".strip()
    if cleaned.has_old_font:
        sentence = _(
            "The text is typed in an old font (TCVN3 or VNI), which readers cannot read: convert it to Unicode before"
            " you paste it."
        )
        said = f"{said} {sentence}".strip()
    return said[:1].upper() + said[1:]
