"""What should stay true is looked at again: by a day, by somebody who says so by name, for who may publish there."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from news import services
from news.models import Article, Category, Document, Recheck
from news.services.rechecking import _months_after
from portal.lib.vietnamese import short_date
from portal.models import AuditEntry, Posting, SiteProfile, User
from portal.services.refusals import ConflictError, ForbiddenError
from portal.services.versions import Beside, version_of
from portal.vocabulary import Role
from tests import factories
from tests.news.test_documents import sent

DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _a_site(site_profile, tree):
    """Every page has a frame."""


@pytest.fixture
def guides(db) -> Category:
    """A section whose articles are checked again after half a year."""
    return Category.objects.create(name="Hướng dẫn", slug="huong-dan", position=5, recheck_months=6)


@pytest.fixture
def document(tree, editor) -> Document:
    return services.create_document(
        unit=tree["HP"], kind="plan", number="12/KH-HKH", issuer="Hội Khuyến học", issued_on=dt.date(2023, 7, 1),
        abstract="Kế hoạch xây dựng quỹ", file=sent(), actor=editor,
    )  # fmt: skip


@pytest.fixture
def due(publish, editor):
    """A published article that was due to be checked again some days ago: due(3)."""

    def make(days: int, **values) -> Article:
        article = publish(**values)
        services.recheck_article(article=article, due_on=timezone.localdate() + DAY, actor=editor)
        Recheck.objects.filter(article=article).update(due_on=timezone.localdate() - days * DAY)
        return article

    return make


def shown(subject) -> str:
    """The version that the page shows."""
    return version_of(subject, Beside(services.recheck_of(subject)))


def last(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("pk")


def test_p15_who_looked_says_that_it_is_still_right_and_the_next_day_is_set(client_of, editor, due):
    article = due(3, title="Cách làm hồ sơ")
    desk, page = client_of(editor), reverse("article_recheck", args=[article.pk])
    listed = desk.get(reverse("recheck_list")).content.decode()
    assert "Cách làm hồ sơ" in listed
    assert "quá hạn 3 ngày" in listed
    assert page in listed
    assert "1 bài viết hoặc văn bản đến hạn xem lại" in desk.get(reverse("work_home")).content.decode()
    ahead = timezone.localdate() + 90 * DAY
    assert desk.post(page, {"decision": "right", "due_on": ahead.strftime("%d/%m/%Y")}).status_code == 302
    recheck = Recheck.objects.get()
    assert (recheck.due_on, recheck.checked_by) == (ahead, editor)
    entry = last("news.article.recheck")
    assert (entry.actor, entry.target_id, entry.detail["due_on"]) == (editor, article.pk, ahead.isoformat())
    assert "bài viết hoặc văn bản đến hạn" not in desk.get(reverse("work_home")).content.decode()
    assert editor.full_name in desk.get(reverse("recheck_list")).content.decode()


def test_p15_to_push_the_day_away_is_not_to_have_looked_and_stands_in_the_audit(client_of, editor, second, due):
    article = due(3)
    page, desk = reverse("article_recheck", args=[article.pk]), client_of(second)
    ahead = timezone.localdate() + 400 * DAY
    assert desk.post(page, {"decision": "day", "due_on": ahead.strftime("%d/%m/%Y")}).status_code == 302
    assert (Recheck.objects.get().checked_at, Recheck.objects.get().due_on) == (None, ahead)
    assert last("news.article.recheck_day").actor == second
    assert desk.post(page, {"decision": "end"}).status_code == 302
    assert not Recheck.objects.exists()
    assert last("news.article.recheck_end").actor == second
    for said in ({"decision": "end"}, {"decision": ""}, {"decision": "right"}, {"decision": "right", "due_on": "mai"}):
        answer = desk.post(page, said)  # of what has no day there is none to give up
        assert answer.status_code == 200, said
        assert "invalid-feedback" in answer.content.decode(), said
    assert not Recheck.objects.exists()


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, False), (1, True), (5 * 365, True), (5 * 366, False)])
def test_p15_the_next_day_is_still_to_come_and_not_for_ever_away(publish, document, editor, days, holds):
    due_on = timezone.localdate() + days * DAY
    for service, subject in (
        (services.recheck_article, {"article": publish()}),
        (services.recheck_document, {"document": document}),
    ):
        if holds:
            service(**subject, due_on=due_on, is_right=True, actor=editor)
        else:
            with pytest.raises(ValidationError):
                service(**subject, due_on=due_on, is_right=True, actor=editor)
    assert Recheck.objects.count() == (2 if holds else 0)


def test_p15_nobody_confirms_a_text_that_they_have_not_seen(client_of, editor, second, due, document):
    article = due(3)
    page, desk = reverse("article_recheck", args=[article.pk]), client_of(editor)
    ahead = (timezone.localdate() + 30 * DAY).strftime("%d/%m/%Y")
    seen = shown(article)
    services.save_article(
        article=article, category=article.category, title="Đã sửa", lead="Khác.", body="<p>Khác.</p>", actor=second
    )
    assert desk.post(page, {"decision": "right", "due_on": ahead, "version": seen}).status_code == 409
    article.refresh_from_db()
    seen = shown(article)
    services.recheck_article(article=article, due_on=timezone.localdate() + 50 * DAY, is_right=True, actor=second)
    assert desk.post(page, {"decision": "right", "due_on": ahead, "version": seen}).status_code == 409
    assert Recheck.objects.get(article=article).checked_by == second
    assert desk.post(page, {"decision": "right", "due_on": ahead, "version": shown(article)}).status_code == 302
    of_document, seen = reverse("document_recheck", args=[document.pk]), shown(document)
    services.recheck_document(document=document, due_on=timezone.localdate() + 50 * DAY, actor=second)
    assert desk.post(of_document, {"decision": "right", "due_on": ahead, "version": seen}).status_code == 409
    with pytest.raises(ConflictError):
        services.recheck_document(document=document, due_on=None, version=seen, actor=editor)
    assert desk.post(of_document, {"decision": "right", "due_on": ahead}).status_code == 302


def test_p15_whoever_publishes_there_decides_and_nobody_else(
    client_of, editor, second, editor_lechan, contributor, due, section
):
    article = due(3)
    page = reverse("article_recheck", args=[article.pk])
    assert client_of(contributor).get(page).status_code == 403
    assert client_of(editor_lechan).get(page).status_code == 404
    assert article.title not in client_of(editor_lechan).get(reverse("recheck_list")).content.decode()
    queue = client_of(contributor).get(reverse("recheck_list")).content.decode()
    assert article.get_absolute_url() in queue  # they read it; the page to decide is not theirs
    assert page not in queue
    section.editors.set([second])
    assert second.full_name in client_of(contributor).get(reverse("recheck_list")).content.decode()
    ahead = timezone.localdate() + DAY
    with pytest.raises(ForbiddenError):
        services.recheck_article(article=article, due_on=ahead, is_right=True, actor=editor)
    assert "đến hạn xem lại" not in client_of(editor).get(reverse("work_home")).content.decode().partition("<main")[2]
    assert "đến hạn xem lại" in client_of(second).get(reverse("work_home")).content.decode().partition("<main")[2]
    services.recheck_article(article=article, due_on=ahead, is_right=True, actor=second)


def test_p15_a_section_of_guides_gives_its_articles_a_day_and_news_have_none(publish, write, guides, editor):
    today = timezone.localdate()
    publish(title="Tin thường")
    assert not Recheck.objects.exists()
    guide = publish(title="Cách làm hồ sơ", category=guides)
    assert Recheck.objects.get().due_on == _months_after(today, 6)
    assert last("news.article.recheck_day").actor == editor
    Recheck.objects.update(due_on=today - DAY)
    guide = services.publish_article(article=guide, actor=editor)  # the same text once more: nobody looked
    assert Recheck.objects.get().due_on == today - DAY
    services.save_article(
        article=guide, category=guides, title=guide.title, lead="Mới.", body="<p>Mới.</p>", actor=editor
    )
    guide = services.publish_article(article=Article.objects.get(pk=guide.pk), actor=editor)
    assert Recheck.objects.get().due_on == _months_after(today, 6)
    Recheck.objects.update(due_on=today + 900 * DAY)
    services.save_article(article=guide, category=guides, title=guide.title, lead="Nữa.", body="<p>a</p>", actor=editor)
    services.publish_article(article=Article.objects.get(pk=guide.pk), actor=editor)
    assert Recheck.objects.get().due_on == today + 900 * DAY  # a later day that somebody chose stays


def test_p15_a_category_says_after_how_many_months(client_of, editor, section):
    desk, url = client_of(editor), reverse("category_update", args=[section.slug])
    values = {"name": section.name, "position": 1}
    for months, status in (("0", 200), ("61", 200), ("x", 200), ("12", 302)):
        assert desk.post(url, values | {"recheck_months": months}).status_code == status
    section.refresh_from_db()
    assert section.recheck_months == 12
    assert desk.post(url, values | {"recheck_months": ""}).status_code == 302
    section.refresh_from_db()
    assert section.recheck_months is None


def test_p15_only_what_readers_have_waits_to_be_checked(client_of, editor, due, write, document):
    article, gone = due(0, title="Bài còn đó"), due(3, title="Bài đã gỡ")
    services.recheck_document(document=document, due_on=timezone.localdate() + 10 * DAY, actor=editor)
    services.withdraw_article(article=gone, reason="Sai.", actor=editor)
    desk = client_of(editor)

    def titles(**query) -> set[str]:
        text = desk.get(reverse("recheck_list"), query).content.decode()
        return {title for title in ("Bài còn đó", "Bài đã gỡ", "12/KH-HKH") if title in text}

    assert titles() == {"Bài còn đó", "12/KH-HKH"}
    assert titles(when="late") == titles(kind="article") == {"Bài còn đó"}
    assert titles(when="soon") == titles(kind="document") == {"12/KH-HKH"}
    assert titles(when="later") == set()
    assert "đến hạn hôm nay" in desk.get(reverse("recheck_list")).content.decode()
    for subject, service in (
        ({"article": gone}, services.recheck_article),
        ({"article": write()}, services.recheck_article),
    ):
        with pytest.raises(ValidationError):
            service(**subject, due_on=timezone.localdate() + DAY, is_right=True, actor=editor)
    services.withdraw_document(document=document, reason="Sai số.", actor=editor)
    with pytest.raises(ValidationError):
        services.recheck_document(document=document, due_on=timezone.localdate() + DAY, actor=editor)
    assert titles() == {article.title}


def test_p15_the_page_of_a_reader_does_not_change_by_a_check(client, editor, publish):
    article = publish()
    before = client.get(article.get_absolute_url()).headers["ETag"]
    services.recheck_article(article=article, due_on=timezone.localdate() + DAY, is_right=True, actor=editor)
    assert client.get(article.get_absolute_url()).headers["ETag"] == before


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2024, 1, 31), 1, dt.date(2024, 2, 29)),
        (dt.date(2026, 11, 27), 1, dt.date(2026, 12, 27)),
        (dt.date(2026, 12, 31), 12, dt.date(2027, 12, 31)),
        (dt.date(2026, 7, 31), 60, dt.date(2031, 7, 31)),
    ],
)
def test_p15_months_end_on_a_day_that_there_is(day, months, later):
    assert _months_after(day, months) == later


@pytest.mark.parametrize(
    ("of_article", "of_document", "due_on", "checked", "holds"),
    [
        (True, False, "'2027-01-01'", False, True),
        (False, True, "'2027-01-01'", True, True),
        (True, True, "'2027-01-01'", False, False),
        (False, False, "'2027-01-01'", False, False),
        (True, False, "NULL", False, False),
        (True, False, "'1899-12-31'", False, False),
        (True, False, "'2100-01-01'", False, False),
        (True, False, "'2027-01-01'", "at", False),
        (True, False, "'2027-01-01'", "by", False),
    ],
)
def test_p15_the_database_holds_what_a_check_is(
    publish, document, editor, of_article, of_document, due_on, checked, holds
):
    values = [
        str(publish().pk) if of_article else "NULL", str(document.pk) if of_document else "NULL", due_on,
        "now()" if checked in {True, "at"} else "NULL", str(editor.pk) if checked in {True, "by"} else "NULL",
    ]  # fmt: skip
    columns = "article_id, document_id, due_on, checked_at, checked_by_id"
    insert = f"INSERT INTO news_recheck ({columns}) VALUES ({', '.join(values)})"
    with transaction.atomic(), connection.cursor() as cursor:
        if holds:
            cursor.execute(insert)
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute(insert)  # a second time, or at all
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE news_category SET recheck_months = 0")


def test_p15_editors_have_one_letter_of_all_that_is_due_and_none_twice(editor, second, due, document, section, guides):
    User.objects.filter(pk=editor.pk).update(email="mot@example.org")
    User.objects.filter(pk=second.pk).update(email="hai@example.org")
    today = timezone.localdate()
    due(3, title="Cách làm hồ sơ")
    due(0, title="Lịch tiếp dân")
    due(1, title="Của riêng mục", category=guides)
    guides.editors.set([second])
    services.recheck_document(document=document, due_on=today + DAY, actor=editor)
    assert services.remind_editors(today) == {"rechecks": 3, "letters": 3}
    letters = {letter.to[0]: letter.body for letter in mail.outbox if "Cách làm hồ sơ" in letter.body}
    assert set(letters) == {"mot@example.org", "hai@example.org"}
    for said in ("Lịch tiếp dân", short_date(today), reverse("recheck_list")):
        assert said in letters["mot@example.org"], said
    assert not any(said in letters["mot@example.org"] for said in ("Của riêng mục", document.number))
    assert [letter.to for letter in mail.outbox if "Của riêng mục" in letter.body] == [["hai@example.org"]]
    assert services.remind_editors(today) == {"rechecks": 0, "letters": 0}
    assert services.remind_editors(today + DAY) == {"rechecks": 1, "letters": 2}  # the document's day has come
    article = Article.objects.get(title="Lịch tiếp dân")
    services.recheck_article(article=article, due_on=today + 2 * DAY, is_right=True, actor=editor)
    assert services.remind_editors(today + 2 * DAY) == {"rechecks": 1, "letters": 2}  # another day, another letter


def test_p15_a_letter_moves_no_version_and_none_goes_where_the_site_sends_none(editor, due):
    User.objects.filter(pk=editor.pk).update(email="mot@example.org")
    article = due(3)
    SiteProfile.objects.update(remind_days=0)
    assert services.remind_editors(timezone.localdate()) == {"rechecks": 0, "letters": 0}
    SiteProfile.objects.update(remind_days=7)
    seen = shown(article)
    assert services.remind_editors(timezone.localdate()) == {"rechecks": 1, "letters": 1}
    services.recheck_article(article=article, due_on=timezone.localdate() + DAY, version=seen, actor=editor)


def test_p15_who_has_left_or_has_no_address_is_not_written_to(editor, second, due):
    User.objects.filter(pk=second.pk).update(email="hai@example.org", is_active=False)
    due(3)
    assert services.remind_editors(timezone.localdate()) == {"rechecks": 0, "letters": 0}
    assert Recheck.objects.get().reminded_of is None  # whoever comes is told
    User.objects.filter(pk=second.pk).update(is_active=True)
    assert services.remind_editors(timezone.localdate()) == {"rechecks": 1, "letters": 1}


def test_p15_where_the_unit_has_no_editor_those_above_who_may_decide_have_the_letter(editor, editor_lechan, due, tree):
    """Also of a unit that has ended: its successor's editors and those above hold its articles."""
    User.objects.filter(pk=editor.pk).update(email="tren@example.org")
    due(3, unit=tree["LECHAN"])
    today = timezone.localdate()
    assert services.remind_editors(today) == {"rechecks": 1, "letters": 1}  # the unit's own has no address
    assert [letter.to for letter in mail.outbox] == [["tren@example.org"]]
    User.objects.filter(pk=editor_lechan.pk).update(email="lechan@example.org")
    Recheck.objects.update(reminded_of=None)
    assert services.remind_editors(today) == {"rechecks": 1, "letters": 1}
    assert mail.outbox[-1].to == ["lechan@example.org"]


def test_p15_an_editor_of_the_section_who_does_not_publish_in_the_unit_is_not_written_to(
    editor, editor_lechan, second, due, section
):
    User.objects.filter(pk=editor_lechan.pk).update(email="lechan@example.org")
    due(3)
    section.editors.set([editor_lechan])
    today = timezone.localdate()
    assert services.remind_editors(today) == {"rechecks": 0, "letters": 0}
    User.objects.filter(pk=second.pk).update(email="hai@example.org")
    section.editors.add(second)
    assert services.remind_editors(today) == {"rechecks": 1, "letters": 1}
    assert mail.outbox[-1].to == ["hai@example.org"]


def test_p15_one_address_that_is_refused_gives_the_others_no_second_letter(editor, second, due, settings):
    settings.EMAIL_BACKEND = "tests.mail_servers.RefusesOne"
    User.objects.filter(pk=editor.pk).update(email="mot@example.org")
    User.objects.filter(pk=second.pk).update(email="tu-choi@example.org")
    due(3)
    today = timezone.localdate()
    with pytest.raises(OSError, match="refused"):
        services.remind_editors(today)
    assert [letter.to for letter in mail.outbox] == [["mot@example.org"]]
    services.remind_editors(today)
    assert [letter.to for letter in mail.outbox] == [["mot@example.org"]]
    User.objects.filter(pk=editor.pk).update(email="")
    due(3, title="Bài chỉ người bị từ chối được nhắc")
    with pytest.raises(OSError, match="refused"):
        services.remind_editors(today)
    User.objects.filter(pk=second.pk).update(email="hai@example.org")
    assert services.remind_editors(today) == {"rechecks": 1, "letters": 1}  # nobody had it: it is tried again


def test_p15_an_article_that_readers_get_later_is_checked_months_after_that(publish, guides):
    at = timezone.now() + 400 * DAY
    publish(category=guides, at=at)
    assert Recheck.objects.get().due_on == _months_after(timezone.localdate(at), 6)


def test_p15_a_section_that_is_checked_from_now_on_gives_the_articles_there_are_a_day(
    client_of, editor, section, publish, write, due
):
    own, old, draft = due(3, title="Có ngày riêng"), publish(title="Bài cũ"), write(title="Nháp")
    gone = publish(title="Đã gỡ")
    services.withdraw_article(article=gone, reason="Sai.", actor=editor)
    set_by_hand = Recheck.objects.get(article=own).due_on
    values = {"name": section.name, "position": 1, "recheck_months": "12"}
    desk, url = client_of(editor), reverse("category_update", args=[section.slug])
    assert desk.post(url, values).status_code == 302
    assert Recheck.objects.get(article=old).due_on == _months_after(timezone.localdate(), 12)
    assert Recheck.objects.get(article=own).due_on == set_by_hand
    assert not Recheck.objects.filter(article__in=[draft, gone]).exists()
    services.recheck_article(article=old, due_on=None, actor=editor)
    assert desk.post(url, values | {"description": "Khác"}).status_code == 302
    assert not Recheck.objects.filter(article=old).exists()  # the same months: what somebody gave up stays so


def test_p15_the_list_leads_to_the_page_to_decide_only_who_may_decide(
    client_of, editor, second, editor_lechan, due, document, section, tree
):
    open_to_all = Category.objects.create(name="Mục mở", slug="muc-mo", position=6)
    article, moved = due(3, title="Của mục có người riêng"), due(3, title="Sắp chuyển mục", category=open_to_all)
    services.recheck_document(document=document, due_on=timezone.localdate() + DAY, actor=editor)
    Recheck.objects.filter(document=document).update(due_on=timezone.localdate())
    services.save_article(  # readers still have it elsewhere
        article=moved, category=section, title=moved.title, lead="Một câu.", body="<p>a</p>", actor=editor
    )
    section.editors.set([second])

    def offered(person) -> list[bool]:
        text = client_of(person).get(reverse("recheck_list")).content.decode()
        pages = [reverse("article_recheck", args=[one.pk]) for one in (article, moved)]
        return [page in text for page in [*pages, reverse("document_recheck", args=[document.pk])]]

    def awaited(person) -> int:
        return Recheck.objects.decided_by(person).count()

    assert (offered(editor), awaited(editor)) == ([False, False, True], 1)
    assert (offered(second), awaited(second)) == ([True, True, True], 3)
    Posting.objects.create(  # reads there, decides elsewhere
        user=editor_lechan, unit=tree["HP"], role=Role.CONTRIBUTOR, valid=DateRange(factories.START, None)
    )
    assert (offered(editor_lechan), awaited(editor_lechan)) == ([False, False, False], 0)
    for subject in (article, moved):
        with pytest.raises(ForbiddenError):
            services.recheck_article(article=subject, due_on=timezone.localdate() + DAY, actor=editor)
