"""Charts are well-formed, say what they show, and draw lengths that are true to the figures."""

import base64
import re
import xml.etree.ElementTree as ET

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint import HTML

from portal.lib import charts

SVG = "{http://www.w3.org/2000/svg}"
UNITS = [("Quận Lê Chân", 1200), ("Cát Hải <&>", None), ("Ngô Quyền", 2400), ("Bạch Long Vĩ", 0)]
FIGURES = st.lists(
    st.tuples(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=30), st.integers(0, 10**13)),
    max_size=8,
)


def rects(svg):
    return [
        {key: float(rect.get(key)) for key in ("x", "y", "width", "height")} | {"fill": rect.get("fill")}
        for rect in ET.fromstring(svg).iter(f"{SVG}rect")
    ]


def texts(svg):
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]


def every_chart():
    return [
        charts.bar_chart(UNITS, title="Lượt <học sinh>", unit="lượt"),
        charts.bar_chart(UNITS, title="Lượt", width=360),
        charts.share_chart([("Học bổng", 2), ("Hỗ trợ", 1)], title="Cơ cấu"),
        charts.bar_chart([], title="Trống"),
        charts.share_chart([], title="Trống"),
    ]


@pytest.mark.parametrize("svg", every_chart())
def test_every_chart_is_one_named_picture_without_style_script_or_outside_reference(svg):
    root = ET.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert (root[0].tag, root[1].tag) == (f"{SVG}title", f"{SVG}desc")
    assert root[0].text
    for element in root.iter():
        assert element.tag.removeprefix(SVG) in {"svg", "title", "desc", "g", "rect", "path", "text"}
        assert not {"style", "id", "class", "href"} & set(element.attrib)
        assert not any(name.startswith("on") for name in element.attrib)


def test_bars_are_ranked_and_true_to_their_figures():
    svg = charts.bar_chart(UNITS, title="Lượt", unit="lượt")
    assert [text for text in texts(svg) if not text[0].isdigit() and text != "–"] == [
        "Ngô Quyền",
        "Quận Lê Chân",
        "Bạch Long Vĩ",
        "Cát Hải <&>",
    ]
    first, second = rects(svg)  # neither zero nor a missing figure has a bar
    assert first["width"] == pytest.approx(2 * second["width"], rel=1e-3)
    assert first["x"] == second["x"]
    assert {"2.400 lượt", "1.200 lượt", "0 lượt", "–"} <= set(texts(svg))


def test_bars_may_keep_their_order():
    svg = charts.bar_chart([("a", 1), ("b", 2)], title="t", ranked=False)
    assert [text for text in texts(svg) if text in {"a", "b"}] == ["a", "b"]


@given(FIGURES, st.sampled_from([360, 640]))
def test_lengths_are_proportional_and_stay_inside(items, width):
    svg = charts.bar_chart(items, title="t", width=width)
    bars = rects(svg)
    values = sorted((value for _, value in items if value), reverse=True)
    drawn = [bar["width"] for bar in bars]
    if values:
        assert drawn == pytest.approx([max(drawn) * value / values[0] for value in values], abs=0.002)
    assert all(bar["x"] + bar["width"] <= width for bar in bars)


def test_shares_fill_the_bar_and_add_up_to_a_hundred():
    svg = charts.share_chart([("Học bổng", 1), ("Khen thưởng", 1), ("Hỗ trợ", 1)], title="Cơ cấu", unit="lượt")
    shares = [rect for rect in rects(svg) if rect["height"] == 36]
    assert sum(share["width"] for share in shares) == pytest.approx(640, abs=0.01)
    assert texts(svg) == ["Học bổng: 1 lượt (34%)", "Khen thưởng: 1 lượt (33%)", "Hỗ trợ: 1 lượt (33%)"]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=6))
def test_percentages_add_up(parts):
    percents = charts.percentages(parts)
    assert sum(percents) == (100 if sum(parts) else 0)
    if sum(parts):
        assert all(abs(percent - 100 * part / sum(parts)) < 1 for percent, part in zip(percents, parts, strict=True))


@pytest.mark.parametrize(
    ("value", "short"),
    [
        (0, "0"),
        (999_999, "999.999"),
        (1_000_000, "1 triệu"),
        (426_900_000, "426,9 triệu"),
        (999_999_999, "1.000 triệu"),
        (10_426_900_000, "10,43 tỷ"),
        (1_500_000_000_000, "1.500 tỷ"),
        (1_005_000_000, "1,01 tỷ"),
        (2_010_000_000, "2,01 tỷ"),
    ],
)
def test_short_numbers(value, short):
    assert charts.short_number(value) == short


def test_what_cannot_be_drawn_truthfully_is_refused():
    with pytest.raises(ValueError, match="below zero"):
        charts.bar_chart([("a", -1)], title="t")
    with pytest.raises(ValueError, match="below zero"):
        charts.share_chart([("a", -1)], title="t")
    with pytest.raises(ValueError, match="at most"):
        charts.share_chart([("a", 1)] * 7, title="t")


def contrast_on_white(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize("name", charts.PALETTE)
def test_colours_can_be_told_from_paper(name):
    assert contrast_on_white(charts.PALETTE[name]) >= 4.5


def test_a_chart_in_a_document_is_drawn_and_names_its_font():
    uri = charts.chart_data_uri(every_chart()[0])
    svg = base64.b64decode(uri.split(",")[1]).decode()
    assert ET.fromstring(svg).get("font-family") == "Tinos"
    pdf = HTML(string=f'<img alt="x" src="{uri}">').write_pdf()
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    assert tuple(int(charts.PALETTE["sea"][place : place + 2], 16) for place in (1, 3, 5)) in set(
        picture.get_flattened_data()
    )


def test_long_labels_are_cut_in_the_picture_and_whole_in_the_description():
    label = "Liên hiệp các tổ chức khuyến học và cộng đồng học tập thành phố"
    svg = charts.bar_chart([(label, 5)], title="t")
    assert texts(svg)[0].endswith("…")
    assert label in ET.fromstring(svg)[1].text
    assert re.search(f"<g><title>{label}: 5</title>", svg)
