"""Codes are read back by an unrelated decoder; a mistyped short code is recognised."""

import base64
import io
import unicodedata
import xml.etree.ElementTree as ET

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from weasyprint import HTML

from portal.lib import qr

ADDRESS = "https://khuyenhoc.haiphong.example/xac-minh/ABCDE-FGHJK/"
CODES = st.text(alphabet=qr.ALPHABET, min_size=11, max_size=11).map(lambda body: body + qr._check_sign(body))


def decode(image):
    return [found.text for found in zxingcpp.read_barcodes(image)]


@pytest.mark.parametrize("text", [ADDRESS, "Hội Khuyến học Hải Phòng", "A" * 500, "1"])
@pytest.mark.parametrize("correction", ["M", "Q"])
def test_png_is_read_back(text, correction):
    png = qr.qr_png(text, correction=correction)
    assert decode(Image.open(io.BytesIO(png))) == [text]


def test_svg_in_a_document_is_read_back():
    html = f'<img alt="x" width="150" src="{qr.qr_data_uri(ADDRESS, correction="Q")}">'
    page = pypdfium2.PdfDocument(HTML(string=html).write_pdf())[0]
    assert decode(page.render(scale=3).to_pil()) == [ADDRESS]


def test_svg_is_accessible_and_safe_under_a_strict_policy():
    svg = qr.qr_svg(ADDRESS + "?a=1&b=<2>", title='Mã "xác minh" & tra cứu')
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("role") == "img"
    assert root[0].text == 'Mã "xác minh" & tra cứu'
    for word in ("style", "script", " id=", "href"):
        assert word not in svg


def test_svg_names_itself_by_its_text_without_a_title():
    assert ET.fromstring(qr.qr_svg(ADDRESS))[0].text == ADDRESS


def test_quiet_zone_stays_white():
    root = ET.fromstring(qr.qr_svg("x", quiet=4))
    starts = [part.split("h")[0].split() for part in root[2].get("d").split("M")[1:]]
    assert min(int(x) for x, _ in starts) == min(int(y) for _, y in starts) == 4


@pytest.mark.parametrize("text", ["", "x" * 3000])
def test_text_that_does_not_fit_is_refused(text):
    with pytest.raises(ValueError, match="QR code"):
        qr.qr_svg(text)


def test_data_uri_holds_the_svg():
    kind, content = qr.qr_data_uri("x").split(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(content).decode() == qr.qr_svg("x")


def test_new_codes_are_codes_and_differ():
    codes = {qr.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(qr.is_code(code) for code in codes)
    assert not set("".join(codes)) & set("01OI5S")


@given(CODES, st.integers(0, 11), st.sampled_from(qr.ALPHABET))
def test_one_changed_sign_is_recognised(code, place, sign):
    changed = code[:place] + sign + code[place + 1 :]
    assert qr.is_code(changed) == (changed == code)


@given(CODES, st.integers(0, 10))
def test_two_neighbours_exchanged_are_recognised(code, place):
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert qr.is_code(changed) == (changed == code)


@pytest.mark.parametrize("text", ["", "BCG", "bcghklmnpqtv", "BCGH-KLMN-PQTV", "ABCGHKLMNPQT"])
def test_what_is_no_code_is_none(text):
    assert not qr.is_code(text)


@given(CODES)
def test_a_printed_code_typed_back_is_the_code(code):
    printed = qr.format_code(code)
    assert printed == f"{code[:4]}-{code[4:8]}-{code[8:]}"
    assert qr.clean_code(f"  {printed.lower().replace('-', ' - ')} ") == code


VOWELS = "AEIOUY"


def is_eaten(first: str, second: str) -> bool:
    """Whether a Vietnamese keyboard, Telex or VNI, makes another sign of these two keys, wherever the first stood."""
    telex = (
        (second in "SFRXJZ" and first in VOWELS)
        or (first == second and first in "AEOD")
        or second == "W"
        or first in "W[]"
    )
    vni = (second in "12345678" and first in VOWELS) or (first, second) == ("D", "9")
    return telex or vni


def test_the_old_signs_held_pairs_that_a_vietnamese_keyboard_eats():
    assert [is_eaten(*pair) for pair in ("UW", "AS", "DD", "A1", "D9", "EE")] == [True] * 6


def test_no_pair_of_signs_is_eaten_by_telex_or_vni():
    assert [a + b for a in qr.ALPHABET for b in qr.ALPHABET if is_eaten(a, b)] == []


def test_the_number_of_signs_is_a_prime():
    assert len(set(qr.ALPHABET)) == len(qr.ALPHABET) == 19


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("shown", "keys"),
    [("Ư", "UW"), ("Á", "AS"), ("đ", "DD"), ("ộ", "OOJ"), ("Ằ", "AWF"), ("Ỷ", "YR"), ("ẽ", "EX"), ("ưgrw", "UWGRW")],
)
def test_what_telex_made_of_keys_is_turned_back(form, shown, keys):
    assert qr.clean_code(unicodedata.normalize(form, shown)) == keys
