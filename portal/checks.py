"""What must hold before the portal may start."""

from __future__ import annotations

import struct
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.utils import translation


def find_missing_catalogue(**_options: Any) -> list[CheckMessage]:
    """Return an error when the portal's words cannot be shown in `LANGUAGE_CODE`: it would speak and print English."""
    language = settings.LANGUAGE_CODE
    if language.split("-")[0] == "en":  # the language that the sources are written in
        return []
    try:
        with translation.override(language):
            # Only our own catalogue knows this sentence; a common word would be found in Django's as well.
            proof = translation.gettext_noop("The portal's own words are in use.")
            if translation.gettext(proof) != proof:
                return []
    except (OSError, UnicodeDecodeError, struct.error):  # a file that is no catalogue, or half of one
        pass
    message = f"The portal has no words in the language '{language}': pages and documents would be in English."
    return [Error(message, hint="Type `make setup`: it makes the catalogue again.", id="portal.E001")]


def refuse_to_start() -> None:
    """End the process with a sentence when the portal must not start; for servers, which run no checks."""
    for error in find_missing_catalogue():
        raise SystemExit(f"{error.msg} {error.hint}")
