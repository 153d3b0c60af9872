"""QR codes as SVG and PNG, and the short codes that are printed under them to type by hand.

A code on paper lives for years: error correction M by default, Q where a document is folded, stamped and copied.
"""

from __future__ import annotations

import base64
import io
import secrets
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Literal, cast

import qrcode
import qrcode.constants
import qrcode.exceptions
import qrcode.image.base
import qrcode.image.pil

Correction = Literal["L", "M", "Q", "H"]

_LEVELS: dict[str, int] = {
    "L": qrcode.constants.ERROR_CORRECT_L,
    "M": qrcode.constants.ERROR_CORRECT_M,
    "Q": qrcode.constants.ERROR_CORRECT_Q,
    "H": qrcode.constants.ERROR_CORRECT_H,
}

# Without 0/O, 1/I/L: what is read from paper and typed on a phone must not be guessed at. 31 signs, a prime, so that
# one changed sign or two neighbours exchanged always change the check sign.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # pragma: allowlist secret


@lru_cache(maxsize=256)
def _matrix(text: str, correction: Correction, quiet: int) -> tuple[tuple[bool, ...], ...]:
    """Return the modules of a code; kept, since trying the eight masks is most of the work."""
    return tuple(tuple(row) for row in _code(text, correction, quiet).get_matrix())


def _code(text: str, correction: Correction, quiet: int) -> qrcode.QRCode:
    if not text:
        raise ValueError("a QR code needs a text")
    code = qrcode.QRCode(error_correction=_LEVELS[correction], border=quiet)
    code.add_data(text.encode("utf-8"), optimize=0)
    try:
        code.make(fit=True)
    except (qrcode.exceptions.DataOverflowError, ValueError) as error:
        raise ValueError("the text is too long for a QR code") from error
    return code


def qr_svg(text: str, *, title: str = "", quiet: int = 4, correction: Correction = "M") -> str:
    """Return SVG markup of a QR code, the same inline in a page and as a file.

    `title` is its accessible name (`text` itself when empty). One user unit is one module; `quiet` modules stay white
    around it (readers need 4). No style, no script, no id: several may stand on one page. Raises ValueError when the
    text is empty or too long.
    """
    matrix = _matrix(text, correction, quiet)
    size = len(matrix)
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix) for x, length in _dark_runs(row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 4}" height="{size * 4}" '
        f'role="img" shape-rendering="crispEdges"><title>{escape(title or text)}</title>'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path fill="#000" d="{path}"/></svg>'
    )


def _dark_runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Start and length of each run of dark modules: one rectangle per run leaves no hairlines between modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs


def qr_png(text: str, scale: int = 8, *, quiet: int = 4, correction: Correction = "M") -> bytes:
    """Return a black and white PNG, `scale` pixels per module."""
    code = _code(text, correction, quiet)
    code.box_size = scale
    image = cast("qrcode.image.pil.PilImage", code.make_image(image_factory=qrcode.image.pil.PilImage))
    stream = io.BytesIO()
    image.get_image().convert("1").save(stream, "PNG", optimize=True)
    return stream.getvalue()


def qr_data_uri(text: str, *, title: str = "", quiet: int = 4, correction: Correction = "M") -> str:
    """Return the SVG as a data URI for `<img alt=... src=...>`; an inline `<svg>` fails PDF/UA."""
    svg = qr_svg(text, title=title, quiet=quiet, correction=correction)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf-8")).decode("ascii")


def new_code(length: int = 10) -> str:
    """Return a code nobody can guess: `length` signs of ALPHABET, the last a check sign (10 signs: 31^9, 44 bits)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + _check_sign(body)


def is_code(text: str, length: int = 10) -> bool:
    """Whether this is a code of ours, as stored: right length, right signs, right check sign.

    It says only that nothing was mistyped, not that the code was ever given out.
    """
    return len(text) == length and set(text) <= set(ALPHABET) and _check_sign(text[:-1]) == text[-1]


def clean_code(text: str) -> str:
    """Return what somebody typed, as a code is stored: upper case, without blanks and dashes."""
    return "".join(text.split()).replace("-", "").replace("–", "").upper()


def format_code(code: str) -> str:
    """Return the code in groups of five for paper: "ABCDE-FGHJK"."""
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5))


def _check_sign(body: str) -> str:
    base = len(ALPHABET)
    return ALPHABET[sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body)) % base]
