"""The public page of programmes and funds."""

from __future__ import annotations

import datetime as dt
import io
import re

import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from portal.lib import qr, vietqr
from scholarships.models import Fund, Programme
from scholarships.services.funds import update_fund
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_programme(tree, site_profile):
    return Programme.objects.create(
        unit=tree["HP"], name="Học bổng Hoa phượng", kind="scholarship", is_public=True, how_to_apply="Nộp đơn tại trường.",
        closes_on=dt.date.today() + dt.timedelta(days=3),
    )  # fmt: skip


@pytest.fixture
def public_fund(tree, site_profile):
    fund = factories.make_fund(tree["LC"], opening=1_500_000)
    update_fund(
        fund=fund, is_public=True, bank_bin="970436", bank_account="0123456789",
        bank_account_name="HOI KHUYEN HOC LE CHAN", actor=factories.make_system_account(),
    )  # fmt: skip
    return Fund.objects.get(pk=fund.pk)


def test_it_shows_open_programmes_and_public_funds_without_a_cookie(client_of, open_programme, public_fund):
    answer = client_of(None).get(reverse("programme_list"))
    text = answer.content.decode()
    assert "Học bổng Hoa phượng" in text
    assert f"{open_programme.closes_on:%d/%m/%Y}" in text
    assert "1.500.000 đồng" in text
    assert "Vietcombank" in text
    assert "0123456789" in text
    assert "HOI KHUYEN HOC LE CHAN" in text
    assert not answer.cookies


def test_what_is_closed_unused_or_not_public_is_not_shown(client_of, tree, open_programme, public_fund):
    yesterday = dt.date.today() - dt.timedelta(days=1)
    Programme.objects.create(unit=tree["HP"], name="Đã đóng", kind="award", is_public=True, closes_on=yesterday)
    Programme.objects.create(unit=tree["HP"], name="Nội bộ", kind="award")
    Programme.objects.create(unit=tree["HP"], name="Không dùng nữa", kind="award", is_public=True, is_active=False)
    factories.make_fund(tree["NQ"])
    text = client_of(None).get(reverse("programme_list")).content.decode()
    assert not any(name in text for name in ("Đã đóng", "Nội bộ", "Không dùng nữa", "Quỹ khuyến học NQ"))


def test_the_code_of_a_fund_is_read_by_a_banking_app(client_of, public_fund):
    shown = client_of(None).get(reverse("programme_list")).content.decode()
    payload = vietqr.build("970436", "0123456789", memo=f"UH Q{public_fund.pk}")
    assert re.search(r'd="(M[^"]+)"', qr.qr_svg(payload))[1] in shown
    read = zxingcpp.read_barcode(Image.open(io.BytesIO(qr.qr_png(payload))))
    said = vietqr.parse(read.text)
    assert (said.bank_bin, said.account, said.memo) == ("970436", "0123456789", f"UH Q{public_fund.pk}")


def test_the_queries_do_not_grow_with_the_rows(
    client_of, tree, open_programme, public_fund, django_assert_max_num_queries
):
    for number in range(20):
        Programme.objects.create(unit=tree["HP"], name=f"Học bổng {number}", kind="scholarship", is_public=True)
    with django_assert_max_num_queries(8):
        client_of(None).get(reverse("programme_list"))


def test_many_funds_come_page_by_page_and_are_found_without_accents(client_of, tree, public_fund):
    for number in range(15):
        fund = factories.make_fund(factories.make_unit(f"P{number}", f"Phường Số {number}", parent=tree["HP"]))
        Fund.objects.filter(pk=fund.pk).update(is_public=True)
    client, url = client_of(None), reverse("programme_list")
    assert len(client.get(url).context["page"]) == 12
    assert [fund.unit.code for fund in client.get(url, {"q": "phuong so 14"}).context["page"]] == ["P14"]
    assert not client.get(url, {"q": "%"}).context["page"].object_list
