"""Citizen numbers of members: sealed, found by a keyed digest, each look at one on record.

They stand in a table of their own, so that no list and no file ever loads one.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.member import Member
from portal.lib.citizen_numbers import mask_citizen_number
from portal.lib.sealing import keyed_digest, open_kept, seal
from portal.models import User
from portal.models.checks import days_check, seen_check
from portal.models.closed import entry_check, entry_field
from portal.vocabulary import NumberPurpose

_SEALED, _FOUND = "citizen number", "equal numbers"


class CitizenNumberQuerySet(models.QuerySet["CitizenNumber"]):
    """Citizen numbers."""

    def of_person(self, member: Member) -> Self:
        """Those of a person's own entry and of the ones that stand with it."""
        return self.filter(Q(member=member.pk) | Q(member__merged_into=member.pk))

    def of(self, member: Member) -> CitizenNumber | None:
        """Return what is kept of a person: their own entry's number, or that of one which stands with it."""
        theirs = self.of_person(member)
        return min(theirs, key=lambda row: (row.member_id != member.pk, row.member_id), default=None)

    def equal_to(self, number: str) -> Self:
        """Those of this number, without opening any."""
        return self.filter(digest=digest_of(number))


class CitizenNumber(models.Model):
    """The citizen number of a member (Luật Căn cước 26/2023/QH15, điều 12), where they gave it."""

    member = models.OneToOneField(
        Member, on_delete=models.PROTECT, primary_key=True, related_name="citizen_number", verbose_name=_("member")
    )
    sealed = models.CharField(max_length=400)
    digest = models.CharField(max_length=64)
    difference = models.CharField(_("why it differs"), max_length=300, blank=True, default="", db_default="")

    objects = CitizenNumberQuerySet.as_manager()

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {"citizen_number_of_nobody": Member.guards["member_erased_for_ever"]}

    class Meta:
        verbose_name = _("citizen number")
        ordering = ("member",)
        indexes = [models.Index(fields=["digest", "member"], name="citizen_number_digest")]
        constraints = [
            models.CheckConstraint(name="citizen_number_sealed", condition=Q(sealed__regex="^gAAAA[A-Za-z0-9_=-]+$")),
            models.CheckConstraint(name="citizen_number_digested", condition=Q(digest__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}"

    def write(self, number: str) -> None:
        """Take a number of twelve digits in; nothing of it stands here in plain."""
        self.sealed = seal(number, secret=settings.FIELD_KEYS[0], purpose=_SEALED)
        self.digest = digest_of(number)

    def read(self) -> str:
        """Return the number; "" where none of the keys opens it."""
        return open_kept(self.sealed, secrets=settings.FIELD_KEYS, purpose=_SEALED)

    @property
    def masked(self) -> str:
        """What may be seen of it without a purpose."""
        return mask_citizen_number(self.read() or "****")


def digest_of(number: str) -> str:
    """Return by what equal numbers are found: the last of the keys, which stays when new ones come in front."""
    return keyed_digest(number, secret=settings.FIELD_KEYS[-1], purpose=_FOUND)


class NumberReveal(models.Model):
    """Who looked at the number of a member, when and for what. It goes when the person is erased."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="reveals", verbose_name=_("member"))
    purpose = entry_field(_("purpose"), NumberPurpose, max_length=10)
    reason = models.CharField(_("reason"), max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "number_reveal_kept": _("Who looked at a citizen number stays on record until the person is erased.")
    }

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("number_reveal_days", moments=("made_at",)),
            entry_check("number_reveal_purpose", "purpose", NumberPurpose),
            seen_check("number_reveal_reason", "reason"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.purpose}"
