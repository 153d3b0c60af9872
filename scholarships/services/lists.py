"""Lists of what was given: how the rows are decided, and what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intakes.models import Intake
from intakes.reading.files.sheets import column_letter
from intakes.reading.rows.results import Reading
from intakes.reading.words.questions import MOVE, Question
from intakes.services.evidence import ask_half, ask_kind, ask_unit, say_count
from intakes.services.kinds import ListKind, Taken
from intakes.services.plans import Asked
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money
from portal.models import Unit, User
from portal.permissions import Permission
from portal.vocabulary import BatchState, ProgrammeKind
from scholarships.models import Batch, Disbursement
from scholarships.schema import DISBURSEMENTS
from scholarships.services.circumstances import circumstance_choices
from scholarships.services.deciding import Decider, PlannedGift, TypedRow
from scholarships.services.plan import GiftPlan
from scholarships.services.programmes import ProgrammeFinder
from scholarships.services.rows import lock_entry
from scholarships.services.rules import demand_in_force, window_for
from scholarships.services.taking import correct_list, take_in

MOST_TEXTS = 200  # about circumstances, each with its reading
MOST_GONE = 100  # recorded rows named in a preview because the file no longer holds them


class DisbursementList(ListKind[GiftPlan, PlannedGift]):
    """A unit's list of scholarships, awards and support of one half-year."""

    code = Intake.Kind.DISBURSEMENTS
    schema = DISBURSEMENTS
    permission = Permission.ENTER_BATCH
    fields = ("full_name", "birth", "kind", "amount", "given_on")
    wide = ("full_name", "kind", "school")
    no_rows = gettext_lazy(
        "No list was found in the file. Its first rows should head the columns: full name, kind, amount, date."
    )
    template = "scholarships/disbursement_preview.html"
    list_url = "batch_list"
    list_title = gettext_lazy("Batches")
    last_step = gettext_lazy("Submit")
    upload_url = "batch_create"
    has_half = True

    def check(self, asked: Asked) -> None:
        """Refuse a unit that did not exist in the half-year that the list is for."""
        demand_in_force(_unit(asked), _half(asked))

    def ask(self, reading: Reading, asked: Asked) -> tuple[Asked, list[Question]]:
        """Ask whether unit, half-year and kind of list are those of the file; the file may be moved to its own half."""
        unit, half = _unit(asked), _half(asked)
        days = [day for row in reading.rows[:50] if (day := row.values["given_on"])]
        outside = not (days and all(half.contains(day) for day in days))
        if outside:
            window = window_for(unit=unit, half=half, mode=asked.mode, people=[asked.actor])
            outside = all(window.problem(day) for day in days)
        halves = ask_half(reading, half, file_name=asked.file_name, outside=outside)
        say_count(reading, asked.file_name)
        if any(asked.answers.get(question.id) == MOVE for question in halves):
            asked = replace(asked, half=halves[0].params["code"])
        return asked, [*ask_kind(reading), *ask_unit(reading, unit, asked.file_name, half), *halves]

    def decide(self, rows: Sequence[Any], asked: Asked) -> GiftPlan:
        """Decide every row; ValidationError when the unit is refused."""
        unit, half = _unit(asked), _half(asked)
        window = window_for(unit=unit, half=half, mode=asked.mode, people=[asked.actor])
        demand_in_force(unit, half)
        decider = Decider(unit=unit, window=window, asked=asked)
        planned = decider.decide(rows)
        return GiftPlan(
            asked=asked, unit=unit, asked_half=half, half=window.half, rows=planned, refusals=decider.refusals,
            gone=decider.gone(), new_people=decider.new_people, questions=decider.questions,
            left_behind=[one for one in decider.own if one.id not in decider.matched],
        )  # fmt: skip

    def lock(self, rows: Sequence[Any], asked: Asked) -> None:
        """Let nobody else enter rows of the unit."""
        lock_entry(_unit(asked))

    def take_in(
        self, plan: GiftPlan, *, actor: User, makers: Collection[int] = (), upload: Intake | None = None,
        choice: str = "",
    ) -> Taken:  # fmt: skip
        """Add the plan's new rows as a draft, or to the one begun, made by the actor and the other makers.

        A corrected file takes the place of its list's rows; `choice` says what becomes of those it no longer holds.
        """
        if upload is not None and upload.corrects:
            corrected = correct_list(plan=plan, upload=upload, lost=choice, makers=makers, actor=actor)
            sentence = _("The batch holds the corrected rows now. Look at the sums, then submit it.")
            return Taken(plan.turns, sentence, "batch_detail", (corrected.pk,), corrected)
        into = upload.taken_into if upload is not None else None
        batch = take_in(plan=plan, state=Batch.State.DRAFT, actor=actor, makers=makers, into=into, upload=upload)
        if batch is None:
            return Taken(0, _("Every row of this file was recorded already. Nothing has been added."), "batch_list")
        sentence = _("The rows are in the draft below. Look at the sums, then submit the batch for approval.")
        return Taken(plan.turns, sentence, "batch_detail", (batch.pk,), batch)

    def choices(self, plan: GiftPlan) -> dict[str, list[tuple[str, str]]]:
        """Return the programmes of which a row may be."""
        finder = ProgrammeFinder(unit=plan.unit, half=plan.half)
        return {"kind": [(one.name, f"{one.name} ({one.get_kind_display().lower()})") for one in finder.programmes]}

    def cell_text(self, row: PlannedGift, name: str) -> str | None:
        """Return the programme's name for the cell of the kind, and the amount with its points."""
        if name == "kind":
            return row.programme.name if row.programme else ""
        return format_int(row.amount) if name == "amount" and row.amount is not None else None

    def cell_target(self, row: PlannedGift, name: str) -> str:
        """Return the field, or of several columns of amounts the letter of the one that this row is about."""
        column = getattr(row.source, "amount_column", None)
        if name == "amount" and column is not None and row.source.table.roles.get("amount") != column:
            return column_letter(column)
        return name

    def recorded(self, row: PlannedGift) -> tuple[int, str] | None:
        """Return the recorded row of another amount, and that amount."""
        if row.recorded_id is None or row.recorded_amount is None:
            return None
        return row.recorded_id, format_money(row.recorded_amount)

    def column_choices(self) -> list[tuple[str, str]]:
        """Return what a column can be taken for; amounts also of one kind of programme."""
        choices = []
        for target, label in super().column_choices():
            choices.append((target, label))
            if target == "amount":
                choices += [(f"amount.{kind}", self.column_label(f"amount.{kind}")) for kind in ProgrammeKind.values]
        return choices

    def column_label(self, target: str) -> str:
        """Say "amount.award" and "amount:thousand" in words."""
        base, _colon, unit = target.partition(":")
        base, _dot, part = base.partition(".")
        units = {"dong": _("in đồng"), "thousand": _("in thousands of đồng"), "million": _("in millions of đồng")}
        extra = units.get(unit) or dict(ProgrammeKind.choices).get(part)
        label = super().column_label(base)
        return f"{label} – {extra}" if extra else label

    def context(self, plan: GiftPlan) -> dict[str, Any]:
        """Return the unit's name, and the recorded rows that the file no longer holds."""
        gone = [row["id"] for row in plan.gone][:MOST_GONE]
        missing: Any = Disbursement.objects.filter(pk__in=gone, unit=plan.unit).select_related("recipient")
        texts = plan.circumstances
        found = {
            "unit_name": plan.unit.name_on(plan.half.last_day), "gone": missing if gone else [],
            "texts": list(islice(texts, MOST_TEXTS)), "more_texts": len(texts) > MOST_TEXTS,
            "meanings": circumstance_choices(),
        }  # fmt: skip
        if plan.asked.corrects:
            corrected = Batch.objects.with_totals().get(pk=plan.asked.corrects)
            left, lost = corrected.amount + plan.gain, sum(one.amount for one in plan.left_behind)
            found |= {"corrected": corrected, "after_keeping": left, "after_dropping": left - lost}
            return found | {"changed": plan.changed[:MOST_GONE]}
        return found | _find_like(plan)


def _find_like(plan: GiftPlan) -> dict[str, Any]:
    """Return the draft or returned list that holds half of the file's rows or more: the file may be its correction."""
    held = Counter(row.recorded_batch for row in plan.rows if row.recorded_batch)
    if not held or held.most_common(1)[0][1] * 2 < len(plan.rows):
        return {}
    pk, count = held.most_common(1)[0]
    states = BatchState.those("is_editable")
    like = Batch.objects.filter(pk=pk, unit=plan.unit, half=plan.half.code, state__in=states).first()
    return {"like": like, "like_rows": count} if like else {}


def plan_rows(
    *, unit: Unit, half: HalfYear, rows: Iterable[Mapping[str, Any]], actor: User, mode: str = Batch.Mode.HANDED_OUT
) -> GiftPlan:
    """Return the plan of rows that are typed values already.

    full_name, birth (Birth or None), kind or programme (a name), amount (int) and given_on (date); where known gender,
    school, school_class, circumstance, circumstance_code, note, recipient_kind and source.
    """
    typed = [TypedRow(number, values) for number, values in enumerate(rows, start=1)]
    return DisbursementList().decide(typed, Asked(actor=actor, unit=unit, half=half.code, mode=mode))


def _unit(asked: Asked) -> Unit:
    if asked.unit is None:
        raise ValueError("A list of disbursements belongs to a unit")
    return asked.unit


def _half(asked: Asked) -> HalfYear:
    return HalfYear.parse(asked.half)
