"""The spans of time that the association reports on: half-years (January to June, July to December), and years.

A `Period` is either. Both have a code that is stored and stands in addresses, days, the half-years that they hold, a
name on paper and on screen, and neighbours: whoever takes a `Period` asks for nothing else.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Self

from django.utils.translation import gettext as _

CODE_PATTERN = r"^\d{4}-H[12]$"
PERIOD_PATTERN = r"^\d{4}(-H[12])?$"
_CODE = re.compile(r"([0-9]{4})-H([12])", re.IGNORECASE)
_YEAR = re.compile(r"[0-9]{4}")
_FIRST_YEAR, _LAST_YEAR = 1900, 2999
DAYS_BEFORE_THE_END = 30  # reviews are held in June and December: entering begins then


@dataclass(frozen=True, order=True)
class HalfYear:
    """A calendar half-year, 1 January to 30 June or 1 July to 31 December, as associations of learning report.

    When the lists of a report are closed is another matter and stands with the report.
    """

    year: int
    half: int

    def __post_init__(self) -> None:
        if self.half not in (1, 2):
            raise ValueError(f"a year has half 1 and half 2, not {self.half}")
        if not _FIRST_YEAR <= self.year <= _LAST_YEAR:
            raise ValueError(f"the year must be from {_FIRST_YEAR} to {_LAST_YEAR}, not {self.year}")

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read "2023-H1" (small letters and spaces around it are forgiven); ValueError for anything else."""
        match = _CODE.fullmatch(code.strip())
        if match is None:
            raise ValueError(f"a half-year is written like 2023-H1 or 2023-H2, not {code!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, date: dt.date) -> Self:
        """Return the half-year in which `date` lies."""
        return cls(date.year, 1 if date.month <= 6 else 2)

    @classmethod
    def range(cls, first: "HalfYear", last: "HalfYear") -> list["HalfYear"]:
        """Return the half-years from `first` to `last`, both included, in order; none if `last` is earlier."""
        halves = []
        while first <= last:
            halves.append(first)
            first = first.next()
        return halves

    @property
    def code(self) -> str:
        """The half-year as it is stored and stands in addresses: "2023-H1". Codes sort as time does."""
        return f"{self.year}-H{self.half}"

    @property
    def first_day(self) -> dt.date:
        """1 January or 1 July."""
        return dt.date(self.year, 1 if self.half == 1 else 7, 1)

    @property
    def last_day(self) -> dt.date:
        """30 June or 31 December."""
        return self.end - dt.timedelta(days=1)

    @property
    def end(self) -> dt.date:
        """The first day after the half-year."""
        return dt.date(self.year, 7, 1) if self.half == 1 else dt.date(self.year + 1, 1, 1)

    @property
    def halves(self) -> tuple["HalfYear", ...]:
        """The half-years that it holds: itself."""
        return (self,)

    @property
    def last_half(self) -> "HalfYear":
        """The half-year with whose last day it ends: itself."""
        return self

    def previous(self) -> "HalfYear":
        """Return the half-year before this one."""
        return HalfYear(self.year, 1) if self.half == 2 else HalfYear(self.year - 1, 2)

    def next(self) -> "HalfYear":
        """Return the half-year after this one."""
        return HalfYear(self.year, 2) if self.half == 1 else HalfYear(self.year + 1, 1)

    def same_last_year(self) -> "HalfYear":
        """Return the half-year with which this one is compared ("cùng kỳ")."""
        return HalfYear(self.year - 1, self.half)

    def contains(self, date: dt.date) -> bool:
        """Tell whether `date` lies in this half-year."""
        return self.first_day <= date < self.end

    @property
    def label(self) -> str:
        """The half-year as documents name it: "6 tháng đầu năm 2023"."""
        return f"6 tháng {'đầu' if self.half == 1 else 'cuối'} năm {self.year}"

    @property
    def screen_label(self) -> str:
        """The half-year in the language of the screen: "6 tháng đầu năm 2023", "First half of 2023"."""
        words = _("First half of %(year)d") if self.half == 1 else _("Second half of %(year)d")
        return words % {"year": self.year}

    @property
    def screen_short_label(self) -> str:
        """The same where there is little room: "6T đầu 2023", "H1 2023"."""
        words = _("H1 %(year)d") if self.half == 1 else _("H2 %(year)d")
        return words % {"year": self.year}

    def __str__(self) -> str:
        return self.code


@dataclass(frozen=True, order=True)
class Year:
    """A calendar year, as its two half-years."""

    year: int

    def __post_init__(self) -> None:
        HalfYear(self.year, 1)  # the same years

    @classmethod
    def parse(cls, code: str) -> Self:
        """Read "2025" (spaces around it are forgiven); ValueError for anything else."""
        match = _YEAR.fullmatch(code.strip())
        if match is None:
            raise ValueError(f"a year is written like 2025, not {code!r}")
        return cls(int(match[0]))

    @property
    def code(self) -> str:
        """The year as it is stored and stands in addresses: "2025"."""
        return str(self.year)

    @property
    def halves(self) -> tuple[HalfYear, ...]:
        """Its two half-years."""
        return (HalfYear(self.year, 1), HalfYear(self.year, 2))

    @property
    def last_half(self) -> HalfYear:
        """The half-year with whose last day it ends."""
        return HalfYear(self.year, 2)

    @property
    def first_day(self) -> dt.date:
        """1 January."""
        return dt.date(self.year, 1, 1)

    @property
    def last_day(self) -> dt.date:
        """31 December."""
        return dt.date(self.year, 12, 31)

    @property
    def end(self) -> dt.date:
        """The first day after the year."""
        return dt.date(self.year + 1, 1, 1)

    def previous(self) -> "Year":
        """Return the year before this one."""
        return Year(self.year - 1)

    def next(self) -> "Year":
        """Return the year after this one."""
        return Year(self.year + 1)

    def same_last_year(self) -> "Year":
        """Return the year with which this one is compared: the one before."""
        return self.previous()

    def contains(self, date: dt.date) -> bool:
        """Tell whether `date` lies in this year."""
        return self.first_day <= date < self.end

    @property
    def label(self) -> str:
        """The year as documents name it: "năm 2025"."""
        return f"năm {self.year}"

    @property
    def screen_label(self) -> str:
        """The year in the language of the screen: "năm 2025", "year 2025"."""
        return _("year %(year)d") % {"year": self.year}

    @property
    def screen_short_label(self) -> str:
        """The same where there is little room: "2025"."""
        return str(self.year)

    def __str__(self) -> str:
        return self.code


#: What a report is about.
Period = HalfYear | Year


def parse_period(code: str) -> Period:
    """Read "2025" or "2025-H1"; ValueError for anything else."""
    return HalfYear.parse(code) if "-" in code else Year.parse(code)


def half_to_report(today: dt.date) -> HalfYear:
    """Return the half-year that units are reporting on: the last one that has ended or ends within a month."""
    return HalfYear.containing(today + dt.timedelta(days=DAYS_BEFORE_THE_END)).previous()


def demand_neighbours(period: Period) -> None:
    """Raise ValueError for the first and last ones that there are: every page looks at what is before and after."""
    period.same_last_year()
    period.next()


def sort_period(period: Period) -> tuple[dt.date, int]:
    """Return by what periods sort as time does: by their end, a year after the half-year that ends with it."""
    return period.last_day, len(period.halves)
