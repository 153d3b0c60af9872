"""Recipients as people: who opened their pages, their guardians and consents, and which two of them are one person."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.lib.sameness import Likeness, compare_births
from portal.lib.vietnamese import short_date
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.refusals import ConflictError, needs, needs_nothing, require_reason
from portal.services.texts import fitting
from portal.services.versions import Beside, check_version, lock_row
from portal.vocabulary import ConsentPurpose
from scholarships.models import Consent, Recipient, RecipientVerdict
from scholarships.services.rules import key_of_recipient

#: The words that a guardian signs, by version; a new wording gets a new version, and old consents keep theirs.
CONSENT_TEXTS = {
    "2026-1": {
        ConsentPurpose.DATA: gettext_lazy(
            "I agree that the association keeps my child's name, birth, school, class and what was given, to give "
            "scholarships and to account for them. I may look at these data, have them corrected and take this back."
        ),
        ConsentPurpose.PUBLISHING: gettext_lazy(
            "I agree that the association shows my child's full name and picture in its news and lists of honour. "
            "I may take this back at any time; name and picture then disappear from the portal's pages."
        ),
    }
}
CURRENT_TEXT = "2026-1"
LEAST_AGE_TO_AGREE = 7  # Luật 91/2025/QH15: from seven on the child agrees to publishing too


@needs(Permission.VIEW_BATCH, on="recipient.unit")
def open_recipient(*, recipient: Recipient, actor: User) -> Recipient:
    """Write into the audit that somebody opens a person's page."""
    audit.record(actor=actor, action=audit.Action.RECIPIENT_SEE, target=recipient, unit=recipient.unit)
    return recipient


@needs_nothing("the list holds what the person may see, and nothing else; this only writes down that it was opened")
def list_recipients(*, kind: str, rows: int | None = None, actor: User) -> bool:
    """Write into the audit that somebody opens the list of people, or saves it as a file (`kind`)."""
    action = audit.Action.RECIPIENT_EXPORT if kind else audit.Action.RECIPIENT_SEARCH
    audit.record(actor=actor, action=action, detail={"kind": kind, "rows": rows} if kind else {})
    return True


@needs(Permission.ENTER_BATCH, on="recipient.unit")
def update_guardian(
    *, recipient: Recipient, guardian_name: str, guardian_phone: str, version: str | None = None, actor: User
) -> Recipient:
    """Write down who answers for a child and how to reach them; both may be left empty."""
    recipient = lock_row(Recipient.objects.select_related("unit"), recipient, version)
    recipient.guardian_name = fitting(Recipient, "guardian_name", guardian_name)
    recipient.guardian_phone = guardian_phone
    recipient.save(update_fields=["guardian_name", "guardian_phone", "search_text"])
    fields = ["guardian_name", "guardian_phone"]
    audit.record(
        actor=actor, action=audit.Action.RECIPIENT_UPDATE, target=recipient, unit=recipient.unit, fields=fields
    )
    return recipient


@needs(Permission.ENTER_BATCH, on="recipient.unit")
def record_consent(
    *, recipient: Recipient, purpose: str, guardian_name: str, child_agrees: bool, given_on: datetime.date,
    text_version: str, actor: User,
) -> Consent:  # fmt: skip
    """Write down what a guardian has signed: in the words that the page showed (`text_version`), for one purpose.

    ConflictError where these are not the words of today any more. ValidationError: a day that lies ahead; publishing
    for a child of seven or more that does not agree itself; a consent for the purpose that stands already.
    """
    recipient = lock_row(Recipient.objects.select_related("unit"), recipient)
    if text_version != CURRENT_TEXT:
        raise ConflictError(
            _("The words that a guardian signs have been changed. Read them again; then record what was signed."),
            changes=[(_("words"), CURRENT_TEXT)],
        )
    if given_on > timezone.localdate():
        raise ValidationError({"given_on": _("%(day)s lies in the future.") % {"day": short_date(given_on)}})
    if purpose == ConsentPurpose.PUBLISHING and not child_agrees and _may_agree(recipient, given_on):
        sentence = _("From seven on the child is asked too: name and picture are shown only if both agree.")
        raise ValidationError({"child_agrees": sentence})
    if recipient.consents.standing().filter(purpose=purpose).exists():
        raise ValidationError({"purpose": _("This consent is recorded already.")})
    made = Consent.objects.create(
        recipient=recipient, purpose=purpose, text_version=text_version, child_agrees=child_agrees, given_on=given_on,
        guardian_name=fitting(Consent, "guardian_name", guardian_name), recorded_by=actor,
    )  # fmt: skip
    detail = {"purpose": purpose, "version": text_version}
    audit.record(
        actor=actor, action=audit.Action.RECIPIENT_CONSENT, target=recipient, unit=recipient.unit, detail=detail
    )
    return made


@needs(Permission.ENTER_BATCH, on="consent.recipient.unit")
def withdraw_consent(*, consent: Consent, version: str | None = None, actor: User) -> Consent:
    """Take a consent back from this moment on; it stays in the history."""
    consent = lock_row(Consent.objects.select_related("recipient__unit"), consent, version)
    if consent.withdrawn_on is not None:
        raise ValidationError(str(Consent.guards["consent_kept"]), code="finished")
    consent.withdrawn_on, consent.withdrawn_by = timezone.localdate(), actor
    consent.save(update_fields=["withdrawn_on", "withdrawn_by"])
    child, detail = consent.recipient, {"purpose": consent.purpose, "version": consent.text_version}
    audit.record(actor=actor, action=audit.Action.RECIPIENT_CONSENT_END, target=child, unit=child.unit, detail=detail)
    return consent


@needs(Permission.ENTER_BATCH, on=("kept.unit", "other.unit"))
def judge_recipients(
    *, kept: Recipient, other: Recipient, is_same: bool, reason: str, version: str | None = None, actor: User
) -> RecipientVerdict:
    """Decide whether two recipients are one person; no fact moves, and the decision can be taken back.

    `version`: that of the two which the page showed beside each other. ValidationError without a reason, for one person
    twice, or where one of the two stands with somebody already.
    """
    pair = Recipient.objects.select_for_update().filter(pk__in=[kept.pk, other.pk]).order_by("pk")
    count = len(pair)
    kept, other = (lock_row(Recipient.objects.select_related("unit"), one) for one in (kept, other))
    check_version(other, version, Beside(kept))
    if count != 2:
        raise ValidationError(_("One person cannot be joined with itself."), code="same")
    reason = require_reason(reason, _("Say how you know it."))
    if RecipientVerdict.objects.between(kept, other).exists():
        raise ValidationError(_("Somebody has decided on these two already. Look again."), code="judged")
    joining = RecipientVerdict.objects.joining()
    if is_same and joining.filter(other__in=[kept, other]).exists() | joining.filter(kept=other).exists():
        raise ValidationError(
            _("One of the two has been joined with somebody already. Keep that one, or undo the first joining."),
            code="joined",
        )
    verdict = RecipientVerdict.objects.create(
        kept=kept, other=other, is_same=is_same, reason=fitting(RecipientVerdict, "reason", reason), decided_by=actor
    )
    action = audit.Action.RECIPIENT_JOIN if is_same else audit.Action.RECIPIENT_PART
    for one, beside in ((kept, other), (other, kept)):
        audit.record(actor=actor, action=action, target=one, unit=one.unit, detail={"with": beside.pk})
    return verdict


@needs(Permission.ENTER_BATCH, on=("verdict.kept.unit", "verdict.other.unit"))
def undo_verdict(*, verdict: RecipientVerdict, version: str | None = None, actor: User) -> RecipientVerdict:
    """Take back what was decided of two recipients: each stands as before."""
    verdict = lock_row(RecipientVerdict.objects.select_related("kept__unit", "other__unit"), verdict, version)
    if verdict.undone_at is not None:
        raise ValidationError(str(RecipientVerdict.guards["recipient_verdict_kept"]), code="finished")
    verdict.undone_at, verdict.undone_by = timezone.now(), actor
    verdict.save(update_fields=["undone_at", "undone_by"])
    for one, beside in ((verdict.kept, verdict.other), (verdict.other, verdict.kept)):
        detail = {"with": beside.pk}
        audit.record(actor=actor, action=audit.Action.RECIPIENT_UNDO_VERDICT, target=one, unit=one.unit, detail=detail)
    return verdict


def ids_of_person(recipient: Recipient) -> list[int]:
    """Return the ids of all recipients that are known to be this one's person, its own among them."""
    joining = RecipientVerdict.objects.joining()
    kept = joining.filter(other=recipient).values_list("kept_id", flat=True).first() or recipient.pk
    return [kept, *joining.filter(kept=kept).values_list("other_id", flat=True)] if kept else []


def kept_ids(*, unit: Unit) -> dict[int, int]:
    """Return, for whoever is joined with a recipient of the unit, or is one, id -> the id of the one that is kept."""
    joining = RecipientVerdict.objects.joining()
    kept = Recipient.objects.filter(Q(unit=unit) | Q(pk__in=joining.filter(other__unit=unit).values("kept")))
    return dict(joining.filter(kept__in=kept).values_list("other_id", "kept_id"))


def reasons_of_likeness(one: Recipient, other: Recipient) -> list[str]:
    """Return in words what two recipients have in common, and what speaks against their being one person."""
    found = [_("same name") if one.name_key == other.name_key else _("different names")]
    likeness = compare_births(key_of_recipient(one)[1:], key_of_recipient(other)[1:])
    if not (one.birth and other.birth):
        found.append(_("one birth is not stated"))
    elif likeness is None:
        found.append(_("different births"))
    else:
        found.append(_("same birth") if likeness is Likeness.EQUAL else _("births that agree"))
    same: list[tuple[str, Any]] = [
        ("school", _("same school")), ("guardian_phone", _("same phone of the guardian")),
        ("guardian_name", _("same guardian")),
    ]  # fmt: skip
    found += [words for field, words in same if getattr(one, field) and getattr(one, field) == getattr(other, field)]
    found.append(_("same unit") if one.unit_id == other.unit_id else _("two units"))
    return found


def _may_agree(recipient: Recipient, on: datetime.date) -> bool:
    born = recipient.birth_year
    return born is not None and on.year - born >= LEAST_AGE_TO_AGREE
