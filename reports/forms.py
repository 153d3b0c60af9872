"""Forms of the reports app."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import AmountField, CountField, DateInput, DayField, LineField, TextField
from portal.lib.vietnamese import format_int
from portal.services.texts import longest
from reports.figures import DECLARED, GROUP_LABELS, Figures, Indicator, Measure, by_group
from reports.models import Report, Submission
from reports.services.submissions import TEXTS


class FigureField(CountField):
    """A declared figure; empty is "not reported" and stays None."""

    def __init__(self, indicator: Indicator) -> None:
        super().__init__(required=False, label=str(indicator.label), widget=forms.TextInput(attrs={"class": "num"}))


class SumField(AmountField):
    """A declared sum in whole đồng, read as money everywhere is; 0 is "none"; empty is "not reported"."""

    def __init__(self, indicator: Indicator) -> None:
        super().__init__(required=False, label=str(indicator.label), widget=forms.TextInput(attrs={"class": "num"}))

    def clean(self, value: Any) -> int | None:
        """Return đồng or None."""
        if str(value or "").strip() == "0":
            return 0
        amount: int | None = super().clean(value)
        return amount


class SubmissionForm(forms.Form):
    """The grid of a half-year: a field per declared figure, and the texts."""

    activities = TextField(label=_("What was done"), required=False, max_length=4000, rows=5)
    difficulties = TextField(label=_("Difficulties"), required=False, max_length=4000, rows=4)
    plan = TextField(label=_("Plan for the next half-year"), required=False, max_length=4000, rows=4)
    proposals = TextField(label=_("Proposals"), required=False, max_length=4000, rows=4)

    def __init__(self, *args: Any, last: Figures | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last or {}
        for indicator in DECLARED:
            kind = SumField if indicator.measure == Measure.MONEY else FigureField
            self.fields[field_name(indicator.code)] = kind(indicator)
        self.error_fields = {one.code: field_name(one.code) for one in DECLARED}
        for name in TEXTS:
            self.fields[name].widget.attrs["class"] = "form-control"
        for name, field in self.fields.items():
            if isinstance(field, FigureField | SumField):
                classes = "form-control num"
                if self.is_bound and name in self.errors:
                    classes += " is-invalid"
                    field.widget.attrs["aria-invalid"] = "true"
                field.widget.attrs["class"] = classes
                field.widget.attrs["aria-describedby"] = f"id_{name}-about"

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return the rows of the grid by chapter: bound field, indicator, the last half-year's figure written out."""
        rows = []
        for group, indicators in by_group(DECLARED).items():
            lines = [
                {
                    "field": self[field_name(one.code)],
                    "indicator": one,
                    "last": format_int(self.last[one.code]) if one.code in self.last else "",
                }
                for one in indicators
            ]
            rows.append((str(GROUP_LABELS[group]), lines))
        return rows

    def texts(self) -> list[forms.BoundField]:
        """Return the fields of text, in order."""
        return [self[name] for name in TEXTS]

    def values(self) -> dict[str, int | None]:
        """Return what was entered, by indicator."""
        return {one.code: self.cleaned_data.get(field_name(one.code)) for one in DECLARED}


def field_name(code: str) -> str:
    """Return the form field of an indicator."""
    return code.replace(".", "__")


def initial_of(values: Figures) -> dict[str, str]:
    """Return declared figures as they stand in the form, grouped by thousands."""
    return {field_name(code): format_int(value) for code, value in values.items()}


class ReasonForm(forms.Form):
    """Why something is returned, listed as missing."""

    reason = TextField(label=_("Reason"), max_length=longest(Submission, "reason"))


class ReopenForm(ReasonForm):
    """Why and until when a closed half-year is opened again."""

    until = DayField(label=_("Open until the end of"))

    def moment(self) -> dt.datetime:
        """Return the end of the chosen day in Vietnam."""
        day = self.cleaned_data["until"] + dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


class DeadlineForm(forms.Form):
    """By which day the units send their half-year."""

    due_on = DayField(label=_("Units send it by"), widget=DateInput({"class": "form-control"}))


class IssueForm(forms.Form):
    """The number of the document, and for a newer version why."""

    number = forms.IntegerField(label=_("Number of the document"), min_value=1)
    reason = TextField(
        label=_("Reason of the new version"),
        required=False,
        max_length=longest(Report, "reason"),
        rows=2,
        help_text=_("At least 10 characters. It is shown on the verification page of the version that it replaces."),
    )

    def __init__(self, *args: Any, has_version: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_version:
            del self.fields["reason"]


class CodeForm(forms.Form):
    """The code printed under a report's QR code."""

    code = LineField(
        label=_("Code on the paper"), max_length=30, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )
