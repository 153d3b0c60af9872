"""Forms of batches: which ones to show, a new one, and the words that go with each step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import TextField, UnitField, one_unit
from portal.forms.files import WORKBOOKS, PickInput, UploadField
from portal.lib.periods import HalfYear
from portal.models import Unit
from portal.permissions import Permission
from portal.services.texts import longest
from scholarships.models import Batch


def unit_choices(units: list[Unit]) -> list[tuple[Any, Any]]:
    """Offer the units of today, and apart from them those that have ended (`ended`)."""
    living = [(unit.pk, str(unit)) for unit in units if not unit.ended]  # type: ignore[attr-defined]  # annotated
    ended = [(unit.pk, str(unit)) for unit in units if unit.ended]  # type: ignore[attr-defined]  # annotated
    groups = [*living, (_("Former units whose tasks passed to yours"), ended)] if living and ended else living or ended
    return groups if len(living) + len(ended) == 1 else [("", _("choose a unit")), *groups]


class BatchForm(forms.Form):
    """A new list: whose, for which half-year, and whether the money was handed out already."""

    use_required_attribute = False  # every choice has its first answer; the browser has nothing to ask for

    mode = forms.ChoiceField(
        label=_("What is this batch?"),
        choices=Batch.Mode.choices,
        initial=Batch.Mode.HANDED_OUT,
        widget=forms.RadioSelect,
    )
    half = forms.ChoiceField(label=_("Half-year"))
    way = forms.ChoiceField(
        label=_("How do you enter it?"),
        choices=[
            ("upload", _("Send a workbook")),
            ("paste", _("Paste rows from a spreadsheet")),
            ("type", _("Type the rows")),
        ],
        initial="upload",
        widget=forms.RadioSelect,
    )
    content = UploadField(label=_("Workbook"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], halves: list[HalfYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"] = one_unit(units, permission=Permission.ENTER_BATCH, options=unit_choices, label=_("Unit"))
        if self.is_unit_typed:
            self.initial["unit"] = units.filter(pk=self.initial.get("unit") or 0).first()
        self.order_fields(["mode", "unit", "half", "way", "content"])
        self.fields["half"].choices = [(half.code, half.screen_label) for half in halves]  # type: ignore[attr-defined]  # the same

    @property
    def is_unit_typed(self) -> bool:
        """Whether there are too many units to choose one from a drop-down."""
        return isinstance(self.fields["unit"], UnitField)

    def clean_half(self) -> HalfYear:
        """Return the half-year as a value."""
        return HalfYear.parse(self.cleaned_data["half"])

    def clean(self) -> dict[str, Any]:
        """Whoever sends a workbook chooses one."""
        cleaned = super().clean() or {}
        if cleaned.get("way") == "upload" and not cleaned.get("content") and "content" not in self.errors:
            self.add_error("content", _("Choose the workbook on your computer or phone."))
        return cleaned


class CorrectedFileForm(forms.Form):
    """The corrected file of a list."""

    content = UploadField(label=_("Workbook"))


class PickedFileForm(CorrectedFileForm):
    """The same as one button on the list's own page."""

    content = UploadField(
        label=_("Workbook"), widget=PickInput(label=_("Replace by the corrected file"), accept=WORKBOOKS)
    )


class ReasonForm(forms.Form):
    """Why a list is withdrawn, returned or reversed."""

    reason = TextField(label=_("Reason"), max_length=longest(Batch, "reason"))


class ReversalForm(forms.Form):
    """Why a paid list is reversed: a sentence that can be understood years later."""

    reason = TextField(
        label=_("Reason"), min_length=10, max_length=longest(Batch, "reason"),
        help_text=_("At least ten letters; it stays in the fund book for ever."),
    )  # fmt: skip
