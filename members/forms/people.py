"""The form of a member."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import Member
from portal.forms.fields import BirthField, DayField, PhoneField, UnitField
from portal.lib.vietnamese import Birth
from portal.models import Unit


class MemberUpdateForm(forms.Form):
    """Who somebody is and how to reach them."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth = BirthField(label=_("Date or year of birth"), required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("not stated")), *Member.Gender.choices], required=False
    )
    phone = PhoneField(label=_("Phone"), required=False, max_length=20)
    occupation = forms.CharField(label=_("Occupation"), max_length=120, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    @classmethod
    def facts_of(cls, member: Member) -> dict[str, Any]:
        """Return what the form shows of a member."""
        birth = Birth(member.birth_year, member.birth_month, member.birth_day) if member.birth_year else None
        return {
            "full_name": member.full_name, "birth": birth, "gender": member.gender, "phone": member.phone,
            "occupation": member.occupation, "address": member.address,
        }  # fmt: skip


class MemberForm(MemberUpdateForm):
    """Somebody who joins a unit."""

    unit = UnitField(label=_("Unit"), max_length=200)
    joined_on = DayField(label=_("Member since"))
    confirmed = forms.BooleanField(
        label=_("I have looked: this is another person"), required=False, widget=forms.HiddenInput
    )

    field_order = ("full_name", "birth", "gender", "unit", "joined_on", "phone", "occupation", "address")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above

    def clean_joined_on(self) -> dt.date:
        """Nobody has joined in the future."""
        day: dt.date = self.cleaned_data["joined_on"]
        if day > dt.date.today():
            raise ValidationError(gettext("%(day)s lies in the future.") % {"day": f"{day:%d/%m/%Y}"})
        return day


class MemberUploadForm(forms.Form):
    """A workbook of new members of a unit and the units below it."""

    unit = forms.ChoiceField(
        label=_("Unit"), help_text=_("Where a row names no unit of its own, its member belongs here.")
    )
    content = forms.FileField(
        label=_("Workbook"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"})
    )

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(unit.pk, str(unit)) for unit in units]  # type: ignore[attr-defined]

    def clean_unit(self) -> Unit:
        """Return the unit itself."""
        return self.units[self.cleaned_data["unit"]]
