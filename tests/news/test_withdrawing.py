"""A withdrawn story names the one that is read instead, or is one with it; no way leads in a circle."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from news import services
from portal.models import AuditEntry
from portal.services.refusals import ConflictError
from portal.services.versions import version_of
from tests.news.conftest import SEVEN_THIRTY
from tests.news.test_public import EIGHT, FILES, addresses, short


@pytest.fixture(autouse=True)
def _a_site(site_profile):
    """Every page has a frame."""


@pytest.fixture
def withdraw(editor):
    """Withdraw a story: withdraw(article, instead=None, is_merged=False)."""

    def take_back(article, instead=None, *, is_merged=False):
        values = {"replacement": instead, "is_merged": is_merged}
        return services.withdraw_article(article=article, reason="Số liệu chưa đúng", actor=editor, **values)

    return take_back


def answer(client, article) -> tuple[int, str]:
    """What the old address says: its status, and where it leads."""
    response = client.get(article.get_absolute_url())
    text = response.content.decode()
    return response.status_code, response.get("Location") or text.partition('Mời đọc</dt><dd><a href="')[2].partition(
        '"'
    )[0]


def test_p08_a_withdrawn_story_leads_to_the_one_that_is_read_instead_while_readers_have_that(
    client, client_of, editor, contributor, publish, withdraw
):
    old, new = publish(title="Tin sai số liệu"), publish(title="Tin đã đính chính")
    desk, page = client_of(editor), reverse("newsroom_withdraw", args=[old.pk])
    assert client_of(contributor).get(page).status_code == 403
    typed = {"reason": "Số liệu chưa đúng", "answer": "say", "version": version_of(old), "base": "1"}
    refused = desk.post(page, typed | {"replacement": "không có tin này"}).content.decode()
    assert "Không có bài “không có tin này” đang đăng." in refused
    assert "Số liệu chưa đúng" in refused
    assert answer(client, old)[0] == 200
    assert desk.post(page, typed | {"replacement": "dinh chinh"}).status_code == 302  # words of the title will do
    assert answer(client, old) == (410, new.get_absolute_url())
    assert new.get_absolute_url() in client.get(short(old)).content.decode()
    entry = AuditEntry.objects.filter(action="news.article.withdraw").get()
    assert entry.detail.items() >= {"replacement": new.pk, "merged": False}.items()
    withdraw(new)
    assert answer(client, old) == (410, "")  # it is read no more, and its old title is told nobody
    new.refresh_from_db()
    services.publish_article(article=new, actor=editor)
    assert answer(client, old) == (410, new.get_absolute_url())


def test_p08_a_story_merged_into_another_leads_on_in_one_step_and_comes_back(
    client, editor, publish, withdraw, django_assert_num_queries
):
    first, second, third = publish(title="Một"), publish(title="Hai"), publish(title="Ba")
    withdraw(first, second, is_merged=True)
    assert answer(client, first) == (301, second.get_absolute_url())
    withdraw(second, third, is_merged=True)
    with django_assert_num_queries(2):
        assert answer(client, first) == (301, third.get_absolute_url())
    assert client.get(short(first))["Location"] == third.get_absolute_url()
    for url, name in zip(addresses(first)[1:], FILES, strict=True):
        assert client.get(url)["Location"] == reverse(name, args=[third.category.slug, third.slug, third.pk])
    third = services.publish_article(article=third, actor=editor)
    services.replace_article(article=second, replacement=third, actor=editor)  # withdrawn, no more merged
    assert answer(client, first) == (410, third.get_absolute_url())
    first.refresh_from_db()
    services.publish_article(article=first, actor=editor)
    assert answer(client, first)[0] == 200
    assert (first.replacement, first.is_merged) == (second, True)  # as it was in hand
    first.refresh_from_db()
    assert (first.replacement, first.is_merged) == (None, False)
    withdraw(third, first, is_merged=True)  # the way leads back to where it began, and ends there
    assert answer(client, second) == (410, first.get_absolute_url())


def test_p08_what_is_read_instead_is_said_or_changed_afterwards_by_who_saw_the_present_state(
    client, client_of, editor, publish, withdraw
):
    old = withdraw(publish(title="Tin đã gỡ"))
    new, other = publish(title="Tin ra sau"), publish(title="Tin ra sau")
    desk, page = client_of(editor), reverse("newsroom_replace", args=[old.pk])
    assert page in desk.get(reverse("newsroom_update", args=[old.pk])).content.decode()
    shown = {"version": version_of(old), "base": "1"}
    several = desk.post(page, shown | {"replacement": "Tin ra sau"}).content.decode()
    assert f"Tin ra sau (t/{new.pk})" in several
    assert f"Tin ra sau (t/{other.pk})" in several
    chosen = shown | {"replacement": f"Tin ra sau (t/{new.pk})", "answer": "lead"}
    assert desk.post(page, chosen).status_code == 302
    assert answer(client, old) == (301, new.get_absolute_url())
    stale = desk.post(page, shown | {"replacement": other.get_absolute_url()})
    assert stale.status_code == 409
    assert other.get_absolute_url() in stale.content.decode()  # what was typed
    assert f"Tin ra sau (t/{new.pk})" in desk.get(page).content.decode()
    old.refresh_from_db()
    assert desk.post(page, {"version": version_of(old), "replacement": ""}).status_code == 302
    assert answer(client, old) == (410, "")
    assert desk.get(reverse("newsroom_replace", args=[new.pk])).status_code == 302  # it is not withdrawn


def test_p08_only_what_readers_have_replaces_another_and_nothing_itself(editor, publish, write, withdraw):
    old, gone, draft = publish(title="Tin"), withdraw(publish(title="Đã gỡ")), write(title="Nháp")
    for instead, merged, said in (
        (old, False, "chính nó"),
        (gone, False, "Đã gỡ"),
        (draft, True, "Nháp"),
        (None, True, "gộp vào"),
    ):
        with pytest.raises(ValidationError) as refused:
            withdraw(old, instead, is_merged=merged)
        assert said in refused.value.message_dict["replacement"][0]
    with pytest.raises(ValidationError, match="chưa gỡ"):
        services.replace_article(article=old, replacement=publish(title="Khác"), actor=editor)
    with pytest.raises(ConflictError):
        services.replace_article(article=gone, replacement=old, version="x", actor=editor)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("replacement_id = %(live)s WHERE id = %(other)s", "article_replaced_is_withdrawn"),
        (
            "replacement_id = id, withdrawn_at = now(), withdrawn_reason = 'x' WHERE id = %(live)s",
            "article_replaced_is_withdrawn",
        ),
        ("replacement_id = %(gone)s WHERE id = %(gone2)s", "article_replacement_is_read"),
        ("replacement_id = %(draft)s WHERE id = %(gone)s", "article_replacement_is_read"),
        ("is_merged = true WHERE id = %(gone)s", "article_merged_into_another"),
        ("is_merged = NULL WHERE id = %(gone)s", "null value"),
    ],
)
def test_p08_the_database_holds_it(publish, write, withdraw, change, constraint):
    rows = {
        "live": publish(title="A").pk, "other": publish(title="B").pk, "draft": write(title="C").pk,
        "gone": withdraw(publish(title="D")).pk, "gone2": withdraw(publish(title="E")).pk,
    }  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE news_article SET {change}", rows)


def test_one_taken_back_before_its_hour_was_read_by_nobody(publish, clock, editor):
    """Published after all, it is of that time; and nothing is read instead of it, also once its hour has passed."""
    clock(SEVEN_THIRTY)
    other, article = publish(title="Bài khác"), publish(at=EIGHT)
    services.withdraw_article(article=article, reason="Chưa đúng", actor=editor)
    nine = EIGHT + dt.timedelta(hours=1)
    clock(nine)
    article.refresh_from_db()
    with pytest.raises(ValidationError, match="Chưa ai đọc"):
        services.replace_article(article=article, replacement=other, is_merged=True, actor=editor)
    article.refresh_from_db()
    assert services.publish_article(article=article, actor=editor).published_at == nine
