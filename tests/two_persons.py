"""The second person of an act: agrees to what another has proposed."""

from __future__ import annotations

from portal.models import ProposedChange, Unit, User
from portal.services.proposals import accept_change
from portal.vocabulary import Role
from tests import factories


def second_person(unit: Unit | None = None) -> User:
    """A leader of the city (or of the unit) who has proposed nothing."""
    unit = unit or Unit.objects.get(code="HP")
    name = f"nguoi.thu.hai.{unit.code.lower()}"
    found = User.objects.filter(username=name).first()
    return found or factories.make_user(name, role=Role.LEADER, unit=unit)


def agree(change: ProposedChange | None = None, by: User | None = None) -> ProposedChange:
    """Accept a proposal (the only one that waits), by another person."""
    change = change or ProposedChange.objects.waiting().get()
    assert isinstance(change, ProposedChange)
    return accept_change(change=change, actor=by or second_person())
