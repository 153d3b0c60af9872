"""What identifies something: the one definition that validators, CHECKs and addresses share, and its canonical form."""

from __future__ import annotations

import unicodedata

from portal.lib.vietnamese.text import SPACES, UNSEEN, comparable

UNIT_CODE = "[A-Z0-9-]{1,20}"  # as it is stored
UNIT_CODE_WRITTEN = "[A-Za-z0-9-]{1,20}"  # as it may stand in an address
#: Small letters of any alphabet, figures and . _ @ + -; no capital A to Z, nothing of double width or invisible.
USER_NAME = rf"[^{SPACES}{UNSEEN}\uff00-\uffefA-Z!-*,/:-?\[-^`{{-~]{{1,60}}"
PHONE = r"\+84[0-9]{9,10}"  # E.164, of Viet Nam


def unit_code(text: str) -> str:
    """Return a unit's code as it is stored: "ch–7 " is CH-7."""
    return comparable(text).replace(" ", "").upper()


def user_name(text: str) -> str:
    """Return a user name as it is stored and compared: NFKC, small letters, nothing invisible."""
    return unicodedata.normalize("NFKC", comparable(text).lower())
