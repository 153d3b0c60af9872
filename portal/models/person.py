"""What is kept of a person by name, wherever one stands: members and recipients alike."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal import vocabulary
from portal.lib.vietnamese import Birth, name_key, sort_key
from portal.models.checks import seen_check
from portal.models.closed import entry_check, entry_field

_LONGEST_SORT_KEY = 400
_BIRTH = ("birth_year", "birth_month", "birth_day")


class Person(models.Model):
    """A name, its keys, a birth as far as it is known, and a gender; `person_columns` makes them."""

    Gender = vocabulary.Gender

    full_name = models.CharField(_("full name"), max_length=120)
    name_key = models.CharField(max_length=120, editable=False)  # lib.vietnamese.name_key: Hà is not Hạ
    sort_key = models.CharField(max_length=_LONGEST_SORT_KEY, editable=False)  # bytewise in Vietnamese order
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    birth_month = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = entry_field(_("gender"), vocabulary.Gender, max_length=6, blank=True)

    class Meta:
        abstract = True
        ordering = ("sort_key", "id")
        constraints: ClassVar[tuple[models.BaseConstraint, ...]] = (
            seen_check("%(class)s_full_name_given", "full_name", "name_key"),
            entry_check("%(class)s_gender", "gender", vocabulary.Gender, blank=True),
            models.CheckConstraint(
                name="%(class)s_birth_whole",
                condition=(Q(birth_month__isnull=True) | Q(birth_year__isnull=False, birth_month__range=(1, 12)))
                & (Q(birth_day__isnull=True) | Q(birth_month__isnull=False, birth_day__range=(1, 31))),
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    @property
    def birth(self) -> Birth | None:
        """The birth as far as it is known."""
        return Birth(self.birth_year, self.birth_month, self.birth_day) if self.birth_year else None

    @birth.setter
    def birth(self, birth: Birth | None) -> None:
        self.birth_year, self.birth_month, self.birth_day = birth_parts(birth)

    @property
    def birth_text(self) -> str:
        """The birth as forms show it: "15/03/2011", "03/2011", "2011" or ""."""
        return self.birth.text if self.birth else ""


def birth_parts(birth: Birth | None) -> tuple[int | None, int | None, int | None]:
    """Return year, month and day of a birth as they are stored and compared."""
    return (birth.year, birth.month, birth.day) if birth else (None, None, None)


def birth_columns(birth: Birth | None, prefix: str = "") -> dict[str, Any]:
    """Return the columns of a birth, to write them or to look for them (`prefix`: of a related person)."""
    return {f"{prefix}{name}": part for name, part in zip(_BIRTH, birth_parts(birth), strict=True)}


def person_columns(full_name: str, birth: Birth | None, gender: str = "", *, key: str | None = None) -> dict[str, Any]:
    """Return all columns of a Person; `key` is the name's `name_key` where that is at hand.

    The key for sorting may end early: it is read by no one, and who differs only beyond its end is sorted by id.
    """
    return {
        "full_name": full_name,
        "name_key": name_key(full_name) if key is None else key,
        "sort_key": sort_key(full_name)[:_LONGEST_SORT_KEY],
        **birth_columns(birth),
        "gender": gender,
    }
