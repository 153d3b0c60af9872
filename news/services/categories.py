"""The sections of the news."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from news.models import Category
from portal import audit
from portal.lib.vietnamese import slugify
from portal.models import User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import check_version, version_of


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def save_category(
    *,
    name: str,
    slug: str = "",
    description: str = "",
    position: int = 0,
    is_notice: bool = False,
    version: str | None = None,
    actor: User,
) -> Category:
    """Make the section of this address, or change it when it exists; the sections belong to the whole site.

    `version` of no section (`version_of(Category)`) never changes one that is there.
    """
    name = fitting(Category, "name", name)
    slug = slugify(slug or name)
    if not name or not slug:
        raise ValidationError({"name": _("Give the category a name.")})
    values = {
        "name": name,
        "description": fitting(Category, "description", description),
        "position": position,
        "is_notice": is_notice,
    }
    known = Category.objects.select_for_update().filter(slug=slug).first()
    if known is not None and version == version_of(Category):
        raise ValidationError(
            {"slug": _("There is a category of this address already. Choose another address, or change that category.")}
        )
    if known is not None:
        check_version(known, version)
    category, created = Category.objects.update_or_create(slug=slug, defaults=values)
    action = audit.Action.CATEGORY_CREATE if created else audit.Action.CATEGORY_CHANGE
    audit.record(actor=actor, action=action, target=category, fields=values)
    return category
