"""What no person is called: one judgement for names typed in a form and for names in a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple

from portal.lib.vietnamese.fonts import from_tcvn3, from_vni, to_unicode, vietnamese_share
from portal.lib.vietnamese.names import proper_name, without_quotes
from portal.lib.vietnamese.text import looks_like_legacy_font, normalize


class NameFault(NamedTuple):
    """Why a text is no person's name: `code` is a key of SENTENCES, `suggestion` the name that may be meant, or ""."""

    code: str
    suggestion: str = ""


#: The family names of nearly everybody; what follows one of them is a name, what stands before one may be a title.
FAMILY_NAMES = frozenset(
    [
        "an", "âu", "bạch", "bành", "bế", "biện", "bùi", "cái", "cao", "cấn", "chu", "châu", "chử", "cung", "cù",
        "danh", "dư", "dương", "đàm", "đan", "đào", "đặng", "đậu", "điền", "đinh", "đoàn", "đỗ", "đồng", "đổng",
        "giáp", "giang", "hà", "hạ", "hàn", "hầu", "hoa", "hoàng", "hồ", "hồng", "hứa", "huỳnh", "kha", "khổng",
        "khúc", "kiều", "kim", "la", "lã", "lại", "lâm", "lê", "lều", "liễu", "lò", "lục", "lữ", "lương", "lưu",
        "lý", "mạc", "mai", "mạnh", "nghiêm", "ngô", "nguyễn", "nguyen", "ninh", "nông", "phạm", "phan", "phí",
        "phó", "phùng", "phương", "quách", "quan", "quản", "sái", "sầm", "tạ", "tăng", "thái", "thạch", "thân",
        "thẩm", "tiêu", "tô", "tôn", "tống", "trần", "tran", "triệu", "trịnh", "trương", "từ", "tưởng", "ứng",
        "uông", "văn", "vi", "viên", "võ", "vòng", "vũ", "vương", "pham", "bui", "hoang", "vu", "vo", "dang",
        "do", "ngo", "duong", "ly", "le", "phạm", "đường", "nhữ", "nhâm", "ngụy", "mẫn", "lỗ", "lường", "lộc",
        "quàng", "cầm", "hoàn", "đới", "đôn", "doãn", "diệp", "dìn", "chung", "chế", "cồ", "bồ", "bàng", "ao",
    ]
)  # fmt: skip
_TITLE = re.compile(
    r"(?:(?:ông|bà|anh|chị|em|cháu|bé|cô|chú|bác|thầy|thầy giáo|cô giáo|nhà giáo|đ/c|đc|đ\.c|đồng chí|cụ|"
    r"gs|pgs|ts|ths|th\.s|cn|bs|ks|gs\.ts|pgs\.ts|gs\.tskh|tskh|ngưt|ngnd|ngut|hs|sv|gv|học sinh|sinh viên|"
    r"giáo viên|ls|kts)(?:[.:]\s*|\s+))+",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[\d=@#<>{}\[\]|\\_~^$%*+?!:;,/\"“”„«»&()]")
_AND = re.compile(r"\s+(?:và|với)\s+|\s*(?:[&+;,/\n]|\s-\s)\s*")
_GROUP = re.compile(r"(?:hai|ba|các|những|\d+) (?:cháu|em|con|anh em|chị em|học sinh|bé)\b")
_OLD_SIGNS = "©®°¦"  # letters of the old fonts
_SAID = re.compile(r"(?:không|chưa|đã|vắng|hủy|huỷ|bỏ|trống|thiếu|nghỉ)\b")
_LOOKS = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXo",
)
# The number in the list before a name, the class behind it: "1. Nguyễn Văn Giáp", "Nguyễn Văn Hùng - 5A".
_BEYOND_THE_NAME = re.compile(r"^\d{1,4}\s*[.)/:\-–]\s*|\s*[-–,]\s*(?:lớp\s*)?\d{1,2}[A-Za-zĐđ]?\d?$")
LONGEST_SEEN = 100
_WORD = "[A-Za-zđĐ" + "".join(
    form
    for letter in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    for form in (unicodedata.normalize("NFC", letter + tone), unicodedata.normalize("NFC", letter.upper() + tone))
    if not form.isascii()
) + "]+"  # fmt: skip
_PLAIN = re.compile(rf"(?:(?!(?i:và) ){_WORD}(?: |$)){{1,9}}")
_MOJIBAKE = re.compile("[\xc2-\xf4][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def without_title(name: str) -> str:
    """Return a name without "Ông", "Em", "ThS." before it; only where a family name and more follows."""
    title = _TITLE.match(name)
    rest = name[title.end() :] if title else ""
    words = rest.split()
    return rest if len(words) > 1 and words[0].lower() in FAMILY_NAMES else name


def title_of(name: str) -> str:
    """Return what stands before a name in small letters, "em", "gs.ts"; "" where nothing does."""
    bare = without_title(name)
    return name[: len(name) - len(bare)].strip(" .:").lower() if bare != name else ""


def repair_encoding(text: str) -> str:
    """Return text whose UTF-8 was read as Windows-1252 as it was meant; other text as it is."""
    return " ".join(_repaired(word) for word in text.split(" "))


def _repaired(word: str) -> str:
    if word.isascii():
        return word
    try:
        # What the code page lacks was kept as it stood (the sloppy reading of browsers and of Excel).
        packed = b"".join(
            letter.encode("cp1252") if letter not in _UNKNOWN_TO_1252 else bytes([ord(letter)]) for letter in word
        )
        return packed.decode("utf-8")
    except (UnicodeError, ValueError):
        return word


_UNKNOWN_TO_1252 = frozenset("\x81\x8d\x8f\x90\x9d")


@lru_cache(maxsize=20_000)
def name_fault(written: str) -> NameFault | None:
    """Return why no one is called as `written`, with a proposal where one is at hand; None for a name.

    An empty text is no one's fault here: that it is missing is another sentence.
    """
    text = without_quotes(normalize(written))
    if _PLAIN.fullmatch(text) and not _SUSPECT.search(text) and not _TITLE.match(text) and "\n" not in written:
        return NameFault("name_unreadable") if _SAID.match(text.lower()) else None  # nearly always
    if _MOJIBAKE.search(written):
        repaired = normalize(repair_encoding(written))
        if repaired != text:
            return NameFault("name_mojibake", proper_name(repaired))
    if "\ufffd" in text:
        return NameFault("name_unreadable")
    if (bare := normalize("".join(letter for letter in text if not _is_picture(letter)))) != text:
        return NameFault("name_letters", bare if bare and name_fault(bare) is None else "")
    if legacy := _from_old_font(text):
        return legacy
    if len(text) > LONGEST_SEEN or _SAID.match(text.lower()):
        return NameFault("name_unreadable")
    if _names_two(written, text):
        return NameFault("name_two_people")
    bare = re.sub(r"\s*\([^()]*\)?", " ", text)
    if bare != text:
        bare = normalize(bare)
        return NameFault("name_brackets", "" if not bare or _SIGNS.search(bare) else bare)
    if (titled := without_title(text)) != text:
        return NameFault("name_title", "" if _SIGNS.search(titled) else proper_name(titled))
    if _SIGNS.search(text):
        quoted = _BEYOND_THE_NAME.sub("", text).strip('“”„«»"*. ')
        return NameFault("name_unreadable", "" if quoted == text or _SIGNS.search(quoted) else quoted)
    return _foreign_letters(text)


def _is_picture(letter: str) -> bool:
    """Tell whether a sign is an emoji or another picture, with what joins and colours it."""
    return (
        not letter.isascii()
        and (unicodedata.category(letter) in ("So", "Co") or letter in "\ufe0e\ufe0f\u20e3")
        and letter not in _OLD_SIGNS
    )


def _names_two(written: str, text: str) -> bool:
    whole = written.strip() if "\n" in written else text
    if re.search(r"\S\s+và\s+\S", whole.lower() if whole.isupper() else whole) or _GROUP.match(text.lower()):
        return True
    parts = [part.strip() for part in _AND.split(whole.lower() if whole.isupper() else whole)]
    return len(parts) > 1 and all(len(part.split()) > 1 and not _SIGNS.search(part) for part in parts)


def _foreign_letters(text: str) -> NameFault | None:
    strange = [letter for letter in text if not _is_letter_of_names(letter)]
    if not strange:
        return None
    converted = to_unicode(text)
    if converted != text and vietnamese_share(converted) == 1:
        return NameFault("legacy_font", capitalised(converted))
    meant = normalize("".join(letter for letter in text.translate(_LOOKS) if _is_letter_of_names(letter)))
    return NameFault("name_letters", meant if meant and vietnamese_share(meant) == 1 else "")


@lru_cache(maxsize=2_000)
def _is_letter_of_names(letter: str) -> bool:
    if letter.isascii():
        return letter.isalpha() or letter in " '-.`"
    return unicodedata.name(letter, "").startswith("LATIN ") or letter in "’‘ʼʻ´′‐‑–·̆̂"


def _from_old_font(text: str) -> NameFault | None:
    if not _SUSPECT.search(text) or not looks_like_legacy_font(text):
        return None
    meant = to_unicode(text)
    if meant == text or vietnamese_share(meant) <= 0.6:
        return None
    return NameFault("legacy_font", capitalised(meant))


def capitalised(name: str) -> str:
    """Return a name whose capitals an old font did not keep, with a capital for each syllable."""
    return proper_name(" ".join(word[:1].upper() + word[1:] for word in normalize(name).split()))


def meant_by(texts: Collection[str]) -> dict[str, str]:
    """Return what those of the names of a column that were typed for an old font mean; {} where there is none.

    Two names that no Unicode text holds make the column one of that font: then "Vò Mai Lan" is read as "Vũ Mai Lan",
    what is plainly Unicode stays.
    """
    typed = [
        text
        for text in texts
        if not text.isascii()
        and all(ord(letter) < 0x100 for letter in text)
        and normalize(repair_encoding(text)) == normalize(text)
    ]
    if not typed:
        return {}
    found: dict[str, str] = {}
    for convert in (from_tcvn3, from_vni):
        converted = {text: capitalised(convert(text)) for text in typed}
        strange = [text for text in typed if not _PLAIN.fullmatch(normalize(text))]
        gained = [text for text in strange if _likeness(converted[text]) > _likeness(text)]
        if len(gained) < 2 or sum(map(_likeness, converted.values())) <= sum(
            _likeness(found.get(text, text)) for text in typed
        ):
            continue
        most = 2 * len(gained) >= len(typed)
        found = {
            text: meant
            for text, meant in converted.items()
            if meant != text and (_likeness(meant), most) > (_likeness(text), False)
        }
    return found


def _likeness(text: str) -> float:
    """How much a text looks like a name: the share of Vietnamese syllables, and a family name at its head."""
    words = text.split()
    return vietnamese_share(text) + (0.5 if words and words[0].lower() in FAMILY_NAMES else 0)


_SUSPECT = re.compile(
    r"[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞß]|[¡-¿]|[ÄÅÆËÏÑÖØÛÜäåæçëîïñöøûü]|[aA][áàãâùõêéèAÂÁÀÊÉÈÙÕ]|[eE][áàãâùéèõÁÀÃÂÙÕ]|"
    r"[uU][ùõÙÕ]|[yY]ù"
)
