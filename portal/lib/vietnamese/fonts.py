"""Text typed for the old Vietnamese fonts.

TCVN3 (.VnTime) and VNI. Read as Unicode it is garbled; this puts it right.
"""

from __future__ import annotations

import re

_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\xadõøö÷ùúýûüþ¡¢§£¤¥¦",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂĐÊÔƠƯ",
        strict=True,
    )
)
_TCVN3_TABLE = str.maketrans(_TCVN3)
_VNI_PAIRS = {
    "aù": "á", "aø": "à", "aû": "ả", "aõ": "ã", "aï": "ạ", "aê": "ă", "aé": "ắ", "aè": "ằ", "aú": "ẳ", "aü": "ẵ",
    "aë": "ặ", "aâ": "â", "aá": "ấ", "aà": "ầ", "aå": "ẩ", "aã": "ẫ", "aä": "ậ", "eù": "é", "eø": "è", "eû": "ẻ",
    "eõ": "ẽ", "eï": "ẹ", "eâ": "ê", "eá": "ế", "eà": "ề", "eå": "ể", "eã": "ễ", "eä": "ệ", "où": "ó", "oø": "ò",
    "oû": "ỏ", "oõ": "õ", "oï": "ọ", "oâ": "ô", "oá": "ố", "oà": "ồ", "oå": "ổ", "oã": "ỗ", "oä": "ộ", "ôù": "ớ",
    "ôø": "ờ", "ôû": "ở", "ôõ": "ỡ", "ôï": "ợ", "uù": "ú", "uø": "ù", "uû": "ủ", "uõ": "ũ", "uï": "ụ", "öù": "ứ",
    "öø": "ừ", "öû": "ử", "öõ": "ữ", "öï": "ự", "yù": "ý", "yø": "ỳ", "yû": "ỷ", "yõ": "ỹ",
}  # fmt: skip
_VNI_SINGLES = {"æ": "ỉ", "ó": "ĩ", "ò": "ị", "ô": "ơ", "ö": "ư", "î": "ỵ", "ñ": "đ"}


def _vni_map() -> dict[str, str]:
    table: dict[str, str] = {}
    for typed, meant in {**_VNI_PAIRS, **_VNI_SINGLES}.items():
        table[typed] = meant
        table[typed.upper()] = meant.upper()
        table[typed[0].upper() + typed[1:]] = meant.upper()
    return table


_VNI = _vni_map()
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_VNI_SIGN = re.compile(
    "[aAeEoOuUyYôÔöÖ][ùøûõïåäëüÙØÛÕÏÅÄËÜ]|[aA][âêáàãéèúÂÊÁÀÃÉÈÚ]|[eE][âáàãÂÁÀÃ]|[oO][âáàãÂÁÀÃ]|[ñÑ]|[öÖ]"
)
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|"
    r"[bcdđghklmnpqrstvx])?[aăâeêioôơuưyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]{1,3}(?:ng|"
    r"nh|ch|[cmnpt])?",
    re.IGNORECASE,
)  # fmt: skip


def from_tcvn3(text: str) -> str:
    """Convert text typed for a TCVN3 font."""
    return text.translate(_TCVN3_TABLE)


def from_vni(text: str) -> str:
    """Convert text typed for a VNI font."""
    return _VNI_PATTERN.sub(lambda match: _VNI[match[0]], text)


def vietnamese_share(text: str) -> float:
    """Return the share of words that can be Vietnamese syllables."""
    words = _WORD.findall(text)
    return sum(1 for word in words if _SYLLABLE.fullmatch(word)) / len(words) if words else 0.0


def to_unicode(text: str) -> str:
    """`text` as it was meant, by whichever of the two fonts makes more Vietnamese syllables of it."""
    readings = [from_vni(text)] if _VNI_SIGN.search(text) else []
    readings.append(from_tcvn3(text))
    return max(readings, key=vietnamese_share)
