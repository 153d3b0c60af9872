"""Forms of learning titles: a registration, a step of one or many, criteria."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import CriteriaSet, LearningSubject, LearningTitle
from portal.forms.fields import CountField, DayField, LineField, NameField, UnitField
from portal.lib.numbers import whole_number
from portal.permissions import Permission
from portal.services.texts import longest
from portal.services.versions import version_of
from portal.vocabulary import LONGEST_REASON, LearningModel, TitleVerb

Verb = TitleVerb
HIGHEST = 100


class YearField(CountField):
    """A year of four figures."""

    def prepare_value(self, value: Any) -> Any:
        """A year has no thousands."""
        return str(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        """Return the year."""
        year = whole_number((super(CountField, self).clean(value) or "").strip(), least=2014, most=2099)
        if year is None:
            raise ValidationError(gettext("“%(value)s” is not a year from 2014 to 2099.") % {"value": value})
        return year


class SubjectForm(forms.Form):
    """What the holder of a title is called, and where."""

    error_fields: ClassVar[dict[str, str]] = {"learning_subject_once": "name"}

    name = NameField(
        label=_("Name"), max_length=longest(LearningSubject, "name"),
        help_text=_("Of a family the name of its head, of a community the name of the place."),
    )  # fmt: skip
    place = LineField(
        label=_("Residential group, hamlet"), max_length=longest(LearningSubject, "place"), required=False
    )  # fmt: skip


class TitleForm(SubjectForm):
    """Somebody registers for a title of a year."""

    error_fields: ClassVar[dict[str, str]] = {
        "title_in_its_unit": "registered_on", "title_once_a_year": "name", "learning_subject_once": "name",
    }  # fmt: skip

    model = forms.ChoiceField(label=_("Learning model"), choices=LearningModel.choices)
    unit = UnitField(label=_("Unit"), permission=Permission.MANAGE_MEMBERS)
    year = YearField(label=_("Title of the year"))
    registered_on = DayField(label=_("Registered on"), last=timezone.localdate)

    field_order = ("model", "name", "place", "unit", "year", "registered_on")

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]  # a field declared above


_DAYS = {
    Verb.HAND_IN: _("Dossier handed in on"), Verb.ASSESS: _("Self-assessed on"), Verb.EVALUATE: _("Evaluated on"),
    Verb.RECOGNISE: _("Day of the decision"), Verb.REFUSE: _("Day of the decision"),
    Verb.REVOKE: _("Recognition taken away on"),
}  # fmt: skip
SCORED = {Verb.ASSESS: "own_score", Verb.EVALUATE: "score"}


class TitleStepForm(forms.Form):
    """A step for the ticked titles: its day, the decision that names them all, or the reason; and each one's score.

    A tick holds the title's id and its version as the page showed it.
    """

    error_fields: ClassVar[dict[str, str]] = {"title_days_in_order": "on_day"}

    def __init__(self, data: Any = None, *, verb: TitleVerb, rows: Iterable[LearningTitle], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.verb, self.rows = verb, list(rows)
        if verb in _DAYS:
            self.fields["on_day"] = DayField(label=_DAYS[verb], last=timezone.localdate)
        if verb in {Verb.RECOGNISE, Verb.REFUSE}:
            self._ask_for_decision(is_required=verb == Verb.RECOGNISE)
        if verb not in {Verb.HAND_IN, Verb.ASSESS, Verb.EVALUATE, Verb.RECOGNISE}:
            self.fields["reason"] = LineField(label=_("Reason"), max_length=LONGEST_REASON)

    def _ask_for_decision(self, *, is_required: bool) -> None:
        self.fields["decision"] = LineField(
            label=_("Number of the decision"), max_length=longest(LearningTitle, "decision"), required=is_required,
            help_text=_("As it stands on the decision."),
        )  # fmt: skip
        self.fields["decided_by"] = LineField(
            label=_("Who has decided"), max_length=longest(LearningTitle, "decided_by"), required=is_required,
            help_text=_("As the decision says it, such as the people's committee of the ward."),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read the ticks and the scores; a score is a whole number up to 100."""
        data = super().clean() or self.cleaned_data
        data["chosen"] = self._ticked()
        if not data["chosen"]:
            self.add_error(None, _("Tick at least one row."))
        if self.verb in SCORED:
            data["scores"] = {pk: self._score_of(pk) for pk in data["chosen"]}
        return data

    def _ticked(self) -> dict[int, str]:
        sent = self.data.getlist("chosen") if isinstance(self.data, QueryDict) else []
        ticked = (one.partition(":") for one in sent)
        return {pk: shown for number, _colon, shown in ticked if (pk := whole_number(number)) is not None}

    def _score_of(self, pk: int) -> int | None:
        typed = self.data.get(f"score_{pk}", "").strip()
        score = whole_number(typed, most=HIGHEST)
        if typed and score is None:
            name = next((row.subject.name for row in self.rows if row.pk == pk), "")
            said = gettext("%(name)s: “%(value)s” is not a score. Write a whole number from 0 to 100.")
            self.add_error(None, said % {"name": name, "value": typed[:40]})
        return score

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows as the page shows them: ticked at first, with what was typed afterwards."""
        sent: Mapping[int, str] = self._ticked() if self.is_bound else {}
        field = SCORED.get(self.verb, "")
        return [
            {
                "row": row, "tick": f"{row.pk}:{version_of(row)}", "is_ticked": not self.is_bound or row.pk in sent,
                "score": self.data.get(f"score_{row.pk}", "") if self.is_bound else getattr(row, field, None),
            }
            for row in self.rows
        ]  # fmt: skip


class CriteriaForm(forms.Form):
    """Criteria of a model from a day on."""

    error_fields: ClassVar[dict[str, str]] = {"criteria_one_at_a_time": "since"}

    model = forms.ChoiceField(label=_("Learning model"), choices=LearningModel.choices)
    name = NameField(label=_("Name of the criteria"), max_length=longest(CriteriaSet, "name"))
    legal_basis = LineField(
        label=_("Legal basis"), max_length=longest(CriteriaSet, "legal_basis"),
        help_text=_("Kind, number and day of the document that holds them."),
    )  # fmt: skip
    least_score = CountField(label=_("Least score, of 100"))
    since = DayField(label=_("Valid from"))
    until = DayField(label=_("Last day"), required=False, help_text=_("Empty while they hold."))

    def clean_least_score(self) -> int:
        """A score lies between 0 and 100."""
        score: int = self.cleaned_data["least_score"]
        if score > HIGHEST:
            raise ValidationError(gettext("A score lies between 0 and 100."))
        return score

    @classmethod
    def facts_of(cls, row: CriteriaSet) -> dict[str, Any]:
        """Return what the form shows of criteria."""
        return {
            "model": row.model, "name": row.name, "legal_basis": row.legal_basis, "least_score": row.least_score,
            "since": row.valid.lower, "until": row.last_day,
        }  # fmt: skip
