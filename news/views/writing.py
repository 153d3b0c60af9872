"""Writing an article: its form, its photos, and what happens when two people write at once."""

from __future__ import annotations

import time
import uuid
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from js_asset import Media

from news import services
from news.forms import EDITOR_WORDS, ArticleForm, PhotoForm, PhotoUploadForm, name_tags
from news.models import Article, ArticleRevision, Attachment, Photo, PhotoWords, Tag
from news.services.merging import FIELDS, Merged, merge_values
from news.views.compare import differences
from news.views.library import describe_row
from news.views.newsroom import find_article
from portal.addresses import saves_typing, takes_form, takes_post
from portal.lib.numbers import whole_number
from portal.models import Unit, User
from portal.permissions import Permission, requires
from portal.services.refusals import ConflictError
from portal.views.attempts import attempt, shown_version

PhotoRow = tuple[Photo, PhotoForm]
SAVED_FORMS = 30
MOST_LENT = 200  # photos of the library in one form
MOST_PHOTO_ID = 2**63 - 1
MOST_TAGS_OFFERED = 500
MOST_STATES = 1_000_000  # of one article
WHERE_NEXT = {"preview": "newsroom_preview", "publish": "newsroom_publish", "submit": "newsroom_preview"}


class Desk(NamedTuple):
    """What one form of the newsroom is about: an article, or one that is not there yet and is known by its form."""

    request: HttpRequest
    article: Article | None
    form_key: str
    lent: list[int]  # ids of photos of the library that stand beside the text

    @property
    def person(self) -> User:
        """Who writes."""
        return cast("User", self.request.user)

    def photos(self) -> QuerySet[Photo]:
        """Return the photos brought in for it, and those of others that its text shows."""
        number = self.article.pk if self.article is not None else 0
        lent = Photo.objects.filter(pk__in=self.lent).usable_in(number, self.person) if self.lent else None
        among = Q() if lent is None else Q(pk__in=lent.values("pk"))
        if self.article is not None:
            shown = self.article.working_revision.shown_photo_ids if self.article.working_revision else []
            return Photo.objects.filter(Q(article=self.article, replaced_by=None) | Q(pk__in=shown) | among)
        return Photo.objects.filter(self._of_form() & Q(replaced_by=None) | among)

    def files(self) -> QuerySet[Attachment]:
        """Return the files brought in for it."""
        if self.article is not None:
            return Attachment.objects.filter(article=self.article)
        return Attachment.objects.filter(self._of_form())

    def _of_form(self) -> Q:
        """Return what came with this form of a new article, though it was sent and the article is there by now."""
        key = self.form_key or "-"
        loose = Q(article=None, form_key=key, uploaded_by=self.person)
        return loose | Q(article__form_key=key, article__created_by=self.person)

    def first_cover(self) -> Photo | None:
        """Return the first photo where nobody had the choice yet: who saw the photos may have chosen no cover."""
        sent = self.request.POST
        had_choice = "cover" in sent and any(f"photo-{photo.pk}-caption" in sent for photo in self.photos())
        return None if had_choice else self.photos().first()

    def photo_rows(self) -> list[PhotoRow]:
        """Return each photo with the form of its words, as sent where it was sent."""
        revision = self.article.working_revision if self.article is not None else None
        kept, rows = _read_unsaved(self), []
        for photo in self.photos():
            prefix = f"photo-{photo.pk}"
            sent = self.request.POST if f"{prefix}-caption" in self.request.POST else None
            known = revision.photo_words.get(str(photo.pk)) if revision is not None else None
            if written := {name: kept[f"{prefix}-{name}"] for name in photo.words if f"{prefix}-{name}" in kept}:
                known = cast("PhotoWords", dict(known or photo.words) | written)
            rows.append((photo, PhotoForm(sent, prefix=prefix, initial=dict(known or photo.words))))
        return rows


@takes_form
@saves_typing("next")
@requires(Permission.WRITE_ARTICLE)
def newsroom_create(request: HttpRequest) -> HttpResponse:
    """Begin an article; photos sent with a form that is refused are kept for it."""
    person = cast("User", request.user)
    units = Unit.objects.filter(pk__in=[posting.unit_id for posting in person.current_postings])
    units = units.covered_by(person, Permission.WRITE_ARTICLE)
    asked_for = request.POST if request.method == "POST" else request.GET
    desk = Desk(request, None, asked_for.get("form_key", "")[:36] or str(uuid.uuid4()), _read_lent(request))
    if request.method != "POST":
        first = {"byline": person.full_name, "form_key": desk.form_key} | _read_unsaved(desk)
        return _render_editor(desk, ArticleForm(units=units, photos=desk.photos(), initial=first))
    form = ArticleForm(request.POST, request.FILES, units=units, photos=desk.photos())
    valid = form.is_valid()
    _add_photos(desk, form.cleaned_data.pop("new_photos", []))
    _add_files(desk, form.cleaned_data.pop("new_files", []))
    rows = desk.photo_rows()
    article = None
    if _is_valid(rows) and valid:
        words = _words_in(rows, desk)
        values = form.cleaned_data | {"photo_words": words, "form_key": desk.form_key, "actor": person}
        values["cover"] = values["cover"] or desk.first_cover()
        try:
            article = attempt(form, services.create_article, **values)
        except ConflictError as changed:  # the form was sent before, and its article has gone on since
            return _render_both_texts(desk._replace(article=changed.current), changed.current, values)
    if article is None:
        return _render_editor(desk, form, rows)
    _say_left_out(request, form.cleaned_data["body"])
    messages.success(request, _("The draft has been saved."))
    return _go_on(request, article)


@takes_form
@saves_typing("next")
@requires(Permission.WRITE_ARTICLE)
def newsroom_update(request: HttpRequest, pk: int) -> HttpResponse:
    """Write on; photos are taken in even where the text is refused, and nothing else is."""
    article = find_article(request, pk, Permission.WRITE_ARTICLE)
    desk = Desk(request, article, article.form_key, _read_lent(request, article))
    if request.method != "POST":
        first = _read(article) | _read_unsaved(desk)
        form = ArticleForm(units=Unit.objects.none(), photos=desk.photos(), article=article, initial=first)
        return _render_editor(desk, form)
    form = ArticleForm(
        request.POST, request.FILES, units=Unit.objects.none(), photos=desk.photos(), article=article
    )  # fmt: skip
    valid, had_photos = form.is_valid(), desk.photos().exists()
    _add_photos(desk, form.cleaned_data.pop("new_photos", []))
    _add_files(desk, form.cleaned_data.pop("new_files", []))
    rows = desk.photo_rows()
    if not _is_valid(rows) or not valid:
        return _render_editor(desk, form, rows)
    form.cleaned_data.pop("form_key")
    values = form.cleaned_data | {"photo_words": _words_in(rows, desk)}
    if not had_photos:
        values["cover"] = values["cover"] or desk.photos().first()
    try:
        saved = attempt(
            form, services.save_article, article=article, version=shown_version(request), actor=desk.person, **values
        )  # fmt: skip
    except ConflictError as changed:
        return _render_both_texts(desk, changed.current, values)
    if saved is None:
        return _render_editor(desk, form, rows)
    _say_left_out(request, form.cleaned_data["body"])
    messages.success(request, _("Saved."))
    return _go_on(request, saved)


@takes_post("newsroom_create", keep=())
@requires(Permission.WRITE_ARTICLE)
def newsroom_paste(request: HttpRequest) -> JsonResponse:
    """Clean what was pasted, before the editor drops the marks of Word: the same code as when it is saved."""
    cleaned = services.clean_body(request.POST.get("html", ""))
    return JsonResponse({"html": cleaned.html, "sentence": services.left_out_sentence(cleaned)})


@takes_post("newsroom_create", keep=())
@requires(Permission.WRITE_ARTICLE)
def newsroom_photo(request: HttpRequest) -> JsonResponse:
    """Take in one photo for an article or for the form of a new one, and return its row of the form."""
    number = whole_number(request.POST.get("article", ""), least=1)
    article = find_article(request, number, Permission.WRITE_ARTICLE) if number else None
    form = PhotoUploadForm(request.POST, request.FILES)
    photo = None
    if form.is_valid() and (article is not None or form.cleaned_data["form_key"]):
        person = cast("User", request.user)
        photo = attempt(form, services.add_photo, article=article, actor=person, reuse=True, **form.cleaned_data)
    if photo is None:
        return JsonResponse(
            {"error": " ".join(str(one) for errors in form.errors.values() for one in errors)}, status=422
        )
    said = _say_known(photo) if photo.was_known else ""
    return JsonResponse(describe_row(request, photo, is_lent=photo.was_known) | {"known": said})


@takes_post("newsroom_create", keep=())
@requires(Permission.WRITE_ARTICLE)
def newsroom_autosave(request: HttpRequest) -> JsonResponse:
    """Keep what is being written, with the state it began with, and return at what time."""
    kept = attempt(request, services.keep_unsaved_text, values=request.POST.dict(), **_form_asked_about(request))
    if kept is None:
        return JsonResponse({"kept": ""}, status=422)
    return JsonResponse({"kept": f"{timezone.localtime(kept.kept_at):%H:%M}"})


@takes_post("newsroom_create", keep=())
@requires(Permission.WRITE_ARTICLE)
def unsaved_drop(request: HttpRequest) -> HttpResponse:
    """Forget what was being written and never saved."""
    about = _form_asked_about(request)
    about.pop("base")
    attempt(request, services.drop_unsaved_text, **about)
    return redirect("newsroom_update", about["article"].pk) if about["article"] else redirect("newsroom_create")


def _form_asked_about(request: HttpRequest) -> dict[str, Any]:
    number = whole_number(request.POST.get("article", ""), least=1)
    article = find_article(request, number, Permission.WRITE_ARTICLE) if number else None
    base = whole_number(request.POST.get("base", ""), least=1, most=MOST_STATES) or 0
    form_key = "" if article else request.POST.get("form_key", "")[:36] or "-"
    return {"article": article, "form_key": form_key, "base": base, "actor": cast("User", request.user)}


def _read_unsaved(desk: Desk) -> dict[str, Any]:
    """Return what the person was writing in this form, if its page asks for it: by the form's fields."""
    if "unsaved" not in desk.request.GET:
        return {}
    copy = services.unsaved_text(desk.person, desk.article, desk.form_key)
    return dict(copy.values) if copy is not None else {}


def _go_on(request: HttpRequest, article: Article) -> HttpResponse:
    """Lead to where the button that saved it leads; one of them sends the text for approval as well."""
    onward = request.POST.get("next", "")
    if onward == "submit":
        try:
            if attempt(request, services.submit_article, article=article, actor=cast("User", request.user)):
                messages.success(request, _("The text has been sent for approval."))
        except ConflictError as waiting:  # nothing was changed, and it waits already
            messages.warning(request, str(waiting))
    return redirect(WHERE_NEXT.get(onward, "newsroom_update"), article.pk)


def _read(article: Article, revision: ArticleRevision | None = None) -> dict[str, Any]:
    """Return what a state says, by the form's fields, its photos' words under `photo_words`."""
    revision = revision or article.working_revision or ArticleRevision(article=article, category=article.category)
    words = {int(number): one for number, one in revision.photo_words.items()}
    tags = sorted(Tag.objects.filter(pk__in=revision.tag_ids), key=str) if revision.tag_ids else []
    values = {name: getattr(revision, name) for name in FIELDS if name != "tags"} | {"tags": tags}
    return values | {"photo_words": words, "form_key": article.form_key}


def _is_valid(rows: list[PhotoRow]) -> bool:
    answers = [fields.is_valid() for _photo, fields in rows if fields.is_bound]  # each one says what is wrong with it
    return all(answers)


def _words_in(rows: list[PhotoRow], desk: Desk) -> dict[int, PhotoWords]:
    sent = {photo.pk: cast("PhotoWords", fields.cleaned_data) for photo, fields in rows if fields.is_bound}
    return {photo.pk: photo.words for photo, _fields in rows if photo.pk in desk.lent} | sent


def _read_lent(request: HttpRequest, article: Article | None = None) -> list[int]:
    """Return the ids of photos of the library that the form names, or that the saved text has beside it."""
    sent = request.POST if request.method == "POST" else request.GET
    numbers = [whole_number(one, least=1, most=MOST_PHOTO_ID) for one in sent.getlist("lent")[:MOST_LENT]]
    kept = article.working_revision.photo_words if article is not None and article.working_revision else {}
    before = [] if request.method == "POST" else [int(number) for number in kept]
    return list(dict.fromkeys([*before, *(number for number in numbers if number)]))


def _render_editor(desk: Desk, form: ArticleForm, rows: list[PhotoRow] | None = None) -> HttpResponse:
    article = desk.article
    rows = desk.photo_rows() if rows is None else rows
    cover = form["cover"].value() or (desk.first_cover() if form.is_bound and article is None else None)
    text = str(form["lead"].value() or "") + str(form["body"].value() or "")
    context = {
        "form": form,
        "article": article,
        "form_key": desk.form_key,
        "saved_keys": "" if article else _list_saved_forms(desk.person),
        "photos": rows,
        "lent": desk.lent,
        "files": [{"id": one.pk, "name": one.file_name} for one in desk.files()],
        "photo_errors": [
            (photo, field, error) for photo, one in rows for field in one for error in field.errors if one.is_bound
        ],
        "cover_id": str(getattr(cover, "pk", cover) or ""),
        "own_save": bool(article and article.working_revision and article.working_revision.created_by == desk.person),
        "photo_data": _describe(rows),
        "unsaved": services.unsaved_text(desk.person, article) if "unsaved" not in desk.request.GET else None,
        "base": _base(desk),
        "tag_names": list(Tag.objects.values_list("name", flat=True)[:MOST_TAGS_OFFERED]),
        "warnings": services.figure_warnings(figures=article.figures, text=text) if article else [],
        **_editor_tools(desk.request, form),
    }
    return render(desk.request, "news/newsroom_form.html", context)


def _base(desk: Desk) -> int:
    """Return the number of the state that the shown text began with."""
    sent = whole_number(desk.request.POST.get("base", ""), least=1)
    if sent or desk.article is None or desk.article.working_revision is None:
        return sent or 0
    copy = services.unsaved_text(desk.person, desk.article) if "unsaved" in desk.request.GET else None
    return copy.base if copy else desk.article.working_revision.number


def _list_saved_forms(person: User) -> str:
    """Return the keys of the person's last new forms that became articles: what a device keeps of them is saved."""
    keys = Article.objects.filter(created_by=person).exclude(form_key="").order_by("-id")
    return " ".join(keys.values_list("form_key", flat=True)[:SAVED_FORMS])


def _describe(rows: list[PhotoRow]) -> dict[int, dict[str, str]]:
    """Return what the editor's script shows of each photo in the text."""
    return {
        photo.pk: {"src": photo.thumb_url, "caption": str(fields["caption"].value() or "")} for photo, fields in rows
    }


def _editor_tools(request: HttpRequest, form: ArticleForm) -> dict[str, Any]:
    """Return the editor's scripts and styles, import map included, with this answer's nonce, and its words."""
    media = Media.from_media(form.media, nonce=str(request.csp_nonce))  # type: ignore[attr-defined]  # django-csp's, on the request
    return {"media": media, "editor_words": {word: str(shown) for word, shown in EDITOR_WORDS.items()}}


def _add_photos(desk: Desk, files: list[Any]) -> None:
    """Take in the photos one by one: what is wrong with one keeps no other out, unless the page has waited too long."""
    taken, until = 0, time.monotonic() + settings.PICTURES_PATIENCE
    where: dict[str, Any] = {"article": desk.article} if desk.article else {"form_key": desk.form_key}
    for number, file in enumerate(files):
        if number and time.monotonic() > until:
            sentence = ngettext(
                "%(count)d photo has not been read: it took too long. Bring it in again.",
                "%(count)d photos have not been read: it took too long. Bring them in again, fewer at once.",
                len(files) - number,
            )
            messages.error(desk.request, sentence % {"count": len(files) - number})
            break
        photo = attempt(desk.request, services.add_photo, file=file, actor=desk.person, reuse=True, **where)
        if photo is not None and photo.was_known:
            desk.lent.append(photo.pk)
            messages.info(desk.request, _say_known(photo))
        taken += photo is not None and not photo.was_known
    if taken:
        sentence = ngettext(
            "%(count)d photo has been uploaded. Write its caption and description.",
            "%(count)d photos have been uploaded. Write their captions and descriptions.",
            taken,
        )
        messages.success(desk.request, sentence % {"count": taken})


def _add_files(desk: Desk, files: list[Any]) -> None:
    """Take in the files one by one: what is wrong with one keeps no other out."""
    where: dict[str, Any] = {"article": desk.article} if desk.article else {"form_key": desk.form_key}
    for file in files:
        attempt(desk.request, services.add_attachment, file=file, actor=desk.person, **where)


def _say_known(photo: Photo) -> str:
    return _("“%(name)s” is in the library already: that one is used, with the words said of it last.") % {
        "name": str(photo)
    }


def _say_left_out(request: HttpRequest, body: str) -> None:
    """Say what of a pasted text did not come along."""
    if sentence := services.left_out_sentence(services.clean_body(body)):
        messages.warning(request, sentence)


def _render_both_texts(desk: Desk, article: Article, mine: dict[str, Any]) -> HttpResponse:
    """409: their text, mine, and both put together; nothing has been saved."""
    request, theirs = desk.request, article.working_revision or ArticleRevision(article=article)
    mine = mine | {"body": services.clean_body(mine["body"]).html}
    merged = _merge(desk, article, mine)
    names = [name for name in FIELDS if name not in ("category", "tags")]
    unsaved = ArticleRevision(
        category=mine["category"], tag_ids=[one.pk for one in mine["tags"] if isinstance(one, Tag)],
        **{name: mine[name] for name in names},
        photo_words=theirs.photo_words | {str(number): words for number, words in mine["photo_words"].items()},
    )  # fmt: skip
    again = ArticleForm(
        units=Unit.objects.none(), photos=desk.photos(), article=article,
        initial=merged.values | {"form_key": article.form_key},
    )  # fmt: skip
    rows = [
        (photo, PhotoForm(prefix=f"photo-{photo.pk}", initial=merged.values["photo_words"].get(photo.pk)))
        for photo in desk.photos()
    ]
    context = {
        "article": article,
        "theirs": theirs,
        "own": theirs.created_by_id == desk.person.pk,
        "form": again,
        "photos": rows,
        "cover_id": merged.values["cover"].pk if merged.values["cover"] else "",
        "clashes": [again.fields[name].label if name in again.fields else _("Photos") for name in merged.clashes],
        "mine": _flatten(mine),
        **_editor_tools(request, again),
        "differences": differences(theirs, unsaved),
        "photo_data": _describe(rows),
        "their_text": services.plain_text(theirs.body),
    }  # fmt: skip
    return render(request, "news/newsroom_conflict.html", context, status=409)


def _merge(desk: Desk, article: Article, mine: dict[str, Any]) -> Merged:
    """Put both texts together, from the state that this form began with; without one, mine stands as it is."""
    number = whole_number(desk.request.POST.get("base", ""), least=1)
    before = article.revisions.select_related("category", "cover").filter(number=number).first() if number else None
    if before is None:
        return Merged(mine, [])
    values = _read(article, before)
    shown = {photo.pk: photo.words for photo in desk.photos()}  # brought in since: the form began with its own words
    return merge_values(values | {"photo_words": shown | values["photo_words"]}, _read(article), mine)


def _flatten(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the values as hidden fields of a form that saves them as they are."""
    fields = [(name, getattr(values[name], "pk", values[name]) or "") for name in FIELDS if name != "tags"]
    fields.append(("tags", name_tags(values["tags"])))
    words = [
        (f"photo-{number}-{field}", one.get(field) or "")
        for number, one in values["photo_words"].items()
        for field in ("caption", "alt", "credit", "decorative")
    ]
    return [*fields, *words]
