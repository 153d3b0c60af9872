"""Units: their levels, what is counted of them, what they become; what is opened of a closed half-year."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList, Entry


@dataclass(frozen=True)
class _Level(Entry):
    short: tuple[str, ...] = ()
    is_area: bool = False
    is_commune: bool = False
    is_unit: bool = True


class LevelWord(ClosedList):
    """The words with which names of units and places begin, in the order of official lists. Levels themselves are data.

    `short` are the abbreviations before a name, `is_area` is what has a people's committee, `is_commune` heads a block
    of a list that names a ward or commune, `is_unit` is what an association may stand on.
    """

    CITY = _Level("thành phố", "thành phố", ("tp",), is_area=True)
    QUARTER = _Level("quận", "quận", ("q",), is_area=True)
    TOWN = _Level("thị xã", "thị xã", ("tx",), is_area=True, is_commune=True)
    DISTRICT = _Level("huyện", "huyện", ("h",), is_area=True)
    WARD = _Level("phường", "phường", ("p", "f"), is_area=True, is_commune=True)
    TOWNSHIP = _Level("thị trấn", "thị trấn", ("tt",), is_area=True, is_commune=True)
    COMMUNE = _Level("xã", "xã", ("x",), is_area=True, is_commune=True)
    ZONE = _Level("đặc khu", "đặc khu", ("dk",), is_area=True, is_commune=True)
    CHAPTER = _Level("chi hội", "chi hội", ("ch",))
    COMMITTEE = _Level("ban khuyến học", "ban khuyến học", ("bkh",))
    HOUSEHOLDS = _Level("tổ dân phố", "tổ dân phố", ("tdp",), is_unit=False)
    RESIDENTS = _Level("khu dân cư", "khu dân cư", ("kdc",), is_unit=False)

    short: tuple[str, ...]
    is_area: bool
    is_commune: bool
    is_unit: bool


class Reporting(ClosedList):
    """Whether units of a level send a half-year of their own."""

    BELOW_CITY = "below_city", _("Those directly below the city")
    ALWAYS, NEVER = ("always", _("All of them")), ("never", _("None"))


class CountKind(ClosedList):
    """What is counted of a place, as the denominators of shares: with a day each, from a source."""

    POPULATION, HOUSEHOLDS = ("population", _("Population")), ("households", _("Households"))
    LINEAGES, HAMLETS = ("lineages", _("Lineages")), ("hamlets", _("Hamlets and residential groups"))
    ORGANISATIONS = "organisations", _("Agencies, schools and enterprises")


class SuccessionKind(ClosedList):
    """How a unit's tasks passed to another."""

    MERGE, SPLIT = ("merge", _("Merged")), ("split", _("Split"))
    RENAME, DISSOLVE = ("rename", _("Renamed")), ("dissolve", _("Dissolved"))


class ClosingScope(ClosedList):
    """How far a closing reaches back: over its half-year alone, or over that one and all before it."""

    HALF, THROUGH = ("half", _("this half-year")), ("through", _("everything through this half-year"))


class ZeroWord(ClosedList):
    """How an amount in words says a zero in the tens: "một nghìn không trăm linh năm"."""

    LINH, LE = ("linh", "linh"), ("lẻ", "lẻ")
