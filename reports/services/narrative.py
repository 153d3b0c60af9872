"""The text of a half-year's or a year's report, written from its figures.

The sentences are the document's own, so they stand here.

What is said must be true: rounded figures carry "gần" or "hơn", shares in words follow the exact ratio, and of what
no one reported nothing is said but that it was not reported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypedDict

from portal.lib.periods import HalfYear, Period
from portal.lib.vietnamese import format_int, format_money, share_word
from portal.vocabulary import DonorKind, ProgrammeKind, RecipientKind, Source
from reports.figures import Figures, FigureSet, Group, unlisted_pair
from reports.services.activities import (
    tell_centres,
    tell_commendation,
    tell_communication,
    tell_inspection,
    tell_models,
)
from reports.services.wording import (
    about,
    about_money,
    area_word,
    capitalise,
    children_word,
    compare_counts,
    join_list,
    lower_name,
    name_reporters,
    name_units,
    say_a_year_ago,
    say_who_reported,
    write_share,
)


class Section(TypedDict):
    """A heading of level 1 ("I. ...") or 2 ("1. ...") and the paragraphs under it."""

    level: int
    heading: str
    paragraphs: list[str]


@dataclass(frozen=True)
class Telling:
    """What a unit wrote with its half-year, under its name."""

    unit_name: str
    activities: str = ""
    difficulties: str = ""
    plan: str = ""
    proposals: str = ""


@dataclass(frozen=True)
class Background:
    """The half-years to compare with, as issued; those not issued; how many units' declared figures are in."""

    previous: FigureSet | None = None
    last_year: FigureSet | None = None
    unissued: list[Period] = field(default_factory=list)
    owing: int = 0
    approved: int = 0
    is_own_approved: bool = False  # of a unit that reports alone: whether all that it owes of the period is approved
    partial: int = 0  # of them those that have reported one of a year's two half-years only
    said_apart: str = ""  # what units that did not report gave through their lists, as a sentence
    most_withheld: int = 0  # the greatest number of turns of a unit that is not public
    followed: list[str] = field(default_factory=list)  # what came of the last report's tasks and proposals
    tasks: list[str] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    lagging: list[str] = field(default_factory=list)  # names units that lag: only where the site's setting says so


@dataclass(frozen=True)
class Chapter:
    """A heading of the results: of which chapters of figures it tells, and what it says of them."""

    heading: str
    groups: tuple[Group, ...]
    tell: Callable[[FigureSet, Background], list[str]]


_CAME_BACK = (
    ("funds.recalled", "thu hồi khoản chi của kỳ trước"),
    ("funds.refunded", "hoàn trả khoản thu của kỳ trước"),
    ("funds.taken_over", "nhận bàn giao từ quỹ khác"),
    ("funds.passed_on", "bàn giao cho quỹ khác"),
)
_MOST_TEXTS = 8  # distinct texts of units quoted under one heading
_MOST_EXAMPLES = 3


def write_narrative(figures: FigureSet, background: Background, tellings: list[Telling]) -> list[Section]:
    """Return the report's text in the usual structure: results, assessment, tasks of the next half-year."""
    nothing = f"{capitalise(name_units(figures))} chưa nêu nội dung này trong báo cáo."
    quote = partial(_quote, tellings, nothing=nothing, is_named=not figures.is_alone)
    return [
        Section(
            level=1,
            heading=f"I. KẾT QUẢ {figures.period.label.upper()}",
            paragraphs=[_tell_opening(figures, background)],
        ),
        *_number([Section(level=2, heading=one.heading, paragraphs=one.tell(figures, background)) for one in CHAPTERS]),
        Section(level=1, heading="II. ĐÁNH GIÁ CHUNG", paragraphs=[]),
        Section(
            level=2,
            heading="1. Cách làm" if figures.is_alone else "1. Cách làm của các đơn vị",
            paragraphs=quote("activities"),
        ),
        Section(
            level=2,
            heading="2. Khó khăn, hạn chế",
            paragraphs=[*background.lagging, *quote("difficulties", silent=background.lagging)],
        ),
        *_tell_followed(background),
        Section(
            level=1,
            heading=f"III. PHƯƠNG HƯỚNG, NHIỆM VỤ {figures.period.next().label.upper()}",
            paragraphs=plan_paragraphs(area_word(figures)),
        ),
        *_number(
            [Section(level=2, heading="Nhiệm vụ cụ thể", paragraphs=background.tasks)] * bool(background.tasks)
            + [
                Section(
                    level=2,
                    heading="Nhiệm vụ đề ra" if figures.is_alone else "Nhiệm vụ các đơn vị đề ra",
                    paragraphs=quote("plan"),
                ),
                Section(
                    level=2,
                    heading="Kiến nghị, đề xuất",
                    paragraphs=[*background.proposals, *quote("proposals", silent=background.proposals)],
                ),
            ]
        ),
    ]


def _tell_followed(background: Background) -> list[Section]:
    """Return what came of the tasks and proposals of the last report; nothing where it set none."""
    heading = "3. Kết quả thực hiện nhiệm vụ, kiến nghị của kỳ trước"
    return [Section(level=2, heading=heading, paragraphs=background.followed)] if background.followed else []


def _number(sections: list[Section]) -> list[Section]:
    return [
        Section(level=one["level"], heading=f"{n}. {one['heading']}", paragraphs=one["paragraphs"])
        for n, one in enumerate(sections, 1)
    ]


def as_text(sections: list[Section]) -> str:
    """Return the whole text in one string, a blank line between paragraphs."""
    parts: list[str] = []
    for section in sections:
        parts += [section["heading"], *section["paragraphs"]]
    return "\n\n".join(parts)


def receivers_word(figures: Figures) -> str:
    """Whom the turns went to, as the lists say: "học sinh", "học sinh, sinh viên, giáo viên"; "" when unknown."""
    if figures.get("recipients.distinct") and any(f"recipients.{kind}" not in figures for kind in RecipientKind):
        return ""  # a kind is withheld: the others are not all of them
    return ", ".join(kind.written for kind in RecipientKind if figures.get(f"recipients.{kind}"))


def _tell_opening(figures: FigureSet, background: Background) -> str:
    area = area_word(figures)
    text = (
        f"Trong {figures.period.label}, các cấp Hội Khuyến học trên địa bàn {area} triển khai nhiệm vụ "
        "công tác khuyến học, "
        "khuyến tài, xây dựng xã hội học tập."
    )
    if figures.is_alone:
        said = "đã được Hội cấp trên duyệt" if background.is_own_approved else "chưa gửi hoặc chưa được duyệt"
        return (
            f"{text} Số liệu do đơn vị tự báo cáo {said}; các số liệu về học bổng, khen thưởng, hỗ trợ, quỹ và hội "
            "viên được tính từ danh sách, sổ quỹ trên cổng."
        )
    if not background.owing:
        return text
    told = (
        f"{text} Báo cáo tổng hợp số liệu của {format_int(background.approved)}/{format_int(background.owing)} "
        f"{children_word(figures)} đã gửi báo cáo và được Hội cấp trên duyệt{_say_partial(background)}; "
        "các số liệu về học "
        "bổng, khen thưởng, hỗ trợ, "
        "quỹ và hội viên được tính từ danh sách, sổ quỹ trên cổng."
    )
    return f"{told} {background.said_apart}".strip()


def _say_partial(background: Background) -> str:
    if not background.partial:
        return ""
    if background.partial >= background.approved:
        return ", nhưng đều mới báo cáo một kỳ"
    return f", trong đó {format_int(background.partial)} đơn vị mới báo cáo một kỳ"


def _tell_members(figures: FigureSet, background: Background) -> list[str]:
    numbers = figures.figures
    new = numbers.get("members.new")
    if new is None:
        first = "Số hội viên mới dưới mức được công bố chi tiết."
    elif new:
        first = (
            "Công tác phát triển tổ chức Hội và hội viên được quan tâm, "
            f"phát triển mới {about(new, 'hội viên')}{_compare_in_brackets(figures, background, 'members.new')}."
        )
    else:
        first = "Trong kỳ, danh sách hội viên trên cổng không ghi nhận hội viên mới."
    paragraphs = [first]
    declared, chapters = numbers.get("members.declared_total"), numbers.get("chapters.total")
    asked = (("members.declared_total", declared, "hội viên"), ("chapters.total", chapters, "chi hội"))
    stated = [(code, count, noun) for code, count, noun in asked if count is not None]
    if stated:
        paragraphs.append(_tell_stated(figures, stated))
    listed = numbers.get("members.total", 0)
    if listed:
        paragraphs.append(f"Danh sách hội viên lập trên cổng đến cuối kỳ có {about(listed, 'người')}.")
    return paragraphs


def _tell_stated(figures: FigureSet, stated: list[tuple[str, int, str]]) -> str:
    """Say how many the units declare: of the whole ground only where all of them have reported."""
    codes = [code for code, _count, _noun in stated]
    if by_whom := name_reporters(figures, codes):
        parts = [about(count, noun) for _code, count, noun in stated]
        return f"Theo số liệu của {by_whom} đã báo cáo, các đơn vị này có {join_list(parts)}."
    parts = [about(count, noun) + say_who_reported(figures, code) for code, count, noun in stated]
    whole = any(say_who_reported(figures, code) for code in codes)
    where = "" if whole else f"toàn {area_word(figures)} "
    return f"Theo số liệu {name_units(figures)} báo cáo, {where}có {join_list(parts)}."


def _tell_funds(figures: FigureSet) -> list[str]:
    numbers, paragraphs = figures.figures, []
    if any(numbers.get(f"funds.{column}") for column in ("opening", "income", "spending", "closing")):
        income = numbers["funds.income"]
        text = f"Quỹ khuyến học các cấp đầu kỳ có {about_money(numbers['funds.opening'])}; trong kỳ "
        text += f"thu {about_money(income)}" if income else "không ghi nhận khoản thu"
        by_giver = {giver: numbers.get(f"funds.income.{giver}", 0) for giver in DonorKind}
        givers = [f"{giver.told} {about_money(amount)}" for giver, amount in by_giver.items() if amount > 0]
        alone = [giver for giver, amount in by_giver.items() if amount == income > 0]
        givers = [f"toàn bộ do {alone[0].told}"] if alone else givers
        text += f" ({'; '.join(givers)})" if givers else ""
        text += (
            f", chi {about_money(numbers['funds.spending'])}"
            if numbers["funds.spending"]
            else ", không phát sinh khoản chi"
        )
        for code, words in _CAME_BACK:
            if numbers.get(code):
                text += f"; {words} {about_money(numbers[code])}"
        text += f"; cuối kỳ còn {about_money(numbers['funds.closing'])}"
        if numbers.get("funds.closing.per_head"):
            text += f", bình quân {format_int(numbers['funds.closing.per_head'])} đồng/người dân"
        paragraphs.append(f"{text}.")
    else:
        paragraphs.append("Sổ quỹ trên cổng chưa ghi nhận số liệu trong kỳ.")
    return paragraphs + _tell_topup(figures)


def topup_units(figures: FigureSet) -> list[str]:
    """Names of the units below that declare a policy of topping up the fund, the greatest amount first."""
    having = [code for code, values in figures.by_unit.items() if values.get("funds.topup_policy")]
    having.sort(key=lambda code: -figures.by_unit[code].get("funds.topup_amount", 0))
    return [figures.names[code] for code in having]


def topup_sentence(figures: FigureSet) -> str:
    """Return how many units top up their fund, "Một số quận, huyện có chính sách ..."; "" when no one declared it.

    The word for the share counts all units below, reported or not: "tất cả" is said only when it is all of them.
    """
    units = topup_units(figures)
    if not units:
        return ""
    share = capitalise(share_word(len(units), figures.count_asked()))
    return (
        f"{share} {children_word(figures)} có chính sách bổ sung Quỹ khuyến học của địa phương hằng "
        "năm để duy trì các hình thức "
        "động viên, khen thưởng giáo viên, học sinh có thành tích và học sinh hoàn cảnh khó khăn"
    )


def _tell_topup(figures: FigureSet) -> list[str]:
    sentence = topup_sentence(figures)
    if not sentence:
        return []
    units = topup_units(figures)
    examples = []
    for name in units[:_MOST_EXAMPLES]:
        code = next(code for code, other in figures.names.items() if other == name)
        amount = figures.by_unit[code].get("funds.topup_amount", 0)
        examples.append(lower_name(name) + (f" ({about_money(amount)})" if amount else ""))
    return [f"{sentence}, như {join_list(examples)}." if examples else f"{sentence}."]


def giving_sentence(figures: FigureSet) -> str:
    """Return "trao học bổng, khen thưởng và hỗ trợ gần 15.000 lượt học sinh với số tiền hơn 10 tỷ đồng, ...".

    Only the kinds that were given are named. "" when nothing was given.
    """
    numbers = figures.figures
    turns, amount = numbers.get("disbursements.turns", 0), numbers.get("disbursements.amount", 0)
    if turns <= 0:
        return ""
    parts = {kind: numbers.get(f"disbursements.turns.{kind}") for kind in ProgrammeKind}
    given = [kind.given for kind, count in parts.items() if count]
    told = "trao phần khuyến học, khuyến tài cho" if None in parts.values() else join_list(given)  # one is withheld
    noun = f"lượt {receivers_word(numbers)}".strip()
    text = f"{told} {about(turns, noun)} với số tiền {about_money(amount)}"
    return text + hardship_clause(numbers)


def hardship_clause(numbers: Figures) -> str:
    """Return ", trong đó đa số (9.996 lượt, 66,9%) có hoàn cảnh khó khăn"; "" when it is not known or none."""
    turns, hardship = numbers.get("disbursements.turns", 0), numbers.get("disbursements.turns.hardship")
    if not hardship or not 0 < hardship <= turns:
        return ""
    word = share_word(hardship, turns)
    if word == "tất cả":
        return ", tất cả đều có hoàn cảnh khó khăn"
    return f", trong đó {word} ({format_int(hardship)} lượt, {write_share(hardship, turns)}) có hoàn cảnh khó khăn"


def _tell_disbursements(figures: FigureSet, background: Background) -> list[str]:
    numbers = figures.figures
    sentence = giving_sentence(figures)
    apart = [*_tell_recalled(numbers, figures.period), *_tell_unlisted(numbers)]
    if "disbursements.turns" not in numbers:
        return ["Số lượt trao dưới mức được công bố chi tiết.", *apart]
    if not sentence:
        return ["Trong kỳ, cổng chưa ghi nhận lượt học bổng, khen thưởng, hỗ trợ nào.", *apart]
    paragraphs = [f"Các cấp Hội đã tổ chức {sentence}."]
    people = numbers.get("recipients.distinct")
    kinds = [
        f"{kind.written.lower()} {format_int(numbers[f'disbursements.turns.{kind}'])} lượt, "
        f"{format_money(numbers[f'disbursements.amount.{kind}'])}"
        for kind in ProgrammeKind
        if numbers.get(f"disbursements.turns.{kind}", 0) > 0
    ]
    exact = (
        f"Số liệu theo danh sách: {format_int(numbers['disbursements.turns'])} lượt, "
        f"{format_money(numbers['disbursements.amount'])}"
        + (f", {format_int(people)} tên trong danh sách" if people else "")
    )
    paragraphs.append(f"{exact}; trong đó {'; '.join(kinds)}." if kinds else f"{exact}.")
    paragraphs += (
        _tell_sources(numbers)
        + apart
        + _tell_comparisons(figures, background)
        + _tell_leading_units(figures, background.most_withheld)
    )
    return paragraphs


def _tell_sources(numbers: Figures) -> list[str]:
    told = [
        f"{source.written} {format_int(turns)} lượt, {source.measured} "
        f"{format_money(numbers[f'disbursements.amount.{source}'])}"
        for source in Source
        if not source.from_fund and (turns := numbers.get(f"disbursements.turns.{source}", 0)) > 0
    ]
    if not told:
        return []
    all_known = all(f"disbursements.turns.{source}" in numbers for source in Source)  # else one of them is withheld
    return [f"Trong tổng số có {join_list(told)}{'; phần còn lại chi từ quỹ' if all_known else ''}."]


def _tell_recalled(numbers: Figures, period: Period) -> list[str]:
    """Say what was taken back of earlier half-years: a line of its own, off nothing of this one."""
    turns = numbers.get("disbursements.recalled.turns", 0)
    if not turns:
        return []
    amount = format_money(numbers.get("disbursements.recalled.amount", 0))
    text = f"Thu hồi của kỳ trước: {format_int(turns)} lượt, {amount}"
    if not isinstance(period, HalfYear):
        text = f"Thu hồi trong năm các lượt của kỳ báo cáo trước đó: {format_int(turns)} lượt, {amount}"
        return [f"{text}; không trừ vào số lượt và số tiền đã trao, số liệu đã ban hành giữ nguyên."]
    return [f"{text}; không trừ vào số lượt và số tiền của kỳ này, số liệu đã ban hành của kỳ trước giữ nguyên."]


def _tell_unlisted(numbers: Figures) -> list[str]:
    """Say what units declare by totals only: a line of its own, added to nothing."""
    told = [
        f"{kind.written.lower()} {format_int(turns)} lượt, {format_money(numbers.get(unlisted_pair(kind)[1], 0))}"
        for kind in ProgrammeKind
        if (turns := numbers.get(unlisted_pair(kind)[0], 0)) > 0
    ]
    if not told:
        return []
    text = f"Ngoài ra, theo số tổng do đơn vị khai, không có danh sách: {'; '.join(told)}"
    return [f"{text}. Số này để riêng, không cộng vào số lượt và số tiền theo danh sách."]


def _list_others(figures: FigureSet, background: Background) -> list[tuple[str, FigureSet]]:
    found = []
    for other in (background.last_year, background.previous):
        words = "6 tháng trước đó" if other is background.previous else say_a_year_ago(figures.period)
        if other is not None and other.has_data:
            found.append((words, other))
    return found


def _tell_comparisons(figures: FigureSet, background: Background) -> list[str]:
    told = []
    for words, other in _list_others(figures, background):
        parts = []
        for code, noun in (("disbursements.turns", "số lượt"), ("disbursements.amount", "số tiền")):
            now, before = figures.get(code), other.get(code)
            if now is not None and before is not None and before > 0 <= now:
                parts.append(f"{noun} {compare_counts(now, before)}")
        if parts:
            told.append(f"So với {words} ({_name_period(other.period)}), {join_list(parts)}.")
    if background.unissued:
        halves = join_list([half.label for half in background.unissued])
        told.append(f"Báo cáo {halves} chưa ban hành nên chưa có số liệu để so sánh.")
    return [" ".join(told)] if told else []


def _name_period(period: Period) -> str:
    return period.label


def _compare_in_brackets(figures: FigureSet, background: Background, code: str) -> str:
    for words, other in _list_others(figures, background):
        now, before = figures.get(code), other.get(code)
        if now is not None and before is not None and before > 0 <= now:
            return f" ({compare_counts(now, before)} so với {words})"
    return ""


def _tell_leading_units(figures: FigureSet, most_withheld: int) -> list[str]:
    """Name the units that gave most; nobody, where one whose figure is not public gave as many."""
    ranked = sorted(
        ((values.get("disbursements.turns", 0), code) for code, values in figures.by_unit.items()),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if len(ranked) <= _MOST_EXAMPLES or ranked[_MOST_EXAMPLES - 1][0] <= 0:
        return []
    last = ranked[_MOST_EXAMPLES - 1][0]
    leading = [(turns, code) for turns, code in ranked if turns >= last]  # anyone who ties with the third is named too
    if len(leading) > 2 * _MOST_EXAMPLES or most_withheld >= last:
        return []
    told = [f"{lower_name(figures.names[code])} ({format_int(turns)} lượt)" for turns, code in leading]
    return [f"Các đơn vị có số lượt nhiều nhất: {join_list(told)}."]


def plan_paragraphs(area: str) -> list[str]:
    """Return the association's standing tasks, as the paragraph with which every half-year's plan begins."""
    return [
        (
            "Đẩy mạnh công tác tuyên truyền về công tác khuyến học, khuyến tài, xây dựng xã hội học tập; tham mưu "
            f"lãnh đạo {area} tháo gỡ khó khăn, vướng mắc về chính sách đối với Hội Khuyến học các cấp."
        ),
        (
            "Tích cực củng cố, phát triển tổ chức Hội và hội viên; xây dựng tổ chức Hội cơ sở gắn với "
            "cuộc vận động xây dựng gia đình, "
            "khu dân cư văn hóa, gia đình, dòng họ hiếu học, cộng đồng khuyến học, xã hội học tập."
        ),
        (
            "Vận động tăng nguồn vốn cho “Quỹ khuyến học, khuyến tài”, tạo điều kiện để tổ chức khuyến "
            "học các cấp hoàn thành tốt "
            "các nhiệm vụ do Đảng và Nhà nước giao."
        ),
    ]


def _quote(
    tellings: list[Telling], what: str, *, nothing: str, is_named: bool = True, silent: list[str] | None = None
) -> list[str]:
    """Return what units wrote, the same text once with all who wrote it, those of most units first.

    Of a unit that reports alone it is its own text, and stands without its name (not `is_named`).
    Where none wrote anything that is said (`nothing`), unless something else stands there (`silent`).
    """
    by_text: dict[str, list[str]] = {}
    for telling in tellings:
        text = " ".join(getattr(telling, what).split())
        if text:
            by_text.setdefault(text, []).append(telling.unit_name)
    if by_text and not is_named:
        return list(by_text)
    ranked = sorted(by_text.items(), key=lambda pair: -len(pair[1]))
    quoted = [
        f"{capitalise(', '.join(lower_name(name) for name in names))}: {text}" for text, names in ranked[:_MOST_TEXTS]
    ]
    if len(ranked) > _MOST_TEXTS:
        quoted.append("Các nội dung khác được nêu trong báo cáo của từng đơn vị.")
    return quoted or [] if silent else quoted or [nothing]


#: The chapters of the results in their order; under the other headings any figure may be told.
CHAPTERS = (
    Chapter("Công tác tuyên truyền", (Group.COMMUNICATION,), lambda told, _: tell_communication(told)),
    Chapter(
        "Tập huấn và xây dựng các mô hình học tập", (Group.TRAINING, Group.TITLES), lambda told, _: tell_models(told)
    ),
    Chapter("Phát triển tổ chức Hội và hội viên", (Group.MEMBERS,), _tell_members),
    Chapter("Trung tâm học tập cộng đồng", (Group.CENTRES,), lambda told, _: tell_centres(told)),
    Chapter("Xây dựng Quỹ khuyến học, khuyến tài", (Group.FUNDS,), lambda told, _: _tell_funds(told)),
    Chapter("Trao học bổng, khen thưởng và hỗ trợ", (Group.DISBURSEMENTS, Group.UNLISTED), _tell_disbursements),
    Chapter("Thi đua, khen thưởng", (Group.COMMENDATION,), lambda told, _: tell_commendation(told)),
    Chapter("Công tác kiểm tra", (Group.INSPECTION,), lambda told, _: tell_inspection(told)),
)
