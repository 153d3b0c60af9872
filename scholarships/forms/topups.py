"""Forms of the register of yearly top-ups."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import AmountField, LineField, UnitField
from portal.models import Unit
from portal.permissions import Permission
from portal.services.texts import longest
from scholarships.models import TopUp


class TopUpForm(forms.Form):
    """Whether there is such a policy in a year, by which decision, with how much."""

    error_fields: ClassVar[dict[str, str]] = {"period_closed": "year"}

    answer = forms.ChoiceField(
        label=_("Does the local budget top the fund up this year?"), choices=TopUp.Answer.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    decision = LineField(
        label=_("Number and date of the decision"), max_length=longest(TopUp, "decision"), required=False,
        help_text=_("Needed where there is a policy."),
    )  # fmt: skip
    amount = AmountField(
        label=_("Amount of a year (đồng)"), required=False,
        help_text=_("What the decision promises. Money that arrives is recorded as a gift from the local budget."),
    )  # fmt: skip


class NewTopUpForm(TopUpForm):
    """The same for a unit and a year to choose."""

    unit = UnitField(label=_("Unit"), permission=Permission.FILE_SUBMISSION)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    field_order = ("unit", "year", "answer", "decision", "amount")

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above
        if len(own := list(units[:2])) == 1:
            self.fields["unit"].initial = own[0]
        self.fields["answer"].choices = [  # type: ignore[attr-defined]  # nothing is there to be taken back
            (one.value, one.label) for one in TopUp.Answer if one != TopUp.Answer.UNSAID
        ]
        now = timezone.localdate().year
        self.fields["year"].choices = [(year, year) for year in range(now + 1, now - 4, -1)]  # type: ignore[attr-defined]  # the same
        self.fields["year"].initial = now
