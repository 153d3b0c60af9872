"""Two entries of one person: which may be one, and which somebody has joined."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import connection, models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models.member import Member
from members.models.membership import Membership
from portal.models.verdict import Verdict, VerdictQuerySet

_AGREE = " AND ".join(f"coalesce(m.birth_{part} = n.birth_{part}, true)" for part in ("year", "month", "day"))
# By the order of names, in which namesakes stand beside each other: a page ends when it is full.
_PAIRS = f"""
SELECT a.id AS one, b.id AS other, a.list_key AS name, a.member_id AS first, b.member_id AS second
FROM members_membership a
JOIN members_membership b ON b.list_key = a.list_key AND b.member_id > a.member_id
JOIN members_member m ON m.id = a.member_id
JOIN members_member n ON n.id = b.member_id AND n.name_key = m.name_key
WHERE (({_AGREE}) OR (m.phone <> '' AND m.phone = n.phone))
"""  # noqa: S608 - fixed words # nosec B608
# Whatever they are called: the same citizen number. Few are, so they are found first (0.4 s among a million numbers).
_NUMBERS = """
WITH equal AS MATERIALIZED (
  SELECT c.member_id AS one, d.member_id AS other FROM members_citizennumber c
  JOIN members_citizennumber d ON d.digest = c.digest AND d.member_id > c.member_id)
SELECT a.id, b.id, a.list_key, a.member_id, b.member_id FROM equal
JOIN members_membership a ON a.member_id = equal.one
JOIN members_membership b ON b.member_id = equal.other
WHERE true
"""
_NARROWED = """
  AND a.valid @> %(today)s AND b.valid @> %(today)s AND a.list_key <> '' AND b.list_key <> ''
  AND (%(all)s OR (a.unit_id = ANY(%(units)s) AND b.unit_id = ANY(%(units)s)))
  AND NOT EXISTS (
    SELECT FROM members_distinctmembers d WHERE d.one_id = a.member_id AND d.other_id = b.member_id)
"""
_PLACE = ("a.list_key", "a.member_id", "b.member_id")


@dataclass(frozen=True)
class Twins:
    """Two of today's memberships whose members may be one person; the older entry first, for it is kept."""

    one: Membership
    other: Membership
    key: tuple[str, int, int]

    @property
    def pk(self) -> tuple[int, int]:
        """The two members."""
        return self.one.member_id, self.other.member_id


@dataclass
class FoundTwins:
    """Pairs of today's members who may be one person, as a list pages through them; units None: of all.

    The same name, and births that agree in what both say or the same phone; or the same citizen number, whatever they
    are called. Nobody has told them apart.
    """

    key_types: ClassVar[tuple[type, ...]] = (str, int, int)

    units: Sequence[int] | None
    today: datetime.date

    def first(self, count: int, after: Sequence[Any] | None = None) -> list[Twins]:
        """Return the first pairs after a key."""
        return self._read(count, after, from_end=False)

    def last(self, count: int, before: Sequence[Any] | None = None) -> list[Twins]:
        """Return the last pairs before a key."""
        return self._read(count, before, from_end=True)[::-1]

    def key_of(self, row: Twins) -> list[Any]:
        """Return where a pair stands in the order."""
        return list(row.key)

    def _read(self, count: int, key: Sequence[Any] | None, *, from_end: bool) -> list[Twins]:
        way, end = ("<", " DESC") if from_end else (">", "")
        beyond = f"AND ({', '.join(_PLACE)}) {way} (%(name)s, %(first)s, %(second)s)" if key is not None else ""
        order = " ORDER BY " + ", ".join(f"{place}{end}" for place in (3, 4, 5)) + " LIMIT %(count)s"
        pages = " UNION ".join(f"({pairs} {_NARROWED} {beyond} {order})" for pairs in (_PAIRS, _NUMBERS))
        name, first, second = key or ("", 0, 0)
        values = {
            "today": self.today, "all": self.units is None, "units": list(self.units or ()), "count": count,
            "name": name, "first": first, "second": second,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"{pages} {order}", values)
            pairs = [row[:2] for row in cursor.fetchall()]
        rows = Membership.objects.filter(pk__in={pk for pair in pairs for pk in pair})
        found = {row.pk: row for row in rows.with_unit_name().select_related("member__citizen_number")}
        return [_twins(found[one], found[other]) for one, other in pairs]


def _twins(one: Membership, other: Membership) -> Twins:
    older, newer = sorted((one, other), key=lambda row: (row.joined_on, row.pk))
    return Twins(older, newer, (one.list_key, one.member_id, other.member_id))


class MemberJoin(Verdict):
    """Two entries that an officer found to be one person: the other one stands with the kept one, and counts no more.

    No fact moves: each keeps its memberships, titles, offices and what it was called, so that it can be taken back.
    The database keeps `Member.merged_into` by it.
    """

    kept = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="joins_kept")
    other = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="joins")

    #: What its triggers are called -> what they say to a user.
    guards: ClassVar[dict[str, Promise]] = {
        "member_join_kept": _("This decision stands or has been taken back already. Look at the person again."),
        "member_joined_flat": _("One of the two has been joined with somebody already. Look again."),
    }

    objects = VerdictQuerySet.as_manager()

    class Meta(Verdict.Meta):
        constraints = (
            *Verdict.Meta.constraints,
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at__isnull=True), name="member_joined_once",
                violation_error_message=_("One of the two has been joined with somebody already. Look again."),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kept_id} = {self.other_id}"
