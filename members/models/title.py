"""The five learning models: whom they are for, by which criteria, and every title on its way to its decision."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from functools import reduce
from operator import and_, or_
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, F, Func, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.member import ERASED_NAME, Member
from portal.lib.periods import HalfYear
from portal.models import Before, Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.period import half_field
from portal.models.unit import same_value
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import LearningModel, TitleStage, TitleState, TitleVerb

State = TitleState
_KEEPS, _DECIDES = (Permission.MANAGE_MEMBERS,), (Permission.RECOGNISE_TITLE,)
_OPEN = (State.REGISTERED, State.DOSSIER, State.ASSESSED, State.EVALUATED)
TITLE_STEPS = Machine(
    Step(TitleVerb.HAND_IN, (State.REGISTERED,), State.DOSSIER, _KEEPS),
    Step(TitleVerb.ASSESS, (State.DOSSIER,), State.ASSESSED, _KEEPS),
    Step(TitleVerb.EVALUATE, (State.ASSESSED,), State.EVALUATED, _KEEPS),
    Step(TitleVerb.RECOGNISE, (State.EVALUATED,), State.RECOGNISED, _DECIDES, other_person=True),
    Step(TitleVerb.REFUSE, _OPEN, State.REFUSED, _DECIDES, other_person=True),
    Step(TitleVerb.REVOKE, (State.RECOGNISED,), State.REVOKED, _DECIDES),
    Step(TitleVerb.WITHDRAW, (State.REGISTERED,), State.WITHDRAWN, _KEEPS),
    # each step has its way back, while the half-year in which it counts is open
    Step(TitleVerb.TAKE_BACK, (State.DOSSIER, State.WITHDRAWN), State.REGISTERED, _KEEPS),
    Step(TitleVerb.TAKE_BACK, (State.ASSESSED,), State.DOSSIER, _KEEPS),
    Step(TitleVerb.TAKE_BACK, (State.EVALUATED,), State.ASSESSED, _KEEPS),
    # what was not recognised goes back to where it stood
    *(Step(TitleVerb.REOPEN, (State.REFUSED,), target, _DECIDES) for target in _OPEN[:3]),
    Step(TitleVerb.REOPEN, (State.REFUSED, State.RECOGNISED), State.EVALUATED, _DECIDES),
    Step(TitleVerb.REOPEN, (State.REVOKED,), State.RECOGNISED, _DECIDES),
)
#: The stages that are counted, each in a half-year of its own: the day of a stage, and the half-year that counts it.
STAGES = ("registered", "dossier", "assessed", "evaluated", "decided", "revoked")


class CriteriaSet(models.Model):
    """By which criteria a model is judged from a day on, with its legal basis: data, for decrees change."""

    model = entry_field(_("model"), LearningModel, max_length=12)
    name = models.CharField(_("name"), max_length=160)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    least_score = models.PositiveSmallIntegerField(_("least score"))  # of 100
    valid = DateRangeField(_("valid"))

    class Meta:
        ordering = ("model", "-valid")
        constraints = [
            days_check("criteria_days", spans=("valid",)),
            entry_check("criteria_model", "model", LearningModel),
            seen_check("criteria_named", "name", "legal_basis"),
            models.CheckConstraint(name="criteria_score", condition=Q(least_score__range=(0, 100))),
            models.CheckConstraint(
                name="criteria_valid_bounded", condition=Q(valid__isempty=False) & Q(valid__lower_inf=False)
            ),
            models.UniqueConstraint(fields=["id", "model"], name="criteria_of_model"),
            ExclusionConstraint(
                name="criteria_one_at_a_time",
                expressions=[
                    (same_value(Func(F("model"), function="hashtext")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Other criteria hold for this model on some of these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which they hold; None while no end is known."""
        return self.valid.upper - datetime.timedelta(days=1) if self.valid.upper else None


class LearningSubject(models.Model):
    """Who may hold a title: a family, a lineage, a community, an organisation; or a citizen."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="learning_subjects", verbose_name=_("unit"))
    kind = entry_field(_("model"), LearningModel, max_length=12)
    name = models.CharField(_("name"), max_length=160)  # "Gia đình ông Nguyễn Văn An", "Dòng họ Vũ thôn Đông"
    search_text = models.CharField(max_length=300, editable=False)
    name_key = models.CharField(max_length=200, editable=False)
    place = models.CharField(_("residential group, hamlet"), max_length=120, blank=True)
    member = models.ForeignKey(  # of a citizen who is a member
        Member, on_delete=models.PROTECT, related_name="learning_subjects", null=True, blank=True
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)  # of a citizen, on request

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "learning_subject_erased_for_ever": _(
            "The data of this person were erased on request; nothing is recorded of them again."
        )
    }

    class Meta:
        ordering = ("id",)
        indexes = [
            models.Index(fields=["unit", "kind", "name_key"], name="learning_subject_name"),
        ]
        constraints = [
            days_check("learning_subject_days", moments=("created_at", "erased_at")),
            models.CheckConstraint(
                name="learning_subject_erased_whole",
                condition=Q(erased_at__isnull=True) | Q(kind="citizen", name=ERASED_NAME, search_text="", place=""),
            ),
            entry_check("learning_subject_kind", "kind", LearningModel),
            seen_check("learning_subject_name", "name", "name_key"),
            models.CheckConstraint(
                name="learning_subject_citizen", condition=Q(member__isnull=True) | Q(kind="citizen")
            ),
            models.UniqueConstraint(fields=["id", "kind", "unit"], name="learning_subject_of_kind"),
            models.UniqueConstraint(
                fields=["unit", "kind", "name_key", "place"],
                condition=Q(kind__in=["family", "lineage", "community", "organisation"]),
                name="learning_subject_once",
                violation_error_message=_("It stands on this unit's list already, at the same place."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


#: Of each two days the second is never before the first, where both are known.
_IN_ORDER = [
    ("registered_on", "dossier_on"), ("registered_on", "assessed_on"), ("registered_on", "evaluated_on"),
    ("registered_on", "decided_on"), ("dossier_on", "assessed_on"), ("assessed_on", "evaluated_on"),
    ("evaluated_on", "decided_on"), ("decided_on", "revoked_on"),
]  # fmt: skip


def _not_before(earlier: str, later: str) -> Q:
    return Q(**{f"{later}__isnull": True}) | Q(**{f"{earlier}__isnull": True}) | Q(**{f"{later}__gte": F(earlier)})


def _counting_in(half: HalfYear) -> dict[TitleStage, Q]:
    of = {stage: Q(**{f"{stage}_half": half.code}) for stage in STAGES}
    return {
        TitleStage.REGISTERED: of["registered"] & ~Q(state=State.WITHDRAWN),
        TitleStage.DOSSIERS: of["dossier"],
        TitleStage.ASSESSED: of["assessed"],
        TitleStage.EVALUATED: of["evaluated"],
        TitleStage.RECOGNISED: of["decided"] & Q(state__in=[State.RECOGNISED, State.REVOKED]),
        TitleStage.REVOKED: of["revoked"],
    }


def stage_counts_in(stage: str, half: HalfYear) -> Q:
    """Return whether a title's stage counts in the half-year."""
    return _counting_in(half)[TitleStage(stage)]


class LearningTitleQuerySet(UnitScopedQuerySet["LearningTitle"]):
    """Titles."""

    view_permission = Permission.VIEW_MEMBERS

    def counted_by_stage(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows of {"model", "registered", "dossiers", "assessed", "evaluated", "recognised"}: each stage by itself."""
        rows: Any = self.order_by("model").values("model")
        counted: models.QuerySet[Any, dict[str, Any]] = rows.annotate(
            registered=Count("pk", filter=~Q(state=State.WITHDRAWN)), dossiers=Count("dossier_on"),
            assessed=Count("assessed_on"), evaluated=Count("evaluated_on"),
            recognised=Count("pk", filter=Q(state=State.RECOGNISED)),
        )  # fmt: skip
        return counted

    def counted_in(self, half: HalfYear) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows of {"unit_id", "model", and a number for each stage}: what of each counts in the half-year.

        A recognition taken away in a later half-year stays counted where it was; there it is a line of its own.
        """
        of = _counting_in(half)
        rows: Any = self.filter(reduce(or_, of.values())).order_by().values("unit_id", "model")
        counted: models.QuerySet[Any, dict[str, Any]] = rows.annotate(
            **{str(stage): Count("pk", filter=condition) for stage, condition in of.items()}
        )
        return counted

    def with_unit_code(self) -> Self:
        """Annotate `unit_code`."""
        return self.annotate(unit_code=F("unit__code"))

    def of_year(self, year: int) -> Self:
        """Titles of a year's cycle."""
        return self.filter(year=year)


class LearningTitle(models.Model):
    """One subject's title of one model and year, from its registration to the decision that recognises it."""

    State = TitleState

    subject = models.ForeignKey(LearningSubject, on_delete=models.PROTECT, related_name="titles")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="learning_titles", verbose_name=_("unit"))
    model = entry_field(_("model"), LearningModel, max_length=12)
    year = models.PositiveSmallIntegerField(_("year"))
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="+", verbose_name=_("criteria"))
    state = entry_field(_("state"), TitleState, max_length=12, default=TitleState.REGISTERED)
    registered_on = models.DateField(_("registered on"))
    dossier_on = models.DateField(_("dossier handed in on"), null=True, blank=True)
    assessed_on = models.DateField(_("self-assessed on"), null=True, blank=True)
    own_score = models.PositiveSmallIntegerField(_("own score"), null=True, blank=True)
    evaluated_on = models.DateField(_("evaluated on"), null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True)
    decided_on = models.DateField(_("day of the decision"), null=True, blank=True)
    decision = models.CharField(_("number of the decision"), max_length=40, blank=True)
    decided_by = models.CharField(_("who decides"), max_length=160, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    revoked_on = models.DateField(_("recognition taken away on"), null=True, blank=True)
    # In which each stage counts: its own half-year, or the first open one for what is learned late. The database fills
    # in its own where none is said.
    registered_half = half_field(blank=True, db_default="", default="")
    dossier_half = half_field(blank=True, db_default="", default="")
    assessed_half = half_field(blank=True, db_default="", default="")
    evaluated_half = half_field(blank=True, db_default="", default="")
    decided_half = half_field(blank=True, db_default="", default="")
    revoked_half = half_field(blank=True, db_default="", default="")
    recognised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "title_state": _("The title cannot take this step now. Look at it again."),
        "title_in_its_unit": _("The unit did not exist on the day of the registration."),
        "title_kept": _("A title is never deleted. Take its registration back instead."),
    }

    objects = LearningTitleQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [
            models.Index(fields=["year", "model"], name="title_year_model"),
            *(models.Index(fields=[f"{stage}_half"], name=f"title_{stage}_half") for stage in STAGES),
        ]
        constraints = [
            days_check(
                "title_days",
                days=("registered_on", "dossier_on", "assessed_on", "evaluated_on", "decided_on", "revoked_on"),
                moments=("entered_at",),
            ),
            entry_check("title_model", "model", LearningModel),
            entry_check("title_state_known", "state", TitleState),
            models.UniqueConstraint(
                fields=["subject", "model", "year"], name="title_once_a_year",
                violation_error_message=_("A title of this year is registered already."),
            ),
            models.CheckConstraint(name="title_year", condition=Q(year__range=(2014, 2099))),
            models.CheckConstraint(
                name="title_scores",
                condition=(Q(own_score__isnull=True) | Q(own_score__range=(0, 100)))
                & (Q(score__isnull=True) | Q(score__range=(0, 100))),
                violation_error_message=_("A score lies between 0 and 100."),
            ),
            models.CheckConstraint(
                name="title_whole",
                condition=(Q(state__in=["registered", "withdrawn", "refused"]) | Q(dossier_on__isnull=False))
                & (
                    Q(state__in=["registered", "withdrawn", "dossier", "refused"]) | Q(assessed_on__isnull=False)
                )
                & (
                    ~Q(state__in=["evaluated", "recognised", "revoked"])
                    | Q(evaluated_on__isnull=False, score__isnull=False)
                )
                & (
                    ~Q(state__in=["recognised", "revoked"])
                    | (Q(decided_on__isnull=False, recognised_by__isnull=False) & ~Q(decision="") & ~Q(decided_by=""))
                )
                & (Q(state="revoked", revoked_on__isnull=False) | (~Q(state="revoked") & Q(revoked_on__isnull=True)))
                & (~Q(state__in=["refused", "revoked", "withdrawn"]) | ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="title_days_in_order",
                condition=reduce(and_, (_not_before(earlier, later) for earlier, later in _IN_ORDER)),
                violation_error_message=_(
                    "This day lies before an earlier step of the title. Correct one of the days."
                ),
            ),
            models.CheckConstraint(
                name="title_another_person",
                condition=Q(recognised_by__isnull=True) | ~Q(recognised_by=F("entered_by")),
                violation_error_message=_("Nobody recognises what they entered themselves. Another person decides it."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.model} {self.year}"

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return whose title it is as pages show it (a query where the subject was not asked for with it)."""
        yield str(_("name")), (self.subject.name, self.subject.place), self.subject.name

    @property
    def cycle_ends(self) -> datetime.date:
        """Until when the year's dossiers are handed in: 15 January of the next year (Thông tư 24/2023/TT-BGDĐT)."""
        return datetime.date(self.year + 1, 1, 15)

    @property
    def badge(self) -> str:
        """The colour and sign of the state."""
        return State(self.state).badge

    @property
    def state_before(self) -> TitleState:
        """Where a title stood before it was decided on, by the days that are known of it."""
        known = (
            (self.evaluated_on, State.EVALUATED),
            (self.assessed_on, State.ASSESSED),
            (self.dossier_on, State.DOSSIER),
        )
        return next((state for day, state in known if day), State.REGISTERED)


class TitleBefore(Before):
    """A title as its stages counted until a closed half-year was changed by exception; a trigger keeps it."""

    row = models.ForeignKey(LearningTitle, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    model = models.CharField(max_length=12)
    state = models.CharField(max_length=12)
    registered_half = half_field(blank=True)
    dossier_half = half_field(blank=True)
    assessed_half = half_field(blank=True)
    evaluated_half = half_field(blank=True)
    decided_half = half_field(blank=True)
    revoked_half = half_field(blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [days_check("title_before_days", moments=("changed_at",))]

    def __str__(self) -> str:
        return f"{self.row_id} {self.state}"


class TitleChange(models.Model):
    """One step of a title, forwards or back: who, when, on which day, why. Kept for ever."""

    title = models.ForeignKey(LearningTitle, on_delete=models.PROTECT, related_name="changes")
    verb = entry_field(_("step"), TitleVerb, max_length=10, blank=True)  # "" is the registration
    source = entry_field(_("state before"), TitleState, max_length=12, blank=True)
    target = entry_field(_("state"), TitleState, max_length=12)
    on_day = models.DateField(_("day"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {"title_change_kept": _("What happened to a title stays written down.")}

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("title_change_days", days=("on_day",), moments=("made_at",)),
            entry_check("title_change_verb", "verb", TitleVerb, blank=True),
            entry_check("title_change_source", "source", TitleState, blank=True),
            entry_check("title_change_target", "target", TitleState),
            models.CheckConstraint(
                name="title_change_back_why",
                condition=~Q(verb__in=["take_back", "reopen", "revoke", "refuse", "withdraw"]) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title_id}: {self.target}"
