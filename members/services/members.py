"""Members: named people who join a unit."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from members.models import CitizenNumber, DistinctMembers, Member, MemberChange, Membership, digest_of
from portal import audit
from portal.lib.citizen_numbers import birth_year_in, looks_like_citizen_number, names_number, states_woman
from portal.lib.language import official_language
from portal.lib.periods import HalfYear
from portal.lib.sameness import compare_births
from portal.lib.vietnamese import (
    SENTENCES,
    Birth,
    comparable,
    name_fault,
    name_key,
    proper_name,
    search_key,
    short_date,
)
from portal.models import Unit, User, birth_parts, person_columns
from portal.permissions import Permission
from portal.services.periods import next_open_half
from portal.services.refusals import needs, needs_nothing
from portal.services.texts import fitting, longest
from portal.services.versions import lock_row
from portal.vocabulary import Gender

MEMBER_FIELDS = ("full_name", "birth", "gender", "phone", "card_number", "occupation", "address")
_FREE_TEXTS = ("card_number", "occupation", "address")
#: What the history says of a citizen number in place of it.
NO_NUMBER, A_NUMBER, ANOTHER_NUMBER = "", "one", "another"


@sensitive_variables("citizen_number")
@needs(Permission.MANAGE_MEMBERS, on="unit")
def add_member(
    *,
    unit: Unit,
    full_name: str,
    birth: Birth | None = None,
    joined_on: datetime.date,
    gender: str = "",
    phone: str = "",
    card_number: str = "",
    occupation: str = "",
    address: str = "",
    citizen_number: str = "",
    number_difference: str = "",
    confirmed: bool = False,
    difference: str = "",
    actor: User,
) -> Member:
    """Record somebody who joined the unit on a day. `phone` in E.164 or "", `citizen_number` twelve digits or "".

    Of a closed half-year the joining keeps its day and counts in the first open one.

    ValidationError with the code "known" when the unit has a member of this name and birth (the id in `params["row"]`):
    `confirmed` says that this is another person, `difference` by what; it stays with both. With the code "differs" when
    the citizen number states another year or sex: `number_difference` says why, and stays with it.
    """
    _check_joining(unit, joined_on)
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    member = Member(
        created_by=actor,
        phone=phone,
        **describe(full_name, birth, gender),
        card_number=card_text(card_number),
        occupation=fitting(Member, "occupation", occupation),
        address=fitting(Member, "address", address),
    )
    said = {"number_difference": number_difference, "difference": difference}
    leave_out([citizen_number], said | {name: getattr(member, name) for name in _FREE_TEXTS})
    _check_card(member)
    _ask_about_number(member, citizen_number, number_difference)
    alike = _ask_about_known(member, [unit.pk], citizen_number, confirmed=confirmed)
    member.save()
    _write_number(member, citizen_number, number_difference)
    keep_apart(member=member, others=alike, difference=difference, actor=actor)
    half = next_open_half(unit=unit, half=HalfYear.containing(joined_on), people=[actor])
    Membership.objects.create(
        member=member, unit=unit, joined_on=joined_on, valid=DateRange(joined_on, None), half=half.code,
        recorded_by=actor,
    )  # fmt: skip
    audit.record(actor=actor, action=audit.Action.MEMBER_ADD, target=member, unit=unit)
    return member


def units_of_member(values: dict[str, Any]) -> list[Unit]:
    """Return the unit that the person belongs to, or belonged to last; without one nobody may change them."""
    last = Membership.objects.filter(member=values["member"].pk).select_related("unit").order_by("-valid").first()
    if last is None:
        raise PermissionDenied
    return [last.unit]


@sensitive_variables("citizen_number", "number")
@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def update_member(
    *, member: Member, version: str | None = None, confirmed: bool = False, difference: str = "",
    citizen_number: str = "", number_out: bool = False, number_difference: str = "", actor: User, **values: Any,
) -> Member:  # fmt: skip
    """Change what is known of a person; `values` are names of MEMBER_FIELDS. Before and after stay on record.

    A `citizen_number` takes the place of the one on file, `number_out` takes it out, also that of an entry which stands
    with this one; that it changed stays on record, without the numbers. Asks about namesakes as `add_member` does,
    where name, birth or phone become those of another member, and about a number that states another year or sex.
    """
    member = lock_member(member, version)
    unit = units_of_member({"member": member})[0]
    new = describe(
        values.get("full_name", member.full_name),
        values.get("birth", member.birth),
        fitting(Member, "gender", values.get("gender", member.gender)),
    )
    new |= {name: fitting(Member, name, values[name]) for name in ("phone", "occupation", "address") if name in values}
    if "card_number" in values:
        new["card_number"] = card_text(values["card_number"])
    changed = [name for name, value in new.items() if getattr(member, name) != value]
    kept = CitizenNumber.objects.of(member)
    number = citizen_number or (kept.read() if kept is not None and not number_out else "")
    step = _step_of_number(kept, citizen_number, number_difference, is_out=number_out)
    if not changed and not step and not number_difference:
        return member
    before = facts_of(member)
    for name in changed:
        setattr(member, name, new[name])
    said = {"number_difference": number_difference, "difference": difference}
    texts = [name for name in _FREE_TEXTS if citizen_number or name in changed]
    leave_out([number], said | {name: getattr(member, name) for name in texts})
    if {"card_number", "birth_year"}.intersection(changed):
        _check_card(member)
    if step or number_difference or {"birth_year", "gender"}.intersection(changed):
        _ask_about_number(member, number, number_difference)
    if step or {"name_key", "birth_year", "birth_month", "birth_day", "phone"}.intersection(changed):
        alike = _ask_about_known(member, [unit.pk], number if step else "", confirmed=confirmed)
        keep_apart(member=member, others=alike, difference=difference, actor=actor)
    if changed:
        member.save(update_fields=changed)
    if step:
        changed = [*changed, "citizen_number"]
        _write_number(member, number, number_difference)
    elif kept is not None and number_difference:
        kept.difference = fitting(CitizenNumber, "difference", number_difference, name="number_difference")
        kept.save(update_fields=["difference"])
    note_change(member=member, before=before, actor=actor, step=step)
    audit.record(actor=actor, action=audit.Action.MEMBER_UPDATE, target=member, unit=unit, fields=changed)
    return member


def _step_of_number(
    kept: CitizenNumber | None, number: str, difference: str, *, is_out: bool
) -> tuple[str, str] | None:
    """Return what changes of a citizen number, without the number: whether one stood there and stands then."""
    if number:
        if kept is None:
            return NO_NUMBER, A_NUMBER
        same = kept.digest == digest_of(number) and (not difference or kept.difference == difference)
        return None if same else (A_NUMBER, ANOTHER_NUMBER)
    return (A_NUMBER, NO_NUMBER) if is_out and kept is not None else None


@sensitive_variables("numbers", "number")
def leave_out(numbers: Iterable[str], texts: Mapping[str, str]) -> None:
    """Refuse texts (by the field they are typed in) that hold a citizen number: there it could be read by others."""
    for name, text in texts.items():
        if any(number and names_number(text, number) for number in numbers):
            raise ValidationError(
                {name: _("Leave the citizen number out of this text: here it could be read by others.")}
            )


def card_problem(text: str, birth: Birth | None) -> str:
    """Return why a text is no card's number: it is a citizen number, which would stand there in plain; else ""."""
    if not looks_like_citizen_number(text, year=timezone.localdate().year, born=birth.year if birth else None):
        return ""
    return _("This is a citizen number, not the card's: here it could be read by others.")


def _check_card(member: Member) -> None:
    if problem := card_problem(member.card_number, member.birth):
        way = _(
            "Write it in its own field. Where it is the card's own number, write the letters of the card before it."
        )
        raise ValidationError({"card_number": f"{problem} {way}"})


@sensitive_variables("number")
def _ask_about_number(member: Member, number: str, difference: str) -> None:
    """Ask about a number that states another year of birth or another sex; never about the place in it."""
    if not number or difference:
        return
    born, said = birth_year_in(number), []
    if member.birth_year and member.birth_year != born:
        said.append(_("it is that of somebody born in %(year)d") % {"year": born})
    if member.gender and (member.gender == Gender.FEMALE) != states_woman(number):
        said.append(_("it is that of a woman") if states_woman(number) else _("it is that of a man"))
    if said:
        sentence = _(
            "This number does not agree with the form: %(said)s. Correct the number, the birth or the gender; "
            "or say below why it is right."
        )
        raise ValidationError(sentence % {"said": ", ".join(said)}, code="differs")


@sensitive_variables("number")
def _write_number(member: Member, number: str, difference: str) -> None:
    """Put a number in the place of the one on file; "" takes out all that are kept of the person."""
    theirs = CitizenNumber.objects
    (theirs.filter(member=member) if number else theirs.of_person(member)).delete()
    if number:
        row = CitizenNumber(
            member=member, difference=fitting(CitizenNumber, "difference", difference, name="number_difference")
        )
        row.write(number)
        row.save(force_insert=True)


def lock_member(member: Member, version: str | None) -> Member:
    """Return the person under lock, as the page showed them; ConflictError for one erased or merged meanwhile."""
    return lock_row(Member.objects.standing(), member, version)


def card_text(text: str) -> str:
    """Return a card number as it is stored and looked for: capitals, no spaces."""
    return fitting(Member, "card_number", comparable(text).replace(" ", "").upper())


def facts_of(member: Member) -> dict[str, str]:
    """Return what is known of a person as forms show it, by MEMBER_FIELDS."""
    texts = {name: str(getattr(member, name) or "") for name in MEMBER_FIELDS if name != "birth"}
    return texts | {"birth": member.birth_text}


@needs_nothing("called by services that ask the right of their own act on the person")
def note_change(*, member: Member, before: dict[str, str], actor: User, step: tuple[str, str] | None = None) -> Member:
    """Keep what changed of a person beside what it was, for as long as the person's data are kept.

    `step`: of a citizen number, that it changed; never what it was or became.
    """
    after = facts_of(member)
    values = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    if step:
        values["citizen_number"] = list(step)
    if values:
        MemberChange.objects.create(member=member, made_by=actor, values=values)
    return member


def describe(full_name: str, birth: Birth | None, gender: str = "") -> dict[str, Any]:
    """Return the columns of Member that say who somebody is. ValidationError for what is no name.

    The key for searching may end early: it is read by no one, and a search for so many letters finds by the others.
    """
    name = proper_name(full_name)
    if problem := name_problem(name):
        raise ValidationError({"full_name": problem})
    return columns_of(name, birth, gender)


def columns_of(name: str, birth: Birth | None, gender: str = "", *, key: str | None = None) -> dict[str, Any]:
    """Return the columns of Member for a proper name in which `name_problem` found none; `key`: its `name_key`."""
    search_text = search_key(name)[: longest(Member, "search_text")]
    return {**person_columns(name, birth, gender, key=key), "search_text": search_text}


def name_problem(full_name: str, key: str | None = None) -> str | None:
    """Why this cannot be stored as a name, or None. `key`: its `name_key` where that is at hand."""
    if not full_name:
        return _("The name is missing. Write the full name.")
    most = longest(Member, "full_name")
    if len(full_name) > most or len(key or name_key(full_name)) > most:
        return _("The name is longer than %(limit)d letters. Shorten it.") % {"limit": most}
    if fault := name_fault(full_name):
        sentence = str(SENTENCES[fault.code]) % {"value": full_name}
        if fault.suggestion:
            return _("%(problem)s Is it “%(name)s”?") % {"problem": sentence, "name": fault.suggestion}
        return sentence
    return None


def joining_problem(joined_on: datetime.date) -> str | None:
    """Why nobody can have joined on this day, or None."""
    if joined_on > timezone.localdate():
        return _("%(day)s lies in the future. Correct the day of joining.") % {"day": short_date(joined_on)}
    return None


def _check_joining(unit: Unit, joined_on: datetime.date) -> None:
    if problem := joining_problem(joined_on):
        raise ValidationError({"joined_on": problem})
    if not unit.versions.filter(valid__contains=joined_on).exists():
        sentence = _("%(unit)s does not exist on %(day)s. Choose the unit of that time, or correct the day.")
        raise ValidationError({"unit": sentence % {"unit": unit.name_on(joined_on), "day": short_date(joined_on)}})


@sensitive_variables("number")
def _ask_about_known(member: Member, units: list[int], number: str = "", *, confirmed: bool) -> list[Member]:
    """Return the members of the units who look like this one; without `confirmed` the first of them is asked about.

    Whoever has this citizen number is one of them, whatever their name.
    """
    born, found = birth_parts(member.birth), []
    equal = set(CitizenNumber.objects.equal_to(number).values_list("member", flat=True)) if number else set()
    namesakes = Member.objects.not_erased().filter(
        Q(name_key=member.name_key) | Q(pk__in=equal), memberships__unit__in=units
    )
    if member.pk:
        namesakes = (
            namesakes.exclude(pk=member.pk)
            .exclude(pk__in=member.merged.values("pk"))
            .exclude(pk__in=told_apart_from(member))
        )
    for other in namesakes.distinct().order_by("pk"):
        same_phone = bool(member.phone) and other.phone == member.phone
        if other.pk in equal or compare_births(born, birth_parts(other.birth)) or same_phone:
            found.append(other)
    if not found or confirmed:
        return found
    known = _("%(name)s, born %(birth)s, is a member of this unit already.")
    if not found[0].memberships.filter(unit__in=units).in_force(timezone.localdate()).exists():
        known = _(
            "%(name)s, born %(birth)s, belonged to this unit before. If it is the same person, do not enter them anew: "
            "look for them under “members and former ones”; their page says where they are, and takes them in again."
        )
    elif found[0].pk in equal:
        known = _("%(name)s, born %(birth)s, is a member of this unit already, with the same citizen number.")
    sentence = known % {
        "name": found[0].full_name,
        "birth": found[0].birth_text or "?",
    }
    raise ValidationError(sentence.replace("%", "%%"), code="known", params={"row": found[0].pk})


def told_apart_from(member: Member) -> list[int]:
    """Return the ids of the members of whom somebody said that they are not this one."""
    pairs = DistinctMembers.objects.filter(Q(one=member.pk) | Q(other=member.pk)).values_list("one_id", "other_id")
    return [one if other == member.pk else other for one, other in pairs]


@needs_nothing("called by services that ask the right of their own act on the person")
def keep_apart(*, member: Member, others: list[Member], difference: str, actor: User) -> int:
    """Remember that these are other persons, and by what somebody knows; nobody is asked about the pair again."""
    with official_language():
        reason = fitting(DistinctMembers, "reason", difference, name="difference") or _("looked at: another person")
    DistinctMembers.objects.bulk_create(
        [
            DistinctMembers(one_id=min(pair), other_id=max(pair), reason=reason, said_by=actor)
            for pair in ((member.pk, other.pk) for other in others)
        ],
        ignore_conflicts=True,
    )
    return len(others)
