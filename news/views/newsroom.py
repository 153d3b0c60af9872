"""The newsroom: the list of its articles, and every decision on one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import services
from news.forms import ArticleWithdrawForm, MendForm, PublishForm, ReplaceForm
from news.models import Article, ArticleRevision, Tag
from news.tables import ArticleTable
from news.views.compare import differences
from portal.addresses import takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.lib.vietnamese import date_line
from portal.lists import numbered_page
from portal.models import User
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.vocabulary import ReviewKind


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def newsroom_list(request: HttpRequest) -> HttpResponseBase:
    """List the articles of the person's units, newest work first."""
    articles = Article.objects.visible_to(_person(request)).with_state().with_reads(timezone.localdate())
    articles = articles.select_related("category", "created_by")
    return show_list(request, ArticleTable(request, articles), "news/newsroom_list.html")


@require_safe
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # its hints know no view with arguments
@requires(Permission.VIEW_NEWSROOM)
def newsroom_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working text as readers would see it: as wide as this window, a phone or a desk's screen."""
    article = find_article(request, pk, Permission.VIEW_NEWSROOM)
    revision = article.working_revision
    reading, contents = services.with_anchors(revision.body_html if revision else "")
    context = {
        "article": article, "revision": revision, "reading": reading, "contents": contents,
        "step": revision and revision.review_steps.select_related("made_by").last(),
        "needs_second": services.needs_second_person(), "width": request.GET.get("width", ""),
        "is_framed": "frame" in request.GET,
    }  # fmt: skip
    response = render(request, "news/newsroom_preview.html", context)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"  # it frames itself
    return response


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the working text to readers, now or at a chosen time."""
    article = find_article(request, pk, Permission.PUBLISH_ARTICLE)
    initial = {"until": article.expires_at, "pinned_until": article.pinned_until}
    if article.state_now == Article.State.SCHEDULED:
        initial["at"] = article.published_at
    kind = services.review_kind(article)
    is_alone = services.needs_second_person() and kind is not ReviewKind.APPROVED and _is_new(article)
    form = PublishForm(
        request.POST if request.method == "POST" else None, initial=initial, is_alone=is_alone,
        may_lead=_person(request).may_at_root(Permission.PUBLISH_ARTICLE),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        times = {"pinned_until": article.pinned_until, **form.cleaned_data}
        times.pop("back_dated")
        try:
            published = attempt(
                form, services.publish_article, article=article, version=shown_version(request), actor=_person(request),
                **times,
            )  # fmt: skip
        except ConflictError as changed:
            return render_changed(request, changed, "newsroom_publish")
        if published is not None:
            messages.success(request, _say_published(published))
            return redirect("newsroom_list")
    working = article.working_revision or ArticleRevision(article=article)
    context = {
        "form": form, "article": article, "revision": working, "lacking": services.text_problems(working),
        "problems": services.photo_problems(working),
        "warnings": services.figure_warnings(figures=article.figures, text=working.lead + working.body),
        "differences": differences(article.published_revision, working) if article.has_unpublished_changes else [],
    }  # fmt: skip
    return render(request, "news/newsroom_publish.html", context)


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a typo of a live article right: its words in one page, before readers at once."""
    article = find_article(request, pk, Permission.PUBLISH_ARTICLE)
    is_mendable = article.state_now == Article.State.PUBLISHED and not article.has_unpublished_changes
    if not is_mendable and (request.method != "POST" or article.published_revision is None):
        messages.info(request, _("Changes wait here, or readers do not have the article: correct it in its text."))
        return redirect("newsroom_update", pk)
    shown = article.shown
    form = MendForm(
        request.POST or None, revision=shown, parts=services.text_parts(shown),
        needs_second=services.needs_second_person(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        values = {"version": shown_version(request), "actor": _person(request), **form.values(shown)}
        try:
            mended = attempt(form, services.mend_article, article=article, **values)
        except ConflictError as changed:
            typed = [(form.fields[name].label, form[name].value()) for name in form.changed_data]
            return render_changed(request, changed, "newsroom_mend", typed)
        if mended is not None:
            messages.success(request, _("The correction is before readers."))
            return redirect("newsroom_history", pk)
    return render(request, "news/newsroom_mend.html", {"form": form, "article": article})


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an article back, saying why and perhaps what is read instead."""
    article = find_article(request, pk, Permission.PUBLISH_ARTICLE)
    form = ArticleWithdrawForm(request.POST or None, was_read=article.state_now != Article.State.SCHEDULED)
    if request.method == "POST" and form.is_valid():
        values = {"reason": form.cleaned_data["reason"], "version": shown_version(request), **form.values()}
        try:
            withdrawn = attempt(form, services.withdraw_article, article=article, actor=_person(request), **values)
        except ConflictError as changed:
            return render_changed(request, changed, "newsroom_withdraw", _list_typed(form))
        if withdrawn is not None:
            messages.success(
                request, " ".join([_("The article has been withdrawn."), _say_replaced(withdrawn)]).strip()
            )
            return redirect("newsroom_list")
    led_here = article.replaces.count()
    return render(request, "news/newsroom_withdraw.html", {"form": form, "article": article, "led_here": led_here})


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the readers of a withdrawn article are led to; it may have come out since."""
    article = find_article(request, pk, Permission.PUBLISH_ARTICLE)
    if article.withdrawn_at is None and request.method != "POST":
        messages.info(request, _("This article is not withdrawn: its readers read it itself."))
        return redirect("newsroom_update", pk)
    initial = {"replacement": article.replacement, "answer": "lead" if article.is_merged else "say"}
    form = ReplaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = {"version": shown_version(request), "actor": _person(request), **form.values()}
        try:
            replaced = attempt(form, services.replace_article, article=article, **values)
        except ConflictError as changed:
            return render_changed(request, changed, "newsroom_replace", _list_typed(form))
        if replaced is not None:
            messages.success(request, _say_replaced(replaced) or _("Nothing is read instead of it any more."))
            return redirect("newsroom_update", pk)
    return render(request, "news/newsroom_replace.html", {"form": form, "article": article})


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def newsroom_history(request: HttpRequest, pk: int) -> HttpResponse:
    """The saved states of an article and what each changed."""
    article = find_article(request, pk, Permission.VIEW_NEWSROOM)
    revisions = article.revisions.select_related("created_by", "cover", "category").order_by("-number")
    page = numbered_page(revisions, request.GET.get("page"), 10)
    shown = list(page)
    older = revisions.filter(number__lt=shown[-1].number).first() if shown else None
    pairs = zip(shown, [*shown[1:], older], strict=True)
    changes = [(revision, differences(before, revision) if before else []) for revision, before in pairs]
    may_write = _person(request).may(Permission.WRITE_ARTICLE, article.unit)
    version = version_of(article)  # once for the forms of all rows
    reads = article.read_counts.summed(timezone.localdate()) if article.published_revision_id else None
    context = {
        "article": article, "page": page, "changes": changes, "may_write": may_write, "version": version,
        "reads": reads,
    }  # fmt: skip
    return render(request, "news/newsroom_history.html", context)


@takes_post("newsroom_history", keep=("pk",))
@requires(Permission.WRITE_ARTICLE)
def newsroom_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an earlier state the working text again; nothing is taken out of the history."""
    article = find_article(request, pk, Permission.WRITE_ARTICLE)
    old = get_object_or_404(article.revisions.select_related("category", "cover"), number=number)
    try:
        restored = attempt(
            request, services.save_article, article=article, version=shown_version(request), category=old.category,
            title=old.title, lead=old.lead, body=old.body, byline=old.byline, source=old.source, cover=old.cover,
            is_photo_story=old.is_photo_story,
            photo_words={int(photo): words for photo, words in old.photo_words.items()},
            tags=list(Tag.objects.filter(pk__in=old.tag_ids)), actor=_person(request),
        )  # fmt: skip
    except ConflictError as changed:
        return render_changed(request, changed, "newsroom_history")
    if restored is None:
        return redirect("newsroom_history", pk)
    messages.success(request, _("The state number %(number)d is the working text again.") % {"number": number})
    return redirect("newsroom_update", pk)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def find_article(request: HttpRequest, pk: int, permission: Permission) -> Article:
    """Return the article if it is within the person's units; else it does not exist."""
    scope = Article.objects.within(_person(request), permission)
    related = (
        "category", "unit", "working_revision__category", "working_revision__cover", "working_revision__created_by",
        "published_revision__category", "published_revision__cover", "replacement",
    )  # fmt: skip
    return get_object_or_404(scope.select_related(*related), pk=pk)


def render_changed(
    request: HttpRequest, changed: ConflictError, page: str, typed: Iterable[tuple[Any, Any]] = ()
) -> HttpResponse:
    """409: the text that the decision was about beside the present one, what was typed; nothing is decided."""
    article: Article = changed.current
    number = whole_number(request.POST.get("base", ""), least=1)
    shown = article.revisions.select_related("category", "cover").filter(number=number).first() if number else None
    now = article.working_revision or ArticleRevision(article=article)
    context = {
        "step": now.review_steps.select_related("made_by").last() if now.pk else None,
        "sentence": str(changed), "article": article, "now": now, "shown": shown, "changes": changed.changes,
        "typed": typed,
        "page": reverse(page, args=[article.pk]),
        "differences": differences(shown, now) if shown is not None and shown.pk != now.pk else [],
    }  # fmt: skip
    return render(request, "news/newsroom_changed.html", context, status=409)


def _list_typed(form: ReplaceForm) -> list[tuple[Any, Any]]:
    return [(form.fields[name].label, form[name].value()) for name in form.changed_data]


def _say_replaced(article: Article) -> str:
    if article.replacement is None:
        return ""
    title = {"title": article.replacement.title}
    if article.is_merged:
        return _("Its address leads straight to “%(title)s” now.") % title
    return _("Its address says so and names “%(title)s”.") % title


def _is_new(article: Article) -> bool:
    return article.published_revision_id is None or article.has_unpublished_changes


def _say_published(article: Article) -> str:
    if article.published_at and article.published_at > timezone.now():
        day, _space, time = date_line(article.published_at).rpartition(" ")
        return _("Will be published at %(time)s, %(day)s (Vietnam time).") % {"time": time, "day": day}
    return _("The article is published.")
