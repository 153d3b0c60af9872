"""Writing, publishing, withdrawing: what the services hold to."""

from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from news import services
from news.models import Article
from portal.models import AuditEntry, SearchEntry
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from tests.news.conftest import picture


def saved(article, editor, **changes):
    revision = article.working_revision
    values = {
        "version": version_of(article), "category": article.category, "title": revision.title, "lead": revision.lead,
        "body": revision.body, "actor": editor,
    }  # fmt: skip
    return services.save_article(article=article, **(values | changes))


def test_the_slug_is_the_same_for_nfc_and_nfd_and_keeps_d(write):
    title = "Trao học bổng tại Đồ Sơn, đường Lê Lợi"
    slugs = {write(title=unicodedata.normalize(form, title)).slug for form in ("NFC", "NFD")}
    assert slugs == {"trao-hoc-bong-tai-do-son-duong-le-loi"}
    assert write(title="!!!").slug == "bai-viet"


def test_saving_keeps_every_state_and_saving_nothing_adds_none(write, editor):
    article = saved(write(), editor, title="Tên mới")
    assert (article.revisions.count(), article.title) == (2, "Tên mới")
    again = saved(article, editor)
    assert (again.revisions.count(), version_of(again)) == (2, version_of(article))


def test_a_stale_save_is_a_conflict_and_overwrites_nothing(write, editor):
    article = write()
    saved(article, editor, title="Của người khác")
    with pytest.raises(ConflictError) as conflict:
        saved(article, editor, title="Của tôi")
    assert conflict.value.current.title == "Của người khác"
    assert Article.objects.get().title == "Của người khác"


def test_editing_a_live_story_does_not_edit_what_readers_have(publish, editor):
    article = saved(publish(), editor, title="Sửa")
    assert article.published_revision.title == "Trao học bổng tại Đồ Sơn"
    assert article.has_unpublished_changes
    first = article.published_at
    article = services.publish_article(article=article, actor=editor)
    assert article.published_revision.title == "Sửa"
    assert article.published_at == first
    assert article.changed_at >= first


def test_a_photo_without_caption_or_description_blocks_publishing_by_name(write, editor):
    article = write()
    photo = services.add_photo(file=picture(), article=article, name="le-trao.jpg", actor=editor)
    body = f'<p>a</p><figure data-photo="{photo.pk}"></figure>'
    article = saved(article, editor, body=body)
    with pytest.raises(ValidationError) as refused:
        services.publish_article(article=article, actor=editor)
    assert [text.count("le-trao.jpg") for text in refused.value.messages] == [1, 1]
    for alt in ('" - "', "le-trao.jpg", "le-trao", "Lễ trao"):  # nothing, the file's name, the caption once more
        words = {photo.pk: {"caption": "Lễ trao", "alt": alt, "credit": ""}}
        article = saved(article, editor, body=body, photo_words=words)
        with pytest.raises(ValidationError):
            services.publish_article(article=article, actor=editor)
    words = {photo.pk: {"caption": "Lễ trao", "alt": "Các em cầm giấy khen", "credit": ""}}
    article = saved(article, editor, body=body, photo_words=words)
    assert services.publish_article(article=article, actor=editor).state_now == Article.State.PUBLISHED


def test_times_that_contradict_each_other_are_refused(publish, write, editor):
    now = timezone.now()
    with pytest.raises(ValidationError) as refused:
        services.publish_article(article=write(), at=now, until=now, actor=editor)
    assert "until" in refused.value.message_dict
    with pytest.raises(ValidationError) as refused:
        services.publish_article(article=publish(), at=now - dt.timedelta(days=3), actor=editor)
    assert "at" in refused.value.message_dict


def test_a_scheduled_story_can_be_moved_and_a_withdrawn_one_comes_back(publish, editor):
    now = timezone.now().replace(microsecond=0)
    article = publish(at=now + dt.timedelta(days=1))
    assert article.state_now == Article.State.SCHEDULED
    article = services.publish_article(article=article, at=now + dt.timedelta(days=2), actor=editor)
    assert article.published_at == now + dt.timedelta(days=2)
    article = services.publish_article(article=article, actor=editor)
    assert article.state_now == Article.State.PUBLISHED
    services.withdraw_article(article=article, reason="Sai số liệu", actor=editor)
    article = services.publish_article(article=article, actor=editor)
    assert article.state_now == Article.State.PUBLISHED
    assert (article.withdrawn_at, article.withdrawn_reason) == (None, "Sai số liệu")  # why, the audit goes on saying


def test_withdrawing_needs_a_reason_and_a_public_story(publish, write, editor):
    article = publish()
    with pytest.raises(ValidationError):
        services.withdraw_article(article=article, reason="  ", actor=editor)
    with pytest.raises(ValidationError):
        services.withdraw_article(article=write(), reason="x", actor=editor)
    services.withdraw_article(article=article, reason="Sai số liệu", actor=editor)
    with pytest.raises(ValidationError):
        services.withdraw_article(article=article, reason="Sai số liệu", actor=editor)


def test_the_search_entry_follows_the_story(publish, editor):
    article = publish()
    entry = SearchEntry.objects.get(ref=f"news.article:{article.pk}")
    assert entry.link == article.get_absolute_url()
    assert entry.visible_from == article.published_at
    article = saved(article, editor, title="Tên khác hẳn")
    assert SearchEntry.objects.get().title == "Trao học bổng tại Đồ Sơn"
    services.publish_article(article=article, actor=editor)
    assert SearchEntry.objects.get().title == "Tên khác hẳn"
    services.withdraw_article(article=article, reason="Sai", actor=editor)
    assert not SearchEntry.objects.exists()


def test_every_write_is_audited(publish, editor):
    article = publish(at=timezone.now() - dt.timedelta(days=400))
    services.withdraw_article(article=saved(article, editor, title="x y"), reason="Sai", actor=editor)
    entries = AuditEntry.objects.filter(target_id=article.pk, target_type="news.article").order_by("id")
    assert [entry.action.rpartition(".")[2] for entry in entries] == ["create", "publish", "save", "withdraw"]
    assert entries[1].detail["back_dated"] is True
    assert entries[2].fields == ["title"]


def test_figures_of_the_report_are_held_against_the_text():
    figures = [
        {"label": "lượt", "said": "gần 15.000", "exact": "14.936"},
        {"label": "tiền", "said": "hơn 10 tỷ đồng", "exact": "10.426.900.000 đồng"},
        {"label": "hội viên", "said": "1.100", "exact": "1.100"},
        {"label": "quận", "said": "15", "exact": "15"},
    ]
    text = "<p>Ngày 21/07/2023: 1.100 hội viên, gần 16.000 lượt, 10.426.900.000 đồng.</p>"
    warnings = services.figure_warnings(figures=figures, text=text)
    assert [(one.label, one.instead) for one in warnings] == [("lượt", "16.000"), ("quận", "")]
    whole = "<p>Tại 15 quận: 1.100, 14.936 và 10 tỷ đồng</p>"
    assert services.figure_warnings(figures=figures, text=whole) == []
