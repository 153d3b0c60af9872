"""Members, where they belong, who asks to join, what titles they hold."""

from members.models.joining import (
    APPLICATION_STEPS,
    ConsentText,
    MemberCard,
    MemberConsent,
    MembershipApplication,
    MembershipApplicationQuerySet,
)
from members.models.member import (
    ERASED_NAME,
    DistinctMembers,
    Member,
    MemberChange,
    MemberQuerySet,
    Unsorted,
    expected_holders,
    holding_name,
    holding_number,
)
from members.models.membership import Membership, MembershipQuerySet, Position, PositionQuerySet
from members.models.title import TITLE_STEPS, CriteriaSet, LearningSubject, LearningTitle

__all__ = [
    "APPLICATION_STEPS",
    "ERASED_NAME",
    "TITLE_STEPS",
    "ConsentText",
    "CriteriaSet",
    "DistinctMembers",
    "LearningSubject",
    "LearningTitle",
    "Member",
    "MemberCard",
    "MemberChange",
    "MemberConsent",
    "MemberQuerySet",
    "Membership",
    "MembershipApplication",
    "MembershipApplicationQuerySet",
    "MembershipQuerySet",
    "Position",
    "PositionQuerySet",
    "Unsorted",
    "expected_holders",
    "holding_name",
    "holding_number",
]
