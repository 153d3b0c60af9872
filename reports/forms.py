"""Forms of the reports app."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import (
    MOST_INTEGER,
    AmountField,
    CountField,
    DateInput,
    DayField,
    LastDayField,
    LineField,
    MomentField,
    TextField,
    UnitField,
)
from portal.forms.files import PICTURES, UploadField
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int
from portal.models import ProposedChange, Unit, User
from portal.permissions import Permission
from portal.services.texts import longest
from portal.vocabulary import TaskState
from reports.figures import DECLARED, GROUP_LABELS, INDICATORS, LISTABLE, Figures, Indicator, Measure, by_group
from reports.models import (
    DeclaredValue,
    Meeting,
    MeetingPhoto,
    Report,
    ReportComment,
    ReportProposal,
    ReportTask,
    SectionText,
    Submission,
)
from reports.services.publication import ToldError
from reports.services.submissions import MOST_LINES, NOTE, TEXTS, Line, is_same

BLANK_LINES = 5  # offered below those that stand under a figure
CELLS_TOLD = 3  # figures at which a return may say something


def _read_hidden(text: str | None) -> Any:
    """Return what a hidden field says as JSON; None for what is none, however it was bent on its way."""
    try:
        return json.loads(text or "null")
    except (ValueError, RecursionError):
        return None


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


class YesNoField(forms.TypedChoiceField):
    """Whether a unit has something: kept as 1 or 0 so that it adds up; empty is "not reported"."""

    def __init__(self, indicator: Indicator) -> None:
        choices = [("", _("not reported")), ("1", _("yes")), ("0", _("no"))]
        super().__init__(required=False, label=str(indicator.label), choices=choices, coerce=int, empty_value=None)


class SubmissionForm(forms.Form):
    """The grid of a half-year: a field per declared figure, and the texts."""

    activities = TextField(label=_("What was done"), required=False, max_length=4000, rows=5)
    difficulties = TextField(label=_("Difficulties"), required=False, max_length=4000, rows=4)
    plan = TextField(label=_("Plan for the next half-year"), required=False, max_length=4000, rows=4)
    proposals = TextField(label=_("Proposals"), required=False, max_length=4000, rows=4)
    opened = forms.CharField(required=False, widget=forms.HiddenInput)  # what the page showed, as JSON

    def __init__(self, *args: Any, last: Figures | None = None, summed: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = last or {}
        self.summed = frozenset(summed)  # the figures that are sums of lines: shown, not typed
        self.shown_last = self.last  # what stands beside the fields; a new unit's may be its predecessors'
        for indicator in DECLARED:
            self.fields[field_name(indicator.code)] = _field_of(indicator)
            if indicator.code in LISTABLE:
                self.fields[field_name(f"{indicator.code}{NOTE}")] = LineField(
                    label=_("Note"), required=False, max_length=longest(DeclaredValue, "note")
                )
                self.fields[field_name(f"{indicator.code}{NOTE}")].widget.attrs["class"] = "form-control"
        for code in self.summed:
            self.fields[field_name(code)].widget.attrs["readonly"] = True
        self.error_fields = {one.code: field_name(one.code) for one in DECLARED}
        for name in TEXTS:
            self.fields[name].widget.attrs["class"] = "form-control"
        for name, field in self.fields.items():
            if isinstance(field, FigureField | SumField | YesNoField):
                classes = "form-select" if isinstance(field, YesNoField) else "form-control num"
                if self.is_bound and name in self.errors:
                    classes += " is-invalid"
                    field.widget.attrs["aria-invalid"] = "true"
                field.widget.attrs["class"] = classes
                field.widget.attrs["aria-describedby"] = f"id_{name}-what id_{name}-about"

    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """Return the rows of the grid by chapter: bound field, indicator, the last half-year's figure written out."""
        rows = []
        for group, indicators in by_group(DECLARED).items():
            lines = [
                {
                    "field": self[field_name(one.code)],
                    "indicator": one,
                    "note": self[field_name(f"{one.code}{NOTE}")] if one.code in LISTABLE else None,
                    "is_summed": one.code in self.summed,
                    "last": _write_figure(one, self.shown_last[one.code]) if one.code in self.shown_last else "",
                }
                for one in indicators
            ]
            rows.append((str(GROUP_LABELS[group]), lines))
        return rows

    def texts(self) -> list[forms.BoundField]:
        """Return the fields of text, in order."""
        return [self[name] for name in TEXTS]

    def shown(self) -> dict[str, Any]:
        """Return what the page showed when it was opened, by name; nothing where the form does not say so."""
        told = _read_hidden(self.data.get("opened"))
        if not isinstance(told, dict):
            return {}
        return {name: one for name, one in told.items() if name in _ENTERED and isinstance(one, int | str | None)}

    def touched(self) -> dict[str, int | str | None]:
        """Return what the person changed, by name; where they let the other's entry stand, it is not theirs."""
        entered = self.values() | {name: self.cleaned_data[name] for name in TEXTS}
        notes = {f"{code}{NOTE}": self.cleaned_data.get(field_name(f"{code}{NOTE}")) for code in LISTABLE}
        entered |= {name: words for name, words in notes.items() if words is not None}
        opened = self.shown()
        return {
            name: value
            for name, value in entered.items()
            if not is_same(value, opened.get(name)) and self.data.get(f"keep-{name}") != "theirs"
        }

    def clashing(self) -> list[str]:
        """Return of which figures and texts the page asked whose entry stands."""
        sent = self.data.getlist("clash") if isinstance(self.data, QueryDict) else []
        return [name for name in sent if name in _ENTERED]

    def demand_choices(self) -> None:
        """Put an error beside every clash of which nobody has said whose entry stands."""
        for name in self.clashing():
            if self.data.get(f"keep-{name}") not in {"mine", "theirs"}:
                self.add_error(field_name(name), _("Say whose entry stands."))

    def values(self) -> dict[str, int | None]:
        """Return what was entered, by indicator."""
        return {one.code: self.cleaned_data.get(field_name(one.code)) for one in DECLARED}


def _field_of(indicator: Indicator) -> forms.Field:
    if indicator.yes_no:
        return YesNoField(indicator)
    return SumField(indicator) if indicator.measure == Measure.MONEY else FigureField(indicator)


def _write_figure(indicator: Indicator, value: int) -> str:
    if indicator.yes_no and value in {0, 1}:
        return str(_("yes") if value else _("no"))
    return format_int(value)


_ENTERED = frozenset([*(one.code for one in DECLARED), *TEXTS, *(f"{code}{NOTE}" for code in LISTABLE)])


def field_name(code: str) -> str:
    """Return the form field of an indicator."""
    return code.replace(".", "__")


def initial_of(values: Figures) -> dict[str, str]:
    """Return declared figures as they stand in the form, grouped by thousands."""
    return {field_name(code): format_int(value) for code, value in values.items()}


class EvidenceForm(forms.Form):
    """The lines under a declared figure: what each is, and how much. Empty ones are left out."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)  # the lines that the page showed, as JSON

    def __init__(
        self, *args: Any, indicator: Indicator, lines: Sequence[Line] = (), offered: Sequence[str] = (), **kwargs: Any
    ) -> None:
        """`offered`: what lines may be of, where that is known; it stands there for an amount to be written beside."""
        super().__init__(*args, **kwargs)
        self.offered = frozenset(offered)
        more = [text for text in offered if text not in {text for text, _amount in lines}]
        sent = sum(name.startswith("text_") for name in self.data)
        self.places = range(1, min(max(sent, len(lines) + (len(more) if offered else BLANK_LINES)), MOST_LINES) + 1)
        for place in self.places:
            self.fields[f"text_{place}"] = LineField(
                label=_("What it is (line %(place)d)") % {"place": place}, required=False,
                max_length=longest(DeclaredValue, "note"),
            )  # fmt: skip
            self.fields[f"amount_{place}"] = amount = _field_of(indicator)
            amount.label = _("How much (line %(place)d)") % {"place": place}
            for name, look in ((f"text_{place}", "form-control"), (f"amount_{place}", "form-control num")):
                self.fields[name].widget.attrs["class"] = look
        self.initial = {"opened": json.dumps(lines, ensure_ascii=False)}
        for place, (text, value) in enumerate(lines, 1):
            self.initial |= {f"text_{place}": text, f"amount_{place}": format_int(value)}
        for place, text in enumerate(more, len(lines) + 1):
            self.initial[f"text_{place}"] = text

    def clean(self) -> None:
        """Words and amount of a line belong together."""
        for place in self.places:
            text, amount = (self.cleaned_data.get(f"{name}_{place}") for name in ("text", "amount"))
            if text in self.offered and amount is None and f"amount_{place}" not in self.errors:
                self.cleaned_data[f"text_{place}"] = ""
            elif text and amount is None and f"amount_{place}" not in self.errors:
                self.add_error(f"amount_{place}", _("Write how much it is, or take the words out."))
            elif amount is not None and not text and f"text_{place}" not in self.errors:
                self.add_error(f"text_{place}", _("Write what it is."))

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields line by line."""
        return [(self[f"text_{place}"], self[f"amount_{place}"]) for place in self.places]

    def lines(self) -> list[Line]:
        """Return what was entered."""
        given = self.cleaned_data
        return [(given[f"text_{one}"], given[f"amount_{one}"]) for one in self.places if given.get(f"text_{one}")]

    def shown(self) -> list[Line]:
        """Return the lines that the page showed when it was opened."""
        told = _read_hidden(self.data.get("opened"))
        try:
            return [(str(text), int(amount)) for text, amount in told]
        except (ValueError, TypeError, OverflowError):
            return []


class ReasonForm(forms.Form):
    """Why something is returned, listed as missing."""

    reason = TextField(label=_("Reason"), max_length=longest(Submission, "reason"))


class ReturnForm(ReasonForm):
    """Why a half-year is returned, and what is to be mended at single figures."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– choose –")), *((one.code, one.label) for one in DECLARED)]
        for place in range(1, CELLS_TOLD + 1):
            told = {"place": place}
            self.fields[f"cell_{place}"] = forms.ChoiceField(
                label=_("Figure %(place)d to mend") % told, choices=choices, required=False
            )
            self.fields[f"words_{place}"] = LineField(
                label=_("What is wrong with it (%(place)d)") % told, required=False,
                max_length=longest(Submission, "reason"),
            )  # fmt: skip

    def clean(self) -> None:
        """Figure and words belong together; of one figure it is said in one place."""
        named: set[str] = set()
        for place in range(1, CELLS_TOLD + 1):
            cell, words = self.cleaned_data.get(f"cell_{place}"), self.cleaned_data.get(f"words_{place}")
            if cell and cell in named:
                self.add_error(f"cell_{place}", _("This figure stands above already. Write all of it there."))
            named.add(cell or "")
            if cell and not words:
                self.add_error(f"words_{place}", _("Write what is to be mended."))
            elif words and not cell:
                self.add_error(f"cell_{place}", _("Choose a figure."))

    def cells(self) -> dict[str, str]:
        """Return what is to be mended, by indicator."""
        given = self.cleaned_data
        places = range(1, CELLS_TOLD + 1)
        return {given[f"cell_{place}"]: given[f"words_{place}"] for place in places if given.get(f"cell_{place}")}


class ApproveForm(forms.Form):
    """Through which day the declared figures go of a half-year that is approved before it is over."""

    through = DayField(
        label=_("The declared figures go through"), required=False, last=timezone.localdate,
        help_text=_("As the unit says. What was given after it still counts by the lists."),
    )  # fmt: skip


class MissingForm(ReasonForm):
    """Why a unit is listed as missing: everybody will read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The reason is published: it stands in the report beside the unit's name.")


class ExceptionForm(forms.Form):
    """For whom, until when and why a closed half-year is opened."""

    person = forms.ModelChoiceField(
        label=_("Opened for"), queryset=User.objects.none(), empty_label=_("– choose –"),
        help_text=_("Only this person can enter something; it stays closed for all others."),
    )  # fmt: skip
    until = DayField(label=_("Open until the end of"), help_text=_("At most 30 days from now; it closes by itself."))
    reason = TextField(
        label=_("Why"), max_length=longest(ProposedChange, "reason"),
        help_text=_("A second person reads it and decides; it stays in the books."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a field declared above

    def moment(self) -> dt.datetime:
        """Return the last minute of the chosen day in Vietnam."""
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["until"], dt.time(23, 59)))


class ExceptionPlaceForm(forms.Form):
    """Which closed half-year of which unit is to be opened."""

    unit = UnitField(label=_("Unit"), permission=Permission.APPROVE_SUBMISSION)
    half = forms.TypedChoiceField(label=_("Half-year"), coerce=HalfYear.parse)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above
        self.fields["half"].choices = [  # type: ignore[attr-defined]  # the same
            (one.code, one.screen_label) for one in _halves_lately()
        ]


def _halves_lately() -> list[HalfYear]:
    """Return the half-years of the last ten years, newest first."""
    now = HalfYear.containing(timezone.localdate())
    return HalfYear.range(HalfYear(now.year - 10, 1), now)[::-1]


class DeadlineForm(forms.Form):
    """By which day the units send their half-year."""

    due_on = LastDayField(label=_("Units send it by"), widget=DateInput({"class": "form-control"}))


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
    withhold = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def cells(self) -> list[str]:
        """Return the cells to withhold too, as a refusal named them."""
        return [cell for cell in self.cleaned_data["withhold"].split(",") if cell]

    def offer(self) -> None:
        """Carry what a refusal says to withhold too, so that sending the form again takes it."""
        told = [one for one in self.non_field_errors().as_data() if isinstance(one, ToldError)]
        if told and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["withhold"] = ",".join(dict.fromkeys([*self.cells(), *told[0].cells]))
            self.data = data

    def __init__(self, *args: Any, has_version: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_version:
            del self.fields["reason"]


class SectionTextForm(forms.Form):
    """The words under one heading of a draft; a line is a paragraph."""

    text = TextField(label=_("Text"), max_length=longest(SectionText, "text"), rows=14)
    mark = forms.CharField(required=False, widget=forms.HiddenInput)  # which text of the portal the page showed


class CommentForm(forms.Form):
    """What a leader says of a draft."""

    text = TextField(label=_("Your comment"), max_length=longest(ReportComment, "text"), rows=3)


class ScanForm(forms.Form):
    """The signed paper, scanned."""

    file = UploadField(label=_("The signed paper, scanned"), accept=".pdf,image/jpeg,image/png")


class CompareForm(forms.Form):
    """A file that somebody was sent: compared in the browser, never sent."""

    file = UploadField(
        label=_("Drop the file that you were sent here"), accept=".pdf,.docx,.xlsx,.csv,.json", required=False,
        help_text=_("It is compared in your browser and sent nowhere."),
    )  # fmt: skip


class CodeForm(forms.Form):
    """The code printed under a report's QR code."""

    code = LineField(
        label=_("Code on the paper"), max_length=30, widget=forms.TextInput(attrs={"autocapitalize": "characters"})
    )


class TaskForm(forms.Form):
    """A task for the next half-year."""

    text = TextField(label=_("What is to be done"), max_length=longest(ReportTask, "text"), rows=2)
    responsible = UnitField(
        label=_("Which unit does it"), permission=Permission.VIEW_REPORT, required=False,
        help_text=_("Leave it empty where it is for the association itself."),
    )  # fmt: skip
    due_on = LastDayField(label=_("By which day"), required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].choices = units  # type: ignore[attr-defined]  # a field declared above


class TaskStateForm(forms.Form):
    """What became of a task."""

    state = forms.ChoiceField(label=_("State"), choices=TaskState.choices)
    note = LineField(label=_("What came of it"), required=False, max_length=longest(ReportTask, "note"))


class ProposalForm(forms.Form):
    """What the report asks the authorities for."""

    text = TextField(label=_("What is proposed"), max_length=longest(ReportProposal, "text"), rows=3)


class AnswerForm(forms.Form):
    """The answer to a proposal."""

    answered_on = DayField(label=_("Day of the answer"))
    answer = TextField(label=_("What was answered"), max_length=longest(ReportProposal, "answer"), rows=2)


class TargetForm(forms.Form):
    """What is to be reached of a figure in a year."""

    indicator = forms.ChoiceField(label=_("Figure"))
    value = CountField(label=_("Target of the year"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = [(one.code, one.label) for one in INDICATORS.values() if one.can_be_aimed_at]
        self.fields["indicator"].choices = [("", _("– choose –")), *told]  # type: ignore[attr-defined]  # declared above


class MeetingForm(forms.Form):
    """The meeting that reviews a half-year; one picture with each saving."""

    held_at = MomentField(label=_("Day and time"), without_time=dt.time(8, 0))
    place = LineField(label=_("Place"), max_length=longest(Meeting, "place"))
    chair = LineField(label=_("Who presides"), max_length=longest(Meeting, "chair"))
    guests = LineField(
        label=_("Who is invited"), required=False, max_length=longest(Meeting, "guests"),
        help_text=_("As the invitation says it, for example the chairpersons of wards and communes."),
    )  # fmt: skip
    delegates = CountField(label=_("Number of delegates"), required=False, most=MOST_INTEGER)
    programme = TextField(label=_("Programme, one item a line"), required=False, max_length=4000, rows=6)
    photo = UploadField(label=_("Add a photo"), required=False, accept=PICTURES)
    caption = LineField(label=_("Caption of the photo"), required=False, max_length=longest(MeetingPhoto, "caption"))

    def clean(self) -> None:
        """A photo needs its caption."""
        if self.cleaned_data.get("photo") and not self.cleaned_data.get("caption"):
            self.add_error("caption", _("Write what the photo shows."))
