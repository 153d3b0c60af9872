"""Forms of members' cards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import LineField, UnitField
from portal.permissions import Permission
from portal.vocabulary import LONGEST_REASON


class CardSheetForm(forms.Form):
    """Of which unit the members are given cards."""

    unit = UnitField(
        label=_("Unit"), permission=Permission.MANAGE_MEMBERS, help_text=_("With all chapters below it."),
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above


class LostCardForm(forms.Form):
    """Why a card is ended."""

    reason = LineField(
        label=_("Reason"), max_length=LONGEST_REASON, help_text=_("Lost, damaged: without personal details.")
    )
