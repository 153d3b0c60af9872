"""The association's own facts."""

from __future__ import annotations

from typing import Any

from portal import audit
from portal.models import Fanpage, SiteProfile, User
from portal.permissions import ROOT, Permission
from portal.services.refusals import needs
from portal.services.versions import check_version


@needs(Permission.MANAGE_SITE, on=ROOT)
def update_site(
    *, values: dict[str, Any], pages: list[dict[str, Any]] | None = None, version: str | None = None, actor: User
) -> SiteProfile:
    """Change the association's facts (`values` by field name), and with `pages` the list of its fanpages, in order.

    A page is {"name", "owner", "url"}. All is saved or nothing.
    """
    profile = SiteProfile.objects.select_for_update().filter(pk=1).first()
    if profile is not None:
        check_version(profile, version)
    profile = profile or SiteProfile(pk=1)
    changed = [name for name, value in values.items() if getattr(profile, name) != value]
    for name in changed:
        setattr(profile, name, values[name])
    profile.save()
    audit.record(actor=actor, action=audit.Action.SITE_UPDATE, target=profile, fields=changed)
    if pages is not None:
        _replace_fanpages(pages, actor)
    return profile


def _replace_fanpages(pages: list[dict[str, Any]], actor: User) -> None:
    fresh = [(page["name"], page["owner"], page["url"]) for page in pages]
    if fresh == list(Fanpage.objects.values_list("name", "owner", "url")):
        return
    Fanpage.objects.all().delete()
    made = Fanpage.objects.bulk_create([Fanpage(position=place, **page) for place, page in enumerate(pages)])
    audit.record(actor=actor, action=audit.Action.SITE_FANPAGES, detail={"count": len(made)})
