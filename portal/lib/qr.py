"""QR codes as SVG and PNG, and the short codes that are printed under them to type by hand.

A code on paper lives for years: error correction M by default, Q where a document is folded, stamped and copied.
"""

from __future__ import annotations

import base64
import io
import secrets
import unicodedata
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

# Read from paper and typed with a Vietnamese keyboard on: no 0/O, 1/I, 5/S, and nothing that Telex or VNI makes another
# sign of (vowels and D are changed; S F R X J Z W change what stands before them). 19 signs, a prime, so that one
# changed sign or two neighbours exchanged always change the check sign.
ALPHABET = "2346789BCGHKLMNPQTV"  # pragma: allowlist secret - the signs of all codes, no code
CODE_LENGTH = 12
_GROUP = 4
# What Telex makes of two keys, turned back into them: a code of ours never holds these, so the sentence that refuses
# them shows the keys that were struck.
_KEYS = {"Đ": "DD", "Â": "AA", "Ă": "AW", "Ê": "EE", "Ô": "OO", "Ơ": "OW", "Ư": "UW"}
_TONE_KEYS = {"\u0300": "F", "\u0301": "S", "\u0309": "R", "\u0303": "X", "\u0323": "J"}


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


def new_code(length: int = CODE_LENGTH) -> str:
    """Return a code no one can guess: `length` signs of ALPHABET, the last a check sign (12 signs: 19^11, 46 bits)."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(length - 1))
    return body + _check_sign(body)


def is_code(text: str, length: int = CODE_LENGTH) -> bool:
    """Whether this is a code of ours, as stored: right length, right signs, right check sign.

    It says only that nothing was mistyped, not that the code was ever given out.
    """
    return len(text) == length and set(text) <= set(ALPHABET) and _check_sign(text[:-1]) == text[-1]


def clean_code(text: str) -> str:
    """Return what somebody typed, as a code is stored: upper case, without blanks and dashes, Ư and Á turned back."""
    typed = "".join(map(_keys_of, unicodedata.normalize("NFC", text.upper())))
    return "".join(sign for sign in typed if sign.isalnum())


def _keys_of(letter: str) -> str:
    """Return the keys that Telex makes a letter of: "Ộ" is OOJ."""
    tones = ""
    for mark, key in _TONE_KEYS.items():
        parts = unicodedata.normalize("NFD", letter)
        if mark in parts:
            letter, tones = unicodedata.normalize("NFC", parts.replace(mark, "")), tones + key
    return _KEYS.get(letter, letter) + tones


def format_code(code: str) -> str:
    """Return the code in groups of four for paper: "B7KM-2QTV-9HLC"."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def _check_sign(body: str) -> str:
    base = len(ALPHABET)
    return ALPHABET[sum((place + 1) * ALPHABET.index(sign) for place, sign in enumerate(body)) % base]
