"""Forms for funds and what is given to them."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import AmountField, DayField, LineField, NameField, TextField, UnitField
from portal.forms.namesakes import NamesakeForm
from portal.lib.vietqr import BANKS, VietQRError, build
from portal.models import ProposedChange, Unit
from portal.permissions import Permission
from portal.services.texts import longest
from scholarships.models import Donation, Fund, HandOver, Programme

_BANKS = [
    ("", _("No bank account")),
    *sorted(((bin_, bank.name) for bin_, bank in BANKS.items()), key=lambda bank: bank[1].lower()),
]


class FundUpdateForm(NamesakeForm, forms.ModelForm):
    """What a fund is called, what it is for and where money for it goes."""

    name = NameField(label=_("Name"), max_length=longest(Fund, "name"))
    purpose = TextField(label=_("Purpose"), required=False)
    low_below = AmountField(
        label=_("Say that it is low below"), required=False, help_text=Fund._meta.get_field("low_below").help_text
    )
    bank_bin = forms.ChoiceField(label=_("Bank"), choices=_BANKS, required=False)
    reason = TextField(
        label=_("Why the account or its being public changes"), required=False,
        max_length=longest(ProposedChange, "reason"),
        help_text=_("A second person reads it and decides; until then the present account stays in force."),
    )  # fmt: skip

    field_order: tuple[str, ...] = ("name", "same_name")

    class Meta:
        model = Fund
        fields = (
            "name",
            "purpose",
            "bank_bin",
            "bank_account",
            "bank_account_name",
            "low_below",
            "is_main",
            "is_public",
        )
        field_classes = {"bank_account": LineField, "bank_account_name": LineField}
        help_texts = {
            "is_main": _("The unit's batches are paid from it when no other fund is named."),
            "is_public": _("Its balance and its bank account are shown on the public site."),
        }

    def clean(self) -> dict[str, Any]:
        """Check that a bank account is whole and that a banking app can read it."""
        cleaned = super().clean() or {}
        bank, account = cleaned.get("bank_bin", ""), "".join(cleaned.get("bank_account", "").split())
        cleaned["bank_account"] = account
        if bool(bank) != bool(account):
            self.add_error("bank_account", gettext("Give both the bank and the account number, or neither."))
        elif bank:
            try:
                build(bank, account)
            except VietQRError:
                self.add_error(
                    "bank_account",
                    gettext("“%(value)s” is not an account number: letters and figures only, at most 19.")
                    % {"value": account},
                )
            if not cleaned.get("bank_account_name"):
                self.add_error("bank_account_name", gettext("Write the account holder's name as the bank shows it."))
        return cleaned


class FundForm(FundUpdateForm):
    """A new fund."""

    unit = UnitField(label=_("Unit"), permission=Permission.MANAGE_FUND)
    opened_on = DayField(label=_("Opened on"), last=timezone.localdate)
    opening_balance = AmountField(
        label=_("Opening balance"),
        required=False,
        help_text=_("What was there on that day; it becomes the first line of the fund book."),
    )

    field_order = ("unit", "name", "same_name", "purpose", "opened_on", "opening_balance")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above


class HandOverForm(forms.Form):
    """Money that passes to another fund."""

    to_fund = forms.ModelChoiceField(label=_("To the fund"), queryset=Fund.objects.none(), empty_label=_("choose"))
    amount = AmountField(label=_("Amount"), help_text=_("For example 2.000.000 or 1,5 triệu."))
    on_date = DayField(label=_("Date of hand-over"), last=timezone.localdate)
    decision = LineField(
        label=_("Decision"), max_length=longest(HandOver, "decision"),
        help_text=_("Number, date and who decided, for example 12/QĐ-HKH ngày 30/6/2025."),
    )  # fmt: skip
    reason = TextField(label=_("Why"), max_length=longest(ProposedChange, "reason"),
                       help_text=_("A second person reads it and decides; until then no money moves."))  # fmt: skip

    def __init__(self, *args: Any, funds: QuerySet[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to_fund"]
        field.queryset = funds
        field.label_from_instance = lambda fund: f"{fund.name} – {fund.unit_name}"


class DonationForm(forms.Form):
    """Money that came in, or goods with their value."""

    error_fields: ClassVar[dict[str, str]] = {"equal_gift": "donor_name", "earlier_year": "received_on"}

    donor_name = NameField(
        label=_("Who gave"), max_length=longest(Donation, "donor_name"), required=False,
        help_text=_("May stay empty for a giver who wishes to be anonymous."),
    )  # fmt: skip
    is_anonymous = forms.BooleanField(
        label=_("Wishes to be anonymous"), required=False,
        help_text=_("Then no name is kept: neither in the book nor on the receipt."),
    )  # fmt: skip
    may_be_named = forms.BooleanField(
        label=_("Agrees to be named in public"), required=False,
        help_text=_("Name, amount and day then stand on the fund's public page."),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("Kind of giver"), choices=Donation.Source.choices)
    goods = LineField(
        label=_("Given in kind: what"), max_length=longest(Donation, "goods"), required=False,
        help_text=_("For example 20 bicycles; empty for money. Goods are counted apart and are no money in the fund."),
    )  # fmt: skip
    amount = AmountField(label=_("Amount, or value of the goods"), help_text=_("For example 2.000.000 or 1,5 triệu."))
    received_on = DayField(label=_("Received on"), last=timezone.localdate)
    programme = forms.ModelChoiceField(
        label=_("Only for the programme"), queryset=Programme.objects.none(), required=False,
        empty_label=_("for whatever the fund pays"),
        help_text=_("Then only this programme may spend it, and the fund keeps it until then."),
    )  # fmt: skip
    confirmed = forms.BooleanField(label=_("I have looked: record it"), required=False, widget=forms.HiddenInput)
    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput)  # the same form sent twice is one gift

    def __init__(self, *args: Any, programmes: QuerySet[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["programme"]
        field.queryset = programmes
        if not programmes:
            del self.fields["programme"]

    def clean(self) -> dict[str, Any]:
        """Ask for a name where nobody wishes to be anonymous."""
        cleaned = super().clean() or {}
        if not cleaned.get("donor_name") and not cleaned.get("is_anonymous") and "donor_name" not in self.errors:
            self.add_error("donor_name", gettext("Write who gave, or tick that the giver wishes to be anonymous."))
        return cleaned

    def ask_to_confirm(self) -> None:
        """Show the tick by which a question is answered."""
        asked = any(self.has_error(field, code) for code, field in self.error_fields.items())
        if asked or self.data.get("confirmed"):
            self.fields["confirmed"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
