"""Mỗi máy trạng thái là một bảng: trigger, dịch vụ, nút bấm và trang việc chờ đều theo bảng ấy."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from members.models import APPLICATION_STEPS, TITLE_STEPS, LearningTitle, MembershipApplication
from reports.models import REPORT_STEPS, SUBMISSION_STEPS, Report, Submission
from scholarships.models import Batch
from scholarships.models.batch import BATCH_STEPS


def pairs_taken(model, by_command=None):
    """Mọi cặp (từ, đến) mà trigger thật cho qua, thử trên bảng tạm không có ràng buộc nào khác."""
    table, taken = model._meta.db_table, set()
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TEMP TABLE tried AS SELECT * FROM "{table}" WITH NO DATA')
        name = model.__name__.lower()
        cursor.execute(
            f"CREATE TRIGGER tried BEFORE UPDATE OF state ON tried FOR EACH ROW EXECUTE FUNCTION {name}_state_guard()"
        )
        for source in model.State.values:
            for target in model.State.values:
                if source == target:
                    continue
                cursor.execute("DELETE FROM tried")
                cursor.execute("INSERT INTO tried (state) VALUES (%s)", [source])
                if by_command is not None:
                    cursor.execute("UPDATE tried SET by_command = %s", [by_command])
                try:
                    with transaction.atomic():
                        cursor.execute("UPDATE tried SET state = %s", [target])
                    taken.add((source, target))
                except IntegrityError:
                    pass
        cursor.execute("DROP TABLE tried")
    return taken


@pytest.mark.django_db
def test_trigger_of_lists_is_the_table():
    assert pairs_taken(Batch, by_command=False) == BATCH_STEPS.pairs()
    assert pairs_taken(Batch, by_command=True) == BATCH_STEPS.pairs(by_command=True)


@pytest.mark.django_db
def test_trigger_of_half_years_is_the_table():
    assert pairs_taken(Submission) == SUBMISSION_STEPS.pairs()


@pytest.mark.django_db
def test_trigger_of_reports_is_the_table():
    assert pairs_taken(Report) == REPORT_STEPS.pairs()


@pytest.mark.django_db
def test_triggers_of_applications_and_titles_are_the_tables():
    assert pairs_taken(MembershipApplication) == APPLICATION_STEPS.pairs()
    assert pairs_taken(LearningTitle) == TITLE_STEPS.pairs()


@pytest.mark.parametrize("machine", [BATCH_STEPS, SUBMISSION_STEPS, REPORT_STEPS, APPLICATION_STEPS, TITLE_STEPS])
def test_every_step_with_a_page_names_its_right(machine):
    assert all(step.permissions or step.by_command for step in machine.steps)


def test_a_verb_that_no_step_has_raises():
    with pytest.raises(KeyError):
        BATCH_STEPS.allows("forget", Batch.State.DRAFT)
