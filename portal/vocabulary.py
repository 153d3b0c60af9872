"""Every closed list of the portal, once: code, label, order, and the words by which officers name an entry.

Models take their choices and CHECKs from here (`portal.models.closed`); reading, figures, documents, charts, forms and
templates iterate over it. Nobody else writes one of these codes: `tests/test_vocabulary.py` looks for them.
Pure: no model, no request, of Django only the translation of labels. The order of the entries is the order on screen.

`label` is for the screen, in its language. `written` is Vietnamese in every language: for what is stored or printed.
`words` are what officers write in headings, cells and titles.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from portal.lib.closed_lists import ClosedList, Entry, Text

# People with accounts --------------------------------------------------------------------------------------------


class Role(ClosedList):
    """What a posting makes of a person, on its unit and everything below it; `permissions.GRANTS` says what it may."""

    CONTRIBUTOR, EDITOR = ("contributor", _("Contributor")), ("editor", _("Editor"))
    OFFICER, APPROVER = ("officer", _("Officer")), ("approver", _("Approver"))
    LEADER, AUDITOR = ("leader", _("Leader")), ("auditor", _("Auditor"))
    ADMINISTRATOR = "administrator", _("Administrator")


@dataclass(frozen=True)
class _Gender(Entry):
    written: str
    words: tuple[str, ...]


class Gender(ClosedList):
    """Of members and recipients; `words` are whole cells that mean it, in small letters."""

    FEMALE = _Gender(
        "female", _("Female"), "Nữ",
        ("nữ", "nu", "gái", "gai", "f", "female", "con gái", "n", "nữ.", "nử", "nư"),
    )  # fmt: skip
    MALE = _Gender("male", _("Male"), "Nam", ("nam", "trai", "m", "male", "con trai", "na", "nm", "1 nam"))

    written: str
    words: tuple[str, ...]


# Units -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Level(Entry):
    short: tuple[str, ...] = ()
    is_area: bool = False
    is_commune: bool = False
    is_unit: bool = True


class LevelWord(ClosedList):
    """The words with which names of units and places begin, in the order of official lists. Levels themselves are data.

    `short` are the abbreviations before a name, `is_area` is what has a people's committee, `is_commune` heads a block
    of a list that names a ward or commune, `is_unit` is what an association may stand on.
    """

    CITY = _Level("thành phố", "thành phố", ("tp",), is_area=True)
    QUARTER = _Level("quận", "quận", ("q",), is_area=True)
    TOWN = _Level("thị xã", "thị xã", ("tx",), is_area=True, is_commune=True)
    DISTRICT = _Level("huyện", "huyện", ("h",), is_area=True)
    WARD = _Level("phường", "phường", ("p", "f"), is_area=True, is_commune=True)
    TOWNSHIP = _Level("thị trấn", "thị trấn", ("tt",), is_area=True, is_commune=True)
    COMMUNE = _Level("xã", "xã", ("x",), is_area=True, is_commune=True)
    ZONE = _Level("đặc khu", "đặc khu", ("dk",), is_area=True, is_commune=True)
    CHAPTER = _Level("chi hội", "chi hội", ("ch",))
    COMMITTEE = _Level("ban khuyến học", "ban khuyến học", ("bkh",))
    HOUSEHOLDS = _Level("tổ dân phố", "tổ dân phố", ("tdp",), is_unit=False)
    RESIDENTS = _Level("khu dân cư", "khu dân cư", ("kdc",), is_unit=False)

    short: tuple[str, ...]
    is_area: bool
    is_commune: bool
    is_unit: bool


class Reporting(ClosedList):
    """Whether units of a level send a half-year of their own."""

    BELOW_CITY = "below_city", _("Those directly below the city")
    ALWAYS, NEVER = ("always", _("All of them")), ("never", _("None"))


class CountKind(ClosedList):
    """What is counted of a place, as the denominators of shares: with a day each, from a source."""

    POPULATION, HOUSEHOLDS = ("population", _("Population")), ("households", _("Households"))
    LINEAGES, HAMLETS = ("lineages", _("Lineages")), ("hamlets", _("Hamlets and residential groups"))
    ORGANISATIONS = "organisations", _("Agencies, schools and enterprises")


class SuccessionKind(ClosedList):
    """How a unit's tasks passed to another."""

    MERGE, SPLIT = ("merge", _("Merged")), ("split", _("Split"))
    RENAME, DISSOLVE = ("rename", _("Renamed")), ("dissolve", _("Dissolved"))


class ClosingScope(ClosedList):
    """How far a closing reaches back: over its half-year alone, or over that one and all before it."""

    HALF, THROUGH = ("half", _("this half-year")), ("through", _("everything through this half-year"))


class ZeroWord(ClosedList):
    """How an amount in words says a zero in the tens: "một nghìn không trăm linh năm"."""

    LINH, LE = ("linh", "linh"), ("lẻ", "lẻ")


class LeavingReason(ClosedList):
    """Why somebody is no member any more."""

    WISH, MOVED = ("wish", _("At their own wish")), ("moved", _("Moved away"))
    DIED, EXPELLED, OTHER = ("died", _("Died")), ("expelled", _("Name taken off the list")), ("other", _("Other"))


class ApplicationState(ClosedList):
    """Of somebody who asks to join (`members.models.APPLICATION_STEPS`)."""

    SENT, APPROVED = ("sent", _("Waiting")), ("approved", _("Taken in"))
    REFUSED, WITHDRAWN = ("refused", _("Not taken in")), ("withdrawn", _("Withdrawn"))


class PositionTitle(ClosedList):
    """The offices of the association, of a branch or of a chapter."""

    CHAIR, VICE_CHAIR = ("chair", _("Chair")), ("vice_chair", _("Vice chair"))
    STANDING, COMMITTEE = ("standing", _("Standing committee")), ("committee", _("Executive committee"))
    INSPECTION, SECRETARY = ("inspection", _("Inspection board")), ("secretary", _("Secretary"))
    HEAD, DEPUTY = ("head", _("Head of the chapter")), ("deputy", _("Deputy head of the chapter"))


# Giving ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Kind(Entry):
    turns_label: Text
    amount_label: Text
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
        "scholarship", _("Scholarship"), _("Scholarships"), _("Scholarships, amount"), "Học bổng", "trao học bổng",
        ("học bổng", "suất học bổng", "hb", "h.b", "hoc bong"),
    )  # fmt: skip
    AWARD = _Kind(
        "award", _("Award"), _("Awards"), _("Awards, amount"), "Khen thưởng", "khen thưởng",
        (
            "khen thưởng", "tiền thưởng", "trao thưởng", "tặng thưởng", "phần thưởng", "giấy khen", "bằng khen",
            "tuyên dương", "biểu dương", "vinh danh", "khen", "thưởng", "khen tặng", "kt", "k.t",
        ),
        # "Tiền thưởng" in a heading; but "Ban Thường vụ" without accents has nothing to do with it.
        unless=r"ban thuong|thuong (?:vu|truc|tru|xuyen|tin)|binh thuong",
    )  # fmt: skip
    SUPPORT = _Kind(
        "support", _("Support"), _("Support"), _("Support, amount"), "Hỗ trợ", "hỗ trợ",
        (
            "hỗ trợ", "trợ cấp", "trợ giúp", "giúp đỡ", "đỡ đầu", "cứu trợ", "ht", "h.t", "hổ trợ", "hỗ trơ",
            "bảo trợ", "chia sẻ khó khăn", "động viên khó khăn",
        ), is_loose=True,
    )  # fmt: skip

    turns_label: Text
    amount_label: Text
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
    written: str
    words: tuple[str, ...] = ()


class ConsentPurpose(ClosedList):
    """What a child's guardian agrees to, each by itself."""

    DATA, PUBLISHING = ("data", _("Keeping the child's data")), ("publishing", _("Publishing name and picture"))


class RecipientKind(ClosedList):
    """Who receives. `part_label` names the part of all recipients, `written` is the report's word."""

    PUPIL = _Recipient(
        "pupil", _("Pupil"), _("of them pupils"), "học sinh",
        ("học sinh", "hs", "học viên", "trẻ em", "thiếu nhi", "cháu", "em", "thí sinh", "trẻ"),
    )  # fmt: skip
    STUDENT = _Recipient(
        "student", _("Student"), _("of them students"), "sinh viên",
        ("sinh viên", "sv", "đại học", "cao đẳng", "đh", "cđ", "học viện", "tân sinh viên"),
    )  # fmt: skip
    TEACHER = _Recipient(
        "teacher", _("Teacher"), _("of them teachers"), "giáo viên",
        (
            "giáo viên", "gv", "nhà giáo", "thầy giáo", "cô giáo", "thầy cô", "giảng viên", "cán bộ", "cbgv", "cbql",
            "nhân viên",
        ))  # fmt: skip
    OTHER = _Recipient("other", _("Other"), _("of them others"), "người học khác")

    part_label: Text
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


class DonorKind(ClosedList):
    """Who gives to a fund."""

    PEOPLE, ORGANISATION = ("people", _("People")), ("organisation", _("Organisation or business"))
    LOCAL_BUDGET = "local_budget", _("Local budget")


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


class PaperKind(ClosedList):
    """What is printed of a batch."""

    SIGNATURES, CERTIFICATES = ("signatures", _("Signature sheet")), ("certificates", _("Certificates"))
    DECISION = "decision", _("Decision with its list")


# Learning models -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Model(Entry):
    written: str
    noun: str
    registered_label: Text
    recognised_label: Text
    share_label: Text
    is_people: bool = False


class LearningModel(ClosedList):
    """The learning models that units declare; `noun` is what is counted, `is_people` one whose small figures hide."""

    FAMILY = _Model(
        "family", _("Learning families"), "Gia đình học tập", "gia đình", _("Learning families, registered"),
        _("Learning families, recognised"), _("Learning families, share"))  # fmt: skip
    LINEAGE = _Model(
        "lineage", _("Learning lineages"), "Dòng họ học tập", "dòng họ", _("Learning lineages, registered"),
        _("Learning lineages, recognised"), _("Learning lineages, share"))  # fmt: skip
    COMMUNITY = _Model(
        "community", _("Learning communities"), "Cộng đồng học tập", "cộng đồng", _("Learning communities, registered"),
        _("Learning communities, recognised"), _("Learning communities, share"))  # fmt: skip
    ORGANISATION = _Model(
        "organisation", _("Learning organisations"), "Đơn vị học tập", "đơn vị",
        _("Learning organisations, registered"), _("Learning organisations, recognised"),
        _("Learning organisations, share"))  # fmt: skip
    CITIZEN = _Model(
        "citizen", _("Learning citizens"), "Công dân học tập", "người", _("Learning citizens, registered"),
        _("Learning citizens, recognised"), _("Learning citizens, share"), is_people=True)  # fmt: skip

    written: str
    noun: str
    registered_label: Text
    recognised_label: Text
    share_label: Text
    is_people: bool


# States ----------------------------------------------------------------------------------------------------------


class TitleState(ClosedList):
    """Of a title on its way (`members.models.TITLE_STEPS`); each is a stage that is counted by itself."""

    REGISTERED, DOSSIER = ("registered", _("Registered")), ("dossier", _("Dossier handed in"))
    ASSESSED, EVALUATED = ("assessed", _("Self-assessed")), ("evaluated", _("Evaluated"))
    RECOGNISED, REFUSED = ("recognised", _("Recognised")), ("refused", _("Not recognised"))


@dataclass(frozen=True)
class _BatchState(Entry):
    is_editable: bool = False
    is_unsettled: bool = False
    needs_approver: bool = False
    needs_payment: bool = False
    needs_reason: bool = False


class BatchState(ClosedList):
    """Of a list of disbursements; which follows which is `scholarships.models.batch.BATCH_STEPS`.

    `is_editable`: rows may change. `is_unsettled`: nothing was paid and something still may be. The rest is what the
    database asks of a list in this state.
    """

    DRAFT = _BatchState("draft", _("Draft"), is_editable=True, is_unsettled=True)
    SUBMITTED = _BatchState("submitted", _("Submitted"), is_unsettled=True)
    RETURNED = _BatchState("returned", _("Returned"), is_editable=True, is_unsettled=True, needs_reason=True)
    APPROVED = _BatchState("approved", _("Approved"), is_unsettled=True, needs_approver=True)
    PAID = _BatchState("paid", _("Paid"), needs_approver=True, needs_payment=True)
    WITHDRAWN = _BatchState("withdrawn", _("Withdrawn"), needs_reason=True)
    REVERSED = _BatchState("reversed", _("Reversed"), needs_approver=True, needs_payment=True, needs_reason=True)

    is_editable: bool
    is_unsettled: bool
    needs_approver: bool
    needs_payment: bool
    needs_reason: bool


@dataclass(frozen=True)
class _SubmissionState(Entry):
    is_editable: bool = False
    is_settled: bool = False
    needs_reason: bool = False


class SubmissionState(ClosedList):
    """Of a unit's half-year (`reports.models.SUBMISSION_STEPS`); `is_settled`: nothing more comes before a report."""

    DRAFT = _SubmissionState("draft", _("Draft"), is_editable=True)
    SUBMITTED = _SubmissionState("submitted", _("Submitted"))
    RETURNED = _SubmissionState("returned", _("Returned"), is_editable=True, needs_reason=True)
    APPROVED = _SubmissionState("approved", _("Approved"), is_settled=True)
    MISSING = _SubmissionState("missing", _("Missing"), is_settled=True, needs_reason=True)

    is_editable: bool
    is_settled: bool
    needs_reason: bool


@dataclass(frozen=True)
class _ReportState(Entry):
    was_public: bool = False
    needs_reason: bool = False


class ReportState(ClosedList):
    """Of a numbered report (`reports.models.REPORT_STEPS`): signed on paper between the first two."""

    FROZEN, ISSUED = _ReportState("frozen", _("Numbered, to be signed")), _ReportState("issued", _("Issued"), True)
    DISCARDED = _ReportState("discarded", _("Thrown away before issuing"), needs_reason=True)
    REVOKED = _ReportState("revoked", _("Revoked"), was_public=True, needs_reason=True)

    was_public: bool
    needs_reason: bool


class ReportFileKind(ClosedList):
    """The files that an issued report consists of; all but the charts are handed out under their ending."""

    PDF, DOCX, XLSX, SUMMARY = ("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"), ("summary", _("Summary"))
    CSV, JSON, CHARTS = ("csv", "CSV"), ("json", "JSON"), ("charts", _("Charts"))


class ArticleState(ClosedList):
    """What an article is at a moment: a question of time, computed and never stored."""

    DRAFT, SCHEDULED = ("draft", _("Draft")), ("scheduled", _("Scheduled"))
    PUBLISHED, EXPIRED = ("published", _("Published")), ("expired", _("Expired"))
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReviewKind(ClosedList):
    """A step of an article's text on its way to readers; the last one of the working text says where it is."""

    SENT, RETURNED = ("sent", _("Waiting for approval")), ("returned", _("Returned"))
    APPROVED, URGENT = ("approved", _("Approved")), ("urgent", _("Published urgently"))
    CONFIRMED = "confirmed", _("Approved afterwards")


class Badge(ClosedList):
    """What components/_status.html says besides the states above."""

    LATE = ("late", _("Late"))
    CLOSED, OPEN = ("closed", _("Closed")), ("open", _("Open"))
    ACTIVE, PENDING = ("active", _("Active")), ("pending", _("Waiting"))
    REFUSED, SUPERSEDED = ("refused", _("Refused")), ("superseded", _("Replaced"))
    KNOWN, ACCEPTED = ("known", _("Already recorded")), ("accepted", _("Accepted"))
    REJECTED, ARCHIVED = ("rejected", _("Not taken")), ("archived", _("Archived"))


class ProposalState(ClosedList):
    """Of a proposed change: it waits, or it is decided once for ever."""

    PENDING, ACCEPTED = ("pending", _("Waiting")), ("accepted", _("Agreed to"))
    REFUSED, EXPIRED = ("refused", _("Turned down")), ("expired", _("Expired"))
    WITHDRAWN = "withdrawn", _("Withdrawn")


# Reasons ---------------------------------------------------------------------------------------------------------

#: The shortest reason, in letters, for what can never be taken back; CHECKs and services ask for the same.
SHORTEST_REASON = 10
LONGEST_REASON = 300
