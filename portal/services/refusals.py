"""What services refuse, in one vocabulary: a right that is missing, a state that has moved on, the database's guards.

Every service that writes is marked by `needs`: it runs in one transaction, asks the right on each object that it
changes, and what the database's guards refuse in it is a sentence for the user.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, ParamSpec, TypeVar

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, OperationalError, connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.lib.vietnamese import normalize
from portal.models import Unit, User
from portal.permissions import ROOT, Permission
from portal.vocabulary import LONGEST_REASON, SHORTEST_REASON

REMOVED = gettext_lazy("What you were working on has been removed in the meantime. Nothing was saved.")
P = ParamSpec("P")
R = TypeVar("R")

_TOO_LONG = "22001"  # PostgreSQL: a text is longer than its column
_BUSY = {"55P03", "40P01"}  # PostgreSQL: a lock was not given in time; two transactions waited for each other


class ConflictError(Exception):
    """What the person saw is no longer what stands; nothing was written. Answered 409 by the middleware.

    `str()` is the sentence; `changes` are pairs of what differs and how it stands now ("" when that is not told);
    `current` is the row as it stands, for pages that set both texts side by side.
    """

    def __init__(
        self, sentence: str | Promise, *, changes: Sequence[tuple[str, str]] = (), current: Any = None
    ) -> None:
        super().__init__(sentence)
        self.changes = list(changes)
        self.current = current


class ForbiddenError(ValidationError):
    """Something that no page offers, or that is not the person's to do, though it is said in the form.

    A forged field, one's own list, another unit's money: `attempt` writes it into the audit. What its page does not
    even offer (`OFFERED_NOWHERE`, by code) is answered 409 instead, and written down there.
    """

    OFFERED_NOWHERE: ClassVar[frozenset[str]] = frozenset({"allotment", "disbursement_replaces", "fund_of_another"})

    @property
    def is_offered_nowhere(self) -> bool:
        """Whether the page that was answered offered no such thing."""
        return getattr(self, "code", None) in self.OFFERED_NOWHERE


def demand(actor: User, permission: Permission, on: Unit | str) -> None:
    """Raise PermissionDenied unless the person holds the right on the unit (`ROOT`: on the root unit)."""
    if not holds(actor, permission, on):
        raise PermissionDenied


def holds(actor: User, permission: Permission, on: Unit | str) -> bool:
    """Whether the person holds the right on the unit (`ROOT`: on the root unit)."""
    return actor.may(permission, on) if isinstance(on, Unit) else actor.may_at_root(permission)


def require_reason(text: str, sentence: str, *, least: int = 1, field: str = "reason") -> str:
    """Return the reason, tidied; ValidationError when it is missing (`sentence`), too short or too long.

    `least` is SHORTEST_REASON where the reason stands in a book for ever.
    """
    reason = normalize(text)
    if not reason:
        raise ValidationError({field: sentence})
    if len(reason) < least:
        raise ValidationError(
            {field: _("Write at least %(count)d letters: the reason stays in the books for ever.") % {"count": least}}
        )
    if len(reason) > LONGEST_REASON:
        said = ngettext(
            "The reason has %(count)d letter; at most %(limit)d fit.",
            "The reason has %(count)d letters; at most %(limit)d fit.",
            len(reason),
        )
        raise ValidationError({field: said % {"count": len(reason), "limit": LONGEST_REASON}})
    return reason


def require_lasting_reason(text: str, sentence: str) -> str:
    """Return a reason that stands in a book for ever: at least ten letters."""
    return require_reason(text, sentence, least=SHORTEST_REASON)


@contextmanager
def guarded() -> Iterator[None]:
    """One transaction; what the database's guards refuse in it is said in the words of the model that they guard.

    A constraint says its `violation_error_message`, a unique column its own message, a trigger the sentence that its
    model's `guards` has for the trigger's name. Waiting too long for a lock is a ConflictError. What has no sentence
    is raised as it is.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
    except DataError as error:
        if getattr(error.__cause__, "sqlstate", "") != _TOO_LONG:
            raise
        raise ValidationError(
            _("One of the texts is too long. Nothing was saved; shorten it."), code="too_long"
        ) from error
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in _BUSY:
            raise
        raise ConflictError(
            _("Somebody else is posting at this moment. Nothing was saved; try again in a minute.")
        ) from error


def _refusal_of(error: IntegrityError) -> ValidationError | None:
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        return None
    named = {diagnosis.constraint_name, (diagnosis.message_primary or "").partition(":")[0]}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name in named and _has_words(constraint):
                return ValidationError(constraint.get_violation_error_message(), code=constraint.name)
        guards: dict[str, Any] = getattr(model, "guards", {})
        for name in named.intersection(guards):
            return ValidationError(_in_words(guards[name]), code=name)
        if model._meta.db_table == diagnosis.table_name and (taken := _find_taken_column(model, error)):
            return taken
    return None


def _has_words(constraint: models.BaseConstraint) -> bool:
    return constraint.violation_error_message != constraint.default_violation_error_message


def _in_words(guard: str | Promise | dict[str, str | Promise]) -> Any:
    return {field: str(text) for field, text in guard.items()} if isinstance(guard, dict) else str(guard)


def _find_taken_column(model: type[models.Model], error: IntegrityError) -> ValidationError | None:
    """Return the refusal of a column whose values must differ, by the name that Django gave to its index."""
    name: str = getattr(error.__cause__, "diag").constraint_name or ""  # noqa: B009 - known to be there
    for field in model._meta.concrete_fields:
        if field.unique and not field.primary_key and name.startswith(f"{model._meta.db_table}_{field.column}"):
            return ValidationError({field.name: field.error_messages["unique"]}, code=name)
    return None


# -- rights

Place = str | Callable[[dict[str, Any]], Iterable["Unit | str"]]


@dataclass(frozen=True)
class Needs:
    """What a service declares: one of the rights, asked on each of the places; or why it asks for none."""

    permissions: tuple[Permission, ...] = ()
    places: tuple[Place, ...] = ()
    reason: str = ""


def needs(
    *permissions: Permission, on: Place | tuple[Place, ...], sentence: Any = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare the right that a service asks for (one of several) and every object on which it is asked.

    `on` names arguments: "unit" a unit, "batch.unit" the unit of the list as it stands in the database, `ROOT` the root
    unit; an argument that is None or not given is passed over, and what belongs to no unit belongs to the root. A
    function finds units itself. Where a form may well name what is not the person's, `sentence` says so in the form
    (as ValidationError takes it) instead of the page for a missing right. The service runs in one `guarded`
    transaction, in which the question is asked first.
    """
    places = on if isinstance(on, tuple) else (on,)

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(service)

        @functools.wraps(service)
        def guarded_service(*args: P.args, **kwargs: P.kwargs) -> R:
            values = signature.bind(*args, **kwargs).arguments
            actor: User = values["actor"]
            with guarded():
                _act_as(actor)
                if not actor.is_system:
                    for unit in [unit for place in places for unit in _units_at(place, values)] or [ROOT]:
                        if not any(holds(actor, permission, unit) for permission in permissions):
                            raise PermissionDenied if sentence is None else ForbiddenError(sentence)
                return service(*args, **kwargs)

        guarded_service.needs = Needs(permissions, places)  # type: ignore[attr-defined]  # read by the architecture test
        return guarded_service

    return decorate


def needs_nothing(reason: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare that a service asks for no right itself, and why; it runs in one `guarded` transaction all the same."""

    def decorate(service: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(service)
        def guarded_service(*args: P.args, **kwargs: P.kwargs) -> R:
            with guarded():
                if isinstance(actor := kwargs.get("actor"), User):
                    _act_as(actor)
                return service(*args, **kwargs)

        guarded_service.needs = Needs(reason=reason)  # type: ignore[attr-defined]  # read by the architecture test
        return guarded_service

    return decorate


def _act_as(actor: User) -> None:
    """Tell the database who acts until the transaction ends: exceptions from closed half-years are for one person."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('portal.actor', %s, true)", [str(actor.pk)])


def _units_at(place: Place, values: dict[str, Any]) -> list[Unit | str]:
    """Return the units that a place of `needs` means, read anew: what a caller holds in hand proves nothing."""
    if not isinstance(place, str):
        return list(place(values))
    if place is ROOT:
        return [ROOT]
    name, _dot, path = place.partition(".")
    thing = values.get(name)
    if thing is None:
        return []
    if not path:
        return [thing]
    if not isinstance(thing, models.Model):  # a plan, which knows its unit
        return [functools.reduce(getattr, path.split("."), thing)]
    found = type(thing)._base_manager.filter(pk=thing.pk).values_list(path.replace(".", "__"), flat=True)[:1]
    if not found:
        raise ConflictError(REMOVED)
    return [ROOT if found[0] is None else Unit(pk=found[0])]
