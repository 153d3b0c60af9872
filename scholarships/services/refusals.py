"""What the services refuse, in words: a conflict with somebody else's change, and the database's own guards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.models import Unit, User
from portal.permissions import Permission


class Conflict(Exception):  # noqa: N818 - nobody's error
    """What the person saw is no longer what stands; `str()` is the sentence, views answer 409."""


#: What stands in the database's message -> the sentence for the user.
GUARDS: dict[str, str | Promise] = {
    "fund_not_negative": _("The fund does not hold enough money for this."),
    "period_closed": _(
        "This half-year is closed for the unit. Ask for it to be opened again, or enter the list in the next one."
    ),
    "disbursement_key": _("One of the rows has been recorded meanwhile. Check the list again."),
    "disbursement_replaced_once": _("Another row corrects the same gift already. Check the list again."),
    "recipient_key": _("One of the people has been recorded meanwhile. Check the list again."),
    "batch_not_approved_by_its_maker": _("Nobody approves a list that they entered or submitted themselves."),
    "batch_state": _("The list has moved on meanwhile. Look at it again."),
    "fund_one_main_per_unit": _("The unit has a main fund already. Change that one first."),
    "fund_name_once": _("The unit has a fund of this name already."),
    "programme_name_once": _("The unit has a programme of this name already."),
    "programme_one_default": _("The unit has another programme already that is meant when a list only names the kind."),
    "programme_amounts": _("The greatest amount must not be below the least."),
    "programme_dates": _("The closing day must not lie before the opening day."),
    "reversal_must_mirror": _("More would be taken back than was paid."),
}
_NAMED = re.compile("|".join(sorted(GUARDS, key=len, reverse=True)))


@contextmanager
def kept_by_database() -> Iterator[None]:
    """One transaction; what the database's guards refuse in it becomes a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        found = _NAMED.search(str(error))
        if found is None:
            raise
        raise ValidationError(str(GUARDS[found[0]]), code=found[0]) from error


def demand(actor: User, permission: Permission, unit: Unit) -> None:
    """PermissionDenied unless the person holds the right on the unit."""
    if not actor.may(permission, unit):
        raise PermissionDenied
