"""Who is told of a proposed change: by mail where an account has an address, on the home of the staff in any case."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import models, transaction
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from portal.acts import ACTS, Act
from portal.lib.language import official_language
from portal.models import Posting, ProposedChange, User
from portal.vocabulary import ProposalState

#: For so long after a decision, and so long before the end of one that waits, the home of the staff says so.
SHOWN_AFTER = datetime.timedelta(days=7)
SHOWN_BEFORE = datetime.timedelta(days=3)
_DECIDED = (ProposalState.ACCEPTED, ProposalState.REFUSED)


def announce(change: ProposedChange, deciders: Iterable[User] = ()) -> None:
    """Send mail about the proposal once it is committed: to who may decide while it waits, else to who must know."""
    people = [person.pk for person in deciders] or [person.pk for person in people_told(change)]
    transaction.on_commit(lambda: send_notices.enqueue(change.pk, people), robust=True)


def people_told(change: ProposedChange) -> list[User]:
    """Return who is told of a decision: the proposer and the roles that the act names, on the object's unit."""
    today, rule = timezone.localdate(), ACTS[Act(change.act)]
    roles = [role.value for role in rule.told]
    postings = Posting.objects.in_force(today).filter(unit=change.unit_id, role__in=roles, user__is_active=True)
    found: models.QuerySet[User] = User.objects.filter(
        Q(pk=change.proposed_by_id) | Q(pk__in=postings.values("user_id"))
    ).exclude(pk=change.decided_by_id or 0)
    return list(found.order_by("pk"))


@task()
def send_notices(change_id: int, people: list[int]) -> int:
    """Write to those of the people who have an address; return how many that were. No figure or name stands in it."""
    change = ProposedChange.objects.select_related("unit", "proposed_by").get(pk=change_id)
    addresses = User.objects.filter(pk__in=people, is_active=True).exclude(email="").values_list("email", flat=True)
    with official_language():
        subject = f"{change.title}: {change.state_label}"
        unit = change.unit.name_on(timezone.localdate())
        text = _("%(what)s of %(unit)s, proposed by %(who)s: %(state)s.") % {
            "what": change.title, "unit": unit, "who": change.proposed_by, "state": change.state_label,
        }  # fmt: skip
    link = f"{settings.SITE_URL}{reverse('proposal_detail', args=[change.pk])}"
    for address in addresses:
        send_mail(subject, f"{text}\n\n{link}\n", None, [address])
    return len(addresses)


def decided_lately(user: User) -> models.QuerySet[ProposedChange]:
    """Return decisions of the last days that the person is told of, newest first (one query)."""
    today = timezone.localdate()
    mine = Q(proposed_by=user)
    for role in {posting.role for posting in user.current_postings}:
        acts = [act.value for act, rule in ACTS.items() if role in rule.told]
        held: Any = RawSQL("SELECT unit_scope(%s, %s, %s)", [user.pk, [role], today])
        mine |= Q(act__in=acts, unit_id__in=held)
    rows = ProposedChange.objects.filter(mine, state__in=_DECIDED, decided_at__gt=timezone.now() - SHOWN_AFTER)
    return rows.exclude(decided_by=user).select_related("unit", "decided_by").order_by("-decided_at")


def running_out(user: User) -> models.QuerySet[ProposedChange]:
    """Return the person's own proposals that nobody has decided and that run out soon, or have just run out."""
    now = timezone.now()
    return ProposedChange.objects.filter(
        proposed_by=user, state=ProposalState.PENDING, expires_at__lt=now + SHOWN_BEFORE,
        expires_at__gt=now - SHOWN_AFTER,
    ).order_by("expires_at")  # fmt: skip
