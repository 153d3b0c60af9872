"""What the public types on the page of a fund."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import AmountField
from portal.lib.vietqr import AMOUNT_LIMIT


class TransferForm(forms.Form):
    """How much somebody wants to give; the code then carries the amount."""

    amount = AmountField(label=_("Another amount"), required=False, help_text=_("For example 300.000 or 1,5 triệu."))

    def clean_amount(self) -> int | None:
        """Refuse what no bank's app takes in one transfer."""
        amount: int | None = self.cleaned_data["amount"]
        if amount is not None and amount >= AMOUNT_LIMIT:
            raise forms.ValidationError(gettext("No bank takes so much in one transfer. Write a smaller amount."))
        return amount
