"""The form with which somebody says that an article or document is still right, or when it is checked again."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import DayField


class RecheckForm(forms.Form):
    """What was found, and by when it is checked again."""

    decision = forms.ChoiceField(label=_("What do you want to record?"), widget=forms.RadioSelect)
    due_on = DayField(label=_("Check again by"), required=False)

    def __init__(self, *args: Any, has_day: bool, **kwargs: Any) -> None:
        """`has_day`: a day is set already, and may be given up."""
        super().__init__(*args, **kwargs)
        choices = [
            ("right", _("I have read it: it is still right")),
            ("day", _("I only set the day, without checking")),
            ("end", _("It need not be checked again")),
        ]
        cast("forms.ChoiceField", self.fields["decision"]).choices = choices if has_day else choices[:2]

    def clean(self) -> dict[str, Any]:
        """Ask for the day, unless there is to be none."""
        data = super().clean() or {}
        if data.get("decision") == "end":
            data["due_on"] = None
        elif data.get("decision") and not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", gettext("Write the day by which it should be checked again."))
        return data

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {"due_on": self.cleaned_data["due_on"], "is_right": self.cleaned_data["decision"] == "right"}
