"""The kinds of list that officers send: what each app says of its own, so that everything else stands here once.

An app names its kinds in its AppConfig: `list_kinds = ("members.services.lists.MemberList",)`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar, Generic, TypeVar

from django.apps import apps
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from intakes.models import Intake
from intakes.reading.rows.results import Reading
from intakes.reading.words.questions import Question
from intakes.reading.words.schemas import Schema
from intakes.services.plans import Asked, Plan, PlannedRow
from intakes.services.questions import Settled, settle
from portal.models import User
from portal.permissions import Permission

P = TypeVar("P", bound=Plan[Any])
R = TypeVar("R", bound=PlannedRow)
Choices = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Taken:
    """What taking a list in has done: how many rows, the sentence to say, the page to go on with."""

    count: int
    sentence: str
    url_name: str
    url_args: tuple[Any, ...] = ()
    made: Any = None  # what holds the rows, where something does


class ListKind(Generic[P, R]):
    """A kind of list: its columns, who may send it, how its rows are decided, and what is written of them."""

    code: ClassVar[str]  # as Intake.kind
    schema: ClassVar[Schema]
    permission: ClassVar[Permission]
    fields: ClassVar[tuple[str, ...]]  # the cells of a row to mend that are always shown
    wide: ClassVar[tuple[str, ...]] = ("full_name", "unit", "school")  # cells that need room
    no_rows: ClassVar[Promise]  # the sentence for a file without a list
    template: ClassVar[str]  # of the preview
    list_url: ClassVar[str]  # the page where such lists are found
    list_title: ClassVar[Promise]  # and what that page is called
    last_step: ClassVar[Promise]  # what is left to do once the file has been looked at
    has_half: ClassVar[bool] = False  # whether such a list belongs to a half-year and is handed out or not
    upload_url: ClassVar[str]  # the page where one is sent

    def check(self, asked: Asked) -> None:
        """Raise ValidationError when no such list can be sent for the unit and what else is asked."""

    def decide(self, rows: Sequence[Any], asked: Asked) -> P:
        """Return the plan of the rows; writes nothing, and its number of queries does not depend on the rows."""
        raise NotImplementedError

    def ask(self, reading: Reading, asked: Asked) -> tuple[Asked, list[Question]]:
        """Return what the file itself says against what is asked, as questions, and what is asked after the answers."""
        return asked, []

    def lock(self, rows: Sequence[Any], asked: Asked) -> None:
        """Take the locks under which what is decided stays true until it is written; inside a transaction."""
        raise NotImplementedError

    def take_in(
        self, plan: P, *, actor: User, makers: Collection[int] = (), upload: Intake | None = None, choice: str = ""
    ) -> Taken:
        """Write the plan's new rows, into the list that an earlier part of the same file made if it may still change.

        `makers`: the ids of the people who had a hand in the list besides the actor; `choice`: which button was pressed
        where the preview has several.
        """
        raise NotImplementedError

    def is_grouped(self, row: R) -> bool:
        """Whether a refused row stands in a card of many, not in one of its own."""
        return False

    def choices(self, plan: P) -> Choices:
        """Return what may be chosen in a cell to mend, by field; cells of other fields are typed."""
        return {}

    def cell_target(self, row: R, name: str) -> str:
        """Return what a repair of the cell names: the field, or the letter of the column where several hold it."""
        return name

    def recorded(self, row: R) -> tuple[int, str] | None:
        """Return the recorded row that this one may replace, and how the button names it."""
        return None

    def column_choices(self) -> list[tuple[str, str]]:
        """Return what a column can be taken for: (target of a mapping, label)."""
        named = [(one.name, str(one.label)) for one in self.schema.fields if one.name != "ignore"]
        return [("ignore", _("Not used")), *named]

    def column_label(self, target: str) -> str:
        """Return the target of a mapping in words."""
        return str(self.schema.label(target)) if self.schema.field(target) else target or _("Not used")

    def cell_text(self, row: R, name: str) -> str | None:
        """Return what a cell to mend shows of a field; None for what was read."""
        return None

    def context(self, plan: P) -> dict[str, Any]:
        """Return what the preview's template needs besides the plan."""
        return {}

    def plan(self, reading: Reading, asked: Asked) -> P:
        """Return the plan of a file as it was read."""
        asked, questions = self.ask(reading, asked)
        settled = settle(reading.rows, [*questions, *reading.questions], asked.answers)
        asked = replace(asked, held=frozenset(settled.held))
        plan = self._decide_free_first(settled, asked) if settled.held else self.decide(settled.rows, asked)
        plan.questions = [*settled.asked, *plan.questions]
        plan.reading = reading
        if not reading.rows and not any(decision.get("drop") for decision in asked.decisions.values()):
            plan.refusals.append(str(self.no_rows))
        return plan

    def _decide_free_first(self, settled: Settled, asked: Asked) -> P:
        """Decide the rows so that none that may yet go is ahead of one that stays, and hold those that wait."""
        held = [row for row in settled.rows if (row.sheet, row.row) in settled.held]
        free = [row for row in settled.rows if (row.sheet, row.row) not in settled.held]
        plan = self.decide([*free, *held], asked)
        moving = [one.question.code for one in settled.asked if one.is_open] == ["other_half"]
        places = {id(row): place for place, row in enumerate(settled.rows)}
        plan.rows.sort(key=lambda row: places[id(row.source)])
        for row in plan.rows:
            if (row.sheet, row.row) in asked.held and row.status != "known" and not (moving and row.errors):
                row.hold()
        return plan

    def plan_locked(self, reading: Reading, asked: Asked) -> P:
        """Return the plan under the locks that keep it true until it is written."""
        self.lock(reading.rows, asked)
        return self.plan(reading, asked)


@lru_cache
def all_kinds() -> dict[str, ListKind[Any, Any]]:
    """Return every kind of list that an app declares, by its code."""
    paths = [path for config in apps.get_app_configs() for path in getattr(config, "list_kinds", ())]
    return {kind.code: kind() for kind in map(import_string, paths)}


def kind_of(intake: Intake) -> ListKind[Any, Any]:
    """Return the kind of an upload."""
    return all_kinds()[intake.kind]
