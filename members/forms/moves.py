"""Forms of what happens to a member: a move, leaving, returning, an office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import Position
from portal.forms.fields import DayField, LineField, UnitField
from portal.models import Unit
from portal.permissions import Permission
from portal.services.texts import longest
from portal.vocabulary import LeavingReason, PositionTitle


class MoveForm(forms.Form):
    """To which unit a member moves, and from which day on."""

    unit = UnitField(
        label=_("New unit"), permission=Permission.MANAGE_MEMBERS,
        help_text=_("Any unit of the association by its name or code; those that are not yours are not proposed."),
    )  # fmt: skip
    moved_on = DayField(label=_("Belongs there from"), last=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = Unit.objects.in_force(timezone.localdate())
        field.widget.attrs["data-none"] = _("Not one of yours. The name is looked up when you press the button.")


class LeaveForm(forms.Form):
    """The last day of a membership, and why it ends."""

    last_day = DayField(label=_("Last day as a member"), last=timezone.localdate)
    reason = forms.ChoiceField(label=_("Why"), choices=[("", _("choose")), *LeavingReason.choices])


class ReturnForm(forms.Form):
    """The unit that takes a former member in again."""

    unit = UnitField(label=_("Unit"), permission=Permission.MANAGE_MEMBERS)
    joined_on = DayField(label=_("Member again from"), last=timezone.localdate)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above


class PositionForm(ReturnForm):
    """An office in a unit, for a term."""

    joined_on = None  # type: ignore[assignment]  # how Django leaves a field of a parent out
    title = forms.ChoiceField(label=_("Office"), choices=[("", _("choose")), *PositionTitle.choices])
    since = DayField(label=_("From"))
    until = DayField(label=_("Last day"), required=False, help_text=_("Leave it empty while it is not known."))
    term = LineField(
        label=_("Term"), max_length=longest(Position, "term"), required=False, help_text=_("For example 2026–2031.")
    )

    field_order = ("title", "unit", "since", "until", "term")


class PositionEndForm(forms.Form):
    """The last day of an office."""

    last_day = DayField(label=_("Last day"))
