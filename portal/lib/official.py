"""The parts of an official document (Nghị định 30/2020/NĐ-CP, annex I), the same for PDF and DOCX.

An association follows the decree by analogy, so what stands in the head and under the text is data, not code. Only the
formulas that the decree itself prescribes stand here, in Vietnamese.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from portal.lib.qr import format_code, qr_data_uri
from portal.lib.vietnamese import document_date

_GROUND = re.compile(r"\b(?:thành phố|quận|huyện|thị xã|phường|xã|thị trấn|đặc khu)\s.*$", re.IGNORECASE)
_ROMAN = ("I", "II", "III", "IV", "V")
_LONGEST_UNBROKEN = 26  # letters of the left column
_BLANK = "\u2007" * 4  # room to write a number or day by hand; figure spaces do not collapse


@dataclass(frozen=True)
class Head:
    """What stands above an official text.

    `superior` (may be "") and `issuer` on the left; `symbol` without the number, "BC-HKH"; `number` and `date` None
    leave room to write them; `place` "Hải Phòng"; `kind` "Báo cáo" ("" for a letter), `subject` what it is about;
    `summary` a line under it, such as the half-year; `association` the issuer as sentences write it, where `issuer` is
    in capitals.
    """

    NATION: ClassVar[str] = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    MOTTO: ClassVar[str] = "Độc lập - Tự do - Hạnh phúc"

    issuer: str
    subject: str
    kind: str = ""
    superior: str = ""
    symbol: str = ""
    number: int | str | None = None
    place: str = ""
    date: dt.date | None = None
    summary: str = ""
    legal_bases: tuple[str, ...] = ()
    association: str = ""

    @property
    def issuer_line(self) -> str:
        """Return the issuing body so that the name of its ground is not broken: "… | THÀNH PHỐ HẢI PHÒNG"."""
        return _hold_ground(self.issuer)

    @property
    def superior_line(self) -> str:
        """Return the body above in the same way."""
        return _hold_ground(self.superior)

    @property
    def number_line(self) -> str:
        """Return "Số: 12/BC-HKH", with room where the number is not given yet; figures below 10 get a zero."""
        number = f"{self.number:02d}" if isinstance(self.number, int) else self.number or _BLANK
        return f"Số: {number}/{self.symbol}" if self.symbol else f"Số: {number}"

    @property
    def place_and_date(self) -> str:
        """Return "Hải Phòng, ngày 05 tháng 6 năm 2026"."""
        return f"{self.place}, {self.day_line}" if self.place else self.day_line

    @property
    def day_line(self) -> str:
        """Return "ngày 05 tháng 6 năm 2026", with room to write where there is no date yet."""
        return document_date(self.date) if self.date else f"ngày {_BLANK} tháng {_BLANK} năm {_BLANK}"

    @property
    def enclosed_line(self) -> str:
        """Return what stands under an annex's name: "(Kèm theo Báo cáo số 12/BC-HKH ngày ... của ...)"."""
        number = self.number_line.removeprefix("Số: ")
        return f"(Kèm theo {self.kind} số {number} {self.day_line} của {self.association or self.issuer})"

    @property
    def legal_lines(self) -> list[str]:
        """Return the legal bases, each ending with a semicolon, the last with a full stop."""
        bare = [line.strip().rstrip(";.") for line in self.legal_bases]
        return [f"{line}{'.' if place == len(bare) - 1 else ';'}" for place, line in enumerate(bare)]


def _hold_ground(body: str) -> str:
    ground = _GROUND.search(body)
    if ground is None or len(ground[0]) > _LONGEST_UNBROKEN:
        return body
    return body[: ground.start()] + ground[0].replace(" ", "\u00a0")


def name_annexes(titles: Sequence[str]) -> list[str]:
    """Return what each annex is called: "Phụ lục", and where there are several "Phụ lục I", "Phụ lục II"."""
    return ["Phụ lục"] if len(titles) == 1 else [f"Phụ lục {_ROMAN[place]}" for place in range(len(titles))]


def end_text(paragraphs: list[str]) -> list[str]:
    """Return the paragraphs so that the last one ends as an official text does: "... ./."."""
    if not paragraphs:
        return paragraphs
    return [*paragraphs[:-1], f"{paragraphs[-1].rstrip().rstrip('./;')}./."]


@dataclass(frozen=True)
class Signature:
    """Who signs: `authority` the lines above the name, "TM. BAN THƯỜNG VỤ", "CHỦ TỊCH"; the name without titles."""

    authority: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True)
class Verification:
    """How a reader checks the paper: the code as stored, the permanent address that its QR code holds, the hash."""

    code: str
    url: str
    sha256: str = ""

    @property
    def printed_code(self) -> str:
        """Return the code to type, "B7KM-2QTV-9HLC"."""
        return format_code(self.code)

    @property
    def place(self) -> str:
        """Return where the code is typed in, without scheme: "khuyenhoc.vn/xac-minh/"."""
        return self.url.partition("://")[2].removesuffix(f"{self.code}/")

    @property
    def qr(self) -> str:
        """Return the QR code as a data URI; paper is folded and stamped, so a quarter of it may be lost."""
        return qr_data_uri(self.url, correction="Q")


@dataclass(frozen=True)
class Closing:
    """What stands under an official text: recipients on the left, the signature on the right."""

    TITLE: ClassVar[str] = "Nơi nhận:"

    signature: Signature | None = None
    recipients: tuple[str, ...] = ()

    @property
    def recipient_lines(self) -> list[str]:
        """Return the recipients, each "- Như trên;" and the last with a full stop."""
        bare = [line.strip().lstrip("-").strip().rstrip(";.") for line in self.recipients]
        return [f"- {line}{'.' if place == len(bare) - 1 else ';'}" for place, line in enumerate(bare)]
