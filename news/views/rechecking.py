"""What should stay true: the list of what is due to be checked again, and the page of one article or document."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import services
from news.forms import RecheckForm
from news.models import Article, Document, Recheck
from news.tables import RecheckTable
from news.views.newsroom import find_article
from portal.addresses import takes_form
from portal.models import User
from portal.permissions import Permission, requires
from portal.services.versions import Beside
from portal.views.attempts import attempt, shown_version
from portal.views.lists import show_list


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def recheck_list(request: HttpRequest) -> HttpResponseBase:
    """List what readers have and somebody should look at again, what is due longest first."""
    person = cast("User", request.user)
    rows = Recheck.objects.visible_to(person).read_now().with_unit_names().with_decides(person)
    rows = rows.select_related("article__category", "document", "checked_by")
    rows = rows.prefetch_related("article__category__editors")
    return show_list(request, RecheckTable(request, rows), "news/recheck_list.html")


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def article_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an article is still right, or by when it is checked again."""
    article = find_article(request, pk, Permission.PUBLISH_ARTICLE)
    return _take_recheck(request, article, services.recheck_article, {"article": article})


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def document_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a document is still right, or by when it is checked again."""
    within = Document.objects.within(cast("User", request.user), Permission.PUBLISH_ARTICLE)
    document = get_object_or_404(within.select_related("unit"), pk=pk)
    return _take_recheck(request, document, services.recheck_document, {"document": document})


def _take_recheck(
    request: HttpRequest, subject: Article | Document, service: Any, named: dict[str, Any]
) -> HttpResponse:
    recheck = services.recheck_of(subject)
    initial = {"due_on": services.next_day(subject, timezone.localdate())}
    form = RecheckForm(request.POST or None, initial=initial, has_day=recheck.pk is not None)
    if request.method == "POST" and form.is_valid():
        values = {"version": shown_version(request), "actor": cast("User", request.user), **form.values()}
        if attempt(form, service, **named, **values) is not None:
            messages.success(request, _("Recorded."))
            return redirect("recheck_list")
    context = {
        "form": form, "subject": subject, "recheck": recheck, "beside": Beside(recheck),
        "article": named.get("article"), "document": named.get("document"),
    }  # fmt: skip
    return render(request, "news/recheck_update.html", context)
