"""What pages of several apps share: the person behind `@requires`, names of units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from portal.models import Unit, User


def user_of(request: HttpRequest) -> User:
    """Return the signed-in person of a view behind `@requires`."""
    return cast("User", request.user)


def names_of(ids: Iterable[int], on: dt.date | None = None) -> dict[int, str]:
    """Return unit id -> its name on the day (today when none is given; of an ended unit its last one), by one query."""
    units: Any = Unit.objects.filter(pk__in=set(ids)).named_on(on or timezone.localdate())
    return {unit.pk: unit.name for unit in units}
