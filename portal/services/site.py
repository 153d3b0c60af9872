"""The association's own facts."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from portal import audit
from portal.models import Fanpage, SiteProfile, User


@transaction.atomic
def update_site(*, values: dict[str, Any], actor: User) -> SiteProfile:
    """Change the association's facts; `values` are field names of SiteProfile."""
    profile = SiteProfile.objects.select_for_update().filter(pk=1).first() or SiteProfile(pk=1)
    changed = [name for name, value in values.items() if getattr(profile, name) != value]
    for name in changed:
        setattr(profile, name, values[name])
    profile.save()
    audit.record(actor=actor, action=audit.Action.SITE_UPDATE, target=profile, fields=changed)
    return profile


@transaction.atomic
def replace_fanpages(*, pages: list[dict[str, Any]], actor: User) -> list[Fanpage]:
    """Set the list of fanpages, in order: {"name", "owner", "url"} each."""
    Fanpage.objects.all().delete()
    made = Fanpage.objects.bulk_create([Fanpage(position=place, **page) for place, page in enumerate(pages)])
    audit.record(actor=actor, action=audit.Action.SITE_FANPAGES, detail={"count": len(made)})
    return made
