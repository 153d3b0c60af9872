"""Telephone numbers of Viet Nam."""

import re

from portal.lib.vietnamese.text import ReadingError, comparable


class PhoneError(ReadingError):
    """This is no telephone number of Viet Nam; `code` is "empty" or "not_a_phone"."""


# Mobile numbers of eleven digits lost one on 15 September 2018.
_SINCE_2018 = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036",
    "0167": "037", "0168": "038", "0169": "039",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
_NATIONAL = re.compile(r"0[35789][0-9]{8}|02[0-9]{8,9}")


def parse_phone(value: object) -> str:
    """Return a number in E.164, "+84939658700"; PhoneError if it is none of Viet Nam.

    Reads +84, 84 and 0084 in front, spaces, dots, hyphens and brackets, a number cell without its leading zero, and the
    mobile numbers of before 2018; dashes of any length, figures of any width.
    """
    if value is None or isinstance(value, bool):
        raise PhoneError("empty" if value is None else "not_a_phone", value)
    text = f"{value:.0f}" if isinstance(value, float) else comparable(str(value))
    if not text:
        raise PhoneError("empty", value)
    digits = re.sub(r"[ .\-()]", "", text)
    national = re.sub(r"^(?:\+84|0084|84(?=[0-9]{9}))0?", "0", digits)
    if not national.startswith("0"):
        national = f"0{national}"
    if len(national) == 11 and national[:4] in _SINCE_2018:
        national = _SINCE_2018[national[:4]] + national[4:]
    if not _NATIONAL.fullmatch(national):
        raise PhoneError("not_a_phone", value)
    return f"+84{national[1:]}"


def format_phone(phone: str) -> str:
    """Return an E.164 number of Viet Nam as people write it, "0939 658 700" or "0225 384 2615"; others unchanged."""
    if not phone.startswith("+84"):
        return phone
    national = f"0{phone[3:]}"
    area = 3 if national[:3] in ("024", "028") else 4
    rest = national[area:]
    return f"{national[:area]} {rest[:-4]} {rest[-4:]}" if len(rest) > 6 else f"{national[:area]} {rest[:3]} {rest[3:]}"
