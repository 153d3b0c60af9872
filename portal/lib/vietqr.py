"""VietQR (NAPAS 247): the text in the QR code that a banking app reads to fill in a transfer.

EMVCo merchant-presented TLV: two digits of tag, two of length, the value; a CRC-16 at the end. Codes in circulation
carry a right CRC over broken inner lengths, so both are checked. The account's holder is not in the code (the bank
looks it up): print name, bank and number beside it, and scan each account's code once before it is published.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from portal.lib.vietnamese import fold

TO_ACCOUNT = "QRIBFTTA"
TO_CARD = "QRIBFTTC"

_GUID = "A000000727"
_VND = "704"
AMOUNT_LIMIT = 10**13  # đồng; from here on no bank's app takes it
_MEMO_LIMIT = 19  # one issuer's app cuts a longer one; the specification allows 25
_MEMO_LIMIT_OF_SPECIFICATION = 25


class Bank(NamedTuple):
    """How a bank is called: `code` in short lists, `name` in text."""

    code: str
    name: str


# A snapshot of NAPAS members by BIN (November 2026). Tables in circulation contradict each other; a code that is not
# here is not wrong, only nameless.
BANKS: dict[str, Bank] = {
    "970400": Bank("SGICB", "SaigonBank"),
    "970403": Bank("STB", "Sacombank"),
    "970405": Bank("VBA", "Agribank"),
    "970407": Bank("TCB", "Techcombank"),
    "970409": Bank("BAB", "BacABank"),
    "970412": Bank("PVCB", "PVcomBank"),
    "970414": Bank("MBV", "MBV"),
    "970415": Bank("ICB", "VietinBank"),
    "970416": Bank("ACB", "ACB"),
    "970418": Bank("BIDV", "BIDV"),
    "970419": Bank("NCB", "NCB"),
    "970422": Bank("MB", "MBBank"),
    "970423": Bank("TPB", "TPBank"),
    "970424": Bank("SHBVN", "ShinhanBank"),
    "970425": Bank("ABB", "ABBANK"),
    "970426": Bank("MSB", "MSB"),
    "970428": Bank("NAB", "NamABank"),
    "970429": Bank("SCB", "SCB"),
    "970430": Bank("PGB", "PGBank"),
    "970431": Bank("EIB", "Eximbank"),
    "970432": Bank("VPB", "VPBank"),
    "970436": Bank("VCB", "Vietcombank"),
    "970437": Bank("HDB", "HDBank"),
    "970438": Bank("BVB", "BaoVietBank"),
    "970440": Bank("SEAB", "SeABank"),
    "970441": Bank("VIB", "VIB"),
    "970443": Bank("SHB", "SHB"),
    "970446": Bank("COOPBANK", "COOPBANK"),
    "970448": Bank("OCB", "OCB"),
    "970449": Bank("LPB", "LPBank"),
    "970452": Bank("KLB", "KienLongBank"),
    "970454": Bank("VCCB", "BVBank"),
}


class VietQRError(ValueError):
    """The payload or one of its parts is refused; `code` names the part, `reason` says what is wrong with it.

    Codes: "characters", "structure", "crc", "missing", "unexpected", "bank", "account", "service", "amount", "memo".
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class VietQR:
    """What a payload says. `amount` in whole đồng or None; `memo` and `bill` "" where there is none.

    `dynamic` is the payload's own word for "made for one payment" (12 instead of 11).
    """

    bank_bin: str
    account: str
    service: str = TO_ACCOUNT
    amount: int | None = None
    memo: str = ""
    bill: str = ""
    dynamic: bool = False

    @property
    def bank(self) -> Bank | None:
        """The bank, if this snapshot knows it."""
        return BANKS.get(self.bank_bin)

    def payload(self) -> str:
        """Return the text for the QR code, part by part as it stands here, its CRC last.

        VietQRError where a part is one that no bank takes.
        """
        _check(self)
        beneficiary = _tlv("00", self.bank_bin) + _tlv("01", self.account)
        additional = (_tlv("01", self.bill) if self.bill else "") + (_tlv("08", self.memo) if self.memo else "")
        text = (
            _tlv("00", "01")
            + _tlv("01", "12" if self.dynamic else "11")
            + _tlv("38", _tlv("00", _GUID) + _tlv("01", beneficiary) + _tlv("02", self.service))
            + _tlv("53", _VND)
            + (_tlv("54", str(self.amount)) if self.amount is not None else "")
            + _tlv("58", "VN")
            + (_tlv("62", additional) if additional else "")
            + "6304"
        )
        return text + crc(text)


def build(
    bank_bin: str,
    account: str,
    *,
    amount: int | None = None,
    memo: str = "",
    service: str = TO_ACCOUNT,
    memo_limit: int = _MEMO_LIMIT,
) -> str:
    """Return the payload of a transfer, checked part by part; VietQRError names the part that is wrong.

    The memo is cleaned (`clean_memo`). With an amount the code is made for one payment; without, it may be used again.
    """
    return VietQR(
        bank_bin=bank_bin,
        account="".join(account.split()).upper(),
        service=service,
        amount=amount,
        memo=clean_memo(memo, min(memo_limit, _MEMO_LIMIT_OF_SPECIFICATION)),
        dynamic=amount is not None,
    ).payload()


def clean_memo(text: str, limit: int = _MEMO_LIMIT) -> str:
    """Return a memo that every bank takes: unaccented capitals, figures, single blanks, cut after a whole word.

    What must not be lost (a reference) goes first.
    """
    words = re.sub("[^A-Z0-9]+", " ", fold(text).upper()).strip()
    if len(words) <= limit:
        return words
    return words[: limit + 1].rpartition(" ")[0] or words[:limit]


def parse(payload: str) -> VietQR:
    """Return what a payload says; VietQRError where CRC, lengths, parts or their contents are wrong."""
    if not payload.isascii() or not payload.isprintable():
        raise VietQRError("characters", "only printable ASCII may stand in a payload")
    parts = _parts(payload, "payload")
    if not re.fullmatch("6304[0-9A-F]{4}", payload[-8:]) or list(parts)[-1] != "63":
        raise VietQRError("crc", "the payload must end with tag 63 and four hexadecimal capitals")
    if parts["63"] != crc(payload[:-4]):
        raise VietQRError("crc", f"{parts['63']} stands there, {crc(payload[:-4])} is right")
    _expect(parts, "payload", required=("00", "01", "38", "53", "58"), optional=("52", "54", "59", "60", "62", "63"))
    if next(iter(parts)) != "00" or parts["00"] != "01":
        raise VietQRError("structure", "the payload must begin with 000201")
    if parts["01"] not in {"11", "12"}:
        raise VietQRError("structure", "tag 01 must be 11 or 12")
    if parts["53"] != _VND or parts["58"] != "VN":
        raise VietQRError("structure", "currency must be 704, country VN")
    account = _parts(parts["38"], "tag 38")
    _expect(account, "tag 38", required=("00", "01", "02"))
    if account["00"] != _GUID:
        raise VietQRError("structure", f"tag 38 must belong to NAPAS ({_GUID})")
    beneficiary = _parts(account["01"], "tag 38.01")
    _expect(beneficiary, "tag 38.01", required=("00", "01"))
    additional = _parts(parts["62"], "tag 62") if "62" in parts else {}
    if "54" in parts and not re.fullmatch("[1-9][0-9]{0,12}", parts["54"]):
        raise VietQRError("amount", "an amount is whole đồng, at most 13 digits")
    said = VietQR(
        bank_bin=beneficiary["00"],
        account=beneficiary["01"],
        service=account["02"],
        amount=int(parts["54"]) if "54" in parts else None,
        memo=additional.get("08", ""),
        bill=additional.get("01", ""),
        dynamic=parts["01"] == "12",
    )
    _check(said)
    return said


def crc(text: str) -> str:
    """Return CRC-16 (polynomial 1021, from FFFF, nothing reflected) as four hexadecimal capitals."""
    register = 0xFFFF
    for byte in text.encode("ascii"):
        register ^= byte << 8
        for _ in range(8):
            register = (register << 1 ^ 0x1021) & 0xFFFF if register & 0x8000 else register << 1
    return f"{register:04X}"


def _check(qr: VietQR) -> None:
    if not re.fullmatch("[0-9]{6}", qr.bank_bin):
        raise VietQRError("bank", "a bank is six digits")
    if qr.service not in {TO_ACCOUNT, TO_CARD}:
        raise VietQRError("service", f"only {TO_ACCOUNT} (account) and {TO_CARD} (card) are transfers")
    if not re.fullmatch("[0-9A-Za-z]{4,19}", qr.account):
        raise VietQRError("account", "an account is 4 to 19 figures or unaccented letters")
    if qr.service == TO_CARD and not qr.account.isdigit():
        raise VietQRError("account", "a card has figures only")
    # True and 1000.0 are numbers to Python, and would be written as such into the code.
    if qr.amount is not None and (type(qr.amount) is not int or not 0 < qr.amount < AMOUNT_LIMIT):
        raise VietQRError("amount", "an amount is whole đồng, at most 13 digits")
    if not re.fullmatch(f"[ -~]{{0,{_MEMO_LIMIT_OF_SPECIFICATION}}}", qr.memo):
        raise VietQRError("memo", f"a memo has at most {_MEMO_LIMIT_OF_SPECIFICATION} unaccented signs")
    if not re.fullmatch(f"[ -~]{{0,{_MEMO_LIMIT_OF_SPECIFICATION}}}", qr.bill):
        raise VietQRError("memo", f"a bill number has at most {_MEMO_LIMIT_OF_SPECIFICATION} signs")


def _tlv(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _parts(text: str, where: str) -> dict[str, str]:
    """Read one level of TLV to its very end."""
    parts: dict[str, str] = {}
    place = 0
    while place < len(text):
        head = text[place : place + 4]
        if not re.fullmatch("[0-9]{4}", head):
            raise VietQRError("structure", f"{where}: no tag and length at place {place} ({head!r})")
        tag, length = head[:2], int(head[2:])
        value = text[place + 4 : place + 4 + length]
        if len(value) < length or length == 0:
            raise VietQRError("structure", f"{where}: tag {tag} says {length} signs, {len(value)} are there")
        if tag in parts:
            raise VietQRError("structure", f"{where}: tag {tag} stands there twice")
        parts[tag] = value
        place += 4 + length
    return parts


def _expect(parts: dict[str, str], where: str, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    missing = [tag for tag in required if tag not in parts]
    if missing:
        raise VietQRError("missing", f"{where} has no tag {', '.join(missing)}")
    others = [tag for tag in parts if tag not in required + optional]
    if others:
        raise VietQRError("unexpected", f"{where} has a tag {', '.join(others)} that no transfer has")
