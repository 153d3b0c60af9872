"""Lists of recipients and new members for the demo, made up from syllables: nobody in them exists.

Pure and deterministic: the same unit, half and seed always give the same rows. The lists of the fifteen districts
for 2023-H1 add up to exactly 14.936 turns and 10.426.900.000 đồng, those of their new members to 1.100, so that the
demo's report says what the association's own article says.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Final, TypedDict

from portal.vocabulary import Circumstance, ProgrammeKind

SCHOLARSHIP: Final = ProgrammeKind.SCHOLARSHIP.written
SUPPORT: Final = ProgrammeKind.SUPPORT.written
AWARD: Final = ProgrammeKind.AWARD.written

#: The half whose totals are exact.
EXACT_HALF: Final = "2023-H1"

#: district -> (turns, đồng) of the first half of 2023.
DISTRICT_TOTALS: Final[dict[str, tuple[int, int]]] = {
    "HB": (1158, 823_600_000),
    "NQ": (1204, 868_200_000),
    "LC": (1342, 961_500_000),
    "KA": (917, 628_400_000),
    "HA": (986, 705_900_000),
    "DS": (398, 271_700_000),
    "DK": (476, 324_300_000),
    "AD": (1197, 847_100_000),
    "AL": (1043, 714_800_000),
    "BLV": (17, 15_400_000),
    "CH": (334, 248_600_000),
    "KT": (1089, 742_500_000),
    "TN": (2118, 1_496_300_000),
    "TL": (1196, 808_200_000),
    "VB": (1461, 970_400_000),
}

#: district -> new members of the first half of 2023.
DISTRICT_NEW_MEMBERS: Final[dict[str, int]] = {
    "HB": 88, "NQ": 84, "LC": 97, "KA": 69, "HA": 74, "DS": 33, "DK": 41, "AD": 86, "AL": 79, "BLV": 4, "CH": 29,
    "KT": 83, "TN": 149, "TL": 81, "VB": 103,
}  # fmt: skip

#: What the circumstance column says when a child has a hard life; everything else is no hardship.
HARDSHIP: Final = tuple(one.written for one in Circumstance if one.is_hardship and one != Circumstance.ILLNESS)
MERIT: Final = Circumstance.MERIT.written

#: unit -> the places its schools are named after: a district's of 2023, or those that a ward was made of.
# fmt: off
PLACES: Final[dict[str, tuple[str, ...]]] = {
    "HB": ("Quán Toan", "Hùng Vương", "Sở Dầu", "Thượng Lý", "Minh Khai", "Hoàng Văn Thụ", "Phan Bội Châu"),
    "NQ": ("Máy Chai", "Vạn Mỹ", "Cầu Tre", "Gia Viên", "Cầu Đất", "Đông Khê", "Đằng Giang", "Lạch Tray"),
    "LC": ("An Biên", "Trần Nguyên Hãn", "Hàng Kênh", "An Dương", "Dư Hàng Kênh", "Kênh Dương", "Vĩnh Niệm"),
    "KA": ("Đồng Hòa", "Bắc Sơn", "Nam Sơn", "Ngọc Sơn", "Trần Thành Ngọ", "Văn Đẩu"),
    "HA": ("Đông Hải 1", "Đông Hải 2", "Đằng Lâm", "Thành Tô", "Đằng Hải", "Nam Hải", "Cát Bi", "Tràng Cát"),
    "DS": ("Ngọc Xuyên", "Hải Sơn", "Vạn Hương", "Minh Đức", "Bàng La", "Hợp Đức"),
    "DK": ("Đa Phúc", "Hưng Đạo", "Anh Dũng", "Hải Thành", "Hòa Nghĩa", "Tân Thành"),
    "AD": ("Lê Lợi", "Lê Thiện", "An Hòa", "Hồng Phong", "Tân Tiến", "Nam Sơn", "Đồng Thái", "An Đồng", "Hồng Thái"),
    "AL": ("Bát Trang", "Trường Thọ", "An Tiến", "Quang Trung", "Quốc Tuấn", "An Thắng", "Thái Sơn", "Mỹ Đức"),
    "BLV": ("Bạch Long Vĩ",),
    "CH": ("Cát Bà", "Cát Hải", "Nghĩa Lộ", "Đồng Bài", "Phù Long", "Trân Châu", "Xuân Đám"),
    "KT": ("Núi Đối", "Đông Phương", "Thuận Thiên", "Hữu Bằng", "Ngũ Phúc", "Kiến Quốc", "Minh Tân", "Tú Sơn"),
    "TN": ("Minh Đức", "Lưu Kiếm", "Quảng Thanh", "Hòa Bình", "An Lư", "Tam Hưng", "Lập Lễ", "Thiên Hương", "Hoa Động"),
    "TL": ("Đại Thắng", "Quyết Tiến", "Khởi Nghĩa", "Kiến Thiết", "Đoàn Lập", "Tiên Minh", "Bắc Hưng", "Hùng Thắng"),
    "VB": ("Dũng Tiến", "Giang Biên", "Trung Lập", "Việt Tiến", "Tân Liên", "Lý Học", "Tam Cường", "Cao Minh"),
    "10507": ("Cẩm Thượng", "Bình Hàn", "Nguyễn Trãi"),
    "10525": ("Trần Hưng Đạo", "Ngọc Châu", "Quang Trung"),
    "10532": ("Tân Bình", "Thanh Bình", "Lê Thanh Nghị"),
    "10549": ("Sao Đỏ", "Văn An", "Thái Học"),
    "10675": ("An Lưu", "Hiệp An", "Long Xuyên"),
    "10888": ("Cẩm Giang", "Định Sơn", "Cẩm Hoàng"),
    "10903": ("Lương Điền", "Ngọc Liên", "Cẩm Hưng"),
    "11074": ("Tứ Kỳ", "Minh Đức", "Quang Phục"),
    "11311": ("Hoàng Văn Thụ", "Minh Khai", "Thượng Lý"),
    "11329": ("Máy Chai", "Vạn Mỹ", "Cầu Tre"),
    "11359": ("Đằng Giang", "Lạch Tray", "Đông Khê"),
    "11383": ("Hàng Kênh", "Dư Hàng Kênh", "Kênh Dương"),
    "11407": ("An Biên", "An Dương", "Vĩnh Niệm"),
    "11411": ("Đông Hải 1", "Đông Hải 2", "Nam Hải"),
    "11413": ("Cát Bi", "Đằng Lâm", "Đằng Hải"),
    "11443": ("Trần Thành Ngọ", "Bắc Sơn", "Đồng Hòa"),
    "11446": ("Văn Đẩu", "Ngọc Sơn", "Trường Sơn"),
    "11455": ("Hải Sơn", "Vạn Hương", "Ngọc Xuyên"),
    "11473": ("Minh Đức", "Bạch Đằng", "Phạm Ngũ Lão"),
    "11488": ("Lưu Kiếm", "Liên Xuân", "Trần Hưng Đạo"),
    "11533": ("Hòa Bình", "An Lư", "Thủy Hà"),
    "11557": ("Thiên Hương", "Hoàng Lâm", "Hoa Động"),
    "11560": ("Thủy Đường", "Dương Quan", "Hoa Động"),
    "11581": ("Lê Lợi", "Nam Sơn", "Tân Tiến"),
    "11593": ("Hồng Phong", "An Hòa", "Lê Thiện"),
    "11602": ("Quán Toan", "An Hồng", "An Hưng"),
    "11617": ("An Đồng", "Hồng Thái", "Đồng Thái"),
    "11629": ("An Lão", "An Thắng", "An Tiến"),
    "11668": ("Mỹ Đức", "Tân Viên", "Thái Sơn"),
    "11680": ("Núi Đối", "Thuận Thiên", "Hữu Bằng"),
    "11689": ("Hưng Đạo", "Đa Phúc", "Anh Dũng"),
    "11692": ("Hải Thành", "Hòa Nghĩa", "Tân Thành"),
    "11737": ("Bàng La", "Hợp Đức", "Minh Đức"),
    "11755": ("Tiên Lãng", "Quyết Tiến", "Khởi Nghĩa"),
    "11824": ("Vĩnh Bảo", "Tân Liên", "Vĩnh Hưng"),
    "11911": ("Trấn Dương", "Hòa Bình", "Lý Học"),
    "11914": ("Cát Bà", "Cát Hải", "Phù Long"),
}
# fmt: on

#: The wards, communes and zones that have lists in the demo; the others have none yet.
ACTIVE_WARDS: Final[tuple[str, ...]] = tuple(code for code in PLACES if code.isdigit())

_UPPER_SCHOOLS: Final[dict[str, tuple[str, ...]]] = {
    "HB": ("Hồng Bàng", "Lê Hồng Phong"), "NQ": ("Ngô Quyền", "Thái Phiên"), "LC": ("Trần Nguyên Hãn", "Lê Chân"),
    "KA": ("Kiến An", "Đồng Hòa"), "HA": ("Hải An", "Lê Quý Đôn"), "DS": ("Đồ Sơn",), "DK": ("Mạc Đĩnh Chi",),
    "AD": ("An Dương", "Nguyễn Trãi"), "AL": ("An Lão", "Trần Hưng Đạo"), "CH": ("Cát Bà", "Cát Hải"),
    "KT": ("Kiến Thụy", "Nguyễn Đức Cảnh"), "TN": ("Phạm Ngũ Lão", "Bạch Đằng", "Thủy Sơn"),
    "TL": ("Tiên Lãng", "Toàn Thắng", "Hùng Thắng"), "VB": ("Vĩnh Bảo", "Nguyễn Bỉnh Khiêm", "Cộng Hiền"),
    "10507": ("Hồng Quang",), "10525": ("Hồng Quang",), "10532": ("Nguyễn Du",), "10549": ("Chí Linh", "Phả Lại"),
    "10675": ("Kinh Môn",), "10888": ("Cẩm Giàng",), "10903": ("Cẩm Giàng",), "11074": ("Tứ Kỳ",),
}  # fmt: skip
#: A ward's upper schools are those of the district that it was made of.
_DISTRICT_OF: Final[dict[str, str]] = {
    ward: district
    for district, wards in {
        "HB": ("11311", "11602"), "NQ": ("11329", "11359"), "LC": ("11383", "11407"), "KA": ("11443", "11446"),
        "HA": ("11411", "11413"), "DS": ("11455", "11737"), "DK": ("11689", "11692"), "AD": ("11581", "11593", "11617"),
        "AL": ("11629", "11668"), "CH": ("11914",), "KT": ("11680",),
        "TN": ("11473", "11488", "11533", "11557", "11560"), "TL": ("11755",), "VB": ("11824", "11911"),
    }.items()
    for ward in wards
}  # fmt: skip


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FAMILY_NAMES: Final = _words(
    "Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Nguyễn Phạm Phạm Phạm Vũ Vũ Vũ Trần Trần Trần Bùi Bùi Lê Lê Đỗ Đỗ Hoàng Hoàng "
    "Đào Đào Đặng Ngô Phan Lương Đoàn Dương Đinh Trịnh Mai Lưu Cao Tô Hà Khúc Đồng"
)
_MIDDLE: Final[dict[str, tuple[str, ...]]] = {
    "Nam": _words("Văn Đức Minh Gia Quang Hoàng Tuấn Duy Hữu Đình Thành Bảo Anh Xuân Trọng Công"),
    "Nữ": _words("Thị Thu Ngọc Khánh Phương Bảo Minh Thùy Hà Quỳnh Diệu Thanh Hồng Kim Như Mai"),
}
_GIVEN: Final[dict[str, tuple[str, ...]]] = {
    "Nam": _words(
        "An Bách Bình Cường Dũng Duy Đạt Đăng Đông Giang Hải Hậu Hiếu Hùng Huy Khang Khánh Khôi Kiên Lâm Long Mạnh "
        "Minh Nam Nghĩa Nguyên Nhật Phong Phúc Quân Quang Quyết Sơn Tài Thái Thắng Thịnh Tiến Toàn Trung Tú Tùng Việt "
        "Vinh Vũ"
    ),
    "Nữ": _words(
        "An Anh Ánh Bích Châu Chi Diệp Dung Duyên Giang Hà Hân Hạnh Hiền Hoa Hòa Huệ Hương Huyền Khuê Lan Lê Liên Linh "
        "Ly Mai My Nga Ngân Ngọc Nhi Nhung Oanh Phương Quyên Quỳnh Tâm Thảo Thơ Thư Thúy Trang Trâm Trúc Uyên Vân Vy "
        "Xuân Yến"
    ),
}
_OCCUPATIONS: Final = (
    "Giáo viên", "Giáo viên", "Giáo viên", "Nông dân", "Nông dân", "Công chức", "Viên chức", "Công nhân", "Kinh doanh",
    "Bộ đội", "Nội trợ", "Tiểu thương",
)  # fmt: skip

# Handing-out days: (month, day), moved back to the Friday when they fall on a weekend.
_DAYS: Final[dict[str, dict[str, tuple[tuple[int, int], ...]]]] = {
    "H1": {
        SCHOLARSHIP: ((2, 17), (3, 24), (4, 14), (5, 19), (6, 1)),
        SUPPORT: ((1, 12), (1, 13), (2, 10), (3, 17), (5, 12), (6, 1)),
        AWARD: ((3, 24), (5, 25), (5, 26), (5, 30), (5, 31)),
    },
    "H2": {
        SCHOLARSHIP: ((9, 5), (10, 2), (10, 16), (11, 20)),
        SUPPORT: ((8, 28), (9, 5), (9, 18), (10, 2), (11, 6)),
        AWARD: ((10, 2), (11, 19), (11, 20)),
    },
}
_AMOUNTS: Final[dict[str, tuple[int, ...]]] = {  # đồng
    SCHOLARSHIP: (500_000, 800_000, 1_000_000, 1_000_000, 1_000_000, 1_200_000, 1_500_000, 2_000_000),
    SUPPORT: (300_000, 500_000, 500_000, 500_000, 700_000, 800_000, 1_000_000),
    AWARD: (200_000, 200_000, 300_000, 300_000, 400_000, 500_000),
}
_BOUNDS: Final[dict[str, tuple[int, int]]] = {
    SCHOLARSHIP: (500_000, 2_000_000),
    SUPPORT: (300_000, 1_500_000),
    AWARD: (200_000, 700_000),
}
_STEP: Final = 100_000


class DisbursementRow(TypedDict):
    """One turn as a district writes it in its list; `amount` in đồng."""

    full_name: str
    birth_date: dt.date
    gender: str  # "Nam" or "Nữ"
    school_class: str
    school: str
    circumstance: str  # one of HARDSHIP, or MERIT
    kind: str  # "Học bổng", "Hỗ trợ" or "Khen thưởng"
    amount: int
    given_on: dt.date


class MemberRow(TypedDict):
    """One new member as a district writes them in its list."""

    full_name: str
    birth_year: int
    gender: str  # "Nam" or "Nữ"
    occupation: str
    phone: str  # "" or ten digits from a block that no operator has given out
    joined_on: dt.date


def disbursement_rows(
    unit_code: str, half: str, seed: int = 2023, *, until: dt.date | None = None
) -> list[DisbursementRow]:
    """Return a unit's recipients of a half ("2023-H1"), oldest handing-out first; [] when it has none.

    Districts have rows from 2023-H1 to 2025-H1, the `ACTIVE_WARDS` from 2025-H2 on. With `until`, rows that would be
    handed out later are left out (a half still running). No two rows of a unit share name, birth date, kind and day.
    """
    rng = _rng("disbursements", unit_code, half, seed)
    count, target = _size(unit_code, half, rng)
    rows = _draw_turns(rng, unit_code, half, count)
    if target is not None:
        _meet_total(rng, rows, target)
    rows.sort(key=lambda row: (row["given_on"], row["school"], row["school_class"], row["full_name"]))
    return [row for row in rows if until is None or row["given_on"] <= until]


def member_rows(unit_code: str, half: str, seed: int = 2023, *, until: dt.date | None = None) -> list[MemberRow]:
    """Return a unit's new members of a half, in the order in which they joined; [] when it has none."""
    rng = _rng("members", unit_code, half, seed)
    year, part = _split(half)
    if unit_code in DISTRICT_NEW_MEMBERS and half < "2025-H2":
        full = DISTRICT_NEW_MEMBERS[unit_code]
        count = full if half == EXACT_HALF else max(2, full // rng.randint(3, 6))
    else:
        count = rng.randint(3, 14) if unit_code in ACTIVE_WARDS and half >= "2025-H2" else 0
    block = ((year - 2023) * 2 + (part == "H2")) * 50_000 + list(PLACES).index(unit_code) * 380 if count else 0
    first, days = (1, 178) if part == "H1" else (182, 180)
    rows: list[MemberRow] = []
    taken: set[tuple[str, int]] = set()
    while len(rows) < count:
        gender = rng.choice(("Nam", "Nữ"))
        name, birth_year = _name(rng, gender), year - rng.randint(24, 72)
        if (name, birth_year) in taken:
            continue
        taken.add((name, birth_year))
        joined_on = dt.date(year, 1, 1) + dt.timedelta(days=first + rng.randrange(days))
        phone = f"0900{block + len(rows):06d}" if rng.random() < 0.8 else ""
        retired = year - birth_year > rng.randint(55, 62)
        occupation = "Hưu trí" if retired else rng.choice(_OCCUPATIONS)
        rows.append(
            MemberRow(
                full_name=name,
                birth_year=birth_year,
                gender=gender,
                occupation=occupation,
                phone=phone,
                joined_on=joined_on,
            )
        )
    rows.sort(key=lambda row: (row["joined_on"], row["full_name"]))
    return [row for row in rows if until is None or row["joined_on"] <= until]


def _rng(what: str, unit_code: str, half: str, seed: int) -> random.Random:
    return random.Random(f"{what}/{unit_code}/{half}/{seed}")  # a fixed seed: made-up data, no secret


def _split(half: str) -> tuple[int, str]:
    year, part = half.split("-")
    return int(year), part


def _size(unit_code: str, half: str, rng: random.Random) -> tuple[int, int | None]:
    """How many turns, and the sum in đồng they must have (None: whatever comes)."""
    if unit_code in DISTRICT_TOTALS and half < "2025-H2":
        turns, amount = DISTRICT_TOTALS[unit_code]
        return (turns, amount) if half == EXACT_HALF else (max(5, turns * rng.randint(5, 9) // 100), None)
    if unit_code in ACTIVE_WARDS and half >= "2025-H2":
        return rng.randint(8, 40), None
    return 0, None


def _draw_turns(rng: random.Random, unit_code: str, half: str, count: int) -> list[DisbursementRow]:
    year, part = _split(half)
    first_form_born = (year - 1 if part == "H1" else year) - 6
    rows: list[DisbursementRow] = []
    taken: set[tuple[str, dt.date, str, dt.date]] = set()
    while len(rows) < count:
        kind = rng.choices((SCHOLARSHIP, SUPPORT, AWARD), weights=(36, 35, 29))[0]
        if rows and rng.random() < 0.05:  # a child may well get a scholarship and an award
            row = rows[rng.randrange(len(rows))].copy()
            if row["kind"] == kind:
                continue
        else:
            row = _child(rng, unit_code, first_form_born)
        row["kind"] = kind
        row["given_on"] = _weekday(year, *rng.choice(_DAYS[part][kind]))
        row["amount"] = rng.choice(_AMOUNTS[kind])
        if kind == SUPPORT or rng.random() < {SCHOLARSHIP: 0.88, AWARD: 0.1}[kind]:
            if row["circumstance"] not in HARDSHIP:
                row["circumstance"] = rng.choices(HARDSHIP, weights=(22, 26, 34, 11, 7))[0]
        else:
            row["circumstance"] = MERIT
        key = (row["full_name"], row["birth_date"], kind, row["given_on"])
        if key not in taken:
            taken.add(key)
            rows.append(row)
    return rows


def _child(rng: random.Random, unit_code: str, first_form_born: int) -> DisbursementRow:
    gender = rng.choice(("Nam", "Nữ"))
    form = rng.randint(1, 5 if unit_code == "BLV" else 12)
    born = dt.date(first_form_born - form + 1, 1, 1) + dt.timedelta(days=rng.randrange(365))
    places = PLACES[unit_code]
    if form >= 10:
        school = f"THPT {rng.choice(_UPPER_SCHOOLS[_DISTRICT_OF.get(unit_code, unit_code)])}"
    else:
        school = f"{'Tiểu học' if form <= 5 else 'THCS'} {rng.choice(places)}"
    return DisbursementRow(
        full_name=_name(rng, gender), birth_date=born, gender=gender, school=school,
        school_class=f"{form}{rng.choice('ABC')}{rng.randint(1, 6) if form >= 6 else ''}",
        circumstance="", kind="", amount=0, given_on=born,
    )  # fmt: skip


def _name(rng: random.Random, gender: str) -> str:
    family, middle = rng.choice(_FAMILY_NAMES), rng.choice(_MIDDLE[gender])
    while (given := rng.choice(_GIVEN[gender])) in (family, middle):
        pass
    return f"{family} {middle} {given}" if middle != family else f"{family} {given}"


def _weekday(year: int, month: int, day: int) -> dt.date:
    date = dt.date(year, month, day)
    return date - dt.timedelta(days=max(0, date.weekday() - 4))


def _meet_total(rng: random.Random, rows: list[DisbursementRow], target: int) -> None:
    """Move single amounts by a step, within the bounds of their kind, until the list has exactly the wanted sum."""
    missing = target - sum(row["amount"] for row in rows)
    step = _STEP if missing > 0 else -_STEP
    while missing:
        row = rows[rng.randrange(len(rows))]
        low, high = _BOUNDS[row["kind"]]
        if low <= row["amount"] + step <= high:
            row["amount"] += step
            missing -= step
