"""From a draft to its readers by two people: point 3 of what a newsroom should have."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from news import services
from news.models import Article, Category, ReviewStep
from news.services.review import review_kind
from news.views.compare import word_diff
from portal.models import AuditEntry
from portal.services.refusals import ConflictError, ForbiddenError
from portal.services.versions import version_of
from portal.vocabulary import ReviewKind
from tests.news.conftest import picture
from tests.news.test_newsroom import said


def state(article) -> ReviewKind | None:
    return review_kind(Article.objects.get(pk=article.pk))


def test_p03_off_an_editor_publishes_their_own_and_a_contributor_never(client_of, editor, contributor, write):
    article = write()
    url = reverse("newsroom_publish", args=[article.pk])
    assert client_of(contributor).post(url).status_code == 403
    page = client_of(editor).get(url)
    assert "urgent_reason" not in page.context["form"].fields
    assert client_of(editor).post(url).status_code == 302
    assert Article.objects.get().published_revision_id


def test_p03_on_the_whole_chain_is_walked_by_two_people(client_of, editor, second, contributor, write, two_persons):
    article = write(actor=contributor)
    desk, other = client_of(editor), client_of(second)
    publish, review = (reverse(name, args=[article.pk]) for name in ("newsroom_publish", "newsroom_review"))
    assert "Chưa ai khác duyệt" in desk.post(publish).content.decode()
    assert client_of(contributor).post(reverse("newsroom_submit", args=[article.pk])).status_code == 302
    queue = desk.get(reverse("review_list")).content.decode()
    assert "biên tập viên khác" in queue
    assert "từ hôm nay" in queue
    answer = desk.post(review, {"decision": "return", "reason": ""})
    assert "người viết đọc lời này" in answer.content.decode().lower()
    assert desk.post(review, {"decision": "return", "reason": "Thiếu số liệu của quận."}).status_code == 302
    assert state(article) is ReviewKind.RETURNED
    preview = client_of(contributor).get(reverse("newsroom_preview", args=[article.pk])).content.decode()
    assert "Thiếu số liệu của quận." in preview
    saved = services.save_article(
        article=article, category=article.category, title="Bản hai", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    services.submit_article(article=saved, actor=contributor)
    mine = desk.post(review, {"decision": "approve"})  # the editor wrote in it
    assert "người khác phải duyệt" in mine.content.decode()
    assert other.post(review, {"decision": "approve"}).status_code == 302
    assert state(article) is ReviewKind.APPROVED
    assert desk.post(publish).status_code == 302
    assert Article.objects.get().published_revision.title == "Bản hai"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"news.article.submit", "news.article.return", "news.article.approve"} <= actions


def test_p03_a_text_saved_after_its_approval_has_none(editor, second, write, two_persons):
    article = services.submit_article(article=write(), actor=editor)
    services.approve_article(article=article, actor=second)
    saved = services.save_article(
        article=article, category=article.category, title="Khác", lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    assert state(saved) is None
    with pytest.raises(ValidationError, match="Chưa ai khác duyệt"):
        services.publish_article(article=saved, actor=editor)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        cursor.execute(
            "UPDATE news_article SET published_revision_id = working_revision_id, published_at = now() WHERE id = %s",
            [saved.pk],
        )


def test_p03_published_urgently_it_waits_for_somebody_else(client_of, editor, second, write, two_persons):
    article = write()
    desk, other = client_of(editor), client_of(second)
    urgent = {"urgent_reason": "Bão vào lúc 14 giờ, trường nghỉ học"}
    assert desk.post(reverse("newsroom_publish", args=[article.pk]), urgent).status_code == 302
    assert "Đăng khẩn" in other.get(reverse("review_list")).content.decode()
    review = reverse("newsroom_review", args=[article.pk])
    assert "Bão vào lúc 14 giờ" in other.get(review).content.decode()
    assert "người khác phải duyệt" in desk.post(review, {"decision": "confirm"}).content.decode()
    assert other.post(review, {"decision": "confirm"}).status_code == 302
    assert "Đăng khẩn" not in [row.review for row in Article.objects.with_review().awaiting_somebody()]
    assert not Article.objects.with_review().awaiting_somebody()


def test_p03_a_step_in_the_wrong_state_is_409_and_changes_nothing(client_of, editor, second, write, site_profile):
    article = write()
    review = reverse("newsroom_review", args=[article.pk])
    assert client_of(second).post(review, {"decision": "approve"}).status_code == 409
    with pytest.raises(ConflictError, match="đang viết"):
        services.approve_article(article=article, actor=second)
    services.submit_article(article=article, actor=editor)
    assert client_of(editor).post(reverse("newsroom_submit", args=[article.pk])).status_code == 409
    with pytest.raises(ConflictError):
        services.confirm_article(article=article, actor=second)
    assert ReviewStep.objects.count() == 1
    assert "Đã gửi" in said(client_of(editor).post(reverse("newsroom_submit", args=[write().pk])))


def test_p03_a_photo_replaced_while_the_text_waits_is_told_and_decided_on_by_one_press(
    client_of, editor, second, contributor, write, tree, two_persons
):
    photo = services.add_photo(file=picture((64, 48)), unit=tree["HP"], caption="Lễ trao", alt="Các em", actor=editor)
    other = services.add_photo(file=picture((66, 48)), unit=tree["HP"], caption="Lễ trao", alt="Các em", actor=editor)
    article = write(actor=contributor, body=f'<p>Các em.</p><figure data-photo="{photo.pk}"></figure>')
    services.submit_article(article=article, actor=contributor)
    article = Article.objects.get()
    review = reverse("newsroom_review", args=[article.pk])
    seen = {"decision": "approve", "version": version_of(article), "base": article.working_revision.number}
    done = services.replace_photo(photo=photo, file=picture((90, 60)), actor=editor)
    assert [one.pk for one in done.waiting] == [article.pk]
    desk = client_of(second)
    stale = desk.post(review, seen)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert f"{editor.full_name} đã lưu bản hiện nay" in page
    assert "Tệp của ảnh “Lễ trao” đã được thay" in page
    assert f"Ảnh số <del>{photo.pk}:</del><ins>{done.photo.pk}:</ins> Lễ trao" in page  # both have one caption
    assert f'<a class="btn btn-primary" href="{review}">' in page
    assert state(article) is ReviewKind.SENT
    assert "Tệp của ảnh" in desk.get(review).content.decode()
    mine = client_of(editor).post(review, {"decision": "approve"})  # who replaced it wrote in it
    assert "người khác phải duyệt" in mine.content.decode()
    assert desk.post(review, {"decision": "approve"}).status_code == 302
    assert state(article) is ReviewKind.APPROVED
    services.replace_photo(photo=done.photo, file=picture((92, 60)), actor=editor)
    assert state(article) is ReviewKind.SENT  # what was approved was another picture
    untold = write(body=f'<figure data-photo="{other.pk}"></figure>')
    assert services.replace_photo(photo=other, file=picture((94, 60)), actor=editor).waiting == []
    assert state(untold) is None


def test_p03_the_database_holds_it(editor, second, write):
    article = services.submit_article(article=write(), actor=editor)
    insert = (
        "INSERT INTO news_reviewstep (revision_id, kind, reason, made_by_id, made_at) VALUES (%s, %s, %s, %s, now())"
    )
    revision = article.working_revision_id
    for kind, reason, person, refusal in (
        ("approved", "", editor.pk, "review_by_another"), ("confirmed", "", editor.pk, "review_by_another"),
        ("returned", "", second.pk, "has_reason"), ("khác", "", second.pk, "review_step_kind"),
    ):  # fmt: skip
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match=refusal), transaction.atomic():
            cursor.execute(insert, [revision, kind, reason, person])
    for change in ("UPDATE news_reviewstep SET reason = 'x'", "DELETE FROM news_reviewstep"):
        with connection.cursor() as cursor, pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute(change)


def test_p15_a_section_with_editors_of_its_own_is_theirs(client_of, editor, second, write, publish, section):
    live = publish()
    url = reverse("category_update", args=[section.slug])
    form = {"name": section.name, "position": 1, "editors": [second.pk]}
    assert client_of(editor).post(url, form).status_code == 302
    draft = write()
    with pytest.raises(ForbiddenError, match="Biên tập viên Hai"):
        services.publish_article(article=draft, actor=editor)
    with pytest.raises(ForbiddenError):
        services.withdraw_article(article=live, reason="Sai số liệu", actor=editor)
    other = Category.objects.create(name="Khác", slug="khac", position=9)
    moved = services.save_article(
        article=live, category=other, title=live.title, lead="Sapo", body="<p>Chữ</p>", actor=editor
    )
    with pytest.raises(ForbiddenError):  # readers have it in the section still
        services.publish_article(article=moved, actor=editor)
    assert services.publish_article(article=draft, actor=second).published_revision_id


def test_what_a_very_long_text_changes_at_its_end_is_shown_to_whoever_approves_it():
    long = "chữ " * 15_000
    shown = word_diff(f"{long}cũ", f"{long}mới")
    assert "<del>" in shown
    assert "cũ" in shown
    assert "<ins>" in shown
    assert "mới" in shown
    assert "<del>" not in word_diff(f"{long}cũ", f"{long}cũ")
