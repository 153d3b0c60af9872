"""The form of one row of a list, typed one after another."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import AmountField, BirthField, DayField, LineField, NameField, TextField, sentence
from portal.lib.vietnamese import birth_problem, format_int, format_money
from portal.services.texts import longest
from scholarships.models import Disbursement, Programme, Recipient
from scholarships.services.pasting import MOST_LETTERS

_PLAIN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+")
_DITTO = frozenset({'"', "”", "“", "''", "″", "nt", "-nt-", "như trên"})
_FILLED_DOWN = ("birth", "school_class", "school", "amount", "given_on", "note")


class RowForm(forms.Form):
    """One turn. An amount written in words or with a unit is shown back in figures before it is saved."""

    full_name = NameField(
        label=_("Full name"),
        max_length=longest(Recipient, "full_name"),
        widget=forms.TextInput(
            attrs={"list": "recipients", "autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}
        ),
    )
    birth = BirthField(label=_("Date or year of birth"), required=False)
    school_class = LineField(label=_("Class"), max_length=longest(Disbursement, "school_class"), required=False)
    school = LineField(label=_("School"), max_length=longest(Disbursement, "school"), required=False)
    circumstance = forms.ChoiceField(
        label=_("Circumstance"), choices=[("", _("none stated")), *Disbursement.Circumstance.choices], required=False
    )
    programme = forms.ModelChoiceField(label=_("Programme"), queryset=Programme.objects.none(), empty_label=None)
    amount = AmountField(label=_("Amount"))
    given_on = DayField(label=_("Given on"))
    source = forms.ChoiceField(label=_("Source"), choices=Disbursement.Source.choices, initial=Disbursement.Source.FUND)
    note = LineField(label=_("Note"), max_length=longest(Disbursement, "note"), required=False)
    amount_shown = forms.CharField(required=False, widget=forms.HiddenInput)
    repeat_reason = LineField(
        label=_("Both are real, because"), max_length=longest(Disbursement, "repeat_reason"), required=False
    )

    error_fields: ClassVar[dict[str, str]] = {"known": "full_name", "other_amount": "full_name"}
    recorded: int | None = None  # the row recorded with another amount, which this one may replace

    def __init__(
        self, *args: Any, programmes: QuerySet[Programme], above: Disbursement | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # a field declared above
        self.fields["full_name"].widget.attrs["data-people"] = reverse("recipient_suggest")
        if above is not None:
            self._fill_down(above)

    def _fill_down(self, above: Disbursement) -> None:
        """Say in each cell what stands above it, and put that where a ditto mark was typed."""
        facts = self.facts_of(above)
        for name in _FILLED_DOWN:
            field = self.fields[name]
            shown = str(field.prepare_value(facts[name]) or "")
            field.widget.attrs["data-above"] = shown
            if self.is_bound and str(self.data.get(self.add_prefix(name), "")).strip().casefold() in _DITTO:
                data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, or a dict in tests
                data[self.add_prefix(name)] = shown
                self.data = data

    def clean_full_name(self) -> str:
        """Refuse what is no name."""
        name: str = self.cleaned_data["full_name"]
        if not any(letter.isalpha() for letter in name) or any(letter.isdigit() for letter in name):
            raise ValidationError(
                gettext("“%(value)s” is not a person's name. Write letters only, family name first.") % {"value": name}
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Write an amount that was not in plain figures back for a look; sent once more it is saved."""
        cleaned = super().clean() or {}
        birth, given_on = cleaned.get("birth"), cleaned.get("given_on")
        if birth and given_on and birth_problem(birth, given_on):
            self.add_error("birth", sentence("birth_after_gift", birth.text))
        amount, typed = cleaned.get("amount"), str(self.data.get(self.add_prefix("amount"), "")).strip()
        if amount and not _PLAIN.fullmatch(typed) and cleaned.get("amount_shown") != format_int(amount):
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, or a dict in tests
            data[self.add_prefix("amount")] = data[self.add_prefix("amount_shown")] = format_int(amount)
            self.data = data
            self.add_error(
                "amount",
                gettext("“%(value)s” was read as %(amount)s. Press Enter once more to save.")
                % {"value": typed, "amount": format_money(amount)},
            )
        return cleaned

    @classmethod
    def facts_of(cls, row: Disbursement) -> dict[str, Any]:
        """Return what the form shows of a row that is there already."""
        person = row.recipient
        return cls.carried_over(row) | {
            "full_name": person.full_name,
            "birth": person.birth,
            "circumstance": row.circumstance,
            "amount": row.amount,
            "note": row.note,
            "repeat_reason": row.repeat_reason,
        }

    @staticmethod
    def carried_over(row: Disbursement) -> dict[str, Any]:
        """Return what the next row probably shares with the last one."""
        return {
            "programme": row.programme_id,
            "given_on": row.given_on,
            "school": row.school,
            "school_class": row.school_class,
            "source": row.source,
        }


class PastedField(TextField):
    """Cells copied from a spreadsheet: the tabs between them stay, and so do line ends within a cell."""

    def to_python(self, value: Any) -> Any:
        """Return the text with one kind of line end."""
        return (forms.CharField.to_python(self, value) or "").replace("\r\n", "\n").replace("\r", "\n")


class PasteForm(forms.Form):
    """A block of cells, with or without its headings."""

    text = PastedField(
        label=_("Cells from the spreadsheet"), max_length=MOST_LETTERS, rows=12, strip=False,
        error_messages={"required": _("Mark the rows in the spreadsheet, copy them, and paste them here.")},
    )  # fmt: skip
