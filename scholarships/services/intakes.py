"""A workbook on its way in: uploaded, previewed, repaired, decided, taken in or given up."""

from __future__ import annotations

from typing import Any

from portal.lib.periods import HalfYear
from portal.models import Intake, Unit, User
from scholarships.models import Batch


def start_intake(*, unit: Unit, half: HalfYear, mode: str, file_name: str, content: bytes, actor: User) -> Intake:
    """Keep an uploaded workbook for its preview; ValidationError when it cannot be read at all."""
    raise NotImplementedError


def plan_intake(*, intake: Intake) -> Any:
    """The `Plan` of what taking it in would do now (scholarships.services.plan.Plan)."""
    raise NotImplementedError


def map_intake(*, intake: Intake, mapping: dict[str, str], actor: User) -> Intake:
    """Settle what columns mean: heading -> field ("" takes the answer back)."""
    raise NotImplementedError


def repair_intake(*, intake: Intake, repairs: dict[str, dict[str, str]], actor: User) -> Intake:
    """Put typed text into cells: "sheet!row" -> {field: text}. Added to the repairs made before."""
    raise NotImplementedError


def decide_intake(*, intake: Intake, decisions: dict[str, dict[str, Any] | None], actor: User) -> Intake:
    """"sheet!row" -> {"drop": true} | {"repeat": reason} | {"replace": id of the recorded row} | None (undecided again)."""
    raise NotImplementedError


def commit_intake(*, intake: Intake, token: str, actor: User) -> Batch | None:
    """Take in the good rows as a draft; Conflict when the plan is no longer the one whose `token` was shown.

    None when everything was recorded already.
    """
    raise NotImplementedError


def discard_intake(*, intake: Intake, actor: User) -> Intake:
    """Give an upload up; its content is erased."""
    raise NotImplementedError
