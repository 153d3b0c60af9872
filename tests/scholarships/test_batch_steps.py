"""Người làm ra danh sách được định nghĩa một lần: nút bấm và dịch vụ hỏi cùng một chỗ."""

import pytest
from django.core.exceptions import ValidationError

from scholarships.models import Batch, BatchEvent
from scholarships.services.batches import approve_batch, submit_batch


def test_whoever_only_changed_a_row_has_no_button_to_approve(draft, officer_lc, approver):
    submit_batch(batch=draft, actor=officer_lc)
    batch = Batch.objects.select_related("unit").get(pk=draft.pk)
    assert "approve" in batch.actions_for(approver)
    BatchEvent.objects.create(batch=batch, action="edit", actor=approver)
    assert Batch.objects.waiting_for_approval().made_by(approver).get() == batch
    assert "approve" not in batch.actions_for(approver)
    assert "return" in batch.actions_for(approver)
    assert batch.needs_another(approver)
    with pytest.raises(ValidationError) as refusal:
        approve_batch(batch=batch, actor=approver)
    assert refusal.value.code == "own"


def test_an_officer_sees_only_the_steps_of_an_officer(draft, officer_lc, approver):
    assert draft.actions_for(officer_lc) == {"edit", "submit", "withdraw"}
    assert draft.actions_for(approver) == {"withdraw"}
