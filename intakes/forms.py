"""What an officer says of a file: which kind of list it is, whose and of which half-year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from intakes.models import Intake
from intakes.services.kinds import ListKind
from intakes.services.proposing import open_halves
from portal.forms.fields import one_unit
from portal.forms.files import WORKBOOKS, UploadsField
from portal.lib.periods import HalfYear
from portal.models import Unit, User
from portal.vocabulary import BatchMode, IntakeKind

MOST_FILES = 15


class FilesForm(forms.Form):
    """Workbooks, and not a word besides."""

    content = UploadsField(
        label=_("Workbooks"), most=MOST_FILES, accept=WORKBOOKS,
        error_messages={"required": _("Choose the workbook on your computer or phone.")},
    )  # fmt: skip


class AboutForm(forms.Form):
    """What a file is: chosen by the officer where the file's own words were read wrongly, or were not enough."""

    kind = forms.ChoiceField(label=_("What is in it"))
    mode = forms.ChoiceField(label=_("Handed out?"), choices=BatchMode.choices, required=False)
    half = forms.ChoiceField(label=_("Half-year"), required=False)

    def __init__(self, data: Any, *, intake: Intake, kinds: list[ListKind[Any, Any]], user: User) -> None:
        initial = {"kind": intake.kind, "mode": intake.mode, "half": intake.half, "unit": intake.unit_id}
        super().__init__(data, initial=initial)
        halves = {half.code: half.screen_label for half in open_halves()}
        if intake.half:
            halves.setdefault(intake.half, HalfYear.parse(intake.half).screen_label)
        self.fields["kind"].choices = [(kind.code, IntakeKind(kind.code).label) for kind in kinds]  # type: ignore[attr-defined]  # declared above
        self.fields["half"].choices = list(halves.items())  # type: ignore[attr-defined]  # the same
        day = HalfYear.parse(intake.half).last_day if intake.half else open_halves()[0].last_day
        right = next(kind.permission for kind in kinds if kind.code == intake.kind)
        units = Unit.objects.covered_by(user, right).named_on(day).order_by("code")
        self.fields["unit"] = one_unit(units, permission=right, label=_("Unit"))
        if self.fields["unit"].widget.input_type == "text":
            self.initial["unit"] = units.filter(pk=intake.unit_id).first()
        self.order_fields(["kind", "unit", "half", "mode"])
