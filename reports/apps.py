"""The reports app and its menu entries."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.apps import MenuItem
from portal.permissions import Permission


class ReportsConfig(AppConfig):
    """See the package's docstring."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Reports")
    menu_position = 0
    book_checks = "reports.services.verifying.CHECKS"
    reorganising = "reports.services.head_counts.HeadCountPart"
    changes: ClassVar[dict[str, str]] = {"closing_exception": "reports.services.reopening.ExceptionChange"}
    staff_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("What waits for me"), "work_home", "home", (), _("My work")),
        MenuItem(_("Half-years of units"), "half_current", "calendar", (Permission.VIEW_SUBMISSION,)),
        MenuItem(_("Closed half-years opened"), "exception_list", "unlock", (Permission.VIEW_SUBMISSION,)),
        MenuItem(_("Issued reports"), "report_archive", "file-check", (Permission.VIEW_REPORT,)),
    )
    first_answers = "reports.views.stored.answer_stored"
    public_addresses = "reports.views.public.list_addresses"
    public_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("Reports"), "report_list", "chart"),
        MenuItem(_("Transparency"), "transparency", "scale"),
    )
