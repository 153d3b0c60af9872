"""Work done in the background: smaller copies of photos."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django_tasks import task

from news.models import Photo
from news.models.photo import Rendition
from portal.services import pictures

WIDTHS = (320, 480, 960, 1600)  # a line of a list, a card, a phone, a desk
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

    Done again, it does the same again. A photo that is gone in the meantime needs none.
    """
    photo = Photo.objects.filter(pk=photo_id).first()
    if photo is None:
        return 0
    with photo.file.open("rb") as handle:
        content = handle.read()
    asked = _copies_of(photo)
    files = pictures.make_copies(content, [copy for _kind, _ending, copy in asked])
    stem = str(photo.file.name).rpartition(".")[0]
    renditions: list[Rendition] = []
    for (kind, ending, copy), made in zip(asked, files, strict=True):
        path = f"{stem}-{copy.width}{ending}"
        default_storage.delete(path)
        path = default_storage.save(path, ContentFile(made))
        renditions.append({"width": copy.width, "format": kind, "path": path})
    return len(renditions) if _show(photo, renditions) else 0


def _show(photo: Photo, renditions: list[Rendition]) -> bool:
    """Put the copies into the photo and the texts that show it; return whether they still fit it.

    Waits for every text that has read the photo without them (`PhotoQuerySet.keep_still`), so that it is among those
    that get them.
    """
    with transaction.atomic():
        held = Photo.objects.select_for_update().filter(pk=photo.pk).first()
        if held is None or (held.focus_x, held.focus_y) != (photo.focus_x, photo.focus_y):
            return False  # gone; or to be cut around another place: copies were asked for with that
        held.renditions = renditions
        held.save(update_fields=["renditions"])
        held.expand_texts()
        return True


def _copies_of(photo: Photo) -> list[tuple[str, str, pictures.Copy]]:
    """Return what is to be made: kind, ending of the name, and the copy."""
    asked = [
        (kind, ending, pictures.Copy(width, max(1, round(photo.height * width / photo.width)), kind.upper(), options))
        for width in [one for one in WIDTHS if one <= photo.width] or [photo.width]
        for kind, ending, options in ENCODINGS
    ]
    x, y = photo.focus_x, photo.focus_y
    share = pictures.Copy(*SHARE_SIZE, "JPEG", {"quality": 82}, (x / 100, y / 100))
    ending = "-share.jpg" if (x, y) == (50, 50) else f"-share-{x}-{y}.jpg"  # another picture has another address
    return [*asked, ("share", ending, share)]
