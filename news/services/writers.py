"""Whose a text is that stands in no article yet: its writer's, who writes for some unit, whichever it will be."""

from __future__ import annotations

from typing import Any

from portal.models import Unit
from portal.permissions import Permission


def find_desk(values: dict[str, Any]) -> list[Unit]:
    """Return, for `needs`, one unit for which the actor writes where the service is given no article.

    Which unit a new text belongs to is asked when it is saved (`create_article`); until then nobody else sees it.
    """
    if values.get("article") is not None:
        return []
    desks = (  # whoever issues reports makes draft articles of them, with the meeting's photos
        Unit.objects.covered_by(values["actor"], right) for right in (Permission.WRITE_ARTICLE, Permission.ISSUE_REPORT)
    )
    return next(([desk] for desks_of in desks if (desk := desks_of.order_by("pk").first())), [])
