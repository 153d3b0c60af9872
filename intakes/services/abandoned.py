"""Files that nobody takes in: their bytes hold personal data, so after a notice they are erased."""

from __future__ import annotations

import datetime as dt

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from intakes.models import KEPT_DAYS, NOTICE_DAYS, Intake
from portal import audit
from portal.models import User
from portal.services.refusals import needs_nothing

_ONCE_A_DAY = 24 * 60 * 60


@needs_nothing("a rule of time erases what everybody left lying; no person asks for it, and the audit names the portal")
def erase_abandoned(*, actor: User) -> dict[str, int]:
    """Announce what will be erased in a week, and erase what was announced a week ago: {"announced", "erased"}.

    Nothing is erased that has not been announced for that long, however late this is called.
    """
    now = timezone.now()
    due = Intake.objects.unfinished().filter(uploaded_at__lte=now - dt.timedelta(days=KEPT_DAYS - NOTICE_DAYS))
    announced = due.filter(warned_at=None).update(warned_at=now)
    old = due.filter(
        uploaded_at__lte=now - dt.timedelta(days=KEPT_DAYS), warned_at__lte=now - dt.timedelta(days=NOTICE_DAYS)
    )
    erased = 0
    for intake in old.select_for_update(of=("self",)).select_related("unit").defer("content", "cells", "reading"):
        intake.finish()
        audit.record(actor=actor, action=audit.Action.INTAKE_EXPIRE, target=intake, unit=intake.unit)
        erased += 1
    return {"announced": announced, "erased": erased}


@task()
def sweep_uploads() -> dict[str, int]:
    """Do it in the worker; done again, it does the same again."""
    return erase_abandoned(actor=User.objects.system())


def ask_for_sweep() -> None:
    """Let the worker look for abandoned files, once a day at most."""
    if cache.add("intakes.sweep", 1, _ONCE_A_DAY):
        transaction.on_commit(sweep_uploads.enqueue)
