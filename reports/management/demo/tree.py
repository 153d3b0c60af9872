"""The ground the demo stands on: units before and after July 2025, the cast, the association's own facts."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from portal.models import Fanpage, Level, Posting, SiteProfile, Unit, UnitVersion, User
from portal.services.reorganisation_orders import apply_order
from portal.services.site import update_site
from portal.services.units import record_count
from portal.vocabulary import CountKind, Role

FOLDER = Path(__file__).parent
REORGANISATION = "2025-07-01"
POSTED_SINCE = datetime.date(2021, 1, 1)

#: user name -> (full name, role, unit). Names say the seat, not a person: nobody here is real.
CAST: dict[str, tuple[str, Role, str]] = {
    "contributor": ("Cộng tác viên Ban Tuyên truyền", Role.CONTRIBUTOR, "HP"),
    "editor": ("Biên tập viên Trang thông tin", Role.EDITOR, "HP"),
    "officer.lc": ("Cán bộ Hội quận Lê Chân", Role.OFFICER, "LC"),
    "officer.nq": ("Cán bộ Hội quận Ngô Quyền", Role.OFFICER, "NQ"),
    "officer.lechan": ("Cán bộ Hội phường Lê Chân", Role.OFFICER, "11383"),
    "approver": ("Trưởng Ban Kiểm tra – Tài chính", Role.APPROVER, "HP"),
    "leader": ("Chủ tịch Hội thành phố", Role.LEADER, "HP"),
    "auditor": ("Ủy viên Ban Kiểm tra", Role.AUDITOR, "HP"),
    "administrator": ("Quản trị viên hệ thống", Role.ADMINISTRATOR, "HP"),
}
#: The officers of districts that ended are posted to an heir as well, and act for the district through it.
ALSO_AT = {"officer.lc": "11383", "officer.nq": "11359"}
#: Enters what the other units' officers would; not one of the accounts shown, and nobody can sign in with it.
CLERK = ("officer.cac-don-vi", "Cán bộ Hội các đơn vị (minh họa)", Role.OFFICER, "HP")

SITE = {
    "name": "Hội Khuyến học thành phố Hải Phòng",
    "short_name": "Khuyến học Hải Phòng",
    "city_name": "Hải Phòng",
    "address": "Thành phố Hải Phòng",
    "phone": "0225 3 000 000",
    "email": "khuyenhoc@example.vn",
    "owner_line": "Hội Khuyến học thành phố Hải Phòng",
    "responsible_person": "Thường trực Hội Khuyến học thành phố",
    "licence_line": "Trang thông tin điện tử nội bộ – bản trình diễn",
    "about": (
        "Hội Khuyến học thành phố Hải Phòng tập hợp những người tự nguyện chăm lo sự học: khuyến khích mọi người "
        "học tập suốt đời, giúp học sinh khó khăn tới trường, tôn vinh người dạy tốt, học tốt và góp phần xây dựng "
        "xã hội học tập.\n"
        "Hội có các cấp từ thành phố tới phường, xã, đặc khu và các chi hội ở tổ dân phố, thôn, trường học, dòng họ, "
        "cơ quan."
    ),
    "parent_body": "HỘI KHUYẾN HỌC VIỆT NAM",
    "issuing_body": "HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG",
    "document_place": "Hải Phòng",
    "report_symbol": "BC-HKH",
    "signature_authority": "TM. BAN THƯỜNG VỤ",
    "signature_title": "CHỦ TỊCH",
    "recipients_of_documents": (
        "Hội Khuyến học Việt Nam (để báo cáo)\n"
        "Thường trực Thành ủy, UBND thành phố (để báo cáo)\n"
        "Hội Khuyến học các phường, xã, đặc khu\n"
        "Lưu: VT"
    ),
    "legal_bases": (
        "Căn cứ Quyết định số 1373/QĐ-TTg ngày 30 tháng 7 năm 2021 của Thủ tướng Chính phủ "
        "phê duyệt Đề án “Xây dựng xã hội học tập giai đoạn 2021 – 2030”\n"
        "Căn cứ Điều lệ Hội Khuyến học Việt Nam"
    ),
}
FANPAGES = [
    {
        "name": "Fanpage Cổng tin tức Thành phố Hải Phòng",
        "owner": "Cổng tin tức Thành phố Hải Phòng",
        "url": "https://www.facebook.com/thanhphohaiphong.gov.vn",
    }
]


def read(name: str) -> Any:
    """Return the data of one of the demo's JSON files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def plant_tree() -> dict[str, Unit]:
    """Make the tree of 2023, and apply the reorganisation of 1 July 2025 to it; return the units by code."""
    plant_old_tree()
    apply_order(REORGANISATION, User.objects.system())
    units = {unit.code: unit for unit in Unit.objects.order_by("code")}
    for number, unit in enumerate(units.values()):
        unit.contact, unit.phone = "Thường trực Hội", f"+84900{990_000 + number}"  # of a block nobody was given
    Unit.objects.bulk_update(units.values(), ["contact", "phone"])
    return units


def plant_old_tree() -> dict[str, Unit]:
    """Make levels and the units of 2023 with their versions until 30 June 2025 and on; return the units by code."""
    old = read("units_2023.json")
    levels = {row["code"]: Level.objects.get_or_create(code=row["code"], defaults=row)[0] for row in old["levels"]}
    Unit.objects.bulk_create([Unit(code=row["code"]) for row in old["units"]])
    units = {unit.code: unit for unit in Unit.objects.all()}
    UnitVersion.objects.bulk_create(
        _version(units, levels[row["level"]], row["code"], version)
        for row in old["units"]
        for version in row["versions"]
    )
    return units


def _version(units: dict[str, Unit], level: Level, code: str, row: dict[str, Any]) -> UnitVersion:
    since = datetime.date.fromisoformat(row["valid_from"])
    until = datetime.date.fromisoformat(row["valid_to"]) + datetime.timedelta(days=1) if row["valid_to"] else None
    parent = units[row["parent"]] if row["parent"] else None
    return UnitVersion(unit=units[code], parent=parent, level=level, name=row["name"], valid=DateRange(since, until))


def seat_the_cast(units: dict[str, Unit]) -> dict[str, User]:
    """Make the demo accounts with their postings; all share the demo password."""
    password = make_password(settings.DEMO_PASSWORD)
    people = {}
    for username, (full_name, role, code) in CAST.items():
        people[username] = User.objects.create_user(username, full_name=full_name)
        User.objects.filter(pk=people[username].pk).update(password=password)
        _post(people[username], role, units[code])
        if heir := ALSO_AT.get(username):
            _post(people[username], role, units[heir])
    username, full_name, role, code = CLERK
    people["clerk"] = User.objects.create_user(username, full_name=full_name)
    _post(people["clerk"], role, units[code])
    return people


def _post(user: User, role: Role, unit: Unit) -> None:
    """Post somebody for as long as the unit exists."""
    first, last = unit.versions.order_by("valid").first(), unit.versions.order_by("valid").last()
    if first and last:
        days = DateRange(max(first.valid.lower, POSTED_SINCE), last.valid.upper)
        Posting.objects.create(user=user, unit=unit, role=role, valid=days)


def count_the_people(city: Unit, actor: User) -> None:
    """Record how many live in the city, before and after it was merged: rounded, as everything here is made up."""
    for day, value in ((datetime.date(2022, 12, 31), 2_090_000), (datetime.date(2025, 7, 1), 4_660_000)):
        record_count(unit=city, kind=CountKind.POPULATION, value=value, on_date=day, source="Số minh họa", actor=actor)


def describe_the_site(actor: User) -> SiteProfile:
    """Fill in what the association says of itself."""
    Fanpage.objects.bulk_create(Fanpage(position=place, **page) for place, page in enumerate(FANPAGES))
    return update_site(values=dict(SITE), actor=actor)
