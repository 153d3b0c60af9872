"""Pictures that no one trusts, made anew: jobs for `portal.lib.limited`, which alone may call them.

What comes out was drawn pixel by pixel, in sRGB and upright: no byte of the file that was sent is in it, so no place,
name, comment or profile either. A picture is held once at its full size, then tile by tile, so that memory is bounded
by what is decoded.
"""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import pillow_heif
from PIL import Image, ImageCms, ImageOps

pillow_heif.options.DECODE_THREADS = 1  # the child has one processor, and each thread takes memory
pillow_heif.register_heif_opener(thumbnails=False)

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF")
MOST_PIXELS = 60_000_000
MOST_DECODED = 100_000_000  # bytes of the picture itself
MOST_HELD = 200_000_000  # bytes with what its decoder holds beside it

_TILE = 1024
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: Bytes that Pillow holds for a pixel; four where a mode is not named.
_WEIGHTS = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2}
#: How often a whole picture stands in memory while these are decoded.
_COPIES = {"WEBP": 4, "AVIF": 3, "HEIF": 2}
_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF", b"BM", b"II*\0", b"MM\0*")
_VIDEO = (b"mp41", b"mp42", b"isom", b"iso2", b"avc1", b"qt  ", b"M4V ", b"3gp4", b"3gp5")  # what phones write
_STILL = (b"avif", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")  # brands that the decoders know
_BROKEN = (OSError, SyntaxError, ValueError, IndexError, KeyError, TypeError, OverflowError, struct.error)

Answer = tuple[dict[str, Any], list[bytes]]


class _RefusedError(Exception):
    """This picture is not taken: why, as a code with its values."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code, self.values = code, values


class _Look(NamedTuple):
    """What a picture's file says of how it is to be shown."""

    profile: bytes
    orientation: int


def take_in(params: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Make a picture anew, at most `side` pixels long, as JPEG on white or as PNG that keeps what is transparent.

    `params` are side, format ("JPEG" or "PNG") and options for Pillow's writer. Returns width and height with the new
    file, or a code under "refused" with its values and no file.
    """
    try:
        image, look = _read(blobs[0], params["side"], keep_alpha=params["format"] == "PNG")
    except _RefusedError as error:
        return {"refused": error.code, "values": error.values}, []
    image.thumbnail((params["side"], params["side"]), Image.Resampling.LANCZOS)
    image = _in_srgb(image, look.profile)
    if look.orientation in _TURNS:
        image = image.transpose(_TURNS[look.orientation])
    return {"width": image.width, "height": image.height}, [_write(image, params["format"], params["options"])]


def make_copies(params: dict[str, Any], blobs: list[bytes]) -> Answer:
    """Write smaller copies of a picture that was made here: `copies` are [width, height, format, options, centre].

    A copy of other proportions is cut around its centre, in parts of the sides. Returns nothing but the files, in the
    order in which they were asked.
    """
    files: list[bytes] = []
    with Image.open(io.BytesIO(blobs[0]), formats=("JPEG", "PNG")) as image:
        whole = image.convert("RGB")
    resized: dict[tuple[int, int], Image.Image] = {}
    for width, height, kind, options, centre in params["copies"]:
        if (width, height) not in resized:
            resized = {
                (width, height): ImageOps.fit(whole, (width, height), Image.Resampling.LANCZOS, centering=tuple(centre))
            }
        files.append(_write(resized[width, height], kind, options))
    return {}, files


def _read(data: bytes, side: int, *, keep_alpha: bool) -> tuple[Image.Image, _Look]:
    """Return the picture, still in its own colours, and not much longer than `side`."""
    image = _open(data)
    width, height = image.size
    is_jpeg = image.format in ("JPEG", "MPO")
    if width * height > MOST_PIXELS:
        raise _RefusedError("too_many_pixels", width=width, height=height, is_jpeg=is_jpeg)
    if is_jpeg and max(width, height) > side:
        image.draft(None, (max(1, width * side // max(width, height)), max(1, height * side // max(width, height))))
    decoded = image.width * image.height * _WEIGHTS.get(image.mode, 4)
    held = decoded * _COPIES.get(image.format or "", 1) + _coefficients(image, width * height)
    if decoded > MOST_DECODED or held > MOST_HELD:
        raise _RefusedError("too_many_pixels", width=width, height=height, is_jpeg=is_jpeg)
    try:
        image.load()
    except _BROKEN as error:
        raise _RefusedError("damaged") from error
    look = _Look(image.info.get("icc_profile") or b"", _orientation_of(image))
    factor = max(1, max(image.size) // side)
    if factor == 1 and image.mode in ("RGBA", "LA") and not keep_alpha:
        return _on_white(image, side), look
    return _reduced(image, factor, keep_alpha=keep_alpha), look


def _coefficients(image: Image.Image, pixels: int) -> int:
    """Return the bytes that a progressive JPEG takes while it is decoded, however small it is asked for."""
    if "progressive" not in image.info:
        return 0
    factors = [across * down for _number, across, down, _table in getattr(image, "layer", ())]
    needed: int = 2 * pixels * sum(factors) // max([1, *factors])
    return needed


def _open(data: bytes) -> Image.Image:
    if not data.strip():
        raise _RefusedError("empty")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        _bound_webp(data)
    try:
        return Image.open(io.BytesIO(_by_its_family(data)), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _RefusedError("too_large") from error
    except _BROKEN as error:
        raise _RefusedError(_kind_of(data)) from error


def _by_its_family(data: bytes) -> bytes:
    """Return an AVIF or HEIC under the brand of its family: its decoder asks for that, and programs write any."""
    if data[4:8] != b"ftyp" or data[8:12] in _STILL:
        return data
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[at : at + 4] for at in range(16, end, 4)}
    if data[8:12] == b"avis" and b"moov" in data:  # it does move
        return data
    family = next((one for one in (b"avif", b"heic") if one in brands), data[8:12])
    return data[:8] + family + data[12:]


def _bound_webp(data: bytes) -> None:
    """Refuse a WebP that is too large: its decoder takes the memory for all of it before it tells the size."""
    if data[12:16] == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
    elif data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (int.from_bytes(data[at : at + 2], "little") & 0x3FFF for at in (26, 28))
    if width * height * 4 * _COPIES["WEBP"] > MOST_HELD:
        raise _RefusedError("too_many_pixels", width=width, height=height)


def _kind_of(data: bytes) -> str:
    """Name what cannot be opened: no picture, though it may be called one, or a picture that is broken."""
    begin = data[:2000].decode("latin-1").replace("\0", "").lower()
    if "<svg" in begin:
        return "drawing"
    if "<html" in begin or "<!doctype html" in begin or "<script" in begin:
        return "web_page"
    if data[4:8] == b"ftyp" and data[8:12] in _VIDEO:
        return "video"
    return "damaged" if data.startswith(_BEGINNINGS) or data[4:8] == b"ftyp" else "not_a_picture"


def _orientation_of(image: Image.Image) -> int:
    with contextlib.suppress(*_BROKEN):
        return int(image.getexif().get(_ORIENTATION, 1))
    return 1


def _reduced(image: Image.Image, factor: int, *, keep_alpha: bool) -> Image.Image:
    """Return the picture in a mode to calculate with, both sides divided by `factor`; tile by tile."""
    mode = _working(image.crop((0, 0, 1, 1)), keep_alpha=keep_alpha).mode
    if factor == 1 and mode == image.mode and "transparency" not in image.info:
        return image
    small = Image.new(mode, (-(-image.width // factor), -(-image.height // factor)))
    for box in _tiles(image, max(1, _TILE // factor) * factor):
        tile = _working(image.crop(box), keep_alpha=keep_alpha)
        small.paste(tile.reduce(factor) if factor > 1 else tile, (box[0] // factor, box[1] // factor))
    image.close()
    return small


def _on_white(image: Image.Image, side: int) -> Image.Image:
    """Return the picture on white, at most `side` pixels long; in place and colour by colour, so never held twice."""
    for box in _tiles(image, _TILE):
        image.paste(_working(image.crop(box), keep_alpha=False), box)
    colours = []
    for name in image.getbands()[:-1]:
        colour = image.getchannel(name)
        colour.thumbnail((side, side), Image.Resampling.LANCZOS)
        colours.append(colour)
    image.close()
    return colours[0] if len(colours) == 1 else Image.merge("RGB", colours)


def _tiles(image: Image.Image, step: int) -> Iterator[tuple[int, int, int, int]]:
    for top in range(0, image.height, step):
        for left in range(0, image.width, step):
            yield left, top, min(left + step, image.width), min(top + step, image.height)


def _working(tile: Image.Image, *, keep_alpha: bool) -> Image.Image:
    """Return a part of a picture as RGB, RGBA, L, CMYK or LAB."""
    if tile.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in tile.info:
        tile = tile.convert("RGBA")
        if keep_alpha:
            return tile
        ground = Image.new("RGB", tile.size, "white")
        ground.paste(tile, mask=tile.getchannel("A"))
        return ground
    if tile.mode in ("RGB", "L", "CMYK", "LAB"):
        return tile
    if tile.mode.startswith("I;16"):
        return tile.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    return tile.convert("L" if tile.mode == "1" else "RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return the picture in the colours of screens, RGB or RGBA; a profile that does not fit it is left aside."""
    if image.mode == "RGBA":
        colours = _in_srgb(image.convert("RGB"), profile)
        colours.putalpha(image.getchannel("A"))
        return colours
    try:
        if image.mode == "LAB":
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        elif profile:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        else:
            return image.convert("RGB")
        target = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(source, target, image.mode, "RGB")
        return cast("Image.Image", ImageCms.applyTransform(image, transform))  # None only where it works in place
    except (ImageCms.PyCMSError, *_BROKEN):
        return image.convert("RGB")


def _write(image: Image.Image, kind: str, options: dict[str, Any]) -> bytes:
    """Return a file of the picture's pixels alone: Pillow's writers take what they find beside them."""
    clean = Image.new(image.mode, image.size)
    clean.paste(image)
    stream = io.BytesIO()
    clean.save(stream, kind, **options)
    return stream.getvalue()
