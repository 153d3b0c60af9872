"""What the law gives a person over their data (Luật 91/2025/QH15): a copy, a withdrawn consent, erasure."""

from __future__ import annotations

import datetime
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import (
    ERASED_NAME,
    CitizenNumber,
    DistinctMembers,
    LearningSubject,
    LearningTitle,
    Member,
    MemberCard,
    MemberChange,
    MemberConsent,
    MemberJoin,
    MembershipApplication,
    NumberReveal,
    TitleChange,
)
from members.services.members import facts_of, lock_member, units_of_member
from members.services.numbers import note_look
from portal import audit
from portal.lib.language import official_language
from portal.lib.vietnamese import name_key, short_date, sort_key
from portal.models import User
from portal.models.person import birth_columns
from portal.permissions import Permission
from portal.services.background import drop_files
from portal.services.refusals import needs
from portal.services.versions import lock_row
from portal.vocabulary import LearningModel, NumberPurpose


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def export_person(*, member: Member, actor: User) -> bytes:
    """Return everything kept of a person as JSON in Vietnamese words; the audit says that it was made.

    It names the citizen number: whoever makes it has looked at that, and it is on record.
    """
    unit = units_of_member({"member": member})[0]
    with official_language():
        if CitizenNumber.objects.of_person(member).exists():
            reason = _("A copy of the person's data was made.")
            note_look(member=member, purpose=NumberPurpose.PERSON, reason=reason, actor=actor)
        found = json.dumps(_everything(member), ensure_ascii=False, indent=2)
    audit.record(actor=actor, action=audit.Action.MEMBER_HAND_OUT, target=member, unit=unit)
    return found.encode()


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def record_consent(
    *, member: Member, given_on: datetime.date, version: str | None = None, actor: User
) -> MemberConsent:
    """Write down that a person agreed on paper, which the unit keeps."""
    member = lock_member(member, version)
    consent = MemberConsent.objects.create(member=member, given_on=given_on, recorded_by=actor)
    unit = units_of_member({"member": member})[0]
    audit.record(actor=actor, action=audit.Action.MEMBER_CONSENT, target=member, unit=unit)
    return consent


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def withdraw_consent(*, member: Member, withdrawn_on: datetime.date, version: str | None = None, actor: User) -> Member:
    """Write down that a person took back what they had agreed to; from then on the person is in no file of the list."""
    member = lock_member(member, version)
    open_ones = MemberConsent.objects.select_for_update().filter(member=member, withdrawn_on__isnull=True)
    if withdrawn_on > timezone.localdate():
        raise ValidationError({"withdrawn_on": _("%(day)s lies in the future.") % {"day": short_date(withdrawn_on)}})
    found = list(open_ones)
    if not found:  # nothing was on record: what counts is that they object now
        found = [MemberConsent(member=member, given_on=withdrawn_on, recorded_by=actor)]
    for consent in found:
        consent.withdrawn_on = withdrawn_on
        consent.full_clean(validate_constraints=True)
        consent.save()
    unit = units_of_member({"member": member})[0]
    drop_files(actor=actor)
    audit.record(actor=actor, action=audit.Action.MEMBER_WITHDRAW_CONSENT, target=member, unit=unit)
    return member


@needs(Permission.MANAGE_MEMBERS, on=units_of_member)
def erase_member(*, member: Member, confirmed_name: str, version: str | None = None, actor: User) -> Member:
    """Erase what is kept of a person, for ever; that somebody was a member from then to then stays in the sums.

    `confirmed_name` is the name typed again: nothing brings the data back.
    """
    member = lock_member(member, version)
    if name_key(confirmed_name) != member.name_key:
        raise ValidationError({"confirmed_name": _("Type the name of the member as it stands above.")})
    unit = units_of_member({"member": member})[0]
    same = [member, *Member.objects.select_for_update().filter(merged_into=member).order_by("pk")]
    for person in same:
        _erase(person)
    drop_files(actor=actor)
    audit.record(actor=actor, action=audit.Action.MEMBER_ERASE, target=member, unit=unit)
    return member


@needs(Permission.MANAGE_MEMBERS, on="title.unit")
def erase_holder(
    *, title: LearningTitle, confirmed_name: str, version: str | None = None, actor: User
) -> LearningTitle:
    """Erase what is kept of a citizen who holds titles and is no member, for ever; the titles stay in the sums.

    `confirmed_name` is the name typed again. ValidationError for a holder that is no person, or a member: there all of
    the person is erased.
    """
    title = lock_row(LearningTitle.objects.select_related("subject", "unit"), title, version)
    subject = LearningSubject.objects.select_for_update().get(pk=title.subject_id)
    if subject.kind != LearningModel.CITIZEN or subject.erased_at is not None:
        raise ValidationError(_("There is no person here whose data could be erased."), code="nobody")
    if subject.member_id is not None:
        raise ValidationError(_("The holder is a member. Erase the data on the member's page."), code="member")
    if name_key(confirmed_name) != subject.name_key:
        raise ValidationError({"confirmed_name": _("Type the name of the holder as it stands above.")})
    _erase_holders(LearningSubject.objects.filter(pk=subject.pk))
    drop_files(actor=actor)
    audit.record(actor=actor, action=audit.Action.TITLE_ERASE, target=title, unit=title.unit)
    return title


def _erase_holders(subjects: QuerySet[LearningSubject]) -> None:
    ids = list(subjects.values_list("pk", flat=True))
    LearningSubject.objects.filter(pk__in=ids).update(
        name=ERASED_NAME, name_key=name_key(ERASED_NAME), search_text="", place="", erased_at=timezone.now()
    )
    LearningTitle.objects.filter(subject__in=ids).exclude(reason="").update(reason=ERASED_NAME)
    TitleChange.objects.filter(title__subject__in=ids).exclude(reason="").update(reason=ERASED_NAME)


def _erase(member: Member) -> None:
    nothing: dict[str, Any] = {
        "full_name": ERASED_NAME, "name_key": name_key(ERASED_NAME), "sort_key": sort_key(ERASED_NAME), "gender": "",
        **birth_columns(None),
    }  # fmt: skip
    CitizenNumber.objects.filter(member=member).delete()
    reached = {"phone": "", "occupation": "", "address": ""}
    Member.objects.filter(pk=member.pk).update(
        **nothing, **reached, search_text="", card_number="", erased_at=timezone.now()
    )
    MembershipApplication.objects.filter(member=member).update(**nothing, **reached)
    _erase_holders(LearningSubject.objects.filter(member=member, erased_at__isnull=True))
    MemberChange.objects.filter(member=member).delete()
    NumberReveal.objects.filter(member=member).delete()
    cards = MemberCard.objects.filter(member=member)
    cards.running().update(ended_at=timezone.now())
    cards.update(number="", reason="")
    DistinctMembers.objects.filter(Q(one=member) | Q(other=member)).delete()
    MemberJoin.objects.filter(Q(kept=member) | Q(other=member)).update(reason=ERASED_NAME)
    member.refresh_from_db()


def _everything(member: Member) -> dict[str, Any]:
    labels = {field.name: str(field.verbose_name) for field in Member._meta.concrete_fields}
    names = {labels[name]: value for name, value in facts_of(member).items() if name != "birth"}
    today = timezone.localdate()
    own = CitizenNumber.objects.filter(member=member).first()
    return {
        **names,
        _("Born"): member.birth_text,
        _("Citizen number"): own.read() if own is not None else "",
        _("Who looked at the citizen number"): [
            {_("When"): short_date(timezone.localdate(row.made_at)), _("Who"): str(row.made_by),
             _("Purpose"): str(row.get_purpose_display()), _("Reason"): row.reason}
            for row in member.reveals.select_related("made_by")
        ],
        _("Units"): [
            {
                _("Unit"): row.unit.name_on(today), _("Member since"): short_date(row.joined_on),
                _("Here from"): short_date(row.valid.lower),
                _("Until"): short_date(row.valid.upper) if row.valid.upper else "",
            }
            for row in member.memberships.select_related("unit").order_by("valid")
        ],
        _("Offices"): [
            {_("Office"): str(row.get_title_display()), _("From"): short_date(row.valid.lower)}
            for row in member.positions.all()
        ],
        _("Cards"): [
            {_("Card number"): card.number, _("Given on"): short_date(timezone.localdate(card.issued_at))}
            for card in member.cards.all()
        ],
        _("Learning titles"): [
            {_("Title of the year"): str(title.year), _("State"): str(title.get_state_display())}
            for title in LearningTitle.objects.filter(subject__member=member)
        ],
        _("Consents"): [
            {
                _("Consent given on"): short_date(row.given_on),
                _("Consent withdrawn on"): short_date(row.withdrawn_on) if row.withdrawn_on else "",
                _("Text"): row.text.text if row.text else "",
            }
            for row in member.consents.select_related("text")
        ],
        _("What was changed"): [
            {"at": change.made_at.isoformat(), "values": change.values} for change in member.changes.all()
        ],
        _("Also entered as"): [_everything(one) for one in member.merged.all()],
    }  # fmt: skip
