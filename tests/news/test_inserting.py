"""What stands in a text besides words: files for readers, videos, links to the portal's pages; and the preview."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from news import services
from news.models import Article, ArticleRevision, Attachment
from portal.lib import videos
from portal.vocabulary import Role
from tests import factories
from tests.news.conftest import picture

PDF = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"
EMBED = '<figure data-video="youtube:dQw4w9WgXcQ" title="Lễ trao"></figure>'


def pdf(name: str = "Kế hoạch năm.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


@pytest.fixture(autouse=True)
def frame(site_profile):
    """Every page has a frame."""


@pytest.fixture
def attachment(write, editor):
    return services.add_attachment(file=pdf(), article=write(), actor=editor)


def text_of(attachment: Attachment) -> dict:
    article = attachment.article
    body = f'<p>Xem tệp.</p><figure data-file="{attachment.pk}"></figure>'
    return {"category": article.category, "title": article.title, "lead": "Một câu.", "body": body}


def test_p04_a_file_is_taken_with_what_is_live_and_with_nothing_else(client, client_of, editor, officer_nq, attachment):
    article, address = attachment.article, attachment.get_absolute_url()
    services.save_article(article=article, actor=editor, **text_of(attachment))
    assert client.get(address).status_code == client_of(officer_nq).get(address).status_code == 404
    draft = client_of(editor).get(address)
    assert b"".join(draft.streaming_content) == PDF
    assert "no-store" in draft.headers["Cache-Control"]
    link = services.make_draft_link(article=Article.objects.get(), actor=editor)
    shared = client.get(reverse("draft_shared", args=[link.key])).content.decode()
    assert f'href="{address}?key={link.key}"' in shared
    assert client.get(f"{address}?key={link.key}").status_code == 200
    assert client.get(f"{address}?key=x").status_code == 404
    services.publish_article(article=article, actor=editor)
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "ke-hoach-nam" in answer.headers["Content-Disposition"]
    page = client.get(Article.objects.get().get_absolute_url()).content.decode()
    assert f'<p class="article-file"><a href="{address}">Kế hoạch năm.pdf</a> <span>(PDF, ' in page
    services.withdraw_article(article=article, reason="Nhầm tệp", actor=editor)
    assert client.get(address).status_code == 404


def test_p07_an_article_is_found_by_the_name_of_its_file(client, editor, attachment):
    services.save_article(article=attachment.article, actor=editor, **text_of(attachment))
    services.publish_article(article=attachment.article, actor=editor)
    assert "Trao học bổng tại Đồ Sơn" in client.get("/tim-kiem/", {"q": "kế hoạch năm"}).content.decode()


@pytest.mark.parametrize("content", [b"<html>", b"PK\x03\x04", b"%PDF-1.7\n/JavaScript"])
def test_what_is_no_document_is_refused_by_name(client_of, editor, write, content):
    article = write()
    form = {"article": article.pk, "file": SimpleUploadedFile("thu.pdf", content)}
    answer = client_of(editor).post(reverse("newsroom_file"), form)
    assert answer.status_code == 422
    assert "thu.pdf" in answer.json()["error"]
    assert not Attachment.objects.exists()


def test_a_file_of_a_new_form_becomes_the_articles_and_the_same_twice_is_one(client_of, editor, section, tree):
    desk, key = client_of(editor), {"form_key": "mot-bai"}
    first, again = (desk.post(reverse("newsroom_file"), key | {"file": pdf()}).json() for _turn in range(2))
    assert first == again == {"id": first["id"], "name": "Kế hoạch năm.pdf"}
    values = {
        "title": "Kế hoạch", "category": section.pk, "unit": tree["HP"].pk, "lead": "Một câu.",
        "body": f'<figure data-file="{first["id"]}"></figure>',
    }  # fmt: skip
    desk.post(reverse("newsroom_create"), values | key)
    article = Article.objects.get()
    assert list(article.working_revision.attachments.all()) == list(article.attachments.all())
    sent = {"title": "b", "category": section.pk, "unit": tree["HP"].pk, "lead": "c", "new_files": pdf("hai.pdf")}
    desk.post(reverse("newsroom_create"), sent | {"form_key": "hai-bai"})  # without scripts it goes with the form
    assert Attachment.objects.get(file_name="hai.pdf").article.title == "b"


def test_a_file_of_another_units_draft_stays_out(attachment, write, tree):
    from_outside = f'<p>a</p><figure data-file="{attachment.pk}"></figure>'
    stranger = tree["NGOQUYEN"]
    person = factories.make_user("ctv", role=Role.CONTRIBUTOR, unit=stranger)
    mine = write(body=from_outside, unit=stranger, actor=person)
    assert "data-file" not in mine.working_revision.body


def test_the_database_keeps_the_files_of_a_saved_state(editor, attachment):
    services.save_article(article=attachment.article, actor=editor, **text_of(attachment))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for statement in ("DELETE FROM news_articlerevision_attachments", "TRUNCATE news_articlerevision_attachments"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10s", "youtube:dQw4w9WgXcQ"),
        ("youtube.com/watch?app=desktop&v=dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", "youtube:dQw4w9WgXcQ"),
        ("https://m.youtube.com/shorts/dQw4w9WgXcQ", "youtube:dQw4w9WgXcQ"),
        ("https://vimeo.com/76979871", "vimeo:76979871"),
        ("https://www.dailymotion.com/video/x8abcde", "dailymotion:x8abcde"),
        ("https://evil.vn/youtube.com/watch?v=dQw4w9WgXcQ", None),
        ("https://youtube.com.evil.vn/watch?v=dQw4w9WgXcQ", None),
        ("javascript:alert(1)", None),
        ("https://youtu.be/dQw4w9WgXcQtoolong", None),
        ("", None),
    ],
)
def test_a_video_is_read_from_its_link_and_from_nothing_else(client_of, editor, link, key):
    answer = client_of(editor).get(reverse("newsroom_video"), {"link": link})
    if key is None:
        assert answer.status_code == 422
        assert "YouTube, Vimeo, Dailymotion" in answer.json()["error"]
    else:
        assert answer.json()["video"] == key
        assert videos.read_key(key).key == key


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (EMBED, EMBED),
        ('<figure data-video="youtube:dQw4w9WgXcQ"></figure>', '<figure data-video="youtube:dQw4w9WgXcQ"></figure>'),
        ('<figure data-file="12"></figure>', '<figure data-file="12"></figure>'),
        ('<p>a</p><figure data-video="evil:1"></figure>', "<p>a</p>"),
        ('<p>a</p><figure data-video="youtube:&quot;&gt;&lt;script&gt;"></figure>', "<p>a</p>"),
        ('<p>a</p><figure data-file="x"></figure>', "<p>a</p>"),
    ],
)
def test_what_the_editor_puts_in_is_what_the_cleaner_keeps(given, kept):
    assert services.clean_body(given).html == kept
    assert services.clean_body(kept).html == kept


def test_a_video_is_a_link_until_it_is_pressed_and_only_known_players_may_be_framed(client, publish):
    title = '<figure data-video="youtube:dQw4w9WgXcQ" title="A &quot;b&quot; &lt;c&gt;"></figure>'
    answer = client.get(publish(body=title).get_absolute_url())
    page = answer.content.decode()
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" rel="noopener"' in page
    assert "A &quot;b&quot; &lt;c&gt;" in page
    assert "<iframe" not in page
    policy = answer.headers["Content-Security-Policy"]
    asked = next(part for part in policy.split(";") if part.strip().startswith("frame-src"))
    assert set(asked.split()[1:]) == {"'self'", *videos.players()}


def test_links_to_the_portals_pages_are_found_by_words_and_drafts_are_none(
    client_of, editor, officer_nq, publish, write
):
    live, _draft = publish(title="Trao học bổng Đồ Sơn"), write(title="Trao học bổng bí mật")
    found = client_of(editor).get(reverse("newsroom_link"), {"q": "trao hoc bong"}).json()["pages"]
    assert found == [{"title": "Trao học bổng Đồ Sơn", "link": live.get_absolute_url()}]
    assert client_of(editor).get(reverse("newsroom_link"), {"q": ""}).json() == {"pages": []}
    assert client_of(officer_nq).get(reverse("newsroom_link"), {"q": "trao"}).status_code == 403


def test_a_preview_is_shown_as_on_a_phone_and_a_desktop_to_its_own_pages_only(client_of, editor, write):
    page = reverse("newsroom_preview", args=[write().pk])
    desk = client_of(editor)
    for width in ("phone", "desktop"):
        assert f'<iframe class="preview-{width}" src="?frame"' in desk.get(page, {"width": width}).content.decode()
    framed = desk.get(page, {"frame": ""})
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "Các em nhận học bổng" in framed.content.decode()
    assert "preview-phone" not in framed.content.decode()
    assert desk.get(reverse("newsroom_list")).headers["X-Frame-Options"] == "DENY"


def test_photos_are_links_to_the_whole_picture_without_scripts_and_none_on_paper(client, publish, editor):
    photo = services.add_photo(file=picture((60, 40)), caption="Lễ trao", alt="Các em", actor=editor)
    article = publish(body=f'<figure data-photo="{photo.pk}"></figure>')
    page = client.get(article.get_absolute_url()).content.decode()
    assert f'<a class="photo-open" href="{photo.file.url}">' in page
    assert 'id="photo-viewer"' in page
    assert 'id="photo-viewer"' not in client.get(publish(title="Không ảnh").get_absolute_url()).content.decode()
    assert client.get(f"{article.get_absolute_url()}ban-in.pdf").content.startswith(b"%PDF")


def test_a_mistaken_number_of_a_file_is_a_sentence_or_nothing(write, editor):
    article = write(body='<p>a</p><figure data-file="999999999999"></figure>')
    assert ArticleRevision.objects.get().body.strip() == "<p>a</p>"
    with pytest.raises(ValidationError):
        services.add_attachment(file=SimpleUploadedFile("a.pdf", b"PK"), article=article, actor=editor)
