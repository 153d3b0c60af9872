"""What the lines above a list say about every row of it: kind, date, amount, unit of money, half-year, who sends it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from intakes.reading.words.words import circumstance_of, kinds_in, plain, recipient_kind_of
from portal.lib.vietnamese import AmountError, DateError, fold, normalize, parse_amount, parse_date
from portal.vocabulary import Circumstance, ProgrammeKind

KIND_WORDS = {kind.value: kind.written for kind in ProgrammeKind}
_NUMERIC_DATE = r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?\d{4}"
_DATE = re.compile(
    rf"(?:ng(?:à|a)y\s*:?\s*)?({_NUMERIC_DATE}|\d{{1,2}}\s+th(?:á|a)ng\s+\d{{1,2}},?\s+n(?:ă|a)m\s+\d{{4}})"
)
# Dates of documents and of signing, and the ends of a span, are not the day on which something was handed out.
_OTHER_DATE = re.compile(
    r"quyết định|quyet dinh|số\s*[\d.…]*\s*/|/qđ|qđ-|tờ trình|công văn|kế hoạch|hướng dẫn|nghị quyết|thông báo|"
    r"tính đến|từ ngày|đến ngày|tu ngay|den ngay|hết ngày|báo cáo ngày|lập ngày"
)
_PLACE_DATE = re.compile(
    r"^(?!.*(?:danh sách|danh sach|trao|học bổng|hỗ trợ|thưởng|đợt|lễ|học sinh))[^\d:]{2,40},\s*ng(?:à|a)y\s"
)
_MONEY = r"(\d[\d., ]*\d|\d)\s*(triệu|nghìn|ngàn|trieu|nghin|ngan|tr|k)?\s*(?:đồng|dong|đ|vnđ|vnd|₫)?"
_PER_PERSON = re.compile(
    rf"(?:mỗi|moi|một|1)\s*(?:suất|xuất|em|cháu|học sinh|hs|phần|phần quà|người|suat|hoc sinh|phan|nguoi|sinh viên|"
    rf"giáo viên|gói|món quà|giải)[^\d]{{0,60}}?{_MONEY}"
    rf"|(?:trị giá|tri gia|mức|muc|giá trị|số tiền|định mức|đồng mức|mức chung)[^\d;]{{0,40}}?{_MONEY}\s*/?\s*(?:/|"
    rf"một|1|mỗi)?\s*(?P<per>suất|xuất|em|cháu|học sinh|hs|phần|người|suat|hoc sinh|sv|sinh viên|giáo viên|gv)?"
    rf"|(?:suất|xuất|em|phần|suat)\s*[x×*]\s*{_MONEY}"
    rf"|{_MONEY}\s*/\s*(?:1\s*)?(?:suất|xuất|em|cháu|học sinh|hs|phần|người|suat|hoc sinh|sv|sinh viên|giáo viên|gv)"
)
_TOTAL_MONEY = re.compile(
    rf"(?:tổng (?:số tiền|kinh phí|trị giá|giá trị|cộng|tiền|số)|tong (?:so tien|cong|kinh phi))[^\d]{{0,40}}{_MONEY}"
)
_COUNT = re.compile(
    r"(\d[\d.]*)\s*(?:lượt|suất|xuất|em|học sinh|hs|cháu|người|luot|suat|hoc sinh|sinh viên|sv|hội viên|giáo viên|"
    r"phần)\b"
)
_HALF = re.compile(r"(?:6|sáu|sau)\s*(?:th(?:á|a)ng|t)\s*(đầu|dau|cuối|cuoi)\s*(?:của\s*)?(?:n(?:ă|a)m\s*)?(\d{4})?")
_YEAR = re.compile(r"n(?:ă|a)m\s*(20\d{2})(?!\s*[-–/]\s*\d)")
_UNIT_NAME = re.compile(
    r"^(?:ban chấp hành\s+)?(?:hội khuyến học|hkh|hoi khuyen hoc)\s+(?!tỉnh|việt nam|viet nam)(.+)$"
)
_SCALE_LINE = re.compile(
    r"(?:đơn vị(?: tính| tiền)?|đvt|đv tính|đ\.v\.t|don vi(?: tinh)?|dvt|tính bằng|"
    r"đơn vị tính là)\s*(?:số tiền)?\s*[:=]?\s*(.+)"
)


def scale_of(text: str, *, bare: bool = False) -> int | None:
    """1000 for "nghìn đồng", "1.000đ"; 1.000.000 for "triệu đồng"; 1 for "đồng"; None if no unit of money is named.

    `bare` asks for units alone, as they stand in brackets of a heading; a figure in front makes it an amount.
    """
    low = fold(plain(text))
    if re.search(
        r"(?<![\d.,])(?:1[.,\s]?000[.,\s]?000)\s*(?:dong|d|vnd)?\b|(?<!\d)(?<!\d )(?:trieu|tr)\.?\s?(?:dong|d|vnd)?\b",
        low,
    ):
        return 1_000_000
    if re.search(
        r"(?<![\d.,])(?:1[.,\s]?000)\s*(?:dong|d|vnd|₫)?\b|(?<!\d)(?<!\d )\b(?:nghin|ngan|ng)\.?\s?(?:dong|d|vnd)?\b",
        low,
    ):
        return 1_000
    if re.search(r"\b(?:dong|vnd|vnđ)\b|₫" + (r"|\bd\b" if bare else ""), low):
        return 1
    return None


def header_scale(header: str) -> int | None:
    """Return the unit of money in a heading: "Số tiền (nghìn đồng)" -> 1000."""
    low = plain(header)
    inner = re.findall(r"\(([^)]*)\)?", low)
    for part in inner:
        unit = scale_of(_SCALE_LINE.sub(r"\1", part), bare=True)
        if unit:
            return unit
    rest = re.sub(r"\([^)]*\)?", " ", low)
    match = _SCALE_LINE.search(rest)
    if match:
        return scale_of(match[1], bare=True)
    return scale_of(rest) if re.search(r"đồng|dong|vnđ|vnd|triệu|nghìn|ngàn|1[.,]000|tr\.?đ|\bđ\b", rest) else None


@dataclass(slots=True)
class Facts:
    """What holds for all rows below until something else is said.

    `half` is "2023-H1", `scale` what amounts are counted in.
    """

    kind: str | None = None
    kinds: frozenset[str] = frozenset()  # several: nothing can be concluded
    kind_text: str = ""
    given_on: date | None = None
    amount: int | None = None
    half: str | None = None
    year: int | None = None
    unit_name: str = ""
    scale: int | None = None
    total_amount: int | None = None
    count: int | None = None
    recipient_kind: str | None = None
    circumstance: str = ""
    lines: list[str] = field(default_factory=list)
    of_sheet: bool = False  # the kind is in the name of the sheet

    def below(self, other: Facts) -> Facts:
        """Return these facts, with those of `other` (lines further down) above them."""
        merged = replace(self, lines=self.lines + other.lines, total_amount=other.total_amount, count=other.count)
        if other.kinds and not (self.of_sheet and self.kind in other.kinds and not other.kind):
            merged.of_sheet = False
            merged.kind, merged.kinds, merged.kind_text = other.kind, other.kinds, other.kind_text
        for name in ("given_on", "amount", "half", "year", "unit_name", "scale", "recipient_kind", "circumstance"):
            value = getattr(other, name)
            if value:
                setattr(merged, name, value)
        return merged


def read_titles(lines: Iterable[str]) -> Facts:
    """Read the lines above a list, from top to bottom."""
    facts = Facts()
    dates: list[date] = []
    for line in lines:
        tidy = normalize(line)
        if not tidy:
            continue
        facts.lines.append(tidy)
        low = tidy.lower()
        _read_heading(facts, tidy, low)
        _read_money(facts, low)
        day = date_in(low)
        if day:
            dates.append(day)
    if len(set(dates)) == 1:
        facts.given_on = dates[0]
    return facts


def _read_heading(facts: Facts, tidy: str, low: str) -> None:
    unit = _UNIT_NAME.match(low)
    if unit and len(tidy) < 90:
        facts.unit_name = tidy[unit.start(1) :]
        return
    kinds = kinds_in(low)
    if kinds:
        if not facts.kinds or len(kinds) == 1 or facts.kinds == kinds:
            facts.kinds = kinds
        facts.kind = next(iter(facts.kinds)) if len(facts.kinds) == 1 else None
        facts.kind_text = KIND_WORDS.get(facts.kind or "", "")
    half = _HALF.search(low)
    if half:
        year = half[2] or (match[1] if (match := _YEAR.search(low)) else "")
        if year:
            facts.half = f"{year}-H{1 if half[1][0] in 'đd' else 2}"
    year_match = _YEAR.search(low)
    if year_match and (facts.year is None or half):
        facts.year = int(year_match[1])
    if "danh sách" in low or "danh sach" in low:
        facts.recipient_kind = recipient_kind_of(low) or facts.recipient_kind
        circumstance = circumstance_of(low)
        if circumstance not in (None, Circumstance.OTHER, Circumstance.MERIT):
            facts.circumstance = tidy


def _read_money(facts: Facts, low: str) -> None:
    unit = _SCALE_LINE.search(low.strip("() "))
    if unit and len(low) < 60:
        scale = scale_of(unit[1], bare=True)
        if scale:
            facts.scale = scale
            return
    count = _COUNT.search(low)
    if count and re.search(r"tổng|gồm|có\b|số lượng|tong|danh sách(?: này)?:? \d", low):
        facts.count = int(count[1].replace(".", ""))
    total = _TOTAL_MONEY.search(low)
    if total:
        facts.total_amount = _money(*total.groups()[:2])
        low = low[: total.start()] + " " + low[total.end() :]
    amount = amount_in(low)
    if amount:
        facts.amount = amount


def amount_in(low: str) -> int | None:
    """Return the amount for each: "Mỗi suất 1.000.000 đồng", "trị giá 500.000đ/suất"; `low` in lower case."""
    match = _PER_PERSON.search(low)
    if not match:
        return None
    groups = match.groups()
    for figure, unit in (
        (groups[0], groups[1]),
        (groups[2], groups[3]),
        (groups[5], groups[6]),
        (groups[7], groups[8]),
    ):
        if figure:
            amount = _money(figure, unit)
            if amount is not None and amount >= 1000:
                return amount
    return None


_IN_BRACKETS = re.compile(
    r"[(:]\s*(\d[\d.,]*\d|\d+)\s*(triệu|nghìn|ngàn|tr|k)?\s*(?:đồng|đ|vnđ|vnd)?(?:\s*/\s*\w+)?\s*\)?$"
)


def amount_in_heading(text: str) -> int | None:
    """Return the amount that the heading of a column of ticks holds: "Học bổng (500.000đ)"; not a unit, "(1.000đ)"."""
    match = _IN_BRACKETS.search(plain(text))
    amount = _money(match[1], match[2]) if match else None
    return amount if amount is not None and amount > 1000 and header_scale(text) in (None, 1) else None


def _money(figure: str | None, unit: str | None) -> int | None:
    if not figure:
        return None
    try:
        return parse_amount(f"{figure} {unit or ''}".strip())
    except AmountError:
        return None


def date_in(low: str) -> date | None:
    """Return the day a title speaks of, or None.

    Also when there are two, or it is the date of a decision or a signature.
    """
    if _OTHER_DATE.search(low) or _PLACE_DATE.match(low):
        return None
    found = {parsed for match in _DATE.finditer(low) if (parsed := _parse(match[1]))}
    return next(iter(found)) if len(found) == 1 else None


def _parse(text: str) -> date | None:
    try:
        return parse_date(re.sub(r"\s*([/.\-])\s*", r"\1", text))
    except DateError:
        return None


def count_in(text: str) -> int | None:
    """Return a number of people in the label of a total: "Tổng cộng: 1.269 lượt" -> 1269."""
    match = _COUNT.search(plain(text))
    return int(match[1].replace(".", "")) if match else None
