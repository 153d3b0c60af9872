"""A second unit, fund or programme of one name in one place: asked about once, for two of a name are seldom meant."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from portal.lib.vietnamese import search_key
from portal.models.unit import SearchKey

SAME_NAME = "same_name"  # the code of the question, and what the form's box that answers it is called


def ask_about_namesake(others: QuerySet[Any], name: str, sentence: str, *, same_name: bool) -> None:
    """Ask where one of the `others` is called so as well, accents and capitals aside, and nobody said that it is meant.

    `sentence` names it as `%(name)s`, where the rows have a `code` also by that. `same_name` says that somebody looked,
    and this is another one. ValidationError at the name, with the code SAME_NAME.
    """
    key = search_key(name)
    if same_name or not key:
        return
    found = others.alias(name_sought=SearchKey("name")).filter(name_sought=key).first()
    if found is not None:
        said = ValidationError(
            sentence, code=SAME_NAME, params={"name": found.name, "code": getattr(found, "code", "")}
        )
        raise ValidationError({"name": said})
