"""Tags and series: made by whoever writes, kept by the editors of the site."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from news.models import Tag
from portal import audit
from portal.lib.vietnamese import slugify
from portal.models import User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs
from portal.services.texts import fitting
from portal.services.versions import lock_row

MOST_TAGS = 12  # of one article


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def create_tag(*, name: str, description: str = "", is_series: bool = False, actor: User) -> Tag:
    """Make a tag or a series; its address, from the name, stays for good."""
    return _make(name, actor, description=fitting(Tag, "description", description), is_series=is_series)


@needs(Permission.PUBLISH_ARTICLE, on=ROOT)
def update_tag(
    *, tag: Tag, name: str, description: str, is_series: bool, version: str | None = None, actor: User
) -> Tag:
    """Change what is said of a tag; its address stays.

    Raises ConflictError when it is another than the page showed, ValidationError for a name that another one has.
    """
    tag = lock_row(Tag.objects.all(), tag, version)
    tag.name, _address = _check_name(name, other_than=tag)
    tag.description, tag.is_series = fitting(Tag, "description", description), is_series
    tag.save()
    audit.record(actor=actor, action=audit.Action.TAG_CHANGE, target=tag, fields=["name", "description", "is_series"])
    return tag


def find_tags(tags: Iterable[Tag | str], person: User) -> list[int]:
    """Return the ids of tags by their names' order; names that are no tag yet are made into one.

    Raises ValidationError at "tags" for too many, and for a name without letters or too long.
    """
    asked = list(tags)
    if len(asked) > MOST_TAGS:
        raise ValidationError({"tags": _("At most %(count)d tags fit one article.") % {"count": MOST_TAGS}})
    found: dict[int, Tag] = {}
    for one in asked:
        tag = one if isinstance(one, Tag) else Tag.objects.filter(slug=slugify(one)).first()
        if tag is None:
            try:
                tag = _make(str(one), person)
            except ValidationError as error:
                raise ValidationError({"tags": error.messages})
        found[tag.pk] = tag
    return sorted(found, key=lambda number: found[number].name)


def _make(name: str, actor: User, *, description: str = "", is_series: bool = False) -> Tag:
    name, address = _check_name(name)
    tag = Tag.objects.create(name=name, slug=address, description=description, is_series=is_series)
    audit.record(actor=actor, action=audit.Action.TAG_CREATE, target=tag, fields=["name"])
    return tag


def _check_name(name: str, *, other_than: Tag | None = None) -> tuple[str, str]:
    """Return the name, tidied, and its address, if it makes one that no other tag has."""
    name = fitting(Tag, "name", name)
    address = slugify(name)
    if not address:
        raise ValidationError({"name": _("“%(name)s” cannot be a tag: write it with letters.") % {"name": name}})
    for one in Tag.objects.all() if other_than else Tag.objects.filter(slug=address):
        if one != other_than and address in (one.slug, slugify(one.name)):
            raise ValidationError({"name": _("There is a tag “%(name)s” already.") % {"name": one.name}})
    return name, address
