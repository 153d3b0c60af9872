"""The rows behind a figure, in the units whose facts make it up: a page of them at a time, with the same sum."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from members.models import Membership
from news.models import Article
from portal.lib.periods import HalfYear
from portal.lib.vietnamese import format_int, format_money, initials, short_date
from reports.figures import Indicator
from reports.models import DeclaredValue, Submission
from scholarships.models import Disbursement, LedgerEntry, Programme


@dataclass(frozen=True)
class RowCell:
    """One cell, written out; with a link where the row is kept."""

    text: str
    url: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Rows:
    """What is behind a figure: a query of rows, how a row is written, and what the rows add up to."""

    columns: list[tuple[str, bool]]  # heading, whether its figures stand to the right
    lines: QuerySet[Any]
    total: int
    write: Callable[[Any], list[RowCell]]

    def cells(self, page: Iterable[Any]) -> list[list[tuple[str, RowCell]]]:
        """Return the rows of a page, written out: each cell with its column's heading."""
        headings = [heading for heading, _is_number in self.columns]
        return [list(zip(headings, self.write(row), strict=True)) for row in page]


def rows_behind(indicator: Indicator, half: HalfYear, units: list[int]) -> Rows | None:
    """Return the rows of the units for a figure; None for one that has no rows of its own (a share)."""
    code = indicator.code
    if indicator.declared:
        return _declared(code, half, units)
    if code.startswith("disbursements.") and not indicator.share_of:
        return _disbursements(code, half, units)
    if code.startswith("recipients."):
        return _recipients(code, half, units)
    if code.startswith("funds."):
        return _ledger(code, half, units)
    if code.startswith("members."):
        return _members(code, half, units)
    if code == "communication.articles":
        return _articles(half, units)
    return None


def _disbursements(code: str, half: HalfYear, units: list[int]) -> Rows:
    _start, what, *part = code.split(".")
    rows = Disbursement.objects.moves_in(half).filter(unit_id__in=units)
    if part and part[0] in Programme.Kind.values:
        rows = rows.filter(programme__kind=part[0])
    elif part and part[0] in Disbursement.Source.values:
        rows = rows.filter(source=part[0])
    elif part:
        rows = rows.filter(is_hardship=True)
    counted = F("sign") * F("amount") if what == "amount" else F("sign")
    total = rows.aggregate(total=Coalesce(Sum(counted), 0))["total"]
    rows = rows.select_related("unit", "programme", "recipient", "batch").order_by("given_on", "id")

    def write(row: Disbursement) -> list[RowCell]:
        sign = row.sign  # type: ignore[attr-defined]  # annotated
        return [
            RowCell(short_date(row.given_on)),
            RowCell(initials(row.recipient.full_name)),
            RowCell(row.programme.name),
            RowCell(row.batch.title, reverse("batch_detail", args=[row.batch_id])),
            RowCell(format_int(sign), is_number=True),
            RowCell(format_money(sign * row.amount), is_number=True),
        ]

    columns = [
        (_("Given on"), False),
        (_("Recipient"), False),
        (_("Programme"), False),
        (_("List"), False),
        (_("Turns"), True),
        (_("Amount"), True),
    ]
    return Rows(columns, rows, total, write)


def _recipients(code: str, half: HalfYear, units: list[int]) -> Rows:
    kind = code.split(".")[1]
    paid = Disbursement.objects.filter(half=half.code, paid_at__isnull=False).exclude(reversed_half=half.code)
    rows = paid.filter(recipient__unit_id__in=units)
    if kind != "distinct":
        rows = rows.filter(recipient__kind=kind)
    people = (
        rows.order_by()
        .values("recipient_id", "recipient__full_name", "recipient__sort_key", "recipient__school")
        .annotate(amount=Sum("amount"))
        .order_by("recipient__sort_key", "recipient_id")
    )

    def write(row: dict[str, Any]) -> list[RowCell]:
        return [
            RowCell(initials(row["recipient__full_name"])),
            RowCell(row["recipient__school"]),
            RowCell(format_money(row["amount"]), is_number=True),
        ]

    columns = [(_("Recipient"), False), (_("School"), False), (_("Amount"), True)]
    return Rows(columns, people, people.count(), write)


def _ledger(code: str, half: HalfYear, units: list[int]) -> Rows:
    rows, sign = LedgerEntry.objects.behind(code.removeprefix("funds."), half).filter(fund__unit_id__in=units), 1
    if code == "funds.spending":
        sign = -1
    total = sign * rows.aggregate(total=Coalesce(Sum("amount"), 0))["total"]
    rows = rows.select_related("fund", "batch").order_by("-occurred_on", "-id")

    def write(row: LedgerEntry) -> list[RowCell]:
        url = reverse("batch_detail", args=[row.batch_id]) if row.batch_id else ""
        return [
            RowCell(short_date(row.occurred_on)),
            RowCell(row.fund.name),
            RowCell(row.get_kind_display()),
            RowCell(row.batch.title if row.batch else row.reason, url),
            RowCell(format_money(sign * row.amount), is_number=True),
        ]

    columns = [(_("Date"), False), (_("Fund"), False), (_("Kind"), False), (_("For"), False), (_("Amount"), True)]
    return Rows(columns, rows, total, write)


def _members(code: str, half: HalfYear, units: list[int]) -> Rows:
    memberships = Membership.objects.filter(unit_id__in=units)
    rows = memberships.joined_in(half) if code == "members.new" else memberships.in_force(half.last_day)
    rows = rows.select_related("member", "unit").order_by("joined_on", "id")

    names: dict[int, str] = {}

    def write(row: Membership) -> list[RowCell]:
        if row.unit_id not in names:
            names[row.unit_id] = row.unit.name_on(half.last_day)
        return [
            RowCell(short_date(row.joined_on)),
            RowCell(initials(row.member.full_name)),
            RowCell(names[row.unit_id]),
        ]

    return Rows([(_("Joined on"), False), (_("Member"), False), (_("Unit"), False)], rows, rows.count(), write)


def _articles(half: HalfYear, units: list[int]) -> Rows:
    rows = (
        Article.objects.published_in(half)
        .filter(unit_id__in=units)
        .select_related("category")
        .order_by("published_at", "id")
    )

    def write(row: Article) -> list[RowCell]:
        day = short_date(row.published_at.date()) if row.published_at else ""
        return [RowCell(day), RowCell(row.title, row.get_absolute_url())]

    return Rows([(_("Date"), False), (_("Title"), False)], rows, rows.count(), write)


def _declared(code: str, half: HalfYear, units: list[int]) -> Rows:
    rows = DeclaredValue.objects.filter(
        indicator=code,
        submission__half=half.code,
        submission__state=Submission.State.APPROVED,
        submission__unit_id__in=units,
    ).select_related("submission__unit", "submission__submitted_by")
    total = rows.aggregate(total=Coalesce(Sum("value"), 0))["total"]

    def write(row: DeclaredValue) -> list[RowCell]:
        one = row.submission
        return [
            RowCell(one.unit.name_on(half.last_day), reverse("submission_detail", args=[half.code, one.unit.code])),
            RowCell(str(one.submitted_by or "")),
            RowCell(format_int(row.value), is_number=True),
        ]

    return Rows(
        [(_("Unit"), False), (_("Submitted by"), False), (_("Figure"), True)],
        rows.order_by("submission__unit__code"),
        total,
        write,
    )
