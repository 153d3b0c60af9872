"""Trang việc chờ: chỉ nói việc mà người xem thật sự được làm."""

import datetime as dt

from reports.services.waiting import waiting_for
from scholarships.models import BatchEvent
from scholarships.services.batches import submit_batch
from tests import factories
from tests.scholarships.lists import make_batch


def test_whoever_changed_a_row_is_not_told_to_approve_the_list(tree, officer_lc, approver, site_profile):
    programmes = factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"], opening=100_000_000)
    batch = make_batch(tree["LC"], officer_lc, rows=1, programme=programmes["scholarship"])
    submit_batch(batch=batch, actor=officer_lc)
    told = [item for item in waiting_for(approver, dt.date(2023, 6, 1)) if item.icon == "sheet"]
    assert [item.count for item in told] == [1]
    BatchEvent.objects.create(batch=batch, action="edit", actor=approver)
    assert not [item for item in waiting_for(approver, dt.date(2023, 6, 1)) if item.icon == "sheet"]
