"""The scholarships app and its menu entries."""

from __future__ import annotations

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.apps import MenuItem
from portal.permissions import Permission


class ScholarshipsConfig(AppConfig):
    """See the package's docstring."""

    name = "scholarships"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = _("Scholarships")
    changes: ClassVar[dict[str, str]] = {
        "fund_account": "scholarships.services.funds.FundAccountChange",
        "fund_public": "scholarships.services.funds.FundChange",
        "allotment": "scholarships.services.allotments.AllotmentChange",
        "gift": "scholarships.services.donations.GiftChange",
        "gift_reversal": "scholarships.services.donations.GiftReversalChange",
        "programme_fund": "scholarships.services.programmes.ProgrammeFundChange",
        "hand_over": "scholarships.services.hand_overs.HandOverChange",
        "batch_withdrawal": "scholarships.services.batches.BatchWithdrawal",
        "batch_reversal": "scholarships.services.batches.BatchReversal",
        "row_reversal": "scholarships.services.batches.RowReversal",
    }
    list_kinds = ("scholarships.services.lists.DisbursementList",)
    reorganising = "scholarships.services.handing_on.MoneyPart"
    staff_menu: ClassVar[tuple[MenuItem, ...]] = (
        MenuItem(_("Batches"), "batch_list", "list", (Permission.VIEW_BATCH,), _("Scholarships")),
        MenuItem(_("Waiting for approval"), "batch_queue", "tasks", (Permission.APPROVE_BATCH,), _("Scholarships")),
        MenuItem(_("Recipients"), "recipient_list", "users", (Permission.VIEW_BATCH,), _("Scholarships")),
        MenuItem(_("Funds"), "fund_list", "wallet", (Permission.VIEW_FUND,), _("Scholarships")),
        MenuItem(_("Allotments"), "allotment_list", "wallet", (Permission.VIEW_FUND,), _("Scholarships")),
        MenuItem(_("Gifts"), "donation_list", "gift", (Permission.VIEW_FUND,), _("Scholarships")),
        MenuItem(_("Yearly top-ups"), "topup_list", "wallet", (Permission.VIEW_FUND,), _("Scholarships")),
        MenuItem(_("Programmes"), "programme_manage", "graduation", (Permission.MANAGE_PROGRAMME,), _("Scholarships")),
    )
    public_addresses = "scholarships.views.public.list_addresses"
    public_menu: ClassVar[tuple[MenuItem, ...]] = (MenuItem(_("Scholarships"), "programme_list"),)
