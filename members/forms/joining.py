"""Forms about joining, and about what a person may ask concerning their own data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.people import MemberUpdateForm
from members.models import LearningSubject, Member, MembershipApplication
from portal.forms.fields import BirthField, DayField, LineField, NameField, PhoneField, TextField, UnitField
from portal.models import Unit
from portal.permissions import Permission
from portal.services.texts import longest


class ApplicationForm(forms.Form):
    """Somebody who asks to join. The field `website` is out of people's sight: only robots fill it."""

    full_name = NameField(label=_("Full name"), max_length=longest(Member, "full_name"))
    birth = BirthField(label=_("Date or year of birth"))
    gender = forms.ChoiceField(
        label=_("Gender"), choices=[("", _("not stated")), *Member.Gender.choices], required=False
    )
    unit = UnitField(
        label=_("Ward, commune or chapter that you wish to join"), permission=Permission.MANAGE_MEMBERS,
        help_text=_("For example: Phường Lê Chân."),
    )  # fmt: skip
    phone = PhoneField(label=_("Phone"), help_text=_("By it the unit answers you."))
    occupation = LineField(label=_("Occupation"), max_length=longest(Member, "occupation"), required=False)
    address = LineField(label=_("Address"), max_length=longest(Member, "address"), required=False)
    agreed = forms.BooleanField(label=_("I have read this and agree"), required=False)
    website = LineField(
        required=False, label=_("Leave this empty"), max_length=200,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = Unit.objects.in_force(timezone.localdate())
        del field.widget.attrs["data-units"]  # what proposes units asks who is signed in


class ApplicationCodeForm(forms.Form):
    """The code of one's own application."""

    code = LineField(
        label=_("Code of your application"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class ApproveForm(forms.Form):
    """In which unit the person is taken in, and from which day."""

    error_fields = MemberUpdateForm.error_fields | {"known": "unit"}

    unit = UnitField(label=_("Unit"), permission=Permission.MANAGE_MEMBERS)
    joined_on = DayField(label=_("Member since"), last=timezone.localdate)
    confirmed = forms.BooleanField(
        label=_("I have looked: this is another person"), required=False, widget=forms.HiddenInput
    )
    difference = LineField(
        label=_("How you know (for example: mother and daughter, another address)"), max_length=300, required=False,
        widget=forms.HiddenInput,
    )  # fmt: skip

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above

    def ask_about_namesake(self) -> None:
        """Where a namesake was found, show the way past."""
        if self.has_error("unit", "known"):
            self.fields["confirmed"].widget = forms.CheckboxInput(attrs={"class": "form-check-input"})
            self.fields["difference"].widget = forms.TextInput(attrs={"autocomplete": "off"})


class RefuseForm(forms.Form):
    """Why somebody is not taken in."""

    reason = TextField(
        label=_("Reason"), max_length=longest(MembershipApplication, "reason"), rows=2,
        help_text=_("The person reads it on the page of their application."),
    )  # fmt: skip


class ConsentForm(forms.Form):
    """The day on which a consent was given on paper, or taken back."""

    withdrawn_on = DayField(label=_("Day"), last=timezone.localdate)


class EraseForm(forms.Form):
    """The name typed again, for what cannot be undone."""

    confirmed_name = NameField(label=_("Name of the member, typed again"), max_length=longest(Member, "full_name"))


class EraseHolderForm(forms.Form):
    """The same of a citizen who holds a title and is no member."""

    confirmed_name = NameField(label=_("Name of the holder, typed again"), max_length=longest(LearningSubject, "name"))
