"""What the editor puts into a text: files, videos, links to other pages of the portal."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import services
from news.forms import FileUploadForm
from news.views.newsroom import find_article
from portal.addresses import takes_post
from portal.lib import videos
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import normalize
from portal.models import SearchEntry, User
from portal.permissions import Permission, requires
from portal.views.attempts import attempt

MOST_LINKS = 10
LONGEST_ASKED = 300


@takes_post("newsroom_create", keep=())
@requires(Permission.WRITE_ARTICLE)
def newsroom_file(request: HttpRequest) -> JsonResponse:
    """Take in one file for an article or for the form of a new one, and return its number and name."""
    number = whole_number(request.POST.get("article", ""), least=1)
    article = find_article(request, number, Permission.WRITE_ARTICLE) if number else None
    form = FileUploadForm(request.POST, request.FILES)
    attachment = None
    if form.is_valid() and (article is not None or form.cleaned_data["form_key"]):
        person = cast("User", request.user)
        attachment = attempt(form, services.add_attachment, article=article, actor=person, **form.cleaned_data)
    if attachment is None:
        return JsonResponse(
            {"error": " ".join(str(one) for errors in form.errors.values() for one in errors)}, status=422
        )
    return JsonResponse({"id": attachment.pk, "name": attachment.file_name})


@require_safe
@requires(Permission.WRITE_ARTICLE)
def newsroom_video(request: HttpRequest) -> JsonResponse:
    """Read the link of a video; one of another host is refused with a sentence that names those that are known."""
    video = videos.read_link(request.GET.get("link", "")[:LONGEST_ASKED])
    if video is None:
        hosts = ", ".join(host.label for host in videos.HOSTS)
        said = _("This is no link to a video of %(hosts)s. Copy it from the address bar or the button “Share”.")
        return JsonResponse({"error": said % {"hosts": hosts}}, status=422)
    return JsonResponse({"video": video.key, "host": video.host.label})


@require_safe
@requires(Permission.WRITE_ARTICLE)
def newsroom_link(request: HttpRequest) -> JsonResponse:
    """The pages of the portal that fit some words: what everybody finds, with their addresses."""
    asked = normalize(request.GET.get("q", "")[:LONGEST_ASKED])
    found = SearchEntry.objects.visible().best(asked, MOST_LINKS) if len(asked) > 1 else []
    entries = SearchEntry.objects.only("title", "link").in_bulk(found)
    pages = [{"title": entries[pk].title, "link": entries[pk].link} for pk in found if pk in entries]
    return JsonResponse({"pages": pages})
