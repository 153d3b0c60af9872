"""The box by which a form is told that a second one of a name is meant."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.services.namesakes import SAME_NAME


class NamesakeForm(forms.Form):
    """A form with a `name`; the way past the question of a namesake is shown once it is asked, and while it is ticked.

    A form of its own columns names `name` and `same_name` in its `field_order`, one below the other.
    """

    error_fields: ClassVar[dict[str, str]] = {SAME_NAME: "name"}

    same_name = forms.BooleanField(
        label=_("There is one of this name already, and this is another one"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get(self.add_prefix(SAME_NAME)):
            self.fields[SAME_NAME].widget = forms.HiddenInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the box where the error is the question that it answers."""
        super().add_error(field, error)
        if field == "name" and self.has_error("name", SAME_NAME):
            self.fields[SAME_NAME].widget = forms.CheckboxInput()
