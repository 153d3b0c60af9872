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
    return list(Unit.objects.covered_by(values["actor"], Permission.WRITE_ARTICLE).order_by("pk")[:1])
