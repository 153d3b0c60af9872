"""What an approver says beside rows: kept while they look through, sent with the return, then unchangeable."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from portal.models import AuditEntry
from portal.services.refusals import ConflictError
from scholarships.models import BatchSight, RowRemark
from scholarships.services import batches
from scholarships.services.reviewing import remark_rows, see_batch
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(draft, officer_lc):
    return batches.submit_batch(batch=draft, actor=officer_lc)


def texts(remarks) -> list[str]:
    return [one.text for one in remarks]


def test_a_remark_is_changed_taken_away_and_sent_with_the_return(sent, approver, officer_lc):
    first, second, third = sent.disbursements.order_by("pk")
    said = {first.pk: "Số tiền?", second.pk: "Ngày sinh?"}
    remark_rows(batch=sent, remarks=said, actor=approver)
    remark_rows(batch=sent, remarks={first.pk: "Số tiền có thừa một số 0?", second.pk: " "}, actor=approver)
    assert texts(RowRemark.objects.open_on(sent)) == ["Số tiền có thừa một số 0?"]
    batches.return_batch(batch=sent, reason="Xem lại một dòng", actor=approver)
    assert texts(RowRemark.objects.of_last_return(sent)) == ["Số tiền có thừa một số 0?"]
    batches.submit_batch(batch=sent, actor=officer_lc)
    remark_rows(batch=sent, remarks={third.pk: "Trùng?"}, actor=approver)
    batches.return_batch(batch=sent, reason="Xem lại lần nữa", actor=approver)
    assert texts(RowRemark.objects.of_last_return(sent)) == ["Trùng?"]


def test_nothing_is_said_of_a_draft_of_another_lists_row_or_without_the_right(sent, approver, officer_lc, tree):
    row = sent.disbursements.first()
    other = make_batch(tree["LC"], officer_lc)
    with pytest.raises(ValidationError):
        remark_rows(batch=other, remarks={row.pk: "x y"}, actor=approver)
    with pytest.raises(PermissionDenied):
        remark_rows(batch=sent, remarks={row.pk: "x y"}, actor=officer_lc)
    with pytest.raises(ConflictError):
        remark_rows(batch=sent, remarks={row.pk + 1000: "x y"}, actor=approver)
    with pytest.raises(ValidationError):
        remark_rows(batch=sent, remarks={row.pk: "x" * 301}, actor=approver)
    assert not RowRemark.objects.exists()


def test_the_database_keeps_one_open_remark_a_row_and_every_sent_one(sent, approver):
    row = sent.disbursements.first()
    remark_rows(batch=sent, remarks={row.pk: "Số tiền?"}, actor=approver)
    again = "INSERT INTO scholarships_rowremark (row_id, text, author_id, written_at) SELECT row_id, %s, author_id, now() FROM scholarships_rowremark"
    for text in ("Hai", " ", None):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(again, [text])
    batches.return_batch(batch=sent, reason="Xem lại", actor=approver)
    for change in ("text = 'khác'", "event_id = NULL"):
        with (
            pytest.raises(IntegrityError, match="row_remark_sent"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE scholarships_rowremark SET {change}")


def test_a_row_taken_out_is_no_more_to_be_looked_at(sent, approver, officer_lc):
    row = sent.disbursements.first()
    remark_rows(batch=sent, remarks={row.pk: "Số tiền?"}, actor=approver)
    batches.return_batch(batch=sent, reason="Xem lại", actor=approver)
    batches.remove_disbursement(row=row, actor=officer_lc)
    assert not RowRemark.objects.of_last_return(sent).exists()


def test_who_opens_a_list_is_in_the_audit_once_an_evening(sent, approver):
    see_batch(batch=sent, actor=approver)
    see_batch(batch=sent, actor=approver)
    opened = AuditEntry.objects.filter(action="scholarships.batch.see")
    assert [(one.actor_id, one.target_id) for one in opened] == [(approver.pk, sent.pk)]
    BatchSight.objects.update(seen_at="2026-01-01 00:00+07")
    see_batch(batch=sent, actor=approver)
    assert opened.all().count() == 2
