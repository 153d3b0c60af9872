"""Accounts, hand-over codes and postings."""

from __future__ import annotations

import datetime
import hmac
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.acts import MONEY_ROLES, Act
from portal.lib.qr import clean_code, format_code, new_code
from portal.lib.vietnamese import PhoneError, parse_phone, short_date
from portal.models import HandoverCode, Posting, ProposedChange, Unit, User
from portal.permissions import ROOT, Permission
from portal.services.proposals import Change, Line, demand_of_proposer, propose
from portal.services.refusals import needs, require_lasting_reason
from portal.services.versions import lock_row
from portal.vocabulary import ProposalState, Role

CODE_LIFETIME = datetime.timedelta(days=14)
MOST_ATTEMPTS = 5


def _units_of_account(values: dict[str, Any]) -> list[Unit | str]:
    """Return every unit whose doors the account opens, now or later; without any, the one that keeps it."""
    user, today = values["user"], timezone.localdate()
    held = Posting.objects.filter(Q(valid__contains=today) | Q(valid__startswith__gt=today), user=user)
    units: list[Unit | str] = list(Unit.objects.filter(pk__in=held.values("unit_id")))
    keeping = Unit.objects.filter(accounts=user.pk).first()
    return units or [keeping or ROOT]


#: Whoever hands out an account's code could walk through all the doors that it opens.
_NOT_WHOLE = gettext_lazy(
    "This person also works for a unit that is not yours. Ask the administrator of the unit above."
)
_NOT_YOURS = gettext_lazy("This unit is not yours to appoint people for.")
needs_whole_account = needs(Permission.MANAGE_ACCOUNTS, on=_units_of_account, sentence=_NOT_WHOLE)


def door_problems(*, username: str | None = None, phone: str | None, but: User | None = None) -> dict[str, Any]:
    """Return why these cannot be the ways into an account, by field; `but` is the account that has them already.

    A number opens one door: a user name that reads as a phone is the account's own phone and nobody else's.
    """
    problems: dict[str, Any] = {}
    others = User.objects.exclude(pk=but.pk) if but else User.objects.all()
    if username and _reads_as_phone(username) not in {None, phone}:
        problems["username"] = _("A user name may be a phone number only when it is this account's own phone.")
    if username and others.filter(pk__in=User.objects.named(username)).exists():
        problems["username"] = User._meta.get_field("username").error_messages["unique"]
    if phone and others.filter(pk__in=User.objects.called_by_phone(phone)).exists():
        problems["phone"] = _("Another account has this number as its user name.")
    return problems


def _reads_as_phone(username: str) -> str | None:
    try:
        return parse_phone(username)
    except PhoneError:
        return None


@needs(Permission.MANAGE_ACCOUNTS, on="unit")
def create_account(
    *, unit: Unit | None = None, username: str, full_name: str, phone: str | None, email: str, actor: User
) -> User:
    """Make an account that nobody can sign in to until a hand-over code has been used.

    `unit` keeps it until it has a posting (None: the root unit).
    """
    if problems := door_problems(username=username, phone=phone):
        raise ValidationError(problems)
    user = User.objects.create_user(username, email=email, full_name=full_name, phone=phone or None, unit=unit)
    audit.record(
        actor=actor,
        unit=unit,
        action=audit.Action.ACCOUNT_CREATE,
        target=user,
        fields=["username", "full_name", "phone", "email"],
    )
    return user


@needs_whole_account
def update_account(
    *, user: User, full_name: str, phone: str | None, email: str, version: str | None = None, actor: User
) -> User:
    """Change a person's name, phone or e-mail."""
    user = lock_row(User.objects.all(), user, version)
    if problems := door_problems(phone=phone, but=user):
        raise ValidationError(problems)
    new = {"full_name": full_name, "phone": phone or None, "email": email}
    changed = [name for name, value in new.items() if getattr(user, name) != value]
    for name in changed:
        setattr(user, name, new[name])
    if changed:
        user.save(update_fields=changed)
        audit.record(actor=actor, action=audit.Action.ACCOUNT_UPDATE, target=user, fields=changed)
    return user


@needs_whole_account
def set_account_active(*, user: User, active: bool, version: str | None = None, actor: User) -> User:
    """End an account today, or open it again. An ended account's sessions stop with the next request."""
    user = lock_row(User.objects.all(), user, version)
    if user.is_system:
        raise ValidationError(_("This account belongs to the server itself."))
    if user.pk == actor.pk and not active:
        raise ValidationError(_("You cannot end your own account; ask another administrator."))
    if user.is_closed_on(timezone.localdate()) == active:
        if active:
            _end_what_was_left(user)
        user.is_active = active
        user.save(update_fields=["is_active"])
        action = audit.Action.ACCOUNT_OPEN if active else audit.Action.ACCOUNT_END
        audit.record(actor=actor, action=action, target=user, fields=["is_active"])
    return user


def _end_what_was_left(user: User) -> None:
    """Before a closed account is opened again: its postings end with the day on which the person left, for good."""
    if user.locked_from is None:
        return
    later = Q(valid__upper_inf=True) | Q(valid__endswith__gt=user.locked_from)
    for posting in Posting.objects.select_for_update().filter(later, user=user):
        end = max(user.locked_from, posting.valid.lower + datetime.timedelta(days=1))
        posting.valid = DateRange(posting.valid.lower, end)
        posting.save(update_fields=["valid"])
    user.locked_from = user.work_goes_to = None
    user.save(update_fields=["locked_from", "work_goes_to"])


@needs_whole_account
def issue_handover_code(
    *, user: User, reason: str = "", version: str | None = None, actor: User
) -> str | ProposedChange:
    """Return a new one-time code to print and hand over; an earlier one that was not used stops working.

    For an account that approves, leads or administers somebody else must have agreed: without that a proposal is sent
    (with the reason) and returned instead; once it is accepted, the same person gets the code here, once.
    """
    user = lock_row(User.objects.all(), user, version)
    if user.is_system:
        raise ValidationError(_("This account belongs to the server itself."))
    if user.is_closed_on(timezone.localdate()):
        raise ValidationError(_("This account has been ended; open it again first."))
    agreed = None
    guarded_unit = _unit_of_money_role(user)
    if guarded_unit is not None and not actor.is_system:
        agreed = agreed_code(user, actor)
        if agreed is None:
            return propose(
                act=Act.HANDOVER_CODE, target=user, unit=guarded_unit, after={"code": True}, reason=reason, actor=actor
            )
    code = new_code()
    now = timezone.now()
    HandoverCode.objects.filter(user=user, used_at__isnull=True).update(used_at=now)
    handover = HandoverCode.objects.create(
        user=user, code_hash=_hash(code), issued_by=actor, expires_at=now + CODE_LIFETIME, proposal=agreed
    )
    audit.record(actor=actor, action=audit.Action.ACCOUNT_ISSUE_CODE, target=user, detail={"code": handover.pk})
    return format_code(code)


def needs_agreement(user: User) -> bool:
    """Whether a code for the account must be agreed to by a second person."""
    return _unit_of_money_role(user) is not None


def agreed_code(user: User, maker: User) -> ProposedChange | None:
    """Return the proposal by which the person may make a code for the account now, if one was accepted and not used."""
    return (
        ProposedChange.objects.on(user)
        .filter(act=Act.HANDOVER_CODE, state=ProposalState.ACCEPTED, proposed_by=maker, expires_at__gt=timezone.now())
        .exclude(pk__in=HandoverCode.objects.filter(proposal__isnull=False).values("proposal_id"))
        .first()
    )


def _unit_of_money_role(user: User) -> Unit | None:
    """Return the unit of the account's posting as approver, leader or administrator, now or later; the oldest first."""
    today = timezone.localdate()
    held = Posting.objects.filter(Q(valid__contains=today) | Q(valid__startswith__gt=today), user=user)
    posting = held.filter(role__in=[role.value for role in MONEY_ROLES]).select_related("unit").order_by("pk").first()
    return posting.unit if posting else None


def has_live_code(person: User) -> bool:
    """Whether a code of the person can still be used: it may be on paper already."""
    return _live_codes(person).exists()


def is_live_code(person: User, code: str) -> bool:
    """Whether this very code can still be used."""
    return _live_codes(person).filter(code_hash=_hash(code)).exists()


def _live_codes(person: User) -> QuerySet[HandoverCode]:
    return HandoverCode.objects.filter(
        user=person, used_at__isnull=True, expires_at__gt=timezone.now(), failed_attempts__lt=MOST_ATTEMPTS
    )


def use_handover_code(*, username: str, code: str, password: str) -> User:
    """Set the password of the account the code was made for.

    One sentence for every way of being wrong but a weak password.
    """
    wrong = ValidationError(
        {
            "code": _(
                "User name and code do not fit together, or the code has been used or has run out. Ask for a new one."
            )
        }
    )
    with transaction.atomic():
        handover = (
            HandoverCode.objects.select_for_update()
            .select_related("user")
            .filter(user__in=User.objects.named(username), user__is_active=True, used_at__isnull=True)
            .first()
        )
        if handover is None or handover.expires_at < timezone.now() or handover.failed_attempts >= MOST_ATTEMPTS:
            raise wrong
        fits = hmac.compare_digest(handover.code_hash, _hash(code))
        if not fits:
            handover.failed_attempts += 1
            handover.save(update_fields=["failed_attempts"])
        else:
            user = handover.user
            try:
                validate_password(password, user)
            except ValidationError as error:
                raise ValidationError({"password1": error.messages})
            user.set_password(password)
            user.save(update_fields=["password"])
            handover.used_at = timezone.now()
            handover.save(update_fields=["used_at"])
            audit.record(actor=user, action=audit.Action.ACCOUNT_USE_CODE, target=user, detail={"code": handover.pk})
    if not fits:  # raised outside, so that the failed attempt is counted
        raise wrong
    return user


@needs(Permission.MANAGE_ACCOUNTS, on="unit", sentence={"unit": _NOT_YOURS})
def add_posting(
    *, user: User, unit: Unit, role: str, since: datetime.date, until: datetime.date | None, reason: str = "",
    both_roles: bool = False, actor: User,
) -> Posting | ProposedChange:  # fmt: skip
    """Give a person a role on a unit from a day, up to and including a last day when one is known.

    Nobody appoints themselves (PermissionDenied). A day in the past needs a reason, which stays with the posting. An
    approver, leader or administrator is appointed by two persons: a proposal is sent and returned instead.
    Whoever would be officer and approver of one unit is asked about (code "both_roles"); `both_roles` is the way past.
    """
    if user.pk == actor.pk:
        raise PermissionDenied(_("Nobody appoints themselves."))
    if until is not None and until < since:
        raise ValidationError({"until": _("The last day must not lie before the first.")})
    if not both_roles and not actor.is_system:
        _ask_about_both_roles(user, unit, role, since)
    money = role in MONEY_ROLES and not actor.is_system
    if money:
        reason = require_lasting_reason(reason, _("Say why: a second person decides on this appointment."))
    elif since < timezone.localdate() and not actor.is_system:
        reason = require_lasting_reason(reason, _("Say why the posting begins in the past; it stays with the posting."))
    if not money:
        return _post(user=user, unit=unit, role=role, since=since, until=until, reason=reason, actor=actor)
    after = {
        "role": str(role), "unit": unit.pk, "since": since.isoformat(), "until": until.isoformat() if until else None,
    }  # fmt: skip
    return propose(act=Act.POSTING, target=user, unit=unit, after=after, reason=reason, actor=actor)


def _ask_about_both_roles(user: User, unit: Unit, role: str, since: datetime.date) -> None:
    """ValidationError where the person would be both who enters and who approves, on this unit or one above or below.

    Nobody approves what they entered themselves; but with both roles one pair of eyes is missing in a small unit.
    """
    other = {Role.OFFICER: Role.APPROVER, Role.APPROVER: Role.OFFICER}.get(Role(role))
    if other is None:
        return
    near = Q(unit_id__in=RawSQL("SELECT unit_ancestors(%s, %s)", [unit.pk, since])) | Q(
        unit_id__in=RawSQL("SELECT unit_reach(%s, %s)", [unit.pk, since])
    )
    later = Q(valid__upper_inf=True) | Q(valid__endswith__gt=since)
    held = user.postings.filter(near, later, role=other).select_related("unit").first()
    if held is not None:
        sentence = _(
            "%(name)s is %(role)s of %(unit)s already: one person would enter and approve. Tick the box if so."
        )
        params = {"name": user.full_name, "role": held.role_label, "unit": held.unit.name_on(since)}
        raise ValidationError({"role": ValidationError(sentence, code="both_roles", params=params)})


def _post(
    *, user: User, unit: Unit, role: str, since: datetime.date, until: datetime.date | None, reason: str, actor: User,
    proposal: ProposedChange | None = None,
) -> Posting:  # fmt: skip
    end = until + datetime.timedelta(days=1) if until else None
    posting = Posting.objects.create(
        user=user, unit=unit, role=role, valid=DateRange(since, end), reason=reason, proposal=proposal
    )
    detail = {"user": user.pk, "role": str(role)} | ({"proposal": proposal.pk} if proposal else {})
    audit.record(
        actor=actor, action=audit.Action.POSTING_ADD, target=posting, unit=unit, fields=["role"], detail=detail
    )
    return posting


class PostingChange(Change):
    """A person becomes approver, leader or administrator of a unit."""

    page = "account_detail"

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Appoint; whoever proposed it must still manage the unit's accounts."""
        unit, until = Unit.objects.get(pk=change.after["unit"]), change.after["until"]
        demand_of_proposer(change, Permission.MANAGE_ACCOUNTS, unit)
        _post(
            user=target, unit=unit, role=change.after["role"], since=datetime.date.fromisoformat(change.after["since"]),
            until=datetime.date.fromisoformat(until) if until else None, reason=change.reason,
            actor=change.proposed_by, proposal=change,
        )  # fmt: skip

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """Who becomes what, where and from when; what they are now stands before it."""
        today, after = timezone.localdate(), change.after
        unit = Unit.objects.get(pk=after["unit"])
        then = target.postings.in_force(timezone.localdate(change.proposed_at)).select_related("unit")
        held = ", ".join(f"{one.role_label} ({one.unit.code})" for one in then)
        since = datetime.date.fromisoformat(after["since"])
        begins = short_date(since)
        if since < timezone.localdate(change.proposed_at):
            begins = _("%(day)s (in the past)") % {"day": begins}
        until = short_date(datetime.date.fromisoformat(after["until"])) if after["until"] else _("not set")
        return [
            Line(_("Role"), held, f"{Role(after['role']).label} – {unit.name_on(today)} ({unit.code})"),
            Line(_("From"), "", begins),
            Line(_("Last day"), "", until),
        ]


class HandoverCodeChange(Change):
    """A one-time code for an account that approves, leads or administers: whoever has it is that person."""

    page = "account_detail"

    def state_of(self, target: Any, change: ProposedChange) -> dict[str, Any]:
        """Nothing of the account itself changes."""
        return {}

    def execute(self, target: Any, change: ProposedChange) -> None:
        """Nothing moves yet: whoever proposed it makes the code on the account's page, once."""
        unit = _unit_of_money_role(target)
        if unit is not None:
            demand_of_proposer(change, Permission.MANAGE_ACCOUNTS, unit)

    def lines(self, target: Any, change: ProposedChange) -> list[Line]:
        """Whose password is set anew."""
        return [Line(_("Password of the account"), "", _("set anew with a one-time code, by whoever proposes this"))]


@needs(Permission.MANAGE_ACCOUNTS, on="posting.unit", sentence=_NOT_YOURS)
def end_posting(*, posting: Posting, last_day: datetime.date, version: str | None = None, actor: User) -> Posting:
    """Let a posting end after `last_day`; one that had not begun yet ends on its first day."""
    posting = lock_row(Posting.objects.select_related("unit"), posting, version)
    end = last_day + datetime.timedelta(days=1)
    if posting.valid.upper is not None and posting.valid.upper <= end:
        raise ValidationError(_("This posting ends by that day already."))
    posting.valid = DateRange(posting.valid.lower, max(end, posting.valid.lower + datetime.timedelta(days=1)))
    posting.save(update_fields=["valid"])
    audit.record(actor=actor, action=audit.Action.POSTING_END, target=posting, unit=posting.unit, fields=["valid"])
    return posting


def _hash(code: str) -> str:
    return salted_hmac("portal.handover", clean_code(code), algorithm="sha256").hexdigest()
