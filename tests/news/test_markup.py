"""Text as it is pasted comes out as the little markup a story needs, and the same every time."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.services import clean_body, plain_text

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style>
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]--></head><body>
<h1 style="mso-outline-level:1">Lễ trao học bổng</h1>
<p class=MsoNormal><b style='mso-bidi-font-weight:normal'><span style='font-size:14.0pt'>Sáng nay</span></b><span>,&nbsp;&nbsp;
<st1:place w:st="on">Hải Phòng</st1:place> <i>trao</i> H<sub>2</sub>O<o:p></o:p></span></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Một</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp;</span></span>Một một</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>Hai</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.</span>Thứ nhất</p>
<p class=MsoNormal><!--[if gte vml 1]><v:shape id="Picture_x0020_1"/><![endif]--><img width=602 height=401
src="file:///C:/Users/An/AppData/Local/Temp/msohtmlclip1/01/clip_image002.jpg" align=left hspace=12></p>
<table class=MsoTableGrid border=1 style='border-collapse:collapse;mso-yfti-tbllook:1184'>
 <tr style='mso-yfti-irow:0'><td width=302 valign=top style='width:226.5pt' colspan=2><p class=MsoNormal>Quận<o:p></o:p></p></td></tr>
 <tr><td><p class=MsoNormal>Lê Chân</p></td><td><p class=MsoNormal>1.000</p></td></tr></table></body></html>"""

WORD_CLEAN = """<h2>Lễ trao học bổng</h2>
<p><strong>Sáng nay</strong>, Hải Phòng <em>trao</em> H<sub>2</sub>O</p>
<ul><li>Một<ul><li>Một một</li></ul></li><li>Hai</li></ul>
<ol><li>Thứ nhất</li></ol>
<table><tbody><tr><td colspan="2">Quận</td></tr><tr><td>Lê Chân</td><td>1.000</td></tr></tbody></table>"""

GOOGLE = (
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-77"><p dir="ltr" style="line-height:1.38">'
    '<span style="font-size:11pt;font-weight:700;font-style:normal">Đậm</span><span style="font-weight:400"> thường</span></p>'
    '<ul style="margin:0"><li dir="ltr" style="list-style-type:disc"><p dir="ltr" role="presentation"><span>Một</span></p></li></ul>'
    "<br /></b>"
)
LIBRE = (
    '<p class="western" style="margin-bottom: 0cm"><font face="Times New Roman, serif"><font size="4"><b>Đậm</b></font></font></p>\n'
    '<ul>\n\t<li><p class="western">Một</p>\n\t<ul>\n\t\t<li><p>Hai</p></ul>\n\t</ul>\n</ul><p><br/>\n</p>'
)


def test_a_word_document_comes_out_clean_and_its_picture_is_counted():
    cleaned = clean_body(WORD)
    assert cleaned.html == WORD_CLEAN
    assert cleaned.dropped_images == 1


def test_google_docs_and_libreoffice_come_out_clean():
    assert clean_body(GOOGLE).html == "<p><strong>Đậm</strong> thường</p>\n<ul><li>Một</li></ul>"
    assert clean_body(LIBRE).html == "<p><strong>Đậm</strong></p>\n<ul><li>Một<ul><li>Hai</li></ul></li></ul>"


@pytest.mark.parametrize("source", [WORD, GOOGLE, LIBRE])
def test_cleaning_twice_is_cleaning_once(source):
    once = clean_body(source).html
    assert clean_body(once) == (once, 0)


PIECES = st.sampled_from(
    ["<p>", "</p>", "<b>", "</b>", "<ul>", "<li>", "</li>", "</ul>", "<br>", " ", "&nbsp;", "chữ", "<table>", "<tr>", "<td>",
     "</table>", "<h1>", "</h1>", "<div>", "</div>", "<em>", "<a href='/x'>", "</a>", "<blockquote>", "</blockquote>", "&amp;",
     "<figure data-photo='3'>", "</figure>", "<p style='mso-list:l0 level2 lfo1'>", "<span style='font-weight:bold'>", "</span>"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_soup_settles_at_once(soup):
    once = clean_body(soup).html
    assert clean_body(once).html == once


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p><a href="javascript:alert(1)">a</a></p>', "<p>a</p>"),
        ('<p><a href="file:///C:/x.doc">a</a></p>', "<p>a</p>"),
        ('<p><a href="/tin-tuc/?a=1&amp;b=2">a</a></p>', '<p><a href="/tin-tuc/?a=1&amp;b=2">a</a></p>'),
        ('<p onclick="x()">a<script>alert(1)</script></p>', "<p>a</p>"),
        ('<p>a<iframe src="https://x.vn"></iframe></p>', "<p>a</p>"),
        (
            '<figure data-photo="12" class="x"><img src="https://x.vn/a.jpg"></figure>',
            '<figure data-photo="12"></figure>',
        ),
        ('<figure data-photo=""></figure>', '<figure data-photo=""></figure>'),
        ('<figure data-photo="1&quot;onx"></figure>', '<figure data-photo="1"></figure>'),
        ("một\n\nhai < 3 & bốn", "<p>một</p>\n<p>hai &lt; 3 &amp; bốn</p>"),
        ("<p>a<br><br>b<br>c</p>", "<p>a</p>\n<p>b<br>c</p>"),
        ("", ""),
    ],
)
def test_what_stays_and_what_goes(source, expected):
    assert clean_body(source).html == expected


def test_text_is_stored_in_nfc_without_anything_invisible():
    assert clean_body("<p>" + unicodedata.normalize("NFD", "Đồ Sơn") + "\u200b\ufeff</p>").html == "<p>Đồ Sơn</p>"


def test_a_reader_of_plain_text_gets_words_not_markup():
    assert plain_text("<h2>A &amp; B</h2><ul><li>một</li><li>hai</li></ul>") == "A & B\nmột\nhai"
