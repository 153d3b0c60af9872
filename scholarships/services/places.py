"""Places of programmes: how many turns a unit may give under each in a half-year."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from portal.lib.vietnamese import format_int
from portal.vocabulary import BatchState
from scholarships.models import Batch, Disbursement, Programme

_UNSENT = BatchState.those("is_editable")


@dataclass(frozen=True)
class Overdrawn:
    """A programme of which a unit's half-year would have more turns than it has places."""

    programme: Programme
    turns: int

    @property
    def sentence(self) -> str:
        """Say which, how many, and what to do."""
        return _(
            "“%(programme)s” has %(places)s places for the unit in this half-year; with this batch %(turns)s would be "
            "given. Take rows out, or ask for more places."
        ) % {
            "programme": self.programme.name,
            "places": format_int(self.programme.places or 0),
            "turns": format_int(self.turns),
        }


def find_overdrawn(batch: Batch) -> list[Overdrawn]:
    """Return the programmes of which the list, with what the unit has sent before, takes more places than there are.

    Reversed rows give their places back, and a row that replaces another takes none.
    """
    named = batch.disbursements.standing().filter(programme__places__isnull=False).order_by()
    limited = Programme.objects.in_bulk(named.values_list("programme", flat=True).distinct())
    taken = (
        Disbursement.objects.standing()
        .filter(unit=batch.unit_id, half=batch.half, programme__in=limited, replaces__isnull=True)
        .filter(Q(batch=batch) | ~Q(batch__state__in=_UNSENT))
        .order_by()
        .values_list("programme")
        .annotate(turns=Count("id"))
    )
    found = [Overdrawn(limited[pk], turns) for pk, turns in taken if turns > (limited[pk].places or 0)]
    return sorted(found, key=lambda one: one.programme.name)


def demand_places(batch: Batch) -> None:
    """Raise ValidationError, naming each programme, where the list takes more places than there are."""
    if over := find_overdrawn(batch):
        raise ValidationError([ValidationError(one.sentence, code="places") for one in over])
