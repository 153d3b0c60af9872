"""Equal errors mended at once: “8 rows say 2022: change all to 2023?”, and kept for the unit's next file like this."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from typing import Any

from intakes.models import Intake
from intakes.services.files import reading_of
from intakes.services.intakes import SENDING, plan_intake, repair_intake
from intakes.services.kinds import ListKind, kind_of
from intakes.services.plans import Plan
from intakes.services.remembered import layout_of, remember
from portal.models import User
from portal.services.refusals import needs

LEAST = 2  # rows that make a group
MOST_GROUPS = 8
_DAY = re.compile(r"\d{1,2}/\d{1,2}/(\d{4})")


@dataclass
class EqualErrors:
    """Rows that are wrong in the same way: in one column they say the same text, or days of the same year."""

    field: str
    label: str
    text: str  # what they say; of days the year
    is_year: bool
    meant: str = ""  # what may be meant: by the rows themselves, or as the unit answered before
    was_answered: bool = False
    typed: str | None = None  # what was sent for all of them and could not be kept
    cells: dict[str, tuple[str, str]] = made(default_factory=dict)  # row -> (target of the repair, its own text)

    @property
    def topic(self) -> str:
        """Return under which the answer is remembered."""
        return f"repair:{self.field}:{self.text}"

    @property
    def id(self) -> str:
        """Return the name of the group in a form."""
        return hashlib.sha256(self.topic.encode()).hexdigest()[:12]

    def repairs(self, text: str) -> dict[str, dict[str, str]]:
        """Return the repairs that put the text into every row; of days only the year."""
        return {
            row: {target: re.sub(r"\d{4}$", lambda _year: text, own) if self.is_year else text}
            for row, (target, own) in self.cells.items()
        }


def find_equal_errors(plan: Plan[Any], kind: ListKind[Any, Any], before: Mapping[str, str]) -> list[EqualErrors]:
    """Return the groups of refused rows that are wrong in the same way, the largest first."""
    groups: dict[tuple[str, str], EqualErrors] = {}
    for row in plan.rejected:
        if kind.is_grouped(row) or row.status != "rejected" or len({error.field for error in row.errors}) != 1:
            continue
        error = row.errors[0]
        if error.field == "full_name" or kind.schema.field(error.field) is None:
            continue
        own, meant = _DAY.fullmatch(error.value.strip()), _DAY.fullmatch(error.suggestion)
        is_year = bool(own and meant and own[1] != meant[1])
        text = own[1] if own and is_year else error.value.strip()
        label = str(kind.schema.label(error.field))
        group = groups.setdefault((error.field, text), EqualErrors(error.field, label, text, is_year))
        group.cells[row.id] = (kind.cell_target(row, error.field), error.value.strip())
        group.meant = group.meant or (meant[1] if meant and is_year else error.suggestion)
    found = [group for group in groups.values() if len(group.cells) >= LEAST]
    for group in found:
        group.was_answered = group.topic in before
        group.meant = before.get(group.topic, group.meant)
    return sorted(found, key=lambda group: -len(group.cells))[:MOST_GROUPS]


@needs(*SENDING, on="intake.unit")
def repair_equal_errors(*, intake: Intake, texts: Mapping[str, str], actor: User) -> Intake:
    """Put a text into every row of a group (id of the group -> text); remember it for the unit's next file like this.

    A group that is there no more is passed over. Raises ValidationError as `repair_intake` does.
    """
    plan, kind = plan_intake(intake=intake, actor=actor), kind_of(intake)
    groups = {group.id: group for group in find_equal_errors(plan, kind, plan.before)}
    answered = {name: text.strip() for name, text in texts.items() if name in groups and text.strip()}
    for name, text in answered.items():
        intake = repair_intake(intake=intake, repairs=groups[name].repairs(text), actor=actor)
    choices = {groups[name].topic: text for name, text in answered.items()}
    remember(unit=intake.unit, kind=intake.kind, layout=layout_of(reading_of(intake)), choices=choices, by=actor)
    return intake
