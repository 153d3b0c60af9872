"""Units of the association and the dated tree they hang in. Facts never move; the tree is dated."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import ClassVar, Protocol, Self, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib import identifiers
from portal.lib.vietnamese import search_key
from portal.models.checks import days_check, identifier_check, seen_check
from portal.models.closed import LONG_REASON, entry_check, entry_field
from portal.permissions import Permission, roles_granting
from portal.vocabulary import CountKind, Reporting, SuccessionKind

Row = TypeVar("Row", bound=models.Model)


class Person(Protocol):
    """Whoever holds postings; the accounts stand in `account.py`, which knows units and not the other way round."""

    pk: int

    @property
    def is_system(self) -> bool:
        """Whether this is the account of the server itself."""


class SearchKey(Func):
    """What a search compares of a column: `lib.vietnamese.search_key` in the database."""

    function = "portal_search_key"
    output_field = models.TextField()


def holding(words: str, column: str = "key") -> Q:
    """Return what finds rows whose search key holds the words; words of signs alone find nothing.

    `column`: a stored search key, or the alias of a `SearchKey`.
    """
    key = search_key(words)
    return Q(**{f"{column}__contains": key}) if key else Q(pk__in=[])


def same_value(expression: object) -> Func:
    """Return a range of one number: "equal" for an exclusion constraint without the btree_gist extension."""
    return Func(expression, expression, Value("[]"), function="int8range", output_field=BigIntegerRangeField())


CODE_SENTENCE = _(
    "A code is made of the letters A to Z, figures and hyphens, at most 20 of them: for example 31115-C1."
)


class Level(models.Model):
    """A tier of the association as the association names it (city, district, commune, chapter): data, never code."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    rank = models.PositiveSmallIntegerField(
        _("rank"), unique=True, help_text=_("A parent's rank is the smaller number."),
        error_messages={"unique": _("Another level has this rank already.")},
    )  # fmt: skip
    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, dict[str, Promise]]] = {
        "level_rank_upside_down": {"rank": _("With this rank a unit would stand below one of its own rank or lower.")}
    }

    reporting = entry_field(_("who sends a half-year"), Reporting, max_length=12, default=Reporting.BELOW_CITY)

    class Meta:
        ordering = ("rank",)
        constraints = [
            seen_check("level_name_seen", "name"),
            entry_check("level_reporting", "reporting", Reporting),
        ]

    def __str__(self) -> str:
        return self.name


class UnitQuerySet(models.QuerySet["Unit"]):
    """Units, dated."""

    def in_force(self, on: datetime.date) -> Self:
        """Units that exist on a day."""
        return self.filter(versions__valid__contains=on)

    def going_on(self) -> Self:
        """Units of which no end is known."""
        return self.filter(versions__valid__upper_inf=True)

    def named_on(self, on: datetime.date) -> Self:
        """Annotate `name` (of the day; of an ended unit its last one), `level_name`, `level_rank`, `parent_id_on`."""
        versions = UnitVersion.objects.filter(unit=OuterRef("pk"), valid__startswith__lte=on).order_by("-valid")
        later = UnitVersion.objects.filter(unit=OuterRef("pk")).order_by("valid")
        name = Subquery(versions.values("name")[:1])
        return self.annotate(
            name=Func(name, Subquery(later.values("name")[:1]), function="COALESCE"),
            level_name=Subquery(versions.values("level__name")[:1]),
            level_rank=Subquery(versions.values("level__rank")[:1]),
            parent_id_on=Subquery(versions.values("parent_id")[:1]),
        )

    def standing_on(self, on: datetime.date) -> Self:
        """Units that exist on a day, with what `named_on` annotates: by one join, for lists of all units."""
        return self.in_force(on).annotate(
            name=F("versions__name"), level_name=F("versions__level__name"), level_rank=F("versions__level__rank"),
            parent_id_on=F("versions__parent_id"),
        )  # fmt: skip

    def roots(self, on: datetime.date) -> Self:
        """Units above which there is none on the day: the city."""
        return self.filter(versions__valid__contains=on, versions__parent__isnull=True)

    def called(self, words: str) -> Self:
        """Units whose code begins with the words, or that had a name that holds them, accents or not."""
        named = UnitVersion.objects.filter(holding(words, "search_name"))
        return self.filter(Q(code__istartswith=words) | Q(pk__in=named.values("unit_id")))

    def named_exactly(self, text: str) -> Self:
        """Units of which one of the names is this, accents or not."""
        named = UnitVersion.objects.filter(search_name=search_key(text))
        return self.filter(pk__in=named.values("unit_id"))

    def children_of(self, unit: Unit, on: datetime.date) -> Self:
        """The units whose parent is `unit` on the day, in order of their code."""
        return self.filter(versions__parent=unit, versions__valid__contains=on)

    def below(self, unit: Unit, on: datetime.date) -> Self:
        """The unit itself and everything under it in the tree of the day."""
        return self.filter(pk__in=RawSQL("SELECT unit_subtree(%s, %s)", [unit.pk, on]))

    def seen_by_staff(self, user: Person) -> Self:
        """Units whose pages the person may open: those they keep, and those whose reports they may view."""
        return self.filter(pk__in=unit_scope(user, Permission.MANAGE_UNITS, also=Permission.VIEW_REPORT))

    def above(self, unit: Unit, on: datetime.date) -> Self:
        """The units above one on the day, the highest first, and itself last."""
        ids = RawSQL("SELECT unit_ancestors(%s, %s)", [unit.pk, on])
        rank = UnitVersion.objects.filter(unit=OuterRef("pk"), valid__startswith__lte=on).order_by("-valid")
        return self.filter(pk__in=ids).order_by(Subquery(rank.values("level__rank")[:1]))

    def with_children(self, on: datetime.date) -> Self:
        """Annotate `child_count`: how many units stand directly below each on the day."""
        below = UnitVersion.objects.filter(parent=OuterRef("pk"), valid__contains=on).order_by()
        counted = below.values("parent").annotate(many=Count("pk")).values("many")
        return self.annotate(child_count=Coalesce(Subquery(counted), 0))

    def reached_from(self, unit: Unit, on: datetime.date | None = None) -> Self:
        """The unit, everything below it and what those succeeded: what a right on the unit covers."""
        return self.filter(pk__in=RawSQL("SELECT unit_reach(%s, %s)", [unit.pk, on or datetime.date.today()]))

    def with_end(self, on: datetime.date) -> Self:
        """Annotate `is_ended`: whether the unit exists no more on the day."""
        later = UnitVersion.objects.filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=on), unit=OuterRef("pk"))
        return self.annotate(is_ended=~Exists(later))

    def covered_by(self, user: Person, permission: Permission, on: datetime.date | None = None) -> Self:
        """Units on which the user holds the right: the postings' subtrees, and what those units succeeded."""
        return self.filter(pk__in=unit_scope(user, permission, on))


def unit_name(path: str, on: datetime.date | None = None) -> Coalesce:
    """Return the expression for the name on a day of the unit at the end of `path`; see `with_unit_name`."""
    versions = UnitVersion.objects.filter(unit_id=OuterRef(f"{path}_id"))
    known = versions.filter(valid__startswith__lte=on or datetime.date.today()).order_by("-valid")
    first = versions.order_by("valid")
    return Coalesce(Subquery(known.values("name")[:1]), Subquery(first.values("name")[:1]), Value(""))


def unit_scope(
    user: Person, permission: Permission, on: datetime.date | None = None, *, also: Permission | None = None
) -> RawSQL:
    """Return the SQL of the unit ids on which `user` holds `permission`, or the right `also`.

    For use in `__in`, no query of its own.
    """
    roles = {*roles_granting(permission), *(roles_granting(also) if also else ())}
    return RawSQL("SELECT unit_scope(%s, %s, %s)", [user.pk, sorted(roles), on or datetime.date.today()])


class UnitScopedQuerySet(models.QuerySet[Row]):
    """Rows that belong to a unit; outside a user's scope they do not exist for that user."""

    view_permission: ClassVar[Permission]
    unit_path: ClassVar[str] = "unit"

    def visible_to(self, user: Person) -> Self:
        """Rows of the units on which the user may view such rows."""
        return self.filter(**{f"{self.unit_path}_id__in": unit_scope(user, self.view_permission)})

    def with_unit_name(self, on: datetime.date | None = None) -> Self:
        """Annotate `unit_name`: the unit's name on the day (default today; of an ended unit its last one)."""
        return self.annotate(unit_name=unit_name(self.unit_path, on))

    def within(self, user: Person, permission: Permission) -> Self:
        """Rows of the units on which the user holds another right, e.g. to approve."""
        return self.filter(**{f"{self.unit_path}_id__in": unit_scope(user, permission)})


class Unit(models.Model):
    """One association: of the city, a district, a ward or commune, a chapter. It keeps its code for ever."""

    code = models.CharField(
        _("code"), max_length=20, unique=True,
        validators=[RegexValidator(rf"\A{identifiers.UNIT_CODE}\Z", CODE_SENTENCE)],
        error_messages={"unique": _("Another unit has this code already.")},
    )  # fmt: skip
    # How the public reaches it, and by which paper it was founded.
    contact = models.CharField(_("whom to ask"), max_length=120, blank=True, db_default="", default="")
    phone = models.CharField(_("phone"), max_length=16, blank=True, db_default="", default="")  # E.164
    address = models.CharField(_("address"), max_length=200, blank=True, db_default="", default="")
    founding_decision = models.CharField(
        _("number of the founding decision"), max_length=80, blank=True, db_default="", default=""
    )
    founded_on = models.DateField(_("date of the founding decision"), null=True, blank=True)
    founding_issuer = models.CharField(_("issued by"), max_length=120, blank=True, db_default="", default="")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        constraints = [
            days_check("unit_days", days=("founded_on",), moments=("created_at",)),
            identifier_check(
                "unit_phone_written", "phone", f"({identifiers.PHONE})?", _("This is not a Vietnamese phone number.")
            ),
            identifier_check("unit_code", "code", identifiers.UNIT_CODE, CODE_SENTENCE),
        ]

    def __str__(self) -> str:
        return getattr(self, "name", None) or self.code

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return what a page shows of a unit besides its code: its names, levels and places over time (one query)."""
        rows = list(self.versions.order_by("valid").values_list("name", "level_id", "parent_id", "valid"))
        yield (
            str(_("name, level or unit above")),
            [(*row[:3], str(row[3])) for row in rows],
            rows[-1][0] if rows else "",
        )

    def version_on(self, on: datetime.date) -> UnitVersion | None:
        """The version in force on a day, or None when the unit does not exist then."""
        return self.versions.filter(valid__contains=on).select_related("level", "parent").first()

    def name_on(self, on: datetime.date) -> str:
        """The unit's name on a day; before its beginning its first name, after its end its last one."""
        before = (
            self.versions.filter(valid__startswith__lte=on).order_by("-valid").values_list("name", flat=True).first()
        )
        return before or self.versions.order_by("valid").values_list("name", flat=True).first() or self.code


class UnitVersion(models.Model):
    """What a unit was called, on which level and under whom, for a span of days [from, until)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions", verbose_name=_("unit"))
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="child_versions", null=True, blank=True, verbose_name=_("parent")
    )
    level = models.ForeignKey(Level, on_delete=models.PROTECT, verbose_name=_("level"))
    name = models.CharField(_("name"), max_length=160)
    # lib.vietnamese.search_key of the name, kept by the database: of 10,000 names none is folded while somebody types.
    search_name = models.TextField(editable=False, default="", db_default="")
    valid = DateRangeField(_("valid"))

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, dict[str, Promise]]] = {
        "unit_parent_not_in_force": {
            "parent": _("The unit above must exist, on a higher level, for the whole of that time.")
        },
        "unit_version_closed": {
            "since": _(
                "That day lies in a half-year that is closed: its figures would count elsewhere. Choose a day after it."
            )
        },
    }

    class Meta:
        ordering = ("unit", "valid")
        constraints = [
            days_check("unit_version_days", spans=("valid",)),
            ExclusionConstraint(
                name="unit_version_no_overlap",
                expressions=[
                    (same_value(F("unit_id")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This unit already has a name and parent for some of these days."),
            ),
            models.CheckConstraint(
                name="unit_version_valid_bounded",
                condition=Q(valid__isempty=False) & Q(valid__lower_inf=False),
                violation_error_message=_("Give the day from which this holds, before the day on which it ends."),
            ),
            seen_check("unit_version_name_given", "name"),
            models.CheckConstraint(
                name="unit_version_not_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("unit")),
                violation_error_message=_("A unit cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitSuccession(models.Model):
    """One unit's tasks passing to another: merge, split, rename or dissolution, with its legal basis."""

    Kind = SuccessionKind

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "unit_succession_joins": _("The unit that takes over must exist on the day after the other one ends.")
    }

    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    on_date = models.DateField(_("date"))
    kind = entry_field(_("kind"), SuccessionKind, max_length=10)
    legal_basis = models.CharField(_("legal basis"), max_length=300)

    class Meta:
        ordering = ("on_date", "from_unit", "to_unit")
        constraints = [
            days_check("unit_succession_days", days=("on_date",)),
            models.UniqueConstraint(fields=["from_unit", "to_unit", "on_date"], name="unit_succession_once"),
            models.CheckConstraint(name="unit_succession_two_units", condition=~Q(from_unit=F("to_unit"))),
            models.CheckConstraint(name="unit_succession_legal_basis", condition=~Q(legal_basis="")),
            entry_check("unit_succession_kind", "kind", SuccessionKind),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} -> {self.to_unit_id} ({self.kind})"


class NameCorrection(models.Model):
    """A name that had been given wrongly and was put right for the whole of its days; the wrong one is kept here."""

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {"name_correction_kept": _("What was corrected stays written down.")}

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="name_corrections")
    since = models.DateField(_("from"))  # the first day of the name that was put right
    old_name = models.CharField(_("wrong name"), max_length=160)
    new_name = models.CharField(_("right name"), max_length=160)
    reason = models.CharField(_("why"), max_length=300)
    corrected_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    corrected_at = models.DateTimeField(_("corrected"), auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("name_correction_days", days=("since",), moments=("corrected_at",)),
            seen_check("name_correction_names_seen", "old_name", "new_name"),
            models.CheckConstraint(name="name_correction_reason", condition=Q(reason__regex=LONG_REASON)),
        ]

    def __str__(self) -> str:
        return f"{self.old_name} -> {self.new_name}"


class UnitCountQuerySet(models.QuerySet["UnitCount"]):
    """Counts, with those that were put right."""

    def standing(self, moment: datetime.datetime | None = None) -> Self:
        """Those that stand now, or that stood at a moment."""
        if moment is None:
            return self.filter(replaced_at__isnull=True)
        return self.filter(Q(replaced_at__isnull=True) | Q(replaced_at__gt=moment), recorded_at__lte=moment)

    def newest_on(self, kind: str, day: datetime.date) -> dict[int, UnitCount]:
        """Return by unit's id the last count of the kind that speaks of the day or of one before."""
        return {one.unit_id: one for one in self.filter(kind=kind, on_date__lte=day).order_by("on_date", "pk")}


class _StandingCounts(models.Manager.from_queryset(UnitCountQuerySet)):  # type: ignore[misc]  # made at run time
    def get_queryset(self) -> UnitCountQuerySet:
        counts: UnitCountQuerySet = super().get_queryset()
        return counts.standing()


class UnitCount(models.Model):
    """How many people, households, lineages ... a unit's place had on a day, by which source.

    A number that is put right is kept, with the moment until which it stood: an issued report was counted by it.
    """

    Kind = CountKind

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="counts", verbose_name=_("unit"))
    kind = entry_field(_("what is counted"), CountKind, max_length=16)
    value = models.PositiveIntegerField(_("number"))
    on_date = models.DateField(_("as of"))
    source = models.CharField(_("source"), max_length=200)
    recorded_by = models.ForeignKey("portal.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = _StandingCounts()
    versions = UnitCountQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "-on_date")
        constraints = [
            days_check("unit_count_days", days=("on_date",), moments=("recorded_at", "replaced_at")),
            seen_check("unit_count_source", "source"),
            entry_check("unit_count_kind", "kind", CountKind),
            models.UniqueConstraint(
                fields=["unit", "kind", "on_date"], condition=Q(replaced_at__isnull=True), name="unit_count_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
