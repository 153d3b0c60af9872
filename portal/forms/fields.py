"""The kinds of input that all forms share, one of each: lines and texts, names, days, births, numbers, phones, units.

What was typed is made comparable first (odd spaces, invisible signs, line ends), then asked whether it is there and
whether it fits; what cannot be read is refused with the value named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.lib import identifiers
from portal.lib.citizen_numbers import CitizenNumberError, parse_citizen_number
from portal.lib.language import screen_weekday
from portal.lib.vietnamese import (
    FIRST_DAY,
    SENTENCES,
    AmountError,
    Birth,
    CountError,
    DateError,
    PhoneError,
    birth_problem,
    comparable,
    format_int,
    format_phone,
    next_working_day,
    normalize,
    normalize_lines,
    parse_amount,
    parse_birth,
    parse_count,
    parse_date,
    parse_moment,
    parse_phone,
    short_date,
)
from portal.models import Unit
from portal.permissions import Permission

YEARS_AHEAD = 10
MOST_OPTIONS = 50  # units that a drop-down offers; of more one is found by typing


def sentence(code: str, value: Any) -> ValidationError:
    """Return the error of a cell: the same sentence in a form as in the preview of a workbook."""
    return ValidationError(str(SENTENCES[code]) % {"value": value}, code=code)


# -- text


class LineField(forms.CharField):
    """A line of text: one line in NFC, single spaces, nothing invisible; what is blank then is not given."""

    def to_python(self, value: Any) -> Any:
        """Return the line as it is stored."""
        return normalize(super().to_python(value) or "")


class NameField(LineField):
    """What somebody or something is called."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")


class TextField(forms.CharField):
    """Text of several lines, each line end counted as one sign, as the browser counts."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the text as it is stored."""
        return normalize_lines(super().to_python(value) or "")


# -- days


class DateInput(forms.TextInput):
    """A day typed as 26/11/2026; the page's own script sets a button with a calendar beside it."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, with_time: bool = False) -> None:
        kind = "moment" if with_time else "day"
        hint = _("day/month/year hour:minute") if with_time else _("day/month/year")
        words = {
            "data-calendar": kind, "data-calendar-open": _("Choose a day in the calendar"),
            "data-calendar-back": _("Month before"), "data-calendar-on": _("Month after"),
        }  # fmt: skip
        keyboard = {"autocomplete": "off", "placeholder": hint} | ({} if with_time else {"inputmode": "decimal"})
        super().__init__({**keyboard, **words, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """Return a date as 05/06/2023, a moment as 05/06/2023 13:25."""
        if isinstance(value, dt.datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return f"{short_date(local.date())} {local:%H:%M}"
        return short_date(value) if isinstance(value, dt.date) else super().format_value(value)


def _in_ten_years() -> dt.date:
    return dt.date(timezone.localdate().year + YEARS_AHEAD, 12, 31)


class DayField(LineField):
    """A day typed as 5/6/2023, 05-06-2023 or 2023-06-05; the day comes before the month.

    Taken are days from `first` to what `last` gives: 1900 to ten years ahead, where the form does not say otherwise.
    """

    widget: Any = DateInput

    def __init__(
        self, *, first: dt.date = FIRST_DAY, last: Callable[[], dt.date] = _in_ten_years, **kwargs: Any
    ) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.first, self.last = first, last

    def prepare_value(self, value: Any) -> Any:
        """Return a date as 05/06/2023."""
        return short_date(value) if isinstance(value, dt.date) else value

    def clean(self, value: Any) -> Any:
        """Return the date, None for an empty field that may be empty."""
        if isinstance(value, dt.date):
            value = short_date(value)
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text)
        except DateError as error:
            raise sentence(error.code if error.code != "empty" else "not_a_date", text)
        self.check_window(day, text)
        return day

    def check_window(self, day: dt.date, text: str) -> None:
        """Raise ValidationError for a day that cannot be meant here."""
        if self.first <= day <= self.last():
            return
        if self.last() == timezone.localdate() and day > self.first:
            raise ValidationError(gettext("%(day)s lies in the future.") % {"day": short_date(day)}, code="future")
        raise ValidationError(
            gettext("“%(value)s” cannot be meant here: write a day from %(first)s to %(last)s.")
            % {"value": text, "first": short_date(self.first), "last": short_date(self.last())},
            code="out_of_window",
        )


def tell_rest(day: dt.date | None) -> str:
    """Return what is said of a last day on which nobody works, with the next working day; "" for any other day."""
    if day is None or (working := next_working_day(day)) == day:
        return ""
    return gettext("%(weekday)s, %(day)s is no working day. The next one is %(next_weekday)s, %(next)s.") % {
        "weekday": screen_weekday(day), "day": short_date(day),
        "next_weekday": screen_weekday(working), "next": short_date(working),
    }  # fmt: skip


class LastDayField(DayField):
    """A day by which something must be done. One on which nobody works is taken; beside the field it is said."""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """Return the field of a form, its help saying what the day in it is."""
        bound = super().get_bound_field(form, field_name)
        value = bound.value()
        try:
            day = value if isinstance(value, dt.date) else parse_date(value)
        except DateError:
            return bound  # the form says itself what it cannot read
        bound.help_text = " ".join(filter(None, (str(bound.help_text), tell_rest(day))))
        return bound


class MomentField(DayField):
    """A day with its time, typed as "26/11/2026 13:25"; a day alone is taken at `without_time`."""

    widget = DateInput(with_time=True)

    def __init__(self, *, without_time: dt.time = dt.time(0, 0), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.without_time = without_time

    def prepare_value(self, value: Any) -> Any:
        """Return a moment as 05/06/2023 13:25."""
        return self.widget.format_value(value) if isinstance(value, dt.datetime) else value

    def clean(self, value: Any) -> Any:
        """Return the moment in Viet Nam's time, None for an empty field that may be empty."""
        if isinstance(value, dt.datetime):
            value = self.widget.format_value(value)
        text = LineField.clean(self, value)
        if not text:
            return None
        try:
            moment = parse_moment(text, without_time=self.without_time)
        except DateError as error:
            raise sentence(error.code if error.code != "empty" else "not_a_date", text)
        self.check_window(moment.date(), text)
        return moment


class BirthField(LineField):
    """A birth: a year, a month or a whole date; not after today."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("placeholder", _("day/month/year"))
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("inputmode", "decimal")

    def prepare_value(self, value: Any) -> Any:
        """Return a birth as far as it is known."""
        return value.text if isinstance(value, Birth) else value

    def clean(self, value: Any) -> Any:
        """Return the Birth, None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            birth = parse_birth(text)
        except DateError as error:
            raise sentence("birth_impossible" if error.code == "no_such_date" else "birth_not_a_date", text)
        if birth_problem(birth, timezone.localdate()):
            raise sentence("birth_impossible", text)
        return birth


# -- numbers


class AmountField(LineField):
    """Whole đồng, typed as 1500000, 1.500.000 or "1,5 triệu"; what can be read in two ways is asked about."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("inputmode", "decimal")

    def prepare_value(self, value: Any) -> Any:
        """Return 1500000 as 1.500.000."""
        return format_int(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Refuse cells pasted over one another: 120 and 450 are no 120.450."""
        refuse_several_cells(value)
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        """Return đồng, None for an empty field that may be empty."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except AmountError as error:
            raise sentence(f"amount_{error.code}" if error.code != "empty" else "missing_amount", text)


_DASHES = frozenset("-–—")
MOST_INTEGER = 2**31 - 1  # what a column of whole numbers takes, where it is no BIGINT


class CountField(LineField):
    """A whole number as people type it ("1.234", "1 234"), 0 included; empty stays None.

    `most`: the largest that can be meant, at most what its column takes.
    """

    def __init__(self, *, most: int = 10**15 - 1, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.most = most
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("inputmode", "numeric")

    def prepare_value(self, value: Any) -> Any:
        """Return 1500 as 1.500."""
        return format_int(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Refuse cells pasted over one another."""
        refuse_several_cells(value)
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        """Return the number or None."""
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_count(text)
        except CountError as error:
            if comparable(text) in _DASHES:
                raise ValidationError(gettext("A dash is no number. Write 0 if it is none, else leave it empty."))
            if error.code == "too_large":
                raise _too_large(text)
            raise ValidationError(
                gettext("“%(text)s” is not a whole number. Write it like 1.234, or leave it empty.") % {"text": text}
            )
        if number > self.most:
            raise _too_large(text)
        return number


def _too_large(text: str) -> ValidationError:
    return ValidationError(gettext("%(value)s cannot be right.") % {"value": text})


def refuse_several_cells(value: Any) -> None:
    """Raise ValidationError for a text that holds several cells of a workbook."""
    cells = str(value or "").replace("\r", "\n").replace("\t", "\n").strip().split("\n")
    count = sum(1 for cell in cells if cell.strip())
    if count > 1:
        raise ValidationError(gettext("%(count)d cells were pasted into one field.") % {"count": count})


# -- phones


class CitizenNumberField(LineField):
    """A citizen number in any usual way of writing; cleaned to its twelve digits, "" when left empty."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        """Return the digits or ""."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return parse_citizen_number(text)
        except CitizenNumberError:
            raise ValidationError(
                gettext(
                    "“%(value)s” is not a citizen number: it has 12 digits, as they stand on the card. "
                    "Correct it, or leave the field empty."
                )
                % {"value": text},
                code="citizen_number",
            ) from None


class PhoneField(LineField):
    """A Vietnamese phone number in any usual way of writing; cleaned to E.164, "" when left empty."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 60)  # two numbers are refused as no number, not as too long
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return a number on file as people write it, "0912 345 678"; what was typed stays as it was typed."""
        return format_phone(value) if isinstance(value, str) and value.startswith("+84") else value

    def clean(self, value: Any) -> str:
        """Return "+84…" or ""."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return parse_phone(text)
        except PhoneError:
            raise ValidationError(
                gettext("“%(value)s” is not a Vietnamese phone number; write it like 0912 345 678.") % {"value": text}
            )


# -- units


class UnitCodeField(LineField):
    """The code of a new unit; capitals and plain hyphens are made of what was typed."""

    def __init__(self, **kwargs: Any) -> None:
        code = Unit._meta.get_field("code")
        super().__init__(max_length=code.max_length, validators=code.validators[:1], **kwargs)
        self.widget.attrs |= {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}

    def to_python(self, value: Any) -> Any:
        """Return the code as it is stored."""
        return identifiers.unit_code(super().to_python(value))


class UnitField(LineField):
    """A unit by its code or its name, accents or not; several of that name are listed for the person to choose from.

    `choices` (a QuerySet of Unit) bounds what may be chosen; what lies outside is answered as if it did not exist.
    `permission` names the right on the units that the page's script proposes while the person types.
    """

    def __init__(self, *, permission: Permission, choices: QuerySet[Unit] | None = None, **kwargs: Any) -> None:
        self.choices = choices if choices is not None else Unit.objects.none()
        kwargs.setdefault("max_length", 200)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("placeholder", _("name or code"))
        self.widget.attrs["data-units"] = reverse_lazy("unit_suggest", args=[permission.value])
        self.widget.attrs["data-none"] = _("No unit of yours is called so.")

    def prepare_value(self, value: Any) -> Any:
        """Return a unit as "Name (CODE)"."""
        return f"{value.name_on(timezone.localdate())} ({value.code})" if isinstance(value, Unit) else value

    def clean(self, value: Any) -> Any:
        """Return the Unit (None for an empty field that may be empty)."""
        text = comparable(super().clean(value))
        if not text:
            return None
        code = text[text.rfind("(") + 1 : -1] if text.endswith(")") else text
        found = self.choices.filter(code=identifiers.unit_code(code)).first()  # as it is stored: by its index
        if found:
            return found
        today: Any = timezone.localdate()
        choices: Any = self.choices
        matches = list(choices.named_exactly(text).named_on(today)[:7])
        matches = matches or list(choices.called(text).named_on(today)[:7])
        if len(matches) == 1:
            return matches[0]
        if matches:
            names = "; ".join(f"{unit.name} ({unit.code})" for unit in matches)
            raise ValidationError(
                gettext("“%(name)s” fits several units: %(names)s. Type the code of the one you mean.")
                % {"name": text, "names": names}
            )
        raise ValidationError(
            gettext("No unit of yours is called “%(name)s”. Choose one from the list, or type its code.")
            % {"name": text}
        )


class UnitsField(TextField):
    """Several units, one a line, each by its code or name as in a `UnitField`; cleans to a list without doubles."""

    def __init__(self, *, permission: Permission, choices: QuerySet[Unit] | None = None, **kwargs: Any) -> None:
        self.one = UnitField(permission=permission, choices=choices, required=False)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[Unit]:
        """Return the units; every line that names none is said."""
        found: dict[int, Unit] = {}
        wrong: list[Any] = []
        for line in super().clean(value).splitlines():
            try:
                unit = self.one.clean(line)
            except ValidationError as error:
                wrong += error.messages
            else:
                found |= {unit.pk: unit} if unit else {}
        if wrong:
            raise ValidationError(wrong)
        return [*found.values()]


class NewUnitsField(TextField):
    """New units, one a line: the code, then the name; cleans to pairs of them."""

    def clean(self, value: Any) -> list[tuple[str, str]]:
        """Return (code, name) for each line."""
        code_field, pairs, wrong = UnitCodeField(), [], []
        for line in super().clean(value).splitlines():
            code, _space, name = comparable(line).partition(" ")
            try:
                pairs += [(code_field.clean(code), name)] if code else []
            except ValidationError as error:
                wrong += [f"“{line}”: {message}" for message in error.messages]
            if code and not name:
                wrong.append(gettext("“%(line)s”: write the code, a space and the name.") % {"line": line})
        if wrong:
            raise ValidationError(wrong)
        return pairs


def _name_units(units: list[Unit]) -> list[tuple[Any, Any]]:
    return [(unit.pk, str(unit)) for unit in units]


def one_unit(
    units: QuerySet[Unit],
    *,
    permission: Permission,
    options: Callable[[list[Unit]], list[tuple[Any, Any]]] = _name_units,
    key: str = "pk",
    **kwargs: Any,
) -> forms.Field:
    """Return the field for one of the units: a drop-down of some, a UnitField where they are many; it cleans to a Unit.

    `units` carry their names (`named_on`); `options` are what the drop-down offers, by each unit's `key`.
    """
    found = list(units[: MOST_OPTIONS + 1])
    if len(found) > MOST_OPTIONS:
        return UnitField(permission=permission, choices=Unit.objects.filter(pk__in=units.values("pk")), **kwargs)
    by_key = {str(getattr(unit, key)): unit for unit in found}
    return forms.TypedChoiceField(choices=options(found), coerce=by_key.__getitem__, **kwargs)


def _group_ended(units: list[Unit]) -> list[tuple[Any, Any]]:
    ended = [(unit.code, str(unit)) for unit in units if getattr(unit, "is_ended", False)]
    in_force = [(unit.code, str(unit)) for unit in units if not getattr(unit, "is_ended", False)]
    return [*in_force, *([(_("Ended units"), ended)] if ended else [])]


def filter_by_unit(units: QuerySet[Unit], *, permission: Permission, label: Any, every: Any) -> forms.Field:
    """Return the field by which a list is narrowed to a unit, called by its code; `every` is the word for all.

    Units that have ended stand in a group of their own where they are marked (`with_end`).
    """
    field = one_unit(
        units,
        permission=permission,
        options=lambda found: [("", every), *_group_ended(found)],
        key="code",
        label=label,
        required=False,
    )
    field.widget.attrs["class"] = "form-control" if isinstance(field, UnitField) else "form-select"
    return field
