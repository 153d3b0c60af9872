"""What a row must satisfy, the same for a typed row and for a thousand of a workbook.

Each rule answers with a sentence.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.lib.periods import HalfYear
from portal.lib.vietnamese import Birth, format_money, name_key, short_date
from portal.models import Unit, User, birth_parts
from portal.services.periods import open_half_and_closed
from scholarships.models import Batch, Disbursement, Fund, Programme, Recipient

LATEST = 20  # half-years: a day further back is a slip of the pen sooner than a list found late

RecipientKey = tuple[str, int | None, int | None, int | None]


@dataclass
class Window:
    """The days that a list may hold: those of the half-year it counts in, and of closed ones before it (late rows).

    Within these, the days on which the unit exists: of one that has ended only late rows are left.
    """

    half: HalfYear
    unit_name: str = ""
    unit_days: list[tuple[datetime.date, datetime.date | None]] = field(default_factory=list)  # [first, end)
    late: list[HalfYear] = field(default_factory=list)  # closed half-years whose late rows count in `half`
    may_lie_ahead: bool = False
    today: datetime.date = field(default_factory=timezone.localdate)

    def late_for(self, day: datetime.date) -> str:
        """The code of the closed half-year for which a row of this day is late, or ""."""
        return next((half.code for half in self.late if half.contains(day)), "")

    def problem(self, day: datetime.date) -> str | None:
        """Why a row of this day cannot stand in the list, or None."""
        if not self.half.contains(day) and not self.late_for(day):
            return _(
                "%(day)s is not within %(half)s (%(first)s – %(last)s). Correct the date, or enter the row in "
                "the batch of its own half-year."
            ) % {
                "day": short_date(day),
                "half": self.half.screen_label,
                "first": short_date(self.half.first_day),
                "last": short_date(self.half.last_day),
            }
        if not any(first <= day and (end is None or day < end) for first, end in self.unit_days):
            return _("%(unit)s does not exist on %(day)s. Choose the unit of that time, or correct the day.") % {
                "unit": self.unit_name,
                "day": short_date(day),
            }
        if day > self.today and not self.may_lie_ahead:
            return _("%(day)s lies in the future, but this batch holds what has been handed out. Correct the date.") % {
                "day": short_date(day)
            }
        return None


def window_for(
    *, unit: Unit, half: HalfYear, mode: str = Batch.Mode.HANDED_OUT, people: Iterable[User | int] = ()
) -> Window:
    """Return the days of a list of the unit for the half-year; a closed one gives the first open one.

    `people` are those who enter: one of them may have an exception.
    """
    counts_in, closed = open_half_and_closed(unit=unit, half=half, back=LATEST, people=people)
    versions = list(unit.versions.order_by("valid").values_list("valid", "name"))
    spans = [(valid.lower, valid.upper) for valid, _name in versions]
    return Window(
        half=counts_in,
        unit_name=versions[-1][1] if versions else unit.code,
        unit_days=spans,
        late=[
            one
            for one in closed
            if any(first < one.end and (end is None or one.first_day < end) for first, end in spans)
        ],
        may_lie_ahead=mode == Batch.Mode.TO_PAY,
    )


def demand_in_force(unit: Unit, half: HalfYear) -> None:
    """ValidationError unless the unit exists on the last day of the half-year that its list is for.

    Figures belong to the units of that day. What is late of an ended unit is entered for a half-year in which it lived.
    """
    if not unit.versions.filter(valid__contains=half.last_day).exists():
        raise ValidationError(
            _("%(unit)s does not exist in %(half)s. Choose the unit that took over its tasks, or another half-year.")
            % {"unit": unit.name_on(half.last_day), "half": half.screen_label}
        )


def amount_problem(programme: Programme, amount: int) -> str | None:
    """Why the programme does not give this amount, or None."""
    if programme.min_amount <= amount <= programme.max_amount:
        return None
    return _(
        "%(amount)s is not an amount of the programme “%(name)s”, which gives %(least)s to %(most)s. "
        "Correct the amount."
    ) % {
        "amount": format_money(amount),
        "name": programme.name,
        "least": format_money(programme.min_amount),
        "most": format_money(programme.max_amount),
    }


def season(programme: Programme, day: datetime.date, half: str) -> str | None:
    """The span within which the programme gives to a recipient once; None: as often as needed.

    School years begin in July.
    """
    match programme.recurrence:
        case Programme.Recurrence.HALF_YEAR:
            return half
        case Programme.Recurrence.SCHOOL_YEAR:
            return f"{day.year if day.month >= 7 else day.year - 1}"
        case Programme.Recurrence.ONCE:
            return "ever"
    return None


def recurrence_problem(programme: Programme, name: str, given_on: datetime.date) -> str:
    """The sentence for a recipient who has had what the programme gives once."""
    often = str(Programme.Recurrence(programme.recurrence).label).lower()
    return _(
        "%(name)s has had “%(programme)s” on %(day)s already: %(often)s. Remove the row or choose another programme."
    ) % {"name": name, "programme": programme.name, "day": short_date(given_on), "often": often}


def known_sentence(
    *, name: str, programme: str, amount: int, given_on: datetime.date, title: str, row_number: int | None
) -> str:
    """The sentence that names a recorded row."""
    return _("Recorded already: %(name)s, %(programme)s, %(amount)s on %(day)s (%(where)s).") % {
        "name": name,
        "programme": programme,
        "amount": format_money(amount),
        "day": short_date(given_on),
        "where": where(title, row_number),
    }


def other_amount_sentence(
    *,
    name: str,
    programme: str,
    recorded: int,
    amount: int,
    given_on: datetime.date,
    title: str,
    row_number: int | None,
    may_be_replaced: bool,
) -> str:
    """The sentence that names a recorded row with another amount; what is not paid yet is corrected where it stands."""
    replace = _(
        "%(name)s is recorded with %(recorded)s for %(programme)s on %(day)s (%(where)s), not with %(amount)s. "
        "Correct the amount, or replace the recorded one on the screen."
    )
    correct = _(
        "%(name)s is recorded with %(recorded)s for %(programme)s on %(day)s (%(where)s), not with "
        "%(amount)s. Correct the amount, or that row in its own batch."
    )
    return (replace if may_be_replaced else correct) % {
        "name": name, "programme": programme, "recorded": format_money(recorded), "amount": format_money(amount),
        "day": short_date(given_on), "where": where(title, row_number),
    }  # fmt: skip


def where(title: str, row_number: int | None) -> str:
    """Where a recorded row stands: its list and, from a workbook, its row."""
    if row_number is None:
        return _("batch “%(title)s”") % {"title": title}
    return _("batch “%(title)s”, row %(row)d") % {"title": title, "row": row_number}


def key_of(full_name: str, birth: Birth | None) -> RecipientKey:
    """What makes two rows the same person within a unit."""
    return name_key(full_name), *birth_parts(birth)


def key_of_recipient(recipient: Recipient) -> RecipientKey:
    """As `key_of`, of a stored person."""
    return recipient.name_key, *birth_parts(recipient.birth)


def fund_for(*, programme: Programme, unit: Unit, source: str) -> Fund | None:
    """The fund that pays: the programme's own, else the unit's main one; none for gifts that no fund paid."""
    if source != Disbursement.Source.FUND:
        return None
    fund = programme.fund or Fund.objects.filter(unit=unit, is_main=True).first()
    if fund is None:
        raise ValidationError(no_fund_sentence(unit))
    return fund


def no_fund_sentence(unit: Unit) -> str:
    """The sentence for a unit whose gifts have no fund to come from."""
    return _("%(unit)s has no main fund yet, so nothing can be paid from it. Ask for a fund to be opened first.") % {
        "unit": unit.name_on(timezone.localdate())
    }
