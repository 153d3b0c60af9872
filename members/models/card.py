"""The cards that members carry, and the certificates of recognised titles: each with a code by which it is checked."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models.member import ERASED_NAME, Member
from members.models.membership import Membership
from members.models.title import LearningTitle
from portal.lib.qr import format_code
from portal.lib.vietnamese import initials
from portal.models import User
from portal.models.checks import days_check
from portal.vocabulary import LearningModel, TitleState


class MemberCardQuerySet(models.QuerySet["MemberCard"]):
    """Cards."""

    def running(self) -> Self:
        """Cards that nobody has ended."""
        return self.filter(ended_at__isnull=True)


class MemberCard(models.Model):
    """A member's card: printed again it is the same; a lost one is ended and another takes its place.

    Whoever checks its code learns no name.
    """

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="cards")
    number = models.CharField(_("card number"), max_length=40, blank=True)  # goes when the person is erased
    code = models.CharField(max_length=12, unique=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = MemberCardQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("member_card_days", moments=("issued_at", "ended_at")),
            models.UniqueConstraint(
                fields=["member"], condition=Q(ended_at__isnull=True), name="member_card_one_at_a_time",
                violation_error_message=_("This member has a card already. End it first, where it is lost."),
            ),
            models.CheckConstraint(
                name="member_card_numbered", condition=Q(ended_at__isnull=False) | ~Q(number="")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    @property
    def printed_code(self) -> str:
        """The code as it stands on the card: "B7KM-2QTV-9HLC"."""
        return format_code(self.code)

    def membership(self) -> Membership | None:
        """Where its holder is a member today; None for a card that is not valid (one query)."""
        if self.ended_at is not None or self.member.erased_at is not None or self.member.merged_into_id:
            return None
        standing = Membership.objects.filter(member_id=self.member_id).in_force(timezone.localdate())
        found: Membership | None = standing.select_related("unit").first()
        return found


class TitleCertificate(models.Model):
    """The code on the certificate of a recognised title; printed again it is the same."""

    title = models.OneToOneField(LearningTitle, on_delete=models.PROTECT, related_name="certificate")
    code = models.CharField(max_length=12, unique=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("title",)
        constraints = [days_check("title_certificate_days", moments=("issued_at",))]

    def __str__(self) -> str:
        return self.code

    @property
    def is_valid(self) -> bool:
        """Whether the title is recognised today."""
        return TitleState(self.title.state) is TitleState.RECOGNISED

    @property
    def public_name(self) -> str:
        """How whoever checks the paper sees the holder: of families and citizens by initials alone."""
        name = self.title.subject.name
        if self.title.subject.erased_at is not None:
            return ERASED_NAME
        is_private = self.title.model in {LearningModel.FAMILY, LearningModel.CITIZEN}
        return initials(name) if is_private else name
