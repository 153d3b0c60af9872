"""What programmes allow: so many turns of a unit in a half-year, and how often one person."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from portal.lib.vietnamese import format_int
from portal.vocabulary import BatchState, Recurrence
from scholarships.models import Batch, Disbursement, Programme, RecipientVerdict
from scholarships.services.rules import recurrence_problem, season

_MOST_SAID = 5


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


def limited_programmes(batch: Batch) -> QuerySet[Programme]:
    """Return the programmes of the list's rows that have places, or give to a person only so often."""
    named = batch.disbursements.standing().order_by().values("programme")
    return Programme.objects.filter(~Q(recurrence=Recurrence.UNLIMITED) | Q(places__isnull=False), pk__in=named)


def find_overdrawn(batch: Batch) -> list[Overdrawn]:
    """Return the programmes of which the list, with the unit's others, takes more places than there are.

    Reversed rows give their places back, and a row that replaces another takes none.
    """
    limited = limited_programmes(batch).filter(places__isnull=False).in_bulk()
    if not limited:
        return []
    taken = (
        Disbursement.objects.standing()
        .filter(unit=batch.unit_id, half=batch.half, programme__in=limited, replaces__isnull=True)
        .filter(Q(batch=batch) | Q(batch__state__in=_states_beside(batch)))
        .order_by()
        .values_list("programme")
        .annotate(turns=Count("id"))
    )
    found = [Overdrawn(limited[pk], turns) for pk, turns in taken if turns > (limited[pk].places or 0)]
    return sorted(found, key=lambda one: one.programme.name)


def find_repeated(batch: Batch) -> list[str]:
    """Return a sentence for each row whose person has had what the programme gives once, on this list or on another.

    Two recipients may have turned out to be one person after both rows were entered.
    """
    programmes = limited_programmes(batch).exclude(recurrence=Recurrence.UNLIMITED).in_bulk()
    if not programmes:
        return []
    given = Disbursement.objects.standing().filter(programme__in=programmes).with_person()
    columns = ("pk", "programme_id", "person_id", "given_on", "half", "replaces_id", "recipient__full_name")
    mine = list(given.filter(batch=batch).order_by("pk").values_list(*columns))
    replaced = {row[5] for row in mine if row[5]}
    people = {row[2] for row in mine}
    joined = RecipientVerdict.objects.joining().filter(kept__in=people).values_list("other_id", flat=True)
    others = given.filter(recipient__in=people | set(joined), batch__state__in=_states_beside(batch))
    had = {
        (programme, person, season(programmes[programme], day, half)): day
        for pk, programme, person, day, half, *_rest in others.exclude(batch=batch).values_list(*columns)
        if pk not in replaced
    }
    found = []
    for _pk, programme, person, day, half, _replaces, name in mine:
        key = (programme, person, season(programmes[programme], day, half))
        if key in had:
            found.append(recurrence_problem(programmes[programme], name, had[key]))
        had.setdefault(key, day)
    return found


def problems_of_programmes(batch: Batch) -> list[str]:
    """Return what the list's programmes do not allow, in sentences; at most five of people, and how many there are."""
    people = find_repeated(batch)
    more = len(people) - _MOST_SAID
    said = [one.sentence for one in find_overdrawn(batch)] + people[:_MOST_SAID]
    if more > 0:
        said.append(_("And %(count)s more such rows.") % {"count": format_int(more)})
    return said


def demand_programmes(batch: Batch) -> None:
    """Raise ValidationError with what the list's programmes do not allow."""
    if said := problems_of_programmes(batch):
        raise ValidationError([ValidationError(one.replace("%", "%%"), code="places") for one in said])


def _states_beside(batch: Batch) -> list[str]:
    """Return which other lists count: those sent; beside one that waits for approval, those approved before it."""
    before = set(BatchState.those("is_editable"))
    if batch.state == BatchState.SUBMITTED:
        before.add(BatchState.SUBMITTED)
    return sorted(set(BatchState.values) - before)
