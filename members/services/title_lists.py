"""Lists of learning titles: how each row is decided, and what is written of a new one.

A row brings its title as far as its days say, up to the evaluation. The number of a decision that it names is kept, and
proposed to whoever recognises: nobody recognises what they entered.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from intakes.models import Intake
from intakes.reading.rows.results import Reading
from intakes.reading.words.questions import Question
from intakes.services.evidence import ask_unit, say_count
from intakes.services.kinds import ListKind, Taken
from intakes.services.plans import Asked, Plan, PlannedRow
from members.models import CriteriaSet, LearningSubject, LearningTitle, TitleChange
from members.schema import TITLES
from members.services.naming import UnitFinder
from members.services.titles import year_problem
from portal import audit
from portal.lib.numbers import whole_number
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import fold, format_int, name_key, search_key, short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs_nothing
from portal.vocabulary import LearningModel, TitleState

State = TitleState
_STAGES = ("dossier_on", "assessed_on", "evaluated_on")
_BEGINNINGS = {"gia dinh": LearningModel.FAMILY, "dong ho": LearningModel.LINEAGE, "ho ": LearningModel.LINEAGE,
               "to dan pho": LearningModel.COMMUNITY, "thon ": LearningModel.COMMUNITY}  # fmt: skip
_CHUNK = 1000

Key = tuple[int, str, str, str, int]


@dataclass(slots=True, kw_only=True)
class PlannedTitle(PlannedRow):
    """One title of a list, decided: "new", "known" or "rejected"."""

    unit: Unit | None = None
    model: LearningModel | None = None
    year: int = 0
    scores: Mapping[str, int | None] | None = None
    criteria: CriteriaSet | None = None
    key: Key | None = None

    @property
    def state(self) -> TitleState:
        """How far its days bring it."""
        if self.values["evaluated_on"]:
            return State.EVALUATED
        if self.values["assessed_on"]:
            return State.ASSESSED
        return State.DOSSIER if self.values["dossier_on"] else State.REGISTERED


@dataclass(kw_only=True)
class TitlePlan(Plan[PlannedTitle]):
    """A list of titles looked at."""

    @property
    def by_unit(self) -> Mapping[Unit, int]:
        """Return how many titles taking in adds to each unit."""
        return Counter(row.unit for row in self.accepted if row.unit)

    @property
    def heading(self) -> list[str]:
        """Return how many titles the list names."""
        count = len(self.rows)
        return [ngettext("%(count)s title", "%(count)s titles", count) % {"count": format_int(count)}]

    def trace(self, row: PlannedTitle) -> str:
        """Return the unit, the model and the year."""
        return f"{row.unit.pk if row.unit else 0}:{row.model}:{row.year}"


class TitleList(ListKind[TitlePlan, PlannedTitle]):
    """Lists of titles: a row names its unit, or belongs to the unit that the list was sent for."""

    code = Intake.Kind.TITLES
    schema = TITLES
    permission = Permission.MANAGE_MEMBERS
    fields = ("full_name", "model", "registered_on")
    no_rows = gettext_lazy(
        "No list was found in the file. Its first rows should head the columns: name, learning model, day of "
        "registration."
    )
    template = "members/title_preview.html"
    list_url = "title_list"
    list_title = gettext_lazy("Learning titles")
    last_step = gettext_lazy("Add to the titles")
    upload_url = "title_upload"

    def ask(self, reading: Reading, asked: Asked) -> tuple[Asked, list[Question]]:
        """Ask whether the unit is that of the file."""
        say_count(reading, asked.file_name)
        half = HalfYear.containing(timezone.localdate())
        named = any("unit" in table.roles for table in reading.tables)
        return asked, ask_unit(reading, asked.unit, asked.file_name, half) if asked.unit and not named else []

    def decide(self, rows: Sequence[Any], asked: Asked) -> TitlePlan:
        """Decide every row. One of a unit on which the actor may not keep members is refused."""
        planned = [PlannedTitle(source=source) for source in rows]
        scope = None
        if not asked.actor.is_system:
            kept = Unit.objects.covered_by(asked.actor, Permission.MANAGE_MEMBERS)
            scope = set(kept.values_list("pk", flat=True))
        finder, criteria = UnitFinder(root=asked.unit), list(CriteriaSet.objects.all())
        for row in planned:
            _check(row)
            _place(row, finder, asked.unit, scope)
            _judge_by(row, criteria)
        _match(planned)
        return TitlePlan(asked=asked, rows=planned)

    def lock(self, rows: Sequence[Any], asked: Asked) -> None:
        """Let nobody else enter titles of the list's units; always in the same order."""
        ids = {row.unit.pk for row in self.decide(rows, asked).rows if row.unit}
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))

    def take_in(
        self, plan: TitlePlan, *, actor: User, makers: Collection[int] = (), upload: Intake | None = None,
        choice: str = "",
    ) -> Taken:  # fmt: skip
        """Add the plan's new titles."""
        count = add_titles(plan=plan, actor=actor)
        if not count:
            return Taken(0, _("Every row of this file was recorded already. Nothing has been added."), "title_list")
        said = ngettext(
            "%(count)s title has been added. You find it in the list below.",
            "%(count)s titles have been added. You find them in the list below.",
            count,
        )
        return Taken(count, said % {"count": format_int(count)}, "title_list")

    def choices(self, plan: TitlePlan) -> dict[str, list[tuple[str, str]]]:
        """A model is chosen."""
        return {"model": [(model.written, str(model.label)) for model in LearningModel]}

    def context(self, plan: TitlePlan) -> dict[str, Any]:
        """Return the names of the units, and how many titles each gets."""
        added = plan.by_unit
        named: Any = Unit.objects.filter(pk__in=[unit.pk for unit in added]).named_on(timezone.localdate())
        names = {unit.pk: unit.name for unit in named}
        by_unit = sorted((names[unit.pk], count) for unit, count in added.items())
        home = plan.asked.unit.name_on(timezone.localdate()) if plan.asked.unit else ""
        return {"unit_name": home, "names": names, "by_unit": by_unit}


def model_of(text: str, name: str = "") -> LearningModel | None:
    """Return the model that a cell means; where it is empty, what the name begins with says it."""
    said = fold(text)
    if said:
        return next((model for model in LearningModel if fold(model.written).removesuffix(" hoc tap") in said), None)
    return next((model for words, model in _BEGINNINGS.items() if fold(name).startswith(words)), None)


def _check(row: PlannedTitle) -> None:
    values, wrong = row.values, row.take_problems()
    if not row.name and "full_name" not in wrong:
        row.refuse("full_name", _("Write the name."))
    row.refuse_long(LearningSubject, {"full_name": "name", "place": "place"})
    row.refuse_long(LearningTitle, {"decision": "decision", "decided_by": "decided_by"})
    row.model = model_of(values["model"], row.name)
    if row.model is None:
        row.refuse("model", _("Say which learning model it is: family, lineage, community, organisation or citizen."))
    if values["registered_on"] is None and "registered_on" not in wrong:
        row.refuse("registered_on", _("The day of registration is missing. Write it as day/month/year."))
    row.scores = {name: whole_number(values[name].strip(), most=100) for name in ("own_score", "score")}
    for name, score in row.scores.items():
        if values[name].strip() and score is None:
            row.refuse(name, _("A score is a whole number from 0 to 100."))
    _check_days(row, wrong)
    typed = values["year"].strip()
    row.year = whole_number(typed, least=2014, most=2099) or 0
    if typed and not row.year:
        row.refuse("year", _("A year has four figures, from 2014 to 2099."))
    elif values["registered_on"] is not None:
        row.year = row.year or values["registered_on"].year
        if problem := year_problem(row.year, values["registered_on"]):
            row.refuse("year" if typed else "registered_on", problem)


def _check_days(row: PlannedTitle, wrong: set[str]) -> None:
    """Each stage has the one before it, on no later day; a score has the day on which it was given."""
    values, today = row.values, timezone.localdate()
    before: tuple[str, datetime.date | None] = ("registered_on", values["registered_on"])
    last = max((place for place, name in enumerate(_STAGES) if values[name]), default=-1)
    for place, name in enumerate(_STAGES):
        day = values[name]
        if day is None:
            if place < last and name not in wrong:
                row.refuse(name, _("A later step has its day, this one is missing."))
            continue
        if day > today:
            row.refuse(name, _("%(day)s lies in the future.") % {"day": short_date(day)})
        elif before[1] is not None and day < before[1]:
            row.refuse(name, _("This day lies before an earlier step of the title. Correct one of the days."))
        before = (name, day)
    scores = row.scores or {}
    if scores.get("score") is not None and values["evaluated_on"] is None and "evaluated_on" not in wrong:
        row.refuse("evaluated_on", _("There is a score, but no day of the evaluation."))
    if values["evaluated_on"] is not None and scores.get("score") is None and not values["score"].strip():
        row.refuse("score", _("There is a day of the evaluation, but no score."))
    decided = values["decided_on"]
    if decided is not None and (decided > today or (before[1] is not None and decided < before[1])):
        row.refuse("decided_on", _("This day lies before an earlier step of the title. Correct one of the days."))


def _place(row: PlannedTitle, finder: UnitFinder, unit: Unit | None, scope: set[int] | None) -> None:
    values, day = row.values, row.values["registered_on"]
    if day is None:
        return
    try:
        row.unit = finder.find(values["unit"], day) if values["unit"] else unit
    except ValidationError as error:
        row.refuse("unit", str(error.message))
        return
    if row.unit is None:
        row.refuse("unit", _("The unit is missing. Write its name."))
    elif scope is not None and row.unit.pk not in scope:
        row.refuse("unit", _("“%(value)s” is not a unit whose members you keep.") % {"value": values["unit"]})


def _judge_by(row: PlannedTitle, criteria: list[CriteriaSet]) -> None:
    day = row.values["registered_on"]
    if row.model is None or day is None:
        return
    holding = (
        one for one in criteria
        if one.model == row.model and one.valid.lower <= day and (one.valid.upper is None or day < one.valid.upper)
    )  # fmt: skip
    row.criteria = next(holding, None)
    if row.criteria is None:
        said = _("There are no criteria for this model on %(day)s. An administrator records them.")
        row.refuse("model", said % {"day": short_date(day)})


def _match(rows: list[PlannedTitle]) -> None:
    """Mark what is registered already, and refuse what stands in the list twice."""
    for row in rows:
        if not row.errors and row.unit and row.model:
            row.key = (row.unit.pk, str(row.model), name_key(row.name), row.values["place"].casefold(), row.year)
    keys = [row.key for row in rows if row.key]
    recorded = LearningTitle.objects.filter(
        unit_id__in={key[0] for key in keys}, year__in={key[4] for key in keys},
        subject__name_key__in={key[2] for key in keys},
    ).values_list("unit_id", "model", "subject__name_key", "subject__place", "year")  # fmt: skip
    known = {(unit, model, name, place.casefold(), year) for unit, model, name, place, year in recorded}
    seen: dict[Key, PlannedTitle] = {}
    for row in rows:
        if row.key is None:
            continue
        if row.key in known:
            row.status = "known"
        elif row.key in seen:
            said = _("The same as %(place)s: %(name)s. Remove one of them.")
            if row.model == LearningModel.CITIZEN:
                said = _(
                    "The same as %(place)s: %(name)s. Remove one of them; of a namesake, say beside the place how to "
                    "tell them apart."
                )
            row.refuse("full_name", said % {"place": seen[row.key].place_beside(row), "name": row.name})
        else:
            seen[row.key] = row


@needs_nothing("every row was decided within the actor's scope; locked and decided again by `plan_locked`")
def add_titles(*, plan: TitlePlan, actor: User) -> int:
    """Add the plan's new titles and return how many. ValidationError when the plan is blocked."""
    plan.demand_unblocked()
    rows = [row for row in plan.accepted if row.unit]
    if not rows:
        return 0
    subjects = _subjects_of(rows, actor)
    halves: dict[tuple[int, HalfYear], str] = {}
    titles = [_title(row, subjects[row.key[:4]], halves, actor) for row in rows if row.key]
    LearningTitle.objects.bulk_create(titles, batch_size=_CHUNK)
    TitleChange.objects.bulk_create(
        [TitleChange(title=one, target=one.state, on_day=one.registered_on, made_by=actor) for one in titles],
        batch_size=_CHUNK,
    )
    by_unit = {unit.code: count for unit, count in plan.by_unit.items()}
    detail = {"titles": len(titles), "rejected": len(plan.rejected), "by_unit": by_unit}
    audit.record(actor=actor, action=audit.Action.TITLE_TAKE_IN, detail=detail)
    return len(titles)


def _subjects_of(rows: list[PlannedTitle], actor: User) -> dict[tuple[int, str, str, str], LearningSubject]:
    keys = [row.key[:4] for row in rows if row.key]
    found = LearningSubject.objects.filter(
        unit_id__in={key[0] for key in keys}, name_key__in={key[2] for key in keys}
    )  # fmt: skip
    subjects = {(one.unit_id, one.kind, one.name_key, one.place.casefold()): one for one in found}
    fresh = {
        row.key[:4]: LearningSubject(
            unit=row.unit, kind=row.model, name=row.name, name_key=name_key(row.name), search_text=search_key(row.name),
            place=row.values["place"], created_by=actor,
        )
        for row in rows
        if row.key and row.key[:4] not in subjects
    }  # fmt: skip
    LearningSubject.objects.bulk_create(fresh.values(), batch_size=_CHUNK)
    return subjects | fresh


def _title(
    row: PlannedTitle, subject: LearningSubject, halves: dict[tuple[int, HalfYear], str], actor: User
) -> LearningTitle:
    values, unit = row.values, subject.unit_id

    def half_of(day: datetime.date | None) -> str:
        if day is None:
            return ""
        key = (unit, HalfYear.containing(day))
        if key not in halves:
            halves[key] = next_open_half(unit=Unit(pk=unit), half=key[1], people=[actor]).code
        return halves[key]

    return LearningTitle(
        subject=subject, unit_id=unit, model=row.model, year=row.year, criteria=row.criteria, state=row.state,
        registered_on=values["registered_on"], registered_half=half_of(values["registered_on"]),
        dossier_on=values["dossier_on"], dossier_half=half_of(values["dossier_on"]),
        assessed_on=values["assessed_on"], assessed_half=half_of(values["assessed_on"]),
        evaluated_on=values["evaluated_on"], evaluated_half=half_of(values["evaluated_on"]),
        **(row.scores or {}), decision=values["decision"], decided_on=values["decided_on"],
        decided_by=values["decided_by"], entered_by=actor,
    )  # fmt: skip
