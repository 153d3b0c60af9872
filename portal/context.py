"""What every page's template knows: the association, the menus, the person's rights."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import ngettext

from portal.addresses import page_of
from portal.choosing import shown_period
from portal.lib.periods import HalfYear, Period, Year, sort_period
from portal.lib.written_queries import rows_of
from portal.models import Fanpage, SiteProfile
from portal.permissions import ROOT, Permission
from portal.resuming import put_back


def site(request: HttpRequest) -> dict[str, Any]:
    """What templates may ask for, each found only when asked: the association, the menus, the person's rights."""
    profile = SimpleLazyObject(lambda: next(rows_of(_profile), None) or SiteProfile(name="", issuing_body=""))
    return {
        "site": profile,
        "association": profile,  # allauth's views bring a `site` of their own
        "fanpages": SimpleLazyObject(lambda: list(rows_of(Fanpage.objects.all))),
        "public_sections": SimpleLazyObject(lambda: public_sections(request)),
        "staff_nav": SimpleLazyObject(lambda: staff_nav(request)),
        "staff_posting": SimpleLazyObject(lambda: staff_posting(request)),
        "shown_period": SimpleLazyObject(lambda: shown_period(request)),
        "recent_periods": SimpleLazyObject(lambda: _list_periods(request)),
        "permissions": SimpleLazyObject(lambda: getattr(request.user, "permissions", frozenset())),
        "put_back": lambda: put_back(request),
        "site_url": settings.SITE_URL,
        "this_page": SimpleLazyObject(lambda: page_of(request)),
        "csp_nonce": SimpleLazyObject(lambda: str(request.csp_nonce)),  # type: ignore[attr-defined]  # django-csp's
    }


def _profile() -> QuerySet[SiteProfile]:
    return SiteProfile.objects.order_by("pk")[:1]


def public_sections(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The public menu as (label, url, current): what each app's config declares, in the order of INSTALLED_APPS."""
    sections = []
    for config in apps.get_app_configs():
        for item in getattr(config, "public_menu", ()):
            url = _reverse(item.url_name)
            if url:
                sections.append((str(item.label), url, request.path.startswith(url)))
    return sections


def staff_nav(request: HttpRequest) -> list[dict[str, Any]]:
    """The staff menu in groups: what each app's config declares and the person's rights allow; reports' home first."""
    held: frozenset[Permission] = getattr(request.user, "permissions", frozenset())
    groups: dict[str, dict[str, Any]] = {}
    configs = sorted(apps.get_app_configs(), key=lambda config: getattr(config, "menu_position", 50))
    for config in configs:
        for item in getattr(config, "staff_menu", ()):
            if item.permissions and not held.intersection(item.permissions):
                continue
            if item.on is ROOT and not any(request.user.may_at_root(right) for right in item.permissions):  # type: ignore[union-attr]  # signed in: the menu is the staff's
                continue
            url = _reverse(item.url_name)
            if not url:
                continue
            label = str(item.group or config.verbose_name)
            group = groups.setdefault(label, {"label": label, "items": []})
            group["items"].append({"label": item.label, "url": url, "icon": item.icon})
    items = [item for group in groups.values() for item in group["items"]]
    here = _nearest(request.path, [item["url"] for item in items])
    for item in items:
        item["current"] = item["url"] == here
    return list(groups.values())


def _nearest(path: str, addresses: list[str]) -> str:
    """Return the address of the menu that the page lies under most closely, or ""; under the home lies only itself."""
    above = [url for url in addresses if path == url or (path.startswith(url) and url != "/lam-viec/")]
    return max(above, key=len, default="")


def staff_posting(request: HttpRequest) -> str:
    """The signed-in person's first posting in words: role and unit."""
    postings = getattr(request.user, "current_postings", [])
    if not postings:
        return ""
    first = f"{postings[0].role_label} – {postings[0].unit_name}"
    more = len(postings) - 1
    if not more:
        return first
    told = ngettext("%(first)s, and %(count)d posting more", "%(first)s, and %(count)d postings more", more)
    return told % {"first": first, "count": more}


def _list_periods(request: HttpRequest) -> list[Period]:
    """Return what to choose from in the header: the running half-year, those of three years before, and the one shown.

    Whoever reads reports chooses a year too: it stands before its half-years.
    """
    now = HalfYear.containing(timezone.localdate())
    periods: set[Period] = {*HalfYear.range(HalfYear(now.year - 3, 1), now), shown_period(request)}
    if Permission.VIEW_REPORT in getattr(request.user, "permissions", frozenset()):
        periods |= {Year(period.year) for period in periods}
    return sorted(periods, key=sort_period, reverse=True)


def _reverse(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
