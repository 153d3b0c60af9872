"""Short texts sealed with a key that stands outside the database, good for so many seconds (Fernet)."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken


def seal(text: str, *, secret: str, purpose: str) -> str:
    """Return the text sealed; whoever reads the database learns nothing from it."""
    return _fernet(secret, purpose).encrypt(text.encode()).decode()


def unseal(sealed: str, *, secret: str, purpose: str, seconds: int) -> str:
    """Return what was sealed at most so many seconds ago; "" when it is older, changed, or of another purpose."""
    try:
        return _fernet(secret, purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        return ""


def _fernet(secret: str, purpose: str) -> Fernet:
    key = hashlib.blake2b(secret.encode(), digest_size=32, person=purpose.encode()[:16]).digest()
    return Fernet(base64.urlsafe_b64encode(key))
