"""The form of a unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import DayField, NameField, UnitCodeField, UnitField
from portal.models import Level, Unit, UnitVersion
from portal.permissions import Permission
from portal.services.texts import longest


class UnitForm(forms.Form):
    """A unit as of a day."""

    code = UnitCodeField(
        label=_("Code"),
        help_text=_("The official five-digit code where there is one; it never changes."),
    )
    name = NameField(label=_("Name"), max_length=longest(UnitVersion, "name"))
    level = forms.ModelChoiceField(label=_("Level"), queryset=Level.objects.all())
    parent = UnitField(label=_("Unit above"), permission=Permission.MANAGE_UNITS)
    since = DayField(label=_("From"))

    def __init__(self, *args: Any, units: QuerySet[Unit], with_code: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = units  # type: ignore[attr-defined]  # a field declared above
        if not with_code:
            del self.fields["code"]
