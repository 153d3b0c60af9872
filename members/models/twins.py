"""Two entries of one person: which may be one, and which somebody has joined."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import ClassVar, Self

from django.db import connection, models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.member import Member
from portal.models import User
from portal.models.checks import days_check, seen_check

MOST_PAIRS = 200  # proposed at once: whoever has decided on these is shown the next ones
_AGREE = " AND ".join(f"coalesce(m.birth_{part} = n.birth_{part}, true)" for part in ("year", "month", "day"))
# Units first and whole words of names beside them: members are read for namesakes of the units alone.
_PAIRS = f"""
SELECT a.member_id, b.member_id FROM members_membership a
JOIN members_membership b ON b.list_words = a.list_words AND b.member_id > a.member_id
JOIN members_member m ON m.id = a.member_id
JOIN members_member n ON n.id = b.member_id AND n.name_key = m.name_key
WHERE a.valid @> %(today)s AND b.valid @> %(today)s AND a.list_words <> '' AND b.list_words <> ''
  AND (%(all)s OR (a.unit_id = ANY(%(units)s) AND b.unit_id = ANY(%(units)s)))
  AND (({_AGREE}) OR (m.phone <> '' AND m.phone = n.phone))
  AND NOT EXISTS (SELECT FROM members_distinctmembers d WHERE d.one_id = m.id AND d.other_id = n.id)
LIMIT {MOST_PAIRS}
"""  # noqa: S608 - fixed words # nosec B608


def find_twins(units: Sequence[int] | None, today: datetime.date) -> list[tuple[int, int]]:
    """Return pairs of ids of today's members who may be one person; units None: of all (one query).

    The same name, and births that agree in what both say or the same phone; nobody has told them apart.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, {"today": today, "all": units is None, "units": list(units or ())})
        return [(one, other) for one, other in cursor.fetchall()]


class MemberJoinQuerySet(models.QuerySet["MemberJoin"]):
    """Joinings of two entries."""

    def standing(self) -> Self:
        """Those that nobody has taken back."""
        return self.filter(undone_at__isnull=True)


class MemberJoin(models.Model):
    """Two entries that an officer found to be one person: the other one stands with the kept one, and counts no more.

    No fact moves: each keeps its memberships, titles, offices and what it was called, so that it can be taken back.
    """

    kept = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="joins_kept")
    other = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="joins")
    reason = models.CharField(_("reason"), max_length=300)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "member_join_kept": _("This decision stands or has been taken back already. Look at the person again."),
        "member_joined_flat": _("One of the two has been joined with somebody already. Look again."),
    }

    objects = MemberJoinQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = [
            days_check("member_join_days", moments=("decided_at", "undone_at")),
            seen_check("member_join_reason_seen", "reason"),
            models.CheckConstraint(name="member_join_two", condition=~Q(kept=F("other"))),
            models.CheckConstraint(
                name="member_join_undone_whole",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at__isnull=True), name="member_joined_once",
                violation_error_message=_("One of the two has been joined with somebody already. Look again."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kept_id} = {self.other_id}"
