"""The catalogue of indicators: what each is called, what it is counted in, and how a unit's children make it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.vocabulary import LearningModel, ProgrammeKind, RecipientKind, Source, Text


class Measure(StrEnum):
    """What a figure is counted in."""

    TURNS = "turns"
    PEOPLE = "people"
    MONEY = "money"  # whole đồng
    COUNT = "count"
    UNITS = "units"  # of a unit 0 or 1; of its parent, how many units
    SHARE = "share"  # thousandths


MEASURE_LABELS = {
    Measure.TURNS: _("turns"),
    Measure.PEOPLE: _("people"),
    Measure.MONEY: _("đồng"),
    Measure.COUNT: "",
    Measure.UNITS: _("units"),
    Measure.SHARE: "%",
}


class RollUp(StrEnum):
    """How a parent's figure comes about from its children's."""

    SUM = "sum"
    SHARE = "share"  # of two other indicators, at each level anew
    NONE = "none"


class Group(StrEnum):
    """The chapters of a half-year."""

    MEMBERS = "members"
    COMMUNICATION = "communication"
    TRAINING = "training"
    TITLES = "titles"
    FUNDS = "funds"
    DISBURSEMENTS = "disbursements"


GROUP_LABELS = {
    Group.MEMBERS: _("Organisation and members"),
    Group.COMMUNICATION: _("Communication"),
    Group.TRAINING: _("Training"),
    Group.TITLES: _("Learning models"),
    Group.FUNDS: _("Funds"),
    Group.DISBURSEMENTS: _("Scholarships, awards and support"),
}


class Annex(StrEnum):
    """The tables of the printed report, in their order; the value is a table's Vietnamese title."""

    ORGANISATION = "Tổ chức Hội và hội viên"
    COMMUNICATION = "Tuyên truyền, tập huấn"
    TITLES = "Các mô hình học tập"
    FUNDS = "Quỹ khuyến học (đồng)"
    GIVING = "Học bổng, khen thưởng, hỗ trợ"
    DATA_ONLY = ""  # not printed: on the page, in CSV, JSON and open data


@dataclass(frozen=True)
class Indicator:
    """One line of a half-year: a figure computed from rows here, or one that a unit declares.

    `annex` is the table of PDF, DOCX and XLSX in which it is printed.
    """

    code: str
    label: Text
    group: Group
    measure: Measure
    annex: Annex
    declared: bool = False
    roll_up: RollUp = RollUp.SUM
    share_of: tuple[str, str] | None = None
    whole: str = ""  # the indicator of which this is a part, in `family`
    family: str = ""  # parts of one family add up to the whole
    counts_people: bool = False  # under five of them are not broken down in public
    is_rare: bool = False  # printed only in a half-year in which there is any
    follows: str = ""  # an amount that may only be shown where this count is
    help: Promise | str = ""

    @property
    def measure_label(self) -> str:
        """What it is counted in, as a word on screen."""
        return str(MEASURE_LABELS[self.measure])


def _disbursements() -> Iterator[Indicator]:
    group, giving, data = Group.DISBURSEMENTS, Annex.GIVING, Annex.DATA_ONLY
    turns, amount = "disbursements.turns", "disbursements.amount"
    yield Indicator(turns, _("Turns of giving"), group, Measure.TURNS, giving, counts_people=True)
    yield Indicator(amount, _("Amount given"), group, Measure.MONEY, giving, follows=turns)
    parts: list[tuple[ProgrammeKind | Source, str, Annex]] = [
        *((kind, "kind", giving) for kind in ProgrammeKind),
        *((source, "source", data) for source in Source),
    ]
    for part, family, annex in parts:
        count = f"{turns}.{part}"
        yield Indicator(
            count, part.turns_label, group, Measure.TURNS, annex, whole=turns, family=family, counts_people=True
        )
        yield Indicator(
            f"{amount}.{part}", part.amount_label, group, Measure.MONEY, annex, whole=amount, family=family,
            follows=count,
        )  # fmt: skip
    hardship = f"{turns}.hardship"
    yield Indicator(
        hardship, _("Turns to people in hardship"), group, Measure.TURNS, giving, whole=turns, family="hardship",
        counts_people=True,
    )  # fmt: skip
    yield Indicator(
        f"{amount}.hardship", _("Amount to people in hardship"), group, Measure.MONEY, data, whole=amount,
        family="hardship", follows=hardship,
    )  # fmt: skip
    yield Indicator(
        "disbursements.hardship_share", _("Share of turns to people in hardship"), group, Measure.SHARE, data,
        roll_up=RollUp.SHARE, share_of=(hardship, turns), follows=hardship,
    )  # fmt: skip
    recalled = "disbursements.recalled.turns"
    yield Indicator(
        recalled, _("Turns of earlier half-years taken back"), group, Measure.TURNS, giving, counts_people=True,
        is_rare=True, help=_("They are never taken off the turns of this half-year."),
    )  # fmt: skip
    yield Indicator(
        "disbursements.recalled.amount", _("Amount of earlier half-years taken back"), group, Measure.MONEY, giving,
        follows=recalled, is_rare=True,
    )  # fmt: skip
    people = "recipients.distinct"
    yield Indicator(people, _("People who received"), group, Measure.PEOPLE, giving, counts_people=True, follows=turns)
    for kind in RecipientKind:
        yield Indicator(
            f"recipients.{kind}", kind.part_label, group, Measure.PEOPLE, data, whole=people, family="recipient",
            counts_people=True, follows=people,
        )  # fmt: skip


def _titles() -> Iterator[Indicator]:
    group, annex = Group.TITLES, Annex.TITLES
    for model in LearningModel:
        code, people = f"titles.{model}", model.is_people
        measure = Measure.PEOPLE if people else Measure.COUNT
        for stage, label in (("registered", model.registered_label), ("recognised", model.recognised_label)):
            yield Indicator(f"{code}.{stage}", label, group, measure, annex, declared=True, counts_people=people)
        yield Indicator(
            f"{code}.share", model.share_label, group, Measure.SHARE, Annex.DATA_ONLY, roll_up=RollUp.SHARE,
            share_of=(f"{code}.recognised", f"{code}.registered"), follows=f"{code}.recognised" if people else "",
        )  # fmt: skip


def _members() -> Iterator[Indicator]:
    group, annex = Group.MEMBERS, Annex.ORGANISATION
    yield Indicator("members.new", _("New members"), group, Measure.PEOPLE, annex, counts_people=True)
    yield Indicator(
        "members.total", _("Members on the lists of this portal"), group, Measure.PEOPLE, annex, counts_people=True
    )
    yield Indicator(
        "members.declared_total", _("Members, as declared"), group, Measure.PEOPLE, annex, declared=True,
        counts_people=True,
        help=_("Everybody, on lists or not. It is kept apart from the lists and is never added to them."),
    )  # fmt: skip
    yield Indicator("chapters.total", _("Chapters"), group, Measure.COUNT, annex, declared=True)


def _communication() -> Iterator[Indicator]:
    talk, training, annex = Group.COMMUNICATION, Group.TRAINING, Annex.COMMUNICATION
    count, turns = Measure.COUNT, Measure.TURNS
    yield Indicator("communication.articles", _("Articles published on this portal"), talk, count, Annex.DATA_ONLY)
    yield Indicator("communication.events", _("Talks and other events"), talk, count, annex, declared=True)
    yield Indicator("communication.attendees", _("Attendances at them"), talk, turns, annex, declared=True)
    yield Indicator("communication.radio", _("Items on local radio and pages"), talk, count, annex, declared=True)
    yield Indicator("training.classes", _("Training classes"), training, count, annex, declared=True)
    yield Indicator("training.attendees", _("Attendances at training"), training, turns, annex, declared=True)


def _funds() -> Iterator[Indicator]:
    group, money, annex = Group.FUNDS, Measure.MONEY, Annex.FUNDS
    yield Indicator("funds.opening", _("Funds at the beginning"), group, money, annex)
    yield Indicator("funds.income", _("Income of the funds"), group, money, annex)
    yield Indicator("funds.income.local_budget", _("of it from local budgets"), group, money, Annex.DATA_ONLY)
    yield Indicator("funds.spending", _("Spending of the funds"), group, money, annex)
    yield Indicator(
        "funds.recalled", _("Payments of earlier half-years that came back"), group, money, annex, is_rare=True
    )
    yield Indicator(
        "funds.refunded", _("Gifts of earlier half-years that were given back"), group, money, annex, is_rare=True
    )
    yield Indicator(
        "funds.taken_over", _("Taken over from other funds"), group, money, annex, is_rare=True,
        help=_("Hand-overs are neither income nor spending."),
    )  # fmt: skip
    yield Indicator("funds.passed_on", _("Handed over to other funds"), group, money, annex, is_rare=True)
    yield Indicator("funds.closing", _("Funds at the end"), group, money, annex)
    yield Indicator(
        "funds.in_kind", _("Gifts in kind received, value"), group, money, annex, is_rare=True,
        help=_("Goods, counted with their value; they are no money in the funds and not in the sums above."),
    )  # fmt: skip
    yield Indicator(
        "funds.topup_policy", _("Local policy of topping up the fund each year"), group, Measure.UNITS, annex,
        declared=True, help=_("1: there is one. 0: there is none."),
    )  # fmt: skip
    yield Indicator("funds.topup_amount", _("Amount of the yearly top-up"), group, money, annex, declared=True)


def _all() -> Iterator[Indicator]:
    yield from _members()
    yield from _communication()
    yield from _titles()
    yield from _funds()
    yield from _disbursements()


INDICATORS: dict[str, Indicator] = {indicator.code: indicator for indicator in _all()}
DECLARED: tuple[Indicator, ...] = tuple(indicator for indicator in INDICATORS.values() if indicator.declared)
COMPUTED: tuple[Indicator, ...] = tuple(
    indicator for indicator in INDICATORS.values() if not indicator.declared and indicator.roll_up is RollUp.SUM
)
SHARES: tuple[Indicator, ...] = tuple(indicator for indicator in INDICATORS.values() if indicator.share_of)


def by_group(indicators: tuple[Indicator, ...] | None = None) -> dict[Group, list[Indicator]]:
    """Return the indicators (all, when none are named) by chapter, both in the catalogue's order."""
    chosen = INDICATORS.values() if indicators is None else indicators
    grouped = {group: [indicator for indicator in chosen if indicator.group is group] for group in Group}
    return {group: members for group, members in grouped.items() if members}


def by_annex() -> dict[Annex, list[Indicator]]:
    """Return the printed indicators by table, both in the catalogue's order."""
    return {
        annex: [indicator for indicator in INDICATORS.values() if indicator.annex is annex]
        for annex in Annex
        if annex is not Annex.DATA_ONLY
    }
