"""A unit's half-year on its way: entered, submitted, approved or returned, listed as missing, opened again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, normalize, short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services import periods
from portal.services.refusals import ConflictError, ForbiddenError, needs, require_reason
from portal.services.texts import fitting
from portal.services.versions import check_version, lock_row
from portal.vocabulary import BatchState
from reports.figures import DECLARED, LISTABLE, DatedTree, Figures, Remark, check_declared
from reports.figures.tree import Place
from reports.models import SEEN, SUBMISSION_STEPS, ApprovalEvent, Deadline, DeclaredValue, Submission
from reports.services.unlisted import demand_programmes_named, find_unnamed
from scholarships.models import Batch, LedgerEntry
from scholarships.services.sealing import seal_after_commit
from scholarships.services.topups import keep_declared_topup

TEXTS = ("activities", "difficulties", "plan", "proposals")
NOTE = ".note"  # after an indicator: what the unit says beside that figure
MOST_LINES = 60  # under one figure
Line = tuple[str, int]  # what it is, how much
_DECLARED_CODES = frozenset(indicator.code for indicator in DECLARED)
State = Submission.State


def units_owing(half: HalfYear, tree: DatedTree) -> list[Place]:
    """Return the units that owe a submission on the half-year's last day: whose level reports (`Level.reporting`)."""
    return tree.reporting()


def units_counted_in(unit: Unit, half: HalfYear, tree: DatedTree | None = None) -> list[int]:
    """Ids of the units whose facts of the half-year count in the unit: itself, all below, what those succeeded."""
    return (tree or DatedTree(half.last_day)).units_under(unit.pk)


def is_closed(unit: Unit, half: HalfYear, user: User | None = None) -> bool:
    """Whether the half-year of the unit takes no more entries now; the person may have an exception."""
    return periods.is_closed(unit=unit, half=half, people=[user] if user else [])


def declared_values(submission: Submission | None) -> Figures:
    """Return the declared figures of a submission by indicator; a blank has no key."""
    return dict(submission.values.values_list("indicator", "value")) if submission else {}


def declared_notes(submission: Submission | None) -> dict[str, str]:
    """Return what the unit says beside its figures, by indicator."""
    said = submission.values.exclude(note="").values_list("indicator", "note") if submission else ()
    return dict(said)


def declared_lines(submission: Submission | None) -> dict[str, list[dict[str, Any]]]:
    """Return the lines whose sums declared figures are, by indicator; one that was only typed has no key."""
    listed = submission.values.exclude(evidence=[]).values_list("indicator", "evidence") if submission else ()
    return dict(listed)


def find_remarks(unit: Unit, half: HalfYear, values: Figures, notes: Mapping[str, str]) -> list[Remark]:
    """Return what is wrong or odd about what the unit declares, beside its last half-year and its funds' book."""
    held = None
    if any(values.get(code) for code in values if code.startswith("unlisted.amount")):
        units, columns = set(units_counted_in(unit, half)), ("opening", "income", "taken_over", "recalled")
        rows = [row for row in LedgerEntry.objects.sums_by_unit(half) if row["unit_id"] in units]
        held = sum(row[column] or 0 for row in rows for column in columns)
    return check_declared(values, last_declared(unit, half), notes, held)


def last_declared(unit: Unit, half: HalfYear) -> Figures:
    """Return what the unit itself saved for the half-year before, approved or not; {} when it saved nothing."""
    return declared_values(Submission.objects.of(half.previous()).filter(unit=unit).first())


def last_of_predecessors(unit: Unit, half: HalfYear) -> tuple[Figures, list[str]]:
    """Return what the units that the unit took over from declared for the half-year before, and their names.

    Only where the unit itself is new since. What was split stands there in full: it is shown, never compared.
    """
    before = half.previous()
    if unit.versions.filter(valid__startswith__lte=before.last_day).exists():
        return {}, []
    gone = Unit.objects.filter(successions__to_unit=unit, successions__on_date__gt=before.last_day).distinct()
    sums: Figures = {}
    found = Submission.objects.of(before).filter(unit__in=gone).values_list("values__indicator", "values__value")
    for code, value in found:
        if code is not None:
            sums[code] = sums.get(code, 0) + value
    return sums, [one.name_on(before.last_day) for one in gone] if sums else []


def batches_open(unit: Unit, half: HalfYear, *states: str) -> list[Batch]:
    """Return lists of the unit and everything below in the given states, by default all that are not settled."""
    wanted = states or BatchState.those("is_unsettled")
    units = units_counted_in(unit, half)
    return list(Batch.objects.filter(unit_id__in=units, half=half.code, state__in=wanted).order_by("state", "pk"))


def entered_in(submission: Submission | None) -> dict[str, int | str | None]:
    """Return what stands in a half-year, figures, texts and notes by name; what is not reported has no key."""
    texts = {name: getattr(submission, name) for name in TEXTS if getattr(submission, name, "")}
    notes = {f"{code}{NOTE}": note for code, note in declared_notes(submission).items()}
    return {**declared_values(submission), **texts, **notes}


def find_clashes(
    submission: Submission, mine: Mapping[str, int | str | None], opened: Mapping[str, int | str | None]
) -> list[str]:
    """Return what both the person and somebody else have changed, to different ends, since the page was opened."""
    stands = entered_in(submission)
    return [
        name
        for name, value in mine.items()
        if not is_same(stands.get(name), opened.get(name)) and not is_same(stands.get(name), value)
    ]


def is_same(one: int | str | None, other: int | str | None) -> bool:
    """Whether two entries say the same; spaces and line ends of a text do not count."""
    return _plain(one) == _plain(other)


def _plain(value: int | str | None) -> int | str | None:
    return (" ".join(value.split()) or None) if isinstance(value, str) else value


@needs(Permission.FILE_SUBMISSION, on="unit")
def save_submission(
    *,
    unit: Unit,
    half: HalfYear,
    values: Mapping[str, int | None],
    texts: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
    opened: Mapping[str, int | str | None] | None = None,
    version: str | None = None,
    actor: User,
) -> Submission:
    """Keep what was entered; the first save makes the draft (`version_of(Submission)`).

    `values` maps indicators to a figure or None for "not reported", `notes` to what the unit says beside one; what is
    not named stays. A figure that is the sum of its lines changes with them alone (`keep_evidence`). With `opened`
    (what the person's page showed) others may have saved other figures since, which stay; only where they changed the
    very same one is it a clash. Raises ConflictError then (without `opened`: when anybody saved since), and
    ValidationError naming the field.
    """
    _must_owe(unit, half)
    said = {f"{code}{NOTE}": words for code, words in (notes or {}).items()}
    unknown = (set(values) | set(notes or {})) - _DECLARED_CODES
    if unknown:
        raise ValidationError(_("There is no declared figure called %(code)s.") % {"code": ", ".join(sorted(unknown))})
    submission, created = _locked_or_new(unit, half, actor, version if opened is None else None)
    if opened is not None and find_clashes(submission, {**values, **texts, **said}, opened):
        raise ConflictError(
            _("Somebody else has changed the same figure since you opened the page."), current=submission
        )
    _demand_editable(submission, actor)
    changed = _write_values(submission, values) + _write_notes(submission, notes or {})
    changed += _write_texts(submission, texts)
    submission.save()
    if changed or created:
        _record_entry(submission, changed, actor)
    return submission


def _demand_editable(submission: Submission, actor: User) -> None:
    if is_closed(submission.unit, submission.half_year, actor):
        raise ValidationError(_("This half-year is closed for your unit. Ask the city to open it again."))
    if submission.state == State.MISSING:
        submission.state, submission.reason = State.DRAFT, ""
    if not submission.is_editable:
        raise ValidationError(_("This half-year has been submitted and cannot be changed now."))


def _record_entry(submission: Submission, changed: list[str], actor: User) -> None:
    if submission.events.order_by("-id").values_list("action", "actor_id").first() != ("save", actor.pk):
        _event(submission, "save", actor)
    action = audit.Action.SUBMISSION_SAVE
    audit.record(actor=actor, action=action, target=submission, unit=submission.unit, fields=changed)


@needs(Permission.FILE_SUBMISSION, on="unit")
def keep_evidence(
    *,
    unit: Unit,
    half: HalfYear,
    indicator: str,
    lines: Sequence[Line],
    opened: Sequence[Line] | None = None,
    actor: User,
) -> Submission:
    """Keep the lines under a declared figure: their sum is the figure. Without lines the figure stays as it is.

    Under what was given without a list each line is a programme. `opened`: the lines that the person's page showed.
    Raises ConflictError where others stand by now.
    """
    _must_owe(unit, half)
    if indicator not in LISTABLE:
        raise ValidationError(_("There is no declared figure called %(code)s.") % {"code": indicator})
    submission, _created = _locked_or_new(unit, half, actor, None)
    stands = [(line["text"], line["amount"]) for line in declared_lines(submission).get(indicator, [])]
    if opened is not None and stands != list(opened):
        raise ConflictError(_("Somebody else has changed these lines since you opened the page."), current=submission)
    _demand_editable(submission, actor)
    total = sum(amount for _text, amount in lines)
    if len(lines) > MOST_LINES or any(amount < 0 for _text, amount in lines) or total > 10**15:
        raise ValidationError(_("%(value)s cannot be right.") % {"value": total})
    texts = [fitting(DeclaredValue, "note", normalize(text)) for text, _amount in lines]
    demand_programmes_named(unit, half, indicator, texts)
    kept = [{"text": text, "amount": amount} for text, (_text, amount) in zip(texts, lines, strict=True)]
    if kept:
        submission.values.update_or_create(indicator=indicator, defaults={"value": total, "evidence": kept})
    else:
        submission.values.filter(indicator=indicator).update(evidence=[])
    submission.cell_reasons.pop(indicator, None)
    submission.save()
    if kept or stands:
        _record_entry(submission, [indicator], actor)
    return submission


@needs(Permission.FILE_SUBMISSION, on="submission.unit")
def submit_submission(*, submission: Submission, version: str | None = None, actor: User) -> Submission:
    """Send the half-year to the city. Refused while a figure contradicts another; lists not sent are only warned of."""
    submission = _locked(submission, version)
    if not SUBMISSION_STEPS.allows("submit", submission.state):
        raise ValidationError(_("This half-year has been submitted already."))
    values, notes = declared_values(submission), declared_notes(submission)
    unit, half = submission.unit, submission.half_year
    refusals = [one.told for one in find_remarks(unit, half, values, notes) if one.refuses]
    refusals += [one.sentence for one in find_unnamed(unit, half, values, declared_lines(submission))]
    if refusals:
        raise ValidationError(refusals)
    if not values and not any(getattr(submission, text) for text in TEXTS):
        raise ValidationError(_("Nothing has been entered yet: fill in at least one figure or text."))
    submission.state, submission.reason = State.SUBMITTED, ""
    submission.submitted_by, submission.submitted_at = actor, timezone.now()
    submission.decided_by = submission.decided_at = None
    submission.save()
    _record(submission, "submit", actor)
    return submission


@needs(Permission.FILE_SUBMISSION, on="submission.unit")
def take_back_submission(*, submission: Submission, version: str | None = None, actor: User) -> Submission:
    """Undo the sending of a half-year that nobody of the city has opened yet: it is a draft again."""
    submission = _locked(submission, version)
    if not SUBMISSION_STEPS.allows("take_back", submission.state):
        raise ValidationError(_("Only what has been sent and not decided on can be taken back."))
    if opener := submission.find_opener():
        sentence = _("%(name)s has opened the half-year already. Ask for it to be returned.")
        raise ValidationError(sentence % {"name": opener.full_name}, code="opened")
    submission.state = State.DRAFT
    submission.save(update_fields=["state"])
    _record(submission, "take_back", actor)
    return submission


@needs(Permission.APPROVE_SUBMISSION, on="submission.unit")
def see_submission(*, submission: Submission, actor: User) -> Submission:
    """Keep that somebody who may approve it has opened a sent half-year, once for each sending; makers do not count."""
    submission = _locked(submission, None)
    if submission.state == State.SUBMITTED and not submission.is_made_by(actor):
        since = submission.events.filter(action=SEEN, actor=actor, at__gte=submission.submitted_at)
        if not since.exists():
            _record(submission, SEEN, actor)
    return submission


@needs(Permission.APPROVE_SUBMISSION, on="submission.unit")
def approve_submission(
    *, submission: Submission, through: dt.date | None = None, version: str | None = None, actor: User
) -> Submission:
    """Take the half-year in and close it for the unit and everything below.

    Refused while a list of it still waits for its approver or its payment: what is not paid by then would count in the
    next half-year. Lists still with the officer (draft, returned) do not hold it up. Before the half-year is over
    nothing holds it up and it stays open for money until its last day; `through` says how far the declared figures go.
    """
    submission = _locked(submission, version)
    if not SUBMISSION_STEPS.allows("approve", submission.state):
        raise ValidationError(_("Only a submitted half-year can be approved."))
    half, sender = submission.half_year, submission.submitted_by
    if is_closed(submission.unit, half, sender):
        raise ValidationError(
            _("This half-year is closed for whoever sent it. Return it to the unit, then open it again for one person.")
        )
    if submission.is_made_by(actor):
        raise ForbiddenError(_("You cannot approve a half-year that you entered or submitted yourself."))
    submission.data_through = _check_through(half, through)
    if submission.data_through is None and (
        waiting := batches_open(submission.unit, half, Batch.State.SUBMITTED, Batch.State.APPROVED)
    ):
        sentence = ngettext(
            "%(count)d batch of this half-year still waits for approval or payment: %(titles)s. Settle it first.",
            "%(count)d batches of this half-year still wait for approval or payment: %(titles)s. Settle them first.",
            len(waiting),
        )
        titles = ", ".join(f"“{batch.title}”" for batch in waiting[:5])
        raise ValidationError(sentence % {"count": len(waiting), "titles": titles})
    submission.state, submission.reason, submission.cell_reasons = State.APPROVED, "", {}
    submission.decided_by, submission.decided_at = actor, timezone.now()
    submission.save()
    keep_declared_topup(
        unit=submission.unit, half=half, values=declared_values(submission), sender=sender or actor, actor=actor
    )
    with official_language():
        why = _("The half-year of the unit has been approved.")
    from_day = half.end if submission.data_through else None
    periods.close_half_year(unit=submission.unit, half=half, reason=why, from_day=from_day, actor=actor)
    _record(submission, "approve", actor)
    seal_after_commit()
    return submission


def _check_through(half: HalfYear, through: dt.date | None) -> dt.date | None:
    """Return through which day declared figures go of a half-year that is approved before it is over, else None."""
    today = timezone.localdate()
    if today > half.last_day:
        return None
    if through is None or not half.first_day <= through <= today:
        sentence = _("The half-year ends on %(day)s. Say through which day the declared figures go: not after today.")
        raise ValidationError({"through": sentence % {"day": short_date(half.last_day)}})
    return through


@needs(Permission.APPROVE_SUBMISSION, on="submission.unit")
def return_submission(
    *,
    submission: Submission,
    reason: str,
    cells: Mapping[str, str] | None = None,
    version: str | None = None,
    actor: User,
) -> Submission:
    """Give the half-year back to the unit with a reason that it will read; an approved one too while it is open.

    `cells`: what is to be mended at single figures (indicator -> words); each stands there until that figure changes.
    """
    submission = _locked(submission, version)
    if not SUBMISSION_STEPS.allows("return", submission.state):
        raise ValidationError(_("Only a submitted half-year can be returned."))
    if submission.state == State.APPROVED and is_closed(submission.unit, submission.half_year):
        raise ValidationError(_("This half-year is closed. Propose to open it again for one person."))
    submission.state, submission.reason = State.RETURNED, _reason(reason)
    submission.cell_reasons = _check_cells(cells or {})
    submission.decided_by, submission.decided_at = actor, timezone.now()
    submission.save()
    _record(submission, "return", actor, submission.reason)
    return submission


@needs(Permission.APPROVE_SUBMISSION, on="unit")
def mark_missing(*, unit: Unit, half: HalfYear, reason: str, version: str | None = None, actor: User) -> Submission:
    """Say that the report is made without this unit's half-year, and why; it may still come until it is closed."""
    _must_owe(unit, half)
    submission, _created = _locked_or_new(unit, half, actor, version)
    if not SUBMISSION_STEPS.allows("missing", submission.state):
        raise ValidationError(_("This half-year has been sent; approve or return it instead."))
    submission.state, submission.reason = State.MISSING, _reason(reason)
    submission.decided_by, submission.decided_at = actor, timezone.now()
    submission.save()
    _record(submission, "missing", actor, submission.reason)
    return submission


def _cities_of(values: dict[str, Any]) -> list[Unit]:
    """Return the units above all others in the half-year."""
    return list(Unit.objects.filter(pk__in=[place.unit_id for place in DatedTree(values["half"].last_day).roots()]))


@needs(Permission.APPROVE_SUBMISSION, on=_cities_of)
def set_deadline(*, half: HalfYear, due_on: dt.date, version: str | None = None, actor: User) -> Deadline:
    """Set by which day the units send the half-year; not before its last month begins. The city sets it for all."""
    known = Deadline.objects.select_for_update(of=("self",)).filter(half=half.code).first()
    if known is not None:
        check_version(known, version)
    if due_on < half.last_day - dt.timedelta(days=31) or due_on > half.last_day + dt.timedelta(days=184):
        raise ValidationError({"due_on": _("Choose a day around or after the end of the half-year.")})
    deadline, _created = Deadline.objects.update_or_create(half=half.code, defaults={"due_on": due_on, "set_by": actor})
    audit.record(actor=actor, action=audit.Action.DEADLINE_SET, target=deadline, fields=["due_on"])
    return deadline


def _must_owe(unit: Unit, half: HalfYear) -> None:
    tree = DatedTree(half.last_day)
    if unit.pk not in {place.unit_id for place in units_owing(half, tree)}:
        raise ValidationError(_("%(unit)s does not report on this half-year by itself.") % {"unit": tree.name_of(unit)})


def _locked(submission: Submission, version: str | None) -> Submission:
    locked: Submission = lock_row(Submission.objects.select_related("unit"), submission, version)
    return locked


def _locked_or_new(unit: Unit, half: HalfYear, actor: User, version: str | None) -> tuple[Submission, bool]:
    """Return the submission under lock as it was shown, and whether it was made just now.

    Of two first saves at once one makes it; the other finds what it did not show.
    """
    rows = Submission.objects.select_for_update(of=("self",)).select_related("unit").filter(unit=unit, half=half.code)
    found = rows.first()
    if found is None:
        try:
            with transaction.atomic():
                return Submission.objects.create(unit=unit, half=half.code, entered_by=actor), True
        except IntegrityError:
            found = rows.get()
    check_version(found, version)
    return found, False


def _write_values(submission: Submission, values: Mapping[str, int | None]) -> list[str]:
    before = declared_values(submission)
    given = {code: value for code, value in values.items() if value is not None}
    bad = {code: value for code, value in given.items() if value < 0 or value > 10**15}
    if bad:
        raise ValidationError({code: _("%(value)s cannot be right.") % {"value": value} for code, value in bad.items()})
    gone = [code for code, value in values.items() if value is None and code in before]
    changed = [code for code, value in given.items() if before.get(code) != value]
    if summed := [code for code in declared_lines(submission) if code in (*changed, *gone)]:
        sentence = _("This figure is the sum of its lines, %(sum)s. Change the lines, or take them out first.")
        raise ValidationError({code: sentence % {"sum": format_int(before[code])} for code in summed})
    submission.values.filter(indicator__in=gone).delete()
    for code in changed:
        DeclaredValue.objects.update_or_create(submission=submission, indicator=code, defaults={"value": given[code]})
    for code in (*changed, *gone):
        submission.cell_reasons.pop(code, None)  # mended
    return [*changed, *gone]


def _write_notes(submission: Submission, notes: Mapping[str, str]) -> list[str]:
    before, figures = declared_notes(submission), declared_values(submission)
    given = {code: fitting(DeclaredValue, "note", normalize(words)) for code, words in notes.items()}
    changed = {code: words for code, words in given.items() if before.get(code, "") != words}
    if alone := [code for code, words in changed.items() if words and code not in figures]:
        raise ValidationError(dict.fromkeys(alone, _("Write the figure to which the note belongs.")))
    for code, words in changed.items():
        submission.values.filter(indicator=code).update(note=words)
    return [f"{code}{NOTE}" for code in changed]


def _check_cells(cells: Mapping[str, str]) -> dict[str, str]:
    said = {code: normalize(words) for code, words in cells.items() if normalize(words)}
    for code, words in said.items():
        if code not in _DECLARED_CODES:
            raise ValidationError(_("There is no declared figure called %(code)s.") % {"code": code})
        fitting(Submission, "reason", words)
    return said


def _write_texts(submission: Submission, texts: Mapping[str, str]) -> list[str]:
    changed = []
    for name in TEXTS:
        if name not in texts:
            continue
        text = "\n".join(normalize(line) for line in texts[name].splitlines()).strip()
        if getattr(submission, name) != text:
            setattr(submission, name, text)
            changed.append(name)
    return changed


def _reason(reason: str) -> str:
    return require_reason(reason, _("Give a reason; the unit will read it."))


def _event(submission: Submission, action: str, actor: User, reason: str = "") -> ApprovalEvent:
    event: ApprovalEvent = ApprovalEvent.objects.create(
        submission=submission, action=action, actor=actor, reason=reason
    )
    return event


def _record(submission: Submission, action: str, actor: User, reason: str = "") -> None:
    event = _event(submission, action, actor, reason)
    audit.record(
        actor=actor,
        action=audit.Action(f"reports.submission.{action}"),
        target=submission,
        unit=submission.unit,
        detail={"half": submission.half},
        reason_in=(event, "reason"),
    )
