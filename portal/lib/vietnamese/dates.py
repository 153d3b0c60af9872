"""Dates as people write them, and as documents and pages show them."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.lib.vietnamese.text import ReadingError, comparable, fold

TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
#: The days that the portal can hold at all; a form may take fewer.
FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
_LAST_SHORT_YEAR = 40  # "40" is 2040, "41" is 1941
_EXCEL_EPOCH = dt.date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = (
    20_000,
    80_000,
)  # October 1954 to January 2119 (which is refused by its year); a year or a class is no serial


class DateError(ReadingError):
    """This is no date; `code` is "empty", "not_a_date" (cannot be read) or "no_such_date" (31/02, year 0202)."""


_BETWEEN = r" ?[-/.\\ ,] ?"
_TIME = r"(?:[t ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DAY_FIRST = re.compile(rf"(?:ngay )?([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}}|[0-9]{{2}}){_TIME}")
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}}){_TIME}")
_IN_WORDS = re.compile(r"(?:ngay )?([0-9]{1,2}) thang ([0-9]{1,2}),? nam ([0-9]{4})")
_MONTH = re.compile(rf"(?:thang )?([0-9]{{1,2}})(?:{_BETWEEN}|,? nam )([0-9]{{4}})")
_YEAR = re.compile("(?:nam )?([0-9]{4})")


def parse_date(value: object) -> dt.date:
    """Return the date in a cell or a form's text; DateError says why not.

    Reads dates, Excel's serial numbers (1900 system), "31/12/2023", "5-5-2013", "05.05.2013", "2013-05-05", "5/5/13",
    "ngày 11 tháng 04 năm 2023". The day comes before the month; two digits of a year are 1941 to 2040. An aware time
    counts by the date in Viet Nam.
    """
    if value is None:
        raise DateError("empty", value)
    if isinstance(value, dt.datetime):
        return _plausible((value.astimezone(TIME_ZONE) if value.tzinfo else value).date(), value)
    if isinstance(value, dt.date):
        return _plausible(value, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_serial(value, value)
    if not isinstance(value, str):
        raise DateError("not_a_date", value)
    return _read(value)


@lru_cache(maxsize=10_000)  # a list names the same days again and again
def _read(value: str) -> dt.date:
    text = fold(comparable(value))
    if not text:
        raise DateError("empty", value)
    if re.fullmatch("[0-9]{5}", text):
        return _from_serial(int(text), value)
    day_first = _DAY_FIRST.fullmatch(text) or _IN_WORDS.fullmatch(text)
    year_first = _YEAR_FIRST.fullmatch(text)
    if day_first is not None:
        day, month, year = day_first.groups()
    elif year_first is not None:
        year, month, day = year_first.groups()
    else:
        raise DateError("not_a_date", value)
    return _date(_full_year(year), int(month), int(day), value)


def _from_serial(serial: float, value: object) -> dt.date:
    if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
        raise DateError("not_a_date", value)
    return _plausible(_EXCEL_EPOCH + dt.timedelta(days=int(serial)), value)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year <= _LAST_SHORT_YEAR else 1900)


def _date(year: int, month: int, day: int, value: object) -> dt.date:
    try:
        return _plausible(dt.date(year, month, day), value)
    except ValueError as error:
        raise DateError("no_such_date", value) from error


def _plausible(date: dt.date, value: object) -> dt.date:
    if not FIRST_DAY <= date <= LAST_DAY:
        raise DateError("no_such_date", value)
    return date


_WITH_HOURS = re.compile(r"(.*[0-9])(?:,? |t)(?:luc )?([0-9]{1,2}) ?(?::|h|gio) ?([0-9]{2})?(?::[0-9]{2})?(?: ?phut)?")


def parse_moment(value: object, *, without_time: dt.time = dt.time(0, 0)) -> dt.datetime:
    """Return the moment in a form's text, in Viet Nam's time: "26/11/2026 13:25", "26-11-26 13h25"; DateError if none.

    A day alone is taken at `without_time`.
    """
    if isinstance(value, dt.datetime):
        parse_date(value)
        return value.astimezone(TIME_ZONE) if value.tzinfo else value.replace(tzinfo=TIME_ZONE)
    if not isinstance(value, str):
        return dt.datetime.combine(parse_date(value), without_time, TIME_ZONE)
    timed = _WITH_HOURS.fullmatch(fold(comparable(value)))
    if timed is None:
        return dt.datetime.combine(parse_date(value), without_time, TIME_ZONE)
    try:
        time = dt.time(int(timed[2]), int(timed[3] or 0))
    except ValueError as error:
        raise DateError("no_such_date", value) from error
    return dt.datetime.combine(parse_date(timed[1]), time, TIME_ZONE)


@dataclass(frozen=True)
class Birth:
    """When somebody was born, as far as it is known: a year, perhaps with the month, perhaps with the day."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> dt.date | None:
        """The whole date, or None where only the year or month is known."""
        if self.month is None or self.day is None:
            return None
        return dt.date(self.year, self.month, self.day)

    @property
    def text(self) -> str:
        """As forms show it: "2011", "03/2011" or "15/03/2011"."""
        parts = [f"{part:02d}" for part in (self.day, self.month) if part is not None]
        return "/".join([*parts, str(self.year)])


def parse_birth(value: object) -> Birth:
    """Return a birth date, month or year from a cell or a form's text; DateError says why not.

    Reads what `parse_date` reads and 2011, "2011", "năm 2011", "03/2011", "3-2011".
    """
    if isinstance(value, float) and value.is_integer():
        return parse_birth(int(value))
    if isinstance(value, int) and 1000 <= value <= 9999:
        return Birth(_date(value, 1, 1, value).year)
    if isinstance(value, str):
        return _read_birth(value)
    date = parse_date(value)
    return Birth(date.year, date.month, date.day)


@lru_cache(maxsize=10_000)
def _read_birth(value: str) -> Birth:
    text = fold(comparable(value))
    year, month = _YEAR.fullmatch(text), _MONTH.fullmatch(text)
    if year is not None:
        return Birth(_date(int(year[1]), 1, 1, value).year)
    if month is not None:
        first_day = _date(int(month[2]), int(month[1]), 1, value)
        return Birth(first_day.year, first_day.month)
    date = _read(value)
    return Birth(date.year, date.month, date.day)


def birth_problem(birth: Birth, on: dt.date) -> bool:
    """Tell whether no one born then can stand in a fact of that day: before 1900, or after it as far as is known."""
    return birth.year < FIRST_DAY.year or (birth.year, birth.month or 1, birth.day or 1) > (on.year, on.month, on.day)


_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def weekday_name(date: dt.date) -> str:
    """Return "Thứ Hai" to "Chủ Nhật"."""
    return _WEEKDAYS[date.weekday()]


#: Days off by the calendar of the sun (Bộ luật Lao động, Điều 112): New Year, 30 April, 1 May, the National Day.
_HOLIDAYS = {(1, 1), (30, 4), (1, 5), (2, 9)}


def next_working_day(day: dt.date) -> dt.date:
    """Return the day itself, or the next that is no Saturday, Sunday or holiday of a fixed date.

    Tết and Giỗ Tổ follow the moon, and the second day off at the National Day and days that are swapped are decided
    anew each year: those are left to the person.
    """
    while day.weekday() >= 5 or (day.day, day.month) in _HOLIDAYS:
        day += dt.timedelta(days=1)
    return day


def date_line(moment: dt.datetime) -> str:
    """Return the line above an article, "Thứ Sáu, 21/07/2023 13:25"; an aware time is shown as in Viet Nam."""
    local = moment.astimezone(TIME_ZONE) if moment.tzinfo else moment
    return f"{weekday_name(local)}, {local:%d/%m/}{local.year:04d} {local:%H:%M}"


def document_date(date: dt.date) -> str:
    """Return a date as official documents spell it (Nghị định 30/2020): "ngày 05 tháng 6 năm 2026".

    Days below 10 and the months 1 and 2 carry a zero, so that nothing can be written in front.
    """
    month = f"{date.month:02d}" if date.month < 3 else f"{date.month}"
    return f"ngày {date.day:02d} tháng {month} năm {date.year}"


def short_date(date: dt.date) -> str:
    """Return "05/06/2026"."""
    return f"{date.day:02d}/{date.month:02d}/{date.year}"
