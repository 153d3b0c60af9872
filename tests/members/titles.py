"""Titles for the tests, made by the services that the pages use."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from members.models import CriteriaSet, LearningTitle
from members.services.titles import advance_titles, decide_titles, register_title
from portal.models import Unit, User
from portal.vocabulary import LearningModel

REGISTERED, DECIDED = dt.date(2026, 2, 1), dt.date(2026, 6, 1)
DECISION: dict[str, Any] = {"decision": "12/QĐ-UBND", "decided_by": "Ủy ban nhân dân phường Lê Chân"}


def make_criteria() -> None:
    """Criteria of every model from 2022 on, 80 points at least."""
    for model in LearningModel:
        CriteriaSet.objects.create(
            model=model, name=model.written, legal_basis="Quyết định 387/QĐ-TTg", least_score=80,
            valid=DateRange(dt.date(2022, 3, 25), None),
        )  # fmt: skip


def make_title(unit: Unit, actor: User, name: str = "Gia đình ông Nguyễn Văn An", **values: Any) -> LearningTitle:
    facts: dict[str, Any] = {"model": "family", "year": 2026, "registered_on": REGISTERED, "place": "Tổ 5"}
    return register_title(unit=unit, name=name, actor=actor, **facts | values)


def bring_on(titles: list[LearningTitle], officer: User, *, score: int = 85, until: str = "evaluate") -> None:
    """Bring titles forward, up to the step."""
    ids = dict.fromkeys((title.pk for title in titles), None)
    for number, verb in enumerate(("hand_in", "assess", "evaluate"), start=3):
        day = dt.date(2026, number, 1)
        advance_titles(verb=verb, chosen=ids, on_day=day, scores=dict.fromkeys(ids, score), actor=officer)
        if verb == until:
            return


def recognise(titles: list[LearningTitle], approver: User, on_day: dt.date = DECIDED) -> int:
    ids = dict.fromkeys((title.pk for title in titles), None)
    return decide_titles(verb="recognise", chosen=ids, on_day=on_day, **DECISION, actor=approver)
