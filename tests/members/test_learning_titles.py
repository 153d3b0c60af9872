"""What the database holds of learning titles, tried by raw SQL with NULL beside each wrong value."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from members.models import CriteriaSet, LearningSubject, LearningTitle
from portal.lib.vietnamese import name_key, search_key

pytestmark = pytest.mark.django_db
YEAR = DateRange(dt.date(2024, 1, 1), None)


@pytest.fixture
def title(tree, officer_lechan):
    """A family registered for 2026, beside a citizen and criteria of both models."""
    of_families = CriteriaSet.objects.create(
        model="family", name="Gia đình học tập", legal_basis="Quyết định 387/QĐ-TTg", least_score=80, valid=YEAR
    )
    CriteriaSet.objects.create(
        model="citizen", name="Công dân học tập", legal_basis="Quyết định 677/QĐ-TTg", least_score=80, valid=YEAR
    )
    for kind, name in (("citizen", "Ông Vũ Văn Bình"), ("family", "Gia đình ông Nguyễn Văn An")):
        subject = LearningSubject.objects.create(
            unit=tree["LECHAN"], kind=kind, name=name, search_text=search_key(name), name_key=name_key(name),
            created_by=officer_lechan,
        )  # fmt: skip
    return LearningTitle.objects.create(
        subject=subject, unit=subject.unit, model="family", year=2026, criteria=of_families, registered_on=dt.date(2026, 2, 1),
        entered_by=officer_lechan,
    )  # fmt: skip


_AGAIN = (
    "INSERT INTO members_learningtitle (subject_id, unit_id, model, year, criteria_id, state, registered_on, decision,"
    " decided_by, reason, entered_by_id, entered_at) SELECT subject_id, unit_id, model, {year}, criteria_id,"
    " 'registered', registered_on, '', '', '', entered_by_id, now() FROM members_learningtitle"
)


@pytest.mark.parametrize(
    "statement",
    [
        _AGAIN.format(year="year"),  # twice a year
        _AGAIN.format(year="NULL"),
        # a family with a citizen's title, by citizens' criteria, or of no model
        "UPDATE members_learningtitle SET model = 'citizen'",
        "UPDATE members_learningtitle SET model = NULL",
        "UPDATE members_learningtitle SET criteria_id = (SELECT id FROM members_criteriaset WHERE model = 'citizen')",
        "UPDATE members_learningtitle SET criteria_id = NULL",
        "UPDATE members_learningtitle SET subject_id = (SELECT id FROM members_learningsubject WHERE kind = 'citizen')",
        "UPDATE members_learningsubject SET kind = 'citizen' WHERE kind = 'family'",
        # a step left out, a stage without its facts
        "UPDATE members_learningtitle SET state = 'evaluated'",
        "UPDATE members_learningtitle SET state = NULL",
        "UPDATE members_learningtitle SET state = 'dossier'",
        "UPDATE members_learningtitle SET state = 'refused'",
        "UPDATE members_learningtitle SET score = 101",
        "UPDATE members_learningtitle SET year = 1900",
        "UPDATE members_learningtitle SET state = 'withdrawn'",
        "UPDATE members_learningtitle SET revoked_on = '2026-08-01'",
        "UPDATE members_learningtitle SET recognised_by_id = entered_by_id",
        # criteria that overlap, end before they begin, or have no basis
        "UPDATE members_criteriaset SET model = 'family'",
        "UPDATE members_criteriaset SET valid = NULL",
        "UPDATE members_criteriaset SET valid = 'empty'",
        "UPDATE members_criteriaset SET legal_basis = ' '",
        "UPDATE members_criteriaset SET legal_basis = NULL",
    ],
)
def test_the_database_refuses(title, statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_stage_is_counted_by_itself(title, approver):
    steps: list[dict[str, object]] = [
        {"state": "dossier", "dossier_on": dt.date(2026, 3, 1)},
        {"state": "assessed", "assessed_on": dt.date(2026, 4, 1), "own_score": 85},
        {"state": "evaluated", "evaluated_on": dt.date(2026, 5, 1), "score": 83},
        {
            "state": "recognised",
            "decided_on": dt.date(2026, 6, 1),
            "decision": "12/QĐ-UBND",
            "decided_by": "UBND phường",
            "recognised_by": approver,
        },
    ]
    counts = []
    for values in [{}, *steps]:
        if values:
            LearningTitle.objects.update(**values)
        row = LearningTitle.objects.of_year(2026).counted_by_stage().get()
        counts.append([row[key] for key in ("registered", "dossiers", "assessed", "evaluated", "recognised")])
    assert counts == [[1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [1, 1, 1, 0, 0], [1, 1, 1, 1, 0], [1, 1, 1, 1, 1]]


def test_in_another_year_the_family_may_be_recognised_again(title):
    with connection.cursor() as cursor:
        cursor.execute(_AGAIN.format(year="year + 1"))
    assert LearningTitle.objects.count() == 2
