"""Members: how they come, what they hold, how they leave; the learning models and the stages of their titles."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList, Entry, Text


class LeavingReason(ClosedList):
    """Why somebody is no member any more."""

    WISH, MOVED = ("wish", _("At their own wish")), ("moved", _("Moved away"))
    DIED, EXPELLED, OTHER = ("died", _("Died")), ("expelled", _("Name taken off the list")), ("other", _("Other"))


class NumberPurpose(ClosedList):
    """For what somebody looks at a member's citizen number."""

    PAPERS, AWARD = ("papers", _("Compare it with the person's papers")), ("award", _("Dossier of a commendation"))
    PAYMENT = ("payment", _("Payment, bank or insurance"))
    AUTHORITY, PERSON = ("authority", _("An authority asks by law")), ("person", _("The person asks"))
    TWICE, OTHER = ("twice", _("Tell two entries apart")), ("other", _("Other"))


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


@dataclass(frozen=True)
class _Stage(Entry):
    definition: Text


class TitleStage(ClosedList):
    """What of the titles on the portal's lists is counted, each stage by itself; `label` follows the model's."""

    REGISTERED = _Stage("registered", _("on the lists, registered"), _(
        "Titles on the lists of this portal that were registered in the half-year. Kept apart from what units declare."
    ))  # fmt: skip
    DOSSIERS = _Stage("dossiers", _("on the lists, dossiers handed in"), _(
        "Titles on the lists of this portal whose dossier was handed in in the half-year."
    ))  # fmt: skip
    ASSESSED = _Stage("assessed", _("on the lists, self-assessed"), _(
        "Titles on the lists of this portal whose holder assessed themselves in the half-year."
    ))  # fmt: skip
    EVALUATED = _Stage("evaluated", _("on the lists, evaluated"), _(
        "Titles on the lists of this portal that were evaluated in the half-year."
    ))  # fmt: skip
    RECOGNISED = _Stage("recognised", _("on the lists, recognised"), _(
        "Titles on the lists of this portal that were recognised by a decision of the half-year. Kept apart from what "
        "units declare."
    ))  # fmt: skip
    REVOKED = _Stage("revoked", _("on the lists, recognition taken away"), _(
        "Recognitions of earlier half-years taken away in this one. They are never taken off those of this half-year."
    ))  # fmt: skip

    definition: Text


@dataclass(frozen=True)
class _TitleState(Entry):
    badge: str


class TitleState(ClosedList):
    """Of a title on its way (`members.models.TITLE_STEPS`); `badge` is the state whose colour and sign it has."""

    REGISTERED = _TitleState("registered", _("Registered"), "draft")
    DOSSIER = _TitleState("dossier", _("Dossier handed in"), "submitted")
    ASSESSED = _TitleState("assessed", _("Self-assessed"), "submitted")
    EVALUATED = _TitleState("evaluated", _("Evaluated"), "pending")
    RECOGNISED = _TitleState("recognised", _("Recognised"), "approved")
    REFUSED = _TitleState("refused", _("Not recognised"), "refused")
    REVOKED = _TitleState("revoked", _("Recognition taken away"), "revoked")
    WITHDRAWN = _TitleState("withdrawn", _("Registration taken back"), "withdrawn")

    badge: str


@dataclass(frozen=True)
class _Verb(Entry):
    slug: str
    done: Text


class TitleVerb(ClosedList):
    """A step of titles, taken for one or for many at once (`members.models.TITLE_STEPS`); `slug` is its address."""

    HAND_IN = _Verb("hand_in", _("Dossier handed in"), "nop-ho-so", _("The dossiers are recorded."))
    ASSESS = _Verb("assess", _("Self-assessment"), "tu-danh-gia", _("The self-assessments are recorded."))
    EVALUATE = _Verb("evaluate", _("Evaluation"), "danh-gia", _("The evaluations are recorded."))
    RECOGNISE = _Verb("recognise", _("Recognise"), "cong-nhan", _("They are recognised."))
    REFUSE = _Verb("refuse", _("Do not recognise"), "khong-cong-nhan", _("They are not recognised."))
    TAKE_BACK = _Verb("take_back", _("One step back"), "lui-buoc", _("They stand one step before."))
    REOPEN = _Verb("reopen", _("Take the decision back"), "rut-quyet-dinh", _("The decision is taken back."))
    REVOKE = _Verb("revoke", _("Take the recognition away"), "thu-hoi", _("The recognition is taken away."))
    WITHDRAW = _Verb("withdraw", _("Registration withdrawn"), "rut-dang-ky", _("The registration is withdrawn."))

    slug: str
    done: Text
