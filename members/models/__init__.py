"""Members, where they belong, what offices they hold."""

from members.models.member import (
    ERASED_NAME,
    DistinctMembers,
    Member,
    MemberChange,
    MemberQuerySet,
    holding_name,
    holding_number,
)
from members.models.membership import Membership, MembershipQuerySet, Position, PositionQuerySet

__all__ = [
    "ERASED_NAME",
    "DistinctMembers",
    "Member",
    "MemberChange",
    "MemberQuerySet",
    "Membership",
    "MembershipQuerySet",
    "Position",
    "PositionQuerySet",
    "holding_name",
    "holding_number",
]
