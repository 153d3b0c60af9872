"""The portal app, and the shape of the menu entries that every app declares."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from django.apps import AppConfig, apps
from django.core.checks import Tags, register
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from portal.checks import find_missing_catalogue
from portal.permissions import ROOT, Permission


@dataclass(frozen=True)
class MenuItem:
    """A line in a menu: shown to staff who hold one of the permissions (none named: to all staff), or to the public."""

    label: Promise
    url_name: str
    icon: str = ""
    permissions: tuple[Permission, ...] = ()
    group: Promise | None = None
    on: str | None = None  # ROOT: the right is needed on the root unit


class PortalConfig(AppConfig):
    """The ground floor."""

    name = "portal"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Portal")
    #: What the app's proposed changes do (`portal.services.proposals`).
    changes: ClassVar[dict[str, str]] = {
        "posting": "portal.services.accounts.PostingChange",
        "handover_code": "portal.services.accounts.HandoverCodeChange",
        "reorganisation": "portal.services.reorganising.ReorganisationChange",
        "reorganisation_undo": "portal.services.reorganising.UndoChange",
    }
    staff_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("Proposed changes"), "proposal_list", "tasks", (Permission.VIEW_PROPOSAL,), _("Administration")),
        MenuItem(_("The association"), "unit_tree", "tree", (Permission.VIEW_REPORT,), _("Members")),
        MenuItem(_("Units"), "unit_list", "tree", (Permission.MANAGE_UNITS,), _("Administration")),
        MenuItem(_("Reorganisations"), "reorganisation_list", "tree", (Permission.MANAGE_UNITS,), _("Administration")),
        MenuItem(_("Accounts"), "account_list", "users", (Permission.MANAGE_ACCOUNTS,), _("Administration")),
        MenuItem(_("The site"), "site_update", "settings", (Permission.MANAGE_SITE,), _("Administration"), ROOT),
        MenuItem(_("Audit"), "audit_list", "history", (Permission.VIEW_AUDIT,), _("Administration")),
    )

    def ready(self) -> None:
        """Add what must hold before the portal may start to Django's own checks."""
        register(find_missing_catalogue, Tags.translation)


def public_pages() -> list[str]:
    """Return the URL names of all apps' public menus, in the order of the menu."""
    return [item.url_name for config in apps.get_app_configs() for item in getattr(config, "public_menu", ())]


def public_addresses() -> list[tuple[str, dt.datetime | None]]:
    """Return the address of every single page that the apps show to the public, and when it was last changed if known.

    An app names the function that lists its own in `public_addresses`; pages of the menus and articles are apart.
    """
    paths = [path for config in apps.get_app_configs() if (path := getattr(config, "public_addresses", ""))]
    return [address for path in paths for address in import_string(path)()]
