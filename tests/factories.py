"""Plain functions that make rows for tests; every test says what matters and leaves the rest to these."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from portal.models import Level, Posting, SiteProfile, Unit, UnitSuccession, UnitVersion, User
from portal.vocabulary import Role
from scholarships.models import Fund, LedgerEntry, Programme

PASSWORD = "mua-hoa-phuong-do"  # pragma: allowlist secret - of people who are made for a test
START = datetime.date(1999, 1, 1)
REFORM = datetime.date(2025, 7, 1)


def make_system_account() -> User:
    return User.objects.get_or_create(username="system", defaults={"full_name": "Hệ thống", "is_active": False})[0]


def make_level(code: str = "district", rank: int = 20, name: str = "") -> Level:
    return Level.objects.get_or_create(code=code, defaults={"rank": rank, "name": name or code})[0]


def make_unit(
    code: str,
    name: str,
    *,
    parent: Unit | None = None,
    level: Level | None = None,
    since: datetime.date = START,
    until: datetime.date | None = None,
) -> Unit:
    unit = Unit.objects.create(code=code)
    level = level or (make_level("district", 20) if parent else make_level("city", 10))
    UnitVersion.objects.create(unit=unit, parent=parent, level=level, name=name, valid=DateRange(since, until))
    return unit


def make_tree() -> dict[str, Unit]:
    city, district = make_level("city", 10, "Thành phố"), make_level("district", 20, "Quận, huyện")
    commune, chapter = make_level("commune", 30, "Phường, xã"), make_level("chapter", 40, "Chi hội")
    hp = make_unit("HP", "Thành phố Hải Phòng", level=city)
    lc = make_unit("LC", "Quận Lê Chân", parent=hp, level=district, until=REFORM)
    nq = make_unit("NQ", "Quận Ngô Quyền", parent=hp, level=district, until=REFORM)
    ward = make_unit("LC-AB", "Phường An Biên", parent=lc, level=commune, until=REFORM)
    lechan = make_unit("11383", "Phường Lê Chân", parent=hp, level=commune, since=REFORM)
    ngoquyen = make_unit("11359", "Phường Ngô Quyền", parent=hp, level=commune, since=REFORM)
    branch = make_unit("11383-C1", "Chi hội Tổ dân phố 1", parent=lechan, level=chapter, since=REFORM)
    for old, new in ((lc, lechan), (ward, lechan), (nq, ngoquyen)):
        UnitSuccession.objects.create(
            from_unit=old, to_unit=new, on_date=REFORM, kind="merge", legal_basis="Nghị quyết 202/2025/QH15"
        )
    return {
        "HP": hp, "LC": lc, "NQ": nq, "LC-AB": ward, "LECHAN": lechan, "NGOQUYEN": ngoquyen, "BRANCH": branch,
    }  # fmt: skip


def make_user(username: str, *, role: Role | None = None, unit: Unit | None = None, **extra: Any) -> User:
    user = User.objects.create_user(
        username, password=PASSWORD, full_name=extra.pop("full_name", f"Người dùng {username}"), **extra
    )
    if role and unit:
        Posting.objects.create(user=user, unit=unit, role=role, valid=DateRange(START, None))
    return user


def make_site_profile(**extra: Any) -> SiteProfile:
    values = {
        "name": "Hội Khuyến học thành phố Hải Phòng",
        "city_name": "Hải Phòng",
        "parent_body": "HỘI KHUYẾN HỌC VIỆT NAM",
        "issuing_body": "HỘI KHUYẾN HỌC THÀNH PHỐ HẢI PHÒNG",
        "document_place": "Hải Phòng",
        "signature_authority": "TM. BAN THƯỜNG VỤ",
        "signature_title": "CHỦ TỊCH",
    }
    return SiteProfile.objects.update_or_create(pk=1, defaults=values | extra)[0]


def make_programmes(unit: Unit) -> dict[str, Programme]:
    names = {
        "scholarship": "Học bổng khuyến học",
        "award": "Khen thưởng học sinh",
        "support": "Hỗ trợ học sinh khó khăn",
    }
    return {
        kind: Programme.objects.create(unit=unit, name=name, kind=kind, is_default=True) for kind, name in names.items()
    }


def make_fund(unit: Unit, *, opening: int = 20_000_000_000, half: str = "2022-H2", actor: User | None = None) -> Fund:
    begins = unit.versions.order_by("valid").first().valid.lower
    opened_on = max(begins, datetime.date(2022, 12, 31))
    fund = Fund.objects.create(unit=unit, name=f"Quỹ khuyến học {unit.code}", opened_on=opened_on)
    if opening:
        LedgerEntry.objects.create(
            fund=fund, half=half, kind="opening", amount=opening, occurred_on=fund.opened_on,
            actor=actor or make_system_account(),
        )  # fmt: skip
    fund.refresh_from_db()
    return fund
