"""The form of a programme."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import (
    MOST_INTEGER,
    AmountField,
    CountField,
    DayField,
    LastDayField,
    NameField,
    TextField,
    UnitField,
)
from portal.forms.namesakes import NamesakeForm
from portal.models import ProposedChange, Unit
from portal.permissions import Permission
from portal.services.texts import longest
from portal.vocabulary import ProgrammeKind
from scholarships.models import Fund, Programme


class ProgrammeUpdateForm(NamesakeForm, forms.ModelForm):
    """What a programme gives, to whom, within which limits and until when."""

    name = NameField(label=_("Name"), max_length=longest(Programme, "name"))
    purpose = TextField(label=_("Purpose"), required=False)
    eligibility = TextField(label=_("Who may apply"), required=False)
    how_to_apply = TextField(label=_("How to apply"), required=False)
    min_amount = AmountField(label=_("Least amount"))
    max_amount = AmountField(label=_("Greatest amount"))
    opens_on = DayField(label=_("Opens on"), required=False)
    closes_on = LastDayField(label=_("Closes on"), required=False)
    hands_over_on = DayField(label=_("Handing-over day"), required=False)
    places = CountField(
        label=_("Places of each unit"), required=False, most=MOST_INTEGER,
        help_text=_("How many turns a unit may give under it in a half-year; left empty, as many as are needed."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind of programme"), choices=[("", _("choose")), *ProgrammeKind.choices])
    fund = forms.ModelChoiceField(
        label=_("Fund"), queryset=Fund.objects.none(), required=False, empty_label=_("each unit's own main fund"),
        help_text=_("Left empty, each unit pays from its own main fund."),
    )  # fmt: skip
    reason = TextField(
        label=_("Why the fund changes"), required=False, max_length=longest(ProposedChange, "reason"),
        help_text=_("A second person decides on another fund; until then the present one pays."),
    )  # fmt: skip

    field_order: tuple[str, ...] = ("name", "same_name")

    class Meta:
        model = Programme
        fields = (
            "name", "kind", "purpose", "eligibility", "how_to_apply", "opens_on", "closes_on",
            "hands_over_on", "places", "min_amount", "max_amount", "recurrence", "fund", "is_default",
            "is_active", "is_public",
        )  # fmt: skip

    def __init__(self, *args: Any, funds: QuerySet[Fund], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]  # a field declared above


class ProgrammeForm(ProgrammeUpdateForm):
    """A new programme of a unit."""

    unit = UnitField(
        label=_("Unit"),
        permission=Permission.MANAGE_PROGRAMME,
        help_text=_("It and every unit below may use the programme."),
    )

    field_order = ("unit", "name", "same_name", "kind")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above


def _reason_field() -> TextField:
    return TextField(
        label=_("Why"), max_length=longest(ProposedChange, "reason"),
        help_text=_("A second person reads it and decides; it stays in the books."),
    )  # fmt: skip


class AllotmentForm(forms.Form):
    """How much of a programme's money a unit may give by its own approver."""

    programme = forms.ModelChoiceField(
        label=_("Programme"), queryset=Programme.objects.none(), empty_label=_("– choose –")
    )
    unit = UnitField(label=_("Unit"), permission=Permission.MANAGE_PROGRAMME)
    amount = AmountField(
        label=_("Amount"), help_text=_("All that it may give, not what is left; beyond it the fund's unit decides.")
    )
    reason = _reason_field()

    def __init__(self, *args: Any, programmes: QuerySet[Programme], units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]  # a field declared above
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # the same


class AllotmentUpdateForm(forms.Form):
    """Another amount of an allotment, or (`ends`) none any more."""

    amount = AmountField(label=_("Amount"))
    reason = _reason_field()

    def __init__(self, *args: Any, ends: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].required = not ends
