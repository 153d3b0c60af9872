"""Members, where they belong, who asks to join, what titles they hold."""

from members.models.card import MemberCard, TitleCertificate
from members.models.citizen import CitizenNumber, NumberReveal, digest_of
from members.models.finding import FoundMembers
from members.models.joining import (
    APPLICATION_STEPS,
    ConsentText,
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
    holding_number,
    holding_words,
    words_of,
)
from members.models.membership import (
    Membership,
    MembershipBefore,
    MembershipQuerySet,
    Position,
    PositionQuerySet,
    counts_at_end_of,
    joins_in,
)
from members.models.title import (
    STAGES,
    TITLE_STEPS,
    CriteriaSet,
    LearningSubject,
    LearningTitle,
    LearningTitleQuerySet,
    TitleBefore,
    TitleChange,
    stage_counts_in,
)
from members.models.twins import FoundTwins, MemberJoin, Twins

__all__ = [
    "APPLICATION_STEPS",
    "ERASED_NAME",
    "STAGES",
    "TITLE_STEPS",
    "CitizenNumber",
    "ConsentText",
    "CriteriaSet",
    "DistinctMembers",
    "FoundMembers",
    "FoundTwins",
    "LearningSubject",
    "LearningTitle",
    "LearningTitleQuerySet",
    "Member",
    "MemberCard",
    "MemberChange",
    "MemberConsent",
    "MemberJoin",
    "MemberQuerySet",
    "Membership",
    "MembershipApplication",
    "MembershipApplicationQuerySet",
    "MembershipBefore",
    "MembershipQuerySet",
    "NumberReveal",
    "Position",
    "PositionQuerySet",
    "TitleBefore",
    "TitleCertificate",
    "TitleChange",
    "Twins",
    "counts_at_end_of",
    "digest_of",
    "holding_number",
    "holding_words",
    "joins_in",
    "stage_counts_in",
    "words_of",
]
