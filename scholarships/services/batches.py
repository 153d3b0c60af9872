"""Batches: entered, submitted, returned, approved, paid, withdrawn, reversed."""

from __future__ import annotations

import datetime
from typing import Any

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth
from portal.models import Unit, User
from scholarships.models import Batch, Disbursement, Fund, Programme
from scholarships.services.refusals import Conflict

__all__ = ["Conflict"]


def create_batch(*, unit: Unit, half: HalfYear, mode: str, title: str = "", actor: User) -> Batch:
    """Begin a draft. A half-year closed for the unit becomes the next open one; its rows are then marked late."""
    raise NotImplementedError


def add_disbursement(
    *,
    batch: Batch,
    full_name: str,
    birth: Birth | None,
    programme: Programme,
    amount: int,
    given_on: datetime.date,
    gender: str = "",
    recipient_kind: str = "pupil",
    school: str = "",
    school_class: str = "",
    circumstance: str = "",
    circumstance_text: str = "",
    source: str = "fund",
    fund: Fund | None = None,
    note: str = "",
    repeat_reason: str = "",
    replaces: Disbursement | None = None,
    actor: User,
) -> Disbursement:
    """Add one row to a draft or returned list. ValidationError names the field, the recorded row and what to do."""
    raise NotImplementedError


def update_disbursement(*, row: Disbursement, actor: User, **values: Any) -> Disbursement:
    """Change a row of a draft or returned list; `values` as in `add_disbursement`."""
    raise NotImplementedError


def remove_disbursement(*, row: Disbursement, actor: User) -> None:
    """Take a row out of a draft or returned list."""
    raise NotImplementedError


def submit_batch(*, batch: Batch, actor: User) -> Batch:
    """Send a draft or returned list to the approver."""
    raise NotImplementedError


def return_batch(*, batch: Batch, reason: str, actor: User) -> Batch:
    """Send a submitted list back to be mended."""
    raise NotImplementedError


def approve_batch(*, batch: Batch, expected_turns: int, expected_amount: int, actor: User) -> Batch:
    """Approve exactly what was shown; handed out already, it is posted and paid in the same step.

    Raises Conflict when turns or amount differ from what was shown.
    """
    raise NotImplementedError


def pay_batch(*, batch: Batch, paid_on: datetime.date | None = None, actor: User) -> Batch:
    """Post an approved list that waited for its payment."""
    raise NotImplementedError


def withdraw_batch(*, batch: Batch, reason: str, actor: User) -> Batch:
    """Take an unpaid list back; its rows may be entered again."""
    raise NotImplementedError


def reverse_batch(*, batch: Batch, reason: str, actor: User) -> Batch:
    """Reverse a paid list whole, with a reason of at least ten letters; its money goes back into the funds."""
    raise NotImplementedError
