"""Units, people with accounts, audit, the site's own facts, search: what every app stands on."""

from portal.models.account import HandoverCode, Posting, User
from portal.models.audit import AuditEntry
from portal.models.background import AskedFile, BackgroundFile, FilePart
from portal.models.before import Before, BeforeQuerySet, counting_at
from portal.models.kept import KeptInput
from portal.models.period import Closing, ClosingException
from portal.models.person import Person, birth_columns, birth_parts, person_columns
from portal.models.proposal import ProposedChange
from portal.models.reorganisation import Reorganisation
from portal.models.search import SearchEntry
from portal.models.site import Fanpage, Highlight, SiteProfile
from portal.models.unit import (
    Level,
    NameCorrection,
    Unit,
    UnitCount,
    UnitScopedQuerySet,
    UnitSuccession,
    UnitVersion,
)

__all__ = [
    "AskedFile",
    "AuditEntry",
    "BackgroundFile",
    "Before",
    "BeforeQuerySet",
    "Closing",
    "ClosingException",
    "Fanpage",
    "FilePart",
    "HandoverCode",
    "Highlight",
    "KeptInput",
    "Level",
    "NameCorrection",
    "Person",
    "Posting",
    "ProposedChange",
    "Reorganisation",
    "SearchEntry",
    "SiteProfile",
    "Unit",
    "UnitCount",
    "UnitScopedQuerySet",
    "UnitSuccession",
    "UnitVersion",
    "User",
    "birth_columns",
    "birth_parts",
    "counting_at",
    "person_columns",
]
