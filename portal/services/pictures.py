"""The one door for pictures that people send: a limited child reads them and draws them anew."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import IO, Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.lib import limited

_TAKE_IN, _MAKE_COPIES = "portal.lib.pictures:take_in", "portal.lib.pictures:make_copies"
_MB = 1024 * 1024
_CPU, _MEMORY = 5, 205 * _MB
_UNHURRIED = limited.Limits(cpu=90, memory=250 * _MB, patience=300)
_one_at_a_time = threading.Lock()  # however many people send pictures to this process
_log = logging.getLogger(__name__)


class Shape(Enum):
    """What a picture becomes: its longest side, the format of its file, and what Pillow's writer is told."""

    PHOTO = (2400, "JPEG", {"quality": 88, "optimize": True, "progressive": True})
    EMBLEM = (512, "PNG", {"compress_level": 6})

    @property
    def ending(self) -> str:
        """Return the ending of the file's name."""
        return ".png" if self is Shape.EMBLEM else ".jpg"

    @property
    def media_type(self) -> str:
        """Return the type that is told to browsers."""
        return f"image/{self.value[1].lower()}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew."""

    content: bytes
    width: int
    height: int


class Copy(NamedTuple):
    """A copy that is asked for: its size, its format with what Pillow's writer is told, and around what it is cut."""

    width: int
    height: int
    format: str
    options: dict[str, Any]
    centre: tuple[float, float] = (0.5, 0.5)  # of one of other proportions, in parts of the sides


def take_in(file: IO[bytes], *, name: str, shape: Shape) -> Picture:
    """Read a picture that somebody sent, whatever it is called, and return it upright, in sRGB, and free of all else.

    Raises ValidationError with a sentence that names the file when this is no picture, is damaged, or is too large.
    """
    content = file.read(settings.UPLOAD_LIMIT + 1)
    if len(content) > settings.UPLOAD_LIMIT:
        raise _refusal("too_heavy", name, limit=settings.UPLOAD_LIMIT // _MB)
    side, kind, options = shape.value
    limits = limited.Limits(cpu=_CPU, memory=_MEMORY, patience=settings.PICTURE_PATIENCE)
    try:
        answer = _run(_TAKE_IN, {"side": side, "format": kind, "options": options}, content, limits)
    except limited.UnfinishedError as error:
        raise _refusal("busy", name) from error
    except limited.LimitedError as error:
        _log.warning("A picture of %d bytes was not read: %s (%.1f s, %d MB)", len(content), error, error.spent,
                     error.peak // _MB)  # fmt: skip
        raise _refusal("too_large" if error.code in ("cpu", "memory") else "damaged", name) from error
    if "refused" in answer.value:
        raise _refusal(answer.value["refused"], name, **answer.value["values"])
    return Picture(answer.blobs[0], answer.value["width"], answer.value["height"])


def make_copies(content: bytes, copies: Sequence[Copy]) -> list[bytes]:
    """Return copies of a picture that was taken in, in the order asked; one of other proportions is cut.

    Raises `limited.LimitedError` and `limited.UnfinishedError`: this is the work of tasks, and nobody waits for it.
    """
    return _run(_MAKE_COPIES, {"copies": copies}, content, _UNHURRIED).blobs


def _run(job: str, params: dict[str, Any], content: bytes, limits: limited.Limits) -> limited.Answer:
    if not _one_at_a_time.acquire(timeout=limits.patience):
        raise limited.UnfinishedError
    try:
        return limited.run(job, params, [content], limits=limits)
    finally:
        _one_at_a_time.release()


def _refusal(code: str, name: str, **values: int) -> ValidationError:
    sentences = {
        "too_heavy": _("“%(name)s” is larger than %(limit)d MB."),
        "too_many_pixels": _(
            "“%(name)s” is too large: %(width)d × %(height)d pixels. Save it smaller, or as a JPEG, and try again."
        ),
        "too_large": _("“%(name)s” is too large to be read here. Save it smaller, or as a JPEG, and try again."),
        "large_jpeg": _("“%(name)s” is too large: %(width)d × %(height)d pixels. Save it smaller, and try again."),
        "damaged": _("“%(name)s” is damaged or incomplete. Copy it from the camera or phone once more."),
        "empty": _("“%(name)s” is empty. Copy it from the camera or phone once more."),
        "web_page": _("“%(name)s” is a web page, not a picture. Save the picture itself and bring that in."),
        "drawing": _("“%(name)s” is a drawing in SVG, not a picture. Save it as a PNG file and bring that in."),
        "not_a_picture": _("“%(name)s” is not a photo that can be read here. Bring in a JPEG, PNG, WebP or HEIC file."),
        "video": _("“%(name)s” is a video, not a photo. Choose the photo itself; a video is put in by its link."),
        "busy": _("“%(name)s” has not been read: the site is busy. Bring it in again in a minute."),
    }
    sentence = sentences["large_jpeg" if values.get("is_jpeg") else code]  # nothing else would make it smaller
    return ValidationError(sentence % {"name": name, **values}, code=code)
