"""Work done in the background: smaller copies of photos."""

from __future__ import annotations

import io

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django_tasks import task
from PIL import Image

from news.models import Photo
from news.models.photo import Rendition

WIDTHS = (480, 960, 1600)
#: Format, ending, and how Pillow is to write it: about the same look at falling sizes.
ENCODINGS = (
    ("avif", "avif", {"quality": 58, "speed": 7}),
    ("webp", "webp", {"quality": 76, "method": 4}),
    ("jpeg", "jpg", {"quality": 80, "optimize": True, "progressive": True}),
)


@task()
def make_renditions(photo_id: int) -> int:
    """Write the photo's smaller copies and put them into the texts that show it; return how many there are.

    Done again, it does the same again. A photo that is gone meanwhile needs none.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return 0
    stem = photo.file.name.rpartition(".")[0]
    renditions: list[Rendition] = []
    with photo.file.open("rb") as handle, Image.open(handle) as image:
        image.load()
        for width in [one for one in WIDTHS if one <= photo.width] or [photo.width]:
            copy = image.resize((width, max(1, round(photo.height * width / photo.width))), Image.Resampling.LANCZOS)
            for kind, ending, options in ENCODINGS:
                path = f"{stem}-{width}.{ending}"
                stream = io.BytesIO()
                copy.save(stream, kind.upper(), **options)
                default_storage.delete(path)
                renditions.append({"width": width, "format": kind, "path": default_storage.save(path, ContentFile(stream.getvalue()))})
    photo.renditions = renditions
    photo.save(update_fields=["renditions"])
    photo.expand_texts()
    return len(renditions)
