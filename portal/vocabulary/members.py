"""Members: how they come, what they hold, how they leave; the learning models and the stages of their titles."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList, Entry, Text


class LeavingReason(ClosedList):
    """Why somebody is no member any more."""

    WISH, MOVED = ("wish", _("At their own wish")), ("moved", _("Moved away"))
    DIED, EXPELLED, OTHER = ("died", _("Died")), ("expelled", _("Name taken off the list")), ("other", _("Other"))


class ApplicationState(ClosedList):
    """Of somebody who asks to join (`members.models.APPLICATION_STEPS`)."""

    SENT, APPROVED = ("sent", _("Waiting")), ("approved", _("Taken in"))
    REFUSED, WITHDRAWN = ("refused", _("Not taken in")), ("withdrawn", _("Withdrawn"))


class PositionTitle(ClosedList):
    """The offices of the association, of a branch or of a chapter."""

    CHAIR, VICE_CHAIR = ("chair", _("Chair")), ("vice_chair", _("Vice chair"))
    STANDING, COMMITTEE = ("standing", _("Standing committee")), ("committee", _("Executive committee"))
    INSPECTION, SECRETARY = ("inspection", _("Inspection board")), ("secretary", _("Secretary"))
    HEAD, DEPUTY = ("head", _("Head of the chapter")), ("deputy", _("Deputy head of the chapter"))


@dataclass(frozen=True)
class _Model(Entry):
    written: str
    noun: str
    registered_label: Text
    recognised_label: Text
    share_label: Text
    is_people: bool = False


class LearningModel(ClosedList):
    """The learning models that units declare; `noun` is what is counted, `is_people` one whose small figures hide."""

    FAMILY = _Model(
        "family", _("Learning families"), "Gia đình học tập", "gia đình", _("Learning families, registered"),
        _("Learning families, recognised"), _("Learning families, share"))  # fmt: skip
    LINEAGE = _Model(
        "lineage", _("Learning lineages"), "Dòng họ học tập", "dòng họ", _("Learning lineages, registered"),
        _("Learning lineages, recognised"), _("Learning lineages, share"))  # fmt: skip
    COMMUNITY = _Model(
        "community", _("Learning communities"), "Cộng đồng học tập", "cộng đồng", _("Learning communities, registered"),
        _("Learning communities, recognised"), _("Learning communities, share"))  # fmt: skip
    ORGANISATION = _Model(
        "organisation", _("Learning organisations"), "Đơn vị học tập", "đơn vị",
        _("Learning organisations, registered"), _("Learning organisations, recognised"),
        _("Learning organisations, share"))  # fmt: skip
    CITIZEN = _Model(
        "citizen", _("Learning citizens"), "Công dân học tập", "người", _("Learning citizens, registered"),
        _("Learning citizens, recognised"), _("Learning citizens, share"), is_people=True)  # fmt: skip

    written: str
    noun: str
    registered_label: Text
    recognised_label: Text
    share_label: Text
    is_people: bool


class TitleState(ClosedList):
    """Of a title on its way (`members.models.TITLE_STEPS`); each is a stage that is counted by itself."""

    REGISTERED, DOSSIER = ("registered", _("Registered")), ("dossier", _("Dossier handed in"))
    ASSESSED, EVALUATED = ("assessed", _("Self-assessed")), ("evaluated", _("Evaluated"))
    RECOGNISED, REFUSED = ("recognised", _("Recognised")), ("refused", _("Not recognised"))
