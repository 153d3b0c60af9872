"""A new article's form that is sent more than once: what was written since the first time is saved too."""

from __future__ import annotations

import pytest
from django.urls import reverse

from news import services
from news.models import Article, Attachment, Photo
from tests.news.conftest import picture
from tests.news.test_inserting import pdf
from tests.news.test_newsroom import said

NEW = reverse("newsroom_create")


@pytest.fixture(autouse=True)
def _a_site(site_profile):
    """Every page has a frame."""


@pytest.fixture
def typed(editor, section) -> dict[str, object]:
    """Return what the form of a new article holds."""
    unit = editor.current_postings[0].unit_id
    return {
        "title": "Lễ trao", "category": section.pk, "unit": unit, "lead": "", "body": "<p>Một</p>", "cover": "",
        "form_key": "mot-trang",
    }  # fmt: skip


def test_what_was_written_on_after_a_press_that_seemed_lost_is_saved_with_the_next(client_of, editor, typed):
    desk = client_of(editor)
    desk.post(NEW, typed)  # the line is slow: its writer stops waiting, writes on, brings in a photo and a file
    photo = services.add_photo(file=picture(), form_key="mot-trang", actor=editor)
    file = services.add_attachment(file=pdf("Kế hoạch.pdf"), form_key="mot-trang", actor=editor)
    body = f'<p>Một, hai</p>\n<figure data-photo="{photo.pk}"></figure>\n<figure data-file="{file.pk}"></figure>'
    words = {
        f"photo-{photo.pk}-caption": "Chú thích",
        f"photo-{photo.pk}-alt": "Các em",
        f"photo-{photo.pk}-credit": "",
    }
    answer = desk.post(NEW, typed | words | {"body": body, "cover": photo.pk})
    article = Article.objects.get()
    assert answer.headers["Location"] == reverse("newsroom_update", args=[article.pk])
    assert article.working_revision.body == body
    assert (article.working_revision.cover, article.working_revision.words_of(photo.pk)["caption"]) == (
        photo,
        "Chú thích",
    )
    assert (Photo.objects.get().article, Attachment.objects.get().article) == (article, article)


def test_what_somebody_saved_since_is_not_overwritten_and_both_texts_are_shown(client_of, editor, contributor, typed):
    desk = client_of(editor)
    desk.post(NEW, typed)
    article = Article.objects.get()
    values = {"category": article.category, "title": "Lễ trao", "lead": "Sapo của B", "body": "<p>Một</p>"}
    services.save_article(article=article, actor=contributor, **values)
    answer = desk.post(NEW, typed | {"body": "<p>Một của tôi</p>"})
    assert answer.status_code == 409
    assert "Một của tôi" in answer.content.decode()
    assert "Sapo của B" in answer.content.decode()
    article.refresh_from_db()
    assert article.working_revision.lead == "Sapo của B"


def test_the_same_text_as_stands_is_no_change(client_of, editor, typed):
    desk = client_of(editor)
    for body in ("<p>Một</p>", "<p>Một, hai</p>", "<p>Một, hai</p>"):
        answer = desk.post(NEW, typed | {"body": body})
        assert answer.headers["Location"] == reverse("newsroom_update", args=[Article.objects.get().pk])
        assert "Đã lưu" in said(answer)
    assert Article.objects.get().working_revision.number == 2


def test_a_form_refused_after_it_was_saved_is_shown_again_and_saved_then(client_of, editor, typed):
    desk = client_of(editor)
    desk.post(NEW, typed)
    refused = desk.post(NEW, typed | {"title": "", "body": "<p>Một, hai</p>"})
    assert refused.status_code == 200
    assert "Một, hai" in refused.content.decode()
    desk.post(NEW, typed | {"body": "<p>Một, hai</p>"})
    assert Article.objects.get().working_revision.body == "<p>Một, hai</p>"
