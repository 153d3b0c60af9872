"""What is stored, printed or sent is Vietnamese although every person at work looks at English screens."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import polib
import pypdfium2
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import translation
from docx import Document

from news import services as news
from news.models import Article, Category
from portal.lib.periods import HalfYear
from portal.models import Closing, Highlight, SearchEntry
from scholarships.models import Batch
from tests.reports import rows

H1 = HalfYear(2023, 1)
OWN = ("portal", "intakes", "news", "members", "scholarships", "reports")
ENGLISH = re.compile(
    r"\b(the|of|and|from|with|been|has|is|are|report|half-year|turns?|amount|units?|lists?|name|total|date|school|"
    r"given|page|news|latest|opening|figures?|members?|new|paid|scholarships?|awards?|support|funds?)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def english():
    """Every sentence of the catalogue that has English words of its own, as its parts between the values."""
    catalogue = polib.pofile(str(Path(settings.BASE_DIR) / "locale/vi/LC_MESSAGES/django.po"))
    said = {entry.msgid for entry in catalogue if len(re.findall(r"(?<!%\()\b[A-Za-z]{3,}", entry.msgid)) > 1}
    return [re.split(r"%\(\w+\)[sd]", sentence) for sentence in said]


def say(text, sentence):
    """Whether the text holds the parts of the sentence one after the other, with a value between them."""
    place = 0
    for part in sentence:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part) + 1
    return True


@pytest.fixture
def english_client(client_of):
    def sign_in(user):
        client = client_of(user)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert 'lang="en"' in client.get("/").content.decode()[:200]
        return client

    return sign_in


@pytest.fixture
def worked(city, english_client, officer_lc, approver, leader, editor):
    """A list begun, a half-year closed, a report issued, its story published: all on English screens."""
    Category.objects.create(name="Hoạt động Hội", slug="hoat-dong-hoi")
    sent = {"mode": "to_pay", "way": "type", "unit": city["LC"].pk, "half": "2023-H2"}
    assert english_client(officer_lc).post(reverse("batch_create"), sent).status_code == 302
    with translation.override("en"):
        rows.approve_all(city, H1, approver)
    page = english_client(leader)
    where = {"period": H1, "code": "HP"}
    assert page.get(reverse("report_detail", kwargs=where)).status_code == 200
    assert page.post(reverse("report_freeze", kwargs=where), {"number": "12"}).status_code == 302
    assert page.post(reverse("report_issue", kwargs=where)).status_code == 302
    assert english_client(editor).post(reverse("report_draft_article", kwargs=where)).status_code == 302
    article = Article.objects.get()
    with translation.override("en"):
        fields = article.working_revision
        body = re.sub(r"<figure.*?</figure>", "", fields.body, flags=re.DOTALL)
        article = news.save_article(
            article=article, actor=editor, category=article.category, title=fields.title, lead=fields.lead, body=body
        )
        news.publish_article(article=article, actor=editor)
    return english_client


def texts_of(row):
    """What a row says, leaving out codes."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if isinstance(field, models.JSONField):
            yield from ((field.name, text) for text in strings_in(value))
        elif isinstance(field, models.CharField | models.TextField) and not field.choices and isinstance(value, str):
            yield field.name, value


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings_in(inner)


def test_every_stored_sentence_is_vietnamese(worked, english):
    assert Batch.objects.get(half="2023-H2").title == "Danh sách trao 6 tháng cuối năm 2023"
    assert Closing.objects.filter(reason__contains="nửa năm").exists()
    assert not Closing.objects.exclude(reason__contains="nửa năm").exists()
    assert Highlight.objects.exists()
    assert SearchEntry.objects.filter(kind="report").exists()
    kept = {
        text: f"{type(row).__name__}.{name}"
        for label in OWN
        for model in apps.get_app_config(label).get_models()
        for row in model.objects.all()
        for name, text in texts_of(row)
        if not name.endswith("pairs")
    }
    everything = "\n".join(kept)
    wrong = [
        f"{place}: {''.join(sentence)[:80]}"
        for sentence in english
        if max(sentence, key=len) in everything
        for text, place in kept.items()
        if say(text, sentence)
    ]
    assert wrong == []


def words_of(kind, content):
    if kind == "pdf":
        return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    if kind == "docx":
        document = Document(io.BytesIO(content))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return [*cells, *(paragraph.text for paragraph in document.paragraphs)]
    if kind == "xlsx":
        workbook = openpyxl.load_workbook(io.BytesIO(content))
        return [
            *workbook.sheetnames,
            *(str(cell) for sheet in workbook for row in sheet.iter_rows(values_only=True) for cell in row if cell),
        ]
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    coded = {place for place, name in enumerate(head) if name in {"code", "indicator", "measure", "mã"}}
    return [cell for line in lines for place, cell in enumerate(line) if place not in coded]


def english_words(texts):
    return sorted(
        {match[0] for text in texts for match in ENGLISH.finditer(re.sub(r"https?://\S+|[\w.]+\.\w+", "", text))}
    )


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_every_printed_word_of_the_report_is_vietnamese(worked, approver, kind):
    page = worked(approver)
    file = page.get(reverse("report_download", kwargs={"period": H1, "code": "HP", "kind": kind}))
    assert english_words(words_of(kind, file.content)) == []
    assert any("lượt" in text.lower() for text in words_of(kind, file.content))


def test_the_open_figures_are_vietnamese(worked):
    file = worked(None).get(reverse("open_data_file", kwargs={"period": H1, "code": "HP"}))
    assert english_words(words_of("csv", file.content)) == []


def test_the_draft_of_a_report_is_vietnamese(city, english_client, leader, django_capture_on_commit_callbacks):
    for kind in ("pdf", "docx", "xlsx"):
        where = {"period": H1, "code": "HP", "kind": kind}
        with django_capture_on_commit_callbacks(execute=True), translation.override("en"):
            english_client(leader).get(reverse("report_draft_file", kwargs=where))
        file = english_client(leader).get(reverse("report_draft_file", kwargs=where))
        assert english_words(words_of(kind, file.content)) == []


def test_lists_and_blank_forms_are_vietnamese(worked, officer_lc):
    page = worked(officer_lc)
    files = [
        page.get(reverse("batch_detail", args=[Batch.objects.filter(unit__code="LC").first().pk]), {"file": "xlsx"}),
        page.get(reverse("batch_form")),
        page.get(reverse("batch_list"), {"file": "xlsx"}),
    ]
    for file in files:
        assert file.status_code == 200
        content = b"".join(file.streaming_content) if file.streaming else file.content
        assert english_words(words_of("xlsx", content)) == []


def test_feeds_and_the_printed_story_are_vietnamese(worked):
    page = worked(None)
    for name in ("rss", "atom"):
        text = re.sub(r"<[^>]*>", " ", page.get(reverse(name)).content.decode())
        assert english_words([text]) == []
        assert "Tin mới" in text
    article = Article.objects.get()
    paper = page.get(article.get_absolute_url() + "ban-in.pdf")
    assert english_words(words_of("pdf", paper.content)) == []
