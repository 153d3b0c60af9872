"""Text as people type it, made comparable: normalised, folded, cut into syllables for search."""

import re
import unicodedata
from itertools import pairwise
from typing import NamedTuple


class ReadingError(ValueError):
    """What somebody wrote cannot be read; `code` says why, `value` is what stood there. Callers word the sentence."""

    def __init__(self, code: str, value: object) -> None:
        super().__init__(code, value)
        self.code = code
        self.value = value


# Control characters that are no white space, format characters, fillers, variation selectors, what is no character:
# escapes that Python's and PostgreSQL's regular expressions read alike.
UNSEEN = (
    r"\u0001-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    r"\U000e0000-\U000e0fff"
)
_INVISIBLE = re.compile(f"[\x00\ud800-\udfff{UNSEEN}]")
SPACES = r"\u0009-\u000d\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
#: Matches, in PostgreSQL and in Python, a text in which something can be seen: a name is never made of spaces alone.
SOMETHING_SEEN = f"[^{SPACES}{UNSEEN}]"


def normalize(text: str) -> str:
    """Return `text` in NFC on a single line: odd spaces as single spaces, nothing invisible, nothing at the ends.

    This is how a line of text is stored; `comparable` is what it is compared by.
    """
    if is_everyday(text):
        return text
    # What is invisible goes first: it may stand between a letter and its mark and keep them from joining.
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def normalize_lines(text: str) -> str:
    """Return `text` of several lines in NFC: line ends as LF, nothing invisible, no spaces at the ends of lines."""
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join(line.rstrip() for line in plain.split("\n")).strip("\n")


_APOSTROPHES = "\u2018\u2019\u201a\u201b\u02bb\u02bc\u02b9\u2032\u00b4`"
_QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SIGNS = str.maketrans(
    _APOSTROPHES + _QUOTES + _DASHES, "'" * len(_APOSTROPHES) + '"' * len(_QUOTES) + "-" * len(_DASHES)
)
# A raised 2, a half, a figure in a circle: NFKC would make plain figures of them, and 500\u00b2 would be 5002.
_RAISED = re.compile(
    "([\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u209f\u2150-\u215f\u2189\u2460-\u24ff\u3200-\u33ff\U0001f100-\U0001f16f])"
)


# Without the letter eth, which stands for đ in some texts.
_LETTERS = "A-Za-z0-9À-ÏÑ-ÖØ-ïñ-öø-ÿĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_EVERYDAY = re.compile(f"[{_LETTERS}]+(?: [{_LETTERS}]+)*")


def is_everyday(text: str) -> bool:
    """Tell whether a text is as nearly every name is: Vietnamese letters with their marks, figures, single spaces.

    It is NFC and NFKC, nothing in it is invisible, no letter in it stands for another.
    """
    return _EVERYDAY.fullmatch(text) is not None


def comparable(text: str) -> str:
    """Return what two ways of typing the same text share: NFKC, single spaces, plain dashes and quotes.

    Capitals and accents count. Raised figures and fractions stay what they are: no number is made of them.
    """
    if is_everyday(text):
        return text
    plain = _INVISIBLE.sub("", text)
    if not plain.isascii() or "`" in plain:
        plain = plain.translate(_SIGNS)
        parts = _RAISED.split(plain)
        parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
        plain = "".join(parts)
    return " ".join(plain.split())


# The capitals that are left once the marks are off. The Icelandic eth and the African d look just like đ and stand
# for it in texts that went through old converters.
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZĐđÐðƉɖ"
_SMALL = "abcdefghijklmnopqrstuvwxyzdddddd"
_LOWER = str.maketrans(_CAPITALS, _SMALL)
_MARKS = re.compile("[\u0300-\u036f]")

# What stands between the dollar signs of `CREATE OR REPLACE FUNCTION portal_fold(value text) RETURNS text LANGUAGE
# plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$...$$`: the same as `fold`. It asks no locale (in C, lower('Đ') is 'Đ').
# A list of 15,000 people is folded row by row: Vietnamese marks go by `translate`, and only what is not ASCII even then
# is worth a regular expression, which takes several times as long.
FOLD_SQL = r"""BEGIN
  value := lower(translate(normalize(value, NFD), 'ĐđÐðƉɖ'
    || U&'\0300\0301\0303\0309\0323\0302\0306\031B', 'dddddd') COLLATE "C");
  IF octet_length(value) = length(value) THEN RETURN value; END IF;
  RETURN normalize(regexp_replace(value, '[\u0300-\u036f]', '', 'g'), NFC);
END"""


def fold(text: str) -> str:
    """Return `text` without marks and capitals, đ as d; the same for NFC and NFD, and twice is the same as once.

    The database's twin is the function `portal_fold` (FOLD_SQL). Spaces and signs stay as they are.
    """
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare.translate(_LOWER))


_NOT_SOUGHT = (
    rf"[{SPACES}\u0021-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007e"
    r"\u00a1-\u00bf\u2010-\u2027\u2030-\u205e\u3001-\u303f]+"
)

# What stands between the dollar signs of the function `portal_search_key`: the same as `search_key`, with a look
# whether there is anything to do before each step that takes long.
SEARCH_KEY_SQL = f"""BEGIN
  IF value ~ '[{UNSEEN}]' THEN value := regexp_replace(value, '[{UNSEEN}]', '', 'g'); END IF;
  IF value IS NOT NFKC NORMALIZED THEN value := normalize(value, NFKC); END IF;
  value := btrim(portal_fold(value));
  IF value ~ '^[a-z0-9]+( [a-z0-9]+)*$' THEN RETURN value; END IF;
  RETURN btrim(regexp_replace(value, '{_NOT_SOUGHT}', ' ', 'g'));
END"""


def search_key(text: str) -> str:
    """Return the words of `text` as searches compare them: folded, every sign and odd space one space.

    The database's twin is the function `portal_search_key` (SEARCH_KEY_SQL).
    """
    plain = fold(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
    return re.sub(_NOT_SOUGHT, " ", plain).strip(" ")


def slugify(text: str, max_length: int = 80) -> str:
    """Return `text` as a part of an address, "duong-hoc", cut after a whole word; "" if nothing is left of it."""
    slug = re.sub("[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(slug) <= max_length:
        return slug
    whole_words = slug[: max_length + 1].rpartition("-")[0]
    return whole_words or slug[:max_length]


# Abbreviations as readers and writers use them, in full: "Q. Lê Chân" and "quận Lê Chân" are found by each other.
_SHORT_BEGINNINGS = {"q": "quan", "h": "huyen", "p": "phuong", "f": "phuong", "x": "xa", "ch": "chi hoi"}  # of names
_SHORT_WORDS = {
    "tp": "thanh pho", "tx": "thi xa", "tt": "thi tran", "dk": "dac khu", "bkh": "ban khuyen hoc",
    "tdp": "to dan pho", "kdc": "khu dan cu", "hkh": "hoi khuyen hoc", "xhht": "xa hoi hoc tap",
    "ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "mttq": "mat tran to quoc", "thcs": "trung hoc co so",
    "thpt": "trung hoc pho thong", "gddt": "giao duc va dao tao",
    "gd&dt": "giao duc va dao tao",
}  # fmt: skip
_APART = "(?<![a-z0-9./&-])"  # "12/TT-BGDĐT" is a number: what stands in it is no abbreviation before a name
_PIECE = re.compile(
    r"(?P<number>(?<![a-z\d.,])\d{1,3}(?:[.,]\d{3})+(?![a-z\d]|[.,]\d))"  # "1.100" and "1100" are one number
    rf"|{_APART}(?P<beginning>{'|'.join(_SHORT_BEGINNINGS)})(?=\.?\s+[a-z0-9]|\.[a-z0-9]{{2}})"
    rf"|{_APART}(?P<short>{'|'.join(_SHORT_WORDS)})(?![a-z0-9/&-])"
    r"|(?P<hkh>hkh)(?![a-z0-9])"  # also in a number: "12/KH-HKH"
    r"|(?P<word>[a-z0-9]+)"
)
_PADDED = re.compile("0([0-9])")  # "06/2023" and "6/2023" are one month
_LONGEST_SYLLABLE = 40  # a longer one is no word, and PostgreSQL refuses words of 2 KB
_LONGEST_DOCUMENT = 20_000  # syllables; PostgreSQL refuses vectors of 1 MB
_LONGEST_QUERY = 16  # syllables
# PostgreSQL's parser takes "hoc_bong" apart again, so that it would search for a phrase, which is slow. No Vietnamese
# word has a z, and "hoczbong" stays one word for the parser.
_JOINER = "z"


class Piece(NamedTuple):
    """What of a folded text is one word for the search: where it stands, and as which syllables it is found."""

    start: int
    end: int
    syllables: list[str]


def search_pieces(folded: str) -> list[Piece]:
    """Return the words of a folded text in order; signs and spaces between them are none."""
    return [Piece(*found.span(), _read_piece(found)) for found in _PIECE.finditer(folded)]


def _read_piece(found: re.Match[str]) -> list[str]:
    text = found[0]
    if found["number"]:
        return [re.sub("[.,]", "", text)[:_LONGEST_SYLLABLE]]
    if found["beginning"]:
        return _SHORT_BEGINNINGS[text].split()
    if found["short"] or found["hkh"]:
        return _SHORT_WORDS[text].split()
    return [text[1:] if _PADDED.fullmatch(text) else text[:_LONGEST_SYLLABLE]]


def search_syllables(text: str) -> list[str]:
    """Return the syllables of a text as the search knows them: folded, numbers and abbreviations written in one way."""
    folded = fold(unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))
    return [syllable for piece in search_pieces(folded) for syllable in piece.syllables]


def _joined(syllables: list[str], joiner: str) -> list[str]:
    return [f"{first}{joiner}{second}" for first, second in pairwise(syllables)]


def syllable_pairs(text: str) -> list[str]:
    """Return the neighbouring syllables of `text`, folded, in order: "Học bổng Lê" gives hoc_bong, bong_le."""
    return _joined(search_syllables(text), "_")


def search_document(*texts: str) -> str:
    """Return what `to_tsvector('simple', ...)` shall index: folded syllables, then pairs of neighbours.

    A pair never spans two of the texts. Pairs are written as one word ("hoczbong"), as `search_terms` asks for them.
    Beyond 20,000 syllables a text is not indexed.
    """
    words: list[str] = []
    for text in texts:
        syllables = search_syllables(text)[:_LONGEST_DOCUMENT]
        words += syllables + _joined(syllables, _JOINER)
    return " ".join(words)


class SearchTerms(NamedTuple):
    """What is asked of a `search_document`: each field a query for `to_tsquery('simple', ...)` or several."""

    words: str  # every syllable, wherever it stands; "" if nothing can be sought
    neighbours: str  # every pair of neighbours; "" where there is one syllable alone
    pairs: list[str]  # the pairs one by one: the more of them, the better


def search_terms(text: str) -> SearchTerms:
    """Return what to ask for: the pairs of neighbours BESIDE the syllables, so that words that stand apart are found.

    A single syllable is what words begin with. Beyond 16 syllables the rest is not sought.
    """
    syllables = list(dict.fromkeys(search_syllables(text)))[:_LONGEST_QUERY]
    if len(syllables) == 1:
        return SearchTerms(f"{syllables[0]}:*", "", [])
    pairs = list(dict.fromkeys(_joined(search_syllables(text), _JOINER)))[:_LONGEST_QUERY]
    return SearchTerms(" & ".join(syllables), " & ".join(pairs), pairs)


# TCVN3 writes capitals of Latin-1 and signs inside words ("NguyÔn V¨n", "thµnh phè").
_TCVN3 = re.compile("[a-z][ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖØÜÝÞß]|[A-Za-z][¨©ª«¬®µ¶¸¹»¼½¾][A-Za-zß-ÿ]|(?<!\\w)[®§][a-zß-ÿ]")
# VNI writes the mark behind the vowel ("Nguyeãn Vaên Haûi"), in pairs that no Vietnamese word has.
_VNI = re.compile("a[áàãâåäùøûõïêéèëü]|e[áàãâåäùøûõï]|o[âåäùøûõï]|[uôöy][ùøûõï]", re.IGNORECASE)
_FOREIGN = re.compile("[äåæëïöøûü]", re.IGNORECASE)  # letters of no Vietnamese word that both fonts use


def looks_like_legacy_font(text: str) -> bool:
    """Tell whether `text` was typed for a TCVN3 (.VnTime) or VNI font, where other letters stand for Vietnamese ones.

    A suspicion only: one certain sign, or several words that no Vietnamese text has. A foreign name does not raise it.
    """
    plain = normalize(text)
    words = plain.split()
    in_vni = sum(1 for word in words if _VNI.search(word))
    foreign = sum(1 for word in words if _FOREIGN.search(word))
    return _TCVN3.search(plain) is not None or in_vni > 1 or foreign > 2
