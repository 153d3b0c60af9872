"""The way of a text to its readers: sent for approval, returned with a reason, approved by somebody else."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from news import services
from news.forms import ReviewForm
from news.models import Article, ArticleRevision
from news.tables import ReviewTable
from news.views.compare import differences
from news.views.newsroom import find_article, render_changed
from portal.addresses import takes_form, takes_post
from portal.models import User
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list
from portal.vocabulary import ReviewKind

SAID = {
    "approve": gettext_lazy("The text is approved. It can be published now."),
    "return": gettext_lazy("The text has been returned to its writer."),
    "confirm": gettext_lazy("The article is approved afterwards."),
}


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def review_list(request: HttpRequest) -> HttpResponseBase:
    """List the texts on their way to readers: since when each waits, and for whom."""
    person = cast("User", request.user)
    articles = Article.objects.visible_to(person).with_review().awaiting_somebody()
    rows = articles.select_related("category", "unit", "working_revision__created_by")
    return show_list(request, ReviewTable(request, rows), "news/review_list.html")


@takes_post("newsroom_preview")
@requires(Permission.WRITE_ARTICLE)
def newsroom_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the working text for approval."""
    article = find_article(request, pk, Permission.WRITE_ARTICLE)
    values = {"article": article, "version": shown_version(request), "actor": cast("User", request.user)}
    try:
        sent = attempt(request, services.submit_article, **values)
    except ConflictError as changed:
        return render_changed(request, changed, "newsroom_preview")
    if sent is not None:
        messages.success(request, _("The text has been sent for approval."))
    return redirect("newsroom_preview", pk)


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def newsroom_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a text that waits, return it with a reason, or approve afterwards what was published urgently."""
    article = find_article(request, pk, Permission.PUBLISH_ARTICLE)
    urgent = services.unconfirmed_step(article)
    form = ReviewForm(request.POST or None, urgent=urgent is not None)
    if request.method == "POST" and form.is_valid():
        try:
            done = _decide(request, form, article)
        except ConflictError as changed:
            return render_changed(request, changed, "newsroom_review")
        if done is not None:
            messages.success(request, SAID[form.cleaned_data["decision"]])
            return redirect("review_list")
    working = (urgent.revision if urgent else article.working_revision) or ArticleRevision(article=article)
    kind = services.review_kind(article)
    context = {
        "form": form, "article": article, "revision": working, "urgent": urgent, "kind": kind,
        "step": working.review_steps.select_related("made_by").last() if working.pk and urgent is None else None,
        "is_waiting": urgent is not None or kind in {ReviewKind.SENT, ReviewKind.APPROVED},
        "differences": differences(article.published_revision, working) if article.has_unpublished_changes else [],
    }  # fmt: skip
    return render(request, "news/newsroom_review.html", context)


def _decide(request: HttpRequest, form: ReviewForm, article: Article) -> Article | None:
    decision, reason = form.cleaned_data["decision"], form.cleaned_data["reason"]
    values = {"article": article, "version": shown_version(request), "actor": cast("User", request.user)}
    if decision == "return":
        return attempt(form, services.return_article, reason=reason, **values)
    service = services.confirm_article if decision == "confirm" else services.approve_article
    return attempt(form, service, **values)
