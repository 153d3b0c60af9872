"""The kinds of input that all forms share: days, births, amounts, phones, units; refused with the value named."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import (
    SENTENCES,
    AmountError,
    Birth,
    DateError,
    PhoneError,
    format_int,
    normalize,
    parse_amount,
    parse_birth,
    parse_date,
    parse_phone,
    search_key,
    short_date,
)
from portal.models import Unit


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


class AmountField(forms.CharField):
    """Whole đồng, typed as 1500000, 1.500.000 or "1,5 triệu"; what can be read in two ways is asked about."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        """Show 1500000 as 1.500.000."""
        return format_int(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return đồng, None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except AmountError as error:
            raise sentence(f"amount_{error.code}" if error.code != "empty" else "missing_amount", text)


class DateInput(forms.DateInput):
    """The browser's own date picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class UnitField(forms.CharField):
    """A unit by its code or its name, accents or not; several of that name are listed for the person to choose from.

    `choices` (a QuerySet of Unit) bounds what may be chosen; what lies outside is answered as if it did not exist.
    """

    def __init__(self, *, choices: QuerySet[Unit] | None = None, **kwargs: Any) -> None:
        self.choices = choices if choices is not None else Unit.objects.none()
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("list", "unit-names")
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        """Show a unit as "Name (CODE)"."""
        return f"{value.name_on(timezone.localdate())} ({value.code})" if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        """Return the Unit (None for an empty field that may be empty)."""
        text = normalize(super().clean(value))
        if not text:
            return None
        code = text[text.rfind("(") + 1 : -1] if text.endswith(")") else text
        found = self.choices.filter(code__iexact=code.strip()).first()
        if found:
            return found
        named = RawSQL("SELECT unit_id FROM portal_unitversion WHERE portal_search_key(name) = %s", [search_key(text)])
        matches = list(self.choices.filter(pk__in=named).named_on(timezone.localdate())[:6])  # type: ignore[attr-defined]
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = "; ".join(f"{unit.name} ({unit.code})" for unit in matches)  # type: ignore[attr-defined]
            raise ValidationError(
                gettext("“%(name)s” fits several units: %(names)s. Type the code of the one you mean.")
                % {"name": text, "names": names}
            )
        raise ValidationError(
            gettext("No unit of yours is called “%(name)s”. Choose one from the list, or type its code.")
            % {"name": text}
        )


class PhoneField(forms.CharField):
    """A Vietnamese phone number in any usual way of writing; cleaned to E.164, "" when left empty."""

    def clean(self, value: Any) -> str:
        """Return "+84…" or ""."""
        text = super().clean(value).strip()
        if not text:
            return ""
        try:
            return parse_phone(text)
        except PhoneError:
            raise ValidationError(
                gettext("“%(value)s” is not a Vietnamese phone number; write it like 0912 345 678.") % {"value": text}
            )
