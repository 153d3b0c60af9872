"""A half-year is looked over before it is sent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from reports.models import Submission
from tests import factories
from tests.scholarships.lists import make_batch

pytestmark = pytest.mark.django_db


def test_what_is_missing_and_unfinished_is_said_and_then_it_is_sent(client_of, officer_lc, tree, site_profile):
    factories.make_programmes(tree["HP"])
    factories.make_fund(tree["LC"])
    make_batch(tree["LC"], officer_lc)
    client, page = client_of(officer_lc), reverse("submission_edit", args=["2023-H1", "LC"])
    shown = client.post(page, {"submit": "1", "difficulties": "Thiếu kinh phí."}, follow=True)
    text = shown.content.decode()
    assert Submission.objects.get().state == "draft"
    assert "chỉ tiêu chưa báo cáo" in text
    assert "1 danh sách chưa gửi" in text
    assert "Vẫn gửi" in text
    client.post(reverse("submission_submit", args=["2023-H1", "LC"]))
    assert Submission.objects.get().state == "submitted"
