"""The lists of the newsroom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from news.models import Article, Category
from portal.lib.language import written
from portal.lists import Column, ListFilter, ListTable, Nothing, choice, link, status, words
from portal.models import User
from portal.models.unit import SearchKey, holding
from portal.permissions import Permission


class ArticleFilter(ListFilter):
    """By words of the title, by state and section; needs `with_state`."""

    q = words(_("Title"))
    state = choice(_("State"), Article.State.choices, every=_("All states"))
    category = choice(_("Category"), every=_("All categories"))
    lookups = {"category": "category__slug"}

    def offer(self, rows: Any, user: User) -> None:
        """Offer the sections there are."""
        field: Any = self.fields["category"]
        field.choices = Category.objects.values_list("slug", "name")

    def narrow_q(self, rows: QuerySet[Article], value: str) -> QuerySet[Article]:
        """Return the articles whose title holds the words, accents or not."""
        return rows.alias(key=SearchKey("title")).filter(holding(value))


class ArticleTable(ListTable):
    """Articles for those who write them, newest work first; needs `with_state`."""

    columns = (
        Column("title", _("Title")),
        Column("state", _("State"), value=lambda row: Article.State(row.state).label),
        Column("category", _("Category"), value=lambda row: row.category.name),
        Column("published_at", _("Published"), "moment", css="nowrap"),
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
        return status("closed", gettext("Expired")) if row.state == Article.State.EXPIRED else status(row.state)

    def show_actions(self, row: Any) -> str:
        """Read it, or look at it as readers would."""
        is_read = row.state == Article.State.PUBLISHED
        return format_html(
            '<a class="btn btn-ghost btn-sm" href="{}">{}<span class="visually-hidden">: {}</span></a>',
            row.get_absolute_url() if is_read else reverse("newsroom_preview", args=[row.pk]),
            gettext("Read") if is_read else gettext("Preview"),
            written(row.title),
        )
