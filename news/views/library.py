"""The library of photos: found by words, brought in, described, put in another's place, chosen for an article."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from news import services
from news.forms import LibraryPhotoForm, LibraryUploadForm, PhotoForm, PhotoReplaceForm
from news.models import Article, Photo
from news.tables import PhotoTable, narrow_photos
from portal.addresses import takes_form
from portal.models import Unit, User
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list

MOST_OFFERED = 24
MOST_USES = 50


@takes_form
@requires(Permission.VIEW_NEWSROOM)
def photo_list(request: HttpRequest) -> HttpResponseBase:
    """The photos of the person's units, newest first; POST brings some in, each only once."""
    person = _person(request)
    units = Unit.objects.filter(pk__in=[posting.unit_id for posting in person.current_postings])
    units = units.covered_by(person, Permission.WRITE_ARTICLE)
    form = None
    if person.may(Permission.WRITE_ARTICLE):
        form = LibraryUploadForm(*_read_sent(request), units=units)
        if form.is_bound and form.is_valid():
            _take_in(request, form)
            return redirect("photo_list")
    photos = Photo.objects.in_library(person).with_uses()
    return show_list(request, PhotoTable(request, photos), "news/photo_list.html", {"form": form})


@takes_form
@requires(Permission.VIEW_NEWSROOM)
def photo_update(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of a photo and where it is used; whoever writes changes it."""
    photo = _find(request, pk)
    form = LibraryPhotoForm(
        request.POST or None, initial={name: getattr(photo, name) for name in LibraryPhotoForm.base_fields}
    )
    may_write = _person(request).may(Permission.WRITE_ARTICLE, photo.unit)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": _person(request)}
        if attempt(form, services.describe_photo, photo=photo, **values) is not None:
            messages.success(request, _("The photo has been saved."))
            return redirect("photo_update", pk)
    context = {"photo": photo, "form": form, "may_write": may_write, **_list_uses(request, photo)}
    return render(request, "news/photo_update.html", context)


@takes_form
@requires(Permission.WRITE_ARTICLE)
def photo_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put another file in the photo's place, in the working text of every article that shows it."""
    photo = _find(request, pk, Permission.WRITE_ARTICLE)
    form = PhotoReplaceForm(*_read_sent(request))
    if request.method == "POST" and form.is_valid():
        values = {"version": shown_version(request), "actor": _person(request), **form.cleaned_data}
        replaced = attempt(form, services.replace_photo, photo=photo, **values)
        if replaced is not None:
            _say_replaced(request, replaced)
            return redirect("photo_update", replaced.photo.pk)
    return render(request, "news/photo_replace.html", {"photo": photo, "form": form, **_list_uses(request, photo)})


@require_safe
@requires(Permission.WRITE_ARTICLE)
def photo_find(request: HttpRequest) -> JsonResponse:
    """The newest photos of the library that fit some words, each with its row of an article's form."""
    photos = Photo.objects.in_library(_person(request)).order_by("-id")
    asked = request.GET.get("q", "").replace("\0", "")[:100]
    found = narrow_photos(photos, asked) if asked.strip() else photos
    return JsonResponse({"photos": [describe_row(request, photo, is_lent=True) for photo in found[:MOST_OFFERED]]})


def describe_row(request: HttpRequest, photo: Photo, *, is_lent: bool) -> dict[str, Any]:
    """Return what the editor's script is told of a photo; `is_lent`: it comes from the library."""
    fields = PhotoForm(prefix=f"photo-{photo.pk}", initial=dict(photo.words))
    context = {"photo": photo, "fields": fields, "cover_id": "", "lent": [photo.pk] if is_lent else []}
    row = render_to_string("news/_photo_row.html", context, request)
    return {"id": photo.pk, "src": photo.thumb_url, "caption": photo.caption, "name": str(photo), "row": row}


def _take_in(request: HttpRequest, form: LibraryUploadForm) -> None:
    """Bring the photos in, and say of each that was there already where it is."""
    taken = 0
    person, unit = _person(request), form.cleaned_data["unit"]
    for file in form.cleaned_data["pictures"]:
        photo = attempt(request, services.add_photo, file=file, unit=unit, reuse=True, actor=person)
        if photo is None:
            continue
        if photo.was_known:
            name = {"name": str(getattr(file, "name", "")), "known": str(photo)}
            messages.warning(request, _("“%(name)s” is in the library already: “%(known)s”.") % name)
        else:
            taken += 1
    if taken:
        said = ngettext("%(count)d photo has been brought in.", "%(count)d photos have been brought in.", taken)
        messages.success(request, said % {"count": taken})


def _say_replaced(request: HttpRequest, replaced: services.Replaced) -> None:
    messages.success(request, _("The new file stands in the photo's place."))
    waiting = [str(one) for one in replaced.changed if one.published_revision_id is not None]
    if waiting:
        said = _("Readers see the old file until these articles are published again: %(titles)s")
        messages.warning(request, said % {"titles": "; ".join(waiting)})
    if replaced.waiting:
        said = _("These texts wait for approval, now with the new file: %(titles)s")
        messages.info(request, said % {"titles": "; ".join(str(one) for one in replaced.waiting)})
    if replaced.untouched:
        said = _("These articles of other units keep the old file: %(titles)s")
        messages.warning(request, said % {"titles": "; ".join(str(one) for one in replaced.untouched)})


def _list_uses(request: HttpRequest, photo: Photo) -> dict[str, Any]:
    """Return the articles that show the photo, of the person's units, and how many others do."""
    used: Any = photo.used_in
    mine = used.filter(pk__in=Article.objects.visible_to(_person(request)).values("pk"))
    rows = list(mine.with_state().select_related("category").order_by("-id")[:MOST_USES])
    return {"uses": rows, "other_uses": used.count() - mine.count()}


def _find(request: HttpRequest, pk: int, permission: Permission = Permission.VIEW_NEWSROOM) -> Photo:
    photos = Photo.objects.filter(unit_id__isnull=False).select_related("unit", "uploaded_by", "replaced_by")
    return get_object_or_404(photos.of_units(_person(request), permission), pk=pk)


def _read_sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
