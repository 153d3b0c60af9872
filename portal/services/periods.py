"""Closing half-years, exceptions from it, and the questions that every writer of facts asks of the rule."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.lib.periods import HalfYear
from portal.models import Closing, ClosingException, Unit, User
from portal.models.period import LONGEST_EXCEPTION
from portal.permissions import Permission
from portal.services.refusals import needs_nothing, require_reason
from portal.vocabulary import ClosingScope

_ENTERING = (Permission.ENTER_BATCH, Permission.FILE_SUBMISSION, Permission.MANAGE_MEMBERS, Permission.MANAGE_FUND)


@needs_nothing("a step of approving a half-year, whose right `reports` asks on the unit that is closed")
def close_half_year(*, unit: Unit, half: HalfYear, reason: str, actor: User) -> Closing | None:
    """Close the half-year for the unit and all that counts in it; waits for payments under way.

    Closing again ends exceptions early. None where it was closed already.
    """
    return _close(unit, half, ClosingScope.HALF, reason, actor)


@needs_nothing("a step of issuing a report, whose right `reports` asks on the unit that is closed")
def close_through(*, unit: Unit, half: HalfYear, reason: str, actor: User) -> Closing | None:
    """Close everything of the unit and all that counts in it through the half-year, reported or not."""
    return _close(unit, half, ClosingScope.THROUGH, reason, actor)


def _close(unit: Unit, half: HalfYear, scope: ClosingScope, reason: str, actor: User) -> Closing | None:
    _end_exceptions(unit, half, scope)
    again = Closing.objects.filter(unit=unit, half=half.code, scope=scope).exists()
    if again or (scope == ClosingScope.HALF and is_closed(unit=unit, half=half)):
        return None
    closing = Closing.objects.create(unit=unit, half=half.code, scope=scope, reason=reason, closed_by=actor)
    detail = {"half": half.code, "scope": scope.value}
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
                ClosingException.objects.filter(pk=opened.pk).update(ended_at=timezone.now())


@needs_nothing("a step of opening a half-year, whose right `reports` asks on the unit that is opened")
def grant_exception(
    *, unit: Unit, half: HalfYear, person: User, until: datetime.datetime, reason: str, actor: User
) -> ClosingException:
    """Let one person enter facts of the unit into a closed half-year until a moment; it expires by itself.

    ValidationError when the half-year is open, the person enters nothing for the unit or is who grants it, or the end
    is too far off.
    """
    reason = require_reason(reason, _("Say why this half-year is opened again."))
    now = timezone.now()
    if not now < until <= now + LONGEST_EXCEPTION:
        raise ValidationError({"until": _("Choose an end within the next 30 days.")})
    if not is_closed(unit=unit, half=half):
        raise ValidationError(_("This half-year is not closed."))
    if not person.is_active or not any(person.may(right, unit) for right in _ENTERING):
        sentence = _("%(person)s enters nothing for this unit. Choose somebody who does.")
        raise ValidationError({"person": sentence % {"person": person}})
    opened = ClosingException.objects.create(
        unit=unit, half=half.code, person=person, until=until, reason=reason, granted_by=actor
    )
    detail = {"half": half.code, "person": person.pk, "until": until.isoformat()}
    audit.record(actor=actor, action=audit.Action.PERIOD_REOPEN, target=opened, unit=unit, detail=detail)
    return opened


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


def running_exceptions(*, unit: Unit, half: HalfYear) -> list[ClosingException]:
    """Return the exceptions that run for the unit's half-year, with their people."""
    return list(ClosingException.objects.running().filter(unit=unit, half=half.code).select_related("person"))


def _ids(people: Iterable[User | int]) -> list[int]:
    return [person if isinstance(person, int) else person.pk for person in people]


def _ask(sql: str, parameters: list[Any]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        answer: str = cursor.fetchone()[0]
        return answer
