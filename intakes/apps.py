"""The intakes app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakesConfig(AppConfig):
    """See the package's docstring."""

    name = "intakes"
    label = "intakes"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Incoming workbooks")
