"""The form of a member."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import CitizenNumber, DistinctMembers, Member, MemberJoin, NumberReveal
from portal.forms.fields import (
    BirthField,
    CitizenNumberField,
    DayField,
    LineField,
    NameField,
    PhoneField,
    TextField,
    UnitField,
    one_unit,
    sentence,
)
from portal.forms.files import UploadField
from portal.lib.vietnamese import birth_problem
from portal.models import Unit
from portal.permissions import Permission
from portal.services.texts import longest
from portal.vocabulary import NumberPurpose


class MemberUpdateForm(forms.Form):
    """Who somebody is and how to reach them; of a namesake it asks whether it is another person.

    A citizen number on file is never filled in: a new one takes its place, or it is taken out.
    """

    error_fields: ClassVar[dict[str, str]] = {"known": "full_name", "differs": "citizen_number"}

    full_name = NameField(label=_("Full name"), max_length=longest(Member, "full_name"))
    birth = BirthField(label=_("Date or year of birth"), required=False)
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("not stated")), *Member.Gender.choices], required=False
    )
    phone = PhoneField(label=_("Phone"), required=False)
    card_number = LineField(label=_("Card number"), max_length=longest(Member, "card_number"), required=False)
    occupation = LineField(label=_("Occupation"), max_length=longest(Member, "occupation"), required=False)
    address = LineField(label=_("Address"), max_length=longest(Member, "address"), required=False)
    citizen_number = CitizenNumberField(
        label=_("Citizen number"), required=False,
        help_text=_("12 digits, only if the member agrees. It is kept encrypted; nobody sees it without a purpose."),
    )  # fmt: skip
    number_difference = LineField(
        label=_("Why the number is right though it differs (for example: the birth was registered anew)"),
        max_length=longest(CitizenNumber, "difference"), required=False, widget=forms.HiddenInput,
    )  # fmt: skip
    number_out = forms.BooleanField(label=_("Take the citizen number out"), required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=_("I have looked: this is another person"), required=False, widget=forms.HiddenInput
    )
    difference = LineField(
        label=_("How you know (for example: mother and daughter, another address)"),
        max_length=longest(DistinctMembers, "reason"), required=False, widget=forms.HiddenInput,
    )  # fmt: skip

    @classmethod
    def facts_of(cls, member: Member) -> dict[str, Any]:
        """Return what the form shows of a member."""
        return {
            "full_name": member.full_name, "birth": member.birth, "gender": member.gender, "phone": member.phone,
            "card_number": member.card_number, "occupation": member.occupation, "address": member.address,
        }  # fmt: skip

    def show_number(self, kept: CitizenNumber | None) -> None:
        """Say which number is on file, masked, and offer to take it out."""
        if kept is not None:
            field = self.fields["citizen_number"]
            said = _("%(number)s is on file. Write another one to replace it; left empty, it stays.")
            field.help_text = said % {"number": kept.masked}
            self.fields["number_out"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})

    def ask_about_namesake(self) -> None:
        """Where a namesake was found, show the way past: that it is another person, and how one knows.

        Likewise where the citizen number states another year or sex.
        """
        if self.has_error("citizen_number", "differs") or self.data.get("number_difference"):
            self.fields["number_difference"].widget = forms.TextInput(attrs={"autocomplete": "off"})
        if self.has_error("full_name", "known") or self.data.get("difference"):
            self.fields["confirmed"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
            self.fields["difference"].widget = forms.TextInput(attrs={"autocomplete": "off"})


class MemberForm(MemberUpdateForm):
    """Somebody who joins a unit."""

    number_out = None  # type: ignore[assignment]  # Django's way of leaving a field out
    unit = UnitField(label=_("Unit"), permission=Permission.MANAGE_MEMBERS)
    joined_on = DayField(label=_("Member since"), last=timezone.localdate)

    field_order = (
        "full_name", "birth", "gender", "unit", "joined_on", "phone", "card_number", "occupation", "address",
        "citizen_number", "number_difference",
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above

    def clean(self) -> dict[str, Any]:
        """Nobody joins before they were born."""
        cleaned = super().clean() or {}
        birth, joined_on = cleaned.get("birth"), cleaned.get("joined_on")
        if birth and joined_on and birth_problem(birth, joined_on):
            self.add_error("birth", sentence("birth_impossible", birth.text))
        return cleaned


class MemberUploadForm(forms.Form):
    """A workbook of new members of a unit and the units below it."""

    content = UploadField(label=_("Workbook"))

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = one_unit(
            units,
            permission=Permission.MANAGE_MEMBERS,
            label=_("Unit"),
            help_text=_("Where a row names no unit of its own, its member belongs here."),
        )
        if isinstance(self.fields["unit"], UnitField):
            self.initial["unit"] = units.filter(pk=self.initial.get("unit") or 0).first()
        self.order_fields(["unit", "content"])


class TwinForm(forms.Form):
    """How an officer knows that two entries are one person, or are not."""

    reason = TextField(label=_("How do you know?"), max_length=longest(MemberJoin, "reason"), rows=2)


class RevealForm(forms.Form):
    """For what somebody looks at a citizen number."""

    purpose = forms.ChoiceField(
        label=_("What do you need it for?"), choices=[("", _("choose")), *NumberPurpose.choices]
    )
    reason = LineField(
        label=_("In a few words"), max_length=longest(NumberReveal, "reason"),
        help_text=_("For example: list for the award of 20 November. Do not write the number here."),
    )  # fmt: skip


class NumberForm(forms.Form):
    """A citizen number by which somebody is looked for."""

    citizen_number = CitizenNumberField(label=_("Citizen number"))
