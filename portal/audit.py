"""The one way to write an audit entry; called by every service inside its transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from portal.models import AuditEntry, Unit, User


def record(
    *,
    actor: User,
    action: str,
    target: models.Model | None = None,
    unit: Unit | None = None,
    fields: Iterable[str] = (),
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Write who did what on which row. `action` is "<app>.<noun>.<verb>"; `fields` are names, `detail` ids and counts.

    Personal values have no place here: a person must stay erasable while this table never changes.
    """
    return AuditEntry.objects.create(
        actor=actor,
        action=action,
        target_type=target._meta.label_lower if target is not None else "",
        target_id=target.pk if target is not None else None,
        unit=unit,
        fields=sorted(fields),
        detail=detail or {},
        source=actor.source,
    )
