"""The form by which members of a split unit are assigned to its heirs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import LineField, UnitField
from portal.lib.numbers import whole_number
from portal.models import Unit
from portal.permissions import Permission


class AssignMembersForm(forms.Form):
    """Where they go, and which: the ticked ones, those of an address, or all the others."""

    heir = UnitField(
        label=_("Goes on at"), permission=Permission.MANAGE_MEMBERS,
        help_text=_("A unit that took over, or a chapter below it."),
    )  # fmt: skip
    which = forms.ChoiceField(
        label=_("Which members"), widget=forms.RadioSelect, initial="chosen",
        choices=[
            ("chosen", _("Those ticked below")),
            ("address", _("All whose address holds these words")),
            ("rest", _("All that are left")),
        ],
    )  # fmt: skip
    address = LineField(label=_("Words of the address"), max_length=120, required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].choices = units  # type: ignore[attr-defined]  # a field declared above

    def clean(self) -> dict[str, Any]:
        """Ask the words where the rule needs them."""
        data = super().clean() or self.cleaned_data
        if data.get("which") == "address" and not data.get("address"):
            self.add_error("address", _("Write the words that the address holds."))
        return data

    def selection(self, ticked: list[str]) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "heir": data["heir"], "rest": data["which"] == "rest",
            "address": data["address"] if data["which"] == "address" else "",
            "chosen": [pk for one in ticked if (pk := whole_number(one)) is not None],
        }  # fmt: skip
