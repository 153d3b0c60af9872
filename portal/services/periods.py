"""Closing half-years, exceptions from it, and the questions that every writer of facts asks of the rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.models import Closing, ClosingException, Posting, ProposedChange, Unit, User
from portal.models.period import LONGEST_EXCEPTION
from portal.permissions import Permission, roles_granting
from portal.services.refusals import needs, needs_nothing, require_reason
from portal.services.versions import lock_row
from portal.vocabulary import ClosingScope

#: How long a closing waits for payments under way: a list of thousands of rows takes its time.
CLOSING_WAIT = "20s"
_ENTERING = (Permission.ENTER_BATCH, Permission.FILE_SUBMISSION, Permission.MANAGE_MEMBERS, Permission.MANAGE_FUND)


@needs_nothing("a step of approving a half-year, whose right `reports` asks on the unit that is closed")
def close_half_year(
    *, unit: Unit, half: HalfYear, reason: str, from_day: datetime.date | None = None, actor: User
) -> Closing | None:
    """Close the half-year for the unit and all that counts in it, at once or from a day; waits for payments under way.

    Closing again ends exceptions early. None where it was closed already.
    """
    return _close(unit, half, ClosingScope.HALF, reason, actor, from_day)


@needs_nothing("a step of issuing a report, whose right `reports` asks on the unit that is closed")
def close_through(*, unit: Unit, half: HalfYear, reason: str, actor: User) -> Closing | None:
    """Close everything of the unit and all that counts in it through the half-year, reported or not."""
    return _close(unit, half, ClosingScope.THROUGH, reason, actor)


def _close(
    unit: Unit, half: HalfYear, scope: ClosingScope, reason: str, actor: User, from_day: datetime.date | None = None
) -> Closing | None:
    _end_exceptions(unit, half, scope)
    again = Closing.objects.filter(unit=unit, half=half.code, scope=scope).exists()
    if again or (scope == ClosingScope.HALF and is_closed(unit=unit, half=half)):
        return None
    with connection.cursor() as cursor:  # longer, and `guarded` says that somebody else is posting now
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [CLOSING_WAIT])
    closing = Closing.objects.create(
        unit=unit, half=half.code, scope=scope, reason=reason, from_day=from_day, closed_by=actor
    )
    detail = {"half": half.code, "scope": scope.value}
    if from_day is not None:
        detail["from_day"] = from_day.isoformat()
    audit.record(actor=actor, action=audit.Action.PERIOD_LOCK, target=closing, unit=unit, detail=detail)
    return closing


def _end_exceptions(unit: Unit, half: HalfYear, scope: ClosingScope) -> None:
    """End what is opened of the half-years that are closed now, for the unit and all that counts in it."""
    reach = {"half": half.code} if scope == ClosingScope.HALF else {"half__lte": half.code}
    for opened in ClosingException.objects.running().filter(**reach).order_by("pk"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT %s IN (SELECT unit_counted_in(%s, half_last_day(%s)))", [unit.pk, opened.unit_id, opened.half]
            )
            if cursor.fetchone()[0]:
                still = ClosingException.objects.filter(
                    pk=opened.pk, ended_at__isnull=True
                )  # of two closings, one ends it
                still.update(ended_at=timezone.now())


def check_exception(*, unit: Unit, half: HalfYear, person: User, until: datetime.datetime) -> None:
    """Refuse an exception that could not be: the half-year is open, the person enters nothing, the end is far off."""
    now = timezone.now()
    if not now < until <= now + LONGEST_EXCEPTION:
        raise ValidationError({"until": _("Choose an end within the next 30 days.")})
    if not is_closed(unit=unit, half=half):
        raise ValidationError(_("This half-year is not closed."))
    if not person.is_active or not any(person.may(right, unit) for right in _ENTERING):
        sentence = _("%(person)s enters nothing for this unit. Choose somebody who does.")
        raise ValidationError({"person": sentence % {"person": person}})


@needs_nothing("what two persons have agreed to, or the server itself does: `reports` asks the right on the unit")
def grant_exception(
    *, unit: Unit, half: HalfYear, person: User, until: datetime.datetime, reason: str,
    proposal: ProposedChange | None = None, actor: User,
) -> ClosingException:  # fmt: skip
    """Let one person enter facts of the unit into a closed half-year until a moment; it expires by itself.

    `actor` is who proposed it; without a `proposal` that is the server. ValidationError as `check_exception`.
    """
    reason = require_reason(reason, _("Say why this half-year is opened again."))
    check_exception(unit=unit, half=half, person=person, until=until)
    opened = ClosingException.objects.create(
        unit=unit, half=half.code, person=person, until=until, reason=reason, granted_by=actor,
        agreed_by=proposal.decided_by if proposal else None, proposal=proposal,
    )  # fmt: skip
    detail: dict[str, Any] = {"half": half.code, "person": person.pk, "until": until.isoformat()}
    if proposal is not None:
        detail |= {"proposal": proposal.pk, "agreed_by": proposal.decided_by_id}
    audit.record(actor=actor, action=audit.Action.PERIOD_REOPEN, target=opened, unit=unit, detail=detail)
    return opened


@needs(Permission.APPROVE_SUBMISSION, on="exception.unit")
def end_exception(*, exception: ClosingException, version: str | None = None, actor: User) -> ClosingException:
    """End an exception before its time: from now on the half-year is closed for its person too. One person may."""
    exception = lock_row(ClosingException.objects.select_related("unit"), exception, version)
    if not exception.is_running:
        raise ValidationError(_("This has run out or been ended already."))
    exception.ended_at = timezone.now()
    exception.save(update_fields=["ended_at"])
    detail = {"half": exception.half, "person": exception.person_id}
    audit.record(
        actor=actor, action=audit.Action.PERIOD_END_EXCEPTION, target=exception, unit=exception.unit, detail=detail
    )
    return exception


def people_entering(unit: Unit) -> QuerySet[User]:
    """Return whoever enters facts of the unit today, by name: posted to it, above it, or to an heir."""
    roles = sorted({role for right in _ENTERING for role in roles_granting(right)})
    today = timezone.localdate()
    above = RawSQL("SELECT unit_counted_in(%s, %s)", [unit.pk, today])
    postings = Posting.objects.in_force(today).filter(role__in=roles, unit_id__in=above)
    return User.objects.filter(is_active=True, pk__in=postings.values("user_id")).order_by("full_name", "pk")


def is_closed(*, unit: Unit, half: HalfYear, people: Iterable[User | int] = ()) -> bool:
    """Whether the half-year takes no more facts of the unit; `people` may have an exception (one query)."""
    return bool(_ask("SELECT period_is_closed(%s, %s, %s::bigint[])", [unit.pk, half.code, _ids(people)]))


def next_open_half(*, unit: Unit, half: HalfYear, people: Iterable[User | int] = ()) -> HalfYear:
    """The half-year itself while it is open, else the first after everything closed of the unit (one query).

    Facts learned late count there; it is never a gap between closed half-years.
    """
    return HalfYear.parse(_ask("SELECT first_open_half(%s, %s, %s::bigint[])", [unit.pk, half.code, _ids(people)]))


def half_to_reverse_in(*, unit: Unit, half: HalfYear, people: Iterable[User | int] = ()) -> HalfYear:
    """The half-year itself while it is open, else the one of today, on which it is taken back (or the next open one).

    There it is a line of its own: nothing that the closed half-year published changes.
    """
    if not is_closed(unit=unit, half=half, people=people):
        return half
    today = max(half, HalfYear.containing(timezone.localdate()))
    return next_open_half(unit=unit, half=today, people=people)


def open_half_and_closed(
    *, unit: Unit, half: HalfYear, back: int, people: Iterable[User | int] = ()
) -> tuple[HalfYear, list[HalfYear]]:
    """Return `next_open_half`, and which of the `back` half-years before it are closed, newest first (one query)."""
    ids = _ids(people)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT w.half, ARRAY("
            "  SELECT b.half FROM generate_series(1, %s) n CROSS JOIN LATERAL"
            "  (SELECT half_of((half_first_day(w.half) - make_interval(months => 6 * n))::date) AS half) b"
            "  WHERE period_is_closed(%s, b.half, %s::bigint[]) ORDER BY n)"
            " FROM (SELECT first_open_half(%s, %s, %s::bigint[]) AS half) w",
            [back, unit.pk, ids, unit.pk, half.code, ids],
        )
        found, closed = cursor.fetchone()
    return HalfYear.parse(found), [HalfYear.parse(code) for code in closed]


def closed_units(*, ids: Iterable[int], half: HalfYear) -> set[int]:
    """Return those of the units (by id) whose half-year is closed, exceptions left aside (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM unnest(%s::bigint[]) AS u(id) WHERE closed_by_rule(id, %s, 'infinity')",
            [list(ids), half.code],
        )
        return {pk for (pk,) in cursor.fetchall()}


def closes_from(*, unit: Unit, half: HalfYear) -> datetime.date | None:
    """Return from which day the half-year closes by itself, where it was approved before its end; None otherwise."""
    later = Closing.objects.filter(unit=unit, half=half.code, from_day__gt=timezone.localdate())
    return later.values_list("from_day", flat=True).first()


def running_exceptions(*, unit: Unit, half: HalfYear) -> list[ClosingException]:
    """Return the exceptions that run for the unit's half-year, with their people."""
    return list(
        ClosingException.objects.running()
        .filter(unit=unit, half=half.code)
        .select_related("person", "granted_by", "agreed_by")
    )


def _ids(people: Iterable[User | int]) -> list[int]:
    return [person if isinstance(person, int) else person.pk for person in people]


def _ask(sql: str, parameters: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        answer: str = cursor.fetchone()[0]
        return answer
