"""Readers write to the editors; somebody without an account reads a draft by its link."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import DraftLink, ReaderNote
from portal.services.versions import version_of


@pytest.fixture(autouse=True)
def _a_site(site_profile, tree):
    """Every page has a frame."""


@pytest.fixture(autouse=True)
def _nobody_has_written_yet():
    cache.clear()


def test_p11_a_mistake_in_a_story_reaches_its_editors_and_is_dealt_with_once(
    client, client_of, editor, editor_lechan, publish
):
    article = publish()
    url = reverse("article_report", args=[article.pk])
    assert url in client.get(article.get_absolute_url()).content.decode()
    assert (
        "Cảm ơn" in client.post(url, {"text": "Sai năm: 2022 chứ không phải 2023.", "name": "Bà Tư"}).content.decode()
    )
    note = ReaderNote.objects.get()
    assert (note.article, note.unit, note.name) == (article, article.unit, "Bà Tư")
    desk = client_of(editor)
    assert "Sai năm" in desk.get(reverse("note_list")).content.decode()
    assert client_of(editor_lechan).get(reverse("note_detail", args=[note.pk])).status_code == 404
    page = reverse("note_detail", args=[note.pk])
    assert desk.post(page, {"version": "x"}).status_code == 409
    assert desk.post(page).status_code == 302
    note.refresh_from_db()
    assert note.settled_by == editor
    assert "Sai năm" not in desk.get(reverse("note_list"), {"open": "1"}).content.decode()


def test_p11_a_robot_is_thanked_and_kept_out_and_nobody_writes_for_ever(client, publish):
    url = reverse("article_report", args=[publish().pk])
    assert "Cảm ơn" in client.post(url, {"text": "Mua hàng rẻ", "website": "http://x.vn"}).content.decode()
    assert not ReaderNote.objects.exists()
    for text in ("", "   ", "a", "x" * 3001):
        answer = client.post(url, {"text": text})
        assert answer.status_code == 200
        assert "invalid-feedback" in answer.content.decode()
    assert not ReaderNote.objects.exists()
    codes = [client.post(url, {"text": "Một câu hỏi"}).status_code for _time in range(40)]
    assert codes[0] == 200
    assert codes[-1] == 429


def test_p11_a_question_reaches_the_city_and_a_draft_has_no_such_page(client, write, tree):
    assert client.post(reverse("contact"), {"text": "Làm sao để ủng hộ?", "contact": "0225 123"}).status_code == 200
    assert (ReaderNote.objects.get().unit, ReaderNote.objects.get().article) == (tree["HP"], None)
    assert client.get(reverse("article_report", args=[write().pk])).status_code == 404


def test_p12_a_draft_is_read_by_its_link_alone_until_it_ends(client, client_of, editor, officer_nq, write, clock):
    article = write(title="Bản thảo kín")
    desk, page = client_of(editor), reverse("newsroom_share", args=[article.pk])
    assert client_of(officer_nq).get(page).status_code == 403
    assert desk.post(page, {"version": "x"}).status_code == 409
    assert desk.post(page).status_code == 302
    link = DraftLink.objects.get()
    url = reverse("draft_shared", args=[link.key])
    assert settings.SITE_URL + url in desk.get(page).content.decode()
    response = client.get(url)
    text = response.content.decode()
    assert "Bản thảo kín" in text
    assert "BẢN NHÁP" in text
    assert "noindex" in text
    assert (response.headers["Cache-Control"], response.headers["X-Robots-Tag"]) == (
        "private, no-store", "noindex, nofollow",
    )  # fmt: skip
    services.save_article(
        article=article, category=article.category, title="Bản sau", lead="", body="", actor=editor
    )  # the link shows the state it was made for
    assert "Bản thảo kín" in client.get(url).content.decode()
    assert link.openings.count() == 2
    for key in (link.key[:-1], link.key + "x", "x" * 43, link.key.swapcase()):
        assert client.get(reverse("draft_shared", args=[key])).status_code == 404
    clock(timezone.now() + dt.timedelta(days=7, minutes=1))
    assert client.get(url).status_code == 404


def test_p12_a_revoked_link_is_like_one_that_never_was(client, client_of, editor, write):
    article = write()
    link = services.make_draft_link(article=article, actor=editor)
    url = reverse("newsroom_unshare", args=[article.pk, link.pk])
    assert client_of(editor).post(url, {"version": "x"}).status_code == 409
    assert client_of(editor).post(url, {"version": version_of(link)}).status_code == 302
    revoked = client.get(reverse("draft_shared", args=[link.key]))
    assert revoked.status_code == client.get(reverse("draft_shared", args=["khong-co"])).status_code == 404


def test_p12_a_leader_without_account_remarks_on_the_state_they_read_by_name(
    client, client_of, editor, editor_lechan, contributor, write
):
    link = services.make_draft_link(article=write(title="Bản thảo kín", actor=contributor), actor=contributor)
    url = reverse("draft_shared", args=[link.key])
    assert 'name="text"' in client.get(url).content.decode()
    nameless = client.post(url, {"text": "Sai tên đồng chí Chủ tịch."}).content.decode()
    assert "invalid-feedback" in nameless
    assert "Sai tên đồng chí Chủ tịch." in nameless  # what was typed stays
    assert "Cảm ơn" in client.post(url, {"text": "Mua hàng", "name": "x", "website": "http://x.vn"}).content.decode()
    assert not ReaderNote.objects.exists()
    answer = client.post(url, {"text": "Sai tên đồng chí Chủ tịch.", "name": "Ông Hùng"})
    assert "Cảm ơn" in answer.content.decode()
    assert "Mua hàng" not in answer.content.decode()
    assert link.openings.count() == 1  # to write is not to open it once more
    note = ReaderNote.objects.get()
    assert (note.draft_link, note.article, note.name) == (link, link.revision.article, "Ông Hùng")
    share = reverse("newsroom_share", args=[note.article_id])
    for person in (contributor, editor):
        text = client_of(person).get(share).content.decode()
        assert "Sai tên đồng chí Chủ tịch." in text
        assert "Ông Hùng" in text
    assert share in client_of(editor).get(reverse("note_detail", args=[note.pk])).content.decode()
    assert client_of(editor_lechan).get(reverse("note_detail", args=[note.pk])).status_code == 404
    services.revoke_draft_link(link=link, actor=contributor)
    assert client.post(url, {"text": "Một ý nữa", "name": "Ông Hùng"}).status_code == 404
    assert ReaderNote.objects.count() == 1


@pytest.mark.parametrize("change", ["name = ''", "article_id = NULL", "name = NULL"])
def test_p12_the_database_holds_who_remarked_on_what(write, editor, change):
    link = services.make_draft_link(article=write(), actor=editor)
    note = services.send_note(text="Sai tên.", name="Ông Hùng", link=link)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE news_readernote SET {change} WHERE id = %s", [note.pk])


def test_p15_the_newsroom_list_narrows_by_author_unit_and_days(client_of, editor, contributor, write, publish, tree):
    publish(title="Bài cũ", at=dt.datetime(2023, 7, 21, 6, 25, tzinfo=dt.UTC))
    write(title="Bài của cộng tác viên", actor=contributor)
    write(title="Bài của phường", unit=tree["LECHAN"])
    desk = client_of(editor)

    def titles(**query) -> set[str]:
        text = desk.get(reverse("newsroom_list"), query).content.decode()
        return {title for title in ("Bài cũ", "Bài của cộng tác viên", "Bài của phường") if title in text}

    assert titles(author="contributor") == {"Bài của cộng tác viên"}
    assert titles(until="31/12/2023") == {"Bài cũ"}
    assert titles(since="01/01/2024") == {"Bài của cộng tác viên", "Bài của phường"}
    assert titles(since="21/07/2023", until="21/07/2023") == {"Bài cũ"}
    assert titles(unit=tree["LECHAN"].code) == {"Bài của phường"}
