"""Giving: programmes, circumstances, recipients, sources, donors, entries of the book, lists and papers."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList, Entry, Text


@dataclass(frozen=True)
class _Kind(Entry):
    turns_label: Text
    amount_label: Text
    unlisted_label: Text
    unlisted_amount_label: Text
    written: str
    given: str
    words: tuple[str, ...]
    unless: str = ""
    is_loose: bool = False


class ProgrammeKind(ClosedList):
    """What a programme gives. A new kind is one entry here, its migration and its words in the catalogue.

    `given` is the report's verb; `unless` is a pattern of unaccented text in which the words mean something else;
    `is_loose` words are often said of any kind ("Mức hỗ trợ").
    """

    SCHOLARSHIP = _Kind(
        "scholarship", _("Scholarship"), _("Scholarships"), _("Scholarships, amount"),
        _("Scholarships without a list"), _("Scholarships without a list, amount"), "Học bổng", "trao học bổng",
        ("học bổng", "suất học bổng", "hb", "h.b", "hoc bong"),
    )  # fmt: skip
    AWARD = _Kind(
        "award", _("Award"), _("Awards"), _("Awards, amount"), _("Awards without a list"),
        _("Awards without a list, amount"), "Khen thưởng", "khen thưởng",
        (
            "khen thưởng", "tiền thưởng", "trao thưởng", "tặng thưởng", "phần thưởng", "giấy khen", "bằng khen",
            "tuyên dương", "biểu dương", "vinh danh", "khen", "thưởng", "khen tặng", "kt", "k.t",
        ),
        # "Tiền thưởng" in a heading; but "Ban Thường vụ" without accents has nothing to do with it.
        unless=r"ban thuong|thuong (?:vu|truc|tru|xuyen|tin)|binh thuong",
    )  # fmt: skip
    SUPPORT = _Kind(
        "support", _("Support"), _("Support"), _("Support, amount"), _("Support without a list"),
        _("Support without a list, amount"), "Hỗ trợ", "hỗ trợ",
        (
            "hỗ trợ", "trợ cấp", "trợ giúp", "giúp đỡ", "đỡ đầu", "cứu trợ", "ht", "h.t", "hổ trợ", "hỗ trơ",
            "bảo trợ", "chia sẻ khó khăn", "động viên khó khăn",
        ), is_loose=True,
    )  # fmt: skip

    turns_label: Text
    amount_label: Text
    unlisted_label: Text
    unlisted_amount_label: Text
    written: str
    given: str
    words: tuple[str, ...]
    unless: str
    is_loose: bool


class Recurrence(ClosedList):
    """How often one recipient may receive under a programme."""

    UNLIMITED, HALF_YEAR = ("unlimited", _("As often as needed")), ("half_year", _("Once per half-year"))
    SCHOOL_YEAR, ONCE = ("school_year", _("Once per school year")), ("once", _("Once ever"))


@dataclass(frozen=True)
class _Circumstance(Entry):
    written: str
    asked: int
    words: tuple[str, ...] = ()
    is_hardship: bool = False


class Circumstance(ClosedList):
    """Why somebody receives. `is_hardship` is what every public figure of "có hoàn cảnh khó khăn" rests on.

    `asked` is the order in which a cell is compared with `words`: "bệnh hiểm nghèo" is no poor household.
    """

    POOR = _Circumstance(
        "poor", _("Poor household"), "Hộ nghèo", 5, ("hộ nghèo", "nghèo", "hn", "h.nghèo"), is_hardship=True
    )
    NEAR_POOR = _Circumstance(
        "near_poor", _("Near-poor household"), "Hộ cận nghèo", 2,
        ("cận nghèo", "hcn", "c.nghèo", "cn", "h.c.n", "cận ngheo"), is_hardship=True)  # fmt: skip
    HARDSHIP = _Circumstance(
        "hardship", _("Hardship"), "Hoàn cảnh khó khăn", 6, (
            "đặc biệt khó khăn", "hoàn cảnh đặc biệt", "bố mẹ ly hôn", "thu nhập thấp", "ở với ông bà", "hckk đặc biệt",
            "khó khăn", "hckk", "neo đơn", "thiệt thòi", "đơn thân", "thiên tai", "hỏa hoạn", "hc khó khăn", "vượt khó",
            "khó", "hcđb", "hcđbkk", "đbkk", "kk", "yếu thế", "ly hôn", "bão lụt", "bão", "hcgđkk", "gđkk", "ly thân",
        ), is_hardship=True)  # fmt: skip
    ORPHAN = _Circumstance(
        "orphan", _("Orphan"), "Mồ côi", 3, (
            "mồ côi", "mồ côi cha", "mồ côi mẹ", "mồ côi bố", "trẻ mồ côi", "mồ coi", "bố mất", "mẹ mất", "cha mất",
            "bố mẹ mất", "mc", "không nơi nương tựa", "bị bỏ rơi", "bố chết", "mẹ chết",
        ), is_hardship=True)  # fmt: skip
    DISABILITY = _Circumstance(
        "disability", _("Disability"), "Khuyết tật", 4, (
            "khuyết tật", "tàn tật", "kt", "tự kỷ", "khiếm thị", "khiếm thính", "chậm phát triển", "câm điếc",
            "bại não", "dị tật",
        ), is_hardship=True)  # fmt: skip
    ILLNESS = _Circumstance(
        "illness", _("Serious illness"), "Bệnh hiểm nghèo", 1, (
            "bệnh hiểm nghèo", "hiểm nghèo", "bệnh tật", "mắc bệnh", "bị bệnh", "ung thư", "bệnh tim", "bệnh nặng",
            "bệnh", "ốm đau", "tai nạn", "chạy thận",
        ), is_hardship=True)  # fmt: skip
    POLICY = _Circumstance(
        "policy", _("Family under preferential policy"), "Gia đình chính sách", 7, (
            "chính sách", "thương binh", "liệt sĩ", "liệt sỹ", "bệnh binh", "có công", "chất độc da cam", "da cam",
            "gđcs", "tbls", "con tb", "con ls", "dân tộc thiểu số", "dân tộc", "dtts", "hải đảo", "bộ đội",
            "biên giới", "người có công",
        ))  # fmt: skip
    MERIT = _Circumstance(
        "merit", _("Achievement"), "Thành tích học tập", 8, (
            "thành tích", "học giỏi", "giỏi", "hsg", "học sinh giỏi", "xuất sắc", "hsxs", "tiêu biểu", "thủ khoa",
            "á khoa", "đạt giải", "giải nhất", "giải nhì", "giải ba", "giải khuyến khích", "giải kk", "giải",
            "tiên tiến", "hstt", "đỗ đại học", "đỗ đh", "điểm cao", "huy chương", "hcv", "hcb", "hcđ", "khen thưởng",
            "học tập tốt", "thi đua", "giáo viên giỏi", "gvg", "chiến sĩ thi đua", "học khá", "khá", "học tốt",
        ))  # fmt: skip
    OTHER = _Circumstance("other", _("Other"), "Khác", 9)

    written: str
    asked: int
    words: tuple[str, ...]
    is_hardship: bool


#: The circumstances that count as "có hoàn cảnh khó khăn".
HARDSHIP = frozenset(Circumstance.those("is_hardship"))


@dataclass(frozen=True)
class _Recipient(Entry):
    part_label: Text
    turns_label: Text
    written: str
    words: tuple[str, ...] = ()


class ConsentPurpose(ClosedList):
    """What a child's guardian agrees to, each by itself."""

    DATA, PUBLISHING = ("data", _("Keeping the child's data")), ("publishing", _("Publishing name and picture"))


class RecipientKind(ClosedList):
    """Who receives. `part_label` names the part of all recipients, `turns_label` the turns given to them.

    `written` is the report's word.
    """

    PUPIL = _Recipient(
        "pupil", _("Pupil"), _("of them pupils"), _("Turns to pupils"), "học sinh",
        ("học sinh", "hs", "học viên", "trẻ em", "thiếu nhi", "cháu", "em", "thí sinh", "trẻ"),
    )  # fmt: skip
    STUDENT = _Recipient(
        "student", _("Student"), _("of them students"), _("Turns to students"), "sinh viên",
        ("sinh viên", "sv", "đại học", "cao đẳng", "đh", "cđ", "học viện", "tân sinh viên"),
    )  # fmt: skip
    TEACHER = _Recipient(
        "teacher", _("Teacher"), _("of them teachers"), _("Turns to teachers"), "giáo viên",
        (
            "giáo viên", "gv", "nhà giáo", "thầy giáo", "cô giáo", "thầy cô", "giảng viên", "cán bộ", "cbgv", "cbql",
            "nhân viên",
        ))  # fmt: skip
    OTHER = _Recipient("other", _("Other"), _("of them others"), _("Turns to others"), "người học khác")

    part_label: Text
    turns_label: Text
    written: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Source(Entry):
    turns_label: Text
    amount_label: Text
    written: str = ""
    measured: str = "số tiền"
    words: tuple[str, ...] = ()
    from_fund: bool = False


class Source(ClosedList):
    """Out of what a turn was given; only what comes `from_fund` is posted to the fund's book.

    `written` and `measured` are the report's words; `words` are looked for in unaccented text, the last entry first.
    """

    FUND = _Source("fund", _("Paid from the fund"), _("Paid from funds"), _("Paid from funds, amount"), from_fund=True)
    DIRECT = _Source(
        "direct", _("Paid directly by the giver"), _("Paid directly by the giver"),
        _("Paid directly by the giver, amount"), "nhà tài trợ trao trực tiếp", words=("truc tiep",),
    )  # fmt: skip
    IN_KIND = _Source(
        "in_kind", _("In kind"), _("Given in kind"), _("Given in kind, value"), "hỗ trợ bằng hiện vật", "trị giá",
        ("hien vat",),
    )  # fmt: skip

    turns_label: Text
    amount_label: Text
    written: str
    measured: str
    words: tuple[str, ...]
    from_fund: bool


@dataclass(frozen=True)
class _Donor(Entry):
    income_label: Text
    goods_label: Text
    told: str


class DonorKind(ClosedList):
    """Who gives to a fund. `told` is how the report says that they did, before the amount."""

    PEOPLE = _Donor("people", _("People"), _("of it from people"), _("of it from people, in kind"), "cá nhân ủng hộ")
    ORGANISATION = _Donor(
        "organisation", _("Organisation or business"), _("of it from organisations and businesses"),
        _("of it from organisations and businesses, in kind"), "tổ chức, doanh nghiệp ủng hộ",
    )  # fmt: skip
    LOCAL_BUDGET = _Donor(
        "local_budget", _("Local budget"), _("of it from local budgets"), _("of it from local budgets, in kind"),
        "ngân sách địa phương hỗ trợ",
    )  # fmt: skip

    income_label: Text
    goods_label: Text
    told: str


class TopUpAnswer(ClosedList):
    """Whether a unit's local budget tops its fund up each year; who takes the answer back has said nothing."""

    YES, NO = ("yes", _("Yes, by a decision")), ("no", _("No"))
    UNSAID = "unsaid", _("Taken back: not known yet")


@dataclass(frozen=True)
class _EntryKind(Entry):
    adds: bool = False


class EntryKind(ClosedList):
    """What a line of the fund book does; what `adds` is always above 0."""

    OPENING = _EntryKind("opening", _("Opening balance"), adds=True)
    DONATION = _EntryKind("donation", _("Donation"), adds=True)
    PAYOUT = _EntryKind("payout", _("Payment"))
    TAKEN_OVER = _EntryKind("taken_over", _("Taken over from another fund"), adds=True)
    PASSED_ON = _EntryKind("passed_on", _("Handed over to another fund"))
    REVERSAL = _EntryKind("reversal", _("Reversal"))

    adds: bool


class BatchMode(ClosedList):
    """Whether a list tells what was given or asks for it."""

    HANDED_OUT, TO_PAY = ("handed_out", _("Handed out already")), ("to_pay", _("Ask for approval to hand out"))


class IntakeKind(ClosedList):
    """What an uploaded workbook holds."""

    DISBURSEMENTS, MEMBERS = ("disbursements", _("Scholarship list")), ("members", _("Member list"))
    TITLES = "titles", _("List of learning titles")


class PaperKind(ClosedList):
    """What is printed of a batch."""

    SIGNATURES, CERTIFICATES = ("signatures", _("Signature sheet")), ("certificates", _("Certificates"))
    DECISION = "decision", _("Decision with its list")
