"""Members for the tests of pages, made by the service that the pages use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from members.models import Member
from members.services import members
from portal.lib.vietnamese import Birth
from portal.models import Unit, User

JOINED = dt.date(2025, 9, 2)


def make_member(unit: Unit, actor: User, **values: Any) -> Member:
    facts = {"full_name": "Đỗ Thị Ánh", "birth": Birth(1964, 3, 15), "joined_on": JOINED} | values
    return members.add_member(unit=unit, actor=actor, **facts)
