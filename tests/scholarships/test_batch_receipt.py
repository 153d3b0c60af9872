"""Before a list is sent its officer sees what stands out; afterwards there is a receipt, as page and picture."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from PIL import Image

from intakes.models import Intake
from scholarships.models import Batch
from tests.intakes.test_intake_create import GOOD, drop
from tests.scholarships.lists import add_row
from tests.scholarships.test_intake_preview import token_of, workbook

pytestmark = pytest.mark.django_db


def test_what_stands_out_is_said_beside_the_button(client_of, officer_lc, draft, programmes):
    client, page = client_of(officer_lc), reverse("batch_detail", args=[draft.pk])
    add_row(draft, officer_lc, programmes["scholarship"], full_name="Hoàng Thị Lan", birth=None, amount=30_000_000)
    text = client.get(page).content.decode()
    assert "1 dòng không có ngày sinh" in text
    assert "1: Số tiền khác xa mức thường" in text
    assert "Vẫn gửi?" in text


def test_a_receipt_says_what_was_received_and_that_it_equals_the_total_line(
    client_of, officer_lc, officer_nq, tree, programmes, fund_lc, site_profile
):
    client = client_of(officer_lc)
    shown = drop(client, ("ds.xlsx", workbook(GOOD, total=1_800_000)))
    client.post(reverse("intake_commit", args=[Intake.objects.get().pk]), {"token": token_of(shown)})
    batch = Batch.objects.get()
    assert client.get(reverse("batch_receipt", args=[batch.pk])).status_code == 404
    page = client.post(reverse("batch_submit", args=[batch.pk]), follow=True)
    assert "Đã nhận 3 lượt, 1.800.000 đồng, bằng dòng Tổng cộng." in page.content.decode()
    answer = client.get(reverse("batch_receipt_png", args=[batch.pk]))
    picture = Image.open(io.BytesIO(answer.content))
    assert (answer.headers["Content-Type"], picture.width) == ("image/png", 1080)
    assert len(picture.getcolors(maxcolors=100_000)) > 10  # something is written on it
    assert client_of(officer_nq).get(reverse("batch_receipt_png", args=[batch.pk])).status_code == 404


def test_another_sum_than_the_total_line_is_not_called_equal(
    client_of, officer_lc, tree, programmes, fund_lc, site_profile
):
    client = client_of(officer_lc)
    shown = drop(client, ("ds.xlsx", workbook(GOOD)))
    client.post(reverse("intake_commit", args=[Intake.objects.get().pk]), {"token": token_of(shown)})
    page = client.post(reverse("batch_submit", args=[Batch.objects.get().pk]), follow=True)
    assert "Đã nhận 3 lượt" in page.content.decode()
    assert "bằng dòng" not in page.content.decode()
