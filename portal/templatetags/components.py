"""Components that hold others: groups of figures, the way to a page. A builtin library, so no {% load %} is needed.

Words are given as `_("...")`, which the catalogue finds: {% crumb _("Lists") "batch_list" %}.
"""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from portal.lib import language

register = template.Library()

#: How long the longest number of a group may be for its class: the sheet gives each class a column as wide as it needs.
_WIDTHS = ((7, "figures-short"), (11, "figures-medium"), (15, "figures-long"))
_NUMBER = re.compile(r'class="figure-number">([^<]*)<')


@register.simple_block_tag
def figures(content: str, kind: str = "cards") -> SafeString:
    """A group of figures, each inside written by `{% figure %}`; kind: cards, band (on dark), plain.

    {% figures %}{% figure _("Turns") 14936|number %}{% figure _("Amount") 10426900000|money %}{% endfigures %}
    The group is sized by its longest number, so no number leaves its column, whatever holds the group.
    """
    longest = max((len(number) for number in _NUMBER.findall(content)), default=0)
    width = next((name for limit, name in _WIDTHS if longest <= limit), "figures-longest")
    return format_html('<dl class="figures {} figures-{}">{}</dl>', width, kind, mark_safe(content))  # noqa: S308 - rendered by a template # nosec B308 B703


@register.inclusion_tag("components/_figure.html")
def figure(
    label: str, value: str, hint: str = "", link: str = "", link_label: str = "", main: bool = False
) -> dict[str, Any]:
    """One figure of a group: its label, its value as written out ("10.426.900.000 đồng"), a hint on a line of its own.

    The number is never broken; its unit may stand below it. A link without its label is the value itself.
    """
    found = re.match(r"([−-]?\d[\d.,]*%?)?\s*", str(value))
    number, words = (found[1] or "", str(value)[found.end() :]) if found else ("", str(value))
    return {"label": label, "number": number, "words": words, "hint": hint, "link": link, "link_label": link_label,
            "main": main}  # fmt: skip


@register.simple_block_tag
def breadcrumbs(content: str, *, home: bool = False) -> SafeString:
    """The way to a page, each step written by `{% crumb %}`; home: begin with the public home.

    {% breadcrumbs %}{% crumb _("Lists") "batch_list" %}{% crumb batch.title %}{% endbreadcrumbs %}
    """
    return render_to_string("components/_breadcrumbs.html", {"steps": mark_safe(content), "home": home})  # noqa: S308 - rendered by a template # nosec B308 B703


@register.simple_tag
def crumb(label: str, view: str = "", *args: Any, url: str = "") -> SafeString:
    """One step: its label and the view (with arguments) or url it leads to; without either the page itself."""
    address = reverse(view, args=args) if view else url
    if not address:
        return format_html('<li><span aria-current="page">{}</span></li>', language.written(label))
    return format_html('<li><a href="{}">{}</a></li>', address, language.written(label))
