"""Members as named people, what was changed of them, and which of them somebody said to be two persons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.lib import identifiers
from portal.lib.vietnamese import PhoneError, comparable, parse_phone, search_key
from portal.models import User
from portal.models.checks import days_check, seen_check
from portal.models.person import Person

#: What stands for the name of somebody whose data were erased on request; nobody is found by it.
ERASED_NAME = "(đã xóa theo yêu cầu)"


class MemberQuerySet(models.QuerySet["Member"]):
    """Members."""

    def standing(self) -> Self:
        """People who were neither erased nor found to be another one."""
        return self.not_erased().filter(merged_into__isnull=True)

    def not_erased(self) -> Self:
        """People whose data stand, also under an entry that was found to be another one's."""
        return self.filter(erased_at__isnull=True)

    def found_by(self, number: Q) -> models.QuerySet[Any, int]:
        """Return the ids of those whom a number finds; of an entry that stands with another one, that one's."""
        found = self.not_erased().filter(number).annotate(standing=Coalesce("merged_into_id", "pk"))
        return found.order_by().values_list("standing", flat=True).distinct()


def words_of(text: str) -> list[str]:
    """Return the words by which a member is looked for: folded, each once, the last one last."""
    words = search_key(text).split()[:12]
    return [word for place, word in enumerate(words) if word not in words[place + 1 :]]


def holding_words(words: Sequence[str], column: str) -> Q:
    """Return what finds names by whole words in any order; the last may be a beginning. No words find nobody."""
    whole = [Q(**{f"{column}__has_word": f"{word} "}) for word in words[:-1]]
    return reduce(and_, whole, Q(**{f"{column}__has_word": words[-1]})) if words else Q(pk__in=[])


def holding_number(text: str) -> Q | None:
    """Return what finds members by phone or card number, whole or their beginning; None for what is no number."""
    plain = comparable(text).replace(" ", "").upper()
    found = Q(card_number=plain)
    try:
        return found | Q(phone=parse_phone(text))
    except PhoneError:
        pass
    digits = plain.replace(".", "").replace("-", "")
    if digits.isascii() and digits.isdigit() and len(digits) >= LEAST_DIGITS:
        begins = f"+84{digits[1:]}" if digits.startswith("0") else f"+84{digits}"
        return found | Q(phone__startswith=begins) | Q(card_number__startswith=plain)
    return found if any(sign.isdigit() for sign in plain) else None


LEAST_DIGITS = 6  # fewer figures are no search: half the city would answer


@models.CharField.register_lookup
class HasWord(models.Lookup[Any]):
    """`list_words__has_word`: what a word of a folded text begins with; with a space behind it a whole word."""

    lookup_name = "has_word"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the condition."""
        column, params = self.process_lhs(compiler, connection)
        word, given = self.process_rhs(compiler, connection)
        return f"strpos(' ' || {column} || ' ', ' ' || {word}) > 0", (*params, *given)


class Member(Person):
    """A named person of the association. Declared head counts stand elsewhere and are never added to these."""

    search_text = models.CharField(max_length=300, editable=False, blank=True)  # lib.vietnamese.search_key
    phone = models.CharField(_("phone"), max_length=16, blank=True)  # E.164
    card_number = models.CharField(_("card number"), max_length=30, blank=True, default="", db_default="")
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)  # on request: nothing personal is left
    # Kept by the database: the other entry of the standing `MemberJoin`, with which this one stands.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="merged", null=True, blank=True, editable=False,
        verbose_name=_("same person as"),
    )  # fmt: skip

    objects = MemberQuerySet.as_manager()

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "member_erased_for_ever": _(
            "The data of this person were erased on request; nothing is recorded of them again."
        )
    }

    class Meta(Person.Meta):
        indexes = [
            models.Index(fields=["name_key", "birth_year", "id"], name="member_name_birth"),
            # whole: the planner cannot see that a phone which begins so is not empty
            models.Index(fields=["phone"], name="member_phone", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["card_number"], name="member_card_number", opclasses=["varchar_pattern_ops"]),
        ]
        constraints = (
            *Person.Meta.constraints,
            models.CheckConstraint(
                name="member_phone_written",
                condition=Q(phone="") | Q(phone__regex=f"^{identifiers.PHONE}$"),
                violation_error_message=_("This is not a Vietnamese phone number."),
            ),
            days_check("member_days", moments=("created_at", "erased_at")),
            models.CheckConstraint(
                name="member_erased_whole",
                condition=Q(erased_at__isnull=True)
                | Q(
                    full_name=ERASED_NAME, search_text="", phone="", card_number="", occupation="", address="",
                    gender="", birth_year__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="member_merged_into_another", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id"))
            ),
        )  # fmt: skip

    def version_parts(self) -> Iterator[tuple[str, object, str]]:
        """Return what a page shows of a member besides themselves: their number, where they belonged (two queries)."""
        numbers: Any = self._meta.get_field("citizen_number").related_model
        digests = numbers.objects.of_person(self).values_list("digest", flat=True) if self.pk else ()
        yield str(_("citizen number")), list(digests), ""
        rows = self.memberships.order_by("valid").values_list("unit_id", "valid") if self.pk else ()
        yield str(_("unit")), [(unit, str(valid)) for unit, valid in rows], ""


class MemberChange(models.Model):
    """What was changed of a member: who, when, each field before and after. It goes when the person is erased."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="changes")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    values = models.JSONField()  # field -> [before, after], as forms show them

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "member_change_kept": _("What was changed of a person stays on record until the person is erased.")
    }

    class Meta:
        ordering = ("-id",)
        constraints = [days_check("member_change_days", moments=("made_at",))]

    def __str__(self) -> str:
        return f"{self.member_id}: {', '.join(self.values)}"


class DistinctMembers(models.Model):
    """Two members who look like one person, and of whom somebody said that they are two."""

    one = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("one", "other")
        constraints = [
            days_check("distinct_members_days", moments=("said_at",)),
            models.CheckConstraint(name="distinct_members_in_order", condition=Q(one__lt=F("other"))),
            models.UniqueConstraint(fields=["one", "other"], name="distinct_members_once"),
            seen_check("distinct_members_reason", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id}, {self.other_id}"
