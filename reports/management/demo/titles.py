"""Criteria of the learning models and some titles of each for the demo, of this year and of the last one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from members.models import CriteriaSet, LearningTitle
from members.services.criteria import save_criteria
from members.services.titles import advance_titles, decide_titles, register_title
from portal.models import Unit, User
from portal.vocabulary import LearningModel, TitleVerb
from reports.management.demo.tree import read

_FAMILIES = (
    "Nguyễn Văn Bách", "Trần Thị Cúc", "Lê Đình Dũng", "Phạm Thị Gấm", "Hoàng Văn Hải", "Vũ Thị Khuê", "Đặng Quang Lộc",
    "Bùi Thị Mận", "Đỗ Văn Nghĩa", "Ngô Thị Oanh", "Dương Văn Phúc", "Đinh Thị Quyên", "Lưu Văn Sơn", "Mai Thị Tuyết",
)  # fmt: skip
_NAMES: dict[LearningModel, tuple[str, ...]] = {
    LearningModel.FAMILY: tuple(f"Gia đình {name}" for name in _FAMILIES),
    LearningModel.LINEAGE: ("Dòng họ Vũ", "Dòng họ Phạm Đăng", "Dòng họ Bùi"),
    LearningModel.COMMUNITY: ("Tổ dân phố Hàng Kênh 3", "Tổ dân phố An Biên 5", "Tổ dân phố Dư Hàng 2"),
    LearningModel.ORGANISATION: ("Trường Tiểu học Võ Thị Sáu", "Trạm Y tế phường", "Hợp tác xã Dịch vụ Niệm Nghĩa"),
    LearningModel.CITIZEN: ("Cao Thị Vân", "Tạ Văn Xuyên", "Lâm Thị Yến", "Hồ Văn Ái", "Trịnh Thị Bích"),
}
WARD, NEIGHBOUR = "11383", "11359"


def record_criteria(actor: User) -> None:
    """Record the criteria that hold and those that held before."""
    if CriteriaSet.objects.exists():
        return
    for row in read("criteria.json")["criteria"]:
        until = datetime.date.fromisoformat(row["until"]) if row["until"] else None
        values = row | {"since": datetime.date.fromisoformat(row["since"]), "until": until}
        save_criteria(**values, actor=actor)


def register_the_titles(units: Mapping[str, Unit], people: Mapping[str, User]) -> None:
    """Last year's families recognised; of this year's titles some on each stage, a neighbour's ones just registered."""
    officer, clerk, approver = people["officer.lechan"], people["clerk"], people["approver"]
    ward, year = units[WARD], timezone.localdate().year
    families = _NAMES[LearningModel.FAMILY]
    last = [_register(ward, LearningModel.FAMILY, name, year - 1, officer) for name in families[:8]]
    _bring_on(last, year - 1, officer, approver)
    for model, names in _NAMES.items():
        made = [_register(ward, model, name, year, officer) for name in names]
        many = len(made) // 2
        _bring_on(made[:many], year, officer, approver)
        _bring_on(made[many : many + 1], year, officer, approver, until=2)
    for name in families[:4]:
        _register(units[NEIGHBOUR], LearningModel.FAMILY, f"{name} (Máy Chai)", year, clerk)


def _past(year: int, month: int) -> datetime.date:
    return min(datetime.date(year, month, 15), timezone.localdate())


def _register(unit: Unit, model: LearningModel, name: str, year: int, officer: User) -> LearningTitle:
    begins = max(_past(year, 1), unit.versions.order_by("valid").values_list("valid__startswith", flat=True)[0])
    place = f"Tổ {len(name) % 9 + 1}" if model in {LearningModel.FAMILY, LearningModel.CITIZEN} else ""
    return register_title(
        unit=unit, model=model, name=name, place=place, year=year, registered_on=begins, actor=officer
    )  # fmt: skip


def _bring_on(titles: list[LearningTitle], year: int, officer: User, approver: User, until: int = 4) -> None:
    chosen: dict[int, str | None] = dict.fromkeys((title.pk for title in titles), None)
    scores: dict[int, int | None] = {pk: 82 + pk % 15 for pk in chosen}
    steps = ((TitleVerb.HAND_IN, 10), (TitleVerb.ASSESS, 10), (TitleVerb.EVALUATE, 11))
    for verb, month in steps[:until]:
        advance_titles(verb=verb, chosen=chosen, on_day=_past(year, month), scores=scores, actor=officer)
    if until > len(steps):
        decide_titles(
            verb=TitleVerb.RECOGNISE, chosen=chosen, on_day=_past(year, 11), decision="218/QĐ-UBND",
            decided_by="Ủy ban nhân dân phường Lê Chân", actor=approver,
        )  # fmt: skip
