"""Constraints that many tables share: days in a sane window, names in which something can be seen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.lib.vietnamese import FIRST_DAY, LAST_DAY, SOMETHING_SEEN, TIME_ZONE

_END = LAST_DAY + dt.timedelta(days=1)
_FIRST_MOMENT = dt.datetime.combine(FIRST_DAY, dt.time.min, TIME_ZONE)
_END_MOMENT = dt.datetime.combine(_END, dt.time.min, TIME_ZONE)


def days_check(
    name: str, *, days: tuple[str, ...] = (), moments: tuple[str, ...] = (), spans: tuple[str, ...] = ()
) -> models.CheckConstraint:
    """Return the constraint that columns of dates, times and date ranges lie from 1900 to 2099.

    A range may be open (that it has a beginning is a constraint of its own). Beyond these years Python cannot count
    on, and a slip of the pen would take every page down that sorts by the column.
    """
    condition = Q()
    for field in days:
        condition &= _or_null(field, Q(**{f"{field}__range": (FIRST_DAY, LAST_DAY)}))
    for field in moments:
        window = {f"{field}__gte": _FIRST_MOMENT, f"{field}__lt": _END_MOMENT}
        condition &= _or_null(field, Q(**window))
    for field in spans:
        begins = Q(**{f"{field}__lower_inf": True}) | Q(**{f"{field}__startswith__range": (FIRST_DAY, LAST_DAY)})
        ends = Q(**{f"{field}__upper_inf": True}) | Q(**{f"{field}__endswith__lte": _END})
        condition &= _or_null(field, Q(**{f"{field}__isempty": True}) | (begins & ends))
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_message=_("A day must lie between 1900 and 2099.")
    )


def _or_null(field: str, condition: Q) -> Q:
    return Q(**{f"{field}__isnull": True}) | condition


def identifier_check(name: str, field: str, pattern: str, sentence: Any) -> models.CheckConstraint:
    """Return the constraint that a column holds an identifier as `portal.lib.identifiers` defines it."""
    return models.CheckConstraint(
        name=name, condition=Q(**{f"{field}__regex": f"^{pattern}$"}), violation_error_message=sentence
    )


def seen_check(name: str, *fields: str) -> models.CheckConstraint:
    """Return the constraint that something can be seen in a column of text: not spaces and invisible signs alone."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__regex": SOMETHING_SEEN})
    return models.CheckConstraint(
        name=name, condition=condition, violation_error_message=_("Write a name in which something can be seen.")
    )
