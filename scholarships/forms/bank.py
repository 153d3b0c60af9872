"""Forms for bank statements."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import LineField, TextField
from portal.forms.files import UploadField
from portal.services.texts import longest
from scholarships.forms.funds import DonationForm
from scholarships.models import BankLine


class StatementForm(forms.Form):
    """A file of the bank; what its columns are called, where the portal does not know it by itself."""

    content = UploadField(
        label=_("Statement"),
        help_text=_("Excel or CSV, as the bank's site saves it. Lines known already are left out.")
    )  # fmt: skip
    column_of_days = LineField(label=_("Heading of the column of days"), required=False, max_length=80)
    column_of_sums = LineField(label=_("Heading of the column of amounts"), required=False, max_length=80)
    column_of_words = LineField(label=_("Heading of the column of contents"), required=False, max_length=80)

    @property
    def called(self) -> dict[str, str]:
        """What columns are called: field -> heading."""
        columns = {"day": "column_of_days", "amount": "column_of_sums", "words": "column_of_words"}
        return {field: self.cleaned_data.get(name, "") for field, name in columns.items()}


class AsideForm(forms.Form):
    """Why a line is no line of the book."""

    reason = TextField(label=_("Why it is set aside"), max_length=longest(BankLine, "reason"))


class LineGiftForm(DonationForm):
    """A line of the bank recorded as a gift: amount and day are the bank's."""

    error_fields: ClassVar[dict[str, str]] = {"equal_gift": "donor_name", "earlier_year": "donor_name"}

    amount = received_on = goods = request_key = None  # type: ignore[assignment]  # of the line
