"""The members app and its menu entries."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.apps import MenuItem
from portal.permissions import ROOT, Permission


class MembersConfig(AppConfig):
    """See the package's docstring."""

    name = "members"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Members")
    list_kinds = ("members.services.lists.MemberList", "members.services.title_lists.TitleList")
    #: What makes the files that the worker makes for one person (`portal.services.background`).
    files: ClassVar[dict[str, str]] = {
        "members": "members.tables.MemberListFile",
        "titles": "members.tables.TitleListFile",
        "cards": "members.services.cards.CardFile",
        "certificates": "members.services.title_papers.CertificateFile",
    }
    reorganising = "members.services.handing_on.MembersPart"
    staff_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("Members"), "member_list", "users", (Permission.VIEW_MEMBERS,), _("Members")),
        MenuItem(
            _("Applications to join"), "application_list", "user-plus", (Permission.MANAGE_MEMBERS,), _("Members")
        ),
        MenuItem(_("Learning titles"), "title_list", "star", (Permission.VIEW_MEMBERS,), _("Members")),
        MenuItem(
            _("Criteria of learning models"),
            "criteria_list",
            "scale",
            (Permission.MANAGE_SITE,),
            _("Administration"),
            ROOT,
        ),
    )
    public_menu: ClassVar[tuple[MenuItem, ...]] = (MenuItem(_("Join"), "member_join"),)
