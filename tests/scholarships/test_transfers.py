"""How to give by bank: what the public page shows, and that phones read its codes, saved or printed."""

from __future__ import annotations

import datetime
import io

import cv2
import numpy
import pypdfium2
import pytest
import zxingcpp
from django.urls import reverse
from PIL import Image

from portal.lib.vietqr import parse
from scholarships.models import Programme
from scholarships.services.funds import open_fund
from scholarships.services.transfers import read_reference, reference_of, transfer_to
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(tree):
    return open_fund(
        unit=tree["HP"], name="Quỹ khuyến học", opened_on=datetime.date(2023, 1, 1), bank_bin="970405",
        bank_account="2100201012345", bank_account_name="HOI KHUYEN HOC HAI PHONG", is_public=True,
        actor=factories.make_system_account(),
    )  # fmt: skip


@pytest.fixture
def programme(fund):
    return Programme.objects.create(
        unit=fund.unit, name="Học bổng Hoa Phượng", kind="scholarship", fund=fund, is_public=True
    )


def both_decoders(image: Image.Image) -> set[str]:
    """What two unrelated decoders read of a picture; OpenCV's older detector misses one code in seven of any maker."""
    grey = image.convert("L")
    text, _points, _straight = cv2.QRCodeDetectorAruco().detectAndDecode(numpy.array(grey))
    return {text, *(found.text for found in zxingcpp.read_barcodes(grey))}


def resized(picture: Image.Image, size: int) -> Image.Image:
    """The picture as a screen of another density shows it."""
    return picture.convert("L").resize((size, size), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("amount", [None, 500_000, 9_999_999_999_999])
def test_two_decoders_read_the_picture_at_the_size_of_a_phone_and_of_a_poster(client, fund, amount):
    answer = client.get(reverse("fund_qr", args=[fund.pk]), {"amount": amount} if amount else {})
    assert answer.headers["Content-Type"] == "image/png"
    picture = Image.open(io.BytesIO(answer.content))
    payload = transfer_to(fund, amount=amount).payload
    # 224 points wide on the page: phones have up to three dots a point; then a poster.
    for size in (224, 448, 672, 1240):
        assert both_decoders(resized(picture, size)) == {payload}, size
    assert parse(payload).amount == amount


@pytest.mark.parametrize("dpi", [72, 150, 300])
def test_two_decoders_read_the_printed_sheet(client, programme, dpi):
    answer = client.get(reverse("programme_poster", args=[programme.pk]), {"amount": "200000"})
    assert answer.headers["Content-Type"] == "application/pdf"
    page = pypdfium2.PdfDocument(answer.content)[0]
    payload = transfer_to(programme.fund, programme=programme, amount=200_000).payload
    assert both_decoders(page.render(scale=dpi / 72).to_pil()) == {payload}
    words = page.get_textpage().get_text_bounded()
    assert "2100201012345" in words
    assert reference_of(programme.fund, programme) in words


@pytest.mark.parametrize("typed", ["500000", "500.000", "500 nghìn", "0,5 triệu"])
def test_a_typed_amount_goes_into_the_code_without_scripts(client, fund, typed):
    page = client.get(reverse("fund_public", args=[fund.pk]), {"amount": typed})
    assert page.context["transfer"].amount == 500_000
    assert "?amount=500000" in page.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1.5", "“1.5”"),
        ("0", "lớn hơn 0"),
        ("-5", "lớn hơn 0"),
        ("0,5", "“0,5”"),
        ("10000000000000", "Không ngân hàng nào"),
        ("abc", "“abc”"),
    ],
)
def test_what_is_no_amount_is_answered_beside_the_field(client, fund, typed, said):
    page = client.get(reverse("fund_public", args=[fund.pk]), {"amount": typed})
    assert page.status_code == 200
    assert page.context["transfer"].amount is None
    assert any(said in error for error in page.context["amount_form"].errors["amount"]), page.context[
        "amount_form"
    ].errors
    assert f'value="{typed}"' in page.content.decode()
    assert client.get(reverse("fund_qr", args=[fund.pk]), {"amount": typed}).status_code == 404


def test_what_is_not_public_has_no_page_no_code_and_no_sheet(client, fund, programme, tree):
    private = factories.make_fund(tree["NQ"])
    for name in ("fund_public", "fund_qr", "fund_poster"):
        assert client.get(reverse(name, args=[private.pk])).status_code == 404
        assert client.get(reverse(name, args=[fund.pk])).status_code == 200
    Programme.objects.filter(pk=programme.pk).update(is_public=False)
    for name in ("programme_qr", "programme_poster"):
        assert client.get(reverse(name, args=[programme.pk])).status_code == 404


def test_a_programmes_page_gives_its_own_reference(client, programme):
    page = client.get(reverse("programme_detail", args=[programme.pk]))
    assert f"UH Q{programme.fund_id} CT{programme.pk}" in page.content.decode()
    assert parse(page.context["transfer"].payload).memo == f"UH Q{programme.fund_id} CT{programme.pk}"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("UH Q7", (7, None)),
        ("uh q7 ct3", (7, 3)),
        ("IBFT UHQ7CT3 GD 6112", (7, 3)),
        ("NGUYEN VAN A CHUYEN TIEN UH Q7-MB", (7, None)),
        ("Ủng hộ quỹ", None),
        ("UH Q7 UH Q8", None),
        ("CHUH Q7", None),
        ("UH Q7 UH Q7", (7, None)),
    ],
)
def test_the_reference_is_found_in_a_line_of_the_bank(words, found):
    assert read_reference(words) == found
