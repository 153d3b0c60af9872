"""People's names: family name first, given name last."""

import re
import unicodedata
from functools import lru_cache

from portal.lib.vietnamese.text import comparable, is_everyday, normalize

_ETH = str.maketrans("ÐðƉɖ", "ĐđĐđ")  # look-alikes of đ from old converters


def _tidy(name: str) -> str:
    return normalize(name).translate(_ETH)


def _folded(name: str) -> str:
    if is_everyday(name):
        return name.casefold()
    return unicodedata.normalize("NFC", comparable(name).translate(_ETH).casefold())


_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ`´′", "'"))
_TITLE = re.compile(
    r"(?:(?:em|cháu|ông|bà|cụ|anh|chị|bác|cô giáo|thầy giáo|cô|thầy|đ/c|đồng chí|ngưt|ngnd|gs|pgs|ts|ths|bs|ks)"
    r"(?:\s*[.:]\s*|\s+))+(?=\S+ \S)"
)
_TONE = "([\u0300\u0301\u0303\u0309\u0323]?)"
_OPEN = re.compile(f"(o|u){_TONE}(a|e|y){_TONE}(?![\u0302\u0306])")
_MAY_SHIFT = re.compile("[oòóõỏọuùúũủụ][aàáãảạeèéẽẻẹyỳýỹỷỵ]")  # as _OPEN, of everyday texts
_PAIRS = frozenset({"oa", "oe", "uy"})


def _tone_first(match: re.Match[str]) -> str:
    first, tone, second, later = match.groups()
    return match[0] if first + second not in _PAIRS or (tone and later) else first + tone + later + second


def name_key(name: str) -> str:
    """Return what two ways of typing the same name share. Accents stay: Hà is not Hạ.

    Case, spaces, the sign of an apostrophe, the place of the tone in oa, oe and uy (Hòa, Hoà), and titles before a
    name of two syllables or more (em, ông, NGƯT, GS.TS) do not count.
    """
    key = _folded(name)
    everyday = is_everyday(key)
    key = key if everyday else key.translate(_APOSTROPHES)
    key = _TITLE.sub("", key, count=1) if _TITLE.match(key) else key
    if everyday and not _MAY_SHIFT.search(key):
        return key
    return unicodedata.normalize("NFC", _OPEN.sub(_tone_first, unicodedata.normalize("NFD", key)))


_QUOTED = re.compile("[\"“”„«‘'](.*[^\\W\\d_])[\"”“»’']")


def without_quotes(name: str) -> str:
    """Return a name that stands whole between quotation marks without them."""
    quoted = _QUOTED.fullmatch(name)
    return quoted[1].strip() if quoted else name


def proper_name(name: str) -> str:
    """Return a tidy name; all in capitals or all small, it gets a capital for each syllable, else it keeps its own."""
    tidy = without_quotes(_tidy(name))
    return tidy.title() if tidy.isupper() or tidy.islower() else tidy


def initials(name: str) -> str:
    """Return how a minor is named in public: "Nguyễn Thị An" gives "N.T.A"."""
    letters = (re.search(r"[^\W\d_]", syllable) for syllable in _tidy(name).upper().split())
    return ".".join(letter[0] for letter in letters if letter)


_QUALITIES = {"\u0306": "{", "\u0302": "|", "\u031b": "}"}  # ă, â ê ô, ơ ư: behind all words with the bare letter
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}  # huyền, hỏi, ngã, sắc, nặng


@lru_cache(maxsize=10_000)  # all names are made of a few thousand syllables
def _syllable_key(syllable: str) -> str:
    """Return letters, a dot, tones: "nguyễn" gives "nguye|n.3". The dot is below all letters: shorter comes first."""
    letters = tones = ""
    for character in unicodedata.normalize("NFD", syllable):
        if character == "đ":
            letters += "d{"
        elif character in _TONES:
            tones += _TONES[character]
        elif character in _QUALITIES:
            letters += _QUALITIES[character]
        elif character.isascii():
            letters += character
        elif character.isalnum():
            letters += f"~{ord(character):06x}"
    return f"{letters}.{tones or '0'}"


@lru_cache(maxsize=20_000)  # the syllables of names recur in every list
def alphabet_key(text: str) -> str:
    """Return an ASCII string that sorts bytewise as `text` does in a Vietnamese dictionary.

    Syllable by syllable, letters (a ă â b c d đ e ê ...) before tones (ngang, huyền, hỏi, ngã, sắc, nặng); case and
    signs do not count.
    """
    spaced = "".join(letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in _folded(text))
    return "-".join(_syllable_key(syllable) for syllable in spaced.split())


def sort_key(name: str) -> str:
    """Return an ASCII string that sorts bytewise as lists of people do: given name, then middle, then family name."""
    words = [key for key in map(alphabet_key, name.split()) if key]
    # The space between the parts is below the hyphen between syllables: no middle name comes before any.
    return " ".join([*words[-1:], "-".join(words[1:-1]), *words[:-1][:1]]).rstrip()
