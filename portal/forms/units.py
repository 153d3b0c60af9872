"""The form of a unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.forms.fields import (
    MOST_INTEGER,
    CountField,
    DayField,
    LineField,
    NameField,
    NewUnitsField,
    PhoneField,
    TextField,
    UnitCodeField,
    UnitField,
    UnitsField,
)
from portal.forms.namesakes import NamesakeForm
from portal.models import Level, NameCorrection, ProposedChange, Reorganisation, Unit, UnitCount, UnitVersion
from portal.permissions import Permission
from portal.services.reorganising import Plan
from portal.services.texts import longest
from portal.services.tree_moves import NewUnit
from portal.services.units import STANDS
from portal.vocabulary import CountKind, Reporting, SuccessionKind

HIGHEST_RANK = 999


class UnitForm(NamesakeForm):
    """A unit as of a day."""

    code = UnitCodeField(
        label=_("Code"),
        help_text=_("The official five-digit code where there is one; it never changes."),
    )
    name = NameField(
        label=_("Name"), max_length=longest(UnitVersion, "name"),
        help_text=_("As it stands on paper, with the kind of unit."),
    )  # fmt: skip
    level = forms.ModelChoiceField(label=_("Level"), queryset=Level.objects.all(), empty_label=_("choose"))
    parent = UnitField(label=_("Unit above"), permission=Permission.MANAGE_UNITS)
    since = DayField(label=_("From"))

    field_order: tuple[str, ...] = ("code", "name", "same_name")

    def __init__(self, *args: Any, units: QuerySet[Unit], with_code: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = units  # type: ignore[attr-defined]  # a field declared above
        if not with_code:
            del self.fields["code"]


class UnitFactsForm(forms.Form):
    """Whom to ask at a unit, and by which paper it was founded."""

    contact = LineField(
        label=_("Whom to ask"), max_length=longest(Unit, "contact"), required=False,
        help_text=_("The public sees it on “The association where I live”: name and seat of who answers."),
    )  # fmt: skip
    phone = PhoneField(label=_("Phone"), required=False)
    address = LineField(label=_("Address"), max_length=longest(Unit, "address"), required=False)
    founding_decision = LineField(
        label=_("Number of the founding decision"), max_length=longest(Unit, "founding_decision"), required=False
    )
    founded_on = DayField(label=_("Date of the founding decision"), required=False)
    founding_issuer = LineField(label=_("Issued by"), max_length=longest(Unit, "founding_issuer"), required=False)


class NewUnitForm(UnitForm, UnitFactsForm):
    """A new unit with what is known of it."""

    field_order = ("code", "name", "same_name", "level", "parent", "since", "founding_decision", "founded_on",
                   "founding_issuer", "contact", "phone", "address")  # fmt: skip


class FoundUnitForm(NamesakeForm):
    """A chapter or committee founded below one's own unit, by a decision."""

    name = NameField(
        label=_("Name"), max_length=longest(UnitVersion, "name"),
        help_text=_("As it stands on paper, with the kind of unit."),
    )  # fmt: skip
    level = forms.ModelChoiceField(label=_("Level"), queryset=Level.objects.none(), empty_label=None)
    parent = UnitField(label=_("Below which unit"), permission=Permission.FOUND_UNIT)
    founding_decision = LineField(
        label=_("Number of the founding decision"), max_length=longest(Unit, "founding_decision")
    )
    founded_on = DayField(label=_("Date of the founding decision"))
    since = DayField(
        label=_("It exists from"), required=False, help_text=_("Leave it empty for the day of the decision.")
    )
    founding_issuer = LineField(label=_("Issued by"), max_length=longest(Unit, "founding_issuer"), required=False)
    contact = LineField(label=_("Whom to ask"), max_length=longest(Unit, "contact"), required=False)
    phone = PhoneField(label=_("Phone"), required=False)

    field_order = ("name", "same_name")

    def __init__(self, *args: Any, units: QuerySet[Unit], levels: QuerySet[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = units  # type: ignore[attr-defined]  # a field declared above
        self.fields["level"].queryset = levels  # type: ignore[attr-defined]  # a field declared above

    def clean(self) -> dict[str, Any]:
        """Let it exist from the day of its decision unless another day is named."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        return values | {"since": values.get("since") or values.get("founded_on")}


class NameForm(NamesakeForm):
    """A wrong name put right."""

    name = NameField(label=_("Right name"), max_length=longest(UnitVersion, "name"))
    reason = TextField(
        label=_("How it came to be wrong"), max_length=longest(NameCorrection, "reason"), rows=2,
        help_text=_("The wrong name stays written down with it."),
    )  # fmt: skip

    field_order = ("name", "same_name")


class CountForm(forms.Form):
    """A number of people, households ... as of a day; the box that puts a standing one right is shown once asked."""

    kind = forms.ChoiceField(label=_("What is counted"), choices=CountKind.choices)
    value = CountField(label=_("Number"), required=True, most=MOST_INTEGER)
    is_right = forms.BooleanField(label=_("Yes, the new number takes its place"), required=False)
    stands = forms.CharField(required=False, widget=forms.HiddenInput)  # the number that the box is about
    on_date = DayField(label=_("As of"))
    source = LineField(
        label=_("Source"),
        max_length=longest(UnitCount, "source"),
        help_text=_("What the number was taken from: a statistical yearbook, a decision."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.data.get("is_right"):
            self.fields["is_right"].widget = forms.HiddenInput()

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the box, not ticked, where the error is the question that it answers."""
        super().add_error(field, error)
        asked = [one for one in self.errors.as_data().get("value", ()) if one.code == STANDS]
        if field == "value" and asked:
            self.fields["is_right"].widget = forms.CheckboxInput()
            sent = {name: self.data[name] for name in self.data if name != "is_right"}
            self.data = {**sent, "stands": (asked[-1].params or {})[STANDS]}

    def clean(self) -> dict[str, Any]:
        """Return the number with the one that it takes the place of, "" where nobody has said so."""
        given = {name: self.cleaned_data.get(name) for name in ("kind", "value", "on_date", "source")}
        return {**given, "replaces": self.cleaned_data.get("stands") if self.cleaned_data.get("is_right") else ""}


class LevelForm(forms.Form):
    """A level of units."""

    code = LineField(
        label=_("Code"), max_length=longest(Level, "code"), help_text=_("Short, without accents; it never changes.")
    )
    name = NameField(label=_("Name"), max_length=longest(Level, "name"))
    rank = CountField(
        label=_("Rank"), required=True, help_text=_("A unit stands only below one whose level has a smaller rank.")
    )
    reporting = forms.ChoiceField(label=_("Who of this level sends a half-year"), choices=Reporting.choices)

    def __init__(self, *args: Any, with_code: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_code:
            del self.fields["code"]

    def clean_rank(self) -> int:
        """Ask a rank that its column takes."""
        rank: int = self.cleaned_data["rank"]
        if not 1 <= rank <= HIGHEST_RANK:
            raise ValidationError(_("Write a rank from 1 to 999."))
        return rank


class ReorganisationForm(forms.Form):
    """One decision: what ends, who takes over, by which paper, from which day."""

    error_fields = {"ends": "ends", "heirs": "heir", "new": "new"}

    kind = forms.ChoiceField(
        label=_("What is decided"),
        choices=[
            (SuccessionKind.MERGE, _("Merger: one unit or several end, one takes over")),
            (SuccessionKind.SPLIT, _("Split: one unit ends, two or more take over")),
            (SuccessionKind.RENAME, _("New name: the unit goes on with its code")),
            (SuccessionKind.DISSOLVE, _("Dissolution: the unit ends, the unit above takes over")),
        ],
        widget=forms.RadioSelect,
    )
    ends = UnitField(label=_("Unit that ends or gets a new name"), permission=Permission.MANAGE_UNITS)
    more_ends = UnitsField(
        rows=2,
        label=_("Other units that end"), permission=Permission.MANAGE_UNITS, required=False,
        help_text=_("In a merger: one a line, by name or code."),
    )  # fmt: skip
    heir = UnitField(label=_("Takes over (a unit that exists)"), permission=Permission.MANAGE_UNITS, required=False)
    more_heirs = UnitsField(
        rows=2,
        label=_("Others that take over"), permission=Permission.MANAGE_UNITS, required=False,
        help_text=_("In a split: one a line, by name or code."),
    )  # fmt: skip
    new = NewUnitsField(
        rows=2,
        label=_("New units that take over"), required=False,
        help_text=_("One a line, the code and then the name: 11383 Phường Lê Chân. They begin on the day below."),
    )  # fmt: skip
    new_level = forms.ModelChoiceField(
        label=_("Level of the new units"), queryset=Level.objects.all(), required=False, empty_label=_("choose")
    )
    name = NameField(
        label=_("New name"), max_length=longest(UnitVersion, "name"), required=False,
        help_text=_("Only where the unit gets a new name."),
    )  # fmt: skip
    on_date = DayField(label=_("In force from"), help_text=_("The first day of the new order."))
    decision = LineField(label=_("Number of the decision"), max_length=longest(Reorganisation, "decision"))
    decided_on = DayField(label=_("Date of the decision"))
    issuer = LineField(label=_("Issued by"), max_length=longest(Reorganisation, "issuer"))
    passes_postings = forms.BooleanField(
        label=_("The officers of the ended unit go on with the same roles at the unit that takes over"), required=False
    )
    reason = TextField(
        label=_("Why (the second person reads it)"), max_length=longest(ProposedChange, "reason"), rows=2
    )

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("ends", "heir"):
            self.fields[name].choices = units  # type: ignore[attr-defined]  # fields declared above
        for name in ("more_ends", "more_heirs"):
            self.fields[name].one.choices = units  # type: ignore[attr-defined]  # the same

    def clean(self) -> dict[str, Any]:
        """Ask the level of new units."""
        data = super().clean() or self.cleaned_data
        if data.get("new") and not data.get("new_level"):
            self.add_error("new_level", _("Choose the level of the new units."))
        return data

    def plan(self) -> Plan:
        """Return the decision that was typed."""
        data = self.cleaned_data
        level = data["new_level"]
        new = [NewUnit(code, name, level.pk) for code, name in data["new"]]
        return Plan(
            kind=data["kind"], ends=_one_each(data["ends"], data["more_ends"]),
            heirs=_one_each(data["heir"], data["more_heirs"]), new=new, name=data["name"], on_date=data["on_date"],
            decision=data["decision"], decided_on=data["decided_on"], issuer=data["issuer"],
            passes_postings=data["passes_postings"],
        )  # fmt: skip


def _one_each(first: Unit | None, others: list[Unit]) -> list[Unit]:
    return list(dict.fromkeys([*([first] if first else []), *others]))


class ReasonForm(forms.Form):
    """Why a second person should agree."""

    reason = TextField(
        label=_("Why (the second person reads it)"), max_length=longest(ProposedChange, "reason"), rows=2
    )


class AssignChaptersForm(forms.Form):
    """Undecided chapters of an ended unit, one by one or by words, and the heir they go to."""

    error_fields = {"chapters": "chapters"}

    heir = forms.ModelChoiceField(label=_("Goes on below"), queryset=Unit.objects.none(), empty_label=None)
    chapters = forms.ModelMultipleChoiceField(
        label=_("Chapters"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    words = LineField(
        label=_("Or all whose name or code holds"), max_length=120, required=False,
        help_text=_("With or without accents: “cat bi” takes every chapter of Cát Bi."),
    )  # fmt: skip

    def __init__(self, *args: Any, heirs: QuerySet[Unit], chapters: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].queryset = heirs  # type: ignore[attr-defined]  # fields declared above
        self.fields["chapters"].queryset = chapters  # type: ignore[attr-defined]  # the same
        for name in ("heir", "chapters"):
            self.fields[name].label_from_instance = lambda unit: f"{unit} ({unit.code})"  # type: ignore[attr-defined]  # the same
