"""Pages served: Vietnamese words on each kind of page; in English, people's own words are marked as Vietnamese."""

from __future__ import annotations

import re

import pypdfium2
import pytest
from django.conf import settings
from django.urls import reverse

from news import services as news
from news.models import Article, Category
from portal.lib.periods import HalfYear
from reports import services
from tests import factories
from tests.reports import rows

H1 = HalfYear(2023, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(tree, site_profile, approver, leader):
    """A half-year with rows, closed and issued."""
    tree["programmes"] = factories.make_programmes(tree["HP"])
    tree["funds"] = {code: factories.make_fund(tree[code]) for code in ("LC", "NQ")}
    rows.give(tree, "LC", count=12, half="2023-H1")
    rows.approve_all(tree, H1, approver)
    return services.issue_report(unit=tree["HP"], period=H1, number=12, actor=leader)


@pytest.fixture
def in_english(client_of):
    def sign_in(user):
        client = client_of(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in


def text_of(answer):
    return answer.content.decode()


def test_every_kind_of_page_speaks_vietnamese(client_of, site_profile, officer_lc):
    """Without the catalogue each of these would be English: the suite must not pass then."""
    public = client_of(None)
    assert "Tìm kiếm" in text_of(public.get("/"))
    assert "Đăng nhập" in text_of(public.get(reverse("account_login")))
    assert "Danh sách trao" in text_of(client_of(officer_lc).get(reverse("batch_list")))
    missing = public.get("/khong-co/")
    assert missing.status_code == 404
    assert "Không tìm thấy" in text_of(missing)


def test_the_printed_report_speaks_vietnamese(issued, client):
    pdf = client.get(reverse("report_download", kwargs={"period": H1, "code": "HP", "kind": "pdf"})).content
    text = " ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert "Số lượt" in text
    assert "Đơn vị" in text


def test_half_years_and_charts_have_their_english_on_screen(issued, in_english, client):
    where = {"period": H1, "code": "HP"}
    english = text_of(in_english(None).get(reverse("report_public", kwargs=where)))
    assert "Turns of scholarships, awards and support by unit, First half of 2023" in english
    assert "Amount of scholarships, awards and support by unit, First half of 2023" in english
    vietnamese = text_of(client.get(reverse("report_public", kwargs=where)))
    assert "Số lượt học bổng, khen thưởng, hỗ trợ theo đơn vị, 6 tháng đầu năm 2023" in vietnamese
    assert "First half" not in vietnamese


@pytest.mark.parametrize(
    ("half", "label", "short"),
    [(1, "6 tháng đầu năm 2023", "6T đầu 2023"), (2, "6 tháng cuối năm 2023", "6T cuối 2023")],
)
def test_a_half_year_on_a_vietnamese_screen_is_named_as_in_documents(half, label, short):
    one = HalfYear(2023, half)
    assert one.screen_label == one.label == label
    assert one.screen_short_label == short


def test_what_people_wrote_is_marked_as_vietnamese(in_english, site_profile, tree, editor):
    section = Category.objects.create(name="Tin hoạt động Hội", slug="tin-hoat-dong-hoi", position=1)
    article = news.create_article(
        category=section,
        unit=tree["HP"],
        title="Trao học bổng",
        lead="Hội trao.",
        body="<p>Các em nhận./.</p>",
        actor=editor,
    )
    news.publish_article(article=article, actor=editor)
    page = text_of(in_english(None).get("/"))
    assert '<html lang="en"' in page
    assert '<span class="site-name site-name-long" lang="vi">' in page
    assert re.search(r'<article lang="vi"[^>]*>.*?Trao học bổng', page, re.DOTALL)
    story = text_of(in_english(None).get(Article.objects.get().get_absolute_url()))
    assert '<h1 lang="vi">Trao học bổng</h1>' in story
    assert '<div class="article-body" lang="vi">' in story
