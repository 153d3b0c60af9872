"""Readers write to the editors, and somebody without an account reads a draft."""

from __future__ import annotations

from typing import Any, cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from news import services
from news.forms import NoteForm, RemarkForm
from news.models import Article, DraftLink, ReaderNote
from news.tables import NoteTable
from news.views.files import link_photos
from news.views.newsroom import find_article
from portal.addresses import takes_form, takes_post
from portal.models import User
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list


@takes_form
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """Ask the association something."""
    return _take_note(request, None)


@takes_form
@never_cache
def article_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the editors of a mistake in an article that everybody can read."""
    article = Article.objects.published().select_related("published_revision", "category", "unit").filter(pk=pk).first()
    if article is None:
        raise Http404
    return _take_note(request, article)


def _take_note(request: HttpRequest, article: Article | None) -> HttpResponse:
    """Return the form, or take what it sends; an address may write so often only, a robot is thanked for nothing."""
    refusal: HttpResponse | None = ratelimit.consume_or_429(request, action="reader_note")
    if refusal is not None:
        return refusal
    form = NoteForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid() and _send(form, article=article)
    context = {"form": form, "article": article, "sent": sent}
    return render(request, "news/article_report.html" if article else "news/contact.html", context)


@require_safe
@requires(Permission.PUBLISH_ARTICLE)
def note_list(request: HttpRequest) -> HttpResponseBase:
    """List what readers wrote, the open ones first."""
    notes = ReaderNote.objects.visible_to(_person(request)).select_related("article", "settled_by")
    return show_list(request, NoteTable(request, notes), "news/note_list.html")


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def note_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What one reader wrote; POST marks it as dealt with."""
    notes = ReaderNote.objects.visible_to(_person(request)).select_related(
        "article__category", "settled_by", "draft_link__revision"
    )
    note = get_object_or_404(notes, pk=pk)
    if request.method == "POST":
        values = {"note": note, "version": shown_version(request), "actor": _person(request)}
        if attempt(request, services.settle_note, **values) is not None:
            messages.success(request, _("Marked as dealt with."))
            return redirect("note_list")
    return render(request, "news/note_detail.html", {"note": note})


@takes_form
@requires(Permission.WRITE_ARTICLE)
def newsroom_share(request: HttpRequest, pk: int) -> HttpResponse:
    """The links to an article's drafts, and who opened them; POST makes one for the working text."""
    article = find_article(request, pk, Permission.WRITE_ARTICLE)
    if request.method == "POST":
        values = {"article": article, "version": shown_version(request), "actor": _person(request)}
        if attempt(request, services.make_draft_link, **values) is not None:
            return redirect("newsroom_share", pk)
    links = DraftLink.objects.filter(revision__article=article).select_related("revision", "made_by")
    links = links.prefetch_related("openings", "notes")
    return render(request, "news/newsroom_share.html", {"article": article, "links": links})


@takes_post("newsroom_share", keep=("pk",))
@requires(Permission.WRITE_ARTICLE)
def newsroom_unshare(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """End a link to a draft."""
    article = find_article(request, pk, Permission.WRITE_ARTICLE)
    link = get_object_or_404(DraftLink, revision__article=article, pk=number)
    values = {"link": link, "version": shown_version(request), "actor": _person(request)}
    if attempt(request, services.revoke_draft_link, **values) is not None:
        messages.success(request, _("The link has ended."))
    return redirect("newsroom_share", pk)


@takes_form
def draft_shared(request: HttpRequest, key: str) -> HttpResponse:
    """A draft as readers would see it, for whoever was given its link; any other key is unknown. POST remarks on it."""
    link: DraftLink | None
    if request.method == "POST":
        link = DraftLink.objects.open().select_related("revision__article__unit").filter(key=key).first()
    else:
        link = attempt(request, services.open_draft_link, key=key)
    if link is None:
        raise Http404
    refusal: HttpResponse | None = None
    if request.method == "POST":
        refusal = ratelimit.consume_or_429(request, action="reader_note")
    if refusal is not None:
        return refusal
    form = RemarkForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid() and _send(form, link=link)
    anchored, contents = services.with_anchors(link.revision.body_html)
    reading = mark_safe(link_photos(anchored, key))  # noqa: S308 - cleaned when it was saved # nosec B308 B703
    context = {
        "link": link,
        "revision": link.revision,
        "reading": reading,
        "contents": contents,
        "form": form,
        "sent": sent,
    }
    response = render(request, "news/draft_shared.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _send(form: NoteForm, **about: Any) -> bool:
    """Keep what was written; a robot is thanked for nothing."""
    values = form.cleaned_data
    return bool(values.pop("website")) or attempt(form, services.send_note, **about, **values) is not None


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
