"""The lists of the newsroom."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from news.models import Article, Category, Document, Photo, ReaderNote, Recheck, Tag
from portal.forms.fields import DayField, filter_by_unit
from portal.lib.language import written
from portal.lib.vietnamese import short_date, slugify
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, lines, link, muted, status, words
from portal.models import Unit, User
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission
from portal.vocabulary import ArticleState, ReviewKind


class ArticleFilter(ListFilter):
    """By words of the title, state, section, unit, author and days; needs `with_state`."""

    q = words(_("Title"))
    state = choice(_("State"), Article.State.choices, every=_("All states"))
    category = choice(_("Category"), every=_("All categories"))
    author = choice(_("Begun by"), every=_("Everybody"))
    since = DayField(label=_("Since"), required=False)
    until = DayField(label=_("Until"), required=False)
    lookups = {"category": "category__slug", "author": "created_by__username"}

    def offer(self, rows: Any, user: User) -> None:
        """Offer the sections there are, the units of the articles and those who began them."""
        fields: dict[str, Any] = self.fields
        fields["category"].choices = Category.objects.values_list("slug", "name")
        articles = rows.order_by()
        units: Any = Unit.objects.filter(pk__in=articles.values("unit_id")).named_on(timezone.localdate())
        fields["unit"] = filter_by_unit(
            units.order_by("code"), permission=Permission.VIEW_NEWSROOM, label=_("Unit"), every=_("all units")
        )
        people = User.objects.filter(pk__in=articles.values("created_by_id")).order_by("full_name")
        fields["author"].choices = people.values_list("username", "full_name")

    def narrow_q(self, rows: QuerySet[Article], value: str) -> QuerySet[Article]:
        """Return the articles whose title holds the words, accents or not."""
        return rows.alias(key=SearchKey("title")).filter(holding(value))

    def narrow_since(self, rows: QuerySet[Article], value: dt.date) -> QuerySet[Article]:
        """Return what was published (or, unpublished, begun) on the day or after it."""
        return rows.alias(day=Coalesce("published_at", "created_at")).filter(day__date__gte=value)

    def narrow_until(self, rows: QuerySet[Article], value: dt.date) -> QuerySet[Article]:
        """Return what was published (or, unpublished, begun) on the day or before it."""
        return rows.alias(day=Coalesce("published_at", "created_at")).filter(day__date__lte=value)


class ArticleTable(ListTable):
    """Articles for those who write them, newest work first; needs `with_state` and `with_reads`."""

    columns = (
        Column("title", _("Title")),
        Column("state", _("State"), value=lambda row: Article.State(row.state).label),
        Column("category", _("Category"), value=lambda row: row.category.name),
        Column("published_at", _("Published"), "moment"),
        Column(
            "reads", _("Reads in 30 days"), "int", value=lambda row: row.reads if row.published_revision_id else None
        ),
        Column("created_by", _("Begun by"), value=lambda row: row.created_by.full_name),
        Column("actions", _("Actions"), css="actions", in_files=False),
    )
    order = ("-id",)
    caption = _("Articles")
    filters = ArticleFilter
    nothing = Nothing(_("No article yet"), _("Begin a new article."), "news")
    nothing_fits = Nothing(_("No article matches"), _("Choose other filters, or begin a new article."), "news")

    def show_title(self, row: Article) -> str:
        """Link the title to where the person works on it; say whether readers have another text."""
        writes = Permission.WRITE_ARTICLE in self.user.permissions
        title = link(reverse("newsroom_update" if writes else "newsroom_preview", args=[row.pk]), row.title)
        if not row.has_unpublished_changes:
            return title
        return format_html('{} <span class="badge">{}</span>', title, gettext("changes not published"))

    def show_state(self, row: Any) -> str:
        """Return the state by colour, icon and word."""
        if row.state == ArticleState.EXPIRED:
            return status("closed", gettext("Expired"))
        return status(row.state, ArticleState(row.state).label)

    def show_actions(self, row: Any) -> str:
        """Read it, or look at it as readers would."""
        is_read = row.state == Article.State.PUBLISHED
        return format_html(
            '<a class="btn btn-ghost btn-sm" href="{}">{}<span class="visually-hidden">: {}</span></a>',
            row.get_absolute_url() if is_read else reverse("newsroom_preview", args=[row.pk]),
            gettext("Read") if is_read else gettext("Preview"),
            written(row.title),
        )


class PhotoFilter(ListFilter):
    """By words said of it or of its file's name, what is missing, and its unit."""

    q = words(_("Caption, credit or file"))
    lacks = choice(
        _("Not written yet"),
        (("caption", _("Caption missing")), ("alt", _("Description missing")), ("consent", _("Consent missing"))),
        every=_("All photos"),
    )

    def offer(self, rows: Any, user: User) -> None:
        """Offer the units of the photos."""
        fields: dict[str, Any] = self.fields
        units: Any = Unit.objects.filter(pk__in=rows.order_by().values("unit_id")).named_on(timezone.localdate())
        fields["unit"] = filter_by_unit(
            units.order_by("code"), permission=Permission.VIEW_NEWSROOM, label=_("Unit"), every=_("all units")
        )

    def narrow_q(self, rows: QuerySet[Photo], value: str) -> QuerySet[Photo]:
        """Return the photos of which the words are said, accents or not."""
        return narrow_photos(rows, value)

    def narrow_lacks(self, rows: Any, value: str) -> QuerySet[Photo]:
        """Return the photos of which something is not said yet."""
        if value == "alt":
            lacking: QuerySet[Photo] = rows.undescribed()
        else:
            lacking = rows.filter(consent="", shows_children=True) if value == "consent" else rows.filter(caption="")
        return lacking


def narrow_photos(rows: QuerySet[Photo], asked: str) -> QuerySet[Photo]:
    """Return the photos whose caption, description, credit or file name hold every word."""
    said = Concat("caption", Value(" "), "alt", Value(" "), "credit", Value(" "), "original_name")
    rows = rows.alias(key=SearchKey(said))
    for word in asked.split():
        rows = rows.filter(holding(word))
    return rows


class PhotoTable(ListTable):
    """The library's photos, newest first; needs `with_uses`."""

    columns = (
        Column("picture", _("Photo"), in_files=False),
        Column("caption", _("Caption")),
        Column("credit", _("Photo by")),
        Column("size", _("Size"), css="nowrap", value=lambda row: f"{row.width} × {row.height}"),
        Column("uses", _("Articles that show it"), "int"),
        Column("uploaded_at", _("Brought in"), "moment", css="nowrap"),
    )
    order = ("-id",)
    caption = _("Library of photos")
    filters = PhotoFilter
    nothing = Nothing(
        _("No photo yet"), _("Photos brought in with articles stand here, and those added below."), "news"
    )
    nothing_fits = Nothing(_("Nothing matches"), _("Try other words, or fewer."), "news")

    def show_picture(self, row: Photo) -> str:
        """The small copy, leading to the photo's page."""
        return format_html(
            '<a href="{}"><img class="library-thumb" src="{}" alt="{}" width="{}" height="{}" loading="lazy"></a>',
            reverse("photo_update", args=[row.pk]), row.thumb_url, row.alt or row.original_name or str(row.pk),
            row.width, row.height,
        )  # fmt: skip

    def show_caption(self, row: Any) -> str:
        """Caption, file name, and what is not said yet."""
        lacks = [gettext("Caption missing")] if not row.caption else []
        decorative = ""
        if row.alt == "" and row.uses and not row.told_uses:
            said = ngettext("decorative in %(count)d article", "decorative in %(count)d articles", row.uses)
            decorative = muted(said % {"count": row.uses})
        elif row.alt == "":
            lacks.append(gettext("Description missing"))
        lacks += [gettext("Consent missing")] if row.shows_children and not row.consent else []
        marks = format_html_join(" ", '<span class="badge">{}</span>', [(one,) for one in lacks])
        return lines(written(row.caption) if row.caption else "", muted(row.original_name), decorative, marks)


class ReviewFilter(ListFilter):
    """By where the text is."""

    step = choice(_("State"), ReviewKind.choices[:4], every=_("All states"))

    def narrow_step(self, rows: Any, value: str) -> QuerySet[Article]:
        """Return the texts whose last step it is."""
        found: QuerySet[Article] = (
            rows.filter(is_urgent=True) if value == ReviewKind.URGENT else rows.filter(review=value)
        )
        return found


class ReviewTable(ListTable):
    """Texts on their way to readers, the longest waiting first; needs `with_review`."""

    columns = (
        Column("title", _("Title")),
        Column("review", _("State")),
        Column("days", _("Waiting"), css="nowrap"),
        Column("who", _("Who must act")),
        Column("category", _("Category"), value=lambda row: row.category.name),
        Column("written_by", _("Written by"), value=lambda row: row.working_revision.created_by.full_name),
    )
    order = ("id",)
    caption = _("On the way to readers")
    filters = ReviewFilter
    nothing = Nothing(_("Nothing waits"), _("Texts that are sent for approval stand here."), "news")
    nothing_fits = Nothing(_("Nothing matches"), _("Choose other filters."), "news")

    def show_title(self, row: Any) -> str:
        """Link the title to where the person decides on it, or reads it."""
        decides = Permission.PUBLISH_ARTICLE in self.user.permissions and row.review != ReviewKind.RETURNED
        return link(reverse("newsroom_review" if decides else "newsroom_preview", args=[row.pk]), row.title)

    def show_review(self, row: Any) -> str:
        """Return the last step, in words."""
        return str(ReviewKind.URGENT.label if row.is_urgent else ReviewKind(row.review).label)

    def show_days(self, row: Any) -> str:
        """Return for how long it has waited."""
        days = (timezone.now() - row.review_at).days if row.review_at else 0
        return ngettext("%(count)d day", "%(count)d days", days) % {"count": days} if days else gettext("since today")

    def show_who(self, row: Any) -> str:
        """Say whose turn it is."""
        writer = {"name": row.working_revision.created_by.full_name}
        if row.is_urgent or row.review == ReviewKind.SENT:
            return gettext("another editor than %(name)s") % writer
        return writer["name"] if row.review == ReviewKind.RETURNED else gettext("an editor, to publish it")


SOON = dt.timedelta(days=30)


class RecheckFilter(ListFilter):
    """By when it is due, and what it is."""

    when = choice(
        _("Due"),
        (("late", _("Due already")), ("soon", _("Within 30 days")), ("later", _("Later"))),
        every=_("All days"),
    )
    kind = choice(
        _("Article or document"),
        (("article", _("Article")), ("document", _("Document"))),
        every=_("Articles and documents"),
    )

    def narrow_when(self, rows: QuerySet[Recheck], value: str) -> QuerySet[Recheck]:
        """Return what is due so."""
        today = timezone.localdate()
        if value == "late":
            return rows.filter(due_on__lte=today)
        return (
            rows.filter(due_on__gt=today + SOON)
            if value == "later"
            else rows.filter(due_on__gt=today, due_on__lte=today + SOON)
        )

    def narrow_kind(self, rows: QuerySet[Recheck], value: str) -> QuerySet[Recheck]:
        """Return the articles, or the documents."""
        return rows.filter(article__isnull=value != "article")


class RecheckTable(ListTable):
    """What is checked again, what is due longest first; needs `with_unit_names` and `with_decides`."""

    columns = (
        Column("title", _("Title")),
        Column("due_on", _("Check again by"), "date", css="nowrap"),
        Column("age", _("Due"), css="nowrap"),
        Column("who", _("Who must act")),
        Column("checked", _("Last found right")),
    )
    order = ("due_on", "id")
    caption = _("To be checked again")
    filters = RecheckFilter
    nothing = Nothing(
        _("Nothing is to be checked again"),
        _("Give an article or a document a day on its page, or its category a number of months."),
        "news",
    )
    nothing_fits = Nothing(_("Nothing matches"), _("Choose other filters."), "news")

    def show_title(self, row: Any) -> str:
        """Link the title to where the person decides on it, or reads it."""
        subject: Any = row.article or row.document
        page = "article_recheck" if row.article else "document_recheck"
        title = row.article.title if row.article else f"{subject}: {subject.abstract}"
        where = muted(row.article.category.name if row.article else gettext("Document"))
        address = reverse(page, args=[subject.pk]) if row.decides else subject.get_absolute_url()
        return lines(link(address, title), where)

    def show_age(self, row: Recheck) -> str:
        """Say since when it is overdue, or in how many days it is due."""
        days = (row.due_on - self.today).days
        if days > 0:
            return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
        late = ngettext("%(count)d day late", "%(count)d days late", -days) % {"count": -days}
        return status("late", late if days else gettext("due today"))

    def show_who(self, row: Any) -> str:
        """Say whose turn it is: the section's own editors, or any of the unit."""
        editors = [one.full_name for one in row.article.category.editors.all()] if row.article else []
        return ", ".join(editors) or gettext("an editor of %(unit)s") % {"unit": row.article_unit or row.document_unit}

    def show_checked(self, row: Recheck) -> str:
        """Say when and by whom; nothing where nobody has."""
        if row.checked_at is None or row.checked_by is None:
            return ""
        return lines(short_date(row.checked_at), written(row.checked_by.full_name))


class DocumentFilter(ListFilter):
    """By kind, number, and whether everybody can read it."""

    q = words(_("Number"))
    kind = choice(_("Kind of document"), Document.Kind.choices, every=_("All kinds"))
    public = choice(_("State"), (("1", _("Published")), ("0", ArticleState.WITHDRAWN.label)), every=_("All states"))
    lookups = {"q": "number__icontains"}

    def narrow_public(self, rows: QuerySet[Document], value: str) -> QuerySet[Document]:
        """Return what everybody reads, or what was withdrawn."""
        return rows.filter(withdrawn_at__isnull=value == "1")


class DocumentTable(ListTable):
    """Documents, newest first."""

    columns = (
        Column("number", _("Number and symbol")),
        Column("kind", _("Kind of document"), value=lambda row: row.get_kind_display()),
        Column("abstract", _("What it is about")),
        Column("issued_on", _("Issued on"), "date", css="nowrap"),
        Column("state", _("State")),
        Column("actions", _("Actions"), css="actions", in_files=False),
    )
    order = ("-issued_on", "-id")
    caption = _("Documents")
    filters = DocumentFilter
    nothing = Nothing(_("No document yet"), _("Put the first one out."), "news")
    nothing_fits = Nothing(_("Nothing matches"), _("Choose other filters."), "news")

    def show_number(self, row: Document) -> str:
        """Link the number to where the document is changed, or to its page."""
        edits = row.withdrawn_at is None and Permission.PUBLISH_ARTICLE in self.user.permissions
        return link(reverse("document_update" if edits else "document_detail", args=[row.pk]), row.number)

    def show_state(self, row: Document) -> str:
        """Return the state by colour, icon and word."""
        state = ArticleState.WITHDRAWN if row.withdrawn_at else ArticleState.PUBLISHED
        return status(state, state.label)

    def show_actions(self, row: Document) -> str:
        """Take it back."""
        if row.withdrawn_at is not None or Permission.PUBLISH_ARTICLE not in self.user.permissions:
            return ""
        return format_html(
            '<a class="btn btn-ghost btn-sm" href="{}">{}<span class="visually-hidden">: {}</span></a>',
            reverse("document_withdraw", args=[row.pk]), gettext("Withdraw the document"), row.number,
        )  # fmt: skip


class TagFilter(ListFilter):
    """By words of the name, and whether it is a series."""

    q = words(_("Name"))
    series = choice(_("Tag or series"), (("1", _("Series")), ("0", _("Tags"))), every=_("Tags and series"))

    def narrow_q(self, rows: QuerySet[Tag], value: str) -> QuerySet[Tag]:
        """Return the tags whose name holds the words, accents or not."""
        return rows.filter(slug__contains=slugify(value))

    def narrow_series(self, rows: QuerySet[Tag], value: str) -> QuerySet[Tag]:
        """Return the series, or the others."""
        return rows.filter(is_series=value == "1")


class TagTable(ListTable):
    """Tags and series by name; needs `texts`."""

    columns = (
        Column("name", _("Name")),
        Column(
            "is_series", _("Tag or series"), value=lambda row: gettext("Series") if row.is_series else gettext("Tag")
        ),
        Column("texts", _("Articles"), "int"),
        Column("slug", _("Address")),
    )
    order = ("name", "id")
    caption = _("Tags and series")
    filters = TagFilter
    nothing = Nothing(_("No tag yet"), _("Write one into an article, or add one below."), "news")
    nothing_fits = Nothing(_("Nothing matches"), _("Choose other filters."), "news")

    def show_name(self, row: Tag) -> str:
        """Link the name to where it is changed."""
        return link(reverse("tag_update", args=[row.slug]), row.name)


class NoteFilter(ListFilter):
    """Whether it has been dealt with."""

    open = choice(_("State"), (("1", _("Waiting")), ("0", _("Dealt with"))), every=_("All states"))

    def narrow_open(self, rows: QuerySet[ReaderNote], value: str) -> QuerySet[ReaderNote]:
        """Return the notes that wait, or those that were dealt with."""
        return rows.filter(settled_at__isnull=value == "1")


class NoteTable(ListTable):
    """What readers wrote, newest first."""

    columns = (
        Column("text", _("What was written")),
        Column("article", _("Article"), value=lambda row: row.article.title if row.article else ""),
        Column("sent_at", _("Sent"), "moment", css="nowrap"),
        Column("settled_at", _("Dealt with"), "moment", css="nowrap"),
    )
    order = ("-id",)
    caption = _("Readers' notes")
    filters = NoteFilter
    nothing = Nothing(
        _("No reader has written yet"), _("What readers send from an article or the contact page is here."), "news"
    )
    nothing_fits = Nothing(_("Nothing matches"), _("Choose other filters."), "news")

    def show_text(self, row: ReaderNote) -> str:
        """Link the beginning of what was written to the whole."""
        return link(reverse("note_detail", args=[row.pk]), Truncator(row.text).chars(120))
