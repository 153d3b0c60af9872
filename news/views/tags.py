"""Tags and series: their public pages, and where editors keep them."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import services
from news.forms import TagForm
from news.models import Article, Tag
from news.tables import TagTable
from news.views.caching import public_response, render_public
from news.views.public import STORIES_PER_PAGE
from portal.addresses import takes_form
from portal.lib.numbers import whole_number
from portal.models import User
from portal.permissions import ROOT, Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list

MOST_SHOWN = 300


@require_safe
def tag_index(request: HttpRequest) -> HttpResponseBase:
    """The tags and series under which readers find something, with how many articles."""
    now = timezone.now()
    tags = list(Tag.objects.with_articles(now)[:MOST_SHOWN])
    context = {"series": [one for one in tags if one.is_series], "tags": [one for one in tags if not one.is_series]}
    until = Article.objects.next_change(now)
    return public_response(
        request, render_public("news/tag_index.html", context, path=request.path), until=until, now=now
    )


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The public articles of one tag or series, newest first; without any there is no such page."""
    now = timezone.now()
    tag = Tag.objects.filter(slug=slug).first()
    articles = Article.objects.published(now).filter(published_revision__tags=tag) if tag else Article.objects.none()
    paginator = Paginator(articles.as_cards().newest_first(), STORIES_PER_PAGE)
    number = whole_number(request.GET.get("page", "1"), least=1)
    if tag is None or not paginator.count or number is None or number > paginator.num_pages:
        raise Http404
    path = f"{request.path}?page={number}" if number > 1 else request.path
    context = {"tag": tag, "page": paginator.page(number), "path": path}
    until = Article.objects.next_change(now)
    return public_response(request, render_public("news/tag_detail.html", context, path=path), until=until, now=now)


@takes_form
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def tag_list(request: HttpRequest) -> HttpResponseBase:
    """The tags and series, with how many texts name each; POST adds one."""
    form = TagForm(request.POST or None)
    person = cast("User", request.user)
    values = form.cleaned_data | {"actor": person} if form.is_valid() else None
    if values is not None and attempt(form, services.create_tag, **values) is not None:
        messages.success(request, _("The tag has been added."))
        return redirect("tag_list")
    tags = Tag.objects.annotate(texts=Count("revisions__article", distinct=True))
    return show_list(request, TagTable(request, tags), "news/tag_list.html", {"form": form})


@takes_form
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def tag_update(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a tag; its address stays."""
    tag = get_object_or_404(Tag, slug=slug)
    form = TagForm(request.POST or None, initial={name: getattr(tag, name) for name in TagForm.base_fields})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": cast("User", request.user)}
        if attempt(form, services.update_tag, tag=tag, **values) is not None:
            messages.success(request, _("The tag has been saved."))
            return redirect("tag_list")
    return render(request, "news/tag_update.html", {"form": form, "tag": tag})
