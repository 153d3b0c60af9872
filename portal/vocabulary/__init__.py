"""Every closed list of the portal, once: code, label, order, and the words by which officers name an entry.

Models take their choices and CHECKs from here (`portal.models.closed`); reading, figures, documents, charts, forms and
templates iterate over it. Nobody else writes one of these codes: `tests/test_vocabulary.py` looks for them.
Pure: no model, no request, of Django only the translation of labels. The order of the entries is the order on screen.

`label` is for the screen, in its language. `written` is Vietnamese in every language: for what is stored or printed.
`words` are what officers write in headings, cells and titles.
"""

from __future__ import annotations

from portal.vocabulary.giving import (
    HARDSHIP,
    BatchMode,
    Circumstance,
    ConsentPurpose,
    DonorKind,
    EntryKind,
    IntakeKind,
    PaperKind,
    ProgrammeKind,
    RecipientKind,
    Recurrence,
    Source,
    TopUpAnswer,
)
from portal.vocabulary.members import (
    ApplicationState,
    LearningModel,
    LeavingReason,
    NumberPurpose,
    PositionTitle,
    TitleStage,
    TitleState,
    TitleVerb,
)
from portal.vocabulary.people import Gender, Role
from portal.vocabulary.states import (
    ArticleState,
    AskedFileKind,
    Badge,
    BatchState,
    DocumentKind,
    ProposalState,
    ReportFileKind,
    ReportState,
    ReviewKind,
    SubmissionState,
    TaskState,
)
from portal.vocabulary.units import ClosingScope, CountKind, LevelWord, Reporting, SuccessionKind, ZeroWord

#: The shortest reason, in letters, for what can never be taken back; CHECKs and services ask for the same.
SHORTEST_REASON = 10
LONGEST_REASON = 300

__all__ = [
    "HARDSHIP",
    "LONGEST_REASON",
    "SHORTEST_REASON",
    "ApplicationState",
    "ArticleState",
    "AskedFileKind",
    "Badge",
    "BatchMode",
    "BatchState",
    "Circumstance",
    "ClosingScope",
    "ConsentPurpose",
    "CountKind",
    "DocumentKind",
    "DonorKind",
    "EntryKind",
    "Gender",
    "IntakeKind",
    "LearningModel",
    "LeavingReason",
    "LevelWord",
    "NumberPurpose",
    "PaperKind",
    "PositionTitle",
    "ProgrammeKind",
    "ProposalState",
    "RecipientKind",
    "Recurrence",
    "ReportFileKind",
    "ReportState",
    "Reporting",
    "ReviewKind",
    "Role",
    "Source",
    "SubmissionState",
    "SuccessionKind",
    "TaskState",
    "TitleStage",
    "TitleState",
    "TitleVerb",
    "TopUpAnswer",
    "ZeroWord",
]
