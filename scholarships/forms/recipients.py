"""Forms of people who receive: their guardian, what a guardian agrees to, and whether two are one person."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import DayField, LineField, NameField, PhoneField, TextField
from portal.services.texts import longest
from scholarships.models import Consent, Recipient, RecipientVerdict


class GuardianForm(forms.Form):
    """Who answers for a child, and how to reach them."""

    guardian_name = LineField(
        label=_("Guardian's full name"), max_length=longest(Recipient, "guardian_name"), required=False
    )
    guardian_phone = PhoneField(label=_("Guardian's phone"), required=False)


class ConsentForm(forms.Form):
    """What a guardian has signed."""

    text_version = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)  # of the words it showed
    purpose = forms.ChoiceField(label=_("What for"), choices=Consent.Purpose.choices, widget=forms.RadioSelect)
    guardian_name = NameField(label=_("Guardian's full name"), max_length=longest(Consent, "guardian_name"))
    given_on = DayField(label=_("Signed on"))
    child_agrees = forms.BooleanField(
        label=_("The child agrees too"), required=False,
        help_text=_("Needed for name and picture of a child of seven or more."),
    )  # fmt: skip


class VerdictForm(forms.Form):
    """How an officer knows that two are one person, or are not."""

    reason = TextField(label=_("How do you know?"), max_length=longest(RecipientVerdict, "reason"), rows=2)
