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

from members.models.finding import FEW_UNITS
from members.models.member import Member
from members.models.membership import Membership
from portal.models.verdict import Verdict, VerdictQuerySet

_LISTED = "valid @> %(today)s AND list_key <> '' AND (%(all)s OR unit_id = ANY(%(units)s))"
_NOT_TOLD_APART = """NOT EXISTS (
  SELECT FROM members_distinctmembers d WHERE d.one_id = a.member_id AND d.other_id = b.member_id)"""
_SAME_DAY = " AND ".join(f"coalesce(a.birth_{part} = b.birth_{part}, true)" for part in ("month", "day"))
_AGREE = (
    f"b.birth_year = a.birth_year AND {_SAME_DAY}",
    "b.birth_year IS NULL",
    "a.birth_year IS NULL",
    "a.phone <> '' AND b.phone = a.phone",
)
_WITH_FACTS = f"""
SELECT s.id, s.list_key, s.member_id, m.name_key, m.birth_year, m.birth_month, m.birth_day, m.phone
FROM members_membership s CROSS JOIN LATERAL (
  SELECT name_key, birth_year, birth_month, birth_day, phone FROM members_member WHERE id = s.member_id OFFSET 0) m
WHERE {_LISTED} """  # noqa: S608 - fixed words # nosec B608
_FOUND = "SELECT a.id AS one, b.id AS other, a.list_key AS name, a.member_id AS first, b.member_id AS second"
# Of many units a member at a time, in the order of names, until the page is full. For each one the namesakes are looked
# up by the years of birth with which theirs may agree: hundreds are called alike, few of them are born in one year.
_LATER = "(SELECT b.id FROM members_member b WHERE b.name_key = a.name_key AND b.id > a.member_id AND {})"
_OF_MANY_UNITS = f"""
{_FOUND} FROM ({_WITH_FACTS} {{begun}} ORDER BY s.list_key{{end}}, s.member_id{{end}}) a
CROSS JOIN LATERAL ({" UNION ".join(map(_LATER.format, _AGREE))}) n
CROSS JOIN LATERAL (
  SELECT id, member_id FROM members_membership
  WHERE member_id = n.id AND list_key = a.list_key AND {_LISTED} OFFSET 0) b
WHERE {_NOT_TOLD_APART}
"""  # noqa: S608 - fixed words # nosec B608
# Of few units all of their members are looked at beside each other.
_OF_FEW_UNITS = f"""
WITH listed AS MATERIALIZED ({_WITH_FACTS})
{_FOUND} FROM listed a
JOIN listed b ON b.list_key = a.list_key AND b.name_key = a.name_key AND b.member_id > a.member_id
WHERE ({" OR ".join(f"({births})" for births in _AGREE)}) AND {_NOT_TOLD_APART}
"""
# Whatever they are called: the same citizen number. Among many units few are, so they are found first (0.4 s among a
# million numbers); of few units only the members' own are looked up.
_NUMBERS = f"""
WITH equal AS {{way}} (
  SELECT c.member_id AS one, d.member_id AS other FROM members_citizennumber c
  JOIN members_citizennumber d ON d.digest = c.digest AND d.member_id > c.member_id)
{_FOUND} FROM equal
JOIN (SELECT id, list_key, member_id FROM members_membership WHERE {_LISTED}) a ON a.member_id = equal.one
JOIN (SELECT id, member_id FROM members_membership WHERE {_LISTED}) b ON b.member_id = equal.other
WHERE {_NOT_TOLD_APART}
"""  # noqa: S608 - fixed words # nosec B608
_UNREAD = ("member__citizen_number__sealed",)  # told apart by their digests
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
        begun = beyond = ""
        if key is not None:  # what is asked of `a` alone tells the index where to begin
            begun = f"AND (s.list_key, s.member_id) {way}= (%(name)s, %(first)s)"
            beyond = f"AND ({', '.join(_PLACE)}) {way} (%(name)s, %(first)s, %(second)s)"
        order = " ORDER BY " + ", ".join(f"{place}{end}" for place in (3, 4, 5)) + " LIMIT %(count)s"
        is_few = self.units is not None and len(self.units) <= FEW_UNITS
        by_name = _OF_FEW_UNITS if is_few else _OF_MANY_UNITS.format(begun=begun, end=end)
        by_number = _NUMBERS.format(way="NOT MATERIALIZED" if is_few else "MATERIALIZED")
        pages = " UNION ".join(f"({pairs} {beyond} {order})" for pairs in (by_name, by_number))
        name, first, second = key or ("", 0, 0)
        values = {
            "today": self.today, "all": self.units is None, "units": list(self.units or ()), "count": count,
            "name": name, "first": first, "second": second,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(f"{pages} {order}", values)
            pairs = [row[:2] for row in cursor.fetchall()]
        rows = Membership.objects.filter(pk__in={pk for pair in pairs for pk in pair})
        found = {row.pk: row for row in rows.with_unit_name().select_related("member__citizen_number").defer(*_UNREAD)}
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
