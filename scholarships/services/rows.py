"""Single rows of a list that is still being entered."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from members.services.members import name_problem
from portal import audit
from portal.lib.language import official_language
from portal.lib.sameness import compare_births
from portal.lib.vietnamese import Birth, format_money, name_key, proper_name, short_date
from portal.models import Unit, User, birth_columns, person_columns
from portal.permissions import Permission
from portal.services.refusals import ForbiddenError, needs
from portal.services.texts import fitting, longest, shorten
from portal.services.versions import lock_row
from portal.vocabulary import HARDSHIP
from scholarships.models import Batch, BatchEvent, Disbursement, Fund, Programme, Recipient
from scholarships.services.recipients import ids_of_person
from scholarships.services.rules import (
    amount_problem,
    fund_for,
    key_of_recipient,
    known_sentence,
    other_amount_sentence,
    recurrence_problem,
    season,
    where,
    window_for,
)

TAKEN_OUT = "Bỏ khỏi danh sách"  # the reason that a row keeps, Vietnamese in every language of the screen
PLAIN = (
    "amount",
    "given_on",
    "circumstance",
    "circumstance_text",
    "school",
    "school_class",
    "source",
    "note",
    "repeat_reason",
)


@needs(Permission.ENTER_BATCH, on="batch.unit")
def add_disbursement(
    *,
    batch: Batch,
    full_name: str,
    birth: Birth | None,
    programme: Programme,
    amount: int,
    given_on: datetime.date,
    gender: str = "",
    recipient_kind: str = Recipient.Kind.PUPIL,
    school: str = "",
    school_class: str = "",
    circumstance: str = "",
    circumstance_text: str = "",
    source: str = Disbursement.Source.FUND,
    fund: Fund | None = None,
    note: str = "",
    repeat_reason: str = "",
    replaces: Disbursement | None = None,
    actor: User,
) -> Disbursement:
    """Add one row to a draft or returned list; without `fund` the programme's or the unit's main fund pays.

    ValidationError by field: full_name, programme, amount, given_on; or, without a field, with the code "known" or
    "other_amount" and the recorded row's id in `params["row"]`: a `repeat_reason` says that both are real, `replaces`
    that this one corrects the other, which must be paid ("other_amount").
    """
    batch = _open_list(batch)
    recipient = find_or_make_recipient(
        unit=batch.unit,
        full_name=full_name,
        birth=birth,
        gender=gender,
        kind=recipient_kind,
        school=school,
        school_class=school_class,
    )
    row = Disbursement(
        batch=batch, unit=batch.unit, half=batch.half, programme=programme, recipient=recipient,
        amount=amount, given_on=given_on,
        circumstance=circumstance,
        circumstance_text=fitting(Disbursement, "circumstance_text", circumstance_text),
        school=fitting(Disbursement, "school", school),
        school_class=fitting(Disbursement, "school_class", school_class),
        source=source, fund=fund, note=fitting(Disbursement, "note", note),
        repeat_reason=fitting(Disbursement, "repeat_reason", repeat_reason),
        replaces=replaces, entered_by=actor,
    )  # fmt: skip
    _settle(row)
    row.save()
    audit.record(
        actor=actor, action=audit.Action.DISBURSEMENT_ADD, target=row, unit=batch.unit, detail={"batch": batch.pk}
    )
    return row


@needs(Permission.ENTER_BATCH, on="row.batch.unit")
def update_disbursement(*, row: Disbursement, version: str | None = None, actor: User, **values: Any) -> Disbursement:
    """Change a row of a draft or returned list; `values` as in `add_disbursement`."""
    batch = _open_list(Batch(pk=row.batch_id))
    row = lock_row(batch.disbursements.standing().select_related("recipient", "programme", "fund"), row, version)
    old, before = row.recipient, _facts_of(row)
    if values.get("circumstance", row.circumstance) != row.circumstance:
        values.setdefault("circumstance_text", "")  # the file's words for it hold no more
    if "full_name" in values or "birth" in values:
        row.recipient = find_or_make_recipient(
            unit=batch.unit, full_name=values.get("full_name", old.full_name), birth=values.get("birth", old.birth),
            gender=values.get("gender", old.gender), kind=values.get("recipient_kind", old.kind),
            school=values.get("school", row.school), school_class=values.get("school_class", row.school_class),
        )  # fmt: skip
    for name in PLAIN:
        if name in values:
            setattr(
                row, name, fitting(Disbursement, name, values[name]) if isinstance(values[name], str) else values[name]
            )
    row.programme = values.get("programme", row.programme)
    row.replaces = values.get("replaces", row.replaces)
    row.fund = values.get("fund")
    _settle(row)
    row.save()
    if row.recipient_id != old.pk:
        _forget(old)
    _note_edit(batch, actor, row, _tell_change(row, before))
    audit.record(actor=actor, action=audit.Action.DISBURSEMENT_UPDATE, target=row, unit=batch.unit, fields=values)
    return row


@needs(Permission.ENTER_BATCH, on="row.batch.unit")
def remove_disbursement(*, row: Disbursement, version: str | None = None, actor: User) -> Disbursement:
    """Take a row out of a draft or returned list; it may be put back while the list is one."""
    batch = _open_list(Batch(pk=row.batch_id))
    row = lock_row(batch.disbursements.standing().select_related("recipient"), row, version)
    audit.record(
        actor=actor,
        action=audit.Action.DISBURSEMENT_REMOVE,
        target=row,
        unit=batch.unit,
        detail={"batch": batch.pk},
    )
    row.taken_out, row.reversed_at, row.reversed_half, row.reversal_reason = True, timezone.now(), row.half, TAKEN_OUT
    row.save(update_fields=["taken_out", "reversed_at", "reversed_half", "reversal_reason"])
    with official_language():
        _note_edit(batch, actor, row, _("taken out, %(amount)s") % {"amount": format_money(row.amount)})
    return row


@needs(Permission.ENTER_BATCH, on="row.batch.unit")
def restore_disbursement(*, row: Disbursement, version: str | None = None, actor: User) -> Disbursement:
    """Put a row that was taken out back into its draft or returned list, if it may still stand there.

    ValidationError as in `add_disbursement`: the same gift may have been entered meanwhile.
    """
    batch = _open_list(Batch(pk=row.batch_id))
    rows = batch.disbursements.filter(taken_out=True).select_related("recipient", "programme", "fund")
    row = lock_row(rows, row, version)
    row.taken_out, row.reversed_at, row.reversed_half, row.reversal_reason = False, None, "", ""
    row.left_with = None
    _settle(row)
    row.save()
    with official_language():
        _note_edit(batch, actor, row, _("put back, %(amount)s") % {"amount": format_money(row.amount)})
    audit.record(
        actor=actor, action=audit.Action.DISBURSEMENT_RESTORE, target=row, unit=batch.unit, detail={"batch": batch.pk}
    )
    return row


def _note_edit(batch: Batch, actor: User, row: Disbursement, told: str) -> None:
    """Write into a list's history that a row was changed: in a returned one always, else when another made the row.

    Whoever changes a row or takes one out does not approve the list. The history names no person, and stays for ever.
    """
    if batch.state != Batch.State.RETURNED and actor.pk == row.entered_by_id:
        return
    with official_language():
        named = _("Row %(row)d") % {"row": row.row_number} if row.row_number else _("A typed row")
    said = shorten(f"{named}: {told}", longest(BatchEvent, "reason"))
    BatchEvent.objects.create(batch=batch, action="edit", actor=actor, reason=said)


def _facts_of(row: Disbursement) -> dict[str, str]:
    """Return what the history tells of a changed row, label by label."""
    with official_language():
        return {
            str(_("amount")): format_money(row.amount),
            str(_("day of giving")): short_date(row.given_on),
            str(_("programme")): row.programme.name,
            str(_("circumstance")): str(row.get_circumstance_display() or _("none stated")),
        }


def _tell_change(row: Disbursement, before: dict[str, str]) -> str:
    changed = [f"{label} {before[label]} → {now}" for label, now in _facts_of(row).items() if before[label] != now]
    with official_language():
        return "; ".join(changed) or _("other cells changed")


def lock_entry(unit: Unit) -> None:
    """One entry at a time in a unit: what is compared with the recorded rows cannot change under the comparison."""
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def find_or_make_recipient(
    *,
    unit: Unit,
    full_name: str,
    birth: Birth | None,
    gender: str = "",
    kind: str = "",
    school: str = "",
    school_class: str = "",
) -> Recipient:
    """The unit's person of this name and birth, made when new; school and class become the latest ones."""
    name = proper_name(full_name)
    if problem := name_problem(name):
        raise ValidationError({"full_name": problem})
    found = Recipient.objects.filter(unit=unit, name_key=name_key(name), **birth_columns(birth)).first()
    recipient = found or Recipient(unit=unit, **person_columns(name, birth))
    latest = {
        "gender": gender,
        "kind": kind,
        "school": fitting(Recipient, "school", school),
        "school_class": fitting(Recipient, "school_class", school_class),
    }
    changed = [field for field, value in latest.items() if value and getattr(recipient, field) != value]
    for field in changed:
        setattr(recipient, field, latest[field])
    if found is None:
        recipient.save()
    elif changed:
        recipient.save(update_fields=changed)
    return recipient


def _open_list(batch: Batch) -> Batch:
    """The list under lock, its unit's entry too, while rows may be changed."""
    batch = lock_row(Batch.objects.select_related("unit"), batch)
    if not batch.is_editable:
        raise ValidationError(
            _("The batch is “%(state)s”, so its rows cannot be changed.") % {"state": batch.get_state_display()},
            code="batch_state",
        )
    lock_entry(batch.unit)
    return batch


def _settle(row: Disbursement) -> None:
    """Check the row against the rules and the recorded rows, and fill in what follows from it."""
    window = window_for(unit=row.unit, half=row.batch.half_year, mode=row.batch.mode, people=[row.entered_by_id])
    if problem := window.problem(row.given_on):
        raise ValidationError({"given_on": problem})
    if problem := amount_problem(row.programme, row.amount):
        raise ValidationError({"amount": problem})
    if row.replaces is not None and not _is_same_gift(row, row.replaces):
        raise ForbiddenError(str(Disbursement.guards["disbursement_replaces"]), code="disbursement_replaces")
    row.late_for = window.late_for(row.given_on)
    row.is_hardship = row.circumstance in HARDSHIP
    row.fund = fund_for(programme=row.programme, unit=row.unit, source=row.source) if row.fund is None else row.fund
    if row.source != Disbursement.Source.FUND:
        row.fund = None
    _check_recurrence(row)
    _check_recorded(row)


def _is_same_gift(row: Disbursement, other: Disbursement) -> bool:
    """Whether the row corrects the other: a paid and standing one that differs in nothing but its amount."""
    names = ("unit_id", "recipient_id", "programme_id", "given_on")
    same = all(getattr(row, name) == getattr(other, name) for name in names)
    return same and other.paid_at is not None and other.reversed_at is None


def _check_recurrence(row: Disbursement) -> None:
    once = season(row.programme, row.given_on, row.half)
    if once is None:
        return
    others = (
        Disbursement.objects.standing()
        .filter(recipient__in=ids_of_person(row.recipient), programme=row.programme)
        .exclude(pk__in=[row.pk or 0, row.replaces_id or 0])
    )
    for given_on, half in others.values_list("given_on", "half"):
        if season(row.programme, given_on, half) == once:
            raise ValidationError({"programme": recurrence_problem(row.programme, row.recipient.full_name, given_on)})


def _check_recorded(row: Disbursement) -> None:
    same = (
        Disbursement.objects.standing()
        .filter(unit=row.unit, programme=row.programme, recipient=row.recipient, given_on=row.given_on)
        .exclude(pk__in=[row.pk or 0, row.replaces_id or 0])
        .select_related("batch")
    )
    named: dict[str, Any] = {"name": row.recipient.full_name, "programme": row.programme.name, "given_on": row.given_on}
    for other in same if not row.repeat_reason else ():
        place: dict[str, Any] = {"title": other.batch.title, "row_number": other.row_number}
        if other.amount == row.amount:
            sentence = known_sentence(amount=row.amount, **named, **place)
        else:
            may = other.paid_at is not None and not other.replacements.filter(reversed_at=None).exists()
            sentence = other_amount_sentence(
                recorded=other.amount, amount=row.amount, may_be_replaced=may, **named, **place
            )
        code = "other_amount" if other.amount != row.amount and other.paid_at else "known"
        raise ValidationError(sentence.replace("%", "%%"), code=code, params={"row": other.pk})
    if not row.repeat_reason:
        _check_alike(row)
        row.repeat_no = 1  # nothing the same was found
        return
    last = same.filter(amount=row.amount, half=row.half).aggregate(last=Max("repeat_no"))["last"] or 0
    row.repeat_no = last + 1


def _check_alike(row: Disbursement) -> None:
    """Refuse what may be a recorded person's row with a birth written in another way, until a reason says otherwise."""
    born = key_of_recipient(row.recipient)[1:]
    namesakes = (
        Disbursement.objects.standing()
        .filter(
            unit=row.unit, programme=row.programme, given_on=row.given_on,
            recipient__name_key=row.recipient.name_key,
        )
        .exclude(recipient=row.recipient)
        .exclude(pk=row.pk or 0)
        .select_related("recipient", "batch")
    )  # fmt: skip
    for other in namesakes:
        person = other.recipient
        if compare_births(born, key_of_recipient(person)[1:]) is None:
            continue
        sentence = _(
            "%(name)s, born %(birth)s, is recorded with %(amount)s for %(programme)s on the same day (%(where)s). "
            "If this is another person, say so as the reason why both are real."
        ) % {
            "name": person.full_name, "birth": person.birth_text or "?", "amount": format_money(other.amount),
            "programme": row.programme.name, "where": where(other.batch.title, other.row_number),
        }  # fmt: skip
        raise ValidationError(sentence.replace("%", "%%"), code="known", params={"row": other.pk})


def _forget(recipient: Recipient) -> None:
    """A person whom no row names any more, nor a consent or a decision, is nobody the portal need know."""
    known = (recipient.disbursements, recipient.consents, recipient.verdicts_kept, recipient.verdicts_other)
    if not any(found.exists() for found in known):
        recipient.delete()
