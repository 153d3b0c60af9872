"""The forms of the site's own facts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import LineField, TextField
from portal.forms.files import PictureField
from portal.models import Fanpage, SiteProfile


def _field_of(column: models.Field, **options: Any) -> forms.Field | None:
    """Return the field of this portal for a column: lines and texts made tidy before they are measured."""
    if isinstance(column, models.TextField):
        return column.formfield(form_class=TextField, widget=forms.Textarea(attrs={"rows": 4}), **options)
    if isinstance(column, models.ImageField):
        return PictureField(label=column.verbose_name, required=not column.blank)
    if type(column) is models.CharField and not column.choices:
        return column.formfield(form_class=LineField, **options)
    return column.formfield(**options)


class SiteForm(forms.ModelForm):
    """The association's facts."""

    class Meta:
        model = SiteProfile
        exclude = ("id",)  # noqa: DJ006 - every fact is the administrator's to change
        formfield_callback = _field_of


class FanpageForm(forms.ModelForm):
    """A page on a social network."""

    url = forms.URLField(label=_("Address"), max_length=300, assume_scheme="https")

    class Meta:
        model = Fanpage
        fields = ("name", "owner", "url")
        field_classes = {"name": LineField, "owner": LineField}


FanpageFormSet = forms.modelformset_factory(Fanpage, form=FanpageForm, extra=1, can_delete=True)
