"""Money and lists of units that end: money passes by hand-overs alone, heirs finish the lists, facts never move."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.lib.vietnamese import format_money
from portal.models import Unit, User
from portal.permissions import Permission
from portal.services.proposals import Line
from portal.services.tree_moves import Part, Step
from portal.vocabulary import BatchState, SuccessionKind
from scholarships.models import Batch, Disbursement, Fund

OPEN = tuple(BatchState.those("is_unsettled"))


class MoneyPart(Part):
    """What a reorganisation means for funds, open lists and what has been given."""

    def lines(self, step: Step, on: datetime.date) -> list[Line]:
        """Funds with what they hold, lists that wait, and the turns that stay where they are."""
        lines = []
        if step.kind != SuccessionKind.RENAME:
            lines += self._money(step.ends) + self._lists(step.ends)
        turns = Disbursement.objects.filter(unit__in=step.ends, paid_at__isnull=False).count()
        said = ngettext("%(count)d turn", "%(count)d turns", turns) % {"count": turns}
        stays = _("never move: what was given and reported stays with the unit and the name of its time")
        return [*lines, Line(_("Turns given, reports issued"), said, stays)]

    def _money(self, ends: Iterable[int]) -> list[Line]:
        funds = Fund.objects.filter(unit__in=ends)
        count = funds.count()
        if not count:
            return []
        balance = format_money(funds.aggregate(total=Sum("balance"))["total"] or 0)
        said = ngettext("%(count)d fund with %(money)s", "%(count)d funds with %(money)s", count)
        stays = _("stay with the ended unit until hand-over entries pass the money on; each is decided by two persons")
        return [Line(_("Funds"), said % {"count": count, "money": balance}, stays)]

    def _lists(self, ends: Iterable[int]) -> list[Line]:
        count = Batch.objects.filter(unit__in=ends, state__in=OPEN).count()
        if not count:
            return []
        said = ngettext("%(count)d open list", "%(count)d open lists", count) % {"count": count}
        return [
            Line(_("Open lists"), said, _("stay lists of the ended unit; the officers of who takes over finish them"))
        ]

    def take_back(self, moved: Any, on: datetime.date) -> None:
        """Nothing was moved; what hangs on a new unit protects it from being taken away."""

    def tell(self, unit: Unit, reader: User) -> list[Line]:
        """Its funds with what they hold."""
        if not reader.may(Permission.VIEW_FUND, unit):
            return []
        funds = Fund.objects.filter(unit=unit).order_by("-is_main", "name")
        return [Line(fund.name, format_money(fund.balance), reverse("fund_detail", args=[fund.pk])) for fund in funds]

    def left(self, unit: Unit) -> list[Line]:
        """What the funds of the ended unit still hold."""
        funds = Fund.objects.filter(unit=unit)
        if not funds.exists():
            return []
        balance = funds.aggregate(total=Sum("balance"))["total"] or 0
        lists = Batch.objects.filter(unit=unit, state__in=OPEN).count()
        lines = [Line(_("Money in funds"), "", format_money(balance) if balance else "0")]
        return [*lines, Line(_("Open lists"), "", str(lists))] if lists else lines
