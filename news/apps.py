"""The news app and its menu entries."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.apps import MenuItem
from portal.permissions import ROOT, Permission


class NewsConfig(AppConfig):
    """See the package's docstring."""

    name = "news"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("News")
    menu_position = 40
    public_addresses = "news.views.documents.list_addresses"
    first_answers = "news.views.reads.answer_read"
    staff_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("Articles"), "newsroom_list", "news", (Permission.VIEW_NEWSROOM,)),
        MenuItem(_("On the way to readers"), "review_list", "check", (Permission.VIEW_NEWSROOM,)),
        MenuItem(_("To be checked again"), "recheck_list", "refresh", (Permission.VIEW_NEWSROOM,)),
        MenuItem(_("Library of photos"), "photo_list", "image", (Permission.VIEW_NEWSROOM,)),
        MenuItem(_("Home page"), "lead_list", "home", (Permission.PUBLISH_ARTICLE,), on=ROOT),
        MenuItem(_("Readers' notes"), "note_list", "mail", (Permission.PUBLISH_ARTICLE,)),
        MenuItem(_("Documents"), "document_manage", "file-text", (Permission.PUBLISH_ARTICLE,)),
        MenuItem(_("Tags and series"), "tag_list", "list", (Permission.PUBLISH_ARTICLE,), on=ROOT),
        MenuItem(_("Categories"), "category_list", "list", (Permission.PUBLISH_ARTICLE,), on=ROOT),
    )
    public_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("News"), "article_list"),
        MenuItem(_("Documents"), "document_list"),
        MenuItem(_("About us"), "about"),
        MenuItem(_("Contact"), "contact"),
    )
