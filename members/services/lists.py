"""Lists of members: how each row is decided, and what is written of a new one."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from intakes.models import Intake
from intakes.reading.files.sheets import collector_paused
from intakes.reading.rows.results import Reading
from intakes.reading.words.questions import Question
from intakes.services.bulk import copy_rows, new_ids
from intakes.services.evidence import ask_kind, ask_unit, say_count
from intakes.services.kinds import ListKind, Taken
from intakes.services.plans import Asked, Plan, PlannedRow
from intakes.services.questions import Alike, AskedQuestion
from members.models import Member, Membership
from members.schema import MEMBERS
from members.services.members import card_problem, card_text, columns_of, joining_problem, name_problem
from members.services.naming import OUTSIDE, UnitFinder
from portal import audit
from portal.lib.periods import HalfYear
from portal.lib.sameness import Born, Likeness, compare_births
from portal.lib.vietnamese import Birth, format_int, format_phone, name_key, proper_name
from portal.models import Unit, User, birth_parts
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs_nothing

SURE = "sure"  # one person, without a question

MANY_ELSEWHERE = 5  # rows of other units from which on they stand in one card


@dataclass(slots=True, kw_only=True)
class PlannedMember(PlannedRow):
    """One person of a list, decided: "new", "known" or "rejected"."""

    unit: Unit | None = None
    joined_on: datetime.date | None = None
    name_key: str = ""
    is_elsewhere: bool = False  # of a unit that is there, and is not the sender's
    not_yet: str = ""  # the unit did not exist on the day of joining: right only of somebody recorded there already


@dataclass(kw_only=True)
class MemberPlan(Plan[PlannedMember]):
    """A list of members looked at."""

    @property
    def by_unit(self) -> Mapping[Unit, int]:
        """Return how many people taking in adds to each unit."""
        units = {row.unit.pk: row.unit for row in self.accepted if row.unit}
        counted = Counter(row.unit.pk for row in self.accepted if row.unit)
        return {units[pk]: count for pk, count in counted.items()}

    @property
    def elsewhere(self) -> list[PlannedMember]:
        """Return the rows that are refused because they are of other units, whatever else is wrong with them."""
        return [row for row in self.rejected if row.is_elsewhere]

    @property
    def heading(self) -> list[str]:
        """Return how many people the list names."""
        count = len(self.rows)
        return [ngettext("%(count)s person", "%(count)s people", count) % {"count": format_int(count)}]

    def trace(self, row: PlannedMember) -> str:
        """Return the unit and the day of joining."""
        return f"{row.unit.pk if row.unit else 0}:{row.joined_on}"


class MemberList(ListKind[MemberPlan, PlannedMember]):
    """Lists of new members: a row names its unit, or belongs to the unit that the list was sent for."""

    code = Intake.Kind.MEMBERS
    schema = MEMBERS
    permission = Permission.MANAGE_MEMBERS
    fields = ("full_name", "birth", "unit", "joined_on", "phone")
    no_rows = gettext_lazy(
        "No list was found in the file. Its first rows should head the columns: full name, unit, day of joining."
    )
    template = "members/member_preview.html"
    list_url = "member_list"
    list_title = gettext_lazy("Members")
    last_step = gettext_lazy("Add to the members")
    upload_url = "member_upload"

    def ask(self, reading: Reading, asked: Asked) -> tuple[Asked, list[Question]]:
        """Ask whether kind of list and unit are those of the file."""
        half = HalfYear.containing(timezone.localdate())
        say_count(reading, asked.file_name)
        named = any("unit" in table.roles for table in reading.tables)  # each row says where it belongs
        units = ask_unit(reading, asked.unit, asked.file_name, half) if asked.unit and not named else []
        return asked, [*ask_kind(reading), *units]

    @collector_paused()
    def decide(self, rows: Sequence[Any], asked: Asked) -> MemberPlan:
        """Decide every row. One of a unit on which the actor may not keep members is refused."""
        planned = [PlannedMember(source=source) for source in rows]
        scope = None
        if not asked.actor.is_system:
            kept = Unit.objects.covered_by(asked.actor, Permission.MANAGE_MEMBERS)
            scope = set(kept.values_list("pk", flat=True))
        finder = UnitFinder(root=asked.unit)
        for row in planned:
            _check(row, finder, asked.unit, scope)
        if (
            sum(row.is_elsewhere for row in planned) < MANY_ELSEWHERE
        ):  # a few may be slips of the pen, mended one by one
            for row in planned:
                row.is_elsewhere = False
        return MemberPlan(asked=asked, rows=planned, questions=_match(planned, asked))

    def lock(self, rows: Sequence[Any], asked: Asked) -> None:
        """Let nobody else enter people of the list's units; always in the same order."""
        finder, ids = UnitFinder(root=asked.unit), {asked.unit.pk} if asked.unit else set()
        for text, day in {(row.values["unit"], row.values["joined_on"]) for row in rows}:
            if text and day and (unit := _unit_on(text, day, finder) or _unit_of_today(text, finder)):
                ids.add(unit.pk)
        list(Unit.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))

    def take_in(
        self, plan: MemberPlan, *, actor: User, makers: Collection[int] = (), upload: Intake | None = None,
        choice: str = "",
    ) -> Taken:  # fmt: skip
        """Add the plan's new people as members."""
        count = add_members(plan=plan, actor=actor)
        if not count:
            sentence = _("Every row of this file was recorded already. Nothing has been added.")
        else:
            sentence = ngettext(
                "%(count)s member has been added. You find them in the list below.",
                "%(count)s members have been added. You find them in the list below.",
                count,
            ) % {"count": format_int(count)}
        return Taken(count, sentence, "member_list")

    def is_grouped(self, row: PlannedMember) -> bool:
        """Rows of other units stand together: nobody mends hundreds of them one by one."""
        return row.is_elsewhere

    def context(self, plan: MemberPlan) -> dict[str, Any]:
        """Return the names of the units, and how many people each gets."""
        added = plan.by_unit
        named: Any = Unit.objects.filter(pk__in=[unit.pk for unit in added]).named_on(timezone.localdate())
        names = {unit.pk: unit.name for unit in named}
        by_unit = sorted((names[unit.pk], count) for unit, count in added.items())
        home = plan.asked.unit.name_on(timezone.localdate()) if plan.asked.unit else ""
        return {"unit_name": home, "names": names, "by_unit": by_unit}


def _check(row: PlannedMember, finder: UnitFinder, unit: Unit | None, scope: set[int] | None) -> None:
    values, wrong = row.values, row.take_problems()
    row.name_key = name_key(row.name)
    if "full_name" not in wrong and (unnamed := name_problem(row.name, row.name_key)):
        row.refuse("full_name", unnamed)
    row.refuse_long(Member, {"occupation": "occupation", "address": "address", "card_number": "card_number"})
    if problem := card_problem(values["card_number"], row.birth):
        way = _(
            "Empty the cell; the number is written on the member's page. Where the whole column holds such numbers, "
            "choose “Not used” for it."
        )
        row.refuse("card_number", f"{problem} {way}")
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
        row.unit = _unit_of_today(values["unit"], finder)  # who was moved there keeps the day of joining
        if row.unit is not None and (scope is None or row.unit.pk in scope):
            row.not_yet = str(error.message)
            return
        row.unit = None
        row.refuse("unit", str(error.message))
        row.is_elsewhere = error.code == OUTSIDE
        return
    if row.unit is None:
        row.refuse("unit", _("The unit is missing. Write its name."))
    elif scope is not None and row.unit.pk not in scope:
        row.refuse("unit", _("“%(value)s” is not a unit whose members you keep.") % {"value": values["unit"]})
        row.is_elsewhere = True


def _unit_of_today(text: str, finder: UnitFinder) -> Unit | None:
    return _unit_on(text, timezone.localdate(), finder)


def _unit_on(text: str, day: datetime.date, finder: UnitFinder) -> Unit | None:
    try:
        return finder.find(text, day)
    except ValidationError:
        return None


@dataclass(slots=True)
class _Person:
    """Somebody of a unit: recorded, or in a row before. `row` is None for who is recorded."""

    born: Born
    phone: str
    row: PlannedMember | None = None
    is_proposed: bool = False  # the name is one that is proposed for a row refused for its own

    @property
    def text(self) -> str:
        """Return who this is, in words: few of a hundred thousand people are ever named."""
        year, month, day = self.born
        said = _describe_people(Birth(year, month, day).text if year else "", self.phone)
        return said if self.row is None else f"{said} ({_('row %(row)d') % {'row': self.row.row}})"

    def likeness(self, born: Born, phone: str) -> str | None:
        """Return how somebody of the same name is like this person: SURE, a likeness to ask about, or None."""
        births = compare_births(born, self.born)
        if self.is_proposed:
            return "proposed" if births else None
        same_phone = bool(phone) and phone == self.phone
        if births == Likeness.EQUAL and (phone == self.phone or (born[0] and not (phone and self.phone))):
            return SURE
        return births or ("phone" if same_phone else None)


class _People:
    """Who is called so in a unit: recorded, proposed, or in a row before.

    Of a hundred thousand names nearly each is borne by one row: it stands here as it is.
    """

    def __init__(self) -> None:
        self._found: dict[int, dict[str, PlannedMember | list[_Person]]] = defaultdict(dict)

    def called(self, row: PlannedMember) -> list[_Person]:
        """Return the people of the row's unit and name so far."""
        there = self._found[_unit_id(row)].get(row.name_key) or []
        return there if isinstance(there, list) else [_in_row(there)]

    def add_row(self, row: PlannedMember) -> None:
        """Note somebody of a row."""
        names = self._found[_unit_id(row)]
        if row.name_key in names:
            self.add(_unit_id(row), row.name_key, _in_row(row))
        else:
            names[row.name_key] = row

    def add(self, unit_id: int, name: str, person: _Person) -> None:
        """Note somebody."""
        there = self._found[unit_id].get(name) or []
        self._found[unit_id][name] = [*(there if isinstance(there, list) else [_in_row(there)]), person]


def _unit_id(row: PlannedMember) -> int:
    return row.unit.pk if row.unit else 0


def _in_row(row: PlannedMember) -> _Person:
    return _Person(birth_parts(row.birth), row.values["phone"] or "", row)


def _match(rows: list[PlannedMember], asked: Asked) -> list[AskedQuestion]:
    """Mark who is a member already and who stands in the list twice; return what is asked about namesakes."""
    sought = [row for row in rows if row.unit is not None and not row.errors]
    people = _find_recorded_people(sought)
    for row in rows:
        if row.unit is not None and (name := row.proposed_name):
            people.add(row.unit.pk, name_key(name), _Person(birth_parts(row.birth), "", row, is_proposed=True))
    alike = Alike()
    for row in sought:
        there = people.called(row)
        if not there and not row.not_yet:  # as of nearly everybody
            people.add_row(row)
            continue
        me = _in_row(row)
        found = [(one.likeness(me.born, me.phone), one) for one in there]
        sure = [one for how, one in found if how == SURE]
        if any(one.row is None for one in sure):
            row.status = "known"
        elif row.not_yet:
            row.refuse("unit", row.not_yet)
            continue
        elif sure and sure[0].row is not None:
            sentence = _("The same as %(place)s: %(name)s. Remove one of them.")
            row.refuse("full_name", sentence % {"place": sure[0].row.place_beside(row), "name": row.name})
            continue
        elif (row.sheet, row.row) not in asked.held:
            for how, one in found:
                if how:
                    beside = _("Row %(row)d: %(name)s, %(text)s – beside: %(other)s")
                    mine = _describe_people(row.birth_text, me.phone)
                    facts = {"row": row.row, "name": row.name, "text": mine, "other": one.text}
                    alike.add(row, how, beside % facts)
                    break
        people.add_row(row)
    return alike.settle(asked.answers, _mark_known)


def _mark_known(row: PlannedMember) -> None:
    row.status = "known"


def _find_recorded_people(rows: list[PlannedMember]) -> _People:
    """Return the members of the rows' units who are called as somebody in the rows, by unit and name."""
    names = list({row.name_key for row in rows})
    named = RawSQL("SELECT unnest(%s::text[])", [names])  # one value, though of thousands
    recorded = Membership.objects.filter(
        member__erased_at__isnull=True, unit_id__in={_unit_id(row) for row in rows}, member__name_key__in=named
    )
    people = _People()
    for unit_id, name, year, month, day, phone in recorded.values_list(
        "unit_id", "member__name_key", "member__birth_year", "member__birth_month", "member__birth_day",
        "member__phone",
    ):  # fmt: skip
        people.add(unit_id, name, _Person((year, month, day), phone))
    return people


def _describe_people(birth: str, phone: str) -> str:
    return ", ".join([birth or _("no birth"), format_phone(phone) if phone else _("no telephone number")])


@needs_nothing("every row was decided within the actor's scope; locked and decided again by `plan_locked`")
def add_members(*, plan: MemberPlan, actor: User) -> int:
    """Add the plan's new people as members and return how many. ValidationError when the plan is blocked."""
    plan.demand_unblocked()
    rows = [row for row in plan.accepted if row.unit]
    if not rows:
        return 0
    ids = new_ids(Member, len(rows))
    alike = {"created_by_id": actor.pk, "created_at": timezone.now()}
    copy_rows(Member, (_person(pk, row) for pk, row in zip(ids, rows, strict=True)), alike)
    halves = _halves_of(rows, actor)
    alike = {"left_half": "", "recorded_by_id": actor.pk}
    copy_rows(Membership, (_membership(pk, row, halves) for pk, row in zip(ids, rows, strict=True)), alike)
    by_unit = {unit.code: count for unit, count in plan.by_unit.items()}
    detail = {"people": len(rows), "rejected": len(plan.rejected), "by_unit": by_unit}
    audit.record(actor=actor, action=audit.Action.MEMBER_TAKE_IN, detail=detail)
    return len(rows)


def _person(pk: int, row: PlannedMember) -> dict[str, Any]:
    values, name = row.values, proper_name(row.name)
    key = row.name_key if name == row.name else None
    return {
        "id": pk, **columns_of(name, row.birth, values["gender"] or "", key=key), "phone": values["phone"] or "",
        "card_number": card_text(values["card_number"]) if values["card_number"] else "",
        "occupation": values["occupation"], "address": values["address"],
    }  # fmt: skip


def _halves_of(rows: list[PlannedMember], actor: User) -> dict[tuple[int, datetime.date | None], str]:
    """Return in which half-year the joinings of a unit and day count: their own one, or the first open one after."""
    units = {row.unit.pk: row.unit for row in rows if row.unit}
    days = {(_unit_id(row), row.joined_on) for row in rows if row.joined_on}
    asked = {(pk, HalfYear.containing(day)) for pk, day in days}
    counted = {(pk, half): next_open_half(unit=units[pk], half=half, people=[actor]).code for pk, half in sorted(asked)}
    return {(pk, day): counted[pk, HalfYear.containing(day)] for pk, day in days}


def _membership(pk: int, row: PlannedMember, halves: dict[tuple[int, datetime.date | None], str]) -> dict[str, Any]:
    return {
        "member_id": pk, "unit_id": _unit_id(row), "joined_on": row.joined_on, "valid": f"[{row.joined_on},)",
        "half": halves.get((_unit_id(row), row.joined_on), ""),
    }  # fmt: skip
