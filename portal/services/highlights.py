"""Cards on the home page, published by higher apps so that the home need not know them."""

from __future__ import annotations

import datetime
from typing import TypedDict

from django.utils import timezone

from portal.models import Highlight, Unit, User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs


class Figure(TypedDict, total=False):
    """One figure of a card, already written out for reading: "14.936", "lượt học sinh", perhaps a hint."""

    value: str
    label: str
    hint: str


@needs(Permission.ISSUE_REPORT, Permission.MANAGE_SITE, on=ROOT)
def publish_highlight(
    *,
    key: str,
    title: str,
    figures: list[Figure],
    link: str,
    position: int = 0,
    until: datetime.datetime | None = None,
    actor: User,
) -> Highlight:
    """Put up or replace the card `key` on the home page, which belongs to the whole site."""
    values = {"title": title, "figures": figures, "link": link, "position": position, "shown_until": until}
    return Highlight.objects.update_or_create(
        key=key, defaults=values, create_defaults=values | {"shown_from": timezone.now()}
    )[0]


@needs(Permission.MANAGE_PROGRAMME, on="unit")
def keep_open_line(
    *,
    key: str,
    unit: Unit,
    title: str,
    link: str,
    since: datetime.datetime | None,
    until: datetime.datetime | None,
    is_shown: bool,
    actor: User,
) -> int:
    """Keep the line `key` among what is open now, from `since` to `until`, or take it off; return how many there are.

    What has no end is no news of the home page: it has no line.
    """
    if not is_shown or until is None:
        Highlight.objects.filter(key=key).delete()
        return 0
    values = {
        "title": f"{title} – {unit.name_on(timezone.localdate())}", "link": link, "is_line": True,
        "shown_from": since or timezone.now(), "shown_until": until,
    }  # fmt: skip
    Highlight.objects.update_or_create(key=key, defaults=values)
    return 1


@needs(Permission.ISSUE_REPORT, Permission.MANAGE_SITE, on=ROOT)
def end_highlight(*, key: str, actor: User) -> int:
    """Take the card `key` off the home page; return how many cards that were."""
    return Highlight.objects.filter(key=key).delete()[0]
