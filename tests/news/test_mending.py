"""A typo in a live article is mended in one page; what the article is stays as it was published."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import Article, ReviewStep
from portal.models import AuditEntry, SearchEntry
from tests.news.conftest import picture

BODY = (
    '<h2>Kết quả</h2>\n<p>Trao <strong>873</strong> suất &amp; quà cho <a href="/t/1" title="a &gt; b">các em</a>.</p>'
)


@pytest.fixture
def live(write, editor):
    """A live article with a photo."""
    photo = services.add_photo(file=picture((60, 40)), caption="Lễ chao", alt="Các em nhận quà", actor=editor)
    article = write(body=f'{BODY}\n<figure data-photo="{photo.pk}"></figure>')
    services.publish_article(article=article, actor=editor)
    return Article.objects.select_related("published_revision").get(pk=article.pk)


def sent(article, **changes: str) -> dict[str, str]:
    """What the page's form sends: its fields as they stand, but for some."""
    shown = article.published_revision
    fields = {f"text-{place}": words for place, words in services.text_parts(shown).items()}
    photos = {f"photo-{photo}-caption": shown.words_of(photo)["caption"] for photo in shown.shown_photo_ids}
    return {"title": shown.title, "lead": shown.lead, **fields, **photos, **changes}


def place_of(article, words: str) -> str:
    parts = services.text_parts(article.published_revision)
    return next(f"text-{place}" for place, text in parts.items() if text == words)


def test_a_typo_is_mended_before_readers_at_once_and_the_history_has_both(client, client_of, live, editor):
    first = live.published_revision
    photo = first.photo_ids_in_text[0]
    page = reverse("newsroom_mend", args=[live.pk])
    fields = {place_of(live, "873"): "837 <em>", f"photo-{photo}-caption": "Lễ trao", "lead": "Hội trao 837 suất."}
    answer = client_of(editor).post(page, sent(live, **fields))
    assert answer.status_code == 302
    text = client.get(live.get_absolute_url()).content.decode()
    assert "Trao <strong>837 &lt;em&gt;</strong> suất &amp; quà" in text
    assert "Lễ trao" in text
    assert "Sửa lần cuối" in text
    live.refresh_from_db()
    assert live.published_revision == live.working_revision != first
    assert live.published_revision.body == first.body.replace("873", "837 &lt;em&gt;")  # no mark of it has moved
    history = client_of(editor).get(answer.url).content.decode()
    assert "<del>873</del>" in history
    entry = AuditEntry.objects.get(action="news.article.mend")
    assert (entry.actor, entry.fields) == (editor, ["body", "lead", "photo_words"])
    assert "837" in SearchEntry.objects.get().text


def test_a_mend_of_a_text_that_is_another_by_now_is_409_and_keeps_what_was_typed(client_of, live, editor):
    page = reverse("newsroom_mend", args=[live.pk])
    desk = client_of(editor)
    desk.get(page)
    services.save_article(
        article=live, category=live.category, title="Tiêu đề khác", lead="Một câu.", body="<p>a</p>", actor=editor
    )
    answer = desk.post(page, sent(live, lead="Câu tôi vừa gõ."))
    assert answer.status_code == 409
    assert "Câu tôi vừa gõ." in answer.content.decode()
    assert Article.objects.get().published_revision == live.published_revision
    assert desk.get(page).status_code == 302  # changes wait: they are corrected where they are written


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [("title", "", "title"), ("lead", " ", "lead"), ("caption", "", "__all__"), ("", "", "__all__")],
)
def test_what_may_not_be_published_is_not_mended_either(client_of, live, editor, field, value, where):
    name = f"photo-{live.published_revision.photo_ids_in_text[0]}-caption" if field == "caption" else field
    answer = client_of(editor).post(
        reverse("newsroom_mend", args=[live.pk]), sent(live, **({name: value} if name else {}))
    )
    assert list(answer.context["form"].errors) == [where]
    assert Article.objects.get().published_revision == live.published_revision
    assert Article.objects.get().revisions.count() == 1


def test_only_who_may_publish_mends_and_only_what_readers_have(client_of, live, write, editor, contributor):
    page = reverse("newsroom_mend", args=[live.pk])
    assert client_of(contributor).post(page, sent(live, lead="Khác.")).status_code == 403
    draft = write()
    values = {"title": "a", "lead": "b", "texts": {}, "photo_words": {}, "actor": editor}
    with pytest.raises(ValidationError, match="đang có"):
        services.mend_article(article=draft, **values)
    services.withdraw_article(article=live, reason="Sai.", actor=editor)
    with pytest.raises(ValidationError, match="đang có"):
        services.mend_article(article=live, **values)


def test_p03_with_a_second_person_a_mend_waits_to_be_approved_afterwards(client_of, live, editor, two_persons):
    page = reverse("newsroom_mend", args=[live.pk])
    desk = client_of(editor)
    refused = desk.post(page, sent(live, lead="Hội đã trao."))
    assert list(refused.context["form"].errors) == ["urgent_reason"]
    assert desk.post(page, sent(live, lead="Hội đã trao.", urgent_reason="Sai tên.")).status_code == 302
    step = ReviewStep.objects.get()
    assert (step.kind, step.reason, step.revision) == ("urgent", "Sai tên.", Article.objects.get().published_revision)
    assert Article.objects.with_review().awaiting_somebody().exists()


def test_two_changes_within_a_second_are_both_told(client_of, live, editor, clock):
    clock(timezone.now().replace(microsecond=0))
    told = []
    for title in ("Một tên khác", "Một tên khác nữa"):
        live = Article.objects.select_related("published_revision").get(pk=live.pk)
        answer = client_of(editor).post(reverse("newsroom_mend", args=[live.pk]), sent(live, title=title))
        assert answer.status_code == 302
        live.refresh_from_db()
        told.append(live.changed_at)
    assert live.title == "Một tên khác nữa"
    assert told[1] == told[0] + dt.timedelta(seconds=1)
