"""The words officers write in the cells themselves: kinds, circumstances, totals, blocks, signatures."""

from __future__ import annotations

import re
from functools import lru_cache

from portal.lib.vietnamese import fold, normalize
from portal.vocabulary import Circumstance, Gender, LevelWord, ProgrammeKind, RecipientKind

Kinds = frozenset[str]

_NO_ACCENT = re.compile(r"[\x00-\x7f]*")


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Lower case, NFC, single spaces; accents stay, for "Tổng" is a total and "Tống" a family."""
    return normalize(text).lower()


@lru_cache(maxsize=20_000)
def key(text: str) -> str:
    """Return what two spellings of a heading share: no accents, no signs, single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", fold(normalize(text))))


def _pattern(*phrases: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Whole words, with accents and (for text typed without any) without."""
    accented = "|".join(sorted((re.escape(phrase) for phrase in phrases), key=len, reverse=True))
    bare = "|".join(sorted((re.escape(fold(phrase)) for phrase in phrases), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{accented})(?!\w)"), re.compile(rf"(?<!\w)(?:{bare})(?!\w)")


class Phrases:
    """Phrases found in text with accents as they are, and in text without any accent folded."""

    def __init__(self, *phrases: str) -> None:
        self.accented, self.bare = _pattern(*phrases)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """`text` as `plain` gives it."""
        return self.accented.search(text, start) or (
            self.bare.search(text, start) if _NO_ACCENT.fullmatch(text) else None
        )

    def match(self, text: str) -> re.Match[str] | None:
        """Find a phrase at the beginning of `text`."""
        return self.accented.match(text) or (self.bare.match(text) if _NO_ACCENT.fullmatch(text) else None)


_KIND_PHRASES = {kind.value: Phrases(*kind.words) for kind in ProgrammeKind}
_SOMETHING_ELSE = {kind.value: re.compile(kind.unless) for kind in ProgrammeKind if kind.unless}
# "Hỗ trợ học bổng" and "Trao thưởng học bổng" are scholarships: one thing named twice, not two.
_ONE_THING = re.compile(
    r"(?:(?:hỗ trợ|trao thưởng|thưởng|trợ cấp|tặng thưởng|động viên)(?: (?:các )?(?:suất|tiền|"
    r"bằng))? (?=học bổng))|(?:(?:ho tro|trao thuong|thuong|tro cap) (?=hoc bong))"
)
_AWARD_OF = re.compile(r"(?:hỗ trợ|trợ cấp)(?: tiền| kinh phí)? (?=khen thưởng)")


@lru_cache(maxsize=20_000)
def kinds_in(text: str) -> Kinds:
    """Return the kinds that a cell, heading or title names: none, one, or several ("Học bổng, khen thưởng")."""
    low = _AWARD_OF.sub("", _ONE_THING.sub("", plain(text)))
    found = (kind for kind, phrases in _KIND_PHRASES.items() if phrases.search(low))
    return frozenset(kind for kind in found if kind not in _SOMETHING_ELSE or not _SOMETHING_ELSE[kind].search(low))


def kind_of(text: str) -> str | None:
    """Return the one kind that `text` names, or None."""
    kinds = kinds_in(text)
    return next(iter(kinds)) if len(kinds) == 1 else None


_PAYMENT = Phrases("tiền mặt", "chuyển khoản", "hiện vật", "ck", "tm")
_CIRCUMSTANCES = tuple(
    (one.value, Phrases(*one.words)) for one in sorted(Circumstance, key=lambda one: one.asked) if one.words
)
_NONE = {"", "-", "–", "—", "không", "không có", "khong", "ko", "k", "0", "/", ".", "bình thường", "bt", "chưa có"}
_SHORT = {word: one.value for one in Circumstance for word in one.words if len(word) < 3}
_SHORT_CELL = re.compile(rf"(?:(?:thuộc |diện |thuộc diện |hộ |hs |hc )*)({'|'.join(_SHORT)})[.)]?")
_PARTS = re.compile(r"[;,/\n]")
_FINER_PARTS = re.compile(r"[;,/\n+&]|\s-\s|\svà\s")
_FILLING = (
    "thuộc", "phải", "còn", "là", "có", "bị", "nằm", "trong", "diện", "hộ", "cận", "đối", "tượng", "gia", "đình", "gđ",
    "hoàn", "cảnh", "hs", "học", "sinh", "con", "em", "quá", "khỏi", "danh", "sách", "thẻ", "sổ", "mồ", "côi",
    "được", "công", "nhận", "xét", "duyệt", "đủ", "điều", "kiện", "đạt", "chuẩn", "cấp", "hưởng", "chế", "độ", "tên",
    "đưa", "vào", "xếp", "nữa", "hẳn", "giấy", "xác", "theo", "tiêu", "chí", "thật", "sự", "hoàn", "toàn", "năm", "nay",
    "hồ", "sơ", "làm", "thủ", "tục",
)  # fmt: skip
_FILLED = rf"(?:\s+(?:{'|'.join(dict.fromkeys([*_FILLING, *map(fold, _FILLING)]))}))*"
_NOT = "không(?! may| nơi)|khong(?! may| noi)|chưa|chua|hết|thoát|thoat|cắt"
_NO_MORE = "ra khỏi|ra khoi|từng|trước đây|trước kia|truoc day|truoc kia|nguyên là|nguyen la"
_NOT_YET = "xin|đề nghị|de nghi|chờ|đang làm|dang lam|đang xét|gần|sắp|sap"
_DENIED = re.compile(rf"(?<!\w)(?:{_NOT}|{_NO_MORE}|{_NOT_YET}){_FILLED}\s+$")
_DENIED_AFTER = re.compile(
    r"\s*[(:\-–]*\s*(?:nay |hiện |năm \d+ )?(?:đã |vừa |mới )?(?:bị )?(?:cắt|thoát|hết|ra khỏi|không còn|xóa|xoá)(?!\w)"
    r"|\s*(?:[:=]|\s[\-–])\s*(?:không|khong|ko|chưa|chua|0)\s*$|\s+(?:cũ|cu)\s*$"
)
# "Bố mất việc" has lost his job, "mẹ mất sức" her strength; nobody is ill in "làm ở bệnh viện".
_OTHER_SENSE = re.compile(
    r"\s(?:việc|sức|tích|trí|khả năng|tiền|đất|nhà|mùa|xe|giấy|liên lạc|lòng|thu nhập|thời gian|công ăn)(?!\w)"
)
_NO_ILLNESS = re.compile(r"\s(?:viện|xá|binh)(?!\w)")


@lru_cache(maxsize=20_000)
def circumstance_of(text: str) -> str | None:
    """A code of `vocabulary.Circumstance`, that of "other" for words not known or denied, None for nothing."""
    low = plain(text)
    if low in _NONE:
        return None
    rest = re.sub(r"giải kk|giải khuyến khích", "đạt giải", low)
    parts = [part.strip() for part in _PARTS.split(rest)]
    short = {_SHORT[match[1]] for part in _FINER_PARTS.split(rest) if (match := _SHORT_CELL.fullmatch(part.strip()))}
    for code, phrases in _CIRCUMSTANCES:
        if code in short or any(_says(part, phrases) for part in parts):
            return code
    return Circumstance.OTHER.value


def _says(part: str, phrases: Phrases) -> bool:
    """Tell whether one of the phrases stands in a part of a cell and is meant: not denied, nor in another sense."""
    at = 0
    while (found := phrases.search(part, at)) is not None:
        at = found.start() + 1
        phrase, before, after = found[0], part[: found.start()], part[found.end() :]
        if phrase in _SHORT or _DENIED.search(before) or _DENIED_AFTER.match(after):
            continue
        if phrase.endswith(("mất", "mat")) and _OTHER_SENSE.match(after):
            continue
        if phrase.endswith(("bệnh", "benh")) and _NO_ILLNESS.match(after):
            continue
        return True
    return False


@lru_cache(maxsize=20_000)
def is_doubtful_circumstance(text: str) -> bool:
    """Tell whether a text holds the words of a hardship and is not read as one: the officer should know."""
    read = circumstance_of(text)
    if read not in (None, Circumstance.OTHER):
        return False
    low = plain(text)
    return low not in _NONE and any(phrases.search(low) for _code, phrases in _CIRCUMSTANCES)


_GENDERS = {word: gender.value for gender in Gender for word in gender.words}


def gender_of(text: str) -> str | None:
    """Return the gender a word names, None for other words."""
    return _GENDERS.get(plain(text).strip(" .()"))


_MARKS = {"x", "×", "✓", "✔", "v", "√", "*", "+", "có", "co", "1", "đúng", "true", "xx", "☑", "●", "•", "ü", "x."}


def is_mark(value: object) -> bool:
    """Whether a cell is a tick in a column of ticks."""
    if isinstance(value, str):
        return plain(value) in _MARKS
    return value == 1


BLANKS = {
    "",
    "-",
    "–",
    "—",
    "không",
    "ko",
    "0",
    "/",
    "\\",
    ".",
    "..",
    "...",
    "…",
    "_",
    "--",
    "---",
    "na",
    "n/a",
    "x x x",
}
DITTO = {
    '"',
    "''",
    "“",
    "”",
    "nt",
    "nt.",
    "-nt-",
    "- nt -",
    "như trên",
    "//",
    "“ ”",
    '" "',
    "—”—",
    '-"-',
    "〃",
    "n.t",
    "nhu tren",
}

_LEVELS = "|".join(level for level in LevelWord if level.is_area or not level.is_unit)
_TOTAL = re.compile(
    r"(?:[ivxlca-h]{1,4}[.)]?\s+|\W+)?(?:tổng(?!\s*(?:phụ trách|hợp))|cộng(?!\s*(?:tác|hòa|hoà|đồng|sản))|"
    rf"toàn (?:{_LEVELS}|trường|tỉnh|đoàn|hội)\b|t\.?\s?cộng|lũy kế|luỹ kế|mang sang"
    r"|chuyển trang|số dư|tc\b(?!\s*\w)|sum\b|total\b|grand total)",
)
_TOTAL_BARE = re.compile(
    r"(?:[ivxlca-h]{1,4}[.)]?\s+|\W+)?(?:tong cong|tong so|tong tien|tong|cong|cong xa .*|cong phuong .*|total|"
    r"tc)\b\s*[:.]?\s*$|tong cong\b|tong so\b"
)
_GRAND = re.compile(r"tổng|tong|toàn|lũy kế|luỹ kế|total")


def is_total(text: str) -> bool:
    """Whether a cell is the label of a row of totals.

    "Tổng cộng", "CỘNG XÃ AN HƯNG", "Cộng (I+II)"; never "Tống Văn Công".
    """
    low = plain(text)
    if _TOTAL.match(low):
        return len(low) < 160
    return bool(_NO_ACCENT.fullmatch(low) and _TOTAL_BARE.match(low))


def is_grand_total(text: str) -> bool:
    """Tell whether the label of a total speaks of the whole."""
    return bool(_GRAND.search(plain(text)))


_PLACE_DATE = re.compile(
    r"(?:^|[,;.]\s*|\s)ngày\s*(?:[\d.…_]*)\s*tháng\s*(?:[\d.…_]*)\s*năm\s*(?:[\d.…_]*)\s*\.?$|^\w[\w ]{2,40},\s*ngày\b",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(?:người lập|lập (?:biểu|bảng|danh sách)|người (?:tổng hợp|báo cáo|kiểm tra|duyệt|phát|trao quà|giao|viết)|"
    r"tm\.?\s|t/m|tm/|kt\.\s?(?:chủ|hiệu|trưởng|giám)|kt\.? ?chủ tịch"
    r"|(?:phó )?chủ tịch|(?:phó )?hiệu trưởng|(?:phó )?trưởng (?:ban|phòng|chi|thôn|khu|tiểu ban)|thủ (?:quỹ|"
    r"trưởng)|kế toán|xác nhận (?:của|ubnd|của)|\(?ký|\(?kí (?:tên|và|,)|\(?đã ký|ký tên|nơi nhận|bằng chữ"
    r"|\(?(?:số tiền |viết )?bằng chữ|\(?bằng chữ|ấn định|danh sách (?:này )?(?:có|gồm|trên)|ban (?:thường vụ|"
    r"chấp hành)|thường trực|cán bộ (?:phụ trách|lập)|duyệt|lãnh đạo|giám đốc|bí thư|thư ký|đại diện"
    r"|ghi chú\s*:|\* ?ghi chú|lưu ý\s*:|chủ nhiệm|ubnd|ủy ban nhân dân|hội khuyến học$|hkh$|người phụ trách|phụ trách)"
)
_SIGNATURE_BARE = re.compile(
    r"^(?:nguoi lap|lap bieu|chu tich|pho chu tich|ke toan|thu quy|hieu truong|\(?ky ten|\(?ky,|bang chu|tm\. )"
)


_SECTION_OFFICE = re.compile(
    r"(?:ban (?:chấp hành|thường vụ|kiểm tra|lãnh đạo|chủ nhiệm)|thường trực|lãnh đạo|(?:hội khuyến học|hkh)$|"
    r"[uủ][yỷ] viên|uỷ viên|ban chap hanh|ban thuong vu|thuong truc|lanh dao|hoi khuyen hoc$)(?!\w)"
)


def is_section_office(text: str) -> bool:
    """Tell whether a text may head those of a list who hold an office: "Ban Chấp hành", "Thường trực Hội"."""
    return bool(_SECTION_OFFICE.match(plain(block_label(text))))


def is_footer(text: str) -> bool:
    """Whether a cell belongs to what follows a list.

    Place and date, offices, "(Ký, ghi rõ họ tên)", the sum in words.
    """
    low = plain(text)
    if _SIGNATURE.match(low) or _PLACE_DATE.search(low):
        return True
    return bool(_NO_ACCENT.fullmatch(low) and _SIGNATURE_BARE.match(low))


_PLACE = rf"{_LEVELS}|tt\.|tp\.?|thôn|xóm|làng|khu(?: phố)?|kdc|tdp|tổ \d+|ấp|bản|cụm|địa bàn"
_BODY = (
    r"trường|khối|lớp|hội (?:khuyến học|cựu giáo chức)|hkh|chi hội|ban (?:khuyến học|kh)|mầm non|tiểu học|thcs|"
    r"thpt|trung học|phòng (?:gd|giáo dục)|dòng họ|họ tộc|đơn vị|cơ quan|công ty|doanh nghiệp|đảng bộ|trung tâm"
    r"|ttgdtx|đại học|cao đẳng|chi bộ|hợp tác xã|ubnd|gia đình học tập|câu lạc bộ|ban|th |mn |gdtx"
)
_SECTION = (
    r"phần|mục|đợt|diện|nhóm|đối tượng|loại|danh sách|chương trình|quỹ|nội dung|hạng mục|học sinh|sinh viên|"
    r"học viên|giáo viên|các (?:em|cháu|học sinh)|cấp (?:học|i|1|2|3)|bậc|ngày|tháng|quý|hộ (?:nghèo|cận)|mồ côi|"
    r"khuyết tật|con (?:hộ|gia đình)|giải (?:nhất|nhì|ba|khuyến)"
)
_NUMBERING = re.compile(r"^(?:(?:[ivxlc]{1,6}|[a-hk])\s*[.)/:\-–]\s*|\d{1,3}\s*[.)/\-–]\s*|[-–+*•]\s*)")
_ROMAN = re.compile(r"(?:[IVXLC]{1,6}|[A-HK])\s*[.)/:\-–]?")
_KIND_START = re.compile(
    r"(?:các (?:suất )?)?(?:trao |tặng |cấp |nhận |chi )*(?:học bổng|hb|khen thưởng|hỗ trợ|trợ cấp|giúp đỡ|"
    r"tiền thưởng|phần thưởng|tuyên dương)(?!\w)"
)
_BLOCK = re.compile(rf"(?:{_PLACE}|{_BODY}|{_SECTION})(?!\w)")


def block_label(text: str) -> str:
    """Return the text without its numbering: "I. Xã An Hưng" -> "Xã An Hưng"."""
    tidy = normalize(text)
    match = _NUMBERING.match(tidy.lower())
    return tidy[match.end() :].strip() if match else tidy


def has_numbering(text: str) -> bool:
    """Tell whether a text begins with the number or letter of a list."""
    return bool(_NUMBERING.match(plain(text)))


def is_block_number(value: object) -> bool:
    """Tell whether a cell is "I", "II.", "A": what stands before a block where persons have 1, 2, 3."""
    return isinstance(value, str) and bool(_ROMAN.fullmatch(normalize(value)))


def is_block(text: str) -> bool:
    """Whether a text names a place, a school, a class, a kind, a group: the head of a block and not a person."""
    low = plain(block_label(text))
    return bool(_BLOCK.match(low) or _KIND_START.match(low))


_COMMUNES = "|".join(LevelWord.those("is_commune"))
_PLACE_LABEL = re.compile(rf"(?:(?:hội khuyến học |hkh )?(?:{_COMMUNES})|tt\.?|hkh tt)\s+\S")
_SCHOOL_LABEL = re.compile(
    r"(?:trường|tiểu học|thcs|thpt|trung học|mầm non|th|mn|đại học|cao đẳng|ttgdtx|trung tâm gd\w*|th&thcs)\s+\S"
)
_CLASS_LABEL = re.compile(r"lớp\s+\d{1,2}\w{0,3}")


def is_commune_label(text: str) -> bool:
    """Tell whether the head of a block names a ward or commune."""
    return bool(_PLACE_LABEL.match(plain(text)))


def is_school_label(text: str) -> bool:
    """Tell whether the head of a block names a school."""
    return bool(_SCHOOL_LABEL.match(plain(text)))


def is_class_label(text: str) -> bool:
    """Tell whether the head of a block names a class."""
    return bool(_CLASS_LABEL.fullmatch(plain(text)))


_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’.\-][^\W\d_]*)*")


@lru_cache(maxsize=4_000)
def is_namelike(text: str) -> bool:
    """Two to seven words of letters, each with a capital (or all in small letters): how a person's name looks."""
    words = normalize(text).split()
    return (
        2 <= len(words) <= 7
        and all(_NAME_WORD.fullmatch(word) for word in words)
        and (all(word[0].isupper() for word in words) or text.islower())
    )


CLASS = re.compile(
    r"(?:lớp\s*)?(?:\d{1,2}\s*[-./]?\s*(?:[a-zđ]{1,3}\s*\d{0,2}|[./]\s*\d{1,2})|\d{1,2}"
    r"|(?:[3-6]\s*tuổi|mẫu giáo|nhà trẻ|lá|chồi|mầm)\s*\w{0,3}|k\d{2}\w*|[a-z]{2,6}\s?\d{2,3}\w*)",
    re.IGNORECASE,
)
SCHOOL = re.compile(
    r"(?:trường|th|thcs|thpt|mn|ptth|th&thcs|th\s*-\s*thcs|th và thcs|ttgdtx|gdtx|gdnn|tt gdnn|tt gdtx|đh|đại học|"
    r"cđ|cao đẳng|học viện|tiểu học|mầm non|trung tâm|trung học|trung cấp|tc|ptdt\w*|liên cấp|mg|mẫu giáo)\b",
    re.IGNORECASE,
)
_RECIPIENTS = tuple((kind.value, Phrases(*kind.words)) for kind in RecipientKind if kind.words)


@lru_cache(maxsize=4_000)
def recipient_kind_of(text: str) -> str | None:
    """Return the one kind of recipient that the text names, or None."""
    low = plain(text)
    found = [kind for kind, phrases in _RECIPIENTS if phrases.search(low)]
    both = [RecipientKind.PUPIL.value, RecipientKind.STUDENT.value]
    # "Sinh viên các trường trung học" holds a word for pupils as well; "học sinh, sinh viên" means both.
    if found == both and "sinh viên" in low and "học sinh" not in low:
        return RecipientKind.STUDENT.value
    return found[0] if len(found) == 1 else None


def is_payment(text: str) -> bool:
    """Tell whether a text names how money is handed over, and no kind."""
    return bool(_PAYMENT.search(plain(text))) and not kinds_in(text)
