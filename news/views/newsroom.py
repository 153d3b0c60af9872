"""The newsroom: articles from the first word to the last withdrawal."""

from __future__ import annotations

import time
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from js_asset import Media

from news import services
from news.forms import EDITOR_WORDS, ArticleForm, CategoryForm, PhotoForm, PublishForm, WithdrawForm
from news.models import Article, ArticleRevision, Category
from news.tables import ArticleTable
from news.views.compare import differences
from portal.addresses import takes_form, takes_post
from portal.lib.vietnamese import date_line
from portal.lists import numbered_page
from portal.models import Unit, User
from portal.permissions import ROOT, Permission, requires
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def newsroom_list(request: HttpRequest) -> HttpResponseBase:
    """List the articles of the person's units, newest work first."""
    articles = Article.objects.visible_to(_person(request)).with_state().select_related("category", "created_by")
    return show_list(request, ArticleTable(request, articles), "news/newsroom_list.html")


@takes_form
@requires(Permission.WRITE_ARTICLE)
def newsroom_create(request: HttpRequest) -> HttpResponse:
    """Begin an article."""
    person = _person(request)
    units = Unit.objects.filter(pk__in=[posting.unit_id for posting in person.current_postings])
    units = units.covered_by(person, Permission.WRITE_ARTICLE)
    form = ArticleForm(request.POST or None, request.FILES or None, units=units, initial={"byline": person.full_name})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        files = data.pop("new_photos")
        article = attempt(form, services.create_article, actor=person, **data)
        if article is not None:
            _add_photos(request, article, files)
            messages.success(request, _("The draft has been saved."))
            return redirect("newsroom_update", article.pk)
    context = {"form": form, "article": None, "photos": [], "photo_data": {}, **_editor_tools(request, form)}
    return render(request, "news/newsroom_form.html", context)


@takes_form
@requires(Permission.WRITE_ARTICLE)
def newsroom_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on; photos are taken in and described even where the text is refused, so that no work is lost."""
    article = _find_article(request, pk, Permission.WRITE_ARTICLE)
    if request.method != "POST":
        return _render_editor(
            request, article, ArticleForm(units=Unit.objects.none(), article=article, initial=_fill_initial(article))
        )
    form = ArticleForm(request.POST, request.FILES, units=Unit.objects.none(), article=article)
    if shown_version(request) == version_of(article):  # else somebody else's words would be lost unseen
        _save_descriptions(request, article)
    valid = form.is_valid()
    _add_photos(request, article, form.cleaned_data.pop("new_photos", []))
    if not valid:
        return _render_editor(request, article, form)
    try:
        saved = attempt(
            form, services.save_article, article=article, version=shown_version(request), actor=_person(request),
            **form.cleaned_data,
        )  # fmt: skip
    except ConflictError as changed:
        return _render_both_texts(request, changed.current, form)
    if saved is None:
        return _render_editor(request, article, form)
    dropped = services.clean_body(form.cleaned_data["body"]).dropped_images
    if dropped:
        sentence = ngettext(
            "%(count)d picture of the pasted text did not come along: bring it in as a photo.",
            "%(count)d pictures of the pasted text did not come along: bring them in as photos.",
            dropped,
        )
        messages.warning(request, sentence % {"count": dropped})
    messages.success(request, _("Saved."))
    target = request.POST.get("next")
    return redirect(
        {"preview": "newsroom_preview", "publish": "newsroom_publish"}.get(target or "", "newsroom_update"), pk
    )


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def newsroom_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working text as readers would see it."""
    article = _find_article(request, pk, Permission.VIEW_NEWSROOM)
    response = render(request, "news/newsroom_preview.html", {"article": article, "revision": article.working_revision})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the working text to readers, now or at a chosen time."""
    article = _find_article(request, pk, Permission.PUBLISH_ARTICLE)
    initial = {"until": article.expires_at, "pinned_until": article.pinned_until}
    if article.state_now == Article.State.SCHEDULED:
        initial["at"] = article.published_at
    form = PublishForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        times = {name: form.cleaned_data[name] for name in ("at", "until", "pinned_until")}
        published = attempt(
            form, services.publish_article, article=article, version=shown_version(request), actor=_person(request),
            **times,
        )  # fmt: skip
        if published is not None:
            messages.success(request, _say_published(published))
            return redirect("newsroom_list")
    figures = services.figure_warnings(
        figures=article.figures, text=_get_working(article).lead + _get_working(article).body
    )
    context = {"form": form, "article": article, "revision": article.working_revision, "warnings": figures}
    return render(request, "news/newsroom_publish.html", context)


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an article back, saying why."""
    article = _find_article(request, pk, Permission.PUBLISH_ARTICLE)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        withdrawn = attempt(
            form, services.withdraw_article, article=article, reason=form.cleaned_data["reason"],
            version=shown_version(request), actor=_person(request),
        )  # fmt: skip
        if withdrawn is not None:
            messages.success(request, _("The article has been withdrawn."))
            return redirect("newsroom_list")
    return render(request, "news/newsroom_withdraw.html", {"form": form, "article": article})


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def newsroom_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The saved states of an article and what each changed."""
    article = _find_article(request, pk, Permission.VIEW_NEWSROOM)
    revisions = article.revisions.select_related("created_by", "cover").order_by("-number")
    page = numbered_page(revisions, request.GET.get("page"), 10)
    shown = list(page)
    older = revisions.filter(number__lt=shown[-1].number).first() if shown else None
    pairs = zip(shown, [*shown[1:], older], strict=True)
    changes = [(revision, differences(before, revision) if before else []) for revision, before in pairs]
    may_write = _person(request).may(Permission.WRITE_ARTICLE, article.unit)
    context = {"article": article, "page": page, "changes": changes, "may_write": may_write}
    return render(request, "news/newsroom_history.html", context)


@takes_post("newsroom_history", keep=("pk",))
@requires(Permission.WRITE_ARTICLE)
def newsroom_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an earlier state the working text again; nothing is taken out of the history."""
    article = _find_article(request, pk, Permission.WRITE_ARTICLE)
    old = get_object_or_404(article.revisions, number=number)
    restored = attempt(
        request, services.save_article, article=article, version=shown_version(request), category=article.category,
        title=old.title, lead=old.lead, body=old.body, byline=old.byline, source=old.source, cover=old.cover,
        actor=_person(request),
    )  # fmt: skip
    if restored is None:
        return redirect("newsroom_history", pk)
    messages.success(request, _("The state number %(number)d is the working text again.") % {"number": number})
    return redirect("newsroom_update", pk)


@takes_form
@requires(Permission.PUBLISH_ARTICLE, on=ROOT)
def category_list(request: HttpRequest) -> HttpResponse:
    """The categories of the news; POST adds one, or changes the one named by ?slug=."""
    known = Category.objects.filter(slug=request.GET.get("slug", "")).first()
    initial = {name: getattr(known, name) for name in CategoryForm.base_fields} if known else None
    form = CategoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": _person(request)}
        if attempt(form, services.save_category, **values) is not None:
            messages.success(request, _("The category has been saved."))
            return redirect("category_list")
    context = {
        "form": form, "known": known, "versioned": known or Category, "categories": Category.objects.all(),
    }  # fmt: skip
    return render(request, "news/category_list.html", context)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _find_article(request: HttpRequest, pk: int, permission: Permission) -> Article:
    """Return the article if it is within the person's units; else it does not exist."""
    scope = Article.objects.within(_person(request), permission)
    related = ("category", "unit", "working_revision__cover", "working_revision__created_by", "published_revision")
    return get_object_or_404(scope.select_related(*related), pk=pk)


def _get_working(article: Article) -> ArticleRevision:
    return article.working_revision or ArticleRevision(article=article)


def _fill_initial(article: Article) -> dict[str, Any]:
    revision = _get_working(article)
    names = ("title", "lead", "body", "byline", "source", "cover")
    return {
        "category": article.category_id,
        **{name: getattr(revision, name) for name in names},
    }


def _render_editor(request: HttpRequest, article: Article, form: ArticleForm) -> HttpResponse:
    photos = [
        (
            photo,
            PhotoForm(
                prefix=f"photo-{photo.pk}", initial={"caption": photo.caption, "alt": photo.alt, "credit": photo.credit}
            ),
        )
        for photo in article.photos.all()
    ]
    text = str(form["lead"].value() or "") + str(form["body"].value() or "")
    context = {
        "form": form,
        "article": article,
        "photos": photos,
        "cover_id": str(form["cover"].value() or ""),
        "photo_data": _describe_photos(article),
        "warnings": services.figure_warnings(figures=article.figures, text=text),
        **_editor_tools(request, form),
    }
    return render(request, "news/newsroom_form.html", context)


def _editor_tools(request: HttpRequest, form: ArticleForm) -> dict[str, Any]:
    """Return the editor's scripts and styles, import map included, with this answer's nonce, and its words."""
    media = Media.from_media(form.media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]  # django-csp's, on the request
    return {"media": media, "editor_words": {word: str(shown) for word, shown in EDITOR_WORDS.items()}}


def _describe_photos(article: Article) -> dict[int, dict[str, str]]:
    """Return what the editor's script shows of each photo in the text."""
    return {photo.pk: {"src": photo.thumb_url, "caption": photo.caption} for photo in article.photos.all()}


def _add_photos(request: HttpRequest, article: Article, files: list[Any]) -> None:
    """Take in the photos one by one: what is wrong with one keeps no other out, unless the page has waited too long."""
    taken, until = 0, time.monotonic() + settings.PICTURES_PATIENCE
    for number, file in enumerate(files):
        if number and time.monotonic() > until:
            sentence = ngettext(
                "%(count)d photo has not been read: it took too long. Bring it in again.",
                "%(count)d photos have not been read: it took too long. Bring them in again, fewer at once.",
                len(files) - number,
            )
            messages.error(request, sentence % {"count": len(files) - number})
            break
        taken += attempt(request, services.add_photo, file=file, article=article, actor=_person(request)) is not None
    if taken:
        sentence = ngettext(
            "%(count)d photo has been uploaded. Write its caption and description.",
            "%(count)d photos have been uploaded. Write their captions and descriptions.",
            taken,
        )
        messages.success(request, sentence % {"count": taken})


def _save_descriptions(request: HttpRequest, article: Article) -> None:
    for photo in article.photos.all():
        form = PhotoForm(request.POST, prefix=f"photo-{photo.pk}")
        if f"photo-{photo.pk}-caption" in request.POST and form.is_valid():
            attempt(request, services.describe_photo, photo=photo, actor=_person(request), **form.cleaned_data)


def _render_both_texts(request: HttpRequest, article: Article, form: ArticleForm) -> HttpResponse:
    """409: their text and mine, both whole, and a form that saves mine over theirs."""
    theirs, mine = _get_working(article), form.cleaned_data
    again = ArticleForm(request.POST, units=Unit.objects.none(), article=article)
    body = services.clean_body(mine["body"]).html
    unsaved = ArticleRevision(
        title=mine["title"],
        lead=mine["lead"],
        body=body,
        byline=mine["byline"],
        source=mine["source"],
        cover=mine["cover"],
    )
    context = {
        "article": article,
        "theirs": theirs,
        "own": theirs.created_by_id == _person(request).pk,
        "form": again,
        **_editor_tools(request, again),
        "differences": differences(theirs, unsaved),
        "photo_data": _describe_photos(article),
        "their_text": services.plain_text(theirs.body),
    }
    return render(request, "news/newsroom_conflict.html", context, status=409)


def _say_published(article: Article) -> str:
    if article.published_at and article.published_at > timezone.now():
        day, _space, time = date_line(article.published_at).rpartition(" ")
        return _("Will be published at %(time)s, %(day)s (Vietnam time).") % {"time": time, "day": day}
    return _("The article is published.")
