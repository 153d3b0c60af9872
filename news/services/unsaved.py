"""Text that is being written: copied to the server while somebody writes, gone when it is saved or dropped."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import Article, UnsavedText
from news.services.writers import find_desk
from portal.lib.vietnamese import normalize_lines
from portal.models import User
from portal.permissions import Permission
from portal.services.refusals import needs

KEPT = re.compile(
    r"title|lead|body|byline|source|tags|series|category|cover|is_photo_story|photo-\d{1,12}-(?:caption|alt|credit|decorative)"
)
MOST_LETTERS = 1_000_000
KEPT_DAYS = 30


@needs(Permission.WRITE_ARTICLE, on=("article.unit", find_desk))
def keep_unsaved_text(
    *, values: Mapping[str, str], article: Article | None = None, form_key: str = "", base: int = 0, actor: User
) -> UnsavedText:
    """Keep what the person has in the form; it belongs to the state `base`, with which the form began.

    Raises ValidationError for more text than can be kept.
    """
    kept = {name: normalize_lines(text) for name, text in values.items() if KEPT.fullmatch(name)}
    if sum(map(len, kept.values())) > MOST_LETTERS:
        raise ValidationError(_("The text is too long to be kept while you write. Save it."))
    UnsavedText.objects.filter(kept_at__lt=timezone.now() - dt.timedelta(days=KEPT_DAYS)).delete()
    copy, _is_new = UnsavedText.objects.update_or_create(
        person=actor,
        article=article,
        form_key="" if article else form_key,
        defaults={"values": kept, "base": base},
    )  # fmt: skip
    return copy


@needs(Permission.WRITE_ARTICLE, on=("article.unit", find_desk))
def drop_unsaved_text(*, article: Article | None = None, form_key: str = "", actor: User) -> int:
    """Forget what the person had in the form; return how many copies there were."""
    copies = UnsavedText.objects.filter(person=actor, article=article)
    return (copies if article else copies.filter(form_key=form_key)).delete()[0]


def unsaved_text(person: User, article: Article | None, form_key: str = "") -> UnsavedText | None:
    """Return the person's newest copy: of the article, of a new one's form, or (no key) of any new one."""
    copies = UnsavedText.objects.filter(person=person, article=article)
    return (copies.filter(form_key=form_key) if form_key else copies).order_by("-kept_at").first()
