"""Work done in the background: smaller copies of photos."""

from __future__ import annotations

import io
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_tasks import task
from PIL import Image, ImageOps

from news.models import Photo
from news.models.photo import Rendition

WIDTHS = (480, 960, 1600)
SHARE_SIZE = (1200, 630)
#: Format, ending, and how Pillow is to write it: about the same look at falling sizes.
ENCODINGS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("avif", ".avif", {"quality": 58, "speed": 7}),
    ("webp", ".webp", {"quality": 76, "method": 4}),
    ("jpeg", ".jpg", {"quality": 80, "optimize": True, "progressive": True}),
)


@task()
def make_renditions(photo_id: int) -> int:
    """Write the photo's smaller copies and put them into the texts that show it; return how many there are.

    Done again, it does the same again. A photo that is gone meanwhile needs none.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return 0
    stem = str(photo.file.name).rpartition(".")[0]
    renditions: list[Rendition] = []

    def write(copy: Image.Image, kind: str, ending: str, encoding: str, options: dict[str, Any]) -> None:
        stream = io.BytesIO()
        copy.save(stream, encoding, **options)
        path = f"{stem}-{copy.width}{ending}"
        default_storage.delete(path)
        path = default_storage.save(path, ContentFile(stream.getvalue()))
        renditions.append({"width": copy.width, "format": kind, "path": path})

    with photo.file.open("rb") as handle, Image.open(handle) as image:
        image.load()
        for width in [one for one in WIDTHS if one <= photo.width] or [photo.width]:
            height = max(1, round(photo.height * width / photo.width))
            copy = image.resize((width, height), Image.Resampling.LANCZOS)
            for kind, ending, options in ENCODINGS:
                write(copy, kind, ending, kind.upper(), options)
        write(ImageOps.fit(image, SHARE_SIZE, Image.Resampling.LANCZOS), "share", "-share.jpg", "JPEG", {"quality": 82})
    photo.renditions = renditions
    photo.save(update_fields=["renditions"])
    photo.expand_texts()
    return len(renditions)
