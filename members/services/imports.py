"""Lists of members: every row decided first, then taken in at once."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from intakes.reading.columns.tables import Ambiguity, Column
from intakes.reading.reading import understand
from intakes.reading.rows.results import Reading
from intakes.reading.rows.rows import ListRow
from intakes.reading.words.problems import Note
from intakes.reading.words.schemas import MEMBERS
from intakes.services.bulk import copy_rows, new_ids
from intakes.services.intakes import RowError, read_upload, rows_keyed
from members.models import Member, Membership
from members.services.members import describe, joining_problem, name_problem
from members.services.naming import UnitFinder
from portal import audit
from portal.lib.vietnamese import Birth, format_int, name_key
from portal.models import Unit, User
from portal.permissions import Permission

MemberKey = tuple[int, str, int | None, int | None, int | None, str]
_MEMBER = (
    "id", "full_name", "name_key", "sort_key", "search_text", "birth_year", "birth_month", "birth_day", "gender",
    "phone", "occupation", "address", "created_by_id", "created_at",
)  # fmt: skip
_MEMBERSHIP = ("member_id", "unit_id", "joined_on", "valid", "is_transfer")


@dataclass(slots=True)
class MemberRow:
    """One row decided. `status`: "new", "known" or "rejected"."""

    source: ListRow
    unit: Unit | None = None
    joined_on: datetime.date | None = None
    key: MemberKey | None = None
    status: str = "new"
    errors: list[RowError] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return self.source.sheet

    @property
    def row(self) -> int:
        """The row's number as the spreadsheet program shows it."""
        return self.source.row

    @property
    def id(self) -> str:
        """Name the row "sheet!row", as repairs and decisions name it."""
        return f"{self.source.sheet}!{self.source.row}"

    @property
    def values(self) -> dict[str, Any]:
        """What was read, by field."""
        return self.source.values

    @property
    def raw(self) -> dict[str, str]:
        """What stood in the cells, by field."""
        return self.source.raw

    @property
    def columns(self) -> dict[str, str]:
        """The headings, by field."""
        return self.source.columns

    @property
    def name(self) -> str:
        """The person's name as read."""
        return self.source.values["full_name"] or ""

    @property
    def birth_text(self) -> str:
        """The birth as forms show it, or ""."""
        birth: Birth | None = self.source.values["birth"]
        return birth.text if birth else ""

    def refuse(self, name: str, message: str) -> None:
        """Refuse the row for one of its cells."""
        self.status = "rejected"
        self.errors.append(
            RowError(self.sheet, self.row, self.columns.get(name, ""), self.raw.get(name, ""), message, name)
        )


@dataclass
class MemberPlan:
    """A list of members looked at: what is new, known, refused, and how it was read."""

    rows: list[MemberRow]
    reading: Reading
    file_name: str
    refusals: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> list[MemberRow]:
        """The people that taking in adds."""
        return [row for row in self.rows if row.status == "new"]

    @property
    def known(self) -> list[MemberRow]:
        """The people who are members already."""
        return [row for row in self.rows if row.status == "known"]

    @property
    def rejected(self) -> list[MemberRow]:
        """The refused rows."""
        return [row for row in self.rows if row.errors]

    @property
    def errors(self) -> list[RowError]:
        """Every error, in the order of the rows."""
        return [error for row in self.rows for error in row.errors]

    @property
    def ambiguities(self) -> list[Ambiguity]:
        """Readings between which the officer must choose."""
        return self.reading.ambiguities

    @property
    def notes(self) -> list[Note]:
        """How the file was read."""
        return self.reading.notes

    @property
    def columns(self) -> list[Column]:
        """The columns as they were understood."""
        return [column for table in self.reading.tables for column in table.columns]

    @property
    def is_blocked(self) -> bool:
        """Whether nothing can be taken in as it stands."""
        return bool(self.refusals or self.ambiguities)

    @property
    def by_unit(self) -> dict[str, int]:
        """Code of the unit -> how many people taking in adds there."""
        return dict(Counter(row.unit.code for row in self.accepted if row.unit))

    @property
    def summary(self) -> str:
        """The preview in one line."""
        count, bad, known = len(self.rows), len(self.rejected), len(self.known)
        parts = [ngettext("%(count)s person", "%(count)s people", count) % {"count": format_int(count)}]
        if bad:
            parts.append(ngettext("%(count)s row to mend", "%(count)s rows to mend", bad) % {"count": format_int(bad)})
        if known:
            parts.append(
                ngettext("%(count)s row recorded already", "%(count)s rows recorded already", known)
                % {"count": format_int(known)}
            )
        return "; ".join(parts)

    @property
    def token(self) -> str:
        """A digest of what would be added: it differs when something has changed between looking and taking in."""
        added = "|".join(
            f"{row.sheet}!{row.row}:{row.unit.pk if row.unit else 0}:{row.joined_on}" for row in self.accepted
        )
        return hashlib.sha256(f"{len(self.rows)}|{len(self.rejected)}|{added}".encode()).hexdigest()[:32]


def build_plan(
    *,
    content: bytes,
    file_name: str,
    actor: User,
    unit: Unit | None = None,
    mapping: Mapping[str, str] | None = None,
    repairs: Mapping[str, Mapping[str, str]] | None = None,
    decisions: Mapping[str, Mapping[str, Any]] | None = None,
) -> MemberPlan:
    """Read a workbook of members and decide every row; writes nothing.

    `unit`: for rows that name none, and the limit of all. A row of a unit on which the actor may not keep members is
    refused.
    """
    dropped = {key for key, decision in rows_keyed(dict(decisions or {})).items() if decision.get("drop")}
    workbook = read_upload(content, file_name)
    reading = understand(workbook, MEMBERS, mapping=mapping, repairs=rows_keyed(dict(repairs or {})), dropped=dropped)
    rows = [MemberRow(source) for source in reading.rows]
    scope = (
        None
        if actor.is_system
        else set(Unit.objects.covered_by(actor, Permission.MANAGE_MEMBERS).values_list("pk", flat=True))
    )
    finder = UnitFinder(root=unit)
    for row in rows:
        _check(row, finder, unit, scope)
    _match(rows)
    plan = MemberPlan(rows, reading, file_name)
    if not rows:
        plan.refusals.append(
            _("No list was found in the file. Its first rows should head the columns: full name, unit, day of joining.")
        )
    return plan


def _check(row: MemberRow, finder: UnitFinder, unit: Unit | None, scope: set[int] | None) -> None:
    values = row.values
    for problem in row.source.problems:
        row.status = "rejected"
        row.errors.append(
            RowError(
                row.sheet, row.row, problem.column, problem.value, problem.message, problem.field, problem.suggestion
            )
        )
    wrong = {error.field for error in row.errors}
    if "full_name" not in wrong and (unnamed := name_problem(row.name)):
        row.refuse("full_name", unnamed)
    row.joined_on = values["joined_on"]
    if row.joined_on is None:
        if "joined_on" not in wrong:
            row.refuse("joined_on", _("The day of joining is missing. Write it as day/month/year."))
        return
    if problem_of_day := joining_problem(row.joined_on):
        row.refuse("joined_on", problem_of_day)
        return
    try:
        row.unit = (
            unit
            if unit is not None and not values["unit"]
            else finder.find(values["unit"], row.joined_on)
            if values["unit"]
            else None
        )
    except ValidationError as error:
        row.refuse("unit", str(error.message))
        return
    if row.unit is None:
        row.refuse("unit", _("The unit is missing. Write its name."))
    elif scope is not None and row.unit.pk not in scope:
        row.refuse("unit", _("“%(value)s” is not a unit whose members you keep.") % {"value": values["unit"]})


def _match(rows: list[MemberRow]) -> None:
    """Mark who is a member already and who stands in the list twice."""
    for row in rows:
        if not row.errors and row.unit is not None:
            birth: Birth | None = row.values["birth"]
            parts = (birth.year, birth.month, birth.day) if birth else (None, None, None)
            row.key = (row.unit.pk, name_key(row.name), *parts, row.values["phone"] or "")
    names = {row.key[1] for row in rows if row.key}
    recorded = Membership.objects.filter(
        unit_id__in={row.key[0] for row in rows if row.key}, member__name_key__in=names
    )
    known: set[MemberKey] = set(
        recorded.values_list(
            "unit_id",
            "member__name_key",
            "member__birth_year",
            "member__birth_month",
            "member__birth_day",
            "member__phone",
        )
    )
    first: dict[MemberKey, MemberRow] = {}
    for row in rows:
        if row.key is None:
            continue
        if row.key in first:
            row.refuse(
                "full_name",
                _("The same as row %(row)d: %(name)s. Remove one of them.")
                % {"row": first[row.key].row, "name": row.name},
            )
            continue
        first[row.key] = row
        if row.key in known:
            row.status = "known"


def take_in(plan: MemberPlan, *, actor: User) -> int:
    """Add the plan's new people as members and return how many. ValidationError when the plan is blocked."""
    if plan.is_blocked:
        raise ValidationError([*plan.refusals, *(ambiguity.message for ambiguity in plan.ambiguities)])
    rows = plan.accepted
    if not rows:
        return 0
    with transaction.atomic():
        lock_entry(plan)
        now = timezone.now()
        ids = new_ids(Member, len(rows))
        copy_rows(Member, _MEMBER, [_person(pk, row, actor, now) for pk, row in zip(ids, rows, strict=True)])
        spans = (
            (pk, row.unit.pk, row.joined_on, f"[{row.joined_on},)", False)
            for pk, row in zip(ids, rows, strict=True)
            if row.unit
        )
        copy_rows(Membership, _MEMBERSHIP, spans)
        detail = {"people": len(rows), "rejected": len(plan.rejected), "by_unit": plan.by_unit}
        audit.record(actor=actor, action="members.member.take_in", detail=detail)
    return len(rows)


def lock_entry(plan: MemberPlan) -> None:
    """One entry at a time in each unit of the list; always in the same order."""
    ids = {row.unit.pk for row in plan.rows if row.unit}
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _person(pk: int, row: MemberRow, actor: User, now: datetime.datetime) -> tuple[Any, ...]:
    values, columns = row.values, describe(row.name, row.values["birth"])
    return (
        pk, *(columns[name] for name in _MEMBER[1:8]), values["gender"] or "", values["phone"] or "",
        values["occupation"][:120], values["address"][:200], actor.pk, now,
    )  # fmt: skip
