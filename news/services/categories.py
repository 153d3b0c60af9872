"""The sections of the news."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from news.models import Category
from portal import audit
from portal.lib.vietnamese import normalize, slugify
from portal.models import User


@transaction.atomic
def save_category(
    *, name: str, slug: str = "", description: str = "", position: int = 0, is_notice: bool = False, actor: User
) -> Category:
    """Make the section of this address, or change it when it exists."""
    name = normalize(name)
    slug = slugify(slug or name)
    if not name or not slug:
        raise ValidationError({"name": _("Give the section a name.")})
    values = {"name": name, "description": normalize(description), "position": position, "is_notice": is_notice}
    category, created = Category.objects.update_or_create(slug=slug, defaults=values)
    action = "news.category.create" if created else "news.category.change"
    audit.record(actor=actor, action=action, target=category, fields=values)
    return category
