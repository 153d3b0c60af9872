"""Thin wrappers over `portal.lib` for templates; a builtin library, so no {% load %} is needed."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.defaulttags import CsrfTokenNode
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from portal import vocabulary
from portal.audit import Action
from portal.lib import language, qr, vietnamese
from portal.lib.periods import HalfYear
from portal.permissions import Permission
from portal.services.kept import sign_typist
from portal.services.versions import version_of
from portal.vocabulary import ArticleState, Badge, BatchState, ProgrammeKind, ReportState, SubmissionState

register = template.Library()


@register.filter
def money(value: int | None) -> str:
    """10426900000 -> "10.426.900.000 đồng"; nothing for None."""
    return "" if value is None else vietnamese.format_money(int(value))


@register.filter
def number(value: int | None) -> str:
    """14936 -> "14.936"; nothing for None."""
    return "" if value is None else vietnamese.format_int(int(value))


@register.filter
def date_line(value: datetime.datetime) -> str:
    """An aware moment -> "Thứ Sáu, 21/07/2023 13:25" in Vietnam's time; on an English screen "Friday, ..."."""
    return language.screen_date_line(value) if value else ""


@register.filter
def written(text: Any) -> SafeString:
    """What people wrote, marked as Vietnamese on a screen of another language (WCAG 3.1.2)."""
    return language.written(text)


@register.filter
def short_date(value: datetime.date | datetime.datetime | None) -> str:
    """A day or moment -> "05/06/2026" in Vietnam's time."""
    if not value:
        return ""
    return vietnamese.short_date(timezone.localtime(value).date() if isinstance(value, datetime.datetime) else value)


@register.filter
def weekday_date(value: datetime.date | None) -> str:
    """A day -> "Thứ Sáu, 05/06/2026"; on an English screen "Friday, ..."."""
    return f"{language.screen_weekday(value)}, {vietnamese.short_date(value)}" if value else ""


@register.filter
def document_date(value: datetime.date | None) -> str:
    """A day -> "ngày 05 tháng 6 năm 2026", as official documents write it."""
    return vietnamese.document_date(value) if value else ""


@register.filter
def phone(value: str | None) -> str:
    """+84939658700 -> "0939 658 700"."""
    return vietnamese.format_phone(value) if value else ""


@register.filter
def half_label(code: str) -> str:
    """2023-H1 -> "6 tháng đầu năm 2023"."""
    return HalfYear.parse(code).screen_label if code else ""


@register.filter
def may(held: frozenset[Permission], name: str) -> bool:
    """Whether the set of rights holds the named one: {% if permissions|may:"APPROVE_BATCH" %}.

    A misspelt name raises.
    """
    return Permission[name] in held


@register.filter(name="is")
def is_entry(code: str, name: str) -> bool:
    """Whether a code is an entry of a closed list: {% if batch.state|is:"BatchState.RETURNED" %}.

    A misspelt name raises.
    """
    entries, _dot, entry = name.partition(".")
    return bool(code == getattr(vocabulary, entries)[entry])


@register.filter
def kind_label(code: str) -> str:
    """The word for a kind of programme, or for hardship, which is shown beside them."""
    return str(ProgrammeKind(code).label if code in ProgrammeKind.values else _("in hardship"))


@register.filter
def state_label(code: str) -> str:
    """The word for a state or a badge; any other text is shown as it is."""
    return str(next((found[code].label for found in _STATES if code in found), code))


_STATES = [
    {entry.value: entry for entry in entries}
    for entries in (BatchState, SubmissionState, ArticleState, ReportState, Badge)
]


@register.simple_tag
def qr_svg(text: str, title: str = "") -> SafeString:
    """Inline SVG of a QR code; the markup is ours and the title is escaped by the library."""
    return mark_safe(qr.qr_svg(text, title=title))  # noqa: S308 - our own markup, the title is escaped there # nosec B308 B703


@register.simple_tag(takes_context=True)
def csrf_token(context: template.RequestContext) -> SafeString:
    """Return Django's hidden token and, for a signed-in person, whose page the form stands on.

    By that a form which arrives after its session is over is kept for the right person (`portal.resuming`).
    """
    token = SafeString(CsrfTokenNode().render(context))
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return token
    return format_html('{}<input type="hidden" name="typed_by" value="{}">', token, sign_typist(user))


@register.simple_tag(takes_context=True)
def version(context: template.RequestContext, row: Any, *, effect: Any = None, fresh: bool = False) -> SafeString:
    """Return the hidden field that says which state of the row a deciding form shows.

    In a form that was refused it goes on saying what was shown at first, unless `fresh`: the page then shows the
    present state. Of a model: that there was no row yet. `effect`: everything that the decision would move.
    """
    shown = version_of(row, effect or None)
    request = context.get("request")
    sent = request.POST.get("version", "") if request is not None and request.method == "POST" else ""
    if not fresh and sent.rpartition(":")[0] == shown.rpartition(":")[0]:
        shown = sent
    return format_html('<input type="hidden" name="version" value="{}">', shown)


@register.simple_tag
def zalo_link(url: str) -> str:
    """Return Zalo's address for sharing a page: its data is JSON in base64, as Zalo's own button sends it."""
    data = base64.b64encode(json.dumps({"url": url}, separators=(",", ":")).encode()).decode()
    return f"https://sp.zalo.me/share_inline?{urlencode({'d': data})}"


@register.simple_tag
def percent(part: int, whole: int) -> str:
    """A share in whole percent, "–" when there is no whole."""
    return f"{round(100 * part / whole)}%" if whole else "–"


@register.filter
def per_mille(value: int | None) -> str:
    """669 thousandths -> "66,9%"; nothing for None."""
    return "" if value is None else f"{vietnamese.format_int(value // 10)}{f',{value % 10}' if value % 10 else ''}%"


@register.filter
def get_item(mapping: Any, key: Any) -> Any:
    """mapping[key] or None, for a key held in a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def audit_action(code: str) -> str:
    """news.article.publish -> "Story: published"; a code of an older version is shown as it is."""
    return str(Action(code).label) if code in Action.values else code
