"""People with accounts and the postings that give them rights."""

from __future__ import annotations

import datetime
import unicodedata
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, UserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib import identifiers
from portal.lib.vietnamese import fold
from portal.models.checks import days_check, identifier_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.models.unit import Unit, UnitVersion, same_value, unit_name, unit_scope
from portal.permissions import Permission, permissions_of
from portal.vocabulary import Role

SYSTEM_USERNAME = "system"
USER_NAME_SENTENCE = _("A user name is made of letters, figures and the signs . _ @ + -, without spaces: lechan.hoa")


class UserAccountManager(UserManager["User"]):
    """Accounts; there is no superuser, since there is no second door past the services."""

    use_in_migrations = False  # a migration must not import what may change

    def system(self) -> User:
        """The account that stands for commands run on the server itself."""
        return self.get(username=SYSTEM_USERNAME)

    def manageable_by(self, administrator: User) -> models.QuerySet[User]:
        """People posted on units that the administrator manages; without any posting, those whose account they keep.

        An account without a posting and without a unit belongs to the root unit.
        """
        scope = unit_scope(administrator, Permission.MANAGE_ACCOUNTS)
        posted = Posting.objects.filter(unit_id__in=scope).values("user_id")
        free = ~models.Exists(Posting.objects.filter(user=models.OuterRef("pk")))
        kept = Q(unit_id__in=scope)
        if administrator.may_at_root(Permission.MANAGE_ACCOUNTS):
            kept |= Q(unit__isnull=True)
        return self.exclude(username=SYSTEM_USERNAME).filter(Q(pk__in=posted) | (Q(free) & kept))

    def named(self, text: str) -> models.QuerySet[User]:
        """Return the account of this user name, however its capitals and accents are typed; there is one at most."""
        key = fold(identifiers.user_name(text))
        return self.filter(pk__in=RawSQL("SELECT id FROM portal_user WHERE portal_fold(username) = %s", [key]))

    def called_by_phone(self, phone: str) -> models.QuerySet[User]:
        """Return accounts whose user name reads as this phone number (E.164)."""
        national = phone.removeprefix("+84")
        written = [f"{prefix}{national}" for prefix in ("", "0", "84", "840", "0084", "00840")]
        digits = "SELECT id FROM portal_user WHERE regexp_replace(username, '[-.+]', '', 'g') = ANY(%s)"
        return self.filter(pk__in=RawSQL(digits, [written]))  # noqa: S611 - fixed words # nosec B611

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **extra: Any) -> User:
        """Make an account; without a password nobody can sign in until a hand-over code is used."""
        user = self.model(username=identifiers.user_name(username), email=email or "", **extra)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A named person who works with the portal. Shared accounts do not exist: approval is between persons."""

    username = models.CharField(  # as `identifiers.user_name` makes it; the database takes none twice but for marks
        _("user name"), max_length=60, unique=True,
        validators=[RegexValidator(rf"\A{identifiers.USER_NAME}\Z", USER_NAME_SENTENCE)],
        error_messages={"unique": _("This user name is taken already.")},
    )  # fmt: skip
    full_name = models.CharField(_("full name"), max_length=120)
    phone = models.CharField(
        _("phone"), max_length=16, blank=True, null=True, unique=True,
        error_messages={"unique": _("Another account has this phone already. Leave the phone empty if two share it.")},
    )  # fmt: skip
    email = models.EmailField(_("e-mail"), blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="accounts", null=True, blank=True, verbose_name=_("unit"),
    )  # fmt: skip  # keeps the account while it has no posting; none: the root unit
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # Whoever leaves: from this day on the account is closed and no posting holds, by the date alone.
    locked_from = models.DateField(_("closed from"), null=True, blank=True)
    work_goes_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="work_from", null=True, blank=True,
        verbose_name=_("open work goes to"),
    )  # fmt: skip

    objects = UserAccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    UNVERSIONED = ("password", "last_login")

    #: Where the current action comes from, for the audit: set by the middleware (an address) or a command ("command").
    source: str = ""

    class Meta:
        ordering = ("username",)
        constraints = [
            days_check("user_days", days=("locked_from",), moments=("created_at", "last_login")),
            models.CheckConstraint(
                name="user_work_goes_to_another",
                condition=Q(work_goes_to__isnull=True) | (~Q(work_goes_to=F("id")) & Q(locked_from__isnull=False)),
            ),
            seen_check("user_full_name_given", "full_name"),
            identifier_check("user_username_written", "username", identifiers.USER_NAME, USER_NAME_SENTENCE),
            identifier_check(
                "user_phone_written", "phone", identifiers.PHONE, _("This is not a Vietnamese phone number.")
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def set_password(self, raw_password: str | None) -> None:
        """Keep the password in one form of Unicode: a Mac types "ộ" as two signs."""
        super().set_password(unicodedata.normalize("NFC", raw_password) if raw_password else raw_password)

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether this is the password, however its accents are typed; one set before is taken as it was."""
        if raw_password is None:
            return False
        plain = unicodedata.normalize("NFC", raw_password)
        return super().check_password(plain) or (plain != raw_password and super().check_password(raw_password))

    def is_closed_on(self, day: datetime.date) -> bool:
        """Whether nobody may sign in with this account on the day."""
        return not self.is_active or (self.locked_from is not None and self.locked_from <= day)

    def get_full_name(self) -> str:
        """The name shown beside what this person did."""
        return self.full_name

    def get_short_name(self) -> str:
        """The given name, which is the last one."""
        return self.full_name.split(" ")[-1]

    @property
    def is_system(self) -> bool:
        """Whether this is the account of commands run on the server."""
        return self.username == SYSTEM_USERNAME

    @cached_property
    def current_postings(self) -> list[Posting]:
        """The postings in force today, with their units' names and whether each is the root (one query)."""
        today = timezone.localdate()
        if self.is_closed_on(today):
            return []
        sql, values = _ask_for_postings(today)
        return list(Posting.objects.raw(sql, [self.pk if value == NOBODY else value for value in values]))

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        """Every right from any posting in force; on which rows is `visible_to`'s question."""
        return permissions_of({posting.role for posting in self.current_postings})

    def may(self, permission: Permission, unit: Unit | None = None) -> bool:
        """Whether the user holds the right, on `unit` when one is given. The system account may everything."""
        if self.is_system:
            return True
        if permission not in self.permissions:
            return False
        return unit is None or Unit.objects.covered_by(self, permission).filter(pk=unit.pk).exists()

    def may_at_root(self, permission: Permission) -> bool:
        """Whether the user holds the right on the unit above all others, to which site-wide things belong."""
        return self.is_system or permission in self.root_permissions

    @cached_property
    def root_permissions(self) -> frozenset[Permission]:
        """Every right from a posting on the unit above all others."""
        return permissions_of({posting.role for posting in self.current_postings if getattr(posting, "at_root", False)})


class PostingQuerySet(models.QuerySet["Posting"]):
    """Postings, dated."""

    def in_force(self, on: datetime.date) -> PostingQuerySet:
        """Postings that hold on a day: those of whoever has left hold no more."""
        return self.filter(Q(user__locked_from__isnull=True) | Q(user__locked_from__gt=on), valid__contains=on)


NOBODY = -1  # no account's number


@lru_cache(maxsize=2)
def _ask_for_postings(today: datetime.date) -> tuple[str, tuple]:
    """Return the query of NOBODY's postings on a day: every page asks it, and Django writes it longer than it takes."""
    root = UnitVersion.objects.filter(unit=OuterRef("unit"), parent__isnull=True, valid__contains=today)
    found = Posting.objects.filter(user=NOBODY).in_force(today).order_by("role", "valid")
    return found.annotate(unit_name=unit_name("unit", today), at_root=Exists(root)).query.sql_with_params()


class Posting(models.Model):
    """A person holding a role on a unit (and everything below it) for a span of days."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings", verbose_name=_("unit"))
    role = entry_field(_("role"), Role, max_length=20)
    valid = DateRangeField(_("valid"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)  # why it is back-dated, or a second person asked
    proposal = models.OneToOneField(
        "portal.ProposedChange", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {"posting_only_ends": _("A posting stays as it was given; it can only end.")}

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ("user", "role", "valid")
        constraints = [
            days_check("posting_days", spans=("valid",)),
            ExclusionConstraint(
                name="posting_no_overlap",
                expressions=[
                    (same_value(F("user_id")), RangeOperators.OVERLAPS),
                    (same_value(F("unit_id")), RangeOperators.OVERLAPS),
                    (same_value(Func(F("role"), function="hashtext")), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already holds this role on this unit for some of these days."),
            ),
            models.CheckConstraint(
                name="posting_valid_bounded", condition=Q(valid__isempty=False) & Q(valid__lower_inf=False)
            ),
            entry_check("posting_role_known", "role", Role),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} @ {self.unit_id}"

    @property
    def role_label(self) -> str:
        """The role's name on screen."""
        return str(Role(self.role).label)


class HandoverCode(models.Model):
    """A one-time code, printed and handed over, with which a person sets a first or forgotten password."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handover_codes")
    code_hash = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    failed_attempts = models.PositiveSmallIntegerField(default=0)
    proposal = models.OneToOneField(
        "portal.ProposedChange", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    class Meta:
        ordering = ("-issued_at",)
        constraints = [
            days_check("handover_code_days", moments=("issued_at", "expires_at", "used_at")),
            models.UniqueConstraint(fields=["user"], condition=Q(used_at__isnull=True), name="handover_code_one_open"),
        ]

    def __str__(self) -> str:
        return f"code for {self.user_id}"
