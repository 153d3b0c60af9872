"""What is to be printed of a list."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import DayField, LineField
from portal.services.texts import longest
from scholarships.models import Paper


class PaperForm(forms.Form):
    """Which paper; certificates and the decision name the decision by number and day."""

    kind = forms.ChoiceField(
        label=_("What is to be printed?"), choices=Paper.Kind.choices, widget=forms.RadioSelect,
        initial=Paper.Kind.SIGNATURES,
    )  # fmt: skip
    number = LineField(label=_("Number of the decision"), max_length=longest(Paper, "number"), required=False,
                       help_text=_("For certificates and the decision, such as 12/QĐ-HKH."))  # fmt: skip
    decided_on = DayField(label=_("Day of the decision"), required=False)
