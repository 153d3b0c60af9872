"""Days and births as people write them; refused with the value named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.lib.spreadsheets.problems import SENTENCES
from portal.lib.vietnamese import Birth, DateError, parse_birth, parse_date, short_date


def sentence(code: str, value: Any) -> ValidationError:
    """Return the error of a cell: the same sentence in a form as in the preview of a workbook."""
    return ValidationError(str(SENTENCES[code]) % {"value": value}, code=code)


def take_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put a service's refusal beside the form's fields; what names another field stands above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields and not form.fields[name].widget.is_hidden else None, errors)


class DayField(forms.CharField):
    """A day typed as 5/6/2023, 05-06-2023 or 2023-06-05; the day comes before the month."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", _("day/month/year"))
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        """Show a date as 05/06/2023."""
        return short_date(value) if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> Any:
        """Return the date, None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_date(text)
        except DateError as error:
            raise sentence(error.code if error.code != "empty" else "not_a_date", text)


class BirthField(forms.CharField):
    """A birth: a year, a month or a whole date."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", _("day/month/year"))
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        """Show a birth as far as it is known."""
        return value.text if isinstance(value, Birth) else value

    def clean(self, value: Any) -> Any:
        """Return the Birth, None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            birth = parse_birth(text)
        except DateError:
            raise sentence("birth_not_a_date", text)
        if birth.year > dt.date.today().year:
            raise sentence("birth_impossible", text)
        return birth
