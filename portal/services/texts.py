"""Texts and the columns that keep them: what a person wrote is kept whole or refused with a sentence, never cut."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from portal.lib.vietnamese import normalize

_SHOWN = 30  # letters of a text that is too long, enough to know it again


@lru_cache(maxsize=512)
def longest(model: type[models.Model], field: str) -> int:
    """Return how many letters the model's column takes: lengths are written once, in the model."""
    length: int | None = model._meta.get_field(field).max_length  # type: ignore[union-attr]  # a column of text
    if length is None:
        raise TypeError(f"{model.__name__}.{field} has no length")
    return length


def length_problem(text: str, most: int) -> str | None:
    """Return the sentence for a text that is too long to be kept, None for one that fits."""
    if len(text) <= most:
        return None
    sentence = _("“%(start)s…” has %(count)d letters; at most %(most)d fit. Shorten it.")
    return sentence % {"start": text[:_SHOWN], "count": len(text), "most": most}


def fitting(model: type[models.Model], field: str, text: str | None, *, name: str = "") -> str:
    """Return a line as the model's column keeps it, tidied.

    Raises ValidationError at `name` (the column's name, where the form calls it so too) for one that is too long.
    """
    line = normalize(text or "")
    if problem := length_problem(line, longest(model, field)):
        raise ValidationError({name or field: problem}, code="too_long")
    return line


def name_some(names: Sequence[str], most: int, joint: str = ", ") -> str:
    """Return the first names of a list inside a sentence, and how many more there are: "A, B … (12 more)"."""
    told = joint.join(names[:most])
    if len(names) <= most:
        return told
    return _("%(names)s … (%(count)d more)") % {"names": told, "count": len(names) - most}


def shorten(text: str, most: int) -> str:
    """Return a text that nobody typed here (a file's or a sheet's name), with "…" where letters of it are left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def shorten_file_name(name: str, most: int) -> str:
    """Return a file's name with "…" in its middle where it is too long: its beginning and its ending tell it apart."""
    if len(name) <= most:
        return name
    half = (most - 1) // 2
    return f"{name[: most - 1 - half]}…{name[-half:]}"
