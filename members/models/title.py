"""The five learning models: whom they are for, by which criteria, and every title on its way to its decision."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Count, F, Func, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.member import Member
from portal.models import Unit, UnitScopedQuerySet, User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.unit import same_value
from portal.permissions import Permission
from portal.steps import Machine, Step
from portal.vocabulary import LearningModel, TitleState

State = TitleState
_KEEPS = (Permission.MANAGE_MEMBERS,)
_OPEN = (State.REGISTERED, State.DOSSIER, State.ASSESSED, State.EVALUATED)
TITLE_STEPS = Machine(
    Step("hand_in", (State.REGISTERED,), State.DOSSIER, _KEEPS),
    Step("assess", (State.DOSSIER,), State.ASSESSED, _KEEPS),
    Step("evaluate", (State.ASSESSED,), State.EVALUATED, _KEEPS),
    Step("recognise", (State.EVALUATED,), State.RECOGNISED, _KEEPS),
    Step("refuse", _OPEN, State.REFUSED, _KEEPS),
    # each step has its way back
    Step("take_back", (State.DOSSIER,), State.REGISTERED, _KEEPS),
    Step("take_back", (State.ASSESSED,), State.DOSSIER, _KEEPS),
    Step("take_back", (State.EVALUATED, State.REFUSED), State.ASSESSED, _KEEPS),
    Step("take_back", (State.RECOGNISED,), State.EVALUATED, _KEEPS),
)


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

    class Meta:
        ordering = ("id",)
        constraints = [
            days_check("learning_subject_days", moments=("created_at",)),
            entry_check("learning_subject_kind", "kind", LearningModel),
            seen_check("learning_subject_name", "name", "name_key"),
            models.CheckConstraint(
                name="learning_subject_citizen", condition=Q(member__isnull=True) | Q(kind="citizen")
            ),
            models.UniqueConstraint(fields=["id", "kind"], name="learning_subject_of_kind"),
            models.UniqueConstraint(
                fields=["unit", "kind", "name_key", "place"],
                condition=Q(kind__in=["family", "lineage", "community", "organisation"]),
                name="learning_subject_once",
                violation_error_message=_("It stands on this unit's list already, at the same place."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LearningTitleQuerySet(UnitScopedQuerySet["LearningTitle"]):
    """Titles."""

    view_permission = Permission.VIEW_MEMBERS
    unit_path = "subject__unit"

    def counted_by_stage(self) -> models.QuerySet[Any, dict[str, Any]]:
        """Rows of {"model", "registered", "dossiers", "assessed", "evaluated", "recognised"}: each stage by itself."""
        rows: Any = self.order_by("model").values("model")
        counted: models.QuerySet[Any, dict[str, Any]] = rows.annotate(
            registered=Count("pk"), dossiers=Count("dossier_on"), assessed=Count("assessed_on"),
            evaluated=Count("evaluated_on"), recognised=Count("pk", filter=Q(state="recognised")),
        )  # fmt: skip
        return counted

    def of_year(self, year: int) -> Self:
        """Titles of a year's cycle."""
        return self.filter(year=year)


class LearningTitle(models.Model):
    """One subject's title of one model and year, from its registration to the decision that recognises it."""

    State = TitleState

    subject = models.ForeignKey(LearningSubject, on_delete=models.PROTECT, related_name="titles")
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
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {"title_state": _("The title cannot take this step now. Look at it again.")}

    objects = LearningTitleQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=["year", "model"], name="title_year_model")]
        constraints = [
            days_check(
                "title_days",
                days=("registered_on", "dossier_on", "assessed_on", "evaluated_on", "decided_on"),
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
                condition=(Q(state__in=["registered", "refused"]) | Q(dossier_on__isnull=False))
                & (Q(state__in=["registered", "dossier", "refused"]) | Q(assessed_on__isnull=False))
                & (~Q(state__in=["evaluated", "recognised"]) | Q(evaluated_on__isnull=False, score__isnull=False))
                & (~Q(state="recognised") | (Q(decided_on__isnull=False) & ~Q(decision="") & ~Q(decided_by="")))
                & (~Q(state="refused") | ~Q(reason="")),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.model} {self.year}"

    @property
    def cycle_ends(self) -> datetime.date:
        """Until when the year's dossiers are handed in: 15 January of the next year (Thông tư 24/2023/TT-BGDĐT)."""
        return datetime.date(self.year + 1, 1, 15)
