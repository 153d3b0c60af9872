"""Decides the rows of a list against the rules and against what is recorded: a few queries for any number of rows."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from intakes.reading.files.sheets import cell_text, collector_paused
from intakes.reading.rows.cells import short_day
from intakes.reading.words.problems import Problem
from intakes.services.plans import Asked, PlannedRow
from intakes.services.questions import Alike, AskedQuestion
from members.services.members import name_problem
from portal.lib.sameness import Born, Likeness, compare_births
from portal.lib.vietnamese import Birth, fold, format_money, normalize, proper_name, short_date
from portal.models import Unit
from portal.services.texts import length_problem, longest
from portal.vocabulary import Source
from scholarships.models import Disbursement, Fund, Programme, Recipient
from scholarships.services.circumstances import corrected_code
from scholarships.services.correcting import OwnRow, others_of, own_rows, pair_rows
from scholarships.services.programmes import ProgrammeFinder
from scholarships.services.recipients import kept_ids
from scholarships.services.rules import (
    RecipientKey,
    Window,
    amount_problem,
    key_of,
    known_sentence,
    no_fund_sentence,
    other_amount_sentence,
    recurrence_problem,
    season,
    where,
)

_TEXTS = (
    "school", "school_class", "circumstance", "note", "kind_text", "programme", "source", "guardian_name",
    "guardian_phone",
)  # fmt: skip
_COLUMNS = {"circumstance": "circumstance_text", "school": "school", "school_class": "school_class", "note": "note"}


class TypedRow:
    """A row of typed values that came from no workbook."""

    __slots__ = ("problems", "row", "sheet", "values")

    def __init__(self, row: int, values: Mapping[str, Any]) -> None:
        blank = dict.fromkeys(_TEXTS, "") | {
            "birth": None,
            "gender": None,
            "kind": None,
            "circumstance_code": None,
            "recipient_kind": None,
        }
        self.sheet, self.row = "", row
        self.problems: list[Problem] = []
        self.values = blank | {
            name: normalize(value) if isinstance(value, str) else value for name, value in values.items()
        }
        self.values["full_name"] = proper_name(self.values.get("full_name") or "")

    @property
    def raw(self) -> dict[str, str]:
        """The values as text."""
        return {name: cell_text(value) for name, value in self.values.items() if not isinstance(value, Birth)}

    @property
    def columns(self) -> dict[str, str]:
        """No headings: the fields' own names."""
        return {name: name for name in self.values}


@dataclass(slots=True, kw_only=True)
class PlannedGift(PlannedRow):
    """One row decided.

    `status`: "new", "known", "rejected", "change" (recorded with another amount) or "repeat" (same row twice).
    The last two are refused until a decision says otherwise.
    """

    key: RecipientKey
    amount: int | None
    given_on: datetime.date | None
    programme: Programme | None = None
    late_for: str = ""
    completed: bool = False  # the day lacked its year
    paid_from: str = Disbursement.Source.FUND
    fund_id: int | None = None
    recipient_id: int | None = None
    recorded_id: int | None = None
    recorded_amount: int | None = None
    recorded_batch: int | None = None
    replaces_id: int | None = None
    stands_for: OwnRow | None = None  # the row of the corrected list that this one is,
    instead_of: int | None = None  # or whose place it takes
    repeat_no: int = 1
    repeat_reason: str = ""
    like_amount: int | None = None  # of the row that may be the same person's,
    like_place: str = ""  # and where it stands

    @property
    def has_wrong_amount(self) -> bool:
        """Whether the amount is one that the row cannot have, whatever else is right."""
        return self.status == "rejected" and any(error.field == "amount" for error in self.errors)


@dataclass(slots=True)
class Recorded:
    """A recorded row, as far as deciding needs it."""

    id: int
    programme_id: int
    recipient_id: int
    given_on: datetime.date
    amount: int
    repeat_no: int
    is_paid: bool
    row_number: int | None
    batch_id: int
    title: str
    from_file: bool
    replaced: bool


class Decider:
    """Loads once what a list is compared with, then decides row after row."""

    def __init__(self, *, unit: Unit, window: Window, asked: Asked) -> None:
        self.unit, self.window, self.asked = unit, window, asked
        self.refusals: list[str] = []
        self.questions: list[AskedQuestion] = []
        self.new_people = 0
        self.finder = ProgrammeFinder(unit=unit, half=window.half)
        self.main_fund = Fund.objects.filter(unit=unit, is_main=True).values_list("pk", flat=True).first()
        people = Recipient.objects.filter(unit=unit).values_list(
            "name_key", "birth_year", "birth_month", "birth_day", "pk"
        )
        self.people: dict[RecipientKey, int] = {
            (key, year, month, day): pk for key, year, month, day, pk in people.iterator()
        }
        self.recorded = self._load_recorded()
        self.matched: set[int] = set()
        self.own = own_rows(asked.corrects) if asked.corrects else []
        self.days: dict[datetime.date, str | None] = {}
        self.late_for: dict[datetime.date, str] = {}
        self.sums: dict[tuple[int, int], str | None] = {}

    def _load_recorded(self) -> list[Recorded]:
        halves = [self.window.half.code, *(half.code for half in self.window.late)]
        rows = (
            Disbursement.objects.standing()
            .filter(unit=self.unit, half__in=halves)
            .annotate(
                is_paid=Q(paid_at__isnull=False),
                from_file=~Q(batch__file_sha256=""),
                replaced=Exists(Disbursement.objects.standing().filter(replaces=OuterRef("pk"))),
            )
            .order_by("repeat_no", "id")
            .values_list(
                "pk", "programme_id", "recipient_id", "given_on", "amount", "repeat_no", "is_paid", "row_number",
                "batch_id", "batch__title", "from_file", "replaced",
            )
        )  # fmt: skip
        return [Recorded(*row) for row in rows]

    @collector_paused()
    def decide(self, rows: Sequence[Any]) -> list[PlannedGift]:
        """Decide every row; those of the same person, programme, day and amount in their order."""
        planned = [self._checked(row) for row in rows]
        self._pair(planned)
        self._match(planned)
        self._find_changes(planned)
        self._find_alike(planned)
        self._check_recurrence(planned)
        people = {row.key for row in planned if row.status == "new" and row.recipient_id is None}
        self.new_people = len(people)
        if self.main_fund is None and any(
            row.status == "new" and row.paid_from == Disbursement.Source.FUND and row.fund_id is None for row in planned
        ):
            self.refusals.append(no_fund_sentence(self.unit))
        return planned

    # -- one row by itself

    def _checked(self, source: Any) -> PlannedGift:
        values = source.values
        values["circumstance_code"] = corrected_code(
            self.asked.answers, values["circumstance"] or "", values["circumstance_code"]
        )
        row = PlannedGift(
            source=source,
            key=key_of(values["full_name"] or "", values["birth"]),
            amount=values["amount"],
            given_on=values["given_on"],
        )
        self._complete_day(row)
        wrong = row.take_problems()
        if "full_name" not in wrong and (unnamed := name_problem(values["full_name"] or "", row.key[0])):
            row.refuse("full_name", unnamed)
        if "kind" not in wrong:
            self._find_programme(row)
        if row.given_on is not None and "given_on" not in wrong:
            self._check_day(row, row.given_on)
        if row.programme is not None and row.amount is not None and "amount" not in wrong:
            self._check_amount(row, row.programme, row.amount)
        row.refuse_long(Disbursement, _COLUMNS)
        row.refuse_long(Recipient, {"guardian_name": "guardian_name"})
        row.paid_from = _paid_from(values["source"])
        if row.errors:
            row.status = "rejected"
        elif row.programme is not None and row.paid_from == Disbursement.Source.FUND:
            row.fund_id = row.programme.fund_id or self.main_fund
        return row

    def _complete_day(self, row: PlannedGift) -> None:
        """Take "28/5" for the day of the half-year's own year."""
        if not row.source.problems:
            return
        lacking = [problem for problem in row.source.problems if problem.code == "date_without_year"]
        if row.given_on is None and lacking and (short := short_day(row.raw.get("given_on", lacking[0].value))):
            try:
                row.given_on = datetime.date(self.window.half.year, *short)
            except ValueError:
                return
            row.completed = True
            row.values["given_on"] = row.given_on
            row.source.problems = [problem for problem in row.source.problems if problem not in lacking]

    def _meant_day(self, day: datetime.date) -> str:
        """Return the day that may be meant by one outside the half-year: day and month swapped, or a year away."""
        half = self.window.half
        swapped = [day.replace(month=day.day, day=day.month)] if day.day <= 12 else []
        try:
            near = [day.replace(year=day.year + 1), day.replace(year=day.year - 1)]
        except ValueError:  # the 29th of February
            near = []
        return next((short_date(other) for other in (*swapped, *near) if half.contains(other)), "")

    def _find_programme(self, row: PlannedGift) -> None:
        values = row.values
        try:
            row.programme = self.finder.find(values["kind"], values["programme"] or values["kind_text"])
        except ValidationError as error:
            name = "programme" if values["programme"] and "programme" in row.columns else "kind"
            row.refuse(name, str(error.message), value=values["programme"] or values["kind_text"])

    def _check_day(self, row: PlannedGift, day: datetime.date) -> None:
        if day not in self.days:
            self.days[day] = self.window.problem(day)
        if problem := self.days[day]:
            shown = None if "given_on" in row.raw else short_date(day)
            row.refuse("given_on", problem, value=shown, suggestion=self._meant_day(day))
        elif self.window.late:
            if day not in self.late_for:
                self.late_for[day] = self.window.late_for(day)
            row.late_for = self.late_for[day]

    def _check_amount(self, row: PlannedGift, programme: Programme, amount: int) -> None:
        key = (programme.pk, amount)
        if key not in self.sums:
            self.sums[key] = amount_problem(programme, amount)
        if problem := self.sums[key]:
            row.refuse("amount", problem, value=None if "amount" in row.raw else format_money(amount))

    # -- against what is recorded, and against the rows before

    def _pair(self, planned: list[PlannedGift]) -> None:
        """Find the rows of the corrected list that rows of the file stand for: as they are, or changed."""
        pairs = pair_rows(planned, self.own) if self.own else {}
        for row in planned:
            own = row.stands_for = pairs.get(row.id)
            if own is None:
                continue
            self.matched.add(own.id)
            if row.errors or row.programme is None:
                continue
            decision = self.asked.decision(row)
            same = (own.key, own.programme_id, own.given_on, own.amount)
            if reason := normalize(str(decision.get("repeat") or "")):
                _keep_reason(row, reason)
                row.repeat_no = own.repeat_no + 1
            elif decision.get("keep") or (
                same == (row.key, row.programme.pk, row.given_on, row.amount) and own.others == others_of(row)
            ):
                row.status, row.recorded_id = "known", own.id
            else:
                row.instead_of, row.recorded_amount = own.id, own.amount
                if same == (row.key, row.programme.pk, row.given_on, row.amount):
                    row.repeat_no, row.repeat_reason = own.repeat_no, own.repeat_reason

    def _match(self, planned: list[PlannedGift]) -> None:
        """Mark what is recorded already, and the same row twice."""
        exact: dict[tuple[Any, ...], list[Recorded]] = defaultdict(list)
        for recorded in self.recorded:
            exact[recorded.programme_id, recorded.recipient_id, recorded.given_on, recorded.amount].append(recorded)
        days: dict[tuple[Any, ...], list[PlannedGift]] = defaultdict(list)
        for row in planned:
            if row.errors or row.programme is None:
                continue
            row.recipient_id = self.people.get(row.key)
            day = days[row.programme.pk, row.key, row.given_on]
            before = [other for other in day if other.amount == row.amount and not other.errors]
            day.append(row)
            if row.stands_for is not None:
                continue
            stored = (
                exact.get((row.programme.pk, row.recipient_id, row.given_on, row.amount), [])
                if row.recipient_id
                else []
            )
            reason = normalize(str(self.asked.decision(row).get("repeat") or ""))
            known = [recorded for recorded in stored if recorded.id not in self.matched]
            if known and not reason:
                row.status, row.recorded_id, row.recorded_batch = "known", known[0].id, known[0].batch_id
                self.matched.add(known[0].id)
            elif before or stored:
                self._repeat(row, before, stored, reason)
            if row.status == "new" and day[0].amount != row.amount and day[0].id != row.id:
                self._refuse_other_amount(row, day[0], reason)

    def _repeat(self, row: PlannedGift, before: list[PlannedGift], stored: list[Recorded], reason: str) -> None:
        if reason:
            taken = [recorded.repeat_no for recorded in stored] + [
                other.repeat_no for other in before if other.status == "new"
            ]
            row.repeat_no = max(taken) + 1
            _keep_reason(row, reason)
            return
        if before:
            first = before[0]
            sentence = _(
                "The same as %(place)s: %(name)s, %(amount)s on %(day)s. Remove one of them, or say why both are real."
            ) % {
                "place": first.place_beside(row),
                "name": row.name,
                "amount": format_money(row.amount or 0),
                "day": short_date(first.given_on) if first.given_on else "",
            }
        else:
            sentence = self._known_sentence(row, stored[0])
        row.refuse("full_name", sentence, status="repeat")

    def _refuse_other_amount(self, row: PlannedGift, first: PlannedGift, reason: str) -> None:
        if reason:
            _keep_reason(row, reason)
            return
        sentence = _(
            "%(name)s has %(first)s from the same programme on the same day in %(place)s, here %(amount)s. "
            "Correct one of them, leave one out, or say why both are real."
        )
        facts = {
            "place": first.place_beside(row), "name": row.name, "first": format_money(first.amount or 0),
            "amount": format_money(row.amount or 0),
        }  # fmt: skip
        row.refuse("amount", sentence % facts, status="repeat")

    def _find_alike(self, planned: list[PlannedGift]) -> None:
        """Ask about people whose name is that of another row of the programme and day, with a birth that may be theirs.

        Compared with what is recorded and no row of the list stands for, and with the rows before.
        """
        new = [row for row in planned if row.status == "new" and not row.repeat_reason and row.replaces_id is None]
        new = [row for row in new if row.stands_for is None]
        if not new:
            return
        alike, people = Alike(), {pk: key for key, pk in self.people.items()}
        others: dict[tuple[Any, ...], list[tuple[Born, int, str | PlannedGift]]] = defaultdict(list)
        meant = self._proposed(planned)
        names = {row.key[0] for row in new}
        for one in self.recorded:
            key = people[one.recipient_id]
            if one.id not in self.matched and key[0] in names:
                place = where(one.title, one.row_number)
                others[key[0], one.programme_id, one.given_on].append((key[1:], one.amount, place))
        for row in planned:
            if row.programme is None or row.status not in ("new", "known"):
                continue
            group, born = others[row.key[0], row.programme.pk, row.given_on], row.key[1:]
            asks = row.status == "new" and not row.repeat_reason and row.stands_for is None
            if asks and (row.sheet, row.row) not in self.asked.held:
                for other, amount, there in group:
                    how = compare_births(born, other)
                    if how is not None and how != Likeness.EQUAL:
                        place = there if isinstance(there, str) else there.place_beside(row)
                        alike.add(row, how, _beside(row, other, amount, place))
                        row.like_amount, row.like_place = amount, place
                        break
                else:
                    for one_meant in meant[row.key[0], row.programme.pk, row.given_on]:
                        if compare_births(born, one_meant.key[1:]):
                            place = one_meant.place_beside(row)
                            alike.add(row, "proposed", _beside(row, one_meant.key[1:], one_meant.amount or 0, place))
                            row.like_amount, row.like_place = one_meant.amount, place
                            break
            group.append((born, row.amount or 0, row))
        self.questions += alike.settle(self.asked.answers, self._same_person)

    def _proposed(self, planned: list[PlannedGift]) -> dict[tuple[Any, ...], list[PlannedGift]]:
        """Return the rows refused for their names alone, by what they would be if the proposed name was taken."""
        found: dict[tuple[Any, ...], list[PlannedGift]] = defaultdict(list)
        for row in planned:
            if row.programme is not None and (name := row.proposed_name):
                found[key_of(name, row.birth)[0], row.programme.pk, row.given_on].append(row)
        return found

    def _same_person(self, row: PlannedGift) -> None:
        """Do what the answer "the same person" says: recorded already, unless the amounts differ."""
        if row.like_amount == row.amount:
            row.status = "known"
            return
        sentence = _("%(name)s has %(recorded)s there (%(where)s), not %(amount)s. Correct the amount, or that row.")
        facts = {
            "name": row.name, "recorded": format_money(row.like_amount or 0), "where": row.like_place,
            "amount": format_money(row.amount or 0),
        }  # fmt: skip
        row.refuse("amount", sentence % facts)

    def _find_changes(self, planned: list[PlannedGift]) -> None:
        """Mark what is recorded with another amount, unless another row of the list stands for that one."""
        by_person: dict[tuple[Any, ...], list[Recorded]] = defaultdict(list)
        for recorded in self.recorded:
            if recorded.id not in self.matched:
                by_person[recorded.programme_id, recorded.recipient_id, recorded.given_on].append(recorded)
        if not by_person:
            return
        for row in planned:
            if row.status != "new" or row.recipient_id is None or row.repeat_reason or row.programme is None:
                continue
            if row.stands_for is not None:
                continue
            others = by_person.get((row.programme.pk, row.recipient_id, row.given_on))
            if others:
                self._change(row, others.pop(0))

    def _change(self, row: PlannedGift, recorded: Recorded) -> None:
        row.recorded_id, row.recorded_amount, row.recorded_batch = recorded.id, recorded.amount, recorded.batch_id
        self.matched.add(recorded.id)
        decision, may_be_replaced = self.asked.decision(row), recorded.is_paid and not recorded.replaced
        if reason := normalize(str(decision.get("repeat") or "")):
            _keep_reason(row, reason)
        elif may_be_replaced and decision.get("replace") in (recorded.id, str(recorded.id), True):
            row.replaces_id = recorded.id
        else:
            sentence = other_amount_sentence(
                name=row.name,
                programme=row.programme.name if row.programme else "",
                recorded=recorded.amount,
                amount=row.amount or 0,
                given_on=recorded.given_on,
                title=recorded.title,
                row_number=recorded.row_number,
                may_be_replaced=may_be_replaced,
            )
            row.refuse("amount", sentence, status="change" if may_be_replaced else "repeat")

    def _check_recurrence(self, planned: list[PlannedGift]) -> None:
        """Refuse what a programme gives once and the person has had, by the records or by a row before."""
        limited = {
            row.programme.pk
            for row in planned
            if row.programme and row.programme.recurrence != Programme.Recurrence.UNLIMITED
        }
        if not limited:
            return
        had: dict[tuple[Any, ...], datetime.date] = {}
        replaced = {pk for row in planned for pk in (row.replaces_id, row.instead_of) if pk}
        programmes = {programme.pk: programme for programme in self.finder.programmes}
        alias = kept_ids(unit=self.unit)
        mine_anywhere = Q(unit=self.unit) | Q(recipient__in={*alias, *alias.values()})
        stored = Disbursement.objects.standing().filter(mine_anywhere, programme_id__in=limited)
        for pk, programme_id, recipient_id, given_on, half in stored.values_list(
            "pk", "programme_id", "recipient_id", "given_on", "half"
        ):
            if pk not in replaced:
                person = alias.get(recipient_id, recipient_id)
                had[programme_id, person, season(programmes[programme_id], given_on, half)] = given_on
        for row in planned:
            if row.status != "new" or row.programme is None or row.programme.pk not in limited or row.given_on is None:
                continue
            once = season(row.programme, row.given_on, self.window.half.code)
            person = alias.get(row.recipient_id or 0, row.recipient_id)
            mine: list[tuple[Any, ...]] = [(row.programme.pk, person, once)] if person else []
            mine.append((row.programme.pk, row.key, once))
            found = next((had[key] for key in mine if key in had), None)
            if found is not None:
                row.refuse("full_name", recurrence_problem(row.programme, row.name, found))
            else:
                had[mine[-1]] = row.given_on

    def gone(self) -> list[dict[str, Any]]:
        """Recorded rows of earlier files of this list that it no longer holds.

        Each is {"id", "row", "title", "amount", "given_on"}. An earlier file counts as one of this list when
        half of its rows or more come again.
        """
        by_batch: dict[int, list[Recorded]] = defaultdict(list)
        for recorded in self.recorded:
            if recorded.from_file and self.asked.corrects is None:
                by_batch[recorded.batch_id].append(recorded)
        missing = []
        for rows in by_batch.values():
            left = [row for row in rows if row.id not in self.matched]
            if len(left) * 2 <= len(rows):
                missing += left
        return [
            {"id": row.id, "row": row.row_number, "title": row.title, "amount": row.amount, "given_on": row.given_on}
            for row in missing
        ]

    def _known_sentence(self, row: PlannedGift, recorded: Recorded) -> str:
        return known_sentence(
            name=row.name, programme=row.programme.name if row.programme else "", amount=recorded.amount,
            given_on=recorded.given_on, title=recorded.title, row_number=recorded.row_number,
        )  # fmt: skip


def _beside(row: PlannedGift, born: Born, amount: int, place: str) -> str:
    """Return the row beside the one that may be the same person's, in words."""
    unknown = _("no birth")
    birth = Birth(born[0], born[1], born[2]).text if born[0] else unknown
    return _("Row %(row)d: %(name)s, %(birth)s, %(amount)s – beside: %(other)s, %(there)s (%(place)s)") % {
        "row": row.row, "name": row.name, "birth": row.birth_text or unknown,
        "amount": format_money(row.amount or 0), "other": birth, "there": format_money(amount), "place": place,
    }  # fmt: skip


def _paid_from(text: str) -> str:
    """Where a gift came from, by the words of a list's column "Nguồn": a fund, unless it says otherwise."""
    if not text:
        return Source.FUND
    if text in Source.values:
        return text
    said = fold(text)
    return next((source.value for source in reversed(Source) for words in source.words if words in said), Source.FUND)


def _keep_reason(row: PlannedGift, reason: str) -> None:
    """Keep why a row is real though it stands twice; refuse the row for a reason that is too long to be kept."""
    if problem := length_problem(reason, longest(Disbursement, "repeat_reason")):
        row.refuse("full_name", problem, status="repeat")
    else:
        row.repeat_reason = reason
