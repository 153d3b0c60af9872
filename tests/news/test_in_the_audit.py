"""What the audit tells of articles: from which state to which, why, and which of their parts in words."""

from __future__ import annotations

import csv
import io

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from news import services
from news.models import Category
from portal import audit
from portal.audit import Action
from portal.models import AuditEntry, SiteProfile
from tests.news.conftest import picture
from tests.portal.test_audit import saved


def told(client, **query) -> list[dict[str, str]]:
    """The lines of the file by its headings, newest first."""
    text = saved(client, **query).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text[:80] else ","))


def moves(client) -> list[tuple[str, str]]:
    return [(line["Từ → đến"], line["Lý do"]) for line in told(client) if line["Từ → đến"] or line["Lý do"]]


def test_p15_the_audit_says_from_which_state_to_which_and_why(
    tree, administrator, editor, client_of, publish, write, site_profile
):
    SiteProfile.objects.update(second_person=True)
    article = write()
    services.publish_article(article=article, urgent_reason="Bão đang vào bờ", actor=editor)
    services.withdraw_article(article=article, reason="Số liệu chưa đúng", actor=editor)
    desk = client_of(administrator)
    assert moves(desk) == [("Đã đăng → Đã gỡ", "Số liệu chưa đúng"), ("Bản nháp → Đã đăng", "Bão đang vào bờ")]
    services.publish_article(article=article, actor=editor)
    services.withdraw_article(article=article, reason="Trùng bài", actor=editor)
    assert [reason for _move, reason in moves(desk)] == [
        "Trùng bài", "", "(về sau đã có lý do khác)", "Bão đang vào bờ",
    ]  # fmt: skip
    page = desk.get(reverse("audit_list")).content.decode()
    assert "Đã đăng → Đã gỡ" in page
    assert "Trùng bài" in page
    assert "Trùng bài" not in str(
        list(AuditEntry.objects.values_list("detail", flat=True))
    )  # a reason may name somebody


def test_p15_the_reasons_of_a_page_are_read_by_one_query_for_each_kind(
    tree, administrator, editor, client_of, publish, site_profile
):
    desk, counts = client_of(administrator), []
    for times in (1, 9):
        for number in range(times):
            services.withdraw_article(article=publish(title=f"Bài {number}"), reason=f"Lý do {number}", actor=editor)
        desk.get(reverse("audit_list"))
        with CaptureQueriesContext(connection) as queries:
            desk.get(reverse("audit_list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_what_was_changed_of_an_article_is_told_in_words(tree, administrator, editor, client_of, write, section):
    article, other = write(), Category.objects.create(name="Khác", slug="khac")
    photo = services.add_photo(article=article, file=picture(), name="a.jpg", actor=editor)
    services.save_article(
        article=article, category=other, title="Khác", lead="Khác", body="<p>Khác</p>", byline="Khác", source="Khác",
        cover=photo, photo_words={photo.pk: {"caption": "a", "alt": "b", "credit": "c", "decorative": False}},
        tags=["Thẻ"], is_photo_story=True, actor=editor,
    )  # fmt: skip
    entry = AuditEntry.objects.filter(action=Action.ARTICLE_SAVE).latest("pk")
    assert len(entry.fields) == 10
    with translation.override("vi"):
        words = audit.word_fields(entry)
    assert not [name for name in entry.fields if name in words.split(", ")], words
    assert len(words.split(", ")) == 10
