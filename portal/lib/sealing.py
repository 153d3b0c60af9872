"""Short texts sealed with a key that stands outside the database (Fernet), and how equal ones are told."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def seal(text: str, *, secret: str, purpose: str) -> str:
    """Return the text sealed; whoever reads the database learns nothing from it."""
    return _fernet(secret, purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, secret: str, purpose: str, seconds: int) -> str:
    """Return what was sealed at most so many seconds ago; "" when it is older, changed, or of another purpose."""
    try:
        return _fernet(secret, purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        return ""


def open_kept(sealed: str, *, secrets: Sequence[str], purpose: str) -> str:
    """Return what was sealed at any time with any of the secrets; "" when it was with none of them."""
    try:
        return MultiFernet([_fernet(secret, purpose) for secret in secrets]).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def keyed_digest(text: str, *, secret: str, purpose: str) -> str:
    """Return the HMAC-SHA256 of a text in hexadecimal, by a key that is used for nothing else.

    Equal texts have equal ones; without the key nobody finds a text by trying all of them.
    """
    return hmac.new(_key(secret, purpose), text.encode(), hashlib.sha256).hexdigest()


def _fernet(secret: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(secret, purpose)))


def _key(secret: str, purpose: str) -> bytes:
    return hashlib.blake2b(secret.encode(), digest_size=32, person=purpose.encode()[:16]).digest()
