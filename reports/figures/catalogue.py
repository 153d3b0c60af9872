"""The catalogue of indicators: what each is called, what it is counted in, and how a unit's children make it up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import Text
from portal.lib.periods import Period
from portal.vocabulary import DonorKind, LearningModel, ProgrammeKind, RecipientKind, Source, TitleStage
from reports.figures.measures import MEASURE_LABELS, OVER_TIME_WORDS, Measure, OverTime, RollUp


class Group(StrEnum):
    """The chapters of a half-year."""

    MEMBERS = "members"
    COMMUNICATION = "communication"
    TRAINING = "training"
    TITLES = "titles"
    CENTRES = "centres"
    FUNDS = "funds"
    DISBURSEMENTS = "disbursements"
    COMMENDATION = "commendation"
    INSPECTION = "inspection"
    UNLISTED = "unlisted"


GROUP_LABELS = {
    Group.MEMBERS: _("Organisation and members"),
    Group.COMMUNICATION: _("Communication"),
    Group.TRAINING: _("Training"),
    Group.TITLES: _("Learning models"),
    Group.CENTRES: _("Community learning centres"),
    Group.FUNDS: _("Funds"),
    Group.DISBURSEMENTS: _("Scholarships, awards and support"),
    Group.COMMENDATION: _("Commendation"),
    Group.INSPECTION: _("Inspection"),
    Group.UNLISTED: _("Given without a list, by totals only (added to no sum)"),
}


#: By which rules what units declare is counted; an association's charter and the schemes outlive single circulars.
_CHARTER = "Điều lệ Hội Khuyến học Việt Nam"
_MODELS = "Quyết định 387/QĐ-TTg"
_CITIZENS = "Quyết định 677/QĐ-TTg"
_CENTRE_RULES = "Quy chế tổ chức và hoạt động của trung tâm học tập cộng đồng (Bộ Giáo dục và Đào tạo)"
_PRAISE_RULES = "Luật Thi đua, khen thưởng; Điều lệ Hội Khuyến học Việt Nam"


#: How many live in the place of a unit: what amounts per head are divided by.
POPULATION = "units.population"


class Annex(StrEnum):
    """The tables of the printed report, in their order; the value is a table's Vietnamese title."""

    ORGANISATION = "Tổ chức Hội và hội viên"
    COMMUNICATION = "Tuyên truyền, tập huấn, kiểm tra"
    TITLES = "Các mô hình học tập"
    CENTRES = "Trung tâm học tập cộng đồng; thi đua khen thưởng"
    FUNDS = "Quỹ khuyến học"
    GIVING = "Học bổng, khen thưởng, hỗ trợ"
    UNLISTED = "Trao không có danh sách, theo số tổng đơn vị khai (không cộng vào số liệu khác)"
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
    recorded: bool = False  # of the register of units; absent where it says nothing
    yes_no: bool = False  # a unit declares whether there is one: 1 or 0
    roll_up: RollUp = RollUp.SUM
    over_time: OverTime = OverTime.SUM
    share_of: tuple[str, str] | None = None
    times: int = 1000  # of a share: thousandths; 1: whole đồng for each
    whole: str = ""  # the indicator of which this is a part, in `family`
    family: str = ""  # parts of one family add up to the whole
    counts_people: bool = False  # under five of them are not broken down in public
    is_rare: bool = False  # printed only in a half-year in which there is any
    is_optional: bool = False  # a line on the pages only where there is any
    follows: str = ""  # an amount that may only be shown where this count is
    definition: Promise | str = ""  # one sentence: what it counts; beside the figure on page and paper
    reference: str = ""  # the rule or document by which it is counted, by its Vietnamese name

    @property
    def is_per_head(self) -> bool:
        """Whether it is an amount for each inhabitant."""
        return self.share_of is not None and self.measure is Measure.MONEY

    @property
    def can_be_aimed_at(self) -> bool:
        """Whether a unit may set itself a target of it: a share has its own end, a population is nobody's work."""
        return self.measure is not Measure.SHARE and not self.recorded

    @property
    def measure_label(self) -> str:
        """What it is counted in, as a word on screen."""
        return str(MEASURE_LABELS[self.measure])

    def define(self, period: Period) -> str:
        """Return what it counts in a half-year or a year, in the language that is on."""
        definition = str(self.definition)
        return definition if period.halves == (period,) else f"{definition} {OVER_TIME_WORDS[self.over_time]}"


def _disbursements() -> Iterator[Indicator]:
    group, giving, data = Group.DISBURSEMENTS, Annex.GIVING, Annex.DATA_ONLY
    turns, amount = "disbursements.turns", "disbursements.amount"
    yield Indicator(
        turns, _("Turns of giving"), group, Measure.TURNS, giving, counts_people=True,
        definition=_(
            "Each time one person was given something counts once; what was taken back in the same half-year does not."
        ),
    )  # fmt: skip
    yield Indicator(
        amount, _("Amount given"), group, Measure.MONEY, giving, follows=turns,
        definition=_("The đồng of those turns; gifts in kind with their stated value."),
    )  # fmt: skip
    of_kind = _("The turns of programmes of this kind."), _("The đồng of the turns of this kind.")
    of_source = _("The turns paid from this source."), _("The đồng of the turns from this source.")
    parts: list[tuple[ProgrammeKind | Source, str, Annex, tuple[Text, Text]]] = [
        *((kind, "kind", giving, of_kind) for kind in ProgrammeKind),
        *((source, "source", data, of_source) for source in Source),
    ]
    for part, family, annex, (what_turns, what_amount) in parts:
        count = f"{turns}.{part}"
        yield Indicator(
            count, part.turns_label, group, Measure.TURNS, annex, whole=turns, family=family, counts_people=True,
            definition=what_turns,
        )  # fmt: skip
        yield Indicator(
            f"{amount}.{part}", part.amount_label, group, Measure.MONEY, annex, whole=amount, family=family,
            follows=count, definition=what_amount,
        )  # fmt: skip
    hardship = f"{turns}.hardship"
    yield Indicator(
        hardship, _("Turns to people in hardship"), group, Measure.TURNS, giving, whole=turns, family="hardship",
        counts_people=True, definition=_("The turns whose row on the list names a circumstance of hardship."),
    )  # fmt: skip
    yield Indicator(
        f"{amount}.hardship", _("Amount to people in hardship"), group, Measure.MONEY, data, whole=amount,
        family="hardship", follows=hardship, definition=_("The đồng of the turns to people in hardship."),
    )  # fmt: skip
    yield Indicator(
        "disbursements.hardship_share", _("Share of turns to people in hardship"), group, Measure.SHARE, data,
        roll_up=RollUp.SHARE, over_time=OverTime.ANEW, share_of=(hardship, turns), follows=hardship,
        definition=_("The turns to people in hardship, of all turns of the half-year."),
    )  # fmt: skip
    recalled = "disbursements.recalled.turns"
    yield Indicator(
        recalled, _("Turns of earlier half-years taken back"), group, Measure.TURNS, giving, counts_people=True,
        is_rare=True, definition=_(
            "Turns of earlier half-years taken back in this one. They are never taken off the turns of this half-year."
        ),
    )  # fmt: skip
    yield Indicator(
        "disbursements.recalled.amount", _("Amount of earlier half-years taken back"), group, Measure.MONEY, giving,
        follows=recalled, is_rare=True,
        definition=_("The đồng of the turns of earlier half-years taken back in this one."),
    )  # fmt: skip
    people = "recipients.distinct"
    yield Indicator(
        people, _("People who received"), group, Measure.PEOPLE, giving, counts_people=True, follows=turns,
        over_time=OverTime.ONCE,
        definition=_(
            "Names on the lists: the same name and date of birth counts once within a unit, in two units twice."
        ),
    )  # fmt: skip
    for kind in RecipientKind:
        yield Indicator(
            f"recipients.{kind}", kind.part_label, group, Measure.PEOPLE, data, whole=people, family="recipient",
            counts_people=True, follows=people, over_time=OverTime.ONCE,
            definition=_("Names on the lists: of the people who received, those whom the lists call so."),
        )  # fmt: skip
    for kind in RecipientKind:
        yield Indicator(
            receiver_turns(kind), kind.turns_label, group, Measure.TURNS, data, whole=turns, family="recipient",
            counts_people=True, definition=_("The turns given to names that the lists call so."),
        )  # fmt: skip


def receiver_turns(kind: str) -> str:
    """Return the indicator of the turns that people of a kind received; of their number it is `recipients.<kind>`."""
    return f"recipients.turns.{kind}"


def _titles() -> Iterator[Indicator]:
    group, annex = Group.TITLES, Annex.TITLES
    for model in LearningModel:
        code, people = f"titles.{model}", model.is_people
        measure, rules = (Measure.PEOPLE, _CITIZENS) if people else (Measure.COUNT, _MODELS)
        for stage, label, what in (
            ("registered", model.registered_label, _("Declared by the unit: registered for the title of the year.")),
            (
                "recognised",
                model.recognised_label,
                _("Declared by the unit: recognised by a decision in the half-year."),
            ),
        ):
            yield Indicator(
                f"{code}.{stage}", label, group, measure, annex, declared=True, counts_people=people, definition=what,
                reference=rules, over_time=OverTime.LATEST if stage == "registered" else OverTime.SUM,
            )  # fmt: skip
        yield Indicator(
            f"{code}.share", model.share_label, group, Measure.SHARE, Annex.DATA_ONLY, roll_up=RollUp.SHARE,
            over_time=OverTime.ANEW,
            share_of=(f"{code}.recognised", f"{code}.registered"), follows=f"{code}.recognised" if people else "",
            definition=_("Recognised, of those registered; where both are reported."), reference=rules,
        )  # fmt: skip


def _join(model: Text, stage: Text) -> str:
    return f"{model}, {stage}"


_join_later = lazy(_join, str)


def _titles_on_lists() -> Iterator[Indicator]:
    for model in LearningModel:
        measure = Measure.PEOPLE if model.is_people else Measure.COUNT
        for stage in TitleStage:
            yield Indicator(
                f"titles.{model}.listed.{stage}", _join_later(model.label, stage.label), Group.TITLES, measure,
                Annex.DATA_ONLY, counts_people=model.is_people, is_optional=True, definition=stage.definition,
            )  # fmt: skip


def _members() -> Iterator[Indicator]:
    group, annex = Group.MEMBERS, Annex.ORGANISATION
    yield Indicator(
        "members.new", _("New members"), group, Measure.PEOPLE, annex, counts_people=True,
        definition=_("People on the member lists who joined in the half-year; moving from unit to unit is no joining."),
    )  # fmt: skip
    yield Indicator(
        "members.total", _("Members on the lists of this portal"), group, Measure.PEOPLE, annex, counts_people=True,
        over_time=OverTime.LAST,
        definition=_("People on the member lists on the last day of the half-year."),
    )  # fmt: skip
    yield Indicator(
        "members.declared_total", _("Members, as declared"), group, Measure.PEOPLE, annex, declared=True,
        counts_people=True, over_time=OverTime.LAST,
        definition=_("Everybody, on lists or not. It is kept apart from the lists and is never added to them."),
    )  # fmt: skip
    yield Indicator(
        "chapters.total", _("Chapters"), group, Measure.COUNT, annex, declared=True, over_time=OverTime.LAST,
        definition=_("Declared by the unit: its chapters on the last day of the half-year."),
    )  # fmt: skip


def _communication() -> Iterator[Indicator]:
    talk, training, annex = Group.COMMUNICATION, Group.TRAINING, Annex.COMMUNICATION
    count, turns = Measure.COUNT, Measure.TURNS
    yield Indicator(
        "communication.articles", _("Articles published on this portal"), talk, count, Annex.DATA_ONLY,
        definition=_("Articles first published on this portal in the half-year."),
    )  # fmt: skip
    for code, label, group, measure, what in (
        (
            "communication.events", _("Talks and other events"), talk, count,
            _("Declared by the unit: talks, meetings and other events for the public."),
        ),
        (
            "communication.attendees", _("Attendances at them"), talk, turns,
            _("Declared by the unit: who came to two events counts twice."),
        ),
        (
            "communication.radio", _("Items on local radio and pages"), talk, count,
            _("Declared by the unit: items on local radio and on pages of the locality."),
        ),
        (
            "training.classes", _("Training classes"), training, count,
            _("Declared by the unit: classes held for its own officers and chapters."),
        ),
        (
            "training.attendees", _("Attendances at training"), training, turns,
            _("Declared by the unit: who came to two classes counts twice."),
        ),
    ):  # fmt: skip
        yield Indicator(code, label, group, measure, annex, declared=True, definition=what)


def _centres() -> Iterator[Indicator]:
    group, annex, total, active = Group.CENTRES, Annex.CENTRES, "centres.total", "centres.active"
    for code, label, measure, what in (
        (
            total, _("Community learning centres"), Measure.COUNT,
            _("Declared by the unit: centres that stand on the last day of the half-year; reading rooms are none."),
        ),
        (
            active, _("Centres that held classes"), Measure.COUNT,
            _("Declared by the unit: of these, the centres that held a class or talk in the half-year."),
        ),
        (
            "centres.classes", _("Classes and talks at the centres"), Measure.COUNT,
            _("Declared by the unit: classes and talks at the centres; they are not counted with its own events."),
        ),
        (
            "centres.learners", _("Attendances at the centres"), Measure.TURNS,
            _("Declared by the unit: who came to two classes or talks of the centres counts twice."),
        ),
    ):  # fmt: skip
        stands = OverTime.LAST if code in {total, active} else OverTime.SUM
        yield Indicator(
            code, label, group, measure, annex, declared=True, over_time=stands, definition=what,
            reference=_CENTRE_RULES,
        )  # fmt: skip
    yield Indicator(
        "centres.share", _("Share of centres that held classes"), group, Measure.SHARE, Annex.DATA_ONLY,
        roll_up=RollUp.SHARE, over_time=OverTime.ANEW, share_of=(active, total), reference=_CENTRE_RULES,
        definition=_("The centres that held a class or talk, of all centres; where both are reported."),
    )  # fmt: skip


def _commendation() -> Iterator[Indicator]:
    praise, inspection = Group.COMMENDATION, Group.INSPECTION
    for code, label, group, measure, what in (
        (
            "commendation.collectives", _("Collectives commended"), praise, Measure.COUNT,
            _("Declared by the unit: chapters, clans, schools with a certificate of merit decided in the half-year."),
        ),
        (
            "commendation.people", _("People with a certificate of merit"), praise, Measure.PEOPLE,
            _("Declared by the unit: officers and supporters, decided in the half-year; awards to pupils are none."),
        ),
        (
            "commendation.medals", _("People with the commemorative medal"), praise, Measure.PEOPLE,
            _("Declared by the unit: the association's medal, decided in the half-year; counted apart from merits."),
        ),
        (
            "inspection.held", _("Inspections held"), inspection, Measure.COUNT,
            _("Declared by the unit: inspections of chapters and funds that ended in writing in the half-year."),
        ),
        (
            "inspection.bodies", _("Associations and chapters inspected"), inspection, Measure.COUNT,
            _("Declared by the unit: each counts once, however often it was inspected in the half-year."),
        ),
        (
            "inspection.faults", _("Inspections that asked for a correction"), inspection, Measure.COUNT,
            _("Declared by the unit: of the inspections held, those whose paper names something to be put right."),
        ),
    ):  # fmt: skip
        people, annex = measure is Measure.PEOPLE, Annex.CENTRES if group is praise else Annex.COMMUNICATION
        yield Indicator(
            code, label, group, measure, annex, declared=True, counts_people=people, definition=what,
            reference=_PRAISE_RULES if group is praise else _CHARTER,
        )  # fmt: skip


def _funds() -> Iterator[Indicator]:
    group, money, annex = Group.FUNDS, Measure.MONEY, Annex.FUNDS
    for code, label, table, is_rare, what in (
        (
            "funds.opening", _("Funds at the beginning"), annex, False,
            _("What the funds held when the half-year began, with the opening balances of funds opened in it."),
        ),
        ("funds.income", _("Income of the funds"), annex, False, _("What the funds received in the half-year.")),
        ("funds.spending", _("Spending of the funds"), annex, False, _("What the funds paid out in the half-year.")),
        (
            "funds.recalled", _("Payments of earlier half-years that came back"), annex, True,
            _("Payments of earlier half-years that came back in this one; they are no income."),
        ),
        (
            "funds.refunded", _("Gifts of earlier half-years that were given back"), annex, True,
            _("Gifts of earlier half-years that were given back in this one; they are no spending."),
        ),
        (
            "funds.taken_over", _("Taken over from other funds"), annex, True,
            _("What funds of other units handed over; it is no income."),
        ),
        (
            "funds.passed_on", _("Handed over to other funds"), annex, True,
            _("What was handed over to funds of other units; it is no spending."),
        ),
        (
            "funds.closing", _("Funds at the end"), annex, False,
            _("What the funds held on the last day of the half-year, by the fund book."),
        ),
    ):  # fmt: skip
        yield Indicator(
            code, label, group, money, table, is_rare=is_rare, definition=what,
            over_time={"funds.opening": OverTime.FIRST, "funds.closing": OverTime.LAST}.get(code, OverTime.SUM),
        )  # fmt: skip
        if code == "funds.income":
            yield from _by_giver(code, [giver.income_label for giver in DonorKind], _("Of the income, what they gave."))
    goods = "funds.in_kind"
    yield Indicator(
        goods, _("Gifts in kind received, value"), group, money, annex, is_rare=True,
        definition=_("Goods, counted with their value; they are no money in the funds and not in the sums above."),
    )  # fmt: skip
    what = _("Of the gifts in kind, the value of what they gave.")
    yield from _by_giver(goods, [giver.goods_label for giver in DonorKind], what)
    yield Indicator(
        "funds.topup_policy", _("Local policy of topping up the fund each year"), group, Measure.UNITS, annex,
        declared=True, yes_no=True, over_time=OverTime.LAST,
        definition=_("How many units have one; a unit itself says yes or no."),
    )  # fmt: skip
    yield Indicator(
        "funds.topup_amount", _("Amount of the yearly top-up"), group, money, annex, declared=True,
        over_time=OverTime.LAST,
        definition=_("Declared by the unit: what the policy adds to its fund each year."),
    )  # fmt: skip


def _by_giver(whole: str, labels: list[Text], what: Promise) -> Iterator[Indicator]:
    """What people, organisations and local budgets gave: parts of the income, or of the gifts in kind."""
    for giver, label in zip(DonorKind, labels, strict=True):
        yield Indicator(
            f"{whole}.{giver}", label, Group.FUNDS, Measure.MONEY, Annex.DATA_ONLY, whole=whole, family="giver",
            definition=what, is_optional=whole == "funds.in_kind",
        )  # fmt: skip


def _population() -> Iterator[Indicator]:
    yield Indicator(
        POPULATION, _("Population on record"), Group.MEMBERS, Measure.PEOPLE, Annex.DATA_ONLY, recorded=True,
        over_time=OverTime.LAST, is_optional=True, definition=_(
            "The last number on the unit's page up to the end of the half-year; where it has none, the sum of the "
            "units below, if all of them have one."
        ),
    )  # fmt: skip
    for amount, label, annex in (
        ("funds.income", _("Income of the funds per inhabitant"), Annex.DATA_ONLY),
        ("funds.closing", _("Funds at the end per inhabitant"), Annex.FUNDS),
    ):
        yield Indicator(
            f"{amount}.per_head", label, Group.FUNDS, Measure.MONEY, annex, roll_up=RollUp.SHARE, times=1,
            over_time=OverTime.ANEW, share_of=(amount, POPULATION), is_rare=True, is_optional=True,
            definition=_("The amount divided by the population on record, to the đồng; none where that is not known."),
        )  # fmt: skip


def _unlisted() -> Iterator[Indicator]:
    """Totals of gifts of which the unit has no list: apart from the rows, never added to them."""
    group, annex = Group.UNLISTED, Annex.UNLISTED
    for kind in ProgrammeKind:
        turns, amount = unlisted_pair(kind)
        yield Indicator(
            turns, kind.unlisted_label, group, Measure.TURNS, annex, declared=True, counts_people=True, is_rare=True,
            definition=_("Declared by the unit: turns of which it has only the total, and no list."),
        )  # fmt: skip
        yield Indicator(
            amount, kind.unlisted_amount_label, group, Measure.MONEY, annex, declared=True, follows=turns, is_rare=True,
            definition=_("Declared by the unit: the đồng of those turns."),
        )  # fmt: skip


def unlisted_pair(kind: str) -> tuple[str, str]:
    """Return the indicators of turns and amount that a unit declares of a kind without a list."""
    return f"unlisted.turns.{kind}", f"unlisted.amount.{kind}"


def unlisted_kind(code: str) -> ProgrammeKind | None:
    """Return of which kind an indicator says what was given without a list; None for any other indicator."""
    return next((kind for kind in ProgrammeKind if code in unlisted_pair(kind)), None)


def _all() -> Iterator[Indicator]:
    yield from _members()
    yield from _communication()
    yield from _titles()
    yield from _titles_on_lists()
    yield from _centres()
    yield from _funds()
    yield from _population()
    yield from _disbursements()
    yield from _commendation()
    yield from _unlisted()


INDICATORS: dict[str, Indicator] = {indicator.code: indicator for indicator in _all()}
DECLARED: tuple[Indicator, ...] = tuple(indicator for indicator in INDICATORS.values() if indicator.declared)
#: Declared figures that may be the sum of lines: all but yes and no.
LISTABLE: frozenset[str] = frozenset(indicator.code for indicator in DECLARED if not indicator.yes_no)
#: What every unit is asked; the other declared figures are only for those that have them.
EXPECTED: tuple[Indicator, ...] = tuple(indicator for indicator in DECLARED if not indicator.is_rare)
COMPUTED: tuple[Indicator, ...] = tuple(
    one for one in INDICATORS.values() if not (one.declared or one.recorded) and one.roll_up is RollUp.SUM
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
