"""The news app and its menu entries."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.apps import MenuItem


class NewsConfig(AppConfig):
    """See the package's docstring."""

    name = "news"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("News")
    staff_menu: ClassVar[tuple[MenuItem, ...]] = ()
    public_menu: ClassVar[tuple[MenuItem, ...]] = ()
