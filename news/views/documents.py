"""Documents: their public list, page and file, and where editors keep them."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import services
from news.forms import DocumentForm, DocumentSearchForm, WithdrawForm
from news.models import Document
from news.tables import DocumentTable
from news.views.caching import public_response, render_public
from portal.addresses import takes_form
from portal.lib.numbers import whole_number
from portal.models import Unit, User
from portal.permissions import Permission, requires
from portal.views.attempts import attempt, shown_version
from portal.views.downloads import ASKED_AGAIN, CONTENT_TYPES, name_file
from portal.views.errors import gone
from portal.views.lists import show_list

PER_PAGE = 20


def list_addresses() -> list[tuple[str, dt.datetime | None]]:
    """Return the addresses of all public documents, for the site map."""
    return [(one.get_absolute_url(), one.changed_at) for one in Document.objects.public().order_by("pk")]


@require_safe
def document_list(request: HttpRequest) -> HttpResponseBase:
    """The documents, newest first, by kind, year and words where asked."""
    now = timezone.now()
    form = DocumentSearchForm(request.GET)
    found = form.narrow(Document.objects.public()).newest_first()
    number = whole_number(request.GET.get("page", "1"), least=1)
    paginator = Paginator(found, PER_PAGE)
    if number is None or number > paginator.num_pages:
        raise Http404
    asked = [*form.asked.items(), *([("page", str(number))] if number > 1 else [])]
    path = f"{request.path}?{urlencode(asked)}" if asked else request.path
    context = {"form": form, "page": paginator.page(number), "path": path, "asked": form.asked}
    return public_response(request, render_public("news/document_list.html", context, path=path), now=now)


@require_safe
def document_detail(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One document: what it is, and its file."""
    document = get_object_or_404(Document, pk=pk)
    if document.withdrawn_at is not None:
        return _say_withdrawn(request, document)
    content = render_public("news/document_detail.html", {"document": document}, path=request.path)
    return public_response(request, content, modified=document.changed_at, now=timezone.now())


@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the file of a public document; a PDF opens in the browser."""
    document = get_object_or_404(Document, pk=pk)
    if document.withdrawn_at is not None:
        return _say_withdrawn(request, document)
    answer = FileResponse(document.file.open("rb"))
    answer.headers["Content-Type"] = CONTENT_TYPES[document.file_kind]
    answer.headers["Cache-Control"] = ASKED_AGAIN
    name_file(answer, f"van-ban-{document.pk}.{document.file_kind}", inline=document.file_kind == "pdf")
    return answer


@require_safe
@requires(Permission.VIEW_NEWSROOM)
def document_manage(request: HttpRequest) -> HttpResponseBase:
    """The documents of the person's units."""
    rows = Document.objects.visible_to(_person(request))
    return show_list(request, DocumentTable(request, rows), "news/document_manage.html")


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def document_create(request: HttpRequest) -> HttpResponse:
    """Put a document out."""
    person = _person(request)
    units = Unit.objects.filter(pk__in=[posting.unit_id for posting in person.current_postings])
    form = DocumentForm(*_read_sent(request), units=units.covered_by(person, Permission.PUBLISH_ARTICLE))
    if request.method == "POST" and form.is_valid():
        document = attempt(form, services.create_document, actor=person, **form.cleaned_data)
        if document is not None:
            messages.success(request, _("Everybody can read the document now."))
            return redirect("document_manage")
    return render(request, "news/document_create.html", {"form": form})


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def document_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what is said of a document, or its file."""
    document = _find(request, pk)
    names = ("kind", "number", "issuer", "issued_on", "effective_on", "abstract")
    form = DocumentForm(*_read_sent(request), initial={name: getattr(document, name) for name in names})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": _person(request)}
        if attempt(form, services.update_document, document=document, **values) is not None:
            messages.success(request, _("The document has been saved."))
            return redirect("document_manage")
    return render(request, "news/document_update.html", {"form": form, "document": document})


@takes_form
@requires(Permission.PUBLISH_ARTICLE)
def document_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a document back, saying why."""
    document = _find(request, pk)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"version": shown_version(request), "actor": _person(request)}
        if attempt(form, services.withdraw_document, document=document, **values) is not None:
            messages.success(request, _("The document has been withdrawn."))
            return redirect("document_manage")
    return render(request, "news/document_withdraw.html", {"form": form, "document": document})


def _read_sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _find(request: HttpRequest, pk: int) -> Document:
    return get_object_or_404(Document.objects.within(_person(request), Permission.PUBLISH_ARTICLE), pk=pk)


def _say_withdrawn(request: HttpRequest, document: Document) -> HttpResponse:
    response = gone(request, reason=document.withdrawn_reason, withdrawn_at=document.withdrawn_at)
    response.headers["Cache-Control"] = "no-store"
    return response


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
