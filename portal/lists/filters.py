"""What a list can be narrowed by. A value that is not among the choices shows nothing, and the page says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.models import User


class ListFilter(forms.Form):
    """The filter of a list: its fields are the parameters of the address, none is required.

    A field narrows the rows by equality with the field of its name, by its lookup in `lookups`, or by a method
    `narrow_<name>(rows, value)`. Choices that depend on the rows are set in `offer(rows, user)`.
    """

    use_required_attribute = False
    lookups: ClassVar[dict[str, str]] = {}

    def __init__(self, data: Mapping[str, Any], *, rows: Any, user: User) -> None:
        super().__init__(data, auto_id="filter_%s")
        for field in self.fields.values():
            field.required = False
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")
        self.offer(rows, user)

    def offer(self, rows: Any, user: User) -> None:
        """Set the choices that depend on the rows or the person."""

    def narrow(self, rows: Any) -> Any:
        """Return the rows that fit; none when a value is unknown."""
        if not self.is_valid():
            return rows.none() if hasattr(rows, "none") else []
        for name, value in self.chosen.items():
            method = getattr(self, f"narrow_{name}", None)
            rows = method(rows, value) if method else rows.filter(**{self.lookups.get(name, name): value})
        return rows

    @property
    def chosen(self) -> dict[str, Any]:
        """The values that narrow the list."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [], False)}

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return bool(self.errors or self.chosen)

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to choose: a filter whose only field has one choice is left out."""
        return any(True for _field in self.shown_fields)

    @property
    def shown_fields(self) -> Iterable[forms.BoundField]:
        """The fields that the bar offers: a choice among one is none."""
        for field in self:
            choices: Any = getattr(field.field, "choices", ())  # a unit of thousands is typed: nobody reads them
            if not isinstance(field.field, forms.ChoiceField) or len(list(choices)) > 2 or self.data.get(field.name):
                yield field

    @property
    def refusals(self) -> list[str]:
        """A sentence for each value that the filter does not know."""
        sentences = []
        for name in self.errors:
            label, value = self.fields[name].label, str(self.data.get(name, "")).replace("\0", "")[:60]
            sentences.append(
                _("“%(value)s” is not a value of “%(label)s”, so nothing is shown.") % {"value": value, "label": label}
            )
        return sentences


def choice(label: Any, choices: Iterable[tuple[Any, Any]] = (), *, every: Any) -> forms.ChoiceField:
    """Return a field to choose one value from; `every` is the word for not choosing."""
    return _OneOf(label=label, choices=choices, every=every)


def words(label: Any) -> forms.CharField:
    """Return a field for words to look for."""
    widget = forms.TextInput(attrs={"type": "search"})
    return forms.CharField(label=label, max_length=120, widget=widget)


class _Options(forms.Select):
    """A drop-down written out at once: a template for each of some hundred units takes longer than the list itself."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the markup, the chosen option marked."""
        plain, chosen = '<option value="{}">{}</option>', '<option value="{}" selected>{}</option>'
        options = [
            format_html(chosen if str(key) == str(value or "") else plain, key, label) for key, label in self.choices
        ]
        given = flatatt(self.build_attrs(self.attrs, attrs))
        return format_html('<select name="{}"{}>{}</select>', name, given, SafeString("".join(options)))


class _OneOf(forms.ChoiceField):
    """A choice whose first answer is "all"."""

    widget = _Options

    def __init__(self, *, every: Any, choices: Iterable[tuple[Any, Any]], **kwargs: Any) -> None:
        self.every = every
        super().__init__(**kwargs)
        self.choices = choices  # set with the first answer

    @property
    def choices(self) -> Any:
        """The choices, "all" before them."""
        return self._choices

    @choices.setter
    def choices(self, value: Any) -> None:
        self._choices = self.widget.choices = [("", self.every), *value]
