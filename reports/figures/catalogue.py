"""The catalogue of indicators: what each is called, what it is counted in, and how a unit's children make it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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


@dataclass(frozen=True)
class Indicator:
    """One line of a half-year: a figure computed from rows here, or one that a unit declares."""

    code: str
    label: Promise
    group: Group
    measure: Measure
    declared: bool = False
    roll_up: RollUp = RollUp.SUM
    share_of: tuple[str, str] | None = None
    whole: str = ""  # the indicator of which this is a part, in `family`
    family: str = ""  # parts of one family add up to the whole
    counts_people: bool = False  # under five of them are not broken down in public
    follows: str = ""  # an amount that may only be shown where this count is
    help: Promise | str = ""

    @property
    def measure_label(self) -> str:
        """What it is counted in, as a word on screen."""
        return str(MEASURE_LABELS[self.measure])


_KINDS = (
    ("scholarship", _("Scholarships"), _("Scholarships, amount")),
    ("award", _("Awards"), _("Awards, amount")),
    ("support", _("Support"), _("Support, amount")),
)
_SOURCES = (
    ("fund", _("Paid from funds"), _("Paid from funds, amount")),
    ("direct", _("Paid directly by the giver"), _("Paid directly by the giver, amount")),
    ("in_kind", _("Given in kind"), _("Given in kind, value")),
)
_MODELS = (
    ("family", _("Learning families, registered"), _("Learning families, recognised"), _("Learning families, share")),
    ("lineage", _("Learning lineages, registered"), _("Learning lineages, recognised"), _("Learning lineages, share")),
    (
        "community",
        _("Learning communities, registered"),
        _("Learning communities, recognised"),
        _("Learning communities, share"),
    ),
    (
        "organisation",
        _("Learning organisations, registered"),
        _("Learning organisations, recognised"),
        _("Learning organisations, share"),
    ),
    ("citizen", _("Learning citizens, registered"), _("Learning citizens, recognised"), _("Learning citizens, share")),
)


def _disbursements() -> Iterator[Indicator]:
    group = Group.DISBURSEMENTS
    turns, amount = "disbursements.turns", "disbursements.amount"
    yield Indicator(turns, _("Turns of giving"), group, Measure.TURNS, counts_people=True)
    yield Indicator(amount, _("Amount given"), group, Measure.MONEY, follows=turns)
    parts = [*((*kind, "kind") for kind in _KINDS), *((*source, "source") for source in _SOURCES)]
    for key, turns_label, amount_label, family in parts:
        part = f"{turns}.{key}"
        yield Indicator(part, turns_label, group, Measure.TURNS, whole=turns, family=family, counts_people=True)
        yield Indicator(
            f"{amount}.{key}", amount_label, group, Measure.MONEY, whole=amount, family=family, follows=part
        )
    hardship = f"{turns}.hardship"
    yield Indicator(
        hardship,
        _("Turns to people in hardship"),
        group,
        Measure.TURNS,
        whole=turns,
        family="hardship",
        counts_people=True,
    )
    yield Indicator(
        f"{amount}.hardship",
        _("Amount to people in hardship"),
        group,
        Measure.MONEY,
        whole=amount,
        family="hardship",
        follows=hardship,
    )
    yield Indicator(
        "disbursements.hardship_share",
        _("Share of turns to people in hardship"),
        group,
        Measure.SHARE,
        roll_up=RollUp.SHARE,
        share_of=(hardship, turns),
        follows=hardship,
    )
    people = "recipients.distinct"
    yield Indicator(people, _("People who received"), group, Measure.PEOPLE, counts_people=True, follows=turns)
    for kind, label in (
        ("pupil", _("of them pupils")),
        ("student", _("of them students")),
        ("teacher", _("of them teachers")),
        ("other", _("of them others")),
    ):
        yield Indicator(
            f"recipients.{kind}",
            label,
            group,
            Measure.PEOPLE,
            whole=people,
            family="recipient",
            counts_people=True,
            follows=people,
        )


def _titles() -> Iterator[Indicator]:
    group = Group.TITLES
    for model, registered, recognised, share in _MODELS:
        code, people = f"titles.{model}", model == "citizen"
        measure = Measure.PEOPLE if people else Measure.COUNT
        yield Indicator(f"{code}.registered", registered, group, measure, declared=True, counts_people=people)
        yield Indicator(f"{code}.recognised", recognised, group, measure, declared=True, counts_people=people)
        yield Indicator(
            f"{code}.share",
            share,
            group,
            Measure.SHARE,
            roll_up=RollUp.SHARE,
            share_of=(f"{code}.recognised", f"{code}.registered"),
            follows=f"{code}.recognised" if people else "",
        )


def _all() -> Iterator[Indicator]:
    members, talk, training, funds = Group.MEMBERS, Group.COMMUNICATION, Group.TRAINING, Group.FUNDS
    yield Indicator("members.new", _("New members"), members, Measure.PEOPLE, counts_people=True)
    yield Indicator(
        "members.total", _("Members on the lists of this portal"), members, Measure.PEOPLE, counts_people=True
    )
    yield Indicator(
        "members.declared_total",
        _("Members, as declared"),
        members,
        Measure.PEOPLE,
        declared=True,
        counts_people=True,
        help=_("Everybody, on lists or not. It stands apart from the lists and is never added to them."),
    )
    yield Indicator("chapters.total", _("Chapters"), members, Measure.COUNT, declared=True)
    yield Indicator("communication.articles", _("Stories published on this portal"), talk, Measure.COUNT)
    yield Indicator("communication.events", _("Talks and other events"), talk, Measure.COUNT, declared=True)
    yield Indicator("communication.attendees", _("Attendances at them"), talk, Measure.TURNS, declared=True)
    yield Indicator("communication.radio", _("Items on local radio and pages"), talk, Measure.COUNT, declared=True)
    yield Indicator("training.classes", _("Training classes"), training, Measure.COUNT, declared=True)
    yield Indicator("training.attendees", _("Attendances at training"), training, Measure.TURNS, declared=True)
    yield from _titles()
    yield Indicator("funds.opening", _("Funds at the beginning"), funds, Measure.MONEY)
    yield Indicator("funds.income", _("Income of the funds"), funds, Measure.MONEY)
    yield Indicator("funds.income.local_budget", _("of it from local budgets"), funds, Measure.MONEY)
    yield Indicator("funds.spending", _("Spending of the funds"), funds, Measure.MONEY)
    yield Indicator("funds.closing", _("Funds at the end"), funds, Measure.MONEY)
    yield Indicator(
        "funds.topup_policy",
        _("Local policy of topping up the fund each year"),
        funds,
        Measure.UNITS,
        declared=True,
        help=_("1: there is one. 0: there is none."),
    )
    yield Indicator("funds.topup_amount", _("Amount of the yearly top-up"), funds, Measure.MONEY, declared=True)
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
