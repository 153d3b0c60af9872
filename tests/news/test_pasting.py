"""What other programs copy, each in its own way: nothing is lost without a word, and nothing comes in that is no text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.services import clean_body, left_out_sentence, plain_text


def item(marker: str, words: str, *, level: int = 1, name: str = "l0", number: int = 1) -> str:
    """Return a paragraph of a list as Word on the desk copies it."""
    return (
        f"<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:{name} level{level} lfo{number}'>"
        f"<![if !supportLists]><span><span style='mso-list:Ignore'>{marker}<span style='font:7.0pt \"Times New Roman\"'>"
        f"&nbsp;&nbsp; </span></span></span><![endif]>{words}<o:p></o:p></p>"
    )


def once(source: str) -> str:
    """Return the clean text, after making sure that it stays as it is."""
    html = clean_body(source).html
    assert clean_body(html).html == html
    return html


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (item("1.", "A") + item("2.", "B") + item("1.", "C", number=2) + item("2.", "D", number=2),
         "<ol><li>A</li><li>B</li></ol>\n<ol><li>C</li><li>D</li></ol>"),
        (item("I.", "A") + item("1.", "B", level=2) + item("a)", "C", level=3) + item("b)", "D", level=3)
         + item("2.", "E", level=2) + item("II.", "F"),
         '<ol type="I"><li>A<ol><li>B<ol type="a"><li>C</li><li>D</li></ol></li><li>E</li></ol></li><li>F</li></ol>'),
        (item("(1)", "A") + item("(2)", "B"), "<ol><li>A</li><li>B</li></ol>"),
        (item("1.", "A") + item("1.1.", "B", level=2) + item("1.2", "C", level=2) + item("2.", "D"),
         "<ol><li>A<ol><li>B</li><li>C</li></ol></li><li>D</li></ol>"),
        (item("1.", "A") + item("-", "B", level=2) + item("a)", "C", level=2),
         '<ol><li>A<ul><li>B</li></ul><ol type="a"><li>C</li></ol></li></ol>'),
        (item("g)", "A") + item("h)", "B") + item("i)", "C") + item("j)", "D"),
         '<ol start="7" type="a"><li>A</li><li>B</li><li>C</li><li>D</li></ol>'),
        (item("iv.", "A") + item("v.", "B") + item("vi.", "C"),
         '<ol start="4" type="i"><li>A</li><li>B</li><li>C</li></ol>'),
        (item("Điều 1.", "Phạm vi") + item("Bước 2:", "Nộp"), "<p>Điều 1. Phạm vi</p>\n<p>Bước 2: Nộp</p>"),
        (item("\uf0d8", "A") + item("v", "B") + item("➢", "C"), "<ul><li>A</li><li>B</li><li>C</li></ul>"),
        ("<h1 style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>I.<span>&nbsp; </span></span>Kết quả</h1>",
         "<h2>I. Kết quả</h2>"),
        (item("1.", "A") + item("2.", "<del>bỏ</del>") + item("3.", "B"), "<ol><li>A</li><li>B</li></ol>"),
        (item("1.", "A<br><br>tiếp") + item("2.", "B"), "<ol><li><p>A</p><p>tiếp</p></li><li>B</li></ol>"),
        ("<p class=MsoListParagraph>Chỉ thụt lề</p>", "<p>Chỉ thụt lề</p>"),
        ("<p class=MsoListParagraph><span style='font-family:Symbol'>·<span>&nbsp;&nbsp;</span></span>Một</p>",
         "<ul><li>Một</li></ul>"),
        ('<ol><li value="5">năm</li><li>sáu</li><li value="9">chín</li></ol>',
         '<ol start="5"><li>năm</li><li>sáu</li></ol>\n<ol start="9"><li>chín</li></ol>'),
        ('<menu><li>a</li></menu><dir><li>b</li></dir>', "<ul><li>a</li></ul>\n<ul><li>b</li></ul>"),
    ],
)  # fmt: skip
def test_lists_of_word_keep_their_numbers_and_their_levels(source, expected):
    assert once(source) == expected


ONLINE = """<div class="ListContainerWrapper SCXW1 BCX0"><{0} role="list" start="{1}"><li data-listid="1" data-aria-posinset="{1}"
data-aria-level="{2}" role="listitem"><p class="Paragraph SCXW1"><span class="TextRun">{3}</span><span class="EOP">&nbsp;</span></p></li></{0}></div>"""


def test_a_list_of_word_online_is_one_list_with_its_levels():
    copied = "".join(
        ONLINE.format(*one)
        for one in (("ol", 1, 1, "A"), ("ol", 1, 2, "B"), ("ul", 1, 3, "C"), ("ol", 2, 2, "D"), ("ol", 2, 1, "E"))
    )
    assert once(copied) == "<ol><li>A<ol><li>B<ul><li>C</li></ul></li><li>D</li></ol></li><li>E</li></ol>"


@pytest.mark.parametrize(
    ("source", "expected", "struck"),
    [
        ("<table><tr><td rowspan=2>A</td><td>b</td></tr><tr><td> </td></tr><tr><td>c</td><td>d</td></tr></table>",
         '<tr><td rowspan="2">A</td><td>b</td></tr><tr><td></td></tr><tr><td>c</td><td>d</td></tr>', 0),
        ("<table><tr><td rowspan=2>A</td><td rowspan=2>b</td></tr><tr></tr><tr><td>c</td><td>d</td></tr></table>",
         "<tr><td>A</td><td>b</td></tr><tr><td>c</td><td>d</td></tr>", 0),
        ("<table><tr><td style='text-decoration:line-through'>10</td><td>12</td></tr></table>",
         "<tr><td></td><td>12</td></tr>", 1),
        ("<table><tr><td><figure data-photo='3'></figure></td><td> </td></tr></table>",
         '<tr><td><figure data-photo="3"></figure></td><td></td></tr>', 0),
        ("<table><tfoot><tr><td>Tổng</td></tr></tfoot><tbody><tr><td>1</td></tr></tbody></table>",
         "<tr><td>1</td></tr><tr><td>Tổng</td></tr>", 0),
    ],
)  # fmt: skip
def test_a_tables_figures_stay_in_their_columns(source, expected, struck):
    assert once(source) == f"<table><tbody>{expected}</tbody></table>"
    assert clean_body(source).struck == struck


#: A range of Excel, a page of Google Docs: what is struck out or hidden is told by the sheet of styles alone.
EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>
<!--table {mso-displayed-decimal-separator:"\\,";} .xl65 {color:black; text-decoration:line-through;} @media print {.xl66 {display:none}}
-->/* ghi chú */ .xl67, td.xl68 {font-weight:700}</style></head><body><table><!--StartFragment--><col width=64>
<tr><td class=xl65>10</td><td class=xl66>12</td></tr><tr style='display:none'><td>kín</td><td>kín</td></tr><!--EndFragment--></table></body></html>"""


def test_what_the_style_sheet_strikes_out_or_hides_stays_out_and_is_counted():
    cleaned = clean_body(EXCEL)
    assert cleaned.html == "<table><tbody><tr><td></td><td>12</td></tr></tbody></table>"
    assert (cleaned.struck, cleaned.hidden) == (1, 1)
    google = "<style>ol{margin:0}.c1{font-weight:700}.c2{text-decoration:line-through}span.c3{display:none}.c4{font-style:italic}</style>"
    text = "<p><span class='c1'>Đậm</span> <span class='c2'>bỏ</span> <span class='c3'>ẩn</span> <span class='c4'>nghiêng</span></p>"
    assert clean_body(google + text) == ("<p><strong>Đậm</strong> <em>nghiêng</em></p>", 0, 1, 1, 0, 0)


SHEETS = """<google-sheets-html-origin><style type="text/css"><!--td {border: 1px solid #ccc;}--></style><table data-sheets-root="1">
<colgroup><col width="100"/></colgroup><tbody><tr><td>A</td><td>B</td></tr></tbody></table></google-sheets-html-origin>"""
LIBRE_FIELDS = """<html><head><meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/></head><body><p>Câu<!-- Bỏ câu này! --> này, ngày
<span style="background: #c0c0c0"><sdfield type=DATETIME sdnum="1033;0;M/D/YY">21/07</sdfield></span></p></body></html>"""


def test_the_marks_that_programs_make_for_themselves_are_no_text():
    assert once(SHEETS) == "<table><tbody><tr><td>A</td><td>B</td></tr></tbody></table>"
    cleaned = clean_body(LIBRE_FIELDS)
    assert (cleaned.html, cleaned.comments) == ("<p>Câu này, ngày 21/07</p>", 1)
    assert once("<app-root><p>a <bdo dir=ltr>b</bdo> <dfn>c</dfn></p></app-root>") == "<p>a b c</p>"
    assert once("<p>Em <hoi-vien> nộp <tệp-tin></p>") == "<p>Em &lt;hoi-vien&gt; nộp &lt;tệp-tin&gt;</p>"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<header>A</header><main>B</main><details><summary>C</summary>D</details>", "<p>A</p>\n<p>B</p>\n<p>C</p>\n<p>D</p>"),
        ("<center>A</center><center>B</center>", "<p>A</p>\n<p>B</p>"),
        ("<figure>A<figcaption>B</figcaption></figure>", "<p>A</p>\n<p>B</p>"),
        ("<p><q>trích</q></p>", "<p>“trích”</p>"),
        ("<pre>Một\nHai\n\nBa</pre>", "<p>Một<br>Hai</p>\n<p>Ba</p>"),
        ("<div style='white-space: pre-wrap'>Một\n<b>Hai\nBa</b></div>", "<p>Một<br><strong>Hai<br>Ba</strong></p>"),
        ("<b><p>Một</p><ul><li>Hai</li></ul></b>", "<p><strong>Một</strong></p>\n<ul><li><strong>Hai</strong></li></ul>"),
        ("<a href='/x'><h2>Tít</h2><p>Sapo</p></a>", '<h2><a href="/x">Tít</a></h2>\n<p><a href="/x">Sapo</a></p>'),
        ("<p>Cô giáo 👩\u200d🏫 và 👨\u200d👩\u200d👧, ❤\ufe0f\u200d🔥; a\u200db</p>",
         "<p>Cô giáo 👩\u200d🏫 và 👨\u200d👩\u200d👧, ❤\ufe0f\u200d🔥; ab</p>"),
        ("<p>Vui <img class='emoji' alt='🎉' src='https://x.vn/e.png'> quá <img alt='👩\u200d🏫' src='x'></p>", "<p>Vui 🎉 quá 👩\u200d🏫</p>"),
        ("<p>Một<a href='#_edn1'><span class=MsoEndnoteReference>[i]</span></a></p>", "<p>Một<sup>[i]</sup></p>"),
        ("<p><em>a <em>b</em></em><strong><em>c</em></strong><strong><em>d</em></strong></p>",
         "<p><em>a b</em><strong><em>cd</em></strong></p>"),
        ("a<br><strong> a</strong>", "<p>a<br><strong>a</strong></p>"),
    ],
)  # fmt: skip
def test_words_that_other_pages_part_are_not_glued_and_what_stands_round_blocks_stays(source, expected):
    assert once(source) == expected


PAGE = """<article><figure><picture><source data-srcset="https://x.vn/a.webp"><img src="data:image/gif;base64,R0" data-src="https://x.vn/a.jpg">
</picture><figcaption><p>Chú thích ảnh. Ảnh: An</p></figcaption></figure><iframe width=560 src="https://www.youtube.com/embed/dQw4w9WgXcQ" title="Lễ
trao"></iframe><p>Đoạn</p><iframe src="https://ads.vn/"></iframe><video controls><source src=x.mp4>Không mở được</video>
<iframe src="https://dem.vn" width=1 height=1></iframe><img src="https://dem.vn/1.gif" width="1" height="1"></article>"""


def test_a_newspapers_page_leaves_its_frames_and_counts_them_and_its_video_stays():
    cleaned = clean_body(PAGE)
    assert cleaned.html == (
        '<p>Chú thích ảnh. Ảnh: An</p>\n<figure data-video="youtube:dQw4w9WgXcQ" title="Lễ trao"></figure>\n<p>Đoạn</p>'
    )
    assert (cleaned.images, cleaned.embeds) == (1, 2)
    assert left_out_sentence(cleaned).startswith("2 khung nhúng (video, quảng cáo …) không được đưa vào. 1 hình")


def test_text_in_an_old_font_is_told():
    sentence = "Nội dung gõ bằng phông chữ cũ (TCVN3 hoặc VNI) nên bạn đọc không đọc được: vui lòng chuyển sang Unicode trước khi dán."
    assert left_out_sentence(clean_body("<p style='font-family:.VnTime'>Héi KhuyÕn häc ViÖt Nam</p>")) == sentence
    assert left_out_sentence(clean_body("<p>Hội Khuyến học Việt Nam, Café Zürich</p>")) == ""


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("zalo.me/0912345678", "https://zalo.me/0912345678"), ("youtu.be/dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ"),
        ("bit.ly/x", "https://bit.ly/x"), ("ke-hoach.pdf", ""), ("index.html", ""), ("\\\\may-chu.vn\\tep", ""),
        ("https://x.vn/a b", "https://x.vn/a%20b"), (" https://x.vn/a\nb ", "https://x.vn/ab"),
        ("mailto:a@b.vn?subject=Xin chào", "mailto:a@b.vn?subject=Xin%20chào"), ("tel: 0225 3841 234", "tel:02253841234"),
        ("mailto:javascript:x", ""), ("tel:x", ""), ("mailto:?subject=a", "mailto:?subject=a"),
    ],
)  # fmt: skip
def test_f15_links_of_hosts_people_use_lead_there_and_those_of_files_lead_nowhere(href, kept):
    html = once(f'<p><a href="{href}">a</a></p>')
    rel = ' rel="noopener"' if kept.startswith("http") else ""
    assert html == (f'<p><a href="{kept}"{rel}>a</a></p>' if kept else "<p>a</p>")


def test_f15_a_link_to_this_site_stays_within_it_whatever_its_address_becomes(settings):
    settings.SITE_HOST = "hoi.example.vn"
    for href, kept in (
        ("https://hoi.example.vn/tin-tuc/a-1/?x=1#muc", "/tin-tuc/a-1/?x=1#muc"), ("HTTP://HOI.example.vn", "/"),
        ("hoi.example.vn/hoc-bong/", "/hoc-bong/"), ("https://hoi.example.vn//evil.vn/", "/evil.vn/"),
        ("https://hoi.example.vn/\\evil.vn", "/evil.vn"),
    ):  # fmt: skip
        assert once(f'<p><a href="{href}">a</a></p>') == f'<p><a href="{kept}">a</a></p>'
    assert once('<p><a href="https://hoi.example.vn.evil.vn/">a</a></p>').endswith('vn/" rel="noopener">a</a></p>')


INLINE = st.sampled_from(["strong", "em", "sub", "sup", "a", "b", "i", "span", "u", "q", "font"])
BLOCK = st.sampled_from(
    ["p", "h1", "h3", "div", "ul", "ol", "li", "table", "tr", "td", "th", "thead", "tfoot", "caption", "blockquote",
     "figure", "dl", "dt", "center", "pre", "main", "word 1.", "word -", "photo"]
)  # fmt: skip


def nest(tag: str, inner: list[str]) -> str:
    """Return an element around others."""
    words = "".join(inner)
    if tag.startswith("word"):
        return item(tag[5:], words, level=len(inner) % 3 + 1)
    if tag == "photo":
        return f"<figure data-photo='3'></figure>{words}"
    attributes = {"a": " href='https://x.vn/'", "td": " rowspan=2", "li": " value=4"}.get(tag, "")
    return f"<{tag}{attributes}>{words}</{tag}>"


NESTED = st.recursive(
    st.sampled_from(["a", " ", "b ", "\u00a0", " c", "1.", "<br>", "d\ne"]),
    lambda inner: st.builds(nest, st.one_of(INLINE, INLINE, BLOCK), st.lists(inner, max_size=4)),
    max_leaves=16,
)


@given(st.lists(NESTED, max_size=4).map("".join))
def test_whatever_is_nested_in_whatever_settles_at_once_and_no_word_is_lost(source):
    cleaned = clean_body(source)
    assert clean_body(cleaned.html) == (cleaned.html, 0, 0, 0, 0, 0)
    for letter in "abcde":  # "1." may be a mark that Word made
        assert plain_text(cleaned.html).count(letter) == plain_text(source_words(source)).count(letter)


def source_words(source: str) -> str:
    """Return the words of what was generated, without its markup."""
    first, *rest = source.split("<")
    return first + "".join(part.partition(">")[2] for part in rest)
