"""The sections of the news."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from news.models import Category
from news.services.rechecking import recheck_section
from portal import audit
from portal.lib.vietnamese import slugify
from portal.models import User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs
from portal.services.search import rename_section
from portal.services.texts import fitting
from portal.services.versions import lock_row


class CategoryValues(TypedDict):
    """What is said of a section besides its name."""

    description: NotRequired[str]
    position: NotRequired[int]
    is_notice: NotRequired[bool]
    recheck_months: NotRequired[int | None]  # after which its articles are checked again
    editors: NotRequired[Iterable[User]]  # who alone publishes in it


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def create_category(*, name: str, slug: str = "", actor: User, **values: Unpack[CategoryValues]) -> Category:
    """Make a section; its address, from the name where none is given, stays for good.

    Raises ValidationError for a name without letters, and where the name or the address is one that is there already.
    """
    name = _check_name(name)
    address = slugify(slug or name, max_length=80)
    if slug and not address:
        raise ValidationError({"slug": _("An address needs letters from a to z, or figures.")})
    known = Category.objects.filter(slug=address).first()
    if known is not None:
        sentence = _("The category “%(name)s” has this address already: change that one, or choose another name.")
        raise ValidationError({"slug" if slug else "name": sentence % {"name": known.name}})
    category = Category.objects.create(name=name, slug=address, **_tidy(values))
    category.editors.set(values.get("editors", ()))
    audit.record(actor=actor, action=audit.Action.CATEGORY_CREATE, target=category, fields=["name", *values])
    return category


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def update_category(
    *, category: Category, name: str, version: str | None = None, actor: User, **values: Unpack[CategoryValues]
) -> Category:
    """Change what is said of a section; its address stays. Where its articles are now checked again, they get a day.

    Raises ConflictError when it is another than the page showed, ValidationError for a name that another one has.
    """
    category = lock_row(Category.objects.all(), category, version)
    before, category.name = category.name, _check_name(name, other_than=category)
    months = category.recheck_months
    for field, value in _tidy(values).items():
        setattr(category, field, value)
    category.save()
    if "editors" in values:
        category.editors.set(values["editors"])
    if category.name != before:
        rename_section(kind="article", before=before, after=category.name)
    if category.recheck_months != months:
        recheck_section(category=category, actor=actor)
    audit.record(actor=actor, action=audit.Action.CATEGORY_CHANGE, target=category, fields=["name", *values])
    return category


def _check_name(name: str, *, other_than: Category | None = None) -> str:
    """Return the name, tidied, if it makes an address and no other section has one that looks the same."""
    name = fitting(Category, "name", name)
    folded = slugify(name, max_length=80)
    if not folded:
        raise ValidationError({"name": _("Give the category a name with letters.")})
    for one in Category.objects.all():
        if one != other_than and slugify(one.name, max_length=80) == folded:
            raise ValidationError({"name": _("There is a category “%(name)s” already.") % {"name": one.name}})
    return name


def _tidy(values: CategoryValues) -> dict[str, Any]:
    """Return the columns among the values."""
    tidy: dict[str, Any] = {name: value for name, value in values.items() if name != "editors"}
    if "description" in tidy:
        tidy["description"] = fitting(Category, "description", tidy["description"])
    return tidy
